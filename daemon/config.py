"""The configuration: YAML with every problem found at once, each with file, line and key; and settings as pure values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from daemon.core.model import Account, Allowance, Charter, Client, Interval, Office, Unit, WorkingHours
from daemon.core.people import PUBLIC_DOMAINS
from daemon.core.plan import Policy
from daemon.failures import ConfigError, Problem
from daemon.settings import AccountSettings, CharterSettings, ClientSettings, Settings, intervals, public_holidays, weekdays

_HOUSE: Mapping[str, Allowance] = {
    "reply": Allowance(1, Unit.WORKING_DAYS),
    "call_back": Allowance(1, Unit.WORKING_DAYS),
    "next_step": Allowance(2, Unit.WORKING_DAYS),
    "review": Allowance(6, Unit.MONTHS),
}
_WORDS = {
    "missing": "is missing",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "string_type": "must be text",
    "list_type": "must be a list",
    "bool_parsing": "must be true or false",
    "model_type": "must be a group of keys",
    "model_attributes_type": "must be a group of keys",
    "too_short": "must have at least one entry",
    "time_parsing": 'must be a clock time in quotes, for example "09:00"',
    "union_tag_not_found": "needs a type",
}


def default_path(environ: Mapping[str, str]) -> Path:
    """$KEPT_CONFIG, else ~/.config/kept/config.yaml."""
    return Path(environ.get("KEPT_CONFIG") or "~/.config/kept/config.yaml").expanduser()


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read and validate. Raises ConfigError with every problem. Paths in the file are relative to it."""
    del environ  # secrets are looked up when they are needed, not when the file is read
    node = _compose(path)
    problems: list[Problem] = []
    lines: dict[tuple[str | int, ...], int] = {}
    data = _plain(node, (), lines, problems, path)
    problems += _open_secrets(path, data, lines)
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        problems += [_problem(path, e, lines) for e in error.errors()]
    else:
        problems += _crossed(path, settings, lines)
    if problems:
        raise ConfigError(tuple(sorted(problems, key=lambda p: (p.line, p.key))))
    return _resolved(settings, path.parent)


def office(settings: Settings, started: datetime | None) -> Office:
    """The settings as pure values. What lies before `since`, or before the first run, raises no reminder."""
    accounts = tuple(_account(a) for a in settings.accounts)
    region = next((a.holidays.partition("-")[0] for a in settings.accounts if isinstance(a.holidays, str)), None)
    clients = tuple(_client(c, settings, accounts[0], region, started) for c in settings.clients)
    colleagues = frozenset(x.rpartition("@")[2] for a in accounts for x in a.addresses) - PUBLIC_DOMAINS
    return Office(accounts, clients, colleagues)


def policy(settings: Settings) -> Policy:
    """How the user wants to be served."""
    notice = settings.reviews.notice
    return Policy(
        digest_at=settings.digest.at,
        review_length=settings.reviews.length,
        review_notice=notice.count if notice and notice.unit is Unit.WORKING_DAYS else 1,
        interruptions=settings.interruptions,
        drafts=settings.drafts,
    )


def source_name(settings: Any) -> str:
    """A source as a person would name it."""
    kind = "calendar" if settings.type in {"ics", "caldav"} else "mail"
    place = getattr(settings, "host", None) or getattr(settings, "url", None) or str(settings.path)
    user = getattr(settings, "username", None)
    return f"{kind} {place}" + (f" ({user})" if user else "")


# --- YAML with lines ---------------------------------------------------------------------------------------------------


def _compose(path: Path) -> yaml.Node:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ConfigError(
            (Problem(path, 0, "", "there is no configuration here. `kept init` writes one; `kept demo` works without."),)
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            (Problem(path, 0, "", f"cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}"),)
        ) from None
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise ConfigError((Problem(path, line, "", f"is not valid YAML: {error.problem}"),)) from None
    except yaml.YAMLError as error:
        raise ConfigError((Problem(path, 0, "", f"is not valid YAML: {str(error).splitlines()[0]}"),)) from None
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError((Problem(path, 1, "", "must begin with keys such as accounts: and clients:"),))
    return node


def _plain(
    node: yaml.Node, place: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int], problems: list[Problem], path: Path
) -> Any:
    """The node as plain values, with the line of each key noted and duplicate keys reported."""
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            here = (*place, key)
            if key in found:
                problems.append(
                    Problem(path, key_node.start_mark.line + 1, _dotted(here), f"stands here twice, first in line {lines[here]}")
                )
            lines[here] = key_node.start_mark.line + 1
            found[key] = _plain(value_node, here, lines, problems, path)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, n), lines, problems, path) for n, item in enumerate(node.value)]
    return _scalar(node)


def _scalar(node: yaml.Node) -> Any:
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
        return node.value
    finally:
        loader.dispose()


def _dotted(place: tuple[str | int, ...]) -> str:
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in place).lstrip(".")


# --- problems ---------------------------------------------------------------------------------------------------------


def _problem(path: Path, error: Any, lines: Mapping[tuple[str | int, ...], int]) -> Problem:
    place = _in_file(tuple(error["loc"]), lines)
    line = next((lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in lines), 0)
    kind = error["type"]
    if kind == "extra_forbidden":
        return Problem(
            path, line, _dotted(place), "is no key that Kept knows" + _nearest(str(place[-1]), _keys_beside(error["loc"]))
        )
    if kind == "union_tag_invalid":
        return Problem(
            path,
            line,
            _dotted((*place, "type")),
            f"“{error['ctx']['tag']}” is not a type; known are {error['ctx']['expected_tags']}",
        )
    if kind in {"enum", "literal_error"}:
        return Problem(path, line, _dotted(place), f"“{error['input']}” is not one of {error['ctx']['expected']}")
    message = str(error["msg"]).removeprefix("Value error, ")
    return Problem(
        path, line, _dotted(place), _WORDS.get(kind, message[:1].lower() + message[1:] if kind != "value_error" else message)
    )


def _in_file(place: tuple[str | int, ...], lines: Mapping[tuple[str | int, ...], int]) -> tuple[str | int, ...]:
    """The place as it stands in the file: pydantic adds the tag of a union and the name of a type to the path."""
    kept: tuple[str | int, ...] = ()
    for n, part in enumerate(place):
        last = n == len(place) - 1
        if (*kept, part) in lines or (
            last and isinstance(part, str) and part not in {"str", "maildir", "imap", "ics", "caldav", "file", "smtp"}
        ):
            kept = (*kept, part)
    return kept


def _keys_beside(place: tuple[str | int, ...]) -> list[str]:
    """The keys that are allowed where an unknown one stands."""
    model: type[BaseModel] = Settings
    for part in place[:-1]:
        inner = _models_of(model.model_fields[part].annotation) if isinstance(part, str) and part in model.model_fields else []
        tagged = [m for m in _tagged if isinstance(part, str) and m[0] == part]
        if tagged:
            model = tagged[0][1]
        elif inner:
            model = inner[0]
    return list(model.model_fields)


def _models_of(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for a in getattr(annotation, "__args__", ()) for m in _models_of(a)]


def _tags() -> Iterator[tuple[str, type[BaseModel]]]:
    for model in [m for name in ("mail", "calendars", "send") for m in _models_of(AccountSettings.model_fields[name].annotation)]:
        yield model.model_fields["type"].annotation.__args__[0], model  # type: ignore[union-attr]  # a Literal of one word


_tagged = tuple(_tags())


def _nearest(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, 1, 0.5)
    return f"; did you mean {near[0]}?" if near else f"; known here are {', '.join(sorted(known))}"


def _open_secrets(path: Path, data: Any, lines: Mapping[tuple[str | int, ...], int]) -> list[Problem]:
    """A secret may stand in the file only where nobody else can read it."""
    if not path.stat().st_mode & 0o077:
        return []
    message = f"a password may stand here only if nobody else can read the file: chmod 600 {path}, or use password_command"
    return [
        Problem(path, lines.get(place, 0), _dotted(place), message) for place in _places(data, ()) if place[-1:] == ("password",)
    ]


def _places(data: Any, place: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
    items: Any = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*place, key)
        yield from _places(value, (*place, key))


def _crossed(path: Path, settings: Settings, lines: Mapping[tuple[str | int, ...], int]) -> list[Problem]:
    """What is wrong between parts that are each right: names and domains twice, public domains, owners nobody knows."""
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    own = {a for account in settings.accounts for a in account.addresses}
    for n, client in enumerate(settings.clients):
        for key, values in (("name", [client.name]), ("domains", client.domains), ("addresses", client.addresses)):
            for value in values:
                place: tuple[str | int, ...] = ("clients", n, key)
                if f"{key} {value.lower()}" in seen:
                    problems.append(
                        Problem(
                            path,
                            lines.get(place, 0),
                            _dotted(place),
                            f"“{value}” belongs to {seen[f'{key} {value.lower()}']} already",
                        )
                    )
                seen[f"{key} {value.lower()}"] = client.name
                if key == "domains" and value in PUBLIC_DOMAINS:
                    problems.append(
                        Problem(
                            path,
                            lines.get(place, 0),
                            _dotted(place),
                            f"anybody can have an address at {value}; list the person under addresses instead",
                        )
                    )
        if client.owner is not None and client.owner not in own:
            problems.append(
                Problem(
                    path,
                    lines.get(("clients", n, "owner"), 0),
                    f"clients[{n}].owner",
                    f"no account has the address {client.owner}",
                )
            )
    return problems


def _resolved(settings: Settings, folder: Path) -> Settings:
    """Relative paths are meant from the file's folder; ~ is the user's home."""

    def full(part: Any) -> Any:
        if isinstance(part, BaseModel):
            old = {name: getattr(part, name) for name in type(part).model_fields}
            return part.model_copy(update={name: new for name, value in old.items() if (new := full(value)) != value})
        if isinstance(part, list):
            return [full(item) for item in part]
        return folder / part.expanduser() if isinstance(part, Path) else part

    found = full(settings)
    if not isinstance(found, Settings):  # for the type checker: full() keeps the type of what it is given
        raise TypeError
    return found


# --- values -----------------------------------------------------------------------------------------------------------


def _account(settings: AccountSettings) -> Account:
    address = settings.addresses[0]
    return Account(address, settings.name or address, frozenset(settings.addresses), _hours(settings), settings.manager)


def _hours(settings: AccountSettings) -> WorkingHours:
    working, spans = weekdays(settings.working_hours.days), tuple(Interval(a, b) for a, b in intervals(settings.working_hours))
    return WorkingHours(
        settings.time_zone, tuple(spans if day in working else () for day in range(7)), _holidays(settings.holidays)
    )


def _holidays(value: str | list[date]) -> frozenset[date]:
    if isinstance(value, list):
        return frozenset(value)
    if value.lower().endswith(".ics"):
        return _ics_holidays(Path(value).expanduser())
    return public_holidays(value, years=range(2000, 2051))


def _ics_holidays(path: Path) -> frozenset[date]:
    from connectors import ics  # noqa: PLC0415  # only where a file is named
    from connectors.calendar import Window  # noqa: PLC0415  # the same

    window = Window(datetime(2000, 1, 1, tzinfo=UTC), datetime(2051, 1, 1, tzinfo=UTC))
    try:
        events = ics.read(path.read_text(encoding="utf-8"), window)
    except (OSError, ValueError) as error:
        raise ConfigError((Problem(path, 0, "holidays", f"cannot be read: {error}"),)) from None
    return frozenset(e.start.date() for e in events)


def _client(settings: ClientSettings, whole: Settings, account: Account, region: str | None, started: datetime | None) -> Client:
    hours = WorkingHours(settings.time_zone, account.hours.week, account.hours.holidays) if settings.time_zone else None
    return Client(
        name=settings.name,
        domains=frozenset(settings.domains),
        addresses=frozenset(settings.addresses),
        phones=frozenset(p for number in settings.phones if (p := _phone(number, region))),
        stage=settings.stage,
        owner=settings.owner,
        hours=hours,
        charter=_charter(settings.charter, whole.charter, started),
    )


def _charter(own: CharterSettings, house: CharterSettings, started: datetime | None) -> Charter:
    standards: dict[str, Allowance | None] = dict(_HOUSE)
    for charter in (house, own):
        standards |= {name: getattr(charter, name) for name in charter.model_fields_set if name != "since"}
    since = own.since or house.since
    return Charter(standards, datetime.combine(since, time(), UTC) if since else started)


def _phone(number: str, region: str | None) -> str | None:
    import phonenumbers  # noqa: PLC0415  # needed only where a number is named

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))

"""Check a configuration and word what is wrong with it for a salesperson: what the models found, and what parts contradict."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from daemon.config.account_settings import AccountSettings, CommonSettings
from daemon.config.client_settings import ClientSettings
from daemon.config.countries import e164
from daemon.config.settings import Settings, by_address, region_of
from daemon.config.source_settings import Provider, provider_of
from daemon.config.working_hours import intervals, week
from daemon.config.yaml_lines import KeyPath, LocatedYaml
from daemon.core import absence
from daemon.core.people import PUBLIC_DOMAINS
from daemon.errors import Problem
from daemon.glossary.parties import Sees

_MESSAGES = {  # pydantic's type of an error -> what the user reads
    "missing": "is missing",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "string_type": "must be text; put it in quotes",
    "list_type": "must be a list",
    "dict_type": "must be a group of keys, each with a value",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "model_type": "must be a group of keys, each with a value",
    "model_attributes_type": "must be a group of keys, each with a value",
    "path_type": "must be a path",
    "too_short": "must have at least one entry",
    "string_too_short": "must not be empty",
    "union_tag_not_found": "needs a type",
    "date_type": "must be a date, for example 2026-03-02",
    "date_from_datetime_parsing": "must be a date, for example 2026-03-02",
    "date_from_datetime_inexact": "must be a date, for example 2026-03-02",
}


def model_problems(file: LocatedYaml, error: ValidationError) -> Iterator[Problem]:
    """Return a problem for each key path that the models refuse; where several forms are allowed it names them all."""
    messages_at: dict[KeyPath, list[str]] = {}
    for finding in error.errors(include_url=False):
        key_path, message = _worded(file, finding)
        if message not in messages_at.setdefault(key_path, []):
            messages_at[key_path].append(message)
    return (file.problem(key_path, ", or ".join(messages)) for key_path, messages in messages_at.items())


def exposed_secrets(file: LocatedYaml, become_private: Collection[Path] = ()) -> Iterator[Problem]:
    """Yield a problem for each secret in a file that others can read: a secret may be in the file only if they cannot."""
    for part in (file, *file.files):
        if part.path not in become_private:
            yield from _exposed_secrets(part)


def _exposed_secrets(file: LocatedYaml) -> Iterator[Problem]:
    if not _others_can_read(file.path):
        return
    message = f"a password is allowed here only if nobody else can read the file: chmod 600 {file.path}"
    for key_path, value in _walk(file.data, ()):
        if file.place(key_path)[0] is not file:
            continue  # an entry of an included file, which is looked at by itself
        if key_path[-1] == "password" or (key_path[-1] == "client_secret" and isinstance(value, str)):
            yield file.problem(key_path, f"{message}, or use password_command")
        if key_path == ("database",) and _contains_password(str(value)):
            yield file.problem(key_path, f"{message}, or put it into ~/.pgpass")


def contradictions(file: LocatedYaml, written: Settings, settings: Settings) -> Iterator[Problem]:
    """Yield what is wrong between parts that are each valid: as they are `written`, and with what a team says for all (`settings`)."""
    yield from _duplicates(file, settings)
    yield from _unencrypted_model(file, settings)
    yield from _open_dashboard(file, settings)
    yield from _always_quiet(file, settings)
    for key_path, account in _holders(written):
        yield from _missing_apps(file, key_path, account, settings)
        yield from _unencrypted(file, key_path, account)
        for m in [m for m, calendar in enumerate(account.calendars) if calendar.book][1:]:
            yield file.problem(
                (*key_path, "calendars", m, "book"), "meetings can be booked in one calendar only; mark only that one"
            )
    team = settings.team
    if team is not None and team.provider is not None and not _acts_for_all(settings, team.provider):
        message = (
            f"needs an app under oauth: {team.provider}: that acts for the whole team; docs/team.md explains how to register one"
        )
        yield file.problem(("team", "provider"), message)
    accounts = by_address(settings)
    yield from _told_too_much(file, settings, accounts)
    domains = {address.rpartition("@")[2] for address in accounts}
    for n, client in enumerate(settings.clients):
        yield from _misassigned(file, n, client, accounts, domains)
        region = region_of(accounts.get(client.owner or "", settings.accounts[0]))
        for m, number in enumerate(client.phones):
            if e164(number, region) is None:
                message = f"“{number}” is not a phone number; write it with its country code, for example +44 20 7946 0018"
                yield file.problem(("clients", n, "phones", m), message)


def _worded(file: LocatedYaml, finding: Any) -> tuple[KeyPath, str]:
    """Return where an error of pydantic is in the file, and what the user reads."""
    kind, key_path = finding["type"], _key_path(file, finding)
    if kind == "extra_forbidden":
        return key_path, "unknown key" + _nearest(str(key_path[-1]), _keys_beside(finding["loc"]))
    if kind == "union_tag_invalid":
        known = finding["ctx"]["expected_tags"]
        return (*key_path, "type"), f"“{finding['ctx']['tag']}” is not a valid type; use one of {known}"
    if kind in {"enum", "literal_error"}:
        return key_path, f"“{finding['input']}” is not valid; use {finding['ctx']['expected']}"
    message = str(finding["msg"]).removeprefix("Value error, ")
    return key_path, _MESSAGES.get(kind, message if kind == "value_error" else message[:1].lower() + message[1:])


def _key_path(file: LocatedYaml, finding: Any) -> KeyPath:
    """Return the key path as it is in the file: pydantic adds the tag of a union and the name of a type to it."""
    key_path: KeyPath = ()
    for part in finding["loc"]:
        if file.has((*key_path, part)):
            key_path = (*key_path, part)
    return (*key_path, finding["loc"][-1]) if finding["type"] == "missing" else key_path


def _keys_beside(key_path: KeyPath) -> list[str]:
    """Return the keys that are allowed beside an unknown one."""
    model: type[BaseModel] = Settings
    tagged: dict[str, type[BaseModel]] = {}
    for part in key_path[:-1]:
        if not isinstance(part, str):
            continue
        if part in tagged:
            model, tagged = tagged[part], {}
        elif part in model.model_fields:
            inner = _models_of(model.model_fields[part].annotation)
            tagged = {str(m.model_fields["type"].annotation.__args__[0]): m for m in inner if "type" in m.model_fields}  # type: ignore[union-attr]  # a Literal of one word
            model = inner[0] if inner else model
    return list(model.model_fields)


def _models_of(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [m for a in getattr(annotation, "__args__", ()) for m in _models_of(a)]


def _nearest(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, 1, 0.5)
    return f"; did you mean {near[0]}?" if near else f"; allowed here: {', '.join(sorted(known))}"


def _walk(data: Any, key_path: KeyPath) -> Iterator[tuple[KeyPath, Any]]:
    """Yield every value below, with its key path."""
    items: Any = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*key_path, key), value
        yield from _walk(value, (*key_path, key))


def _contains_password(url: str) -> bool:
    """Tell whether the URL of a database contains a password, before the host or among the options."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.password is not None or re.search(r"(^|&)password=", parts.query) is not None


def _duplicates(file: LocatedYaml, settings: Settings) -> Iterator[Problem]:
    """Yield what is used twice: the name of a client, a domain or address of clients, an address of accounts."""
    owners: dict[tuple[str, str], tuple[KeyPath, str]] = {}

    def claim(key_path: KeyPath, sort: str, value: str, owner: str) -> Iterator[Problem]:
        first, whose = owners.setdefault((sort, value.lower()), (key_path, owner))
        if first != key_path:
            yield file.problem(key_path, f"“{value}” already belongs to {whose} ({_where(file, first, key_path)})")

    for n, account in enumerate(settings.accounts):
        for m, address in enumerate(account.addresses):
            yield from claim(("accounts", n, "addresses", m), "account", address, account.addresses[0])
    for n, client in enumerate(settings.clients):
        yield from claim(("clients", n, "name"), "name", client.name, "another client")
        for key, values in (("domains", client.domains), ("addresses", client.addresses)):
            for m, value in enumerate(values):
                yield from claim(("clients", n, key, m), key, value, client.name)


def _where(file: LocatedYaml, key_path: KeyPath, seen_from: KeyPath) -> str:
    """Return where a key path stands, for whoever reads of it at another one."""
    there, here = file.place(key_path)[0], file.place(seen_from)[0]
    line = f"line {file.line(key_path)}"
    return line if there is here else f"{there.path}, {line}"


def _misassigned(
    file: LocatedYaml, n: int, client: ClientSettings, own: Collection[str], domains: Collection[str]
) -> Iterator[Problem]:
    """Yield domains and addresses that cannot be a client's, and an owner who is no account."""
    for m, domain in enumerate(client.domains):
        if domain in PUBLIC_DOMAINS:
            message = f"anyone can have an address at {domain}; list the person under addresses instead"
            yield file.problem(("clients", n, "domains", m), message)
        elif domain in domains:
            yield file.problem(
                ("clients", n, "domains", m), f"{domain} is your own domain: its people are colleagues, not clients"
            )
    for m, address in enumerate(client.addresses):
        if address in own:
            yield file.problem(("clients", n, "addresses", m), f"{address} belongs to one of your accounts")
    if client.owner is not None and client.owner not in own:
        yield file.problem(("clients", n, "owner"), f"there is no account with the address {client.owner}")


def _holders(settings: Settings) -> Iterator[tuple[KeyPath, CommonSettings]]:
    """Yield everything that names sources: the accounts, and what a team says for all of them."""
    yield from ((("accounts", n), account) for n, account in enumerate(settings.accounts))
    if settings.team is not None:
        yield ("team", "defaults"), settings.team.defaults


def _sources(key_path: KeyPath, account: CommonSettings) -> Iterator[tuple[KeyPath, Any]]:
    yield from (((*key_path, "mail", m), source) for m, source in enumerate(account.mail))
    yield from (((*key_path, "calendars", m), source) for m, source in enumerate(account.calendars))
    if account.send is not None:
        yield (*key_path, "send"), account.send


def _missing_apps(file: LocatedYaml, key_path: KeyPath, account: CommonSettings, settings: Settings) -> Iterator[Problem]:
    """Yield the sources at Google or Microsoft for which no app is configured."""
    for place, source in _sources(key_path, account):
        provider = provider_of(source)
        if provider is not None and getattr(settings.oauth, provider) is None:
            message = f"needs an app under oauth: {provider}: to sign in with; docs/providers.md explains how to register one"
            yield file.problem(place, message)


def _acts_for_all(settings: Settings, provider: Provider) -> bool:
    app = getattr(settings.oauth, provider)
    return app is not None and app.acts_for_all


def _told_too_much(file: LocatedYaml, settings: Settings, accounts: Mapping[str, AccountSettings]) -> Iterator[Problem]:
    """Yield the accounts whose manager is told about them, and may see nothing but their own."""
    for n, account in enumerate(settings.accounts):
        manager = accounts.get(account.manager or "")
        if account.tell_manager and manager is not None and manager.sees is Sees.OWN:
            message = f"{account.manager} is told what is overdue here (tell_manager), and may see only their own (sees: own)"
            yield file.problem(("accounts", n, "manager"), message)


def _unencrypted(file: LocatedYaml, key_path: KeyPath, account: CommonSettings) -> Iterator[Problem]:
    """Yield the servers on other machines that would be reached without encryption."""
    message = "only a server on this machine can be used without TLS"
    for place, source in _sources(key_path, account):
        if source.type == "caldav":
            if source.url.lower().startswith("http:") and not _on_this_machine(_host(source.url)):
                yield file.problem((*place, "url"), f"{message}; write https://")
        elif getattr(source, "tls", None) == "none" and not _on_this_machine(str(getattr(source, "host", ""))):
            yield file.problem((*place, "tls"), f"{message}; write implicit or starttls")


def _unencrypted_model(file: LocatedYaml, settings: Settings) -> Iterator[Problem]:
    """Yield a language model on another machine that would be reached without encryption."""
    if (
        settings.model is not None
        and settings.model.url.lower().startswith("http:")
        and not _on_this_machine(_host(settings.model.url))
    ):
        yield file.problem(("model", "url"), "only a model on this machine can be used without TLS; write https://")


def _open_dashboard(file: LocatedYaml, settings: Settings) -> Iterator[Problem]:
    """Yield a dashboard that other machines could reach with nothing in front of it that encrypts."""
    web = settings.web
    if web is not None and not web.trusted_hosts and not _on_this_machine(web.listen.host):
        yield file.problem(
            ("web", "listen"),
            "other machines could reach this address without encryption. Write 127.0.0.1:8420; or put a server with TLS in front "
            "and name it under web: trusted_hosts: (docs/web.md)",
        )


def _always_quiet(file: LocatedYaml, settings: Settings) -> Iterator[Problem]:
    """Yield the accounts whose quiet hours leave nothing of a working day."""
    for n, account in enumerate(settings.accounts):
        quiet = intervals(account.quiet)
        for day in week(account.working_hours) if quiet else ():
            if day and not absence.without_quiet(day, quiet):
                message = "leaves nothing of a working day, so that Kept could never remind; write fewer hours"
                yield file.problem(("accounts", n, "quiet"), message)
                break


def _others_can_read(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & 0o077)
    except FileNotFoundError:
        return False  # it is about to be written, for its owner alone


def _on_this_machine(host: str) -> bool:
    from connectors.net.tls import is_loopback  # noqa: PLC0415  # `kept status` reads the file too, and loads no connector

    return is_loopback(host)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""

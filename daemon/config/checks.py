"""What is wrong with a configuration, in words for a salesperson: the models' findings, and what only shows between parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from daemon.config.account_settings import AccountSettings
from daemon.config.client_settings import ClientSettings
from daemon.config.countries import e164
from daemon.config.settings import Settings, region_of
from daemon.config.source_settings import provider_of
from daemon.config.yaml_lines import Lined, Place
from daemon.core.people import PUBLIC_DOMAINS
from daemon.errors import Problem

_WORDS = {
    "missing": "is missing",
    "int_parsing": "must be a whole number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "string_type": "must be text; put it in quotes",
    "list_type": "must be a list",
    "dict_type": "must be a group of keys",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "model_type": "must be a group of keys",
    "model_attributes_type": "must be a group of keys",
    "path_type": "must be a path",
    "too_short": "must have at least one entry",
    "string_too_short": "must not be empty",
    "union_tag_not_found": "needs a type",
    "date_type": "must be a date, for example 2026-03-02",
    "date_from_datetime_parsing": "must be a date, for example 2026-03-02",
    "date_from_datetime_inexact": "must be a date, for example 2026-03-02",
}


def in_models(lined: Lined, error: ValidationError) -> Iterator[Problem]:
    """What the models found. Where several forms are allowed, one problem says what each of them wants."""
    said: dict[Place, list[str]] = {}
    for finding in error.errors(include_url=False):
        place, message = _in_words(lined, finding)
        if message not in said.setdefault(place, []):
            said[place].append(message)
    return (lined.problem(place, ", or ".join(messages)) for place, messages in said.items())


def open_secrets(lined: Lined) -> Iterator[Problem]:
    """A secret may stand in the file only where nobody else can read it (contract, section 4)."""
    if not lined.path.stat().st_mode & 0o077:
        return
    message = f"a password may stand here only if nobody else can read the file: chmod 600 {lined.path}"
    for place, value in _places(lined.data, ()):
        if place[-1] == "password" or (place[-1] == "client_secret" and isinstance(value, str)):
            yield lined.problem(place, f"{message}, or use password_command")
        if place == ("database",) and _holds_password(str(value)):
            yield lined.problem(place, f"{message}, or put it into ~/.pgpass")


def between_parts(lined: Lined, settings: Settings) -> Iterator[Problem]:
    """What is wrong between parts that are each right."""
    yield from _twice(lined, settings)
    yield from _unregistered(lined, settings)
    own = {address for account in settings.accounts for address in account.addresses}
    for n, account in enumerate(settings.accounts):
        yield from _unencrypted(lined, n, account)
    for n, client in enumerate(settings.clients):
        yield from _misplaced(lined, n, client, own)
        region = region_of(settings, client)
        for m, number in enumerate(client.phones):
            if e164(number, region) is None:
                message = f"“{number}” is no phone number; write it with its country's code, for example +44 20 7946 0018"
                yield lined.problem(("clients", n, "phones", m), message)


def _in_words(lined: Lined, finding: Any) -> tuple[Place, str]:
    kind, place = finding["type"], _in_file(lined, finding)
    if kind == "extra_forbidden":
        return place, "is no key that Kept knows" + _nearest(str(place[-1]), _keys_beside(finding["loc"]))
    if kind == "union_tag_invalid":
        known = finding["ctx"]["expected_tags"]
        return (*place, "type"), f"“{finding['ctx']['tag']}” is not a type; known are {known}"
    if kind in {"enum", "literal_error"}:
        return place, f"“{finding['input']}” is not one of {finding['ctx']['expected']}"
    message = str(finding["msg"]).removeprefix("Value error, ")
    return place, _WORDS.get(kind, message if kind == "value_error" else message[:1].lower() + message[1:])


def _in_file(lined: Lined, finding: Any) -> Place:
    """The place as it stands in the file: pydantic adds the tag of a union and the name of a type to the path."""
    kept: Place = ()
    for part in finding["loc"]:
        if (*kept, part) in lined.lines:
            kept = (*kept, part)
    return (*kept, finding["loc"][-1]) if finding["type"] == "missing" else kept


def _keys_beside(place: Place) -> list[str]:
    """The keys that are allowed where an unknown one stands."""
    model: type[BaseModel] = Settings
    tagged: dict[str, type[BaseModel]] = {}
    for part in place[:-1]:
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
    return f"; did you mean {near[0]}?" if near else f"; known here are {', '.join(sorted(known))}"


def _places(data: Any, place: Place) -> Iterator[tuple[Place, Any]]:
    items: Any = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*place, key), value
        yield from _places(value, (*place, key))


def _holds_password(url: str) -> bool:
    """Whether a database's address carries its password, before the host or among the options."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.password is not None or re.search(r"(^|&)password=", parts.query) is not None


def _twice(lined: Lined, settings: Settings) -> Iterator[Problem]:
    """Two clients of one name, one domain or address with two clients, one address with two accounts."""
    seen: dict[tuple[str, str], str] = {}

    def claim(place: Place, sort: str, value: str, owner: str) -> Iterator[Problem]:
        if (sort, value.lower()) in seen:
            yield lined.problem(place, f"“{value}” belongs to {seen[sort, value.lower()]} already")
        seen.setdefault((sort, value.lower()), owner)

    for n, account in enumerate(settings.accounts):
        for m, address in enumerate(account.addresses):
            yield from claim(("accounts", n, "addresses", m), "account", address, account.addresses[0])
    for n, client in enumerate(settings.clients):
        yield from claim(("clients", n, "name"), "name", client.name, "another client")
        for key, values in (("domains", client.domains), ("addresses", client.addresses)):
            for m, value in enumerate(values):
                yield from claim(("clients", n, key, m), key, value, client.name)


def _misplaced(lined: Lined, n: int, client: ClientSettings, own: set[str]) -> Iterator[Problem]:
    """A client who is nobody, everybody, or oneself; an owner nobody knows."""
    for m, domain in enumerate(client.domains):
        if domain in PUBLIC_DOMAINS:
            message = f"anybody can have an address at {domain}; list the person under addresses instead"
            yield lined.problem(("clients", n, "domains", m), message)
        elif any(address.endswith(f"@{domain}") for address in own):
            yield lined.problem(("clients", n, "domains", m), f"{domain} is your own domain, so its people are your colleagues")
    for m, address in enumerate(client.addresses):
        if address in own:
            yield lined.problem(("clients", n, "addresses", m), f"{address} is an account's own address")
    if client.owner is not None and client.owner not in own:
        yield lined.problem(("clients", n, "owner"), f"no account has the address {client.owner}")


def _unregistered(lined: Lined, settings: Settings) -> Iterator[Problem]:
    """Sources at Google or Microsoft without the app that may ask for them."""
    for n, account in enumerate(settings.accounts):
        places: list[tuple[Place, Any]] = [(("accounts", n, "mail", m), source) for m, source in enumerate(account.mail)]
        places += [(("accounts", n, "calendars", m), source) for m, source in enumerate(account.calendars)]
        places += [(("accounts", n, "send"), account.send)] if account.send else []
        for place, source in places:
            provider = provider_of(source)
            if provider is not None and getattr(settings.oauth, provider) is None:
                message = f"needs oauth: {provider}: with the app that may ask for it; the README says how to register one"
                yield lined.problem(place, message)


def _unencrypted(lined: Lined, n: int, account: AccountSettings) -> Iterator[Problem]:
    """Words and passwords go in the clear only to this very machine."""
    message = "only a server on this machine may be spoken to without TLS"
    sources: list[tuple[Place, Any]] = [(("accounts", n, "mail", m), mail) for m, mail in enumerate(account.mail)]
    sources += [(("accounts", n, "send"), account.send)] if account.send else []
    for place, source in sources:
        if getattr(source, "tls", None) == "none" and not _on_this_machine(str(getattr(source, "host", ""))):
            yield lined.problem((*place, "tls"), f"{message}; write implicit or starttls")
    for m, calendar in enumerate(account.calendars):
        if calendar.type == "caldav" and calendar.url.lower().startswith("http:") and not _on_this_machine(_host(calendar.url)):
            yield lined.problem(("accounts", n, "calendars", m, "url"), f"{message}; write https://")


def _on_this_machine(host: str) -> bool:
    from connectors.net.tls import is_loopback  # noqa: PLC0415  # `kept status` reads the file too, and loads no connector

    return is_loopback(host)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""

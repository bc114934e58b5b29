"""Which calendars show when somebody is busy, and in which one meetings are booked: both are asked, never chosen in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from connectors.caldav.discovery import CalendarCollection
from connectors.errors import ConnectorError
from connectors.net.certificates import UntrustedCertificateError
from connectors.net.refusals import LoginRefusedError
from connectors.net.tls import is_loopback
from daemon.config.provider_lookup import calendar_addresses
from daemon.setup import connections, dialogue, typed
from daemon.setup.answers import Answers
from daemon.setup.connections import Login
from daemon.setup.mail_questions import (
    ask_login,
    ask_new_login,
    configured_login,
    explain_distrust,
    same_login,
)
from daemon.setup.refused import Refused
from daemon.setup.sentences import UNENCRYPTED, sentence

_QUESTION = "Your calendar server, as in dav.foo.com, or a folder"


class _Found(NamedTuple):
    """A calendar server with the log-in that worked there, and its calendars, the server's default first."""

    url: str
    login: Login
    calendars: tuple[CalendarCollection, ...]


def ask_calendars(answers: Answers) -> None:
    """Find the calendar server or ask for it, log in, and ask which calendars are read and where meetings are booked; adds `calendars`."""
    before = _configured(answers)
    urls = [str(before["url"])] if before else _look_for(answers)
    if not urls:
        named = dialogue.optional(_QUESTION, _place, None, str(answers.begun.get("calendars", {}).get("url") or "none"))
        if named is None:
            dialogue.tell("Without a calendar Kept suggests no free times and books nothing. Add one later: kept init")
            answers.account["calendars"] = []
            return
        if isinstance(named, str):
            answers.account["calendars"] = [{"type": "ics", "path": named}]
            return
        urls = named
    found = _log_in(urls, answers, before)
    answers.begun.pop("calendars", None)
    if found is None:
        answers.account["calendars"] = []
        return
    keys = answers.wallet.keys(found.login.username, found.login.password)
    answers.account["calendars"] = [source | keys for source in _chosen(found)]


def _configured(answers: Answers) -> dict[str, Any]:
    """Return a calendar on a server that is configured already, if the calendars are to be chosen there; else an empty one."""
    there = next((c for c in answers.account.get("calendars") or [] if c.get("type") == "caldav" and c.get("username")), None)
    if there is None or not dialogue.confirm(f"Are your calendars still at {urlsplit(there['url']).hostname}?"):
        return {}
    return dict(there)


def _look_for(answers: Answers) -> list[str]:
    """Look for a calendar server where the mailbox is; return its address if the user wants it."""
    mail = answers.account["mail"][0]
    if mail["type"] != "imap":
        return []
    dialogue.tell("Looking for your calendar ...")
    url = connections.calendar_server(calendar_addresses(answers.domain, mail["host"]))
    if url is None:
        dialogue.tell(
            "Kept found no calendar server by itself. Your calendar program names it in its account settings. A folder of .ics files will do, too."
        )
        return []
    return [url] if dialogue.confirm(f"There is a calendar server at {urlsplit(url).hostname}. Use it?") else []


def _place(words: str) -> str | list[str]:
    """Return the path of a folder or file of events, or the addresses that the name of a server that answers may mean. Raises Refused."""
    place = _meant(words)
    if isinstance(place, list):
        try:
            connections.require_web_answer(place)
        except ConnectorError as error:
            raise Refused(
                f"{sentence(error)} Your calendar program names it in its account settings. Is this computer online?"
            ) from None
    return place


def _meant(words: str) -> str | list[str]:
    """Return the path of a folder or file of events, or the addresses that a server's name may mean. Raises Refused."""
    path = Path(words).expanduser()
    if words.startswith(("/", "~", ".")) or words.lower().endswith(".ics"):
        if not path.exists():
            raise Refused(f"There is no file or folder {words}.")
        return str(path.absolute())
    if words.lower().startswith(("http://", "https://")):
        if words.lower().startswith("http://") and not is_loopback(urlsplit(words).hostname or ""):
            raise Refused("Without encryption (http://) only a server on this computer can be used: write https://.")
        return [words]
    if words.lower() in {"google", "gmail", "outlook", "microsoft", "office 365"}:
        raise Refused(
            "A calendar there is added to the configuration file by hand (docs/providers.md says how): type none for now."
        )
    if "." not in words and ":" not in words and words != "localhost":
        raise Refused(f"“{words}” is no server: write it as dav.foo.com or https://dav.foo.com/, a folder as ~/calendar.")
    named = typed.server(words.partition("/")[0])
    if named.port is None and "/" not in words and named.host.count(".") == 1:
        found = connections.calendar_server(calendar_addresses(named.host, named.host))
        return [found or f"https://{named.host}"]
    schemes = ("https", "http") if is_loopback(named.host) else ("https",)
    return [f"{scheme}://{words}" for scheme in schemes]


def _log_in(urls: list[str], answers: Answers, before: dict[str, Any]) -> _Found | None:
    """Try the log-in that is configured, or that of the mailbox, then ask for another until one works; None if the user gives up."""
    login = configured_login(before, answers) or same_login(answers, urlsplit(urls[0]).hostname or "") or ask_new_login(answers)
    if trusted := answers.begun.get("calendars", {}).get("ca_file"):
        login = replace(login, ca_file=trusted)
    while True:
        answers.begun["calendars"] = {"url": _as_named(urls), "ca_file": login.ca_file}
        dialogue.tell(f"Trying {urlsplit(urls[0]).hostname} ...")
        try:
            return _tried(urls, login)
        except LoginRefusedError as error:
            again = ask_login(error, login)
            if again is None and (urls := dialogue.optional(_QUESTION, _server, [])) == []:
                return None
            login = again or login
        except UntrustedCertificateError as error:
            explain_distrust(error)
            if error.fault == "unknown":
                trusted = dialogue.optional(
                    "Its certificate file, as in ~/company.pem (Enter: another server)", typed.certificates, "", ""
                )
            if error.fault == "unknown" and trusted:
                login = replace(login, ca_file=trusted)
            elif not (urls := dialogue.optional(_QUESTION, _server, [], urls[0])):
                return None
        except ConnectorError as error:
            dialogue.refuse(sentence(error))
            urls = dialogue.optional(_QUESTION, _server, [])
            if not urls:
                return None


def _as_named(urls: list[str]) -> str:
    """Return the addresses as somebody would name them who means any of them."""
    return urls[0] if len(urls) == 1 else urls[0].partition("://")[2]


def _tried(urls: list[str], login: Login) -> _Found:
    """Log in, trusting the certificates that the mailbox needed only where that is needed here as well."""
    plain = Login(login.username, login.password)
    try:
        return _at(urls, plain)
    except UntrustedCertificateError:
        if not login.ca_file:
            raise
        return _at(urls, login)


def _at(urls: list[str], login: Login) -> _Found:
    url, there = connections.calendars_at(urls, login)
    return _Found(url, login, there)


def _server(words: str) -> list[str]:
    place = _place(words)
    if isinstance(place, str):
        raise Refused("A server is needed here, or none.")
    return place


def _chosen(found: _Found) -> list[dict[str, Any]]:
    """Ask which of the calendars are read, and where meetings are booked; return their sources, that one first."""
    names = [_shown(calendar) for calendar in found.calendars]
    host = urlsplit(found.url).hostname
    how = "encrypted" if found.url.startswith("https:") else UNENCRYPTED
    if len(names) == 1:
        only = found.calendars[0]
        use = "reads it" if only.read_only else "reads it and books meetings in it"
        dialogue.tell(f"That works, {how}: {host} has one calendar, {names[0]}. Kept {use}.")
        return [_source(found, only)]
    dialogue.tell(f"That works, {how}: {host} has {len(names)} calendars.")
    dialogue.show(names)
    read = dialogue.ask("Which ones show when you are busy", lambda words: _some(words, names), "all")
    booked = _ask_booking(found.calendars, read)
    ordered = sorted(read, key=lambda n: n != booked)
    return [_source(found, found.calendars[n], book=n == booked and len(read) > 1) for n in ordered]


def _some(words: str, names: Sequence[str]) -> list[int]:
    chosen = typed.numbers(words, names)
    if not chosen:
        raise Refused("At least one is needed: type its number.")
    return chosen


def _ask_booking(calendars: Sequence[CalendarCollection], read: Sequence[int]) -> int | None:
    """Ask in which of the calendars that are read meetings are booked; None if none of them can be changed."""
    open_ones = [n for n in read if not calendars[n].read_only]
    if not open_ones:
        dialogue.tell("None of these can be changed, so Kept books nothing.")
        return None
    if len(read) == 1:
        return open_ones[0]
    names = [_shown(calendar) for calendar in calendars]

    def one(words: str) -> int:
        chosen = typed.numbers(words, names)
        if len(chosen) != 1 or chosen[0] not in open_ones:
            raise Refused(f"Type one of {', '.join(str(n + 1) for n in open_ones)}: one that is read, and that you may change.")
        return chosen[0]

    return dialogue.ask("In which one may Kept book meetings with clients", one, str(open_ones[0] + 1))


def _shown(calendar: CalendarCollection) -> str:
    return f"“{calendar.name}”{' (read-only)' if calendar.read_only else ''}"


def _source(found: _Found, calendar: CalendarCollection, *, book: bool = False) -> dict[str, Any]:
    """Return the settings of one calendar; by its address where another one has the same name."""
    twins = [other for other in found.calendars if other.name.lower() == calendar.name.lower()]
    name = calendar.name if len(twins) == 1 else urlsplit(calendar.url).path
    trusted = {"ca_file": found.login.ca_file} if found.login.ca_file else {}
    chosen = {"calendar": name} if len(found.calendars) > 1 else {}
    marked = {"book": True} if book else {}
    return {"type": "caldav", "url": found.url, "username": found.login.username, **chosen, **trusted, **marked}

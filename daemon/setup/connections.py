"""Trying to log in at once: on the usual ports, with TLS from the beginning or by STARTTLS.

A password is sent only to a server that the user named or that is their provider's, after its certificate was verified, and no second
time where it was refused. Unencrypted it goes only to a server on this machine that has no TLS at all.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeAlias, TypeVar
from urllib.parse import urlsplit

from connectors import open_mailbox, open_transport
from connectors.caldav.dav import Dav
from connectors.caldav.discovery import CalendarCollection, calendars, is_offered
from connectors.errors import ConnectorError
from connectors.net.certificates import UntrustedCertificateError
from connectors.net.refusals import LoginPostponedError, LoginRefusedError, WrongTlsError
from connectors.net.tls import Tls, is_loopback
from daemon.config.provider_lookup import accepts_connections
from daemon.setup import greeting
from daemon.setup.typed import Server

T = TypeVar("T")
Service: TypeAlias = Literal["imap", "smtp"]  # what greeting.service knows, and more
PATIENCE = 10.0  # seconds for each step of a connection that is only tried
_PORTS: Mapping[Service, Sequence[tuple[int, Tls]]] = {
    "imap": ((993, "implicit"), (143, "starttls")),
    "smtp": ((465, "implicit"), (587, "starttls")),
}
_PLAIN: Mapping[Service, int] = {"imap": 143, "smtp": 25}
_UNENCRYPTED: Mapping[Service, Sequence[Tls]] = {
    "imap": ("none",),
    "smtp": ("starttls", "none"),
}  # 25 is tried for STARTTLS first
_USUAL: Mapping[tuple[Service, Tls], int] = {
    ("imap", "implicit"): 993, ("imap", "starttls"): 143, ("imap", "none"): 143,
    ("smtp", "implicit"): 465, ("smtp", "starttls"): 587, ("smtp", "none"): 25,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Login:
    """Who logs in, with which password, and a file of certificates to trust besides the system's."""

    username: str
    password: str
    ca_file: str = ""


class Way(NamedTuple):
    """One way to reach a server."""

    host: str
    port: int
    tls: Tls


def mail_settings(service: Service, servers: Sequence[Server], login: Login) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the settings of the first server at which the log-in works, without the password, and what that server said.

    Raises LoginRefusedError where the password is refused, LoginPostponedError, UntrustedCertificateError, and ConnectorError where
    nobody answers or the server is of another kind.
    """
    ways = [way for server in servers for way in _ways(service, server)]
    open_ports = _answering({(way.host, way.port) for way in ways})
    failures: list[tuple[Way, ConnectorError]] = []
    for way in ways:
        if (way.host, way.port) not in open_ports or (way.tls == "none" and not _is_without_tls(way, failures)):
            continue
        settings = _settings(service, way, login)
        try:
            return settings, _try(service, way, login)
        except (LoginRefusedError, LoginPostponedError):
            raise
        except UntrustedCertificateError as error:
            failures.append((way, error))
            open_ports.discard((way.host, way.port))  # it speaks TLS there, so there is no other way
        except ConnectorError as error:
            failures.append((way, error))
    raise _most_telling(service, failures) if failures else _no_answer(servers, ways)


def _is_without_tls(way: Way, failures: Sequence[tuple[Way, ConnectorError]]) -> bool:
    """Return whether the port was found to have no TLS in either form, and no other port of that host to have any."""
    refused = [error for tried, error in failures if tried.host == way.host]
    here = [error for tried, error in failures if (tried.host, tried.port, tried.tls) == (way.host, way.port, "starttls")]
    return any(isinstance(error, WrongTlsError) for error in here) and not any(
        isinstance(error, UntrustedCertificateError) for error in refused
    )


def _most_telling(service: Service, failures: Sequence[tuple[Way, ConnectorError]]) -> ConnectorError:
    """Return of all failures the one to be told: who the server is before what it does not do."""
    untrusted = next((error for _, error in failures if isinstance(error, UntrustedCertificateError)), None)
    if untrusted is not None:
        return untrusted
    way, first = failures[0]
    spoken = greeting.service(way.host, way.port)
    if spoken not in {"", service}:
        named = f"{way.host} has {greeting.NAMES[spoken]} on port {way.port}"
        return ConnectorError(f"{named}, and Kept needs {greeting.NAMES[service]} here", permanent=True)
    if all(isinstance(error, WrongTlsError) for _, error in failures):
        ports = _either([str(port) for port in dict.fromkeys(way.port for way, _ in failures)])
        without = f"{way.host} offers no encryption on port {ports}, and without it Kept sends no password"
        return ConnectorError(f"{without}; ask whoever set up your mail for an encrypted port", permanent=True)
    if not spoken:
        return ConnectorError(f"{way.host} answers on port {way.port}, but not as a mail server does", permanent=True)
    return next((error for _, error in failures if not isinstance(error, WrongTlsError)), first)


def require_answer(service: Service, servers: Sequence[Server]) -> None:
    """Make sure that one of the servers answers, before anybody is asked for a password. Raises ConnectorError."""
    ways = [way for server in servers for way in _ways(service, server)]
    if not _answering({(way.host, way.port) for way in ways}):
        raise _no_answer(servers, ways)


def require_web_answer(urls: Sequence[str]) -> None:
    """Make sure that a server of these addresses answers, before anybody is asked for a password. Raises ConnectorError."""
    ways = [Way(*_place(url), "implicit") for url in urls]
    if not _answering({(way.host, way.port) for way in ways}):
        raise _no_answer([Server(host) for host in dict.fromkeys(way.host for way in ways)], ways)


def _ways(service: Service, server: Server) -> Iterator[Way]:
    on_this_machine = is_loopback(server.host)
    if server.port is None:
        yield from (Way(server.host, port, tls) for port, tls in _PORTS[service])
        if on_this_machine:
            yield from (Way(server.host, _PLAIN[service], tls) for tls in _UNENCRYPTED[service])
        return
    begins_plain = server.port in {143, 587, 25, 2525, 1143, 1025}
    order: tuple[Tls, ...] = ("starttls", "implicit") if begins_plain else ("implicit", "starttls")
    yield from (Way(server.host, server.port, tls) for tls in order)
    if on_this_machine:
        yield Way(server.host, server.port, "none")


def _answering(places: set[tuple[str, int]]) -> set[tuple[str, int]]:
    """Return the hosts and ports that accept connections; all are asked at once."""
    ordered = sorted(places)
    with ThreadPoolExecutor(max(1, min(16, len(ordered)))) as pool:
        answers = list(pool.map(lambda place: accepts_connections(*place), ordered))
    return {place for place, answer in zip(ordered, answers, strict=True) if answer}


def _settings(service: Service, way: Way, login: Login) -> dict[str, Any]:
    port = {} if way.port == _USUAL[service, way.tls] else {"port": way.port}
    trusted = {"ca_file": login.ca_file} if login.ca_file and way.tls != "none" else {}
    return {"type": service, "host": way.host, **port, "tls": way.tls, "username": login.username, **trusted}


def arguments(settings: Mapping[str, Any], password: str) -> tuple[str, dict[str, Any]]:
    """Return a connector's kind and keyword arguments for settings whose password is known."""
    return str(settings["type"]), {**{k: v for k, v in settings.items() if k != "type"}, "password": lambda: password}


def _try(service: Service, way: Way, login: Login) -> tuple[str, ...]:
    kind, values = arguments(_settings(service, way, login), login.password)
    connector = (open_mailbox if service == "imap" else open_transport)(kind, {**values, "timeout": PATIENCE})
    with contextlib.closing(connector):
        return connector.check()


def _no_answer(servers: Sequence[Server], ways: Sequence[Way]) -> ConnectorError:
    known = [server.host for server in servers if exists(server.host)]
    if not known:
        return ConnectorError(f"no server named {_either([server.host for server in servers])} was found", permanent=True)
    ports = [str(port) for port in dict.fromkeys(way.port for way in ways)]
    return ConnectorError(f"{_either(known)} does not answer on port {_either(ports)}", permanent=True)


def _either(names: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def exists(host: str) -> bool:
    """Return whether there is a computer of that name."""
    try:
        return bool(socket.getaddrinfo(host, None))
    except (OSError, UnicodeError):
        return False


# --- calendars -----------------------------------------------------------------------------------------------------------------


def calendar_server(urls: Sequence[str]) -> str | None:
    """Return the first address at which a calendar server answers (RFC 6764); nobody logs in for that."""
    hosts = _answering({_place(url) for url in urls})
    there = [url for url in urls if _place(url) in hosts]
    with ThreadPoolExecutor(max(1, len(there))) as pool:
        offers = list(pool.map(_offers_calendars, there))
    return next((url for url, offered in zip(there, offers, strict=True) if offered), None)


def _offers_calendars(url: str) -> bool:
    return is_offered(url, None, PATIENCE)


def calendars_at(urls: Sequence[str], login: Login) -> tuple[str, tuple[CalendarCollection, ...]]:
    """Return the first address at which the log-in works, and its calendars, the server's default first.

    Raises as `mail_settings` does.
    """
    failures: list[tuple[str, ConnectorError]] = []
    for url in urls:
        if url.startswith("http:") and any(_may_have_tls(*failure) for failure in failures):
            continue
        try:
            return url, _with_dav(url, login, calendars)
        except LoginRefusedError:
            raise
        except ConnectorError as error:
            failures.append((url, error))
    errors = [error for _, error in failures]
    untrusted = [error for error in errors if isinstance(error, UntrustedCertificateError)]
    raise [*untrusted, *errors][0]


def _may_have_tls(url: str, error: ConnectorError) -> bool:
    """Return whether somebody answers at an address of https, and not as one who has no TLS: no password goes there without."""
    return not isinstance(error, WrongTlsError) and bool(_answering({_place(url)}))


def _place(url: str) -> tuple[str, int]:
    """Return the host and the port of an address."""
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or (80 if parts.scheme == "http" else 443)


def _with_dav(url: str, login: Login, work: Callable[[Dav], T]) -> T:
    trusted = Path(login.ca_file) if login.ca_file else None
    with contextlib.closing(Dav(url, login.username, lambda: login.password, trusted, PATIENCE)) as dav:
        return work(dav)

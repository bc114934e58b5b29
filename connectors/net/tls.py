"""Connections to mail servers: TLS that is always verified, and what a failed connection means to a person."""

from __future__ import annotations

import contextlib
import ipaddress
import re
import selectors
import socket
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeVar

from connectors.errors import ConnectorError
from connectors.net.certificates import distrusted, within
from connectors.net.grants import Grant
from connectors.net.refusals import LoginRefusedError, WrongTlsError

Tls = Literal["implicit", "starttls", "none"]
T = TypeVar("T")
_GREETING = 3.0  # seconds after which a server that says nothing is asked whether it waits for TLS
_TRUSTED_FOR = 3600.0  # seconds until the authorities are read again
_TLS_RECORDS = (b"\x15", b"\x16")  # that begin an alert or a handshake (RFC 8446, 5.1)
_REPR = re.compile(r"\[?\bb(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\")\]?")  # bytes as Python writes them
# OpenSSL's reasons for a server that does not begin with TLS on this port.
_NO_TLS = frozenset({"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"})


@lru_cache(maxsize=8)
def _context(more: Path | None, _changed: int, _period: float) -> ssl.SSLContext:
    """Return a context that all sessions share until the file of authorities changes or the period ends: each holds all authorities.

    Raises OSError.
    """
    context = ssl.create_default_context()
    if more is not None:
        context.load_verify_locations(more)
    return context


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server, how to reach it and who logs in.

    `password` is called at each log-in and its result is stored nowhere; where there is a `grant`, its access token is used instead.
    """

    host: str
    port: int
    tls: Tls
    username: str | None
    password: Callable[[], str] | None
    grant: Grant | None
    ca_file: Path | None
    timeout: float

    def ssl_context(self) -> ssl.SSLContext:
        """Return a context that verifies the certificate and its name, trusting `ca_file` besides the system's authorities.

        Raises ConnectorError where that file cannot be used.
        """
        try:
            more = Path(self.ca_file).expanduser() if self.ca_file is not None else None
            changed = more.stat().st_mtime_ns if more else 0
            return _context(more, changed, time.monotonic() // _TRUSTED_FOR)
        except OSError as error:
            reason = error.strerror or "it contains no certificate"
            raise ConnectorError(f"the certificate file {self.ca_file} cannot be used: {reason}", permanent=True) from error

    def require_encryption(self) -> None:
        """Raise ConnectorError where a password or mail would reach another machine unencrypted."""
        if self.tls == "none" and not is_loopback(self.host):
            raise ConnectorError(
                f"{self.host} would be reached without encryption; set tls to implicit or starttls", permanent=True
            )

    def expect_greeting(self, connection: socket.socket) -> None:
        """Return once the server has spoken, or has time yet to speak. Raises ConnectorError where it waits for TLS instead.

        On the port of one that speaks TLS at once both sides would wait until the timeout.
        """
        with selectors.DefaultSelector() as greeting:  # select() itself knows no descriptor from 1024 on
            greeting.register(connection, selectors.EVENT_READ)
            if greeting.select(min(_GREETING, self.timeout)) or not self._answers_tls():
                return
        raise ConnectorError(
            f"{self.host} (port {self.port}) speaks TLS from the beginning; try tls: implicit, or the port for starttls",
            permanent=True,
        )

    def _answers_tls(self) -> bool:
        """Return whether a beginning of TLS on a second connection is answered in kind; the handshake goes no further."""
        outgoing = ssl.MemoryBIO()
        with contextlib.suppress(ssl.SSLWantReadError):
            _context(None, 0, time.monotonic() // _TRUSTED_FOR).wrap_bio(
                ssl.MemoryBIO(), outgoing, server_hostname=self.host
            ).do_handshake()
        try:
            with socket.create_connection((self.host, self.port), _GREETING) as plain:
                plain.sendall(outgoing.read())
                return plain.recv(1) in _TLS_RECORDS
        except OSError:
            return False

    def log_in(self, connect: Callable[[str], T]) -> T:
        """Return what `connect` makes of an access token (empty: use the password). A token that is refused is renewed once."""
        if self.grant is None:
            return connect("")
        token = self.grant.token()
        try:
            return connect(token)
        except LoginRefusedError:
            self.grant.reject(token)
            return connect(self.grant.token())

    def connection_error(self, error: Exception) -> ConnectorError:
        """Return the error to raise where the connection could not be made, or broke, with `error`."""
        if isinstance(error, ConnectorError):
            return error
        server = f"{self.host} (port {self.port})"
        tls_error = self._tls_error(error, server) if isinstance(error, ssl.SSLError) else None
        return tls_error or ConnectorError(self._lost(error, server))

    def _tls_error(self, error: ssl.SSLError, server: str) -> ConnectorError | None:
        """Return the permanent error of a certificate or of a wrong `tls` setting; None for what may pass."""
        if untrusted := distrusted(server, error):
            return untrusted
        if is_without_tls(error):
            other = "starttls" if self.tls == "implicit" else "implicit"
            return WrongTlsError(f"{server} does not use TLS this way; try tls: {other}", permanent=True)
        return None

    def _lost(self, error: Exception, server: str) -> str:
        if isinstance(error, socket.gaierror):
            return f"no server named {self.host} was found; check its name and your internet connection"
        if isinstance(error, TimeoutError):
            return f"{server} did not answer within {self.timeout:.0f} seconds"
        if isinstance(error, ConnectionRefusedError):
            return f"{server} refused the connection; check the port, or try later"
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "the server closed it"
        return f"the connection to {server} was lost: {reason}"


def is_without_tls(error: Exception) -> bool:
    """Return whether an error comes from a server that does not begin with TLS on this port."""
    cause = within(error, ssl.SSLError)
    return cause is not None and cause.reason in _NO_TLS


def is_loopback(host: str) -> bool:
    """Return whether that host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() in {"localhost", "localhost.localdomain"}


def server_text(text: object, limit: int = 200) -> str:
    """Return a server's words fit to be shown: printable, on one line, not as Python writes bytes, at most `limit` characters."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    text = _REPR.sub(lambda quoted: quoted.group(1) or quoted.group(2) or "", str(text)[: 10 * limit])
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())[:limit]

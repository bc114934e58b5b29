"""Connections to mail servers: TLS that is always verified, and what a broken connection means to a person."""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar

from connectors.errors import ConnectorError
from connectors.net.grants import Grant

Tls = Literal["implicit", "starttls", "none"]
T = TypeVar("T")


class LoginRefusedError(ConnectorError):
    """The server does not take this log-in, and will not take it again."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A server, how to reach it and who logs in. `secret` is asked at each log-in and kept nowhere; `grant`, where there is
    one, gives an OAuth access token that is used instead of it.
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
        """Verifies the certificate and its name, trusting `ca_file` besides the system's authorities. Raises ConnectorError."""
        try:
            context = ssl.create_default_context()
            if self.ca_file is not None:
                context.load_verify_locations(Path(self.ca_file).expanduser())
        except OSError as error:
            reason = error.strerror or "it holds no certificate"
            raise ConnectorError(f"the certificate file {self.ca_file} cannot be used: {reason}", permanent=True) from error
        return context

    def require_encryption(self) -> None:
        """Refuses to send a password or mail in the clear to another machine. Raises ConnectorError."""
        if self.tls == "none" and not is_loopback(self.host):
            raise ConnectorError(
                f"{self.host} would be reached without encryption; set tls to implicit or starttls", permanent=True
            )

    def log_in(self, session: Callable[[str], T]) -> T:
        """What `session` makes with an access token (empty: the password counts). One that is refused is renewed, once."""
        if self.grant is None:
            return session("")
        token = self.grant.token()
        try:
            return session(token)
        except LoginRefusedError:
            self.grant.reject(token)
            return session(self.grant.token())

    def connection_error(self, error: Exception) -> ConnectorError:
        """What it means that the connection could not be made, or broke."""
        if isinstance(error, ConnectorError):
            return error
        where = f"{self.host} (port {self.port})"
        untrusted = self._misfit(error, where) if isinstance(error, ssl.SSLError) else None
        return untrusted or ConnectorError(self._lost(error, where))

    def _misfit(self, error: ssl.SSLError, where: str) -> ConnectorError | None:
        """What no second attempt repairs."""
        if isinstance(error, ssl.SSLCertVerificationError):
            said = f"the certificate of {where} cannot be trusted ({error.verify_message.rstrip('.')}); check the host's name,"
            return ConnectorError(f"{said} or name your company's certificate file as ca_file", permanent=True)
        if error.reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE"}:
            other = "starttls" if self.tls == "implicit" else "implicit"
            return ConnectorError(f"{where} does not speak TLS in this way; try tls: {other}", permanent=True)
        return None

    def _lost(self, error: Exception, where: str) -> str:
        if isinstance(error, socket.gaierror):
            return f"no server called {self.host} was found; check its name, or whether you are on line"
        if isinstance(error, TimeoutError):
            return f"{where} did not answer within {self.timeout:.0f} seconds"
        if isinstance(error, ConnectionRefusedError):
            return f"{where} refuses connections; check the port, or try later"
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it ended in the middle"
        return f"the connection to {where} was lost: {reason}"


def is_loopback(host: str) -> bool:
    """Whether that host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() in {"localhost", "localhost.localdomain"}


def server_text(text: object, limit: int = 200) -> str:
    """A server's own words, fit to be shown: printable, on one line, not long."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())[:limit]

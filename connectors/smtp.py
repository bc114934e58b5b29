"""SMTP submission (RFC 5321, 6409): one attempt a call. Once the last dot has left without an answer, nobody knows."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from connectors import mime
from connectors.errors import ConnectorError
from connectors.mail import Draft, Receipt

_PORTS = {"implicit": 465, "starttls": 587, "none": 25}


class SmtpPostman:
    """A postman at an SMTP server. `password` and `oauth` (a bearer token) are asked at each log-in."""

    def __init__(
        self,
        host: str,
        username: str | None = None,
        password: Callable[[], str] | None = None,
        *,
        port: int | None = None,
        tls: str = "starttls",
        oauth: Callable[[], str] | None = None,
        ca_file: Path | None = None,
        timeout: float = 30,
    ) -> None:
        self._host, self._username, self._password, self._oauth = host, username, password, oauth
        self._port, self._tls, self._ca_file, self._timeout = port or _PORTS[tls], tls, ca_file, timeout

    def send(self, draft: Draft) -> Receipt:
        """Envelope, data, one answer. A recipient who is refused makes the whole mail refused: nothing goes to some only."""
        raw = mime.render(draft)
        recipients = list(dict.fromkeys(a.email for a in (*draft.to, *draft.cc)))
        with self._connected() as server:
            code, words = server.mail(draft.sender.email, [f"size={len(raw)}"] if server.has_extn("size") else [])
            self._accepted(code, words, "the sender")
            for recipient in recipients:
                code, words = server.rcpt(recipient)
                self._accepted(code, words, recipient)
            return self._data(server, raw)

    def find(self, message_id: str) -> bool | None:  # noqa: ARG002  # SMTP cannot look
        """SMTP cannot look for what was sent."""
        return None

    def check(self) -> tuple[str, ...]:
        """Log in."""
        with self._connected():
            return (f"logged in at {self._host}; nothing was sent",)

    def close(self) -> None:
        """Each send has a session of its own."""

    def _data(self, server: smtplib.SMTP, raw: bytes) -> Receipt:
        """DATA by hand, because what a lost connection means depends on whether the last dot had left."""
        code, words = server.docmd("DATA")
        if code != 354:
            self._accepted(code, words, "the mail")
        quoted = raw.replace(b"\r\n.", b"\r\n..")
        quoted = b"." + quoted if quoted.startswith(b".") else quoted
        try:
            server.send(quoted + (b".\r\n" if quoted.endswith(b"\r\n") else b"\r\n.\r\n"))
            code, words = server.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise ConnectorError(
                f"{self._host} took the mail but gave no answer, so it may have been sent", unknown=True
            ) from error
        self._accepted(code, words, "the mail")
        return Receipt(words.decode("utf-8", "replace")[:200])

    def _accepted(self, code: int, words: bytes, what: str) -> None:
        """Raise for anything but 2xx: 4xx is for now, 5xx for good (RFC 5321, 4.2.1)."""
        if 200 <= code < 300:
            return
        said = words.decode("utf-8", "replace").splitlines()[0][:120] if words else "no reason given"
        if code == -1:
            raise ConnectorError(f"{self._host} closed the connection")
        if code in {552, 452} or "quota" in said.lower():
            raise ConnectorError(f"{self._host} has no room for the mail: {said}", permanent=code == 552)
        raise ConnectorError(f"{self._host} does not accept {what} ({code} {said})", permanent=code >= 500)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        from connectors.imap_session import is_loopback  # noqa: PLC0415  # brings the IMAP library

        if self._tls == "none" and not is_loopback(self._host):
            raise ConnectorError(
                f"{self._host} would get mail without encryption, which is allowed on this machine only; set tls: starttls",
                permanent=True,
            )
        try:
            server = self._open()
        except ConnectorError:
            raise
        except smtplib.SMTPAuthenticationError as error:
            raise ConnectorError(
                f"{self._host} does not accept the user name or password", permanent=error.smtp_code >= 500
            ) from error
        except ssl.SSLCertVerificationError as error:
            raise ConnectorError(
                f"the certificate of {self._host} cannot be trusted ({error.verify_message}); check the host name, or name its authority as ca_file",
                permanent=True,
            ) from error
        except (smtplib.SMTPException, OSError) as error:
            raise ConnectorError(
                f"{self._host} could not be reached ({_reason(error)})",
                permanent=isinstance(error, smtplib.SMTPNotSupportedError),
            ) from error
        try:
            yield server
        except (smtplib.SMTPException, OSError) as error:
            raise ConnectorError(f"{self._host} broke off before it had the mail ({_reason(error)})") from error
        finally:
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()

    def _open(self) -> smtplib.SMTP:
        context = ssl.create_default_context(cafile=str(self._ca_file) if self._ca_file else None)
        if self._tls == "implicit":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        try:
            if self._tls == "starttls":
                server.starttls(context=context)
            server.ehlo_or_helo_if_needed()
            if self._username is not None:
                self._log_in(server)
        except BaseException:
            server.close()
            raise
        return server

    def _log_in(self, server: smtplib.SMTP) -> None:
        username = self._username or ""
        if self._oauth is not None:
            token = self._oauth()
            server.auth("XOAUTH2", lambda _challenge=None: f"user={username}\x01auth=Bearer {token}\x01\x01")
        else:
            server.login(username, self._password() if self._password else "")


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, socket.gaierror):
        return "no such host"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    return "the connection was lost"

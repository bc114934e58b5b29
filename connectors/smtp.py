"""Sending by SMTP submission (RFC 6409): one attempt per call, with a certain outcome wherever there is one.

The server accepts a mail by its reply to the end of the data (RFC 5321, 4.5.4.1: from then on it is responsible). A failure before
that means that the mail was not sent; where the connection breaks while waiting for that reply, the outcome is `unknown`.
"""

from __future__ import annotations

import base64
import contextlib
import smtplib
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.mail import Draft, Receipt
from connectors.net.grants import Grant
from connectors.net.refusals import WrongTlsError, is_passing, login_error
from connectors.net.tls import MailServer, Tls, server_text

_PORTS: dict[Tls, int] = {"implicit": 465, "starttls": 587, "none": 25}
_LOGGED_IN = 235  # RFC 4954, 4
_NAME = "[127.0.0.1]"  # our name in EHLO: this machine's own is private, and looking it up can take seconds


class SmtpTransport:
    """A mail transport by SMTP.

    `password` is called at each log-in; `oauth` gives an access token instead (OAUTHBEARER or XOAUTH2).
    """

    def __init__(
        self,
        host: str,
        port: int | None = None,
        tls: Tls = "starttls",
        username: str | None = None,
        password: Callable[[], str] | None = None,
        oauth: Grant | None = None,
        ca_file: Path | None = None,
        timeout: float = 30,
    ) -> None:
        self._server = MailServer(host, port or _PORTS[tls], tls, username, password, oauth, ca_file, timeout)
        self._session: smtplib.SMTP | None = None  # opened by `connect` for the next send

    def connect(self) -> None:
        """Connect and log in; the next `send` uses this session."""
        self.close()
        with self._translating():
            self._session = self._logged_in()

    def send(self, draft: Draft) -> Receipt:
        """Send once, to everyone in To and Cc; one refused recipient stops the mail for all of them."""
        recipients = list(dict.fromkeys(a.email for a in (*draft.to, *draft.cc)))
        if not recipients:
            raise ConnectorError("the email has no recipient", permanent=True)
        content = mime.render(draft)
        session, self._session = self._session, None
        with self._translating():
            session = session or self._logged_in()
            try:
                return self._hand_over(session, draft.sender.email, recipients, content)
            finally:
                _quit(session)

    def was_sent(self, message_id: str) -> bool | None:  # noqa: ARG002  # the protocol's argument
        """Return None: SMTP cannot tell what was sent."""
        return None

    def check(self) -> tuple[str, ...]:
        """Connect and log in; send nothing."""
        with self._translating():
            session = self._logged_in()
            try:
                self._expect(session.noop())
            finally:
                _quit(session)
        user = f" from {self._server.username}" if self._server.username else ""
        return (f"{self._server.host} accepts mail{user}",)

    def close(self) -> None:
        """End the session that `connect` opened, if no send used it."""
        session, self._session = self._session, None
        if session is not None:
            _quit(session)

    def _hand_over(self, session: smtplib.SMTP, sender: str, recipients: list[str], content: bytes) -> Receipt:
        # By hand, because smtplib.sendmail does not say whether the connection broke before or after the final dot.
        self._expect(session.mail(sender, [f"size={len(content)}"] if session.has_extn("size") else []))
        for recipient in recipients:
            self._expect(session.rcpt(recipient), about=recipient)
        self._expect(session.docmd("DATA"), wanted=3)
        session.send(
            _dot_stuffed(content)
        )  # if it breaks here, the final dot is missing and the server must not deliver (RFC 5321, 4.1.1.4)
        try:
            session.send(b".\r\n")
            code, words = session.getreply()
        except (OSError, smtplib.SMTPException) as error:
            raise ConnectorError(
                f"the connection to {self._server.host} broke before the server confirmed that it accepted the email",
                unknown=True,
            ) from error
        if code // 100 not in {2, 4, 5}:  # neither accepted nor refused, as far as anybody can tell
            raise ConnectorError(
                f"{self._server.host} did not say whether it accepted the email: {server_text(words)} ({code})", unknown=True
            )
        self._expect((code, words))
        return Receipt(server_text(words) or str(code))

    def _logged_in(self) -> smtplib.SMTP:
        self._server.require_encryption()
        return self._server.log_in(self._connect)

    @contextlib.contextmanager
    def _translating(self) -> Iterator[None]:
        """Raise ConnectorError for whatever goes wrong; nothing was sent."""
        try:
            yield
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            raise self._failure(error) from error

    def _connect(self, token: str) -> smtplib.SMTP:
        server, context = self._server, self._server.ssl_context()
        if server.tls == "implicit":
            session: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, _NAME, timeout=server.timeout, context=context)
        else:
            session = _PlainSMTP(server)
        try:
            session.ehlo_or_helo_if_needed()
            if server.tls == "starttls":
                session.starttls(context=context)  # raises where it is not offered, so that nothing goes out in the clear
                session.ehlo_or_helo_if_needed()
            self._log_in(session, token)
        except BaseException:
            session.close()
            raise
        return session

    def _log_in(self, session: smtplib.SMTP, token: str) -> None:
        user = self._server.username
        if user is None:
            return
        if not session.has_extn("auth"):
            raise ConnectorError(
                f"{self._server.host} does not allow logging in on this port; check the port (usually 587 or 465)", permanent=True
            )
        try:
            if token:
                self._by_token(session, user, token)
            elif self._server.password is not None:
                _by_password(session, user, self._server.password())
        except smtplib.SMTPAuthenticationError as error:
            raise self._login_error(error) from error

    def _by_token(self, session: smtplib.SMTP, user: str, token: str) -> None:
        """Log in by RFC 7628 where it is offered, else by XOAUTH2, the only mechanism that Microsoft supports."""
        if "OAUTHBEARER" in session.esmtp_features.get("auth", "").upper().split():
            name = user.replace("=", "=3D").replace(",", "=2C")
            mechanism, initial, final = "OAUTHBEARER", f"n,a={name},\1auth=Bearer {token}\1\1", "\1"
        else:
            mechanism, initial, final = "XOAUTH2", f"user={user}\1auth=Bearer {token}\1\1", ""
        # The second call answers the server's explanation of a refusal, which expects an empty reply.
        session.auth(mechanism, lambda challenge=None: initial if not challenge else final)

    def _expect(self, answer: tuple[int, bytes], wanted: int = 2, about: str = "") -> None:
        """Raise ConnectorError unless the reply's first digit, which alone counts (RFC 5321, 4.3.2), is the one that is `wanted`."""
        code, words = answer
        if code // 100 == wanted:
            return
        if code < 0:
            raise smtplib.SMTPServerDisconnected
        message = f"{self._server.host} refused {about or 'the mail'}: {server_text(words)} ({code})"
        raise ConnectorError(message, permanent=500 <= code < 600)

    def _login_error(self, error: smtplib.SMTPAuthenticationError) -> ConnectorError:
        server, words = self._server, server_text(error.smtp_error)
        passing = error.smtp_code < 500 or is_passing(words)
        return login_error(server.host, server.username, words, passing=passing, granted=server.grant is not None)

    def _failure(self, error: Exception) -> ConnectorError:
        server = self._server
        if isinstance(error, smtplib.SMTPNotSupportedError):
            message = f"{server.host} (port {server.port}) cannot do what is needed: {server_text(error)} Check tls and the port"
            return WrongTlsError(message, permanent=True)
        if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
            return ConnectorError(
                f"{server.host} refused: {server_text(error.smtp_error)} ({error.smtp_code})", permanent=error.smtp_code >= 500
            )
        if isinstance(error, UnicodeError):
            return ConnectorError("an address or password has characters that this server does not accept", permanent=True)
        cause = error.__context__ if isinstance(error, smtplib.SMTPServerDisconnected) else None
        return server.connection_error(cause if isinstance(cause, OSError) else error)


def _by_password(session: smtplib.SMTP, user: str, password: str) -> None:
    """Log in; with UTF-8 (RFC 4616), of which smtplib knows nothing, where the user or the password has other letters than ASCII."""
    mechanisms = session.esmtp_features.get("auth", "").upper().split()
    if f"{user}{password}".isascii() or "PLAIN" not in mechanisms:
        session.login(user, password)
        return
    words = base64.b64encode(f"\0{user}\0{password}".encode()).decode()
    code, said = session.docmd("AUTH", f"PLAIN {words}")
    if code != _LOGGED_IN:
        raise smtplib.SMTPAuthenticationError(code, said)


class _PlainSMTP(smtplib.SMTP):
    """A session that begins in the clear; a server that waits for TLS instead is told at once."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        super().__init__(server.host, server.port, _NAME, timeout=server.timeout)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        connection = socket.create_connection((host, port), timeout)
        try:
            self._server.expect_greeting(connection)
        except ConnectorError:
            connection.close()
            raise
        return connection


def _dot_stuffed(content: bytes) -> bytes:
    """Return the mail as DATA requires it: leading dots doubled (RFC 5321, 4.5.2), a line end at its end."""
    body = content if content.endswith(b"\r\n") else content + b"\r\n"
    body = body.replace(b"\r\n.", b"\r\n..")
    return b"." + body if body.startswith(b".") else body


def _quit(session: smtplib.SMTP) -> None:
    try:
        if session.sock is not None:
            session.sock.settimeout(2)  # the outcome is known; a slow QUIT must not delay anyone
        session.quit()
    except (OSError, smtplib.SMTPException):
        session.close()

# ruff: noqa: N802  # aiosmtpd finds its handlers by these names
"""The SMTP server behind `mail_servers.smtp_sink`: takes mail, and fails at whatever command the sink's `trouble` names.

Imported only where aiosmtpd is installed.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
import warnings
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

if TYPE_CHECKING:
    from servers.mail_servers import Sink


async def fail(sink: Sink, server: Any, command: str) -> str | None:
    """Tell `watch` of a command, then do what `trouble` says of it: drop the connection, hang, or return the reply; None where it says nothing."""
    sink.watch(command)
    trouble = sink.trouble.get(command)
    if trouble == "drop":
        server.transport.abort()
        return "421 gone"
    if trouble == "hang":
        await asyncio.sleep(60)
    return trouble


class SinkServer(SMTP):  # type: ignore[misc]  # the library ships no types
    """The protocol, with the commands that may fail before the handler is asked."""

    def __init__(self, sink: Sink, handler: SinkHandler, **settings: Any) -> None:
        self.sink = sink
        super().__init__(handler, **settings)

    async def smtp_DATA(self, arg: str) -> None:
        reply = await fail(self.sink, self, "DATA")
        await (self.push(reply) if reply else super().smtp_DATA(arg))

    async def smtp_EHLO(self, hostname: str) -> None:
        reply = await fail(self.sink, self, "EHLO")
        await (self.push(reply) if reply else super().smtp_EHLO(hostname))

    async def smtp_AUTH(self, arg: str) -> None:
        reply = await fail(self.sink, self, "AUTH")
        await (self.push(reply) if reply else super().smtp_AUTH(arg))

    async def smtp_QUIT(self, arg: str) -> None:
        reply = await fail(self.sink, self, "QUIT")
        await (self.push(reply) if reply else super().smtp_QUIT(arg))


class SinkHandler:
    """Notes what was attempted and taken. `mechanism` is one by which `token` logs in, beside the password."""

    def __init__(self, sink: Sink, mechanism: str, token: str) -> None:
        self.sink, self.token = sink, token
        if mechanism:
            setattr(self, f"auth_{mechanism}", self.by_bearer)

    async def by_bearer(self, server: Any, args: list[str]) -> Any:
        if f"auth=Bearer {self.token}\1" in base64.b64decode(args[1]).decode():
            return AuthResult(success=True, auth_data=args[0])
        await server.challenge_auth('{"status":"invalid_token"}')
        return AuthResult(success=False, handled=False)

    async def handle_MAIL(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        self.sink.attempts += 1
        envelope.mail_from = address
        return await fail(self.sink, server, "MAIL") or "250 OK"

    async def handle_RCPT(self, server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        reply = await fail(self.sink, server, "RCPT")
        if reply is None:
            envelope.rcpt_tos.append(address)
        return reply or "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        trouble = self.sink.trouble.get("DOT", "")
        if trouble in {"", "drop", "hang"} or trouble.startswith("2"):  # who answers 2xx has it (RFC 5321, 4.3.2)
            self.sink.taken.append((envelope.mail_from, tuple(envelope.rcpt_tos), envelope.original_content))
        return await fail(self.sink, server, "DOT") or f"250 taken as {len(self.sink.taken)}"


def controller(sink: Sink, context: ssl.SSLContext, tls: str, *, log_in: bool, mechanism: str, token: str) -> Any:
    """The thread that serves the sink; `tls` as our own setting has it."""
    handler = SinkHandler(sink, mechanism, token)

    def check(_server: Any, _session: Any, _envelope: Any, by: str, data: Any) -> Any:
        right = by in {"PLAIN", "LOGIN"} and (data.login, data.password) == (sink.user.encode(), sink.password.encode())
        return AuthResult(success=right, handled=False)

    class Private(Controller):  # type: ignore[misc]  # the library ships no types
        def factory(self) -> Any:
            warnings.filterwarnings("ignore", "Requiring AUTH", UserWarning)  # with TLS from the start it knows of none
            return SinkServer(
                sink,
                handler,
                hostname="sink",
                tls_context=context if tls == "starttls" else None,
                authenticator=check if log_in else None,
                auth_required=log_in,
                auth_require_tls=False,
                require_starttls=tls == "starttls",
            )

    return Private(handler, hostname="127.0.0.1", port=sink.port, ssl_context=context if tls == "implicit" else None)

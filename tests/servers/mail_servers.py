"""An SMTP server that fails on demand, and a proxy that breaks connections: what goes wrong between us and a mail server."""

from __future__ import annotations

import contextlib
import itertools
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from connectors.imap.mailbox import ImapMailbox
from servers.ports import free_port
from servers.processes import OAUTH_TOKEN, PASSWORD, Dovecot, certificate, needs, private_folder


@dataclass(slots=True)
class Sink:
    """An SMTP server that keeps what it is given. `trouble` says what happens at a command: EHLO, AUTH, MAIL, RCPT, QUIT,
    DATA (before the mail) or DOT (after its last dot): an answer such as "451 later", or "drop", or "hang". `watch` is told of each
    of these commands before it is answered.
    """

    host: str
    port: int
    ca_file: Path
    user: str = "alice@example.test"
    password: str = PASSWORD
    trouble: dict[str, str] = field(default_factory=dict)
    taken: list[tuple[str, tuple[str, ...], bytes]] = field(default_factory=list)
    attempts: int = 0
    watch: Callable[[str], None] = lambda _command: None


@contextlib.contextmanager
def smtp_sink(tls: str = "none", *, log_in: bool = False, by_token: str = "") -> Iterator[Sink]:
    """A private SMTP server in this process; `tls` as our own setting has it, `by_token` a mechanism that takes OAUTH_TOKEN."""
    needs("aiosmtpd")
    from servers import smtp_sink as sink_server

    with private_folder("smtp") as folder:
        cert, key = certificate(folder)
        sink = Sink("127.0.0.1", free_port(), cert)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        controller = sink_server.controller(sink, context, tls, log_in=log_in, mechanism=by_token, token=OAUTH_TOKEN)
        controller.start()
        try:
            yield sink
        finally:
            controller.stop()


@dataclass(slots=True)
class Proxy:
    """Stands before a server on `port`. After `cut` more bytes of its answers the connection breaks, or with `mute` goes quiet."""

    port: int
    cut: int | None = None
    mute: bool = False
    connections: int = 0


@contextlib.contextmanager
def proxy(target: int) -> Iterator[Proxy]:
    """A TCP proxy to a port of loopback."""
    listener = socket.create_server(("127.0.0.1", 0))
    state = Proxy(int(listener.getsockname()[1]))
    open_ends: list[socket.socket] = []

    def pump(source: socket.socket, sink: socket.socket, *, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                if answers and state.cut is not None:
                    data, state.cut = data[: state.cut], state.cut - len(data)
                    sink.sendall(data)
                    if state.cut <= 0:
                        state.cut = 0
                        if state.mute:
                            continue
                        break
                    continue
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                state.connections += 1
                server = socket.create_connection(("127.0.0.1", target))
                open_ends.extend((client, server))
                threading.Thread(target=pump, args=(client, server), kwargs={"answers": False}, daemon=True).start()
                threading.Thread(target=pump, args=(server, client), kwargs={"answers": True}, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield state
    finally:
        for end in (listener, *open_ends):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


# --- mailboxes at a Dovecot of servers.py --------------------------------------------------------------------------------------

_numbers = itertools.count()


def fresh_user() -> str:
    """Somebody whose mailbox is empty."""
    return f"user{next(_numbers)}@example.test"


def mailbox_of(dovecot: Dovecot, user: str, **settings: Any) -> ImapMailbox:
    """That user's mailbox; `settings` override how it is reached."""
    given = {"host": dovecot.host, "port": dovecot.port, "tls": "none", "username": user, "password": lambda: dovecot.password}
    return ImapMailbox(**{**given, **settings})

"""The windows of a send: what is told, command by command, of the talk between Kept and its servers, so that a kill can be aimed at it.

An SMTP sink tells its commands itself (`Sink.watch`). Before IMAP and CalDAV servers stands a proxy that tells when an APPEND or a
PUT has arrived and is not yet passed on, when its answer is there and not yet passed on, and when the answer has been passed on.
"""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Watch = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Command:
    """A command to watch for: how it begins, and how its answer does (`%s` stands for the command's tag)."""

    name: str
    begins: re.Pattern[bytes]
    answer: bytes


APPEND = Command("APPEND", re.compile(rb"(?:^|\n)(\S+) APPEND "), rb"(?:^|\n)%s (?:OK|NO|BAD)")
PUT = Command("PUT", re.compile(rb"(?:^|\n)(PUT) /"), rb"HTTP/1\.[01] [2-5]")
STAGES = ("arrived", "done", "answered")


@contextlib.contextmanager
def watched(target: int, command: Command, watch: Watch) -> Iterator[int]:
    """A TCP proxy to a port of loopback that tells `watch` of a command's stages ("APPEND arrived"); yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                talk = _Talk(client, socket.create_connection(("127.0.0.1", target)), command, watch)
                threading.Thread(target=talk.run, daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


class _Talk:
    """One connection through the proxy."""

    def __init__(self, client: socket.socket, server: socket.socket, command: Command, watch: Watch) -> None:
        self._client, self._server, self._command, self._watch = client, server, command, watch
        self._answer: re.Pattern[bytes] | None = None  # of the command under way

    def run(self) -> None:
        """Pass everything on, in both directions, until one side ends."""
        other = threading.Thread(target=self._down, daemon=True)
        other.start()
        self._up()
        other.join()
        self._client.close()
        self._server.close()

    def _up(self) -> None:
        """Pass on what the client says."""
        with contextlib.suppress(OSError):
            while data := self._client.recv(65536):
                if found := self._command.begins.search(data):
                    tag = re.escape(found.group(1))
                    self._answer = re.compile(self._command.answer.replace(b"%s", tag))
                    self._watch(f"{self._command.name} {STAGES[0]}")
                self._server.sendall(data)
        self._end()

    def _down(self) -> None:
        """Pass on what the server says."""
        with contextlib.suppress(OSError):
            while data := self._server.recv(65536):
                done = self._answer is not None and self._answer.search(data) is not None
                if done:
                    self._answer = None
                    self._watch(f"{self._command.name} {STAGES[1]}")
                self._client.sendall(data)
                if done:
                    self._watch(f"{self._command.name} {STAGES[2]}")
        self._end()

    def _end(self) -> None:
        for end in (self._client, self._server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

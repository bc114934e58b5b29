"""The IMAP connection itself: what a server sends is read within limits, whatever it claims about it.

By hand beneath imaplib, because that gives up the connection for a line of more than 1 MB, makes room for a literal of any size that a
server announces, waits for ever for one that sends a byte a minute, and would take what came before TLS began for words under TLS.
"""

from __future__ import annotations

import imaplib
import re
import socket
import time
from typing import Any

from imapclient import IMAPClient
from imapclient.imap_utf7 import encode
from imapclient.tls import wrap_socket

from connectors.errors import ConnectorError
from connectors.net.tls import MailServer

LINE = 1_000_000  # bytes of a line; imaplib's own limit
ANSWER = 24 * 1024 * 1024  # bytes of all answers to one command that are kept
_LITERAL = 64 * 1024  # bytes of a literal that are kept, unless the command asked for more
_GIVE_UP = 256 * 1024 * 1024  # bytes of answers to one command after which the connection is ended
_SLOWEST = 1024  # bytes a second that an answer must bring once it has taken many times the usual patience
_PATIENCE = 10.0  # times the timeout of a silence, for one command altogether
_ANNOUNCED = re.compile(rb"\{(\d+)\}\s*$")
_DIGITS = 15  # of the size of a literal that may be believed
_NOTHING = b"* OK\r\n"  # stands for a line that was not kept


class Wire(imaplib.IMAP4):
    """imaplib's connection. `overflowed` tells that some answer since `begin` was larger than what is kept."""

    def __init__(self, server: MailServer, context: Any) -> None:
        self._server, self._context = server, context
        self._buffer = bytearray()
        self._source: socket.socket | None = None  # that the buffer came from
        self.overflowed = False
        self.begin()
        super().__init__(server.host, server.port, server.timeout)

    def begin(self, literal: int = _LITERAL) -> None:
        """Forget what was counted: a command begins, to which literals of up to `literal` bytes are an answer."""
        self._literal = max(literal, _LITERAL)
        self._began, self._received, self._kept = time.monotonic(), 0, 0
        self.overflowed = False

    @property
    def buffered(self) -> bool:
        """Whether something was received that no command has read yet."""
        return bool(self._buffer)

    def read(self, size: int) -> bytes:
        """Return a literal, or its beginning where it is larger than was asked for; the rest is read and dropped."""
        keep = min(size, self._literal)
        if self._kept >= ANSWER:
            keep, self.overflowed = 0, True
        kept = bytearray()
        while size:
            if not self._buffer:
                self._fill()
            part = self._take(min(size, len(self._buffer)))
            size -= len(part)
            kept += part[: keep - len(kept)]
        self._kept += len(kept)
        return bytes(kept)

    def readline(self) -> bytes:
        """Return a line. One that is too long is read to its end, with the literals in it, and dropped."""
        line, whole = self._line()
        if whole and self._kept < ANSWER:
            self._kept += len(line)
            return line
        if whole and not line.startswith(b"* "):
            return line  # the end of the command, or of a response that began before
        self.overflowed = True
        while announced := _ANNOUNCED.search(line):
            self._drop(int(announced.group(1)))
            line, _ = self._line()
        return _NOTHING

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        plain = socket.create_connection((self.host, self.port), timeout)
        if self._server.tls != "implicit":
            try:
                self._server.expect_greeting(plain)
            except ConnectorError:
                plain.close()
                raise
        if self._server.tls == "implicit":
            encrypted: socket.socket = wrap_socket(plain, self._context, self.host)
            return encrypted
        return plain

    def _line(self) -> tuple[bytes, bool]:
        """Return the next line and whether it is whole; of one that is too long only the end. Its literal's size may be believed."""
        self._drop_what_came_before_tls()
        whole, start = True, 0
        while (end := self._buffer.find(b"\n", start)) < 0:
            start = len(self._buffer)
            if start > LINE:
                self._take(start - 100)  # so that the size of a literal at its end is seen
                whole, start = False, 0
            self._fill()
        line = self._take(end + 1)
        if len(line) > LINE:
            line, whole = line[-100:], False
        announced = _ANNOUNCED.search(line, max(0, len(line) - 5000))
        if announced is not None and len(announced.group(1)) > _DIGITS:
            raise self.abort("it announced an answer of an impossible size")
        return line, whole

    def _drop_what_came_before_tls(self) -> None:
        """Forget what came in the clear after the go-ahead to TLS: anybody could have added it (RFC 9051, 11.1)."""
        if self._source is not self.sock:
            self._buffer, self._source = bytearray(), self.sock

    def _drop(self, size: int) -> None:
        while size:
            if not self._buffer:
                self._fill()
            size -= len(self._take(min(size, len(self._buffer))))

    def _take(self, size: int) -> bytes:
        taken = bytes(self._buffer[:size])
        del self._buffer[:size]
        return taken

    def _fill(self) -> None:
        """Receive more. Raises `abort` at the end of the connection, and where a command is answered without end or too slowly."""
        data = self.sock.recv(65536)
        if not data:
            raise self.abort("socket error: EOF")
        self._buffer += data
        self._received += len(data)
        if self._received > _GIVE_UP:
            raise self.abort("its answer had no end")
        if time.monotonic() - self._began > _PATIENCE * self._server.timeout + self._received / _SLOWEST:
            raise TimeoutError


class Client(IMAPClient):  # type: ignore[misc]  # the library has no types
    """imapclient over a `Wire`, with folder names as the server has them, and times in their own zone."""

    def __init__(self, server: MailServer, context: Any) -> None:
        self._given = server, context
        implicit = server.tls == "implicit"
        super().__init__(
            server.host, server.port, ssl=implicit, ssl_context=context if implicit else None, timeout=server.timeout
        )
        self.normalise_times = False  # aware times, not this machine's local ones
        self._imap.debug = 0  # otherwise every line of mail is formatted for a log that must not contain it

    @property
    def wire(self) -> Wire:
        """The connection."""
        wire: Wire = self._imap
        return wire

    def _normalise_folder(self, folder_name: str | bytes) -> bytes:
        """Return a folder's name as a quoted string; bytes go out as the server sent them, whatever they are."""
        raw = folder_name if isinstance(folder_name, bytes) else encode(folder_name)
        return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'

    def _create_IMAP4(self) -> Wire:  # noqa: N802  # the library's name
        return Wire(*self._given)

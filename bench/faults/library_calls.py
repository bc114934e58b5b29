"""Make one call of a library, or of the operating system, fail: each kind of call, with what it can really raise.

A process that has `install`ed a tap counts its calls by kind; one of them can be made to fail, before it has done anything, or (where
an answer can be lost) after it has done everything. What is changed here stays changed: install it in a child.
"""

from __future__ import annotations

import builtins
import errno
import functools
import io
import os
import smtplib
import socket
import sqlite3
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

DONE = ", done"  # the end of a kind whose call fails after it has done everything: its answer is lost
SENDS = (
    "imapclient: append",
    "HTTP request: request PUT",
    "smtplib: send",
    "smtplib: getreply",
    "os.replace .kept-",
    "os.write sent.jsonl",
)
Make = Callable[[], Exception]


def _os_error(number: int) -> Make:
    return lambda: OSError(number, os.strerror(number))


def _sqlite_error(words: str, name: str, kind: type[sqlite3.Error] = sqlite3.OperationalError) -> Make:
    def make() -> Exception:
        error = kind(words)
        error.sqlite_errorname = name
        return error

    return make


def _eof_within_tls() -> Exception:
    error = ssl.SSLEOFError(8, "EOF occurred in violation of protocol")
    error.reason = "UNEXPECTED_EOF_WHILE_READING"  # as OpenSSL sets it
    return error


_DISK = [_os_error(n) for n in (errno.EIO, errno.ENOSPC, errno.EACCES)]
_UNREAD = [_os_error(n) for n in (errno.EIO, errno.EACCES)]
_UNSTORED = [
    _sqlite_error("disk I/O error", "SQLITE_IOERR_WRITE"),
    _sqlite_error("database is locked", "SQLITE_BUSY"),
    _sqlite_error("database or disk is full", "SQLITE_FULL"),
]
_UNFETCHED = [
    _sqlite_error("disk I/O error", "SQLITE_IOERR_READ"),
    _sqlite_error("database disk image is malformed", "SQLITE_CORRUPT", sqlite3.DatabaseError),
]
_BROKEN: list[Make] = [
    lambda: ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
    lambda: TimeoutError("timed out"),
    lambda: BrokenPipeError(errno.EPIPE, "Broken pipe"),
]
_BROKEN_TLS: list[Make] = [*_BROKEN, _eof_within_tls]
_UNREACHABLE: list[Make] = [
    lambda: ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"),
    lambda: TimeoutError("timed out"),
    _os_error(errno.EHOSTUNREACH),
]
_CUT_SMTP: list[Make] = [lambda: smtplib.SMTPServerDisconnected("Connection unexpectedly closed"), *_BROKEN]


def _imap_errors() -> list[Make]:
    from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, ProtocolError  # noqa: PLC0415  # where it is asked

    return [
        lambda: IMAPClientError("command failed: [SERVERBUG] Internal error"),
        lambda: IMAPClientAbortError("socket error: EOF"),
        lambda: ProtocolError("unexpected token"),
        *_BROKEN,
    ]


def _web_errors() -> list[Make]:
    from caldav.lib.http_sync import requests  # noqa: PLC0415  # the library that caldav has chosen

    e = requests.exceptions
    return [
        lambda: e.ConnectionError("Connection aborted."),
        lambda: e.ReadTimeout("Read timed out."),
        lambda: e.ChunkedEncodingError("Connection broken: IncompleteRead"),
        lambda: e.SSLError("EOF occurred in violation of protocol"),
    ]


@dataclass
class Tap:
    """Counts the calls of one thread by kind, and makes the `number`th of `kind` fail. Of the file system only `folder` counts."""

    folder: Path
    kind: str = ""
    number: int = 0
    choice: int = 0  # which of the errors of that kind
    counts: Counter[str] = field(default_factory=Counter)
    sends: dict[str, list[int]] = field(default_factory=dict)  # kind -> which of its calls were part of a send, draft or booking
    raised: str = ""  # what was raised where, once it was
    during: str = ""  # what was going on: set by the life
    raised_during: str = ""
    idle: bool = True
    _thread: int = field(default_factory=threading.get_ident)

    @contextmanager
    def counting(self) -> Iterator[None]:
        """Count, and make fail, during the block."""
        self.idle = False
        try:
            yield
        finally:
            self.idle = True

    def call(self, kind: str, errors: list[Make], real: Callable[..., Any], *args: Any, label: str = "", **kwargs: Any) -> Any:
        """Make the call, or fail in its stead or after it."""
        if self.idle or threading.get_ident() != self._thread:
            return real(*args, **kwargs)
        self.counts[kind] += 1
        if label.startswith(SENDS):
            self.sends.setdefault(kind, []).append(self.counts[kind])
        if self.raised or self.kind.removesuffix(DONE) != kind or self.counts[kind] != self.number:
            return real(*args, **kwargs)
        error = errors[self.choice % len(errors)]()
        self.raised, self.raised_during = f"{label or kind}: {type(error).__name__}({error})", self.during
        if self.kind.endswith(DONE):
            real(*args, **kwargs)
        raise error

    def in_folder(self, what: Any) -> bool:
        """Return whether a path or the file behind a descriptor lies in the folder."""
        if isinstance(what, int):
            try:
                what = Path(f"/proc/self/fd/{what}").readlink()
            except OSError:
                return False
        return str(os.fsdecode(what) if isinstance(what, (bytes, str, os.PathLike)) else "").startswith(str(self.folder))


def install(tap: Tap) -> None:
    """Have every call of this process go through the tap."""
    _install_sqlite(tap)
    _install_files(tap)
    _install_sockets(tap)
    _install_libraries(tap)


def _install_sqlite(tap: Tap) -> None:
    def through(kind: str, errors: list[Make], name: str, owner: type) -> Callable[..., Any]:
        real = getattr(owner, name)
        return lambda self, *args: tap.call(kind, errors, real, self, *args, label=f"{kind} {_words(args)}")

    class Cursor(sqlite3.Cursor):
        """A cursor through the tap."""

    class Connection(sqlite3.Connection):
        """A connection through the tap."""

        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

    for name in ("execute", "executemany"):
        setattr(Cursor, name, through("sqlite execute", _UNSTORED, name, sqlite3.Cursor))
    for name in ("fetchone", "fetchmany", "fetchall"):
        setattr(Cursor, name, through("sqlite fetch", _UNFETCHED, name, sqlite3.Cursor))
    setattr(Connection, "execute", through("sqlite execute", _UNSTORED, "execute", sqlite3.Connection))  # noqa: B010  # as above
    setattr(Connection, "commit", through("sqlite commit", _UNSTORED, "commit", sqlite3.Connection))  # noqa: B010  # as above
    connect = sqlite3.connect

    def connected(*args: Any, **kwargs: Any) -> Any:
        return tap.call("sqlite connect", _UNFETCHED, functools.partial(connect, factory=Connection), *args, **kwargs)

    sqlite3.connect = sqlite3.dbapi2.connect = connected


def _words(args: tuple[Any, ...]) -> str:
    return " ".join(str(args[0]).split())[:60] if args else ""


_PATHS = {
    "replace": _DISK, "rename": _DISK, "link": _DISK, "unlink": _DISK, "mkdir": _DISK, "chmod": _DISK, "scandir": _UNREAD,
    "listdir": _UNREAD, "stat": _UNREAD, "open": _DISK, "statvfs": _UNREAD, "fsync": _DISK, "write": _DISK, "fchmod": _DISK,
    "fstat": _UNREAD, "pread": _UNREAD,
}  # fmt: skip


def _install_files(tap: Tap) -> None:
    for name, errors in _PATHS.items():
        real = getattr(os, name)

        def through(*args: Any, _real: Any = real, _name: str = name, _errors: list[Make] = errors, **kwargs: Any) -> Any:
            if not args or not tap.in_folder(args[0]):
                return _real(*args, **kwargs)
            return tap.call(f"os.{_name}", _errors, _real, *args, label=f"os.{_name} {Path(str(args[0])).name}", **kwargs)

        setattr(os, name, functools.update_wrapper(through, real))
    real_open = io.open

    def opened(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        if isinstance(file, int) or not tap.in_folder(file):
            return real_open(file, mode, *args, **kwargs)
        writes = any(letter in mode for letter in "wax+")
        kind, errors = ("open to write", _DISK) if writes else ("open to read", _UNREAD)
        return tap.call(kind, errors, real_open, file, mode, *args, label=f"{kind} {Path(str(file)).name}", **kwargs)

    io.open = opened
    builtins.open = opened


def _install_sockets(tap: Tap) -> None:
    for kind, owner, broken in (("socket", socket.socket, _BROKEN), ("TLS", ssl.SSLSocket, _BROKEN_TLS)):
        ways = {"connect": ("connect",), "send": ("send", "sendall"), "receive": ("recv", "recv_into")}
        for way, names in ways.items():
            for name in names:
                _route(tap, owner, name, f"{kind} {way}", _UNREACHABLE if way == "connect" else broken)


def _install_libraries(tap: Tap) -> None:
    from caldav.lib.http_sync import requests  # noqa: PLC0415  # only where servers are asked
    from imapclient import IMAPClient  # noqa: PLC0415  # the same

    from connectors.imap.wire import Client  # noqa: PLC0415  # the same

    names = "login noop folder_status select_folder close_folder search append create_folder subscribe_folder namespace logout"
    for name in names.split():
        _route(tap, Client if name in vars(Client) else IMAPClient, name, "imapclient", _imap_errors())
    for name in ("ehlo", "mail", "rcpt", "docmd", "send", "getreply", "quit"):
        _route(tap, smtplib.SMTP, name, "smtplib", _CUT_SMTP)
    _route(tap, requests.Session, "request", "HTTP request", _web_errors())


def _route(tap: Tap, owner: type, name: str, kind: str, errors: list[Make]) -> None:
    real = getattr(owner, name)

    def through(self: Any, *args: Any, **kwargs: Any) -> Any:
        label = f"{kind}: {name} {args[0] if kind == 'HTTP request' else ''}"
        return tap.call(kind, errors, real, self, *args, label=label.strip(), **kwargs)

    setattr(owner, name, functools.update_wrapper(through, real))

"""Logs for an engineer, on standard error and in the state directory. They never contain a secret or the words of a mail.

Built on standard logging alone: importing structlog costs 4.8 MB and 0.1 s in every command (it imports rich for coloured
tracebacks wherever that is installed), and the one thing it gave, events with facts as keywords, takes the few lines below.
"""

from __future__ import annotations

import contextlib
import json
import logging
import logging.handlers
import os
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from connectors.errors import ConnectorError
from daemon.errors import StoreError

FILE = "kept.log"
HIDDEN = frozenset(
    {"password", "passwd", "secret", "token", "authorization", "credential", "text", "body", "html", "quote", "subject"}
)
_MAX_BYTES, _OLD_FILES = 1_000_000, 4
_SILENCE = 600.0  # seconds without a failure of the store after which the same one is news again
_store_failures: dict[tuple[str, str, str], tuple[str, float]] = {}  # event -> the last failure, and when it was


class Logger(logging.LoggerAdapter[logging.Logger]):
    """A logger whose methods take the facts of an event as keywords other than msg and level: `log.info("read", messages=3)`."""

    def process(self, msg: Any, kwargs: MutableMapping[str, Any]) -> tuple[Any, MutableMapping[str, Any]]:
        """Return the event, and its keywords as the record's `facts`."""
        error = kwargs.pop("exc_info", None)
        return msg, {"exc_info": error, "extra": {"facts": dict(kwargs)}}

    def exception(self, msg: object, *args: object, **kwargs: Any) -> None:
        """Log the exception being handled. A failing disk or database is one line, and not again as long as it fails in the same way."""
        error = sys.exc_info()[1]
        if not isinstance(error, StoreError):
            super().exception(msg, *args, **kwargs)
            return
        now, event = time.monotonic(), (self.logger.name, str(msg), repr(sorted(kwargs.items())))
        before, seen = _store_failures.get(event, ("", -_SILENCE))
        _store_failures[event] = (error.message, now)
        if error.message != before or now - seen >= _SILENCE:
            self.error(msg, *args, error=error.message, exc_info=error if error.message != before else None, **kwargs)


def get_logger(name: str) -> Logger:
    """Return a module's logger."""
    return Logger(logging.getLogger(name))


def set_up(*, aloud: bool = False) -> None:
    """Configure logging. Only the daemon logs to standard error (`aloud`): readable in a terminal, as lines of JSON elsewhere."""
    handler: logging.Handler = logging.NullHandler()
    if aloud:
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_TerminalFormatter() if sys.stderr.isatty() else _JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    logging.getLogger("alembic").setLevel(logging.WARNING)


def is_set_up() -> bool:
    """Tell whether logging is configured."""
    return bool(logging.getLogger().handlers)


def to_file(folder: Path) -> None:
    """Log into the state directory too, to at most five files of a megabyte that only their owner can read."""
    handler = _PrivateFileHandler(folder / FILE, maxBytes=_MAX_BYTES, backupCount=_OLD_FILES, encoding="utf-8", delay=True)
    with contextlib.suppress(OSError):  # Kept runs whether or not it can log; the next line tries to open the file again
        handler.stream = handler._open()  # noqa: SLF001  # our own class
    handler.setFormatter(_JsonFormatter())
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h, _PrivateFileHandler)]:  # one state directory at a time
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)


class _PrivateFileHandler(logging.handlers.RotatingFileHandler):
    """Writes log files that only their owner can read, whatever the umask is."""

    def _open(self) -> TextIOWrapper:
        number = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            os.fchmod(number, 0o600)
        except OSError:
            os.close(number)
            raise
        return os.fdopen(number, "a", encoding="utf-8", errors="backslashreplace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's name
        """Pass over a full or failing disk: the line stands on standard error too, and a traceback for each would fill that."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handleError(record)


class _JsonFormatter(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        event = {"event": record.getMessage(), "level": record.levelname.lower(), "logger": record.name}
        event |= {"timestamp": _timestamp(record)} | _facts(record)
        if error := _exception(record):
            event["exception"] = error
        return json.dumps(event, default=repr)


class _TerminalFormatter(logging.Formatter):
    """A record as a line for people, in the computer's time zone; an exception's frames follow it."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).astimezone()
        level = f"{record.levelname.capitalize()}: " if record.levelno >= logging.WARNING else ""
        facts = ", ".join(f"{key} {_in_words(value)}" for key, value in _facts(record).items() if value not in (None, "", [], {}))
        line = f"{at:%Y-%m-%d %H:%M:%S}  {level}{record.getMessage()}{f' ({facts})' if facts else ''}"
        printable = "".join(c if c.isprintable() else " " for c in line)
        return f"{printable}\n{_exception(record)}".rstrip()


def _in_words(value: Any) -> str:
    """Return a fact without the brackets and quotation marks of a program."""
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_in_words(inner)}" for key, inner in value.items())
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(_in_words, value))
    return str(value)


def _timestamp(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z")


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    """Return the keywords of an event, with what is named like a secret or a part of a mail hidden, however deep it is nested."""
    facts: Mapping[str, Any] = getattr(record, "facts", {})
    return {key: _hidden(key, value) for key, value in facts.items()}


def _hidden(key: str, value: Any) -> Any:
    if any(word.removesuffix("s") in HIDDEN for word in key.lower().replace("-", "_").split("_")):
        return "(hidden)"
    if isinstance(value, Mapping):
        return {inner: _hidden(str(inner), content) for inner, content in value.items()}
    return value


def _exception(record: logging.LogRecord) -> str:
    """Return an exception's frames and types, "" without one.

    Its message is left out, because a database's error repeats the row and a parser's the mail.
    """
    error = record.exc_info[1] if record.exc_info else None
    return "".join(_frames(error)) if error else ""


def _frames(error: BaseException) -> Iterator[str]:
    """Yield the frames of the error and of those that led to it, the earliest first."""
    chain: list[BaseException] = []
    earlier: BaseException | None = error
    while earlier is not None and earlier not in chain:
        chain.append(earlier)
        earlier = earlier.__cause__ or (None if earlier.__suppress_context__ else earlier.__context__)
    for link in reversed(chain):
        yield from traceback.format_tb(link.__traceback__)
        safe = isinstance(link, ConnectorError | OSError)  # their messages are Kept's own or the operating system's
        yield f"{type(link).__module__}.{type(link).__qualname__}{f': {link}' if safe else ''}\n"

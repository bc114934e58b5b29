"""Logs: for an engineer, on standard error and in the state directory. No secret and no word of a mail is ever in them."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
import traceback
from collections.abc import Iterator, Mapping, MutableMapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from connectors.errors import ConnectorError

_WITH_RICH = sys.modules.get("rich")
sys.modules["rich"] = None  # type: ignore[assignment]  # structlog colours tracebacks with it if it can: 5 MB in a daemon that shows none
try:
    import structlog
finally:
    sys.modules.pop("rich", None)
    if _WITH_RICH is not None:
        sys.modules["rich"] = _WITH_RICH

FILE = "kept.log"
HIDDEN = frozenset(
    {"password", "passwd", "secret", "token", "authorization", "credential", "text", "body", "html", "quote", "subject"}
)
_SHARED: list[Any] = []


def set_up(*, aloud: bool = False) -> None:
    """Make loggers ready. Only the daemon logs to standard error (`aloud`): for people in a terminal, as JSON lines elsewhere."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide,
    ]
    _SHARED[:] = shared
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler: logging.Handler = logging.NullHandler()
    if aloud:
        handler = logging.StreamHandler(sys.stderr)
        terminal = sys.stderr.isatty()
        handler.setFormatter(_formatter(structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer()))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for chatty in ("apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def is_set_up() -> bool:
    """Whether somebody has made loggers ready."""
    return bool(structlog.is_configured())


def get_logger(name: str) -> Any:
    """A module's logger."""
    return structlog.get_logger(name)


def to_file(folder: Path) -> None:
    """Log into the state directory too, five files of a megabyte at most, readable by their owner alone."""
    handler = _PrivateFile(folder / FILE, maxBytes=1_000_000, backupCount=4, encoding="utf-8")
    handler.setFormatter(_formatter(structlog.processors.JSONRenderer()))
    root = logging.getLogger()
    for old in [h for h in root.handlers if isinstance(h, _PrivateFile)]:  # one state directory at a time
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A log file, and each one that follows it, readable by its owner alone whatever the umask is."""

    def _open(self) -> TextIOWrapper:
        number = os.open(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        os.fchmod(number, 0o600)
        return os.fdopen(number, "a", encoding="utf-8", errors="backslashreplace")


def hide(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Whatever is named like a secret or a part of a mail is left out, however deep it lies."""
    return {key: value if key == "event" else _seemly(key, value) for key, value in event.items()}


def _seemly(key: str, value: Any) -> Any:
    if any(word.removesuffix("s") in HIDDEN for word in key.lower().replace("-", "_").split("_")):
        return "(hidden)"
    if isinstance(value, Mapping):
        return {inner: _seemly(str(inner), content) for inner, content in value.items()}
    return value


def without_words(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception becomes its frames and types. Its message stays out: a database's repeats the row, a parser's the mail."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = "".join(_frames(error))
    return event


def _frames(error: BaseException) -> Iterator[str]:
    """The frames of the error and of what led to it, earliest first."""
    chain: list[BaseException] = []
    earlier: BaseException | None = error
    while earlier is not None and earlier not in chain:
        chain.append(earlier)
        earlier = earlier.__cause__ or (None if earlier.__suppress_context__ else earlier.__context__)
    for link in reversed(chain):
        yield from traceback.format_tb(link.__traceback__)
        known = isinstance(link, ConnectorError | OSError)  # their words are ours or the system's
        yield f"{type(link).__module__}.{type(link).__qualname__}{f': {link}' if known else ''}\n"


def _formatter(last: Any) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, without_words, last],
    )

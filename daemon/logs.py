"""Logs: for an engineer, on standard error and in the state directory. No secret and no word of a mail is ever in them."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import structlog

FILE = "kept.log"
HIDDEN = ("password", "secret", "token", "authorization", "credential", "text", "body", "html", "quote", "subject")
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


def to_file(folder: Path) -> None:
    """Log into the state directory too, five files of a megabyte at most, readable by their owner alone."""
    path = folder / FILE
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600))
    handler = logging.handlers.RotatingFileHandler(path, maxBytes=1_000_000, backupCount=4, encoding="utf-8")
    handler.setFormatter(_formatter(structlog.processors.JSONRenderer()))
    logging.getLogger().addHandler(handler)


def hide(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Whatever is named like a secret or a part of a mail is left out."""
    for key in event:
        if key != "event" and any(word in key.lower() for word in HIDDEN):
            event[key] = "(hidden)"
    return event


def _formatter(last: Any) -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_SHARED,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.processors.format_exc_info, last],
    )

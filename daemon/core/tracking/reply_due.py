"""When what a client asks is due: at the time that its words name, else at the end of what the charter allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeAlias

from daemon.core import hours
from daemon.core.tracking import requests
from daemon.core.tracking.questions import Question
from daemon.core.tracking.requests import ClientRequest
from daemon.glossary.charter import Allowance, WorkingHours
from daemon.glossary.obligations import Kind
from daemon.glossary.timelines import Entry

Allowances: TypeAlias = Callable[[Kind, datetime], Allowance | None]
"""How long a reply or a callback may take by the charter in force at a moment."""


def due(working: WorkingHours, allowances: Allowances, kind: Kind, entry: Entry, parts: Sequence[str] = ("",)) -> datetime | None:
    """Return when what a message asks, or parts of it, are due; None where the charter grants no such thing."""
    allowance = allowances(kind, entry.at)
    return requests.due_by_words(entry, kind, hours.add(working, entry.at, allowance), parts) if allowance else None


def due_of_rest(
    working: WorkingHours, allowances: Allowances, request: ClientRequest, left: tuple[Question, ...]
) -> datetime | None:
    """Return when the questions that an answer left open are due: by their own words and those of every later ask."""
    then = due(working, allowances, request.kind, request.first, [question.quote for question in left])
    for entry, _ in request.asks[1:]:
        then = requests.due_by_words(entry, request.kind, then) if then else None
    return then

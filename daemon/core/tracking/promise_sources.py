"""Where promises stand, the words of a mail or the notes of a meeting, and the meetings that the tracking of promises follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

from daemon import reading
from daemon.core import meetings, messages
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.story_cache import Happening
from daemon.glossary.obligations import Evidence
from daemon.reading import Act, ActKind


class PromiseSource(NamedTuple):
    """Where the words of a promise stand."""

    source: Evidence
    contact: str | None
    conversation: str
    subject: str
    message_id: str | None
    context: frozenset[str]
    answerable: str


def happenings(inputs: AssessmentInputs) -> Iterator[Happening]:
    """Yield when each meeting was booked and when it began, and after the mail of that moment its notes."""
    for event in inputs.timeline.events:
        if not meetings.takes_place(event, inputs.timeline) or meetings.is_kepts(event, inputs.timeline):
            continue
        start, name = event.start.astimezone(UTC), f"{event.uid} {event.occurrence}"
        if event.created is not None:
            yield Happening(event.created.astimezone(UTC), 0, name, event, "booked")
        if start <= inputs.now:
            yield Happening(start, 0, name, event, "began")
            yield Happening(start, 2, name, event, "notes")


@lru_cache(maxsize=1024)
def promises_in_notes(text: str, at: datetime, writer: str, frame: reading.TimeContext) -> tuple[Act, ...]:
    """Return the promises in the notes of a meeting; times are counted from the meeting's day."""
    notes = reading.read(reading.ReaderInput("sent", writer, (), (), at, "", text, user=(writer,), time_context=frame))
    return tuple(a for a in notes.of(ActKind.PROMISE) if a.confidence >= messages.POSSIBLE)

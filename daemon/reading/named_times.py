"""Times that a person names by themselves, outside a message: "tomorrow", "Monday", "2026-03-05", "Friday 3pm", "in two hours"."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from daemon.reading.languages.detection import LANGUAGES
from daemon.reading.times.due_times import find_due_phrases
from daemon.reading.values import Due, TimeContext

_EXACT = frozenset({"minute", "hour", "part of day"})  # how precise words are that mean more than a day
LONGEST = 80  # characters of what is looked at


def moment_named(text: str, now: datetime, context: TimeContext) -> datetime | None:
    """Return when what is put off until then begins: a day or a week at its first midnight, a clock time at that time.

    Times are those of `context.time_zone`; a date or time without an offset is too. None where the words name no moment.
    """
    words, zone = " ".join(text.split())[:LONGEST], ZoneInfo(context.time_zone)
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        return _in_words(words, now.astimezone(zone), context, zone)
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _in_words(words: str, now: datetime, context: TimeContext, zone: ZoneInfo) -> datetime | None:
    for language in LANGUAGES:
        for phrase in (words, f"by {words}", f"until {words}", f"bis {words}"):
            found = find_due_phrases(phrase, now, context, language.time_words)
            if found:
                return _beginning(found[0].due, zone)
    return None


def _beginning(due: Due, zone: ZoneInfo) -> datetime:
    if due.grain in _EXACT:
        return due.due if due.grain != "part of day" else due.earliest
    first: date = (due.due if due.grain == "day" else due.earliest).astimezone(zone).date()
    return datetime.combine(first, time(), zone)


def last_named(text: str, written: datetime, context: TimeContext) -> datetime | None:
    """Return the latest moment that words name, counted from when they were written; None where they name none."""
    line, at = " ".join(text.split()), written.astimezone(ZoneInfo(context.time_zone))
    found = (p.due.due for language in LANGUAGES for p in find_due_phrases(line, at, context, language.time_words))
    return max(found, default=None)

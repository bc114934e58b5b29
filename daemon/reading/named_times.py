"""Times that a person names by themselves, outside a message: "tomorrow", "Monday", "2026-03-05", "Friday 3pm", "+3d", "in two hours"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from daemon.reading.languages.detection import LANGUAGES
from daemon.reading.times.calendar_days import add_months
from daemon.reading.times.due_times import find_due_phrases
from daemon.reading.values import Due, TimeContext

_EXACT = frozenset({"minute", "hour", "part of day"})  # how precise words are that mean more than a day
LONGEST = 80  # characters of what is looked at
_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("m", "min", "mins", "minute", "minutes", "minuten"), "minutes"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours", "stunde", "stunden"), "hours"),
    **dict.fromkeys(("d", "day", "days", "tag", "tage", "tagen"), "days"),
    **dict.fromkeys(("w", "wk", "week", "weeks", "woche", "wochen"), "weeks"),
    **dict.fromkeys(("mo", "month", "months", "monat", "monate", "monaten"), "months"),
}
_ONE = frozenset({"a", "an", "one", "ein", "eine", "einem", "einer", "next"})
_FROM_NOW = re.compile(r"(?:\+|in )? ?(\d{1,3}|[a-z]+) ?([a-z]+)")
_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})?")  # as German writes dates: 1.12. or 1.12.2026
_END = re.compile(r"\b(?:end|ende|eod|eow|eom)\b", re.IGNORECASE)
_LAST = 9999  # the last year of a date


def moment_named(text: str, now: datetime, context: TimeContext) -> datetime | None:
    """Return when what is put off until then begins: a day or a week at its first midnight, a clock time at that time.

    Times are those of `context.time_zone`; a date or time without an offset is too. None where the words name no moment.
    """
    words, zone = " ".join(text.split())[:LONGEST], ZoneInfo(context.time_zone)
    local = now.astimezone(zone)
    try:
        at = datetime.fromisoformat(words)
    except ValueError:
        if _DATE.fullmatch(words):
            return _date(words, local)
        return _from_now(words.casefold(), local) or _in_words(words, local, context, zone)
    return at if at.tzinfo is not None else at.replace(tzinfo=zone)


def _from_now(words: str, now: datetime) -> datetime | None:
    """Return the moment that lies a span ahead: +3d, in 2 weeks, 2h, next month; days, weeks and months begin at midnight."""
    match = _FROM_NOW.fullmatch(words)
    unit = _UNITS.get(match[2]) if match else None
    if match is None or unit is None or not (match[1].isdigit() or match[1] in _ONE):
        return None
    if match[1] == "next" and unit != "months":
        return None  # next week begins on its Monday
    number = int(match[1]) if match[1].isdigit() else 1
    if unit in ("minutes", "hours"):
        return (now + timedelta(**{unit: number})).replace(microsecond=0)
    day = add_months(now.date(), number) if unit == "months" else now.date() + timedelta(**{unit: number})
    return datetime.combine(day.replace(day=1) if match[1] == "next" else day, time(), now.tzinfo)


def _date(words: str, now: datetime) -> datetime | None:
    """Return the beginning of a day written as 1.12. or 1.12.2026; without a year today or the next such day."""
    match = _DATE.fullmatch(words)
    if match is None:
        return None
    for year in (int(match[3]),) if match[3] else range(now.year, min(now.year + 9, _LAST)):
        try:
            day = date(year, int(match[2]), int(match[1]))
        except ValueError:
            continue
        if match[3] or day >= now.date():
            return datetime.combine(day, time(), now.tzinfo)
    return None


def _in_words(words: str, now: datetime, context: TimeContext, zone: ZoneInfo) -> datetime | None:
    for language in LANGUAGES:
        for phrase in (words, f"by {words}", f"until {words}", f"bis {words}"):
            found = find_due_phrases(phrase, now, context, language.time_words)
            if found:
                return _beginning(found[0].due, now, zone, at_end=_END.search(words) is not None)
    return None


def _beginning(due: Due, now: datetime, zone: ZoneInfo, *, at_end: bool) -> datetime:
    """Return when the named time begins; of one that has begun, or of an end (of the week, of the day), its last day or moment."""
    if due.grain in _EXACT:
        return due.due if due.grain != "part of day" or at_end or due.earliest <= now else due.earliest
    start = due.due if due.grain == "day" else due.earliest
    first = datetime.combine(start.astimezone(zone).date(), time(), zone)
    return first if first > now and not at_end else datetime.combine(due.due.astimezone(zone).date(), time(), zone)


def due_named(text: str, written: datetime, due: datetime, context: TimeContext) -> Due | None:
    """Return what words say of a due time that they name, counted from when they were written; None where they do not name it."""
    line, at = " ".join(text.split()), written.astimezone(ZoneInfo(context.time_zone))
    found = (
        p.due for language in LANGUAGES for p in find_due_phrases(line, at, context, language.time_words) if p.due.due == due
    )
    return max(found, key=lambda named: len(named.quote), default=None)


def last_named(text: str, written: datetime, context: TimeContext) -> datetime | None:
    """Return the latest moment that words name, counted from when they were written; None where they name none."""
    line, at = " ".join(text.split()), written.astimezone(ZoneInfo(context.time_zone))
    found = (p.due.due for language in LANGUAGES for p in find_due_phrases(line, at, context, language.time_words))
    return max(found, default=None)

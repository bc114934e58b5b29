"""Absence: the account's own days off, taken from its calendar and from its configuration.

A day off is a day whose working hours lie entirely within an event without other people whose title begins like one: "Vacation",
"Holiday in Cornwall", "Dana out of office". A colleague's or client's vacation in the same calendar begins with their name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from connectors.calendar import Event
from daemon.core import hours
from daemon.glossary.charter import Interval, WorkingHours
from daemon.glossary.parties import Account

LONGEST = timedelta(days=1100)  # parental leave takes three years; what is longer is somebody's slip
_AWAY = re.compile(
    r"(?:on |my |i'm |me:? )*(?:(?:annual|parental|sick|compassionate|maternity|paternity) leave|leave\b(?! (?:for|by|from|home|early|at)\b)|vacations?\b|holidays?\b|"
    r"pto\b|ooo\b|out of (?:the )?office|days? off|time off|off work|off sick|sick\b|away\b(?!(?: |-)(?:days?|games?|match|team)\b)|"
    r"urlaub\b|ferien\b|abwesend|krank\b|elternzeit|cong[ée]s|vacances|vacaciones|ferie\b)"
    r"(?! (?:party|planning|plans?|card|campaign|sale|season|order|schedule|hours|requests?|policy|approvals?|calendar|list|pay)\b)",
    re.IGNORECASE,
)


_TITLE = "Away"  # of what the configuration says


@dataclass(frozen=True, slots=True)
class Absence:
    """Days off in a row, the first and the last working day of them, with the words of the calendar."""

    first: date
    last: date
    title: str


def days_off(account: Account, events: Iterable[Event]) -> frozenset[date]:
    """Return every date on which the account is away."""
    return frozenset(day for event in events if _is_absence(account, event) for day in _days(account, event)) | {
        *_configured(account)
    }


def absences(account: Account, events: Iterable[Event]) -> tuple[Absence, ...]:
    """Return spans of days off; two with no working day between them are one."""
    titles = dict.fromkeys(_configured(account), _TITLE)
    titles |= {day: e.summary for e in events if _is_absence(account, e) for day in _days(account, e)}
    spans: list[Absence] = []
    for day in sorted(d for d in titles if hours.is_working_day(account.hours, d)):
        if spans and hours.nth_working_day(account.hours, spans[-1].last, 1) == day:
            spans[-1] = replace(spans[-1], last=day)
        else:
            spans.append(Absence(day, day, titles[day]))
    return tuple(spans)


def at_work(account: Account, off: frozenset[date]) -> WorkingHours:
    """Return the account's working hours without the days off."""
    return replace(account.hours, holidays=account.hours.holidays | off) if off else account.hours


def spoken_to(account: Account, off: frozenset[date]) -> WorkingHours:
    """Return the hours in which reminders may come: those at work without the quiet ones."""
    working = at_work(account, off)
    if not account.quiet:
        return working
    return replace(working, week=tuple(without_quiet(day, account.quiet) for day in working.week))


def without_quiet(day: tuple[Interval, ...], quiet: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """Return a day's intervals without what lies in the quiet ones."""
    for begin, end in quiet:
        parts = [part for i in day for part in (Interval(i.start, min(i.end, begin)), Interval(max(i.start, end), i.end))]
        day = tuple(part for part in parts if part.start < part.end)
    return day


def _configured(account: Account) -> Iterator[date]:
    for first, last in account.away:
        yield from (first + timedelta(days=n) for n in range((min(last, first + LONGEST) - first).days + 1))


def _is_absence(account: Account, event: Event) -> bool:
    if event.status == "cancelled":
        return False
    if any(a.email not in account.addresses for a in event.attendees):
        return False
    own = account.name.split()[:1]
    title = (
        re.sub(rf"^{re.escape(own[0])}\b(?:'s)?(?: is)?[\s:–-]*", "", event.summary, flags=re.IGNORECASE)
        if own
        else event.summary
    )
    return _AWAY.match(title.strip()) is not None


def _days(account: Account, event: Event) -> Iterator[date]:
    """The days that an event takes: of an all-day one those that its calendar names, of another those of the user's zone."""
    if event.all_day:
        day, last = _named(account, event.start), _named(account, event.end) - timedelta(days=1)
    else:
        day, last = (hours.local_date(account.hours, at) for at in (event.start, event.end - timedelta(minutes=1)))
    last = min(last, day + LONGEST)
    while day <= last:
        if event.all_day or _takes(account, event, day):
            yield day
        day += timedelta(days=1)


def _named(account: Account, midnight: datetime) -> date:
    """The date that begins at a midnight of the calendar's zone; where that zone was lost, noon tells it in nearly every other."""
    if midnight.time() == time():
        return midnight.date()
    return hours.local_date(account.hours, midnight + timedelta(hours=12))


def _takes(account: Account, event: Event, day: date) -> bool:
    """Whether nothing is left of the day's working hours."""
    begin = hours.clock_at(account.hours, day, time())
    return all(event.start <= opens and closes <= event.end for opens, closes in hours.spans(account.hours, begin, begin))

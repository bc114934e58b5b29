"""Absence: the account's own days off, as their calendar tells them (DOMAIN, account).

A day off is an all-day event, or one of a day or more, that the user has alone and whose title says so first: "Vacation",
"Holiday in Cornwall", "Dana out of office". A colleague's or a client's vacation in the same calendar begins with their name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from connectors.calendar import Event
from daemon.core import hours
from daemon.core.model import Account, WorkingHours

_AWAY = re.compile(
    r"(?:on |my |i'm |me:? )*(?:(?:annual|parental|sick|compassionate|maternity|paternity) leave|leave\b|vacation|holidays?\b(?! (?:party|planning|card|campaign|sale|season|order|schedule|hours))|"
    r"pto\b|ooo\b|out of (?:the )?office|days? off|time off|off work|off sick|sick\b|away\b|urlaub|ferien|abwesend|krank|elternzeit|cong[ée]s|vacances|vacaciones|ferie\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Absence:
    """Days off in a row, the first and the last working day of them, with the words of the calendar."""

    first: date
    last: date
    title: str


def days_off(account: Account, events: Iterable[Event]) -> frozenset[date]:
    """Every date on which the account is away."""
    return frozenset(day for event in events if _is_absence(account, event) for day in _days(account, event))


def absences(account: Account, events: Iterable[Event]) -> tuple[Absence, ...]:
    """Spans of days off; two with no working day of theirs between them are one."""
    titles = {day: e.summary for e in events if _is_absence(account, e) for day in _days(account, e)}
    spans: list[Absence] = []
    for day in sorted(d for d in titles if hours.is_working_day(account.hours, d)):
        if spans and hours.nth_working_day(account.hours, spans[-1].last, 1) == day:
            spans[-1] = replace(spans[-1], last=day)
        else:
            spans.append(Absence(day, day, titles[day]))
    return tuple(spans)


def at_work(account: Account, off: frozenset[date]) -> WorkingHours:
    """The account's working hours without the days off."""
    return replace(account.hours, holidays=account.hours.holidays | off) if off else account.hours


def _is_absence(account: Account, event: Event) -> bool:
    if event.status == "cancelled" or not (event.all_day or event.end - event.start >= timedelta(hours=20)):
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
    day, last = hours.local_date(account.hours, event.start), hours.local_date(account.hours, event.end - timedelta(minutes=1))
    while day <= last and (last - day).days < 400:
        yield day
        day += timedelta(days=1)

"""Simulated weeks around each change of the clocks, in two time zones: the whole daemon on a real mailbox, its clock moved by hand.

Three weeks, in which a review falls due; with `--all`, a quarter.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from office import DANA, KIM, Office

from daemon.core import hours
from daemon.operations.owed import obligations_at

LONDON, NEW_YORK = ("Europe/London", "GB-ENG"), ("America/New_York", "US")
CHANGES = [  # of the clocks
    (*LONDON, datetime(2026, 3, 29, tzinfo=UTC)),
    (*LONDON, datetime(2026, 10, 25, tzinfo=UTC)),
    (*NEW_YORK, datetime(2026, 3, 8, tzinfo=UTC)),
    (*NEW_YORK, datetime(2026, 11, 1, tzinfo=UTC)),
]


def moments(start: datetime, end: datetime) -> list[datetime]:
    """Every 45 minutes, with a suspend of 20 hours over a night and a morning and a clock that steps back by an hour, once each."""
    found, at, asleep = [], start, start + timedelta(days=7, hours=19)
    while at < end:
        if not asleep <= at < asleep + timedelta(hours=20):
            found.append(at)
        at += timedelta(minutes=45)
    step = next(n for n, m in enumerate(found) if m >= start + timedelta(days=3, hours=7, minutes=40))
    return [
        *found[: step + 1],
        *(m for m in [found[step] - timedelta(hours=1), found[step] - timedelta(minutes=15)]),
        *found[step + 1 :],
    ]


def fill(office: Office, start: datetime, end: datetime) -> None:
    """A question each third day, every second of them answered late; a promise now and then; a first mail three months before."""
    office.business(start - timedelta(days=80))
    day, number = start, 0
    while day < end:
        number += 1
        asked = office.mail(
            day.replace(hour=13, minute=number % 60),
            KIM,
            DANA,
            f"Could you send me the price of item {number}?",
            subject=f"Item {number}",
            name=f"ask{number}",
        )
        if number % 2:
            office.mail(
                day.replace(hour=20),
                DANA,
                KIM,
                f"The price of item {number} is {number} pounds a piece, delivered.",
                subject=f"Re: Item {number}",
                answers=asked,
                name=f"answer{number}",
            )
        if number % 5 == 0:
            office.mail(
                day.replace(hour=15),
                DANA,
                "jo@birch.example",
                "I will call you on Friday morning.",
                subject=f"Call {number}",
                name=f"promise{number}",
            )
        day += timedelta(days=3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("zone", "holidays", "change"), CHANGES, ids=["london spring", "london autumn", "new york spring", "new york autumn"]
)
def test_simulated_weeks_say_everything_once_and_nothing_at_night(
    tmp_path: Path, zone: str, holidays: str, change: datetime, everything: bool
) -> None:
    around = timedelta(days=46 if everything else 10)
    start, end = change - around, change + around
    office = Office(tmp_path, zone=zone, holidays=holidays)
    fill(office, start, end)
    office.live(*moments(start, end))
    with office.app() as app:
        account = app.office.accounts[0]
        owed = obligations_at(app, end, everything=True)
    mails = office.sent()
    digests = [m for m in mails if m.subject.startswith("Kept, ")]
    others = [m for m in mails if m not in digests and m.to[0].email == DANA]

    days = [m.date.astimezone(ZoneInfo(zone)).date() for m in digests]
    working = [d for d in _days(start, end) if hours.is_working_day(account.hours, d)]
    assert Counter(days) == Counter(working)
    assert others, "weeks without a reminder would prove nothing"
    assert all(hours.is_open(account.hours, m.date) for m in others)
    mentioned = Counter(o.id for o in owed for m in others if o.id in m.text)
    assert max(mentioned.values()) <= 2, "once when it is due soon, once when it is overdue"
    assert len({m.message_id for m in mails}) == len(mails)
    assert 1 <= len(office.booked()) == len({m.subject for m in mails if m.subject.startswith("Invitation:")}) <= 2


def _days(start: datetime, end: datetime) -> list[date]:
    return [(start + timedelta(days=n)).date() for n in range((end - start).days)]

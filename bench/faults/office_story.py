"""The story that a campaign lives through: an office of three clients over some days, the same for the same seed.

It begins on a Thursday, so that a weekend lies in the middle. Two reviews fall due: one is booked, the other one vetoed by its link.
Questions are answered, answered late or forgotten (and reach the manager), calls are missed, promises made, one line settled by link.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime

DANA, LEE = "dana@northwind.example", "lee@northwind.example"
ACME, BIRCH, CEDAR = "kim@acme.example", "jo@birch.example", "sam@cedar.example"
CLIENTS = {ACME: "Acme Ltd", BIRCH: "Birch GmbH", CEDAR: "Cedar and Sons"}
PHONE = "+44 20 7946 0018"
FIRST = date(2026, 3, 5)  # a Thursday
STEP = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail and when it arrives (or, from Dana, is sent)."""

    at: datetime
    sender: str
    to: str
    subject: str
    text: str
    name: str
    answers: str | None = None

    @property
    def message_id(self) -> str:
        """Its Message-ID."""
        return f"<{self.name}@{self.sender.rpartition('@')[2]}>"

    def content(self) -> bytes:
        """Return the mail as bytes."""
        head = [
            f"From: {self.sender}",
            f"To: {self.to}",
            f"Date: {format_datetime(self.at)}",
            f"Subject: {self.subject}",
            f"Message-ID: {self.message_id}",
        ]
        if self.answers:
            head += [f"In-Reply-To: {self.answers}", f"References: {self.answers}"]
        return ("\r\n".join(head) + f"\r\n\r\n{self.text}\r\n").encode()


@dataclass(frozen=True, slots=True)
class Story:
    """All mail of the story by time, the moments at which the clock is set, and from when on nothing new happens."""

    mails: tuple[Mail, ...]
    moments: tuple[datetime, ...]
    quiet_from: datetime
    settled: str  # the name of the question that Dana settles by a link

    def before(self) -> tuple[Mail, ...]:
        """Return the mail from before the story's first moment."""
        return tuple(m for m in self.mails if m.at < self.moments[0])

    def until(self, after: datetime, moment: datetime) -> tuple[Mail, ...]:
        """Return the mail that arrives after one moment, up to another."""
        return tuple(m for m in self.mails if after < m.at <= moment)


def tell(seed: int, days: int = 5, quiet_days: int = 3) -> Story:
    """Return the story with so many working days of news, and some quiet ones after them."""
    rng = random.Random(seed)
    dates = _working_days(days + quiet_days)
    quiet = datetime.combine(dates[days], time(), UTC)
    moments = tuple(_moments(dates, quiet))
    mails = [mail for client in CLIENTS for mail in _acquainted(client)]
    mails += [_newspaper(moment) for moment in moments]  # it wakes the daemon, which waits by IDLE, at each moment
    for number, day in enumerate(dates[:days]):
        mails += _day(rng, number, day)
    first = next(m for m in mails if m.name.startswith("ask-0-"))
    return Story(tuple(sorted(mails, key=lambda m: (m.at, m.name))), moments, quiet, first.name)


def _working_days(count: int) -> list[date]:
    days = (FIRST + timedelta(days=n) for n in range(count * 2))
    return [day for day in days if day.weekday() < 5][:count]


def _moments(dates: list[date], quiet: datetime) -> list[datetime]:
    """Return every half hour of a working day (of a quiet one every second hour) from 07:00 to 18:30, and two of other days."""
    moments: list[datetime] = []
    for n in range((dates[-1] - dates[0]).days + 1):
        day = datetime.combine(dates[0] + timedelta(days=n), time(), UTC)
        if day.date() not in dates:
            moments += [day + timedelta(hours=h) for h in (6, 18)]
        elif day < quiet:
            moments += [day + timedelta(hours=7) + STEP * n for n in range(24)] + [day + timedelta(hours=22)]
        else:
            moments += [day + timedelta(hours=7) + STEP * n for n in (0, 1, 4, 5, 8, 12, 16, 20, 23)]
    return moments


def _newspaper(at: datetime) -> Mail:
    return Mail(at, "news@papers.example", DANA, "Today's news", "It rains.", f"news-{at:%d-%H%M}")


def _acquainted(client: str) -> list[Mail]:
    """Return how the two began to do business, three months before."""
    day, who = datetime(2025, 12, 9, 10, tzinfo=UTC), client.partition("@")[0]
    mails = [Mail(day, client, DANA, "Hello", "Nice to meet you, we would like to order from you.", f"first-{who}")]
    for n in (1, 2):
        later = day + timedelta(hours=n)
        mails.append(Mail(later, DANA, client, "Hello", "The second line costs 400 a month.", f"ours-{who}-{n}"))
        thanks = later + timedelta(minutes=5)
        mails.append(Mail(thanks, client, DANA, "Hello", "Thank you, that is good to know.", f"thanks-{who}-{n}"))
    return mails


def _day(rng: random.Random, number: int, day: date) -> list[Mail]:
    """Return a working day's mail: questions, some answered, a promise, a missed call, and mail that concerns no client."""
    opens = datetime.combine(day, time(9), UTC)
    mails: list[Mail] = []
    for n, client in enumerate(rng.sample(sorted(CLIENTS), 3) + rng.sample(sorted(CLIENTS), 3)):
        item = number * 10 + n
        asked = opens + timedelta(minutes=rng.randrange(10, 300))
        ask = Mail(asked, client, DANA, f"Item {item}", f"Could you send me the price of item {item}?", f"ask-{number}-{n}")
        mails.append(ask)
        if n and rng.random() < 0.6:
            text = f"The price of item {item} is {item + 7} pounds a piece, delivered."
            later = asked + timedelta(minutes=rng.randrange(30, 1500))
            mails.append(Mail(later, DANA, client, f"Re: Item {item}", text, f"answer-{number}-{n}", ask.message_id))
    promised = opens + timedelta(minutes=rng.randrange(60, 400))
    text = rng.choice(["I will call you tomorrow at 3pm.", "I will send you the drawings by tomorrow noon."])
    mails.append(Mail(promised, DANA, rng.choice(sorted(CLIENTS)), f"Plan {number}", text, f"promise-{number}"))
    if number % 2 == 0:
        called = opens + timedelta(minutes=rng.randrange(60, 400))
        words = f"You missed a call from {PHONE}."
        mails.append(Mail(called, "pbx@northwind.example", DANA, f"Missed call from {PHONE}", words, f"call-{number}"))
    return mails

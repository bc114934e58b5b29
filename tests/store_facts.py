"""The facts that the tests of the store put into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from week import at

from connectors.calendar import Attendee, CalendarBatch, Event
from connectors.mail import Address, Message, Role
from daemon.glossary.actions import ActionKind, Channel, Parcel
from daemon.reading import Act, ActKind, Reading
from daemon.store import ReadMessage, Store
from daemon.store.search import EarlierAnswer

DANA, KIM = "dana@northwind.example", "kim@acme.example"
ACME, BIRCH = "Acme Ltd", "Birch GmbH"
MAIL, CALENDAR = "mail ~/Maildir", "calendar ~/calendar"
START, TOMORROW = at(0), at(1)


def message(name: str, when: datetime = START, sender: str = KIM, **more: object) -> Message:
    start = Message(f"<{name}@acme.example>", when, when, Address(sender), to=(Address(DANA),), text=f"the text of {name}")
    return replace(start, **more)  # type: ignore[arg-type]


def read(mail: Message, client: str | None = ACME) -> ReadMessage:
    return ReadMessage(mail, Reading(new_text=mail.text, substance=True) if client else None, client)


def put(store: Store, *batch: ReadMessage, cursor: str = "1", now: datetime = START) -> tuple[str, ...]:
    return store.add_mail(DANA, MAIL, batch, cursor, (), now)


def stored(store: Store, client: str | None = None, until: datetime | None = None) -> list[str]:
    return [m.message.message_id.split("@")[0][1:] for m in store.messages(DANA, client, until)]


def event(uid: str, when: datetime = TOMORROW, **more: object) -> Event:
    start = Event(uid, when, when + timedelta(hours=1), "Review", attendees=(Attendee(KIM, "Kim", "accepted"),), created=at(0, 8))
    return replace(start, **more)  # type: ignore[arg-type]


def calendar(store: Store, *found: Event, now: datetime = START, cursor: str = "1", **more: object) -> tuple[str, ...]:
    return store.add_events(DANA, CALENDAR, replace(CalendarBatch(found, cursor), **more), now)  # type: ignore[arg-type]


def parcel(key: str, channel: Channel = Channel.MAIL, body: str = "{}", **more: object) -> Parcel:
    return replace(Parcel(key, ActionKind.REPORT, DANA, channel, f"<{key}@x>", body, at(0)), **more)  # type: ignore[arg-type]


# --- what the user wrote to clients, and what is asked now ---

PALLET_QUESTION = "How are steel brackets above 500 pieces packed?"
PALLETS = "Steel brackets above 500 pieces come on pallets of forty."
TIMES = "Delivery to Rotterdam takes nine working days from our plant in Leeds."
LATE = at(30)  # when all of it was written
QUESTION = "Hi Dana,\n\nwhat is your delivery time to Rotterdam?"


def sent(name: str, words: str, when: datetime = START, client: str | None = ACME, **more: object) -> ReadMessage:
    mail = message(name, when, DANA, **{"role": Role.SENT, "to": (Address(KIM, "Kim Lee"),), "text": words, **more})
    return read(replace(mail, sender=Address(DANA, "Dana North")), client)


def answered(
    name: str, words: str, when: datetime = START, client: str | None = ACME, asked: str = QUESTION, **more: object
) -> tuple[ReadMessage, ReadMessage]:
    """A question of a client's, and three hours later the answer of that name."""
    question = message(f"{name}-asked", when - timedelta(hours=3), text=asked, subject="A question")
    request = Act(ActKind.REQUEST, asked, 0, len(asked), "question")
    reading = Reading(new_text=asked, reply_expected=True, reply_confidence=0.9, acts=(request,))
    answer = sent(name, words, when, client, **{"in_reply_to": (question.message_id,), **more})
    return ReadMessage(question, reading if client else None, client), answer


def filler(number: int = 60) -> list[ReadMessage]:
    """What an account writes besides, so that common words are common."""
    return [
        sent(f"f{n}", f"Order number {n} left today, the invoice follows, delivery as usual.", at(-1))
        for n in range(1000, 1000 + number)
    ]


def found(store: Store, asked: str, before: datetime = LATE, **more: Any) -> list[str]:
    """The names of the earlier answers to what is asked, best first."""
    return names(store.earlier_answers(DANA, asked, before=before, **more))


def names(answers: Iterable[EarlierAnswer]) -> list[str]:
    return [f.message_id.split("@")[0][1:] for f in answers]

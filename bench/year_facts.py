"""What happens in the year of `year.py`: the mail and the meetings of one busy account. The same seed gives the same year."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from connectors.calendar import Attendee, Event
from connectors.mail import Address, Attachment, Message, Role

START, END = datetime(2025, 3, 3, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC)
OWNER = Address("alice@northwind.example", "Alice Hart")
PHONE = Address("noreply@pbx.example", "Phone system")
SEED = 11
CLIENTS, MESSAGES, SHARE = 60, 25_000, 0.45
THINGS = (
    "quote invoice forecast label drawing sample pallet schedule contract tender catalogue certificate manual licence sensor pump "
    "valve carton coating fabric lamp motor battery filter gasket bracket conveyor freezer printer scanner"
).split()
SORTS = "revised final draft annual quarterly monthly shipping delivery pricing safety technical packing training".split()
NAMES = "Kim Jo Sam Robin Alex Chris Pat Lee Max Nik Ida Tom Una Vera Will Zoe".split()
SURNAMES = (
    "Archer Baker Cole Dunn Ellis Frost Grant Hale Irwin Jones Kerr Lowe Marsh Nash Owen Price Quinn Reed Shaw Todd".split()
)


@dataclass(slots=True)
class _Writer:
    """The threads of one client, message by message."""

    random_: random.Random
    number: int
    ids: Iterator[int] = field(default_factory=itertools.count)

    @property
    def domain(self) -> str:
        return f"client{self.number}.example"

    def people(self) -> list[Address]:
        """The same two to four people."""
        some = random.Random(self.number)
        return [
            Address(f"{first.lower()}@{self.domain}", f"{first} {some.choice(SURNAMES)}")
            for first in some.sample(NAMES, 2 + self.number % 3)
        ]

    def thread(self, at: datetime) -> list[Message]:
        """One matter from its first mail to its last."""
        r = self.random_
        who, thing = r.choice(self.people()), f"{r.choice(SORTS)} {r.choice(THINGS)} {r.randrange(100, 999)}"
        if r.random() < 0.06:
            return list(self._call(at, who, thing))
        ours = r.random() < 0.15
        return list(self._from_us(at, who, thing) if ours else self._from_them(at, who, thing))

    def _from_them(self, at: datetime, who: Address, thing: str) -> Iterator[Message]:
        r, subject = self.random_, thing.capitalize()
        if r.random() < 0.2:
            text = f"Hello Alice,\n\nFor your information, the {thing} arrived and was put into stock."
            yield self._mail(at, who, OWNER, subject, text, None)
            return
        first = self._mail(at, who, OWNER, subject, self._question(thing), None)
        yield first
        if r.random() < 0.07:
            return
        answered = at + self._delay()
        if answered - at > timedelta(days=2) and r.random() < 0.6:
            chased = at + timedelta(days=1, hours=3)
            yield self._mail(chased, who, OWNER, f"Re: {subject}", "Hi Alice,\n\nAny news on this?", first)
        if r.random() < 0.35:
            yield from self._promised(answered, who, thing, first)
            return
        yield self._mail(answered, OWNER, who, f"Re: {subject}", self._answer(thing), first)
        if r.random() < 0.5:
            thanked, text = answered + timedelta(hours=r.uniform(0.5, 20)), f"Thanks Alice, that's perfect.\n\n{who.name}"
            yield self._mail(thanked, who, OWNER, f"Re: {subject}", text, first)

    def _promised(self, at: datetime, who: Address, thing: str, first: Message) -> Iterator[Message]:
        r, subject = self.random_, f"Re: {first.subject}"
        day = r.choice(("tomorrow", "by Friday", "by Wednesday", "by the end of the week", "early next week"))
        call = r.random() < 0.2
        words = (
            f"I'll call you {day.removeprefix('by ')} about the {thing}."
            if call
            else f"I'm on it, you'll have the {thing} {day}."
        )
        yield self._mail(at, OWNER, who, subject, f"Hi,\n\n{words}\n\nAlice", first)
        if r.random() < 0.1:
            return
        then = at + timedelta(days=r.uniform(0.5, 8))
        text = (
            f"Hi,\n\nThanks for the call just now. As discussed, the {thing} goes ahead."
            if call
            else f"Hi,\n\nPlease find attached the {thing}.\n\nAlice"
        )
        parts = () if call else (Attachment(f"{thing}.pdf", "application/pdf", 80_000),)
        yield self._mail(then, OWNER, who, subject, text, first, parts)
        if r.random() < 0.4:
            yield self._mail(then + timedelta(hours=r.uniform(1, 30)), who, OWNER, subject, "Got it, thank you!", first)

    def _from_us(self, at: datetime, who: Address, thing: str) -> Iterator[Message]:
        subject = f"Your {thing}"
        first = self._mail(
            at,
            OWNER,
            who,
            subject,
            f"Dear {who.name},\n\nPlease find attached the {thing}. Could you confirm the quantities?",
            None,
        )
        yield first
        if self.random_.random() < 0.7:
            text = f"Hello Alice,\n\nThe quantities are right. We will send the order for the {thing} next week."
            yield self._mail(at + self._delay(), who, OWNER, f"Re: {subject}", text, first)

    def _call(self, at: datetime, who: Address, thing: str) -> Iterator[Message]:
        number = f"+44 1632 {960000 + self.number:06}"
        notice = self._mail(
            at,
            PHONE,
            OWNER,
            f"Missed call from {number}",
            f"You missed a call.\n\nFrom: {number}\nTime: {at:%d/%m/%Y %H:%M}",
            None,
        )
        yield notice
        if self.random_.random() < 0.8:
            text = f"Hi,\n\nGood to speak to you just now about the {thing}. I have put it into the order."
            yield self._mail(at + self._delay(), OWNER, who, thing.capitalize(), text, None)

    def _delay(self) -> timedelta:
        return timedelta(hours=min(240.0, self.random_.lognormvariate(1.2, 1.3)))

    def _question(self, thing: str) -> str:
        r = self.random_
        ask = r.choice(
            (
                f"Can you send me the {thing} by Friday?",
                f"Could you tell me when the {thing} will be ready?",
                f"What would the {thing} cost for {r.randrange(20, 900)} pieces?",
                f"Please let me know whether the {thing} can be changed.",
                f"Do you have a minute on Thursday to go through the {thing}?",
            )
        )
        about = r.choice(
            ("We looked at it with our finance team this morning.", "The last one arrived on Tuesday and was in order.", "")
        )
        return f"Hello Alice,\n\n{about}\n{ask}\n\nBest regards\n{r.choice(self.people()).name}"

    def _answer(self, thing: str) -> str:
        r = self.random_
        return f"Hi,\n\nThe {thing} is {r.randrange(40, 900)} pounds for each pallet, delivered, and valid until the end of June.\n\nBest regards\nAlice"

    def _mail(
        self,
        at: datetime,
        sender: Address,
        to: Address,
        subject: str,
        text: str,
        answers: Message | None,
        parts: Sequence[Attachment] = (),
    ) -> Message:
        sent = sender is OWNER
        name = f"<c{self.number}.{next(self.ids)}@{'northwind.example' if sent else self.domain}>"
        before = (answers.message_id,) if answers else ()
        machine = {"auto-submitted": "auto-generated"} if sender is PHONE else {}
        at = _at_work(at) if sent else at
        return Message(
            name, at, at if sent else at + timedelta(seconds=7), sender, subject, (to,), text=text, in_reply_to=before, references=before,
            headers=machine, attachments=tuple(parts), role=Role.SENT if sent else Role.INBOX, folder="Sent" if sent else "INBOX",
        )  # fmt: skip


def _at_work(at: datetime) -> datetime:
    """Nobody here writes at night or at the weekend."""
    if at.hour >= 17 or at.hour < 9:
        at = (at if at.hour < 9 else at + timedelta(days=1)).replace(hour=9, minute=at.minute)
    return at + timedelta(days={5: 2, 6: 1}.get(at.weekday(), 0))


def mails(clients: int = CLIENTS, messages: int = MESSAGES, start: datetime = START, end: datetime = END) -> list[Message]:
    """The year's mail in order of time: what is with clients, and the lists and notices between it."""
    r = random.Random(SEED)
    found: list[Message] = []
    writers = [_Writer(random.Random(SEED + n), n) for n in range(clients)]
    weights = [1 / (n + 8) for n in range(clients)]
    while len(found) < messages * SHARE:
        writer = r.choices(writers, weights)[0]
        at = _somewhen(r, start, end)
        found += [m for m in writer.thread(at) if m.date < end]
    for n in range(messages - len(found)):
        at = _somewhen(r, start, end)
        sender = Address(f"news{n % 90}@list{n % 25}.example", "News")
        found.append(
            Message(
                f"<n{n}@list.example>",
                at,
                at,
                sender,
                f"Number {n} of our news",
                (OWNER,),
                text="News.",
                headers={"list-id": "<news>"},
            )
        )
    return sorted(found, key=lambda m: (m.received, m.message_id))


def _somewhen(r: random.Random, start: datetime, end: datetime) -> datetime:
    """Mostly on working days between eight and six."""
    at = start + timedelta(days=r.randrange((end - start).days), hours=r.triangular(6, 20, 11))
    return at if at.weekday() < 5 or r.random() < 0.1 else at - timedelta(days=2)


def events(clients: int = CLIENTS, start: datetime = START, end: datetime = END, each: int = 16) -> list[Event]:
    """Meetings with each client over the year, some of them declined, a review in each half of it; the user's own appointments."""
    r = random.Random(SEED)
    found = []
    for n in range(clients * each):
        client, at = n % clients, _somewhen(r, start, end).replace(minute=0, second=0, microsecond=0)
        guest = r.choice(_Writer(r, client).people())
        title = "Quarterly review" if n % 9 == 0 else "Call" if n % 5 == 0 else f"Meeting about the {r.choice(THINGS)}"
        answer = "declined" if r.random() < 0.05 else "accepted"
        if n % 4 == 3:
            title = f"Prepare client{client}"
            people: tuple[Attendee, ...] = ()
        else:
            people = (Attendee(guest.email, guest.name, answer),)
        known, uid = at - timedelta(days=r.uniform(1, 20)), f"e{n}@northwind.example"
        found.append(
            Event(uid, at, at + timedelta(hours=1), title, organizer=OWNER.email, attendees=people, created=known),
        )
    return [*found, _vacation(start + timedelta(days=150))]


def _vacation(start: datetime) -> Event:
    end, known = start + timedelta(days=12), start - timedelta(days=60)
    return Event("away@northwind.example", start, end, "Vacation", all_day=True, created=known)

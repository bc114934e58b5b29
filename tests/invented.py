"""An invented office for the tests of letters and plans: one salesperson in London, nine clients, one Wednesday morning."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from connectors.calendar import Attendee, Event
from daemon.core import hours, tokens
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.assessments import Alarm, AlarmKind, Assessment, Bucket, Coverage, Placement
from daemon.glossary.charter import Allowance, Charter, Interval, Unit, WorkingHours
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, Strength
from daemon.glossary.parties import Account, Client, Office

WEEKDAY = (Interval(time(9), time(17, 30)),)
HOURS = WorkingHours("Europe/London", (*(WEEKDAY for _ in range(5)), (), ()), frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
DANA = Account("dana@northwind.example", "Dana Reyes", frozenset({"dana@northwind.example", "d.reyes@northwind.example"}), HOURS)
NOW = datetime(2026, 3, 4, 7, 30, tzinfo=UTC)  # a Wednesday
NAMES = ("Acme Ltd", "Birch & Co", "Cobalt Foods", "Delta Marine", "Elm Street Bakery", "Fjord AS", "Granite Tools", "Heron Labs")
CLIENTS = {name: f"{name.split()[0].lower()}.example" for name in NAMES}
CHARTER = Charter({"reply": Allowance(120, Unit.BUSINESS_MINUTES), "review": Allowance(3, Unit.MONTHS)})
OFFICE = Office((DANA,), tuple(Client(name, frozenset({domain}), charter=CHARTER) for name, domain in CLIENTS.items()))
SECRET = b"a secret for the tests alone"


def at(text: str) -> datetime:
    """A moment of 2026, written `03-04 14:05`, in London's winter."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def owed(
    client: str, who: str, words: str | None, created: str, due: str | None, kind: Kind = Kind.REPLY, **more: Any
) -> Obligation:
    """An obligation as the assessment makes it."""
    came, by = at(created), at(due) if due else None
    contact = f"{who}@{CLIENTS.get(client, 'somewhere.example')}" if who else None
    values: dict[str, Any] = {
        "key": f"<{created.replace(' ', '-')}.{who}@mail.example>#{words!a}",
        "kind": kind,
        "account": DANA.address,
        "client": client,
        "contact": contact,
        "contact_name": " ".join(part.capitalize() for part in who.split(".")) if who and who != "info" else "",
        "summary": f"{client}: {kind.value}",
        "quote": words,
        "source": Evidence(SourceType.MESSAGE, f"<{created.replace(' ', '-')}.{who}@mail.example>", came, words),
        "created": came,
        "due": by,
        "remind_at": hours.remind_at(HOURS, came, by) if by else None,
        "lapses": hours.working_days_after(HOURS, by, 10) if by else None,
        "reply_to": f"<{created.replace(' ', '-')}.{who}@mail.example>" if kind is Kind.REPLY else None,
        "asks": (words,) if kind is Kind.REPLY and words else (),
    }
    return Obligation(**(values | more))


def assessed(*obligations: Obligation, balance: tuple[Placement, ...] = (), **more: Any) -> tuple[Assessment, ...]:
    """One assessment for each client that occurs."""
    names = dict.fromkeys(o.client for o in obligations) or {"Acme Ltd": None}
    return tuple(
        Assessment(DANA.address, name, NOW, tuple(o for o in obligations if o.client == name), balance if n == 0 else (), **more)
        for n, name in enumerate(names)
    )


def everything_read(now: datetime = NOW) -> tuple[Coverage, ...]:
    """Both sources read a minute ago."""
    seen = now - timedelta(minutes=1)
    return (
        Coverage(DANA.address, "mail imap.northwind.example", seen),
        Coverage(DANA.address, "calendar dav.northwind.example", seen, is_calendar=True),
    )


def whose(address: str) -> str | None:
    """The client of an address."""
    return next((name for name, domain in CLIENTS.items() if address.endswith("@" + domain)), None)


def links(about: tokens.About) -> Mapping[str, str]:
    """What can be said of a line."""
    return tokens.menu(SECRET, DANA, about, NOW, "digest")


def placed(answered: int, needless: int, still_open: int, held_back: int = 0) -> tuple[Placement, ...]:
    """A balance of yesterday."""
    buckets = (
        [Bucket.ANSWERED] * answered + [Bucket.NO_ANSWER] * needless + [Bucket.OPEN] * still_open + [Bucket.HELD_BACK] * held_back
    )
    return tuple(Placement(f"<{n}@mail.example>", at("03-03 10:00"), bucket, "a rule") for n, bucket in enumerate(buckets))


def busy_morning() -> tuple[Assessment, ...]:
    """What a busy Wednesday owes."""
    heard = Evidence(
        SourceType.MESSAGE, "<sent@northwind.example>", at("03-03 11:20"), "the numbers we talked about", Strength.WEAK
    )
    things = (
        owed("Acme Ltd", "kim.lane", "Can you send the revised quote for the second line before our board meets?", "02-27 14:05", "02-27 16:05",
             subject="Re: Quote 2231", asks=("Can you send the revised quote?", "Any news?", "Kim here again, did you get this?")),
        owed("Cobalt Foods", "joanne", "I'll call you Monday afternoon about the service slots.", "02-26 16:40", "03-02 17:30", Kind.CALLBACK, subject="Service slots"),
        owed("Delta Marine", "piet.verhoeven", "you'll have the drawings by Tuesday", "02-25 10:12", "03-03 17:30", Kind.PROMISE, subject="RE: Drawings for the Rotterdam line"),
        owed("Birch & Co", "sam", "Could we move the installation to the week of the 16th, and would your engineer still be Tom?", "03-03 16:52", "03-04 16:52", subject="Installation date"),
        owed("Heron Labs", "priya.nair", "Please confirm the label stock is food safe.", "03-03 15:30", "03-04 15:30", subject="Label stock"),
        owed("Elm Street Bakery", "info", "Missed call from 020 7946 0018", "03-03 17:05", "03-04 17:05", Kind.CALLBACK, subject="Missed call from 020 7946 0018"),
        owed("Granite Tools", "olu", "I will send you the spare parts list this week", "03-02 12:00", "03-06 17:30", Kind.PROMISE, subject="Spare parts"),
        owed("Acme Ltd", "kim.lane", "Which of the two finishes would you choose?", "03-03 17:20", "03-05 11:20", subject="Finishes"),
        owed("Fjord AS", "ingrid", "once legal signs I'll send the countersigned copy", "02-24 09:10", None, Kind.PROMISE, subject="Frame agreement"),
        owed("Granite Tools", "olu", "I'll get you the PO number by Tuesday", "02-27 11:00", "03-03 17:30", Kind.WAITING_FOR, subject="PO"),
        owed("Delta Marine", "piet.verhoeven", "we will let you know who signs", "03-02 11:00", None, Kind.WAITING_FOR, subject="RE: Drawings"),
        owed("Heron Labs", "priya.nair", "I'll send the numbers on Tuesday", "03-02 10:00", "03-03 17:30", Kind.PROMISE, subject="Numbers", evidence=(heard,)),
        owed("Fjord AS", "ingrid", None, "02-20 15:00", "02-24 15:00", Kind.NEXT_STEP, summary="Nothing has been planned since the email of Fri 20 Feb 15:00"),
        owed("Birch & Co", "sam", None, "02-10 09:00", "03-10 09:00", Kind.REVIEW, source=Evidence(SourceType.CHARTER, "review", at("02-10 09:00")),
             summary="Birch & Co: review due on 10 March"),
    )  # fmt: skip
    balance = placed(33, 5, 3, 2)
    silent = Alarm(
        "silent:<m1>",
        AlarmKind.SILENT,
        "Ironside Ltd",
        at("02-12 00:00"),
        "silent for 14 working days; they usually write every 3",
    )
    quiet = Assessment(DANA.address, "Ironside Ltd", NOW, (), (), last_contact=at("01-30 11:00"), alarms=(silent,))
    return (*assessed(*things, balance=balance), quiet)


def review_invite(assessments: tuple[Assessment, ...]) -> Action:
    """The review with Birch & Co, planned for next Thursday."""
    (o,) = (o for a in assessments for o in a.obligations if o.kind is Kind.REVIEW)
    start = at("03-12 10:00")
    return Action(
        "review:Birch & Co:2026-03-10", ActionKind.REVIEW, DANA.address, at("03-05 09:00"), client="Birch & Co", obligations=(o,),
        start=start, end=start + timedelta(hours=1), attendees=("sam@birch.example",), summary="Invite sam@birch.example to a review",
    )  # fmt: skip


def events() -> tuple[Event, ...]:
    """Two meetings with clients today, one of the office's own, one private."""
    sam, priya = Attendee("sam@birch.example", "Sam"), Attendee("priya.nair@heron.example", "Priya")
    return (
        Event("1@northwind.example", at("03-04 10:00"), at("03-04 11:00"), "Installation walk-through", attendees=(sam,)),
        Event("2@northwind.example", at("03-04 14:30"), at("03-04 15:00"), "Call Priya", attendees=(priya,)),
        Event("3@northwind.example", at("03-04 12:00"), at("03-04 12:30"), "Team lunch"),
        Event("4@northwind.example", at("03-04 16:00"), at("03-04 17:00"), "", attendees=(sam,), private=True),
    )

"""Two days of an office with three clients and a colleague, lived in one process while something raises; and what came of them."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from connectors.calendar import Attendee, Invite
from connectors.formats.ics import render
from daemon.accounts.runtime import AccountRuntime
from daemon.app import App
from daemon.cycle import turn
from daemon.errors import StoreError
from daemon.glossary.actions import Delivery
from daemon.store import schema as s

DANA, LEE, MANAGER = "dana@northwind.example", "lee@northwind.example", "robin@northwind.example"
CLIENTS = ("Acme Ltd", "Birch GmbH", "Cobalt Foods")
VICTIM = "Birch GmbH"
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
CONFIG = """
accounts:
  - {name: Dana Reyes, addresses: [dana@northwind.example], time_zone: Europe/London, manager: robin@northwind.example, tell_manager: true,
     mail: [{type: maildir, path: Dana}], calendars: [{type: ics, path: danas}], send: {type: file, path: outbox}}
  - {name: Lee Park, addresses: [lee@northwind.example], time_zone: Europe/London,
     mail: [{type: maildir, path: Lee}], calendars: [{type: ics, path: lees}], send: {type: file, path: outbox}}
clients:
  - {name: Acme Ltd, domains: [acme.example], owner: dana@northwind.example, charter: {reply: 2h, review: 3 months}}
  - {name: Birch GmbH, domains: [birch.example], owner: dana@northwind.example, charter: {reply: 2h, review: 3 months}}
  - {name: Cobalt Foods, domains: [cobalt.example], owner: dana@northwind.example, charter: {reply: 2h, review: 3 months}}
  - {name: Delta Marine, domains: [delta.example], owner: lee@northwind.example, charter: {reply: 2h}}
state: state
history: 400 days
"""
FIRST_DAY = tuple(timedelta(hours=h, minutes=m) for h, m in ((7, 40), (9, 10), (10, 10), (11, 40)))
LATER = tuple(
    timedelta(days=d, hours=h, minutes=m) for d in (0, 1, 2, 3) for h, m in ((7, 40), (10, 30), (15, 0)) if (d, h) >= (0, 15)
)


def write_office(folder: Path) -> None:
    """Write the office: what each client wrote and asked, what was promised them, meetings held and ahead."""
    for place in ("Dana", "Dana/.Sent", "Dana/.Drafts", "Lee", "Lee/.Sent", "Lee/.Drafts"):
        for part in ("cur", "new", "tmp"):
            (folder / place / part).mkdir(parents=True, exist_ok=True)
    for calendar in ("danas", "lees"):
        (folder / calendar).mkdir()
    (folder / "config.yaml").write_text(CONFIG)
    for name in ("acme", "birch", "cobalt"):
        _write_client(folder, name)
    _write(
        folder,
        "Lee",
        "kai@delta.example",
        LEE,
        MONDAY + timedelta(hours=8),
        "Which berth is free next week? Please tell me.",
        "delta",
    )


def _write_client(folder: Path, name: str) -> None:
    them, early = f"kim@{name}.example", MONDAY - timedelta(days=91) + timedelta(hours=10)
    for n in range(3):
        _write(folder, "Dana", them, DANA, early + timedelta(hours=2 * n), f"Thank you, {name} has that now.", f"{name}-a{n}")
        _write(
            folder, "Dana/.Sent", DANA, them, early + timedelta(hours=2 * n + 1), "The line costs 400 a month.", f"{name}-b{n}"
        )
    _write(
        folder,
        "Dana",
        them,
        DANA,
        MONDAY + timedelta(hours=8, minutes=30),
        f"Can you send {name} the revised quote?",
        f"{name}-asks",
    )
    _write(
        folder,
        "Dana/.Sent",
        DANA,
        them,
        MONDAY - timedelta(days=3, hours=-11),
        f"I will send {name} the drawings on Monday.",
        f"{name}-vow",
    )
    for uid, start in (
        (f"held-{name}", MONDAY - timedelta(days=20, hours=-9)),
        (f"ahead-{name}", MONDAY + timedelta(days=9, hours=9)),
    ):
        guests = (Attendee(them, "Kim"),)
        invite = Invite(uid, start, start + timedelta(hours=1), f"Workshop {name}", "", DANA, "Dana", guests, early)
        (folder / "danas" / f"{uid}.ics").write_text(render(invite))


def _write(folder: Path, place: str, sender: str, to: str, at: datetime, text: str, name: str) -> None:
    head = f"From: {sender}\r\nTo: {to}\r\nDate: {format_datetime(at)}\r\nSubject: About {name}\r\nMessage-ID: <{name}@{sender.rpartition('@')[2]}>\r\n"
    (folder / place / "cur" / f"{int(at.timestamp())}.{name}:2,S").write_bytes(f"{head}\r\n{text}\r\n".encode())


@dataclass
class Outcome:
    """What came of a life: by client what is owed and was said, what was drafted and booked, and what was named as left out."""

    obligations: dict[str, tuple[Any, ...]] = field(default_factory=dict)  # client -> at the end
    first_day: dict[str, tuple[Any, ...]] = field(default_factory=dict)  # client -> after each turn of the first day
    said: dict[str, Counter[tuple[str, str, int]]] = field(default_factory=dict)  # client -> mentions in delivered letters
    drafts: Counter[str] = field(default_factory=Counter)  # by client
    bookings: Counter[str] = field(default_factory=Counter)  # by client
    to_others: Counter[str] = field(default_factory=Counter)  # mails to the manager and to guests
    digests: Counter[str] = field(default_factory=Counter)  # by account and day
    messages: frozenset[str] = frozenset()
    unsettled: int = 0
    named: set[str] = field(default_factory=set)
    escaped: list[str] = field(default_factory=list)


def live(
    template: Path, folder: Path, faulty: Callable[[], Any] = nullcontext, goes_on: Callable[[], bool] = lambda: True
) -> Outcome:
    """Live through the story in a copy of the office; on the first day within `faulty()`. Return what came of it.

    After the first day the life ends where it does not go on: nothing happened in it.
    """
    shutil.copytree(template, folder)
    outcome = Outcome()
    with App.open(folder / "config.yaml", {}) as app:
        app.begin(MONDAY - timedelta(days=91))
        for number, moment in enumerate((*FIRST_DAY, *LATER)):
            if number == len(FIRST_DAY) and not goes_on():
                break
            with faulty() if number < len(FIRST_DAY) else nullcontext():
                for address, runtime in app.runtimes.items():
                    take_turn(address, runtime, MONDAY + moment, outcome)
            if number < len(FIRST_DAY):
                for client, owed in owed_by_client(app).items():
                    outcome.first_day[client] = (*outcome.first_day.get(client, ()), owed)
        note_end(app, MONDAY + LATER[-1], outcome)
    shutil.rmtree(folder)
    return outcome


def take_turn(address: str, runtime: AccountRuntime, now: datetime, outcome: Outcome) -> None:
    """Run one turn, and note what escaped from it and what it named as left out."""
    try:
        result = turn(runtime, now)
    except StoreError as error:  # the account's turn ends, and the next one starts from what was committed
        outcome.named.add(str(error))
        return
    except Exception as error:  # noqa: BLE001  # that is what must not happen
        outcome.escaped.append(f"{type(error).__name__} at {now:%d %H:%M} of {address}")
        return
    outcome.named.update(result.failures)
    outcome.named.update(o.error for o in result.outcomes if o.error)
    with suppress(Exception):  # what raises may be what is asked here
        outcome.named.update(left_out(address, runtime))


def left_out(address: str, runtime: AccountRuntime) -> Iterator[str]:
    """Yield what an account's coverage and its list of unread mail name. Raises StoreError."""
    for coverage in runtime.coverage():
        yield from (coverage.error,) if coverage.error else ()
        yield from coverage.warnings
    yield from (reason for _, _, reason in runtime.store.unreadable_mail(address))


def owed_by_client(app: App) -> Mapping[str, tuple[Any, ...]]:
    """Return what the ledgers hold of each client without assessing anybody again."""
    return {
        entry.assessment.client: tuple(
            (o.key, o.due, o.closed, o.summary, o.quote, o.waived) for o in entry.assessment.obligations
        )
        for runtime in app.runtimes.values()
        for entry in runtime.ledger._entries.values()  # noqa: SLF001  # as the turn left them
    }


def note_end(app: App, now: datetime, outcome: Outcome) -> None:
    """Note in the outcome what is owed, was sent and is stored when a life ends."""
    for runtime in app.runtimes.values():
        runtime.ledger.assessments(now)
    outcome.obligations = dict(owed_by_client(app))
    with app.store._read() as db:  # noqa: SLF001  # everything at once
        parcels = {row.key: row for row in db.execute(select(s.parcels))}
        mentions = list(db.execute(select(s.mentions)))
    sent = {key: row for key, row in parcels.items() if row.delivery == Delivery.SENT.value}
    for row in mentions:
        if row.parcel in sent:
            outcome.said.setdefault(row.client, Counter())[row.obligation, row.stage, row.asks] += 1
    for row in sent.values():
        if row.channel == "draft":
            outcome.drafts[row.client] += 1
        elif row.channel == "calendar":
            outcome.bookings[row.client] += 1
        elif row.kind == "digest":
            outcome.digests[f"{row.account} {row.period}"] += 1
        elif row.addressee:
            outcome.to_others[f"{row.kind} {row.client} {row.addressee}"] += 1
    outcome.unsettled = sum(row.delivery in ("waiting", "sending", "unknown") for row in parcels.values())
    outcome.messages = app.store.message_ids(DANA) | app.store.message_ids(LEE)

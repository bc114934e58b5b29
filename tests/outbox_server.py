"""What the tests of the outbox send to, and what they send."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from store_facts import DANA, KIM
from week import at

from connectors.calendar import Attendee, Invite
from connectors.mail import Address, Draft, Receipt
from daemon.delivery.outbox import Outbox, Outcome
from daemon.delivery.parcel_json import draft_body, invite_body
from daemon.delivery.sent_log import SentLog
from daemon.glossary.actions import ActionKind, Channel, Delivery, Parcel
from daemon.store import Store

NOW = at(0)
MAIL = Draft("<d@northwind.example>", NOW, Address(DANA, "Kept"), (Address(DANA),), "Acme waits", "Kim asks for the quote.")
INVITE = Invite("kept-1", at(9), at(9, 10), "Review", "Agenda", DANA, "Dana", (Attendee(KIM),), NOW)


@dataclass
class Server:
    """Stands for a server: what it took lies in a folder, one line a send, so that it outlives whoever is killed."""

    folder: Path
    fails: list[Exception] = field(default_factory=list)
    tells: bool | None = True  # whether it can be asked what it took
    attempts: int = 0

    down: list[Exception] = field(default_factory=list)  # what the next connections fail with

    def connect(self, _parcel: Parcel) -> None:
        if self.down:
            raise self.down.pop(0)

    def send(self, parcel: Parcel) -> Receipt:
        self.attempts += 1
        if self.fails:
            raise self.fails.pop(0)
        with (self.folder / "taken").open("a") as file:
            file.write(f"{parcel.reference}\n")
        return Receipt(f"taken {parcel.reference}")

    def was_sent(self, parcel: Parcel) -> bool | None:
        return parcel.reference in self.taken() if self.tells else None

    def taken(self) -> list[str]:
        file = self.folder / "taken"
        return file.read_text().splitlines() if file.exists() else []


def parcel(key: str = "a report", channel: Channel = Channel.MAIL, kind: ActionKind = ActionKind.REPORT, **more: Any) -> Parcel:
    """A parcel that is no news, unless its kind says so: refused for good it is not tried again."""
    body = invite_body(INVITE) if channel is Channel.CALENDAR else draft_body(MAIL)
    return replace(Parcel(key, kind, DANA, channel, f"<{key}@x>", body, NOW), **more)


def queue(store: Store, *parcels: Parcel) -> None:
    for one in parcels:
        store.queue((one,), NOW)


def deliver(store: Store, sent_log: SentLog, server: Server, now: datetime) -> tuple[Outcome, ...]:
    return Outbox(DANA, store, sent_log, server).deliver(now)


def resolve_unsure(store: Store, sent_log: SentLog, server: Server, now: datetime) -> tuple[Outcome, ...]:
    return Outbox(DANA, store, sent_log, server).resolve_unsure(now)


def states(store: Store) -> dict[str, Delivery]:
    return {p.key: p.delivery for p in store.parcels(DANA)}

"""Where every message of the clients' people lies; nothing of a client disappears."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from connectors.mail import Address
from daemon.app import App
from daemon.errors import CannotDo
from daemon.glossary.assessments import Bucket, HeldBack, Placement, Unread
from daemon.letters import phrases
from daemon.operations.printable import safe

FILTERED_FOR = timedelta(days=30)  # how far back `kept filtered` looks
_KEYS = {
    Bucket.ANSWERED: "answered",
    Bucket.OPEN: "open",
    Bucket.NO_ANSWER: "needs_no_answer",
    Bucket.HELD_BACK: "held_back",
    Bucket.UNREAD: "unread",
}
# Where several accounts have a message, the first of these counts: somebody answered it, somebody owes an answer, ...
_RANK = (Bucket.ANSWERED, Bucket.OPEN, Bucket.UNREAD, Bucket.NO_ANSWER, Bucket.HELD_BACK)


@dataclass(frozen=True, slots=True)
class Balance:
    """The placements of a span of time, by client; a message that several accounts have is there once."""

    start: datetime
    end: datetime
    placements: Sequence[tuple[str, Placement]]

    def counts(self) -> Iterator[tuple[str, Counter[Bucket]]]:
        """Yield each client with how many messages lie in each bucket, by name."""
        for client in sorted({client for client, _ in self.placements}):
            yield client, Counter(p.bucket for name, p in self.placements if name == client)

    def text(self, zone: ZoneInfo) -> str:
        """Return a line for each client, and for each message that was filtered out or could not be read; times in that zone."""
        parts = [
            [safe(f"{phrases.cut(client, 60)}: {_sum(counted)}") for client, counted in self.counts()],
            ["Filtered out. If a person wrote it, say: kept person ID"],
            ["Could not be read:"],
        ]
        for client, p in self.placements:
            if p.held is not None:
                parts[1].append(filtered_text(p.at, p.held, zone, self.end))
            elif p.unread is not None:
                parts[2].append(_unread_text(client, p.at, p.unread, zone, self.end))
        shown = [parts[0], *(part for part in parts[1:] if len(part) > 1)]
        return "\n\n".join("\n".join(part) for part in shown if part) or "No client wrote in this time."

    def document(self, zone: ZoneInfo) -> dict[str, Any]:
        """Return what --json prints; `in` is the sum of the buckets."""
        clients = [
            {"client": client, "in": counted.total(), **{key: counted[bucket] for bucket, key in _KEYS.items()}}
            for client, counted in self.counts()
        ]
        return {
            "from": phrases.iso(self.start, zone),
            "to": phrases.iso(self.end, zone),
            "clients": clients,
            "held_back": [
                _message(client, p, p.held.sender.email, p.held.subject, p.held.reason, zone)
                for client, p in self.placements
                if p.held is not None
            ],
            "unread": [
                _message(client, p, p.unread.sender.email, p.unread.subject, p.unread.reason, zone)
                for client, p in self.placements
                if p.unread is not None
            ],
        }


def balance_of(app: App, start: datetime, end: datetime, client: str | None = None) -> Balance:
    """Return where each message of a span lies, oldest first. Raises CannotDo if a client could not be assessed."""
    assessments = app.assessments(end)
    failed = next((name for r in app.runtimes.values() for name in r.ledger.failures if client in (None, name)), None)
    if failed is not None:
        raise CannotDo(f"{failed} could not be assessed, so nothing can be said of their mail; kept.log has the details.")
    found: dict[tuple[str, str], Placement] = {}
    for a in assessments:
        for p in a.balance if client in (None, a.client) else ():
            other = found.get((a.client, p.message_id))
            if start <= p.at <= end and (other is None or _RANK.index(p.bucket) < _RANK.index(other.bucket)):
                found[a.client, p.message_id] = p
    for name, p in _set_aside(app, start, end):
        if client in (None, name):
            found[name, p.message_id] = p
    return Balance(start, end, sorted(((name, p) for (name, _), p in found.items()), key=lambda one: one[1].at))


def _set_aside(app: App, start: datetime, end: datetime) -> Iterator[tuple[str, Placement]]:
    """Yield each client's mail that could not be read at all: its place stands for the Message-ID, which nobody knows."""
    for address in app.runtimes:
        for aside in app.store.set_aside_between(address, start, end):
            name = app.directory.match(aside.sender)
            if name is not None:
                unread = Unread(name, Address(aside.sender), "", aside.reason)
                yield name, Placement(aside.place, aside.at, Bucket.UNREAD, f"could not be read: {aside.reason}", unread=unread)


def _sum(counted: Counter[Bucket]) -> str:
    parts = " + ".join(phrases.in_bucket(bucket, counted[bucket]) for bucket in phrases.BUCKETS if counted[bucket])
    return f"{counted.total()} in = {parts}"


def _message(client: str, p: Placement, sender: str, subject: str, reason: str, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "message_id": p.message_id,
        "client": client,
        "from": sender,
        "subject": subject,
        "at": phrases.iso(p.at, zone),
        "reason": reason,
    }


def _unread_text(client: str, at: datetime, unread: Unread, zone: ZoneInfo, now: datetime) -> str:
    why, subject = phrases.WHY_UNREAD.get(unread.reason, unread.reason), phrases.quoted(unread.subject, 100)
    head = f"  {phrases.moment(at, zone, now)}  {phrases.cut(client, 60)}, {phrases.cut(unread.sender.email, 80)}"
    return f"{safe(head)}\n{safe(f'    {subject}: {why}')}"


def filtered_mail(app: App, now: datetime) -> list[tuple[datetime, HeldBack]]:
    """Return what was filtered out in the last 30 days, newest first, each with when it came."""
    held = [
        (p.at, p.held)
        for a in app.assessments(now)
        for p in a.balance
        if p.held is not None and now - FILTERED_FOR <= p.at <= now
    ]
    return sorted(held, key=lambda one: one[0], reverse=True)


def filtered_text(at: datetime, held: HeldBack, zone: ZoneInfo, now: datetime) -> str:
    """Return two lines for what was filtered out: its ID, when, of which client, from whom; its subject and why."""
    sender = f"{held.sender.name} <{held.sender.email}>" if held.sender.name else held.sender.email
    head = f"{held.id if held.key else ' ' * 10}  {phrases.moment(at, zone, now)}  {phrases.cut(held.client, 60)}, {phrases.cut(sender, 100)}"
    return f"{safe(head)}\n{safe(f'            {phrases.quoted(held.subject, 100)}: {phrases.cut(held.why, 120)}')}"

"""A hundred faults of an SMTP server: every kind of reply, a drop and a hang at every command, each with a retry or a kill, at a real sink.

In each, an office sends its digest, books a review and invites its client while the server fails once in that way; then it lives on for
two working days. Nothing may reach anybody twice, and whatever did not arrive must be named by a digest within one working day.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from office import DANA, KIM, Office
from servers.mail_servers import Sink, smtp_sink

from connectors.formats import mime
from connectors.mail import Message, Role
from daemon.glossary.actions import Delivery
from faults.report import Report, Scale

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
COMMANDS = ("EHLO", "MAIL", "RCPT", "DATA", "DOT", "QUIT")
REPLIES = (
    "421 closing",
    "450 busy",
    "451 later",
    "452 no room",
    "500 what",
    "503 order",
    "550 never",
    "552 too much",
    "554 no",
    "299 odd",
    "354 odd",
    "gibberish",
    "drop",
)
WHEN = {"the digest": (0, 8, 0), "the invitation": (1, 9, 0)}
_KILLED_AFTER = 120.0  # seconds at most until the server was reached


class Fault(NamedTuple):
    """What the server does at which command, to which letter, and whether Kept is killed in the middle of it."""

    command: str
    does: str
    letter: str
    killed: bool

    def __str__(self) -> str:
        return f"{self.does} at {self.command} of {self.letter}{', killed' if self.killed else ''}"


def campaign(scale: Scale) -> Report:
    """Run it on a random choice of the faults."""
    faults = [Fault(command, does, letter, killed=False) for command in COMMANDS for does in REPLIES for letter in WHEN]
    faults += [Fault(command, "hang", letter, killed=True) for command in COMMANDS for letter in WHEN]
    chosen = random.Random(scale.seed).sample(faults, min(len(faults), scale.of(100)))  # no secret
    report, tally = Report("smtp_faults"), Counter[str]()
    for fault in chosen:
        with tempfile.TemporaryDirectory(prefix="kept-smtp-faults-") as place, smtp_sink() as sink:
            tally.update(_live_through(fault, Path(place), sink, report))
    report.figures += [
        f"{len(chosen)} of {len(faults)} faults, {sum(f.killed for f in chosen)} of them with a kill",
        ", ".join(f"{count} letters {fate}" for fate, count in sorted(tally.items())),
        f"{len(report.failures)} said twice, lost, or of unknown fate and not told within one working day",
    ]
    return report


def _live_through(fault: Fault, folder: Path, sink: Sink, report: Report) -> Iterator[str]:
    """Live through a fault; yield the fate of each letter that was meant for the client, and of the digests."""
    office = Office(folder)
    send = f"send: {{type: smtp, host: 127.0.0.1, port: {sink.port}, tls: none}}"
    office.config.write_text(office.config.read_text().replace("send: {type: file, path: outbox}", send))
    office.business(datetime(2025, 12, 8, 10, tzinfo=UTC))
    office.mail(_at(-3, 9), KIM, DANA, "Can you send me the revised quote?", name="ask")
    for moment in _moments():
        if moment == _at(*WHEN[fault.letter]):
            sink.trouble = {fault.command: fault.does}
            _turn_and_die(office, moment, sink) if fault.killed else office.live(moment)
            sink.trouble = {}
        else:
            office.live(moment)
    yield from _judge(fault, office, sink, report)


def _moments() -> list[datetime]:
    return [_at(day, hour, minute) for day in range(4) for hour, minute in ((8, 0), (8, 30), (9, 0), (9, 10), (11, 0), (15, 0))]


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


def _turn_and_die(office: Office, moment: datetime, sink: Sink) -> None:
    """Take a turn in a process of its own, which is killed while the server hangs."""
    before, child = sink.attempts, os.fork()
    if child == 0:
        with contextlib.suppress(BaseException):
            office.live(moment)
        os._exit(0)
    deadline = time.monotonic() + _KILLED_AFTER
    reached = "EHLO" in sink.trouble
    while time.monotonic() < deadline and not (reached or sink.attempts > before):
        time.sleep(0.05)
    time.sleep(2.0 if reached else 0.7)  # until it hangs
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def _judge(fault: Fault, office: Office, sink: Sink, report: Report) -> Iterator[str]:
    letters = [mime.parse(raw, role=Role.INBOX, folder="INBOX") for _, _, raw in sink.taken]
    twice = [name for name, count in Counter(m.message_id for m in letters).items() if count > 1]
    report.failures += [f"{fault}: {name} came twice" for name in twice]
    digests = [m for m in letters if m.subject.startswith("Kept, ")]
    with office.app() as app:
        parcels = app.store.parcels(DANA)
    there = {m.message_id for m in letters}
    for parcel in parcels:
        yield parcel.delivery.value
        arrived = parcel.reference in there
        if parcel.delivery is Delivery.SENT and parcel.channel.value == "mail" and not arrived:
            report.failures.append(f"{fault}: {parcel.key} counts as sent and never arrived")
        if parcel.delivery in (Delivery.UNKNOWN, Delivery.SENDING, Delivery.REPLACED, Delivery.REFUSED):
            since = parcel.claimed or parcel.created
            if since is not None and not _told(digests, since):
                report.failures.append(f"{fault}: {parcel.key} is {parcel.delivery.value} since {since}, and no digest said so")
        if parcel.delivery is Delivery.WAITING:
            report.failures.append(f"{fault}: {parcel.key} still waits: {parcel.error}")
    days = {m.date.date() for m in digests}
    missing = [day for day in range(4) if _at(day, 8).date() not in days]
    if len(missing) > (fault.letter == "the digest"):
        report.failures.append(f"{fault}: {len(missing)} digests did not come")


def _told(digests: list[Message], since: datetime) -> bool:
    """Whether a digest after that moment, at most one working day later, says that something may not have been sent."""
    within = [m for m in digests if since < m.date <= since + timedelta(days=1, hours=1)]
    return any("PERHAPS NOT SENT" in m.text for m in within)

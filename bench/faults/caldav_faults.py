"""CalDAV faults at booking, cancelling and reading: a real Radicale behind a go-between, the real outbox and store.

Promised: nothing is booked twice or lost, what is not known is said, and a calendar that is suddenly empty is not believed.
"""

from __future__ import annotations

import random
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from contracts.caldav_contract import new_calendar, opened
from contracts.calendar_contract import INVITE
from servers import processes
from servers.caldav_servers import Meddler, meddler

from connectors.calendar import Invite, Window
from connectors.errors import ConnectorError
from daemon.delivery.outbox import Outbox
from daemon.delivery.parcel_json import invite_body
from daemon.delivery.senders import ConnectorSender
from daemon.delivery.sent_log import SentLog
from daemon.delivery.unsettled import unsettled
from daemon.glossary.actions import ActionKind, Channel, Delivery, Parcel
from daemon.store import Store
from faults.report import Report, Scale

DANA = "dana@northwind.example"
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WINDOW = Window(NOW - timedelta(days=30), NOW + timedelta(days=60))
TURNS = 40  # of fifteen minutes after a fault: a working day
EMPTY = '<?xml version="1.0"?><multistatus xmlns="DAV:"></multistatus>'
Answer = tuple[int, dict[str, str], str] | str
_XML = {"Content-Type": "application/xml"}
FAULTS: dict[str, Answer] = {
    "the answer is lost": "drop",
    "no answer in time": "hang",
    "500": (500, {}, ""),
    "502": (502, {}, ""),
    "503": (503, {"Retry-After": "60"}, ""),
    "429": (429, {"Retry-After": "60"}, ""),
    "401": (401, {"WWW-Authenticate": 'Basic realm="x"'}, ""),
    "403": (403, {}, ""),
    "404": (404, {}, ""),
    "409": (409, {}, ""),
    "412": (412, {}, ""),
    "507": (507, {}, ""),
    "garbage": (207, _XML, "<<<not xml"),
    "cut XML": (207, _XML, EMPTY[:60]),
    "an empty multistatus": (207, _XML, EMPTY),
    "a web page": (200, {"Content-Type": "text/html"}, "<html>Sign in</html>"),
    "a circle": (302, {"Location": "/circle"}, ""),
    "another host": (301, {"Location": "https://elsewhere.example/"}, ""),
}
METHODS = ("PUT", "REPORT", "PROPFIND")


def campaign(scale: Scale) -> Report:
    """Run the faults, a calendar and an outbox of its own for each. No answer is awaited for longer than 2.5 s."""
    report, chance, fates = Report("caldav_faults"), random.Random(scale.seed), Counter[str]()
    count = scale.of(100)
    with processes.radicale() as server, meddler(server) as between:
        for number in range(count):
            fault = list(FAULTS)[number % len(FAULTS)]
            method, times = chance.choice(METHODS), chance.choice((1, 2, 5))
            what = f"{fault} at {method}, {times} times"
            with tempfile.TemporaryDirectory() as folder:
                case = _Case(server, between, Path(folder))
                fates[case.run(method, FAULTS[fault], times)] += 1
                report.failures += [f"{number} ({what}): {broken}" for broken in case.broken]
    report.figures.append(f"{count} faults: " + ", ".join(f"{n} {fate}" for fate, n in sorted(fates.items())))
    return report


class _Case:
    """One booking behind one fault, followed for a working day."""

    def __init__(self, server: processes.Dav, between: Meddler, folder: Path) -> None:
        between.meddle.clear()
        path = new_calendar(server, "/alice/")
        self._direct, self._between = opened(server, path), between
        self._calendar = opened(server, path, url=between.url, timeout=2.5)
        self._folder, self.broken = folder, list[str]()

    def run(self, method: str, answer: Answer, times: int) -> str:
        """Book, read and cancel behind the fault. Return what became of the booking."""
        for number in range(6):
            self._direct.put(replace(INVITE, uid=f"other-{number}"))
        cursor = self._read()
        self._between.meddle.append(_failing(method, answer, times))
        with closing(Store.open(self._folder / "state")) as store, store.lock():
            fate = self._book(store, "review", INVITE)
            self._read_again(cursor, {f"other-{n}" for n in range(6)})
            if fate == Delivery.SENT:
                self._between.meddle[:] = [_failing(method, answer, times)]
                self._book(store, "cancel", replace(INVITE, sequence=1, cancelled=True))
        self._between.meddle.clear()
        self._calendar.close()
        self._direct.close()
        return fate.value

    def _book(self, store: Store, key: str, invite: Invite) -> Delivery:
        parcel = Parcel(key, ActionKind.REVIEW, DANA, Channel.CALENDAR, invite.uid, invite_body(invite), NOW)
        store.queue((parcel,), NOW)
        outbox = Outbox(DANA, store, SentLog(self._folder / "log"), ConnectorSender(DANA, {}, {"c": self._calendar}, None))
        seen = len(self._between.seen)
        for turn in range(TURNS):
            now = NOW + timedelta(minutes=15 * turn)
            outbox.resolve_unsure(now)
            outbox.deliver(now)
        (fate,) = (p.delivery for p in store.parcels(DANA) if p.key == key)
        self._check(key, invite, fate, {u.key for u in unsettled(store, DANA, ZoneInfo("UTC"), NOW + timedelta(days=1))})
        writes = sum(m == "PUT" for m, _ in self._between.seen[seen:])
        if fate == Delivery.SENT and writes > TURNS:
            self.broken.append(f"{key}: {writes} writes")
        return fate

    def _check(self, key: str, invite: Invite, fate: Delivery, told: set[str]) -> None:
        """Note what went against a promise: a state that the calendar contradicts, or one that nobody was told of."""
        held = self._direct.find(invite.uid)
        there = held is not None and held.sequence >= invite.sequence
        if fate == Delivery.SENT and not there:
            self.broken.append(f"{key} is called booked and is not there")
        if fate == Delivery.REFUSED and there:
            self.broken.append(f"{key} is called refused and stands in the calendar")
        if fate in {Delivery.WAITING, Delivery.SENDING}:
            self.broken.append(f"{key} is still {fate.value} after a working day")
        if fate == Delivery.UNKNOWN and key not in told:
            self.broken.append(f"{key} is unknown and nobody is told")

    def _read(self) -> str:
        """Read everything, past the go-between: on a busy machine an answer may take longer than is waited for there."""
        return list(self._direct.poll(None, WINDOW))[-1].cursor

    def _read_again(self, cursor: str, others: set[str]) -> None:
        """Poll until an answer comes: no event that stands in the calendar may be taken for deleted on the way."""
        for _ in range(10):
            try:
                batches = list(self._calendar.poll(cursor, WINDOW))
            except ConnectorError:
                continue
            lost = others & {uid for batch in batches for uid in batch.removed}
            lost |= {uid for b in batches if b.snapshot for uid in others - {e.uid for e in b.events}}
            if lost:
                self.broken.append(f"{len(lost)} events were taken for deleted")
            return
        self.broken.append("the calendar could not be read again")


def _failing(method: str, answer: Answer, times: int) -> Callable[[str, str], Answer | None]:
    """Answer so the first `times` requests of a method; a circle goes on as long as it is followed."""
    left = [times]

    def rule(asked: str, path: str) -> Answer | None:
        if path == "/circle":
            return answer
        if asked != method or left[0] <= 0:
            return None
        left[0] -= 1
        return answer

    return rule

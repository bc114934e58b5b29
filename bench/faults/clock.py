"""The clock lies to a real daemon: it is set back and forward, starts wrong, and is suspended across both changes of summer time."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from zoneinfo import ZoneInfo

from office import DANA, KIM, Office

from connectors.mail import Message
from daemon.store import Store
from faults.moved_clock import Clocks, start
from faults.report import Report, Scale

PATIENCE = 90.0  # seconds until a daemon that does not turn counts as stuck
MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
SOME = 1.0  # seconds, in which a turn comes
CHANGES = [  # of summer time in 2026: the Sunday, by zone
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Pacific/Auckland", date(2026, 4, 5)),
    ("Pacific/Auckland", date(2026, 9, 27)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
]


class Broken(Exception):  # noqa: N818  # a promise, not a fault of the program
    """A promise was broken."""


@dataclass(slots=True)
class World:
    """An office on disk, its clocks, and the daemon that lives in it."""

    office: Office
    clocks: Clocks
    daemon: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Start the daemon."""
        self.daemon = start(self.clocks, self.office.config)

    def stop(self) -> None:
        """Stop the daemon."""
        if self.daemon is not None:
            self.daemon.send_signal(signal.SIGTERM)
            try:
                self.daemon.wait(PATIENCE)
            finally:
                self.daemon.kill()
                self.daemon.wait()
            self.daemon = None

    def status(self) -> dict[str, object]:
        """Return the status file."""
        file = self.office.folder / "state" / "status.json"
        document: dict[str, object] = json.loads(file.read_text()) if file.exists() else {}
        return document

    def wait(self, what: str, holds: Callable[[dict[str, object]], bool]) -> None:
        """Wait until the status says so. Raises Broken."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if self.daemon is not None and self.daemon.poll() is not None:
                raise Broken(f"{what}: the daemon ended")
            if holds(self.status()):
                return
            time.sleep(0.05)
        raise Broken(f"{what}: not within {PATIENCE:.0f} s")

    def turned(self, what: str) -> None:
        """Wait until a whole turn began and succeeded after now."""
        for _ in range(2):  # the first may have begun before
            now = self.clocks.wall()
            self.wait(what, lambda status, now=now: _moment(status, "last_success") >= now and not _doubts(status))  # type: ignore[misc]

    def digests(self, zone: str = "UTC") -> Counter[str]:
        """Return how many digests were sent, by the local day."""
        return Counter(m.date.astimezone(ZoneInfo(zone)).date().isoformat() for m in self.office.sent() if _is_digest(m))


def campaign(scale: Scale) -> Report:
    """Run every case of a moved clock, and the suspends across a change of summer time; a share of them with a smaller scale."""
    report = Report("clock")
    zones = list(CHANGES)
    random.Random(scale.seed).shuffle(zones)
    suspends = [(f"suspended across {day:%d %b} in {zone}", _suspend(zone, day)) for zone, day in zones[: scale.of(len(zones))]]
    steps = list(CASES.items())
    cases = [*steps[: scale.of(len(steps))], *suspends]
    for name, case in cases:
        began = time.monotonic()
        try:
            figure = case()
        except Broken as broken:
            report.failures.append(f"{name}: {broken}")
        else:
            report.figures.append(f"{name}: {figure} ({time.monotonic() - began:.0f} s)")
    return report


@contextmanager
def _world(wall: datetime, zone: str = "Europe/London", holidays: str = "GB-ENG") -> Iterator[World]:
    folder = Path(tempfile.mkdtemp(prefix="kept-clock-"))
    office = Office(folder, zone=zone, holidays=holidays)
    office.config.write_text(f"{office.config.read_text()}poll: 1s\n")
    world = World(office, Clocks(folder / "clocks.json"))
    world.clocks.set(wall, 10_000.0)
    try:
        yield world
    finally:
        world.stop()
        shutil.rmtree(folder)


def _back() -> str:
    with _world(MONDAY + timedelta(hours=15)) as w:
        w.run()
        w.turned("the first turn")
        w.clocks.set(w.clocks.wall() - timedelta(hours=3))
        began = time.monotonic()
        w.wait("the step is seen", _doubts)
        w.turned("after three hours back")
        return f"turning again after {time.monotonic() - began:.1f} s"


def _forward(step: timedelta) -> Callable[[], str]:
    def case() -> str:
        with _world(MONDAY + timedelta(hours=8)) as w:
            w.office.business(datetime(2025, 12, 8, 10, tzinfo=UTC))
            w.office.mail(MONDAY + timedelta(hours=7), KIM, DANA, "Can you send me the revised quote?", name="ask")
            w.run()
            w.turned("the morning's digest")
            before = _texts(w)
            w.clocks.set(w.clocks.wall() + step)
            w.wait("the step is seen", _doubts)
            w.clocks.set(w.clocks.wall() - step)
            w.turned("after the clock was put right")
            _expect(w.office.booked() == [], "a client was invited inside the notice")
            _expect(_texts(w) == before, "stored words were dropped")
            _expect(set(w.digests()) == {"2026-03-02"}, f"digests of {sorted(w.digests())}")
            for day in range(1, 5):
                w.clocks.sleep_until(MONDAY + timedelta(days=day, hours=9, minutes=30))
                w.turned(f"day {day}")
            _expect(set(w.digests().values()) == {1} and len(w.digests()) == 5, f"digests: {dict(w.digests())}")
            return f"{len(before)} texts stay, one digest on each of 5 days, {len(w.office.booked())} booked after the notice"

    return case


def _first_start_in_2030() -> str:
    with _world(datetime(2030, 1, 7, 9, tzinfo=UTC)) as w:
        w.office.business(datetime(2025, 12, 8, 10, tzinfo=UTC))
        w.run()
        w.turned("in 2030")
        w.clocks.set(MONDAY + timedelta(hours=10))
        w.wait("the step is seen", _doubts)
        w.turned("in 2026")
        w.office.mail(MONDAY + timedelta(hours=10), KIM, DANA, "Can you send me the revised quote?", name="ask")
        w.turned("with the question")
        w.clocks.sleep_until(MONDAY + timedelta(hours=11, minutes=5))
        w.turned("when it is due soon")
        said = [m for m in w.office.sent() if "revised quote" in m.text and not _is_digest(m) and m.date.year == 2026]
        _expect(len(said) == 1, f"{len(said)} reminders")
        return "reminded once"


def _from_1970() -> str:
    with _world(datetime(1970, 1, 1, tzinfo=UTC)) as w:
        w.office.mail(MONDAY + timedelta(hours=7), KIM, DANA, "Can you send me the revised quote?", name="ask")
        w.run()
        w.wait("1970 is not believed", _doubts)
        time.sleep(SOME)
        _expect(w.office.sent() == [], "something was sent in 1970")
        held = _memory(w)
        w.clocks.set(MONDAY + timedelta(hours=10))
        w.turned("in 2026")
        grown = _memory(w) - held
        _expect(grown < 60, f"memory grew by {grown:.0f} MB")
        _expect(set(w.digests()) == {"2026-03-02"}, f"digests of {sorted(w.digests())}")
        return f"nothing said in 1970, one digest in 2026, memory {held:.0f} MB and {grown:.0f} MB more after the first turn"


def _suspend(zone: str, sunday: date) -> Callable[[], str]:
    """Suspended from Friday evening to Monday morning, and from Monday evening to Tuesday, across the change of summer time."""

    def case() -> str:
        def local(days: int, hour: int) -> datetime:
            return datetime.combine(sunday + timedelta(days=days), clock_time(hour), ZoneInfo(zone)).astimezone(UTC)

        with _world(local(-2, 9), zone, "[]") as w:
            w.run()
            w.turned("on Friday")
            for days, hour in ((-2, 19), (1, 7), (1, 9), (1, 19), (2, 9)):
                w.clocks.sleep_until(local(days, hour))
                w.turned(f"day {days}, {hour}:00")
            expected = {(sunday + timedelta(days=days)).isoformat(): 1 for days in (-2, 1, 2)}
            _expect(dict(w.digests(zone)) == expected, f"digests: {dict(w.digests(zone))}")
            return "one digest on each of 3 working days"

    return case


CASES: dict[str, Callable[[], str]] = {
    "three days forward for one turn": _forward(timedelta(days=3)),
    "two years forward for one turn": _forward(timedelta(days=730)),
    "three hours back": _back,
    "first start in 2030": _first_start_in_2030,
    "from 1970 to 2026 while running": _from_1970,
}


def _expect(holds: bool, otherwise: str) -> None:  # what is expected
    if not holds:
        raise Broken(otherwise)


def _doubts(status: dict[str, object]) -> bool:
    failures = status.get("failures")
    return isinstance(failures, list) and any("clock" in line for line in failures)


def _moment(status: dict[str, object], name: str) -> datetime:
    written = status.get(name)
    return datetime.fromisoformat(written) if isinstance(written, str) else datetime.min.replace(tzinfo=UTC)


def _is_digest(mail: Message) -> bool:
    return mail.subject.startswith("Kept, ")


def _texts(world: World) -> frozenset[str]:
    store = Store.open(world.office.folder / "state", read_only=True)
    try:
        return frozenset(store.texts(DANA, store.message_ids(DANA)))
    finally:
        store.close()


def _memory(world: World) -> float:
    assert world.daemon is not None
    lines = Path(f"/proc/{world.daemon.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024

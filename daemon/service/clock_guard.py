"""Find out that the wall clock was moved, by comparing it with the machine's own count of seconds since it started.

Time can lie: a machine without a battery starts in 1970 until it reaches a time server, a virtual machine wakes up with the time at
which it was stopped, a person types the wrong year. While the clock is in doubt a turn does nothing at all (`daemon.cycle.turn`):
nothing is deleted, expired, booked or sent, and no mail is taken for older than the history. The clock is believed again once two
turns agree on the new time. A suspend is no step, because the count goes on during it; neither is a change of the time zone or of
summer time, because the wall clock is in UTC; a clock that a time server slews is followed (500 ppm, RFC 5905; a leap smear is 12).

What is stored with a moment, and what becomes of it when the clock was ahead for more than two turns and is then put right
(`daemon.store.wrong_future`, at every start and whenever the clock is believed again):

- the first day (`started`), a client's `won` date, the user's decisions, when an event was seen or replaced, when a parcel was
  created, claimed, sent or settled, since when a source fails, when a language model said something: it happened before now, so the moment becomes now;
- `seen_until` of a source that fails: not known, so nothing is claimed until the source has been read again; where it lay more than a
  day ahead, all mail of the source is read again, because what came meanwhile may have been taken for older than the history;
- `not_before` of a parcel that waits: now;
- the day on which old texts were dropped: forgotten, and all mail is read again, because what was dropped may be too young, and
  because mail that came meanwhile may have been taken for older than the history;
- mentions and announcements of a later moment: what they say was not so yet, so they do not count (`store.past_actions`);
- the digest of a day, made before that day began: it does not count as that day's (`planning.plan`);
- pauses of a source: they count only from their beginning on (`intake.sources.Pause`);
- computed assessments: for an earlier moment they are computed again (`daemon.ledger`, `store.open_cache`).

Where the clock was behind, mail seemed to lie in the future and was dated back (`intake.plausible_dates`): all mail is read again at
the first start, or newly believed clock, at which the first of it can be believed.

Back-off between requests and the ticker count on the monotonic clock; the windows that calendars were read for are compared by day.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from connectors.net import files
from daemon.logs import get_logger

log = get_logger(__name__)

FILE = "clock.json"
STEP = timedelta(minutes=5)  # of the wall clock against the count: more is a step
AGREED_AFTER = 10.0  # seconds at least between the two turns that agree, so that two in a burst are not taken for agreement
SLEW = 0.001  # seconds a second that a slewed clock may drift: twice what a time server does
SAVED_AFTER = 3600.0  # seconds after which the time is written down again
EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)  # this program is younger, so that no clock before it is right
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class _Reading:
    """Both clocks at one moment, in seconds: the wall clock since 1970, and the count since the start of the machine."""

    wall: float
    count: float

    @property
    def offset(self) -> float:
        """When the machine started, by the wall clock."""
        return self.wall - self.count

    def differs(self, other: _Reading) -> bool:
        """Return whether the wall clock was moved between the two."""
        return abs(self.offset - other.offset) > STEP.total_seconds()


def boot_id() -> str:
    """Return what names this run of the machine; "" where it is not told."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


class ClockGuard:
    """Decides at every turn whether the wall clock is believed. It remembers both clocks in `folder`, from one process to the next.

    `trusted` counts how often it began to believe the clock: once at the start, and again after each step.
    """

    def __init__(self, folder: Path, boot: Callable[[], str] = boot_id) -> None:
        self._file, self._boot = folder / FILE, boot()
        self._believed: _Reading | None = None
        self._doubted: _Reading | None = None
        self._saved_at: float | None = None
        self._restarted = False  # the machine: its clock may be wrong until it has reached a time server
        self.trusted = 0
        self.problem: str | None = None
        self._load()

    def check(self, now: datetime, since_boot: float) -> bool:
        """Return whether the clock is believed at a turn that begins at `now`. `problem` says why not."""
        reading = _Reading(now.timestamp(), since_boot)
        if now < EARLIEST:
            return self._doubt(reading, impossible(now))
        if self._believed is not None and not reading.differs(self._believed):
            return self._follow(reading, self._believed)
        if self._believed is None and self._doubted is None and not self._restarted:
            return self._believe(reading)  # the first start of all: there is nothing to compare with
        if self._doubted is None or reading.differs(self._doubted):
            return self._doubt(reading, self._what_happened(reading, now))
        return reading.count - self._doubted.count >= AGREED_AFTER and self._believe(reading)

    def _follow(self, reading: _Reading, before: _Reading) -> bool:
        """Believe a clock that only drifts, and follow it no faster than a slewed one drifts: small steps must not add up unseen."""
        allowed = SLEW * max(0.0, reading.count - before.count)
        drift = max(-allowed, min(allowed, reading.offset - before.offset))
        self._believed = _Reading(reading.count + before.offset + drift, reading.count)
        if self._doubted is not None:
            log.info("the clock is right again")
        return self._settled(reading)

    def _believe(self, reading: _Reading) -> bool:
        self._believed = reading
        self._saved_at = None
        self.trusted += 1
        if self._doubted is not None:
            log.warning("the clock was moved, and two turns agree on the new time")
        return self._settled(reading)

    def _settled(self, reading: _Reading) -> bool:
        self._doubted, self.problem = None, None
        self.trusted = max(self.trusted, 1)
        self._save(reading)
        return True

    def _doubt(self, reading: _Reading, what: str) -> bool:
        if self._doubted is None or reading.differs(self._doubted):
            self._doubted = reading
            self.problem = (
                f"{what} Kept reads and sends nothing until it is sure of the time; check the computer's date and time."
            )
            log.error("the clock is in doubt", problem=self.problem)
        return False

    def _what_happened(self, reading: _Reading, now: datetime) -> str:
        if self._believed is None:
            return f"This computer was started again, and its clock says {_day(now)} {now:%H:%M} UTC."
        step = timedelta(seconds=reading.offset - self._believed.offset)
        direction = "forward" if step > timedelta() else "back"
        return f"This computer's clock went {direction} by {_span(abs(step))}, to {_day(now)} {now:%H:%M} UTC."

    # what is remembered from one process to the next

    def _load(self) -> None:
        try:
            stored: Any = json.loads(self._file.read_text(encoding="utf-8"))
            reading, boot = _Reading(float(stored["wall"]), float(stored["since_boot"])), str(stored["boot"])
        except (OSError, ValueError, TypeError, LookupError):
            return
        self._restarted = not boot or boot != self._boot
        if not self._restarted:
            self._believed = reading

    def _save(self, reading: _Reading) -> None:
        """Write both clocks down, at a start, after a step and every hour. A failure is logged once an hour."""
        if self._saved_at is not None and reading.count - self._saved_at < SAVED_AFTER:
            return
        self._saved_at = reading.count
        document = {"boot": self._boot, "since_boot": reading.count, "wall": reading.wall}
        try:
            files.write_atomically(self._file, json.dumps(document).encode())
        except OSError as error:
            log.warning("the time could not be written down", error=error.strerror)


def impossible(now: datetime) -> str:
    """Return the sentence about a clock that shows a moment before EARLIEST."""
    return f"This computer's clock says {_day(now)}, which cannot be right."


def _day(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b %Y}"


def _span(span: timedelta) -> str:
    """Return a span in its largest unit, for people."""
    minutes = round(span.total_seconds() / 60)
    for size, unit in ((60 * 24 * 365, "year"), (60 * 24, "day"), (60, "hour")):
        if minutes >= size:
            return f"{minutes // size} {unit}{'s' * (minutes // size > 1)}"
    return f"{minutes} minutes"

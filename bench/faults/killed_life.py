"""One life of the office under kills: the clock is moved moment by moment, mail arrives, and the daemon dies and is started again.

Half of the kills come at a random moment, the other half when a send or a booking has reached a given point (`windows.py`).
"""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from daemon.glossary.obligations import short_id
from faults.kept_process import Life, Nursery
from faults.office_on_servers import Office, links
from faults.office_story import DANA, Mail, Story
from faults.windows import STAGES

PATIENCE = 60.0  # seconds until a daemon that has not turned counts as stuck
AT_RANDOM = 0.25  # how often a moment, and each restart, has a kill at a random instant
AIMED = 0.9  # how often a send at a moment, or after a restart, is to end a life
HIT = 0.9  # how often the point aimed at is one to die at; else the next one is
LONGEST_LIFE = 0.5  # seconds from a moment's beginning, or a restart, to a random kill
POINTS = {
    "SMTP": ("SMTP EHLO", "SMTP MAIL", "SMTP RCPT", "SMTP DATA", "SMTP DOT", "SMTP QUIT"),
    "APPEND": tuple(f"APPEND {stage}" for stage in STAGES),
    "PUT": tuple(f"PUT {stage}" for stage in STAGES),
}
DELAYS = (0, 0, 0.001, 0.003, 0.01)  # seconds between a point and the kill
CLICKS_FROM = 10  # o'clock


@dataclass(slots=True)
class Budget:
    """How many kills are left, for all lives together."""

    left: int
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> bool:
        """Take one; return False where none is left."""
        with self._lock:
            self.left -= 1
            return self.left >= 0


class Reaper:
    """Kills the present life of one office, where it is aimed at or at once, and counts by where it was."""

    def __init__(self, rng: random.Random, budget: Budget | None) -> None:
        self._rng, self._budget = rng, budget
        self.kills: Counter[str] = Counter()
        self._life: Life | None = None
        self._aim: frozenset[str] = frozenset()

    def watch(self, point: str) -> None:
        """Kill at this point of a send, or some milliseconds later, if it is aimed at."""
        life = self._life
        if life is None or point not in self._aim or self._rng.random() > HIT:
            return
        self._aim = frozenset()
        if delay := self._rng.choice(DELAYS):
            threading.Timer(delay, self._kill, (life, point)).start()
        else:
            self._kill(life, point)

    def aim(self, life: Life) -> None:
        """Aim at a point of this life's next sends, or at none."""
        self._life = life
        aimed = self._budget is not None and self._budget.left > 0 and self._rng.random() < AIMED
        self._aim = frozenset(self._rng.choice(points) for points in POINTS.values()) if aimed else frozenset()

    def rest(self) -> None:
        """Kill no more."""
        self._budget, self._aim = None, frozenset()

    def strike(self) -> None:
        """Kill the present life at a random instant, at this moment's odds."""
        if self._life is None or self._budget is None or self._rng.random() > AT_RANDOM:
            return
        time.sleep(self._rng.uniform(0, LONGEST_LIFE))
        self._kill(self._life, "at random")

    def _kill(self, life: Life, where: str) -> None:
        if self._budget is not None and not life.ended(0) and self._budget.take() and life.kill(where):
            self.kills[where] += 1


@dataclass(slots=True)
class Doubt:
    """A parcel whose fate Kept did not know: since when, until when (None: to the end), and since when the status has it."""

    since: datetime
    until: datetime | None = None
    in_status: datetime | None = None


class KilledLife:
    """One office from the first to the last moment of its story."""

    def __init__(self, office: Office, nursery: Nursery, story: Story, reaper: Reaper) -> None:
        self._office, self._nursery, self._story, self._reaper = office, nursery, story, reaper
        self._life: Life | None = None
        self.clicked: dict[str, str] = {}  # verb -> the subject sent
        self.doubts: dict[str, Doubt] = {}
        self.complaints: list[str] = []
        self._ended: list[Life] = []

    def run(self) -> None:
        """Live through the story. In its quiet days nothing is killed, so that what is late can still be said."""
        before = self._story.moments[0] - timedelta(days=400)
        for moment in self._story.moments:
            if moment >= self._story.quiet_from:
                self._reaper.rest()
            self._office.clock.set(moment)
            for mail in self._story.until(before, moment):
                self._office.deliver(mail)
            self._click(moment)
            before = moment
            self._turn(moment)
            self._note_doubts(moment)
        assert self._life is not None
        self._life.kill("the end")
        self._life.ended()
        for life in (*self._ended, self._life):
            life.close()

    def _turn(self, moment: datetime) -> None:
        """Let the daemon turn at this moment, however often it is killed before it has."""
        life = self._alive()
        self._reaper.aim(life)
        self._reaper.strike()
        deadline = time.monotonic() + PATIENCE
        while not self._turned(life, moment):
            if life.ended(0.02):
                life = self._alive()
                self._reaper.strike()
            elif time.monotonic() > deadline:
                self.complaints.append(f"no turn within {PATIENCE:.0f} s at {moment}: {self._status()}")
                return

    def _alive(self) -> Life:
        """Return the present life, or a new one after a kill."""
        if self._life is not None and not self._life.ended(0):
            return self._life
        if self._life is not None:
            if self._life.killed_at is None:
                log = (self._office.folder / "daemon.log").read_text()[-600:]
                self.complaints.append(f"the daemon ended by itself: {log}")
            self._ended.append(self._life)
        self._life = self._nursery.start(self._office.config, self._office.clock, self._office.folder / "daemon.log")
        self._reaper.aim(self._life)
        return self._life

    def _status(self) -> dict[str, Any]:
        try:
            status: dict[str, Any] = json.loads((self._office.state / "status.json").read_text())
        except (OSError, ValueError):
            return {}
        return status

    def _turned(self, life: Life, moment: datetime) -> bool:
        """Whether this life has finished a turn at this moment: it has read every source since."""
        status = self._status()
        seen = [source["seen_until"] for source in status.get("sources", ())]
        return status.get("pid") == life.pid and len(seen) == 2 and all(s and datetime.fromisoformat(s) >= moment for s in seen)

    def _click(self, moment: datetime) -> None:
        """Settle a question, and stop a review, by the links of whatever mail has arrived, from ten o'clock on."""
        if not CLICKS_FROM <= moment.hour < 17 or moment.weekday() > 4 or not (self._office.state / "kept.db").exists():
            return
        rows = self._office.rows
        found = rows("select distinct obligation from mentions where obligation like ?", f"%{self._story.settled}@%")
        settled = {short_id(key) for (key,) in found}
        vetoed = {i for (i,) in rows("select action_id from announcements where kind = 'review' and client = 'Birch GmbH'")}
        for wanted, targets in (("done", settled), ("veto", vetoed)):
            if wanted not in self.clicked and (subject := self._subject(wanted, targets)):
                self.clicked[wanted] = subject
                self._office.deliver(Mail(moment, DANA, DANA, subject, "Just send this email.", f"click-{wanted}"))

    def _subject(self, verb: str, targets: set[str]) -> str | None:
        offered = (link for _, mail in self._office.sent for link in links(mail))
        return next((subject for v, target, subject in offered if v == verb and target in targets), None)

    def _note_doubts(self, moment: datetime) -> None:
        """Note which parcels' fate is not known after this moment's turn, and whether the status says so."""
        unknown = {key for (key,) in self._office.rows("select key from parcels where delivery in ('unknown', 'sending')")}
        told = {entry["id"] for entry in self._status().get("unsettled", ())}
        for key in unknown:
            doubt = self.doubts.setdefault(key, Doubt(moment))
            if doubt.in_status is None and short_id(key) in told:
                doubt.in_status = moment
        for key, doubt in self.doubts.items():
            if key not in unknown and doubt.until is None:
                doubt.until = moment

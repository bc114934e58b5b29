"""Faults for the team of `team.py`: workers killed and frozen, PostgreSQL restarted, and what became of mail and letters meanwhile."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import psycopg
from team_at_work import KEPT, Team, span

LATE = timedelta(hours=5)  # of a question whose answer is overdue, so that a letter leaves at once
KILL_EVERY, FREEZE, POLLED_AGAIN = 20.0, 180.0, 120.0
SETTLED_WITHIN = 1800.0  # seconds after which a send that is unknown still has to be told of: looks at servers end before


def under_faults(team: Team, seconds: float) -> str:
    """Return what became of mail and letters in a time of faults, once every send has been settled or told of."""
    faults = _Faults(team)
    before = _letters(team)
    faults.rage(seconds)
    return f"{faults.happened}; {_outcome(team, faults, before)}; a dead worker's accounts were turned again after {span(faults.waits)}"


@dataclass
class _Faults:
    """What was done to a team, which mails came meanwhile, and which sends were of unknown fate at some time."""

    team: Team
    mails: list[tuple[int, int]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    unsure: dict[str, str] = field(default_factory=dict)  # a parcel's key -> its account
    happened: str = ""

    def rage(self, seconds: float) -> None:
        """Kill, freeze and restart for so long, while mail comes."""
        team, began, freeze = self.team, time.monotonic(), min(FREEZE, seconds / 2)
        kills, restarts, thawed_at = 0, 0, 0.0
        while (passed := time.monotonic() - began) < seconds:
            self._mail()
            if not thawed_at and passed > seconds / 4:
                team.workers[0].send_signal(signal.SIGSTOP)
                thawed_at = passed + freeze
            elif thawed_at and passed > thawed_at:
                team.workers[0].send_signal(signal.SIGCONT)
                thawed_at = float("inf")
            if passed > (kills + 1) * KILL_EVERY:
                kills += 1
                self._kill(len(team.workers) - 1)
            if passed > (restarts + 1) * seconds / 3:
                restarts += 1
                _restart_server(team)
            self.look()
            time.sleep(0.5)
        for worker in team.workers:
            worker.send_signal(signal.SIGCONT)
        self.happened = f"{kills} kills, {restarts} restarts of PostgreSQL, one worker frozen for {freeze:.0f} s"

    def _mail(self) -> None:
        account = random.randrange(self.team.size)
        self.team.mail(account, LATE)
        self.mails.append((account, self.team.mails))

    def look(self) -> int:
        """Note which sends are of unknown fate now. Return how many are, with those that are under way or wait to leave once more."""
        query = "SELECT key, account, delivery FROM parcels WHERE delivery IN ('sending', 'unknown') OR key = ANY(%s) AND delivery = 'waiting'"
        rows = _rows(self.team, query, list(self.unsure))
        self.unsure |= {key: account for key, account, delivery in rows if delivery == "unknown"}
        return len(rows)

    def _kill(self, which: int) -> None:
        """Kill a worker while it sends, or else in the middle of a turn, start another, and note when that account had its next turn.

        Nothing is noted where it was in the middle of none, as far as can be told afterwards.
        """
        team = self.team
        dead = team.workers[which]
        if not _sends(team, dead.pid, KILL_EVERY / 4):
            wait = time.monotonic() + KILL_EVERY / 4
            while time.monotonic() < wait and not _in_hand(team, dead.pid):
                time.sleep(0.01)
        dead.kill()
        dead.wait()
        killed, held = time.monotonic(), _in_hand(team, dead.pid)
        team.workers[which] = team.start(which)
        while held and time.monotonic() - killed < POLLED_AGAIN:
            numbers = dict(_rows(team, "SELECT name, number FROM leases WHERE name = ANY(%s)", list(held)))
            if all(numbers.get(account, 0) > number for account, number in held.items()):
                self.waits.append(time.monotonic() - killed)
                return
            time.sleep(0.2)


def _outcome(team: Team, faults: _Faults, before: Counter[str]) -> str:
    """Return what became of the mails that came and the letters that left."""
    missing = _missing(team, faults.mails)
    time.sleep(team.poll)
    began = time.monotonic()
    while faults.look() and time.monotonic() - began < SETTLED_WITHIN:
        time.sleep(1)
    letters = _letters(team)
    twice = sum(count - 1 for count in letters.values())
    left = sum((letters - before).values())
    fates = _fates(team, faults.unsure, letters)
    return (
        f"{len(faults.mails)} mails came: lost {missing}; {left} letters left: twice {twice}; unknown for a while {len(faults.unsure)}, "
        f"settled within {time.monotonic() - began + team.poll:.0f} s after the faults: "
        f"{', '.join(f'{fates[fate]} {fate}' for fate in _FATES)}"
    )


_FATES = ("sent and there", "called sent but not there", "unknown still and told", "unknown untold", "given up")


def _fates(team: Team, unsure: dict[str, str], letters: Counter[str]) -> Counter[str]:
    """Return how many sends whose fate was unknown ended how: what is unknown still has to stand in `kept team status`."""
    told = _told(team) if unsure else set()
    fates: Counter[str] = Counter()
    rows = _rows(team, "SELECT account, reference, delivery FROM parcels WHERE key = ANY(%s)", list(unsure))
    for account, reference, delivery in rows:
        if delivery == "sent":
            fates[
                "sent and there" if letters[reference] or _is_draft(team, account, reference) else "called sent but not there"
            ] += 1
        elif delivery in {"unknown", "sending"}:
            fates["unknown still and told" if account in told else "unknown untold"] += 1
        else:  # refused: it was too old to be of use once it was known not to have left
            fates["given up"] += 1
    fates["unknown untold"] += len(unsure) - len(rows)
    return fates


def _is_draft(team: Team, account: str, reference: str) -> bool:
    """Return whether a draft with this Message-ID lies in the Drafts folder of an account."""
    number = int(account.partition("@")[0].removeprefix("rep"))
    return any(
        reference.encode() in draft.read_bytes()
        for draft in (team.mailboxes.maildir(number) / ".Drafts").glob("*/*")
        if draft.is_file()
    )


def _told(team: Team) -> set[str]:
    """Return the accounts of which `kept team status` says that something is of unknown fate."""
    command = [*KEPT, "team", "status", "--json", "--config", str(team.config)]
    document = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {p["account"] for p in document["people"] if any("not known" in problem for problem in p["problems"])}


def _restart_server(team: Team) -> None:
    """Kill one of PostgreSQL's processes: it ends all others, recovers from its log, and starts anew."""
    with team.database() as db:
        row = db.execute("SELECT pg_backend_pid()").fetchone()
        assert row is not None
        os.kill(row[0], signal.SIGKILL)


def _in_hand(team: Team, pid: int) -> dict[str, int]:
    """Return the accounts whose turns a worker has begun and not ended, each with the number of its lease."""
    query = """SELECT l.name, l.number FROM leases l JOIN kept_engine.procrastinate_jobs j ON j.lock = l.name
        WHERE j.status = 'doing' AND l.holder LIKE %s"""
    return dict(_rows(team, query, f"process {pid} on %"))


def _sends(team: Team, pid: int, within: float) -> bool:
    """Wait until a worker sends something. Return whether it does now."""
    query = """SELECT 1 FROM parcels p JOIN leases l ON l.name = p.account
        WHERE p.delivery = 'sending' AND l.holder LIKE %s LIMIT 1"""
    end = time.monotonic() + within
    try:
        with team.database() as db:
            while time.monotonic() < end:
                if db.execute(query, (f"process {pid} on %",)).fetchone() is not None:
                    return True
    except psycopg.Error:  # it is being restarted
        pass
    return False


def _rows(team: Team, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Return what a query gives; nothing while the database is being restarted."""
    try:
        with team.database() as db:
            return db.execute(query.encode(), values).fetchall()
    except psycopg.Error:
        return []


def _missing(team: Team, mails: list[tuple[int, int]]) -> int:
    """Return how many mails are not stored although their accounts have been read since, or not within ten minutes."""
    ids = {f"<m{number}@client{account}.example>" for account, number in mails}
    end = time.monotonic() + 600
    while (stored := len(_rows(team, "SELECT 1 FROM messages WHERE message_id = ANY(%s)", list(ids)))) < len(ids):
        if time.monotonic() > end:
            break
        time.sleep(2)
    return len(ids) - stored


def _letters(team: Team) -> Counter[str]:
    """Return how often each letter left, by its Message-ID."""
    found: Counter[str] = Counter()
    for letter in (team.folder / "outbox").glob("*/*.eml"):
        head = letter.read_bytes().partition(b"\n\n")[0].decode(errors="replace")
        lines = (line for line in head.splitlines() if line.lower().startswith("message-id:"))
        found.update(line.partition(":")[2].strip() for line in lines)
    return found

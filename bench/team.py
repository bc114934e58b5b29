"""python bench/team.py [--accounts 1000,5000,10000] [--seconds 300] [--workers 2] [--faults SECONDS] [--share 1.0]: a team on this machine.

So many accounts, each with a Maildir of its own and a poll of two minutes, two workers as processes, and a private PostgreSQL that
syncs to its disk. Printed for each size, over the last `--seconds` after every account has had its first turn: turns a second, how
late they came (median, p99), processor time of the workers and of PostgreSQL, the size of the database and its connections, and the
load of the machine, which others may share. For so many seconds of `--faults` after that a worker is killed every twenty seconds and
started again, PostgreSQL is restarted twice and a worker stands still for three minutes, while mail comes and letters leave: then it
prints what was lost, sent twice, or is of unknown fate without being told, and how long a dead worker's accounts waited.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

import psycopg  # noqa: E402  # found through the line above
from servers import processes  # noqa: E402  # the same

EVERY = 1.0  # seconds between two looks at how late turns are
NEW = timedelta()
LATE = timedelta(hours=5)  # of a question whose answer is overdue, so that a letter leaves at once
KILL_EVERY, FREEZE, POLLED_AGAIN = 20.0, 180.0, 120.0
TICK = os.sysconf("SC_CLK_TCK")
KEPT = [str(Path(sys.executable).with_name("kept"))]


def main() -> None:
    """Measure, and print the figures."""
    options = argparse.ArgumentParser()
    options.add_argument("--accounts", default="1000,5000,10000")
    options.add_argument("--seconds", type=float, default=300.0)
    options.add_argument("--poll", type=int, default=120, help="seconds between two readings of an account")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--share", type=float, default=1.0, help="of the accounts and the seconds")
    options.add_argument("--faults", type=float, default=0.0, metavar="SECONDS", help="of faults after the figures")
    given = options.parse_args()
    for size in (max(10, int(int(n) * given.share)) for n in given.accounts.split(",")):
        with tempfile.TemporaryDirectory() as folder, processes.postgres(syncs=True) as server:
            team = Team(Path(folder), server, size, given.poll)
            team.make()
            with team.at_work(given.workers):
                print(f"{size} accounts: {team.steady(given.seconds * given.share)}", flush=True)
                if given.faults:
                    print(f"{size} accounts with faults: {team.under_faults(given.faults * given.share)}", flush=True)


@dataclass
class Team:
    """A folder with the accounts of a team, their database, and their workers."""

    folder: Path
    server: processes.Postgres
    size: int
    poll: int
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)
    mails: int = 0

    def make(self) -> None:
        """Lay out the mailboxes, each with a question of a client, and write the configuration."""
        self.url = self.server.database("team")
        text = ["accounts:"]
        for n in range(self.size):
            self.mail(n)
            text.append(
                f"  - name: Rep {n}\n    addresses: [rep{n}@northwind.example]\n    time_zone: Europe/London\n"
                f'    working_hours: {{days: mon-sun, start: "00:00", end: "23:59"}}\n    holidays: GB-ENG\n'
                f"    mail: [{{type: maildir, path: mail/{n}}}]\n    send: {{type: file, path: outbox/{n}}}"
            )
        text += [
            "clients:",
            *(
                f"  - {{name: Client {n}, domains: [client{n}.example], charter: {{reply: 2h, since: 2026-01-01}}}}"
                for n in range(self.size)
            ),
        ]
        key = self.folder / "key"
        key.write_text("0123456789abcdef" * 4)
        key.chmod(0o600)
        self.config.write_text(
            "\n".join([*text, f"state: ~/state\nsigning_key: key\ndatabase: {self.url}\npoll: {self.poll}s\n"])
        )

    @property
    def config(self) -> Path:
        """The configuration."""
        return self.folder / "config.yaml"

    def mail(self, account: int, age: timedelta = NEW) -> None:
        """Deliver a question of the account's client, written so long ago."""
        self.mails += 1
        at = format_datetime(datetime.now(UTC) - age)  # noqa: TID251  # the workers have the real time
        inbox = self.folder / "mail" / str(account)
        for part in ("new", "tmp", "cur"):
            (inbox / part).mkdir(parents=True, exist_ok=True)
        head = f"From: kim@client{account}.example\r\nTo: rep{account}@northwind.example\r\nDate: {at}\r\n"
        body = f"Subject: Part {self.mails}\r\nMessage-ID: <m{self.mails}@client{account}.example>\r\n\r\nCan you send me the price of part {self.mails}?\r\n"
        aside = inbox / "tmp" / f"{time.time_ns()}.{self.mails}.bench"
        aside.write_bytes((head + body).encode())
        aside.rename(inbox / "new" / aside.name)

    # --- workers ---

    @contextlib.contextmanager
    def at_work(self, count: int) -> Iterator[None]:
        """Start workers, from the first until the end of the block."""
        self.workers = [self._start(n) for n in range(count)]
        try:
            yield
        finally:
            for worker in self.workers:
                worker.send_signal(signal.SIGCONT)
                worker.terminate()
            for worker in self.workers:
                worker.wait(30)

    def _start(self, which: int) -> subprocess.Popen[bytes]:
        """Start a worker, which finds its own state folder again in its home."""
        home = self.folder / f"home-{which}"
        home.mkdir(exist_ok=True)
        with (self.folder / "workers.log").open("ab") as log:
            return subprocess.Popen(
                [*KEPT, "worker", "--config", str(self.config)], stderr=log, stdout=log, env={**os.environ, "HOME": str(home)}
            )

    # --- measuring ---

    def steady(self, seconds: float) -> str:
        """Return the figures of a time in which nothing is new, a poll at least, once every account has had its first turn."""
        began = time.monotonic()
        while self._value("SELECT count(*) FROM turns WHERE ended IS NOT NULL") < self.size:
            time.sleep(EVERY)
        first = time.monotonic() - began
        time.sleep(self.poll)
        before, turns, started = self._cpu(), self._turns(), time.monotonic()
        late = list(self._lateness(max(seconds, self.poll)))
        passed = time.monotonic() - started
        workers, server = (b - a for a, b in zip(before, self._cpu(), strict=True))
        rate = (self._turns() - turns) / passed
        megabytes = self._value("SELECT pg_database_size(current_database())") / 1e6
        connections = self._value("SELECT count(*) FROM pg_stat_activity WHERE datname = 'team'")
        return (
            f"first turns of all {first:.0f} s; {rate:.1f} turns/s; late {_span(late)}; a turn {1000 * workers / rate / passed:.1f} ms of "
            f"workers and {1000 * server / rate / passed:.1f} ms of PostgreSQL; CPU {workers / passed:.2f} and {server / passed:.2f} "
            f"of {os.cpu_count()}; {megabytes:.0f} MB; {connections} connections; {self._memory():.0f} MB a worker; load {os.getloadavg()[0]:.1f}"
        )

    def under_faults(self, seconds: float) -> str:
        """Return what became of mail and letters in a time of faults, once all has been quiet again for a while."""
        sent_before, began = self._letters(), time.monotonic()
        delivered, waits, kills, restarts = [], list[float](), 0, 0
        frozen: subprocess.Popen[bytes] | None = None
        while (passed := time.monotonic() - began) < seconds:
            account = random.randrange(self.size)
            self.mail(account, LATE)
            delivered.append((account, self.mails))
            if frozen is None and passed > seconds / 4:
                frozen = self.workers[0]
                frozen.send_signal(signal.SIGSTOP)
                thawed_at = passed + min(FREEZE, seconds / 2)
            elif frozen is not None and passed > thawed_at:
                frozen.send_signal(signal.SIGCONT)
                thawed_at = float("inf")
            if passed > (kills + 1) * KILL_EVERY:
                kills += 1
                wait = self._kill(len(self.workers) - 1)
                waits += [] if wait is None else [wait]
            if passed > (restarts + 1) * seconds / 3:
                restarts += 1
                self._restart_server()
            time.sleep(0.5)
        for worker in self.workers:
            worker.send_signal(signal.SIGCONT)
        what = f"{kills} kills, {restarts} restarts of PostgreSQL, one worker frozen for {min(FREEZE, seconds / 2):.0f} s"
        return f"{what}; {self._outcome(delivered, sent_before)}; a dead worker's accounts were turned again after {_span(waits)}"

    def _outcome(self, delivered: list[tuple[int, int]], sent_before: Counter[str]) -> str:
        """Return what became of the mails that came and the letters that left."""
        missing = self._missing(delivered)
        time.sleep(self.poll)
        letters = self._letters()
        twice = sum(count - 1 for count in letters.values())
        unknown = self._value("SELECT count(*) FROM parcels WHERE delivery IN ('sending', 'unknown')")
        left = sum((letters - sent_before).values())
        return f"{len(delivered)} mails came: lost {missing}; {left} letters left: twice {twice}; not known yet {unknown}"

    def _restart_server(self) -> None:
        """Kill one of PostgreSQL's processes: it ends all others, recovers from its log, and starts anew."""
        with self._database() as db:
            row = db.execute("SELECT pg_backend_pid()").fetchone()
            assert row is not None
            os.kill(row[0], signal.SIGKILL)

    def _kill(self, which: int) -> float | None:
        """Kill a worker in the middle of a turn, start another, and return after how many seconds that account had its next turn.

        None where it was in the middle of none, as far as can be told afterwards.
        """
        dead, wait = self.workers[which], time.monotonic() + KILL_EVERY / 4
        while time.monotonic() < wait and not self._in_hand(dead.pid):
            time.sleep(0.01)
        dead.kill()
        dead.wait()
        killed, held = time.monotonic(), self._in_hand(dead.pid)
        self.workers[which] = self._start(which)
        while held and time.monotonic() - killed < POLLED_AGAIN:
            if all(self._number(account) > number for account, number in held.items()):
                return time.monotonic() - killed
            time.sleep(0.2)
        return None

    def _in_hand(self, pid: int) -> dict[str, int]:
        """Return the accounts whose turns a worker has begun and not ended, each with the number of its lease."""
        query = """SELECT l.name, l.number FROM leases l JOIN kept_engine.procrastinate_jobs j ON j.lock = l.name
            WHERE j.status = 'doing' AND l.holder LIKE %s"""
        try:
            with self._database() as db:
                return dict(db.execute(query, (f"process {pid} on %",)).fetchall())
        except psycopg.Error:  # it is being restarted
            return {}

    def _number(self, account: str) -> int:
        return self._value(f"SELECT number FROM leases WHERE name = '{account}'")  # noqa: S608  # of this benchmark's own

    def _missing(self, delivered: list[tuple[int, int]]) -> int:
        """Return how many mails are not stored although their accounts have been read since, or not within ten minutes."""
        ids = {f"<m{number}@client{account}.example>" for account, number in delivered}
        end = time.monotonic() + 600
        while time.monotonic() < end:
            with self._database() as db:
                rows = db.execute("SELECT message_id FROM messages WHERE message_id = ANY(%s)", (list(ids),)).fetchall()
            if len(rows) == len(ids):
                return 0
            time.sleep(2)
        return len(ids) - len(rows)

    def _letters(self) -> Counter[str]:
        """Return how often each letter left, by its Message-ID."""
        found: Counter[str] = Counter()
        for letter in (self.folder / "outbox").glob("*/*.eml"):
            head = letter.read_bytes().partition(b"\n\n")[0].decode(errors="replace")
            found.update(line for line in head.splitlines() if line.lower().startswith("message-id:"))
        return found

    def _lateness(self, seconds: float) -> Iterator[float]:
        """Yield, again and again, by how many seconds each account that is due is late, and 0 for each that is not."""
        end = time.monotonic() + seconds
        with self._database() as db:
            while time.monotonic() < end:
                now = time.time_ns() // 1000  # the workers' clock
                rows = db.execute("SELECT due FROM turns WHERE due <= %s", (now,)).fetchall()
                late = [(now - row[0]) / 1e6 for row in rows]
                yield from late
                yield from [0.0] * (self.size - len(late))
                time.sleep(EVERY)

    def _turns(self) -> int:
        return self._value("SELECT coalesce(sum(number), 0) FROM leases WHERE name <> 'daemon'")

    def _value(self, query: str) -> int:
        for _ in range(100):
            try:
                with self._database() as db:
                    row = db.execute(query.encode()).fetchone()
                    return int(row[0]) if row else 0
            except psycopg.OperationalError:  # it is being restarted
                time.sleep(0.5)
            except psycopg.errors.UndefinedTable:  # the first worker has not made it yet
                return 0
        raise RuntimeError("PostgreSQL does not answer")

    def _database(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True)

    def _cpu(self) -> tuple[float, float]:
        """Return the processor time of the workers, and of PostgreSQL with all its processes, in seconds."""
        server = int((Path(self.server.data) / "postmaster.pid").read_text().split()[0])
        return sum(_cpu_of(w.pid) for w in self.workers), _cpu_of(server) + sum(_cpu_of(p) for p in _children(server))

    def _memory(self) -> float:
        return statistics.mean(int(Path(f"/proc/{w.pid}/statm").read_text().split()[1]) * 4096 / 1e6 for w in self.workers)


def _span(late: list[float]) -> str:
    if not late:
        return "never measured"
    ordered = sorted(late)
    middle, late_ones = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.99))
    return f"median {middle:.1f} s, p99 {late_ones:.1f} s, most {ordered[-1]:.1f} s"


def _cpu_of(pid: int) -> float:
    """Return a process's time and that of its children that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(n) for n in fields[11:15]) / TICK


def _children(pid: int) -> list[int]:
    return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


if __name__ == "__main__":
    main()

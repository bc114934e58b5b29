"""A team for `team.py`: its accounts and their database, its workers as processes, and the figures of its turns."""

from __future__ import annotations

import contextlib
import os
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import psycopg
from servers import processes
from team_mailboxes import Mailboxes, children, cpu_of

EVERY = 1.0  # seconds between two looks at how late turns are
NEW = timedelta()
KEPT = [str(Path(sys.executable).with_name("kept"))]


@dataclass
class Team:
    """A folder with the accounts of a team, their database, and their workers."""

    folder: Path
    server: processes.Postgres
    size: int
    poll: int
    mailboxes: Mailboxes
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
                f"    mail: [{self.mailboxes.source(n)}]\n    send: {{type: file, path: outbox/{n}}}"
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
        self.config.touch(0o600)  # it may hold passwords
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
        head = f"From: kim@client{account}.example\r\nTo: rep{account}@northwind.example\r\nDate: {at}\r\n"
        body = f"Subject: Part {self.mails}\r\nMessage-ID: <m{self.mails}@client{account}.example>\r\n\r\nCan you send me the price of part {self.mails}?\r\n"
        self.mailboxes.deliver(account, (head + body).encode())

    # --- workers ---

    @contextlib.contextmanager
    def at_work(self, count: int) -> Iterator[None]:
        """Start workers, from the first until the end of the block."""
        self.workers = [self.start(n) for n in range(count)]
        try:
            yield
        finally:
            for worker in self.workers:
                worker.send_signal(signal.SIGCONT)
                worker.terminate()
            for worker in self.workers:
                worker.wait(30)

    def start(self, which: int) -> subprocess.Popen[bytes]:
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
        while self.value("SELECT count(*) FROM turns WHERE ended IS NOT NULL") < self.size:
            assert all(worker.poll() is None for worker in self.workers), "a worker ended; see workers.log"
            time.sleep(EVERY)
        first = time.monotonic() - began
        time.sleep(self.poll)
        before, turns, started = self._cpu(), self._turns(), time.monotonic()
        late = list(self._lateness(max(seconds, self.poll)))
        passed = time.monotonic() - started
        workers, server, boxes = ((after - b) / passed for b, after in zip(before, self._cpu(), strict=True))
        rate = (self._turns() - turns) / passed
        megabytes = self.value("SELECT pg_database_size(current_database())") / 1e6
        connections = self.value("SELECT count(*) FROM pg_stat_activity WHERE datname = 'team'")
        return (
            f"first turns of all {first:.0f} s; {rate:.1f} turns/s; late {span(late)}; a turn {1000 * workers / rate:.1f} ms of workers, "
            f"{1000 * server / rate:.1f} ms of PostgreSQL and {1000 * boxes / rate:.1f} ms of Dovecot; CPU {workers:.2f}, {server:.2f} and "
            f"{boxes:.2f} of {os.cpu_count()}; {megabytes:.0f} MB; {connections} connections; {self._memory():.0f} MB a worker; "
            f"{self.mailboxes.figures()}; load {os.getloadavg()[0]:.1f}"
        )

    def _lateness(self, seconds: float) -> Iterator[float]:
        """Yield, again and again, by how many seconds each account that is due is late, and 0 for each that is not."""
        end = time.monotonic() + seconds
        with self.database() as db:
            while time.monotonic() < end:
                now = time.time_ns() // 1000  # the workers' clock
                rows = db.execute("SELECT due FROM turns WHERE due <= %s", (now,)).fetchall()
                late = [(now - row[0]) / 1e6 for row in rows]
                yield from late
                yield from [0.0] * (self.size - len(late))
                time.sleep(EVERY)

    def _turns(self) -> int:
        return self.value("SELECT coalesce(sum(number), 0) FROM leases WHERE name <> 'daemon'")

    def value(self, query: str) -> int:
        """Return the number that a query gives, once the database answers; 0 where it gives none."""
        for _ in range(100):
            try:
                with self.database() as db:
                    row = db.execute(query.encode()).fetchone()
                    return int(row[0]) if row else 0
            except psycopg.OperationalError:  # it is being restarted
                time.sleep(0.5)
            except psycopg.errors.UndefinedTable:  # the first worker has not made it yet
                return 0
        raise RuntimeError("PostgreSQL does not answer")

    def database(self) -> psycopg.Connection[tuple[Any, ...]]:
        """Return a session of the team's database. Raises psycopg.Error."""
        return psycopg.connect(self.url.replace("+psycopg", ""), autocommit=True)

    def _cpu(self) -> tuple[float, float, float]:
        """Return the processor time of the workers, of PostgreSQL with all its processes, and of the mailboxes' server, in seconds."""
        server = int((Path(self.server.data) / "postmaster.pid").read_text().split()[0])
        workers = sum(cpu_of(w.pid) for w in self.workers)
        return workers, cpu_of(server) + sum(cpu_of(p) for p in children(server)), self.mailboxes.cpu()

    def _memory(self) -> float:
        return statistics.mean(int(Path(f"/proc/{w.pid}/statm").read_text().split()[1]) * 4096 / 1e6 for w in self.workers)


def span(late: list[float]) -> str:
    """Return the median, the 99th of a hundred, and the most of some seconds."""
    if not late:
        return "never measured"
    ordered = sorted(late)
    middle, late_ones = (ordered[min(len(ordered) - 1, int(share * len(ordered)))] for share in (0.5, 0.99))
    return f"median {middle:.1f} s, p99 {late_ones:.1f} s, most {ordered[-1]:.1f} s"

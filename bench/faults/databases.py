"""A database that fails in every way: a server stopped and started, lock sessions ended, two hosts racing, and an SQLite file in trouble.

Each story is lived through once undisturbed and once with the faults, turn by turn with a moved clock. What was stored, sent and drafted
must be equal in the end, and nothing may be there twice. Between a fault and its end only a StoreError may be seen.
"""

# ruff: noqa: SLF001  # the faults are put where only the store itself reaches

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from office import DANA, KIM, Office, only
from servers import processes

from connectors.local.file_transport import FileTransport
from connectors.local.maildir import Maildir
from daemon.app import App
from daemon.cycle import turn
from daemon.errors import LeaseLost, StoreError
from daemon.glossary.actions import Delivery
from daemon.store import engine
from faults.report import Report, Scale

START = datetime(2026, 3, 2, 7, tzinfo=UTC)
STEP = timedelta(minutes=30)
# Until what was looked for is found or sent, and what a lost digest had announced is announced once more and booked.
SETTLING = [START + timedelta(days=day, hours=8, minutes=20 * n) for day in (1, 2, 3) for n in range(6)]


def campaign(scale: Scale) -> Report:
    """Run every story. Without PostgreSQL or the right to mount a disk, its part is a line that says so."""
    report, chosen = Report("databases"), random.Random(scale.seed)
    try:
        with processes.postgres() as server:
            _stopped_and_started(server, scale.of(20), report)
            _lock_sessions_ended(server, scale.of(20), report, chosen)
            _two_hosts(server, scale.of(60), report, chosen)
    except processes.Missing as missing:
        report.figures.append(f"PostgreSQL not tried: {missing}")
    _sqlite_in_trouble(scale.of(40), report, chosen)
    return report


# --- one story ---


@dataclass
class World:
    """An office with its mailbox, and the hosts that run Kept over it, each with a state directory of its own."""

    folder: Path
    database: str | None = None
    apps: list[App] = field(default_factory=list)
    locks: list[ExitStack] = field(default_factory=list)
    said: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True)
        self.office = Office(self.folder)
        self.office.business(START - timedelta(days=90))

    def host(self, name: str = "state") -> App:
        """Open Kept as one host would."""
        config = self.folder / f"{name}.yaml"
        text = self.office.config.read_text().replace("state: state", f"state: {name}")
        config.write_text(text + (f"database: {self.database}\n" if self.database else ""))
        if self.apps and self.database:  # as the documentation asks of a second host: its links are signed with the same key
            (self.folder / name).mkdir(mode=0o700, exist_ok=True)
            shutil.copy(self.apps[0].folder / "secret", self.folder / name / "secret")
        app = App.open(config, {})
        app.begin(START - timedelta(days=91))
        self.apps.append(app)
        return app

    def news(self, number: int, moment: datetime) -> None:
        """A client asks something new every second hour."""
        if number % 4 == 0:
            self.office.mail(
                moment - timedelta(minutes=5), KIM, DANA, f"Can you send me quote number {number}?", name=f"q{number}"
            )

    def turn(self, app: App, moment: datetime) -> bool:
        """One turn; whether it went through. A failure must be one of the store."""
        try:
            turn(only(app), moment)
        except StoreError as error:
            self.said[type(error).__name__] += 1
            return False
        return True

    def end_state(self) -> dict[str, Any]:
        """What must be equal however it was disturbed."""
        for moment in SETTLING:
            self.turn(self.apps[-1], moment)
        store = self.apps[-1].store
        return {
            "stored": sorted(store.message_ids(DANA)),
            "sent": sorted(m.message_id for m in self.office.sent()),
            "drafts": sorted(m.message_id for m in self.office.drafts()),
            "unsettled": sorted(p.key for p in store.parcels(DANA, Delivery.SENDING, Delivery.UNKNOWN)),
            "set aside": store.unreadable_mail(DANA),
        }

    def close(self) -> None:
        """End every host."""
        for app in self.apps:
            app.close()


@contextmanager
def world(database: str | None = None) -> Iterator[World]:
    """A world that goes away again."""
    with tempfile.TemporaryDirectory() as folder:
        made = World(Path(folder) / "world", database)
        try:
            yield made
        finally:
            made.close()


def moments(count: int, step: timedelta = STEP) -> list[tuple[int, datetime]]:
    """The numbered moments of a story."""
    return [(n, START + step * n) for n in range(count)]


def undisturbed(count: int, step: timedelta = STEP) -> dict[str, Any]:
    """The end state of the same story without any fault."""
    with world() as control:
        app = control.host()
        for n, moment in moments(count, step):
            control.news(n, moment)
            control.turn(app, moment)
        return control.end_state()


def compare(name: str, report: Report, lived: World, expected: dict[str, Any]) -> None:
    """Add the figures of a story, and what differs from the undisturbed one."""
    found = lived.end_state()
    said = ", ".join(f"{count} {kind}" for kind, count in sorted(lived.said.items())) or "no error"
    report.figures.append(
        f"{name}: {len(found['stored'])} messages, {len(found['sent'])} sent, {len(found['drafts'])} drafts; {said}"
    )
    for what in ("sent", "drafts"):
        twice = [i for i, count in Counter(found[what]).items() if count > 1]
        report.failures += [f"{name}: {what} twice: {i}" for i in twice]
    report.failures += [
        f"{name}: {what} differ: {found[what]} instead of {expected[what]}" for what in expected if found[what] != expected[what]
    ]


# --- PostgreSQL ---


def _stopped_and_started(server: processes.Postgres, times: int, report: Report) -> None:
    with world(server.database("faults_restart")) as lived:
        app = lived.host()
        with app.lock():
            control = _Control(server)
            for n, moment in moments(times):
                lived.news(n, moment)
                control.stop()
                if lived.turn(app, moment):
                    report.failures.append(f"restart {n}: a turn went through without a server")
                control.start()
                if not lived.turn(app, moment):
                    report.failures.append(f"restart {n}: the turn after it failed")
            compare(f"PostgreSQL stopped and started {times} times", report, lived, undisturbed(times))


class _Control:
    """Stops and starts a server that the campaign started, as its own user."""

    def __init__(self, server: processes.Postgres) -> None:
        with psycopg.connect(host=server.host, port=server.port, user=server.user, dbname="postgres") as db:
            ((self._data,),) = db.execute("SHOW data_directory").fetchall()
        self._options = f"-p {server.port} -k {Path(self._data).parent} -c listen_addresses=127.0.0.1 -c fsync=off"
        folders = ":".join(str(p) for p in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
        self._program = processes.program("pg_ctl", processes.POSTGRES, beside=folders)

    def _run(self, *words: str) -> None:
        user = {"user": "postgres", "group": "postgres"} if processes.ROOT else {}
        subprocess.run(
            [self._program, "-D", self._data, "-w", "-s", *words], check=True, cwd="/", stdout=subprocess.DEVNULL, **user
        )  # type: ignore[call-overload]

    def stop(self) -> None:
        self._run("stop", "-m", "immediate")

    def start(self) -> None:
        self._run("start", "-o", self._options)


def end_lock_sessions(server: processes.Postgres, database: str) -> None:
    """Do what an administrator or a firewall does to the session that holds the lock."""
    with psycopg.connect(host=server.host, port=server.port, user=server.user, dbname=database, autocommit=True) as db:
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON oid = database "
            "WHERE locktype = 'advisory' AND datname = current_database() AND pid <> pg_backend_pid()"
        )


def _lock_sessions_ended(server: processes.Postgres, times: int, report: Report, chosen: random.Random) -> None:
    """Half of the times nobody else comes, and the lock is taken again; else a second host takes over and the first must end."""
    name = "faults_session"
    with world(server.database(name)) as lived:
        lock = ExitStack()
        app = lived.host("state0")
        lock.enter_context(app.lock())
        retaken = overtaken = 0
        for n, moment in moments(times):
            lived.news(n, moment)
            end_lock_sessions(server, name)
            if chosen.random() < 0.5:
                retaken += lived.turn(app, moment)
                continue
            second, next_lock = lived.host(f"state{n + 1}"), ExitStack()
            next_lock.enter_context(second.lock())
            if lived.turn(app, moment):
                report.failures.append(f"session {n}: the first host went on beside the second")
            overtaken += lived.turn(second, moment)
            lock.close()
            app, lock = second, next_lock
        report.figures.append(
            f"lock session ended {times} times: {retaken} times taken again, {overtaken} times another host took over"
        )
        compare("lock session ended", report, lived, undisturbed(times))
        lock.close()


def _two_hosts(server: processes.Postgres, minutes: int, report: Report, chosen: random.Random) -> None:
    """Two hosts for so many minutes: whoever has the lock turns; it is lost in the middle of every first send of a round."""
    name, step = "faults_race", timedelta(minutes=4)
    with world(server.database(name)) as lived:
        hosts = [lived.host("east"), lived.host("west")]
        locks: list[ExitStack | None] = [None, None]
        slow = _SlowSends()
        changes = 0

        def take(which: int) -> bool:
            lock = ExitStack()
            try:
                lock.enter_context(hosts[which].lock())
            except StoreError:
                return False
            locks[which] = lock
            return True

        take(0)
        for n, moment in moments(minutes, step):
            lived.news(n, moment)

            def lose(moment: datetime = moment) -> None:
                """The lock is lost while the draft is on its way, and the other host takes over and turns."""
                end_lock_sessions(server, name)
                other = next(i for i in (0, 1) if locks[i] is None)
                if take(other):
                    lived.turn(hosts[other], moment + timedelta(minutes=1))

            slow.during = lose
            with slow.installed():
                for which in chosen.sample((0, 1), 2):
                    held = locks[which]
                    if held is None and not take(which):
                        continue
                    try:
                        turn(only(hosts[which]), moment + timedelta(minutes=2))
                    except LeaseLost:
                        changes += 1
                        if (lost := locks[which]) is not None:
                            lost.close()
                        locks[which] = None
                    except StoreError as error:
                        report.failures.append(f"race {n}: {error}")
        lived.apps.append(next(hosts[i] for i in (0, 1) if locks[i] is not None))
        report.figures.append(
            f"two hosts for {minutes} rounds: {slow.count} slow sends during which the lock was lost, {changes} hosts ended"
        )
        compare("two hosts", report, lived, undisturbed(minutes, step))
        for lock in locks:
            if lock is not None:
                lock.close()


@dataclass
class _SlowSends:
    """Drafts and mails take their time: something happens before they lie where they should."""

    during: Callable[[], None] | None = None
    count: int = 0

    @contextmanager
    def installed(self) -> Iterator[None]:
        with ExitStack() as undone:
            for owner, name in ((Maildir, "save_draft"), (FileTransport, "send")):
                undone.callback(setattr, owner, name, getattr(owner, name))
                setattr(owner, name, self._slowed(getattr(owner, name)))
            yield

    def _slowed(self, whole: Callable[..., Any]) -> Callable[..., Any]:
        def slow(*args: Any, **kwargs: Any) -> Any:
            happens, self.during = self.during, None
            if happens is not None:
                self.count += 1
                happens()
            return whole(*args, **kwargs)

        return slow


# --- SQLite ---


def _sqlite_in_trouble(times: int, report: Report, chosen: random.Random) -> None:
    """At each moment another program locks the file, the disk is full, or the file is away or replaced; then it is right again."""
    patience, engine.PATIENCE = engine.PATIENCE, 0.2
    troubles = {"locked": _locked, "full": _full, "away": _away}
    done: Counter[str] = Counter()
    try:
        with world() as lived:
            app, lock = lived.host(), ExitStack()
            lock.enter_context(app.lock())
            for n, moment in moments(times):
                lived.news(n, moment)
                kind = chosen.choice([*troubles, "replaced"])
                done[kind] += 1
                if kind == "replaced":
                    app, lock = _replaced(lived, app, lock, moment, report)
                else:
                    with troubles[kind](app):
                        lived.turn(app, moment)
                if not lived.turn(app, moment):
                    report.failures.append(f"SQLite {kind} at {n}: the turn after it failed")
            report.figures.append("SQLite: " + ", ".join(f"{kind} {count} times" for kind, count in sorted(done.items())))
            compare("SQLite in trouble", report, lived, undisturbed(times))
            lock.close()
    finally:
        engine.PATIENCE = patience


@contextmanager
def _locked(app: App) -> Iterator[None]:
    other = sqlite3.connect(app.folder / engine.FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    app.store._engine.dispose()  # so that the next connection has the short patience
    yield
    other.close()
    app.store._engine.dispose()


@contextmanager
def _full(app: App) -> Iterator[None]:
    """No page more than there are: what SQLite meets on a full disk."""
    with app.store._read() as db:
        db.exec_driver_sql(f"PRAGMA max_page_count={db.exec_driver_sql('PRAGMA page_count').scalar()}")
    yield
    app.store._engine.dispose()


@contextmanager
def _away(app: App) -> Iterator[None]:
    file = app.folder / engine.FILE
    file.rename(file.with_name("elsewhere"))
    yield
    file.with_name("elsewhere").rename(file)


def _replaced(lived: World, app: App, lock: ExitStack, moment: datetime, report: Report) -> tuple[App, ExitStack]:
    """Put a copy of before the turn in the database's place after it: the daemon must end, and the next one repeat nothing."""
    file = app.folder / engine.FILE
    app.store._engine.dispose()
    shutil.copy(file, file.with_name("backup"))
    lived.turn(app, moment)
    app.store._engine.dispose()
    file.with_name("backup").replace(file)
    if lived.turn(app, moment):
        report.failures.append("a daemon went on after its database was replaced")
    lock.close()
    newcomer, next_lock = lived.host(), ExitStack()
    next_lock.enter_context(newcomer.lock())
    return newcomer, next_lock

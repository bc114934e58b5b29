"""A team for tests: an office of several accounts on a real PostgreSQL, and its workers as real processes."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from office import DANA, Office

KEPT = [sys.executable, "-c", "from daemon.commands.main import main; main()"]
PATIENCE = 90.0
LEE = "lee@northwind.example"
_homes: set[Path] = set()  # of the workers that are at work


def team_office(folder: Path, url: str, poll: str = "1s", state: str = "state") -> Office:
    """An office of two accounts, Dana and Lee, whose database is on a server. What each worker has of its own is in `state`."""
    office = Office(folder)
    key = folder / "signing.key"
    key.write_text("0123456789abcdef" * 4)
    key.chmod(0o600)
    shared = f"state: {state}\ndatabase: {url}\nsigning_key: {key.name}\npoll: {poll}\n"
    text = office.config.read_text().replace("state: state\n", shared)
    head, _, one = text.partition("  - name: Dana Reyes")
    own, _, rest = one.partition("clients:")
    lee = (
        own.replace(DANA, LEE)
        .replace("Maildir", "Maildir-lee")
        .replace("calendar}", "calendar-lee}")
        .replace("outbox", "outbox-lee")
    )
    for name in ("cur", "new", "tmp"):
        (folder / "Maildir-lee" / name).mkdir(parents=True)
    (folder / "calendar-lee").mkdir()
    office.config.write_text(f"{head}  - name: Dana Reyes{own}  - name: Lee{lee}clients:{rest}")
    return office


@contextmanager
def worker(office: Office, *words: str) -> Iterator[subprocess.Popen[str]]:
    """A worker with a home of its own, from its start until the end of the block, where it is killed if it still lives."""
    command = [*KEPT, "worker", "--config", str(office.config), *words]
    home = next(one for n in count(1) if (one := office.folder / f"home-{n}") not in _homes)
    home.mkdir(exist_ok=True)
    with (office.folder / "worker.log").open("a") as log:
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=log, text=True, env={**os.environ, "HOME": str(home)}
        )
    _homes.add(home)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        _homes.remove(home)


def until(true: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Wait until something is so; False if it is not within the time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.05)
    return False


def value(url: str, query: str) -> int:
    """The number that a query gives; 0 where it gives none, and where its table is not there yet."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as db:
        try:
            done = db.execute(query.encode())
            row = done.fetchone() if done.description else None
        except psycopg.errors.UndefinedTable:
            return 0
    return int(row[0]) if row and row[0] is not None else 0


def ask(port: int, path: str, method: str = "GET") -> tuple[int, str]:
    """Ask a worker over HTTP. Return the status and the text of its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    connection.request(method, path)
    reply = connection.getresponse()
    text = reply.read().decode()
    connection.close()
    return reply.status, text


def turns_of(url: str, account: str = DANA) -> int:
    """How many turns an account has taken."""
    return value(url, f"SELECT number FROM leases WHERE name = '{account}'")  # noqa: S608  # a constant of the tests


def wait_for_turns(url: str, more: int = 1, account: str = DANA) -> bool:
    """Wait until an account has taken so many more turns."""
    before = turns_of(url, account)
    return until(lambda: turns_of(url, account) >= before + more)


@contextmanager
def nobody_let_in(url: str) -> Iterator[None]:
    """Have the server end every session of a database, and let nobody in until the end of the block."""
    server, _, name = url.rpartition("/")
    value(f"{server}/postgres", f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
    value(f"{server}/postgres", f"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{name}'")  # noqa: S608  # a test's
    yield
    value(f"{server}/postgres", f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")

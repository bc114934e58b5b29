"""Where the tests of the store put it: a state directory, and a database on a real PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from daemon.store import Store

INSTALL = "PostgreSQL is not installed; on Debian: apt-get install postgresql"


def program(name: str) -> str | None:
    """One of PostgreSQL's programs; Debian keeps them out of the path."""
    return next((str(p) for p in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None) or shutil.which(
        name
    )


@contextmanager
def postgresql_server() -> Iterator[str]:
    """A server on loopback, as the address that a database's name is put behind. Skips the test where there is none."""
    initdb, postgres = program("initdb"), program("postgres")
    if not initdb or not postgres:
        pytest.skip(INSTALL)
    user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
    folder = Path(tempfile.mkdtemp(prefix="kept-pg-"))
    if user:
        shutil.chown(folder, user)
    port = _free_port()
    options = ["-A", "trust", "-U", "kept", "-E", "UTF8", "--no-sync", "-D", str(folder / "data")]
    subprocess.run([initdb, *options], check=True, capture_output=True, user=user, cwd=folder)
    arguments = ["-D", str(folder / "data"), "-k", str(folder), "-h", "127.0.0.1", "-p", str(port), "-F"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([postgres, *arguments], stdout=log, stderr=log, user=user, cwd=folder)
    try:
        _wait(f"postgresql://kept@127.0.0.1:{port}/postgres", server)
        yield f"postgresql://kept@127.0.0.1:{port}/"
    finally:
        server.terminate()
        server.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def new_database(server: str, name: str) -> str:
    """An empty database, as its URL."""
    import psycopg

    with closing(psycopg.connect(f"{server}postgres", autocommit=True)) as connection:
        connection.execute(f'CREATE DATABASE "{name}"'.encode())
    return f"{server}{name}"


def _wait(url: str, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    for _ in range(200):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            assert server.poll() is None, "PostgreSQL ended by itself"
            time.sleep(0.05)
        else:
            return
    pytest.fail("PostgreSQL did not start")


def _free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    with postgresql_server() as address:
        yield address


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    if request.param == "sqlite":
        return tmp_path / "state"
    return new_database(request.getfixturevalue("postgresql"), f"t{abs(hash(request.node.name)):x}")


@pytest.fixture
def store(where: Path | str) -> Iterator[Store]:
    opened = Store.open(where)
    yield opened
    opened.close()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path / "state")
    yield opened
    opened.close()

"""Where the tests of the store put it: a state directory, and a database on a real PostgreSQL server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.store import Store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Each in turn, with nothing in it yet."""
    if request.param == "sqlite":
        return tmp_path / "state"
    name = hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:20]
    return str(request.getfixturevalue("postgres").database(f"store_{name}"))


@pytest.fixture
def store(where: Path | str) -> Iterator[Store]:
    opened = Store.open(where)
    yield opened
    opened.close()


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Store]:
    """A state directory only."""
    opened = Store.open(tmp_path / "state")
    yield opened
    opened.close()

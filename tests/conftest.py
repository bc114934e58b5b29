"""Fixtures that many tests share: servers, each started once (one that is not installed skips its tests), and told stories."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import TypeVar

import hypothesis
import pytest
from servers import courier as courier_server
from servers import cyrus as cyrus_server
from servers import google_front, mail_servers, processes
from servers.google_front import Front
from story import Story, tell

T = TypeVar("T")

# A busy machine stretches an example without anything being wrong; what speed means is measured in bench/.
hypothesis.settings.register_profile("kept", deadline=None)
hypothesis.settings.load_profile("kept")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--all", action="store_true", help="try every kill point and simulate the longest times, which takes minutes"
    )


@pytest.fixture(scope="session")
def everything(pytestconfig: pytest.Config) -> bool:
    """Whether `--all` was given: tests that otherwise try a part of a large set try all of it."""
    return bool(pytestconfig.getoption("--all"))


def _or_skip(server: AbstractContextManager[T]) -> Iterator[T]:
    try:
        started = server.__enter__()
    except processes.Missing as missing:
        pytest.skip(str(missing))
    try:
        yield started
    finally:
        server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def dovecot() -> Iterator[processes.Dovecot]:
    yield from _or_skip(processes.dovecot())


@pytest.fixture(scope="session")
def radicale() -> Iterator[processes.Dav]:
    yield from _or_skip(processes.radicale())


@pytest.fixture(scope="session")
def xandikos() -> Iterator[processes.Dav]:
    yield from _or_skip(processes.xandikos())


@pytest.fixture(scope="session")
def cyrus() -> Iterator[cyrus_server.Cyrus]:
    """IMAP and CalDAV of one server, with an account for every name."""
    yield from _or_skip(cyrus_server.cyrus())


@pytest.fixture(scope="session")
def courier() -> Iterator[courier_server.Courier]:
    yield from _or_skip(courier_server.courier())


@pytest.fixture(scope="session")
def postgres() -> Iterator[processes.Postgres]:
    yield from _or_skip(processes.postgres())


@pytest.fixture(scope="session")
def google() -> Iterator[Front]:
    """Google, with an account of its own for whoever asks for one."""
    yield from _or_skip(google_front.google())


@pytest.fixture
def front(google: Front) -> Iterator[Front]:
    """The same for one test, which fails where anything went over the wire that Google's description does not know."""
    google.seen.clear()
    yield google
    deviations = google.tidied()
    assert deviations == []


@pytest.fixture
def smtp_sink() -> Iterator[mail_servers.Sink]:
    yield from _or_skip(mail_servers.smtp_sink())


@pytest.fixture
def story(request: pytest.FixtureRequest) -> Story:
    """The test's docstring, told and assessed."""
    return tell(inspect.getdoc(request.function))

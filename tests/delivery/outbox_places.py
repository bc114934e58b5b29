"""Where the tests of the outbox deliver to: a server that remembers in a folder what it took, and a log of what was sent."""

from __future__ import annotations

from pathlib import Path

import pytest
from outbox_server import Server

from daemon.delivery.sent_log import SentLog


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


@pytest.fixture
def sent_log(tmp_path: Path) -> SentLog:
    return SentLog(tmp_path / "sent_log")

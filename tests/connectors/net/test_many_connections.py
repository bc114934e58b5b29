"""A process with a thousand sessions: what they can share they share, and no descriptor is too high."""

from __future__ import annotations

import os
import resource
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from servers.processes import certificate

from connectors.errors import ConnectorError
from connectors.net.tls import MailServer

MANY = 1100  # more than select() can look at


def server(host: str = "127.0.0.1", port: int = 0, ca_file: Path | None = None) -> MailServer:
    return MailServer(host, port, "none", "dana", lambda: "secret", None, ca_file, 5)


@pytest.fixture
def many_files() -> Iterator[None]:
    """More files open than select() can look at."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < 2 * MANY:
        pytest.skip(f"needs a limit of {2 * MANY} open files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (2 * MANY, hard))
    held = [os.open(os.devnull, os.O_RDONLY) for _ in range(MANY)]
    yield
    for each in held:
        os.close(each)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
def test_a_greeting_is_waited_for_on_whatever_descriptor() -> None:
    one, other = socket.socketpair()
    with one, other:
        assert one.fileno() >= 1024
        other.sendall(b"* OK\r\n")
        server().expect_greeting(one)


def test_sessions_share_the_authorities_they_trust() -> None:
    assert server("a.example").ssl_context() is server("b.example").ssl_context()


def test_a_file_of_authorities_that_changes_is_read_again(tmp_path: Path) -> None:
    file, _ = certificate(tmp_path)
    before = server(ca_file=file).ssl_context()
    assert server(ca_file=file).ssl_context() is before
    assert before is not server().ssl_context()
    os.utime(file, (1, 1))
    assert server(ca_file=file).ssl_context() is not before


def test_a_file_of_authorities_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConnectorError, match=r"none\.pem cannot be used: No such file"):
        server(ca_file=tmp_path / "none.pem").ssl_context()

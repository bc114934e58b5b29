"""`kept service` with a real systemd user manager: a team's configuration with included files is started, watched over and removed."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from children import kept
from office import Office
from servers import processes
from servers.user_manager import UserManager, user_manager

from daemon.service import health

SECONDS = 60
TEAM = """
include: [accounts.d/*.yaml, clients.d/*.yaml]
team:
  domain: northwind.example
  defaults:
    time_zone: Europe/London
    mail: [{type: maildir, path: "{user}"}]
    send: {type: file, path: outbox}
state: state
"""


@pytest.fixture
def manager(tmp_path: Path) -> Iterator[UserManager]:
    try:
        with user_manager(tmp_path) as running:
            yield running
    except processes.Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A team of two, each with a file and a mailbox, and a client in a third file."""
    (tmp_path / "config.yaml").write_text(TEAM)
    for name in ("dana", "eve"):
        Office(tmp_path / "x").config.unlink(missing_ok=True)
        (tmp_path / "x" / "Maildir").rename(tmp_path / name)
        (tmp_path / "accounts.d").mkdir(exist_ok=True)
        (tmp_path / "accounts.d" / f"{name}.yaml").write_text(f"addresses: [{name}@northwind.example]\n")
    (tmp_path / "clients.d").mkdir()
    (tmp_path / "clients.d" / "acme.yaml").write_text("name: Acme Ltd\ndomains: [acme.example]\n")
    return tmp_path


def service(home: Path, manager: UserManager, *words: str) -> tuple[int, str]:
    done = kept("--config", str(home / "config.yaml"), "service", *words, folder=home, **manager.environ)
    return done.returncode, done.stdout + done.stderr


def soon(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + SECONDS
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.2)
    return holds()


def pid(home: Path) -> int | None:
    found = (health.read_status(home / "state") or {}).get("pid")
    return found if isinstance(found, int) and health.is_running(found) else None


def who_is_read(home: Path) -> list[str]:
    """The accounts whose sources the daemon has read."""
    said = kept("--config", str(home / "config.yaml"), "status", "--json", folder=home).stdout
    return [source["account"] for source in json.loads(said)["sources"]]


@pytest.mark.server
@pytest.mark.slow
def test_systemd_starts_a_teams_kept_starts_it_again_after_a_crash_and_lets_it_go(home: Path, manager: UserManager) -> None:
    status, said = service(home, manager, "install")
    assert (status, "Kept is running, and starts whenever you log in" in said) == (0, True), said
    assert manager.ask("is-active", "kept.service") == "active"
    assert soon(lambda: {"dana@northwind.example", "eve@northwind.example"} <= set(who_is_read(home)))

    first = pid(home)
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert soon(lambda: pid(home) not in {None, first})
    assert "It is running" in service(home, manager, "status")[1]

    status, said = service(home, manager, "remove")
    assert (status, pid(home)) == (0, None), said
    assert manager.ask("is-active", "kept.service") == "inactive"
    assert "does not start by itself" in service(home, manager, "status")[1]


@pytest.mark.server
@pytest.mark.slow
def test_a_file_that_makes_the_configuration_invalid_is_named_and_nothing_is_installed(home: Path, manager: UserManager) -> None:
    (home / "clients.d" / "birch.yaml").write_text("name: Birch GmbH\ndomain: [birch.example]\n")
    status, said = service(home, manager, "install")
    assert (status, f"{home}/clients.d/birch.yaml:2: domain: unknown key" in said) == (2, True), said
    assert manager.ask("is-enabled", "kept.service") != "enabled"

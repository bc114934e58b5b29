"""Clients of a configuration are renamed and removed by their numbers; a record of what was agreed is never touched."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from daemon.errors import CannotDo
from daemon.setup.client_changes import ask_changes
from daemon.setup.editing.changes import Change

CLIENTS = {"clients": [{"name": name, "domains": [f"{name.lower()}.example"]} for name in ("Acme", "Birch", "Calder")]}


def changes(monkeypatch: pytest.MonkeyPatch, folder: Path, *lines: str) -> list[Change]:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return ask_changes(CLIENTS, folder)


def test_names_are_changed_and_entries_removed_from_the_last_one_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    made = changes(monkeypatch, tmp_path, "1=Acme Ltd", "calder, birch")
    assert made == [Change(("clients", 2), None), Change(("clients", 1), None), Change(("clients", 0, "name"), "Acme Ltd")]


def test_back_asks_for_the_names_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert changes(monkeypatch, tmp_path, "1=Acme Ltd", "back", "2=Birch GmbH", "none") == [
        Change(("clients", 1, "name"), "Birch GmbH")
    ]


def test_a_client_with_an_agreed_charter_stays_as_the_charter_names_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "charters" / "acme").mkdir(parents=True)
    (tmp_path / "charters" / "acme" / "2026-01-01.yaml").write_text("client: Acme\nfrom: 2026-01-01\nreply: 2h\n")
    with pytest.raises(CannotDo, match="agreed charter with Acme"):
        changes(monkeypatch, tmp_path, "1=Acme Ltd", "none")


def test_not_all_clients_go(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(CannotDo, match="no client"):
        changes(monkeypatch, tmp_path, "none", "all")

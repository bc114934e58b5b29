"""The state directory is its owner's alone: what can be repaired is repaired and said once, what is another's is refused."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from children import kept
from office import Office

from daemon.errors import StoreError
from daemon.store import Store


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o755])
def test_a_directory_that_is_open_to_others_is_closed_and_said_once(tmp_path: Path, mode: int) -> None:
    office = Office(tmp_path)
    (tmp_path / "state").mkdir()
    (tmp_path / "state").chmod(mode)
    first, second = (kept("sync", "--config", str(office.config)) for _ in range(2))
    assert "was open to other users; from now on it is yours alone" in first.stderr
    assert "open to other users" not in second.stderr
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


def test_a_directory_of_another_user_is_refused_and_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(tmp_path)
    (tmp_path / "state").mkdir()
    owner = (tmp_path / "state").stat().st_uid
    monkeypatch.setattr(os, "geteuid", lambda: owner + 1)
    with pytest.raises(StoreError, match=r"belongs to another user.* Nothing was changed; run Kept as that user"):
        office.app()
    assert list((tmp_path / "state").iterdir()) == []


def test_what_a_killed_start_left_is_removed_at_the_next(tmp_path: Path) -> None:
    (tmp_path / "kept.db.new-dead").write_bytes(b"")
    Store.open(tmp_path).close()
    (tmp_path / "kept.db.new-linked").hardlink_to(tmp_path / "kept.db")
    Store.open(tmp_path).close()
    assert [f.name for f in tmp_path.iterdir()] == ["kept.db"]

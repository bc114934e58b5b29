"""One part of a configuration changes; every other line stays as its owner wrote it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from daemon.config import included
from daemon.errors import CannotDo
from daemon.setup.editing.changes import Change, changed, edits, shown

FILE = """\
# my office
accounts:
  - name: Dana  # me
    addresses: [dana@northwind.example]
    time_zone: Europe/London  # home
    working_hours: {days: mon-fri, start: "09:00", end: "17:30"}
    mail:
      - type: imap   # the old server
        host: a.example
        password: hunter2, and more

    # the calendars
    calendars: []
    manager: lee@northwind.example
clients:   # all of them
  - name: Acme
    domains: [acme.example]
  # those who left
charter: {reply: 1 day}
"""
MAIL = [{"type": "imap", "host": "b.example", "password": "new, one"}]
OTHER = {"name": "Birch", "domains": ["birch.example"]}


@pytest.mark.parametrize(
    ("path", "value", "lines"),
    [
        (("accounts", 0, "time_zone"), "Europe/Berlin", ["    time_zone: Europe/Berlin  # home"]),
        (("accounts", 0, "mail"), MAIL, ["    - {type: imap, host: b.example, password: 'new, one'}", "    # the calendars"]),
        (("accounts", 0, "holidays"), "GB-ENG", ["    holidays: GB-ENG", "clients:   # all of them"]),
        (("accounts", 0, "calendars"), [{"type": "ics", "path": "x"}], ["    - {type: ics, path: x}"]),
        (("clients",), [{"name": "Acme", "domains": ["acme.example"]}, OTHER], ["  - name: Birch", "  # those who left"]),
        (("digest",), {"at": "08:30"}, ["digest: {at: '08:30'}"]),
        (("charter", "reply"), "2h", ["charter: {reply: 2h}"]),
    ],
)
def test_a_change_keeps_the_comments_beside_it(path: tuple[str | int, ...], value: Any, lines: list[str]) -> None:
    after = changed(FILE, [Change(path, value)])
    assert [line for line in lines if line not in after.split("\n")] == []
    data = yaml.safe_load(after)
    for step in path:
        data = data[step]
    assert data == value


def test_a_key_is_taken_away_with_its_line_alone() -> None:
    after = changed(FILE, [Change(("accounts", 0, "manager"), None)])
    assert after == FILE.replace("    manager: lee@northwind.example\n", "")


def test_an_entry_of_a_list_is_taken_away_with_its_lines_alone() -> None:
    text = "clients:\n  - name: A\n    domains: [a.example]\n  # the second\n  - name: B\n    domains: [b.example]\n# the end\n"
    gone = changed(text, [Change(("clients", 1), None), Change(("clients", 0, "name"), "Alpha")])
    assert gone == "clients:\n  - name: Alpha\n    domains: [a.example]\n  # the second\n# the end\n"


def test_the_only_entry_of_a_list_is_left_to_its_owner() -> None:
    with pytest.raises(CannotDo):
        changed("clients:\n  - name: A\n", [Change(("clients", 0), None)])


def test_what_is_the_same_already_changes_nothing() -> None:
    assert changed(FILE, [Change(("accounts", 0, "calendars"), []), Change(("charter",), {"reply": "1 day"})]) == FILE


def test_a_password_is_never_shown() -> None:
    lines = list(shown(FILE, changed(FILE, [Change(("accounts", 0, "mail"), MAIL)])))
    assert any("password: …" in line for line in lines)
    assert not any("hunter2" in line or "and more" in line or "new" in line for line in lines)


def test_what_cannot_be_changed_without_touching_more_is_left_to_its_owner() -> None:
    text = "accounts: [{name: Dana, mail: &m []}]\ncopy: *m\n"
    with pytest.raises(CannotDo, match="text editor"):
        changed(text, [Change(("accounts", 0, "mail"), MAIL)])


# --- a configuration in several files ---


def made(folder: Path, *changes: Change) -> dict[str, str]:
    """What these changes make of a configuration in several files: each file that changes."""
    main = "# ours\ninclude: [accounts.d/*.yaml, clients.d/*.yaml]\nclients:\n  - name: Birch\n    domains: [birch.example]\n"
    files = {
        "config.yaml": main,
        "accounts.d/dana.yaml": "# Dana's\naddresses: [dana@northwind.example]\ntime_zone: UTC  # for now\n",
        "accounts.d/others.yaml": "- addresses: [eve@northwind.example]\n- addresses: [lee@northwind.example]  # new\n  time_zone: UTC\n",
        "clients.d/acme.yaml": "name: Acme\ndomains: [acme.example]\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    return {str(edit.path.relative_to(folder)): edit.after for edit in edits(included.read(folder / "config.yaml"), changes)}


def test_an_account_changes_in_its_own_file(tmp_path: Path) -> None:
    assert made(tmp_path, Change(("accounts", 0, "time_zone"), "Europe/London")) == {
        "accounts.d/dana.yaml": "# Dana's\naddresses: [dana@northwind.example]\ntime_zone: Europe/London  # for now\n"
    }


def test_an_account_among_others_changes_alone(tmp_path: Path) -> None:
    after = made(tmp_path, Change(("accounts", 2, "time_zone"), "Europe/London"))
    assert after == {
        "accounts.d/others.yaml": "- addresses: [eve@northwind.example]\n- addresses: [lee@northwind.example]  # new\n  time_zone: Europe/London\n"
    }


def test_a_new_client_comes_into_the_configuration_and_those_of_other_files_stay_there(tmp_path: Path) -> None:
    birch, acme = {"name": "Birch", "domains": ["birch.example"]}, {"name": "Acme", "domains": ["acme.example"]}
    after = made(tmp_path, Change(("clients",), [birch, acme, {"name": "Corn", "domains": ["corn.example"]}]))
    assert list(after) == ["config.yaml"]
    assert [client["name"] for client in yaml.safe_load(after["config.yaml"])["clients"]] == ["Birch", "Corn"]


def test_changes_of_several_files_are_made_in_each(tmp_path: Path) -> None:
    after = made(tmp_path, Change(("accounts", 0, "manager"), "lee@northwind.example"), Change(("digest",), {"at": "08:00"}))
    assert sorted(after) == ["accounts.d/dana.yaml", "config.yaml"]


def test_what_says_so_already_changes_no_file(tmp_path: Path) -> None:
    assert made(tmp_path, Change(("accounts", 0, "time_zone"), "UTC")) == {}

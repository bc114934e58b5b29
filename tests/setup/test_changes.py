"""One part of a configuration changes; every other line stays as its owner wrote it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from daemon.errors import CannotDo
from daemon.setup.changes import Change, changed, shown

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


def test_what_is_the_same_already_changes_nothing() -> None:
    assert changed(FILE, [Change(("accounts", 0, "calendars"), []), Change(("charter",), {"reply": "1 day"})]) == FILE


def test_a_password_is_never_shown() -> None:
    lines = list(shown(FILE, changed(FILE, [Change(("accounts", 0, "mail"), MAIL)])))
    assert any("password: …" in line for line in lines)
    assert not any("hunter2" in line or "and more" in line or "new" in line for line in lines)


def test_what_cannot_be_changed_without_touching_more_is_left_to_its_owner() -> None:
    text = "accounts: [{name: Dana, mail: &m []}]\ncopy: *m\n"
    with pytest.raises(CannotDo, match="text editor"):
        changed(text, [Change(("accounts", 0, "name"), "Lee")])

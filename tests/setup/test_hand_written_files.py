"""A configuration that somebody wrote by hand in every way YAML allows: what a setting changes is that setting, and no other letter of it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from daemon.errors import CannotDo
from daemon.setup.editing.changes import Change, changed

HAND_WRITTEN = """\
%YAML 1.1
---
# ---- ours: ask Ana before you touch it ----
interruptions:    7   # a day; more is a nuisance
'digest':
    # before the train leaves
    "at" :   '07:15'     # not earlier


accounts:
-   addresses: [ dana@northwind.example,   # first
                 "d.reyes@northwind.example" ]  # then
    name:  "Dana “the fox” Reyes"
    note: &lunch   [ "12:00-13:00" ]
    quiet:
    # at noon
      - "12:00-13:00"    # with the dog
      # the school run
      - 15:00-15:30      # Tuesdays mostly

      - '16:45-17:00'
    # days off
    away: [2026-07-06 to 2026-07-17,   # the sea
           2026-12-24,                 # 'at home'
           "2027-01-02 to 2027-01-03"]
    # the last line of Dana
-   {addresses: [lee@northwind.example], quiet: *lunch, # as Dana once
     away: ['2026-05-04'], name: 'Lee # Park'}
clients:  [ ]   # none yet: see clients.d
# the end
...
"""
QUIET = ["12:00-13:00", "15:00-15:30", "16:45-17:00"]
DAYS = yaml.safe_load(HAND_WRITTEN)["accounts"][0]["away"]


@pytest.mark.parametrize(
    ("path", "value", "gone", "new"),
    [
        (("interruptions",), 3, ["interruptions:    7   # a day; more is a nuisance"], ["interruptions: 3   # a day; more is a nuisance"]),
        (("digest", "at"), "06:45", ["    \"at\" :   '07:15'     # not earlier"], ["    at: 06:45     # not earlier"]),
        (("accounts", 0, "quiet"), [*QUIET, "09:00-09:15"], [], ["      - 09:00-09:15"]),
        (("accounts", 0, "quiet"), QUIET[1:], ['      - "12:00-13:00"    # with the dog'], []),
        (("accounts", 0, "quiet"), [QUIET[0], QUIET[2]], ["      - 15:00-15:30      # Tuesdays mostly"], []),
        (("accounts", 0, "quiet"), QUIET[:2], ["      - '16:45-17:00'"], []),
        (
            ("accounts", 0, "away"),
            [*DAYS[:2], "2026-12-28", DAYS[2]],
            ["           2026-12-24,                 # 'at home'"],
            ["           2026-12-24, '2026-12-28',                 # 'at home'"],
        ),
        (
            ("accounts", 0, "away"),
            ["2026-07-01", *DAYS],
            ["    away: [2026-07-06 to 2026-07-17,   # the sea"],
            ["    away: ['2026-07-01', 2026-07-06 to 2026-07-17,   # the sea"],
        ),
        (
            ("accounts", 1, "quiet"),
            ["10:00-10:30"],
            ["-   {addresses: [lee@northwind.example], quiet: *lunch, # as Dana once"],
            ["-   {addresses: [lee@northwind.example], quiet: ['10:00-10:30'], # as Dana once"],
        ),
        (
            ("accounts", 1, "away"),
            ["2026-05-04", "2026-06-01"],
            ["     away: ['2026-05-04'], name: 'Lee # Park'}"],
            ["     away: ['2026-05-04', '2026-06-01'], name: 'Lee # Park'}"],
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["unix", "windows"])
def test_a_setting_changes_its_own_line_alone(
    path: tuple[str | int, ...], value: Any, gone: list[str], new: list[str], line_end: str
) -> None:
    before = HAND_WRITTEN.replace("\n", line_end)
    after = changed(before, [Change(path, value)])
    assert [line for line in before.split(line_end) if line not in after.split(line_end)] == gone
    assert [line for line in after.split(line_end) if line not in before.split(line_end)] == new
    found = yaml.safe_load(after)
    for step in path:
        found = found[step]
    assert [str(entry) for entry in found] == [str(entry) for entry in value] if isinstance(value, list) else found == value


def test_what_another_account_shares_is_left_to_its_owner() -> None:
    """Kept would have to change what stands at somebody else, too."""
    with pytest.raises(CannotDo, match="text editor"):
        changed(HAND_WRITTEN, [Change(("accounts", 0, "note"), ["12:00-13:00", "14:00-14:30"])])


@pytest.mark.parametrize(("account", "value"), [(0, DAYS[:1]), (1, None)])
def test_a_comment_within_what_would_go_stops_the_change(account: int, value: Any) -> None:
    with pytest.raises(CannotDo, match="text editor"):
        changed(HAND_WRITTEN, [Change(("accounts", account, "away"), value)])

"""The list of `kept due`: a line an item that fits a terminal, names instead of addresses, and what it cannot speak of."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from daemon.commands.pages import owed
from daemon.glossary.assessments import Coverage
from daemon.glossary.charter import WorkingHours
from daemon.glossary.obligations import Band, Evidence, Kind, Obligation, SourceType
from daemon.glossary.parties import Account, Office

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
DANA, LEE = "dana@northwind.example", "lee@northwind.example"
OFFICE = Office(
    (
        Account(DANA, "Dana Reyes", frozenset({DANA}), WorkingHours("Europe/London", ())),
        Account(LEE, "Lee Park", frozenset({LEE}), WorkingHours("America/New_York", ())),
    ),
    (),
)
REPLY = Obligation(
    key="reply:1",
    kind=Kind.REPLY,
    account=DANA,
    client="Acme Ltd",
    contact="kim@acme.example",
    contact_name="Kim Lane",
    summary="Reply to Kim Lane: “Can you send me a revised quote for the spares kit, covering both machines for a year?”",
    quote="Can you send me a revised quote for the spares kit, covering both machines for a year?",
    source=Evidence(SourceType.MESSAGE, "<1@acme.example>", NOW - timedelta(days=3)),
    created=NOW - timedelta(days=3),
    due=NOW - timedelta(days=2),
)
LATER = dataclasses.replace(REPLY, key="reply:2", due=NOW + timedelta(hours=30))
READ = Coverage(DANA, "mail imap.northwind.example", NOW)


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def shown(
    capsys: pytest.CaptureFixture[str], *obligations: Obligation, sources: Sequence[Coverage] = (READ,), wide: bool = False
) -> list[str]:
    """The lines of the list."""
    owed.show(obligations, OFFICE, owed.unread(sources, NOW), NOW, wide=wide)
    return capsys.readouterr().out.splitlines()


def test_each_item_is_one_line_of_who_what_due_and_id(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, REPLY)
    assert lines[0] == "Overdue (1)"
    assert lines[1] == f"Kim Lane, Acme Ltd  “Can you send me a revised quote for…  Mon 2 Mar  {REPLY.id}"
    assert len(lines[1]) <= 80


@pytest.mark.parametrize("name", ["Kim Lane", "Maximiliane von und zu Hohenlohe-Langenburg", "金理恵 " * 9, "x" * 300])
def test_no_line_is_wider_than_the_terminal(capsys: pytest.CaptureFixture[str], name: str) -> None:
    from rich.cells import cell_len

    long = dataclasses.replace(REPLY, contact_name=name, client=name, quote=name * 4)
    lines = shown(capsys, long, LATER)
    assert max(map(cell_len, lines[:-1])) <= 80
    assert all(o.id in "\n".join(lines) for o in (long, LATER))


def test_three_hundred_items_are_three_hundred_lines(capsys: pytest.CaptureFixture[str]) -> None:
    many = [dataclasses.replace(REPLY, key=f"reply:{n}") for n in range(300)]
    lines = shown(capsys, *many)
    assert lines[0] == "Overdue (300)"
    assert sum("Kim Lane" in line for line in lines) == 300


def test_wide_lines_leave_nothing_out(capsys: pytest.CaptureFixture[str]) -> None:
    lines = shown(capsys, REPLY, wide=True)
    assert "covering both machines for a year?" in lines[1]
    assert "Mon 2 Mar 2026 09:00" in lines[1]


def test_no_address_is_shown_where_a_name_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert "@" not in "\n".join(shown(capsys, REPLY, LATER))


def test_with_two_accounts_each_line_says_whose_it_is_in_the_accounts_own_time(capsys: pytest.CaptureFixture[str]) -> None:
    theirs = dataclasses.replace(LATER, account=LEE)
    lines = shown(capsys, LATER, theirs)
    assert lines[1].startswith("Dana  Kim Lane")
    assert "tomorrow 15:00" in lines[1]
    assert lines[2].startswith("Lee   Kim Lane")
    assert "tomorrow 10:00" in lines[2]


def test_what_clients_owe_and_what_is_not_certain_stand_apart_from_what_is_overdue(capsys: pytest.CaptureFixture[str]) -> None:
    theirs = dataclasses.replace(REPLY, key="waiting:1", kind=Kind.WAITING_FOR)
    doubt = dataclasses.replace(REPLY, key="reply:3", band=Band.ASKED)
    lines = shown(capsys, REPLY, theirs, doubt)
    assert [line for line in lines if line.endswith("(1)")] == [
        "Overdue (1)",
        "Waiting for clients (1)",
        "Perhaps owed: kept confirm ID or kept wrong ID settles it (1)",
    ]


def test_a_source_that_fails_is_named_with_since_when(capsys: pytest.CaptureFixture[str]) -> None:
    failing = dataclasses.replace(READ, seen_until=NOW - timedelta(hours=1), error="wrong password")
    assert "Not complete: mail imap.northwind.example has not been read since today 08:00: wrong password" in shown(
        capsys, REPLY, sources=(failing,)
    )


def test_where_nobody_has_read_for_hours_the_list_says_so_even_if_it_is_empty(capsys: pytest.CaptureFixture[str]) -> None:
    stale = dataclasses.replace(READ, seen_until=NOW - timedelta(days=1))
    lines = shown(capsys, sources=(stale, dataclasses.replace(stale, source="calendar work", is_calendar=True)))
    assert lines[0] == "Nothing is owed."
    assert lines[-1] == (
        "Not complete: mail imap.northwind.example and calendar work have not been read since yesterday 09:00. Read with: kept sync"
    )


def test_where_all_was_read_there_is_no_note(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys) == ["Nothing is owed."]


def test_words_of_a_mail_are_no_markup_and_move_no_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    nasty = dataclasses.replace(REPLY, quote="[red]now[/red] \x1b[2J", contact_name="[bold]Eve\x1b[0m")
    page = "\n".join(shown(capsys, nasty))
    assert "[red]now[/red]" in page
    assert "\x1b" not in page


def test_nothing_stands_under_coming_up_that_is_due_before_what_is_due_soon(capsys: pytest.CaptureFixture[str]) -> None:
    soon = dataclasses.replace(REPLY, key="reply:3", due=NOW + timedelta(hours=28), remind_at=NOW)
    earlier = dataclasses.replace(REPLY, key="reply:4", due=NOW + timedelta(hours=5), remind_at=NOW + timedelta(hours=4))
    later = dataclasses.replace(REPLY, key="reply:5", due=NOW + timedelta(days=3), remind_at=NOW + timedelta(days=2))
    lines = shown(capsys, soon, earlier, later)
    named = [next(o.id for o in (soon, earlier, later) if o.id in line) for line in lines if "Kim Lane" in line]
    assert lines[0] == "Due soon (2)"
    assert named == [earlier.id, soon.id, later.id]


def test_what_is_due_today_is_due_soon_though_no_reminder_is_near(capsys: pytest.CaptureFixture[str]) -> None:
    today = dataclasses.replace(REPLY, key="reply:4", due=NOW + timedelta(hours=8), remind_at=NOW + timedelta(hours=7))
    lines = shown(capsys, today, dataclasses.replace(LATER, remind_at=NOW + timedelta(hours=29)))
    assert [line for line in lines if line.endswith("(1)")] == ["Due soon (1)", "Coming up (1)"]

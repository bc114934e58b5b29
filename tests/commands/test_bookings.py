"""With several calendars Kept says in which one it books, and books in the one that was named."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import children
import pytest
from office import Office, every
from week import at

from daemon.config.load import load_settings
from daemon.errors import ConfigError

ONE = "calendars: [{type: ics, path: calendar}]"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    (tmp_path / "private").mkdir()
    return Office(tmp_path)


def with_calendars(office: Office, *calendars: str) -> None:
    office.config.write_text(office.config.read_text().replace(ONE, f"calendars: [{', '.join(calendars)}]"))


def checked(office: Office) -> str:
    done = children.kept("check", "--config", str(office.config))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_of_two_calendars_the_first_is_booked_in_and_check_says_so_and_how_to_change_it(office: Office) -> None:
    with_calendars(office, "{type: ics, path: private}", "{type: ics, path: calendar}")
    (line,) = [line for line in checked(office).splitlines() if " bookings: " in line]
    assert f"in calendar {office.folder / 'private'}, only because it is the first of 2" in line
    assert "add book: true" in line


def test_a_calendar_that_is_named_is_booked_in(office: Office) -> None:
    with_calendars(office, "{type: ics, path: private}", "{type: ics, path: calendar, book: true}")
    assert f"bookings: in calendar {office.folder / 'calendar'}\n" in checked(office)
    office.business(datetime(2025, 12, 8, 10, tzinfo=UTC))
    office.live(*every(30, at(0, 7), at(0, 18)))
    office.live(*every(30, at(1, 7), at(2, 18)))
    assert len(office.booked()) == 1
    assert list((office.folder / "private").iterdir()) == []


def test_one_calendar_needs_no_word_about_bookings(office: Office) -> None:
    assert "bookings" not in checked(office)


def test_two_calendars_to_book_in_are_a_mistake(office: Office) -> None:
    with_calendars(office, "{type: ics, path: private, book: true}", "{type: ics, path: calendar, book: true}")
    with pytest.raises(ConfigError, match=r"calendars\[1\]\.book: meetings can be booked in one calendar only"):
        load_settings(office.config)

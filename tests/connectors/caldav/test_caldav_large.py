"""A large calendar on Radicale: read few events at a time, so that none of it need stand in memory as a whole."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from contracts.caldav_contract import new_calendar, opened, session
from contracts.calendar_contract import Picture, utc, vcalendar, vevent
from servers import processes
from servers.caldav_servers import Meddler, meddler

from connectors.caldav import calendar as caldav
from connectors.caldav.calendar import CaldavCalendar

pytestmark = pytest.mark.server
COUNT = 12


@pytest.fixture
def between(radicale: processes.Dav) -> Iterator[Meddler]:
    with meddler(radicale) as go_between:
        yield go_between


@pytest.fixture
def filled(radicale: processes.Dav, between: Meddler) -> CaldavCalendar:
    """A calendar of COUNT events with descriptions of 4,000 characters."""
    path, other = new_calendar(radicale, "/alice/"), session(radicale)
    for number in range(COUNT):
        event = vevent(f"e{number}", utc(20, 9), f"DESCRIPTION:{'x' * 4000}")
        other.request("PUT", f"{path}e{number}.ics", vcalendar(event), content_type="text/calendar; charset=utf-8")
    return opened(radicale, path, url=between.url, timeout=10)


def reports(between: Meddler) -> list[str]:
    """Counts the REPORTs from here on."""
    asked: list[str] = []

    def note(method: str, path: str) -> None:
        if method == "REPORT":
            asked.append(path)

    between.meddle.append(note)
    return asked


def test_a_calendar_is_read_by_sizes(filled: CaldavCalendar, between: Meddler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caldav, "CHUNK_SIZE", 3 * 4500)  # of three events
    asked, picture = reports(between), Picture()
    picture.read(filled)
    assert set(picture.starts()) == {f"e{number}" for number in range(COUNT)}
    assert len(asked) == 1 + COUNT // 3


def test_an_event_larger_than_what_is_asked_for_at_once_is_read(
    filled: CaldavCalendar, between: Meddler, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caldav, "CHUNK_SIZE", 1000)
    asked, picture = reports(between), Picture()
    picture.read(filled)
    assert len(picture.starts()) == COUNT
    assert len(asked) == 1 + COUNT

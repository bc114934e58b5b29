"""Calendars on disk: a folder of iCalendar files, and one file."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import gc
import itertools
import os
import stat
import tracemalloc
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from contracts.calendar_contract import INVITE, WINDOW, Picture, utc, vcalendar, vevent
from contracts.icalendar_contract import IcalendarContract

from connectors.base import Calendar
from connectors.calendar import Busy, Window
from connectors.errors import ConnectorError
from connectors.formats import ics
from connectors.local.ics_folder import IcsCalendar

as_user = pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything; run as an ordinary user to see this")


class TestAFolderOfIcsFiles(IcalendarContract):
    @pytest.fixture
    def calendar(self, tmp_path: Path) -> IcsCalendar:
        self.folder = tmp_path / "calendar"
        self.folder.mkdir()
        return IcsCalendar(self.folder)

    def store(self, uid: str, *components: str) -> None:
        (self.folder / f"{uid}.ics").write_text(vcalendar(*components), newline="")

    def remove(self, uid: str) -> None:
        (self.folder / f"{uid}.ics").unlink()

    def test_busy_times_are_refused_where_a_file_may_hide_a_meeting(self, calendar: IcsCalendar) -> None:
        self.store("good", vevent("good", utc(11, 9)))
        (self.folder / "broken.ics").write_text("half a fi")
        with pytest.raises(ConnectorError, match=r"broken\.ics cannot be read"):
            calendar.busy_times(WINDOW)

    def test_a_calendar_that_is_polled_for_days_takes_no_more_memory_than_at_first(self, calendar: IcsCalendar) -> None:
        for n in range(2):
            self.store(f"daily{n}", vevent(f"daily{n}", utc(2, 9 + n), "RRULE:FREQ=DAILY;COUNT=200"))
        held, cursor = [], None
        tracemalloc.start()
        for day in range(12):
            window = Window(WINDOW.start + timedelta(days=day), WINDOW.end + timedelta(days=day + 60))
            for batch in calendar.poll(cursor, window):
                cursor = batch.cursor
            gc.collect()  # by itself it comes the later the more other tests have left in memory
            held.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
        assert held[-1] < 1.5 * held[3]

    def test_our_event_is_one_file_for_its_owner_alone(self, calendar: IcsCalendar) -> None:
        calendar.put(INVITE)
        calendar.put(dataclasses.replace(INVITE, sequence=1))
        (file,) = self.folder.iterdir()
        assert file.name == f"{INVITE.uid}.ics"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600

    def test_a_uid_cannot_lead_out_of_the_folder(self, calendar: IcsCalendar) -> None:
        calendar.put(dataclasses.replace(INVITE, uid="../../etc/passwd"))
        calendar.put(dataclasses.replace(INVITE, uid="....etc-passwd"))
        assert len(list(self.folder.iterdir())) == 2
        assert calendar.find("../../etc/passwd") is not None

    def test_our_event_is_moved_in_whatever_file_it_lies(self, calendar: IcsCalendar) -> None:
        calendar.put(INVITE)
        (self.folder / f"{INVITE.uid}.ics").rename(self.folder / "renamed-by-a-sync.ics")
        calendar.put(dataclasses.replace(INVITE, sequence=1, start=utc(20, 8), end=utc(20, 9)))
        assert [f.name for f in self.folder.iterdir()] == ["renamed-by-a-sync.ics"]

    def test_a_missing_folder_is_said_and_made_only_for_booking(self, tmp_path: Path) -> None:
        calendar = IcsCalendar(tmp_path / "later" / "calendar")
        with pytest.raises(ConnectorError, match="No such file"):
            list(calendar.poll(None, WINDOW))
        with pytest.raises(ConnectorError):
            calendar.busy_times(WINDOW)
        calendar.put(INVITE)
        assert calendar.busy_times(WINDOW) == (Busy(INVITE.start, INVITE.end),)
        assert stat.S_IMODE((tmp_path / "later").stat().st_mode) == 0o700

    def test_a_file_where_a_folder_should_be_is_said(self, tmp_path: Path) -> None:
        (tmp_path / "calendar").write_text("")
        with pytest.raises(ConnectorError, match="Not a directory") as caught:
            list(IcsCalendar(tmp_path / "calendar").poll(None, WINDOW))
        assert caught.value.permanent


class TestOneIcsFile(IcalendarContract):
    @pytest.fixture
    def calendar(self, tmp_path: Path) -> IcsCalendar:
        self.file = tmp_path / "calendar.ics"
        self.parts: dict[str, tuple[str, ...]] = {}
        self._write()
        return IcsCalendar(self.file)

    def _write(self) -> None:
        self.file.write_text(vcalendar(*(c for components in self.parts.values() for c in components)), newline="")

    def store(self, uid: str, *components: str) -> None:
        self.parts[uid] = components
        self._write()

    def remove(self, uid: str) -> None:
        del self.parts[uid]
        self._write()

    def test_what_is_new_comes_alone(self, calendar: Calendar, picture: Picture) -> None:
        """One file is read as one: what stands in it comes again."""
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        self.store("two", vevent("two", utc(11, 9)))
        picture.read(calendar)
        assert picture.starts() == {"one": [utc(10, 9)], "two": [utc(11, 9)]}

    @pytest.mark.parametrize("newline", ["\r\n", "\n"])
    def test_every_other_byte_of_the_file_stays(self, calendar: IcsCalendar, newline: str) -> None:
        before = vcalendar(vevent("other", utc(11, 9), "X-ODD;VALUE=TEXT:a\\,b", "SUMMARY:Gr\udcfc\udcdfe")).replace(
            "\r\n", newline
        )
        self.file.write_bytes(before.encode("utf-8", "surrogateescape"))
        self.file.chmod(0o640)
        calendar.put(INVITE)
        calendar.put(dataclasses.replace(INVITE, sequence=1, start=utc(20, 8), end=utc(20, 9)))
        after = self.file.read_bytes().decode("utf-8", "surrogateescape")
        start, end = (
            after.index("BEGIN:VEVENT", after.index("END:VEVENT")),
            after.rindex("END:VEVENT") + len("END:VEVENT" + newline),
        )
        assert after[:start] + after[end:] == before
        assert after.count(f"UID:{INVITE.uid}") == 1
        assert stat.S_IMODE(self.file.stat().st_mode) == 0o640

    def test_a_file_cut_off_in_the_middle_is_no_mass_deletion(self, calendar: IcsCalendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        self.file.write_text("")
        picture.read(calendar)
        assert (picture.starts(), len(picture.unreadable)) == ({"one": [utc(10, 9)]}, 1)

    def test_a_file_that_is_no_calendar_is_never_written(self, tmp_path: Path) -> None:
        (tmp_path / "x.ics").write_text("a shopping list")
        with pytest.raises(ConnectorError, match="not a calendar file"):
            IcsCalendar(tmp_path / "x.ics").put(INVITE)
        assert (tmp_path / "x.ics").read_text() == "a shopping list"


@pytest.mark.parametrize("name", ["calendar", "calendar.ics"])
@pytest.mark.parametrize("number", range(1, 8))
def test_whichever_look_at_a_calendar_on_disk_fails_a_booking_says_so_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, number: int
) -> None:
    calendar, real, looks = IcsCalendar(tmp_path / name), os.stat, itertools.count(1)
    calendar.put(dataclasses.replace(INVITE, uid="other"))

    def look(path: Any, *rest: Any, **named: Any) -> os.stat_result:
        if str(path).startswith(str(tmp_path)) and next(looks) == number:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, *rest, **named)

    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", look)
        with contextlib.suppress(ConnectorError):
            calendar.put(INVITE)
        with contextlib.suppress(ConnectorError):
            assert not calendar.read_only
    assert next(looks) > number


@as_user
def test_a_calendar_that_may_not_be_read_is_an_error_for_good(tmp_path: Path) -> None:
    folder = tmp_path / "calendar"
    folder.mkdir(mode=0o000)
    with pytest.raises(ConnectorError, match="Permission denied") as caught:
        IcsCalendar(folder).busy_times(WINDOW)
    assert caught.value.permanent


def test_files_know_nobody_elses_times(tmp_path: Path) -> None:
    calendar = IcsCalendar(tmp_path)
    assert (calendar.busy_times_of("kim@acme.example", WINDOW), calendar.sends_invitations) == (None, False)


def test_a_calendar_that_does_not_change_is_not_parsed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(300):
        (tmp_path / f"{number}.ics").write_text(vcalendar(vevent(f"e{number}", utc(1 + number % 28, 9))))
    calendar = IcsCalendar(tmp_path)
    parsed: list[int] = []
    read = ics.read_tolerantly

    def counted(*given: Any) -> ics.ParsedCalendar:
        parsed.append(1)
        return read(*given)

    monkeypatch.setattr(ics, "read_tolerantly", counted)
    for minute in range(5):
        calendar.busy_times(Window(WINDOW.start + timedelta(minutes=minute), WINDOW.end))
    assert len(parsed) == 300

"""What every calendar promises (connectors.base.Calendar), as tests that each connector inherits.

A subclass gives `calendar`, and `store` and `remove`, by which another program works on the same calendar.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from connectors.base import Calendar
from connectors.calendar import Attendee, Busy, CalendarBatch, Event, Invite, Window
from connectors.errors import ConnectorError

WINDOW = Window(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC))
# Refused by us; servers may well take it (one of them never comes back from FREQ=SECONDLY).
TOO_OFTEN = "RRULE:FREQ=MINUTELY;INTERVAL=10"


def utc(day: int, hour: int = 0, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def vevent(uid: str, start: datetime, *lines: str, hours: float = 1) -> str:
    return "\r\n".join((
        "BEGIN:VEVENT",
        f"UID:{uid}",
        "DTSTAMP:20260101T000000Z",
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{start + timedelta(hours=hours):%Y%m%dT%H%M%SZ}",
        *lines,
        "END:VEVENT",
    ))  # fmt: skip


def vcalendar(*components: str) -> str:
    return "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//test//EN", *components, "END:VCALENDAR", ""))


INVITE = Invite(
    uid="kept-0123456789abcdef",
    start=utc(10, 10),
    end=utc(10, 11),
    summary="Service review",
    description="What was agreed\nHow it went",
    organizer="alice@example.test",
    organizer_name="Alice",
    attendees=(Attendee("kim@acme.example", "Kim"),),
    stamp=utc(1),
    time_zone="Europe/London",
    headers={"X-KEPT-ID": "abc"},
)


# Other versions', other connectors', and damaged ones.
ODD_CURSORS = (
    "", "{", "null", "7", "[]", "{}", '"x"', "[" * 5000, '[["a", "b"], 7, {}]', '[["a"], "", {}]', '[[1, 2], "", {}]', '[["a", "b"], "", []]',
    '[["a", "b"], "", {"x": null}]', '[["a", "b"], "", {"x": [1, [2], 3]}]',
)  # fmt: skip


@dataclasses.dataclass
class Picture:
    """What a store would hold after reading a calendar, as CalendarBatch says."""

    events: dict[str, list[Event]] = dataclasses.field(default_factory=dict)
    cursor: str | None = None
    unreadable: tuple[tuple[str, str], ...] = ()

    def read(self, calendar: Calendar, window: Window = WINDOW) -> list[CalendarBatch]:
        self.unreadable = ()
        batches = list(calendar.poll(self.cursor, window))
        for batch in batches:
            known = set(self.events) if batch.snapshot else {e.uid for e in batch.events} | set(batch.removed)
            for uid in known:
                self.events.pop(uid, None)
            for event in batch.events:
                self.events.setdefault(event.uid, []).append(event)
            self.cursor = batch.cursor
            self.unreadable += batch.unreadable
        return batches

    def starts(self) -> dict[str, list[datetime]]:
        """When each event that was read begins."""
        return {uid: sorted(e.start for e in events) for uid, events in sorted(self.events.items()) if not _stands_in(uid)}

    def taken(self) -> list[Busy]:
        """The times of the events that could not be read."""
        return sorted(Busy(e.start, e.end) for uid, events in self.events.items() if _stands_in(uid) for e in events)


def _stands_in(uid: str) -> bool:
    return uid.startswith("unreadable-")


class CalendarContract:
    """Every promise of a calendar."""

    @pytest.fixture
    def calendar(self) -> Calendar:
        raise NotImplementedError

    def store(self, uid: str, *components: str) -> None:
        """Another program writes the event with this uid."""
        raise NotImplementedError

    def remove(self, uid: str) -> None:
        """Another program deletes it."""
        raise NotImplementedError

    def store_broken(self, uid: str, component: str) -> None:
        """Another program writes an event of which only the time can be read."""
        self.store(uid, component.replace("END:VEVENT", f"{TOO_OFTEN}\r\nEND:VEVENT"))

    def whole_day(self, uid: str, start: str, end: str) -> str:
        lines = (f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"DTSTART;VALUE=DATE:{start}", f"DTEND;VALUE=DATE:{end}")
        return "\r\n".join(("BEGIN:VEVENT", *lines, "END:VEVENT"))

    @pytest.fixture
    def picture(self) -> Picture:
        return Picture()

    def words(self, events: Sequence[Event]) -> list[str]:
        return [e.summary for e in events]

    def test_the_first_poll_brings_the_whole_calendar(self, calendar: Calendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9), "SUMMARY:First"))
        self.store("two", vevent("two", utc(11, 9), "SUMMARY:Second"))
        self.store("far", vevent("far", utc(11, 9, month=8), "SUMMARY:Outside the window"))
        batches = picture.read(calendar)
        assert picture.starts() == {"one": [utc(10, 9)], "two": [utc(11, 9)]}
        assert batches[0].snapshot

    def test_a_cursor_of_another_shape_reads_everything_again(self, calendar: Calendar) -> None:
        self.store("one", vevent("one", utc(10, 9), "SUMMARY:First"))
        for cursor in ODD_CURSORS:
            batches = list(calendar.poll(cursor, WINDOW))
            assert (cursor, [e.uid for b in batches for e in b.events], batches[0].snapshot) == (cursor, ["one"], True)

    def test_a_calendar_that_is_suddenly_empty_is_not_believed(self, calendar: Calendar, picture: Picture) -> None:
        uids = [f"e{number}" for number in range(6)]
        for number, uid in enumerate(uids):
            self.store(uid, vevent(uid, utc(10 + number, 9)))
        picture.read(calendar)
        for uid in uids:
            self.remove(uid)
        for window in (WINDOW, Window(utc(2), utc(1, month=4))):
            with pytest.raises(ConnectorError, match="suddenly empty"):
                picture.read(calendar, window)
        assert sorted(picture.events) == uids

    def test_an_empty_calendar_is_an_answer(self, calendar: Calendar, picture: Picture) -> None:
        picture.read(calendar)
        assert picture.events == {}
        assert calendar.busy_times(WINDOW) == ()

    def test_a_poll_without_news_says_nothing(self, calendar: Calendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        again = picture.read(calendar)
        assert again
        assert all((b.events, b.removed, b.snapshot, b.unreadable) == ((), (), False, ()) for b in again)

    def test_what_is_new_comes_alone(self, calendar: Calendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        self.store("two", vevent("two", utc(11, 9)))
        news = picture.read(calendar)
        assert [e.uid for b in news for e in b.events] == ["two"]
        assert picture.starts() == {"one": [utc(10, 9)], "two": [utc(11, 9)]}

    def test_a_moved_event_replaces_what_was_known(self, calendar: Calendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        self.store("one", vevent("one", utc(12, 14), "SEQUENCE:1"))
        picture.read(calendar)
        assert picture.starts() == {"one": [utc(12, 14)]}

    def test_an_event_moved_out_of_the_window_leaves_the_picture(self, calendar: Calendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        self.store("two", vevent("two", utc(11, 9)))
        picture.read(calendar)
        self.store("one", vevent("one", utc(10, 9, month=9), "SEQUENCE:1"))
        picture.read(calendar)
        assert picture.starts() == {"two": [utc(11, 9)]}

    def test_a_deleted_event_is_gone(self, calendar: Calendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        self.store("two", vevent("two", utc(11, 9)))
        picture.read(calendar)
        self.remove("one")
        picture.read(calendar)
        assert picture.starts() == {"two": [utc(11, 9)]}

    def test_a_series_comes_as_occurrences_with_its_exceptions(self, calendar: Calendar, picture: Picture) -> None:
        self.store(
            "standup",
            vevent("standup", utc(9, 9), "SUMMARY:Standup", "RRULE:FREQ=DAILY;COUNT=5", "EXDATE:20260311T090000Z", hours=0.5),
            vevent("standup", utc(12, 15), "SUMMARY:Standup, later", "RECURRENCE-ID:20260312T090000Z", hours=0.5),
        )
        picture.read(calendar)
        assert picture.starts() == {"standup": [utc(9, 9), utc(10, 9), utc(12, 15), utc(13, 9)]}
        assert len({e.occurrence for e in picture.events["standup"]}) == 4

    def test_another_window_is_read_as_a_whole(self, calendar: Calendar, picture: Picture) -> None:
        self.store("march", vevent("march", utc(10, 9)))
        self.store("april", vevent("april", utc(10, 9, month=4)))
        self.store("series", vevent("series", utc(30, 9), "RRULE:FREQ=DAILY;COUNT=4"))
        picture.read(calendar)
        assert picture.starts() == {"march": [utc(10, 9)], "series": [utc(30, 9), utc(31, 9)]}
        picture.read(calendar, Window(utc(31), utc(30, month=4)))
        assert picture.starts() == {
            "april": [utc(10, 9, month=4)],
            "series": [utc(31, 9), utc(1, 9, month=4), utc(2, 9, month=4)],
        }

    def test_private_events_are_busy_and_carry_no_words(self, calendar: Calendar, picture: Picture) -> None:
        self.store("doctor", vevent("doctor", utc(10, 9), "SUMMARY:Doctor", "CLASS:PRIVATE"))
        picture.read(calendar)
        (event,) = picture.events["doctor"]
        assert (event.private, event.summary) == (True, "")
        assert calendar.busy_times(WINDOW) == (Busy(utc(10, 9), utc(10, 10)),)

    def test_busy_times_are_merged_and_free_ones_left_out(self, calendar: Calendar) -> None:
        self.store("a", vevent("a", utc(10, 9)))
        self.store("b", vevent("b", utc(10, 9, 30)))
        self.store("c", vevent("c", utc(10, 14)))
        self.store("free", vevent("free", utc(10, 16), "TRANSP:TRANSPARENT"))
        self.store("off", vevent("off", utc(10, 18), "STATUS:CANCELLED"))
        self.store("series", vevent("series", utc(11, 9), "RRULE:FREQ=DAILY;COUNT=2"))
        assert calendar.busy_times(WINDOW) == (
            Busy(utc(10, 9), utc(10, 10, 30)),
            Busy(utc(10, 14), utc(10, 15)),
            Busy(utc(11, 9), utc(11, 10)),
            Busy(utc(12, 9), utc(12, 10)),
        )

    def test_busy_times_are_clipped_to_the_window(self, calendar: Calendar) -> None:
        self.store("a", vevent("a", utc(10, 9), hours=4))
        assert calendar.busy_times(Window(utc(10, 10), utc(10, 12))) == (Busy(utc(10, 10), utc(10, 12)),)

    def test_an_unreadable_event_is_named_and_the_others_come(self, calendar: Calendar, picture: Picture) -> None:
        self.store("bad", vevent("bad", utc(10, 9), TOO_OFTEN))
        self.store("good", vevent("good", utc(11, 9)))
        picture.read(calendar)
        assert picture.starts() == {"good": [utc(11, 9)]}
        ((name, reason),) = picture.unreadable
        assert "bad" in name
        assert "repeats" in reason

    def test_an_unreadable_event_takes_the_time_that_can_be_told_of_it(self, calendar: Calendar, picture: Picture) -> None:
        self.store_broken("bad", vevent("bad", utc(10, 9), "SUMMARY:Board", hours=2))
        self.store("good", vevent("good", utc(11, 9)))
        picture.read(calendar)
        (taken,) = picture.taken()
        assert (taken.start, taken.end > taken.start) == (utc(10, 9), True)
        assert [(e.summary, e.private, e.busy) for uid in picture.events for e in picture.events[uid] if uid != "good"] == [
            ("", True, True)
        ]
        self.store("bad", vevent("bad", utc(12, 9), "SEQUENCE:1"))
        picture.read(calendar)
        assert (picture.taken(), picture.starts()) == ([], {"bad": [utc(12, 9)], "good": [utc(11, 9)]})

    def test_an_event_on_whole_days_that_ends_on_its_start_takes_the_day(self, calendar: Calendar, picture: Picture) -> None:
        self.store("fair", self.whole_day("fair", "20260310", "20260310"))
        picture.read(calendar)
        (event,) = picture.events["fair"]
        assert (event.all_day, event.start, event.end) == (True, utc(10), utc(11))

    def test_what_stays_unreadable_is_counted_once_and_told_at_every_poll(self, calendar: Calendar, picture: Picture) -> None:
        """As long as it is told, nobody is offered a time that it may take."""
        self.store("bad", vevent("bad", utc(10, 9), TOO_OFTEN))
        first, second, third = (picture.read(calendar)[-1] for _ in range(3))
        assert [len(b.unreadable) for b in (first, second, third)] == [1, 0, 0]
        assert [len(b.warnings) for b in (first, second, third)] == [0, 1, 1]
        self.remove("bad")
        self.store("good", vevent("good", utc(11, 9)))
        assert [(b.unreadable, b.warnings) for b in picture.read(calendar)] == [((), ())]

    def test_an_event_that_becomes_unreadable_is_not_taken_for_deleted(self, calendar: Calendar, picture: Picture) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        picture.read(calendar)
        self.store("one", vevent("one", utc(10, 9), TOO_OFTEN))
        picture.read(calendar)
        assert picture.unreadable
        assert picture.starts() == {"one": [utc(10, 9)]}
        self.store("one", vevent("one", utc(12, 9), "SEQUENCE:2"))
        picture.read(calendar)
        assert (picture.starts(), picture.unreadable) == ({"one": [utc(12, 9)]}, ())

    def test_an_invite_is_booked_and_found(self, calendar: Calendar, picture: Picture) -> None:
        assert calendar.find(INVITE.uid) is None
        calendar.put(INVITE)
        found = calendar.find(INVITE.uid)
        assert found is not None
        assert (found.start, found.end, found.summary, found.sequence) == (INVITE.start, INVITE.end, INVITE.summary, 0)
        assert (found.organizer, [a.email for a in found.attendees]) == (INVITE.organizer, ["kim@acme.example"])
        picture.read(calendar)
        assert picture.starts() == {INVITE.uid: [INVITE.start]}
        assert calendar.busy_times(WINDOW) == (Busy(INVITE.start, INVITE.end),)

    def test_our_own_booking_comes_back_once_and_under_our_uid(self, calendar: Calendar, picture: Picture) -> None:
        picture.read(calendar)
        calendar.put(INVITE)
        assert [e.uid for b in picture.read(calendar) for e in b.events] == [INVITE.uid]
        assert [e.uid for b in picture.read(calendar) for e in b.events] == []

    def test_booking_the_same_again_changes_nothing(self, calendar: Calendar, picture: Picture) -> None:
        calendar.put(INVITE)
        calendar.put(dataclasses.replace(INVITE, start=utc(20, 8), end=utc(20, 9)))
        picture.read(calendar)
        assert picture.starts() == {INVITE.uid: [INVITE.start]}

    def test_a_later_version_moves_the_meeting(self, calendar: Calendar, picture: Picture) -> None:
        calendar.put(INVITE)
        picture.read(calendar)
        calendar.put(dataclasses.replace(INVITE, start=utc(20, 8), end=utc(20, 9), sequence=1))
        picture.read(calendar)
        assert picture.starts() == {INVITE.uid: [utc(20, 8)]}
        assert picture.events[INVITE.uid][0].sequence == 1

    def test_a_meeting_that_somebody_changed_is_left_as_it_is(self, calendar: Calendar) -> None:
        calendar.put(INVITE)
        calendar.put(dataclasses.replace(INVITE, start=utc(20, 8), end=utc(20, 9), sequence=5))
        with pytest.raises(ConnectorError, match="changed") as caught:
            calendar.put(dataclasses.replace(INVITE, start=utc(25, 8), end=utc(25, 9), sequence=4))
        assert caught.value.permanent
        found = calendar.find(INVITE.uid)
        assert found is not None
        assert found.start == utc(20, 8)

    def test_a_cancelled_meeting_stays_to_be_seen_and_frees_the_time(self, calendar: Calendar) -> None:
        calendar.put(INVITE)
        calendar.put(dataclasses.replace(INVITE, sequence=1, cancelled=True))
        found = calendar.find(INVITE.uid)
        assert found is not None
        assert (found.status, found.sequence) == ("cancelled", 1)
        assert calendar.busy_times(WINDOW) == ()

    def test_cancelling_what_was_deleted_books_nothing(self, calendar: Calendar) -> None:
        calendar.put(dataclasses.replace(INVITE, sequence=1, cancelled=True))
        assert calendar.find(INVITE.uid) is None

    def test_events_of_others_are_not_touched_by_ours(self, calendar: Calendar, picture: Picture) -> None:
        self.store("other", vevent("other", utc(11, 9), "SUMMARY:Theirs", "X-THEIR-OWN:kept"))
        picture.read(calendar)
        before = picture.events["other"]
        calendar.put(INVITE)
        calendar.put(dataclasses.replace(INVITE, sequence=1))
        picture.read(calendar)
        assert picture.events["other"] == before

    def test_find_knows_a_series_and_what_lies_far_away(self, calendar: Calendar) -> None:
        self.store("series", vevent("series", utc(9, 9), "RRULE:FREQ=DAILY"))
        self.store("far", vevent("far", datetime(2041, 3, 1, 9, tzinfo=UTC)))
        series, far = calendar.find("series"), calendar.find("far")
        assert series is not None
        assert far is not None
        assert (series.start, far.start) == (utc(9, 9), datetime(2041, 3, 1, 9, tzinfo=UTC))
        assert calendar.find("nothing-of-the-kind") is None

    def test_check_says_what_works(self, calendar: Calendar) -> None:
        self.store("one", vevent("one", utc(10, 9)))
        lines = calendar.check()
        assert lines
        assert all(line and "\n" not in line for line in lines)

    def test_it_may_be_closed_twice_and_used_again(self, calendar: Calendar) -> None:
        calendar.close()
        calendar.close()
        assert calendar.find("anything") is None

"""The calendar in the store: versions of occurrences, as known at any moment."""

from __future__ import annotations

from dataclasses import replace

from store_facts import CALENDAR, DANA, calendar, event
from week import at

from connectors.calendar import CalendarBatch
from daemon.store import Store

pytest_plugins = ("store_places",)


def test_an_event_comes_back_as_it_went_in(store: Store) -> None:
    whole = event(
        "a",
        description="agenda ✓",
        location="Oslo",
        organizer=DANA,
        status="tentative",
        busy=False,
        all_day=True,
        occurrence="20260303",
        sequence=4,
        modified=at(0),
    )
    calendar(store, whole, event("b", created=None, private=True))
    assert set(store.events(DANA)) == {whole, event("b", created=None, private=True)}


def test_a_moved_meeting_is_where_it_was_for_whoever_asks_about_earlier(store: Store) -> None:
    calendar(store, event("a", at(1)), now=at(0))
    calendar(store, event("a", at(2), sequence=1), now=at(0, 12), cursor="2")
    assert store.events(DANA, at(0, 11)) == (event("a", at(1)),)
    assert store.events(DANA, at(0, 12)) == store.events(DANA) == (event("a", at(2), sequence=1),)
    assert store.cursor(DANA, CALENDAR) == "2"


def test_a_meeting_taken_out_of_the_calendar_is_known_only_until_then(store: Store) -> None:
    calendar(store, event("a"), event("b"))
    calendar(store, now=at(0, 12), removed=("a",))
    assert store.events(DANA) == (event("b"),)
    assert len(store.events(DANA, at(0, 10))) == 2
    calendar(store, event("a"), now=at(0, 14))
    assert len(store.events(DANA)) == 2
    assert store.events(DANA, at(0, 13)) == (event("b"),)


def test_before_the_first_reading_of_a_calendar_an_event_is_known_from_when_it_was_made(store: Store) -> None:
    calendar(store, event("old", created=at(-9)), event("new", created=at(0)), event("undated", created=None), now=at(3))
    assert {e.uid for e in store.events(DANA, at(-5))} == {"old", "undated"}
    assert {e.uid for e in store.events(DANA, at(0))} == {"old", "new", "undated"}


def test_of_an_event_changed_since_only_the_first_version_speaks_for_the_time_before(store: Store) -> None:
    calendar(store, event("a", at(5), created=at(-9)), now=at(1))
    calendar(store, event("a", at(6), created=at(-9), sequence=1), now=at(2))
    assert store.events(DANA, at(-1)) == (event("a", at(5), created=at(-9)),)


def test_an_unchanged_calendar_is_not_rewritten_and_no_news_though_it_is_stamped_anew(store: Store) -> None:
    calendar(store, event("a"))
    version = store.fact_version(DANA)
    calendar(store, event("a", created=at(1), modified=at(1)), now=at(1), snapshot=True)
    assert store.fact_version(DANA) == version
    assert store.events(DANA) == (event("a"),)
    calendar(store, event("a", summary="Review, moved"), now=at(1))
    assert store.fact_version(DANA) > version


def test_every_occurrence_of_a_series_that_came_again_is_replaced(store: Store) -> None:
    series = [event("s", at(d), occurrence=f"2026030{d}") for d in (1, 2, 3)]
    calendar(store, *series, event("other"))
    calendar(store, series[0], replace(series[2], summary="Moved"), now=at(0, 12))
    assert {(e.uid, e.summary) for e in store.events(DANA)} == {("s", "Review"), ("s", "Moved"), ("other", "Review")}


def test_a_whole_calendar_leaves_out_what_is_gone_but_forgets_no_meeting_of_long_ago(store: Store) -> None:
    calendar(store, event("held", at(-170)), event("soon", at(2)), event("later", at(3)), now=at(0))
    calendar(store, event("later", at(3)), now=at(1), snapshot=True)
    assert {e.uid for e in store.events(DANA)} == {"held", "later"}


def test_a_whole_calendar_with_a_part_unread_takes_nothing_away(store: Store) -> None:
    calendar(store, event("a"), event("b"))
    calendar(store, event("b", summary="News"), now=at(0, 12), snapshot=True, unreadable=(("a.ics", "no start"),))
    assert {(e.uid, e.summary) for e in store.events(DANA)} == {("a", "Review"), ("b", "News")}


def test_a_calendar_that_is_suddenly_empty_is_not_believed(store: Store) -> None:
    many = [event(str(n), at(n)) for n in range(1, 7)]
    calendar(store, *many)
    said = calendar(store, now=at(0, 12), cursor="2", snapshot=True)
    assert said == ("the calendar is suddenly empty; what was read from it before is kept",)
    assert len(store.events(DANA)) == 6
    assert store.cursor(DANA, CALENDAR) == "1"
    assert calendar(store, many[0], now=at(0, 13), cursor="3", snapshot=True) == ()
    assert len(store.events(DANA)) == 1


def test_two_calendars_do_not_take_each_others_events_away(store: Store) -> None:
    calendar(store, event("a"))
    store.add_events(DANA, "calendar team", CalendarBatch((event("b"),), "1", snapshot=True), at(0))
    assert {e.uid for e in store.events(DANA)} == {"a", "b"}

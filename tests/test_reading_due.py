"""When something is due: how people say it, and the moment they mean."""

from __future__ import annotations

import pytest
from reading_helpers import due, promises, sent


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("by COB Thursday", "Thu 2026-03-05 17:30"),
        ("first thing tomorrow morning", "Thu 2026-03-05 10:00"),
        ("today", "Wed 2026-03-04 17:30"),
        ("this afternoon", "Wed 2026-03-04 17:30"),
        ("tonight", "Wed 2026-03-04 21:00"),
        ("tomorrow morning", "Thu 2026-03-05 12:00"),
        ("by noon on Friday", "Fri 2026-03-06 12:00"),
        ("by the end of the week", "Fri 2026-03-06 17:30"),
        ("this week", "Fri 2026-03-06 17:30"),
        ("early next week", "Tue 2026-03-10 17:30"),
        ("next week", "Fri 2026-03-13 17:30"),
        ("at the end of next week", "Fri 2026-03-13 17:30"),
        ("by the end of the month", "Tue 2026-03-31 17:30"),
        ("within 48 hours", "Fri 2026-03-06 10:14"),
        ("in two hours", "Wed 2026-03-04 12:14"),
        ("in a fortnight", "Wed 2026-03-18 17:30"),
        ("in a day or two", "Fri 2026-03-06 17:30"),
        ("in three working days", "Mon 2026-03-09 17:30"),
        ("on Wednesday", "Wed 2026-03-11 17:30"),
        ("next Friday", "Fri 2026-03-13 17:30"),
        ("Monday week", "Mon 2026-03-16 17:30"),
        ("a week on Tuesday", "Tue 2026-03-17 17:30"),
        ("on Tuesday next week", "Tue 2026-03-10 17:30"),
        ("on the 12th", "Thu 2026-03-12 17:30"),
        ("on 10 March", "Tue 2026-03-10 17:30"),
        ("on Tuesday, March 10th", "Tue 2026-03-10 17:30"),
        ("on 2026-03-12", "Thu 2026-03-12 17:30"),
        ("before the 12th", "Wed 2026-03-11 17:30"),
        ("by 5pm", "Wed 2026-03-04 17:00"),
        ("at half past two", "Wed 2026-03-04 14:30"),
        ("tomorrow at 3.30pm", "Thu 2026-03-05 15:30"),
        ("by Thursday or Friday", "Fri 2026-03-06 17:30"),
    ],
)
def test_a_phrase_means_the_end_of_what_it_names(words: str, moment: str) -> None:
    assert due(words) == moment


@pytest.mark.parametrize(
    "words", ["soon", "shortly", "asap", "when I can", "on Wednesday, March 10th", "24/7", "in room 12", "before the holidays"]
)
def test_what_names_no_time_or_contradicts_itself_means_none(words: str) -> None:
    assert due(words) is None


def test_friday_said_on_a_friday_is_a_week_later() -> None:
    assert due("on Friday", at="2026-03-06T09:00:00+00:00") == "Fri 2026-03-13 17:30"


def test_the_third_quarter_is_no_third_of_the_month() -> None:
    (promise,) = promises(sent("I'll send you the 3rd quarter figures."))
    assert promise.due is None


def test_three_slash_twelve_is_read_as_the_zone_writes_it() -> None:
    assert due("by 3/12", zone="America/Chicago") == "Thu 2026-03-12 17:30"
    assert due("by 12/3", zone="Europe/London") == "Thu 2026-03-12 17:30"


def test_the_working_days_end_follows_the_clocks_of_the_zone_through_a_change() -> None:
    (promise,) = promises(sent("I'll send it to you on Monday, 30 March."))
    assert promise.due is not None
    assert promise.due.due.isoformat() == "2026-03-30T17:30:00+01:00"


def test_a_named_zone_is_kept_to() -> None:
    (promise,) = promises(sent("I'll call you tomorrow at 3pm EST."))
    assert promise.due is not None
    assert promise.due.due.isoformat() == "2026-03-05T20:00:00+00:00"


def test_of_two_unrelated_times_neither_is_sure() -> None:
    (promise,) = promises(sent("I'll call you on Monday about the delivery of 30 March."))
    assert promise.due is not None
    assert promise.due.confidence < 0.7


def test_a_year_beyond_the_calendar_is_no_time() -> None:
    assert due("in 999 years") is None or "2999" not in str(due("in 999 years"))
    assert promises(sent("I'll send it to you on 31 February."))[0].due is None


def test_tonight_said_late_is_still_tonight_but_the_afternoon_is_tomorrows() -> None:
    assert str(due("tonight", at="2026-03-04T22:30:00+00:00")).startswith("Wed 2026-03-04")
    assert due("in the afternoon", at="2026-03-04T18:52:00+00:00") == "Thu 2026-03-05 17:30"


def test_the_time_after_the_promise_goes_before_one_said_ahead() -> None:
    (promise,) = promises(sent("The figures are checked this week, and I'll send them to you by 30 March."))
    assert promise.due is not None
    assert f"{promise.due.due:%d %B}" == "30 March"

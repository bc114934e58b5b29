"""When something is due: how people say it, and the moment they mean."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from reading_helpers import due, promises, sent

from daemon.reading import TimeContext
from daemon.reading.languages import detection as language
from daemon.reading.times.due_times import find_due_phrases


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


def test_of_two_unrelated_times_the_one_that_names_an_end_is_the_acts() -> None:
    (promise,) = promises(sent("Ruth is back on Tuesday, so I'll have the drawings with you end of day Thursday."))
    assert promise.due is not None
    assert promise.due.quote == "end of day Thursday"


def test_a_span_said_ahead_of_a_condition_counts_from_the_mail_and_one_after_it_from_the_condition() -> None:
    (ahead,) = promises(sent("We'll pay the deposit in two weeks when our pay run goes."))
    (after,) = promises(sent("Once you have signed we'll pay the deposit within two weeks."))
    assert ahead.due is not None
    assert (ahead.conditional, after.conditional, after.due) == (True, True, None)


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


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("by COB Thursday", "2026-03-05 17:30"),
        ("first thing", "2026-03-05 10:00"),
        ("first thing tomorrow", "2026-03-05 10:00"),
        ("before the 3rd", "2026-04-02 17:30"),
        ("end of next week", "2026-03-13 17:30"),
        ("by the end of next week", "2026-03-13 17:30"),
        ("within 48 hours", "2026-03-06 11:14"),
        ("in a fortnight", "2026-03-18 17:30"),
        ("a fortnight today", "2026-03-18 17:30"),
        ("Monday week", "2026-03-16 17:30"),
        ("a week on Monday", "2026-03-16 17:30"),
        ("a week tomorrow", "2026-03-12 17:30"),
        ("a week today", "2026-03-11 17:30"),
        ("today week", "2026-03-11 17:30"),
        ("at 10-ish tomorrow", "2026-03-05 10:00"),
        ("tomorrow at 10ish", "2026-03-05 10:00"),
        ("by the weekend", "2026-03-06 17:30"),
        ("before the weekend", "2026-03-06 17:30"),
        ("over the weekend", "2026-03-08 17:30"),
        ("by Sunday night", "2026-03-08 21:00"),
        ("this pm", "2026-03-04 17:30"),
        ("tomorrow am", "2026-03-05 12:00"),
        ("tomorrow pm", "2026-03-05 17:30"),
        ("Thursday am", "2026-03-05 12:00"),
        ("on Thurs", "2026-03-05 17:30"),
        ("Weds", "2026-03-11 17:30"),
        ("by close tomorrow", "2026-03-05 17:30"),
        ("by close of play", "2026-03-04 17:30"),
        ("by close on Friday", "2026-03-06 17:30"),
        ("by end of play Friday", "2026-03-06 17:30"),
        ("before lunch", "2026-03-04 12:00"),
        ("after lunch", "2026-03-04 17:00"),
        ("by lunchtime tomorrow", "2026-03-05 13:00"),
        ("tomorrow noon", "2026-03-05 12:00"),
        ("by noon Friday", "2026-03-06 12:00"),
        ("within the hour", "2026-03-04 12:14"),
        ("within two working days", "2026-03-06 17:30"),
        ("in 2 business days", "2026-03-06 17:30"),
        ("in a couple of days", "2026-03-06 17:30"),
        ("in the next couple of days", "2026-03-06 17:30"),
        ("in the next day or two", "2026-03-06 17:30"),
        ("in a day or two", "2026-03-06 17:30"),
        ("by tomorrow evening", "2026-03-05 21:00"),
        ("by this evening", "2026-03-04 21:00"),
        ("tonight", "2026-03-04 21:00"),
        ("by the 12th", "2026-03-12 17:30"),
        ("Thursday 12th at 10", "2026-03-12 10:00"),
        ("Thursday the 12th", "2026-03-12 17:30"),
        ("Friday 13 March", "2026-03-13 17:30"),
        ("Monday, March 9th", "2026-03-09 17:30"),
        ("on 5/3", "2026-03-05 17:30"),
        ("on 05/03/2026", "2026-03-05 17:30"),
        ("2026-03-09", "2026-03-09 17:30"),
        ("9 Mar", "2026-03-09 17:30"),
        ("at 3", "2026-03-04 15:00"),
        ("at half three", "2026-03-04 15:30"),
        ("at half past nine tomorrow", "2026-03-05 09:30"),
        ("at quarter to four", "2026-03-04 15:45"),
        ("by 5", "2026-03-04 17:00"),
        ("by 5pm", "2026-03-04 17:00"),
        ("between 2 and 3pm tomorrow", "2026-03-05 15:00"),
        ("between 8 and 10 tomorrow", "2026-03-05 10:00"),
        ("tomorrow between 10 and 12", "2026-03-05 12:00"),
        ("at 1400 tomorrow", "2026-03-05 14:00"),
        ("at 14:00 GMT", "2026-03-04 14:00"),
        ("at 10am EST tomorrow", "2026-03-05 15:00"),
        ("early next week", "2026-03-10 17:30"),
        ("the beginning of next week", "2026-03-10 17:30"),
        ("mid next week", "2026-03-11 17:30"),
        ("later this week", "2026-03-06 17:30"),
        ("later today", "2026-03-04 17:30"),
        ("in the morning", "2026-03-05 12:00"),
        ("in the afternoon", "2026-03-04 17:30"),
        ("this afternoon", "2026-03-04 17:30"),
        ("end of the month", "2026-03-31 17:30"),
        ("by month end", "2026-03-31 17:30"),
        ("end of March", "2026-03-31 17:30"),
        ("by the end of Q1", "2026-03-31 17:30"),
        ("by end of quarter", "2026-03-31 17:30"),
        ("early April", "2026-04-10 17:30"),
        ("late April", "2026-04-30 17:30"),
        ("in April", "2026-04-30 17:30"),
        ("next month", "2026-04-30 17:30"),
        ("by year end", "2026-12-31 17:30"),
        ("by next Friday", "2026-03-13 17:30"),
        ("this Friday", "2026-03-06 17:30"),
        ("Friday next week", "2026-03-13 17:30"),
        ("next week Tuesday", "2026-03-10 17:30"),
        ("Tues next week", "2026-03-10 17:30"),
        ("on the first", "2026-04-01 17:30"),
        ("the last Friday of March", "2026-03-27 17:30"),
        ("the first Monday in April", "2026-04-06 17:30"),
        ("in three weeks", "2026-03-25 17:30"),
        ("in 3 weeks' time", "2026-03-25 17:30"),
        ("two weeks from today", "2026-03-18 17:30"),
        ("in half an hour", "2026-03-04 11:44"),
        ("in an hour and a half", "2026-03-04 12:44"),
        ("in ten minutes", "2026-03-04 11:24"),
        ("in 20 mins", "2026-03-04 11:34"),
        ("before Easter", "2026-04-02 17:30"),
        ("on Good Friday", "2026-04-03 17:30"),
        ("by New Year", "2026-12-31 17:30"),
        ("on the day after tomorrow", "2026-03-06 17:30"),
        ("by Thursday EOD", "2026-03-05 17:30"),
        ("EOD Thursday", "2026-03-05 17:30"),
        ("eod", "2026-03-04 17:30"),
        ("by tmrw", "2026-03-05 17:30"),
        ("Friday arvo", "2026-03-06 17:30"),
        ("Fri pm", "2026-03-06 17:30"),
        ("first thing Monday", "2026-03-09 10:00"),
        ("Monday first thing", "2026-03-09 10:00"),
        ("last thing today", "2026-03-04 17:30"),
        ("by 9 tomorrow", "2026-03-05 09:00"),
        ("at nine tomorrow", "2026-03-05 09:00"),
        ("by nine", "2026-03-05 09:00"),
        ("by 12 noon", "2026-03-04 12:00"),
        ("by midday Thursday", "2026-03-05 12:00"),
        ("before 6pm today", "2026-03-04 18:00"),
        ("no later than Tuesday", "2026-03-10 17:30"),
        ("not later than 10 March", "2026-03-10 17:30"),
        ("at the latest on Friday", "2026-03-06 17:30"),
        ("Friday at the latest", "2026-03-06 17:30"),
        ("week commencing 16 March", "2026-03-20 17:30"),
        ("w/c 16 March", "2026-03-20 17:30"),
        ("week of the 16th", "2026-03-20 17:30"),
        ("within a week", "2026-03-11 17:30"),
        ("within the week", "2026-03-11 17:30"),
        ("within 10 days", "2026-03-14 17:30"),
        ("within the next two hours", "2026-03-04 13:14"),
        ("in two hours' time", "2026-03-04 13:14"),
        ("within 24hrs", "2026-03-05 11:14"),
        ("by Mon 9 March 10:30", "2026-03-09 10:30"),
        ("on Tuesday morning", "2026-03-10 12:00"),
        ("Tuesday evening", "2026-03-10 21:00"),
        ("early Thursday", "2026-03-05 12:00"),
        ("late on Thursday", "2026-03-05 17:30"),
        ("end of day tomorrow", "2026-03-05 17:30"),
        ("by end of business Friday", "2026-03-06 17:30"),
        ("at lunch", "2026-03-04 13:00"),
        ("by mid-afternoon", "2026-03-04 17:30"),
        ("by mid morning tomorrow", "2026-03-05 12:00"),
        ("before Christmas", "2026-12-23 17:30"),
        ("by Easter", "2026-04-03 17:30"),
    ],
)
def test_on_a_wednesday_at_a_quarter_past_eleven_in_london(words: str, due: str) -> None:
    """The fourth of March 2026; what falls into the summer is meant on the summer's clock."""
    acts = promises(
        sent(
            f"I'll send it to you {words}.",
            date=datetime.fromisoformat("2026-03-04T11:14:00+00:00"),
            time_context=TimeContext(time_zone="Europe/London"),
        )
    )
    assert acts[0].due is not None
    assert acts[0].due.due.astimezone(ZoneInfo("Europe/London")).strftime("%Y-%m-%d %H:%M") == due


@pytest.mark.parametrize(
    "words",
    [
        "before the holidays",
        "once legal signs",
        "Friday the 12th",
        "Tuesday, March 9",
        "9.3.",
        "asap",
        "soon",
        "shortly",
        "at some point",
        "after Easter",
        "the day after",
        "in the coming days",
        "in 30 seconds",
        "24/7",
        "50/50",
        "in 2 parts",
        "at 10%",
        "on page 12",
        "by 20 percent",
        "in the second half",
        "for 3 years",
        "on May",
        "may be able",
        "mar the surface",
        "in the first place",
        "on a second thought",
        "sat down",
    ],
)
def test_words_that_name_no_end_have_none(words: str) -> None:
    assert all(a.due is None for a in promises(sent(f"I'll send it to you {words}.")))


def test_equal_moments_on_two_clocks_are_two_times_of_writing() -> None:
    """A sentence that two people write at one moment, one of them where it is the next day."""
    english, anywhere = language.by_code("en"), TimeContext()
    assert english is not None
    london = datetime(2026, 3, 4, 23, 30, tzinfo=ZoneInfo("Europe/London"))
    for written, day in ((london, 5), (london.astimezone(ZoneInfo("Europe/Berlin")), 6), (london, 5)):
        (phrase,) = find_due_phrases("I'll send it tomorrow.", written, anywhere, english.time_words)
        assert phrase.due.due.day == day

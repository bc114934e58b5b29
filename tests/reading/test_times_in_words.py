"""Times in the words of business mail, English and German: spans, working days, days of a month, zones, and the words between."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from reading_helpers import promises, sent

from daemon.reading import ActKind, Due, TimeContext


def named(text: str, at: str = "2026-03-04T10:00:00+00:00", zone: str = "Europe/London", **context: Any) -> Due | None:
    """Return the due time of the first promise of a mail written at that moment."""
    acts = sent(text, date=datetime.fromisoformat(at), time_context=TimeContext(time_zone=zone, **context)).of(ActKind.PROMISE)
    return acts[0].due


def due(text: str, at: str = "2026-03-04T10:00:00+00:00", zone: str = "Europe/London") -> str | None:
    when = named(text, at, zone)
    return f"{when.due:%a %d %b %H:%M}" if when else None


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("on Monday from 10 to 11", "Mon 10:00 to 11:00"),
        ("on Friday 2 to 3", "Fri 14:00 to 15:00"),
        ("on Friday between ten and eleven", "Fri 10:00 to 11:00"),
        ("on Friday 2pm-3pm", "Fri 14:00 to 15:00"),
        ("on Thursday 9-5", "Thu 09:00 to 17:00"),
        ("on Thursday 11 to 1", "Thu 11:00 to 13:00"),
        ("tomorrow 10:00-11:30", "Thu 10:00 to 11:30"),
        ("tomorrow between 9.30 and 10.15", "Thu 09:30 to 10:15"),
        ("on Friday between 2:30 and 3", "Fri 14:30 to 15:00"),
        ("tomorrow from 2pm until 4pm", "Thu 14:00 to 16:00"),
        ("in 2-3 hours", "Wed 12:00 to 13:00"),
        ("within 24 to 48 hours", "Thu 10:00 to 10:00"),
        ("in two to three days", "Fri 09:00 to 17:30"),
    ],
)
def test_a_span_is_due_at_its_end_and_begins_with_its_start(words: str, span: str) -> None:
    when = named(f"I'll call you {words}.")
    assert when is not None
    assert f"{when.earliest:%a %H:%M} to {when.due:%H:%M}" == span


@pytest.mark.parametrize("words", ["at ten to five", "at 10 to 5", "at twenty to five", "at a quarter to five", "by 5 to 5"])
def test_minutes_to_an_hour_are_no_span(words: str) -> None:
    when = named(f"I'll call you on Friday {words}.")
    assert when is not None
    assert when.earliest == when.due
    assert when.due.hour == 16


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("the next working day", "Thu 05 Mar 17:30"),
        ("next business day", "Thu 05 Mar 17:30"),
        ("by noon on the following business day", "Thu 05 Mar 12:00"),
        ("by close of business on the next working day", "Thu 05 Mar 17:30"),
        ("the working day after next", "Fri 06 Mar 17:30"),
        ("within one business day", "Thu 05 Mar 17:30"),
        ("within the next 3 business days", "Mon 09 Mar 17:30"),
        ("two working days from now", "Fri 06 Mar 17:30"),
        ("on the 2nd Friday of next month", "Fri 10 Apr 17:30"),
        ("on the last Friday of this month", "Fri 27 Mar 17:30"),
        ("on the first Monday of the month", "Mon 06 Apr 17:30"),
        ("on the last day of the month", "Tue 31 Mar 17:30"),
        ("on the last working day of May", "Fri 29 May 17:30"),
        ("on the third working day of April", "Fri 03 Apr 17:30"),
        ("in the first week of April", "Fri 03 Apr 17:30"),
        ("in the second week of next month", "Fri 10 Apr 17:30"),
        ("on the first day of next week", "Mon 09 Mar 17:30"),
        ("first thing next week", "Mon 09 Mar 10:00"),
        ("at the beginning of next month", "Fri 10 Apr 17:30"),
        ("in the middle of next month", "Mon 20 Apr 17:30"),
        ("the Monday after next", "Mon 16 Mar 17:30"),
        ("on Tuesday of the week after next", "Tue 17 Mar 17:30"),
        ("Friday fortnight", "Fri 20 Mar 17:30"),
        ("three weeks from Friday", "Fri 27 Mar 17:30"),
        ("on 9-10 March", "Tue 10 Mar 17:30"),
        ("in calendar week 14", "Fri 03 Apr 17:30"),
        ("in Q2", "Tue 30 Jun 17:30"),
        ("midweek next week", "Wed 11 Mar 17:30"),
        ("at 3 in the afternoon on Thursday", "Thu 05 Mar 15:00"),
        ("at 3pm your time tomorrow", "Thu 05 Mar 15:00"),
        ("at 3pm our time this Thursday", "Thu 05 Mar 15:00"),
        ("at 10am sharp tomorrow", "Thu 05 Mar 10:00"),
        ("at 9.30 on the dot tomorrow", "Thu 05 Mar 09:30"),
        ("at 3pm, as agreed, on Friday", "Fri 06 Mar 15:00"),
        ("at 3pm, if that works for you, on Friday", "Fri 06 Mar 15:00"),
        ("by 10, Thursday at the latest", "Thu 05 Mar 10:00"),
        ("noon sharp on Friday", "Fri 06 Mar 12:00"),
        ("at 1530 hrs tomorrow", "Thu 05 Mar 15:30"),
        ("at 9.30ish tomorrow", "Thu 05 Mar 09:30"),
        ("within forty-eight hours", "Fri 06 Mar 10:00"),
        ("in 48h", "Fri 06 Mar 10:00"),
        ("before the board meeting on Thursday", "Wed 04 Mar 17:30"),
        ("ahead of Thursday's board", "Wed 04 Mar 17:30"),
        ("before our 2pm call tomorrow", "Thu 05 Mar 14:00"),
        ("by month's end", "Tue 31 Mar 17:30"),
        ("in the first half of next month", "Wed 15 Apr 17:30"),
        ("at 3pm sharp, London time, on Thursday", "Thu 05 Mar 15:00"),
        ("the Saturday after next", "Sat 14 Mar 17:30"),
        ("Thursday before 5 p.m.", "Thu 05 Mar 17:00"),
        ("at 9 AM tomorrow", "Thu 05 Mar 09:00"),
        ("in the morning of this Friday", "Fri 06 Mar 12:00"),
        ("on Thu 12th", "Thu 12 Mar 17:30"),
        ("on or before the 28th", "Sat 28 Mar 17:30"),
        ("before or on the 28th", "Sat 28 Mar 17:30"),
        ("by the 9th or 10th", "Tue 10 Mar 17:30"),
        ("on the 1st Friday of next month", "Fri 03 Apr 17:30"),
        ("on the 15th day of next month", "Wed 15 Apr 17:30"),
        ("on Monday two weeks from now", "Mon 16 Mar 17:30"),
        ("next Tuesday week", "Tue 17 Mar 17:30"),
        ("a week Friday", "Fri 13 Mar 17:30"),
        ("before end of this year", "Thu 31 Dec 17:30"),
        ("before next week", "Fri 06 Mar 17:30"),
        ("before next month", "Tue 31 Mar 17:30"),
        ("before April", "Tue 31 Mar 17:30"),
        ("as late as tomorrow", "Thu 05 Mar 17:30"),
        ("the following week", "Fri 13 Mar 17:30"),
        ("w/c 14th", "Fri 13 Mar 17:30"),
        ("w/c Monday 16th", "Fri 20 Mar 17:30"),
        ("w/o 16/3", "Fri 20 Mar 17:30"),
        ("by EOW", "Fri 06 Mar 17:30"),
        ("in 24h", "Thu 05 Mar 10:00"),
        ("within 2h", "Wed 04 Mar 12:00"),
        ("in 20", "Wed 04 Mar 10:20"),
        ("noonish", "Wed 04 Mar 12:00"),
        ("3pm UK time tomorrow", "Thu 05 Mar 15:00"),
        ("by tmrw", "Thu 05 Mar 17:30"),
        ("over the wkend", "Sun 08 Mar 17:30"),
        ("thur", "Thu 05 Mar 17:30"),
        ("tonite", "Wed 04 Mar 21:00"),
        ("from 9 to 11 March", "Wed 11 Mar 17:30"),
        ("between July 23 and August 10", "Mon 10 Aug 17:30"),
        ("from July 23 to August 10", "Mon 10 Aug 17:30"),
    ],
)
def test_english_words_mean_their_day(words: str, moment: str) -> None:
    assert due(f"I'll call you {words}.") == moment


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("am nächsten Werktag", "Thu 05 Mar 17:30"),
        ("bis zum nächsten Arbeitstag", "Thu 05 Mar 17:30"),
        ("in drei Werktagen", "Mon 09 Mar 17:30"),
        ("in zwei bis drei Tagen", "Sat 07 Mar 17:30"),
        ("binnen 24 Std.", "Thu 05 Mar 11:00"),
        ("in anderthalb Stunden", "Wed 04 Mar 12:30"),
        ("am Montag von 10 bis 11 Uhr", "Mon 09 Mar 11:00"),
        ("am Freitag zwischen 14 und 15 Uhr", "Fri 06 Mar 15:00"),
        ("am zweiten Freitag im April", "Fri 10 Apr 17:30"),
        ("am letzten Freitag des Monats", "Fri 27 Mar 17:30"),
        ("am ersten Montag im nächsten Monat", "Mon 06 Apr 17:30"),
        ("am letzten Werktag des Monats", "Tue 31 Mar 17:30"),
        ("in der ersten Aprilwoche", "Fri 03 Apr 17:30"),
        ("Anfang nächsten Monats", "Fri 10 Apr 17:30"),
        ("zur Monatsmitte", "Fri 20 Mar 17:30"),
        ("am ersten Tag der nächsten Woche", "Mon 09 Mar 17:30"),
        ("in KW 12", "Fri 20 Mar 17:30"),
        ("am Montag übernächster Woche", "Mon 16 Mar 17:30"),
        ("nächste Woche Dienstag", "Tue 10 Mar 17:30"),
        ("heute in einer Woche", "Wed 11 Mar 17:30"),
        ("morgen in acht Tagen", "Thu 12 Mar 17:30"),
        ("am 9./10. März", "Tue 10 Mar 17:30"),
        ("um 15 Uhr Ihrer Zeit morgen", "Thu 05 Mar 15:00"),
        ("um 15 Uhr britischer Zeit am Donnerstag", "Thu 05 Mar 16:00"),
        ("um 15 Uhr, wie besprochen, am Freitag", "Fri 06 Mar 15:00"),
        ("bis spätestens 14 Uhr", "Wed 04 Mar 14:00"),
        ("vor der Sitzung am Donnerstag", "Wed 04 Mar 17:30"),
        ("bis 24 Uhr", "Wed 04 Mar 23:59"),
        ("bis Ostern", "Fri 03 Apr 17:30"),
        ("bis zum 8. Juni", "Mon 08 Jun 17:30"),
        ("bis zum 8.", "Sun 08 Mar 17:30"),
        ("Freitagvormittag", "Fri 06 Mar 12:00"),
        ("am Montagabend um 18 Uhr", "Mon 09 Mar 18:00"),
        ("am Freitag vor 17 Uhr", "Fri 06 Mar 17:00"),
        ("am oder vor dem 28. März", "Sat 28 Mar 17:30"),
        ("um 5 am Freitag", "Fri 06 Mar 17:00"),
        ("morgen um halb 5", "Thu 05 Mar 16:30"),
        ("am Donnerstag um 9 Uhr 30", "Thu 05 Mar 09:30"),
        ("am 15. des nächsten Monats", "Wed 15 Apr 17:30"),
        ("in der Woche ab dem 16. März", "Fri 20 Mar 17:30"),
        ("vor nächster Woche", "Fri 06 Mar 17:30"),
        ("vor Jahresende", "Thu 31 Dec 17:30"),
        ("spätestens morgen", "Thu 05 Mar 17:30"),
        ("übers Wochenende", "Sun 08 Mar 17:30"),
        ("Anfang der Woche", "Tue 10 Mar 17:30"),
        ("binnen 2 Std.", "Wed 04 Mar 13:00"),
    ],
)
def test_german_words_mean_their_day(words: str, moment: str) -> None:
    text = f"Hallo Frau Weber, ich schicke Ihnen das Angebot {words}. Viele Grüße"
    assert due(text, at="2026-03-04T11:00:00+01:00", zone="Europe/Berlin") == moment


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("On Monday I'll call you at 3pm.", "Mon 09 Mar 15:00"),
        ("On Friday, I'll send you the quote by noon.", "Fri 06 Mar 12:00"),
        ("I'll call you on Monday about the pump, at 3pm.", "Mon 09 Mar 15:00"),
        ("Your delivery comes on Friday, I'll call you at 3pm today.", "Wed 04 Mar 15:00"),
        ("I'll send pages 10 to 11 by Friday.", "Fri 06 Mar 17:30"),
        ("I'll send 2 to 3 weeks of data on Monday.", "Mon 09 Mar 17:30"),
    ],
)
def test_a_clock_time_belongs_to_the_day_that_its_promise_names(text: str, moment: str) -> None:
    assert due(text) == moment


@pytest.mark.parametrize(
    "text",
    [
        "I'll send it, as you said this morning.",
        "I'll send you what we discussed this morning.",
        "Ich schicke es Ihnen, wie heute Morgen besprochen. Viele Grüße",
        "I'll send you the report on the second Friday of each month.",
        "I'll send you the report every Friday.",
        "I'll send you the report every day at 9.",
        "I'll send you the figures daily at 5pm.",
        "Ich schicke Ihnen den Bericht jeden Montag um 18 Uhr. Viele Grüße",
        "Ich schicke Ihnen den Bericht an jedem Dienstag. Viele Grüße",
        "Ich schicke Ihnen den Bericht montags. Viele Grüße",
        "I'll call you 3 days from Tuesday.",
        "I'll call you the first Tuesday after Easter.",
        "I'll send it after our meeting with the board on Friday.",
        "I'll send it within 3 business days of receipt.",
        "I'll send it the next working day after receipt.",
        "I'll send it a week before the fair on 20 May.",
        "I'll send you prices from 10 to 11.",
        "I'll send you 48 hours of data.",
        "I'll send what you asked for last Friday.",
        "I'll send it in the new year.",
        "I'll answer your mail of last night.",
        "I'll send it within 4 working hours.",
        "I'll send it on the fifth Friday of April.",
        "I'll send it last Friday.",
        "I'll send it in the next sprint.",
        "I'll send it not before March.",
        "I'll send it over the coming weeks.",
        "I'll bring 2, of which 1 may be late.",
        "I'll send it for 15 years.",
        "I'll send you part 3A-12.",
        "Ich schicke es Ihnen in den nächsten Tagen. Viele Grüße",
    ],
)
def test_what_has_been_recurs_or_counts_from_something_else_is_no_due_time(text: str) -> None:
    assert due(text) is None


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("at 3pm (CET) tomorrow", "2026-03-05T14:00:00+00:00"),
        ("at 3pm GMT on Friday", "2026-03-06T15:00:00+00:00"),
        ("at 3pm EST on Friday", "2026-03-06T20:00:00+00:00"),
        ("at 10 ET on Friday", "2026-03-06T15:00:00+00:00"),
        ("at 3pm Pacific time on Friday", "2026-03-06T23:00:00+00:00"),
        ("at 15:00 UTC+2 on Friday", "2026-03-06T13:00:00+00:00"),
        ("at 4pm UK time tomorrow", "2026-03-05T16:00:00+00:00"),
        ("at 9am JST on Friday", "2026-03-06T00:00:00+00:00"),
        ("at 3pm CET on 1 July", "2026-07-01T13:00:00+00:00"),
        ("at 3pm CST on 16 July", "2026-07-16T20:00:00+00:00"),
        ("at 3pm ET on 16 July", "2026-07-16T19:00:00+00:00"),
        ("at 10 MT on Tuesday", "2026-03-10T16:00:00+00:00"),
        ("at 2pm AEST on 16 July", "2026-07-16T04:00:00+00:00"),
        ("at 14:00 MESZ on 16 July", "2026-07-16T12:00:00+00:00"),
        ("at 3pm CEST on 1 July", "2026-07-01T13:00:00+00:00"),
    ],
)
def test_a_zone_that_is_named_holds_for_its_clock_time(words: str, moment: str) -> None:
    when = named(f"I'll call you {words}.")
    assert when is not None
    assert when.due == datetime.fromisoformat(moment)


def test_the_standard_time_of_ones_own_zone_is_ones_own_all_year() -> None:
    when = named("I'll call you at 3pm MST on 1 July.", zone="America/Phoenix")
    assert when is not None
    assert when.due == datetime.fromisoformat("2026-07-01T22:00:00+00:00")


@pytest.mark.parametrize(
    ("words", "at", "zone", "moment"),
    [
        ("within 48 hours", "2026-03-27T14:00:00+00:00", "Europe/London", "2026-03-29T14:00:00+00:00"),
        ("in 24 hours", "2026-10-24T12:00:00+02:00", "Europe/Berlin", "2026-10-25T10:00:00+00:00"),
        ("in 4 hours", "2026-03-08T00:30:00-05:00", "America/New_York", "2026-03-08T09:30:00+00:00"),
        ("in two hours", "2026-10-25T00:30:00+01:00", "Europe/London", "2026-10-25T01:30:00+00:00"),
        ("in two hours", "2026-03-04T23:30:00-05:00", "Europe/London", "2026-03-05T06:30:00+00:00"),
        ("in two hours", "2026-03-04T15:00:00+00:00", "America/New_York", "2026-03-04T17:00:00+00:00"),
        ("today", "2026-03-04T20:00:00-05:00", "Europe/London", "2026-03-05T04:59:00+00:00"),
        ("tonight", "2026-03-04T20:00:00-05:00", "Europe/London", "2026-03-05T02:00:00+00:00"),
        ("this evening", "2026-03-04T20:00:00-05:00", "Europe/London", "2026-03-05T02:00:00+00:00"),
        ("this afternoon", "2026-03-04T14:00:00-08:00", "Europe/London", "2026-03-05T01:30:00+00:00"),
        ("by 5pm", "2026-03-04T14:00:00-08:00", "Europe/London", "2026-03-05T01:00:00+00:00"),
        ("tomorrow", "2026-03-04T20:00:00-05:00", "Europe/London", "2026-03-05T17:30:00+00:00"),
        ("today", "2026-03-05T07:00:00+09:00", "Europe/London", "2026-03-05T17:30:00+00:00"),
    ],
)
def test_hours_are_counted_from_the_moment_and_days_on_the_writers_calendar(words: str, at: str, zone: str, moment: str) -> None:
    when = named(f"I'll send it {words}.", at, zone)
    assert when is not None
    assert when.due == datetime.fromisoformat(moment)


def test_working_days_skip_the_holidays() -> None:
    easter = frozenset((date(2026, 4, 3), date(2026, 4, 6)))
    for words in ("the next working day", "within one working day", "on the first working day after today"):
        when = named(f"I'll send it {words}.", at="2026-04-02T10:00:00+01:00", holidays=easter)
        assert when is None or when.due.date() == date(2026, 4, 7), words
    when = named("I'll send it within 3 business days.", at="2026-04-02T10:00:00+01:00", holidays=easter)
    assert when is not None
    assert when.due.date() == date(2026, 4, 9)


def test_a_clock_time_of_today_that_has_passed_leaves_the_day() -> None:
    assert due("I'll call you today at 9am.") == "Wed 04 Mar 17:30"
    assert due("I'll call you this morning.", at="2026-03-04T14:00:00+00:00") is None


def test_a_half_past_hour_and_the_rest_of_a_promise_share_the_day() -> None:
    acts = promises(sent("I'll send the first part tomorrow by 10 am and the rest by evening."))
    assert acts[0].due is not None
    assert acts[0].due.due.day == 5


@pytest.mark.parametrize("about", ["about the invoice", "regarding the quote", "concerning the crates", "re the samples"])
def test_what_an_hour_is_for_leaves_it_an_hour(about: str) -> None:
    when = named(f"I will call you tomorrow at 10 {about}.")
    assert when is not None
    assert when.due == datetime.fromisoformat("2026-03-05T10:00:00+00:00")

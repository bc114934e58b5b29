"""What holds for every time in words, at every moment and in every zone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st
from reading_helpers import message

from daemon.reading import ActKind, Due, Reading, TimeContext, read

ZONES = st.sampled_from(
    """UTC Europe/London Europe/Berlin Europe/Lisbon America/New_York America/St_Johns America/Sao_Paulo America/Phoenix Asia/Kolkata
    Asia/Kathmandu Asia/Tokyo Australia/Lord_Howe Australia/Sydney Pacific/Auckland Pacific/Apia Pacific/Kiritimati Africa/Cairo""".split()
)
OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
# 2026 with every change of the clocks, and the years around the ends of the calendar.
MOMENTS = st.one_of(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 5)),  # noqa: DTZ001  # the tests add the zone
    st.datetimes(datetime(1, 1, 1), datetime(9999, 12, 31)),  # noqa: DTZ001
)
SENTENCES = st.sampled_from(
    [
        "today", "tonight", "this afternoon", "tomorrow", "by 5pm", "at half past nine", "by noon", "at midnight", "by COB", "first thing",
        "within 48 hours", "in 4 hours", "in 20 minutes", "in 2-3 days", "the next working day", "within 3 business days", "this week",
        "by the end of the month", "mid-month", "on Friday", "next Friday", "Friday week", "on the 5th", "on the last Friday of the month",
        "on 29 March at 2:30", "on 25 October at 1:30", "on 31 December", "by the end of the year", "by Easter", "before Christmas",
        "on Monday from 10 to 11", "at 3pm EST tomorrow", "at 9am UTC+13 on Friday", "in 999 years", "in 12 months", "in calendar week 53",
        "on the fifth Friday of next month", "the day after tomorrow", "over the weekend", "in Q1", "by 24:00", "on 30 February",
    ]
)  # fmt: skip


def promised(words: str, at: datetime, zone: str) -> Due | None:
    text = f"I'll send it to you {words}."
    reading = read(message(text, direction="sent", date=at, time_context=TimeContext(time_zone=zone)))
    assert Reading.from_json(reading.to_json()) == reading
    acts = reading.of(ActKind.PROMISE)
    return acts[0].due if acts else None


@settings(max_examples=400, deadline=None)
@given(words=SENTENCES, naive=MOMENTS, offset=OFFSETS, zone=ZONES)
@example("today", datetime(2026, 3, 4, 20), timezone(-timedelta(hours=5)), "Europe/London")  # noqa: DTZ001
@example("in two hours", datetime(2026, 10, 25, 0, 30), timezone(timedelta(hours=1)), "Europe/London")  # noqa: DTZ001
@example("tomorrow", datetime(9999, 12, 31, 23), UTC, "Pacific/Kiritimati")  # noqa: DTZ001
@example("tomorrow", datetime(1, 1, 1), timezone(timedelta(hours=14)), "America/New_York")  # noqa: DTZ001
def test_nothing_is_due_before_it_was_said(words: str, naive: datetime, offset: timezone, zone: str) -> None:
    at = naive.replace(tzinfo=offset)
    due = promised(words, at, zone)
    if due is not None:
        assert due.due >= at
        assert due.earliest <= due.due <= due.latest


@settings(max_examples=200, deadline=None)
@given(hours=st.integers(1, 72), naive=MOMENTS, offset=OFFSETS, zone=ZONES)
def test_an_hour_is_an_hour_whatever_the_clocks_do(hours: int, naive: datetime, offset: timezone, zone: str) -> None:
    at = naive.replace(tzinfo=offset)
    due = promised(f"in {hours} hours", at, zone)
    if due is not None:
        assert due.due - at == timedelta(hours=hours)


@settings(max_examples=200, deadline=None)
@given(words=SENTENCES, naive=st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 5)), zone=ZONES)  # noqa: DTZ001
def test_the_same_words_at_the_same_moment_mean_the_same_in_utc_and_in_the_zones_own_offset(
    words: str, naive: datetime, zone: str
) -> None:
    at = naive.replace(tzinfo=UTC)
    assert promised(words, at, zone) == promised(words, at.astimezone(ZoneInfo(zone)), zone)


@settings(max_examples=100, deadline=None)
@given(text=SENTENCES, naive=MOMENTS, offset=OFFSETS, zone=ZONES)
def test_a_deadline_never_lies_before_the_mail(text: str, naive: datetime, offset: timezone, zone: str) -> None:
    at = naive.replace(tzinfo=offset)
    reading = read(message(f"Please let me know {text}.", date=at, time_context=TimeContext(time_zone=zone)))
    assert all(act.due is None or act.due.due >= at for act in reading.acts)

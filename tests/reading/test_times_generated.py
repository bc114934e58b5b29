"""Thousands of phrases that name a time, made from choices of which each says what it means: no due time is wrong by a day.

What a phrase means follows from the choice that made it, by `datetime` and `zoneinfo` alone; nothing of the reader computes it.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from time_choices import (
    END_OF_DAY,
    ENGLISH,
    GERMAN,
    Choice,
    Meaning,
    Names,
    last_of_month,
    month_after,
    ordinal,
    workday_until,
)

from daemon.reading import TimeContext
from daemon.reading.languages.detection import by_code
from daemon.reading.times.due_times import find_due_phrases

COUNT = 2500  # phrases of each language
MOST_UNREAD = 0.02  # of them, for which no due time is found


def near(c: Choice) -> Meaning:
    ahead = c.rng.randrange(3)
    words = c.rng.choice(
        (("today", "later today"), ("tomorrow", "tmrw", "by tomorrow", "as late as tomorrow"), ("the day after tomorrow",))[ahead]
    )
    return Meaning(words, c.today + timedelta(days=ahead))


def weekday(c: Choice) -> Meaning:
    number, name = c.weekday()
    words, day = c.rng.choice(
        (
            (f"{c.by()} {name}", c.coming(number)),
            (f"{name} at the latest", c.coming(number)),
            (f"by next {name}", c.in_week(1, number)),
            (f"{name} next week", c.in_week(1, number)),
            (f"on {name} of next week", c.in_week(1, number)),
            (f"{name} week", c.coming(number) + timedelta(days=7)),
            (f"a week on {name}", c.coming(number) + timedelta(days=7)),
            (f"two weeks from {name}", c.coming(number) + timedelta(days=14)),
            (f"{name} of the week after next", c.in_week(2, number)),
            (f"{name} two weeks from now", c.in_week(2, number)),
        )
    )
    return Meaning(words, day)


def before_weekday(c: Choice) -> Meaning:
    number, name = c.weekday()
    return Meaning(f"before {name}", workday_until(c.coming(number) - timedelta(days=1)))


def ordinal_day(c: Choice) -> Meaning:
    ahead = c.rng.randrange(1, 27)
    day = c.today + timedelta(days=ahead)
    name = c.rng.choice(c.names.weekdays[day.weekday()])
    nth = ordinal(day.day)
    words = c.rng.choice(
        (
            f"by the {nth}",
            f"on or before the {nth}",
            f"on the {nth}",
            f"{name} {nth}",
            f"{name} the {nth}",
            f"no later than the {nth}",
        )
    )
    return Meaning(words, day)


def day_of_next_month(c: Choice) -> Meaning:
    first, number = month_after(c.today, 1), c.rng.randrange(1, 29)
    words = c.rng.choice((f"by the {ordinal(number)} of next month", f"on the {ordinal(number)} day of next month"))
    return Meaning(words, first.replace(day=number))


def written_date(c: Choice) -> Meaning:
    day = c.today + timedelta(days=c.rng.randrange(1, 250))
    month, weekday_name = c.rng.choice(c.names.months[day.month - 1]), c.rng.choice(c.names.weekdays[day.weekday()])
    d, nth = day.day, ordinal(day.day)
    shapes = (
        f"{d} {month}", f"{nth} {month}", f"the {nth} of {month}", f"{month} {d}", f"{month} {nth}", f"{weekday_name} {d} {month}",
        f"{weekday_name}, {month} {nth}", f"{d} {month} {day.year}", f"{month} {d}, {day.year}", day.isoformat(), f"{d}-{month}-{day.year}",
        f"{day.month}/{d}/{day.year}" if c.zone.startswith("America/") or (c.zone == "UTC") else f"{d}/{day.month}/{day.year}",
    )  # fmt: skip
    return Meaning(f"{c.by()} {c.rng.choice(shapes)}", day)


def nth_weekday(c: Choice) -> Meaning:
    number, name = c.weekday()
    first = month_after(c.today, c.rng.randrange(1, 9))
    days = [first.replace(day=n) for n in range(1, last_of_month(first).day + 1) if first.replace(day=n).weekday() == number]
    place = c.rng.choice((0, 1, 2, 3, -1))
    nth = c.rng.choice(
        {0: ("first", "1st"), 1: ("second", "2nd"), 2: ("third", "3rd"), 3: ("fourth", "4th"), -1: ("last",)}[place]
    )
    next_month = first == month_after(c.today, 1)
    month = "next month" if next_month and c.rng.random() < 0.5 else c.rng.choice(c.names.months[first.month - 1])
    return Meaning(f"on the {nth} {name} {c.rng.choice(('of', 'in'))} {month}", days[place])


def period(c: Choice) -> Meaning:
    month, quarter = c.today.replace(day=1), month_after(c.today.replace(month=(c.today.month - 1) // 3 * 3 + 1, day=1), 2)
    working = c.today.weekday() < 5
    choices = [
        ("next week", c.in_week(1, 4)), ("by the end of next week", c.in_week(1, 4)), ("early next week", c.in_week(1, 1)),
        ("at the beginning of next week", c.in_week(1, 1)), ("in the middle of next week", c.in_week(1, 2)), ("the week after next", c.in_week(2, 4)),
        ("next month", workday_until(last_of_month(month_after(month, 1)))), ("by the end of next month", workday_until(last_of_month(month_after(month, 1)))),
        ("before next week", c.in_week(0, 4) if working else None), ("this week", c.in_week(0, 4) if working else None),
        ("EOW", c.in_week(0, 4) if working else None), ("before the weekend", c.in_week(0, 4) if working else None),
        ("over the wkend", c.in_week(0, 6)), ("in the first half of next month", workday_until(month_after(month, 1).replace(day=15))),
    ]  # fmt: skip
    for words, last in (
        ("by the end of the month", last_of_month(month)), ("by month end", last_of_month(month)), ("by the end of the quarter", last_of_month(quarter)),
        ("before end of this year", date(c.today.year, 12, 31)), ("EOM", last_of_month(month)),
    ):  # fmt: skip
        if workday_until(last) >= c.today:
            choices.append((words, workday_until(last)))
    return Meaning(*c.rng.choice([choice for choice in choices if choice[1] is not None]))


def week_commencing(c: Choice) -> Meaning:
    monday = c.in_week(c.rng.randrange(1, 4), 0)
    words = c.rng.choice(
        (
            f"w/c {ordinal(monday.day)}",
            f"w/c {monday.day} {c.names.months[monday.month - 1][0]}",
            f"week of the {ordinal(monday.day)}",
        )
    )
    return Meaning(words, monday + timedelta(days=4))


def span(c: Choice) -> Meaning:
    unit = c.rng.choice(("minutes", "hours", "days", "weeks", "working days"))
    number = c.rng.randrange(2, 60) if unit == "minutes" else c.rng.randrange(2, 13)
    if unit in {"minutes", "hours"}:
        short = c.rng.choice((f" {unit}", " mins", "min") if unit == "minutes" else (f" {unit}", "h", "hrs", " hrs"))
        words = f"{c.rng.choice(('in', 'within', 'within the next', 'in about'))} {number}{short}"
        return Meaning(words, after=timedelta(**{unit: number}))
    day = c.today
    for _ in range(number):
        day += timedelta(days=7 if unit == "weeks" else 1)
        while unit == "working days" and day.weekday() > 4:
            day += timedelta(days=1)
    return Meaning(c.rng.choice((f"in {number} {unit}", f"within {number} {unit}", f"in {number} {unit}' time")), day)


def next_working_day(c: Choice) -> Meaning:
    day = c.today + timedelta(days=1)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return Meaning(c.rng.choice(("next working day", "on the next business day", "the following working day")), day)


def clock(c: Choice) -> Meaning:
    hour, minute = c.rng.randrange(9, 18), c.rng.choice((0, 15, 30, 45))
    half = "am" if hour < 12 else "pm"
    twelve = (hour - 1) % 12 + 1
    shapes = [
        f"at {twelve}:{minute:02}{half}",
        f"by {twelve}.{minute:02} {half}",
        f"at {hour:02}:{minute:02}",
        f"@ {twelve}:{minute:02} {half}",
    ]
    if minute == 0:
        shapes += [
            f"at {twelve}{half}",
            f"by {twelve} {half}",
            f"around {twelve}{half}",
            f"at {twelve} {half} sharp",
            f"at {twelve}{half} my time",
        ]
    return with_day(c, c.rng.choice(shapes), time(hour, minute))


def told_clock(c: Choice) -> Meaning:
    hour = c.rng.randrange(9, 17)
    name = (hour - 1) % 12 + 1
    words, minute = c.rng.choice(
        ((f"at half past {name}", 30), (f"by {name}.30ish", 30), (f"at quarter past {name}", 15), (f"at {name}", 0))
    )
    return with_day(c, words, time(hour, minute))


def hours(c: Choice) -> Meaning:
    start = c.rng.randrange(9, 16)
    names = ((start - 1) % 12 + 1, start % 12 + 1)
    words = c.rng.choice(
        (
            f"{names[0]} to {names[1]}",
            f"from {names[0]} to {names[1]}",
            f"between {names[0]} and {names[1]}",
            f"{names[0]}-{names[1]}",
        )
    )
    number, name = c.weekday()
    return Meaning(f"{name} {words}", c.coming(number), time(start + 1))


def with_day(c: Choice, words: str, at: time) -> Meaning:
    """Put a day before or after a clock time."""
    number, name = c.weekday()
    day_words, day = c.rng.choice(
        (("tomorrow", c.today + timedelta(days=1)), (f"on {name}", c.coming(number)), (f"next {name}", c.in_week(1, number)))
    )
    return Meaning(f"{day_words} {words}" if c.rng.random() < 0.5 else f"{words}{c.rng.choice((' ', ', '))}{day_words}", day, at)


def part_of_day(c: Choice) -> Meaning:
    words, at = c.rng.choice(
        (
            ("morning", time(12)),
            ("afternoon", END_OF_DAY),
            ("evening", time(21)),
            ("EOD", END_OF_DAY),
            ("first thing", time(10)),
            ("noonish", time(12)),
        )
    )
    number, name = c.weekday()
    return Meaning(f"{c.rng.choice(('by', 'on', ''))} {name} {words}", c.coming(number), at)


def zoned(c: Choice) -> Meaning:
    """A clock time in a zone that is named, around noon there, and its moment on the writer's own clock."""
    name, zone = c.rng.choice(
        (
            ("UK time", "Europe/London"),
            ("CET", "Europe/Berlin"),
            ("GMT", "Etc/GMT"),
            ("ET", "America/New_York"),
            ("JST", "Asia/Tokyo"),
        )
    )
    number, day_name = c.weekday()
    hour = c.rng.randrange(10, 16)
    moment = datetime.combine(c.coming(number), time(hour), ZoneInfo(zone)).astimezone(ZoneInfo(c.zone))
    return Meaning(f"at {(hour - 1) % 12 + 1}{'am' if hour < 12 else 'pm'} {name} on {day_name}", moment.date(), moment.time())


def german_day(c: Choice) -> Meaning:
    number, name = c.weekday()
    words, day = c.rng.choice(
        (
            (f"{c.by()} {name}", c.coming(number)),
            (f"vor {name}", workday_until(c.coming(number) - timedelta(days=1))),
            (f"{name} nächster Woche", c.in_week(1, number)),
            (f"nächste Woche {name}", c.in_week(1, number)),
            (f"am {name} übernächster Woche", c.in_week(2, number)),
            (f"{name} in einer Woche", c.coming(number) + timedelta(days=7)),
            ("morgen", c.today + timedelta(days=1)),
            ("spätestens morgen", c.today + timedelta(days=1)),
            ("übermorgen", c.today + timedelta(days=2)),
            ("noch heute", c.today),
            ("bis Ende nächster Woche", c.in_week(1, 4)),
            ("Anfang nächster Woche", c.in_week(1, 1)),
            ("in der übernächsten Woche", c.in_week(2, 4)),
            ("bis Ende nächsten Monats", workday_until(last_of_month(month_after(c.today, 1)))),
        )
    )
    return Meaning(words, day)


def german_date(c: Choice) -> Meaning:
    day = c.today + timedelta(days=c.rng.randrange(1, 250))
    month, name = c.names.months[day.month - 1][0], c.names.weekdays[day.weekday()][0]
    shapes = (
        f"am {day.day}. {month}",
        f"bis zum {day.day}. {month}",
        f"bis {day:%d.%m.%Y}",
        f"am {day.day}.{day.month}.",
        f"{name}, den {day.day}. {month} {day.year}",
    )
    return Meaning(c.rng.choice(shapes), day)


def german_nth_weekday(c: Choice) -> Meaning:
    number, name = c.weekday()
    first = month_after(c.today, 1)
    days = [first.replace(day=n) for n in range(1, last_of_month(first).day + 1) if first.replace(day=n).weekday() == number]
    place = c.rng.choice((0, 1, 2, 3, -1))
    nth = {0: "ersten", 1: "zweiten", 2: "dritten", 3: "vierten", -1: "letzten"}[place]
    month = c.rng.choice(("nächsten Monat", c.names.months[first.month - 1][0]))
    return Meaning(f"am {nth} {name} im {month}", days[place])


def german_span(c: Choice) -> Meaning:
    number = c.rng.randrange(2, 13)
    unit, span = c.rng.choice(
        (
            ("Stunden", timedelta(hours=1)),
            ("Minuten", timedelta(minutes=1)),
            ("Tagen", timedelta(days=1)),
            ("Wochen", timedelta(days=7)),
        )
    )
    words = f"{c.rng.choice(('in', 'binnen', 'innerhalb von'))} {number} {unit}"
    if unit in {"Stunden", "Minuten"}:
        return Meaning(words, after=number * span)
    return Meaning(words, c.today + number * span)


def german_clock(c: Choice) -> Meaning:
    number, name = c.weekday()
    hour, minute = c.rng.randrange(9, 18), c.rng.choice((0, 30))
    shapes = [f"um {hour}:{minute:02}", f"um {hour}.{minute:02} Uhr", f"gegen {hour}:{minute:02} Uhr"]
    shapes += [f"um {hour} Uhr", f"bis {hour} Uhr"] if minute == 0 else [f"um {hour} Uhr 30", f"um halb {hour % 12 + 1}"]
    words = c.rng.choice(shapes)
    day_words, day = c.rng.choice((("morgen", c.today + timedelta(days=1)), (f"am {name}", c.coming(number))))
    return Meaning(f"{day_words} {words}" if c.rng.random() < 0.5 else f"{words} {day_words}", day, time(hour, minute))


MAKERS: dict[str, tuple[Names, str, tuple[Callable[[Choice], Meaning], ...]]] = {
    "en": (
        ENGLISH,
        "I'll send it to you {}.",
        (
            near, weekday, before_weekday, ordinal_day, day_of_next_month, written_date, nth_weekday, period, week_commencing, span,
            next_working_day, clock, told_clock, hours, part_of_day, zoned,
        ),
    ),
    "de": (GERMAN, "Ich schicke es Ihnen {}.", (german_day, german_date, german_nth_weekday, german_span, german_clock)),
}  # fmt: skip


def expected(meaning: Meaning, c: Choice) -> datetime:
    zone = ZoneInfo(c.zone)
    if meaning.after is not None:
        return (c.written.astimezone(ZoneInfo("UTC")) + meaning.after).astimezone(zone)
    assert meaning.day is not None
    return datetime.combine(meaning.day, meaning.at, zone)


@pytest.mark.parametrize("code", ["en", "de"])
def test_no_due_time_of_generated_phrases_is_wrong_and_hardly_one_is_missing(code: str) -> None:
    language, (names, frame, makers) = by_code(code), MAKERS[code]
    assert language is not None
    rng, wrong, unread = random.Random(28), [], []
    for number in range(COUNT):
        c = Choice(rng, names)
        meaning = makers[number % len(makers)](c)
        written = c.written.astimezone(timezone(timedelta(hours=rng.randrange(-9, 12)))) if meaning.after else c.written
        text = " ".join(frame.format(meaning.words).split())
        due = expected(meaning, c)
        found = [p.due.due for p in find_due_phrases(text, written, TimeContext(time_zone=c.zone), language.time_words)]
        case = f"{text} written {c.written:%a} {c.written.isoformat()} ({c.zone}), due {due:%a} {due.isoformat()}, found {list(map(str, found))}"
        if not found and due > c.written:
            unread.append(case)
        elif found and due > c.written and found != [due.astimezone(found[0].tzinfo)]:
            wrong.append(case)
    assert wrong == []
    assert len(unread) <= MOST_UNREAD * COUNT, unread

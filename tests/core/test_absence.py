"""Which days are days off of the user: by an event's title, who else is in it, its zone and its length."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from story import office, tell
from telling.told import DANA, LEE

from connectors.calendar import Attendee, Event
from daemon.core import absence
from daemon.glossary.charter import Interval
from daemon.glossary.parties import Account, Away

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")


def account(zone: str = "Europe/London") -> Account:
    """Dana, who works from nine to five."""
    (dana,) = office(tell(f"charter   acme: mon-fri 09:00-17:00 {zone}\nMon 09:00 now").told).accounts
    return dana


def off(title: str, start: str, end: str, dana: Account, zone: ZoneInfo = LONDON, **more: object) -> list[str]:
    """The days off that an event makes; all-day where its times are midnights."""
    begin, until = (datetime.fromisoformat(t).replace(tzinfo=zone) for t in (start, end))
    event = Event("e1", begin, until, title, all_day=start.endswith("00:00") and end.endswith("00:00"), **more)  # type: ignore[arg-type]
    return [f"{day:%a %d}" for day in sorted(absence.days_off(dana, [event]))]


# --- which days are off ---


@pytest.mark.parametrize(
    "title",
    [
        "Vacation",
        "Dana: vacation",
        "Dana's day off",
        "dana is away",
        "Annual leave",
        "Holiday in Cornwall",
        "OOO",
        "On leave",
        "My vacation",
        "Out of office",
        "I'm on holiday",
        "Urlaub",
        "Elternzeit",
        "Off sick",
        "PTO (approved)",
        "Time off",
    ],
)
def test_a_title_that_says_so_is_a_day_off(title: str) -> None:
    assert off(title, "2026-03-10T00:00", "2026-03-11T00:00", account()) == ["Tue 10"]


@pytest.mark.parametrize(
    "title",
    [
        "Lee: vacation",
        "Kim (Acme) on vacation",
        "Vacation planning",
        "Holiday party",
        "Holiday season starts",
        "Away day with the team",
        "Leave for Berlin",
        "Plan the holiday",
        "Sick pay policy",
        "Urlaubsplanung",
        "Krankenkasse",
        "Deadline",
        "Office move",
        "PTO requests",
    ],
)
def test_a_title_that_speaks_of_something_else_is_none(title: str) -> None:
    assert off(title, "2026-03-10T00:00", "2026-03-11T00:00", account()) == []


def test_an_event_with_somebody_else_is_no_day_off_and_one_with_the_user_alone_is() -> None:
    day = ("2026-03-10T00:00", "2026-03-11T00:00")
    assert off("Vacation", *day, account(), attendees=(Attendee(DANA), Attendee(LEE))) == []
    assert off("Vacation", *day, account(), attendees=(Attendee(DANA),), organizer="hr@northwind.example") == ["Tue 10"]


def test_a_vacation_from_friday_evening_to_monday_morning_takes_no_working_day() -> None:
    dana = account()
    days = off("Vacation", "2026-03-06T17:00", "2026-03-09T09:00", dana)
    assert not {"Fri 06", "Mon 09"} & set(days)


def test_a_vacation_from_wednesday_noon_to_friday_noon_takes_thursday() -> None:
    assert off("Vacation", "2026-03-04T12:00", "2026-03-06T12:00", account()) == ["Thu 05"]


@pytest.mark.parametrize("zone", [LONDON, NEW_YORK, ZoneInfo("UTC"), ZoneInfo("Asia/Tokyo")])
def test_an_all_day_event_is_that_day_whatever_zone_its_calendar_is_kept_in(zone: ZoneInfo) -> None:
    for mine in ("Europe/London", "America/New_York"):
        assert off("Vacation", "2026-03-10T00:00", "2026-03-12T00:00", account(mine), zone) == ["Tue 10", "Wed 11"]


def test_a_day_on_which_the_clocks_change_is_one_day() -> None:
    assert off("Vacation", "2026-03-29T00:00", "2026-03-30T00:00", account()) == ["Sun 29"]
    assert off("Vacation", "2026-10-25T00:00", "2026-10-26T00:00", account()) == ["Sun 25"]


def test_two_weeks_with_a_weekend_between_are_one_absence() -> None:
    dana = account()
    week = timedelta(days=7)
    start = datetime(2026, 3, 2, tzinfo=LONDON)
    events = [Event(f"e{n}", start + n * week, start + n * week + timedelta(days=5), "Vacation", all_day=True) for n in range(2)]
    (found,) = absence.absences(dana, events)
    assert (f"{found.first:%a %d}", f"{found.last:%a %d}", found.title) == ("Mon 02", "Fri 13", "Vacation")


def test_a_working_day_between_makes_two_absences() -> None:
    events = [
        Event(
            f"e{day}", datetime(2026, 3, day, tzinfo=LONDON), datetime(2026, 3, day + 1, tzinfo=LONDON), "Day off", all_day=True
        )
        for day in (3, 5)
    ]
    assert [(f.first.day, f.last.day) for f in absence.absences(account(), events)] == [(3, 3), (5, 5)]


@pytest.mark.parametrize("start", ["2026-01-12", "2026-07-13"])
def test_an_all_day_event_whose_zone_was_lost_is_that_day_all_the_same(start: str) -> None:
    begin = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("Europe/Berlin")).astimezone(UTC)
    event = Event("e1", begin, begin + timedelta(days=1), "Urlaub", all_day=True)
    for mine in ("Europe/London", "Europe/Berlin", "America/New_York"):
        assert [d.isoformat() for d in absence.days_off(account(mine), [event])] == [start]


def test_parental_leave_of_two_years_is_an_absence() -> None:
    assert len(off("Parental leave", "2026-03-02T00:00", "2028-03-02T00:00", account())) == 731


def test_an_event_that_ends_in_another_age_is_cut_short() -> None:
    assert len(off("Away", "2026-03-02T00:00", "9999-03-02T00:00", account())) == 1101


# --- what the configuration says ---


def test_days_in_the_configuration_are_off_as_those_in_the_calendar_are() -> None:
    dana = replace(account(), away=(Away(date(2026, 3, 9), date(2026, 3, 11)),))
    assert [f"{day:%a %d}" for day in sorted(absence.days_off(dana, []))] == ["Mon 09", "Tue 10", "Wed 11"]
    assert absence.absences(dana, []) == (absence.Absence(date(2026, 3, 9), date(2026, 3, 11), "Away"),)


def test_nobody_is_spoken_to_in_their_quiet_hours() -> None:
    dana = replace(account(), quiet=(Interval(time(12), time(13)), Interval(time(16, 30), time(18))))
    monday = absence.spoken_to(dana, frozenset()).week[0]
    assert monday == (Interval(time(9), time(12)), Interval(time(13), time(16, 30)))
    assert absence.at_work(dana, frozenset()).week[0] == (Interval(time(9), time(17)),)

"""The hard cases of clients who slip away, told of alarms themselves; the stories of whole days are in test_stories_slipping.py."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from cost import measured

from connectors.calendar import Attendee, Event
from connectors.mail import Address, Message
from daemon.analysis import gap_statistics, slipping_away
from daemon.glossary.assessments import Alarm, AlarmKind
from daemon.glossary.charter import Interval, WorkingHours
from daemon.glossary.parties import Account, Client
from daemon.glossary.timelines import Entry, Side, Timeline
from daemon.reading import Reading

WEEK = tuple((Interval(time(9), time(17)),) if n < 5 else () for n in range(7))
LONDON = WorkingHours("Europe/London", WEEK)
DANA = Account("dana@northwind.example", "Dana Reyes", frozenset({"dana@northwind.example"}), LONDON)
ACME = Client("Acme", frozenset({"acme.example"}))
KIM, RAJ = "kim@acme.example", "raj@acme.example"
MONDAY = date(2026, 1, 5)
ALL_IS_WELL = "The delivery came on time and all is well with us here."


def at(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), UTC)


def mail(
    day: date | datetime, text: str = ALL_IS_WELL, who: str = KIM, thread: str = "", subject: str = "Orders", **reading: Any
) -> Entry:
    when = day if isinstance(day, datetime) else at(day)
    side = Side.USER if who == DANA.address else Side.CLIENT if who.endswith("acme.example") else Side.OTHER
    to = (Address(KIM if who == DANA.address else DANA.address),)
    message = Message(f"<{when:%Y%m%d%H%M}.{who}>", when, when, Address(who), subject, to)
    return Entry(when, message, replace(Reading(new_text=text), **reading), side, thread or f"{when:%Y%m%d%H}")


def bounce(day: date, text: str, subject: str = "Undelivered Mail Returned to Sender") -> Entry:
    return mail(day, text, "mailer-daemon@northwind.example", subject=subject, automated="bounce")


def meeting(day: date, answer: str = "accepted", **changed: Any) -> Event:
    event = Event(
        f"{day}@calendar",
        at(day, 14),
        at(day, 15),
        "Service review",
        organizer=DANA.address,
        attendees=(Attendee(KIM, answer=answer),),
    )
    return replace(event, **changed)


def alarms(
    entries: Sequence[Entry], today: date, events: Sequence[Event] = (), account: Account = DANA, client: Client = ACME
) -> list[Alarm]:
    now = at(today, 10)
    known = tuple(sorted((e for e in entries if e.at <= now), key=lambda e: e.at))
    return list(slipping_away.alarms(Timeline(account, client, known, tuple(events), now), now))


def kinds(found: Sequence[Alarm]) -> list[str]:
    return [alarm.kind.value for alarm in found]


def weekly(times: int = 12, start: date = MONDAY, who: str = KIM) -> list[Entry]:
    return [mail(start + timedelta(days=7 * n), who=who) for n in range(times)]


def after(entries: Sequence[Entry], days: int) -> date:
    return entries[-1].at.date() + timedelta(days=days)


# --- silence ---


def test_a_weekend_adds_nothing_to_a_silence() -> None:
    found = [alarms(weekly(), after(weekly(), days)) for days in (11, 12, 13)]  # Friday, Saturday, Sunday
    assert len({a[0].says for a in found}) == 1


def test_the_clients_own_holidays_are_no_silence() -> None:
    away = frozenset(after(weekly(), n) for n in range(1, 13))
    theirs = replace(ACME, hours=WorkingHours("America/New_York", WEEK, away))
    assert kinds(alarms(weekly(), after(weekly(), 12))) == ["silent"]
    assert alarms(weekly(), after(weekly(), 12), client=theirs) == []


def test_christmas_is_no_silence_wherever_it_falls_in_the_week() -> None:
    for year in range(2024, 2031):
        entries = weekly(14, date(year, 12, 21) - timedelta(days=7 * 13 + date(year, 12, 21).weekday()))
        assert alarms(entries, date(year + 1, 1, 1)) == [], year


def test_a_mail_late_in_the_evening_over_there_counts_on_the_users_day() -> None:
    """Ten in the evening on a Friday in New York is Saturday morning in London: still one contact a week."""
    evenings = [mail(at(date(2026, 1, 10) + timedelta(days=7 * n), 3)) for n in range(12)]
    tokyo = replace(DANA, hours=WorkingHours("Asia/Tokyo", WEEK))
    for account in (DANA, tokyo):
        assert alarms(evenings, after(evenings, 9), account=account) == []
        assert kinds(alarms(evenings, after(evenings, 20), account=account)) == ["silent"]


def test_who_went_from_daily_to_weekly_is_weekly_now_and_the_other_way_round() -> None:
    daily = [mail(MONDAY + timedelta(days=n)) for n in range(60) if n % 7 < 5]
    slower = [*daily, *weekly(20, MONDAY + timedelta(days=63))]
    assert alarms(slower, after(slower, 7)) == []
    brisk = [mail(MONDAY + timedelta(days=7 * 20 + n)) for n in range(60) if n % 7 < 5]
    faster = [*weekly(20), *brisk]
    assert kinds(alarms(faster, after(faster, 14))) == ["silent"]


def test_each_silence_after_an_occurrence_of_the_same_series_is_an_event_of_its_own() -> None:
    first, more = weekly(), weekly(10, MONDAY + timedelta(days=7 * 18))
    series = [meeting(after(es, 1), uid="weekly@calendar", occurrence=str(after(es, 1))) for es in (first, more)]
    (then,) = alarms(first, after(first, 30), series)
    (now,) = alarms([*first, *more], after(more, 30), series)
    assert then.kind is now.kind is AlarmKind.SILENT
    assert then.key != now.key


def test_the_absence_of_a_colleague_explains_no_silence_of_who_went_on_writing() -> None:
    note = mail(after(weekly(6), 1), "I am away.", RAJ, automated="auto_reply", away_until=date(2026, 9, 30))
    assert kinds(alarms([*weekly(), note], after(weekly(), 20))) == ["silent"]


def test_an_absence_that_somebody_covers_with_one_mail_is_an_absence_still() -> None:
    note = mail(after(weekly(), 1), "I am away.", automated="auto_reply", away_until=after(weekly(), 25))
    cover = mail(after(weekly(), 2), "I look after Kim's matters.", RAJ)
    assert alarms([*weekly(), note, cover], after(weekly(), 24)) == []


def test_a_forged_absence_note_hides_no_silence() -> None:
    note = mail(after(weekly(), 1), "I am away.", automated="auto_reply", away_until=date(2026, 9, 30))
    forged = replace(note, message=replace(note.message, authentic=False))
    assert alarms([*weekly(), note], after(weekly(), 20)) == []
    assert kinds(alarms([*weekly(), forged], after(weekly(), 20))) == ["silent"]


# --- answers that change ---


def answered(weeks: int, hour: int, start: date, each: int = 1, days: int = 0) -> list[Entry]:
    found = []
    for n in range(weeks * each):
        day = start + timedelta(days=7 * (n // each) + n % each)
        found += [mail(at(day, 9), f"Shall we go on with line {n}?", DANA.address, f"t{day}", substance=True)]
        found += [mail(at(day + timedelta(days=days), hour), thread=f"t{day}")]
    return found


def test_answers_that_slow_down_say_from_what_to_what() -> None:
    entries = answered(10, 10, MONDAY) + answered(7, 16, MONDAY + timedelta(days=70), days=2)
    (found,) = (a for a in alarms(entries, after(entries, 1)) if a.kind is AlarmKind.SLOWER)
    assert found.says == "their answers now take about 3 working days; they used to take 1 working hour"
    assert found.evidence


def test_one_busy_week_of_slow_answers_is_no_sign() -> None:
    entries = answered(12, 10, MONDAY) + answered(1, 16, MONDAY + timedelta(days=84), each=5, days=2)
    assert "slower" not in kinds(alarms(entries, after(entries, 1)))


def test_nobody_is_slow_to_answer_a_thank_you() -> None:
    quick, start = answered(10, 10, MONDAY), MONDAY + timedelta(days=70)
    for n in range(7):
        day = start + timedelta(days=7 * n)
        quick += [mail(day, "Thanks!", DANA.address, f"t{n}"), mail(day + timedelta(days=4), thread=f"t{n}")]
    assert "slower" not in kinds(alarms(quick, after(quick, 1)))


def test_a_quick_answer_in_the_same_week_clears_it() -> None:
    entries = answered(10, 10, MONDAY) + answered(7, 16, MONDAY + timedelta(days=70), days=2)
    quick = [
        mail(at(after(entries, 1), 9), "And this?", DANA.address, "q", substance=True),
        mail(at(after(entries, 1), 10), thread="q"),
    ]
    assert "slower" in kinds(alarms(entries, after(entries, 2)))
    assert "slower" not in kinds(alarms([*entries, *quick], after(entries, 2)))


def test_the_same_change_is_one_event_as_long_as_it_lasts() -> None:
    keys = set()
    for late in (6, 7, 8, 9):
        entries = answered(12, 10, MONDAY) + answered(late, 16, MONDAY + timedelta(days=84), days=2)
        keys |= {a.key for a in alarms(entries, after(entries, 1)) if a.kind is AlarmKind.SLOWER}
    assert len(keys) == 1


def test_mails_that_shrink_say_from_how_many_words_to_how_many() -> None:
    long = " ".join(["word"] * 60)
    entries = [mail(MONDAY + timedelta(days=7 * n), long if n < 10 else "Fine with us.") for n in range(17)]
    assert [a.says for a in alarms(entries, after(entries, 1))] == ["their emails now have about 3 words; they used to have 60"]


def test_a_long_mail_with_short_ones_after_it_in_the_same_days_is_no_shrinking() -> None:
    long = " ".join(["word"] * 60)
    entries = [mail(MONDAY + timedelta(days=7 * n), long) for n in range(12)]
    chat = [mail(at(after(entries, 1), 9 + n), "Fine with us.") for n in range(8)]
    assert "shorter" not in kinds(alarms([*entries, *chat], after(chat, 1)))


def test_unchanged_answers_raise_next_to_no_alarm_though_those_of_one_week_are_alike() -> None:
    chance, wrong = random.Random(5), 0
    for _ in range(60):
        series, level = [], 0.0
        for n in range(200):  # two a week for two years
            level = 0.5 * level + chance.gauss(0, 0.7)
            series.append((MONDAY + timedelta(days=int(3.5 * n)), 120 * 2.718**level))
            wrong += n == 199 and gap_statistics.grown(series, slipping_away.SLOWER, slipping_away.SLOW) is not None
    assert wrong <= 1


# --- meetings ---


def test_a_run_of_declined_meetings_is_one_event_however_long_it_grows() -> None:
    days = [date(2026, 2, 10), date(2026, 2, 24), date(2026, 3, 10)]
    (two,) = alarms([mail(MONDAY)], date(2026, 2, 25), [meeting(d, "declined") for d in days[:2]])
    (three,) = alarms([mail(MONDAY)], date(2026, 3, 11), [meeting(d, "declined") for d in days])
    assert two.key == three.key
    assert (two.says, three.says) == ("they declined 2 meetings in a row", "they declined 3 meetings in a row")


def test_meetings_that_they_called_and_cancelled_count_like_declined_ones() -> None:
    theirs = [meeting(date(2026, 2, d), organizer=KIM, status="cancelled") for d in (10, 24)]
    assert kinds(alarms([mail(MONDAY)], date(2026, 2, 25), theirs)) == ["declined"]


def test_meetings_that_the_user_cancelled_are_no_sign() -> None:
    ours = [meeting(date(2026, 2, d), status="cancelled") for d in (10, 24)]
    assert alarms([mail(MONDAY)], date(2026, 2, 25), ours) == []


def test_a_meeting_that_they_moved_is_not_declined() -> None:
    moved = [
        meeting(date(2026, 2, day), organizer=KIM, status=status)
        for day, status in ((10, "cancelled"), (11, "confirmed"), (24, "cancelled"), (25, "confirmed"))
    ]
    assert alarms([mail(MONDAY)], date(2026, 2, 26), moved) == []


def test_an_accepted_meeting_ahead_clears_it() -> None:
    refused = [meeting(date(2026, 2, d), "declined") for d in (10, 24)]
    assert alarms([mail(MONDAY)], date(2026, 2, 25), [*refused, meeting(date(2026, 3, 10))]) == []


def test_two_meetings_declined_a_year_apart_are_no_run() -> None:
    apart = [meeting(date(2025, 2, 25), "declined"), meeting(date(2026, 2, 24), "declined")]
    assert alarms([mail(MONDAY)], date(2026, 2, 25), apart) == []


# --- departures ---


def said(text: str, who: str = KIM, **reading: Any) -> list[Alarm]:
    return alarms([mail(MONDAY), mail(MONDAY, who=RAJ), mail(date(2026, 2, 10), text, who, **reading)], date(2026, 2, 12))


@pytest.mark.parametrize(
    "text",
    [
        "Kim doesn't work here anymore.",
        "Kim left Acme in March.",
        "I have left Acme; please write to raj@acme.example.",
        "As of Monday I will no longer be with Acme.",
        "Kim has retired.",
        "Sadly Kim is no longer employed by Acme.",
        "I'll be leaving Acme at the end of May.",
        "Kim is leaving us at the end of the month.",
        "Friday will be my last day.",
        "Kim hat das Unternehmen verlassen.",
        "Kim arbeitet nicht mehr bei uns.",
        "Ich verlasse Acme zum Monatsende.",
    ],
)
def test_people_say_in_many_words_that_somebody_leaves(text: str) -> None:
    assert [(a.kind.value, a.says) for a in said(text)] == [("left", "kim@acme.example seems to have left")]


@pytest.mark.parametrize(
    "text",
    [
        "Tuesday no longer works for me, can we do Wednesday?",
        "Monday no longer works for us.",
        "I'm leaving work at five today.",
        "I will be leaving early on Friday.",
        "I am leaving London on Friday.",
        "The old cable is no longer working with the new unit.",
        "Version Two no longer works with the company laptops.",
        "Film 20 is no longer part of the range.",
        "The pallet is no longer with us, it went back on Monday.",
        "That has left us short of boxes.",
        "He's left us a voicemail.",
        "Kim has left the company phone at home.",
        "My last working day is 23 December, back on 4 January.",
        "My last day at the fair is Thursday.",
        "If Kim has left the company already, call me.",
        "Has Kim left the company?",
        "Das ist nicht mehr bei uns auf Lager.",
        "Der Auftrag ist nicht mehr bei uns.",
    ],
)
def test_most_that_leaves_or_no_longer_works_is_no_person(text: str) -> None:
    assert said(text) == []


def test_a_client_whose_name_begins_with_a_common_word_leaves_nothing_open() -> None:
    body = Client("The Body Shop", frozenset({"bodyshop.example"}))
    for text, found in (("I'm leaving the office at five.", []), ("I'll be leaving The Body Shop in May.", ["left"])):
        entry = replace(mail(MONDAY, text, "kim@bodyshop.example"), side=Side.CLIENT)
        assert kinds(alarms([entry], MONDAY, client=body)) == found


@pytest.mark.parametrize(
    "text", ["A-" * 4000, "Kim " * 2000, "the person you a " * 500, "no longer " * 800, "my last day is " * 500]
)
def test_a_hostile_text_takes_no_time(text: str) -> None:
    assert measured(lambda: said(text + " left"), 50).units < 50


def test_the_users_own_departure_is_not_theirs() -> None:
    assert said("I hear that Dana Reyes has left the company.") == []


def test_the_teller_is_not_the_one_who_left() -> None:
    (found,) = said("Kim has left the company.", RAJ)
    assert found.says == "kim@acme.example seems to have left"


def test_whoever_told_of_it_clears_it_by_writing_twice_more_and_not_once() -> None:
    told = [mail(MONDAY), mail(date(2026, 2, 10), "Kim has left the company.", RAJ)]
    more = [mail(date(2026, 3, d), who=RAJ) for d in (3, 5)]
    assert kinds(alarms([*told, more[0]], date(2026, 3, 9))) == ["left"]
    assert alarms([*told, *more], date(2026, 3, 9)) == []


def test_an_answering_machine_that_says_it_again_and_again_is_one_event() -> None:
    notes = [mail(date(2026, 2, d), "I have left Acme.", automated="auto_reply") for d in (10, 12, 17)]
    keys = {a.key for n in (1, 2, 3) for a in alarms([mail(MONDAY), *notes[:n]], date(2026, 2, 18))}
    assert len(keys) == 1


def test_a_mail_that_came_back_from_a_contact_is_noticed() -> None:
    entries = [mail(MONDAY), bounce(date(2026, 2, 10), "<kim@acme.example>: host mx said: 550 5.1.1 user unknown")]
    assert [a.says for a in alarms(entries, date(2026, 2, 11))] == ["an email to kim@acme.example bounced"]
    assert alarms([*entries, mail(date(2026, 2, 11))], date(2026, 2, 12)) == []


@pytest.mark.parametrize(
    "text",
    [
        "<kmi@acme.example>: 550 5.1.1 user unknown",
        "<kim@acme.example>: 552 5.2.2 mailbox full, over quota",
        "Your message to kim@acme.example has been delayed. We will keep trying.",
        "<kim@acme.example>: 552 5.3.4 message too large",
        "Your message to kim@acme.example and others.\n<nobody@acme.example>: 550 5.1.1 user unknown",
    ],
)
def test_a_typing_error_a_full_mailbox_and_a_delay_are_no_departure(text: str) -> None:
    assert alarms([mail(MONDAY), bounce(date(2026, 2, 10), text)], date(2026, 2, 11)) == []


# --- the whole ---


def test_the_same_facts_give_the_same_alarms_however_often_one_looks() -> None:
    entries = [*weekly(), mail(date(2026, 4, 1), "Kim has left the company.", RAJ)]
    assert alarms(entries, date(2026, 5, 1)) == alarms(entries, date(2026, 5, 1)) != []


def test_five_hundred_messages_take_some_milliseconds() -> None:
    entries = answered(50, 10, MONDAY, each=5)
    now = at(after(entries, 20))
    timeline = Timeline(DANA, ACME, tuple(entries), (), now)
    assert len(entries) == 500
    assert measured(lambda: slipping_away.alarms(timeline, now), 2).units < 2  # about 0.15


def test_what_a_client_sends_to_a_list_has_no_rhythm_towards_the_user() -> None:
    club = [mail(MONDAY + timedelta(days=n)) for n in range(0, 60, 2)]
    to_list = [replace(e, message=replace(e.message, to=(Address("club@lists.example"),))) for e in club]
    now = at(MONDAY + timedelta(days=120))
    assert [a.kind for a in slipping_away.alarms(Timeline(DANA, ACME, tuple(club), (), now), now)] == [AlarmKind.SILENT]
    assert slipping_away.alarms(Timeline(DANA, ACME, tuple(to_list), (), now), now) == ()

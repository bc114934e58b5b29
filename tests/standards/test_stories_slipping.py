"""A client slips away: by silence against their own rhythm, by answers that slow down or shrink, by declined meetings, by departures."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from story import Story, tell

from daemon.analysis import gap_statistics
from daemon.glossary.charter import Interval, WorkingHours

CHARTER = "charter   acme: reply 2h"
START = date(2026, 1, 5)  # a Monday
THANKS = "kim@acme > Thanks, the delivery came and all is well with us here."


def every(days: int, times: int, start: date = START, words: str = THANKS) -> list[str]:
    """So many mails, one every so many calendar days, at nine."""
    return [f"{start + timedelta(days=days * n)} 09:00 {words}" for n in range(times)]


def told(lines: list[str], now: date | str, *heads: str) -> Story:
    begin = [
        "start     2025-06-02",
        *(f"2025-06-02 0{n}:00 dana > The goods left our works today. [to kim@acme]" for n in (7, 8)),
    ]
    return tell("\n".join([CHARTER, *heads, *begin, *lines, f"{now} 10:00 now"]))


def kinds(story: Story) -> list[str]:
    return [line.partition(":")[0] for line in story.alarms]


def after(lines: list[str], days: int) -> date:
    return date.fromisoformat(lines[-1].split()[0]) + timedelta(days=days)


# --- silence ---


def test_a_weekly_client_is_missed_within_days_of_the_missed_beat() -> None:
    weekly = every(7, 12)
    assert told(weekly, after(weekly, 8)).alarms == []
    (said,) = told(weekly, after(weekly, 11)).alarms
    assert said == "silent: no word from them for 9 working days; usually one every 5 working days"


def test_a_call_that_the_phone_system_logged_is_a_word_from_them() -> None:
    weekly = every(7, 12)
    called = f"{after(weekly, 10)} 09:00 call made to +44 20 7946 0018"
    story = told([*weekly, called], after(weekly, 11), "client    acme: phone +442079460018")
    assert story.alarms == []
    (assessment,) = story.assessments
    assert assessment.last_contact is not None
    assert assessment.last_contact.date() == after(weekly, 10)


def test_an_irregular_client_is_missed_later_than_a_regular_one() -> None:
    gaps = [3, 11, 4, 14, 2, 9, 12, 3, 13, 5, 10, 2]
    days = [START + timedelta(days=sum(gaps[:n])) for n in range(len(gaps) + 1)]
    lines = [f"{d} 09:00 {THANKS}" for d in days]
    assert told(lines, after(lines, 14)).alarms == []
    assert kinds(told(lines, after(lines, 60))) == ["silent"]


def test_a_burst_of_mails_is_one_contact() -> None:
    lines = [line.replace("09:00", f"09:{n:02}") for line in every(7, 3) for n in range(8)]
    assert told(lines, after(lines, 60)).alarms == []


def test_a_new_contact_has_no_rhythm() -> None:
    assert told(every(7, 8), after(every(7, 8), 90)).alarms == []


def test_a_one_off_contact_raises_no_alarm() -> None:
    assert told(every(1, 1), "2026-06-01").alarms == []


def test_weekends_are_no_silence() -> None:
    daily = [line for line in every(1, 26) if date.fromisoformat(line.split()[0]).weekday() < 5]
    assert told(daily, after(daily, 4)).alarms == []


def test_holidays_are_no_silence() -> None:
    weekly = every(7, 12)  # the last on 23 March
    easter = "holidays  " + " ".join(str(date(2026, 3, 24) + timedelta(days=n)) for n in range(14))
    assert kinds(told(weekly, "2026-04-06")) == ["silent"]
    assert told(weekly, "2026-04-06", easter).alarms == []


def test_the_days_around_christmas_are_no_silence() -> None:
    weekly = every(7, 12, date(2025, 9, 29))  # the last on 15 December
    assert told(weekly, "2025-12-23").alarms == []
    assert told(weekly, "2026-01-02").alarms == []
    assert kinds(told(weekly, "2026-01-08")) == ["silent"]


def test_an_absence_note_counts_until_its_day() -> None:
    weekly = every(7, 12)
    away = f"{after(weekly, 1)} 09:00 kim@acme > I am out of the office until 17 April. [auto-submitted]"
    assert told([*weekly, away], "2026-04-17").alarms == []
    assert kinds(told([*weekly, away], "2026-05-08")) == ["silent"]


def test_a_meeting_is_contact() -> None:
    weekly = every(7, 12)
    met = f"{after(weekly, 7)} 14:00-15:00 meeting with kim@acme: Line 2"
    assert told([*weekly, met], after(weekly, 12)).alarms == []


def test_a_cancelled_meeting_is_no_contact() -> None:
    weekly = every(7, 12)
    met = f"{after(weekly, 7)} 14:00-15:00 meeting with kim@acme: Line 2 [cancelled]"
    assert kinds(told([*weekly, met], after(weekly, 12))) == ["silent"]


def test_the_alarm_is_gone_once_they_write() -> None:
    weekly = every(7, 12)
    back = f"{after(weekly, 14)} 09:00 {THANKS}"
    assert kinds(told(weekly, after(weekly, 14))) == ["silent"]
    assert told([*weekly, back], after(weekly, 14)).alarms == []


def test_one_silence_is_one_alarm_however_long_it_lasts() -> None:
    weekly = every(7, 12)
    keys = {alarm.key for days in (11, 15, 30) for a in told(weekly, after(weekly, days)).assessments for alarm in a.alarms}
    assert len(keys) == 1


def test_who_has_become_a_monthly_client_is_a_monthly_client() -> None:
    lines = every(1, 30, date(2025, 7, 1)) + every(28, 9, date(2025, 8, 18))
    assert told(lines, after(lines, 28)).alarms == []


def test_who_was_away_in_august_last_year_may_be_so_again() -> None:
    busy = every(7, 8, date(2025, 6, 2)) + every(7, 44, date(2025, 9, 1))  # silent from 21 July to 1 September
    july = [f"{d} 09:00 {THANKS}" for d in (date(2026, 7, 6), date(2026, 7, 13), date(2026, 7, 20))]
    lines = [line for line in busy if line < "2026-07-01"] + july
    assert told(lines, "2026-08-10").alarms == []
    assert kinds(told(lines, "2026-09-28")) == ["silent"]


def test_a_lost_client_raises_no_alarm() -> None:
    weekly = every(7, 12)
    assert told(weekly, after(weekly, 40), "client    acme: stage lost").alarms == []


def test_automatic_mail_is_no_sign_of_life() -> None:
    weekly = every(7, 12)
    notice = f"{after(weekly, 10)} 09:00 kim@acme > Your ticket was updated. [auto-submitted]"
    assert kinds(told([*weekly, notice], after(weekly, 12))) == ["silent"]


# --- answers that change ---


def exchange(number: int, hours: int, start: date = START) -> list[str]:
    """So many mails of ours each week, answered so many working hours later."""
    lines = []
    for n in range(number):
        day = start + timedelta(days=7 * n)
        answer = day + timedelta(days=hours // 8)
        lines += [
            f"{day} 09:30 dana > How did the trial go on line {n}, and shall we go on? [new thread: Trial {n}] [to kim@acme]",
            f"{answer} {10 + hours % 8}:30 kim@acme > It went well, please go on with the next lot as we said. [thread: Trial {n}]",
        ]
    return lines


def test_answers_that_take_days_instead_of_an_hour_are_noticed() -> None:
    lines = exchange(10, 1) + exchange(6, 17, START + timedelta(days=70))
    assert "slower" in kinds(told(lines, after(lines, 1)))


def test_answers_that_were_always_slow_are_no_sign() -> None:
    lines = exchange(16, 17)
    assert told(lines, after(lines, 1)).alarms == []


def test_one_slow_answer_is_no_sign() -> None:
    lines = exchange(15, 1) + exchange(1, 25, START + timedelta(days=105))
    assert told(lines, after(lines, 1)).alarms == []


def test_answers_as_quick_as_ever_clear_the_alarm() -> None:
    lines = exchange(10, 1) + exchange(6, 17, START + timedelta(days=70)) + exchange(2, 1, START + timedelta(days=112))
    assert told(lines, after(lines, 1)).alarms == []


LONG = (
    "kim@acme > "
    + "The trial on the second line went well and the operators like the new film far better than the old one, thank you. " * 2
)


def test_mails_that_shrink_to_a_word_or_two_are_noticed() -> None:
    lines = every(7, 10, words=LONG) + every(7, 6, START + timedelta(days=70), "kim@acme > Fine with us.")
    assert "shorter" in kinds(told(lines, after(lines, 1)))


def test_mails_that_were_always_short_are_no_sign() -> None:
    lines = every(7, 16, words="kim@acme > Fine with us.")
    assert told(lines, after(lines, 1)).alarms == []


def test_a_short_mail_now_and_then_is_no_sign() -> None:
    lines = every(7, 16, words=LONG)
    lines[12] = lines[12].split(" kim@")[0] + " kim@acme > Fine."
    assert told(lines, after(lines, 1)).alarms == []


# --- meetings ---

HELLO = f"2026-02-02 09:00 {THANKS}"
AGAIN = "2026-01-06 09:00 kim@acme > Thanks, that is good to know."


def meeting(day: str, option: str) -> str:
    return f"2026-{day} 10:00-11:00 meeting with kim@acme: Service review {option}"


def test_two_declined_meetings_in_a_row_are_noticed() -> None:
    story = told([HELLO, AGAIN, meeting("02-10", "[declined]"), meeting("02-24", "[declined]")], "2026-02-25")
    assert story.alarms == ["declined: they declined 2 meetings in a row"]


def test_one_declined_meeting_is_no_sign() -> None:
    assert told([HELLO, meeting("02-10", "[declined]")], "2026-02-25").alarms == []


def test_a_meeting_that_took_place_clears_it() -> None:
    lines = [HELLO, meeting("02-10", "[declined]"), meeting("02-24", "[declined]"), meeting("03-03", "")]
    assert told(lines, "2026-03-04").alarms == []


# --- departures ---


@pytest.mark.parametrize(
    "words",
    [
        "Kim is no longer with Acme. Please write to us here.",
        "Just so you know, Kim has left the company.",
        "My last day here is Friday, it was good to work with you.",
        "I'm leaving the company at the end of the month.",
        "Kim Berger ist nicht mehr bei uns tätig.",
    ],
)
def test_a_contact_who_leaves_is_noticed_with_the_words(words: str) -> None:
    story = told([HELLO, f"2026-02-10 09:00 kim@acme > {words}"], "2026-02-12")
    (alarm,) = [alarm for a in story.assessments for alarm in a.alarms]
    assert (alarm.kind.value, alarm.evidence[0].quote) == ("left", words)


def test_an_automatic_reply_may_say_so_too() -> None:
    line = "2026-02-10 09:00 kim@acme > Kim is no longer with Acme. [auto-submitted]"
    assert kinds(told([HELLO, AGAIN, line], "2026-02-12")) == ["left"]


@pytest.mark.parametrize(
    "words", ["I left the samples at the front desk.", "We have left the old price in for now.", "It leaves the plant on Friday."]
)
def test_things_that_leave_are_no_departure(words: str) -> None:
    assert told([HELLO, f"2026-02-10 09:00 kim@acme > {words}"], "2026-02-12").alarms == []


def test_a_colleague_of_theirs_who_takes_over_clears_it() -> None:
    gone = "2026-02-10 09:00 kim@acme > Kim is no longer with Acme."
    others = [f"2026-02-{d} 09:00 raj@acme > Thanks, that helps us a lot." for d in (12, 16)]
    assert kinds(told([HELLO, gone, others[0]], "2026-02-18")) == ["left"]
    assert told([HELLO, gone, *others], "2026-02-18").alarms == []


def test_who_still_writes_in_their_last_week_is_leaving_all_the_same() -> None:
    lines = [HELLO, "2026-02-09 09:00 kim@acme > My last day is Friday.", "2026-02-11 09:00 kim@acme > Thanks for all you did."]
    assert kinds(told(lines, "2026-02-16")) == ["left"]


def test_a_departure_is_news_for_some_months_only() -> None:
    gone = "2026-02-10 09:00 kim@acme > Kim is no longer with Acme."
    assert told([HELLO, gone], "2026-07-10").alarms == []


# --- counting ---


def test_working_days_are_counted_as_a_walk_through_the_calendar_counts_them() -> None:
    week = tuple((Interval(time(9), time(17)),) if n in (0, 1, 3, 4) else () for n in range(7))
    free = frozenset({date(2026, 4, 3), date(2026, 4, 6), date(2026, 4, 8)})
    calendar = gap_statistics.WorkingDays(WorkingHours("UTC", week, free))
    first = date(2025, 11, 3)
    for length in range(0, 300, 7):
        days = [first + timedelta(days=n) for n in range(1, length + 1)]
        walked = [d for d in days if week[d.weekday()] and d not in free and (d.month, d.day) not in _CHRISTMAS]
        assert calendar.between(first, first + timedelta(days=length)) == len(walked)


_CHRISTMAS = {(12, n) for n in range(24, 32)} | {(1, 1)}

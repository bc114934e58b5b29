"""What is worth saying in the morning: what is pressing, what is news, two questions; everything else is only counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import invented
import pytest
from invented import at, owed
from plan_helpers import AccountLife

from daemon.glossary.actions import ASKED, ActionKind, Mention
from daemon.glossary.obligations import Band, Evidence, Kind, Obligation, SourceType, Strength
from daemon.planning import plan
from daemon.planning.plan_inputs import mention_of
from daemon.planning.worth_saying import Morning, questions, speaks

WORDS = "I'll raise the order."
SIGN = Evidence(SourceType.MESSAGE, "<sent@northwind.example>", at("03-03 11:20"), "the numbers", Strength.WEAK)


def morning(day: str, clock: str = "07:30") -> Morning:
    return Morning(invented.HOURS, at(f"{day} {clock}"))


def mornings(o: Obligation, *, first: str = "03-02", days: int = 40) -> list[str]:
    """The working days on which it has a line of its own."""
    start = at(f"{first} 07:30")
    found = [start + timedelta(days=n) for n in range(days)]
    return [f"{day:%m-%d}" for day in found if day.weekday() < 5 and o.created <= day and speaks(o, Morning(invented.HOURS, day))]


def asked(o: Obligation, *, first: str = "03-02", days: int = 60) -> list[str]:
    """The working days on which it is asked about, each once recorded."""
    start, mentions = at(f"{first} 07:30"), dict[Mention, datetime]()
    found = []
    for day in (start + timedelta(days=n) for n in range(days)):
        if day.weekday() < 5 and questions([o], mentions, Morning(invented.HOURS, day)):
            mentions[mention_of(o, ASKED)] = day
            found.append(f"{day:%m-%d}")
    return found


def undated(kind: Kind = Kind.PROMISE, **more: Any) -> Obligation:
    return owed("Acme Ltd", "kim", WORDS, "03-02 10:00", None, kind, **more)


def doubt(
    words: str, created: str = "03-03 10:00", due: str | None = "03-06 17:00", kind: Kind = Kind.PROMISE, **more: Any
) -> Obligation:
    return owed("Acme Ltd", "kim", words, created, due, kind, band=Band.ASKED, confidence=more.pop("confidence", 0.6), **more)


# --- what has no date ---


@pytest.mark.parametrize("kind", [Kind.PROMISE, Kind.CALLBACK, Kind.WAITING_FOR])
def test_what_has_no_date_has_no_line_and_is_asked_about_once_after_ten_working_days(kind: Kind) -> None:
    assert mornings(undated(kind)) == []
    assert asked(undated(kind)) == ["03-17"]


def test_ten_working_days_count_from_the_last_word_of_it() -> None:
    assert asked(undated(last_sign=at("03-12 10:00"))) == ["03-27"]


def test_what_was_silent_for_long_when_kept_began_is_not_asked_about() -> None:
    assert asked(undated(), first="04-01") == []


def test_a_clients_question_about_it_makes_it_current_for_some_days() -> None:
    assert mornings(undated(revived=at("03-10 11:00"))) == ["03-11", "03-12", "03-13", "03-16", "03-17"]


def test_a_meeting_that_comes_near_makes_it_current_until_it_is_over() -> None:
    tied = undated(revived=at("03-10 10:00"), rests=at("03-12 11:00"))
    assert mornings(tied) == ["03-11", "03-12"]
    assert asked(tied) == []


@pytest.mark.parametrize("days", [1, 30])
def test_what_belonged_to_a_meeting_is_not_spoken_of_after_it(days: int) -> None:
    assert asked(undated(rests=at("03-02 10:00") + timedelta(days=days - 1))) == []


def test_a_doubtful_wait_without_a_date_is_never_asked_about() -> None:
    assert asked(doubt("Other information will be forthcoming.", due=None, kind=Kind.WAITING_FOR)) == []


def test_a_doubtful_promise_without_a_date_is_asked_about_once_it_was_silent() -> None:
    assert asked(doubt("We will get him a car.", created="03-02 10:00", due=None)) == ["03-17"]


def test_what_precedes_the_start_is_not_asked_about() -> None:
    assert asked(undated(counts=False)) == []


# --- what has one ---


def test_what_is_overdue_stays_until_it_is_settled() -> None:
    late = owed("Acme Ltd", "kim", "Any news?", "03-02 10:00", "03-03 10:00")
    assert mornings(late, days=10) == ["03-03", "03-04", "03-05", "03-06", "03-09", "03-10", "03-11"]


def test_what_falls_due_later_is_named_when_new_on_the_eve_and_when_the_week_begins() -> None:
    promise = owed("Acme Ltd", "kim", "I'll send it by the 13th", "03-04 10:00", "03-13 12:00", Kind.PROMISE)
    assert mornings(promise, days=10) == ["03-05", "03-09"]
    assert "03-12" in mornings(promise)
    assert "03-11" not in mornings(promise)


def test_what_is_due_in_weeks_waits() -> None:
    promise = owed("Acme Ltd", "kim", "I'll send it in April", "03-04 10:00", "04-10 12:00", Kind.PROMISE)
    assert mornings(promise, first="03-09", days=20) == []


def test_a_wait_is_named_on_its_day_on_the_next_and_then_once_a_week() -> None:
    wait = owed("Acme Ltd", "kim", "I'll send the PO by Thursday", "03-02 10:00", "03-05 17:00", Kind.WAITING_FOR)
    assert mornings(wait, days=16) == ["03-05", "03-06", "03-09", "03-16"]


def test_nothing_planned_is_named_after_its_day_and_then_once_a_week() -> None:
    step = owed("Acme Ltd", "kim", None, "03-02 10:00", "03-04 10:00", Kind.NEXT_STEP)
    assert mornings(step, days=16) == ["03-05", "03-09", "03-16"]


def test_what_may_be_done_is_asked_about_when_it_falls_due_and_once_more_when_the_week_begins() -> None:
    promise = owed("Acme Ltd", "kim", "I'll send it", "03-02 10:00", "03-03 17:30", Kind.PROMISE, evidence=(SIGN,))
    assert mornings(promise, days=20) == ["03-03", "03-04", "03-09"]


def test_a_week_begins_after_its_holiday() -> None:
    assert not morning("04-06").begins_week or morning("04-07").begins_week  # Easter Monday
    assert morning("04-07").begins_week
    assert not morning("04-08").begins_week


def test_after_a_weekend_fridays_news_is_news() -> None:
    assert morning("03-09").is_news(at("03-06 09:00"))
    assert not morning("03-09").is_news(at("03-05 16:00"))


# --- questions ---


def test_two_questions_are_asked_a_morning_the_newest_and_the_dearest_first() -> None:
    old = doubt("I could send the plan", "03-02 10:00")
    new = doubt("I should send the list", "03-03 10:00")
    asks = doubt("I wonder about the price", "03-03 09:00", kind=Kind.REPLY)
    wait = doubt("we may sign", "03-03 11:00", kind=Kind.WAITING_FOR)
    assert questions([old, wait, new, asks], {}, morning("03-04")) == (asks, new)


def test_a_question_is_asked_once_and_the_next_comes_the_next_morning() -> None:
    three = [
        replace(doubt(f"I could send plan {n}", "03-03 10:00"), source=Evidence(SourceType.MESSAGE, f"<{n}>", at("03-03 10:00")))
        for n in range(3)
    ]
    life = AccountLife(three)
    first, second, third = (life.turn(at(f"03-0{day} 07:30")) for day in (4, 5, 6))
    assert [len(a.obligations) for a in (*first, *second, *third) if a.kind is ActionKind.DIGEST] == [2, 1, 0]


def test_every_digest_of_a_day_asks_the_same() -> None:
    o = doubt("I could send the plan")
    before: Mapping[Mention, datetime] = {mention_of(o, ASKED): at("03-04 07:30")}
    assert questions([o], before, morning("03-04", "11:00")) == (o,)
    assert questions([o], before, morning("03-05")) == ()


def test_a_doubt_is_asked_about_while_it_is_fresh_or_about_to_fall_due() -> None:
    assert asked(doubt("I could send the plan", "03-02 10:00", "04-10 17:00"), first="03-03", days=20) == ["03-03"]
    assert asked(doubt("I could send the plan", "03-02 10:00", "04-10 17:00"), first="03-16", days=20) == []
    assert asked(doubt("I could send the plan", "03-02 10:00", "04-10 17:00"), first="03-16", days=40) == ["04-09"]


def test_one_message_raises_one_question_a_morning() -> None:
    mail = Evidence(SourceType.MESSAGE, "<1@acme.example>", at("03-03 10:00"))
    doubts = [replace(doubt(words), source=mail) for words in ("I could send the plan", "I might call")]
    assert len(questions(doubts, {}, morning("03-04"))) == 1


def test_what_the_digest_asked_is_no_reminder_and_no_draft() -> None:
    o = doubt("Would the second line be better?", kind=Kind.REPLY, due="03-04 12:00", reply_to="<1>")
    done = AccountLife([o]).live(at("03-04 07:30"), at("03-04 17:30"), timedelta(minutes=30))
    assert [action.kind for _, action in done] == [ActionKind.DIGEST]
    assert plan.mentions_of(done[0][1]) == (mention_of(o, ASKED),)

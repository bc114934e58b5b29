"""What the calendar says of proposed times, in words: for the user, and as the sentence of a reply in English and German."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from connectors.calendar import Busy
from daemon.letters.proposed_times import Clocks, looked_up, reply
from daemon.planning.answered_times import AnsweredTime, Outcome
from daemon.reading import ProposedTime

LONDON, NEW_YORK = ZoneInfo("Europe/London"), ZoneInfo("America/New_York")
ALIKE, APART = Clocks(LONDON, LONDON), Clocks(LONDON, NEW_YORK, "Nina")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def slot(day: int, hour: int, minute: int = 0) -> Busy:
    return Busy(at(day, hour, minute), at(day, hour, minute) + timedelta(minutes=30))


TEN = AnsweredTime(ProposedTime(at(12, 10)), Outcome.FREE, slots=(slot(12, 10),))
ELEVEN = AnsweredTime(ProposedTime(at(12, 11)), Outcome.FREE, slots=(slot(12, 11),))
THREE = AnsweredTime(ProposedTime(at(5, 15)), Outcome.TAKEN, slots=(slot(5, 16),), until=at(5, 15, 30))
AFTERNOON = AnsweredTime(
    ProposedTime(at(10, 12), at(10, 17, 30)),
    Outcome.FREE,
    (Busy(at(10, 12), at(10, 15, 30)), Busy(at(10, 16, 30), at(10, 17, 30))),
    (slot(10, 13),),
)
WEEK = AnsweredTime(
    ProposedTime(at(9, 9), at(13, 17, 30)), Outcome.FREE, (Busy(at(9, 9), at(9, 17)),), (slot(9, 10), slot(10, 14))
)
PASSED = AnsweredTime(ProposedTime(at(3, 10)), Outcome.PASSED)


@pytest.mark.parametrize(
    ("answers", "clocks", "told"),
    [
        ([TEN], ALIKE, ["Thursday 12 March 10:00: you are free"]),
        ([TEN], APART, ["Thursday 12 March 10:00 (06:00 for Nina): you are free"]),
        ([TEN, ELEVEN], ALIKE, ["Thursday 12 March 10:00 and 11:00: you are free"]),
        ([THREE], ALIKE, ["Thursday 5 March 15:00: taken (ends 15:30); free at 16:00"]),
        ([AFTERNOON], ALIKE, ["Tuesday 10 March 12:00–17:30: free 12:00–15:30 and 16:30–17:30"]),
        ([WEEK], ALIKE, ["Monday 9 March to Friday 13 March: free Mon 9 Mar 10:00 or Tue 10 Mar 14:00, among others"]),
        ([PASSED], ALIKE, ["Tuesday 3 March 10:00: has passed"]),
        (
            [TEN, THREE],
            ALIKE,
            ["Thursday 12 March 10:00: you are free", "Thursday 5 March 15:00: taken (ends 15:30); free at 16:00"],
        ),
    ],
)
def test_the_user_reads_what_the_calendar_says(answers: list[AnsweredTime], clocks: Clocks, told: list[str]) -> None:
    assert looked_up(answers, clocks, at(4, 9)) == told


def test_a_time_of_today_is_told_without_its_date() -> None:
    assert looked_up([TEN], ALIKE, at(12, 8)) == ["today 10:00: you are free"]
    assert looked_up([AFTERNOON], ALIKE, at(10, 9)) == ["today 12:00–17:30: free 12:00–15:30 and 16:30–17:30"]


def test_of_a_window_that_has_begun_only_what_is_left_is_told() -> None:
    asked = ProposedTime(at(3, 14, 20), at(3, 17, 30))
    free = AnsweredTime(asked, Outcome.FREE, (Busy(at(3, 14, 30), at(3, 17, 30)),), (slot(3, 15),))
    later = AnsweredTime(asked, Outcome.FREE, (Busy(at(3, 16, 30), at(3, 17, 30)),), (slot(3, 16, 30),))
    assert looked_up([free], ALIKE, at(3, 14, 30)) == ["You are free now until 17:30"]
    assert looked_up([later], ALIKE, at(3, 14, 30)) == ["today: free 16:30–17:30"]


@pytest.mark.parametrize(
    ("answers", "others", "language", "sentence"),
    [
        ([TEN], (), "en", "Thursday 12 March at 10:00 works for me."),
        ([TEN], (), "de", "Donnerstag, 12. März um 10:00 Uhr passt mir gut."),
        ([THREE, TEN], (), "en", "Thursday 12 March at 10:00 works for me."),
        ([THREE], (slot(6, 9),), "en", "Thursday 5 March at 15:00 does not work for me, I am afraid; would Thursday 5 March at 16:00 or Friday 6 March at 09:00 suit you?"),
        ([THREE], (slot(6, 9),), "de", "Donnerstag, 5. März um 15:00 Uhr passt mir leider nicht; ginge es am Donnerstag, 5. März um 16:00 Uhr oder am Freitag, 6. März um 09:00 Uhr?"),
        ([PASSED], (), "en", "Tuesday 3 March at 10:00 has passed, I am sorry; which other time would suit you?"),
        ([AFTERNOON], (), "en", "I am free on Tuesday 10 March at 13:00; would that suit you?"),
        ([AFTERNOON], (), "de", "Zeit hätte ich am Dienstag, 10. März um 13:00 Uhr; würde das passen?"),
        ([AFTERNOON, TEN], (), "en", "Thursday 12 March at 10:00 works for me."),
        ([AFTERNOON, WEEK], (), "en", "I am free on Tuesday 10 March at 13:00 or Monday 9 March at 10:00; which suits you best?"),
        ([WEEK], (), "en", "I am free on Monday 9 March at 10:00 or Tuesday 10 March at 14:00; which suits you best?"),
        ([WEEK], (), "de", "Zeit hätte ich am Montag, 9. März um 10:00 Uhr oder am Dienstag, 10. März um 14:00 Uhr; was passt am besten?"),
    ],
)  # fmt: skip
def test_the_reply_accepts_or_offers_in_one_sentence(
    answers: list[AnsweredTime], others: tuple[Busy, ...], language: str, sentence: str
) -> None:
    found = reply(answers, others, ALIKE, language)
    assert found is not None
    assert found.text == sentence


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Thursday 12 March at 10:00 (06:00 your time) works for me."),
        ("de", "Donnerstag, 12. März um 10:00 Uhr (dort 06:00 Uhr) passt mir gut."),
    ],
)
def test_the_client_reads_their_own_time_beside_the_users(language: str, sentence: str) -> None:
    found = reply([TEN], (), APART, language)
    assert found is not None
    assert found.text == sentence


def test_what_was_not_looked_up_gives_no_sentence() -> None:
    assert reply((), (slot(6, 9),), ALIKE) is None

"""Stories: recovery, reviews, escalation and alarms rest on firm ground: a client in business with the user, and nothing doubtful."""

from __future__ import annotations

from dataclasses import replace

import invented
import pytest
from invented import at, owed
from story import Story, tell

from daemon.core.infractions import is_firm
from daemon.glossary.obligations import Band, Evidence, Kind, Obligation, SourceType, Strength

HOURS = "mon-fri 09:00-17:00 Europe/London"
SIGN = Evidence(SourceType.MESSAGE, "<sent@northwind.example>", at("03-03 11:20"), "the numbers", Strength.WEAK)
WORD = Evidence(SourceType.DECISION, invented.DANA.address, at("03-03 11:20"))
QUESTION = owed("Acme Ltd", "kim", "Can you send the quote?", "02-27 14:05", "02-27 16:05", confidence=0.95)
PROMISE = owed("Acme Ltd", "kim", "I'll send it by noon", "02-27 10:00", "02-27 12:00", Kind.PROMISE, confidence=0.95)


def circular(words: str, times: int = 8) -> str:
    return "\n".join(
        f"2026-0{1 + n // 4}-{5 + 7 * (n % 4):02} 09:00 kim@acme > {words} [new thread: Issue {n}]" for n in range(times)
    )


# --- who merely writes ---


@pytest.mark.parametrize(
    "words",
    [
        "Shall we see you at the reunion in October?",
        "The market closed lower on Friday. Will the chips recover?",
        "Could you let me know whether you come to the dinner of the club?",
        "Kommst du zum Sommerfest?",
        "Pouvez-vous nous dire si vous venez au gala ?",
    ],
)
@pytest.mark.parametrize("answers", [0, 1])
def test_who_only_writes_gets_no_recovery_review_next_step_or_alarm(words: str, answers: int) -> None:
    story = tell(
        f"charter   acme: reply 2h, next step 2 days, review 1 month, {HOURS}\n"
        "recovery  acme: infractions 1, within 3 months, grave 1h, trust 2\n"
        f"start     2026-01-05\n{circular(words)}\n"
        + "2026-03-02 09:00 dana > Thanks for the invitation, I will not be there. [to kim@acme] [thread: Issue 7]\n" * answers
        + "2026-05-04 09:00 now"
    )
    (assessment,) = story.assessments
    assert (assessment.recovery, assessment.alarms, assessment.two_way) == (None, (), False)
    assert {o.kind for o in story.obligations} <= {Kind.REPLY, Kind.PROMISE}


def test_a_held_meeting_makes_a_client_of_them(story: Story) -> None:
    """
    charter   acme: reply 2h, next step 2 days
    Mon 09:00 kim@acme > Thanks for today.
    Tue 10:00-11:00 meeting with kim@acme: The new line
    +7d Mon 09:00 now
    """
    assert story.assessments[0].two_way
    assert [o.kind for o in story.open] == [Kind.NEXT_STEP]


@pytest.mark.parametrize(("stage", "two_way"), [("prospect", True), ("onboarding", True), ("established", False)])
def test_one_mail_each_is_enough_with_a_new_client_alone(stage: str, two_way: bool) -> None:
    story = tell(f"""
    charter   acme: reply 2h
    client    acme: stage {stage}
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 dana > The second line costs 400 a month.
    Tue 09:00 now
    """)
    assert story.assessments[0].two_way is two_way


def test_thanks_alone_are_no_business(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > The newsletter of March is out.
    Mon 10:00 dana > Thanks!
    Tue 09:00 kim@acme > The newsletter of April is out.
    Tue 10:00 dana > Thank you.
    Wed 09:00 now
    """
    assert not story.assessments[0].two_way


# --- what nobody doubts ---


@pytest.mark.parametrize(
    ("o", "firm"),
    [
        (QUESTION, True),
        (PROMISE, True),
        (replace(QUESTION, confidence=0.75), False),
        (replace(PROMISE, confidence=0.8), False),
        (replace(PROMISE, due=None), False),
        (replace(QUESTION, band=Band.ASKED), False),
        (replace(QUESTION, band=Band.ASKED, closed=at("03-02 10:00")), False),
        (replace(QUESTION, confidence=0.75, closed=at("03-02 10:00")), True),
        (replace(QUESTION, confidence=0.75, asks=("Can you send the quote?", "Any news?")), True),
        (replace(QUESTION, confidence=0.75, evidence=(WORD,)), True),
        (replace(QUESTION, confidence=0.75, snoozed_until=at("03-05 09:00")), True),
        (replace(PROMISE, evidence=(SIGN,)), False),
        (replace(PROMISE, evidence=(replace(SIGN, at=at("02-27 11:00")),), closed=at("03-05 10:00")), False),
        (replace(PROMISE, evidence=(SIGN,), closed=at("03-05 10:00")), True),
        (owed("Acme Ltd", "kim", None, "02-20 15:00", "02-24 15:00", Kind.DELIVERABLE), True),
    ],
    ids=[
        "a clear question", "a clear promise", "a doubtful question", "a doubtful promise", "no time", "only asked about", "asked about, settled",
        "answered late", "asked again", "the user's word", "put off by the user", "may be done", "late, or in time after all", "late in any case", "the charter's own",
    ],
)  # fmt: skip
def test_firm_is_what_nobody_can_doubt(o: Obligation, firm: bool) -> None:
    assert is_firm(o) is firm


@pytest.mark.parametrize(
    ("between", "grave"),
    [("", True), ("Mon 11:00 dana > Thanks, I will see to it.", False)],
    ids=["silence", "a mail taken for an empty one"],
)
def test_one_late_answer_alone_is_grave_only_if_nothing_before_may_have_been_it(between: str, grave: bool) -> None:
    story = tell(
        f"""charter   acme: reply 2h, {HOURS}
recovery  acme: infractions 3, within 3 months, grave 5 days, trust 2
Mon 08:00 dana > Hello Kim, the new catalogue is attached. [to kim@acme] [attach: catalogue.pdf] [new thread: Catalogue]
Mon 09:00 kim@acme > Thanks. Which hinges fit the oak door? [new thread: Hinges]
{between}
2026-03-17 10:00 dana > The brass ones fit the oak door.
2026-03-18 09:00 kim@acme > Very good.
2026-03-18 10:00 now"""
    )
    assert (story.recovery is not None) is grave


@pytest.mark.parametrize(
    "words",
    ["the pallets arrived, thank you.", "die Paletten sind da, danke.", "les palettes sont là, merci.", "de pallets zijn er, bedankt.",
     "los palés han llegado, gracias.", "i bancali sono arrivati, grazie."],
)  # fmt: skip
def test_a_client_who_thanks_the_user_more_than_once_has_got_something(words: str) -> None:
    story = tell(f"""
    charter   acme: reply 2h, review 3 months
    Mon 09:00 kim@acme > Hi Dana, {words}
    Tue 09:00 kim@acme > Hello Dana, {words}
    2026-05-20 09:00 now
    """)
    assert story.states == ["review open"]


def test_thanks_to_a_whole_list_are_a_circulars(story: Story) -> None:
    """
    charter   acme: reply 2h, review 3 months
    Mon 09:00 kim@acme > Thank you all for the year. [to dana, ann@one, ben@two, cara@three]
    Tue 09:00 kim@acme > Thank you all for coming. [to dana, ann@one, ben@two, cara@three]
    2026-05-20 09:00 now
    """
    assert story.states == []

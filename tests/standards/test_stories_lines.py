"""Stories: what the line of a digest says of the words behind it, so that nobody need look them up."""

from __future__ import annotations

import pytest
from story import Story, tell

from daemon.glossary.obligations import times_asked

CHARTER = "charter   acme: reply 1 day, callback 1 day, mon-fri 09:00-17:30 Europe/London\n"


def test_the_reason_for_urgency_stands_beside_the_words_that_ask_again(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 kim@acme > Can you send me a revised quote for the spares kit?
    Wed 09:00 kim@acme > Any news on this one, Dana? Budget closes on Friday.
    Thu 12:00 now
    """
    assert "and, yesterday, “Any news on this one, Dana? Budget closes on Friday.”" in story.says[0]


def test_of_a_long_chaser_the_reason_is_told(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 kim@acme > Can you send me the certificates?
    Mon 09:10 dana > You'll have the certificates by Tuesday.
    Thu 09:00 kim@acme > I am still waiting for the calibration certificates of last week. The acceptance test is on Friday.
    Thu 12:00 now
    """
    assert "today, they: “… The acceptance test is on Friday.”" in story.says[0]


@pytest.mark.parametrize("closing", ["Best regards", "Mit freundlichen Grüßen", "Kim Lane, Acme Ltd"])
def test_what_closes_a_mail_is_no_reason(closing: str) -> None:
    story = tell(
        f"{CHARTER}Mon 09:00 kim@acme > Can you send me the quote?\nWed 09:00 kim@acme > Any news?\n    {closing}\nThu 12:00 now\n"
    )
    assert "“Any news?”" in story.says[0]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("I'll ring you on Tuesday at 11.", "tomorrow at 11:00"),
        ("I'll ring you by 11 on Tuesday.", "by tomorrow 11:00"),
        ("I'll ring you on Tuesday.", "by tomorrow"),
        ("Ich rufe Sie am Dienstag um 11 Uhr an.", "tomorrow at 11:00"),
        ("Ich rufe Sie am Dienstag bis 11 Uhr an.", "by tomorrow 11:00"),
    ],
)
def test_the_hour_at_which_somebody_waits_is_no_latest_time(words: str, says: str) -> None:
    story = tell(f"{CHARTER}Mon 09:10 dana > {words} [to kim@acme]\nMon 12:00 now\n")
    assert f"” {says}; you" in story.says[0]


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("As soon as the unit is with us, I'll send you a replacement.", "the unit is with us"),
        ("I'll send you a replacement once the unit is with us.", "the unit is with us"),
        ("Sobald das Gerät bei uns ist, schicke ich Ihnen ein Ersatzgerät.", "das Gerät bei uns ist"),
    ],
)
def test_a_promise_under_a_condition_says_what_it_waits_for(words: str, condition: str) -> None:
    story = tell(f"{CHARTER}Mon 09:00 dana > {words} [to kim@acme]\n+14d Tue 07:30 now\n")
    assert f"waiting for “{condition}”: has that happened?" in story.says[0]


def test_what_may_have_met_the_condition_stands_beside_it(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 dana > As soon as the unit is with us, I'll send you a replacement. [to kim@acme]
    Tue 12:00 kim@acme > The unit leaves here today.
    Wed 07:30 now
    """
    assert "yesterday, they: “The unit leaves here today.” perhaps met" in story.says[0]


def test_a_reply_that_waits_for_somebody_says_so(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 kim@acme > When can you deliver?
    Mon 09:10 dana > As soon as Kessler confirms, I'll send you the dates.
    Tue 12:00 now
    """
    assert "Your reply (yesterday) gave no date; it waits for “Kessler confirms”" in story.says[0]


@pytest.mark.parametrize(
    "words",
    ["I have still not heard from you. The audit is on Friday.", "I still have not heard back about the certificates."],
)
def test_who_chases_a_promise_waits_in_its_line_and_is_counted_as_open(words: str) -> None:
    story = tell(
        f"{CHARTER}Mon 09:00 kim@acme > Can you send the certificates?\nMon 09:10 dana > I'll send you the certificates by Tuesday.\n"
        f"Thu 09:00 kim@acme > {words}\nThu 12:00 now\n"
    )
    assert len(story.says) == 1
    assert f"today, they: “{words}”" in story.says[0]
    assert story.balance == {"answered": 1, "open": 1}


def test_who_chased_a_promise_has_an_answer_once_it_was_kept(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 kim@acme > Can you send the certificates?
    Mon 09:10 dana > I'll send you the certificates by Tuesday.
    Thu 09:00 kim@acme > I still have not heard back about the certificates.
    Thu 11:00 dana > My apologies, here they are. [attach: certificates.pdf]
    Thu 12:00 now
    """
    assert story.balance == {"answered": 2}


@pytest.mark.parametrize("words", ["Done Kim, 6 boxes on tomorrow morning's van.", "All done, on Tuesday's van."])
def test_what_is_done_and_on_its_way_is_no_promise(words: str) -> None:
    story = tell(f"{CHARTER}Mon 09:00 kim@acme > Can I have 6 boxes of the 48mm?\nMon 09:10 dana > {words}\nWed 12:00 now\n")
    assert story.states == ["reply kept"]


@pytest.mark.parametrize("words", ["I'll put them on Tuesday's van.", "We will ship on Tuesday.", "Wir liefern am Dienstag."])
def test_goods_leave_no_mail_so_that_it_is_asked_whether_they_went(words: str) -> None:
    story = tell(f"{CHARTER}Mon 09:10 dana > {words} [to kim@acme]\nWed 12:00 now\n")
    assert story.says[0].startswith("Was this done?")
    assert "Possibly done already: no email would show it" in story.says[0]


def test_goods_that_the_client_misses_are_overdue(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:10 dana > I'll put the boxes on Tuesday's van. [to kim@acme]
    Wed 10:00 kim@acme > Where are the boxes?
    Wed 12:00 now
    """
    assert any(
        line.startswith("Overdue: Acme (Kim): due yesterday “I'll put the boxes on Tuesday's van.”") for line in story.says
    )


def test_goods_that_have_left_were_sent(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:10 dana > Thank you for the order! We will ship on Thursday. [to kim@acme]
    Thu 16:05 dana > Hi Kim, the four meters left our dock today, two boxes, tracking number 4471 0021.
    Fri 12:00 now
    """
    assert story.states == ["promise kept"]


@pytest.mark.parametrize(
    "words",
    [
        "Hi Kim, just returning your mail, on the road today. Will get back to you.",
        "Kim, I am at a customer today. Will get back to you.",
        "Kim, the workshop says Friday week.",
    ],
)
def test_where_one_is_and_what_others_say_promises_nothing(words: str) -> None:
    story = tell(f"{CHARTER}Mon 09:00 kim@acme > When will it be ready?\nMon 09:10 dana > {words}\nMon 12:00 now\n")
    assert not any(state.startswith("promise") for state in story.states)


def test_an_answer_promised_within_the_hour_is_due_then(story: Story) -> None:
    """
    charter   acme: reply 1 day
    Mon 09:00 kim@acme > Can you send the quote for the spares?
    Mon 09:10 dana > Hi Kim, I'll get back to you within the hour.
    Mon 12:00 now
    """
    assert story.states == ["reply kept", "promise overdue"]
    assert story.open[0].due is not None
    assert story.open[0].due.isoformat() == "2026-03-02T10:10:00+00:00"


def test_a_promise_that_is_chased_comes_before_what_is_late_for_longer(story: Story) -> None:
    """
    charter   acme: reply 1 day
    charter   birch: reply 1 day
    Mon 09:00 sam@birch > Which finish do you offer?
    Mon 09:10 dana > I'll send you the certificates by Tuesday. [to kim@acme]
    Thu 09:00 kim@acme > I am still waiting for the certificates.
    Fri 12:00 now
    """
    assert [line.split(":")[1].strip() for line in story.says][:2] == ["Acme (Kim)", "Birch (Sam)"]
    assert times_asked(next(o for o in story.open if o.kind.value == "promise")) == 1

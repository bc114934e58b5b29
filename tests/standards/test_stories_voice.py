"""Stories: what lies in the user's Sent folder is the user's voice, whoever's address stands on it."""

from __future__ import annotations

import pytest
from story import Story, tell

from daemon.glossary.obligations import Kind


@pytest.mark.parametrize("writer", ["sherri", "sherri@gmail", "desk@dana-office", "dana.reyes@oldname"])
def test_an_answer_from_the_sent_folder_is_the_users(writer: str) -> None:
    story = tell(f"""
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the price of the second line?
    Mon 10:00 {writer} > The second line costs 4,200 euros, delivery included. [to kim@acme] [sent]
    Mon 15:00 now
    """)
    assert story.states == ["reply kept"]


@pytest.mark.parametrize("writer", ["sherri", "sherri@gmail", "desk@dana-office"])
def test_a_promise_from_the_sent_folder_is_the_users(writer: str) -> None:
    story = tell(f"""
    charter   acme: reply 2h
    Mon 09:00 {writer} > I will send you the drawings by Wednesday. [to kim@acme] [sent]
    Thu 10:00 now
    """)
    assert [(o.kind, o.contact) for o in story.open] == [(Kind.PROMISE, "kim@acme.example")]


def test_the_same_mail_of_a_colleague_elsewhere_promises_nothing_for_the_user(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 sherri > I will send you the drawings by Wednesday. [to kim@acme]
    Thu 10:00 now
    """
    assert story.obligations == []


def test_a_mail_of_a_client_that_was_filed_in_sent_is_still_the_clients(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the price of the second line? [to dana] [sent]
    Mon 15:00 now
    """
    assert story.states == ["reply overdue"]


def test_a_mail_of_kepts_in_sent_is_nobodys_answer(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the price of the second line?
    Mon 10:00 sherri > The second line costs 4,200 euros, delivery included. [to kim@acme] [sent] [kept]
    Mon 15:00 now
    """
    assert story.states == ["reply overdue"]


def test_an_assistants_absence_note_in_sent_answers_nothing(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Can you send the price of the second line?
    Mon 10:00 sherri > Dana is out of the office until Friday. [to kim@acme] [sent] [auto-submitted]
    Mon 15:00 now
    """
    assert story.states == ["reply overdue"]


@pytest.mark.parametrize(
    "words",
    [
        "Dana Reyes and Robin Okafor will stop by your open house on Wednesday.",
        "Ms Reyes will call you on Wednesday.",
        "Dana will send you the drawings by Wednesday.",
        "Dana's diary is full today, but Dana'll call you on Wednesday.",
    ],
)
def test_what_an_assistant_says_the_user_will_do_is_the_users_promise(words: str) -> None:
    story = tell(f"""
    charter   acme: reply 2h
    Mon 09:00 sherri > Dear Kim, {words} [to kim@acme] [sent]
    Tue 10:00 now
    """)
    assert [(o.kind in {Kind.PROMISE, Kind.CALLBACK}, f"{o.due:%a}") for o in story.open if o.due] == [(True, "Wed")]


@pytest.mark.parametrize(
    "words", ["The driver will call you on Wednesday.", "All is fine. Danaher will send you the drawings by Wednesday."]
)
def test_what_somebody_else_will_do_is_not(words: str) -> None:
    story = tell(f"""
    charter   acme: reply 2h
    Mon 09:00 sherri > Dear Kim, {words} [to kim@acme] [sent]
    Tue 10:00 now
    """)
    assert story.open == []


def test_a_visit_whose_time_has_come_is_asked_about_once_and_not_overdue_every_morning() -> None:
    story = tell("""
    charter   acme: reply 2h
    Mon 09:00 dana > I will stop by your office on Wednesday. [to kim@acme]
    Thu 09:00 now
    """)
    assert [line.partition(":")[0] for line in story.says] == ["Was this done?"]

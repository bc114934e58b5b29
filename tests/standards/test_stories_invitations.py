"""Stories: answers to meetings, updates, cancellations and invitations that come as calendar messages by mail (RFC 5546, 6047)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from story import Story, judge
from telling.told import DANA

from connectors.calendar import Event
from connectors.mail import Itip, ItipChange
from daemon.core import meetings

KIM, LEE = "kim@acme.example", "lee@acme.example"


def told(story: Story, method: str, mail: int = -1, of: int = 0, **said: Any) -> Story:
    """The same story where that mail has a calendar message about that event in it."""
    message, event = story.told.messages[mail], story.told.events[of]
    change = ItipChange(
        event.uid,
        occurrence=event.occurrence,
        sequence=event.sequence,
        stamp=message.date.astimezone(UTC),
        start=event.start,
        end=event.end,
        summary=event.summary,
        organizer=event.organizer,
        answers=((message.sender.email, "needs-action"),),
    )
    messages = list(story.told.messages)
    messages[mail] = replace(message, itip=Itip(method, (change._replace(**said),)))
    return judge(replace(story.told, messages=messages), story.now)


def with_event(story: Story, **changes: Any) -> Story:
    events = [replace(event, **changes) for event in story.told.events]
    return judge(replace(story.told, events=events), story.now)


def invited(story: Story, method: str = "request", mail: int = 0, **said: Any) -> Story:
    """The same story where that mail invites to a meeting that stands in no calendar."""
    message = story.told.messages[mail]
    start = message.date.astimezone(UTC) + timedelta(days=8)
    change = ItipChange("new@acme.example", "", False, 0, message.date.astimezone(UTC), start, start + timedelta(hours=1), False,
                        "Line trial", "", KIM, ((DANA, "needs-action"), (KIM, "accepted")))  # fmt: skip
    messages = list(story.told.messages)
    messages[mail] = replace(message, itip=Itip(method, (change._replace(**said),)))
    return judge(replace(story.told, messages=messages), story.now)


ANSWERED = """
    charter   acme: reply 2h, next step 2 days
    business  acme
    Mon 09:00 kim@acme > What does the second line cost?
    Mon 10:00 dana > The second line costs 400 a month.
    Mon 15:00 kim@acme > I have told the plant. [new thread: Site visit]
    +8d Tue 10:00-11:00 meeting with kim@acme: Site visit [booked 2026-03-02 08:00]
    Fri 11:00 now
    """


def is_planned(story: Story) -> bool:
    return "next_step overdue" not in story.states


def test_a_meeting_that_the_client_declines_by_mail_is_no_plan(story: Story) -> None:
    assert is_planned(story)
    assert not is_planned(told(story, "reply", answers=((KIM, "declined"),)))


test_a_meeting_that_the_client_declines_by_mail_is_no_plan.__doc__ = ANSWERED


@pytest.mark.parametrize("answer", ["accepted", "tentative", "needs-action", "delegated"])
def test_a_meeting_that_the_client_does_not_decline_stays_a_plan(story: Story, answer: str) -> None:
    assert is_planned(told(story, "reply", answers=((KIM, answer),)))


test_a_meeting_that_the_client_does_not_decline_stays_a_plan.__doc__ = ANSWERED


def test_a_decline_in_the_calendar_that_was_taken_back_by_mail_is_a_plan_again(story: Story) -> None:
    declined = with_event(story, attendees=tuple(a._replace(answer="declined") for a in story.told.events[0].attendees))
    assert not is_planned(declined)
    assert is_planned(told(declined, "reply", answers=((KIM, "accepted"),)))


test_a_decline_in_the_calendar_that_was_taken_back_by_mail_is_a_plan_again.__doc__ = ANSWERED


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("reply", {"answers": ((LEE, "declined"),)}),
        ("reply", {"answers": (("kim@evil.example", "declined"),)}),
        ("reply", {"answers": ()}),
        ("reply", {"answers": ((KIM, "declined"),), "uid": "another@acme.example"}),
        ("reply", {"answers": ((KIM, "declined"),), "sequence": -1}),
        ("cancel", {}),
        ("cancel", {"organizer": KIM}),
        ("publish", {"answers": ((KIM, "declined"),)}),
    ],
)
def test_what_is_not_the_senders_to_say_or_is_stale_changes_nothing(story: Story, method: str, said: dict[str, Any]) -> None:
    assert is_planned(told(story, method, **said))


test_what_is_not_the_senders_to_say_or_is_stale_changes_nothing.__doc__ = ANSWERED


def test_an_answer_that_failed_authentication_changes_nothing(story: Story) -> None:
    forged = replace(story.told.messages[-1], authentic=False)
    story = judge(replace(story.told, messages=[*story.told.messages[:-1], forged]), story.now)
    assert is_planned(told(story, "reply", answers=((KIM, "declined"),)))


test_an_answer_that_failed_authentication_changes_nothing.__doc__ = ANSWERED


def test_the_organizer_cancels_by_mail(story: Story) -> None:
    theirs = with_event(story, organizer=KIM)
    assert is_planned(theirs)
    assert not is_planned(told(theirs, "cancel", sequence=1))
    assert not is_planned(told(theirs, "cancel", start=None, end=None)), "a cancellation need not name the time"


test_the_organizer_cancels_by_mail.__doc__ = ANSWERED


@pytest.mark.parametrize(
    "said", [{"sequence": 1}, {"stamp": datetime(2026, 3, 2, 7, tzinfo=UTC), "sequence": 2}]
)  # the calendar has version 2, made at 8:00
def test_a_cancellation_of_an_earlier_version_changes_nothing(story: Story, said: dict[str, Any]) -> None:
    theirs = with_event(story, organizer=KIM, sequence=2, modified=datetime(2026, 3, 2, 8, tzinfo=UTC))
    assert is_planned(told(theirs, "cancel", **said))


test_a_cancellation_of_an_earlier_version_changes_nothing.__doc__ = ANSWERED


def series(story: Story) -> Story:
    """The meeting is one of a weekly series of Kim's."""
    (event,) = story.told.events
    weekly = [
        replace(event, organizer=KIM, start=event.start + timedelta(weeks=n), end=event.end + timedelta(weeks=n),
                occurrence=(event.start + timedelta(weeks=n)).astimezone(UTC).isoformat())
        for n in range(3)
    ]  # fmt: skip
    return judge(replace(story.told, events=weekly), story.now)


def taking_place(story: Story) -> list[int]:
    """The days of March on which meetings of the first client take place."""
    from story import office, read

    from daemon.core import meetings  # beside the stories, what they rest on
    from daemon.core.people import Directory
    from daemon.core.timeline import timeline

    firm = office(story.told)
    facts = [(m, read(story.told, firm.accounts[0], m)) for m in story.told.messages]
    line = timeline(firm.accounts[0], firm.clients[0], facts, story.told.events, Directory(firm), story.now)
    return [event.start.day for event in line.events if meetings.takes_place(event, line)]


def test_one_occurrence_is_cancelled_and_the_others_stay(story: Story) -> None:
    weekly = series(story)
    first, second = (story.told.events[0].start + timedelta(weeks=n) for n in range(2))
    assert taking_place(weekly) == [first.day, first.day + 7, first.day + 14]
    at = second.astimezone(UTC).isoformat()
    assert taking_place(told(weekly, "cancel", occurrence=at, sequence=1)) == [first.day, first.day + 14]
    assert taking_place(told(weekly, "cancel", occurrence=at, onwards=True, sequence=1)) == [first.day]
    assert taking_place(told(weekly, "cancel", occurrence="", sequence=1)) == []
    other = (second + timedelta(hours=1)).astimezone(UTC).isoformat()
    assert len(taking_place(told(weekly, "cancel", occurrence=other, sequence=1))) == 3


test_one_occurrence_is_cancelled_and_the_others_stay.__doc__ = ANSWERED


def test_one_occurrence_is_declined_by_its_guest(story: Story) -> None:
    weekly = series(story)
    weekly = with_event(weekly, organizer=DANA)
    first = story.told.events[0].start
    declined = told(weekly, "reply", answers=((KIM, "declined"),))
    assert taking_place(declined) == [first.day + 7, first.day + 14]


test_one_occurrence_is_declined_by_its_guest.__doc__ = ANSWERED


def test_the_organizer_moves_the_meeting_by_mail(story: Story) -> None:
    theirs = with_event(story, organizer=KIM)
    later = story.told.events[0].start + timedelta(days=1)
    moved: dict[str, Any] = {"start": later, "end": later + timedelta(hours=1)}
    assert taking_place(told(theirs, "request", sequence=1, **moved)) == [later.day]
    assert taking_place(told(theirs, "request", **moved)) == [later.day], "the same SEQUENCE, a later DTSTAMP"
    assert taking_place(told(with_event(theirs, sequence=3), "request", sequence=2, **moved)) == [later.day - 1]
    assert taking_place(told(story, "request", sequence=1, **moved)) == [later.day - 1], "Dana's own meeting"


test_the_organizer_moves_the_meeting_by_mail.__doc__ = ANSWERED


def test_a_meeting_cancelled_by_mail_keeps_no_promise_to_call(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 dana > I'll call you on Tuesday at 10:00. [to kim@acme]
    Mon 12:00 kim@acme > Cancelled: Call Kim. [new thread: Call Kim]
    Tue 10:00-10:30 meeting with kim@acme: Call Kim [booked 2026-03-02 08:00]
    Tue 15:00 now
    """
    theirs = with_event(story, organizer=KIM)
    assert [s for s in theirs.states if s.startswith(("callback", "promise"))] == ["callback kept"]
    assert [s for s in told(theirs, "cancel", sequence=1).states if s.startswith(("callback", "promise"))] == ["callback overdue"]
    assert [s for s in told(theirs, "cancel", organizer=LEE, sequence=1).states if s.startswith("callback")] == [
        "callback overdue"
    ], "the organizer is whom the calendar names, whatever the message says"


def test_an_invitation_waits_for_an_answer(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Line trial [new thread: Invitation: Line trial]
    Mon 12:00 now
    """
    assert story.states == []
    assert invited(story).states == ["reply overdue"]
    assert "Invitation: Line trial" in invited(story).says[0]


@pytest.mark.parametrize(
    "said",
    [
        {"organizer": LEE},
        {"organizer": None},
        {"answers": ((LEE, "needs-action"),)},
        {"answers": ((DANA, "accepted"),)},
    ],
)
def test_an_invitation_that_is_not_the_senders_or_not_to_the_user_asks_nothing(story: Story, said: dict[str, Any]) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Line trial [new thread: Invitation: Line trial]
    Mon 12:00 now
    """
    assert invited(story, **said).states == []


def test_an_invitation_is_answered_by_a_calendar_message_of_ones_own(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Line trial [new thread: Invitation: Line trial]
    Mon 10:00 dana > Accepted: Line trial [new thread: Accepted: Line trial] [to kim@acme]
    Mon 12:00 now
    """
    accepted = invited(invited(story), "reply", mail=1, answers=((DANA, "accepted"),))
    assert accepted.states == ["reply kept"]
    assert taking_place(accepted) == [10], "and is a meeting, though no calendar that is read has it"
    declined = invited(invited(story), "reply", mail=1, answers=((DANA, "declined"),))
    assert (declined.states, taking_place(declined)) == (["reply kept"], [])


def test_an_invitation_that_stands_in_the_calendar_asks_nothing_more(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Line trial [new thread: Invitation: Line trial]
    Mon 12:00 now
    """
    start = datetime(2026, 3, 10, 9, tzinfo=UTC)
    there = Event("new@acme.example", start, start + timedelta(hours=1), "Line trial", organizer=KIM)
    assert judge(replace(invited(story).told, events=[there]), story.now).states == []


def test_an_invitation_that_its_organizer_cancels_is_withdrawn(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Line trial [new thread: Invitation: Line trial]
    Mon 10:00 kim@acme > Cancelled [new thread: Cancelled: Line trial]
    Mon 12:00 now
    """
    cancelled = invited(invited(story), "cancel", mail=1, sequence=1)
    assert "reply overdue" not in cancelled.states


def test_another_time_that_a_guest_proposes_waits_for_an_answer(story: Story) -> None:
    later = story.told.events[0].start + timedelta(days=1)
    countered = told(story, "counter", start=later, end=later + timedelta(hours=1))
    assert "reply overdue" in countered.states
    assert taking_place(countered) == [later.day - 1], "until the organizer moves it"


test_another_time_that_a_guest_proposes_waits_for_an_answer.__doc__ = ANSWERED


def test_the_days_meetings_are_shown_as_mail_left_them(story: Story) -> None:
    """
    charter   acme: reply 2h
    Mon 09:00 kim@acme > Thanks.
    Tue 10:00-11:00 meeting with kim@acme: Site visit [booked 2026-03-02 08:00]
    Tue 08:00 now
    """
    theirs = with_event(story, organizer=KIM)
    assert theirs.assessments[0].mailed == ()
    (cancelled,) = told(theirs, "cancel", sequence=1).assessments[0].mailed
    assert cancelled.status == "cancelled"
    assert meetings.merged(theirs.told.events, [cancelled]) == (cancelled,)
    another = replace(cancelled, uid="another")
    assert meetings.merged(theirs.told.events, [another]) == (*theirs.told.events, another)

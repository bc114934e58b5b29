"""Times that clients propose, from a mail in a real Maildir to the reminder, the digest and the draft, by a real calendar."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from office import DANA, KIM, Office
from week import at

ASKED = "Hi Dana, would Thursday at 10 work for you to walk the line?\n\nKim"
THURSDAY_TEN = at(3, 10)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office that has done business with Acme before."""
    office = Office(tmp_path)
    office.business(at(-14, 9))
    return office


def asked(office: Office, text: str = ASKED, day: int = 0, **more: str) -> str:
    """A mail of Kim's on Monday morning; its Message-ID."""
    return office.mail(at(day, 10), KIM, DANA, text, subject="Visit", **more)


def told(office: Office) -> str:
    """The reminders and digests that left, on one line."""
    return " ".join(" ".join(m.text for m in office.sent()).split())


def drafted(office: Office) -> str:
    return " ".join(" ".join(m.text for m in office.drafts()).split())


def day_of(office: Office, day: int = 0) -> None:
    """The daemon at work from that morning on until the next one's digest."""
    office.live(at(day, 9), at(day, 10, 5), at(day, 11, 45), at(day, 12, 30), at(day + 1, 7, 45))


def test_a_free_time_is_told_in_reminder_and_digest_and_accepted_in_the_draft(office: Office) -> None:
    asked(office)
    day_of(office)
    assert told(office).count("Thursday 5 March 10:00: you are free") == 2
    assert "If a call is quicker" not in told(office), "no other times are offered beside one that is free"
    assert "Thursday 5 March at 10:00 works for me." in drafted(office)


def test_a_time_beside_a_question_is_accepted_under_its_own_words(office: Office) -> None:
    asked(office, "Hi Dana, can you send me the drawings? I am in the office Thursday at 10 if you want to call.\n\nKim")
    day_of(office)
    assert "drawings? [your answer] > I am in the office Thursday at 10 if you want to call. Thursday 5 March at" in drafted(
        office
    )


def test_of_a_window_no_hour_is_accepted(office: Office) -> None:
    asked(office, "Hi Dana, could we speak on Thursday or Friday, mornings only?\n\nKim")
    day_of(office)
    assert "works for me" not in drafted(office)
    assert "I am free on Thursday 5 March at" in drafted(office)


def test_a_taken_time_names_its_end_and_the_next_free_one_and_never_what_takes_it(office: Office) -> None:
    office.event("secret", THURSDAY_TEN, "Redundancies", "lee@northwind.example")
    asked(office)
    day_of(office)
    assert "Thursday 5 March 10:00: taken (ends 11:00); free at 11:00" in told(office)
    assert "Redundancies" not in told(office) + drafted(office)
    assert "does not work for me, I am afraid; would Thursday 5 March at 11:00" in drafted(office)


def test_a_meeting_with_whoever_proposes_does_not_stand_in_their_way(office: Office) -> None:
    office.event("ours", THURSDAY_TEN - timedelta(minutes=30), "Walk the line")
    asked(office)
    day_of(office)
    assert "10:00: you are free" in told(office)


def test_nothing_is_said_of_a_calendar_that_cannot_be_read(office: Office) -> None:
    shutil.rmtree(office.folder / "calendar")
    asked(office)
    day_of(office)
    assert "Thursday 5 March" not in told(office) + drafted(office)


def test_a_later_mail_replaces_the_time_that_was_proposed(office: Office) -> None:
    first = asked(office)
    office.mail(at(0, 10, 30), KIM, DANA, "Sorry, could we make it Friday at 2 instead?", subject="Re: Visit", answers=first)
    day_of(office)
    assert "Friday 6 March 14:00: you are free" in told(office)
    assert "Thursday 5 March" not in told(office) + drafted(office)


def test_an_hour_is_on_the_day_of_the_meeting_that_it_moves(office: Office) -> None:
    office.event("ours", THURSDAY_TEN, "Walk the line")
    asked(office, "Hi Dana, could we push to 4?")
    day_of(office)
    assert "Thursday 5 March 16:00: you are free" in told(office)


def test_the_time_of_a_client_abroad_is_told_on_both_clocks(office: Office) -> None:
    office.business(at(-13, 9), "jo@birch.example", "jo")
    office.mail(at(0, 10), "jo@birch.example", DANA, "Hello Dana, would Thursday at 10 our time work for a call?", subject="Call")
    office.live(at(0, 9), at(0, 10, 5), at(1, 7, 45), at(1, 9, 30), at(1, 10, 30))
    assert "Thursday 5 March 09:00 (10:00 for" in told(office)
    assert "Thursday 5 March at 09:00 (10:00 your time) works for me." in drafted(office)


def test_two_clients_who_propose_the_same_time_are_not_both_promised_it(office: Office) -> None:
    office.business(at(-13, 9), "jo@birch.example", "jo")
    asked(office)
    office.mail(at(0, 10), "jo@birch.example", DANA, "Could we speak on Thursday at 10 your time?", subject="Call")
    office.live(at(0, 9), at(0, 10, 5), at(0, 11, 45), at(1, 9, 30), at(1, 10, 30))
    assert drafted(office).count("10:00 works for me") + drafted(office).count("your time) works for me") == 1


def test_times_offered_to_one_client_are_not_offered_to_another_on_the_same_day(office: Office) -> None:
    office.business(at(-13, 9), "jo@birch.example", "jo")
    for sender in (KIM, "jo@birch.example"):
        office.mail(at(0, 9, 30), sender, DANA, "When could we meet for half an hour?", subject=f"Meeting {sender}")
    office.live(at(0, 9), at(0, 9, 45), at(0, 11, 15), at(1, 9), at(1, 9, 20))
    one, two = (m.text.partition("I am free on ")[2].partition(".")[0] for m in office.drafts())
    assert one
    assert set(one.replace(" or ", ", ").split(", ")).isdisjoint(two.replace(" or ", ", ").split(", "))


SAYS = [  # what the client writes on Monday, what the reminder and the digest tell of it, the sentence of the draft
    (
        "would Thursday at 10 work for you, or the following day at the same time?",
        "Thursday 5 March 10:00: you are free; Friday 6 March 10:00: you are free",
        "Thursday 5 March at 10:00 works for me.",
    ),
    (
        "could we speak tomorrow at 2, or an hour later?",
        "Tuesday 3 March 14:00 and 15:00: you are free",
        "Tuesday 3 March at 14:00 works for me.",
    ),
    (
        "I'll ring you on Thursday at 11, if that suits you. Could you have the drawings ready?",
        "Thursday 5 March 11:00: you are free",
        "> I'll ring you on Thursday at 11, if that suits you. Thursday 5 March at 11:00 works for me.",
    ),
    (
        "does half three on Thursday suit you for a call?",
        "Thursday 5 March 15:30: you are free",
        "Thursday 5 March at 15:30 works for me.",
    ),
    (
        "Wednesday at 10 or the day after at 2, which would you prefer?",
        "Wednesday 4 March 10:00: taken (ends 11:00); free at 11:00; Thursday 5 March 14:00: you are free",
        "Thursday 5 March at 14:00 works for me.",
    ),
    (
        "could we meet first thing on Friday, say 8.30?",
        "Friday 6 March 08:30: outside your working hours",
        "Friday 6 March at 08:30 does not work for me, I am afraid; would",
    ),
    (
        "ich rufe Sie am Freitag um halb drei an, wenn es Ihnen recht ist. Passt das?",
        "Friday 6 March 14:30: you are free",
        "Freitag, 6. März um 14:30 Uhr passt mir gut.",
    ),
    (
        "option 1: Wed 4/3 10:00. Option 2: Thu 5/3 14:00. Which one would you like?",
        "Thursday 5 March 14:00: you are free",
        "Thursday 5 March at 14:00 works for me.",
    ),
    ("can you do Thursday at 4 CET?", "Thursday 5 March 15:00: you are free", "Thursday 5 March at 15:00 works for me."),
    (
        "passt Ihnen Donnerstag um 14 Uhr oder eine Stunde später?",
        "Thursday 5 March 14:00 and 15:00: you are free",
        "Donnerstag, 5. März um 14:00 Uhr passt mir gut.",
    ),
    (
        "wie wäre es am Donnerstag um 9 oder am folgenden Tag um 11 Uhr?",
        "Thursday 5 March 09:00: you are free; Friday 6 March 11:00: you are free",
        "Donnerstag, 5. März um 09:00 Uhr passt mir gut.",
    ),
    (
        "darf ich Sie am Freitag um halb drei anrufen?",
        "Friday 6 March 14:30: you are free",
        "Freitag, 6. März um 14:30 Uhr passt mir gut.",
    ),
]


@pytest.mark.parametrize(("text", "line", "reply"), SAYS, ids=[text[:40] for text, _, _ in SAYS])
def test_what_a_client_proposes_is_looked_up_and_answered_in_one_sentence(
    office: Office, text: str, line: str, reply: str
) -> None:
    office.event("secret", at(2, 10), "Redundancies", "lee@northwind.example")
    greeting = "Guten Tag" if reply.endswith("gut.") else "Hi Dana"
    asked(office, f"{greeting}, {text}\n\nKim")
    day_of(office)
    assert line in told(office)
    assert reply in drafted(office)
    assert "Redundancies" not in told(office) + drafted(office)


def test_nothing_is_said_of_a_time_told_by_another_where_the_calendar_cannot_be_read(office: Office) -> None:
    shutil.rmtree(office.folder / "calendar")
    asked(office, SAYS[0][0])
    day_of(office)
    assert "5 March" not in told(office) + drafted(office)
    assert "6 March" not in told(office) + drafted(office)

"""What a digest says first: the day in a sentence, what can still be saved, what is from before the start, what became of invitations."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import invented
import pytest
from digest_letter import MONDAY, busy, flat, sections, write
from invented import at, owed

from connectors.calendar import Event
from daemon.glossary.assessments import Coverage
from daemon.glossary.obligations import Kind
from daemon.planning.invitation_answers import InvitationAnswer, Outcome


def test_what_is_older_than_the_start_is_shown_apart_with_how_much_of_it_is_overdue() -> None:
    old = [owed("Acme Ltd", "kim", f"Question {n}?", "02-27 14:05", "02-27 16:05", counts=False) for n in range(3)]
    undated = owed("Birch & Co", "sam", "I will look into it.", "02-26 14:05", None, Kind.PROMISE, counts=False)
    letter = write(invented.assessed(*old, undated), is_first=True)
    assert list(sections(letter)) == ["FROM BEFORE YOU STARTED"]
    assert "FROM BEFORE YOU STARTED (3 overdue)" in letter.text
    assert "Nothing is due today. 4 things are still open from before you started, 3 of them overdue." in flat(letter)


def test_what_clients_promised_before_the_start_is_no_debt_of_the_user() -> None:
    mine = owed("Acme Ltd", "kim", "Can you send it?", "02-26 14:05", "02-27 16:05", counts=False)
    theirs = owed(
        "Birch & Co", "sam", "I'll send you the form by Friday.", "02-23 14:05", "02-27 17:30", Kind.WAITING_FOR, counts=False
    )
    letter = write(invented.assessed(mine, theirs), is_first=True)
    assert list(sections(letter)) == ["FROM BEFORE YOU STARTED", "YOU ARE WAITING FOR"]
    assert "1 thing is still open from before you started, overdue." in flat(letter)


def test_what_falls_due_today_stands_under_today_whenever_it_was_asked() -> None:
    asked_before = owed("Acme Ltd", "kim", "Can you send it by tonight?", "02-27 14:05", "03-04 16:05", counts=False)
    started = {"Acme Ltd": at("03-04 07:00")}
    letter = write(invented.assessed(asked_before), is_first=True, started=started)
    assert list(sections(letter)) == ["DUE TODAY"]


def test_what_fell_due_on_the_first_day_is_overdue_on_the_second() -> None:
    asked_before = owed("Acme Ltd", "kim", "Can you send it by tonight?", "02-27 14:05", "03-03 16:05", counts=False)
    letter = write(invented.assessed(asked_before), started={"Acme Ltd": at("03-03 10:00")})
    assert list(sections(letter)) == ["OVERDUE"]


def test_what_is_older_than_the_start_is_only_counted_within_a_week() -> None:
    old = owed("Acme Ltd", "kim", "Can you send it?", "02-27 14:05", "02-27 16:05", counts=False)
    assert "Not shown: 1 from before you started (kept" in write(invented.assessed(old)).text
    assert list(sections(write(invented.assessed(old), now=MONDAY))) == ["FROM BEFORE YOU STARTED"]


def test_what_is_overdue_from_before_the_start_is_counted_in_the_subject_and_the_headline_every_morning() -> None:
    old = [owed("Acme Ltd", "kim", f"Question {n}?", "02-27 14:05", "02-27 16:05", counts=False) for n in range(2)]
    late = owed("Birch & Co", "sam", "Can you confirm?", "03-02 16:05", "03-03 16:05")
    letter = write(invented.assessed(*old, late))
    assert letter.subject == "Kept, Wed 4 Mar: 1 overdue, 2 overdue from before you started"
    assert "2 things are still open from before you started, all overdue." in flat(letter)


def test_the_day_is_said_in_a_sentence_with_what_to_begin_with() -> None:
    acme = owed("Acme Ltd", "kim", "I'll send the quote on Tuesday", "02-26 14:05", "03-03 17:30", Kind.PROMISE)
    birch = owed("Birch & Co", "sam", "Can you confirm?", "02-26 16:05", "02-27 16:05")
    heron = owed("Heron Labs", "priya", "Which label?", "03-03 16:05", "03-03 17:05")
    text = flat(write(invented.assessed(acme, birch, heron)))
    assert "Three clients wait, the longest since Thu 26 Feb. Start with Heron Labs: an answer, due yesterday 17:05." in text


def test_one_client_is_named_instead_of_counted() -> None:
    letter = write(invented.assessed(owed("Birch & Co", "sam", "Can you confirm?", "02-26 16:05", "02-27 16:05")))
    assert "Birch & Co has been waiting since Thu 26 Feb for an answer." in flat(letter)


def test_a_quiet_day_names_what_comes_next() -> None:
    letter = write(invented.assessed(owed("Acme Ltd", "kim", "Which finish?", "03-03 17:20", "03-05 11:20")))
    assert "Nothing is due today. Next: Acme Ltd, an answer, due tomorrow 11:20." in flat(letter)


def test_nothing_is_ruled_out_where_the_mail_could_not_be_read() -> None:
    dead = Coverage(invented.DANA.address, "mail imap.northwind.example", at("03-02 16:02"), "wrong password")
    assert "Nothing that was read is due today." in write((), coverage=[dead]).text


def test_what_is_due_within_hours_comes_before_what_is_late_and_else_after_it() -> None:
    late = owed("Acme Ltd", "kim", "Can you send it?", "02-26 14:05", "03-03 16:05")
    soon = owed("Birch & Co", "sam", "Can you confirm?", "03-03 09:05", "03-04 10:00")
    assert list(sections(write(invented.assessed(late, soon)))) == ["DUE TODAY", "OVERDUE"]
    assert list(sections(write(invented.assessed(late, replace(soon, due=at("03-04 16:00")))))) == ["OVERDUE", "DUE TODAY"]


def test_of_what_is_late_comes_first_what_can_still_be_saved_and_then_the_oldest() -> None:
    old = owed("Acme Ltd", "kim", "The oldest?", "02-23 14:05", "02-24 16:05")
    older = owed("Birch & Co", "sam", "The older?", "02-24 14:05", "02-25 16:05")
    chased = owed("Heron Labs", "priya", "The chased?", "02-23 10:05", "02-23 16:05", asks=("The chased?", "Any news?"))
    fresh = owed("Cobalt Foods", "jo", "The fresh?", "03-03 10:05", "03-03 16:05")
    text = write(invented.assessed(old, older, chased, fresh)).text
    assert re.findall(r"The (\w+)\?", text) == ["chased", "fresh", "oldest", "older"]


@pytest.mark.parametrize(
    ("outcome", "says", "next_step"),
    [
        (Outcome.ACCEPTED, "accepted", "it takes place"),
        (Outcome.DECLINED, "declined", "agree on another time"),
        (Outcome.MOVED, "moved", "not yet accepted the new time"),
    ],
)
def test_what_became_of_an_invitation_is_said_with_the_next_step(outcome: Outcome, says: str, next_step: str) -> None:
    assessments = invented.busy_morning()
    (review,) = (o for a in assessments for o in a.obligations if o.kind is Kind.REVIEW)
    event = Event("kept-1", at("03-12 10:00"), at("03-12 11:00"), "Review: Birch & Co and Dana Reyes")
    answer = InvitationAnswer(review, event, outcome, "sam@birch.example", at("03-12 10:00"))
    said = sections(write(assessments, answers=[answer]))["ANSWERS TO YOUR INVITATIONS"]
    assert "Birch & Co (Sam): Review: Birch & Co and Dana Reyes, Thu 12 Mar 10:00–11:00" in said
    assert f"{says}; " in said
    assert next_step in said


def test_an_invitation_is_a_click_away_in_full_and_stands_there_where_everything_is_asked_for() -> None:
    assessments = invented.busy_morning()
    planned = [invented.review_invite(assessments)]
    letter = write(assessments, planned=planned, everything=True, text_of=lambda _action: "An hour to look back.")
    assert "  | An hour to look back." in letter.text
    assert "An hour to look back." not in write(assessments, planned=planned, text_of=lambda _a: "An hour to look back.").text


def test_other_programs_get_the_lines_that_the_letter_shows() -> None:
    letter = busy()
    assert list(letter.sections) == ["overdue", "due_today", "planned"]
    first = letter.sections["overdue"][0]
    assert (first.client, first.contact, first.due) == ("Acme Ltd", "kim.lane@acme.example", at("02-27 16:05"))
    assert first.quote == "Can you send the revised quote for the second line before our board meets?"


@pytest.mark.parametrize("now", [invented.NOW, MONDAY], ids=["Wednesday", "Monday"])
def test_however_much_there_is_at_most_seven_lines_stand_there_besides_what_must_be_announced(now: datetime) -> None:
    assessments = invented.busy_morning()
    late = [owed("Acme Ltd", "kim", f"Question {n}?", "02-27 14:05", "02-27 16:05") for n in range(9)]
    today = [owed("Birch & Co", "sam", f"Matter {n}?", "03-03 14:05", "03-04 16:05") for n in range(9)]
    letter = write((*assessments, *invented.assessed(*late, *today)), events=invented.events(), now=now)
    assert sum(len(items) for items in letter.sections.values()) == 7


def test_what_is_late_and_has_no_room_is_named_by_its_client() -> None:
    many = [owed(f"Client {n}", "kim", f"Question {n}?", "02-27 14:05", "02-27 16:05") for n in range(12)]
    hidden = re.search(
        r"Not shown: 5 overdue \((Client \d+), (Client \d+), (Client \d+) and 2 more\)", flat(write(invented.assessed(*many)))
    )
    assert hidden is not None
    assert len(set(hidden.groups())) == 3

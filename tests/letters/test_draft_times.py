"""Where a draft answers the times that a client proposes: under the question that proposes them, else under their own words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import invented
from invented import at, owed

from connectors.calendar import Busy
from daemon.glossary.obligations import Ask, Obligation
from daemon.letters import draft
from daemon.letters.draft import DraftReply
from daemon.letters.proposed_times import TimesReply
from daemon.reading import ProposedTime

TEN = datetime(2026, 3, 5, 10, tzinfo=UTC)
SLOT = Busy(TEN, TEN + timedelta(minutes=30))
WORKS = TimesReply("Thursday 5 March at 10:00 works for me.", (SLOT,))
OFFICE = "I am in the office Thursday at 10 if you want to call."
DRAWINGS = Ask("Can you send me the drawings?")


def answered(*asks: Ask, proposing: str = OFFICE) -> DraftReply:
    """The draft that answers the asks of a mail in which a sentence proposes Thursday at ten."""
    proposed = (ProposedTime(TEN, quote=proposing),)
    o: Obligation = owed(
        "Acme Ltd", "kim.lane", asks[0].quote, "03-04 12:10", "03-04 14:10", subject="Call", open_asks=asks, proposed=proposed
    )
    free = (Busy(at("03-06 09:30"), at("03-06 10:00")),)
    known = draft.with_times(draft.NOTHING, o, WORKS)
    return draft.draft(invented.DANA, invented.OFFICE.clients[0], o, free, at("03-04 13:45"), known)


def test_a_time_beside_a_question_is_answered_under_its_own_words() -> None:
    assert f"> {DRAWINGS.quote}\n[your answer]\n\n> {OFFICE}\n{WORKS.text}\n" in answered(DRAWINGS).text


def test_a_time_beside_two_questions_is_answered_as_well() -> None:
    text = answered(DRAWINGS, Ask("And which finish would you choose?")).text
    assert text.count("[your answer]") == 2
    assert f"> {OFFICE}\n{WORKS.text}\n" in text


def test_a_time_in_a_question_is_answered_there() -> None:
    asked = "Would Thursday at 10 work?"
    assert f"> {asked}\n{WORKS.text}\n" in answered(DRAWINGS, Ask(asked, wants_time=True), proposing=asked).text


def test_a_time_is_accepted_where_a_time_is_asked_for() -> None:
    asked = "When could we talk?"
    assert f"> {asked}\n{WORKS.text}\n" in answered(Ask(asked, wants_time=True)).text


def test_a_draft_that_accepts_a_time_offers_no_others() -> None:
    asked = "Would Thursday at 10 work?"
    found = answered(Ask("When could we talk?", wants_time=True), Ask(asked, wants_time=True, names_time=True), proposing=asked)
    assert "I am free" not in found.text
    assert found.offers == (SLOT,)

"""What the user decided and may undo, what was stopped, and stopping what is written already."""

from __future__ import annotations

from pathlib import Path

import pytest
from office import DANA, Office, asked_by_two, only
from week import at

from connectors.mail import Address, Draft
from daemon.cycle import turn
from daemon.delivery.parcel_json import draft_body
from daemon.errors import CannotDo
from daemon.glossary.actions import ActionKind, Channel, Delivery, Parcel
from daemon.glossary.decisions import Verb
from daemon.operations.decisions import decide, settled, snooze_end
from daemon.operations.owed import obligations_at
from daemon.operations.plans import coming, outlook, waiting

NOW = at(0, 9)


@pytest.fixture
def office(tmp_path: Path) -> Office:
    office = asked_by_two(tmp_path)
    office.live(at(0, 8))
    return office


def test_what_was_decided_is_listed_latest_first_until_it_is_undone(office: Office) -> None:
    with office.app() as app:
        first, second = obligations_at(app, NOW)[:2]
        decide(app, Verb.DONE, first.id, at(0, 9))
        decide(app, Verb.WAIVE, second.id, at(0, 10))
        listed = settled(app, at(0, 0), at(0, 11))
        assert [(one.decision.verb, one.client) for one in listed] == [(Verb.WAIVE, second.client), (Verb.DONE, first.client)]
        assert [one.decision.verb for one in settled(app, at(0, 9, 30), at(0, 11))] == [Verb.WAIVE]
        decide(app, Verb.UNDO, second.id, at(0, 12))
        assert [one.decision.verb for one in settled(app, at(0, 0), at(0, 13))] == [Verb.DONE]


def test_what_was_stopped_is_listed_until_that_is_undone(office: Office) -> None:
    with office.app() as app:
        action = coming(app, NOW)[0]
        assert outlook(app, NOW).stopped == ()
        decide(app, Verb.VETO, action.id, NOW)
        assert [a.key for a in outlook(app, at(0, 9, 1)).stopped] == [action.key]
        assert action.key not in {a.key for a in coming(app, at(0, 9, 1))}
        decide(app, Verb.UNDO, action.id, at(0, 9, 2))
        assert outlook(app, at(0, 9, 3)).stopped == ()


def test_what_is_written_and_waits_is_stopped_too(office: Office) -> None:
    mail = Draft("<kept-1@northwind.example>", NOW, Address(DANA, "Kept"), (Address(DANA),), "Reminder", "It waits.")
    parcel = Parcel("reminder:1", ActionKind.REMIND, DANA, Channel.MAIL, mail.message_id, draft_body(mail), at(0, 10))
    with office.app() as app:
        app.store.queue((parcel,), NOW)
        assert [p.key for p in waiting(app)] == ["reminder:1"]
        decide(app, Verb.VETO, parcel.id, NOW)
        turn(only(app), at(0, 11))
        assert [p.delivery for p in app.store.parcels(DANA) if p.key == "reminder:1"] == [Delivery.VETOED]
    assert "It waits." not in "".join(sent.text for sent in office.sent())


def test_what_nobody_announced_cannot_be_let_go(office: Office) -> None:
    with office.app() as app:
        for action in coming(app, NOW):
            with pytest.raises(CannotDo, match="a digest has to announce it"):
                decide(app, Verb.RELEASE, action.id, NOW)


@pytest.mark.parametrize("words", ["yesterday", "soonish", "", "2026-02-31", "2020-01-01", "x" * 500])
def test_what_is_no_time_ahead_hides_nothing(office: Office, words: str) -> None:
    with office.app() as app, pytest.raises(ValueError, match=r"is not (a time|ahead)"):
        snooze_end(app.office.accounts[0], words, NOW)

"""Error boundaries: whatever raises, in an account, a client, a letter or a source, only that is left out, and it is named."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from office import DANA, KIM, Office, asked_by_two, only, raising
from sqlalchemy import update
from week import at

from connectors.errors import ConnectorError
from connectors.local.file_transport import FileTransport
from connectors.local.maildir import Maildir
from connectors.mail import Draft, Receipt
from daemon import cycle, ledger
from daemon.accounts.runtime import AccountRuntime
from daemon.assess import assess
from daemon.cycle import turn
from daemon.delivery import render
from daemon.errors import StoreError
from daemon.glossary.actions import ActionKind, Delivery
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.timelines import Timeline
from daemon.letters import sections
from daemon.planning import plan
from daemon.planning.plan_inputs import vetoed
from daemon.store import Store, schema
from daemon.store.sources.pauses import Pause, Waits
from daemon.store.statements import raise_version

LEE = "lee@northwind.example"
TWO = """
accounts:
  - {name: Dana Reyes, addresses: [dana@northwind.example], time_zone: Europe/London,
     mail: [{type: maildir, path: Maildir}], calendars: [{type: ics, path: calendar}], send: {type: file, path: outbox}}
  - {name: Lee Park, addresses: [lee@northwind.example], time_zone: Europe/London,
     mail: [{type: maildir, path: Lee}], calendars: [{type: ics, path: lees}], send: {type: file, path: outbox}}
clients:
  - {name: Acme Ltd, domains: [acme.example], owner: dana@northwind.example, charter: {reply: 2h, review: 3 months}}
  - {name: Birch GmbH, domains: [birch.example], charter: {reply: 2h}}
state: state
"""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return asked_by_two(tmp_path)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[AccountRuntime, AccountRuntime]]:
    """Two accounts in one zone that share an office, a client each."""
    office = Office(tmp_path)
    office.config.write_text(TWO)
    for part in ("cur", "new", "tmp"):
        (tmp_path / "Lee" / part).mkdir(parents=True)
    (tmp_path / "lees").mkdir()
    office.business(at(-90, 6))
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?", name="acme")
    with office.app() as app:
        app.begin(at(-90, 0))
        yield app.runtimes[DANA], app.runtimes[LEE]


def refusing_danas_mail(patch: pytest.MonkeyPatch, error: ConnectorError) -> None:
    """Nothing that Dana sends leaves; what Lee sends does."""

    def send(_self: FileTransport, draft: Draft) -> Receipt:
        if draft.sender.email == DANA:
            raise error
        return Receipt("sent")

    patch.setattr(FileTransport, "send", send)


def clients_of(result: cycle.TurnResult) -> set[str]:
    return {a.client for a in result.assessments if a.obligations}


def test_a_client_whose_assessment_raises_is_left_out_and_named(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    real = assess

    def assess_all_but_one(story: Timeline, *rest: Any) -> Any:
        return raising() if story.client.name == "Birch GmbH" else real(story, *rest)

    with office.app() as app:
        app.begin(at(-1, 0))
        with monkeypatch.context() as patch:
            patch.setattr(ledger, "assess", assess_all_but_one)
            result = turn(only(app), at(0, 8))
        assert clients_of(result) == {"Acme Ltd"}
        assert result.failures == ("Birch GmbH could not be assessed (ZeroDivisionError); kept.log has the details",)
        (digest,) = office.sent()
        assert "Birch GmbH could not be assessed" in " ".join(digest.text.split())
        after = turn(only(app), at(0, 9))
        assert (clients_of(after), after.failures) == ({"Acme Ltd", "Birch GmbH"}, ())


def test_a_letter_that_cannot_be_written_is_named_and_the_others_leave(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with office.app() as app:
        app.begin(at(-1, 0))
        turn(only(app), at(0, 8))
        with monkeypatch.context() as patch:
            patch.setattr(render.Renderer, "_draft", raising)
            result = turn(only(app), at(0, 11))
        assert [f.split(":")[0] for f in result.failures] == ["Draft reply to Acme Ltd"]
        assert [o.delivery for o in result.outcomes] == [Delivery.SENT]
        assert office.drafts() == []
        turn(only(app), at(0, 12))
        assert len(office.drafts()) == 1, "and it is written once that is possible"


def test_a_source_that_raises_in_an_unforeseen_way_is_one_line_of_coverage(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with office.app() as app:
        app.begin(at(-1, 0))
        with monkeypatch.context() as patch:
            patch.setattr(Maildir, "poll", raising)
            turn(only(app), at(0, 7))
        coverage = {c.is_calendar: c for c in app.store.coverage(DANA)}
        assert coverage[False].error == "could not be read (ZeroDivisionError; kept.log has the details)"
        assert coverage[True].error is None
        turn(only(app), at(0, 8))
        assert all(c.error is None for c in app.store.coverage(DANA))


def test_a_fault_of_the_store_is_not_taken_for_a_fault_of_a_message(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> Any:
        raise StoreError("the disk is full")

    with office.app() as app:
        app.begin(at(-1, 0))
        with monkeypatch.context() as patch:
            patch.setattr(Store, "texts", full)
            with pytest.raises(StoreError):
                turn(only(app), at(0, 7))
        assert app.store.unreadable_mail(DANA) == ()
        turn(only(app), at(0, 8))
        assert app.store.message_ids(DANA) == {"<acme@acme.example>", "<birch@birch.example>"}


def test_an_announcement_counts_by_the_digest_of_its_own_account_alone(
    two: tuple[AccountRuntime, AccountRuntime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dana's server is down, Lee's digest of the same minute leaves: nobody told Dana of the review, so it is not booked."""
    dana, lee = two

    with monkeypatch.context() as patch:
        refusing_danas_mail(patch, ConnectorError("the server is down"))
        for moment in (at(0, 8), at(1, 10), at(1, 15)):
            turn(dana, moment)
            turn(lee, moment)
    announced = [p.key for p in dana.store.parcels(DANA) if p.kind is ActionKind.DIGEST and p.delivery is not Delivery.SENT]
    assert announced != []
    assert any(p.kind is ActionKind.DIGEST and p.delivery is Delivery.SENT for p in lee.store.parcels(LEE))
    assert [p for p in dana.store.parcels(DANA) if p.kind is ActionKind.REVIEW] == []
    for moment in (at(2, 8), at(3, 10)):
        turn(dana, moment)
    assert [p.delivery for p in dana.store.parcels(DANA) if p.kind is ActionKind.REVIEW] == [Delivery.SENT]


def test_what_no_mail_can_tell_an_account_stands_in_the_others_digest(
    two: tuple[AccountRuntime, AccountRuntime], monkeypatch: pytest.MonkeyPatch
) -> None:
    dana, lee = two

    with monkeypatch.context() as patch:
        refusing_danas_mail(patch, ConnectorError("the password is wrong", permanent=True))
        wrong = Pause(1, at(0, 8), at(0, 9), stuck="the password is wrong; run kept auth")
        dana.sources.pauses.begin(dana.store, DANA, next(iter(dana.sources.mailboxes)), Waits.READING, wrong)
        turn(dana, at(0, 8))
    assert (
        lee.store.messages_from_others(LEE) == {}
        or "the password is wrong; run kept auth" in lee.store.messages_from_others(LEE)[DANA]
    )
    assert dana.store.messages_from_others(DANA) == {}


def test_a_turn_loads_nothing_of_another_account(
    two: tuple[AccountRuntime, AccountRuntime], monkeypatch: pytest.MonkeyPatch
) -> None:
    dana, lee = two
    turn(lee, at(0, 8))
    asked: list[str] = []
    for name in ("parcels", "messages", "events", "decisions", "coverage", "past_actions", "texts", "open_cache_rows"):
        real = getattr(Store, name)

        def noting(self: Store, account: str, *rest: Any, _real: Any = real, **named: Any) -> Any:
            asked.append(account)
            return _real(self, account, *rest, **named)

        monkeypatch.setattr(Store, name, noting)
    turn(dana, at(0, 9))
    assert set(asked) == {DANA}


def test_a_restored_database_says_nothing_again_however_the_batch_is_cut(office: Office, tmp_path: Path) -> None:
    """The reminder went out after the backup was made; what it said is known by the sent log, beside another thing that is news."""
    with office.app() as app:
        app.begin(at(-1, 0))
        turn(only(app), at(0, 8))
    shutil.copytree(tmp_path / "state", tmp_path / "backup")
    office.live(at(0, 11, 30))
    assert len(office.sent()) == 2
    for file in (tmp_path / "state").glob("kept.db*"):
        file.unlink()
    for file in (tmp_path / "backup").glob("kept.db*"):
        shutil.copy(file, tmp_path / "state")
    office.mail(at(0, 9, 45), "sam@acme.example", DANA, "When will the pallet arrive?", subject="Pallet", name="pallet")
    office.live(at(0, 12), at(0, 12, 30))
    reminders = [m for m in office.sent() if "digest" not in m.subject.lower()]
    assert sum("revised quote" in m.text for m in office.sent()[1:]) == 1
    assert any("pallet" in m.text.lower() for m in reminders)


def test_a_plan_that_raises_for_one_client_goes_on_for_the_others(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    real = plan._Planner._remindable

    def remindable(self: Any) -> Any:
        return raising() if any(a.client == "Birch GmbH" for a in self.inputs.assessments) else real(self)

    with office.app() as app:
        app.begin(at(-1, 0))
        turn(only(app), at(0, 7))
        with monkeypatch.context() as patch:
            patch.setattr(plan._Planner, "_remindable", remindable)
            result = turn(only(app), at(0, 11))
        assert any(line.startswith("Birch GmbH: ") for line in result.failures)
        assert any("revised quote" in m.text for m in office.sent())
        assert not any("colour" in m.text for m in office.sent() if not m.subject.startswith("Kept,") and m.date == at(0, 11))


def test_a_digest_comes_without_the_section_that_raises_and_names_it(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tuple(replace(s, lines=raising) if s.title == "Meetings today" else s for s in sections.SECTIONS)
    monkeypatch.setattr(sections, "SECTIONS", broken)
    with office.app() as app:
        app.begin(at(-1, 0))
        turn(only(app), at(0, 8))
    (digest,) = office.sent()
    assert "The section “Meetings today” could not be written" in " ".join(digest.text.split())
    assert "revised quote" in digest.text


def test_a_digest_comes_even_if_it_cannot_be_written(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    with office.app() as app:
        app.begin(at(-1, 0))
        with monkeypatch.context() as patch:
            patch.setattr(render.Renderer, "digest", raising)
            turn(only(app), at(0, 8))
        (bare,) = office.sent()
        assert "could not be written" in bare.subject
        turn(only(app), at(0, 11))
        assert "revised quote" in office.sent()[1].text, "and nothing counts as said by it"


def test_a_stored_event_of_another_version_costs_that_event(office: Office) -> None:
    office.event("good", at(1, 10), "Workshop")
    office.event("odd", at(2, 10), "Workshop")
    with office.app() as app:
        app.begin(at(-1, 0))
        turn(only(app), at(0, 7))
        with app.store._write() as db:
            db.execute(update(schema.events).where(schema.events.c.uid == "odd").values(body='{"version": 99}'))
            raise_version(db, DANA, "events")
        result = turn(only(app), at(0, 8))
        assert any("stored event" in line for line in result.failures)
        assert clients_of(result) == {"Acme Ltd", "Birch GmbH"}
        assert len(office.sent()) == 1


def test_a_verb_that_only_a_later_version_knows_stops_what_it_is_about_and_nothing_else(office: Office) -> None:
    with office.app() as app:
        app.begin(at(-1, 0))
        turn(only(app), at(0, 7))
        app.store.add_decision(DANA, Decision("review:Acme Ltd:2026-06-01", Verb.VETO, at(0, 7), DANA))
        with app.store._write() as db:
            db.execute(update(schema.decisions).values(verb="postpone"))
        result = turn(only(app), at(0, 8))
        assert (clients_of(result), result.failures) == ({"Acme Ltd", "Birch GmbH"}, ())
        assert vetoed("review:Acme Ltd:2026-06-01", app.store.decisions(DANA))

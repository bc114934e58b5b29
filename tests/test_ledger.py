"""The ledger: what it keeps between turns and between processes is what it would work out anew; replay leaves nothing out."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from office import only

from connectors.mail import Message
from daemon import sample
from daemon.accounts.runtime import AccountRuntime
from daemon.app import App
from daemon.assess import assess
from daemon.commands.sync import read_sources
from daemon.core import timeline
from daemon.glossary.actions import Action, ActionKind, Offer
from daemon.glossary.assessments import Assessment
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import OPEN_STATES, Obligation, state
from daemon.glossary.parties import Client
from daemon.glossary.timelines import Side
from daemon.ledger import Ledger, LedgerEntry
from daemon.operations.clients import find_client, forget
from daemon.operations.plans import actions_between
from daemon.planning.plan import plan
from daemon.planning.simulated_past import SimulatedPast
from daemon.planning.slots import still_held
from daemon.reading import Reading
from daemon.service import replay
from daemon.service.replay_history import History
from daemon.store.schema import metadata
from daemon.store.statements import mark_changed

START = sample.NOW - timedelta(days=16)


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample office, read once as of its day."""
    folder = tmp_path_factory.mktemp("office")
    sample.write_office(folder)
    with App.open(folder / "config.yaml", {}) as app:
        app.begin(START)
        read_sources(app, sample.NOW)
    return folder


@pytest.fixture
def kept(office: Path, tmp_path: Path) -> Iterator[App]:
    """A copy of it, of the state too: for the same configuration what was kept in it still holds."""
    shutil.copytree(office, tmp_path, dirs_exist_ok=True)
    with App.open(tmp_path / "config.yaml", {}) as commands:
        commands.begin(START)
        yield commands


def fresh(kept: App) -> Ledger:
    """A ledger of another process."""
    known = only(kept).ledger
    return Ledger(known.account, known.clients, known.directory, known.store, cache_basis=known.cache_basis)


def bare(kept: App, basis: Callable[[tuple[Decision, ...]], str] = repr) -> Ledger:
    """A ledger that knows nothing of what was kept."""
    known = only(kept).ledger
    return Ledger(known.account, known.clients, known.directory, known.store, cache_basis=basis)


def due(found: tuple[Obligation, ...]) -> set[Obligation]:
    return set(found)


def open_now(kept: App, now: datetime) -> set[Obligation]:
    """What stands open, worked out from nothing but facts."""
    return {o for a in bare(kept).assessments(now) for o in a.obligations if state(o, now) in OPEN_STATES}


# --- between processes ---


@pytest.mark.parametrize("hours", [0, 1, 5, 24, 24 * 4, 24 * 15])
def test_what_was_kept_is_what_would_be_worked_out_anew(kept: App, hours: int) -> None:
    later = sample.NOW + timedelta(hours=hours)
    assert due(fresh(kept).open_obligations(later)) == open_now(kept, later) != set()


def test_an_earlier_moment_is_not_told_what_came_later(kept: App) -> None:
    before = sample.NOW - timedelta(days=6)
    assert due(fresh(kept).open_obligations(before)) == open_now(kept, before)


def test_what_was_kept_is_used(kept: App, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger, expected = fresh(kept), open_now(kept, sample.NOW)
    monkeypatch.setattr(Ledger, "_compute", lambda *_: pytest.fail("it was worked out anew"))
    assert due(ledger.open_obligations(sample.NOW)) == expected


def test_a_word_of_the_user_makes_it_work_out_anew(kept: App) -> None:
    (one, *_) = sorted(open_now(kept, sample.NOW), key=lambda o: o.key)
    kept.store.add_decision(one.account, Decision(one.key, Verb.DONE, sample.NOW, one.account))
    found = due(fresh(kept).open_obligations(sample.NOW))
    assert one.key not in {o.key for o in found}
    assert found == open_now(kept, sample.NOW)


def test_another_configuration_makes_it_work_out_anew(kept: App, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = bare(kept, lambda _: "another")
    worked: list[str] = []
    compute = Ledger._compute

    def counted(self: Ledger, client: Client, decisions: tuple[Decision, ...], now: datetime) -> LedgerEntry:
        worked.append(client.name)
        return compute(self, client, decisions, now)

    monkeypatch.setattr(Ledger, "_compute", counted)
    ledger.open_obligations(sample.NOW)
    assert len(worked) == 9


def test_a_forgotten_client_is_kept_nowhere(kept: App, tmp_path: Path) -> None:
    assert "Acme Ltd" in kept.store.open_cache_rows(kept.office.accounts[0].address, sample.NOW, _basis(kept))
    forget(kept, find_client(kept.office, "Acme Ltd"))
    assert "Acme Ltd" not in kept.store.open_cache_rows(kept.office.accounts[0].address, sample.NOW, _basis(kept))
    for file in (tmp_path / "state").glob("kept.db*"):
        assert b"spares kit" not in file.read_bytes()


def test_the_words_of_old_mail_are_not_kept_either(kept: App) -> None:
    kept.store.expire(only(kept).account.address, sample.NOW, sample.NOW)
    assert kept.store.open_cache_rows(kept.office.accounts[0].address, sample.NOW, _basis(kept)) == {}


def _basis(kept: App) -> str:
    return only(kept).ledger.cache_basis(kept.store.decisions(only(kept).account.address, sample.NOW))


# --- the balance of the sample ---


def facts_of(kept: App, client: Client) -> list[tuple[Message, Reading]]:
    found = kept.store.messages(kept.office.accounts[0].address, client.name, sample.NOW)
    return [(m.message, m.reading) for m in found if m.reading]


def places(kept: App, client: Client, facts: list[tuple[Message, Reading]]) -> Counter[date]:
    story = timeline.timeline(kept.office.accounts[0], client, facts, (), only(kept).config.directory, sample.NOW)
    return Counter(p.at.date() for p in assess(story, (), sample.NOW).balance)


def test_the_balance_of_the_sample_sums_for_every_client_and_day_and_fails_without_any_one_mail(kept: App) -> None:
    account, looked = kept.office.accounts[0].address, 0
    for client in kept.office.clients:
        facts = facts_of(kept, client)
        theirs = [m for m, _ in facts if only(kept).config.directory.side(account, m.sender.email) is Side.CLIENT]
        whole = places(kept, client, facts)
        assert whole == Counter(m.date.astimezone(UTC).date() for m in theirs)
        for lost in theirs:
            fewer = places(kept, client, [(m, r) for m, r in facts if m.message_id != lost.message_id])
            assert whole - fewer == Counter([lost.date.astimezone(UTC).date()])
            looked += 1
    assert looked == 96


# --- replay ---


def held(
    runtime: AccountRuntime, offers: Sequence[Offer], assessments: Sequence[Assessment], moment: datetime
) -> tuple[Offer, ...]:
    """The times that drafts have offered so far and that are still held."""
    return still_held(offers, assessments, runtime.account.hours, moment)


def plainly(kept: App, start: datetime, end: datetime) -> list[tuple[str, datetime]]:
    """Each half hour of a daemon's life, one after the other, everything worked out anew at each."""
    runtime, past = only(kept), SimulatedPast()
    done: list[tuple[str, datetime]] = []
    history, offers = History(runtime, end), list[Offer]()
    moment = start
    while moment <= end:
        assessments = bare(kept).assessments(moment)
        actions = plan(history.plan_inputs(assessments, past.past_actions(), held(runtime, offers, assessments, moment), moment))
        for action in (a for a in actions if a.at <= moment):
            if action.kind is ActionKind.DRAFT:
                taken = held(runtime, offers, assessments, moment)
                offers += [history.offer(o, assessments, taken, moment) for o in action.obligations]
            done.append((action.key, moment))
            past.record(action, actions, moment, escalates_to_user=True)
        moment += replay.STEP
    return done


@pytest.mark.parametrize(
    ("start", "kinds"),
    [
        (datetime(2026, 2, 15, 18, tzinfo=UTC), {"digest", "remind", "review"}),
        (datetime(2026, 3, 1, 18, tzinfo=UTC), {"digest", "remind", "draft"}),
    ],
    ids=["with invitations", "with drafts"],
)
def test_a_replay_leaves_nothing_out_and_adds_nothing(kept: App, start: datetime, kinds: set[str], everything: bool) -> None:
    """From a Sunday evening to a Tuesday evening; with `--all`, for 18 days."""
    end = start + timedelta(days=18 if everything else 2)
    kept.view_as_of(start)
    expected = plainly(kept, start, end)
    found: tuple[Action, ...] = replay.replay(kept.runtimes.values(), start, end)
    assert [key for key, _ in expected] == [a.key for a in found]
    assert len(found) > 5
    assert kinds <= {a.kind.value for a in found}


def test_a_replay_stores_nothing(kept: App) -> None:
    before = _everything(kept)
    actions_between(kept, START, START + timedelta(days=8))
    assert _everything(kept) == before


def _everything(kept: App) -> tuple[object, ...]:
    """Every row of every table but that of the cache."""
    with kept.store._read() as db:
        return tuple(db.execute(table.select()).all() for table in metadata.sorted_tables if table.name != "open_obligations")


def test_a_replayed_draft_holds_the_times_that_it_accepts(kept: App) -> None:
    runtime, now = only(kept), sample.NOW
    assessments, history = bare(kept).assessments(now), History(runtime, now)
    question = next(o for a in assessments for o in a.obligations if o.client == "Garnet Coffee" and o.proposed)
    accepted = history.offer(question, assessments, (), now)
    assert [slot.start for slot in accepted.slots] == [datetime(2026, 3, 5, 14, tzinfo=UTC)]
    elsewhere = history.offer(question, assessments, (replace(accepted, client="Acme Ltd"),), now)
    assert accepted.slots[0] not in elsewhere.slots


def test_what_came_after_a_first_look_that_ended_halfway_is_not_missed(kept: App) -> None:
    runtime = only(kept)
    seen = next(iter(runtime.ledger.refreshed(sample.NOW)))
    with runtime.store._write() as db:  # as new mail does
        mark_changed(db, runtime.account.address, [seen.assessment.client])
    after = {entry.assessment.client: entry for entry in runtime.ledger.entries(sample.NOW)}
    assert after[seen.assessment.client] is not seen

"""The second office, judged as of Wednesday 4 March 2026, 08:30: is what Kept says what a careful colleague would say?

Each test asks about one mail. What Kept gets wrong today is listed in second_office/wrong_today.yaml, with its kind, and fails
here as expected; when it is mended the test says so, and its line there goes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import getaddresses
from pathlib import Path

import pytest
from second_office.truth import (
    CLEAR,
    ENTRIES,
    INTERNAL,
    MORNING,
    NOTHING,
    PLANNED,
    READ,
    SAID,
    SOURCES,
    START,
    WRITTEN,
    WRONG_TODAY,
    ZONE,
    Entry,
    false_ones,
    name_of,
)

from daemon.app import App
from daemon.commands.sync import read_sources
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.obligations import OPEN_STATES, Kind, Obligation, State, state
from daemon.operations.owed import obligations_at
from daemon.operations.plans import actions_between
from daemon.sample.build import write_office

_FIRST_LATENESS = {
    "Stadtwerke Oberlingen": datetime(2026, 2, 27, tzinfo=ZONE),
    "Molkerei Hochrain": datetime(2026, 2, 19, tzinfo=ZONE),
}

OPEN = [e for e in CLEAR if e.made_by(MORNING) and e.open_at(MORNING) and not e.rests]
DONE = [e for e in CLEAR if e.made_by(MORNING) and not e.open_at(MORNING)]


def cases(items: Iterable[Entry | str], kind: str) -> list[object]:
    """Return the parameters of a test, those that Kept gets wrong today marked with the reason."""
    wrong = WRONG_TODAY.get(kind, {})
    named = {item if isinstance(item, str) else item.name: item for item in items}
    assert wrong.keys() <= named.keys(), f"{kind}: no such case: {sorted(wrong.keys() - named.keys())}"
    return [
        pytest.param(item, id=name, marks=pytest.mark.xfail(reason=wrong[name]) if name in wrong else ())
        for name, item in named.items()
    ]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("second")
    write_office(folder, SOURCES, MORNING)
    with App.open(folder / "config.yaml", {}) as app:
        app.begin(START)
        read_sources(app, READ)
    return folder


@pytest.fixture(scope="module")
def found(folder: Path) -> tuple[Obligation, ...]:
    """Everything that Kept found by that morning, closed or open."""
    with App.open(folder / "config.yaml", {}) as app:
        app.view_as_of(MORNING)
        return obligations_at(app, MORNING, everything=True)


@pytest.fixture(scope="module")
def still_open(found: tuple[Obligation, ...]) -> tuple[Obligation, ...]:
    return tuple(o for o in found if state(o, MORNING) in OPEN_STATES)


@pytest.fixture(scope="module")
def replayed(folder: Path) -> tuple[Action, ...]:
    """What Kept would have done from Monday 12 January to that day."""
    with App.open(folder / "config.yaml", {}) as app:
        return actions_between(app, datetime(2026, 1, 12, tzinfo=ZONE), datetime(2026, 3, 4, 23, tzinfo=ZONE))


# the office itself


def test_half_of_at_least_150_mails_ask_and_promise_nothing() -> None:
    assert len(WRITTEN) >= 150
    assert (len(NOTHING) + len(INTERNAL)) * 2 >= len(WRITTEN)


def test_the_truth_speaks_of_every_mail() -> None:
    assert {e.mail for e in ENTRIES} | INTERNAL | {*NOTHING} == set(WRITTEN)


def test_the_truth_relies_on_words_that_were_typed() -> None:
    assert [e.name for e in ENTRIES if e.words not in " ".join(WRITTEN[e.mail].spec["text"].split())] == []


def test_nobody_in_it_is_real() -> None:
    addresses = {address for mail in WRITTEN.values() for _, address in getaddresses([mail.sender, *mail.to, *mail.cc])}
    assert {a for a in addresses if not a.endswith(".example")} == set()


# what is open


@pytest.mark.parametrize("entry", cases(OPEN, "open"))
def test_what_is_open_is_said_to_be_open(entry: Entry, still_open: tuple[Obligation, ...]) -> None:
    assert any(entry.is_meant_by(o) for o in still_open)


@pytest.mark.parametrize("entry", cases([e for e in OPEN if e.due and e.name not in WRONG_TODAY.get("open", {})], "due"))
def test_it_is_due_when_it_was_said_to_be(entry: Entry, still_open: tuple[Obligation, ...]) -> None:
    assert [o.due.astimezone(ZONE) if o.due else None for o in still_open if entry.is_meant_by(o)] == [entry.due]


@pytest.mark.parametrize("entry", cases([e for e in CLEAR if e.kind is Kind.CALLBACK], "calls"))
def test_a_call_is_owed_as_a_call(entry: Entry, found: tuple[Obligation, ...]) -> None:
    assert [o.kind for o in found if entry.is_meant_by(o)] == [Kind.CALLBACK]


# what is not


@pytest.mark.parametrize("entry", cases(DONE, "done"))
def test_what_is_done_is_not_said_to_be_open(entry: Entry, still_open: tuple[Obligation, ...]) -> None:
    still = [e for e in ENTRIES if e.open_at(MORNING)]
    assert [o.quote for o in still_open if entry.is_meant_by(o) and not any(e.is_meant_by(o) for e in still)] == []


@pytest.mark.parametrize("entry", cases([e for e in DONE if e.kind is not Kind.WAITING_FOR], "late"))
def test_it_was_in_time_if_it_was(entry: Entry, found: tuple[Obligation, ...]) -> None:
    """What Kept did not find at all, or was moved, has no state to be wrong."""
    states = {state(o, MORNING) for o in found if entry.is_meant_by(o)}
    moved = any(e.instead == entry.mail for e in ENTRIES)
    assert moved or states <= {State.KEPT_LATE if entry.late else State.KEPT, State.WAIVED}


@pytest.mark.parametrize("mail", cases(NOTHING, "nothing"))
def test_a_mail_that_asks_and_promises_nothing_opens_nothing(mail: str, found: tuple[Obligation, ...]) -> None:
    assert [(o.kind, o.quote) for o in found if o.kind in SAID and name_of(o) == mail] == []


@pytest.mark.parametrize("client", cases(_FIRST_LATENESS, "recovery"))
def test_no_recovery_is_proposed_before_anything_was_late(client: str, found: tuple[Obligation, ...]) -> None:
    recoveries = [o for o in found if o.client == client and o.source.reference == "recovery"]
    assert [o.created for o in recoveries if o.created < _FIRST_LATENESS[client]] == []


@pytest.mark.parametrize("client", PLANNED)
def test_nobody_is_told_that_nothing_is_planned_where_something_is(client: str, still_open: tuple[Obligation, ...]) -> None:
    assert [o.summary for o in still_open if o.client == client and o.kind is Kind.NEXT_STEP] == []


# as a whole


@pytest.mark.parametrize("kind", cases(["words"], "words"))
def test_what_kept_quotes_was_typed_and_is_no_signature(kind: str, found: tuple[Obligation, ...]) -> None:
    typed = {name: " ".join(mail.spec.get("text", "").split()) for name, mail in WRITTEN.items()}
    spoken = [o for o in found if o.kind in SAID and o.quote and not name_of(o).startswith("machine")]
    assert {name_of(o) for o in spoken if " ".join((o.quote or "").split()) not in typed[name_of(o)]} == set(), kind


@pytest.mark.parametrize("kind", cases(["reminders"], "reminders"))
def test_seven_weeks_of_reminders_name_only_what_is_open(kind: str, replayed: tuple[Action, ...]) -> None:
    reminders = [a for a in replayed if a.kind is ActionKind.REMIND]
    assert [name for a in reminders for name in false_ones(a.obligations, a.at)] == [], kind

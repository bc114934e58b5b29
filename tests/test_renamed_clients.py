"""A client that has another name in the configuration is the same client: nothing of it is lost, said twice or booked twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from office import DANA, KIM, Office, every, only
from week import at

from daemon.glossary.decisions import Verb
from daemon.glossary.obligations import OPEN_STATES, Kind, state
from daemon.operations.decisions import decide
from daemon.operations.plans import coming
from daemon.operations.reviews import plan_review

pytest_plugins = ("store_places",)

JO = "jo@birch.example"
IN_BUSINESS = datetime(2025, 12, 8, 10, tzinfo=UTC)


@pytest.fixture
def office(where: Path | str, tmp_path: Path) -> Office:
    """An office whose facts are in SQLite, and one whose facts are in PostgreSQL."""
    office = Office(tmp_path)
    if isinstance(where, str):
        office.config.write_text(f"{office.config.read_text()}database: {where}\n")
    return office


def change(office: Office, old: str, new: str) -> None:
    """Write other words into the configuration."""
    text = office.config.read_text()
    assert old in text
    office.config.write_text(text.replace(old, new))


def rename(office: Office, new: str = "Acme Group") -> None:
    change(office, "name: Acme Ltd", f"name: {new}")


def owed(office: Office, now: datetime) -> dict[str, tuple[str, str]]:
    """What is and was owed at a moment: its client and its state, by its id."""
    with office.app() as app:
        return {o.id: (o.client, state(o, now).value) for a in app.assessments(now) for o in a.obligations}


def test_what_was_owed_stays_owed_and_nothing_is_said_again(office: Office) -> None:
    office.business(IN_BUSINESS)
    office.mail(at(0, 9, 30), KIM, DANA, "Can you send me the revised quote?", name="asked")
    office.live(*every(10, at(0, 7), at(0, 12)))
    said, before = len(office.sent()), owed(office, at(0, 12))
    rename(office)
    office.live(*every(10, at(0, 12, 10), at(0, 15)))
    assert len(office.sent()) == said
    assert {id_: now for id_, (_, now) in owed(office, at(0, 12)).items()} == {id_: then for id_, (_, then) in before.items()}
    assert {client for client, _ in owed(office, at(0, 12)).values()} == {"Acme Group"}


def test_everything_is_shown_under_the_new_name_before_any_mail_is_read(office: Office) -> None:
    office.mail(at(0, 9, 30), KIM, DANA, "Can you send me the revised quote?", name="asked")
    office.live(at(0, 10))
    rename(office)
    with office.app() as app:
        app.begin(at(0, 11))
        (one,) = [o for o in app.open_obligations(at(0, 11)) if o.kind is Kind.REPLY]
        assert one.client == "Acme Group"


def test_a_review_that_was_announced_is_booked_once(office: Office) -> None:
    office.business(IN_BUSINESS)
    office.live(*every(30, at(0, 7), at(0, 18)))
    rename(office)
    office.live(*every(30, at(1, 7), at(1, 18)))
    assert len(office.booked()) == 1, "at the time that was announced under the old name"
    rename_back = ("name: Acme Group", "name: Acme Ltd")
    change(office, *rename_back)
    office.live(*every(30, at(2, 7), at(4, 18)))
    assert len(office.booked()) == 1
    assert len([m for m in office.sent() if [a.email for a in m.to] == [KIM]]) == 1


def test_a_review_that_was_vetoed_is_not_booked_under_the_new_name(office: Office) -> None:
    office.business(IN_BUSINESS)
    office.live(*every(30, at(0, 7), at(0, 12)))
    with office.app() as app:
        (planned,) = [a for a in coming(app, at(0, 12)) if a.reaches_client]
        decide(app, Verb.VETO, planned.id, at(0, 12))
    rename(office)
    office.live(*every(30, at(0, 12, 30), at(4, 18)))
    assert office.booked() == []


def test_a_review_that_was_asked_for_is_asked_for_still(office: Office) -> None:
    office.business(at(-20, 10))
    office.live(at(0, 7))
    with office.app() as app:
        plan_review(app, next(c for c in app.office.clients if c.name == "Acme Ltd"), at(0, 8))
    rename(office)
    office.live(*every(30, at(0, 9), at(3, 18)))
    assert len(office.booked()) == 1


def test_the_users_word_on_what_a_charter_asks_for_stays(office: Office) -> None:
    change(
        office, "review: 3 months}", "review: 3 months, deliverables: [{name: Stock list, every: week, on: fri, subject: stock}]}"
    )
    office.business(IN_BUSINESS)
    office.live(at(0, 7))
    with office.app() as app:
        wanted = next(o for o in app.open_obligations(at(0, 8)) if o.kind is Kind.DELIVERABLE)
        decide(app, Verb.DONE, wanted.id, at(0, 8))
    rename(office)
    office.live(at(0, 9))
    with office.app() as app:
        found = app.find(wanted.id, at(0, 9))
        assert found is not None
        assert state(found, at(0, 9)) not in OPEN_STATES


def test_a_client_that_was_won_under_another_name_stays_won(office: Office) -> None:
    change(office, "name: Acme Ltd\n", "name: Acme Ltd\n    stage: prospect\n")
    office.live(at(0, 7))
    change(office, "stage: prospect", "stage: established")
    office.live(at(0, 8))
    rename(office)
    office.live(at(1, 8))
    with office.app() as app:
        assert app.office.clients[0].won == at(0, 8)


def test_two_clients_that_exchange_their_names_take_what_is_theirs_with_them(office: Office) -> None:
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?", name="acme")
    office.mail(at(0, 6), JO, DANA, "Which colour do you want? Please tell me.", subject="Colour", name="birch")
    office.live(at(0, 7))
    text = office.config.read_text()
    office.config.write_text(
        text.replace("name: Acme Ltd", "name: X")
        .replace("name: Birch GmbH", "name: Acme Ltd")
        .replace("name: X", "name: Birch GmbH")
    )
    with office.app() as app:
        app.begin(at(0, 8))
        mine = {c: [m.message.sender.email for m in app.store.messages(DANA, c)] for c in ("Acme Ltd", "Birch GmbH")}
        assert mine == {"Acme Ltd": [JO], "Birch GmbH": [KIM]}
        assert {c.name: c.key for c in app.office.clients} == {"Acme Ltd": "Birch GmbH", "Birch GmbH": "Acme Ltd"}


def test_a_new_client_who_takes_a_name_that_is_free_again_has_a_history_of_its_own(office: Office) -> None:
    office.business(IN_BUSINESS)
    office.live(at(0, 7))
    rename(office)
    change(office, "clients:\n", "clients:\n  - {name: Acme Ltd, domains: [acme-tools.example]}\n")
    office.live(at(0, 8))
    with office.app() as app:
        assert {c.name: c.key for c in app.office.clients[:2]} == {"Acme Ltd": "Acme Ltd (2)", "Acme Group": "Acme Ltd"}
        assert list(app.store.messages(DANA, "Acme Ltd")) == []


def test_a_client_with_another_domain_is_known_by_its_name(office: Office) -> None:
    office.live(at(0, 7))
    change(office, "domains: [acme.example]", "domains: [acme-group.example]")
    office.live(at(0, 8))
    with office.app() as app:
        assert [c.key for c in app.office.clients] == ["Acme Ltd", "Birch GmbH"]


def test_a_client_that_left_and_comes_back_by_another_name_is_known_again(office: Office) -> None:
    office.live(at(0, 7))
    acme = office.config.read_text().partition("  - name: Acme Ltd")[2].partition("  - name: Birch")[0]
    change(office, f"  - name: Acme Ltd{acme}", "")
    office.live(at(0, 8))
    change(office, "clients:\n", "clients:\n  - {name: Acme Group, domains: [acme.example]}\n")
    office.live(at(0, 9))
    with office.app() as app:
        assert app.office.clients[0].key == "Acme Ltd"


def test_a_rename_stores_no_address_of_a_client(office: Office) -> None:
    office.live(at(0, 7))
    with office.app() as app:
        stored = app.store.meta("clients")
        assert stored is not None
        assert "acme.example" not in stored


def test_an_agreed_charter_goes_on_once_its_file_names_the_new_name(office: Office) -> None:
    agreed = office.folder / "charters" / "acme" / "2026-01-01.yaml"
    agreed.parent.mkdir(parents=True)
    agreed.write_text("client: Acme Ltd\nfrom: 2026-01-01\nreply: 4h\n")
    office.business(IN_BUSINESS)
    office.live(at(0, 7))
    before = owed(office, at(0, 7))
    rename(office)
    agreed.write_text("client: Acme Group\nfrom: 2026-01-01\nreply: 4h\n")
    office.live(at(0, 7) + timedelta(minutes=10))
    with office.app() as app:
        assert only(app).config.office.clients[0].amendments
    assert owed(office, at(0, 7)).keys() == before.keys()

"""The page of Kept's health, in a real browser and without one."""

from __future__ import annotations

from playwright.sync_api import Page
from web_pages import DANA, Dashboard, Visitor, assert_accessible, assert_fits

from daemon import sample
from daemon.glossary.actions import ActionKind, Channel, Parcel
from daemon.glossary.decisions import Verb
from daemon.glossary.obligations import short_id

pytest_plugins = ("web_fixtures",)


def test_it_fits_every_screen_and_everybody_can_use_it(any_page: Page, shown: Dashboard) -> None:
    any_page.goto(f"{shown.address}/health")
    assert any_page.get_by_role("heading", level=1).inner_text() == "Health"
    assert_fits(any_page)
    assert_accessible(any_page)


def test_it_names_each_source_and_how_far_it_was_read(dana: Visitor) -> None:
    text = dana.get("/health").text
    assert "read up to today 08:30" in text
    assert text.count("read up to") == 2


def test_what_waits_to_go_out_is_named_with_the_way_to_the_plan(dana: Visitor) -> None:
    waiting = Parcel(
        key="report:waits",
        kind=ActionKind.REPORT,
        account=DANA,
        channel=Channel.DRAFT,
        reference="<waits@northwind.example>",
        body="{}",
        not_before=sample.NOW,
        client="Acme Ltd",
        addressee="kim@acme.example",
    )
    dana.office.app.store.queue([waiting], sample.NOW)
    text = dana.get("/health").text
    assert "The draft of a service report to kim@acme.example" in text
    assert '<a href="/plan">Look at the plan</a>' in text


def lost_reply(dana: Visitor) -> str:
    """Leave a draft reply of whose fate nobody knows. Returns its id."""
    store = dana.office.app.store
    parcel = Parcel(
        key="draft:lost",
        kind=ActionKind.DRAFT,
        account=DANA,
        channel=Channel.DRAFT,
        reference="<lost@northwind.example>",
        body="{}",
        not_before=sample.NOW,
        client="Acme Ltd",
        addressee="kim@acme.example",
    )
    store.queue([parcel], sample.NOW)
    assert store.claim(parcel.key, sample.NOW)
    return short_id(parcel.key)


def test_what_nobody_knows_the_fate_of_has_a_button_that_settles_it(dana: Visitor) -> None:
    target = lost_reply(dana)
    assert f"/health/{target}/arrived" in dana.get("/health").text
    assert dana.post(f"/health/{target}/arrived").status_code == 303
    (last,) = dana.office.app.store.decisions(DANA, sample.NOW)[-1:]
    assert (last.target, last.verb) == ("draft:lost", Verb.DONE)


def test_what_may_not_have_been_sent_can_be_sent_again(dana: Visitor) -> None:
    target = lost_reply(dana)
    assert dana.post(f"/health/{target}/again").status_code == 303
    (last,) = dana.office.app.store.decisions(DANA, sample.NOW)[-1:]
    assert (last.target, last.verb) == ("draft:lost", Verb.RESEND)


def test_what_is_owed_is_not_settled_on_this_page(dana: Visitor) -> None:
    (owed, *_) = dana.office.app.runtimes[DANA].ledger.open_obligations(sample.NOW)
    answer = dana.post(f"/health/{owed.id}/arrived")
    assert answer.status_code == 400
    assert "settled already" in answer.text

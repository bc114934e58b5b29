"""The page of plans: what is said next in its exact words, stopping it, and letting it go before its notice is over."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from web_pages import DANA, Dashboard, Visitor, assert_accessible, assert_fits

from connectors.formats import ics
from daemon.app import App
from daemon.cycle import turn
from daemon.glossary.actions import Action, ActionKind, Channel, Parcel
from daemon.operations.plans import coming

pytest_plugins = ("web_fixtures",)

HTMX = {"HX-Request": "true"}
SLOW = 20_000  # milliseconds for what a busy machine does in its own time
expect.set_options(timeout=SLOW)


def planned(visitor: Visitor, kind: ActionKind) -> Action:
    return next(a for a in coming(visitor.office.app, visitor.clock.now) if a.kind is kind)


def live(visitor: Visitor, **length: float) -> None:
    """Have the daemon turn, so much later."""
    visitor.clock.forward(**length)
    with App.open(visitor.config, {}) as app:
        turn(app.runtimes[DANA], visitor.clock.now)


def booked(visitor: Visitor) -> list[str]:
    return sorted(file.name for file in (visitor.config.parent / "calendar").glob("kept-*.ics"))


def test_it_fits_every_screen_and_everybody_can_use_it(any_page: Page, shown: Dashboard) -> None:
    any_page.set_default_timeout(SLOW)
    any_page.goto(f"{shown.address}/plan")
    for details in any_page.locator("details[id^=text]").all():
        details.locator("summary").click()
        expect(details.locator(".mail")).to_be_visible(timeout=SLOW)
    assert_fits(any_page)
    assert_accessible(any_page)


def test_a_review_is_stopped_and_the_stop_is_undone(page: Page, shown: Dashboard) -> None:
    page.set_default_timeout(SLOW)
    page.goto(f"{shown.address}/plan")
    review = page.locator("[data-item]").filter(has_text="Invite Meg Tolliver")
    review.get_by_role("button", name=re.compile("^Stop it")).click()
    expect(page.locator("#undo")).to_contain_text("Stopped: Invite Meg Tolliver")
    expect(page.get_by_role("heading", name="Stopped by you")).to_be_visible()
    assert_accessible(page)
    page.locator("#undo").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Stopped by you")).to_have_count(0)
    expect(review).to_have_count(1)


def test_what_was_stopped_is_named_without_javascript_and_among_what_was_decided_today(dana: Visitor) -> None:
    review = planned(dana, ActionKind.REVIEW)
    answer = dana.post(f"/plan/{review.id}", seen="/plan", verb="veto")
    assert f"Stopped: {review.summary}" in dana.get(answer.headers["Location"]).text
    page = dana.get("/").text
    assert "1 decided today" in page
    assert review.summary in page.partition('id="settled"')[2]


def test_the_removal_of_a_settled_draft_is_neither_planned_nor_waiting(dana: Visitor) -> None:
    removal = Parcel(
        key="remove:settled",
        kind=ActionKind.REMOVE_DRAFT,
        account=DANA,
        channel=Channel.REMOVAL,
        reference="<settled@northwind.example>",
        body="{}",
        not_before=dana.clock.now,
        client="Acme Ltd",
    )
    before = dana.get("/health").text.count("<li>")
    dana.office.app.store.queue([removal], dana.clock.now)
    assert "removal of a draft" not in dana.get("/plan").text
    assert dana.get("/health").text.count("<li>") == before


def test_what_was_stopped_is_never_booked(dana: Visitor) -> None:
    before = booked(dana)
    review = planned(dana, ActionKind.REVIEW)
    assert dana.post(f"/plan/{review.id}", seen="/plan", verb="veto").status_code == 303
    live(dana, hours=2)
    live(dana, days=1)
    assert booked(dana) == before


def test_the_text_is_that_of_the_invitation_that_goes_out(dana: Visitor) -> None:
    before = set(booked(dana))
    review = planned(dana, ActionKind.REVIEW)
    shown = dana.get(f"/plan/{review.id}", HX_Request="true").text
    live(dana, hours=1)
    (name,) = set(booked(dana)) - before
    event = ics.find((dana.config.parent / "calendar" / name).read_text("utf-8"), name.removesuffix(".ics"))
    assert event is not None
    for line in filter(None, event.description.splitlines()):
        assert line.replace("'", "&#39;") in shown


def test_what_a_digest_announced_goes_out_at_once_where_the_user_lets_it_go(dana: Visitor) -> None:
    before = booked(dana)
    review = planned(dana, ActionKind.REVIEW)
    assert review.at > dana.clock.now + timedelta(minutes=1), "it would go out by itself"
    assert "Let it go now" in dana.get("/plan").text
    assert dana.post(f"/plan/{review.id}", seen="/plan", verb="release").status_code == 303
    live(dana, minutes=1)
    assert len(booked(dana)) == len(before) + 1
    live(dana, minutes=60)
    live(dana, days=1)
    assert len(booked(dana)) == len(before) + 1, "and once"


def test_a_release_that_is_undone_in_time_changes_nothing(dana: Visitor) -> None:
    before = booked(dana)
    review = planned(dana, ActionKind.REVIEW)
    dana.post(f"/plan/{review.id}", seen="/plan", verb="release")
    dana.post(f"/plan/{review.id}", seen="/plan", verb="undo")
    live(dana, minutes=1)
    assert booked(dana) == before


def test_what_no_digest_has_announced_cannot_be_let_go(dana: Visitor) -> None:
    digest = planned(dana, ActionKind.DIGEST)
    answer = dana.post(f"/plan/{digest.id}", seen="/plan", verb="release")
    assert answer.status_code == 400
    assert "a digest has to announce it" in answer.text


@pytest.mark.parametrize("verb", ["done", "book", "", "resend"])
def test_no_other_decision_is_taken_here(dana: Visitor, verb: str) -> None:
    assert dana.post(f"/plan/{planned(dana, ActionKind.REVIEW).id}", seen="/plan", verb=verb).status_code == 400

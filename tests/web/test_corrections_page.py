"""The page of corrections: what is in force, rules, what clicks taught, and mail that was filtered out."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect
from web_pages import DANA, Dashboard, Visitor, assert_accessible, assert_fits

from daemon.app import App
from daemon.core.corrections import Proposal, wording
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Kind, State, state
from daemon.operations.balance import filtered_mail
from daemon.operations.corrections import in_force

pytest_plugins = ("web_fixtures",)

SLOW = 20_000  # milliseconds for what a busy machine does in its own time
expect.set_options(timeout=SLOW)
WORDS = "Shall I send the forecast as usual?"


def correct(app: App, visitor: Visitor | Dashboard, times: int = 3) -> Proposal:
    """Say of the same words of one client so often that they were misread."""
    for number in range(times):
        app.store.add_decision(
            DANA,
            Decision(
                f"reply:{number}",
                Verb.WRONG,
                visitor.clock.now,
                DANA,
                kind=Kind.REPLY,
                confidence=0.9,
                client="Acme Ltd",
                wording=wording(WORDS),
            ),
        )
    return Proposal("Acme Ltd", Kind.REPLY, wording(WORDS), times)


def test_it_fits_every_screen_and_everybody_can_use_it(any_page: Page, shown: Dashboard) -> None:
    correct(shown.office.app, shown)
    any_page.goto(f"{shown.address}/corrections")
    assert_fits(any_page)
    assert_accessible(any_page)


def test_a_correction_stands_there_until_it_is_undone(page: Page, shown: Dashboard) -> None:
    page.set_default_timeout(SLOW)
    page.goto(f"{shown.address}/")
    line = page.locator("[data-item]").filter(has_text="firm answer by Wednesday noon")
    target = line.get_attribute("data-item")
    line.locator("details[id^=more] > summary").click()
    line.get_by_role("button", name=re.compile("^Misread")).click()
    expect(page.locator("#undo")).to_contain_text("Misread")
    page.goto(f"{shown.address}/corrections")
    correction = page.locator(f"#c-{target}")
    expect(correction).to_contain_text("Misread")
    expect(page.get_by_text(re.compile("^Your promises: .* 1 click of yours made Kept more careful"))).to_be_visible()
    correction.get_by_role("button", name=re.compile("^Undo")).click()
    expect(correction).to_have_count(0)


def test_a_rule_is_accepted_and_undone(dana: Visitor) -> None:
    rule = correct(dana.office.app, dana)
    page = dana.get("/corrections").text
    assert "You have said 3 times" in page
    assert dana.post(f"/corrections/{rule.id}", seen="/corrections", verb="accept").status_code == 303
    assert rule.id in {c.id for c in in_force(dana.office.app, dana.clock.now)}
    dana.post(f"/corrections/{rule.id}", seen="/corrections", verb="undo")
    assert rule.id not in {c.id for c in in_force(dana.office.app, dana.clock.now)}


def test_a_rule_that_nobody_proposed_cannot_be_accepted(dana: Visitor) -> None:
    assert dana.post("/corrections/0000000000", seen="/corrections", verb="accept").status_code == 400


def test_that_a_person_wrote_what_was_filtered_out_is_said_by_sender_and_undone(dana: Visitor) -> None:
    _, held = next(one for one in filtered_mail(dana.office.app, dana.clock.now) if one[1].key)
    assert dana.post(f"/corrections/{held.id}", seen="/corrections", verb="person").status_code == 303
    assert held.id in {c.id for c in in_force(dana.office.app, dana.clock.now)}
    assert "You have said that a person writes this" in dana.get("/corrections").text
    dana.post(f"/corrections/{held.id}", seen="/corrections", verb="undo")
    assert held.id not in {c.id for c in in_force(dana.office.app, dana.clock.now)}


def test_what_was_filtered_out_shows_its_text_and_says_why_there_is_no_button(dana: Visitor) -> None:
    page = dana.get("/corrections").text
    forged = next(row for row in page.split('<li class="row item"') if "Urgent change of bank details" in row)
    assert "may be forged" in forged
    assert "Please send the deposit" in forged
    assert "ask them by phone" in forged
    assert "A person wrote this" not in forged
    assert "RFC" not in page
    assert "DMARC" not in page


def test_nothing_is_taken_for_settled_that_was_only_looked_at(dana: Visitor) -> None:
    before = dana.office.app.store.decisions(DANA)
    for path in ("/", "/?all=1&by=client", "/plan", "/corrections", "/today/list", "/today/news?seen=x"):
        assert dana.get(path).status_code in (200, 204)
    now = dana.clock.now
    open_ = [o for a in dana.office.app.assessments(now) for o in a.obligations if state(o, now) is State.OVERDUE]
    for o in open_:
        dana.get(f"/items/{o.id}")
    assert dana.office.app.store.decisions(DANA) == before

"""The pages of the clients in a real browser: on a phone and at a desk, light and dark, and what people do on them."""

from __future__ import annotations

import re

from playwright.sync_api import Browser, Page, expect
from web_pages import Dashboard, assert_accessible, assert_fits, watched_page

from daemon.operations.client_rows import client_id

pytest_plugins = ("web_fixtures",)

ACME = f"/clients/{client_id('Acme Ltd')}"
PAGES = {
    "/clients": "Clients",
    ACME: "Acme Ltd",
    f"{ACME}/charter": "Charter with Acme Ltd",
    "/look-back": "Look back",
    "/replay": "Replay",
}


def test_the_pages_fit_every_screen_and_everybody_can_use_them(any_page: Page, shown: Dashboard) -> None:
    for path, heading in PAGES.items():
        any_page.goto(f"{shown.address}{path}")
        assert any_page.get_by_role("heading", level=1).inner_text() == heading
        assert_fits(any_page)
        assert_accessible(any_page)


def test_the_rows_follow_what_is_typed(page: Page, shown: Dashboard) -> None:
    page.goto(f"{shown.address}/clients")
    page.get_by_label("Name").press_sequentially("garnet")
    expect(page.locator("a.client")).to_have_count(1)
    expect(page.locator("#count")).to_contain_text("1 client")
    page.get_by_role("link", name="Garnet Coffee").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Garnet Coffee")


def test_moving_the_slider_says_how_often_that_time_was_kept(page: Page, shown: Dashboard) -> None:
    page.goto(f"{shown.address}{ACME}")
    before = page.locator("#feasible-words").inner_text()
    page.locator("#rung").press("ArrowRight")
    expect(page.locator("#feasible-words")).not_to_have_text(before)
    expect(page.locator("#feasible-words")).to_contain_text("4 working hours")


def test_a_charter_is_shown_as_they_will_read_it_then_agreed_and_written(page: Page, shown: Dashboard) -> None:
    page.goto(f"{shown.address}{ACME}")
    page.get_by_role("link", name="Agree on a charter").click()
    page.get_by_label("How soon are their emails answered?").fill("4h")
    page.get_by_label("Who agreed to it, on both sides").fill("Kim Lane, Dana Reyes")
    page.get_by_role("button", name="Show what they will read").click()
    expect(page.locator("blockquote")).to_contain_text("Your emails are answered within 4 working hours")
    assert_accessible(page)
    page.get_by_role("button", name="Write it down: agreed").click()
    expect(page.get_by_role("status")).to_contain_text("written down")
    (file,) = (shown.config.parent / "charters").glob("*/*.yaml")
    assert "reply: 4h" in file.read_text("utf-8")


def test_a_charter_can_be_agreed_and_a_time_tried_without_javascript(browser: Browser, shown: Dashboard) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(shown.link())
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"{shown.address}{ACME}?standard=reply&rung=0")
    expect(page.locator("#feasible-words")).to_contain_text("30 working minutes")
    page.goto(f"{shown.address}{ACME}/charter")
    page.get_by_label("How soon are their emails answered?").fill("4h")
    page.get_by_role("button", name="Show what they will read").click()
    page.get_by_role("button", name="Write it down: agreed").click()
    expect(page.get_by_role("status")).to_contain_text("written down")
    context.close()


def test_a_replay_runs_while_one_waits_and_then_says_how_often(page: Page, shown: Dashboard) -> None:
    page.goto(f"{shown.address}/replay")
    page.get_by_label("From").fill("2026-02-16")
    page.get_by_role("button", name="Try it").click()
    expect(page.get_by_role("heading", name="Kept would have spoken so often")).to_be_visible(timeout=90_000)
    expect(page.locator("#outcome")).to_contain_text(
        re.compile(r"\d+ times? in \d+ (day|week)s?, about \d+ a week; \d+ without the digests\.")
    )
    assert_accessible(page)
    assert_fits(page)


def test_on_a_phone_every_page_is_reached_and_the_present_one_is_marked(browser: Browser, shown: Dashboard) -> None:
    with watched_page(browser, shown, "phone, light") as page:
        page.goto(f"{shown.address}{ACME}")
        links = page.locator("nav a")
        assert links.count() >= 8
        for place in range(links.count()):
            box = links.nth(place).bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= 390
        assert page.locator("nav a[aria-current=page]").inner_text() == "Clients"
        header = page.locator("header.top").bounding_box()
        assert header is not None
        assert header["height"] < 100


def test_a_click_with_the_mouse_leaves_no_frame_and_the_keyboard_shows_one(page: Page, shown: Dashboard) -> None:
    page.goto(f"{shown.address}/")
    framed = "getComputedStyle(document.activeElement).outlineStyle"
    page.locator("[data-item] .words").first.click()
    assert page.evaluate(framed) == "none"
    page.keyboard.press("j")
    assert page.evaluate(framed) == "solid"


def test_what_they_wait_for_is_settled_and_undone_on_their_own_page(page: Page, shown: Dashboard) -> None:
    page.goto(f"{shown.address}{ACME}")
    lines = page.locator("#list [data-item]")
    before = lines.count()
    assert before > 0
    lines.first.get_by_role("button", name="Done").first.click()
    expect(lines).to_have_count(before - 1)
    expect(page.get_by_role("heading", level=1)).to_have_text("Acme Ltd")
    page.locator("#undo").get_by_role("button", name="Undo").click()
    expect(lines).to_have_count(before)


def test_why_and_until_later_unfold_on_their_own_page(page: Page, shown: Dashboard) -> None:
    page.goto(f"{shown.address}{ACME}")
    line = page.locator("#list [data-item]").first
    line.locator("details[data-unfolds=more] > summary").click()
    expect(line.locator("ol.grounds")).to_be_visible()
    assert_accessible(page)
    line.locator("details[data-unfolds=later] > summary").click()
    line.get_by_role("button", name="In a week").first.click()
    expect(page.locator("#undo")).to_contain_text("Hidden until")
    expect(page.get_by_role("heading", level=1)).to_have_text("Acme Ltd")


def test_a_draft_is_copied_and_a_mail_is_found_without_a_mail_program(page: Page, shown: Dashboard) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{shown.address}{ACME}")
    line = page.locator("#list [data-item]").first
    line.locator("details[data-unfolds=more] > summary").click()
    expect(line.locator("ol.grounds")).to_contain_text("in your Inbox")
    line.locator("details[data-unfolds=draft] > summary").click()
    line.get_by_role("button", name="Copy the text").click()
    expect(line.locator("[role=status]")).to_have_text("Copied")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text == line.locator("details[data-unfolds=draft] blockquote.mail").text_content()

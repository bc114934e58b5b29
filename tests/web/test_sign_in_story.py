"""Signing in as people do it, in a real browser: by a link, once; with two accounts at two desks; and out again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page
from two_accounts import LEE, THEIR_CLIENT, WORDS, add_lee
from web_pages import DANA, SCREENS, Dashboard, Place, assert_accessible, assert_fits, dashboard, enter, watched_page

from daemon.operations.client_rows import client_id

pytest_plugins = ("web_fixtures",)

OWN_PAGES = ("/", "/?all=1", "/clients", "/plan", "/look-back", "/replay", "/corrections", "/health", "/settings")


def test_a_link_that_was_used_says_what_to_do(browser: Browser, shown: Dashboard) -> None:
    link = shown.link()
    with watched_page(browser, shown, sign_in=False) as mine:
        enter(mine, link)
        assert mine.get_by_role("heading", level=1).inner_text() == "Today"
    with watched_page(browser, shown, sign_in=False, failing=[410]) as another:
        another.goto(link)
        assert another.get_by_role("heading", level=1).inner_text() == "This link does not work any more"
        another.get_by_role("link", name="Get another link").click()
        another.get_by_label("Your email address").fill("dana@northwind.example")
        another.get_by_role("button", name="Send me a link").click()
        assert another.get_by_role("heading", level=1).inner_text() == "Look in your mailbox"


@pytest.mark.parametrize("screen", SCREENS)
def test_whoever_is_not_signed_in_is_led_to_a_page_that_everybody_can_use(
    browser: Browser, shown: Dashboard, screen: str
) -> None:
    with watched_page(browser, shown, screen, sign_in=False) as page:
        page.goto(f"{shown.address}/clients")
        assert page.url == f"{shown.address}/sign-in"
        assert_fits(page)
        assert_accessible(page)
        page.goto(shown.link())
        assert_fits(page)
        assert_accessible(page)


def test_signing_out_leaves_nothing_to_go_back_to(page: Page, shown: Dashboard) -> None:
    page.goto(f"{shown.address}/health")
    page.get_by_role("button", name="Sign out").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Sign in to Kept"
    page.go_back()
    page.wait_for_url("**/sign-in")


def test_two_that_may_not_see_each_other_each_see_their_own(browser: Browser, place: Place) -> None:
    add_lee(place.config)
    with (
        dashboard(place.config) as shown,
        watched_page(browser, shown) as dana,
        watched_page(browser, shown, sign_in=False) as lee,
    ):
        enter(lee, shown.link(LEE))
        lee.goto(shown.address)
        dana.goto(shown.address)
        assert WORDS in lee.content()
        assert WORDS not in dana.content()
        for page, sees in ((lee, True), (dana, False)):
            page.goto(f"{shown.address}/clients")
            assert (page.get_by_role("link", name=THEIR_CLIENT).count() > 0) is sees


@pytest.mark.parametrize("is_lee", [False, True])
def test_nobody_gets_at_what_is_anothers_by_its_address(browser: Browser, place: Place, is_lee: bool) -> None:
    """What one of two may open is not there for the other, and no page of theirs has a word of it."""
    lees = add_lee(place.config)
    with dashboard(place.config) as shown:
        (danas, *_) = shown.office.app.runtimes[DANA].ledger.open_obligations(shown.clock.now)
        item, client = (danas.id, danas.client) if is_lee else (lees, THEIR_CLIENT)
        page_of = f"/clients/{client_id(client)}"
        theirs = (
            f"/items/{item}",
            f"/items/{item}/draft",
            f"/items/{item}/later",
            page_of,
            f"{page_of}/charter",
            f"{page_of}/report",
        )
        foreign = (client, danas.summary) if is_lee else (client, WORDS)
        with watched_page(browser, shown, sign_in=False, failing=[404]) as page:
            enter(page, shown.link(LEE if is_lee else DANA))
            for path in (*theirs, f"{page_of}/story", "/team", "/team/figures"):
                answer = page.goto(f"{shown.address}{path}")
                assert answer is not None
                assert answer.status == 404, path
                assert not [words for words in foreign if words in page.content()], path
            for path in OWN_PAGES:
                answer = page.goto(f"{shown.address}{path}", wait_until="networkidle")
                assert answer is not None
                assert answer.status == 200, path
                assert not [words for words in foreign if words in page.content()], path


def test_the_links_above_lead_somewhere_for_whoever_may_open_them(browser: Browser, place: Place) -> None:
    """So that the test before looks for what can be found."""
    lees = add_lee(place.config)
    with dashboard(place.config) as shown, watched_page(browser, shown, sign_in=False) as page:
        enter(page, shown.link(LEE))
        for path in (f"/items/{lees}", f"/items/{lees}/draft", f"/clients/{client_id(THEIR_CLIENT)}"):
            page.goto(f"{shown.address}{path}", wait_until="networkidle")
            assert WORDS in page.content(), path


def test_a_link_that_two_browsers_opened_lets_one_of_them_in(browser: Browser, shown: Dashboard) -> None:
    link = shown.link()
    with (
        watched_page(browser, shown, sign_in=False) as first,
        watched_page(browser, shown, sign_in=False, failing=[410]) as second,
    ):
        second.goto(link)
        enter(first, link)
        second.get_by_role("button", name="Sign in").click()
        assert second.get_by_role("heading", level=1).inner_text() == "This link does not work any more"
        second.goto(f"{shown.address}/health")
        assert second.url == f"{shown.address}/sign-in"
        first.goto(f"{shown.address}/health")
        assert first.get_by_role("heading", level=1).inner_text() == "Health"


def test_the_keys_lead_from_page_to_page(page: Page, shown: Dashboard) -> None:
    page.goto(f"{shown.address}/health")
    page.keyboard.press("g")
    page.keyboard.press("s")
    page.wait_for_url("**/settings")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"


def test_a_server_that_went_away_is_said(browser: Browser, shown: Dashboard) -> None:
    with watched_page(browser, shown, failing=[0]) as page:
        page.goto(f"{shown.address}/health")
        shown.server.stop()
        page.evaluate("htmx.ajax('GET', '/health', {target: '#content'}).catch(() => {})")
        page.get_by_text("Kept does not answer").wait_for()


def test_a_link_on_another_site_leads_in_and_signs_nobody_out(page: Page, shown: Dashboard) -> None:
    """The browser keeps the cookie to itself when another site leads here; localhost is another site than 127.0.0.1."""
    page.goto(f"{shown.address.replace('127.0.0.1', 'localhost')}/sign-in")
    page.evaluate(f"location.href = '{shown.address}/settings?x=1'")
    page.get_by_role("heading", name="Settings", level=1).wait_for()
    assert page.url.startswith(f"{shown.address}/settings?x=1")
    page.goto(f"{shown.address}/health")
    assert page.get_by_role("heading", level=1).inner_text() == "Health"

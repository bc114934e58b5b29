"""Signing in as people do it, in a real browser: by a link, once; with two accounts at two desks; and out again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page
from two_accounts import LEE, THEIR_CLIENT, WORDS, add_lee
from web_pages import SCREENS, Dashboard, Place, assert_accessible, assert_fits, dashboard, enter, watched_page

pytest_plugins = ("web_fixtures",)


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
    assert page.get_by_role("heading", level=1).inner_text() == "Sign in"
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

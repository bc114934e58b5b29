"""The page of the team in a real browser: what a manager sees of each person, by figures alone or with the words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect
from two_accounts import LEE, add_colleagues
from web_pages import SCREENS, Dashboard, Place, assert_accessible, assert_fits, dashboard, enter, watched_page

pytest_plugins = ("web_fixtures",)

SLOW = 60_000  # milliseconds for the first look at a person on a busy machine
WORDS = "revised quote"  # of a client of Dana's


@contextmanager
def as_lee(
    browser: Browser, place: Place, screen: str = "desk, light", sees: str | None = None
) -> Iterator[tuple[Page, Dashboard]]:
    """Open the page of the team as Dana's manager."""
    add_colleagues(place.config, sees)
    with dashboard(place.config) as shown, watched_page(browser, shown, screen, sign_in=False) as page:
        enter(page, shown.link(LEE))
        page.goto(f"{shown.address}/team")
        yield page, shown


@pytest.mark.parametrize("screen", SCREENS)
def test_it_fits_every_screen_and_everybody_can_use_it(browser: Browser, place: Place, screen: str) -> None:
    with as_lee(browser, place, screen) as (page, _):
        assert page.get_by_role("heading", level=1).inner_text() == "Team"
        expect(page.get_by_role("heading", name="Dana Reyes")).to_be_visible(timeout=SLOW)
        page.get_by_text("In words").click()
        assert_fits(page)
        assert_accessible(page)


def test_who_is_overdue_with_whom_is_told_without_what_was_written(browser: Browser, place: Place) -> None:
    with as_lee(browser, place) as (page, _):
        dana = page.get_by_role("region", name="Dana Reyes")
        expect(dana).to_contain_text("Acme Ltd", timeout=SLOW)
        expect(dana).to_contain_text(re.compile(r"\d+ overdue"))
        expect(dana).to_contain_text("what was written is theirs")
        assert WORDS not in page.content()
        expect(page.get_by_role("row").filter(has_text="Dana Reyes")).to_contain_text("of them overdue")
        assert page.get_by_text("Rob Hill").count() == 0


def test_whoever_may_read_the_teams_mail_sees_the_words(browser: Browser, place: Place) -> None:
    with as_lee(browser, place, sees="team") as (page, _):
        expect(page.get_by_role("region", name="Dana Reyes")).to_contain_text(WORDS, timeout=SLOW)


def test_what_is_due_by_week_is_a_picture_with_the_same_in_words(browser: Browser, place: Place) -> None:
    with as_lee(browser, place) as (page, _):
        trend = page.get_by_role("region", name="By week")
        expect(trend.get_by_role("img", name=re.compile("^What fell due each week"))).to_be_visible(timeout=SLOW)
        trend.get_by_text("In words").click()
        expect(trend.get_by_role("row").first).to_contain_text("on time")


def test_without_javascript_a_link_shows_the_figures(browser: Browser, place: Place) -> None:
    add_colleagues(place.config)
    with dashboard(place.config) as shown:
        context = browser.new_context(java_script_enabled=False, locale="en-GB")
        page = context.new_page()
        enter(page, shown.link(LEE))
        page.set_default_timeout(SLOW)
        page.goto(f"{shown.address}/team")
        page.get_by_role("link", name="Show the figures").click()
        assert page.get_by_role("heading", name="Dana Reyes").is_visible()
        context.close()

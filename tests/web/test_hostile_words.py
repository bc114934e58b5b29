"""200 hostile names, subjects, questions and meeting titles: nothing of them runs, and no page is torn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from web_hostile import NOW, PAYLOADS, hostile_office
from web_pages import Clock, Dashboard, assert_fits, dashboard, watched_page

pytest_plugins = ("web_fixtures",)


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_office(tmp_path_factory.mktemp("hostile")).config


@pytest.fixture
def shown(besieged: Path) -> Iterator[Dashboard]:
    with dashboard(besieged, Clock(NOW)) as served:
        yield served


def test_there_are_two_hundred() -> None:
    assert len(PAYLOADS) * 4 == 200


@pytest.mark.parametrize("screen", ["phone, dark", "desk, light"])
@pytest.mark.parametrize("path", ["/", "/?all=1", "/?all=1&by=client", "/plan", "/corrections"])
def test_nothing_runs_and_the_layout_holds(browser: Browser, shown: Dashboard, path: str, screen: str) -> None:
    with watched_page(browser, shown, screen) as page:
        page.set_default_timeout(60_000)
        page.goto(f"{shown.address}{path}")
        unfold_some(page)
        assert page.evaluate("window.ran") is None
        assert page.url == f"{shown.address}{path}"
        assert page.locator("#list script, #list iframe, #list img, #list svg, #list style, #list base, #list meta").count() == 0
        assert_fits(page)


def unfold_some(page: Page) -> None:
    """Unfold every eighth of what has more to show, with a draft where there is one in it, and wait for what that loads."""
    for details in page.locator("#list details:not(details details)").all()[::8]:
        details.locator("summary").first.click()
        for draft in details.locator("details[data-unfolds=draft]").all():
            draft.locator("summary").click()
    expect(page.locator(".htmx-request")).to_have_count(0, timeout=60_000)


def test_the_words_themselves_are_shown_as_they_were_written(browser: Browser, shown: Dashboard) -> None:
    with watched_page(browser, shown) as page:
        page.set_default_timeout(60_000)
        page.goto(f"{shown.address}/?all=1")
        assert "<script>window.ran" in page.locator("#list").inner_text()

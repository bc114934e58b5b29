"""The same 200 hostile words on the pages of the clients: nothing of them runs, and no page is torn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from web_hostile import NOW, hostile_office
from web_pages import Clock, Dashboard, assert_fits, dashboard, watched_page

pytest_plugins = ("web_fixtures",)

HARMFUL = "main script, main iframe, main img, main style, main base, main meta, main link, main [onerror], main [onload], main [onfocus]"


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_office(tmp_path_factory.mktemp("hostile")).config


@pytest.fixture
def shown(besieged: Path) -> Iterator[Dashboard]:
    with dashboard(besieged, Clock(NOW)) as served:
        yield served


@pytest.mark.parametrize("screen", ["phone, light", "desk, dark"])
def test_nothing_runs_on_the_pages_of_the_clients_and_they_keep_their_shape(
    browser: Browser, shown: Dashboard, screen: str
) -> None:
    with watched_page(browser, shown, screen) as page:
        page.set_default_timeout(60_000)
        page.goto(f"{shown.address}/clients")
        links = [str(link.get_attribute("href")) for link in page.locator("a.client").all()]
        assert len(links) == 2
        for path in ("/clients", *links, f"{links[0]}/charter", f"{links[1]}/story", "/look-back?days=30"):
            page.goto(f"{shown.address}{path}")
            assert page.evaluate("window.ran") is None
            assert page.locator(HARMFUL).count() == 0
            assert_fits(page)

"""Fixtures of the dashboard's tests, for modules that name `pytest_plugins = ("web_fixtures",)`. Without Chromium, those of the browser skip."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from web_pages import SCREENS, Dashboard, Place, Visitor, chromium, dashboard, visitor, watched_page


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("web"))


@pytest.fixture
def place(lived: Place) -> Place:
    """The sample office as it was lived, for this test alone."""
    lived.put_back()
    return lived


@pytest.fixture
def guest(place: Place) -> Iterator[Visitor]:
    """Somebody who is not signed in."""
    with visitor(place.config) as somebody:
        yield somebody


@pytest.fixture
def dana(guest: Visitor) -> Visitor:
    """Dana, signed in."""
    guest.sign_in()
    return guest


@pytest.fixture
def shown(place: Place) -> Iterator[Dashboard]:
    """The sample office behind a real server."""
    with dashboard(place.config) as served:
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser, shown: Dashboard) -> Iterator[Page]:
    """A page at a desk, signed in as Dana."""
    with watched_page(browser, shown) as opened:
        yield opened


@pytest.fixture(params=SCREENS)
def any_page(browser: Browser, shown: Dashboard, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The same on each screen: a phone and a desk, light and dark."""
    with watched_page(browser, shown, str(request.param)) as opened:
        yield opened

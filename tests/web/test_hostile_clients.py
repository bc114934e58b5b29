"""The same 200 hostile words on the pages of the clients, the team and Kept itself: nothing of them runs, and no page is torn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect
from two_accounts import LEE, add_colleagues
from web_hostile import NOW, PAYLOADS, hostile_office
from web_pages import Clock, Dashboard, assert_fits, dashboard, enter, watched_page
from week import at

from daemon.commands.sync import read_sources

pytest_plugins = ("web_fixtures",)

LATER = at(4, 9)
HOSTILE_NAME = "x<img src=x onerror='window.ran=1'>" + "W" * 120
HARMFUL = "body script, body iframe, body img, body style, body base, body meta, body link, body [onerror], body [onload], body [onfocus]"


@pytest.fixture(scope="module")
def besieged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_office(tmp_path_factory.mktemp("hostile")).config


@pytest.fixture(scope="module")
def commanded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same office, whose account and sources are called by hostile words, too, with a manager who may read all of it."""
    office = hostile_office(tmp_path_factory.mktemp("commanded"), meetings=False)
    config = yaml.safe_load(office.config.read_text("utf-8"))
    config["accounts"][0] |= {"name": HOSTILE_NAME, "manager": LEE}
    config["accounts"][0]["calendars"].append({"type": "ics", "path": HOSTILE_NAME})
    for client in config["clients"]:
        client["charter"] = {**client.get("charter", {}), "since": "2026-03-01"}  # so that what falls due counts
    office.config.write_text(yaml.safe_dump(config), "utf-8")
    add_colleagues(office.config, "team")
    with office.app() as app:
        read_sources(app, NOW)
    return office.config


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
        charters, reports = [f"{link}/charter" for link in links], [f"{link}/report" for link in links]
        for path in ("/clients", *links, *charters, f"{links[1]}/story", "/look-back?days=30"):
            page.goto(f"{shown.address}{path}")
            assert_harmless(page)
        for path in reports:
            page.goto(f"{shown.address}{path}")
            assert page.evaluate("window.ran") is None
            assert page.locator("script, iframe, base, [onerror], [onload], [onfocus]").count() == 0


def assert_harmless(page: Page) -> None:
    assert page.evaluate("window.ran") is None
    assert page.locator(HARMFUL).count() == 0
    assert_fits(page)


@pytest.mark.parametrize("screen", ["phone, dark", "desk, light"])
def test_nothing_runs_on_the_pages_about_kept_itself(browser: Browser, commanded: Path, screen: str) -> None:
    with dashboard(commanded, Clock(NOW)) as served, watched_page(browser, served, screen) as page:
        page.set_default_timeout(60_000)
        for path in ("/health", "/settings", "/replay", "/settings?changed=%3Cimg%20src=x%20onerror=alert(1)%3E"):
            page.goto(f"{served.address}{path}")
            assert_harmless(page)
        page.goto(f"{served.address}/health")
        assert "<img src=x" in page.locator("body").inner_text()


@pytest.mark.parametrize("screen", ["phone, light", "desk, dark"])
def test_nothing_runs_on_the_page_of_the_team(browser: Browser, commanded: Path, screen: str) -> None:
    """Of a person who is called by hostile words; none of their clients' words are overdue here, so that they are not on it."""
    with dashboard(commanded, Clock(NOW)) as served, watched_page(browser, served, screen, sign_in=False) as page:
        page.set_default_timeout(60_000)
        enter(page, served.link(LEE))
        page.goto(f"{served.address}/team")
        expect(page.get_by_role("heading", name="By week")).to_be_visible(timeout=60_000)
        assert_harmless(page)
        assert "<img src=x" in page.locator("main").inner_text()


@pytest.mark.parametrize("screen", ["phone, dark", "desk, light"])
def test_nothing_runs_where_the_team_shows_what_is_overdue(browser: Browser, commanded: Path, screen: str) -> None:
    """Two days later the questions are overdue, and whoever may read all of it sees their words."""
    with dashboard(commanded, Clock(LATER)) as served, watched_page(browser, served, screen, sign_in=False) as page:
        page.set_default_timeout(60_000)
        enter(page, served.link(LEE))
        page.goto(f"{served.address}/team")
        expect(page.get_by_text("Can you send me the quote <").first).to_be_visible(timeout=60_000)
        assert_harmless(page)


@pytest.mark.parametrize("screen", ["phone, light", "desk, dark"])
def test_nothing_runs_in_what_a_replay_would_have_said(browser: Browser, besieged: Path, screen: str) -> None:
    with dashboard(besieged, Clock(LATER)) as served, watched_page(browser, served, screen) as page:
        page.set_default_timeout(60_000)
        page.goto(f"{served.address}/replay")
        page.get_by_label("From").fill("2026-03-02")
        page.get_by_role("button", name="Try it").click()
        expect(page.get_by_role("heading", name="Kept would have spoken so often")).to_be_visible(timeout=120_000)
        for folded in page.locator("#outcome details").all():
            folded.locator("summary").click()
        assert "<img src=x" in page.locator("#outcome").inner_text()
        assert_harmless(page)


@pytest.mark.parametrize("words", [words for words in PAYLOADS if "\n" not in words][::7])
def test_what_is_typed_into_a_form_comes_back_as_words(browser: Browser, shown: Dashboard, words: str) -> None:
    """Reflected scripts: the charter and the replay show again what they could not take."""
    with watched_page(browser, shown, failing=[400, 422]) as page:
        page.set_default_timeout(60_000)
        page.goto(f"{shown.address}/clients")
        page.goto(f"{shown.address}{page.locator('a.client').first.get_attribute('href')}/charter")
        page.get_by_label("Who agreed to it, on both sides").fill(words)
        page.get_by_label("How soon are their emails answered?").fill(words)
        page.get_by_role("button", name="Show what they will read").click()
        page.wait_for_load_state("networkidle")
        assert_harmless(page)
        page.goto(f"{shown.address}/replay")
        page.get_by_label("Answer emails within").fill(words)
        page.get_by_role("button", name="Try it").click()
        page.wait_for_load_state("networkidle")
        assert_harmless(page)

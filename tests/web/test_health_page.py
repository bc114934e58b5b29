"""The page of Kept's health, in a real browser and without one."""

from __future__ import annotations

from playwright.sync_api import Page
from web_pages import Dashboard, Visitor, assert_accessible, assert_fits

pytest_plugins = ("web_fixtures",)


def test_it_fits_every_screen_and_everybody_can_use_it(any_page: Page, shown: Dashboard) -> None:
    any_page.goto(f"{shown.address}/health")
    assert any_page.get_by_role("heading", level=1).inner_text() == "Health"
    assert_fits(any_page)
    assert_accessible(any_page)


def test_it_names_each_source_and_how_far_it_was_read(dana: Visitor) -> None:
    text = dana.get("/health").text
    assert "read up to today 08:30" in text
    assert text.count("read up to") == 2

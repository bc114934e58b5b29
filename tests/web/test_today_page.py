"""The page of today in a real browser: settling, undoing, looking up why, by mouse, by keyboard and without JavaScript."""

from __future__ import annotations

import re
from email.utils import format_datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from web_pages import DANA, SCREENS, Dashboard, assert_accessible, assert_fits, enter, watched_page

from daemon.app import App
from daemon.commands.sync import read_sources
from daemon.glossary.decisions import Verb
from daemon.operations.decisions import decide

pytest_plugins = ("web_fixtures",)

expect.set_options(timeout=20_000)
SLOW = 20_000  # milliseconds for what a busy machine does in its own time


@pytest.fixture
def open_page(page: Page, shown: Dashboard) -> Page:
    """The page of today at a desk."""
    page.goto(f"{shown.address}/")
    page.set_default_timeout(SLOW)
    return page


def lines(page: Page) -> Locator:
    return page.locator("[data-item]")


def ids(page: Page) -> list[str]:
    return [str(i) for i in lines(page).evaluate_all("all => all.map(one => one.dataset.item)")]


def line(page: Page, target: str) -> Locator:
    return page.locator(f"[data-item='{target}']")


def waits(page: Page, words: str) -> str:
    """Return the id of the first line with these words."""
    found = lines(page).filter(has_text=words).first.get_attribute("data-item")
    assert found is not None
    return found


def unfold(page: Page, target: str, what: str) -> Locator:
    details = line(page, target).locator(f"details[id^={what}]")
    details.locator("summary").first.click()
    return details


def test_it_fits_every_screen_and_everybody_can_use_it(any_page: Page, shown: Dashboard) -> None:
    any_page.goto(f"{shown.address}/?all=1")
    assert_fits(any_page)
    target = waits(any_page, "revised quote for the spares kit")
    for what in ("more", "draft", "later"):
        unfold(any_page, target, what)
    expect(line(any_page, target).locator("mark").first).to_be_visible(timeout=SLOW)
    expect(line(any_page, target).get_by_text("[your answer]")).to_be_visible(timeout=SLOW)
    assert_fits(any_page)
    assert_accessible(any_page)


def test_what_is_done_leaves_the_list_and_comes_back_when_it_is_undone(open_page: Page) -> None:
    before = ids(open_page)
    target = waits(open_page, "firm answer by Wednesday noon")
    line(open_page, target).get_by_role("button", name="Done").click()
    expect(line(open_page, target)).to_have_count(0)
    bar = open_page.locator("#undo")
    expect(bar).to_contain_text("Done: Promised to Isla Fenwick")
    assert_accessible(open_page)
    bar.get_by_role("button", name="Undo").click()
    expect(line(open_page, target)).to_have_count(1)
    assert ids(open_page) == before


def test_the_bar_leaves_after_ten_seconds_and_the_list_of_what_was_settled_still_undoes_it(open_page: Page) -> None:
    open_page.clock.install()
    target = waits(open_page, "firm answer by Wednesday noon")
    line(open_page, target).get_by_role("button", name="Done").click()
    expect(open_page.locator("#undo .bar")).to_be_visible()
    open_page.mouse.move(5, 5)
    open_page.clock.run_for(9_000)
    expect(open_page.locator("#undo .bar")).to_be_visible()
    open_page.clock.run_for(2_000)
    expect(open_page.locator("#undo .bar")).to_have_count(0)
    open_page.locator("#settled summary").click()
    open_page.locator("#settled").get_by_role("button", name="Undo").click()
    expect(line(open_page, target)).to_have_count(1)


def test_what_comes_back_by_undo_has_the_focus_and_is_seen(open_page: Page) -> None:
    target = waits(open_page, "firm answer by Wednesday noon")
    line(open_page, target).get_by_role("button", name="Done").click()
    expect(line(open_page, target)).to_have_count(0)
    open_page.locator("#settled summary").click()
    open_page.locator("#settled").get_by_role("button", name="Undo").click()
    expect(line(open_page, target)).to_be_focused()
    expect(line(open_page, target)).to_be_in_viewport()


@pytest.mark.parametrize(("choice", "said"), [("Tomorrow", "Hidden until tomorrow"), ("Mon 9 Mar", "Hidden until Mon 9 Mar")])
def test_what_is_hidden_until_a_day_says_until_when_and_that_it_is_due_before(open_page: Page, choice: str, said: str) -> None:
    target = waits(open_page, "firm answer by Wednesday noon")
    unfold(open_page, target, "later").get_by_role("button", name=choice).click()
    expect(line(open_page, target)).to_have_count(0)
    expect(open_page.locator("#undo")).to_contain_text(said)
    expect(open_page.locator("#undo")).to_contain_text("It is due before that: today 12:00.")


def test_it_is_hidden_until_a_date_of_ones_own(open_page: Page) -> None:
    target = waits(open_page, "firm answer by Wednesday noon")
    later = unfold(open_page, target, "later")
    later.get_by_label("Another day").fill("2026-03-20")
    later.get_by_role("button", name="Hide until then").click()
    expect(open_page.locator("#undo")).to_contain_text("Hidden until Fri 20 Mar")


def test_why_unfolds_in_place_with_the_words_marked(open_page: Page) -> None:
    target = waits(open_page, "revised quote for the spares kit")
    why = unfold(open_page, target, "more")
    expect(why.locator("mark").first).to_contain_text("can you send me a revised quote for the spares kit")
    expect(why).to_contain_text("Kim Lane wrote “Revised quote for spares”")
    assert line(open_page, target).get_by_role("link", name=re.compile("^Open mail")).get_attribute("href") is not None


@pytest.mark.parametrize("verb", ["Not owed", "Misread"])
def test_what_is_seldom_wanted_stands_under_more_and_settles_it(open_page: Page, verb: str) -> None:
    target = waits(open_page, "revised quote for the spares kit")
    button = line(open_page, target).get_by_role("button", name=re.compile(f"^{verb}"))
    expect(button).to_be_hidden()
    unfold(open_page, target, "more")
    button.click()
    expect(line(open_page, target)).to_have_count(0)
    expect(open_page.locator("#undo")).to_contain_text(verb)


@pytest.mark.parametrize(("screen", "lines_seen", "button"), [("desk, light", 6, 24), ("phone, light", 3, 44)])
def test_the_first_look_shows_several_lines_and_every_button_can_be_hit(
    browser: Browser, shown: Dashboard, screen: str, lines_seen: int, button: int
) -> None:
    """6 lines at a desk and 3 on a phone; 44 pixels for a finger, 24 for a mouse (WCAG 2.2, 2.5.8)."""
    with watched_page(browser, shown, screen) as page:
        page.goto(f"{shown.address}/")
        boxes = [one.bounding_box() for one in lines(page).all()]
        assert sum(box is not None and box["y"] + box["height"] <= SCREENS[screen][1] for box in boxes) >= lines_seen
        touched = [one.bounding_box() for one in page.locator("[data-item] button:visible, [data-item] summary:visible").all()]
        assert all(box is not None and box["height"] >= button for box in touched)


def test_what_is_only_counted_unfolds_in_place_and_stays_unfolded_while_it_is_settled(open_page: Page) -> None:
    said = ids(open_page)
    rest = open_page.locator("#rest")
    expect(rest).to_have_attribute("aria-expanded", "false")
    rest.focus()
    open_page.keyboard.press("Enter")
    expect(rest).to_have_attribute("aria-expanded", "true")
    expect(rest).to_be_focused()
    unfolded = ids(open_page)
    assert unfolded[: len(said)] == said
    assert len(set(unfolded)) == len(unfolded) > len(said)
    line(open_page, unfolded[-1]).get_by_role("button").first.click()
    expect(line(open_page, unfolded[-1])).to_have_count(0)
    expect(rest).to_have_attribute("aria-expanded", "true")
    open_page.reload()
    expect(rest).to_have_attribute("aria-expanded", "true")
    rest.click()
    expect(rest).to_have_attribute("aria-expanded", "false")
    assert ids(open_page) == said


def test_a_question_is_answered_with_yes_or_no(open_page: Page, shown: Dashboard) -> None:
    open_page.goto(f"{shown.address}/?all=1")
    question = lines(open_page).filter(has=open_page.locator("[data-verb=confirm]")).first
    target = str(question.get_attribute("data-item"))
    question.get_by_role("button", name=re.compile("^No")).click()
    expect(line(open_page, target)).to_have_count(0)
    expect(open_page.locator("#undo")).to_contain_text("Misread, not owed")


def test_it_is_used_by_keyboard_alone(open_page: Page) -> None:
    first, second, *_ = ids(open_page)
    open_page.keyboard.press("j")
    open_page.keyboard.press("j")
    expect(line(open_page, second)).to_be_focused()
    open_page.keyboard.press("k")
    expect(line(open_page, first)).to_be_focused()
    open_page.keyboard.press("d")
    expect(line(open_page, first)).to_have_count(0)
    expect(line(open_page, second)).to_be_focused()
    open_page.keyboard.press("u")
    expect(line(open_page, first)).to_be_focused()
    open_page.keyboard.press("s")
    expect(line(open_page, first).get_by_role("button", name="Tomorrow")).to_be_focused()
    open_page.keyboard.press("?")
    expect(open_page.get_by_role("dialog")).to_be_visible()
    assert_accessible(open_page)
    open_page.keyboard.press("Escape")
    expect(open_page.get_by_role("dialog")).to_be_hidden()


def test_the_same_lines_stand_under_their_clients(open_page: Page) -> None:
    before = set(ids(open_page))
    open_page.get_by_role("link", name="By client").click()
    expect(open_page.get_by_role("heading", level=2, name="Acme Ltd")).to_have_count(1)
    assert set(ids(open_page)) == before
    target = waits(open_page, "firm answer by Wednesday noon")
    line(open_page, target).get_by_role("button", name="Done").click()
    expect(line(open_page, target)).to_have_count(0)
    expect(open_page.get_by_role("heading", level=2, name="Acme Ltd")).to_have_count(1)


def test_what_the_daemon_reads_meanwhile_appears_and_what_is_unfolded_stays(open_page: Page, shown: Dashboard) -> None:
    kept = waits(open_page, "revised quote for the spares kit")
    settled = waits(open_page, "firm answer by Wednesday noon")
    why = unfold(open_page, kept, "more")
    expect(why.locator("mark").first).to_be_visible()
    shown.clock.forward(minutes=1)
    with App.open(shown.config, {}) as daemon:
        decide(daemon, Verb.DONE, settled, shown.clock.now)
        _lay(shown, "Which pallet size do you need by noon today? Please tell me, we load at one.")
        read_sources(daemon, shown.clock.now)
    expect(line(open_page, settled)).to_have_count(0)
    expect(open_page.locator("#list")).to_contain_text("Which pallet size do you need")
    expect(why.locator("mark").first).to_be_visible()


def _lay(shown: Dashboard, text: str) -> None:
    """Have a mail of a client come."""
    now = shown.clock.now
    head = (
        f"From: Kim Lane <kim@acme.example>\r\nTo: {DANA}\r\nDate: {format_datetime(now)}\r\n"
        "Subject: Pallets\r\nMessage-ID: <pallets@acme.example>\r\n\r\n"
    )
    (shown.config.parent / "Maildir" / "cur" / f"{int(now.timestamp())}.1.test:2,").write_bytes(f"{head}{text}\r\n".encode())


def test_without_javascript_everything_works_by_forms_and_links(browser: Browser, shown: Dashboard) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.set_default_timeout(SLOW)
    enter(page, shown.link())
    page.goto(f"{shown.address}/")
    target = waits(page, "firm answer by Wednesday noon")
    line(page, target).get_by_role("button", name="Done").click()
    assert line(page, target).count() == 0
    assert "Done: Promised to Isla Fenwick" in page.locator("#undo").inner_text()
    page.locator("#undo").get_by_role("button", name="Undo").click()
    assert line(page, target).count() == 1
    unfold(page, target, "later").get_by_role("link", name="Later").click()
    page.get_by_role("button", name="Tomorrow").click()
    assert line(page, target).count() == 0
    page.goto(f"{shown.address}/")
    other = waits(page, "revised quote for the spares kit")
    unfold(page, other, "more").get_by_role("link", name="Why").click()
    assert "can you send me a revised quote" in page.locator("mark").first.inner_text()
    page.get_by_role("button", name="Not owed").click()
    assert "Not owed" in page.locator("#undo").inner_text()
    context.close()

"""The settings of the dashboard: what they write into the configuration, and what they refuse."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page
from web_pages import DANA, Dashboard, Place, Visitor, assert_accessible, assert_fits, visitor

pytest_plugins = ("web_fixtures",)

HERE = "/settings"


def written(visitor: Visitor) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load(visitor.config.read_text())
    return found


def account(visitor: Visitor) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load(visitor.config.read_text())["accounts"][0]
    return found


def test_it_fits_every_screen_and_everybody_can_use_it(any_page: Page, shown: Dashboard) -> None:
    any_page.goto(f"{shown.address}{HERE}")
    assert any_page.get_by_role("heading", level=1).inner_text() == "Settings"
    assert_fits(any_page)
    assert_accessible(any_page)


def test_days_off_that_somebody_adds_are_shown_and_go_again(page: Page, shown: Dashboard) -> None:
    page.goto(f"{shown.address}{HERE}")
    page.get_by_label("First day").fill("2026-07-06")
    page.get_by_label("Last day").fill("2026-07-17")
    page.get_by_role("button", name="Add").nth(1).click()
    assert page.get_by_role("status").inner_text().startswith("Saved")
    page.get_by_role("button", name="Remove the days off from 6 Jul 2026").click()
    page.wait_for_url("**/settings?saved=away#away")
    assert page.get_by_text("6 Jul 2026").count() == 0


def test_the_digests_time_and_the_reminders_of_a_day_are_taken_at_once(dana: Visitor) -> None:
    assert dana.post(f"{HERE}/house", seen=HERE, digest_at="06:45", interruptions="3").status_code == 303
    assert (written(dana)["digest"], written(dana)["interruptions"]) == ({"at": "06:45"}, 3)
    policy = dana.office.app.runtimes[DANA].config.policy
    assert (policy.digest_at.isoformat("minutes"), policy.interruptions) == ("06:45", 3)


@pytest.mark.parametrize(("at", "is_outside"), [("08:00", False), ("06:45", False), ("23:45", True), ("03:00", True)])
def test_a_digest_outside_of_working_hours_is_taken_with_a_word_about_it(dana: Visitor, at: str, is_outside: bool) -> None:
    assert dana.post(f"{HERE}/house", seen=HERE, digest_at=at, interruptions="3").status_code == 303
    assert ("lies outside of your working hours" in dana.get(HERE).text) is is_outside


def test_what_was_saved_is_said_in_its_own_section(dana: Visitor) -> None:
    there = dana.post(f"{HERE}/quiet", seen=HERE, begin="12:00", end="13:00").headers["Location"]
    quiet, away = dana.get(there).text.split('id="away"')
    assert "Saved." in quiet
    assert "Saved." not in away


def test_comments_and_every_other_line_stay_as_they_are(dana: Visitor) -> None:
    before = dana.config.read_text().replace("clients:", "# who buys from us\nclients:", 1)
    dana.config.write_text(before)
    assert dana.post(f"{HERE}/quiet", seen=HERE, begin="12:00", end="13:00").status_code == 303
    after = dana.config.read_text()
    assert account(dana)["quiet"] == ["12:00-13:00"]
    assert [line for line in before.splitlines() if line not in after.splitlines()] == []


def test_what_is_added_and_removed_again_leaves_nothing(dana: Visitor) -> None:
    before = written(dana)
    dana.post(f"{HERE}/quiet", seen=HERE, begin="12:00", end="13:00")
    dana.post(f"{HERE}/away", seen=HERE, first="2026-07-06", last="2026-07-06")
    assert account(dana)["away"] == ["2026-07-06"]
    dana.post(f"{HERE}/quiet/720/780/remove", seen=HERE)
    dana.post(f"{HERE}/away/2026-07-06/remove", seen=HERE)
    assert written(dana) == before


@pytest.mark.parametrize(
    ("where", "form", "said"),
    [
        ("quiet", {"begin": "00:00", "end": "23:59"}, "leaves nothing of a working day"),
        ("quiet", {"begin": "13:00", "end": "12:00"}, "must end after they start"),
        ("quiet", {"begin": "noon", "end": "13:00"}, "write it as 07:30"),
        ("away", {"first": "2026-07-06", "last": "2026-07-05"}, "lies before the first one"),
        ("away", {"first": "soon", "last": "2026-07-05"}, "A date is missing"),
        ("house", {"digest_at": "07:30", "interruptions": "-1"}, "between 0 and 50"),
        ("house", {"digest_at": "07:30\nclients: []", "interruptions": "9e9"}, "between 0 and 50"),
    ],
)
def test_what_would_not_be_valid_is_said_in_words_and_never_written(
    dana: Visitor, where: str, form: dict[str, Any], said: str
) -> None:
    before = dana.config.read_bytes()
    answer = dana.post(f"{HERE}/{where}", seen=HERE, **form)
    assert answer.status_code == 400
    assert said in answer.text
    assert dana.config.read_bytes() == before


def test_an_account_in_a_file_of_its_own_is_changed_there(place: Place) -> None:
    whole = yaml.safe_load(place.config.read_text())
    own = place.folder / "accounts.d" / "dana.yaml"
    own.parent.mkdir()
    own.write_text("# Dana's own\n" + yaml.safe_dump(whole.pop("accounts")[0], sort_keys=False))
    place.config.write_text("include: [accounts.d/*.yaml]\n" + yaml.safe_dump(whole, sort_keys=False))
    before = place.config.read_bytes()
    with visitor(place.config) as dana:
        dana.sign_in()
        assert dana.post(f"{HERE}/quiet", seen=HERE, begin="12:00", end="13:00").status_code == 303
    assert yaml.safe_load(own.read_text())["quiet"] == ["12:00-13:00"]
    assert own.read_text().startswith("# Dana's own\n")
    assert place.config.read_bytes() == before


def test_what_holds_for_a_team_only_its_manager_changes(place: Place) -> None:
    lee = (
        f"  - {{name: Lee Park, addresses: [lee@northwind.example], mail: [{{type: maildir, path: {_maildir(place.folder)}}}]}}\n"
    )
    place.config.write_text(place.config.read_text().replace("clients:", f"{lee}clients:", 1))
    with visitor(place.config) as dana, visitor(place.config) as manager:
        dana.sign_in()
        manager.sign_in("lee@northwind.example")
        form: dict[str, Any] = {"digest_at": "06:45", "interruptions": "3"}
        assert dana.post(f"{HERE}/house", seen=HERE, **form).status_code == 403
        assert manager.post(f"{HERE}/house", seen=HERE, **form).status_code == 303


def _maildir(folder: Path) -> str:
    for part in ("cur", "new", "tmp"):
        (folder / "lee" / part).mkdir(parents=True)
    return "lee"


BY_HAND = """\
# ---- ours: ask Ana before you touch it ----
interruptions:    7   # a day; more is a nuisance
'digest':
    "at" :   '07:15'     # not earlier
include: [ "clients.d/*.yaml" ]   # one each
state: &here  state
accounts:
-   mail:  [ { type : maildir, path: "Maildir" } ]   # read only
    send: {type: file, path: 'outbox'}
    addresses: [ dana@northwind.example,   # first
                 "d.reyes@northwind.example" ]
    name:  "Dana “the fox” Reyes"
    time_zone: Europe/London
    holidays: GB-ENG
    quiet:
    # at noon
      - "12:00-13:00"    # with the dog
      # the school run
      - 15:00-15:30      # Tuesdays mostly
    away: [2026-07-06 to 2026-07-17,   # the sea
           2026-12-24]                 # 'at home'
    # the last line of Dana
clients:  [ ]   # see clients.d
"""


@pytest.mark.parametrize(
    ("where", "form", "gone", "new"),
    [
        (
            "house",
            {"digest_at": "06:45", "interruptions": "3"},
            ["interruptions:    7   # a day; more is a nuisance", "    \"at\" :   '07:15'     # not earlier"],
            ["interruptions: 3   # a day; more is a nuisance", "    at: 06:45     # not earlier"],
        ),
        ("quiet", {"begin": "09:00", "end": "09:15"}, [], ["      - 09:00-09:15"]),
        ("quiet/720/780/remove", {}, ['      - "12:00-13:00"    # with the dog'], []),
        ("quiet/900/930/remove", {}, ["      - 15:00-15:30      # Tuesdays mostly"], []),
        (
            "away",
            {"first": "2026-08-03", "last": "2026-08-03"},
            ["    away: [2026-07-06 to 2026-07-17,   # the sea"],
            ["    away: [2026-07-06 to 2026-07-17, '2026-08-03',   # the sea"],
        ),
    ],
)
def test_a_file_written_by_hand_keeps_every_other_letter(
    place: Place, where: str, form: dict[str, Any], gone: list[str], new: list[str]
) -> None:
    clients = place.folder / "clients.d" / "all.yaml"
    clients.parent.mkdir()
    clients.write_text("# theirs\n" + yaml.safe_dump(yaml.safe_load(place.config.read_text())["clients"]))
    included = clients.read_bytes()
    place.config.write_text(BY_HAND)
    with visitor(place.config) as dana:
        dana.sign_in()
        answer = dana.post(f"{HERE}/{where}", seen=HERE, **form)
        assert answer.status_code == 303, answer.text
    after = place.config.read_text().splitlines()
    assert [line for line in BY_HAND.splitlines() if line not in after] == gone
    assert [line for line in after if line not in BY_HAND.splitlines()] == new
    assert clients.read_bytes() == included

"""Agreeing on a charter on its page, without a browser: what is shown, what is written, and how it is taken back."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from web_pages import DANA, Place, Visitor

from daemon.app import App
from daemon.operations.client_rows import client_id

pytest_plugins = ("web_fixtures",)

ACME = f"/clients/{client_id('Acme Ltd')}"


def charters(place: Place) -> list[Path]:
    return sorted((place.folder / "charters").glob("*/*.yaml"))


def agreed(dana: Visitor, **form: str) -> str:
    """Look at the preview and then agree, as the page does; `do` may leave it at the preview."""
    fields: dict[str, Any] = {"reply": "4h", "from": "2026-03-05", "agreed_by": "Kim Lane, Dana Reyes", **form, "do": "preview"}
    page = dana.post(f"{ACME}/charter", seen=f"{ACME}/charter", **fields).text
    seal = re.search(r'name="previewed" value="([0-9a-f]+)"', page)
    if form.get("do") == "preview" or seal is None:
        return page
    return dana.post(f"{ACME}/charter", seen=f"{ACME}/charter", **fields | {"do": "agree", "previewed": seal[1]}).text


def test_a_preview_writes_nothing(dana: Visitor, place: Place) -> None:
    page = agreed(dana, do="preview")
    assert "Your emails are answered within 4 working hours" in page
    assert charters(place) == []


def test_what_was_agreed_is_written_dated_and_counts(dana: Visitor, place: Place) -> None:
    agreed(dana)
    (file,) = charters(place)
    assert file.name == "2026-03-05.yaml"
    assert yaml.safe_load(file.read_text("utf-8")) | {"from": ""} == {
        "client": "Acme Ltd",
        "from": "",
        "reply": "4h",
        "agreed_by": "Kim Lane, Dana Reyes",
    }
    dana.clock.forward(days=2)
    dana.sign_in()
    assert "4 working hours" in dana.get(ACME).text


def test_what_is_agreed_is_what_was_previewed(dana: Visitor, place: Place) -> None:
    seen = agreed(dana, reply="6h", do="preview")
    (seal,) = re.findall(r'name="previewed" value="([0-9a-f]+)"', seen)
    form = {"reply": "3h", "from": "2026-03-05", "agreed_by": "Kim Lane, Dana Reyes", "do": "agree", "previewed": seal}
    page = dana.post(f"{ACME}/charter", seen=f"{ACME}/charter", **form).text
    assert "You changed something since" in page
    assert "answered within 3 working hours" in page
    assert charters(place) == []


def test_nothing_is_agreed_without_a_preview(dana: Visitor, place: Place) -> None:
    page = dana.post(f"{ACME}/charter", seen=f"{ACME}/charter", reply="4h", do="agree", **{"from": "2026-03-05"}).text
    assert "nothing was written yet" in page
    assert charters(place) == []


def test_the_warning_of_history_stands_beside_the_button(dana: Visitor) -> None:
    preview = agreed(dana, reply="30m", do="preview").split("</section>")[0]
    assert re.search(r'<p class="warn">.*kept in \d+ of \d+ cases', preview)


def test_what_holds_already_can_be_written_down_once(dana: Visitor, place: Place) -> None:
    agreed(dana, reply="", agreed_by="")
    (file,) = charters(place)
    assert yaml.safe_load(file.read_text("utf-8"))["reply"] == "2h"


@pytest.mark.parametrize(
    ("said", "written"),
    [("four hours", "4h"), ("half a day", "4h"), ("4 h", "4h"), ("vier Stunden", "4h"), ("4 Std.", "4h"), ("einen Tag", "1 day")],
)
def test_a_time_may_be_said_in_words(dana: Visitor, place: Place, said: str, written: str) -> None:
    agreed(dana, reply=said)
    (file,) = charters(place)
    assert yaml.safe_load(file.read_text("utf-8"))["reply"] == written


def test_times_are_filled_in_as_the_reader_says_them_and_understood_when_sent_back(dana: Visitor, place: Place) -> None:
    german = {"Accept-Language": "de"}
    page = dana.get(f"{ACME}/charter", **german).text
    fields = dict(re.findall(r'<input id="(\w+)" name="\w+" value="([^"]*)" list="times"', page))
    assert fields["reply"] == "2 Arbeitsstunden"
    form = {**fields, "call_back": "vier Stunden", "from": "2026-03-05", "do": "preview"}
    page = dana.post(f"{ACME}/charter", seen=f"{ACME}/charter", headers=german, **form).text
    (seal,) = re.findall(r'name="previewed" value="([0-9a-f]+)"', page)
    dana.post(f"{ACME}/charter", seen=f"{ACME}/charter", **form | {"do": "agree", "previewed": seal})
    (file,) = charters(place)
    assert set(yaml.safe_load(file.read_text("utf-8"))) == {"client", "from", "call_back"}


def test_once_agreed_only_what_was_agreed_is_named(dana: Visitor) -> None:
    agreed(dana)
    page = dana.get(f"{ACME}/charter/agreed?drafted=yes").text
    assert "Answer emails within 4 working hours." in page
    assert "Plan a next step" not in page


def test_they_are_thanked_for_what_they_told_and_only_for_that(dana: Visitor) -> None:
    assert "Thank you for telling us" not in agreed(dana, do="preview")
    assert "Thank you for telling us" in agreed(dana, do="preview", words="Quick answers when a line stands")


def test_once_agreed_the_page_says_what_and_where(dana: Visitor) -> None:
    agreed(dana)
    page = dana.get(f"{ACME}/charter/agreed?drafted=yes").text
    assert "Answer emails within 4 working hours" in page
    assert "2026-03-05.yaml" in page
    assert re.search(r'<a href="mid:[^"]+">Open the draft</a>', page)


def drafts(place: Place) -> list[str]:
    """The drafts about a charter in the mailbox."""
    texts = [file.read_text("utf-8") for file in (place.folder / "Maildir" / ".Drafts" / "cur").iterdir()]
    return [text for text in texts if "What you can rely on" in text]


def take_back(dana: Visitor, place: Place) -> str:
    """Click on it, and let the daemon take its next turn."""
    page = dana.post(f"{ACME}/charter/take-back", seen=f"{ACME}/charter/agreed").text
    with App.open(place.config, {}, most_open=1) as app, app.lock():
        app.runtimes[DANA].outbox.deliver(dana.clock())
    return page


def test_what_was_agreed_is_taken_back_with_its_draft_and_kept(dana: Visitor, place: Place) -> None:
    agreed(dana)
    (file,) = charters(place)
    written = file.read_bytes()
    assert "what held before holds again" in take_back(dana, place)
    assert (charters(place), drafts(place)) == ([], [])
    assert file.with_name(f"{file.name}.taken-back-1").read_bytes() == written
    assert "Answer emails within 4 working hours" not in dana.get(ACME).text


def test_after_it_was_taken_back_the_same_can_be_agreed_again_and_is_told_again(dana: Visitor, place: Place) -> None:
    for _ in range(3):
        agreed(dana)
        assert (len(charters(place)), len(drafts(place))) == (1, 1)
        take_back(dana, place)
        assert (charters(place), drafts(place)) == ([], [])


def test_a_draft_that_the_user_changed_stays_when_the_charter_is_taken_back(dana: Visitor, place: Place) -> None:
    agreed(dana)
    for file in (place.folder / "Maildir" / ".Drafts" / "cur").iterdir():
        if "What you can rely on" in (text := file.read_text("utf-8")):
            file.write_text(text.replace("Is this what you expect?", "Does this suit you?"), "utf-8")
    take_back(dana, place)
    assert (charters(place), len(drafts(place))) == ([], 1)


def test_what_has_counted_for_a_day_is_not_taken_back(dana: Visitor, place: Place) -> None:
    agreed(dana)
    dana.clock.forward(days=2)
    dana.sign_in()
    assert "Take it back" not in dana.get(f"{ACME}/charter/agreed").text
    assert "agree on something new" in take_back(dana, place)
    assert len(charters(place)) == 1


def test_the_page_of_the_client_leads_to_what_can_be_taken_back(dana: Visitor) -> None:
    assert "Just agreed" not in dana.get(ACME).text
    agreed(dana)
    assert "Just agreed; it can be taken back" in dana.get(ACME).text


def test_the_mail_that_tells_them_is_a_draft_and_nothing_is_sent(dana: Visitor, place: Place) -> None:
    before = len(list((place.folder / "outbox").glob("*")))
    agreed(dana)
    drafts = [file.read_text("utf-8") for file in (place.folder / "Maildir" / ".Drafts" / "cur").iterdir()]
    assert any("What you can rely on" in draft for draft in drafts)
    assert len(list((place.folder / "outbox").glob("*"))) == before


def test_a_charter_is_never_written_over_an_older_one(dana: Visitor, place: Place) -> None:
    agreed(dana)
    (file,) = charters(place)
    before = file.read_bytes()
    for start in ("2026-03-05", "2026-03-01"):
        assert "There is a charter from 2026-03-05 already" in agreed(dana, reply="2h", **{"from": start})
    assert charters(place) == [file]
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("field", "written", "says"),
    [("reply", "soon", "“soon” is not a time"), ("from", "tomorrow", "is not a date"), ("next_review", "32", "is not a date")],
)
def test_what_is_not_right_is_said_beside_its_field(dana: Visitor, place: Place, field: str, written: str, says: str) -> None:
    assert says in agreed(dana, **{field: written})
    assert charters(place) == []


def test_a_charter_without_the_token_of_the_form_is_refused(dana: Visitor, place: Place) -> None:
    assert dana.client.post(f"{ACME}/charter", data={"reply": "4h", "do": "agree"}).status_code == 400
    assert charters(place) == []

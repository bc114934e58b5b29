"""OWASP's Top 10 (2021), A01 broken access control and A07 identification failures: who gets in, how, for how long, and to what.

Each test names what of the Top 10 or of OWASP's cheat sheets it is about.
"""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from two_accounts import LEE, THEIR_CLIENT, WORDS, add_colleagues, add_lee
from web_pages import DANA, Place, Visitor, visitor
from werkzeug.routing import Rule

from daemon import sample
from daemon.web import sessions
from daemon.web.application import PUBLIC

pytest_plugins = ("web_fixtures",)

_VALUES = {"int": "1"}


def paths(guest: Visitor, method: str, value: str = "x") -> Iterator[tuple[str, Rule]]:
    """Yield a path of every rule with this method, with `value` for each of its parts, and the rule."""
    for rule in guest.app.url_map.iter_rules():
        if method in (rule.methods or ()) and rule.endpoint != "static":
            yield re.sub(r"<(?:(\w+):)?\w+>", lambda m: _VALUES.get(m[1] or "", value), rule.rule), rule


@pytest.fixture
def two(place: Place) -> str:
    """The sample office with Lee in it. Returns the id of what he owes."""
    return add_lee(place.config)


# --- A01: broken access control ---


def test_every_page_but_the_sign_in_sends_a_stranger_there(guest: Visitor) -> None:
    for path, rule in paths(guest, "GET"):
        if rule.endpoint not in PUBLIC:
            answer = guest.get(path)
            assert (answer.status_code, answer.headers.get("Location")) == (303, "/sign-in"), path
            assert guest.get(path, HX_Request="true").headers["HX-Redirect"] == "/sign-in", path


def test_nothing_is_done_for_a_stranger(guest: Visitor) -> None:
    token = guest.token("/sign-in")
    for path, rule in paths(guest, "POST"):
        if rule.endpoint not in PUBLIC:
            answer = guest.client.post(path, data={"csrf_token": token})
            assert (answer.status_code, answer.headers.get("Location")) == (303, "/sign-in"), path


def test_one_account_sees_no_word_of_another(place: Place, two: str) -> None:
    """Insecure direct object references: every page, and every page of what belongs to somebody else by its id."""
    with visitor(place.config) as dana:
        dana.sign_in()
        lees = [two, THEIR_CLIENT, "zenith-optics", "zenith"]
        found = re.findall(r'href="/clients/([^"/?]+)', dana.get("/clients").text)
        for value in [*lees, *found[:1]]:
            for path, _ in paths(dana, "GET", value):
                assert WORDS not in dana.get(path).text, path
        assert dana.get(f"/items/{two}").status_code == 404
        assert THEIR_CLIENT not in dana.get("/clients").text


def test_one_account_decides_nothing_of_another(place: Place, two: str) -> None:
    with visitor(place.config) as dana:
        dana.sign_in()
        store = dana.office.app.store
        before = store.decisions(LEE, sample.NOW)
        for path, rule in paths(dana, "POST", two):
            if rule.endpoint in PUBLIC or rule.endpoint.startswith(("sign_in", "settings", "replay")):
                continue
            for verb in ("done", "snooze", "waive", "wrong", "confirm", "undo", "veto", "resend", "person", "book", "now"):
                answer = dana.post(path, verb=verb, until="tomorrow")
                assert answer.status_code in (400, 404), (path, verb, answer.text[:300])
        assert store.decisions(LEE, sample.NOW) == before
        assert store.decisions(DANA, sample.NOW + timedelta(days=1)) == store.decisions(DANA, sample.NOW)


def test_lee_sees_his_own(place: Place, two: str) -> None:
    """So that the two tests above look for what can be found."""
    with visitor(place.config) as lee:
        lee.sign_in(LEE)
        assert WORDS in lee.get(f"/items/{two}").text


def test_looking_changes_nothing(dana: Visitor) -> None:
    """Safe methods (RFC 9110, 9.2.1): prefetching or a link in a mail decides nothing."""
    before = dana.office.app.store.account_state(DANA), dana.config.read_bytes()
    (first, *_) = dana.office.app.runtimes[DANA].ledger.open_obligations(sample.NOW)
    for path, _ in paths(dana, "GET", first.id):
        dana.get(path)
    assert (dana.office.app.store.account_state(DANA), dana.config.read_bytes()) == before


@pytest.mark.usefixtures("two")
def test_an_account_that_left_the_configuration_is_signed_out(place: Place) -> None:
    with visitor(place.config) as lee:
        lee.sign_in(LEE)
        lines = [line for line in place.config.read_text().splitlines() if "lee@northwind.example" not in line]
        place.config.write_text("\n".join(lines))
        lee.office.follow(at_once=True)
        assert lee.office.problem is None
        assert lee.get("/health").headers["Location"] == "/sign-in"


def test_files_are_served_from_one_folder_alone(guest: Visitor) -> None:
    """Path traversal."""
    for path in (
        "/static/../application.py",
        "/static/%2e%2e/application.py",
        "/static/..%2fapplication.py",
        "/static//etc/passwd",
    ):
        assert guest.client.get(path, follow_redirects=True).status_code == 404, path


# --- A07: identification and authentication failures ---


def test_a_link_signs_in_once(guest: Visitor) -> None:
    link = f"/sign-in/{sessions.make_sign_in(guest.office.app.store, DANA, guest.clock.now)}"
    token = guest.token(link)
    assert guest.client.post(link, data={"csrf_token": token}).status_code == 303
    guest.client.delete_cookie("kept")
    assert guest.get(link).status_code == 410
    again = guest.client.post(link, data={"csrf_token": guest.token("/sign-in")})
    assert again.status_code == 410
    assert guest.get("/health").headers["Location"] == "/sign-in"


def test_opening_a_link_does_not_use_it_up(guest: Visitor) -> None:
    """Scanners of mail open what they find."""
    link = f"/sign-in/{sessions.make_sign_in(guest.office.app.store, DANA, guest.clock.now)}"
    for _ in range(3):
        assert guest.get(link).status_code == 200
    assert guest.get("/health").headers["Location"] == "/sign-in"
    assert guest.post(link, seen=link).status_code == 303


def test_of_two_that_use_a_link_at_the_same_time_one_gets_in(guest: Visitor) -> None:
    store = guest.office.app.store
    hashed = sessions.hashed(sessions.make_sign_in(store, DANA, guest.clock.now))
    got: list[str | None] = []
    threads = [threading.Thread(target=lambda: got.append(store.use_sign_in(hashed, guest.clock.now))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(map(str, got)) == ["None"] * 7 + [DANA]


def test_a_link_ends_after_ten_minutes(guest: Visitor) -> None:
    link = f"/sign-in/{sessions.make_sign_in(guest.office.app.store, DANA, guest.clock.now)}"
    token = guest.token(link)
    guest.clock.forward(minutes=10)
    assert guest.client.post(link, data={"csrf_token": token}).status_code == 410


def test_whoever_was_not_there_for_twelve_hours_is_signed_out(dana: Visitor) -> None:
    dana.clock.forward(hours=11.9)
    assert dana.get("/health").status_code == 200
    dana.clock.forward(hours=11.9)
    assert dana.get("/health").status_code == 200
    dana.clock.forward(hours=12)
    assert dana.get("/health").headers["Location"] == "/sign-in"


def test_what_a_page_asks_for_by_itself_keeps_nobody_signed_in(dana: Visitor) -> None:
    for _ in range(3):
        dana.clock.forward(hours=5)
        dana.get("/today/news")
    assert dana.get("/health").headers["Location"] == "/sign-in"


def test_everybody_is_signed_out_after_a_week(dana: Visitor) -> None:
    for _ in range(14):
        assert dana.get("/health").status_code == 200
        dana.clock.forward(hours=11.99)
    dana.clock.forward(hours=0.5)
    assert dana.get("/health").headers["Location"] == "/sign-in"


def test_signing_in_gives_the_browser_a_new_secret(guest: Visitor) -> None:
    """Session fixation."""
    guest.get("/sign-in")
    before = guest.client.get_cookie("kept")
    guest.sign_in()
    first = guest.client.get_cookie("kept")
    guest.sign_in()
    second = guest.client.get_cookie("kept")
    assert len({before and before.value, first and first.value, second and second.value}) == 3
    assert first is not None
    guest.client.set_cookie("kept", first.value)
    assert guest.get("/health").headers["Location"] == "/sign-in"


def test_a_cookie_that_was_copied_is_of_no_use_after_signing_out(dana: Visitor) -> None:
    copied = dana.client.get_cookie("kept")
    assert copied is not None
    assert dana.post("/sign-out").status_code == 303
    dana.client.set_cookie("kept", copied.value)
    assert dana.get("/health").headers["Location"] == "/sign-in"


def test_signing_everybody_out_ends_sessions_and_links(dana: Visitor) -> None:
    link = f"/sign-in/{sessions.make_sign_in(dana.office.app.store, DANA, dana.clock.now)}"
    assert dana.office.app.store.sign_out_all() == 1
    assert dana.get("/health").headers["Location"] == "/sign-in"
    assert dana.get(link).status_code == 410


def test_a_cookie_that_somebody_made_up_signs_nobody_in(guest: Visitor) -> None:
    """A08: what the browser keeps is signed, and says nothing but a random id."""
    for value in ("eyJpZCI6IngifQ.aaaa.bbbb", "x", "", "a" * 4000):
        guest.client.set_cookie("kept", value)
        assert guest.get("/health").headers["Location"] == "/sign-in"


def test_the_answer_is_the_same_whether_an_address_has_an_account(guest: Visitor) -> None:
    """Authentication Cheat Sheet: no enumeration of users."""
    answers = [guest.post("/sign-in", seen="/sign-in", address=a) for a in (DANA, "nobody@northwind.example", "", "x" * 400)]
    told = {(a.status_code, re.sub(r'"X-CSRFToken": "[^"]*"', "", a.text)) for a in answers}  # the token tells the second
    assert len(told) == 1
    assert {status for status, _ in told} == {200}


def test_trying_again_and_again_is_refused(guest: Visitor) -> None:
    """A04 and A07: rate limits on the sign-in."""
    token = guest.token("/sign-in")
    form = {"csrf_token": token, "address": "nobody@northwind.example"}
    codes = [guest.client.post("/sign-in", data=form).status_code for _ in range(12)]
    assert codes == [200] * 10 + [429] * 2


def test_guessing_links_is_refused(guest: Visitor) -> None:
    assert [guest.get(f"/sign-in/{n}").status_code for n in range(61)] == [410] * 60 + [429]


@pytest.mark.parametrize("sees", [None, "figures", "own"])
def test_whoever_may_see_figures_at_most_reads_no_word_of_their_team(place: Place, sees: str | None) -> None:
    """Vertical access: a manager asks for every page, and for every page of what Dana owes and to whom."""
    add_colleagues(place.config, sees)
    with visitor(place.config) as lee:
        with lee.office.at_work(DANA) as (app, _):
            owed = [o for o in app.open_obligations(sample.NOW) if o.quote]
        quotes = {o.quote for o in owed if o.quote and len(o.quote) > 20}
        assert quotes
        lee.sign_in(LEE)
        for value in (owed[0].id, owed[0].client, "x"):
            for path, _ in paths(lee, "GET", value):
                text = html.unescape(lee.get(path).text)
                assert [q for q in quotes if q in text] == [], path

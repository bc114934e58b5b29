"""OWASP's Application Security Verification Standard (4.0.3), level 1: what the tests of the Top 10 beside this one do not say already.

Each test names its requirement. Not applicable are passwords (V2.1), uploads (V12.1-12.4), XML (V5.5.2), LDAP and operating system
commands (V5.3.7, V5.3.8), and services for other programs (V13): there are none.
"""

from __future__ import annotations

import http.client
import re
from collections.abc import Iterator
from html import unescape

import pytest
import yaml
from test_owasp_access import paths
from test_owasp_requests import log_of
from web_pages import DANA, Dashboard, Visitor

from daemon.web import sessions

pytest_plugins = ("web_fixtures",)

HOSTILE = (
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "-1",
    "9" * 40,
    "\x00",
    "\u202e",
    "../../etc/passwd",
    "a" * 4000,
    "",
)
QUERIES = (
    "by",
    "all",
    "settled",
    "seen",
    "text",
    "stage",
    "waiting",
    "days",
    "page",
    "standard",
    "rung",
    "before",
    "saved",
    "drafted",
)


def pages(dana: Visitor) -> Iterator[str]:
    """Yield each page, with what stands in its address where that is needed."""
    (first, *_) = dana.office.app.runtimes[DANA].ledger.open_obligations(dana.clock.now)
    (client,) = re.findall(r'href="(/clients/[^"/?]+)"', dana.get("/clients").text)[:1]
    for path, rule in paths(dana, "GET", first.id):
        if not rule.endpoint.startswith("sign_in"):
            yield path.replace(f"/clients/{first.id}", client)


# --- V3: sessions ---


def test_no_page_and_no_link_has_the_secret_of_the_session(dana: Visitor) -> None:
    """V3.1.1."""
    cookie = dana.client.get_cookie("kept")
    assert cookie is not None
    for path in pages(dana):
        answer = dana.get(path)
        assert cookie.value not in answer.text, path
        assert cookie.value not in answer.headers.get("Location", ""), path


def test_each_browser_has_a_session_of_its_own_and_ends_it_alone(dana: Visitor) -> None:
    """V3.2.1, V3.3.1."""
    other = Visitor(dana.app, dana.office, dana.clock, dana.config)
    other.sign_in()
    assert dana.post("/sign-out").status_code == 303
    assert dana.get("/health").headers["Location"] == "/sign-in"
    assert other.get("/health").status_code == 200


def test_the_cookie_is_for_the_whole_site_and_outlives_nothing(dana: Visitor) -> None:
    """V3.4.5: Path=/; V3.3.2: it ends with the longest session."""
    link = f"/sign-in/{sessions.make_sign_in(dana.office.app.store, DANA, dana.clock.now)}"
    answer = dana.post(link, seen=link)
    (cookie,) = (value for value in answer.headers.getlist("Set-Cookie") if value.startswith("kept="))
    assert "Path=/;" in f"{cookie};"
    assert dana.app.permanent_session_lifetime <= sessions.ABSOLUTE


def test_signing_out_clears_the_cookie(dana: Visitor) -> None:
    """V3.3.1."""
    before = dana.client.get_cookie("kept")
    dana.post("/sign-out")
    after = dana.client.get_cookie("kept")
    assert before is not None
    assert after is None or after.value != before.value


def test_asking_for_the_head_of_a_link_does_not_use_it_up(guest: Visitor) -> None:
    """V2.7: previews and scanners ask for HEAD."""
    link = f"/sign-in/{sessions.make_sign_in(guest.office.app.store, DANA, guest.clock.now)}"
    assert guest.client.head(link).status_code == 200
    assert guest.post(link, seen=link).status_code == 303


# --- V2.2, V4: who may try what ---


def test_the_limit_is_not_dodged_by_naming_another_address(guest: Visitor) -> None:
    """V2.2.1: without a server in front, what a request says of where it comes from counts for nothing."""
    token = guest.token("/sign-in")
    form = {"csrf_token": token, "address": "nobody@northwind.example"}
    codes = [
        guest.client.post(
            "/sign-in", data=form, headers={"X-Forwarded-For": f"192.0.2.{n}", "X-Real-IP": f"192.0.2.{n}"}
        ).status_code
        for n in range(12)
    ]
    assert codes == [200] * 10 + [429] * 2


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND"])
def test_a_method_that_no_page_has_does_nothing(dana: Visitor, method: str) -> None:
    """V14.5.1."""
    for path in ("/", "/settings/quiet", "/sign-out", "/health"):
        token = dana.token("/health")
        answer = dana.client.open(path, method=method, headers={"X-CSRFToken": token})
        assert answer.status_code in (400, 405), path
    assert dana.get("/health").status_code == 200


def test_a_form_cannot_pass_for_another_method(dana: Visitor) -> None:
    """V13.2.1: reading is reading, whatever a header or a field says."""
    headers = {"X-HTTP-Method-Override": "POST", "X-Method-Override": "POST"}
    for path in ("/sign-out", "/settings/quiet"):
        assert dana.client.get(f"{path}?_method=POST", headers=headers).status_code == 405
    assert dana.get("/health").status_code == 200


def test_a_form_writes_only_the_settings_that_it_shows(dana: Visitor) -> None:
    """V5.1.2: mass assignment."""
    before = yaml.safe_load(dana.config.read_text("utf-8"))
    more = {
        "web.listen": "0.0.0.0:80",
        "web": "x",
        "manager": "evil@evil.example",
        "state": "/tmp",
        "accounts": "x",
        "sees": "team",
    }
    dana.post("/settings/quiet", seen="/settings", begin="12:00", end="13:00", **more)
    dana.post("/settings/house", seen="/settings", digest_at="07:30", interruptions="2", **more)
    after = yaml.safe_load(dana.config.read_text("utf-8"))
    assert after["accounts"][0].pop("quiet")
    assert after.pop("digest")["at"] == "07:30"
    assert after.pop("interruptions") == 2
    before.pop("digest", None)
    before.pop("interruptions", None)
    assert after == before


def test_of_a_field_that_comes_twice_one_counts(dana: Visitor) -> None:
    """V5.1.1: parameter pollution."""
    (first, *_) = dana.office.app.runtimes[DANA].ledger.open_obligations(dana.clock.now)
    form = {"csrf_token": dana.token("/health"), "verb": ["done", "waive"]}
    dana.client.post(f"/items/{first.id}", data=form)
    decided = dana.office.app.store.decisions(DANA, dana.clock.now)
    assert [d.verb.value for d in decided if d.target_id == first.id] == ["done"]


# --- V5: what is asked ---


def test_whatever_is_asked_for_behind_a_question_mark_fails_no_page_and_is_never_code(dana: Visitor) -> None:
    """V5.1.3, V5.2.5, V5.3.3, V5.3.4: queries of each page."""
    for path in pages(dana):
        for words in HOSTILE:
            answer = dana.client.get(path, query_string=dict.fromkeys(QUERIES, words))
            assert answer.status_code in (200, 204, 303, 400, 404), (path, words[:40], answer.status_code)
            assert "<script>alert" not in answer.text, path
            if words == "{{7*7}}":
                assert not re.search(r"(?<!\d)49(?!\d)", re.sub(r"\d\d:\d\d", "", unescape(dana_words(answer.text)))), path


def dana_words(page: str) -> str:
    """Return the values of a page's fields: where what was asked for comes back."""
    return " ".join(re.findall(r'<input[^>]* value="([^"]*)"', re.sub(r"<input[^>]*csrf_token[^>]*>", "", page)))


# --- V7: what is noted ---


def test_what_was_refused_leaves_a_line(dana: Visitor) -> None:
    """V7.1.3 and the Top 10's A09: requests of other sites, without a token, by another name, too many."""
    dana.client.post("/sign-out")
    dana.post("/sign-out", headers={"Origin": "https://evil.example"})
    dana.get("/health", Host="evil.example")
    for n in range(62):
        dana.get(f"/sign-in/{n}")
    refused = [line for line in log_of(dana) if line["event"] == "a request to the dashboard was refused"]
    assert [line["status"] for line in refused][:4] == [400, 403, 421, 429]
    assert refused[1]["what"] == "sign_in.leave"
    assert all(line["by"] == "127.0.0.1" for line in refused)


# --- V8, V14: answers ---


def test_no_other_site_may_read_an_answer(dana: Visitor) -> None:
    """V14.5.3: no Access-Control-Allow-Origin, for whatever origin."""
    for origin in ("https://evil.example", "null", "http://localhost"):
        for path in ("/", "/health", "/static/kept.js"):
            answer = dana.get(path, Origin=origin)
            assert not [name for name in answer.headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118  # pairs otherwise


def test_every_answer_says_what_it_is_and_in_which_characters(dana: Visitor) -> None:
    """V14.4.1."""
    for path in (*pages(dana), "/sign-in", "/nothing", "/static/kept.css", "/static/kept.js"):
        answer = dana.get(path)
        if answer.status_code != 204:
            assert "charset=utf-8" in answer.headers["Content-Type"].lower(), path


def test_what_a_page_loads_is_kepts_own_and_of_this_version(dana: Visitor) -> None:
    """V14.2.3, V1.14: nothing from elsewhere; a file's mark is the hash of what it holds."""
    for path in pages(dana):
        loaded = re.findall(r'(?:src|href)="([^"]+\.(?:js|css|svg)[^"]*)"', dana.get(path).text)
        assert all(re.fullmatch(r"/static/[\w.]+\?v=[0-9a-f]{12}", url) for url in loaded), (path, loaded)


def test_nothing_for_developers_is_there(dana: Visitor) -> None:
    """V14.3.2."""
    assert not dana.app.debug
    for path in (
        "/console",
        "/?__debugger__=yes&cmd=resource&f=debugger.js",
        "/metrics",
        "/.git/config",
        "/server-status",
        "/config.yaml",
    ):
        answer = dana.get(path)
        assert answer.status_code == 404 or "Today" in answer.text, path
        assert "Werkzeug" not in answer.text


def test_a_request_that_is_no_http_is_refused_in_a_word(shown: Dashboard) -> None:
    """V13.1, request smuggling: a length and chunks at once, and a header without end."""
    for headers in (
        {"Content-Length": "5", "Transfer-Encoding": "chunked, identity"},
        {"X-Long": "x" * 300_000},
        {"Content-Length": "-1"},
        {"Content-Length": "99999999999"},
    ):
        asked = http.client.HTTPConnection(shown.address.removeprefix("http://"), timeout=10)
        asked.putrequest("POST", "/sign-in")
        for name, value in headers.items():
            asked.putheader(name, value)
        try:
            asked.endheaders()
            status = asked.getresponse().status
        except (ConnectionError, http.client.HTTPException):
            continue  # it hung up
        finally:
            asked.close()
        assert status in (400, 403, 411, 413, 421, 431, 501), headers

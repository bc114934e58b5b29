"""OWASP's Top 10 (2021), the rest: what requests are answered, with which headers, and what is stored, logged and mailed.

Each test names what of the Top 10 or of OWASP's cheat sheets it is about.
"""

from __future__ import annotations

import email
import hashlib
import http.client
import json
import logging
import re
import time
from collections.abc import Callable
from email import policy
from pathlib import Path

import pytest
from test_owasp_access import paths
from web_pages import DANA, Dashboard, Place, Visitor, visitor

from connectors.formats import mime
from connectors.mail import Role
from daemon.app import App
from daemon.delivery.own_mail import OwnMail
from daemon.web import sessions
from daemon.web.application import PUBLIC, make_application

pytest_plugins = ("web_fixtures",)

PATIENCE = 20.0
HTMX = "d6fdc75f204e"  # of version 2.0.11 on npm


def until(holds: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def mailed(guest: Visitor) -> set[Path]:
    """Return the mails that were sent; one that is being written has another name."""
    return set((guest.config.parent / "outbox").glob("*.eml"))


def log_of(visitor: Visitor) -> list[dict[str, object]]:
    """Return what was logged into the state folder."""
    lines = (visitor.config.parent / "state" / "kept.log").read_text().splitlines()
    return [json.loads(line) for line in lines]


# --- A01 and A04: forged requests ---


def test_what_writes_needs_a_token(dana: Visitor) -> None:
    """Cross-Site Request Forgery Prevention Cheat Sheet: synchronizer tokens."""
    for path, _ in paths(dana, "POST"):
        assert dana.client.post(path).status_code == 400, path
        assert dana.client.post(path, data={"csrf_token": "x"}).status_code == 400, path


def test_a_token_of_another_browser_is_refused(dana: Visitor) -> None:
    other = dana.app.test_client()
    found = re.search(r'name="csrf_token" value="([^"]+)"', other.get("/sign-in").text)
    assert found
    assert dana.client.post("/sign-out", data={"csrf_token": found[1]}).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Origin": "https://localhost"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_form_of_another_site_is_refused_even_with_a_token(dana: Visitor, headers: dict[str, str]) -> None:
    assert dana.post("/sign-out", headers=headers).status_code == 403
    assert dana.get("/health").status_code == 200


def test_a_form_of_ones_own_is_taken(dana: Visitor) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert dana.post("/sign-out", headers=headers).status_code == 303


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example:8420", "localhost.evil.example", "192.0.2.1", "evil.example:80"]
)
def test_a_name_that_was_rebound_to_this_machine_is_refused(dana: Visitor, host: str) -> None:
    """DNS rebinding."""
    assert dana.get("/health", Host=host).status_code == 421
    assert dana.client.post("/sign-out", headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8420", "localhost:8420", "[::1]:8420", "LOCALHOST"])
def test_the_names_of_this_machine_are_answered(guest: Visitor, host: str) -> None:
    assert guest.get("/sign-in", Host=host).status_code == 200


# --- A02: cryptographic failures ---


def test_a_secret_is_256_random_bits_and_only_its_hash_is_stored(dana: Visitor) -> None:
    secret = sessions.make_sign_in(dana.office.app.store, DANA, dana.clock.now)
    assert len(secret) >= 43
    state = b"".join(path.read_bytes() for path in (dana.config.parent / "state").iterdir() if path.is_file())
    assert hashlib.sha256(secret.encode()).hexdigest().encode() in state
    assert secret.encode() not in state


def test_the_cookie_is_for_this_site_and_no_script(guest: Visitor) -> None:
    """Session Management Cheat Sheet: HttpOnly, SameSite, no Domain; Secure behind TLS, with the __Host- prefix."""
    cookie = guest.get("/sign-in").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Domain" not in cookie


def test_behind_tls_the_cookie_is_secure_and_http_is_never_used_again(place: Place) -> None:
    with visitor(place.config) as somebody:
        app = make_application(somebody.office, trusted_hosts=["kept.northwind.example"], cookie="kept-8420")
        answer = app.test_client().get("/sign-in", headers={"Host": "kept.northwind.example"})
        assert answer.headers["Set-Cookie"].startswith("__Host-kept-8420=")
        assert "Secure" in answer.headers["Set-Cookie"]
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
        plain = app.test_client().post(
            "/sign-out", headers={"Host": "kept.northwind.example", "Origin": "http://kept.northwind.example"}
        )
        assert plain.status_code == 403


# --- A03: injection ---


@pytest.mark.parametrize(
    "value", ["' OR 1=1 --", "<script>alert(1)</script>", "{{7*7}}", "%00", "..%2f..%2fetc", "a" * 3000, "\u202e\u0007"]
)
def test_whatever_stands_in_an_address_is_only_an_id_that_is_unknown(dana: Visitor, value: str) -> None:
    for path, rule in paths(dana, "GET", value):
        if rule.arguments:
            answer = dana.get(path)
            assert answer.status_code in (303, 404, 410, 429), path
            assert "<script>alert" not in answer.text
            assert "49" not in answer.text.partition("<main")[2]


def test_a_line_of_the_log_is_one_line_whatever_is_asked(dana: Visitor) -> None:
    """Logging Cheat Sheet: log injection."""
    dana.post("/items/x%0A%7B%22event%22:%22forged%22%7D", verb="done")
    assert all(line["event"] != "forged" for line in log_of(dana))


# --- A05: security misconfiguration ---


def test_every_answer_binds_the_browser(dana: Visitor) -> None:
    """Secure headers, clickjacking, caches: also of failures and of files."""
    for path in ("/", "/health", "/sign-in", "/nothing", "/static/kept.js", "/static/nothing"):
        answer = dana.get(path)
        policy_of = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy_of
        assert "unsafe" not in policy_of
        assert "frame-ancestors 'none'" in policy_of
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        if not path.startswith("/static"):
            assert answer.headers["Cache-Control"] == "no-store"


def test_no_page_has_a_script_or_a_style_of_its_own(dana: Visitor) -> None:
    """The policy would forbid them; a page that needs them would be broken."""
    (first, *_) = dana.office.app.runtimes[DANA].ledger.open_obligations(dana.clock.now)
    for path, _ in paths(dana, "GET", first.id):
        text = dana.get(path).text
        assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:", text), path


def test_a_failure_shows_nothing_of_the_inside(dana: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Error Handling Cheat Sheet."""

    def fails(*_: object) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr("daemon.web.pages.health.state", fails)
    answer = dana.get("/health")
    assert answer.status_code == 500
    assert "Something failed" in answer.text
    assert "the inside" not in answer.text
    assert "Traceback" not in answer.text
    assert any(line["event"] == "a page failed unexpectedly" for line in log_of(dana))


def test_more_than_a_form_is_not_read(dana: Visitor) -> None:
    """Denial of service: size of a request."""
    assert dana.post("/settings/quiet", seen="/settings", begin="x" * 300_000).status_code in (400, 413)


# --- A06: vulnerable and outdated components ---


def test_the_one_script_of_others_is_as_it_was_published(dana: Visitor) -> None:
    file = Path(str(dana.app.static_folder)) / "htmx.min.js"
    assert hashlib.sha256(file.read_bytes()).hexdigest().startswith(HTMX)
    assert 'version:"2.0.11"' in file.read_text()


# --- A09: security logging and monitoring failures ---


def test_sign_ins_decisions_and_settings_leave_a_line_and_no_secret(guest: Visitor, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    secret = sessions.make_sign_in(guest.office.app.store, DANA, guest.clock.now)
    guest.post(f"/sign-in/{secret}", seen=f"/sign-in/{secret}")
    (first, *_) = guest.office.app.runtimes[DANA].ledger.open_obligations(guest.clock.now)
    guest.post(f"/items/{first.id}", seen="/health", verb="done")
    guest.post("/settings/quiet", seen="/settings", begin="12:00", end="13:00")
    guest.post("/sign-out")
    guest.get(f"/sign-in/{secret}")
    lines = log_of(guest)
    events = [str(line["event"]) for line in lines]
    assert "signed in to the dashboard" in events
    assert "signed out of the dashboard" in events
    assert "a sign-in link was refused: it is unknown, used or too old" in events
    done = [line for line in lines if line["event"] == "by the dashboard"]
    assert [line["what"] for line in done] == ["items.settle", "settings.add_quiet", "sign_in.leave"]
    assert all(line["account"] == DANA for line in done)
    changed = next(line for line in lines if line["event"] == "the configuration was changed in the dashboard")
    assert changed["keys"] == ["accounts.quiet"]
    assert secret not in json.dumps(lines)


# --- A10: server-side request forgery, and links that a request decides ---


def test_a_mailed_link_leads_where_the_configuration_says(guest: Visitor) -> None:
    """Password Reset Cheat Sheet: no link is made of the Host header; the mail is Kept's own, to the account's own address."""
    before = mailed(guest)
    token = guest.token("/sign-in")
    form = {"csrf_token": token, "address": f" {DANA.upper()} "}
    headers = {"X-Forwarded-Host": "evil.example", "Host": "localhost:1"}
    assert guest.client.post("/sign-in", data=form, headers=headers).status_code == 200
    assert until(lambda: len(mailed(guest) - before) == 1)
    (path,) = mailed(guest) - before
    sent = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    assert sent["To"].addresses[0].addr_spec == DANA
    assert sent["Auto-Submitted"] == "auto-generated"
    (link,) = re.findall(r"http\S+", sent.get_content())
    assert link.startswith("http://127.0.0.1:8420/sign-in/")
    address = link.removeprefix("http://127.0.0.1:8420")
    assert guest.post(address, seen=address).status_code == 303


def test_a_mailed_link_is_told_from_a_clients_mail(guest: Visitor) -> None:
    """It comes back by the mailbox, and must not be taken for anybody's words."""
    before = mailed(guest)
    guest.post("/sign-in", seen="/sign-in", address=DANA)
    assert until(lambda: len(mailed(guest) - before) == 1)
    (path,) = mailed(guest) - before
    with App.open(guest.config, {}) as app:
        runtime = app.runtimes[DANA]
        message = mime.parse(path.read_bytes(), role=Role.INBOX, folder="INBOX")
        assert OwnMail(DANA, runtime.config.common.senders, runtime.config.secret, runtime.sent_log)(message)


def test_nobody_can_have_an_accounts_mailbox_filled(guest: Visitor) -> None:
    before = mailed(guest)
    for n in range(5):
        guest.post("/sign-in", seen="/sign-in", address=DANA)
        assert until(lambda n=n: len(mailed(guest) - before) >= min(n + 1, 3))  # type: ignore[misc]  # a default binds it
    time.sleep(0.5)
    assert len(mailed(guest) - before) == 3


def test_no_sign_in_leads_elsewhere(guest: Visitor) -> None:
    """Unvalidated Redirects and Forwards Cheat Sheet."""
    secret = sessions.make_sign_in(guest.office.app.store, DANA, guest.clock.now)
    answer = guest.post(f"/sign-in/{secret}?next=https://evil.example", seen=f"/sign-in/{secret}", next="//evil.example")
    assert answer.headers["Location"] == "/"


def test_what_leads_in_from_another_site_leads_nowhere_else(guest: Visitor) -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    for path in ("//evil.example/x", "/%2Fevil.example", '/health?"><script>alert(1)</script>', "/\\evil.example"):
        answer = guest.client.get(path, headers=headers)
        if answer.status_code == 200:
            (there,) = re.findall(r'http-equiv="refresh" content="0; url=([^"]*)"', answer.text)
            assert re.match(r"/[^/\\]", there), there
            assert "<script" not in answer.text
            assert "Set-Cookie" not in answer.headers


def test_the_server_says_little_about_itself(shown: Dashboard) -> None:
    asked = http.client.HTTPConnection(shown.address.removeprefix("http://"), timeout=10)
    asked.request("GET", "/sign-in")
    assert asked.getresponse().headers["Server"] == "Kept"


def test_every_public_page_is_one_of_the_sign_in(guest: Visitor) -> None:
    assert {endpoint for endpoint in PUBLIC if endpoint not in guest.app.view_functions} == set()
    assert {endpoint.partition(".")[0] for endpoint in PUBLIC} == {"static", "sign_in"}

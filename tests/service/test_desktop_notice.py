"""A consent that is gone is told where it can be told: the status, a colleague's digest, this machine's screen."""

from __future__ import annotations

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from office import DANA, KIM, Office, every
from test_service import kept, running, status, until
from week import MONDAY

from connectors.net.token_store import FileTokenStore
from daemon.service import desktop_notice

LEE = "lee@northwind.example"
LOCKED = f"""
accounts:
  - name: Dana Reyes
    addresses: [{DANA}]
    time_zone: Europe/London
    mail: [{{type: imap, host: imap.gmail.com, username: {DANA}, oauth: google}}]
    send: {{type: smtp, host: smtp.gmail.com, username: {DANA}, oauth: google}}
  - name: Lee Park
    addresses: [{LEE}]
    time_zone: Europe/London
    mail: [{{type: maildir, path: Maildir}}]
    calendars: [{{type: ics, path: calendar}}]
    send: {{type: file, path: outbox}}
clients:
  - {{name: Acme Ltd, domains: [acme.example]}}
oauth:
  google: {{client_id: an-app, client_secret: {{password_env: KEPT_NO_SECRET}}}}
state: state
"""


@pytest.fixture
def office(tmp_path: Path) -> Office:
    found = Office(tmp_path)
    found.config.write_text(LOCKED)
    withdrawn = {"provider": {"refresh_token": "gone"}, "refusals": 2}
    FileTokenStore(tmp_path / "state" / "tokens" / f"google-{DANA}.json").save(withdrawn)
    return found


def screen(folder: Path) -> dict[str, str]:
    """An environment with a screen on which notices are written down."""
    tools, shown = folder / "tools", folder / "shown"
    tools.mkdir()
    (tools / "notify-send").write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >> {shown}\n')
    (tools / "notify-send").chmod(0o755)
    return {"PATH": f"{tools}:{os.environ['PATH']}", "DBUS_SESSION_BUS_ADDRESS": "unix:path=/nowhere"}


@pytest.mark.skipif(sys.platform == "darwin", reason="the screen of macOS has a tool of its own")
def test_a_notice_is_shown_as_words_and_never_as_options(tmp_path: Path) -> None:
    environ = screen(tmp_path)
    assert desktop_notice.show("--help; sign in again", environ)
    assert (tmp_path / "shown").read_text().splitlines()[-3:] == ["--", "Kept needs you", "--help; sign in again"]


def test_without_a_screen_nothing_is_shown(tmp_path: Path) -> None:
    assert not desktop_notice.show("sign in again", {"PATH": str(tmp_path)})
    assert not desktop_notice.show("sign in again", {"PATH": screen(tmp_path)["PATH"]}), "no session to show it in"


def test_a_consent_that_is_gone_is_said_in_the_status_and_once_on_the_screen(office: Office, tmp_path: Path) -> None:
    with running(office, **screen(tmp_path)):
        assert until((tmp_path / "shown").exists)
        (source,) = (s for s in status(office)["sources"] if s["account"] == DANA)
        assert f"kept auth {DANA}" in source["error"]
        assert f"kept auth {DANA}" in kept(office, "status").stdout
    assert (tmp_path / "shown").read_text().count("Kept needs you") == 1


def test_a_colleagues_digest_says_what_the_locked_out_account_cannot_be_told(office: Office) -> None:
    office.mail(MONDAY + timedelta(hours=6), KIM, LEE, "Can you send me the revised quote?")
    office.live(*every(30, MONDAY + timedelta(hours=7), MONDAY + timedelta(hours=9)), MONDAY + timedelta(hours=31, minutes=30))
    digests = [m for m in office.sent() if m.to[0].email == LEE]
    assert any(f"{DANA} cannot be told by email" in m.text and "kept auth" in m.text for m in digests)
    assert all(DANA not in [a.email for a in m.to] for m in office.sent())


def test_one_account_that_is_locked_out_keeps_no_other_from_being_read(office: Office) -> None:
    office.mail(MONDAY + timedelta(hours=6), KIM, LEE, "Can you send me the revised quote?")
    office.live(MONDAY + timedelta(hours=7))
    owed = json.loads(kept(office, "due", "--as-of", "2026-03-02T07:00:00+00:00", "--json").stdout)["obligations"]
    assert [o["account"] for o in owed] == [LEE]

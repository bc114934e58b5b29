"""The whole job against real servers: Dovecot for mail and drafts, Radicale for the calendar, an SMTP server for the digest."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import pytest
import requests
from imapclient import IMAPClient
from office import only
from servers import mail_servers, processes
from week import at

from connectors import open_calendar
from connectors.calendar import Window
from connectors.formats.mime import parse
from connectors.mail import Role
from daemon.app import App
from daemon.cycle import turn
from daemon.operations.owed import obligations_at

pytestmark = pytest.mark.server
DANA, KIM = "dana@example.test", "kim@acme.example"
CONFIG = """
accounts:
  - name: Dana Reyes
    addresses: [{dana}]
    time_zone: Europe/London
    holidays: GB-ENG
    mail: [{{type: imap, host: localhost, port: {imap}, username: {dana}, password_env: KEPT_TEST_SECRET, ca_file: {ca}}}]
    calendars: [{{type: caldav, url: "{dav}", username: alice, calendar: "{calendar}", password_env: KEPT_TEST_SECRET}}]
    send: {{type: smtp, host: {smtp_host}, port: {smtp}, tls: none}}
clients:
  - {{name: Acme Ltd, domains: [acme.example], charter: {{reply: 2h, review: 3 months}}}}
history: 4000 days
state: state
"""


@pytest.fixture
def sink() -> Iterator[mail_servers.Sink]:
    with mail_servers.smtp_sink() as started:
        yield started


@pytest.fixture
def config(
    tmp_path: Path, dovecot: processes.Dovecot, radicale: processes.Dav, sink: mail_servers.Sink, monkeypatch: pytest.MonkeyPatch
) -> Path:
    monkeypatch.setenv("KEPT_TEST_SECRET", processes.PASSWORD)
    calendar = f"{radicale.url}alice/{tmp_path.name}/"
    assert requests.request("MKCALENDAR", calendar, auth=("alice", radicale.password), timeout=10).status_code == 201
    path = tmp_path / "config.yaml"
    places = {
        "dana": DANA,
        "imap": dovecot.tls_port,
        "ca": dovecot.ca_file,
        "dav": radicale.url,
        "smtp_host": sink.host,
        "smtp": sink.port,
        "calendar": calendar,
    }
    path.write_text(CONFIG.format(**places))
    return path


def append(dovecot: processes.Dovecot, folder: str, sender: str, to: str, when: datetime, text: str, name: str) -> None:
    import ssl

    with IMAPClient(
        "localhost", port=dovecot.tls_port, ssl_context=ssl.create_default_context(cafile=str(dovecot.ca_file))
    ) as client:
        client.login(DANA, dovecot.password)
        head = f"From: {sender}\r\nTo: {to}\r\nDate: {format_datetime(when)}\r\nSubject: Quote\r\nMessage-ID: <{name}@test>\r\n"
        client.append(folder, f"{head}\r\n{text}\r\n".encode(), msg_time=when)


def unseen(dovecot: processes.Dovecot) -> int:
    import ssl

    with IMAPClient(
        "localhost", port=dovecot.tls_port, ssl_context=ssl.create_default_context(cafile=str(dovecot.ca_file))
    ) as client:
        client.login(DANA, dovecot.password)
        client.select_folder("INBOX", readonly=True)
        return len(client.search(["UNSEEN"]))


def live(config: Path, *moments: datetime) -> None:
    with App.open(config, {}) as app:
        app.begin(moments[0])
        for moment in moments:
            turn(only(app), moment)
        assert [c.error for c in app.store.coverage(only(app).account.address)] == [None, None]


def test_mail_calendar_and_sending_on_real_servers_end_to_end(
    config: Path, dovecot: processes.Dovecot, sink: mail_servers.Sink, radicale: processes.Dav
) -> None:
    append(
        dovecot,
        "INBOX",
        KIM,
        DANA,
        datetime(2025, 12, 8, 10, tzinfo=UTC),
        "Nice to meet you, we would like to order from you.",
        "first",
    )
    for day in (9, 10):  # the two are in business
        when = datetime(2025, 12, day, 10, tzinfo=UTC)
        append(dovecot, "Sent", DANA, KIM, when, "The second line costs 400 a month.", f"price{day}")
    append(dovecot, "INBOX", KIM, DANA, at(0, 9, 30), "Can you send me the revised quote?", "ask")
    live(config, at(0, 9, 35), at(0, 10, 40))
    assert unseen(dovecot) == 2

    sent = [parse(raw, role=Role.SENT, folder="sink") for _, _, raw in sink.taken]
    digest, reminder = sent
    assert digest.subject.startswith("Kept, ")
    assert "Can you send me the revised quote?" in reminder.text
    assert all(recipients == (DANA,) for _, recipients, _ in sink.taken)

    import ssl

    with IMAPClient(
        "localhost", port=dovecot.tls_port, ssl_context=ssl.create_default_context(cafile=str(dovecot.ca_file))
    ) as client:
        client.login(DANA, dovecot.password)
        client.select_folder("Drafts", readonly=True)
        drafts = client.fetch(client.search(["HEADER", "In-Reply-To", "<ask@test>"]), ["FLAGS"])
    (draft,) = drafts.values()
    assert b"\\Draft" in draft[b"FLAGS"]

    append(
        dovecot, "Sent", DANA, KIM, at(0, 11), "Here is the revised quote, Kim: 112 pounds a pallet, valid until June.", "answer"
    )
    live(config, at(0, 11, 30), at(1, 8), at(1, 9, 30), at(1, 10))
    with App.open(config, {}) as app:
        assert [o for o in obligations_at(app, at(1, 10)) if o.kind == "reply"] == []
    place = {
        "url": radicale.url,
        "username": "alice",
        "calendar": f"{radicale.url}alice/{config.parent.name}/",
        "password": lambda: processes.PASSWORD,
    }
    calendar = open_calendar("caldav", place)
    (batch,) = calendar.poll(None, Window(at(0, 0), at(30, 0)))
    (review,) = [e for e in batch.events if e.uid.startswith("kept-")]
    assert [a.email for a in review.attendees] == [KIM]
    calendar.close()
    invitations = [recipients for _, recipients, _ in sink.taken if KIM in recipients]
    assert invitations == [(KIM,)], "Radicale sends no invitations itself, so one goes by mail"


def test_a_server_that_refuses_mail_for_a_while_gets_it_later_once(config: Path, sink: mail_servers.Sink) -> None:
    sink.trouble["DATA"] = "451 try again later"
    live(config, at(7, 8))
    assert sink.taken == []
    sink.trouble.clear()
    live(config, at(7, 8, 1), at(7, 9), at(7, 9, 30))
    digests = [raw for _, _, raw in sink.taken if b"Subject: Kept, " in raw]
    assert len(digests) == 1


def test_the_sink_is_an_smtp_server(sink: mail_servers.Sink) -> None:
    with smtplib.SMTP(sink.host, sink.port) as client:
        assert client.noop()[0] == 250

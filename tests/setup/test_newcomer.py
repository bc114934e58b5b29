"""A newcomer at a real terminal, from `kept init` to the look-back, at three servers; they mistype what people mistype."""

from __future__ import annotations

import imaplib
import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

import pytest
import terminal
from caldav import DAVClient
from servers import mail_servers, processes
from servers.courier import Courier
from servers.cyrus import Cyrus
from terminal import Terminal

from daemon import clock, sample
from daemon.config.load import load_settings

DANA = "dana@northwind.example"  # the sample's salesperson
A_LINE = 8.0  # seconds in which somebody reads a question and types the answer
MINUTES = 5


@dataclass(frozen=True)
class Place:
    """Where the newcomer's mail and calendar are, as they would name it, and whom the servers know them as."""

    imap: str
    user: str
    dav: str
    dav_user: str
    calendars: int
    sink: mail_servers.Sink
    certificate: Path | None = None


def mails(office: Path) -> Iterator[tuple[str, datetime, bytes]]:
    """The sample office's mail as if its day were today: the folder, when, and the bytes."""
    shift = timedelta(weeks=(clock.now() - sample.NOW) // timedelta(weeks=1))  # the look-back speaks of today
    for folder in ("", ".Sent"):
        for file in sorted((office / "Maildir" / folder / "cur").iterdir()):
            mail = message_from_bytes(file.read_bytes())
            when = parsedate_to_datetime(mail["Date"]) + shift
            mail.replace_header("Date", format_datetime(when))
            del mail["Received"]
            yield folder, when, mail.as_bytes()


def upload(host: str, port: int, user: str, office: Path, sent: str) -> None:
    """Put the mail into a mailbox."""
    with imaplib.IMAP4(host, port) as session:
        session.login(user, processes.PASSWORD)
        session.create(sent)
        for folder, when, mail in mails(office):
            session.append(sent if folder else "INBOX", "", imaplib.Time2Internaldate(when), mail)


def lay(courier: Courier, user: str, office: Path) -> None:
    """Put the mail into a mailbox of Courier's, which takes a second for each that is appended."""
    with imaplib.IMAP4(courier.host, courier.port) as session:
        session.login(user, processes.PASSWORD)
        session.create("INBOX.Sent")
    for number, (folder, when, mail) in enumerate(mails(office)):
        file = courier.maildir(user) / folder / "cur" / f"{int(when.timestamp())}.{number}.test:2,S"
        file.write_bytes(mail)
        os.utime(file, (when.timestamp(), when.timestamp()))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    sample.write_office(folder)
    return folder


@pytest.fixture
def sink() -> Iterator[mail_servers.Sink]:
    with mail_servers.smtp_sink(log_in=True) as sink:
        yield sink


@pytest.fixture
def diaries() -> Iterator[processes.Dav]:
    """A calendar server that no other test has, which would find calendars there that it did not make."""
    try:
        with processes.radicale() as server:
            yield server
    except processes.Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture
def at_dovecot(dovecot: processes.Dovecot, diaries: processes.Dav, sink: mail_servers.Sink, office: Path) -> Place:
    user = "newcomer@example.test"  # a mailbox that no other test has
    upload(dovecot.host, dovecot.port, user, office, "Sent")
    home = DAVClient(url=diaries.url, username="alice", password=diaries.password).principal()
    for name in ("Work", "Family"):
        home.make_calendar(name=name)
    sink.user = user
    return Place(f"{dovecot.host}:{dovecot.tls_port}", user, diaries.url, "alice", 2, sink, dovecot.ca_file)


@pytest.fixture
def at_cyrus(cyrus: Cyrus, sink: mail_servers.Sink, office: Path) -> Place:
    user = "dana@example.test"
    upload(cyrus.host, cyrus.port, user, office, "INBOX/Sent")
    sink.user = user
    return Place(f"{cyrus.host}:{cyrus.port}", user, f"http://{cyrus.host}:{cyrus.dav_port}/", user, 1, sink, cyrus.ca_file)


@pytest.fixture
def at_courier(courier: Courier, xandikos: processes.Dav, sink: mail_servers.Sink, office: Path) -> Place:
    lay(courier, "dana", office)
    sink.user = "dana"
    return Place(f"{courier.host}:{courier.port}", "dana", xandikos.url, "dana", 1, sink)  # it takes anybody for its one user


def to_the_look_back(t: Terminal, place: Place) -> None:
    t.answer("Your email address", "northwind.example")
    t.expect("not an email address")
    t.answer("Your email address", DANA)
    t.answer("Your name", "Dana Reyes")
    t.answer("Where is your mail", "mail.nowhere.invalid")
    t.expect("No server named mail.nowhere.invalid")
    t.answer("Server for incoming mail", place.imap)
    t.answer("Password of", "sceret")
    if place.certificate:
        t.answer("Certificate file", "~/company.pem")
    t.expect("refused to log")
    t.answer(f"Password of {DANA}", "user")
    t.answer("Your user name there", place.user)
    t.answer("Password of", processes.PASSWORD)
    t.expect("That works")
    t.answer("Number")
    to_the_calendar(t, place)
    t.answer("The server for outgoing mail", f"{place.sink.host}:{place.sink.port}")
    t.expect("That works")
    t.answer("Your time zone", "Europe/Lonndon")
    t.expect("Did you mean Europe/London?")
    t.answer("Your time zone")
    t.answer("Public holidays", "UK")
    t.answer("Your working hours", "9 to 5:30")
    t.answer("The digest comes", "8.30")
    t.answer("Your manager", "none")
    t.answer("Is that right")
    t.expect("Which of them are your clients?")
    t.answer("Clients, as in", "all")
    t.answer("Better names", "1=Acme Ltd")
    t.answer("Which of them are prospects")
    t.answer("Another client", "none")
    t.answer("look back over 90 of them?", "y")
    t.expect("kept due lists what is owed.")


def to_the_calendar(t: Terminal, place: Place) -> None:
    t.answer("Your calendar server", place.dav)
    if place.dav_user != place.user:
        t.expect("does not accept")
        t.answer("Password of", "user")
        t.answer("Your user name there", place.dav_user)
        t.answer("Password of", processes.PASSWORD)
    if place.calendars > 1:
        t.answer("Which ones show when you are busy", "5")
        t.expect("is not in the list")
        t.answer("Which ones show when you are busy", "all")
        t.answer("In which one may Kept book", "work")
    else:
        t.expect("reads it and books meetings in it")


@pytest.mark.server
@pytest.mark.slow
@pytest.mark.parametrize("place", ["at_dovecot", "at_cyrus", "at_courier"])
def test_a_newcomer_gets_to_the_look_back_in_less_than_five_minutes(
    place: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    there: Place = request.getfixturevalue(place)
    if there.certificate:
        shutil.copy(there.certificate, tmp_path / "company.pem")
    began = time.monotonic()
    with terminal.kept("init", folder=tmp_path) as t:
        to_the_look_back(t, there)
        assert t.end() == 0
        machine = time.monotonic() - began
        print(f"\n{place}: {machine:.1f} s of waiting, {t.answers} answers\n{t.screen}")  # noqa: T201  # shown where the test fails
        assert machine + A_LINE * t.answers < MINUTES * 60
        assert t.too_wide() == []
        assert processes.PASSWORD not in t.screen
    settings = load_settings(tmp_path / ".config" / "kept" / "config.yaml")
    assert len(settings.accounts[0].calendars) == there.calendars
    assert {client.name for client in settings.clients} >= {"Acme Ltd"}

"""The office that a campaign runs Kept in: a mailbox on a real Dovecot, a calendar on a real Radicale, and an SMTP sink that records.

What the sink takes for Dana is delivered into her mailbox at once, as her company's server would do it.
"""

from __future__ import annotations

import contextlib
import http.client
import itertools
import os
import shutil
import sqlite3
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from servers.mail_servers import Sink, smtp_sink
from servers.processes import Dav, Dovecot, radicale

from faults.kept_process import Clock
from faults.office_story import DANA, LEE, Mail
from faults.windows import APPEND, PUT, Watch, watched

CONFIG = """
accounts:
  - name: Dana Reyes
    addresses: [dana@northwind.example]
    time_zone: Europe/London
    working_hours: {{days: mon-fri, start: "09:00", end: "17:30"}}
    manager: {manager}
    tell_manager: true
    mail: [{{type: imap, host: 127.0.0.1, port: {imap}, tls: none, username: {user}, password: {password}}}]
    calendars: [{{type: caldav, url: "{dav}", username: alice, password: {password}}}]
    send: {{type: smtp, host: 127.0.0.1, port: {smtp}, tls: none}}
clients:
  - name: Acme Ltd
    domains: [acme.example]
    phones: ["+44 20 7946 0018"]
    charter: {{reply: 2h, review: 3 months}}
  - name: Birch GmbH
    domains: [birch.example]
    time_zone: Europe/Berlin
    charter: {{reply: 4h, review: 3 months}}
  - name: Cedar and Sons
    domains: [cedar.example]
charter: {{reply: 1 day, call_back: 1 day, escalate: 1 day}}
state: state
history: 400 days
poll: 1s
interruptions: 50
digest: {{lines: 60}}
"""
CALENDAR = "/alice/work/"
_users = itertools.count()


@dataclass(slots=True)
class Office:
    """One salesperson's servers and state. `sent` are the mails that left, each with the moment the server took it."""

    folder: Path
    user: str
    dovecot: Dovecot
    dav: Dav
    sink: Sink
    clock: Clock
    sent: list[tuple[datetime, EmailMessage]] = field(default_factory=list)
    _count: int = 0

    @property
    def config(self) -> Path:
        """The configuration file."""
        return self.folder / "config.yaml"

    @property
    def state(self) -> Path:
        """The state directory."""
        return self.folder / "state"

    def deliver(self, mail: Mail) -> None:
        """Put a mail into INBOX, or into Sent where Dana wrote it, as of its own moment."""
        self._lay("Sent" if mail.sender == DANA and mail.to != DANA else "", mail.content(), mail.at)

    def take(self, command: str) -> None:
        """Record what the sink has taken when its last dot came, and deliver it where it is for Dana."""
        if command != "DOT":
            return
        _, recipients, content = self.sink.taken[-1]
        at = self.clock.now()
        self.sent.append((at, parsed(content)))
        if DANA in recipients:
            self._lay("", b"Received: from sink by northwind.example\r\n" + content, at)

    def _lay(self, folder: str, content: bytes, at: datetime) -> None:
        place = self.dovecot.maildir(self.user) / (f".{folder}" if folder else "")
        self._count += 1
        name = f"{int(at.timestamp())}.{self._count}.campaign"
        (place / "tmp" / name).write_bytes(content)
        os.utime(place / "tmp" / name, (at.timestamp(), at.timestamp()))  # a Maildir's INTERNALDATE
        if os.geteuid() == 0:
            owner = place.stat()
            os.chown(place / "tmp" / name, owner.st_uid, owner.st_gid)
        (place / "tmp" / name).rename(place / "new" / name)

    def drafts(self) -> list[str]:
        """Return the Message-ID of each mail in Drafts."""
        place = self.dovecot.maildir(self.user) / ".Drafts"
        files = [f for part in ("cur", "new") for f in (place / part).iterdir()]
        return sorted(str(parsed(f.read_bytes())["Message-ID"]) for f in files)

    def events(self) -> list[str]:
        """Return the UID of each event in the calendar."""
        body = '<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><c:calendar-data/></d:prop>'
        body += '<c:filter><c:comp-filter name="VCALENDAR"/></c:filter></c:calendar-query>'
        text = dav_request(self.dav, "REPORT", CALENDAR, body)
        return sorted(line.removeprefix("UID:").strip() for line in text.splitlines() if line.startswith("UID:"))

    def rows(self, query: str, *values: Any) -> list[Any]:
        """Return the rows of a query to Kept's own database, read beside it."""
        with contextlib.closing(sqlite3.connect(f"file:{self.state}/kept.db?mode=ro", uri=True, timeout=10)) as db:
            return db.execute(query, values).fetchall()


def parsed(content: bytes) -> EmailMessage:
    """Return a mail that Kept wrote, or the story."""
    return message_from_bytes(content, policy=policy.default)


def text_of(mail: EmailMessage) -> str:
    """Return the plain text of a mail, or nothing."""
    body = mail.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def dav_request(dav: Dav, method: str, path: str, body: str = "") -> str:
    """Ask the calendar server as Dana's own program would. Raises RuntimeError at a refusal."""
    target = urlsplit(dav.url)
    connection = http.client.HTTPConnection(target.hostname or "", target.port, timeout=20)
    login = b64encode(f"alice:{dav.password}".encode()).decode()
    headers = {"Authorization": f"Basic {login}", "Content-Type": "application/xml", "Depth": "1"}
    connection.request(method, path, body, headers)
    reply = connection.getresponse()
    answer = reply.read().decode()
    connection.close()
    if reply.status >= 300:
        raise RuntimeError(f"{method} {path}: {reply.status} {answer[:200]}")
    return answer


@contextlib.contextmanager
def office(folder: Path, dovecot: Dovecot, watch: Watch) -> Iterator[Office]:
    """A fresh office; `watch` is told of every window of a send. Raises servers.Missing."""
    user = f"office{next(_users)}@example.test"
    with contextlib.ExitStack() as stack:
        sink = stack.enter_context(smtp_sink())
        dav = stack.enter_context(radicale())
        imap_port = stack.enter_context(watched(dovecot.port, APPEND, watch))
        dav_port = stack.enter_context(watched(urlsplit(dav.url).port or 0, PUT, watch))
        made = Office(folder, user, dovecot, dav, sink, Clock(folder / "clock"))

        def at_sink(command: str) -> None:
            made.take(command)
            watch(f"SMTP {command}")

        sink.watch = at_sink
        _make_mailbox(dovecot, user)
        _make_calendar(dav)
        made.config.write_text(
            CONFIG.format(
                manager=LEE,
                imap=imap_port,
                user=user,
                password=dovecot.password,
                dav=f"http://127.0.0.1:{dav_port}/",
                smtp=sink.port,
            )
        )
        made.config.chmod(0o600)
        yield made
        shutil.rmtree(dovecot.maildir(user).parent, ignore_errors=True)


def _make_mailbox(dovecot: Dovecot, user: str) -> None:
    """Log in once, which makes the folders, and select Sent so that it stands on the disk."""
    import imaplib  # noqa: PLC0415  # for this alone

    with imaplib.IMAP4(dovecot.host, dovecot.port) as session:
        session.login(user, dovecot.password)
        for name in ("INBOX", "Sent", "Drafts"):
            session.select(name)


def _make_calendar(dav: Dav) -> None:
    events = '<c:supported-calendar-component-set><c:comp name="VEVENT"/></c:supported-calendar-component-set>'
    body = f'<c:mkcalendar xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:set><d:prop>{events}</d:prop></d:set></c:mkcalendar>'
    dav_request(dav, "MKCALENDAR", CALENDAR, body)


def links(mail: EmailMessage) -> Iterator[tuple[str, str, str]]:
    """Yield each link in a mail of Kept's by which a line is settled: the verb, the line's id, and the subject to send."""
    words = "".join(text_of(mail).split())  # a long link is folded
    for part in words.split("mailto:")[1:]:
        subject = unquote(part.partition("subject=")[2].partition("&")[0].partition(">")[0])
        name, _, rest = subject.partition(" ")
        if name == "Kept" and rest.count(" ") >= 2:
            verb, target, _ = rest.split(" ", 2)
            yield verb, target, subject

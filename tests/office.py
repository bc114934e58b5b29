"""A small real office on disk for the tests of the cycle: a Maildir, a folder of events, a file outbox, a configuration."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from week import at

from connectors.calendar import Attendee, Invite
from connectors.formats import mime
from connectors.formats.ics import render
from connectors.mail import Message, Role
from daemon import clock
from daemon.accounts.runtime import AccountRuntime
from daemon.app import App
from daemon.cycle import TurnResult, turn

DANA, KIM = "dana@northwind.example", "kim@acme.example"
CONFIG = """
accounts:
  - name: Dana Reyes
    addresses: [dana@northwind.example]
    time_zone: {zone}
    working_hours: {{days: mon-fri, start: "09:00", end: "17:30"}}
    holidays: {holidays}
    mail: [{{type: maildir, path: Maildir}}]
    calendars: [{{type: ics, path: calendar}}]
    send: {{type: file, path: outbox}}
clients:
  - name: Acme Ltd
    domains: [acme.example]
    phones: ["+44 20 7946 0018"]
    charter: {{reply: 2h, review: 3 months}}
  - name: Birch GmbH
    domains: [birch.example]
    time_zone: Europe/Berlin
state: state
history: 400 days
"""


@dataclass
class Office:
    """A folder with everything in it; `app()` opens it as the daemon would."""

    folder: Path
    zone: str = "Europe/London"
    holidays: str = "GB-ENG"
    _count: int = field(default=0)

    def __post_init__(self) -> None:
        for name in ("", ".Sent", ".Drafts"):
            for part in ("cur", "new", "tmp"):
                (self.folder / "Maildir" / name / part).mkdir(parents=True, exist_ok=True)
        (self.folder / "calendar").mkdir(exist_ok=True)
        if not self.config.exists():
            self.config.write_text(CONFIG.format(zone=self.zone, holidays=self.holidays))

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    def mail(
        self,
        at: datetime,
        sender: str,
        to: str,
        text: str,
        *,
        subject: str = "Quote",
        answers: str | None = None,
        name: str | None = None,
    ) -> str:
        """Lay a mail into INBOX, or into Sent where Dana wrote it; its Message-ID."""
        self._count += 1
        message_id = f"<{name or f'm{self._count}'}@{sender.rpartition('@')[2]}>"
        head = f"From: {sender}\r\nTo: {to}\r\nDate: {format_datetime(at)}\r\nSubject: {subject}\r\nMessage-ID: {message_id}\r\n"
        if answers:
            head += f"In-Reply-To: {answers}\r\nReferences: {answers}\r\n"
        folder = self.folder / "Maildir" / (".Sent" if sender == DANA else "") / "cur"
        (folder / f"{int(at.timestamp())}.{self._count}.{name or 'test'}:2,S").write_bytes(f"{head}\r\n{text}\r\n".encode())
        return message_id

    def business(self, day: datetime, client: str = KIM, name: str = "first") -> None:
        """The two begin to do business: both write, more than once."""
        self.mail(day, client, DANA, "Nice to meet you, we would like to order from you.", name=name)
        for n in (1, 2):
            later = day + timedelta(hours=n)
            self.mail(later, DANA, client, "The second line costs 400 a month.", name=f"{name}ours{n}")
            self.mail(later + timedelta(minutes=5), client, DANA, "Thank you, that is good to know.", name=f"{name}thanks{n}")

    def event(self, uid: str, start: datetime, summary: str, with_: str = KIM, minutes: int = 60) -> None:
        invite = Invite(
            uid,
            start,
            start + timedelta(minutes=minutes),
            summary,
            "",
            DANA,
            "Dana Reyes",
            (Attendee(with_),),
            start - timedelta(days=7),
        )
        (self.folder / "calendar" / f"{uid}.ics").write_text(render(invite))

    def app(self) -> App:
        return App.open(self.config, {})

    def live(self, *moments: datetime) -> list[TurnResult]:
        """One daemon turning at each of these moments, every account in its turn."""
        with self.app() as app:
            app.begin(moments[0])
            return [turn(runtime, moment) for moment in moments for runtime in app.runtimes.values()]

    def sent(self) -> list[Message]:
        """What left by mail, in order of its date."""
        files = (self.folder / "outbox").glob("*.eml") if (self.folder / "outbox").exists() else ()
        return sorted(
            (mime.parse(f.read_bytes(), role=Role.SENT, folder="outbox") for f in files), key=lambda m: (m.date, m.subject)
        )

    def drafts(self) -> list[Message]:
        files = (self.folder / "Maildir" / ".Drafts" / "cur").iterdir()
        return [mime.parse(f.read_bytes(), role=Role.DRAFTS, folder="Drafts") for f in files]

    def booked(self) -> list[str]:
        return sorted(p.name for p in (self.folder / "calendar").glob("kept-*.ics"))


def asked_by_two(folder: Path) -> Office:
    """An office in which Acme and Birch each asked something on Monday morning."""
    office = Office(folder)
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?", name="acme")
    office.mail(at(0, 6), "jo@birch.example", DANA, "Which colour do you want? Please tell me.", subject="Colour", name="birch")
    return office


def raising(*_: Any, **__: Any) -> Any:
    """Stands for a part of Kept that fails in an unforeseen way."""
    raise ZeroDivisionError("an unforeseen fault")


def only(app: App) -> AccountRuntime:
    """The one account of an office."""
    (runtime,) = app.runtimes.values()
    return runtime


def every(minutes: int, start: datetime, end: datetime) -> list[datetime]:
    """Moments from start to end."""
    return [start + timedelta(minutes=n) for n in range(0, int((end - start) / timedelta(minutes=1)) + 1, minutes)]


def in_business(folder: Path) -> Office:
    """An office in business with Acme for a while, whose mail is in a folder."""
    office = Office(folder)
    for n in range(3):
        day = clock.now() - timedelta(days=40 - n)
        office.mail(day, KIM, DANA, "Hello", name=f"in{n}", subject="Invoice")
        office.mail(day + timedelta(hours=1), DANA, KIM, "Hello", name=f"out{n}")
    return office

"""Build an office from its YAML files: a Maildir, a folder of calendar files and a configuration.

Whose office it is stands in its config.yaml: the name, the addresses and the time zone of the first account. Among the people of
the files that person goes by the first name in small letters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

from daemon.sample.quoting import with_quote

NOW = datetime(2026, 3, 4, 8, 30, tzinfo=UTC)
_LAST_CHECKED = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)  # Dana has not opened the mail that arrived later
_SOURCES = Path(__file__).parent
_FOLDERS = ("", ".Sent", ".Drafts", ".Archive", ".Archive.2026")
_PDF = b"%PDF-1.4\n% a sample\n"


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose office it is."""

    name: str
    addresses: tuple[str, ...]  # the first one is the address on the mails
    time_zone: str  # of the whole company

    @classmethod
    def of(cls, sources: Path) -> Desk:
        """Return the desk of the first account in the config.yaml of a folder."""
        account = _load(sources, "config")["accounts"][0]
        return cls(account["name"], tuple(account["addresses"]), account["time_zone"])

    @property
    def key(self) -> str:
        """The person's name among the people of the files."""
        return self.name.split()[0].lower()

    @property
    def sender(self) -> str:
        """The person as a mail's header says it."""
        return f"{self.name} <{self.addresses[0]}>"

    @property
    def domain(self) -> str:
        """The company's domain."""
        return _domain(self.addresses[0])

    def wrote(self, mail: Mail) -> bool:
        """Whether the person wrote a mail, from any of the addresses."""
        return any(address in mail.sender for address in self.addresses)


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the office, ready to be written."""

    message_id: str
    at: datetime  # aware, in its writer's time zone
    sender: str
    subject: str
    text: str  # with the earlier mail that it quotes
    references: tuple[str, ...]
    spec: Mapping[str, Any]  # its entry in the YAML file
    to: tuple[str, ...]
    cc: tuple[str, ...]


def write_office(folder: Path, sources: Path = _SOURCES, last_checked: datetime = _LAST_CHECKED) -> None:
    """Write the Maildir, the calendar and config.yaml into `folder`, which is created if necessary; always the same bytes.

    `sources` holds the YAML files; what came after `last_checked` has not been opened.
    """
    desk = Desk.of(sources)
    for name in _FOLDERS:
        for part in ("cur", "new", "tmp"):
            (folder / "Maildir" / name / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "calendar").mkdir(mode=0o700, exist_ok=True)
    for number, mail in enumerate(sorted(mails(sources), key=lambda m: (m.at, m.message_id)), 1):
        content = _rfc822(mail, desk)
        for maildir_folder in _maildir_folders(mail, desk):
            part, flags = ("cur", ":2,S") if desk.wrote(mail) or mail.at <= last_checked else ("new", "")
            name = f"{int(mail.at.timestamp())}.{number:04d}.sample{flags}"
            (folder / "Maildir" / maildir_folder / part / name).write_bytes(content)
    for event in _load(sources, "calendar")["events"]:
        (folder / "calendar" / f"{event['uid']}.ics").write_text(_ics(event, desk), encoding="utf-8", newline="")
    (folder / "config.yaml").write_text((sources / "config.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "config.yaml").chmod(0o600)


def cases() -> frozenset[str]:
    """Return the labels of the hard cases that the office contains."""
    events = (e["case"] for e in _load(_SOURCES, "calendar")["events"] if "case" in e)
    return frozenset((*(m.spec["case"] for m in mails() if "case" in m.spec), *events))


def _mail_files(sources: Path) -> Iterator[Mapping[str, Any]]:
    for path in sorted(sources.glob("*.yaml")):
        if "threads" in (content := _load(sources, path.stem)):
            yield {"name": path.stem, **content}


def _load(sources: Path, name: str) -> Mapping[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: Mapping[str, Any] = yaml.load((sources / f"{name}.yaml").read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  # a safe loader
    return content


def mails(sources: Path = _SOURCES) -> Iterator[Mail]:
    """Yield the mails of an office, file by file and thread by thread."""
    desk = Desk.of(sources)
    for file in _mail_files(sources):
        for number, thread in enumerate(file["threads"]):
            earlier: list[Mail] = []
            for position, spec in enumerate(thread["mails"]):
                mail = _mail(f"{file['name']}-{number}-{position}", spec, thread, file, desk, earlier)
                earlier.append(mail)
                yield mail


def _mail(
    name: str, spec: Mapping[str, Any], thread: Mapping[str, Any], file: Mapping[str, Any], desk: Desk, earlier: list[Mail]
) -> Mail:
    people = {desk.key: desk.sender, **file["people"]}
    sender = people.get(spec["from"], spec["from"])
    zone = ZoneInfo(desk.time_zone if desk.domain in sender else file.get("zone", desk.time_zone))
    answered = spec.get("re", len(earlier) - 1)
    parent = earlier[answered] if isinstance(answered, int) and 0 <= answered < len(earlier) else None
    subject = spec.get("subject") or (f"{file.get('answer', 'Re')}: {thread['subject']}" if earlier else thread["subject"])
    to = tuple(people.get(p, p) for p in _listed(spec.get("to"))) or (_addressee(sender, parent, people, desk),)
    typed = "\n\n".join(filter(None, (str(spec.get("text", "")).strip(), file.get("signatures", {}).get(spec.get("sign")))))
    return Mail(
        message_id=f"<{name}@{_domain(sender)}>",
        at=datetime.fromisoformat(spec["at"]).replace(tzinfo=zone),
        sender=sender,
        subject=subject,
        text=with_quote(typed, spec.get("quote", "top" if sender == desk.sender else file.get("quote", "outlook")), parent),
        references=(*parent.references, parent.message_id) if parent and spec.get("threaded", True) else (),
        spec=spec,
        to=to,
        cc=tuple(people.get(p, p) for p in _listed(spec.get("cc"))),
    )


def _addressee(sender: str, parent: Mail | None, people: Mapping[str, str], desk: Desk) -> str:
    """Return whom a mail goes to that names nobody: the desk, or from there the person it answers or last wrote to."""
    if sender != desk.sender:
        return desk.sender
    others = [p for p in (parent.sender, *parent.to) if p != desk.sender] if parent else []
    return others[0] if others else next(p for k, p in people.items() if k != desk.key)


def _domain(sender: str) -> str:
    return sender.rstrip(">").rpartition("@")[2]


def _listed(value: Any) -> list[str]:
    """Return a YAML value as a list: nothing, one string, or several."""
    return [] if value is None else value if isinstance(value, list) else [value]


def _maildir_folders(mail: Mail, desk: Desk) -> list[str]:
    """Return the folders that hold a copy of the mail; "" is the inbox."""
    default = ".Sent" if desk.wrote(mail) else ""
    return [name if name != "INBOX" else "" for name in _listed(mail.spec.get("folder"))] or [default]


def _rfc822(mail: Mail, desk: Desk) -> bytes:
    message = EmailMessage(policy=SMTP)
    headers = dict(mail.spec.get("headers", {}))
    if not desk.wrote(mail):
        arrived = format_datetime(mail.at + timedelta(seconds=7))
        message["Received"] = f"from mail.{_domain(mail.sender)} by mx.{desk.domain} with ESMTPS; {arrived}"
        headers.setdefault("Authentication-Results", f"mx.{desk.domain}; dmarc=pass header.from={_domain(mail.sender)}")
    content_type = headers.pop("Content-Type", None)
    for name, value in (*_standard_headers(mail), *headers.items()):
        message[name] = value
    _set_body(message, mail)
    if content_type:
        del message["Content-Type"]
        message["Content-Type"] = content_type
    return message.as_bytes()


def _standard_headers(mail: Mail) -> Iterator[tuple[str, str]]:
    """Yield the headers that every mail has, without empty ones."""
    for name, value in (
        ("From", mail.sender),
        ("To", ", ".join(mail.to)),
        ("Cc", ", ".join(mail.cc)),
        ("Subject", mail.subject),
        ("Date", format_datetime(mail.at)),
        ("Message-ID", mail.message_id),
        ("In-Reply-To", mail.references[-1] if mail.references else ""),
        ("References", " ".join(mail.references)),
    ):
        if value:
            yield name, value


def _set_body(message: EmailMessage, mail: Mail) -> None:
    """Set text or HTML and the attachments; the boundary follows from the Message-ID, so that it is the same at every run."""
    if "html" in mail.spec:
        message.set_content(mail.spec["html"], subtype="html", charset="utf-8")
    else:
        message.set_content(mail.text + "\n", charset="utf-8")
    for name in _listed(mail.spec.get("attach")):
        message.add_attachment(_PDF, maintype="application", subtype="pdf", filename=name)
    if message.is_multipart():
        message.set_boundary(f"=_{mail.message_id.strip('<>').partition('@')[0]}")


def _ics(event: Mapping[str, Any], desk: Desk) -> str:
    """Return one event as a calendar file, written by hand so that it is the same at every run."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Northwind sample//EN", "BEGIN:VEVENT", f"UID:{event['uid']}"]
    created = event.get("created", "2026-01-02 09:00")
    lines += [f"DTSTAMP:{_utc(created, desk)}", f"CREATED:{_utc(created, desk)}"]
    if "day" in event:
        last = datetime.fromisoformat(event.get("until", event["day"])) + timedelta(days=1)
        lines += [f"DTSTART;VALUE=DATE:{datetime.fromisoformat(event['day']):%Y%m%d}", f"DTEND;VALUE=DATE:{last:%Y%m%d}"]
    else:
        start = datetime.fromisoformat(event["start"])
        end = start + timedelta(minutes=event.get("minutes", 60))
        lines += [f"DTSTART;TZID={desk.time_zone}:{start:%Y%m%dT%H%M%S}", f"DTEND;TZID={desk.time_zone}:{end:%Y%m%dT%H%M%S}"]
    lines.append(f"SUMMARY:{event['summary']}")
    if "notes" in event:
        lines.append("DESCRIPTION:" + event["notes"].replace("\n", "\\n").replace(",", "\\,"))
    lines += event.get("raw", [])
    if event.get("with"):
        lines.append(f"ORGANIZER;CN={desk.name}:mailto:{event.get('organizer', desk.addresses[0])}")
        for guest in _listed(event["with"]):
            address, _, answer = guest.partition(" ")
            lines.append(f"ATTENDEE;PARTSTAT={(answer or 'accepted').upper()}:mailto:{address}")
    return "\r\n".join((*lines, "END:VEVENT", "END:VCALENDAR", ""))


def _utc(local: str, desk: Desk) -> str:
    """Return a local date and time in the form of iCalendar, in UTC."""
    return f"{datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(desk.time_zone)).astimezone(UTC):%Y%m%dT%H%M%SZ}"

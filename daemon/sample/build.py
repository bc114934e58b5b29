"""Build the sample office from its YAML files: a Maildir, a folder of calendar files and a configuration."""

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

NOW = datetime(2026, 3, 4, 8, 30, tzinfo=UTC)
_LAST_CHECKED = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)  # Dana has not opened the mail that arrived later
DANA = "Dana Reyes <dana@northwind.example>"
_DANAS_ALIAS = "d.reyes@northwind.example"
_SOURCES = Path(__file__).parent
_TIME_ZONE = "Europe/London"  # of Dana's company
_FOLDERS = ("", ".Sent", ".Drafts", ".Archive", ".Archive.2026")
_PDF = b"%PDF-1.4\n% a sample\n"


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


def write_office(folder: Path) -> None:
    """Write the Maildir, the calendar and config.yaml into `folder`, which is created if necessary; always the same bytes."""
    for name in _FOLDERS:
        for part in ("cur", "new", "tmp"):
            (folder / "Maildir" / name / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "calendar").mkdir(mode=0o700, exist_ok=True)
    for number, mail in enumerate(sorted(mails(), key=lambda m: (m.at, m.message_id)), 1):
        content = _rfc822(mail)
        for maildir_folder in _maildir_folders(mail):
            part, flags = ("cur", ":2,S") if _is_danas(mail) or mail.at <= _LAST_CHECKED else ("new", "")
            name = f"{int(mail.at.timestamp())}.{number:04d}.sample{flags}"
            (folder / "Maildir" / maildir_folder / part / name).write_bytes(content)
    for event in _load("calendar")["events"]:
        (folder / "calendar" / f"{event['uid']}.ics").write_text(_ics(event), encoding="utf-8", newline="")
    (folder / "config.yaml").write_text((_SOURCES / "config.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "config.yaml").chmod(0o600)


def cases() -> frozenset[str]:
    """Return the labels of the hard cases that the office contains."""
    events = (e["case"] for e in _load("calendar")["events"] if "case" in e)
    return frozenset((*(m.spec["case"] for m in mails() if "case" in m.spec), *events))


def _mail_files() -> Iterator[Mapping[str, Any]]:
    for path in sorted(_SOURCES.glob("*.yaml")):
        if path.stem not in {"calendar", "config"}:
            yield {"name": path.stem, **_load(path.stem)}


def _load(name: str) -> Mapping[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    content: Mapping[str, Any] = yaml.load((_SOURCES / f"{name}.yaml").read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  # a safe loader
    return content


def mails() -> Iterator[Mail]:
    """Yield the mails of the office, thread by thread."""
    for file in _mail_files():
        people = {"dana": DANA, **file["people"]}
        zone = ZoneInfo(file.get("zone", _TIME_ZONE))
        for number, thread in enumerate(file["threads"]):
            earlier: list[Mail] = []
            for position, spec in enumerate(thread["mails"]):
                mail = _mail(f"{file['name']}-{number}-{position}", spec, thread, people, zone, earlier)
                earlier.append(mail)
                yield mail


def _mail(
    name: str, spec: Mapping[str, Any], thread: Mapping[str, Any], people: Mapping[str, str], zone: ZoneInfo, earlier: list[Mail]
) -> Mail:
    sender = people.get(spec["from"], spec["from"])
    local = ZoneInfo(_TIME_ZONE) if "northwind" in sender else zone
    at = datetime.fromisoformat(spec["at"]).replace(tzinfo=local)
    answered = spec.get("re", len(earlier) - 1)
    parent = earlier[answered] if isinstance(answered, int) and 0 <= answered < len(earlier) else None
    subject = spec.get("subject") or (f"Re: {thread['subject']}" if earlier else thread["subject"])
    to = tuple(people.get(p, p) for p in _listed(spec.get("to"))) or (_addressee(sender, parent, people),)
    typed = str(spec.get("text", "")).strip()
    return Mail(
        message_id=f"<{name}@{_domain(sender)}>",
        at=at,
        sender=sender,
        subject=subject,
        text=_with_quote(typed, spec.get("quote", "top" if sender == DANA else "outlook"), parent),
        references=(*parent.references, parent.message_id) if parent and spec.get("threaded", True) else (),
        spec=spec,
        to=to,
        cc=tuple(people.get(p, p) for p in _listed(spec.get("cc"))),
    )


def _addressee(sender: str, parent: Mail | None, people: Mapping[str, str]) -> str:
    """Return whom a mail goes to that names nobody: Dana, or from her the person she answers or last wrote to."""
    if sender != DANA:
        return DANA
    others = [p for p in (parent.sender, *parent.to) if p != DANA] if parent else []
    return others[0] if others else next(p for k, p in people.items() if k != "dana")


def _is_danas(mail: Mail) -> bool:
    return mail.sender == DANA or _DANAS_ALIAS in mail.sender


def _domain(sender: str) -> str:
    return sender.rstrip(">").rpartition("@")[2]


def _listed(value: Any) -> list[str]:
    """Return a YAML value as a list: nothing, one string, or several."""
    return [] if value is None else value if isinstance(value, list) else [value]


def _with_quote(text: str, style: str, parent: Mail | None) -> str:
    """Return a text with the mail that it answers quoted below it, as Outlook or as other mail programs do."""
    if parent is None or style in {"none", "inline"}:
        return text
    if style == "outlook":
        head = f"From: {parent.sender}\nSent: {parent.at:%d %B %Y %H:%M}\nTo: {', '.join(parent.to)}\nSubject: {parent.subject}"
        return f"{text}\n\n{head}\n\n{parent.text}"
    quoted = "\n".join(f"> {line}".rstrip() for line in parent.text.splitlines())
    return f"{text}\n\nOn {parent.at:%a, %d %b %Y at %H:%M}, {parent.sender} wrote:\n{quoted}"


def _maildir_folders(mail: Mail) -> list[str]:
    """Return the folders that hold a copy of the mail; "" is the inbox."""
    default = ".Sent" if _is_danas(mail) else ""
    return [name if name != "INBOX" else "" for name in _listed(mail.spec.get("folder"))] or [default]


def _rfc822(mail: Mail) -> bytes:
    message = EmailMessage(policy=SMTP)
    headers = dict(mail.spec.get("headers", {}))
    if not _is_danas(mail):
        arrived = format_datetime(mail.at + timedelta(seconds=7))
        message["Received"] = f"from mail.{_domain(mail.sender)} by mx.northwind.example with ESMTPS; {arrived}"
        headers.setdefault("Authentication-Results", f"mx.northwind.example; dmarc=pass header.from={_domain(mail.sender)}")
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


def _ics(event: Mapping[str, Any]) -> str:
    """Return one event as a calendar file, written by hand so that it is the same at every run."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Northwind sample//EN", "BEGIN:VEVENT", f"UID:{event['uid']}"]
    created = event.get("created", "2026-01-02 09:00")
    lines += [f"DTSTAMP:{_utc(created)}", f"CREATED:{_utc(created)}"]
    if "day" in event:
        last = datetime.fromisoformat(event.get("until", event["day"])) + timedelta(days=1)
        lines += [f"DTSTART;VALUE=DATE:{datetime.fromisoformat(event['day']):%Y%m%d}", f"DTEND;VALUE=DATE:{last:%Y%m%d}"]
    else:
        start = datetime.fromisoformat(event["start"])
        end = start + timedelta(minutes=event.get("minutes", 60))
        lines += [f"DTSTART;TZID={_TIME_ZONE}:{start:%Y%m%dT%H%M%S}", f"DTEND;TZID={_TIME_ZONE}:{end:%Y%m%dT%H%M%S}"]
    lines.append(f"SUMMARY:{event['summary']}")
    if "notes" in event:
        lines.append("DESCRIPTION:" + event["notes"].replace("\n", "\\n").replace(",", "\\,"))
    lines += event.get("raw", [])
    if event.get("with"):
        lines.append(f"ORGANIZER;CN=Dana Reyes:mailto:{event.get('organizer', 'dana@northwind.example')}")
        for guest in _listed(event["with"]):
            address, _, answer = guest.partition(" ")
            lines.append(f"ATTENDEE;PARTSTAT={(answer or 'accepted').upper()}:mailto:{address}")
    return "\r\n".join((*lines, "END:VEVENT", "END:VCALENDAR", ""))


def _utc(local: str) -> str:
    """Return a local date and time in the form of iCalendar, in UTC."""
    return f"{datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(_TIME_ZONE)).astimezone(UTC):%Y%m%dT%H%M%SZ}"

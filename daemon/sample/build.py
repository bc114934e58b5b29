"""From the YAML of the sample office to a Maildir, a calendar folder and a configuration."""

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
_LAST_LOOK = datetime(2026, 3, 3, 17, 30, tzinfo=UTC)  # what came later, Dana has not opened yet
DANA = "Dana Reyes <dana@northwind.example>"
_ALIAS = "d.reyes@northwind.example"
_HERE = Path(__file__).parent
_HOME = "Europe/London"
_FOLDERS = ("", ".Sent", ".Drafts", ".Archive", ".Archive.2026")
_PDF = b"%PDF-1.4\n% a sample\n"


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail of the office, ready to be written."""

    message_id: str
    at: datetime
    sender: str
    subject: str
    text: str  # with what it quotes
    typed: str
    references: tuple[str, ...]
    spec: Mapping[str, Any]
    to: tuple[str, ...]
    cc: tuple[str, ...]


def write_office(folder: Path) -> None:
    """Build everything into `folder`: Maildir, calendar and config.yaml."""
    for name in _FOLDERS:
        for part in ("cur", "new", "tmp"):
            (folder / "Maildir" / name / part).mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "calendar").mkdir(mode=0o700, exist_ok=True)
    for number, mail in enumerate(sorted(_mails(), key=lambda m: (m.at, m.message_id)), 1):
        for place in _places(mail):
            part, flags = ("cur", ":2,S") if _own(mail) or mail.at <= _LAST_LOOK else ("new", "")
            name = f"{int(mail.at.timestamp())}.{number:04d}.sample{flags}"
            (folder / "Maildir" / place / part / name).write_bytes(_rendered(mail))
    for event in _load("calendar")["events"]:
        (folder / "calendar" / f"{event['uid']}.ics").write_text(_ics(event), encoding="utf-8", newline="")
    (folder / "config.yaml").write_text((_HERE / "config.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "config.yaml").chmod(0o600)


def cases() -> frozenset[str]:
    """The hard cases that the office holds, by the labels in its files."""
    events = (e["case"] for e in _load("calendar")["events"] if "case" in e)
    return frozenset((*(m.spec["case"] for m in _mails() if "case" in m.spec), *events))


def _files() -> Iterator[Mapping[str, Any]]:
    for path in sorted(_HERE.glob("*.yaml")):
        if path.stem not in {"calendar", "config"}:
            yield {"name": path.stem, **_load(path.stem)}


def _load(name: str) -> Mapping[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: Mapping[str, Any] = yaml.load((_HERE / f"{name}.yaml").read_text(encoding="utf-8"), Loader=loader)  # noqa: S506  # a safe loader
    return found


def _mails() -> Iterator[Mail]:
    for file in _files():
        people = {"dana": DANA, **file["people"]}
        zone = ZoneInfo(file.get("zone", _HOME))
        for number, thread in enumerate(file["threads"]):
            written: list[Mail] = []
            for place, spec in enumerate(thread["mails"]):
                mail = _mail(f"{file['name']}-{number}-{place}", spec, thread, people, zone, written)
                written.append(mail)
                yield mail


def _mail(
    name: str, spec: Mapping[str, Any], thread: Mapping[str, Any], people: Mapping[str, str], zone: ZoneInfo, written: list[Mail]
) -> Mail:
    sender = people.get(spec["from"], spec["from"])
    local = ZoneInfo(_HOME) if "northwind" in sender else zone
    at = datetime.fromisoformat(spec["at"]).replace(tzinfo=local)
    re = spec.get("re", len(written) - 1)
    parent = written[re] if isinstance(re, int) and 0 <= re < len(written) else None
    subject = spec.get("subject") or (f"Re: {thread['subject']}" if written else thread["subject"])
    to = tuple(people.get(p, p) for p in _listed(spec.get("to"))) or (_addressee(sender, parent, people),)
    domain = sender.rstrip(">").rpartition("@")[2]
    typed = str(spec.get("text", "")).strip()
    return Mail(
        message_id=f"<{name}@{domain}>",
        at=at,
        sender=sender,
        subject=subject,
        text=_with_quote(typed, spec.get("quote", "top" if sender == DANA else "outlook"), parent),
        typed=typed,
        references=(*parent.references, parent.message_id) if parent and spec.get("threaded", True) else (),
        spec=spec,
        to=to,
        cc=tuple(people.get(p, p) for p in _listed(spec.get("cc"))),
    )


def _addressee(sender: str, parent: Mail | None, people: Mapping[str, str]) -> str:
    """Everybody writes to Dana; she writes to whoever wrote to her, or once more to the one that she wrote to."""
    if sender != DANA:
        return DANA
    others = [p for p in (parent.sender, *parent.to) if p != DANA] if parent else []
    return others[0] if others else next(p for k, p in people.items() if k != "dana")


def _own(mail: Mail) -> bool:
    return mail.sender == DANA or _ALIAS in mail.sender


def _listed(value: Any) -> list[str]:
    return [] if value is None else value if isinstance(value, list) else [value]


def _with_quote(text: str, style: str, parent: Mail | None) -> str:
    if parent is None or style in {"none", "inline"}:
        return text
    if style == "outlook":
        head = f"From: {parent.sender}\nSent: {parent.at:%d %B %Y %H:%M}\nTo: {', '.join(parent.to)}\nSubject: {parent.subject}"
        return f"{text}\n\n{head}\n\n{parent.text}"
    quoted = "\n".join(f"> {line}".rstrip() for line in parent.text.splitlines())
    return f"{text}\n\nOn {parent.at:%a, %d %b %Y at %H:%M}, {parent.sender} wrote:\n{quoted}"


def _places(mail: Mail) -> list[str]:
    default = ".Sent" if _own(mail) else ""
    return [p if p != "INBOX" else "" for p in _listed(mail.spec.get("folder"))] or [default]


def _rendered(mail: Mail) -> bytes:
    message = EmailMessage(policy=SMTP)
    headers = dict(mail.spec.get("headers", {}))
    if not _own(mail):
        domain = mail.sender.rstrip(">").rpartition("@")[2]
        arrived = format_datetime(mail.at + timedelta(seconds=7))
        message["Received"] = f"from mail.{domain} by mx.northwind.example with ESMTPS; {arrived}"
        headers.setdefault("Authentication-Results", f"mx.northwind.example; dmarc=pass header.from={domain}")
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
            message[name] = value
    kind = headers.pop("Content-Type", None)
    for name, value in headers.items():
        message[name] = value
    if "html" in mail.spec:
        message.set_content(mail.spec["html"], subtype="html", charset="utf-8")
    else:
        message.set_content(mail.text + "\n", charset="utf-8")
    for name in _listed(mail.spec.get("attach")):
        message.add_attachment(_PDF, maintype="application", subtype="pdf", filename=name)
    if message.is_multipart():
        message.set_boundary(f"=_{mail.message_id.strip('<>').partition('@')[0]}")
    if kind:
        del message["Content-Type"]
        message["Content-Type"] = kind
    return message.as_bytes()


def _ics(event: Mapping[str, Any]) -> str:
    """One event by hand, so that the file is the same at every run."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Northwind sample//EN", "BEGIN:VEVENT", f"UID:{event['uid']}"]
    made = event.get("created", "2026-01-02 09:00")
    lines += [f"DTSTAMP:{_utc(made)}", f"CREATED:{_utc(made)}"]
    if "day" in event:
        last = datetime.fromisoformat(event.get("until", event["day"])) + timedelta(days=1)
        lines += [f"DTSTART;VALUE=DATE:{datetime.fromisoformat(event['day']):%Y%m%d}", f"DTEND;VALUE=DATE:{last:%Y%m%d}"]
    else:
        start = datetime.fromisoformat(event["start"])
        end = start + timedelta(minutes=event.get("minutes", 60))
        lines += [f"DTSTART;TZID={_HOME}:{start:%Y%m%dT%H%M%S}", f"DTEND;TZID={_HOME}:{end:%Y%m%dT%H%M%S}"]
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
    return f"{datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(_HOME)).astimezone(UTC):%Y%m%dT%H%M%SZ}"

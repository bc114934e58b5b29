"""The lines of a story that say what happened: mails, calls, meetings, and the user's words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TypeAlias
from zoneinfo import ZoneInfo

from connectors.calendar import Attendee, Event
from connectors.mail import Address, Attachment, Message, Role
from telling.told import DANA, WHEN, Told, moment_of, when

Options: TypeAlias = dict[str, str]
_OPTION = re.compile(r"\s*\[([^\]]*)\]")
_NAMES = (
    "new thread", "thread", "broken", "attach", "to", "cc", "auto-submitted", "list", "dmarc fail", "kept", "draft", "unsure", "copy", "zone",
    "arrived", "sent", "unread", "cancelled", "declined", "unanswered", "booked", "notes", "all day",
)  # fmt: skip


def happens(told: Told, line: str) -> None:
    """`Mon 09:00 kim@acme > Can you send the quote?` and all other lines that begin with a moment."""
    found = WHEN.match(line)
    assert found, f"what is “{line}”?"
    at, end, what = when(told, *found.group(1, 2, 3, 4)), found[5], found[6].strip()
    if end:
        _meeting(told, at, end, what)
        return
    if what == "now":
        told.now = at
    elif re.match(r"(?:done|waive|wrong|snooze|undo|rule)\b", what):
        told.words.append((at, what))
    elif re.match(r"(?:voicemail|missed call|call made)\b", what):
        _phone(told, at, what)
    else:
        _mail(told, at, what)
    told.moment = at


def _options(text: str) -> tuple[str, Options]:
    found = {}
    for option in _OPTION.findall(text):
        name = next((n for n in _NAMES if option == n or option.startswith((f"{n}:", f"{n} "))), None)
        assert name, f"nobody knows the option “{option}”"
        found[name] = option.removeprefix(name).removeprefix(":").strip()
    return _OPTION.sub("", text).strip(), found


def _value(options: Options, name: str) -> str:
    return options.get(name, "")


def _listed(options: Options, name: str) -> list[str]:
    return [n.strip() for n in _value(options, name).split(",") if n.strip()]


def _address(name: str) -> str:
    if "@" not in name:
        return {"dana": DANA, "alias": "d.reyes@northwind.example"}.get(name, f"{name}@northwind.example")
    return name if "." in name.partition("@")[2] else f"{name}.example"


def _display_name(address: str) -> str:
    """Kim for kim@acme.example: the name with which people write; a role has none."""
    local = address.partition("@")[0]
    return (
        local.capitalize() if local.isalpha() and local not in {"desk", "info", "news", "newsletter", "sales", "support"} else ""
    )


def _mail(told: Told, at: datetime, what: str) -> None:
    who, _, said = what.partition(" > ")
    text, options = _options(said)
    sender = _address(who.strip())
    ours = sender.endswith("@northwind.example") or "sent" in options
    client = told.spoken if ours else _client_name(told, sender)
    to, cc = ([Address(a, _display_name(a)) for a in map(_address, _listed(options, key))] for key in ("to", "cc"))
    if not to:
        to = [Address(told.last[client] if ours else DANA)]
    client = next((c for a in (*to, *cc) if (c := _client_name(told, a.email))), client) if ours else client
    told.spoken = client
    told.last[client] = next((a.email for a in to if _client_name(told, a.email)), told.last.get(client, "")) if ours else sender
    told.messages.append(_message(told, at, Address(sender, _display_name(sender)), to, cc, client, text, options))
    if "copy" in options:
        told.messages.append(replace(told.messages[-1], folder="Archive", role=Role.ARCHIVE))


def _message(
    told: Told, at: datetime, sender: Address, to: list[Address], cc: list[Address], client: str, text: str, options: Options
) -> Message:
    key = _thread_key(told, client, options)
    broken = _value(options, "broken")
    before = [] if "new thread" in options or broken else told.threads.pop(key, [])
    subject = key.partition("/")[2]
    ours = sender.email == DANA or "sent" in options
    message = Message(
        message_id=_fresh_id(told, f"{at:%Y%m%d%H%M}.{client}.{sender.email}"),
        date=at.astimezone(ZoneInfo(_value(options, "zone"))) if "zone" in options else at,
        received=(moment_of(told, _value(options, "arrived")) if "arrived" in options else at).astimezone(UTC),
        sender=sender,
        subject=broken or (f"Re: {subject}" if before else subject),
        to=tuple(to),
        cc=tuple(cc),
        in_reply_to=(before[-1].message_id,) if before else (),
        references=tuple(m.message_id for m in before),
        text=text,
        headers=dict(header for option, header in _HEADERS.items() if option in options),
        attachments=tuple(Attachment(name, "application/pdf", 90_000) for name in _listed(options, "attach")),
        role=Role.DRAFTS if "draft" in options else Role.OTHER if "unsure" in options else Role.SENT if ours else Role.INBOX,
        authentic="dmarc fail" not in options,
        unread=_value(options, "unread"),
        transmitted="unsure" not in options,
    )
    told.threads[key] = [*before, message]
    return message


_HEADERS = {"auto-submitted": ("auto-submitted", "auto-replied"), "list": ("list-id", "<news>"), "kept": ("x-kept-id", "1")}


def _thread_key(told: Told, client: str, options: Options) -> str:
    """The conversation that a mail belongs to: the one it names, else the client's latest, else their first."""
    name = _value(options, "new thread") or _value(options, "thread")
    if name:
        return f"{client}/{name}"
    return next((key for key in reversed(told.threads) if key.startswith(f"{client}/")), f"{client}/Hello")


def _fresh_id(told: Told, name: str) -> str:
    """An id that depends on nothing but the mail itself and its equals."""
    return f"<{sum(m.message_id.endswith(f'.{name}>') for m in told.messages)}.{name}>"


def _client_name(told: Told, address: str) -> str:
    return next((n for n, c in told.clients.items() if address.partition("@")[2] in c.domains or address in c.addresses), "")


def _phone(told: Told, at: datetime, what: str) -> None:
    head, _, transcript = what.partition(": ")
    kind, _, number = head.partition(" from ") if " from " in head else head.partition(" to ")
    subject = {"voicemail": f"New voicemail from {number}", "missed call": f"Missed call from {number}"}.get(
        kind, f"Call to {number} completed"
    )
    text = f"Transcript:\n{transcript}\n" if transcript else f"{kind} {number}"
    told.messages.append(
        Message(
            _fresh_id(told, f"{at:%Y%m%d%H%M}@pbx.example"),
            at,
            at.astimezone(UTC),
            Address("no-reply@pbx.example"),
            subject,
            (Address(DANA),),
            text=text,
        )
    )


def _meeting(told: Told, at: datetime, end: str, what: str) -> None:
    what, options = _options(what)
    found = re.match(r"meeting(?: with ([^:]*))?: (.*)", what, re.DOTALL)
    assert found, f"what is “{what}”?"
    guests = [_address(n.strip()) for n in (found[1] or "").split(",") if n.strip()]
    answer = "declined" if "declined" in options else "needs-action" if "unanswered" in options else "accepted"
    name = f"{at:%Y%m%d%H%M}.{found[1]}.{found[2]}"
    name += f".{sum(name in e.uid for e in told.events)}"
    told.events.append(
        Event(
            f"kept-{name}" if "kept" in options else f"{name}@calendar.example",
            at,
            datetime.combine(at.date(), time.fromisoformat(end), at.tzinfo),
            found[2],
            description=_value(options, "notes"),
            organizer=DANA,
            attendees=tuple(Attendee(g, answer=answer) for g in guests),
            status="cancelled" if "cancelled" in options else "confirmed",
            created=moment_of(told, _value(options, "booked")) if "booked" in options else None,
            all_day="all day" in options,
        )
    )

"""Messages from RFC 5322 bytes, and bytes from drafts.

Incoming mail may be hostile, so it is parsed by hand, with limits on header size, number of addresses, nesting and parts. The
standard library's `policy.default` is never used for reading: it takes seconds for a 20 KB header and recurses without end on
a short From. What cannot be read raises ValueError, and the caller records the message as unreadable; a message whose words alone
cannot be read says so (`Message.unread`).
"""

from __future__ import annotations

import dataclasses
import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from itertools import islice

from connectors.formats import body, header_writer, headers, mime_parts, transit
from connectors.formats.body import Body
from connectors.formats.charsets import decode as decode_charset
from connectors.formats.headers import Fields
from connectors.formats.leaf_text import content_of
from connectors.formats.mime_parts import Leaf, Part
from connectors.formats.stable_ids import stable_id
from connectors.mail import UNDATED, Address, Draft, Itip, Message, Role, Unreadable

ID_HEADER = "X-Kept-Message-ID"  # finds a mail of ours whose Message-ID a server replaced
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # of a date that can be right; no mail of today's is older
_DAY = timedelta(days=1)
_BEGINNING = 120  # letters and digits of a text that tell a message without a Message-ID from others

# Headers that say how to treat a message: RFC 3834, 2919, 2369, 3464, 8058 and the providers' own.
STORED_HEADERS = (
    "auto-submitted", "precedence", "list-id", "list-unsubscribe", "list-post", "list-help", "x-auto-response-suppress",
    "x-autoreply", "x-autorespond", "x-autoresponder", "return-path", "content-type", "x-mailer", "feedback-id",
    "x-failed-recipients", "x-kept-id", "x-kept-proof", "x-kept-message-id", "x-loop", "x-ms-exchange-generated-message-source", "x-csa-complaints",
    "content-language", "x-report-abuse", "x-mailgun-sid", "x-sg-eid", "x-campaign-id", "auto-submitted-by",
    "x-original-sender", "x-original-from", "x-google-original-from", "sender",
)  # fmt: skip

# Fields that a mail program writes into a draft where its user asked for it, and Kept never does. Some servers write "normal" by themselves.
_SET_BY_A_PERSON = (
    "bcc", "reply-to", "mail-followup-to", "mail-reply-to", "disposition-notification-to", "return-receipt-to",
    "x-confirm-reading-to", "generate-delivery-report", "importance", "priority", "x-priority", "x-msmail-priority", "sensitivity",
    "deferred-delivery", "expires", "expiry-date", "reply-by", "keywords", "x-mozilla-draft-info",
)  # fmt: skip
_ORDINARY = re.compile(r"\s*(?:|normal|3(?:\s*\(normal\))?)\s*", re.IGNORECASE)

CALENDAR_CAP = 256 * 1024  # bytes of a calendar message as sent; one with its zone has 4,000
_CALENDARS = 5  # parts that are looked at for one
_METHOD = re.compile(r"method\s*=\s*\"?([A-Za-z]{1,20})", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*\"?([\w.:+-]+)", re.IGNORECASE)


def parse(
    raw: bytes,
    *,
    role: Role,
    folder: str,
    received: datetime | None = None,
    otherwise: datetime | None = None,
    authserv_id: str | None = None,
    transmitted: bool = False,
) -> Message:
    """Return a message from its bytes. Raises ValueError where it has no date that can be right.

    `received` is the mailbox's own arrival time (INTERNALDATE), if known; `otherwise` stands in where neither the message nor
    the mailbox has a time that can be right (a file's date). `transmitted` says that the mailbox knows that it left, whether or not its header shows it.
    A role of its own that the header states (transit.py) takes the place of the folder's.
    """
    fields, tree, contents = _taken_apart(raw)
    message = _message(
        fields,
        body.read(tree, contents),
        role=role,
        folder=folder,
        received=received,
        otherwise=otherwise,
        authserv_id=authserv_id,
        transmitted=transmitted,
    )
    found = _calendar_of(tree, contents)
    return dataclasses.replace(message, itip=found) if found else message


def calendar_message(raw: bytes) -> Itip | None:
    """Return the calendar message in the bytes of a whole message; None where there is none."""
    _, tree, contents = _taken_apart(raw)
    return _calendar_of(tree, contents)


def calendar_in(leaves: Iterable[Leaf]) -> Itip | None:
    """Return the calendar message of the first of some leaves that has one; None where none has."""
    parts = (leaf for leaf in leaves if _is_calendar(leaf.fields))
    return next((found for leaf in islice(parts, _CALENDARS) if (found := _itip(leaf))), None)


def assemble(
    fields: Fields,
    content: Body,
    *,
    role: Role,
    folder: str,
    received: datetime | None = None,
    authserv_id: str | None = None,
    transmitted: bool = False,
) -> Message:
    """Return a message from the fields of its header and what was read of its body (body.read). Raises ValueError where it has no date that can be right."""
    return _message(
        fields, content, role=role, folder=folder, received=received, authserv_id=authserv_id, transmitted=transmitted
    )


def set_aside(place: str, reason: str, head: bytes, received: datetime | None, otherwise: datetime | None = None) -> Unreadable:
    """Return a message as one that could not be read, with who sent it and when as far as its header, or its beginning, says so."""
    fields = headers.parse_fields(mime_parts.split(head)[0])
    sender = _sender(fields).email if "from" in fields else ""
    try:
        arrived: datetime | None = _dates(fields, received, otherwise)[1]
    except ValueError:
        arrived = None
    return Unreadable(place, reason, sender=sender, at=arrived.astimezone(UTC) if arrived else None)


def failed(
    place: str, error: Exception, head: bytes = b"", received: datetime | None = None, otherwise: datetime | None = None
) -> Unreadable:
    """Return a message at which Kept failed, or for good where its own text is at fault: then a ValueError says what is wrong with it.

    The former is read again: from its arrival on as far as its header can be read, else from the beginning.
    """
    foreseen = isinstance(error, ValueError) and not isinstance(error, UnicodeError)
    reason = str(error) if foreseen else f"could not be read ({type(error).__name__}); Kept will try again"
    try:
        found = set_aside(place, reason, head, received, otherwise)
    except Exception:  # noqa: BLE001  # whatever Kept fails at in this message, it may fail at here as well
        found = Unreadable(place, reason)
    known = found.at if head else None
    return found if foreseen else dataclasses.replace(found, retry_since=known or EARLIEST)


def read_body(raw: bytes) -> Body:
    """Return what the body of a whole message says, for providers whose own account of it leaves words out."""
    _, tree, contents = _taken_apart(raw)
    return body.read(tree, contents)


def render(draft: Draft) -> bytes:
    """Return the bytes to send or to save as a draft (RFC 5322, 2046), an iTIP object included as RFC 6047 says."""
    message = EmailMessage(policy=policy.SMTP)
    subject = headers.one_line(draft.subject)
    if subject.isascii():
        message["Subject"] = subject
    for name, value in draft.headers.items():
        if name.lower() not in header_writer.ID_FIELDS:
            message[name] = headers.one_line(value)
    message.set_content(draft.text, cte=_written_as(draft.text))
    if draft.html is not None:
        message.add_alternative(draft.html, subtype="html", cte="quoted-printable")
    if draft.calendar is not None:
        message.add_alternative(draft.calendar, subtype="calendar", params={"method": draft.method or "REQUEST"}, cte="base64")
    for name, media_type, content in draft.attachments:
        main, _, sub = media_type.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return _written_by_hand(draft) + message.as_bytes()


def _written_by_hand(draft: Draft) -> bytes:
    """Return the fields that the standard library would break."""
    fields = [header_writer.mailboxes("From", (draft.sender,)), header_writer.mailboxes("To", draft.to)]
    if draft.cc:
        fields.append(header_writer.mailboxes("Cc", draft.cc))
    fields += [header_writer.date(draft.date), header_writer.message_ids("Message-ID", (draft.message_id,))]
    if not (subject := headers.one_line(draft.subject)).isascii():
        fields.append(header_writer.words("Subject", subject))
    fields.append(header_writer.message_ids("In-Reply-To", (draft.in_reply_to,) if draft.in_reply_to else ()))
    fields.append(header_writer.message_ids("References", draft.references))
    ids = ((name, value) for name, value in draft.headers.items() if name.lower() in header_writer.ID_FIELDS)
    return b"".join([*fields, *(header_writer.message_ids(name, (value,)) for name, value in ids)])


def _taken_apart(raw: bytes) -> tuple[Fields, Part, Mapping[str, Leaf]]:
    """Return a message's header, its parts and the bytes of its leaves. Of what is large nothing is copied."""
    blank = mime_parts.header_span(raw, 0, len(raw))
    fields = headers.parse_fields(raw[: min(blank.start, headers.HEADER_CAP)])
    return fields, *mime_parts.tree(fields, raw, start=blank.end)


def _calendar_of(tree: Part, contents: Mapping[str, Leaf]) -> Itip | None:
    """Return the calendar message of the first part that has one (RFC 6047, 2.4); a copy attached as a file says the same."""
    parts = (contents[part.place] for part in body.leaves(tree) if is_calendar(part.media_type, part.name))
    return next((found for leaf in islice(parts, _CALENDARS) if (found := _itip(leaf))), None)


def is_calendar(media_type: str, name: str) -> bool:
    """Return whether a part may be a calendar message: by its type, or a file that is named like one."""
    named = media_type == "application/octet-stream" and name.lower().endswith(".ics")
    return named or media_type in {"text/calendar", "application/ics"}


def _is_calendar(fields: Fields) -> bool:
    return is_calendar(mime_parts.media_type(fields), mime_parts.part_filename(fields) or "")


def _itip(part: Leaf) -> Itip | None:
    if len(part.body) > CALENDAR_CAP:
        return None
    from connectors.formats import itip  # noqa: PLC0415  # heavy libraries that only calendar mail needs

    kind = part.fields.get("content-type", "")[:1000]
    charset, method = _CHARSET.search(kind), _METHOD.search(kind)
    text = decode_charset(content_of(part, CALENDAR_CAP), charset.group(1) if charset else "utf-8")
    return itip.read(text.replace("\r\n", "\n").replace("\r", "\n"), method.group(1) if method else "")


def content_hash(draft: Draft | Message) -> str:
    """Return the hash of a draft's recipients, subject, words and the names of its attachments.

    It tells one that somebody changed since it was saved from one that nobody touched. Servers write a mail anew when they store it:
    the order of its header, its encodings and line ends say nothing about its author.
    """
    names = [part[0] for part in draft.attachments]
    people = [sorted(address.email for address in field) for field in (draft.to, draft.cc)]
    says = (people, " ".join(draft.subject.split()), " ".join(draft.text.split()), sorted(names))
    return hashlib.sha256(repr(says).encode("utf-8", "surrogatepass")).hexdigest()


def is_unchanged(raw: bytes, message_id: str, content: str) -> bool:
    """Return whether the bytes of a stored draft are those with this Message-ID (its header, or the one for Kept's own) and hash.

    One that got a blind copy, a receipt, a priority or another field that people set was changed, too.
    """
    fields = headers.parse_fields(raw[: mime_parts.header_span(raw, 0, len(raw)).start])
    if any(not _ORDINARY.fullmatch(fields.get(name, "")) for name in _SET_BY_A_PERSON):
        return False
    try:
        stored = parse(raw, role=Role.DRAFTS, folder="")
    except ValueError:
        return False
    ids = (stored.shown_id, stored.headers.get(ID_HEADER.lower(), "").strip())
    return message_id in ids and content_hash(stored) == content


def with_id_header(draft: Draft) -> Draft:
    """Return the draft with its Message-ID in ID_HEADER as well: some servers replace the Message-ID when they send."""
    return dataclasses.replace(draft, headers={**draft.headers, ID_HEADER: draft.message_id})


def _message(
    fields: Fields,
    content: Body,
    *,
    role: Role,
    folder: str,
    received: datetime | None,
    authserv_id: str | None,
    transmitted: bool,
    otherwise: datetime | None = None,
) -> Message:
    written, arrived, doubted = _dates(fields, received, otherwise)
    sender = _sender(fields)
    subject = headers.decode_words(fields.get("subject", ""))
    header_id = headers.parse_message_id(fields.get("message-id", ""))
    own_id = headers.short_id(header_id) if header_id else _own_id(fields, written, sender, subject, content.text)
    role = transit.role_of(fields, role)
    return Message(
        message_id=own_id,
        date=written,
        received=arrived.astimezone(UTC),
        sender=sender,
        subject=subject,
        to=headers.parse_addresses(fields.get("to", "")),
        cc=headers.parse_addresses(fields.get("cc", "")),
        reply_to=headers.parse_addresses(fields.get("reply-to", "")),
        in_reply_to=headers.parse_message_ids(fields.get("in-reply-to", "")),
        references=headers.parse_message_ids(fields.get("references", "")),
        text=content.text,
        headers=_stored_headers(fields),
        attachments=content.attachments,
        role=role,
        folder=folder,
        authentic=not headers.dmarc_failed(fields, authserv_id),
        unproven=headers.sender_unproven(fields, authserv_id),
        unread=content.unread,
        transmitted=transmitted or role is Role.SENT or transit.passed_a_server(fields),
        header_id=header_id if header_id != own_id else None,
        misdated=doubted,
    )


def _sender(fields: Fields) -> Address:
    """Return the first author, without any who sent it (RFC 5322, 3.6.2)."""
    senders = (*headers.parse_addresses(fields.get("from", "")), *headers.parse_addresses(fields.get("sender", "")))
    return senders[0] if senders else Address("unknown@invalid")


def _dates(fields: Fields, stored: datetime | None, otherwise: datetime | None) -> tuple[datetime, datetime, str]:
    """Return when the message was written, when it arrived, and which dates were not believed ("" where all were).

    A server's clock may be wrong and a sender may write anything. None before EARLIEST counts. The topmost Received is not believed
    where the mailbox had the message a day before, nor where it was written a day after, which the mailbox confirms: a mail that
    was moved here years later has an old Received and an old Date. One that states neither is UNDATED, and the mailbox's word counts.
    Raises ValueError without any date that can be right.
    """
    stated = {"Date": headers.parse_date(fields.get("date", "")), "Received": headers.received_date(fields), "mailbox": stored}
    written, received, kept = (moment if moment and moment >= EARLIEST else None for moment in stated.values())
    if kept and received and (received > kept + _DAY or (written and received + _DAY < written <= kept + _DAY)):
        received = None
    arrived = received or kept or written or (otherwise if otherwise and otherwise >= EARLIEST else None)
    if arrived is None:
        raise ValueError("it has no date that can be right, and its mailbox does not know when it arrived")
    if written is None or written > arrived + _DAY:
        written = arrived
    believed = {"Date": written, "Received": received, "mailbox": kept}
    doubted = (f"{name} {moment:%d %b %Y}" for name, moment in stated.items() if moment and believed[name] != moment)
    undated = stated["Date"] is None and stated["Received"] is None
    return written, arrived, UNDATED if undated else ", ".join(doubted)


def _stored_headers(fields: Fields) -> Mapping[str, str]:
    return {name: headers.decode_words(fields[name][:1000]) for name in STORED_HEADERS if name in fields}


def _own_id(fields: Fields, date: datetime, sender: Address, subject: str, text: str) -> str:
    """Return an id for a message without one, the same for each copy of it: of who wrote what when, however its text is broken."""
    written = headers.unfold(fields.get("date", "")) or date.isoformat()
    beginning = "".join(filter(str.isalnum, text))[:_BEGINNING]
    seed = f"{written}\n{sender.email}\n{subject}\n{beginning}"
    return f"<{stable_id(seed, 32)}@no-message-id.invalid>"


def _written_as(text: str) -> str:
    return "7bit" if text.isascii() and all(len(line) < 990 for line in text.split("\n")) else "quoted-printable"

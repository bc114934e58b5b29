"""RFC 5322 bytes to Message, and Draft to bytes.

Incoming mail is parsed as an enemy wrote it: the standard library's `compat32` policy, under caps on header size, number of
addresses, nesting and parts. `policy.default` is never used for reading: it takes seconds for a 20 KB header and recurses
without end on a short From. What cannot be read raises ValueError, and the caller quarantines it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import quopri
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.errors import MessageError
from email.header import decode_header
from email.message import EmailMessage
from email.message import Message as Parsed
from email.utils import format_datetime, parsedate_to_datetime

from connectors.html import to_text
from connectors.mail import Address, Attachment, Draft, Message, Role

HEADER_CAP = 64 * 1024
TEXT_CAP = 64 * 1024
HTML_CAP = 256 * 1024
ADDRESS_CAP = 256
DEPTH_CAP = 50
PART_CAP = 500
REFERENCE_CAP = 100

# What says how to treat a mail: RFC 3834, 2919, 2369, 3464, 8058 and the providers' own.
KEPT_HEADERS = (
    "auto-submitted", "precedence", "list-id", "list-unsubscribe", "list-post", "list-help", "x-auto-response-suppress",
    "x-autoreply", "x-autorespond", "x-autoresponder", "return-path", "content-type", "x-mailer", "feedback-id",
    "x-failed-recipients", "x-kept-id", "x-loop", "x-ms-exchange-generated-message-source", "x-csa-complaints",
    "content-language", "x-report-abuse", "x-mailgun-sid", "x-sg-eid", "x-campaign-id", "auto-submitted-by",
)  # fmt: skip

_MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")
_FOLD = re.compile(r"\r?\n[ \t]+")
_RESULT = re.compile(r"\bdmarc\s*=\s*(\w+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")


def parse(
    raw: bytes,
    *,
    role: Role,
    folder: str,
    received: datetime | None = None,
    otherwise: datetime | None = None,
    authserv: frozenset[str] = frozenset(),
) -> Message:
    """One mail as a value. `received` is the mailbox's own arrival time (INTERNALDATE), if it has one; `otherwise` is what
    counts where neither the mail nor the mailbox knows a time (a file's date). Raises ValueError.
    """
    head, _, _ = _split(raw)
    if len(head) > HEADER_CAP:
        raw = _cut_header(raw)
    parsed = _from_bytes(raw)
    text, attachments = _body(parsed)
    return _message(parsed, text, attachments, role=role, folder=folder, received=received or (None if parsed.get("date") else otherwise), authserv=authserv)


def parse_parts(
    header: bytes,
    part_header: bytes | None,
    text: bytes,
    attachments: tuple[Attachment, ...],
    *,
    role: Role,
    folder: str,
    received: datetime | None = None,
    authserv: frozenset[str] = frozenset(),
) -> Message:
    """The same from a mail's header and the bytes of one text part, as an IMAP server hands them out.

    `part_header` is that part's own MIME header; None where the mail is not multipart and its header says it all.
    """
    parsed = _from_bytes(_cut_header(header[:HEADER_CAP]))
    described = _from_bytes(part_header) if part_header else parsed
    body = _decoded(text, described.get("content-transfer-encoding", ""), _charset(described))
    if _media_type(described) == "text/html":
        body = to_text(body[:HTML_CAP])
    return _message(
        parsed, body[:TEXT_CAP], attachments, role=role, folder=folder, received=received, authserv=authserv
    )


def render(draft: Draft) -> bytes:
    """The bytes to send or to lay into Drafts (RFC 5322, 2046; an iTIP object goes along as RFC 6047 says)."""
    message = EmailMessage(policy=policy.SMTP)
    message["From"] = _mailbox(draft.sender)
    message["To"] = ", ".join(map(_mailbox, draft.to))
    if draft.cc:
        message["Cc"] = ", ".join(map(_mailbox, draft.cc))
    message["Subject"] = _one_line(draft.subject)
    message["Date"] = format_datetime(draft.date)
    message["Message-ID"] = draft.message_id
    if draft.in_reply_to:
        message["In-Reply-To"] = draft.in_reply_to
    if draft.references:
        message["References"] = " ".join(draft.references)
    for name, value in draft.headers.items():
        message[name] = _one_line(value)
    message.set_content(draft.text, cte=_encoding(draft.text))
    if draft.html is not None:
        message.add_alternative(draft.html, subtype="html", cte="quoted-printable")
    if draft.calendar is not None:
        message.add_alternative(
            draft.calendar, subtype="calendar", params={"method": draft.method or "REQUEST"}, cte="base64"
        )
    for name, media_type, content in draft.attachments:
        main, _, sub = media_type.partition("/")
        message.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return message.as_bytes()


def addresses(value: str) -> tuple[Address, ...]:
    """Every mailbox of an address header, at most ADDRESS_CAP; groups are flattened, what is no address is left out."""
    found: list[Address] = []
    for piece in _pieces(value[:HEADER_CAP]):
        address = _address(piece)
        if address is not None:
            found.append(address)
            if len(found) == ADDRESS_CAP:
                break
    return tuple(found)


def decode_words(value: str) -> str:
    """A header's text with its RFC 2047 words decoded, folding undone and control characters dropped."""
    value = _FOLD.sub(" ", str(value))
    if "=?" in value:
        try:
            value = "".join(
                piece if isinstance(piece, str) else _bytes_to_text(piece, charset) for piece, charset in decode_header(value)
            )
        except (MessageError, binascii.Error, ValueError, AssertionError):
            pass  # shown as it stands: a broken word loses nothing
    return _one_line(value)


def message_ids(value: str) -> tuple[str, ...]:
    """The Message-IDs of a References or In-Reply-To header, oldest first, the newest hundred."""
    return tuple(dict.fromkeys(_MESSAGE_ID.findall(value)))[-REFERENCE_CAP:]


def _message(
    parsed: Parsed,
    text: str,
    attachments: tuple[Attachment, ...],
    *,
    role: Role,
    folder: str,
    received: datetime | None,
    authserv: frozenset[str],
) -> Message:
    written = _date(parsed.get("date"))
    arrived = _received(parsed) or received or written
    if arrived is None:
        raise ValueError("it has no date, and its mailbox does not know when it came")
    if written is None or written > arrived + timedelta(days=1) or written.year < 1990:
        written = arrived
    sender = (*addresses(_header(parsed, "from")), *addresses(_header(parsed, "sender")), Address("unknown@invalid"))[0]
    subject = decode_words(_header(parsed, "subject"))
    return Message(
        message_id=_own_id(parsed, written, sender, subject, text),
        date=written,
        received=arrived.astimezone(UTC),
        sender=sender,
        subject=subject,
        to=addresses(_header(parsed, "to")),
        cc=addresses(_header(parsed, "cc")),
        reply_to=addresses(_header(parsed, "reply-to")),
        in_reply_to=message_ids(_header(parsed, "in-reply-to")),
        references=message_ids(_header(parsed, "references")),
        text=text.replace("\x00", "")[:TEXT_CAP],
        headers=_kept(parsed),
        attachments=attachments,
        role=role,
        folder=folder,
        authentic=not _dmarc_failed(parsed, authserv),
    )


def _split(raw: bytes) -> tuple[bytes, bytes, bytes]:
    for blank in (b"\r\n\r\n", b"\n\n"):
        head, found, body = raw.partition(blank)
        if found:
            return head, found, body
    return raw, b"", b""


def _cut_header(raw: bytes) -> bytes:
    head, blank, body = _split(raw)
    return head[:HEADER_CAP] + (blank or b"\r\n\r\n") + body


def _from_bytes(raw: bytes) -> Parsed:
    try:
        return message_from_bytes(raw, policy=policy.compat32)
    except (MessageError, RecursionError, LookupError, TypeError, AttributeError) as error:
        raise ValueError(f"its structure cannot be read ({type(error).__name__})") from error


def _header(parsed: Parsed, name: str) -> str:
    return str(parsed.get(name, ""))[:HEADER_CAP]


def _kept(parsed: Parsed) -> Mapping[str, str]:
    kept: dict[str, str] = {}
    for name in KEPT_HEADERS:
        value = parsed.get(name)
        if value is not None:
            kept[name] = decode_words(str(value)[:1000])
    return kept


def _pieces(value: str) -> Iterator[str]:
    """Split at commas and semicolons outside quotes, comments and angle brackets; a group's name is dropped."""
    depth, quoted, angled, start, escaped = 0, False, False, 0, False
    for place, char in enumerate(value):
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"' and not depth:
            quoted = not quoted
        elif quoted:
            continue
        elif char in "()":
            depth = max(0, depth + (1 if char == "(" else -1))
        elif char in "<>":
            angled = char == "<"
        elif depth == 0 and char in ",;" and not angled:
            yield value[start:place]
            start = place + 1
        elif depth == 0 and char == ":" and not angled and "@" not in value[start:place]:
            start = place + 1
    yield value[start:]


def _address(piece: str) -> Address | None:
    piece = _FOLD.sub(" ", piece).strip()
    before, angle, rest = piece.rpartition("<")
    if angle:
        email, name = rest.partition(">")[0], before
    else:
        email, name = _COMMENT.sub("", piece), " ".join(c[1:-1] for c in _COMMENT.findall(piece))
    email = re.sub(r"\s", "", email).lower().strip("\"'")
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@") or len(email) > 320 or not email.isprintable():
        return None
    name = decode_words(name.strip()).strip().strip('"').replace('\\"', '"').strip()
    return Address(email, name[:200])


def _own_id(parsed: Parsed, date: datetime, sender: Address, subject: str, text: str) -> str:
    found = _MESSAGE_ID.search(_header(parsed, "message-id"))
    if found:
        return found.group()
    seed = "\n".join((date.isoformat(), sender.email, subject, text))
    return f"<{hashlib.sha256(seed.encode('utf-8', 'replace')).hexdigest()[:32]}@no-message-id.invalid>"


def _date(value: object) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(value)[:200])
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return moment


def _received(parsed: Parsed) -> datetime | None:
    """When the user's own server took it: the date behind the last semicolon of the topmost Received (RFC 5321, 4.4)."""
    top = parsed.get("received")
    return _date(str(top)[:4000].rpartition(";")[2].strip()) if top else None


def _dmarc_failed(parsed: Parsed, authserv: frozenset[str]) -> bool:
    """RFC 8601: only the topmost Authentication-Results, and only of a server that is ours, is believed."""
    top = parsed.get("authentication-results")
    if top is None:
        return False
    value = _FOLD.sub(" ", str(top)[:8000])
    server = value.partition(";")[0].strip().split(" ")[0].lower()
    if authserv and server not in authserv:
        return False
    found = _RESULT.search(_COMMENT.sub("", value))
    return found is not None and found.group(1).lower() == "fail"


def _body(parsed: Parsed) -> tuple[str, tuple[Attachment, ...]]:
    plain: str | None = None
    html: str | None = None
    attachments: list[Attachment] = []
    for part in _parts(parsed):
        kind = _media_type(part)
        name = _filename(part)
        if name or _disposition(part) == "attachment" or not kind.startswith(("text/", "multipart/")):
            attachments.append(Attachment(name or "", kind, len(str(part.get_payload() or ""))))
        elif kind == "text/plain" and plain is None:
            plain = _text(part)
        elif kind == "text/html" and html is None:
            html = _text(part)
        elif kind.startswith("text/") and plain is None:
            plain = _text(part)
    if plain is None or (not plain.strip() and html):
        plain = to_text(html[:HTML_CAP]) if html else ""
    return plain[:TEXT_CAP], tuple(attachments[:100])


def _parts(parsed: Parsed) -> Iterator[Parsed]:
    """The leaves, at most PART_CAP of them and not deeper than DEPTH_CAP; a mail inside the mail is one attachment."""
    waiting: list[tuple[Parsed, int]] = [(parsed, 0)]
    seen = 0
    while waiting and seen < PART_CAP:
        part, depth = waiting.pop(0)
        seen += 1
        payload = part.get_payload()
        if _media_type(part).startswith("multipart/") and isinstance(payload, list):
            if depth < DEPTH_CAP:
                waiting[:0] = [(inner, depth + 1) for inner in payload[:PART_CAP] if isinstance(inner, Parsed)]
        else:
            yield part


def _media_type(part: Parsed) -> str:
    value = str(part.get("content-type", "text/plain"))[:500].partition(";")[0].strip().lower()
    return value if re.fullmatch(r"[\w.+-]+/[\w.+-]+", value) else "text/plain"


def _disposition(part: Parsed) -> str:
    return str(part.get("content-disposition", ""))[:500].partition(";")[0].strip().lower()


def _filename(part: Parsed) -> str | None:
    for header in ("content-disposition", "content-type"):
        if len(str(part.get(header, ""))) > 4000:
            return None
    try:
        name = part.get_filename()
    except (TypeError, ValueError, LookupError, UnicodeError):
        return None
    return decode_words(name)[:200] if name else None


def _text(part: Parsed) -> str:
    payload = part.get_payload()
    if not isinstance(payload, str):
        return ""
    raw = payload.encode("ascii", "surrogateescape") if payload.isascii() or "\udc80" <= max(payload) else payload.encode("utf-8", "replace")
    text = _decoded(raw, str(part.get("content-transfer-encoding", "")), _charset(part))
    return _unflowed(text) if "flowed" in str(part.get("content-type", "")).lower() else text


def _charset(part: Parsed) -> str:
    found = re.search(r"charset\s*=\s*\"?([\w.:+-]+)", str(part.get("content-type", ""))[:1000], re.IGNORECASE)
    return found.group(1) if found else "utf-8"


def _decoded(raw: bytes, encoding: str, charset: str) -> str:
    encoding = encoding.strip().lower()
    if encoding == "base64":
        raw = _base64(raw)
    elif encoding == "quoted-printable":
        raw = quopri.decodestring(raw)
    return _bytes_to_text(raw, charset).replace("\r\n", "\n").replace("\r", "\n")


def _base64(raw: bytes) -> bytes:
    clean = re.sub(rb"[^A-Za-z0-9+/]", b"", raw)
    if len(clean) % 4 == 1:  # half a byte: the part was cut in the middle
        clean = clean[:-1]
    try:
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return b""


def _bytes_to_text(raw: bytes, charset: str | None) -> str:
    for name in (charset or "utf-8", "utf-8"):
        try:
            return raw.decode(name)
        except (LookupError, UnicodeError, ValueError):
            continue
    return raw.decode("latin-1")


def _unflowed(text: str) -> str:
    """RFC 3676: a line that ends in a space goes on in the next one of the same quote depth."""
    lines: list[str] = []
    for line in text.split("\n"):
        if lines and lines[-1].endswith(" ") and lines[-1] != "-- " and _depth(lines[-1]) == _depth(line):
            lines[-1] += line.lstrip(">").removeprefix(" ") if _depth(line) else line.removeprefix(" ")
        else:
            lines.append(line)
    return "\n".join(lines)


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(">"))


def _one_line(value: str) -> str:
    return "".join(c if c.isprintable() else " " for c in value).strip()


def _mailbox(address: Address) -> str:
    name = _one_line(address.name).replace("\\", "").replace('"', "")
    return f'"{name}" <{address.email}>' if name else address.email


def _encoding(text: str) -> str:
    return "7bit" if text.isascii() and all(len(line) < 990 for line in text.split("\n")) else "quoted-printable"

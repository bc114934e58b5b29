"""The fields of a message's header as values (RFC 5322): addresses, dates, Message-IDs, decoded text. Bad input raises nothing.

Parsed by hand, because the standard library's parsers are slow on long fields and reject much of what real mail contains: each
function reads a bounded number of characters once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import TypeAlias

from connectors.formats import encoded_words
from connectors.formats.charsets import decode as decode_charset
from connectors.formats.stable_ids import stable_id
from connectors.mail import Address, canonical_email

HEADER_CAP = 64 * 1024
ADDRESS_CAP = 256
PIECE_CAP = 4 * ADDRESS_CAP  # pieces of a field that are looked at for an address
REFERENCE_CAP = 100
ID_CAP = 998  # octets of a Message-ID: the longest line (RFC 5322, 2.1.1)

Fields: TypeAlias = Mapping[str, str]  # a header's fields by their names in lower case, still folded

_MESSAGE_ID = re.compile(r"<([^<>]{1,8000})>")
_FOLD = re.compile(r"\r?\n[ \t]+")
_FIELD = re.compile(r"^([!-9;-~]+)[ \t]*:[ \t]*(.*(?:\n[ \t].*)*)", re.MULTILINE)
_RESULT = re.compile(r"\b(dmarc|spf|dkim)\s*=\s*(\w+)", re.IGNORECASE)
_COMMENT = re.compile(r"\([^()]*\)")
_CHARSET = re.compile(rb"charset\s*=\s*\"?([\w.:+-]{1,60})", re.IGNORECASE)
_ENCODED = re.compile(r"=\?[^?\s]{1,100}\?[bqBQ]\?(?:[^?]|\?(?!=)){0,4000}\?=")
_MARKS = re.compile(r"[\\\"(),;:]")


def parse_fields(head: bytes) -> Fields:
    """Return a header's fields by lower-case name, still folded, the topmost of each name.

    Raw UTF-8 is allowed (RFC 6532). Other raw letters are read field by field in the charset that the message names.
    """
    head = head[:HEADER_CAP]
    lines = head.decode("utf-8", "surrogateescape").replace("\r\n", "\n").replace("\r", "\n")
    by_name: dict[str, str] = {}
    for match in _FIELD.finditer(lines):
        by_name.setdefault(match.group(1).lower(), match.group(2))
    if not lines.isascii():
        named = _CHARSET.search(head)
        charset = named.group(1).decode("ascii", "replace") if named else None
        by_name = {name: _raw_letters(value, charset) for name, value in by_name.items()}
    return by_name


def _raw_letters(value: str, charset: str | None) -> str:
    """Return a field's value with the bytes that are no UTF-8 read in a charset."""
    raw = value.encode("utf-8", "surrogateescape")
    return value if raw.isascii() else decode_charset(raw, charset)


def unfold(value: str) -> str:
    """Return a field's value on one line (RFC 5322, 2.2.3)."""
    return _FOLD.sub(" ", value)


def parse_addresses(value: str) -> tuple[Address, ...]:
    """Return the mailboxes of an address field, at most ADDRESS_CAP; groups are flattened, invalid addresses left out."""
    pieces = (plain for piece in _pieces(value[:HEADER_CAP]) for plain in _unwrapped(piece))
    written = islice((piece for piece in pieces if piece and not piece.isspace()), PIECE_CAP)
    return tuple(islice(filter(None, map(_address, written)), ADDRESS_CAP))


def decode_words(value: str) -> str:
    """Return a field's text, unfolded, with its RFC 2047 words decoded and without control characters."""
    return one_line(encoded_words.decode(_FOLD.sub(" ", value)))


def parse_message_id(value: str) -> str | None:
    """Return the id of a Message-ID field in angle brackets, whatever its length; None where there is none.

    Accepted beside the standard's form (RFC 5322, 3.6.4): one without brackets, with spaces or folded in the middle, in RFC 2047 words.
    """
    found = next(_message_ids(value), None)
    words = [] if found else value[:HEADER_CAP].strip("<> \t\r\n").split()
    return f"<{words[0]}>" if len(words) == 1 else found


def parse_message_ids(value: str) -> tuple[str, ...]:
    """Return the last hundred Message-IDs of a References or In-Reply-To field, oldest first, each as `short_id` has it."""
    return tuple(dict.fromkeys(map(short_id, _message_ids(value))))[-REFERENCE_CAP:]


def short_id(message_id: str) -> str:
    """Return the id, or for one longer than a line may be another that stands for it wherever it occurs."""
    return (
        message_id
        if len(message_id.encode("utf-8", "replace")) <= ID_CAP
        else f"<{stable_id(message_id, 32)}@long-message-id.invalid>"
    )


def _message_ids(value: str) -> Iterator[str]:
    value = decode_words(value[:HEADER_CAP]) if "=?" in value else value[:HEADER_CAP]
    bracketed = _MESSAGE_ID.findall(value)
    bare = (word for word in (w.strip('"(),;<>') for w in value.split()) if "@" in word[1:-1])
    for words in (" ".join(found.split()) for found in bracketed or bare):
        if words:
            yield f"<{words}>"


def parse_date(value: str) -> datetime | None:
    """Return a Date field in its own UTC offset (RFC 5322, 3.3); None where it is not a date."""
    try:
        moment = parsedate_to_datetime(value[:200])
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        moment.astimezone(UTC)
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
    return moment


def received_date(fields: Fields) -> datetime | None:
    """Return when the user's own server received the message: the date that ends the topmost Received field (RFC 5321, 4.4)."""
    return parse_date(fields.get("received", "")[:4000].rpartition(";")[2].strip())


def dmarc_failed(fields: Fields, authserv_id: str | None) -> bool:
    """Return whether the user's own server reported that DMARC failed (RFC 8601)."""
    return ("dmarc", "fail") in _authentication_results(fields, authserv_id)[:1]


def sender_unproven(fields: Fields, authserv_id: str | None) -> bool:
    """Return whether the user's own server reported that SPF or DKIM failed, and that neither passed.

    A forwarded mail looks like this too, so it says nothing against a client's mail; but who sent it is not proven.
    """
    results = _authentication_results(fields, authserv_id)
    failed = any(result in {"fail", "softfail", "permerror"} for _, result in results)
    return failed and not any(result == "pass" for _, result in results)


def _authentication_results(fields: Fields, authserv_id: str | None) -> tuple[tuple[str, str], ...]:
    """Return the methods (dmarc, spf, dkim) with their results, in lower case, that the user's own server reported, dmarc first.

    Only the topmost Authentication-Results is believed, and with `authserv_id` only where it begins with that name.
    """
    value = _FOLD.sub(" ", fields.get("authentication-results", "")[:8000])
    server = value.partition(";")[0].strip().split(" ")[0].lower()
    if authserv_id is not None and server != authserv_id.lower():
        return ()
    found = ((m[1].lower(), m[2].lower()) for m in _RESULT.finditer(_COMMENT.sub("", value)))
    return tuple(sorted(found, key=lambda result: result[0] != "dmarc"))


def one_line(value: str) -> str:
    """Return the text without line ends and other control characters, fit for a header field."""
    if value.isprintable():
        return value.strip()
    return "".join(c if c.isprintable() else " " for c in value).strip()


def _pieces(value: str) -> Iterator[str]:
    """Split an address field at commas and semicolons outside quotes, comments and angle brackets; drop the names of groups."""
    if not _MARKS.search(value):
        yield value
        return
    start = 0
    masked = _ENCODED.sub(lambda m: "x" * len(m.group()), value) if "=?" in value else value
    for place in _separators(masked):
        if value[place] != ":":
            yield value[start:place]
            start = place + 1
        elif "@" not in value[start:place]:  # the name of a group
            start = place + 1
    yield value[start:]


def _unwrapped(piece: str) -> Iterator[str]:
    """Yield an address, or the addresses in it where they stand in encoded words themselves, which RFC 2047, 5 forbids.

    An address outside the encoded words always counts alone: a name may hold any address.
    """
    if "=?" in piece and "@" not in _ENCODED.sub("", piece):
        yield from _pieces(decode_words(piece))
    else:
        yield piece


def _separators(value: str) -> Iterator[int]:
    """Yield the places of commas, semicolons and colons outside quotes, comments and angle brackets."""
    depth, quoted, angled, escaped = 0, False, False, False
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
        elif char in ",;:" and not depth and not angled:
            yield place


def _address(piece: str) -> Address | None:
    piece = _FOLD.sub(" ", piece).strip()
    before, angle, rest = piece.rpartition("<")
    if angle:
        email, name = rest.partition(">")[0], before
    else:
        email, name = _COMMENT.sub("", piece), " ".join(c[1:-1] for c in _COMMENT.findall(piece))
    email = canonical_email(re.sub(r"\s", "", email).strip("\"'"))
    if email.count("@") != 1 or email.startswith("@") or email.endswith("@") or len(email) > 320 or not email.isprintable():
        return None
    name = decode_words(name.strip()).strip().strip('"').replace('\\"', '"').strip()
    return Address(email, name[:200])

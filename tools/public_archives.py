# noqa: INP001  # beside a script
"""The mails of one file of a public archive, for each form in which such archives are kept.

A mail's key names it within its file, as `message_id` in tools/training/lists.jsonl does: its own Message-ID in angle brackets where
the archive keeps one, else "offset:N" (the byte at which its <article> begins), "json:I/J" (mail J of thread I) or "doc:NAME" (the
file's name without its ending). What cannot be read as a mail with a date is left out.
"""

from __future__ import annotations

import email
import html
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parsedate_to_datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

WASHINGTON = ZoneInfo("America/New_York")  # the time of the agencies whose mail was released
LIST_DOMAINS = {  # pipermail: the folder is the list's name
    "MichaelChirico/r-mailing-list-archive": "r-project.org",
    "twisted/pipermail": "twistedmatrix.com",
    "imagej/pipermail": "imagej.net",
}
SINGLE_MAILS = frozenset(("karenwsit/enron_data_project", "johnsica/enron-email-corpus"))  # each file is a mail
BLOCKS = frozenset(("p", "div", "br", "tr", "li", "h1", "h2", "h3", "ul", "ol", "table", "hr", "blockquote"))
UNSEEN = frozenset(("style", "script", "title", "head"))
RULE = "________________________________\n"  # how mail programs write a horizontal line
MBOX_LINE = re.compile(r"^From (?=\S+ at \S+ .*\d{4}$|\S+.*\d\d:\d\d:\d\d \d{4}$)", re.MULTILINE)
STATE_STAMP = re.compile(r"^\s*UNCLASSIFIED U\.S\. Department of State Case No.*$\n?", re.MULTILINE)
STATE_FIELD = re.compile(r"(From|Sent|To|Cc|Subject|Attachments|Importance|Sensitivity)\s*:?(?:\s{2,}|:\s*|$)(.*)$")


@dataclass(frozen=True, slots=True)
class ArchivedMail:
    """One mail; sender, to and cc are as the archive writes them."""

    key: str
    sender: str
    to: str
    cc: str
    date: datetime
    subject: str
    text: str


def archived_mails(repository: str, path: str, raw: bytes) -> Iterator[ArchivedMail]:
    """Return the mails of one file of a repository."""
    match repository:
        case "JoshData/dc-bega-emails":
            return _released_pages(raw)
        case "nveldt/fauci-email":
            return _released_threads(raw)
        case "datahoarder/secretary-clinton-email-dump":
            return _released_document(raw, PurePosixPath(path).name.partition(".")[0])
        case "cf-convention/mailing-list-archive":
            return _hypermail(raw)
        case "GraseHotspot/mailing-list-archives":
            return _markdown(raw)
        case _ if repository in LIST_DOMAINS:
            return _pipermail(raw, f"{path.partition('/')[0]}@{LIST_DOMAINS[repository]}")
        case _ if repository in SINGLE_MAILS or repository.startswith("linux-mailinglist-archives/"):
            return _public_inbox(raw)
        case _:
            raise ValueError(f"the form of the archive {repository} is not known")


def _released_pages(raw: bytes) -> Iterator[ArchivedMail]:
    """Yield the mails of one long page, each an <article>."""
    starts = [match.start() for match in re.finditer(rb"<article>", raw)]
    for start, end in pairwise([*starts, len(raw)]):
        article = raw[start:end].decode("utf-8", "replace").partition("</article>")[0]
        title, _, rest = article.partition("<div class='headers'>")
        header, _, body = rest.partition("</div>")
        fields = {name.lower(): value for name, value in re.findall(r"<p>([A-Za-z]+): (.*?)</p>", header, re.DOTALL)}
        if stamp := _first(r'datetime="([^"]+)"', fields.get("date", "")):
            sender, to, cc = (_without_tags(fields.get(name, "")).strip() for name in ("from", "to", "cc"))
            subject = html.unescape(_first(r"<h1>(.*?)</h1>", title)).strip()
            date = _released_date(stamp, from_store="<>" in sender)
            yield ArchivedMail(f"offset:{start}", sender, to, cc, date, subject, _cleaned(_released_text(body)))


def _released_date(stamp: str, *, from_store: bool) -> datetime:
    """Return a page's date; where mails came from a mail store, the page was shifted to local time twice."""
    date = datetime.fromisoformat(stamp).astimezone(WASHINGTON)
    return date.replace(tzinfo=UTC).astimezone(WASHINGTON) if from_store else date


def _released_text(body: str) -> str:
    body = body.partition('<p><a href="attachments/')[0]
    if plain := re.match(r"\s*<div style='white-space:pre-line;'>(.*?)</div>", body, re.DOTALL):
        return _without_tags(plain[1])
    return _shown(body)


def _released_threads(raw: bytes) -> Iterator[ArchivedMail]:
    """Yield the mails of a JSON file of threads, in which people are numbers."""
    content = json.loads(raw)
    for thread_number, thread in enumerate(content["emails"]):
        for number, row in enumerate(thread):
            sender, to, cc = (
                "; ".join(content["names"][person] for person in people)
                for people in ([row["sender"]], row["recipients"], row["cc"])
            )
            date = datetime.fromisoformat(row["time"])
            date = date if date.tzinfo else date.replace(tzinfo=WASHINGTON)  # as printed, and that is the agency's own time
            yield ArchivedMail(f"json:{thread_number}/{number}", sender, to, cc, date, row["subject"], _cleaned(row["body"]))


def _released_document(raw: bytes, name: str) -> Iterator[ArchivedMail]:
    """Yield the mail of a printed page that was read back as text."""
    page = STATE_STAMP.sub("", raw.decode("utf-8", "replace").replace("\f", "\n"))
    begin = re.search(r"^From:[ \t]+.*$", page, re.MULTILINE)
    lines = page[begin.start() :].split("\n") if begin else []
    fields, after = _printed_header(lines)
    if {"from", "sent", "subject"} <= fields.keys():
        sent = re.sub(r"\s+", " ", fields["sent"])
        try:
            date = datetime.strptime(sent, "%A, %B %d, %Y %I:%M %p").replace(tzinfo=WASHINGTON)
        except ValueError:
            return
        to, cc = fields.get("to", ""), fields.get("cc", "")
        yield ArchivedMail(f"doc:{name}", fields["from"], to, cc, date, fields["subject"], _cleaned("\n".join(lines[after:])))


def _printed_header(lines: list[str]) -> tuple[dict[str, str], int]:
    """Return the fields of a printed header, which may be indented on further lines, and the number of the line after it."""
    fields: dict[str, str] = {}
    last = ""
    for number, line in enumerate(lines):
        field = STATE_FIELD.match(line)
        if field and field[1].lower() not in fields:
            last = field[1].lower()
            fields[last] = field[2].strip()
        elif last and line.startswith(" " * 12) and line.strip():
            fields[last] = f"{fields[last]} {line.strip()}".strip()
        elif line.strip() or "subject" in fields:
            return fields, number
    return fields, len(lines)


def _hypermail(raw: bytes) -> Iterator[ArchivedMail]:
    """Yield the mail of a page by hypermail, whose comments hold the header."""
    page = raw.decode("latin-1")
    mail_id, name, address, sent, subject = (
        html.unescape(_first(f'<!-- {field}="(.*?)" -->', page)) for field in ("id", "name", "email", "sent", "subject")
    )
    body = _first(r"</address>\s*(.*?)<span id=\"received\">", page).replace("\n", "")
    date = _date(sent)
    if body and date:
        text = _without_tags(re.sub(r"<br />|</p>", "\n", body))
        key, sender = f"<{mail_id.replace('_at_', '@')}>", f"{name} <{address}>"
        yield ArchivedMail(key, sender, "cf-metadata@cgd.ucar.edu", "", date, subject, _cleaned(text))


def _markdown(raw: bytes) -> Iterator[ArchivedMail]:
    """Yield the mail of a page in Markdown, whose header fields have escaped punctuation."""
    page = raw.decode("utf-8", "replace")
    key, sender, sent = (
        re.sub(r"\\(.)", r"\1", _first(rf"^{field}: (.*?)(?:<br>)?$", page)) for field in ("Message ID", "From", "Raw Date")
    )
    body = _first(r"```\n\{% raw\s+%\}\n(.*?)\{% endraw %\}", page)
    date = _date(sent)
    if body and date:
        subject = _first(r"^# \d{4}-\d\d-\d\d - ([^\n]*)$", page)
        yield ArchivedMail(key, html.unescape(sender), "users@grasehotspot.org", "", date, subject, _cleaned(body))


def _pipermail(raw: bytes, to: str) -> Iterator[ArchivedMail]:
    """Yield the mails of a month's mbox by pipermail, which replaces attachments by a note at the end."""
    for part in MBOX_LINE.split(raw.decode("utf-8", "replace"))[1:]:
        head, _, body = part.partition("\n")[2].lstrip("\n").partition("\n\n")
        header = email.message_from_string(head)
        date = _date(_field(header, "Date"))
        if (key := _field(header, "Message-ID")) and date:
            text = _cleaned(body.partition("-------------- next part --------------")[0])
            yield ArchivedMail(key, _field(header, "From"), to, "", date, _field(header, "Subject"), text)


def _public_inbox(raw: bytes) -> Iterator[ArchivedMail]:
    """Yield the mail of a file that is a whole message; its first plain part is its text."""
    message = email.message_from_bytes(raw)
    plain = (part for part in message.walk() if part.get_content_type() == "text/plain" and not part.get_filename())
    part = next(plain, None)
    date = _date(_field(message, "Date"))
    if part is not None and (key := _field(message, "Message-ID")) and date:
        sender, to, cc, subject = (_field(message, name) for name in ("From", "To", "Cc", "Subject"))
        yield ArchivedMail(key, sender, to, cc, date, subject, _cleaned(_content(part)))


def _content(part: Message[str, str]) -> str:
    content: Any = part.get_payload(decode=True)
    try:
        return str(content, part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return str(content, "latin-1")


def _field(message: Message[str, str], name: str) -> str:
    """Return a header's value, decoded, on one line."""
    value = str(message[name] or "")
    with suppress(LookupError, ValueError, MessageError):  # what cannot be decoded stands as it came
        value = str(make_header(decode_header(value)))
    return re.sub(r"\s+", " ", value).strip()


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _first(pattern: str, text: str) -> str:
    """Return what the pattern's group holds where it matches first, or nothing."""
    match = re.search(pattern, text, re.DOTALL | re.MULTILINE)
    return match[1] if match else ""


def _without_tags(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def _cleaned(text: str) -> str:
    """Return a text without invisible characters, white space at the ends of lines, and more than one empty line in a row."""
    text = re.sub("[\u200b\ufeff]", "", text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " "))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _shown(page: str) -> str:
    """Return the text that a page shows."""
    shown = _ShownText()
    shown.feed(re.sub(r"<!--.*?-->|<!\[.*?\]>", "", page, flags=re.DOTALL))
    return "".join(shown.pieces)


class _ShownText(HTMLParser):
    """Collects the text of a page in pieces, each block on lines of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002  # the parser's signature
        """Begin a line with a block."""
        self._unseen += tag in UNSEEN
        if tag in BLOCKS and (tag == "br" or not self._at_line_start()):
            self.pieces.append("\n")
        if tag == "hr":
            self.pieces.append(RULE)

    def handle_endtag(self, tag: str) -> None:
        """End the line with a block."""
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag in BLOCKS and tag != "br" and self.pieces and not self._at_line_start():
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        """Take text with its white space collapsed."""
        data = re.sub(r"[ \t\r\n]+", " ", data)
        data = data.lstrip(" ") if self._at_line_start() else data
        if data and not self._unseen:
            self.pieces.append(data)

    def _at_line_start(self) -> bool:
        return bool(self.pieces) and self.pieces[-1].endswith("\n")

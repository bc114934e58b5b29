"""Items of an Exchange folder as messages, many at a time.

Exchange keeps the header of what came by mail as it was (PR_TRANSPORT_MESSAGE_HEADERS); of what was written here it keeps values
only. A header is put together from both, what came first, and read like any other, so that a mail is the same Message from
every provider. https://learn.microsoft.com/exchange/client-developer/web-service-reference/internetmessageheader
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from email.utils import format_datetime

from connectors.exchange import errors, soap
from connectors.exchange.folders import Folder
from connectors.exchange.session import GarbledError, Session
from connectors.exchange.soap import NAMES, Element, Said
from connectors.formats import mime
from connectors.formats.headers import HEADER_CAP, one_line
from connectors.mail import Attachment, Message, Unreadable

CHUNK = 128  # items in one request: four of them for a page of changes
_HEADER = soap.extended("String", PropertyTag="0x7d")
_OURS = ("X-Kept-Id", "Auto-Submitted", "X-Auto-Response-Suppress")  # of what we sent: nothing else keeps them
_EXTENDED = (
    _HEADER,
    *(soap.extended("String", DistinguishedPropertySetId="InternetHeaders", PropertyName=name) for name in _OURS),
)
_FIELDS = tuple(
    f"item:{n}" for n in "Subject Body Attachments DateTimeReceived InReplyTo IsDraft DateTimeSent ConversationId".split()
)
_OF_MAIL = tuple(f"message:{n}" for n in "From ToRecipients CcRecipients InternetMessageId References ReplyTo".split())
_PLAIN = b"Content-Type: text/plain; charset=utf-8\r\n"
MAIL = frozenset({"Message", "MeetingMessage", "MeetingRequest", "MeetingResponse", "MeetingCancellation"})


@dataclasses.dataclass(slots=True)
class Reader:
    """Reads items of one folder."""

    session: Session
    folder: Folder
    authserv_id: str | None

    def read(self, ids: Sequence[str]) -> tuple[tuple[Message, ...], tuple[Unreadable, ...]]:
        """These items, and those that could not be read; what vanished meanwhile is neither. Raises ConnectorError."""
        messages: list[Message] = []
        unreadable: list[Unreadable] = []
        for start in range(0, len(ids), CHUNK):
            for each, said in self._fetch(ids[start : start + CHUNK]):
                if isinstance(said, str):
                    unreadable.append(self._bad(each, said))
                    continue
                try:
                    messages += self._messages(said)
                except ValueError as error:
                    unreadable.append(self._bad(each, str(error)))
        return tuple(messages), tuple(unreadable)

    def _fetch(self, ids: Sequence[str]) -> Iterator[tuple[str, Said | str]]:
        """Each item's answer, or why there is none: an answer of no use is asked for again in halves, down to the one item."""
        try:
            answers = self._ask(ids)
        except GarbledError as error:
            if len(ids) == 1:
                yield ids[0], error.message
                return
            half = len(ids) // 2
            yield from self._fetch(ids[:half])
            yield from self._fetch(ids[half:])
            return
        for each, said in zip(ids, answers, strict=True):
            if said.fine:
                yield each, said
            elif said.code not in errors.MISSING:
                yield each, self.session.refusal(said).message

    def _ask(self, ids: Sequence[str]) -> tuple[Said, ...]:
        wanted = soap.shape("Item", (*_FIELDS, *_OF_MAIL), _EXTENDED, body=True)
        answers = self.session.ask(f"<m:GetItem>{wanted}{soap.item_ids(ids)}</m:GetItem>")
        if len(answers) != len(ids):
            raise GarbledError(f"{self.session.host} answered about other mails than it was asked about")
        return answers

    def _messages(self, said: Said) -> Iterator[Message]:
        for item in soap.children(said.element, "m:Items"):
            if soap.named(item) in MAIL and not soap.flag(item, "t:IsDraft"):
                yield self._message(item)

    def _message(self, item: Element) -> Message:
        message = mime.parse_parts(
            _header(item, self.session.place.address),
            _PLAIN,
            soap.text(item, "t:Body").encode(),
            attachments=tuple(_attachments(item)),
            role=self.folder.role,
            folder=self.folder.name,
            received=soap.moment(item, "t:DateTimeReceived"),
            authserv_id=self.authserv_id,
        )
        return dataclasses.replace(message, conversation=soap.identity(item, "t:ConversationId") or None)

    def _bad(self, each: str, reason: str) -> Unreadable:
        return Unreadable(f"{self.folder.name}/{one_line(each)[-24:]}", reason)


def _header(item: Element, owner: str | None) -> bytes:
    """The header as it came, and below it what the item's own properties say: of each field the topmost counts."""
    known = soap.extended_values(item)
    sent = soap.moment(item, "t:DateTimeSent")
    said = {
        "From": _people(item, "t:From") or (owner or ""),
        "To": _people(item, "t:ToRecipients"),
        "Cc": _people(item, "t:CcRecipients"),
        "Reply-To": _people(item, "t:ReplyTo"),
        "Subject": soap.text(item, "t:Subject", 2000),
        "Date": format_datetime(sent) if sent else "",
        "Message-ID": soap.text(item, "t:InternetMessageId", 1000),
        "In-Reply-To": soap.text(item, "t:InReplyTo", 4000),
        "References": soap.text(item, "t:References", 16000),
        **{name: known.get(name.lower(), "")[:1000] for name in _OURS},
    }
    lines = "".join(f"{name}: {one_line(value)}\r\n" for name, value in said.items() if value)
    came = known.get("0x7d", "").strip("\r\n")[: HEADER_CAP // 2]
    return (f"{came}\r\n{lines}" if came else lines).encode("utf-8", "replace")


def _people(item: Element, path: str) -> str:
    """Mailboxes as an address header has them. One of Exchange's own directory addresses (/O=...) is none that mail knows."""
    found = item.find(path, NAMES)
    mailboxes = found.findall("t:Mailbox", NAMES)[:256] if found is not None else ()
    return ", ".join(filter(None, map(_person, mailboxes)))


def _person(mailbox: Element) -> str:
    email = one_line(soap.text(mailbox, "t:EmailAddress", 320))
    name = one_line(soap.text(mailbox, "t:Name", 300)).replace("\\", "").replace('"', "")
    if "@" not in email or any(c in email for c in "<>,;"):
        return ""
    return f'"{name}" <{email}>' if name and name != email else f"<{email}>"


def _attachments(item: Element) -> Iterator[Attachment]:
    for each in list(soap.children(item, "t:Attachments"))[:100]:
        mail = soap.named(each) == "ItemAttachment"
        kind = "message/rfc822" if mail else soap.text(each, "t:ContentType", 200).strip().lower()
        name = one_line(soap.text(each, "t:Name", 200))
        yield Attachment("" if mail else name, kind or "application/octet-stream", max(0, soap.number(each, "t:Size")))

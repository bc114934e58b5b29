"""Items of an Exchange folder as messages, many at a time.

Exchange keeps the header of received mail as it was (PR_TRANSPORT_MESSAGE_HEADERS); of mail written at the server it keeps values
only. A header is put together from both, the received one first, and read like any other, so that a mail is the same Message from
every provider. https://learn.microsoft.com/exchange/client-developer/web-service-reference/internetmessageheader
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Iterator, Sequence
from email.utils import format_datetime

from connectors.errors import ConnectorError
from connectors.exchange import errors, soap
from connectors.exchange.folders import Folder
from connectors.exchange.session import Session, UnreadableAnswerError
from connectors.exchange.soap import NAMES, Element, ResponseMessage
from connectors.formats import body, headers, mime
from connectors.formats.body import Body
from connectors.formats.folder_roles import UNREAD_ROLES
from connectors.formats.headers import HEADER_CAP, one_line
from connectors.mail import Attachment, Itip, Message, Role, Unreadable

CHUNK = 128  # items in one request: four of them for a page of changes
_HEADER = soap.extended_field("String", PropertyTag="0x7d")
_KEPT_FIELDS = (
    "X-Kept-Id",
    "X-Kept-Proof",
    "X-Kept-Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
)  # of what Kept sent: nothing else has them
_EXTENDED = (
    _HEADER,
    *(soap.extended_field("String", DistinguishedPropertySetId="InternetHeaders", PropertyName=name) for name in _KEPT_FIELDS),
)
_FIELDS = tuple(
    f"item:{n}" for n in "Subject Body Attachments DateTimeReceived InReplyTo IsDraft DateTimeSent ConversationId".split()
)
_MAIL_FIELDS = tuple(f"message:{n}" for n in "From ToRecipients CcRecipients InternetMessageId References ReplyTo".split())
_MIME_CAP = 1024 * 1024  # characters of base64; an invitation has some thousands
_WHOLE_CAP = 2 * body.WHOLE_CAP  # the same of a message whose words are elsewhere
MAIL_ELEMENTS = frozenset({"Message", "MeetingMessage", "MeetingRequest", "MeetingResponse", "MeetingCancellation"})


@dataclasses.dataclass(slots=True)
class Reader:
    """Reads the items of one folder."""

    session: Session
    folder: Folder
    authserv_id: str | None

    def read(self, ids: Sequence[str]) -> tuple[tuple[Message, ...], tuple[Unreadable, ...]]:
        """Return these items, and those that could not be read; what was deleted meanwhile is neither. Raises ConnectorError."""
        messages: list[Message] = []
        unreadable: list[Unreadable] = []
        for start in range(0, len(ids), CHUNK):
            for item_id, answer in self._fetch(ids[start : start + CHUNK]):
                if isinstance(answer, str):
                    unreadable.append(Unreadable(self._place(item_id), answer))
                    continue
                try:
                    messages += (m for m in self._messages(answer) if m.role not in UNREAD_ROLES)
                except ConnectorError:
                    raise
                except Exception as error:  # noqa: BLE001  # whatever is wrong at this one mail must not cost the others
                    unreadable.append(mime.failed(self._place(item_id), error))
        return tuple(messages), tuple(unreadable)

    def _fetch(self, ids: Sequence[str]) -> Iterator[tuple[str, ResponseMessage | str]]:
        """Yield each item's answer, or why there is none; after an unreadable answer the items are fetched in halves, down to one."""
        try:
            answers = self._get_items(ids)
        except UnreadableAnswerError as error:
            if len(ids) == 1:
                yield ids[0], error.message
                return
            half = len(ids) // 2
            yield from self._fetch(ids[:half])
            yield from self._fetch(ids[half:])
            return
        for item_id, answer in zip(ids, answers, strict=True):
            if answer.succeeded:
                yield item_id, answer
            elif answer.code not in errors.MISSING:
                yield item_id, self.session.refusal(answer).message

    def _get_items(self, ids: Sequence[str]) -> tuple[ResponseMessage, ...]:
        wanted = soap.shape("Item", (*_FIELDS, *_MAIL_FIELDS), _EXTENDED, body=True)
        answers = self.session.request(f"<m:GetItem>{wanted}{soap.item_ids(ids)}</m:GetItem>")
        if len(answers) != len(ids):
            raise UnreadableAnswerError(f"{self.session.host} sent other messages than Kept asked for")
        return answers

    def _messages(self, answer: ResponseMessage) -> Iterator[Message]:
        for item in soap.children(answer.element, "m:Items"):
            filed = self.folder.role is Role.SENT  # by a program among sent mail: it is read, and is in doubt
            if soap.local_name(item) in MAIL_ELEMENTS and (filed or not soap.flag(item, "t:IsDraft")):
                message = self._message(item)
                yield dataclasses.replace(message, itip=self._calendar_message(item)) if _is_meeting(item) else message

    def _calendar_message(self, item: Element) -> Itip | None:
        """Return the calendar message of a meeting item, from its MIME content: its elements leave out DTSTAMP and the sequence."""
        wanted = soap.shape("Item", ("item:MimeContent",))
        ids = soap.item_ids([soap.id_at(item, "t:ItemId")])
        (answer, *_) = self.session.request(f"<m:GetItem>{wanted}{ids}</m:GetItem>")
        content = next((soap.text(one, "t:MimeContent", _MIME_CAP) for one in soap.children(answer.element, "m:Items")), "")
        try:
            return mime.calendar_message(base64.b64decode(content))
        except ValueError:
            return None

    def _message(self, item: Element) -> Message:
        attached = tuple(_attachments(item))
        shown = body.of_item(soap.text(item, "t:Body").replace("\r\n", "\n"), attached)
        message = mime.assemble(
            headers.parse_fields(_header(item, self.session.server.address)),
            body.of_whole_item(shown, attached, lambda: self._whole_body(soap.id_at(item, "t:ItemId"))),
            role=self.folder.role,
            folder=self.folder.name,
            received=soap.moment(item, "t:DateTimeReceived"),
            authserv_id=self.authserv_id,
        )
        left = not soap.flag(item, "t:IsDraft")
        return dataclasses.replace(message, conversation=soap.id_at(item, "t:ConversationId") or None, transmitted=left)

    def _whole_body(self, item_id: str) -> Body | None:
        """Return the body out of the message's MIME, where the item leaves words out."""
        wanted = soap.shape("Item", ("item:MimeContent",))
        try:
            answers = self.session.request(f"<m:GetItem>{wanted}{soap.item_ids([item_id])}</m:GetItem>")
        except UnreadableAnswerError:
            return None
        items = [item for answer in answers if answer.succeeded for item in soap.children(answer.element, "m:Items")]
        content = soap.text(items[0], "t:MimeContent", _WHOLE_CAP) if items else ""
        try:
            return mime.read_body(base64.b64decode(content)) if content else None
        except ValueError:
            return None

    def _place(self, item_id: str) -> str:
        return f"{self.folder.name}/{one_line(item_id)[-24:]}"


def _is_meeting(item: Element) -> bool:
    return soap.local_name(item) in MAIL_ELEMENTS - {"Message"}


def _header(item: Element, owner: str | None) -> bytes:
    """Return the header as it was received, and below it what the item's own properties say: of each field the topmost counts."""
    extended = soap.extended_values(item)
    sent = soap.moment(item, "t:DateTimeSent")
    fields = {
        "From": _people(item, "t:From") or (owner or ""),
        "To": _people(item, "t:ToRecipients"),
        "Cc": _people(item, "t:CcRecipients"),
        "Reply-To": _people(item, "t:ReplyTo"),
        "Subject": soap.text(item, "t:Subject", 2000),
        "Date": format_datetime(sent) if sent else "",
        "Message-ID": soap.text(item, "t:InternetMessageId", 1000),
        "In-Reply-To": soap.text(item, "t:InReplyTo", 4000),
        "References": soap.text(item, "t:References", 16000),
        **{name: extended.get(name.lower(), "")[:1000] for name in _KEPT_FIELDS},
    }
    lines = "".join(f"{name}: {one_line(value)}\r\n" for name, value in fields.items() if value)
    received = extended.get("0x7d", "").strip("\r\n")[: HEADER_CAP // 2]
    return (f"{received}\r\n{lines}" if received else lines).encode("utf-8", "replace")


def _people(item: Element, path: str) -> str:
    """Return mailboxes as an address header has them, without Exchange's own directory addresses (/O=...), which mail cannot use."""
    people = item.find(path, NAMES)
    mailboxes = people.findall("t:Mailbox", NAMES)[:256] if people is not None else ()
    return ", ".join(filter(None, map(_person, mailboxes)))


def _person(mailbox: Element) -> str:
    email = one_line(soap.text(mailbox, "t:EmailAddress", 320))
    name = one_line(soap.text(mailbox, "t:Name", 300)).replace("\\", "").replace('"', "")
    if "@" not in email or any(c in email for c in "<>,;"):
        return ""
    return f'"{name}" <{email}>' if name and name != email else f"<{email}>"


def _attachments(item: Element) -> Iterator[Attachment]:
    for each in list(soap.children(item, "t:Attachments"))[:100]:
        mail = soap.local_name(each) == "ItemAttachment"
        kind = "message/rfc822" if mail else soap.text(each, "t:ContentType", 200).strip().lower()
        name = one_line(soap.text(each, "t:Name", 200))
        yield Attachment("" if mail else name, kind or "application/octet-stream", max(0, soap.number(each, "t:Size")))

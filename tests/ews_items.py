"""Mails of the small Exchange server as the schema shows them: what Exchange keeps of a mail, in the schema's order."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from ews_store import property_xml


def mail_parts(item: Any) -> dict[str, str]:
    """Each property that may be asked for, by the name it is asked for by; "" where the item has none."""
    mail: EmailMessage = item.mail
    header = "".join(f"{name}: {value}\r\n" for name, value in _raw_header(item.raw))
    return {
        "item:ItemClass": f"<t:ItemClass>{_kind(item)}</t:ItemClass>",
        "item:Subject": _element("Subject", mail["Subject"]),
        "item:Body": f'<t:Body BodyType="Text">{escape(_printable(_text(mail)))}</t:Body>',
        "item:Attachments": _attachments(mail),
        "item:DateTimeReceived": f"<t:DateTimeReceived>{item.received:%Y-%m-%dT%H:%M:%SZ}</t:DateTimeReceived>",
        "item:InReplyTo": _element("InReplyTo", mail["In-Reply-To"]),
        "item:IsDraft": f"<t:IsDraft>{str(item.draft).lower()}</t:IsDraft>",
        "item:DateTimeSent": _sent(mail),
        "0x7d": property_xml('PropertyTag="0x7d" PropertyType="String"', header) if header and not item.written_here else "",
        **{name.lower(): _internet(mail, name) for name in ("X-Kept-Id", "Auto-Submitted", "X-Auto-Response-Suppress")},
        "item:ConversationId": f"<t:ConversationId Id={quoteattr('conversation-' + (mail['Subject'] or '')[-20:])}/>",
        "message:ToRecipients": _people("ToRecipients", mail["To"]),
        "message:CcRecipients": _people("CcRecipients", mail["Cc"]),
        "message:From": _people("From", mail["From"], most=1),
        "message:InternetMessageId": _element("InternetMessageId", mail["Message-ID"]),
        "message:References": _element("References", mail["References"]),
        "message:ReplyTo": _people("ReplyTo", mail["Reply-To"]),
    }


def _kind(item: Any) -> str:
    return "IPM.Note" if item.tag == "Message" else "IPM.Schedule.Meeting.Request"


def _raw_header(raw: bytes) -> list[tuple[str, str]]:
    """The header's fields as they came, folded as they were."""
    head = raw.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    found: list[tuple[str, str]] = []
    for line in head.split("\r\n"):
        if line.startswith((" ", "\t")) and found:
            found[-1] = (found[-1][0], f"{found[-1][1]}\r\n{line}")
        elif ":" in line:
            name, _, value = line.partition(":")
            found.append((_printable(name), _printable(value.strip())))
    return found


def _printable(text: str) -> str:
    return "".join(c for c in text if c in "\t\r\n" or (c >= " " and c not in "\ufffe\uffff"))


def _element(name: str, value: str | None) -> str:
    return f"<t:{name}>{escape(_printable(str(value)))}</t:{name}>" if value else ""


def _text(mail: EmailMessage) -> str:
    """The plain text, as Exchange makes it from HTML where there is none."""
    part = mail.get_body(("plain", "html"))
    if part is None:
        return ""
    try:
        text = str(part.get_content())
    except (LookupError, ValueError, KeyError):
        return ""
    if part.get_content_type() == "text/html":
        from connectors.html import to_text

        return to_text(text)
    return text


def _attachments(mail: EmailMessage) -> str:
    shown = []
    for part in mail.walk():
        name, kind = part.get_filename(), part.get_content_type()
        if part.get_content_maintype() == "multipart" or (not name and part.get_content_maintype() == "text"):
            continue
        size = len(part.get_payload(decode=True) or b"")
        tag = "ItemAttachment" if kind == "message/rfc822" else "FileAttachment"
        kind = "" if tag == "ItemAttachment" else f"<t:ContentType>{escape(kind)}</t:ContentType>"
        shown.append(f'<t:{tag}><t:AttachmentId Id="x"/>{_element("Name", name)}{kind}<t:Size>{size}</t:Size></t:{tag}>')
    return f"<t:Attachments>{''.join(shown)}</t:Attachments>" if shown else ""


def _sent(mail: EmailMessage) -> str:
    try:
        return f"<t:DateTimeSent>{parsedate_to_datetime(mail['Date']).isoformat()}</t:DateTimeSent>"
    except (TypeError, ValueError, IndexError):
        return ""


def _internet(mail: EmailMessage, name: str) -> str:
    uri = f'DistinguishedPropertySetId="InternetHeaders" PropertyName="{name}" PropertyType="String"'
    return property_xml(uri, mail[name]) if mail[name] else ""


def _people(name: str, value: str | None, most: int = 100) -> str:
    found = [(shown, email) for shown, email in getaddresses([str(value or "")]) if email][:most]
    boxes = "".join(
        f"<t:Mailbox>{_element('Name', shown or email)}{_element('EmailAddress', email)}<t:RoutingType>SMTP</t:RoutingType></t:Mailbox>"
        for shown, email in found
    )
    return f"<t:{name}>{boxes}</t:{name}>" if boxes else ""

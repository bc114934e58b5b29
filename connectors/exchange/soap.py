"""Exchange Web Services as XML: requests written, answers read. What a server sends is checked, never trusted.

Requests use the names of Microsoft's schema (messages.xsd, types.xsd), so that a test can check them against it; answers are read
element by element, and one that is missing or malformed is None. The readers here raise AnswerFormatError and nothing else.

The answers are not read by exchangelib's services, because these lose mail. Measured with 5.6 (SyncFolderItems and GetItem, FailFast,
one connection): of an answer that breaks off in the middle they yield the items before the break and raise nothing, and they do not
notice a missing response; the new sync state, which comes before the changes, is taken all the same. They also read 580 messages a
second, these readers 1,600 with their transport headers. Kept uses exchangelib's log-in, envelope, repair of stray characters and
autodiscover.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from xml.sax.saxutils import escape, quoteattr

NAMES = {
    "s": "http://schemas.xmlsoap.org/soap/envelope/",
    "m": "http://schemas.microsoft.com/exchange/services/2006/messages",
    "t": "http://schemas.microsoft.com/exchange/services/2006/types",
    "e": "http://schemas.microsoft.com/exchange/services/2006/errors",
}
TEXT_CAP = 1024 * 1024  # characters of one element that are read
_OUTSIDE_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_FRACTION = re.compile(r"(\.\d{6})\d+")

Element = Any  # an element of lxml, which comes without types


class AnswerFormatError(Exception):
    """An answer that is not one of Exchange's, or is incomplete."""


class ResponseMessage(NamedTuple):
    """One response message: its code (NoError, or what went wrong), the server's text, the seconds to back off, and its element."""

    code: str
    text: str
    back_off: float | None
    element: Element

    @property
    def succeeded(self) -> bool:
        """Whether the server did what was asked."""
        return self.code == "NoError"


# --- writing ---


def escaped(text: str) -> str:
    """Return text as the content of an element: escaped, without the characters that XML cannot carry."""
    return escape(_OUTSIDE_XML.sub("", text))


def attribute(text: str) -> str:
    """Return text as an attribute's value, with its quotes."""
    return quoteattr(_OUTSIDE_XML.sub("", text))


def utc_text(moment: datetime) -> str:
    """Return a moment as xs:dateTime in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def fields(names: Iterable[str], extended: Iterable[str] = ()) -> str:
    """Return AdditionalProperties: the properties that are wanted."""
    wanted = "".join(f'<t:FieldURI FieldURI="{name}"/>' for name in names) + "".join(extended)
    return f"<t:AdditionalProperties>{wanted}</t:AdditionalProperties>"


def shape(kind: str, names: Iterable[str], extended: Iterable[str] = (), *, body: bool = False) -> str:
    """Return an ItemShape or a FolderShape: the id, and the properties named; `body` as plain text."""
    text = "<t:BodyType>Text</t:BodyType>" if body else ""
    return f"<m:{kind}Shape><t:BaseShape>IdOnly</t:BaseShape>{text}{fields(names, extended)}</m:{kind}Shape>"


def folder_id(folder: str) -> str:
    """Return a folder by the id that the server gave it."""
    return f"<t:FolderId Id={attribute(folder)}/>"


def distinguished_folder(name: str, mailbox: str | None) -> str:
    """Return a folder that every mailbox has, in the user's own or in another that is shared."""
    whose = f"<t:Mailbox><t:EmailAddress>{escaped(mailbox)}</t:EmailAddress></t:Mailbox>" if mailbox else ""
    return f'<t:DistinguishedFolderId Id="{name}">{whose}</t:DistinguishedFolderId>'


def item_ids(items: Iterable[str]) -> str:
    """Return ItemIds for a request."""
    return f"<m:ItemIds>{''.join(f'<t:ItemId Id={attribute(item)}/>' for item in items)}</m:ItemIds>"


def is_equal_to(field: str, value: str) -> str:
    """Return a restriction: that property has exactly this value."""
    return (
        f"<t:IsEqualTo>{field}<t:FieldURIOrConstant><t:Constant Value={attribute(value)}/></t:FieldURIOrConstant></t:IsEqualTo>"
    )


def extended_field(kind: str, **names: str) -> str:
    """Return the path of a property outside the schema (MAPI), as ExtendedFieldURI."""
    return f"<t:ExtendedFieldURI {' '.join(f'{k}={attribute(v)}' for k, v in names.items())} PropertyType={attribute(kind)}/>"


def extended_property(field: str, value: str) -> str:
    """Return such a property with its value."""
    return f"<t:ExtendedProperty>{field}<t:Value>{escaped(value)}</t:Value></t:ExtendedProperty>"


def parsed(payload: str) -> Element:
    """Return one of Kept's own requests as an element."""
    from lxml import etree  # noqa: PLC0415  # heavy, and needed only where a server is really asked

    declared = " ".join(f'xmlns:{k}="{NAMES[k]}"' for k in ("m", "t"))
    return etree.fromstring(f"<x {declared}>{payload}</x>")[0]


# --- reading ---


def response_messages(content: bytes) -> tuple[ResponseMessage, ...]:
    """Return the response messages of an answer; a SOAP fault is one of them. Raises AnswerFormatError.

    exchangelib's parser repairs what is broken. That is right for a character that XML does not allow, which Exchange sends, and
    wrong for an answer that was cut off: its sync state stands in front of the changes that are missing.
    """
    from exchangelib.errors import EWSError  # noqa: PLC0415  # as above
    from exchangelib.util import to_xml  # noqa: PLC0415  # as above

    if not content.rstrip()[-20:].endswith(b":Envelope>") and not content.rstrip()[-12:].endswith(b"</Envelope>"):
        raise AnswerFormatError("it is not an answer of Exchange, or it is incomplete")
    if b"<!DOCTYPE" in content[:1000]:
        raise AnswerFormatError("it contains definitions that Exchange never sends")
    try:
        body = to_xml(content).getroot().find("s:Body", NAMES)
    except (EWSError, ValueError, TypeError, SyntaxError) as error:  # lxml's are syntax errors
        raise AnswerFormatError(f"it cannot be read ({type(error).__name__})") from error
    if body is None or not len(body):
        raise AnswerFormatError("it is empty")
    if body[0].tag == f"{{{NAMES['s']}}}Fault":
        return (_fault(body[0]),)
    container = body[0].find("m:ResponseMessages", NAMES)
    if container is None:
        container = body[0].find("m:FreeBusyResponseArray", NAMES)
    return tuple(_response_message(element) for element in (container if container is not None else ()))


def text(element: Element, path: str, cap: int = TEXT_CAP) -> str:
    """Return the text at that path, "" where there is none."""
    child = element.find(path, NAMES) if element is not None else None
    return (child.text or "")[:cap] if child is not None else ""


def flag(element: Element, path: str) -> bool | None:
    """Return a boolean (xs:boolean), None where it is neither."""
    return {"true": True, "1": True, "false": False, "0": False}.get(text(element, path, 10).strip().lower())


def number(element: Element, path: str) -> int:
    """Return a number, 0 where there is none, or none of a plausible size."""
    value = text(element, path, 12).strip()
    return int(value) if re.fullmatch(r"-?\d{1,9}", value, re.ASCII) else 0


def moment(element: Element, path: str) -> datetime | None:
    """Return an xs:dateTime in UTC, None where there is none; one without an offset is in UTC, the zone in which Kept asks."""
    value = _FRACTION.sub(r"\1", text(element, path, 40).strip())
    try:
        stated = datetime.fromisoformat(value)
        return (stated if stated.tzinfo else stated.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def id_at(element: Element, path: str) -> str:
    """Return the Id of an ItemId or FolderId, "" where there is none."""
    child = element.find(path, NAMES) if element is not None else None
    return str(child.get("Id") or "") if child is not None else ""


def local_name(element: Element) -> str:
    """Return the element's name without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def extended_values(item: Element) -> dict[str, str]:
    """Return the values of the properties outside the schema by their name, tag or number in lower case."""
    values: dict[str, str] = {}
    for element in item.findall("t:ExtendedProperty", NAMES):
        uri = element.find("t:ExtendedFieldURI", NAMES)
        if uri is not None:
            values[_property_name(uri)] = text(element, "t:Value")
    return values


def _property_name(uri: Element) -> str:
    """Return a property's name, tag or number; 0x007D and 0x7d are the same tag."""
    tag = uri.get("PropertyTag") or ""
    if re.fullmatch(r"0[xX][0-9a-fA-F]{1,4}", tag, re.ASCII):
        return hex(int(tag, 16))
    return str(uri.get("PropertyName") or uri.get("PropertyId") or "").lower()


def children(element: Element, path: str) -> Iterator[Element]:
    """Yield the children of the element at that path, without comments."""
    parent = element.find(path, NAMES) if element is not None else None
    yield from (child for child in (parent if parent is not None else ()) if isinstance(child.tag, str))


def _response_message(element: Element) -> ResponseMessage:
    status = element if local_name(element) != "FreeBusyResponse" else element.find("m:ResponseMessage", NAMES)
    if status is None:
        return ResponseMessage("", "", None, element)
    code = text(status, "m:ResponseCode").strip()
    return ResponseMessage(code, text(status, "m:MessageText", 500), _back_off(status), element)


def _fault(fault: Element) -> ResponseMessage:
    """Return a SOAP fault as a message; Exchange puts its own code into the detail, and faultcode says only who is to blame."""
    code = text(fault, "detail/e:ResponseCode").strip() or text(fault, "faultcode").rpartition(":")[2].strip()
    reason = text(fault, "detail/e:Message", 500) or text(fault, "faultstring", 500)
    return ResponseMessage(code if code != "NoError" else "", reason, _back_off(fault), fault)


def _back_off(element: Element) -> float | None:
    """Return BackOffMilliseconds in seconds, from a fault or a message; None where there is none.

    https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange
    """
    for value in element.iter(f"{{{NAMES['t']}}}Value"):
        milliseconds = (value.text or "").strip()
        if value.get("Name") == "BackOffMilliseconds" and re.fullmatch(r"\d{1,12}", milliseconds, re.ASCII):
            return int(milliseconds) / 1000
    return None

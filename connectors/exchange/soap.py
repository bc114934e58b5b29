"""Exchange Web Services as text: requests written, answers read. What a server says is looked at, never trusted.

Requests are written in the schema's own words (messages.xsd, types.xsd), so that a test can hold them against it; answers are read
element by element, and one that is missing or makes no sense is None. Only Garbled leaves the readers here.
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
CELL = 1024 * 1024  # characters of one element that are looked at
_OUTSIDE_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_FRACTION = re.compile(r"(\.\d{6})\d+")

Element = Any  # an element of lxml, which comes without types


class Garbled(Exception):  # noqa: N818  # it is the answer that is garbled
    """An answer that is none of this protocol."""


class Said(NamedTuple):
    """One response message: its code (NoError, or what went wrong), the server's words, how long it wants rest, and the rest."""

    code: str
    text: str
    rest: float | None
    element: Element

    @property
    def fine(self) -> bool:
        """Whether it was done."""
        return self.code == "NoError"


# --- writing ---


def words(text: str) -> str:
    """Text as the content of an element: escaped, without what XML cannot carry."""
    return escape(_OUTSIDE_XML.sub("", text))


def attribute(text: str) -> str:
    """Text as an attribute's value, with its quotes."""
    return quoteattr(_OUTSIDE_XML.sub("", text))


def zulu(moment: datetime) -> str:
    """A moment as xs:dateTime in UTC."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def fields(names: Iterable[str], extended: Iterable[str] = ()) -> str:
    """AdditionalProperties: the properties that are wanted."""
    wanted = "".join(f'<t:FieldURI FieldURI="{name}"/>' for name in names) + "".join(extended)
    return f"<t:AdditionalProperties>{wanted}</t:AdditionalProperties>"


def shape(kind: str, names: Iterable[str], extended: Iterable[str] = (), *, body: bool = False) -> str:
    """An ItemShape or a FolderShape: the id, and the properties named."""
    text = "<t:BodyType>Text</t:BodyType>" if body else ""
    return f"<m:{kind}Shape><t:BaseShape>IdOnly</t:BaseShape>{text}{fields(names, extended)}</m:{kind}Shape>"


def folder_id(folder: str) -> str:
    """A folder by the id that the server gave it."""
    return f"<t:FolderId Id={attribute(folder)}/>"


def well_known(name: str, mailbox: str | None) -> str:
    """A folder that every mailbox has, in one's own or in another's that is shared."""
    whose = f"<t:Mailbox><t:EmailAddress>{words(mailbox)}</t:EmailAddress></t:Mailbox>" if mailbox else ""
    return f'<t:DistinguishedFolderId Id="{name}">{whose}</t:DistinguishedFolderId>'


def item_ids(items: Iterable[str]) -> str:
    """ItemIds for a request."""
    return f"<m:ItemIds>{''.join(f'<t:ItemId Id={attribute(item)}/>' for item in items)}</m:ItemIds>"


def equal(field: str, value: str) -> str:
    """A restriction: that property has exactly this value."""
    return (
        f"<t:IsEqualTo>{field}<t:FieldURIOrConstant><t:Constant Value={attribute(value)}/></t:FieldURIOrConstant></t:IsEqualTo>"
    )


def extended(kind: str, **names: str) -> str:
    """A property outside the schema (MAPI), as ExtendedFieldURI."""
    return f"<t:ExtendedFieldURI {' '.join(f'{k}={attribute(v)}' for k, v in names.items())} PropertyType={attribute(kind)}/>"


def extended_value(field: str, value: str) -> str:
    """Such a property with its value."""
    return f"<t:ExtendedProperty>{field}<t:Value>{words(value)}</t:Value></t:ExtendedProperty>"


def parsed(payload: str) -> Element:
    """Our own request as an element."""
    from lxml import etree  # noqa: PLC0415  # heavy, and needed only where a server is really asked

    declared = " ".join(f'xmlns:{k}="{NAMES[k]}"' for k in ("m", "t"))
    return etree.fromstring(f"<x {declared}>{payload}</x>")[0]


# --- reading ---


def messages(content: bytes) -> tuple[Said, ...]:
    """The response messages of an answer; a SOAP fault is one of them. Raises Garbled.

    exchangelib's parser mends what is broken. That is right for a character that XML does not allow, which Exchange sends, and
    wrong for an answer that was cut off: its sync state stands in front of the changes that are missing.
    """
    from exchangelib.errors import EWSError  # noqa: PLC0415  # as above
    from exchangelib.util import to_xml  # noqa: PLC0415  # as above

    if not content.rstrip()[-20:].endswith(b":Envelope>") and not content.rstrip()[-12:].endswith(b"</Envelope>"):
        raise Garbled("it is not an answer of Exchange, or was cut off")
    if b"<!DOCTYPE" in content[:1000]:
        raise Garbled("it holds definitions that no Exchange sends")
    try:
        body = to_xml(content).getroot().find("s:Body", NAMES)
    except (EWSError, ValueError, TypeError, SyntaxError) as error:  # lxml's are syntax errors
        raise Garbled(f"it cannot be read ({type(error).__name__})") from error
    if body is None or not len(body):
        raise Garbled("it says nothing")
    if body[0].tag == f"{{{NAMES['s']}}}Fault":
        return (_fault(body[0]),)
    found = body[0].find("m:ResponseMessages", NAMES)
    if found is None:
        found = body[0].find("m:FreeBusyResponseArray", NAMES)
    return tuple(_said(each) for each in (found if found is not None else ()))


def text(element: Element, path: str, cap: int = CELL) -> str:
    """The text at that path, "" where there is none."""
    found = element.find(path, NAMES) if element is not None else None
    return (found.text or "")[:cap] if found is not None else ""


def flag(element: Element, path: str) -> bool | None:
    """A boolean (xs:boolean), None where it says neither."""
    return {"true": True, "1": True, "false": False, "0": False}.get(text(element, path, 10).strip().lower())


def number(element: Element, path: str) -> int:
    """A number, 0 where there is none, or none of a plausible size."""
    said = text(element, path, 12).strip()
    return int(said) if re.fullmatch(r"-?\d{1,9}", said, re.ASCII) else 0


def moment(element: Element, path: str) -> datetime | None:
    """An xs:dateTime; one without an offset is in UTC, the zone in which we ask."""
    said = _FRACTION.sub(r"\1", text(element, path, 40).strip())
    try:
        found = datetime.fromisoformat(said)
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def identity(element: Element, path: str) -> str:
    """The Id of an ItemId or FolderId, "" where there is none."""
    found = element.find(path, NAMES) if element is not None else None
    return str(found.get("Id") or "") if found is not None else ""


def named(element: Element) -> str:
    """The element's name without its namespace; "" for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def extended_values(item: Element) -> dict[str, str]:
    """The properties outside the schema by the name, tag or number they are known by, in lower case."""
    found: dict[str, str] = {}
    for each in item.findall("t:ExtendedProperty", NAMES):
        uri = each.find("t:ExtendedFieldURI", NAMES)
        if uri is not None:
            found[_known_by(uri)] = text(each, "t:Value")
    return found


def _known_by(uri: Element) -> str:
    """0x007D and 0x7d are the same tag."""
    tag = uri.get("PropertyTag") or ""
    if re.fullmatch(r"0[xX][0-9a-fA-F]{1,4}", tag, re.ASCII):
        return hex(int(tag, 16))
    return str(uri.get("PropertyName") or uri.get("PropertyId") or "").lower()


def children(element: Element, path: str) -> Iterator[Element]:
    """What lies in the element at that path, without comments."""
    found = element.find(path, NAMES) if element is not None else None
    yield from (each for each in (found if found is not None else ()) if isinstance(each.tag, str))


def _said(message: Element) -> Said:
    about = message if named(message) != "FreeBusyResponse" else message.find("m:ResponseMessage", NAMES)
    if about is None:
        return Said("", "", None, message)
    return Said(text(about, "m:ResponseCode").strip(), text(about, "m:MessageText", 500), _rest(about), message)


def _fault(fault: Element) -> Said:
    """A SOAP fault; Exchange puts its own code into the detail, and the usual place says only who is to blame."""
    code = text(fault, "detail/e:ResponseCode").strip() or text(fault, "faultcode").rpartition(":")[2].strip()
    said = text(fault, "detail/e:Message", 500) or text(fault, "faultstring", 500)
    return Said(code if code != "NoError" else "", said, _rest(fault), fault)


def _rest(element: Element) -> float | None:
    """How long the server wants to be left alone: BackOffMilliseconds, in a fault as in a message.

    https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange
    """
    for value in element.iter(f"{{{NAMES['t']}}}Value"):
        said = (value.text or "").strip()
        if value.get("Name") == "BackOffMilliseconds" and re.fullmatch(r"\d{1,12}", said, re.ASCII):
            return int(said) / 1000
    return None

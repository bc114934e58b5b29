"""The name that somebody gives themselves in their mail, fit to call them by."""

from __future__ import annotations

import re
import unicodedata

from connectors.mail import Address

_LONGEST = 80  # characters of a name
_ABBREVIATION = 4  # letters up to which capitals may be an abbreviation, such as IBM
_ROLES = frozenset(
    "admin billing bookings contact enquiries finance hello help helpdesk info invoices kontakt mail marketing noreply office orders "
    "purchasing reception sales service support team vertrieb einkauf buchhaltung verkoop ventas comercial".split()
)
_QUOTES = "\"'`´“”„‘’‚«»<>"
_BRACKETED = re.compile(r"\([^()]{0,100}\)|\[[^\[\]]{0,100}\]|\{[^{}]{0,100}\}")
# "Kim Lee via Sales": a group, a shared document or a form sent it in her name.
_VIA = re.compile(r"\s+(?:via|über|door|przez|attraverso|mediante|au nom de|im Auftrag von|on behalf of)\s.*", re.IGNORECASE)
_AT_COMPANY = re.compile(r"\s+[|•·–—/@]\s*.*|\s+-+\s+.*|\s+(?:at|from|bei|von der Firma|chez)\s+\S.*")
_TITLE = re.compile(
    r"(?:mrs?|ms|mx|miss|dr|prof(?:essor)?|rev|sir|dame|herr|frau|hr|fr|dipl|ing|mag|mme|mlle|m|sr|sra|srta|dott|dott\.?ssa|sig|sig\.?ra|"
    r"ir|drs|dhr|mevr|mw|pan|pani|hab|med|jur|phil|rer|nat|inż|mgr)(?:\.|\b)(?:-(?:ing|kfm|phys|chem|inf|wirt)\.?)*\.?(?:\s|$)|h\.?\s?c\.?\s",
    re.IGNORECASE,
)
_DEGREE = re.compile(
    r"^(?:ph\.?\s?d|m\.?d|mba|m\.?sc|b\.?sc|msc|bsc|m\.?a|b\.?a|ll\.?m|ll\.?b|cpa|cfa|pmp|esq|jr|sr|ii|iii|iv|obe|mbe|ra|fca|aca|p\.?e|dipl\.?-?\w*)\.?$",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"\b(?:ltd|limited|llc|llp|inc|plc|gmbh|ag|kg|ohg|co|corp|bv|nv|sarl|sas|sa|spa|srl|ab|as|aps|oy|oyj|sp|lda)\b\.?",
    re.IGNORECASE,
)
_PARTICLES = frozenset("van von der den de del della di da dos du la le zu zur zum af av ter ten el al bin y e i".split())
_DIGITS = 3  # from which on something is a number, not a name


def display_name(address: Address) -> str:
    """Return what to call whoever writes from an address, by the name that they display: "Kim Lee"; "" where no name is known.

    A name that is only another spelling of the address is none. The family name comes last, as Western names are spoken; a title
    stays only before a single name ("Herr Weiß").
    """
    name = _plain(address.name)
    if "=?" in name:  # an encoded word that nobody could decode
        return ""
    name = _without_additions(name)
    name = _in_order(name)
    name = _without_title(name)
    if not _names_somebody(name, address):
        return ""
    return _in_usual_letters(name)[:_LONGEST]


def _plain(name: str) -> str:
    """Return the name composed, without characters that do not show, and with single spaces."""
    shown = (
        c if not unicodedata.category(c).startswith("C") else " " if c in "\t\n\r" else ""
        for c in unicodedata.normalize("NFC", name[:300])
    )
    return " ".join("".join(shown).replace("\u00a0", " ").split())


def _without_additions(name: str) -> str:
    """Return the name without quotes, what stands in brackets, the group it came through, and the company behind it."""
    bare = " ".join(_BRACKETED.sub(" ", name).split())
    for addition in (_VIA, _AT_COMPANY):
        bare = addition.sub("", bare)
    return bare.strip(_QUOTES + " ,;:")


def _in_order(name: str) -> str:
    """Return "Lee, Kim" and "LEE Kim" as "Kim Lee", without degrees behind a comma."""
    pieces = [piece.strip() for piece in re.split(r"[,;]", name) if piece.strip()]
    while len(pieces) > 1 and _DEGREE.match(pieces[-1]):
        pieces.pop()
    if len(pieces) == 2 and not _COMPANY.search(name) and len(pieces[1].split()) <= 4 and len(pieces[0].split()) <= 4:
        return f"{pieces[1]} {pieces[0]}"
    if len(pieces) > 1 and _COMPANY.search(pieces[0]):
        return pieces[0]
    words = (pieces[0] if len(pieces) == 1 else name).split()
    if 2 <= len(words) <= 4 and _is_family_name(words[0]) and not any(word.isupper() for word in words[1:]):
        return " ".join((*words[1:], _capitalized(words[0])))
    return " ".join(words)


def _is_family_name(word: str) -> bool:
    """Whether a word in capitals before others is a family name: not initials such as JP."""
    return word.isupper() and len(word) >= 3 and word.isalpha()


def _without_title(name: str) -> str:
    """Return the name without titles in front, unless a single name is left."""
    rest = name
    for _ in range(6):
        match = _TITLE.match(rest)
        if match is None:
            break
        rest = rest[match.end() :].strip()
    return rest if len(rest.split()) > 1 else name


def _names_somebody(name: str, address: Address) -> bool:
    """Whether a name is more than another spelling of the address, and no number."""
    if (
        not any(c.isalpha() for c in name)
        or "@" in name
        or "://" in name
        or sum(map(str.isdigit, name)) >= _DIGITS
        or len(name) > _LONGEST
    ):
        return False
    local, _, domain = address.email.partition("@")
    low = name.lower()
    if low == local:  # Tom writes from tom@, but nobody is called Info
        return name.isalpha() and name.istitle() and low not in _ROLES
    return low not in (domain, address.email) and (" " in name or low not in domain.split("."))


def _in_usual_letters(name: str) -> str:
    """Return a name that is written in one case as names are written."""
    words = name.split(" ")
    if _COMPANY.search(name) or (len(words) == 1 and len(name) <= _ABBREVIATION):
        return name
    if not (name.isupper() or name.islower()):
        return " ".join(
            _capitalized(word) if word.isupper() and len(word) > _ABBREVIATION - 1 and word.isalpha() else word for word in words
        )
    return " ".join(word.lower() if n and word.lower() in _PARTICLES else _capitalized(word) for n, word in enumerate(words))


def _capitalized(word: str) -> str:
    """Return a word with a capital at its beginning and behind each hyphen and apostrophe: Lee-Jones, O'Neil."""
    return re.sub(r"[^\W\d_]+", lambda m: m.group()[0].upper() + m.group()[1:].lower(), word)

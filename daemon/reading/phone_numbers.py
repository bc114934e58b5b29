"""Phone numbers in the notices of phone systems, read with libphonenumber (E.164, and the numbering plan of the user's country).

A notice writes the caller's number as its switchboard has it: national, with 00 or +, with (0), with an outside-line prefix, with an
extension. Where it names its country, or is valid in the plan of the user's country, it becomes E.164; anything else stays digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_FEWEST, _MOST = 6, 15  # digits; E.164 allows fifteen, and no plan that is read here has fewer than six
_TOKEN = re.compile(r"(?<![\w@.+#])(?:\+|\(\+?)?\d[\d\s,().\-/]{4,24}\d(?!\w|[.,:]\d)")
_MAX_TOKENS = 50
# What has digits and is no number to call: dates, clock times and lengths, times between brackets, extensions, addresses.
_NO_NUMBER = re.compile(
    r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?|"
    r"\(\s?\d{1,4}\s?(?:s|sec\w*|m|min\w*|sek\w*)?\.?\s?\)(?=\s*(?:\n|$))|\b\d{1,5}\s?(?:s|sec|secs|seconds?|min|mins|minutes?|sek|sekunden?|minuten?|secondes?|segundos?)\b|"
    r"\b(?:ext|extn|extension|durchwahl|nebenstelle|poste|interno|anexo|toestel|anknytning|x)\b[.:]?\s?\d{1,6}\b|\bhttps?://\S{1,300}|#\d+",
    re.IGNORECASE,
)
_CALLED = re.compile(  # before the number that was called
    r"\b(?:to|for|für|an|auf|zu|pour|à|vers|para|a|per|voor|naar|aan|til|till|do|dla|called|dialled|ihre|your|eigene|ziel\w*|"
    r"gerufene\w*|angerufene\w*|appelé|destino|destination|did|line|mailbox|box)\b\W{0,3}(?:(?:your|the|ihre|votre|su|\w{1,12})\W{1,3}){0,2}$",
    re.IGNORECASE,
)
_FROM = r"from|by|von|vom|de|du|da|dal|van|door|fra|från|od"
_CALLING_LINE = re.compile(rf"\b(?:{_FROM})\W{{0,4}}$", re.IGNORECASE)
_CALLING = re.compile(  # before the number that called
    rf"\b(?:{_FROM}|caller|calling|anrufer\w*|appelant|llamante|chiamante|beller|number|nummer|numéro|número|numero|rufnummer|telefonnummer|phone|"
    r"tel|clid|cli|caller id)\W{0,4}(?:[^\n\d+]{0,50})$",
    re.IGNORECASE,
)
_BESIDE = 60  # characters before a number that say whose it is
_SIGNED = 1500  # characters at the end of a mail in which its writer may give a number
_OWN_LABEL = re.compile(  # before one's own number, in a signature or in words
    r"(?:\b(?:tel|telefon|telephone|phone|mobile|mobil|cell|handy|direct|durchwahl|office|call|ring|reach|anrufen?|erreich\w*)|^[^\w\n]*[TMPD])\b"
    r"[^\n\d+]{0,30}$",
    re.IGNORECASE,
)
_FAX = re.compile(r"\b(?:tele)?fax\b[^\n]{0,8}$|^[^\w\n]*F\b[^\w\n]*$", re.IGNORECASE)


def readable_number(number: str) -> str:
    """Return a number (E.164) as people write it: +44 20 7946 0018. What is none stays as it is."""
    import phonenumbers  # noqa: PLC0415  # large, and only notices of phone systems need it

    try:
        parsed = phonenumbers.parse(number, None)
    except phonenumbers.NumberParseException:
        return number
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def other_number(text: str, region: str, *, called: bool = False) -> str | None:
    """Return the number of the other side: E.164 where its country is known, else digits. None where the text names none.

    That is the caller, whose number is not taken for that of the line that was called; or, with `called`, whom the user called.
    `region` is the user's country (ISO 3166), "" where it is not known.
    """
    blanked = _NO_NUMBER.sub(lambda m: " " * len(m.group()), text)
    found = [(_rank(line), start, words) for start, line, words in _tokens(blanked) if called or not _names_our_line(line)]
    for _, _, words in sorted(found):
        number = _number(words, region)
        if number:
            return number
    return None


def signed_number(text: str, region: str) -> str | None:
    """Return the number at which whoever wrote a mail says to be reached, in E.164; None where they name none.

    It stands near the end, labelled as a telephone's, with its country, or alone on its line. A fax's number is none to call, and what
    no numbering plan contains is no number. `region` is the country (ISO 3166) whose plan national numbers follow.
    """
    end = text[-_SIGNED:]
    blanked = _NO_NUMBER.sub(lambda m: " " * len(m.group()), end)
    for start, before, words in _tokens(blanked):
        rest = blanked[start:].partition("\n")[0]
        alone = not before.strip() and len(rest.strip()) <= len(words) + 1
        if _FAX.search(before) or not (alone or "+" in words or _OWN_LABEL.search(before)):
            continue
        number = _number(words, region)
        if number and number.startswith("+"):
            return number
    return None


def _tokens(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield what may be a number, with its offset and the words before it on its line."""
    for count, match in enumerate(_TOKEN.finditer(text)):
        if count >= _MAX_TOKENS:
            return
        start = match.start()
        line = text[max(text.rfind("\n", 0, start) + 1, start - _BESIDE) : start]
        yield start, line, " ".join(match.group().split("\n")[0].split())


def _names_our_line(before: str) -> bool:
    """Tell whether the words before a number say that it is the one that was called."""
    return _CALLED.search(before) is not None and _CALLING_LINE.search(before) is None


def _rank(before: str) -> int:
    """Order the numbers: what the words call the caller's first."""
    return 0 if _CALLING.search(before) else 1


def _number(words: str, region: str) -> str | None:
    """Return a number as E.164 or as digits; None where it can be none."""
    digits = re.sub(r"\D", "", words.replace("(0)", ""))
    if not _FEWEST <= len(digits) <= _MOST + 3:
        return None
    if "+" in words:
        return _international(words) or (f"+{digits}" if len(digits) <= _MOST else None)
    if digits.startswith("00") and (abroad := _valid(f"+{digits[2:]}", "")):
        return abroad
    if digits.startswith("0") or not _valid(f"+{digits}", ""):
        return _valid(words, region) or digits
    return digits  # national, or with the country's code and no plus: the clients' numbers decide


def _international(words: str) -> str | None:
    """Return a number with a plus as E.164, without the trunk prefix that people write between brackets; None where it is none."""
    import phonenumbers  # noqa: PLC0415  # large, and only notices of phone systems need it

    for match in phonenumbers.PhoneNumberMatcher(words, None, leniency=phonenumbers.Leniency.POSSIBLE):
        return str(phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164))
    return None


def _valid(words: str, region: str) -> str | None:
    """Return a number that its country's plan contains as E.164, else None."""
    import phonenumbers  # noqa: PLC0415  # the same

    try:
        parsed = phonenumbers.parse(words, region or None)
    except phonenumbers.NumberParseException:
        return None
    valid = phonenumbers.is_valid_number(parsed)
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)) if valid else None

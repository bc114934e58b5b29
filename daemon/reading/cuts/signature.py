"""Cut signatures, "sent from my phone" and disclaimers: text that comes with every mail and says nothing.

A signature begins at its separator, below a closing formula, or, as Outlook inserts it, with the sender's own name or company. It
goes on over lines of contact details and what companies add to them (an advertisement, a disclaimer), up to a postscript.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from daemon.reading.cuts.signature_patterns import (
    BANNER,
    BEFORE_A_NAME,
    CONTACT,
    DISCLAIMER,
    LEGAL_FORM,
    NAME,
    POSTSCRIPT,
    PROMOTION,
    SENT_FROM,
    SEPARATOR,
    VALEDICTION,
)
from daemon.reading.text_lines import Line, lines
from daemon.reading.values import Cut

_MAX_SIGNATURE = 25  # lines below a separator
_MAX_CONTACT_LINES = 12
_MAX_BLOCK = 60  # lines of a signature with what a company adds to it
_MAX_CONTACT_LINE = 90  # characters
_FROM_THE_END = 150  # lines of a text in which its signature is looked for
_MAX_BANNER = 4  # lines at the top of a mail among which a mail system's banner stands
_COMPANY = 4  # letters of a domain's name below which it may be any word
_MAY_BEGIN = re.compile(
    "|".join(f"(?:{p.pattern})" for p in (SEPARATOR, SENT_FROM, DISCLAIMER, VALEDICTION, BANNER)), re.IGNORECASE | re.MULTILINE
)
_ENDS_AS_SENTENCE = re.compile(r"[^\W\d_A-Z]{3,}\.\s*$")
_BEFORE_DETAILS = re.compile(r"[|,;/(–—•·]| - | @ |\t")
_NO_NAME = re.compile(r"[\d?:]")
_NAME_ALONE = re.compile(r"[^\W\d_a-zà-ÿ][\w.'’-]*(?: [\w.'’-]{1,20}){0,3}")
_WORDS = re.compile(r"[^\W\d_]+")
_LETTERS = re.compile(r"[^\W_]+")


def with_signature(text: str, quotes: Sequence[Cut], name: str = "", address: str = "") -> tuple[Cut, ...]:
    """Return the quoted spans and the signature of what stands before the last of them, in order.

    `name` and `address` are the sender's: their name, or their company's in the address, begins the signature.
    """
    end = next((cut.start for cut in quotes if cut.end >= len(text)), len(text))
    rows = list(lines(text[:end]))
    found = (_banner(rows), *_signature(text[:end], rows, _names(name), _company(address)))
    return tuple(sorted((*quotes, *(cut for cut in found if cut is not None))))


def _names(name: str) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORDS.findall(name.partition("@")[0]) if len(word) > 1)


def _company(address: str) -> str:
    """Return the name of the sender's domain, in lower case; "" where it is too short to tell it from a word."""
    labels = address.rpartition("@")[2].lower().split(".")
    company = labels[-2] if len(labels) > 1 else ""
    return company if len(company) >= _COMPANY else ""


def _banner(rows: Sequence[Line]) -> Cut | None:
    """Return the span of what a mail system wrote above a mail from outside; None where nothing else follows it."""
    for number, row in enumerate(rows[:_MAX_BANNER]):
        if not row.text.strip():
            continue
        if not (BANNER.match(row.text) or DISCLAIMER.match(row.text)):
            return None
        below = next((n for n in range(number, len(rows)) if not rows[n].text.strip()), len(rows))
        return Cut(row.start, rows[below].start, "disclaimer") if any(r.text.strip() for r in rows[below:]) else None
    return None


def _signature(text: str, rows: Sequence[Line], names: frozenset[str], company: str) -> Iterator[Cut]:
    """Yield the spans of the signature, and of "sent from my phone" or the disclaimer that takes the rest of the text."""
    first = next((n for n, row in enumerate(rows) if row.text.strip()), 0)
    certain = any(_MAY_BEGIN.match(row.text) for row in rows)
    done = 0
    for number, row in enumerate(rows):
        if certain and (why := _certain(rows, number, first)):
            yield Cut(row.start, len(text), why)
            return
        if number <= max(first, done - 1, len(rows) - _FROM_THE_END) or not row.text.strip() or row.text.lstrip()[0] in ">|":
            continue
        closes = certain and VALEDICTION.match(row.text) is not None
        if closes or _begins_signature(rows, number, names, company):
            end = _end_of_details(rows, number + 1, company if closes else "")
            span = (row.end if closes else row.start, rows[end].start if end is not None and end < len(rows) else len(text))
            if end is not None and text[slice(*span)].strip():
                yield Cut(*span, "signature")
                done = end


def _certain(rows: Sequence[Line], number: int, first: int) -> str | None:
    """Return why everything from this line on is cut, whatever it is: a separator, a mail program's foot, a disclaimer."""
    words = rows[number].text
    if SEPARATOR.match(words) and len(rows) - number < _MAX_SIGNATURE and number > 0:
        return "signature"
    if SENT_FROM.match(words):
        return "signature"
    alone = number > first or not any(row.text.strip() for row in rows[number + 1 :])
    return "disclaimer" if alone and DISCLAIMER.match(words) else None


def _begins_signature(rows: Sequence[Line], number: int, names: frozenset[str], company: str) -> bool:
    """Tell whether a signature without a closing formula begins here: with the sender's name, their company or, above details, a name."""
    above = rows[number - 1].text.strip()
    if above and not above.endswith((".", "!", "?", ",", ")")):
        return False
    words = BEFORE_A_NAME.sub("", rows[number].text.strip(), count=1)
    next_words = rows[number + 1].text.strip() if number + 1 < len(rows) else ""
    if _is_named(words, names):
        return not next_words[:1].islower() or _has_contact(next_words)  # else a sentence that wraps
    said = next((row.text.strip() for row in reversed(rows[:number]) if row.text.strip()), "")
    if said.endswith((":", ",", ":-")):
        return False  # somebody's details that were announced, or an answer that consists of them
    below = [row.text for row in rows[number + 1 : number + 1 + _MAX_CONTACT_LINES] if row.text.strip()]
    if above or not below or len(words) > _MAX_CONTACT_LINE:
        return False
    detailed = _has_contact(below[0]) and _is_detail(below[0])
    named = NAME.fullmatch(words) is not None or (bool(company) and words.lower().startswith(company))
    return detailed and named and all(_is_detail(row) for row in (words, *below))


def _is_named(words: str, names: frozenset[str]) -> bool:
    """Tell whether a line is the sender's name, alone or before details: "Dana Reyes | Sales", "Reyes, Dana"."""
    found = [word.lower() for word in _WORDS.findall(words)]
    if not names or not found or len(words) > _MAX_CONTACT_LINE:
        return False
    if names.issuperset(found):
        return not _NO_NAME.search(words)
    before = [word.lower() for word in _WORDS.findall(_BEFORE_DETAILS.split(words, maxsplit=1)[0])]
    return len(before) > 1 and names.issuperset(before)


def _end_of_details(rows: Sequence[Line], start: int, company: str) -> int | None:
    """Return the number of the line at which a signature ends whose details begin at `start`; None where it is none.

    A company's advertisement may follow its details. What a person says below them is not the signature's, nor are the lines
    above it, unless they are details beyond doubt. What stands below the name of the `company` on a line of its own, or beside its
    legal form, the company says.
    """
    detailed = doubtful = False
    for first, below in _paragraphs(rows, start):
        texts = [row.text.strip() for row in rows[first:below]]
        if DISCLAIMER.match(texts[0]):
            return first
        kept = next((n for n, words in enumerate(texts) if not _is_detail(words)), len(texts))
        detailed = detailed or any(_has_contact(words) for words in texts[:kept])
        if kept < len(texts) and not (detailed and _is_advertisement(texts[kept:])) and not _is_companys(texts, kept, company):
            return None if doubtful or kept else first
        doubtful = doubtful or not all(_has_contact(words) or _NAME_ALONE.fullmatch(words) for words in texts[:kept])
        if len(texts) > _MAX_CONTACT_LINES:
            return None
    return min(len(rows), start + _MAX_BLOCK)


@lru_cache(maxsize=256)
def _has_contact(words: str) -> bool:
    """Tell whether a line has what only a signature has; each is asked for from every line above it that may begin one."""
    return CONTACT.search(words[:_MAX_CONTACT_LINE]) is not None


def _is_companys(texts: Sequence[str], kept: int, company: str) -> bool:
    """Tell whether lines that are no details, from the one with the number `kept` on, stand below the company's name or beside it."""
    if not company:
        return False
    below = any(_is_named_as(words, company) for words in texts[:kept])
    return below or (_is_named_as(texts[kept], company) and LEGAL_FORM.match(texts[kept]) is not None)


def _is_named_as(words: str, company: str) -> bool:
    """Tell whether a line begins with the company's name, as its domain has it."""
    return "".join(_LETTERS.findall(words.lower())).startswith(company.replace("-", ""))


def _is_advertisement(texts: Sequence[str]) -> bool:
    """Tell whether lines below details are what a company adds to every mail."""
    return not POSTSCRIPT.match(texts[0]) and PROMOTION.match(" ".join(texts)) is not None


def _paragraphs(rows: Sequence[Line], start: int) -> Iterator[tuple[int, int]]:
    """Yield the numbers of the first line of each paragraph and of the line below its last."""
    first: int | None = None
    limit = min(len(rows), start + _MAX_BLOCK)
    for number in range(start, limit + 1):
        blank = number == limit or not rows[number].text.strip()
        if first is None and not blank:
            first = number
        elif first is not None and blank:
            yield first, number
            first = None


def _is_detail(words: str) -> bool:
    """Tell whether a line is short and no sentence."""
    words = words.strip()
    return len(words) < _MAX_CONTACT_LINE and not words.endswith("?") and not _ENDS_AS_SENTENCE.search(words)

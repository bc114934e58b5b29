"""The closing: the last lines of the user's mail, with their name and signature, as their sent mail shows them.

A closing begins with its formula ("Best", "Mit freundlichen Grüßen"), with the separator of a signature, or with the user's name or
initials on a line of their own. A disclaimer and "sent from my phone" are no part of it: whatever adds them adds them again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from daemon.reading.cuts.signature_patterns import DISCLAIMER, POSTSCRIPT, SENT_FROM, VALEDICTION

_LATEST = 12  # mails that show a habit
_FEWEST = 3  # mails without a closing that show that there is none
_LONGEST = 12  # lines
_MORE = re.compile(  # than VALEDICTION: with a place, an adverb or another word of goodwill
    r"(?:(?:mit )?(?:freundliche[nm]?|beste[nm]?|viele[nm]?|liebe[nm]?|herzliche[nm]?|schöne[nm]?|sonnige[nm]?) (?:grüße?n?|gruß)\b.{0,30}|"
    r"(?:all )?(?:the )?(?:very )?(?:best|kind(?:est)?|warm(?:est)?) ?(?:regards|wishes)?(?: from \w+)?|talk soon|speak soon|"
    r"mit freundlichem gruß|grüße?(?: aus \w+)?|gruß|bis bald|beste)[ ,.!]*",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"\*?--\s*$")  # of a signature; a line of underscores may begin a provider's foot
_FORMAL = re.compile(r"mit (?:freundliche|beste)|hochachtungsvoll|yours (?:sincerely|faithfully)", re.IGNORECASE)
_THANKS = re.compile(r"\W*(?:many )?(?:thanks|thank you|thx|ta|danke|vielen dank)\b", re.IGNORECASE)


def read(text: str, name: str) -> str | None:
    """Return the closing of a text that somebody with this name wrote; None where it has none."""
    lines = list(_own_lines(text))
    first = max(1, len(lines) - _LONGEST)
    start = _last(lines, first, lambda line: bool(VALEDICTION.match(line) or _MORE.fullmatch(line.strip())))
    if start is None:
        start = _last(lines, first, lambda line: _is_name(line, name))
    if start is None:
        start = _last(lines, first, lambda line: bool(_SEPARATOR.match(line)))
    return "\n".join(_without_repetitions(lines[start:])) if start is not None else None


def _own_lines(text: str) -> Iterable[str]:
    """Yield the lines of a text, printable and without trailing spaces, up to a disclaimer, a program's line or a postscript."""
    rows = ["".join(c if c.isprintable() else " " for c in line).rstrip()[:200] for line in text.strip().split("\n")]
    for number, row in enumerate(rows):
        if number and (DISCLAIMER.match(row) or SENT_FROM.match(row) or POSTSCRIPT.match(row)):
            break
        yield row


def _last(lines: Sequence[str], first: int, begins: Callable[[str], bool]) -> int | None:
    return next((n for n in range(len(lines) - 1, first - 1, -1) if lines[n] and begins(lines[n])), None)


def _is_name(line: str, name: str) -> bool:
    """Whether a line is the name, the first name or the initials, perhaps after a dash."""
    words = re.findall(r"[^\W\d_]+", name)
    initials = "".join(word[:1] for word in words)
    forms = {" ".join(words), words[0] if words else "", initials, initials[:1]} - {""}
    return re.sub(r"^[\s/–—-]+|[\s.,]+$", "", line).lower() in {form.lower() for form in forms}


def _without_repetitions(lines: Sequence[str]) -> list[str]:
    """Return the lines without a paragraph that stands there twice, and without empty lines in a row."""
    kept: list[str] = []
    for paragraph in dict.fromkeys(p.strip("\n") for p in re.split(r"\n\s*\n", "\n".join(lines))):
        kept += ["", *paragraph.split("\n")] if kept else paragraph.split("\n")
    return kept[: _LONGEST + 2]


def habit(to_contact: Sequence[str], all_sent: Sequence[str], name: str, *, formal: bool = False) -> str | None:
    """Return how the user closes: as they do with the contact, else as they do of late; "" where they never do, None where unknown.

    Both are texts of sent mail in the language of the draft, latest first. Of closings to others, a `formal` greeting goes only with
    one that is more than a name, any other with one that keeps no distance.
    """
    own, general = ([read(text, name) for text in texts[:_LATEST]] for texts in (to_contact, all_sent))
    others = [c for c in general if c and not (_is_name(c, name) if formal else _FORMAL.match(c))]
    for closings in ([closing for closing in own if closing], others):
        fitting = [closing for closing in closings if not _THANKS.match(closing)] or closings
        if closings:
            counted = Counter(map(_same, fitting))
            return max(fitting, key=lambda closing: (counted[_same(closing)], -fitting.index(closing)))
    return "" if len(own) >= _FEWEST and not any(general) else None


def _same(closing: str) -> str:
    return " ".join(closing.split()).casefold()

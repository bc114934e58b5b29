"""Find the head of an older mail that is quoted or forwarded, and where it begins.

A head is an attribution ("On … wrote:"), a block of From, Sent, To lines, a Lotus Notes name and date above "To:", a separator
("-----Original Message-----"), or the line above which a helpdesk wants the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from daemon.reading.cuts.quote_patterns import (
    ABOUT_A_PERSON,
    AFTER_WROTE,
    APPLE_FORWARD_STARTS,
    BEGINS_WITH_DAY,
    CLOCK,
    CLOCK_ALONE,
    DAY,
    LABEL,
    LABELS,
    MAX_LABEL,
    NAME_AND_VERB,
    NAME_WROTE,
    NAMED_AND_TIMED,
    NOTES_DETAIL,
    NOTES_SEPARATOR,
    ORIGINAL_ALONE,
    REPLY_LINE,
    REPLY_LINE_WORDS,
    SAID_VERB,
    SEPARATOR,
    TIMESTAMP,
    WROTE_END,
    WROTE_ENDS,
    WROTE_START,
    WROTE_VERB,
)
from daemon.reading.text_lines import Line, lines

_HEADER_BLOCK = 14  # lines; long recipient lists wrap
_MAX_GAP = 8  # lines without a label within a header block
_MAX_BLANK = 5  # blank lines within a Notes head
_ABOVE = 600  # characters above a header block in which the rest of a Notes head is looked for
_MAX_ATTRIBUTION = 300  # characters
_ATTRIBUTION_LINES = 4
_RULES = frozenset(("--", "__", "==", "**", "-=", "=-"))
_FIRST_CHARACTER = re.compile(r"[^\s\ufeff]")
_NO_NAME_END = re.compile(r"[!?:]\s*$|,$")


class Head(NamedTuple):
    """The head of an older mail: where it begins, and whether the mail is a quote or a forward."""

    start: int
    why: str


def candidates(text: str) -> list[int]:
    """Return the offsets of the lines where a head may stand, in order; `head_at` then decides."""
    offsets, start = set(_reply_lines(text, text.lower())), 0
    for line in text.split("\n"):
        if _begins_head(line) or _ends_with_verb(line):
            offsets.add(start)
        start += len(line) + 1
    return sorted(offsets)


def _begins_head(line: str) -> bool:
    """Tell whether a line begins with a header's label or with a rule."""
    if line.lstrip(" \t")[:2] in _RULES or line.startswith(">>> "):
        return True
    if ":" not in line and "：" not in line:
        return False
    label = line.lstrip(" \t>*_|=029\xa0\ufeff\u200e")[:MAX_LABEL].lower()
    name, colon, _ = label.replace("：", ":").partition(":")
    return (colon != "" and name.rstrip("* \t\xa0\u202f") in LABELS) or label.startswith(APPLE_FORWARD_STARTS)


def _ends_with_verb(line: str) -> bool:
    """Tell whether a line may end an attribution ("Kim wrote:")."""
    words = line.rstrip(AFTER_WROTE)
    return len(words) <= _MAX_ATTRIBUTION and words.endswith(WROTE_ENDS) and WROTE_END.search(line) is not None


def _reply_lines(text: str, low: str) -> Iterator[int]:
    if any(word in low for word in REPLY_LINE_WORDS):
        yield from (m.start() for m in REPLY_LINE.finditer(text))


def has_reply_line(text: str) -> bool:
    """Tell whether a helpdesk's line stands in the text."""
    return next(_reply_lines(text, text.lower()), None) is not None


def is_reply_line(text: str, at: int) -> bool:
    """Tell whether the line at `at` is the one above which a helpdesk wants the answer."""
    return REPLY_LINE.match(text, at) is not None


def head_at(text: str, at: int) -> Head | None:
    """Return the head that the line at `at` belongs to, or None where it belongs to none."""
    below = _below(text, at)
    line = below[0].text
    if is_reply_line(text, at):
        return Head(at, "quote")
    separator = SEPARATOR.match(line)
    if separator:
        return Head(at, "forward" if separator["forward"] or separator["apple"] else "quote")
    if line.startswith(">>> "):  # GroupWise: >>> Kim Lee 03/02/26 09:14AM >>>
        return Head(at, "quote") if line.rstrip().endswith(">>>") else None
    if line.lstrip().startswith("____"):
        return Head(at, "quote") if len(below) > 1 and _is_header_block(below[1:]) else None
    if LABEL.match(line):
        return Head(_start_of_notes_head(text, _first_label(text, at)), "quote") if _is_header_block(below) else None
    start = _start_of_attribution(text, at)
    return None if start is None else Head(start, "quote")


def head_end(text: str, at: int) -> int:
    """Return where the head ends that begins with the line at `at`: below its labels, its folded lines and blank ones between them."""
    end, folded = text.find("\n", at) + 1 or len(text), False
    for count, line in enumerate(lines(text, end)):
        labelled = LABEL.match(line.text) is not None
        if count > _HEADER_BLOCK or not (labelled or not line.text.strip() or (folded and line.text[:1] in " \t")):
            break
        folded = labelled or (folded and bool(line.text.strip()))
        end = min(line.end + 1, len(text)) if labelled or folded else end
    return end


def _first_label(text: str, at: int) -> int:
    """Return where the labels begin that stand directly above the line at `at`: some programs write the subject first."""
    start = at
    for _ in range(_HEADER_BLOCK):
        above = text.rfind("\n", 0, max(0, start - 1)) + 1
        label = LABEL.match(text[above : max(0, start - 1)]) if start else None
        if label is None or label.lastgroup == "from":
            break
        start = above
    return start


def marked_below(text: str, at: int) -> bool:
    """Tell whether the next line that is not blank begins with `>`."""
    first = _FIRST_CHARACTER.search(text, at)
    return first is not None and first.group() == ">" and text[first.start() : first.start() + 4] != ">>> "


def _below(text: str, at: int) -> list[Line]:
    """Return the line at `at` and those below it without blank ones, as many as a header block may have."""
    below: list[Line] = []
    for line in lines(text, at):
        words = line.text.replace("=09", "   ").replace("=20", "   ") if "=" in line.text else line.text
        if words.strip():
            below.append(line._replace(text=words))
        if len(below) >= _HEADER_BLOCK:
            break
    return below or [Line(at, at, "")]


def _is_header_block(below: Sequence[Line]) -> bool:
    """Tell whether the labels are enough for a mail's head: from or to whom, and a subject, a date or a copy."""
    first = LABEL.match(below[0].text)
    if first is None or first.lastgroup not in {"from", "to", "date"}:
        return False
    labels, looks_like_mail = _labels(below)
    if first.lastgroup == "to":
        return "subject" in labels or {"to", "more"} <= labels
    stamped = TIMESTAMP.search(below[0].text) is not None
    if not (looks_like_mail or stamped or "subject" in labels):
        return False  # "From: Leeds, To: York, Date: 3 March" is a journey
    enough = 2 if stamped or first.lastgroup == "from" else 3
    return len(labels) >= enough and bool(labels & {"to", "subject", "date"} - {first.lastgroup})


def _labels(below: Sequence[Line]) -> tuple[set[str], bool]:
    """Return the labels of a block up to its subject, and whether one of its lines holds an address or a clock time."""
    labels: set[str] = set()
    looks_like_mail = False
    gap = 0
    for line in below:
        label = LABEL.match(line.text)
        if label and label.lastgroup:
            labels.add(label.lastgroup)
            timed = label.lastgroup == "date" and CLOCK.search(line.text) is not None
            looks_like_mail = looks_like_mail or "@" in line.text or timed
            gap = 0
        else:
            gap += 1
        if gap > _MAX_GAP or "subject" in labels:
            break
    return labels, looks_like_mail


class _LineAbove(NamedTuple):
    """A line above a header block that is not blank."""

    start: int
    alone: str  # its words
    words: str  # its words, with the clock time that stands alone on the line below it
    indented: bool
    blank_below: int  # blank lines between it and the one before


def _lines_above(text: str, at: int) -> Iterator[_LineAbove]:
    """Yield the lines above `at` that are not blank, going up; a clock time alone on its line is joined to the line above it."""
    clock, blank = "", 0
    for line in reversed(list(lines(text, max(0, at - _ABOVE), at))):
        words = line.text.replace("=09", " ").replace("=20", " ").strip()
        if not words:
            blank += 1
        elif not clock and CLOCK_ALONE.fullmatch(words):
            clock = words
        else:
            indented = line.text.startswith(("\t", "   ", "=09"))
            yield _LineAbove(line.start, words, f"{words} {clock}".strip(), indented, blank)
            clock, blank = "", 0


def _start_of_notes_head(text: str, at: int) -> int:
    """Return where the head begins whose header block is at `at`.

    Above "To:" and "From:" Notes writes the sender's name, the date and the sender's office.
    """
    start, named = at, False
    dated = TIMESTAMP.search(text[at : text.find("\n", at)]) is not None
    for line in _lines_above(text, at):
        if line.blank_below > _MAX_BLANK or (line.blank_below and named):
            break
        if start == at and _is_separator(line):
            return line.start
        if _is_dated(line):
            dated, start = True, line.start
            if TIMESTAMP.sub("", line.words).strip(" on"):
                break
        elif _is_office(line, nearest=start == at):
            start = line.start
        elif dated and start < at and _is_sender(line):
            start, named = line.start, True
            if not line.indented:
                break
        else:
            break
    return start


def _is_separator(line: _LineAbove) -> bool:
    return ORIGINAL_ALONE.fullmatch(line.alone) is not None or NOTES_SEPARATOR.search(line.alone) is not None


def _is_dated(line: _LineAbove) -> bool:
    return len(line.words) < 130 and TIMESTAMP.search(line.words) is not None


def _is_office(line: _LineAbove, *, nearest: bool) -> bool:
    """Tell whether a line names the sender's office or the like; the nearest to the header block need only be indented."""
    return NOTES_DETAIL.match(line.words) is not None or (nearest and line.indented and len(line.words) < 60)


def _is_sender(line: _LineAbove) -> bool:
    return len(line.words) < 80 and (line.indented or _looks_like_name(line.words))


def _looks_like_name(words: str) -> bool:
    capitals = sum(w[:1].isupper() or w[:1] in "\"'<(" for w in words.split())
    return capitals * 2 >= len(words.split()) and not _NO_NAME_END.search(words)


def _start_of_attribution(text: str, at: int) -> int | None:
    """Return where "On Tue, Kim wrote:" begins, whose last line is at `at`: there or up to three lines above. None for other text."""
    stop = text.find("\n", at)
    end = stop if stop >= 0 else len(text)
    if not WROTE_END.search(text, at, end):
        return None
    start = _first_line_of_attribution(text, at, end)
    marked = marked_below(text, end)
    if start is None:
        alone = marked and NAME_AND_VERB.match(text[at:end]) and not ABOUT_A_PERSON.search(text[at:end])
        return at if alone else None
    if start < at and not BEGINS_WITH_DAY.match(text[start:end]) and WROTE_START.match(text[at:end]):
        start = at
    return start if _is_attribution(text[start:end], marked=marked) else None


def _first_line_of_attribution(text: str, at: int, end: int) -> int | None:
    """Return the highest line that can begin the attribution whose last line is at `at`; one that names a day ends the search."""
    start, best = at, None
    for _ in range(_ATTRIBUTION_LINES):
        stop = text.find("\n", start, end)
        line = text[start : stop if stop >= 0 else end]
        if WROTE_START.match(line):
            best = start
            if BEGINS_WITH_DAY.match(line):
                break
        elif start == at and (NAME_WROTE.match(line) or NAMED_AND_TIMED.match(line)):
            best = start
        before = text.rfind("\n", 0, max(0, start - 1)) + 1
        above = text[before : max(0, start - 1)].strip()
        if start == 0 or not above or above.startswith(">") or above.endswith((":", "!", "?", ";")) or len(above) > 160:
            break
        start = before
    return best


def _is_attribution(text: str, *, marked: bool) -> bool:
    """Tell whether a text introduces a quote: it names an address, a time or a day, ends with a colon or a rule, and is nobody's talk.

    Where the lines below are `marked` with ">", any digit will do.
    """
    words = text.rstrip(" \t\r*_\n\u200e\u200f\u202a\u202c")
    if (
        len(words) > _MAX_ATTRIBUTION
        or not words.endswith((":", "：", "--", "写道", "寫道", "書きました"))
        or ABOUT_A_PERSON.search(words)
    ):
        return False
    if not WROTE_VERB.search(words) and SAID_VERB.search(words):
        return "@" in words or (CLOCK.search(words) is not None and BEGINS_WITH_DAY.match(words) is not None)
    if not WROTE_VERB.search(words):  # Russian, Czech and Japanese programs write a day, a time and an address alone
        return CLOCK.search(words) is not None and (BEGINS_WITH_DAY.match(words) or NAMED_AND_TIMED.match(words)) is not None
    dated = CLOCK.search(words) is not None or DAY.search(words) is not None
    return "@" in words or dated or (marked and re.search(r"\d", words) is not None)

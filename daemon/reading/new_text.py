"""The new text: what the writer of this mail typed, without the quoted and forwarded mail below, above and between it.

Every cut is a span of the text that came in. From the head of an older mail ("On Monday Kim wrote:") everything to the end is cut;
but if the lines below it begin with `>`, only the head and each such line are cut, so that answers between them stay. A line that
equals a line of an earlier mail of the thread is a quote whatever it looks like.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from daemon.reading.quote_heads import candidates, head_at, marked_below
from daemon.reading.quote_patterns import SEPARATOR
from daemon.reading.text_lines import lines
from daemon.reading.values import Cut

_MAX_CANDIDATES = 300  # lines that are examined as the head of an older mail; a log file has thousands that begin with a label
_MIN_KNOWN_LINE = 30  # characters; shorter lines ("Best regards") recur without being quotes
_MAX_FOOT = 3000  # characters
_MAY_HOLD_A_HEAD = re.compile(r"[:：]|^[ \t]*[>|]|--|==|_{5}", re.MULTILINE)
_MARKED_LINE = re.compile(r"^[ \t]*\|?>[^\n]*(?:\n|$)", re.MULTILINE)
_WRAPPED_REST = re.compile(r"(?:[*_=-]{3,200}|[^\n.?!]{1,30}[^\n.?!:\s])\n(?=[ \t]*\|?>)")
_UNFINISHED = re.compile(r"[^\s.?!:>][ \t]*\n$")
_FOOT = re.compile(r"\s*(?:_{20}|\*{20}|-{20})")
_FOOT_WORDS = ("confidential", "intended", "yahoo!", "hotmail", "msn ", "virus", "privileged", "mailing list")


def quoted_spans(text: str, earlier: Sequence[str] = ()) -> tuple[Cut, ...]:
    """Return the spans of quoted or forwarded older mail, in order; `earlier` are the new texts of the thread's earlier mails."""
    cuts = list(_older_mail(text)) if _MAY_HOLD_A_HEAD.search(text) else []
    end = cuts[-1].start if cuts and cuts[-1].end >= len(text) else len(text)
    known_lines = frozenset(f for mail in earlier for line in mail.split("\n") if len(f := _folded(line)) > _MIN_KNOWN_LINE)
    if ">" in text or "|" in text:
        cuts.extend(_marked_lines(text, end))
    if known_lines:
        cuts.extend(_repeated_lines(text, end, known_lines))
    return _joined(text, sorted(cuts))


def without(text: str, spans: Sequence[Cut]) -> str:
    """Return the text without these spans, and without blank lines at its ends."""
    pieces, at = [], 0
    for cut in sorted(spans):
        pieces.append(text[at : cut.start])
        at = max(at, cut.end)
    pieces.append(text[at:])
    return "".join(pieces).strip("\n")


def _older_mail(text: str) -> Iterator[Cut]:
    """Yield the span from the first head of an older mail to the end; only the head where the lines below it begin with `>`."""
    done = 0
    for offset in candidates(text)[:_MAX_CANDIDATES]:
        line = text[offset : offset + 10].lstrip(" \t")
        if offset < done or (line.startswith((">", "|")) and not line.startswith(">>> ")):
            continue
        head = head_at(text, offset)
        if head is None:
            continue
        stop = text.find("\n", offset) + 1 or len(text)
        if head.start < done or not marked_below(text, stop) or SEPARATOR.match(text, offset):
            yield Cut(max(head.start, done), len(text), head.why)
            return
        yield Cut(head.start, stop, head.why)
        done = stop


def _marked_lines(text: str, end: int) -> Iterator[Cut]:
    """Yield the lines that begin with `>`, what wrapping left of a long one, and a provider's foot below the last."""
    last = 0
    for marked in _MARKED_LINE.finditer(text, 0, end):
        last = marked.end()
        rest = _WRAPPED_REST.match(text, last, end)
        if rest and (rest.group()[0] in "*_-=" or (len(marked.group()) > 45 and _UNFINISHED.search(marked.group()))):
            last = rest.end() if len(rest.group().split()) < 4 else last
        yield Cut(marked.start(), last, "quote")
    if last and end - last < _MAX_FOOT and _FOOT.match(text, last, end):
        foot = text[last:end].lower()
        if "?" not in foot.replace("yahoo!?", "") and any(word in foot for word in _FOOT_WORDS):
            yield Cut(last, end, "disclaimer")


def _repeated_lines(text: str, end: int, known_lines: frozenset[str]) -> Iterator[Cut]:
    """Yield the lines that stood in an earlier mail of the thread."""
    for line in lines(text, 0, end):
        if _folded(line.text) in known_lines:
            yield Cut(line.start, min(line.end + 1, len(text)), "quote")


def _folded(line: str) -> str:
    """Return a line in lower case, without marks and with single spaces, for comparison."""
    return re.sub(r"\s+", " ", line.strip().lstrip("> ")).lower()


def _joined(text: str, cuts: Sequence[Cut]) -> tuple[Cut, ...]:
    """Return the cuts, in order, with overlapping ones and those separated only by white space joined."""
    joined: list[Cut] = []
    for cut in cuts:
        if joined and cut.start < joined[-1].end:
            joined[-1] = joined[-1]._replace(end=max(joined[-1].end, cut.end))
        elif joined and cut.why == joined[-1].why and not text[joined[-1].end : cut.start].strip():
            joined[-1] = Cut(joined[-1].start, cut.end, cut.why)
        else:
            joined.append(cut)
    if joined and not text[joined[-1].end :].strip():
        joined[-1] = joined[-1]._replace(end=len(text))
    return tuple(joined)

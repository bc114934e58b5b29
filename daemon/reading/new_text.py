"""The new text: what the writer of this mail typed, without the quoted and forwarded mail below, above and between it.

Every cut is a span of the text that came in. From the head of an older mail ("On Monday Kim wrote:") everything to the end is cut;
but if the lines below it begin with `>`, only the head and each such line are cut, so that answers between them stay, and if they
are an earlier mail of the thread, what was typed below it stays. What repeats an earlier mail of the thread is a quote whatever it
looks like. A mail that is marked with `>` from its first line to its last and follows no other is not a quote but its writer's words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from daemon.reading.cuts.quote_heads import candidates, has_reply_line, head_at, head_end, is_reply_line, marked_below
from daemon.reading.cuts.quote_patterns import LABEL, SEPARATOR
from daemon.reading.cuts.repeated_text import end_of_quote, repeated_spans
from daemon.reading.values import Cut

_MAX_CANDIDATES = 300  # lines that are examined as the head of an older mail; a log file has thousands that begin with a label
_MAX_FOOT = 3000  # characters
_MAY_HOLD_A_HEAD = re.compile(r"[:：]|^[ \t]*[>|]|--|==|__|##|写|寫|書", re.MULTILINE)
_MARK = re.compile(r"^[ \t]{0,20}>[ \t]?", re.MULTILINE)
_UNMARKED_LINE = re.compile(  # but for the names of files that some systems list below a text
    r"^(?![ \t]{0,20}>)(?![ \t]{0,20}(?:- |\* |<<)[^\n<>]{1,120}\.\w{2,5}(?:>>)?[ \t]*$)[^\n]{0,20}[^\s]", re.MULTILINE
)
_FIRST_CHARACTER = re.compile(r"\S")
_RESPOND_TO = re.compile(r"please ?respond to\b[^\n]{0,200}(?:\n|$)", re.IGNORECASE)
_MAX_DEPTH = 5  # levels of marks
_MARKED_LINE = re.compile(r"^[ \t]*\|?>[^\n]*(?:\n|$)", re.MULTILINE)
_WRAPPED_REST = re.compile(
    r"(?:[*_=-]{3,200}|wrote:|<https?://[^\s<>]{1,300}(?:\n[^\s<>]{1,300})?>?\.?|[^\n.?!]{1,30}[^\n.?!:\s])\n(?=[ \t]*\|?>)"
)
_ALWAYS_REST = ("*", "_", "-", "=", "wrote:")
_UNFINISHED = re.compile(r"[^\s.?!:>][ \t]*\n$")
_FOOT = re.compile(r"\s*(?:_{20}|\*{20}|-{20})")
_FOOT_WORDS = ("confidential", "intended", "yahoo!", "hotmail", "msn ", "virus", "privileged", "mailing list")


def unmarked(text: str) -> str:
    """Return a text whose every line is marked with `>`, with a space for each mark, so that offsets stay; any other as it is."""
    for _ in range(_MAX_DEPTH):
        if not text.strip() or _UNMARKED_LINE.search(text):
            break
        text = _MARK.sub(lambda mark: " " * len(mark.group()), text)
    return text


def dedented(text: str) -> str:
    """Return a text without the spaces that stand for marks."""
    return "\n".join(line.strip() for line in text.split("\n"))


def quoted_spans(text: str, earlier: Sequence[str] = (), *, sender: str = "") -> tuple[Cut, ...]:
    """Return the spans of quoted or forwarded older mail, in order.

    `earlier` are the new texts of the thread's earlier mails. `sender` is the address of who wrote this one, whose own header an
    old system may have written above the text.
    """
    own = _own_header(text, sender)
    cuts = list(_older_mail(text, earlier, own)) if _MAY_HOLD_A_HEAD.search(text) or has_reply_line(text) else []
    end = cuts[-1].start if cuts and cuts[-1].end >= len(text) else len(text)
    if ">" in text or "|" in text:
        cuts.extend(_marked_lines(text, end))
    if own:
        cuts.append(Cut(0, own, "quote"))
    repeated = list(repeated_spans(text, end, earlier)) if earlier else []
    if repeated and without(text, _joined(text, sorted([*cuts, *repeated]))).strip():  # else it was sent again, and is meant
        cuts.extend(repeated)
    return _joined(text, sorted(cuts))


def without(text: str, spans: Sequence[Cut]) -> str:
    """Return the text without these spans, and without blank lines at its ends."""
    pieces, at = [], 0
    for cut in sorted(spans):
        pieces.append(text[at : cut.start])
        at = max(at, cut.end)
    pieces.append(text[at:])
    return "".join(pieces).strip("\n")


def _own_header(text: str, sender: str) -> int:
    """Return the length of the mail's own header that Notes and other old systems wrote at the top of its text; 0 without one.

    That is a block without "From:", or one that names this mail's sender, who then forwards a mail of their own: "Please respond
    to …", "To:", "cc:", "Subject:".
    """
    start = len(text) - len(text.lstrip())
    respond, forward = _RESPOND_TO.match(text, start), SEPARATOR.match(text, start)
    label = LABEL.match(text, start)
    if not (respond or forward) and (label is None or label.lastgroup == "date"):
        return 0
    end = head_end(text, start)
    block = text[start:end]
    labelled = {found.lastgroup: line.lower() for line in block.split("\n") if (found := LABEL.match(line))}
    labels = labelled.keys()
    if ("from" in labels or forward) and not (sender and sender in labelled.get("from", "")):
        return 0
    named = respond is not None and "@" in respond.group()
    fewest = 1 if respond else 2
    is_block = named or (len(labels) >= fewest and not labels.isdisjoint(("from", "to", "more")))
    return end if is_block and text[end:].strip() else 0


def _older_mail(text: str, earlier: Sequence[str], done: int) -> Iterator[Cut]:
    """Yield from each head of an older mail what it introduces: all to the end, only itself above lines with `>`, or a known mail."""
    for offset in candidates(text)[:_MAX_CANDIDATES]:
        line = text[offset : offset + 10].lstrip(" \t")
        if offset < done or (line.startswith((">", "|")) and not line.startswith((">>> ", ">:"))):
            continue
        head = head_at(text, offset)
        if head is None:
            continue
        start, stop = max(head.start, done), _introduction(text, offset)
        if is_reply_line(text, offset) and not text[done:start].strip():  # a helpdesk's own mail: its words stand below
            yield Cut(start, stop, head.why)
            done = stop
            continue
        known = end_of_quote(text, stop, earlier) if earlier else None
        if known is not None and text[known:].strip():
            yield Cut(start, known, head.why)
            done = known
        elif head.start < done or not marked_below(text, stop):
            yield Cut(start, len(text), head.why)
            return
        else:
            yield Cut(start, stop, head.why)
            done = stop


def _introduction(text: str, offset: int) -> int:
    """Return where the head ends whose last or only line begins at `offset`."""
    line_end = text.find("\n", offset) + 1 or len(text)
    has_labels = SEPARATOR.match(text, offset) or LABEL.match(text, offset) or text.startswith("____", offset)
    end = head_end(text, offset) if has_labels else line_end
    if SEPARATOR.match(text, offset) and (below := _FIRST_CHARACTER.search(text, end)):
        line = text.rfind("\n", 0, below.start()) + 1
        if not LABEL.match(text, line) and head_at(text, line):  # "---- Original message ----" above "On Tuesday Kim wrote:"
            return text.find("\n", line) + 1 or len(text)
    return end


def _marked_lines(text: str, end: int) -> Iterator[Cut]:
    """Yield the lines that begin with `>`, what wrapping left of a long one, and a provider's foot below the last."""
    last = 0
    for marked in _MARKED_LINE.finditer(text, 0, end):
        last = marked.end()
        rest = _WRAPPED_REST.match(text, last, end)
        if rest and (rest.group().startswith(_ALWAYS_REST) or (len(marked.group()) > 45 and _UNFINISHED.search(marked.group()))):
            last = rest.end() if len(rest.group().split()) < 4 else last
        yield Cut(marked.start(), last, "quote")
    if last and end - last < _MAX_FOOT and _FOOT.match(text, last, end):
        foot = text[last:end].lower()
        if "?" not in foot.replace("yahoo!?", "") and any(word in foot for word in _FOOT_WORDS):
            yield Cut(last, end, "disclaimer")


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

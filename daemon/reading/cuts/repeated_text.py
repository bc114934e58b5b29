"""Text that stood in an earlier mail of the thread: a quote whatever it looks like, re-wrapped and flattened to one line included.

The words alone are compared. A run of them counts that is long, or that is most of the earlier mail; shorter repetitions ("Best
regards, Kim Lee") are what people write again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, takewhile

from daemon.reading.text_lines import lines
from daemon.reading.values import Cut

_MIN_LINE = 30  # characters; shorter lines ("Best regards") recur without being quotes
_MIN_RUN = 10  # words that nobody types again by chance
_SHINGLE = 5  # words that are looked up together; no run is shorter
_MOST_OF_A_MAIL = 0.7  # of its words: so much of a short mail is a quote of it
_MAX_WORDS = 12_000  # of one mail that are compared
_WORD = re.compile(r"[^\W_]+")
_AROUND = re.compile(r"[ \t>|*\"'“”‘’.,;:!?…)\]]*")


def repeated_spans(text: str, end: int, earlier: Sequence[str]) -> Iterator[Cut]:
    """Yield the spans before `end` that stood in one of the earlier mails: whole lines, and runs of words."""
    known = frozenset(f for mail in earlier for line in mail.split("\n") if len(f := _folded(line)) > _MIN_LINE)
    for line in lines(text, 0, end):
        if _folded(line.text) in known:
            yield Cut(line.start, min(line.end + 1, len(text)), "quote")
    found = list(_WORD.finditer(text, 0, end))[:_MAX_WORDS]
    words = [word.group().lower() for word in found]
    for mail in earlier:
        for first, last in _runs(words, _words(mail)):
            yield Cut(*_widened(text, found[first].start(), found[last].end(), end), "quote")


def end_of_quote(text: str, start: int, earlier: Sequence[str]) -> int | None:
    """Return where an earlier mail ends that is quoted whole from `start` on, without marks; None where none is.

    What stands below it was typed there.
    """
    for mail in earlier:
        other = _words(mail)
        if len(other) < _SHINGLE:
            continue
        pairs = zip(islice(_WORD.finditer(text, start), len(other)), other, strict=False)
        same = [word for word, _ in takewhile(lambda pair: pair[0].group().lower() == pair[1], pairs)]
        if len(same) == len(other):
            return _widened(text, same[0].start(), same[-1].end(), len(text))[1]
    return None


@lru_cache(maxsize=64)
def _words(mail: str) -> list[str]:
    """Return the words of an earlier mail, in lower case; asked for at each line that may introduce a quote of it."""
    return [word.lower() for word in _WORD.findall(mail)[:_MAX_WORDS]]


def _runs(words: Sequence[str], other: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the first and last positions of the runs of words that stand in the same order in another mail."""
    shingles = set(_shingles(other))
    needed = min(_MIN_RUN, max(_SHINGLE, int(len(other) * _MOST_OF_A_MAIL + 0.999)))
    first: int | None = None
    for at, shingle in enumerate((*_shingles(words), ())):
        repeated = shingle in shingles
        if repeated and first is None:
            first = at
        elif not repeated and first is not None:
            last = at + _SHINGLE - 2
            if last - first + 1 >= needed:
                yield first, last
            first = None


def _shingles(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Return the words from each on, as many as are looked up together."""
    return zip(*(words[at:] for at in range(_SHINGLE)), strict=False)


def _widened(text: str, start: int, stop: int, end: int) -> tuple[int, int]:
    """Return a span with the punctuation around it, and with the line break where nothing else stands on its lines."""
    after = _AROUND.match(text, stop, end)
    stop = after.end() if after else stop
    line = text.rfind("\n", 0, start) + 1
    if not text[line:start].strip(" \t>|*\"'“”‘’([-"):
        start = line
        stop = stop + 1 if text[stop : stop + 1] == "\n" else stop
    return start, stop


def _folded(line: str) -> str:
    """Return a line in lower case, without marks and with single spaces, for comparison."""
    return " ".join(line.strip().lstrip("> ").split()).lower()

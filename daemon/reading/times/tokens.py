"""A sentence as tokens: what each word, number and mark is to a time, by the words of its language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from daemon.reading.languages.time_words import Meaning, TimeWords, Value
from daemon.reading.times.zones import ZONES

_SHAPES = (
    r"(?P<zone>(?:utc|gmt) ?[+-]\d{1,2}(?::?[0-5]\d)?(?!\d))",
    r"(?P<iso>20\d\d-\d\d-\d\d)(?![\w/])",
    r"(?P<other>[$£€]\s?\d[\d.,]*\w*|\d[\d.,]*\s?[%€]|24/7|9/11)",
    r"(?P<slash>\d{1,2}/\d{1,2}(?:/(?:20)?\d\d)?)(?![\w/]|\s*(?:of|hours?|an?|inch|days?|price|off|th|full|way)\b)",
    r"(?P<dotted>\d{1,2}\.(?:0?[1-9]|1[0-2])\.(?:(?:20)?\d\d)?)(?!\w|\.\w)",
    r"(?P<clock>\d{1,2}(?:(?:[:.]?[0-5]\d(?::[0-5]\d)?)?\s?[ap](?:\.m\.?|m\b)|(?:[:.]?[0-5]\d)?[ap]\b(?![.-]\w)))",
    r"(?P<hm>\d{1,2}(?::[0-5]\d(?::[0-5]\d)?|h[0-5]\d))(?![\w:])",
    r"(?P<hmd>\d{1,2}\.[0-5]\d)(?!\d|[.,]\d)",
    r"(?P<ord>\d{1,2}(?:st|nd|rd|th))\b",
    r"(?P<number>\d+(?:[.,]\d+)*)",
    r"(?P<word>w/[a-z]\b|q[1-4]\b|[ap]\.m\b\.?|c\.o\.b\b\.?|\d?[^\W\d_]+(?:'[^\W\d_]+)*)",
    r"(?P<mark>\S)",
)
_RAW = re.compile("|".join(_SHAPES))
_RAW_WITHOUT_HALVES = re.compile("|".join(shape for shape in _SHAPES if not shape.startswith("(?P<clock>")))
_MARKS = {
    ",": "comma",
    "-": "dash",
    "–": "dash",
    "—": "dash",
    "@": "at",
    "(": "open",
    ")": "shut",
    "/": "over_line",
    "'": "",
    '"': "",
}
# Units that are written in one with a number, "24h", and classes whose words of a few letters may end in a dot.
_GLUED = frozenset("minute hour hours h day days week weeks month_unit months year oclock ish".split())
_ABBREVIATED = frozenset("weekday month minute hour hours weeks year about".split())
_PARTED = re.compile(r"[#_']$|\w[/.]$")  # after which a number is a name's
_DIGITS = re.compile(r"\d+")

Raw: TypeAlias = tuple[str, int, int]  # kind, start, end


class Token(NamedTuple):
    """A token: its class, what it means, and its span in the sentence."""

    kind: str
    value: Value | tuple[int, ...]
    start: int
    end: int


def tokens_of(low: str, words: TimeWords) -> list[Token]:
    """Return the tokens of a sentence in lower case; words that mean nothing to a time are of the class "other"."""
    shapes = _RAW if words.am_and_pm else _RAW_WITHOUT_HALVES
    raw = [(m.lastgroup or "mark", *m.span()) for m in shapes.finditer(low)]
    tokens: list[Token] = []
    place = 0
    while place < len(raw):
        kind, start, end = raw[place]
        text = low[start:end]
        if kind == "word" and text not in words.phrases and text not in ZONES and text[-2:] != "'s":  # most words
            tokens.append(Token("other", text, start, end))
            place += 1
            continue
        meaning, after = _phrase_at(low, raw, place, words)
        end = raw[after - 1][2]
        if meaning:
            end = _end_of(low, start, end, meaning[0][0])
            tokens.extend(Token(kind, value, start, end) for kind, value in meaning)
        else:
            tokens.extend(_single(low, raw[place], words))
            end = tokens[-1].end if tokens else end
        place = after
        while place < len(raw) and raw[place][2] <= end:  # the dot of an abbreviation or of "3."
            place += 1
    return _without_glued(low, tokens)


def _phrase_at(low: str, raw: list[Raw], place: int, words: TimeWords) -> tuple[Meaning, int]:
    """Return what the longest phrase that begins with this word stands for, and the place after it."""
    kind, start, end = raw[place]
    for phrase, meaning in words.phrases.get(low[start:end], ()):
        after = place + 1
        for word in phrase[1:]:
            if after < len(raw) - 1 and low[raw[after][1]] == "-":
                after += 1
            if after >= len(raw) or low[raw[after][1] : raw[after][2]] != word:
                break
            after += 1
        else:
            return meaning, after
    if low[end - 2 : end] == "'s":  # "Thursday's board"
        raw[place] = (kind, start, end - 2)
        return _phrase_at(low, raw, place, words)
    return (), place + 1


def _end_of(low: str, start: int, end: int, kind: str) -> int:
    """Return where a word ends: after its dot where it is an abbreviation ("Fri.", "Std.")."""
    return end + 1 if kind in _ABBREVIATED and end - start <= 5 and low[end : end + 1] == "." else end


def _single(low: str, raw: Raw, words: TimeWords) -> Iterator[Token]:
    """Yield the token of a number or a mark, or of a word without meaning."""
    kind, start, end = raw
    text = low[start:end]
    if kind == "word":
        zone = next(
            (name for name in ZONES.get(text, ()) if low.startswith(name, start) and not low[start + len(name) :][:1].isalnum()),
            None,
        )
        yield Token("zone", zone, start, start + len(zone)) if zone else Token("other", text, start, end)
    elif kind == "mark":
        name = _MARKS.get(text, "stop")
        if name:
            yield Token(name, text, start, end)
    elif kind in {"zone", "other"}:
        yield Token(kind, text, start, end)
    elif kind == "number":
        yield _number(low, start, end, words)
    elif kind == "clock":
        yield Token(kind, (*_hour_and_minute(text), 12 if "p" in text else 0), start, end)
    elif kind == "dotted" and not words.dotted_days and text.endswith("."):  # "10.10." is an hour at a sentence's end
        yield Token("hmd" if text[-4:-3] == "." else "other", tuple(map(int, _DIGITS.findall(text))), start, end - 1)
    else:
        yield Token(kind, tuple(map(int, _DIGITS.findall(text))), start, end)


def _hour_and_minute(text: str) -> tuple[int, int]:
    hour, *minute = _DIGITS.findall(text)
    if not minute and len(hour) > 2:  # "330pm"
        hour, minute = hour[:-2], [hour[-2:]]
    return int(hour), int(minute[0]) if minute else 0


def _number(low: str, start: int, end: int, words: TimeWords) -> Token:
    """Return the token of a number: a year, a clock time in four digits, a day as in "3.", or a number."""
    text = low[start:end]
    if words.dotted_days and text.isdigit() and len(text) <= 2 and low[end : end + 1] == ".":
        return Token("ord", (int(text),), start, end + 1)
    if len(text) == 4 and text.isdigit():
        kind = "year_number" if text[:2] in {"19", "20"} else "hhmm" if text < "2400" and text[2] < "6" else "other"
        return Token(kind, int(text), start, end)
    if text.isdigit() and len(text) <= 3:
        return Token("num", int(text), start, end)
    return (
        Token("num", float(text.replace(",", ".")), start, end)
        if re.fullmatch(r"\d{1,3}[.,]\d", text)
        else Token("other", text, start, end)
    )


def _without_glued(low: str, tokens: list[Token]) -> list[Token]:
    """Return the tokens; a number in one with letters that are no unit ("A4", "10k"), or after a slash or a dot, is none."""
    for place, token in enumerate(tokens):
        if not low[token.start].isdigit():
            continue
        before, after = low[max(0, token.start - 2) : token.start], low[token.end : token.end + 1]
        glued = after.isalnum() and not (place + 1 < len(tokens) and tokens[place + 1].kind in _GLUED)
        joined = before[-1:].isalpha() and tokens[place - 1].kind != "cw"
        if glued or joined or after == "_" or _PARTED.search(before):
            tokens[place] = token._replace(kind="other")
    return tokens

"""The days, hours and parts of a day that a sentence mentions, one by one, where it may propose a time: "Thurs or Fri, 10 or 11.30".

The grammar of time phrases is careful with bare numbers, as most in mail are no hours. Where times are proposed more of them are: a
number is an hour, or a day of the month, where its neighbours on both sides say so. One that may be an hour and cannot be read makes
the sentence doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import takewhile

from daemon.reading.languages.proposal_words import SMALL_WORDS
from daemon.reading.languages.time_words import TimeWords
from daemon.reading.times.calendar_days import DAY
from daemon.reading.times.clock_times import ClockTime, clock_time, span
from daemon.reading.times.day_phrases import RESOLVERS, DayPhrase
from daemon.reading.times.time_pieces import Piece, taken_apart
from daemon.reading.times.tokens import Token, tokens_of
from daemon.reading.values import TimeContext

_BOUNDS = {"after": "from", "from": "from", "until": "until", "before": "until", "by": "by"}
_PREFIXES = frozenset("at about the of on in upto by before after from until unto between".split())
_BEFORE_HOURS = frozenset("at about after before from until between by".split())
_BEFORE_DAYS = frozenset("the on by from".split())
_ENDING = frozenset("stop comma shut open dash zone ish filler near weekday month h".split())
_RANGES = frozenset("dash to until unto".split())
_LISTED = frozenset("or and comma over_line open".split())
_TRANSPARENT = frozenset("at on in of the from about until before after between our filler this comma open shut by or and over_line year_number h".split())
_DAY_KINDS = frozenset("weekday near ord month".split())
_HOUR_KINDS = frozenset("num numeral hmd hhmm hm".split())
_WHOSE_TIME = frozenset(("your time", "my time", "our time", "ihrer zeit", "deiner zeit"))
_NO_ZONE = frozenset("ok am pm uhr and or on at asap tbc tbd my eta".upper().split())
_CAPITALS = re.compile(r"\s*\(?([A-Z]{2,4})\b")
_GONE_BY = re.compile(r"\b(?:last|past|previous|yesterday|every|letzte\w*|vergangene\w*|vorige\w*|gestern|jede\w*|since|seit)(?: week| woche)?(?: on| am)?\W*$")
_UNREAD = re.compile(  # times that are told by others
    r"\b(?:(?:before|until|till?|after|by) (?:that|then|it)|(?:following|next) day|following week|(?:weekend|wochenende) (?:of|vom)|(?:folgenden?|darauffolgenden?) woche|(?:day|week) after(?! (?:next|tomorrow|lunch))|thereafter|"
    r"(?:tag|woche) (?:darauf|danach|später|davor)|(?:am|folgenden?|nächsten|selben) tag darauf|(?:folgenden|nächsten|darauffolgenden) tag)\b"
)
_NO_DAYS = frozenset(("feast", "named_month", "period", "quarter"))  # too wide to be proposed
_MEAL = re.compile(r"\b(?:breakfast|dinner|supper|drinks|frühstück|abendessen|spätnachmittag|frühabend)\b")
_SHORT, _MOST_WORDS = 60, 6  # characters and words of a sentence that only names a zone
_NO_PART = re.compile(r"\b(?:zu|too|side of|good|great|lovely|nice|guten?|schönen?)\W*$")  # "too early", "good morning"
_RELATIVE = frozenset(("rel", "unit", "after_next"))


@dataclass(frozen=True, slots=True)
class Mention:
    """A day, an hour or a part of a day: its place in the sentence, and what it means.

    Days are from `first` to `last`, or these two where the words leave a choice. `bound` says that an hour begins a span (from), ends
    one (until) or is a deadline (by).
    """

    kind: str  # day | clock | part
    place: int  # of its first token
    after: int
    start: int
    end: int
    first: date = date.min
    last: date = date.min
    grain: str = ""  # of days: day | week | month
    is_choice: bool = False
    is_bare: bool = False  # a weekday alone
    clock: ClockTime | None = None
    part: str = ""
    zone: str = ""
    bound: str = ""

    def later(self, days: timedelta) -> Mention:
        """Return the same days so much later."""
        return replace(self, first=self.first + days, last=self.last + days)


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a sentence mentions, in order: the tokens between, the zone that stands apart from an hour, and whether anything is in doubt."""

    line: str
    tokens: Sequence[Token]
    all: Sequence[Mention]
    zone: str = ""
    doubtful: bool = False

    def gap(self, one: Mention, other: Mention) -> str:
        """Return how two that follow each other are joined: tight | comma | or | far."""
        between = self.tokens[one.after : other.place]
        if any(t.kind not in _TRANSPARENT and self.line[t.start : t.end] not in SMALL_WORDS["beside"] for t in between) or self._stops(one, other):
            return "far"
        kinds = {t.kind for t in between}
        return "or" if kinds & {"or", "and", "over_line"} else "comma" if kinds & {"comma", "open"} else "tight"

    def _stops(self, one: Mention, other: Mention) -> bool:
        return one.kind == other.kind == "day" and self.line[one.end - 1] == "." and other.place == one.after


def mentions(text: str, written: datetime, context: TimeContext, words: TimeWords, *, moves: bool) -> Mentions:
    """Return what a sentence mentions, `written` on the clock of its writer; `moves` says that it is about moving a meeting."""
    line = text.lower()
    apart = taken_apart(line, words)
    pieces = _with_numbers(line, apart.tokens, apart.pieces)
    found: list[Mention] = []
    doubtful = any(p.name == "feast" for p in pieces) and any(p.name == "weekday" for p in pieces)  # the Monday after Easter
    gone = -1  # where a time ends that has been
    for piece in sorted(pieces, key=lambda p: p.first):
        if gone >= 0 and piece.kind != "day" and all(t.kind in _TRANSPARENT for t in apart.tokens[gone : piece.first]):
            continue
        gone = piece.after if _GONE_BY.search(line[: piece.start]) else -1
        mention = _mention(piece, line, apart.tokens, DayPhrase(piece.groups, written, words, context), moves=moves)
        if mention is not None:
            found.append(mention)
        doubtful = doubtful or (mention is None and piece.kind in {"day", "clock"} and piece.name not in _NO_DAYS and gone < 0)
    joined = _joined(line, apart.tokens, found, moves=moves)
    zones = set(_zones_apart(apart.tokens, joined))
    doubtful = doubtful or len(zones) > 1 or _UNREAD.search(line) is not None or (_MEAL.search(line) is not None and not any(m.clock for m in found)) or _unread(text, apart.tokens, joined)
    return Mentions(line, apart.tokens, joined, min(zones, default=""), doubtful)


def zone_alone(text: str, words: TimeWords) -> str:
    """Return the zone that a short sentence names and hardly anything else: "All times Eastern."; "" where it is none."""
    tokens = tokens_of(text.lower(), words) if len(text) <= _SHORT else []
    zones = [str(t.value) for t in tokens if t.kind == "zone"]
    return zones[0] if len(zones) == 1 and not any(c.isdigit() for c in text) and len(tokens) <= _MOST_WORDS else ""


def _zones_apart(tokens: Sequence[Token], found: Sequence[Mention]) -> Iterator[str]:
    """Yield the zones that stand right after a time without being part of it, or at the end: "10 tomorrow ET", "(all times ET)"."""
    ends = {m.after for m in found}
    inside = {place for m in found for place in range(m.place, m.after)}
    for place, token in enumerate(tokens):
        last = all(t.kind in {"shut", "stop"} for t in tokens[place + 1 :])
        if token.kind == "zone" and place not in inside and (place in ends or last):
            yield str(token.value)


def _mention(piece: Piece, line: str, tokens: Sequence[Token], phrase: DayPhrase, *, moves: bool) -> Mention | None:
    """Return what a piece of the grammar mentions; None for a span from now on, and for what has been or comes again and again."""
    lead = next(at for at in range(piece.first, piece.after) if tokens[at].kind not in {"about", "for"} or at == piece.after - 1)
    place, start = piece.first, tokens[lead].start  # "are you around at 10"
    if _GONE_BY.search(line[:start]) or piece.name == "feast":
        return None
    blank = Mention(piece.kind, place, piece.after, start, piece.end, bound=_bound(line, tokens, piece))
    if piece.kind == "day":
        days = RESOLVERS[piece.name](phrase)
        if not moves and not blank.bound and place and tokens[place - 1].kind in {"to", "unto"}:
            blank = replace(blank, bound="until")
        if days is None or days.grain == "month":
            return None
        kinds = {t.kind for t in tokens[place : piece.after]}
        choice = days.first != days.last and days.grain == "day" and bool(kinds & {"or", "and", "over_line"})
        bare = piece.name == "weekday" and not any(piece.groups.get(name) for name in _RELATIVE)
        return replace(blank, first=days.first, last=days.last, grain=days.grain, is_choice=choice, is_bare=bare)
    if piece.kind == "clock":
        clock, zone = clock_time(piece.name, piece.groups), piece.groups.get("zone")
        if clock is None:
            return None
        if moves and clock.begins and any(t.kind == "to" for t in tokens[place : piece.after]):
            clock = clock._replace(begins=None)  # from 2 to 3 is no span
            place = max(at for at in range(place, piece.after) if tokens[at].kind == "to") + 1
            blank = replace(blank, place=place, start=tokens[place].start, bound="")
        return replace(blank, clock=clock, zone=str(zone.value) if zone else "", bound="" if clock.begins else blank.bound)
    token = piece.groups.get("part") or piece.groups.get("half_day")
    if piece.kind != "part" or token is None or _NO_PART.search(line[:start]) or (piece.name == "half_day" and piece.after - place == 1 and line[piece.end - 2 :][:2] == "am" and tokens[place - 1].kind not in _DAY_KINDS):
        return None
    return replace(blank, part={"a": "morning", "p": "afternoon"}.get(str(token.value), str(token.value)))


def _bound(line: str, tokens: Sequence[Token], piece: Piece) -> str:
    """Return how a time is bounded by the small words with which it begins, or that stand before it, or by "onwards" after it."""
    place = piece.first
    while place < piece.after - 1 and tokens[place].kind in _PREFIXES:
        place += 1
    while place and tokens[place - 1].kind in _PREFIXES:
        place -= 1
        bound = "until" if line.startswith("bis", tokens[place].start) else "" if line.endswith("apart ", 0, tokens[place].start) else _BOUNDS.get(tokens[place].kind, "")
        if bound and not (bound == "by" and tokens[place + 1].kind == "at"):  # "come by at 10"
            return bound
    words = [line[t.start : t.end] for t in tokens[piece.after : piece.after + 2]]
    return "from" if words[:1] and (words[0] in {"onwards", "onward"} or words in (["or", "later"], ["or", "after"])) else ""


# numbers


def _with_numbers(line: str, tokens: Sequence[Token], pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with those numbers added that their neighbours make hours or days of the month."""
    found = list(pieces)
    for _ in range(3):  # an hour makes one of its neighbour: 2, 3 or 4 pm
        taken = {place: p for p in found for place in range(p.first, p.after)}
        more = [p for place, t in enumerate(tokens) if place not in taken for p in _number(line, tokens, place, taken)]
        if not more:
            break
        found += more
    return found


def _number(line: str, tokens: Sequence[Token], place: int, taken: dict[int, Piece]) -> Iterator[Piece]:
    token = tokens[place]
    kind = "day" if token.kind == "ord" else "clock"
    if token.kind == "num" and isinstance(token.value, int) and token.value >= 100:
        token = token._replace(kind="hhmm")
    if kind == "clock" and any(t.kind == "ord" for t in takewhile(lambda t: t.kind in _LISTED | {"num", "ord"}, tokens[place + 1 :])):
        return  # 16, 17 or 18th
    if (token.kind not in _HOUR_KINDS and kind != "day") or not _goes_on(line, tokens, place + 1, taken):
        return
    if not _leads(line, tokens, place, kind, taken):
        return
    groups: dict[str, Token | None] = {"day" if kind == "day" else "t": token}
    month = next((p.groups["month"] for at, p in sorted(taken.items()) if at > place and p.groups.get("month")), None)
    if kind == "day" and month is not None:
        groups["month"] = month
    name = "bare" if kind == "clock" else "date" if month else "ordinal"
    if kind == "clock" and clock_time(name, groups) is None:
        return
    yield Piece(kind, name, groups, place, place + 1, token.start, token.end)


def _goes_on(line: str, tokens: Sequence[Token], place: int, taken: dict[int, Piece]) -> bool:
    """Tell whether what follows a number lets it be an hour or a day: no unit and no thing that it counts."""
    if place >= len(tokens):
        return True
    token = tokens[place]
    word = line[token.start : token.end]
    if place in taken:
        return taken[place].kind != "offset"
    if token.kind == "dash":
        return place + 1 in taken or (place + 1 < len(tokens) and tokens[place + 1].kind in _HOUR_KINDS)
    return (token.kind in _ENDING and word not in "%#&+*=") or word in SMALL_WORDS["after"]


def _leads(line: str, tokens: Sequence[Token], place: int, kind: str, taken: dict[int, Piece]) -> bool:
    """Tell whether what stands before a number, or a verb after it, makes an hour or a day of it, or another one beside it."""
    if _listed_after(tokens, place, kind, taken):
        return True
    following = line[tokens[place + 1].start : tokens[place + 1].end] if place + 1 < len(tokens) else ""
    if kind == "clock" and ((following in SMALL_WORDS["verbs"] and tokens[place].kind != "numeral") or (place == 0 and (1 in taken or following in _WHOSE_TIME))):
        return True
    if place == 0:
        return False
    before = tokens[place - 1]
    word = line[before.start : before.end]
    if kind == "day":
        led = before.kind in _BEFORE_DAYS or word in SMALL_WORDS["days"]
    else:
        led = before.kind in _BEFORE_HOURS or word in SMALL_WORDS["before"] or (place - 1 in taken and taken[place - 1].kind == "day")
    beside = next((at for at in range(place - 1, max(-1, place - 4), -1) if tokens[at].kind not in _LISTED | _RANGES | {"shut"}), place)
    near = taken.get(beside) if beside < place - 1 else None
    led = led or (kind == "clock" and place == 1 and before.kind in {"or", "and"})
    return led or (near is not None and near.kind in {"day", kind} and (near.kind == kind or before.kind != "dash"))


def _listed_after(tokens: Sequence[Token], place: int, kind: str, taken: dict[int, Piece]) -> bool:
    """Tell whether another hour or day follows that a number is listed with: 2 or 3 pm."""
    following = next((at for at in range(place + 1, min(place + 4, len(tokens))) if tokens[at].kind not in _LISTED | _RANGES | {"at", "the"}), None)
    listed = following is not None and any(t.kind in _LISTED | _RANGES for t in tokens[place + 1 : following])
    return listed and following in taken and taken[following].kind == kind


def _unread(text: str, tokens: Sequence[Token], found: Sequence[Mention]) -> bool:
    """Tell whether a zone or a number beside a time is not understood."""
    for m in found:
        capitals = _CAPITALS.match(text, m.end)
        if m.kind == "clock" and capitals and not text.isupper() and capitals[1] not in _NO_ZONE and not any(t.kind == "zone" and t.start <= capitals.start(1) < t.end for t in tokens):
            return True
    taken = {place: m for m in found for place in range(m.place, m.after)}
    if any(m.clock and not m.clock.begins and any(t.kind == "between" for t in tokens[max(0, m.place - 1) : m.after]) for m in found):
        return True  # between 2 and what?
    for place, token in enumerate(tokens):
        if token.kind in _HOUR_KINDS and place and place not in taken:
            before = tokens[place - 1].kind
            beside = taken.get(place - 2)
            if before == "at" or (place - 1 in taken and taken[place - 1].kind == "day") or (before in _RANGES | {"or", "over_line"} and beside is not None and beside.kind == "clock"):
                return True
    return False


# joined to one


def _joined(line: str, tokens: Sequence[Token], found: Sequence[Mention], *, moves: bool) -> list[Mention]:
    """Return the mentions; two hours of a span, and a day told twice, are one."""
    joined: list[Mention] = []
    for m in found:
        last = joined[-1] if joined else None
        if last and m.kind == "clock" and [t.kind for t in tokens[last.after : m.place]] == ["open"] and any(j.clock for j in joined):
            continue  # "4 pm CET (3 pm for you)"
        one = (_span(tokens, last, m, moves=moves) or _same_day(tokens, last, m)) if last else None
        joined[-1:] = [one] if one and last else [*joined[-1:], m]
    return joined


def _span(tokens: Sequence[Token], one: Mention, other: Mention, *, moves: bool) -> Mention | None:
    """Return a span of two hours: from 9 to noon, 2 till 3.30, 9am - 12 noon."""
    between = [t.kind for t in tokens[one.after : other.place] if t.kind not in {"at", "about"}]
    between = between or [t.kind for t in tokens[other.place : other.after] if t.kind in _RANGES][:1]
    ends = other.clock if other.kind == "clock" else clock_time("bare", {"t": Token("num", 12, 0, 0)}) if other.part == "noon" else None
    led = {t.kind for t in tokens[max(0, one.place - 1) : one.after]} & {"between", "from"}
    if one.clock is None or one.clock.begins or ends is None or ends.begins or len(between) != 1:
        return None
    if not (between[0] in _RANGES or (between[0] == "and" and "between" in led)) or (moves and between[0] == "to"):
        return None
    clock = span(one.clock, ends)
    return replace(one, after=other.after, end=other.end, clock=clock, zone=other.zone or one.zone, bound="") if clock else None


def _same_day(tokens: Sequence[Token], one: Mention, other: Mention) -> Mention | None:
    """Return a day that is told twice, as a weekday and a date beside it: "Wed (11th)", "tomorrow, Wednesday"."""
    between = {t.kind for t in tokens[one.after : other.place]}
    if one.kind != "day" or other.kind != "day" or one.grain != "day" or other.first != other.last or one.first != one.last or between - {"comma", "open", "the", "of", "on"}:
        return None
    if one.first.weekday() != other.first.weekday() or (one.is_bare and other.is_bare) or (one.first != other.first and not one.is_bare and not other.is_bare and "comma" not in between and "open" not in between):
        return None
    date_told = one if other.is_bare else other
    return replace(date_told, place=one.place, start=one.start, after=other.after, end=other.end, bound=one.bound)

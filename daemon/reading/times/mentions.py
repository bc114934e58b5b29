"""The days, hours and parts of a day that a sentence mentions, one by one, where it may propose a time: "Thurs or Fri, 10 or 11.30".

They are the pieces of the grammar of time phrases, of which due times are made, too, with the bare numbers that their neighbours make
hours. A time may be told by the one before it: "an hour later", "the following day". What may be a time and is not read makes the
sentence doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from daemon.reading.languages.proposal_words import SMALL_WORDS
from daemon.reading.languages.time_words import TimeWords
from daemon.reading.times.bare_numbers import CHOICE, HOURS, LISTED, RANGES, Line, with_numbers
from daemon.reading.times.clock_times import ClockTime, clock_time, shifted, span
from daemon.reading.times.day_phrases import RESOLVERS, DayPhrase
from daemon.reading.times.time_pieces import Piece, part_named, taken_apart
from daemon.reading.times.tokens import tokens_of
from daemon.reading.times.zones import is_own
from daemon.reading.values import TimeContext

_BOUNDS = {"after": "from", "from": "from", "until": "until", "before": "until", "by": "by", "upto": "until"}
_PREFIXES = frozenset("at about the of on in upto by before after from until unto between".split())
_TRANSPARENT = _PREFIXES - {"upto", "unto"} | LISTED | frozenset("our filler this shut year_number h".split())
_NOON = ClockTime(time(12), certain=True)
_NO_ZONE = frozenset("OK AM PM UHR AND OR ON AT ASAP TBC TBD MY ETA".split())
_PLACE = re.compile(r"\s*\((?!\w* ?time)[^\W\d]+\)")  # 3 pm (Paris)
_CAPITALS = re.compile(r"\s*\(?([A-Z]{2,4})\b")
_GONE_BY = re.compile(
    r"\b(?:last|past|previous|yesterday|every|letzte\w*|vergangene\w*|vorige\w*|gestern|jede\w*|since|seit)(?: week| woche)?(?: on| am)?\W*$"
)
_ANY = re.compile(r"\b(?:a|any|some|einen|einem|irgendeine\w*)\W*$")  # "a Thursday"
_NO_PART = re.compile(r"\b(?:zu|too|side of|good|great|lovely|nice|guten?|schönen?)\W*$")  # "too early", "good morning"
_UNREAD = re.compile(  # times that are told by other times
    r"\b(?:(?:before|until|till?|after|by) (?:that|then|it)|(?:following|next) day|following week|(?:weekend|wochenende) (?:of|vom)|"
    r"(?:day|week) after(?! (?:next|tomorrow|lunch))|thereafter|(?:tag|woche) (?:darauf|danach|später|davor)|"
    r"same (?:times?|slots?|hours?|weekday|day (?:next|in|of))|(?:gleichen?|selben?) (?:zeit|zeiten|(?:wochen)?tag (?:nächste|in|der))|vortag|"
    r"(?:folgenden?|nächsten|darauffolgenden?) (?:tag|woche darauf)|(?:folgende|darauffolgende)n? woche)\b"
)
_BOTH_CLOCKS = re.compile(
    r"\b(?:our|my) time\b.*\byours?\b|\byour time\b.*\b(?:our|my) time\b|\b(?:ihrer|unserer) zeit\b.*\b(?:unserer|ihrer) zeit\b"
)
_MEAL = re.compile(r"\b(?:breakfast|dinner|supper|drinks|frühstück|abendessen|spätnachmittag|frühabend)\b")
_FOLLOWING = ("follow", "folg", "darauffolg")
_UNSAID_PARTS = frozenset(("early", "close"))  # how much of the day is offered by "early Thursday", nobody knows
_TOO_WIDE = frozenset(("feast", "named_month", "period", "quarter"))
_NEAR = 2  # tokens between a time and a number that may belong to it
_UNITS = frozenset("minute hour hours h day days week weeks month month_unit months year".split())
_SHORT, _MOST_WORDS = 60, 6  # characters and words of a sentence that only names a zone


@dataclass(frozen=True, slots=True)
class Mention:
    """A day, an hour or a part of a day: its place in the sentence, and what it means.

    Days are from `first` to `last`, or these two where the words leave a choice. `bound` says that it begins a span (from), ends one
    (until) or is a deadline (by).
    """

    kind: str  # day | clock | part
    place: int  # of its first token
    after: int
    start: int
    end: int
    bound: str = ""
    first: date = date.min
    last: date = date.min
    grain: str = ""  # of days: day | week
    is_choice: bool = False
    is_bare: bool = False  # a weekday alone
    clock: ClockTime | None = None
    zone: str = ""
    part: str = ""
    told: DayPhrase | None = None  # how it is told by the time before it: "an hour later", "the following day"

    @property
    def names_hour(self) -> bool:
        """Whether others may be told by it: an hour, or noon."""
        return self.clock is not None or self.part == "noon"

    def later(self, days: timedelta) -> Mention:
        """Return the same days so much later."""
        return replace(self, first=self.first + days, last=self.last + days)

    def to(self, other: Mention) -> Mention:
        """Return it as it goes on to the end of another."""
        return replace(self, after=other.after, end=other.end)


@dataclass(frozen=True, slots=True)
class Mentions(Line):
    """What a sentence mentions, in order, with its tokens; the zone that stands apart from an hour, and whether anything is in doubt."""

    written: datetime
    all: Sequence[Mention] = ()
    zone: str = ""
    doubtful: bool = False

    def gap(self, one: Mention, other: Mention) -> str:
        """Return how two that follow each other are joined: tight | comma | or | far."""
        kinds = self.kinds(one.after, other.place)
        told = all(k in _TRANSPARENT or self.word(at) in SMALL_WORDS["beside"] for at, k in enumerate(kinds, one.after))
        if not told or (not kinds and one.kind == other.kind and self.line[one.end - 1] == "."):
            return "far"
        return "or" if CHOICE.intersection(kinds) else "comma" if {"comma", "open"}.intersection(kinds) else "tight"


def mentions(
    text: str, written: datetime, context: TimeContext, words: TimeWords, *, moves: bool, hour: Mention | None = None
) -> Mentions:
    """Return what a sentence mentions, `written` on the clock of its writer.

    `moves` says that it is about moving a meeting, `hour` is the hour that was named last before it.
    """
    apart = taken_apart(text.lower(), words)
    bare = Mentions(text.lower(), apart.tokens, written)
    found: list[Mention] = []
    pieces = sorted(with_numbers(bare, apart.pieces), key=lambda p: p.first)
    if not pieces:  # most sentences
        return bare
    doubtful = {"feast", "weekday"} <= {p.name for p in pieces}  # the Monday after Easter
    for piece, floor in _still_ahead(bare, pieces):
        phrase = DayPhrase(piece.groups, written, words, context)
        named = _mention(piece, bare, phrase, floor, moves=moves)
        if named and named.kind == "clock" and named.told:
            part = next((m.part for m in reversed(found) if m.part and not m.names_hour), None)
            named = _hour_told(named, phrase, next((m for m in reversed(found) if m.names_hour), hour), part)
            if named is None and any(p.kind == "clock" and p.first > piece.first for p in pieces):
                continue  # "an hour later, at 3"
        found += [named] if named else []
        doubtful = doubtful or (named is None and piece.kind in {"day", "clock"} and piece.name not in _TOO_WIDE)
    joined = replace(bare, all=_joined(bare, found, moves=moves))
    zones = set(_zones_apart(joined))
    doubtful = doubtful or len(zones) > 1 or _is_unread(text, joined, [m for m in found if m.told])
    return replace(joined, zone=min(zones, default=""), doubtful=doubtful)


def _still_ahead(text: Mentions, pieces: Sequence[Piece]) -> Iterator[tuple[Piece, int]]:
    """Yield the pieces but those of a time that has been, or is any: "last Monday at 10"; each with the place after the one before it."""
    gone, floor = -1, 0
    for piece in pieces:
        if gone >= 0 and piece.kind != "day" and _TRANSPARENT.issuperset(text.kinds(gone, piece.first)):
            continue
        any_day = piece.name == "weekday" and _ANY.search(text.line[: piece.start])
        gone = piece.after if any_day or _GONE_BY.search(text.line[: piece.start]) else -1
        if gone < 0:
            yield piece, floor
        floor = piece.after


def zone_alone(text: str, words: TimeWords) -> str:
    """Return the zone that a short sentence names and hardly anything else: "All times Eastern."; "" where it is none."""
    tokens = tokens_of(text.lower(), words) if len(text) <= _SHORT and not any(c.isdigit() for c in text) else []
    zones = [str(t.value) for t in tokens if t.kind == "zone"]
    return zones[0] if len(zones) == 1 and len(tokens) <= _MOST_WORDS else ""


def _zones_apart(found: Mentions) -> Iterator[str]:
    """Yield the zones that stand right after a time without being part of it, or at the end: "10 tomorrow ET", "(all times ET)"."""
    ends, inside = {m.after for m in found.all}, {place for m in found.all for place in range(m.place, m.after)}
    for place, token in enumerate(found.tokens):
        last = {"shut", "stop"}.issuperset(found.kinds(place + 1, len(found.tokens)))
        if token.kind == "zone" and place not in inside and (place in ends or last):
            yield str(token.value)


# what a piece means


def _mention(piece: Piece, text: Mentions, phrase: DayPhrase, floor: int, *, moves: bool) -> Mention | None:
    """Return what a piece of the grammar mentions; None for a span from now on, and for what is too wide to be proposed."""
    lead = next((at for at in range(piece.first, piece.after) if text.tokens[at].kind not in {"about", "for"}), piece.first)
    start = text.tokens[lead].start  # "are you around at 10"
    blank = Mention(piece.kind, piece.first, piece.after, start, piece.end, _bound(piece, text, floor, moves=moves))
    if piece.kind == "day":
        return _day(piece, blank, phrase, text)
    if piece.kind == "clock":
        return replace(blank, told=phrase) if piece.name == "told" else _clock(piece, blank, text, moves=moves)
    alone = piece.name == "half_day" and piece.after - piece.first == 1  # "I am", not "tomorrow am"
    if (
        piece.kind != "part"
        or piece.name in _UNSAID_PARTS
        or _NO_PART.search(text.line[:start])
        or (alone and not _ends_day(text, piece.first))
    ):
        return None
    return replace(blank, part=part_named(piece))


def _ends_day(text: Mentions, place: int) -> bool:
    return text.word(place) != "am" or bool({"weekday", "near", "ord", "month"}.intersection(text.kinds(place - 1, place)))


def _hour_told(blank: Mention, phrase: DayPhrase, other: Mention | None, part: str | None) -> Mention | None:
    """Return an hour that is told by another: an hour later, at the same time; None where nobody knows by which."""
    told_by = None if other is None else _NOON if other.part == "noon" else other.clock
    if other is None or told_by is None or other.bound or phrase.kind("n") == "few":
        return None
    count = float(getattr(phrase.groups.get("half") or phrase.groups.get("n"), "value", 1))
    minutes = phrase.number("shift") * count * (1 if phrase.kind("unit") == "minute" else 60)
    clock = shifted(told_by, int(minutes), part, phrase.context)
    return replace(blank, clock=clock, zone=other.zone) if clock else None


def _day(piece: Piece, blank: Mention, phrase: DayPhrase, text: Mentions) -> Mention | None:
    if piece.name == "told":
        return replace(blank, grain="told", told=phrase)
    days = RESOLVERS[piece.name](phrase) if piece.name != "feast" else None
    if days is None or days.grain == "month":
        return None
    choice = days.first != days.last and days.grain == "day" and not CHOICE.isdisjoint(text.kinds(piece.first, piece.after))
    bare = piece.name == "weekday" and not any(piece.groups.get(name) for name in ("rel", "unit", "after_next"))
    rel = piece.groups.get("rel")
    told = phrase if piece.name == "weekday" and rel and str(rel.value).startswith(_FOLLOWING) else None
    return replace(blank, first=days.first, last=days.last, grain=days.grain, is_choice=choice, is_bare=bare, told=told)


def _clock(piece: Piece, blank: Mention, text: Mentions, *, moves: bool) -> Mention | None:
    clock, zone = clock_time(piece.name, piece.groups), piece.groups.get("zone")
    if clock is not None and clock.begins:
        blank = replace(blank, bound="")
        to = [at for at in range(piece.first, piece.after) if text.tokens[at].kind == "to"]
        if moves and to:  # from 2 to 3 is no span
            clock, blank = clock._replace(begins=None), replace(blank, start=text.tokens[to[-1] + 1].start)
    return replace(blank, clock=clock, zone=str(zone.value) if zone else "") if clock else None


def _bound(piece: Piece, text: Mentions, floor: int, *, moves: bool) -> str:
    """Return how a time is bounded by the small words with which it begins, or that stand before it, or by "onwards" after it.

    `floor` is the place after the piece before it, to which such words may belong: "the day after at 10".
    """
    if text.kinds(piece.after, piece.after + 1) == ["latest"]:
        return "by"
    place = piece.first
    while place < piece.after - 1 and text.tokens[place].kind in _PREFIXES:
        place += 1
    while place > floor and text.tokens[place - 1].kind in _PREFIXES:
        place -= 1
        bound = (
            "until"
            if text.word(place) == "bis"
            else "from"
            if text.word(place) == "vom" and piece.kind == "day"
            else _BOUNDS.get(text.tokens[place].kind, "")
        )
        if bound and text.word(place - 1) != "apart" and (bound, text.word(place + 1)) != ("by", "at"):  # "come by at 10"
            return bound
    if piece.kind == "day" and not moves and {"to", "unto"}.intersection(text.kinds(piece.first - 1, piece.first)):
        return "until"
    onwards = text.word(piece.after).startswith("onward") or (text.word(piece.after), text.word(piece.after + 1)) == (
        "or",
        "later",
    )
    return "from" if onwards else ""


# what is not understood


def _is_unread(text: str, found: Mentions, told: Sequence[Mention]) -> bool:
    """Tell whether a zone, a number beside a time, or a time that is told by another, but for those in `told`, is not understood."""
    clocks = [m for m in found.all if m.clock]
    spans = [range(m.start, m.end) for m in told]
    unread = (u for u in _UNREAD.finditer(found.line) if not any(u.start() in span or u.end() - 1 in span for span in spans))
    if any(unread) or (_MEAL.search(found.line) and not clocks):
        return True
    if len(clocks) > 1 and _BOTH_CLOCKS.search(found.line):  # "10 our time, 9 yours"
        return True
    near = {at for m in found.all for at in range(m.place - _NEAR, m.after + _NEAR)}
    near |= (
        {at + n for n in (1, 2) for at, kind in enumerate(found.kinds(0, len(found.tokens))) if kind == "at"}
        if found.all
        else set()
    )
    stray = near.difference(*(range(m.place, m.after) for m in found.all))
    return any(_ends_unread(text, m, found) for m in clocks) or any(_is_stray(found, at) for at in stray)


def _ends_unread(text: str, m: Mention, found: Mentions) -> bool:
    """Tell whether an hour has a zone, a place or the end of a span that is not understood: "5 pm IST", "3 pm (Paris)", "between 2"."""
    capitals = None if text.isupper() else _CAPITALS.match(text, m.end)
    zones = {t.start for t in found.tokens if t.kind == "zone"}
    half_a_span = m.clock is not None and not m.clock.begins and "between" in found.kinds(m.place - 1, m.after)
    unknown = capitals is not None and capitals[1] not in _NO_ZONE and capitals.start(1) not in zones
    if capitals is not None and is_own(capitals[1], found.written):
        unknown = False
    return half_a_span or unknown or _PLACE.match(found.line, m.end) is not None


def _is_stray(found: Mentions, place: int) -> bool:
    """Tell whether a token may be an hour: a number that counts nothing."""
    counts = (
        not _UNITS.isdisjoint(found.kinds(place + 1, place + 2))
        or found.word(place - 1) in {"than", "of", "option", "slot", "variante", "vorschlag"}
        or found.word(place - 1).isdigit()
    )
    return place >= 0 and not counts and not HOURS.isdisjoint(found.kinds(place, place + 1))


# two that are one


def _joined(text: Mentions, found: Sequence[Mention], *, moves: bool) -> list[Mention]:
    """Return the mentions; two hours of a span, and a day told twice, are one."""
    joined: list[Mention] = []
    for m in found:
        last = joined[-1] if joined else None
        if last and m.clock and text.kinds(last.after, m.place) == ["open"] and any(j.clock for j in joined):
            continue  # "4 pm CET (3 pm for you)"
        one = (_span(text, last, m, moves=moves) or _same_day(text, last, m)) if last else None
        joined[-1:] = [one] if one else [*joined[-1:], m]
    return joined


def _span(text: Mentions, one: Mention, other: Mention, *, moves: bool) -> Mention | None:
    """Return a span of two hours: from 9 to noon, 2 till 3.30, 9am - 12 noon."""
    between = [k for k in text.kinds(one.after, other.place) if k not in {"at", "about"}]
    between = between or [k for k in text.kinds(other.place, other.after) if k in RANGES][:1]
    ends = _NOON if other.part == "noon" else other.clock
    if one.clock is None or one.clock.begins or ends is None or ends.begins or len(between) != 1 or (moves and between == ["to"]):
        return None
    if between[0] not in RANGES and not (between == ["and"] and "between" in text.kinds(one.place - 1, one.after)):
        return None
    clock = span(one.clock, ends)
    return replace(one.to(other), clock=clock, zone=other.zone or one.zone, bound="") if clock else None


def _same_day(text: Mentions, one: Mention, other: Mention) -> Mention | None:
    """Return a day that is told twice, as a weekday and a date beside it: "Wed (11th)", "tomorrow, Wednesday"."""
    between = set(text.kinds(one.after, other.place))
    beside = one.kind == other.kind == "day" and not between - {"comma", "open", "the", "of", "on"}
    if (
        not beside
        or one.grain not in {"day", "told"}
        or one.first != one.last
        or other.first != other.last
        or (one.is_bare and other.is_bare)
    ):
        return None
    told_apart = one.first != other.first and not one.is_bare and not other.is_bare and not between & {"comma", "open"}
    if one.grain == "told" and not other.told:
        return replace(other, place=one.place, start=one.start)
    if one.first.weekday() != other.first.weekday() or told_apart:
        return None
    day = one if other.is_bare else other
    return replace(day.to(other), place=one.place, start=one.start, bound=one.bound)

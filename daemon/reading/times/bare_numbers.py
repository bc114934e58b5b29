"""The bare numbers of a sentence that are hours, or days of the month, where times are proposed: "Thurs or Fri, 10 or 11.30".

The grammar of time phrases is careful with them, as most in mail are no hours. Where times are proposed more of them are: a number is
an hour, or a day of the month, where its neighbours on both sides say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from daemon.reading.languages.proposal_words import SMALL_WORDS
from daemon.reading.times.clock_times import clock_time
from daemon.reading.times.time_pieces import Piece
from daemon.reading.times.tokens import Token

CHOICE = frozenset("or and over_line".split())
LISTED = CHOICE | {"comma", "open"}
RANGES = frozenset("dash to until unto".split())
_LEADS = {"clock": frozenset("at about after before from until between by".split()), "day": frozenset("the on by from".split())}
_ENDS = frozenset("stop comma shut open zone ish filler near weekday month h".split())  # after which a number may be an hour
HOURS = frozenset("num numeral hmd hhmm hm".split())
_NUMBERS = HOURS | {"ord"}
_OF_ITS_OWN = frozenset(("your time", "my time", "our time", "ihrer zeit", "deiner zeit"))
_Taken = Mapping[int, Piece]  # the piece that a token belongs to


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence in lower case, with its tokens."""

    line: str
    tokens: Sequence[Token]

    def word(self, place: int) -> str:
        """Return a token as it is written, "" beyond the sentence."""
        return self.line[self.tokens[place].start : self.tokens[place].end] if 0 <= place < len(self.tokens) else ""

    def kinds(self, start: int, end: int) -> list[str]:
        """Return the classes of some tokens."""
        return [t.kind for t in self.tokens[max(0, start) : end]]


def with_numbers(text: Line, pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces with those numbers added that their neighbours make hours or days of the month."""
    found = list(pieces)
    for _ in range(3):  # an hour makes one of its neighbour: 2, 3 or 4 pm
        taken = {place: p for p in found for place in range(p.first, p.after)}
        open_places = (place for place, token in enumerate(text.tokens) if token.kind in _NUMBERS and place not in taken)
        more = [p for place in open_places if (p := _number(text, place, taken)) is not None]
        if not more:
            break
        found += more
    return found


def _number(text: Line, place: int, taken: _Taken) -> Piece | None:
    """Return the hour or the day of the month that a number names."""
    token = text.tokens[place]
    ends = (
        text.line.endswith(".") and place == len(text.tokens) - 1 and not _LEADS["clock"].isdisjoint(text.kinds(place - 1, place))
    )
    kind = "clock" if token.kind in HOURS or (token.kind == "ord" and ends) else "day" if token.kind == "ord" else ""  # "ab 10."
    listed = takewhile(lambda t: t.kind in LISTED | {"num", "ord"}, text.tokens[place + 1 :])
    if not kind or (kind == "clock" and any(t.kind == "ord" for t in listed)):  # 16, 17 or 18th
        return None
    if not _may_end(text, place + 1, taken) or not _is_led(text, place, kind, taken):
        return None
    if token.kind == "num" and isinstance(token.value, int) and token.value >= 100:
        token = token._replace(kind="hhmm")
    month = next((p.groups["month"] for at, p in sorted(taken.items()) if at > place and p.groups.get("month")), None)
    groups, name = {"t": token}, "bare"
    if kind == "day":
        groups, name = ({"day": token, "month": month}, "date") if month else ({"day": token}, "ordinal")
    elif clock_time(name, groups) is None:
        return None
    return Piece(kind, name, groups, place, place + 1, token.start, token.end)


def _may_end(text: Line, place: int, taken: _Taken) -> bool:
    """Tell whether what follows a number lets it be an hour or a day: no unit and no thing that it counts."""
    kind, word = "".join(text.kinds(place, place + 1)), text.word(place)
    if place in taken:
        return taken[place].kind != "offset"
    if kind == "dash":
        return place + 1 in taken or not HOURS.isdisjoint(text.kinds(place + 1, place + 2))
    led = (
        text.kinds(place - 2, place - 1) == ["at"]
        and len(text.word(place - 1)) < 3
        and kind == "other"
        and word.isalpha()
        and word not in SMALL_WORDS["counted"]
    )
    return not kind or led or (kind in _ENDS and word not in "%#&+*=") or word in SMALL_WORDS["after"]


def _is_led(text: Line, place: int, kind: str, taken: _Taken) -> bool:
    """Tell whether what stands before a number, or a verb after it, makes an hour or a day of it, or another one beside it."""
    following, before = text.word(place + 1), "".join(text.kinds(place - 1, place)) if place else ""
    if _is_listed(text, place, kind, taken):
        return True
    if kind == "clock" and text.tokens[place].kind != "numeral" and following in SMALL_WORDS["verbs"]:
        return True
    if place == 0:
        return kind == "clock" and (1 in taken or following in _OF_ITS_OWN)
    said = (text.word(place - 2), text.word(place - 1)) == ("sagen", "wir") or text.word(place - 1) == "say"
    if (
        before in _LEADS[kind]
        or (kind == "clock" and said)
        or (text.tokens[place].kind != "numeral" and text.word(place - 1) in SMALL_WORDS["before" if kind == "clock" else "days"])
    ):
        return True
    if kind == "clock" and ((place == 1 and before in {"or", "and"}) or (place - 1 in taken and taken[place - 1].kind == "day")):
        return True
    beside = next(
        (at for at in range(place - 1, max(-1, place - 4), -1) if text.tokens[at].kind not in LISTED | RANGES | {"shut"}), place
    )
    near = taken.get(beside) if beside < place - 1 else None
    return near is not None and (near.kind == kind or (near.kind == "day" and before != "dash"))


def _is_listed(text: Line, place: int, kind: str, taken: _Taken) -> bool:
    """Tell whether another hour or day follows that a number is listed with: 2 or 3 pm."""
    between = list(takewhile(lambda k: k in LISTED | RANGES | {"at", "the"}, text.kinds(place + 1, place + 4)))
    other = taken.get(place + 1 + len(between))
    return not (LISTED | RANGES).isdisjoint(between) and other is not None and other.kind == kind

"""Times that somebody proposes for a call, a visit or a meeting: "would Thursday 12th at 10 work?", "2 or 3 pm your time?".

The grammar of due times finds the times; here it is told which of them are proposed, and which only reported ("we met at 10"),
refused ("Thursday won't work"), kept every week ("we open at 9") or about goods and papers ("the quote by Thursday"). What is in doubt
is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from daemon.reading.cuts.signature import with_signature
from daemon.reading.languages.detection import LANGUAGES, detect
from daemon.reading.languages.language import Language
from daemon.reading.languages.proposal_words import HALF_HOUR, HOUR, LENGTHS, SAID
from daemon.reading.sentences import split_sentences
from daemon.reading.times.placed_times import NamedTime, Writer, in_order, placed, window
from daemon.reading.times.written_out import written_out
from daemon.reading.times.zones import zone
from daemon.reading.values import ProposedTime, ReaderInput

MOST = 6  # times of one message
_LONGEST = 4000  # characters of a message that are looked at
_LONGEST_SENTENCE = 400  # characters of a sentence in which somebody proposes a time
_MOST_NAMED = 12  # times in it: more are a timetable
_SHORT = 8  # words of a text whose words for times tell its language
_WHOLE_DAY = timedelta(hours=7)
_FEW = 3  # words beside a time in a short question: "Lunch on Friday?"
_FILLERS = {"en": "then", "de": "bitte"}  # small words that the grammar knows to stand after a day
_MOVED_TO = re.compile(r".*\b(?:to|until|till|auf|for)\b(?=\W+(?:the |den |die |das |at |um |on |next |this )*(?:TIME))")
_BETWEEN_CLAUSES = re.compile(
    r"[,;:–—?!]|\.\s|\s-\s|\b(?:but|however|so|as|because|aber|jedoch|da|weil|denn|and(?= (?:i|we|you|he|she|they|it|there|then)\b)|und(?= (?:ich|wir|sie|er|es|dann)\b))\b"
)
_RATHER_THAN = re.compile(
    r"\b(?:rather than|instead of|not|than|statt|anstatt|anstelle von|nicht)\s+(?:on |the |am |dem |at |um )*$"
)
_SMALL = re.compile(
    r"TIME|\W+|\d+\.?|\b(?:your time|my time|our time|ihrer zeit|around|about|jeweils|each|both|gegen|gerne?|z\.? ?b|e\.?g|for example|for instance|"
    r"zum beispiel|etwa|all|day|whole|ganze[nr]?|tag|or|and|either|on|at|oder|und|entweder|am|um|also|instead|maybe|perhaps|then|any|time|between|uhr|h|bitte|vielleicht)\b"
)
_DEADLINE = re.compile(r"(?:by(?! at\b)|due|no later than|not later than|bis spätestens|spätestens)\b")
_ENDS = re.compile(r"(?:until|till?|before|bis|vor)\b")
_SAY = re.compile(r"\b(?:say|etwa|z\.? ?b\.?|for example|ideally|preferably|am besten|am liebsten)\W*$")
_RESTATED = re.compile(r"TIME\W*\((?=[^()]*$)")  # "4 pm CET (3 pm for you)"
_TALKS = re.compile(
    r"\b(?:speak|talk|chat|call|ring|phone|meet(?:ing)?|visit|review|discuss|catch up|telefon\w*|sprechen|besprech\w*|treffen|anrufen|termin)\b"
)


class Proposals(NamedTuple):
    """The times that a message proposes, in its order, and whether it refuses a time."""

    times: tuple[ProposedTime, ...] = ()
    refuses: bool = False


def proposed_times(message: ReaderInput, reader_zone: str, talked_of: date | None = None) -> Proposals:
    """Return the times that a message proposes to its reader, on whose clock "your time" is, as moments in UTC.

    `message.text` is the new text, `message.time_context` the writer's own hours. `talked_of` is the day that the two spoke of before.
    """
    text = message.text[:_LONGEST]
    language = _language(text)
    if language is None or language.code not in _FILLERS:
        return Proposals()
    writer = Writer(language.time_words, message.date, message.time_context)
    own = replace(message.time_context, time_zone=reader_zone)
    reader = Writer(language.time_words, message.date.astimezone(zone(reader_zone)), own)
    found, times = _Sentence((talked_of,) if talked_of else ()), dict[tuple[datetime, datetime | None], ProposedTime]()
    minutes = _length(text.lower())
    for sentence in split_sentences(text, with_signature(text, (), message.sender_name, message.sender)):
        line = " ".join(sentence.text.lower().replace("’", "'").split())
        if len(line) > _LONGEST_SENTENCE:
            continue
        found = _read(line, reader if SAID["yours"].search(line) else writer, _FILLERS[language.code], found)
        for proposed in found.times:
            times.setdefault((proposed.start, proposed.end), replace(proposed, quote=sentence.text, minutes=minutes))
    return Proposals(tuple(_narrowed(tuple(times.values())))[:MOST], found.refuses)


def _language(text: str) -> Language | None:
    """Return the language of a text; of a short one, and one without a common word, that of its words for times."""
    words = re.findall(r"[^\W\d_]{3,}", text.lower())
    known = detect(text)
    if known is not None and len(words) >= _SHORT:
        return known
    counts = [(len(language.time_words.telling.intersection(words)), language) for language in LANGUAGES]
    most, language = max(counts, key=lambda pair: pair[0])
    return language if most and [count for count, _ in counts].count(most) == 1 else known


def _narrowed(times: Sequence[ProposedTime]) -> Iterator[ProposedTime]:
    """Yield the times without the windows in which a narrower one is named, and the whole days of which hours are."""
    for wide in times:
        others = [t for t in times if t is not wide]
        if wide.end is None or not any(_narrows(t, wide.start, wide.end) for t in others):
            yield wide


def _narrows(time: ProposedTime, start: datetime, end: datetime) -> bool:
    """Tell whether a time lies in a window, "Friday morning, around 10.30", or on a day that is proposed as a whole."""
    last = time.end or time.start
    shorter = last - time.start < end - start
    same_day = _WHOLE_DAY <= end - start < 2 * _WHOLE_DAY and abs(time.start - start) < _WHOLE_DAY
    return shorter and (same_day or (start <= time.start and last <= end))


def _length(text: str) -> int:
    """Return how long it will take, in minutes, where that is said; 0 where it is not."""
    for pattern, minutes in LENGTHS:
        found = pattern.search(text)
        if found:
            return min(int(found[1]) * minutes, 8 * 60)
    return 30 if HALF_HOUR.search(text) else 60 if HOUR.search(text) else 0


@dataclass(frozen=True, slots=True)
class _Sentence:
    """What a sentence leaves to the next one: the days spoken of last, the times that it proposes, and whether any was refused so far.

    `goes_on` says that further times may follow without a word that proposes them, `stated` are times that were only named: "does that
    work?" proposes them. `refused` is the last day that is not to be, or what was proposed instead of it.
    """

    days: tuple[date, ...] = ()
    times: tuple[ProposedTime, ...] = ()
    refuses: bool = False
    goes_on: bool = False
    stated: tuple[NamedTime, ...] = ()
    refused: date | None = None


def _read(line: str, writer: Writer, filler: str, before: _Sentence) -> _Sentence:
    """Read one more sentence, in lower case."""
    moves = SAID["moves"].search(line) is not None
    line = written_out(line, moves=moves, filler=filler)
    named = writer.named(line)
    lists = line.endswith(":") and SAID["listed"].search(line) is not None
    if len(named) > _MOST_NAMED:
        return replace(before, times=(), goes_on=False, stated=())
    if not named:
        asked = before.stated if SAID["that_time"].match(line) else ()
        return replace(before, times=tuple(_windows(asked, writer)), goes_on=lists or bool(asked), stated=())
    stance = _stance(line, named, before)
    wanted = _moved(line, named, stance.wanted) if moves else stance.wanted
    days = _days_spoken_of(named, stance, before.days)
    today = not (moves or before.days or before.refuses or stance.refused)
    refused = _refused_day([n for n in named if _is_given_up(line, named, n, stance, wanted)], writer, before.refused)
    found = list(placed(line, wanted, writer, days, refused, may_be_today=today))
    if any(n.names_clock for n in named if n not in stance.refused) and not any(n.names_clock for n in found):
        found = []  # the hours fit no day that is named, and the days alone would be other times than are meant
    stated = placed(line, stance.stated, writer, (), refused, may_be_today=False)
    return _Sentence(
        tuple(dict.fromkeys(n.day for n in found)) or days,
        tuple(_windows(found, writer)),
        before.refuses or bool(stance.refused),
        goes_on=bool(found) or lists,
        stated=() if found else tuple(stated),
        refused=found[-1].day if refused and found else refused,
    )


def _windows(named: Sequence[NamedTime], writer: Writer) -> Iterator[ProposedTime]:
    yield from (proposed for n in named if (proposed := window(n, writer)) is not None)


class _Stance(NamedTuple):
    """How a sentence stands to the times in it."""

    wanted: list[NamedTime]
    refused: list[NamedTime]
    stated: list[NamedTime]  # neither, nor about another matter


def _stance(line: str, named: Sequence[NamedTime], before: _Sentence) -> _Stance:
    """Tell which times of a sentence are proposed, refused or only named.

    A clause proposes by its own words, or it only goes on with times where another one does.
    """
    masked = _masked(line, 0, len(line), named)
    goes_on = before.goes_on and (_few_words(masked, 0) or SAID["goes_on"].match(masked) is not None)
    asks = goes_on or SAID["proposes"].search(masked) is not None or _is_short_question(masked)
    stance = _Stance([], [], [])
    for place, n in enumerate(named):
        clause = _clause(line, named, n)
        if SAID["refuses"].search(clause) and not SAID["asks_back"].search(clause):
            stance.refused.append(n)
        elif (
            _is_another_matter(line, n, clause)
            or SAID["regular"].match(line)
            or _RESTATED.search(_masked(line, 0, n.start, named[:place]))
        ):
            continue
        elif asks and (goes_on or _few_words(clause, 0) or _is_short_question(masked) or SAID["proposes"].search(clause)):
            (stance.stated if _is_narrowed(line, n, named[place + 1 :]) else stance.wanted).append(n)
        else:
            stance.stated.append(n)
    if stance.stated and not stance.wanted and any(SAID["that_time"].match(c.strip()) for c in _BETWEEN_CLAUSES.split(line)):
        return stance._replace(wanted=stance.stated, stated=[])
    return stance


def _is_narrowed(line: str, n: NamedTime, later: Sequence[NamedTime]) -> bool:
    """Tell whether a part of a day is only the wider span of an hour that is named after it."""
    return n.due.grain != "minute" and n.names_clock and any(_SAY.search(line[: other.start]) for other in later)


def _is_short_question(masked: str) -> bool:
    return masked.endswith("?") and _few_words(masked, _FEW)


def _few_words(masked: str, most: int) -> bool:
    """Tell whether there are at most so many words beside times and small words."""
    return len(_SMALL.sub(" ", masked).split()) <= most


def _is_another_matter(line: str, n: NamedTime, clause: str) -> bool:
    """Tell whether a time is a deadline, or one that another is preferred to, or its clause reports, tells of a habit or of goods."""
    if _DEADLINE.match(n.words) or (n.names_day and _ENDS.match(n.words)) or _RATHER_THAN.search(line[: n.start]):
        return True
    if SAID["reports"].search(clause) or SAID["regular"].search(clause):
        return True
    return SAID["goods"].search(clause) is not None and _TALKS.search(clause) is None


def _moved(line: str, named: Sequence[NamedTime], wanted: Sequence[NamedTime]) -> list[NamedTime]:
    """Return those of the times of a sentence to which a meeting is to be moved: what comes after "to"."""
    target = _MOVED_TO.match(_masked(line, 0, len(line), named))
    return [n for n in wanted if target and len(_masked(line, 0, n.start, named)) >= target.end() - 1]


def _is_given_up(line: str, named: Sequence[NamedTime], n: NamedTime, stance: _Stance, wanted: Sequence[NamedTime]) -> bool:
    """Tell whether a time is refused, one from which a meeting is to be moved, or one that another is preferred to."""
    moved = n in stance.wanted and n not in wanted
    refused = n in stance.refused and not _is_another_matter(line, n, _clause(line, named, n))
    return moved or refused or _RATHER_THAN.search(line[: n.start]) is not None


def _refused_day(given_up: Sequence[NamedTime], writer: Writer, before: date | None) -> date | None:
    """Return the last of the days that are given up in a sentence, else the one before it; a weekday alone may be any week's."""
    last: NamedTime | None = None
    for n in given_up:
        if n.names_day and n.due.grain != "week" and (last or before or not writer.is_bare(n)):
            last = in_order(n, last, (), writer, before)
    return last.day if last else before


def _days_spoken_of(named: Sequence[NamedTime], stance: _Stance, before: tuple[date, ...]) -> tuple[date, ...]:
    """Return the days to which an hour without one belongs: none that is refused altogether."""
    days = [n for n in named if n.names_day and n.due.grain != "week" and n not in stance.wanted]
    refused_hours = any(n.names_clock for n in stance.refused)
    gone = set() if refused_hours else {n.day for n in stance.refused if n.names_day}
    return tuple(day for day in ((days[-1].day,) if days else before) if day not in gone)


def _masked(line: str, start: int, end: int, named: Sequence[NamedTime]) -> str:
    """Return a part of a line with TIME for each of its times."""
    parts, at = [], start
    for n in named:
        if start <= n.start and n.end <= end:
            parts += [line[at : n.start], "TIME"]
            at = n.end
    return "".join((*parts, line[at:end]))


def _clause(line: str, named: Sequence[NamedTime], n: NamedTime) -> str:
    """Return the clause that a time stands in, masked; what separates two clauses may stand inside a time."""
    inside = [range(other.start, other.end) for other in named]
    cuts = [m for m in _BETWEEN_CLAUSES.finditer(line) if not any(m.start() in span for span in inside)]
    start = max((m.end() for m in cuts if m.end() <= n.start), default=0)
    end = min((m.end() for m in cuts if m.start() >= n.end), default=len(line))
    return _masked(line, start, end, named)

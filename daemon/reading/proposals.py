"""Times that somebody proposes for a call, a visit or a meeting: "would Thursday 12th at 10 work?", "2 or 3 pm your time?".

The grammar of due times finds the times; here it is told which of them are proposed, and which only reported ("we met at 10"),
refused ("Thursday won't work"), kept every week ("we open at 9") or about goods and papers ("the quote by Thursday"). What is in doubt
is left out. A clock time belongs to the day beside it, else to the day spoken of before; one without any day is today's where it is
still to come. Bare weekdays in a row follow each other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from daemon.reading.cuts.signature import with_signature
from daemon.reading.languages.detection import LANGUAGES, detect
from daemon.reading.languages.language import Language
from daemon.reading.languages.proposal_words import HALF_HOUR, HOUR, LENGTHS, SAID
from daemon.reading.sentences import split_sentences
from daemon.reading.times.due_times import DuePhrase, find_due_phrases
from daemon.reading.times.zones import zone
from daemon.reading.values import Due, ProposedTime, ReaderInput, TimeContext

MOST = 6  # times of one message
_LONGEST = 4000  # characters of a message that are looked at
_WEEK = timedelta(days=7)
_CLOCK = r"\d{1,2}(?:[:.][0-5]\d)?"
_HALF = r"(?:[ap]\.?m\b\.?|uhr\b|o'clock\b)"
_OR = r"\s*(?:,|/|,?\s*\b(?:or|oder|bzw\.?)\b)\s*(?:at |um |gegen |around )?"
# What may follow an hour or a day in digits that leaves out "o'clock" or the month.
_ENDS = (
    r"(?=\s*(?:$|[,.?!;)](?!\d)|(?:on|onwards?|or|and|that|if|please|would|instead|today|tomorrow|my|your|am|for|work|works|suit|suits|fit|fits|be|is|sound|look|"
    r"good|best|better|ok|okay|fine|possible|und|oder|statt\w*|heute|morgen|passen|passt|gehen|geht|klappen|klappt|möglich|recht|gut|besser|bei|ihnen|dir)\b))"
)
# What people share or leave out, written out: "2 or 3 pm" is "2 pm or 3 pm", "at 10 or 2" "at 10:00 or at 2:00".
_SHARED_HALF = re.compile(rf"(?<![\d.:/])({_CLOCK})({_OR})(?=(?:{_CLOCK}{_OR})*{_CLOCK}\s*({_HALF}))")
_FIRST_HOUR = re.compile(rf"\b(at|um|either|entweder|say)\s+(?:at |um )?(\d{{1,2}})(?={_OR}{_CLOCK}{_ENDS})")
_SECOND_HOUR = re.compile(rf"(:[0-5]\d{_OR})(\d{{1,2}}){_ENDS}")
_HOUR = re.compile(rf"\b(at|um|gegen|after|from|ab|nach|make it|say|do|sagen wir|maybe|prefer|machen wir)\s+(\d{{1,2}}){_ENDS}")
_NEW_HOUR = re.compile(rf"\b(to|auf|until|till)\s+(\d{{1,2}}){_ENDS}")
_OLD_HOUR = re.compile(rf"\b(?:from|von)\s+{_CLOCK}\s*{_HALF}?\s+(?=(?:to|auf)\b)")
_DAY = re.compile(rf"\b(the \d{{1,2}}(?:st|nd|rd|th)|(?:der|den|dem) \d{{1,2}}\.)(?=\s+[a-zäöü]){_ENDS}")
_AFTER_LUNCH = re.compile(r"\bnach (?:dem mittag(?:essen)?|der mittagspause)\b")
_FILLERS = {"en": "then", "de": "bitte"}  # small words that the grammar knows to stand after a day
_LEADS = re.compile(r"(?:(?:about|around|for|our|mit)\s+)+")
_MOVED_TO = re.compile(r".*\b(?:to|until|till|auf|for)\b(?=\W+(?:the |den |die |das |at |um |on |next |this )*(?:TIME))")
_BETWEEN_CLAUSES = re.compile(r"[,;:–—?!]|\.\s|\s-\s|\b(?:but|however|so|as|because|aber|jedoch|da|weil|denn)\b")
_SMALL = re.compile(r"TIME|\W+|\d+\.?|\b(?:or|and|either|on|at|oder|und|entweder|am|um|also|instead|maybe|perhaps|then|any|time|between|uhr|h)\b")
_DEADLINE = re.compile(r"(?:by|due|no later than|not later than|bis spätestens|spätestens)\b")
_UNTIL = re.compile(r"\b(?:until|till?|before|bis|(?<!viertel )vor)\b")
_FROM = re.compile(r"\b(?:after|from|onwards?|ab|nach)\b")
_NEAR = re.compile(r"\b(?:today|tomorrow|tonight|this|next|coming|week|heute|morgen|übermorgen|nächste\w*|diese\w*|kommende\w*|woche)\b")
_OF_TODAY = re.compile(r"\b(?:this|today|tonight|heute)\b")
_OFFSET = re.compile(r"\b(?:minutes?|mins?|hours?|hrs?|days?|minuten?|stunden?|tage?n?)\b")
_TALKS = re.compile(
    r"\b(?:speak|talk|chat|call|ring|phone|meet(?:ing)?|visit|review|discuss|catch up|telefon\w*|sprechen|besprech\w*|treffen|anrufen|termin)\b"
)
_DAYS = frozenset({"day", "part of day", "minute", "week"})


def _lead(words: str) -> int:
    """Return how many characters of a time phrase are words that also mean something else: "how about Friday", "around at 3"."""
    lead = _LEADS.match(words)
    return lead.end() if lead else 0


class Proposals(NamedTuple):
    """The times that a message proposes, in its order, and whether it refuses a time."""

    times: tuple[ProposedTime, ...] = ()
    refuses: bool = False


@dataclass(frozen=True, slots=True)
class _Named:
    """A time in a sentence: its span and words there, what it means, and whether a day is named with it."""

    start: int
    end: int
    words: str
    due: Due
    names_day: bool

    @property
    def day(self) -> date:
        """The last day of it, by the writer's calendar."""
        return self.due.due.date()

    @property
    def names_clock(self) -> bool:
        """Whether it tells an hour or a part of the day."""
        return self.due.grain in {"minute", "part of day"}


@dataclass(frozen=True, slots=True)
class _Writer:
    """Who writes when: the language, the moment on their clock, and how they mean times."""

    language: Language
    written: datetime
    context: TimeContext

    def named(self, line: str) -> list[_Named]:
        """Return the times of a line, in order; spans of days and of hours from now on propose nothing."""
        return [
            _Named(phrase.start + _lead(words), phrase.end, words[_lead(words) :], phrase.due, phrase.names_day)
            for phrase in self.phrases(line)
            for words in [line[phrase.start : phrase.end]]
            if phrase.due.grain in _DAYS and not _OFFSET.search(words)
        ]

    def phrases(self, line: str, later: timedelta = timedelta()) -> list[DuePhrase]:
        """Return the time phrases of a line, as if it had been written so much later."""
        return find_due_phrases(line, self.written + later, self.context, self.language.time_words)

    def on(self, day: date, named: _Named) -> _Named | None:
        """Return an hour or a part of the day on that day; None where the grammar makes nothing of it."""
        found = self.phrases(f"{day.isoformat()} {named.words}")
        return replace(named, due=found[0].due, names_day=True) if len(found) == 1 and found[0].due.due.date() == day else None


def proposed_times(message: ReaderInput, reader_zone: str, talked_of: date | None = None) -> Proposals:
    """Return the times that a message proposes to its reader, on whose clock "your time" is, as moments in UTC.

    `message.text` is the new text, `message.time_context` the writer's own hours. `talked_of` is the day that the two spoke of before.
    """
    text = message.text[:_LONGEST]
    language = detect(text) or _by_times(text)
    if language is None or language.code not in _FILLERS:
        return Proposals()
    writer = _Writer(language, message.date, message.time_context)
    reader = _Writer(
        language, message.date.astimezone(zone(reader_zone)), replace(message.time_context, time_zone=reader_zone)
    )
    cuts = with_signature(text, (), message.sender_name, message.sender)
    found, times = _Conversation(talked_of), dict[tuple[datetime, datetime | None], ProposedTime]()
    minutes = _length(text.lower())
    for sentence in split_sentences(text, cuts):
        line = " ".join(sentence.text.lower().replace("’", "'").split())
        found = _read(line, reader if SAID["yours"].search(line) else writer, found)
        for proposed in found.times:
            times.setdefault((proposed.start, proposed.end), replace(proposed, quote=sentence.text, minutes=minutes))
    return Proposals(tuple(times.values())[:MOST], found.refuses)


@dataclass(frozen=True, slots=True)
class _Conversation:
    """What was said so far: the day spoken of last, whether a time was refused, and of the last sentence the times that it proposes.

    `goes_on` says that further times may follow without a word that proposes them.
    """

    day: date | None
    times: tuple[ProposedTime, ...] = ()
    refuses: bool = False
    goes_on: bool = False


def _read(line: str, writer: _Writer, before: _Conversation) -> _Conversation:
    """Return the conversation after one more sentence, in lower case."""
    moves = SAID["moves"].search(line) is not None
    line = _spelled_out(line, moves=moves, filler=_FILLERS[writer.language.code])
    named = writer.named(line)
    masked = _masked(line, 0, len(line), named)
    if not named:
        lists = line.endswith(":") and SAID["listed"].search(line) is not None
        return replace(before, times=(), goes_on=lists or (before.goes_on and not masked.strip()))
    target = _MOVED_TO.match(masked) if moves else None
    wanted, refused = _proposed(line, masked, named, before)
    if moves and wanted:
        wanted = [n for n in wanted if target and len(_masked(line, 0, n.start, named)) >= target.end() - 1]
    context = _day_spoken_of(named, wanted, refused, before.day)
    times = tuple(_resolved(line, wanted, writer, context, moves=moves))
    day = times[-1][0] if times else context
    lists = line.endswith(":") and SAID["listed"].search(line) is not None
    proposed = tuple(p for _, p in times)
    return _Conversation(day, proposed, before.refuses or bool(refused), goes_on=bool(times) or lists)


def _by_times(text: str) -> Language | None:
    """Return the language whose words for times stand in a text that is too short to tell otherwise."""
    words = frozenset(re.findall(r"[^\W\d_]+", text.lower()))
    counts = [(len(words & language.time_words.telling), language) for language in LANGUAGES]
    most, language = max(counts, key=lambda pair: pair[0])
    return language if most else None


def _spelled_out(line: str, *, moves: bool, filler: str) -> str:
    """Return a line in which each hour and day is told as one: what several share, and what haste leaves out, is written out."""
    line = _AFTER_LUNCH.sub("von 13 bis 17 uhr", line)
    line = _SHARED_HALF.sub(r"\1 \3\2", line)
    line = _FIRST_HOUR.sub(r"\1 \2:00", line)
    line = _SECOND_HOUR.sub(r"\1\2:00", line)
    line = _HOUR.sub(r"\1 \2:00", line)
    if moves:
        line = _NEW_HOUR.sub(r"\1 \2:00", _OLD_HOUR.sub("", line))
    return _DAY.sub(rf"\1 {filler}", line)


def _masked(line: str, start: int, end: int, named: Sequence[_Named]) -> str:
    """Return a part of a line with TIME for each of its times."""
    parts, at = [], start
    for n in named:
        if start <= n.start and n.end <= end:
            parts += [line[at : n.start], "TIME"]
            at = n.end
    return "".join((*parts, line[at:end]))


def _clause(line: str, named: Sequence[_Named], n: _Named) -> str:
    """Return the clause that a time stands in, masked; what separates two clauses may stand inside a time."""
    inside = [range(other.start, other.end) for other in named]
    cuts = [m for m in _BETWEEN_CLAUSES.finditer(line) if not any(m.start() in span for span in inside)]
    start = max((m.end() for m in cuts if m.end() <= n.start), default=0)
    end = min((m.end() for m in cuts if m.start() >= n.end), default=len(line))
    return _masked(line, start, end, named)


def _proposed(
    line: str, masked: str, named: Sequence[_Named], before: _Conversation
) -> tuple[list[_Named], list[_Named]]:
    """Return the times of a sentence that are proposed, and those that are refused."""
    only_times = len(_SMALL.sub(" ", masked).split()) == 0
    goes_on = before.goes_on and (only_times or SAID["goes_on"].match(masked) is not None)
    asks = SAID["proposes"].search(masked) is not None or goes_on or (only_times and line.endswith("?"))
    wanted, refused = [], []
    for n in named:
        clause = _clause(line, named, n)
        if SAID["refuses"].search(clause) and not SAID["asks_back"].search(clause):
            refused.append(n)
        elif asks and not _is_deadline(n) and not _concerns_another_matter(clause):
            wanted.append(n)
    return wanted, refused


def _is_deadline(n: _Named) -> bool:
    return _DEADLINE.match(n.words) is not None or (n.names_day and _UNTIL.match(n.words) is not None)


def _concerns_another_matter(clause: str) -> bool:
    """Tell whether a clause reports, tells of a habit, or is about goods and not about speaking of them."""
    if SAID["reports"].search(clause) or SAID["regular"].search(clause):
        return True
    return SAID["goods"].search(clause) is not None and _TALKS.search(clause) is None


def _day_spoken_of(
    named: Sequence[_Named], wanted: Sequence[_Named], refused: Sequence[_Named], before: date | None
) -> date | None:
    """Return the day to which an hour without one belongs: not a day that is refused altogether."""
    days = [n for n in named if n.names_day and n.due.grain != "week" and n not in wanted]
    gone = {n.day for n in refused if n.names_day and not n.names_clock}
    day = days[-1].day if days else before
    return None if day in gone else day


def _resolved(
    line: str, wanted: Sequence[_Named], writer: _Writer, context: date | None, *, moves: bool
) -> Iterator[tuple[date, ProposedTime]]:
    """Yield the times that are proposed, each with its day; an hour whose day nobody knows is none."""
    last: _Named | None = None
    for place, n in enumerate(wanted):
        following = wanted[place + 1 :]
        if n.names_day and n.due.grain == "week" and any(f.names_day and not _NEAR.search(f.words) for f in following):
            last = n  # "next week, say Friday": the Friday of that week
            continue
        placed = _with_day(n, last, following, writer, context, moves=moves)
        if placed is None:
            continue
        last = placed
        if n.names_day and not n.names_clock and following and not following[0].names_day and n.due.grain == "day":
            continue  # "Thursday, 2 or 3 pm": the day of the hours
        placed = _with_clock_of_next(line, placed, n, following)
        yield placed.day, _window(placed, writer)


def _with_day(
    n: _Named, last: _Named | None, following: Sequence[_Named], writer: _Writer, context: date | None, *, moves: bool
) -> _Named | None:
    """Return a time on the day that is meant; None where nobody can tell."""
    if n.names_day:
        return _in_order(n, last, writer)
    if _OF_TODAY.search(n.words):
        return n
    ahead = next((f.day for f in following if f.names_day and f.due.grain != "week"), None)
    day = last.day if last is not None and last.due.grain != "week" else ahead or context
    if day is not None:
        return writer.on(day, n)
    is_today = n.day == writer.written.date() and n.due.grain == "minute"
    return n if is_today and not moves else None


def _in_order(n: _Named, last: _Named | None, writer: _Writer) -> _Named:
    """Return a day that is named after another: a bare weekday is the first one after it, or the one in the week named before."""
    if last is None or _NEAR.search(n.words):
        return n
    in_week = last.due.grain == "week"
    monday = last.due.earliest.date()
    weeks = 0
    while weeks < 6 and (n.day + weeks * _WEEK < (monday if in_week else last.day)):
        weeks += 1
    moved = [p for p in writer.phrases(n.words, weeks * _WEEK) if p.due.due.date() == n.day + weeks * _WEEK]
    return replace(n, due=moved[0].due) if weeks and moved else n


def _with_clock_of_next(line: str, placed: _Named, n: _Named, following: Sequence[_Named]) -> _Named:
    """Return a day with the hour of the next one that it is joined to: "Wednesday or Thursday at 9.30"."""
    if n.due.grain != "day" or n.names_clock:
        return placed
    for f in following:
        between = line[n.end : f.start]
        if not f.names_day or not re.fullmatch(r"\s*(?:,|or|and|oder|und|/|,\s*(?:or|oder))?\s*(?:on|am|the|dem)?\s*", between):
            break
        if f.names_clock:
            days = placed.day - f.day
            due = f.due._replace(earliest=f.due.earliest + days, due=f.due.due + days, latest=f.due.latest + days)
            return replace(placed, due=due, words=f.words)
        n = f
    return placed


def _window(n: _Named, writer: _Writer) -> ProposedTime:
    """Return a time as a point or, where it leaves a choice, as a window."""
    start, end = n.due.earliest, n.due.due
    if start == end and _UNTIL.search(n.words):
        start = _at(n.due.due, writer.context.day_start)
    elif start == end and _FROM.search(n.words):
        end = _at(n.due.due, writer.context.day_end)
    return ProposedTime(start.astimezone(UTC), None if start >= end else end.astimezone(UTC))


def _at(moment: datetime, clock: time) -> datetime:
    return datetime.combine(moment.date(), clock, moment.tzinfo)


def _length(text: str) -> int:
    """Return how long it will take, in minutes, where that is said; 0 where it is not."""
    for pattern, minutes in LENGTHS:
        found = pattern.search(text)
        if found:
            return min(int(found[1]) * minutes, 8 * 60)
    return 30 if HALF_HOUR.search(text) else 60 if HOUR.search(text) else 0

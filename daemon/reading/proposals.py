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
_MONTH = (
    r"jan|feb|mar|märz|mär|apr|may|mai|jun|jul|aug|sep|okt|oct|nov|dec|dez"  # how months begin
)
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
_HOUR_BEFORE = re.compile(rf"(?<![\d.:/])\b(\d{{1,2}})(?=\s*(?:or|oder)\s*(?:at |um )?\d{{1,2}}[:.][0-5]\d\b)")
_SECOND_HOUR = re.compile(rf"(:[0-5]\d{_OR})(\d{{1,2}}){_ENDS}")
_HOUR = re.compile(rf"\b(at|um|gegen|after|from|ab|nach|make it|say|do|sagen wir|maybe|prefer|machen wir|make|manage)\s+(\d{{1,2}}){_ENDS}")
_RANGE = re.compile(
    rf"\b(between|from|zwischen|von)\s+(\d{{1,2}})([:.][0-5]\d)?\s+(and|to|until|till|und|bis)\s+(\d{{1,2}})([:.][0-5]\d)?(?!\.?\s*{_HALF}|[\d:]|\s*(?:h|[ap]m)\b|\.?\s*(?:{_MONTH}))"
)
_DOTTED_HOUR = re.compile(r"\b(at|around|about|say|um|gegen|or|oder|maybe)\s+(\d{1,2})\.([0-5]\d)(?![\d.]|\s*%)")
_ZONED_HOUR = re.compile(r"(?<![\d.:])(\d{1,2})(?=\s+(?:(?:your|my|our)(?: local)? time|(?:ihrer|deiner|unserer) zeit)\b)")
_NEW_HOUR = re.compile(rf"\b(to|auf|until|till)\s+(\d{{1,2}}){_ENDS}")
_OLD_HOUR = re.compile(rf"\b(?:from|von)\s+{_CLOCK}\s*{_HALF}?\s+(?=(?:to|auf)\b)")
_DAY = re.compile(rf"\b(the \d{{1,2}}(?:st|nd|rd|th)|(?:der|den|dem) \d{{1,2}}\.)(?=\s+[a-zäöü]){_ENDS}")
_AFTER_LUNCH = re.compile(r"\bnach (?:dem mittag(?:essen)?|der mittagspause)\b")
_FILLERS = {"en": "then", "de": "bitte"}  # small words that the grammar knows to stand after a day
_LEADS = re.compile(r"(?:(?:about|around|for|our|mit)\s+)+")
_MOVED_TO = re.compile(r".*\b(?:to|until|till|auf|for)\b(?=\W+(?:the |den |die |das |at |um |on |next |this )*(?:TIME))")
_BETWEEN_CLAUSES = re.compile(r"[,;:–—?!]|\.\s|\s-\s|\b(?:but|however|so|as|because|aber|jedoch|da|weil|denn)\b")
_JOINED = re.compile(r"\s*(?:,|and|or|und|oder|/|,\s*(?:or|oder|and|und))?\s*(?:either|on|am|the|dem|den|each|both|jeweils|then)?\s*")
_CHOICE = re.compile(r"\b(?:or|oder|and|und)\b")
_OF_WEEK = re.compile(r"\b(?:next|this|following|nächste\w*|kommende\w*|diese\w*) (?:week|woche)\b")
_RATHER_THAN = re.compile(r"\b(?:rather than|instead of|not|than|statt|anstatt|anstelle von|nicht)\s+(?:on |the |am |dem |at |um )*$")
_SMALL = re.compile(r"TIME|\W+|\d+\.?|\b(?:your time|my time|our time|ihrer zeit|around|about|jeweils|each|both|gegen|gerne|or|and|either|on|at|oder|und|entweder|am|um|also|instead|maybe|perhaps|then|any|time|between|uhr|h)\b")
_DEADLINE = re.compile(r"(?:by|due|no later than|not later than|bis spätestens|spätestens)\b")
_UNTIL = re.compile(r"\b(?:until|till?|before|bis|(?<!viertel )vor)\b")
_FROM = re.compile(r"(?<!quarter )(?<!viertel )(?<!ten )(?<!five )(?<!twenty )(?<!zehn )(?<!fünf )(?<!zwanzig )\b(?:after|from|onwards?|ab|nach)\b")
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
    return Proposals(tuple(_narrowed(tuple(times.values())))[:MOST], found.refuses)


def _narrowed(times: Sequence[ProposedTime]) -> Iterator[ProposedTime]:
    """Yield the times without the windows in which a narrower one is named: "Friday morning, around 10.30"."""
    for wide in times:
        if wide.end is None or not any(
            wide.start <= t.start and (t.end or t.start) <= wide.end and (t.start, t.end) != (wide.start, wide.end) for t in times
        ):
            yield wide


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
    lists = line.endswith(":") and SAID["listed"].search(line) is not None
    if not named:
        return replace(before, times=(), goes_on=lists or (before.goes_on and not line.strip()))
    wanted, refused = _proposed(line, named, before)
    if moves and wanted:
        target = _MOVED_TO.match(_masked(line, 0, len(line), named))
        wanted = [n for n in wanted if target and len(_masked(line, 0, n.start, named)) >= target.end() - 1]
    context = _day_spoken_of(named, wanted, refused, before.day)
    resolved = list(_resolved(line, wanted, writer, context, may_be_today=not (moves or before.day or before.refuses or refused)))
    day = resolved[-1].day if resolved else context
    times = tuple(_window(n, writer) for n in resolved)
    return _Conversation(day, times, before.refuses or bool(refused), goes_on=bool(times) or lists)


def _by_times(text: str) -> Language | None:
    """Return the language whose words for times stand in a text that is too short to tell otherwise."""
    words = frozenset(re.findall(r"[^\W\d_]+", text.lower()))
    counts = [(len(words & language.time_words.telling), language) for language in LANGUAGES]
    most, language = max(counts, key=lambda pair: pair[0])
    return language if most else None


def _spelled_out(line: str, *, moves: bool, filler: str) -> str:
    """Return a line in which each hour and day is told as one: what several share, and what haste leaves out, is written out."""
    line = _AFTER_LUNCH.sub("von 13 bis 17 uhr", line)
    line = _DOTTED_HOUR.sub(r"\1 \2:\3", line)
    line = _RANGE.sub(_whole_range, line)
    line = _SHARED_HALF.sub(r"\1 \3\2", line)
    line = _FIRST_HOUR.sub(r"\1 \2:00", line)
    line = _HOUR_BEFORE.sub(r"\1:00", line)
    line = _SECOND_HOUR.sub(r"\1\2:00", line)
    line = _HOUR.sub(r"\1 \2:00", line)
    line = _ZONED_HOUR.sub(r"\1:00", line)
    if moves:
        line = _NEW_HOUR.sub(r"\1 \2:00", _OLD_HOUR.sub("", line))
    return _DAY.sub(rf"\1 {filler}", line)


def _whole_range(found: re.Match[str]) -> str:
    """Return a span of hours with its minutes: "between 2 and 4" is "between 2:00 and 4:00"."""
    lead, begin, minutes, to, end, last = found.groups()
    return f"{lead} {begin}:{(minutes or ':00')[1:]} {to} {end}:{(last or ':00')[1:]}"


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


def _proposed(line: str, named: Sequence[_Named], before: _Conversation) -> tuple[list[_Named], list[_Named]]:
    """Return the times of a sentence that are proposed, and those that are refused.

    A clause proposes by its own words, or it only goes on with times where another one does.
    """
    masked = _masked(line, 0, len(line), named)
    goes_on = before.goes_on and (_only_times(masked) or SAID["goes_on"].match(masked) is not None)
    asks = SAID["proposes"].search(masked) is not None or goes_on or (_only_times(masked) and line.endswith("?"))
    wanted, refused = [], []
    for n in named:
        clause = _clause(line, named, n)
        if SAID["refuses"].search(clause) and not SAID["asks_back"].search(clause):
            refused.append(n)
        elif asks and (goes_on or _only_times(clause) or SAID["proposes"].search(clause)) and not _is_another_matter(line, n, clause):
            wanted.append(n)
    return wanted, refused


def _only_times(words: str) -> bool:
    return not _SMALL.sub(" ", words).split()


def _is_another_matter(line: str, n: _Named, clause: str) -> bool:
    """Tell whether a time is a deadline, or one that another is preferred to, or its clause reports, tells of a habit or of goods."""
    if _DEADLINE.match(n.words) or (n.names_day and _UNTIL.match(n.words)) or _RATHER_THAN.search(line[: n.start]):
        return True
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
    line: str, wanted: Sequence[_Named], writer: _Writer, context: date | None, *, may_be_today: bool
) -> Iterator[_Named]:
    """Yield the times that are proposed, each on its day; an hour whose day nobody knows is none.

    Days that are joined share the hours that follow them: "Tuesday or Wednesday at 10 or 11".
    """
    last: _Named | None = None
    days: list[_Named] = []
    for place, n in enumerate(wanted):
        following = wanted[place + 1 :]
        if n.names_day:
            joined = bool(days) and _JOINED.fullmatch(line[wanted[place - 1].end : n.start]) is not None and not wanted[place - 1].names_clock
            last = _in_order(n, last, following, writer)
            days = [*(days if joined else ()), *_each(last)]
            if not n.names_clock and following and (not following[0].names_day or _joined_clock(line, n, following)):
                continue  # its hours follow
            yield from (_same_time(day, last) for day in days[:-1] if n.names_clock)
            yield from ([last] if n.names_clock else _each(last))
        elif _OF_TODAY.search(n.words):
            yield n
        else:
            ahead = next((f.day for f in following if f.names_day and f.due.grain != "week"), None)
            on = [day.day for day in days] or [day for day in [ahead or context] if day is not None]
            placed = [p for day in on if (p := writer.on(day, n)) is not None]
            is_today = may_be_today and n.day == writer.written.date() and n.due.grain == "minute"
            yield from placed if on else [n] if is_today else []


def _each(n: _Named) -> list[_Named]:
    """Return the days of a time that names a choice of days, "the 12th or the 13th"; any other as it is."""
    first, last = n.due.earliest.date(), n.due.due.date()
    if n.due.grain != "day" or n.names_clock or first == last or not _CHOICE.search(n.words):
        return [n]
    moves = [timedelta(days=k) for k in ((0, (last - first).days) if (last - first).days < 7 else (0,))]
    end = n.due.due - (last - first)
    return [replace(n, due=n.due._replace(earliest=n.due.earliest + move, due=end + move, latest=end + move)) for move in moves]


def _joined_clock(line: str, n: _Named, following: Sequence[_Named]) -> bool:
    """Tell whether a day is joined to later ones of which the last has an hour: "Monday, Wednesday or Thursday at 9.30"."""
    for f in following:
        if not (f.names_day and _JOINED.fullmatch(line[n.end : f.start])):
            return not f.names_day and n is not following[0] and _JOINED.fullmatch(line[n.end : f.start]) is not None
        if f.names_clock:
            return True
        n = f
    return False


def _same_time(day: _Named, clock: _Named) -> _Named:
    """Return the hour of another day on this one."""
    move = day.day - clock.day
    due = clock.due
    moved = due._replace(earliest=due.earliest + move, due=due.due + move, latest=due.latest + move)
    return replace(day, due=moved, words=clock.words)


def _in_order(n: _Named, last: _Named | None, following: Sequence[_Named], writer: _Writer) -> _Named:
    """Return a day that is named among others: a bare weekday is the first one after the day before it, or in the week named beside it."""
    if _NEAR.search(n.words) or n.due.grain == "week":
        return n
    beside = next((f for f in following[:1] if _OF_WEEK.search(f.words)), None)
    week = last if last is not None and last.due.grain == "week" else beside
    least = week.due.earliest.date() - timedelta(days=week.due.earliest.weekday()) if week else last.day if last else n.day
    weeks = 0
    while weeks < 6 and n.day + weeks * _WEEK < least:
        weeks += 1
    moved = [p for p in writer.phrases(n.words, weeks * _WEEK) if p.due.due.date() == n.day + weeks * _WEEK]
    return replace(n, due=moved[0].due) if weeks and moved else n


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

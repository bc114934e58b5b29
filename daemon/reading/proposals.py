"""Times that somebody proposes for a call, a visit or a meeting: "would Thursday 12th at 10 work?", "2 or 3 pm your time?".

The times of a sentence are found first (`mentions`) and put on their days (`placed_times`); here it is told which of them are
proposed, and which only reported ("we met at 10"), refused ("Thursday won't work"), kept every week ("we open at 9") or about goods and
papers ("the quote by Thursday"). A wrong time is far worse than none: where a number, a zone or a refusal near a time is not understood
nothing is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

from daemon.reading.cuts.signature import with_signature
from daemon.reading.languages.detection import LANGUAGES, detect
from daemon.reading.languages.language import Language
from daemon.reading.languages.proposal_words import CUES, FEW, HALF_HOUR, HOUR, LENGTHS
from daemon.reading.sentences import split_sentences
from daemon.reading.times.mentions import Mentions, mentions, zone_alone
from daemon.reading.times.placed_times import Phrase, in_order, names_today, phrases_of, placed, windows
from daemon.reading.times.zones import zone
from daemon.reading.values import ProposedTime, ReaderInput, TimeContext

MOST = 6  # times of one message
_LONGEST = 4000  # characters of a message that are looked at
_LONGEST_SENTENCE = 400  # characters of a sentence in which somebody proposes a time
_MOST_NAMED = 12  # times in it: more are a timetable
_SHORT = 8  # words of a text whose words for times tell its language
_NEAR = timedelta(days=2)  # so long before a weekday that is refused another one may be meant
_MOMENT = timedelta(minutes=1)
_ADDRESS = re.compile(r"<?(?:https?://|www\.)\S+|\S+@\S+")
_MOST_ASKED = 8  # words of a question whether a time that was named before is convenient
_MOST_AFTER = 9  # words of a clause that goes on after times alone
_FEW = 3  # words of a clause that ends another one, or that a predicate has beside it
_TARGET = re.compile(r"\b(?:to|until|till|auf|for|instead)\W+(?:the |den |die |das |at |um |on )*$")
_GIVEN_UP = frozenset({"refused", "left"})
_OPENS = re.compile(r"\W*(?:ob|dass|wenn|weil|falls|und|if|whether|that|and|then|i|we|ich|wir)\b")
_ENDS = re.compile(r"[.;?!:]\s| - ")
_BETWEEN_CLAUSES = re.compile(
    r"[,;:–—?!]|(?<!\b[a-z])\.(?:\s|$)|\s-\s|\b(?:but|however|so|as|because|aber|jedoch|da|weil|denn|and(?= (?:i|we|you|he|she|they|it|there|then)\b)|und(?= (?:ich|wir|sie|er|es|dann)\b))\b"
)
_RATHER_THAN = re.compile(
    r"\b(?:rather than|instead of|not|than|statt|anstatt|anstelle von|nicht|apart from|except|excluding|bar|außer|ausser|bis auf)\s+(?:on |the |am |dem |at |um )*$"
)


class Proposals(NamedTuple):
    """The times that a message proposes, in its order, and whether it refuses a time."""

    times: tuple[ProposedTime, ...] = ()
    refuses: bool = False


class _Time(NamedTuple):
    """A time with the one day that it is on, by the writer's calendar, and whether no hour of that day is named."""

    time: ProposedTime
    day: date | None
    whole: bool


@dataclass(frozen=True, slots=True)
class _Talk:
    """What the sentences so far leave to the next one.

    `days` are spoken of last, `week` is a day of the week spoken of, `refused` the last day that is not to be. `goes_on` says that
    further times may follow without a word that proposes them, `stated` are times that were only named: "does that work?" proposes them.
    `out` is the last weekday that is not to be: whether those before it are meant of this week or the next, nobody knows.
    """

    days: tuple[date, ...] = ()
    week: date | None = None
    times: tuple[_Time, ...] = ()
    stated: tuple[_Time, ...] = ()
    against: tuple[_Time, ...] = ()
    refuses: bool = False
    refused: date | None = None
    goes_on: bool = False
    doubtful: bool = False
    invited: bool = False
    out: date | None = None


class _Clocks(NamedTuple):
    """When a message was written, on the clock that a sentence means, and in which context."""

    written: datetime
    context: TimeContext
    language: Language
    zone: str = ""  # that the message names apart from any hour
    may_be_today: bool = True  # an hour without a day


def proposed_times(message: ReaderInput, reader_zone: str, talked_of: date | None = None) -> Proposals:
    """Return the times that a message proposes to its reader, on whose clock "your time" is, as moments in UTC.

    `message.text` is the new text, `message.time_context` the writer's own hours. `talked_of` is the day that the two spoke of before.
    """
    text = message.text[:_LONGEST]
    language = _language(text)
    if language is None:
        return Proposals()
    written = message.date.astimezone(zone(message.time_context.time_zone)) if message.time_context.time_zone else message.date
    sentences = list(split_sentences(text, with_signature(text, (), message.sender_name, message.sender)))
    apart = next(filter(None, (zone_alone(s.text, language.time_words) for s in sentences)), "")
    writer = _Clocks(written, message.time_context, language, apart)
    reader = writer._replace(
        written=message.date.astimezone(zone(reader_zone)), context=replace(message.time_context, time_zone=reader_zone)
    )
    talk, times, against = _Talk((talked_of,) if talked_of else ()), list[_Time](), list[ProposedTime]()
    minutes = _length(text.lower())
    for sentence in sentences:
        line = " ".join(_ADDRESS.sub(" ", sentence.text.replace("’", "'")).split())
        if len(line) > _LONGEST_SENTENCE or len(line.lower()) != len(line):
            continue
        talk = _read(line, reader if CUES[language.code]["yours"].search(line.lower()) else writer, talk)
        against += [t.time for t in talk.against]
        times += [t._replace(time=replace(t.time, quote=sentence.text, minutes=minutes)) for t in talk.times]
    if talk.doubtful:
        return Proposals((), talk.refuses)
    with_hours = {t.day for t in times if not t.whole}
    told = {(t.time.start, t.time.end): t.time for t in reversed(times) if not (t.whole and t.day in with_hours)}
    kept = [t for t in _narrowed(list(reversed(told.values()))) if not any(_overlap(t, other) for other in against)]
    return Proposals(tuple(kept)[:MOST], talk.refuses)


def _language(text: str) -> Language | None:
    """Return the language of a text; of a short one, and one without a common word, that of its words for times."""
    words = re.findall(r"[^\W\d_]{2,}", text.lower())
    known = detect(text)
    if known is not None and len(words) >= _SHORT:
        return known
    counts = [(len(language.time_words.telling.intersection(words)), language) for language in LANGUAGES]
    most, language = max(counts, key=lambda pair: pair[0])
    return language if most and [count for count, _ in counts].count(most) == 1 else known


def _narrowed(times: Sequence[ProposedTime]) -> Iterator[ProposedTime]:
    """Yield the times without the windows in which a narrower one is named: "Friday morning, around 10.30"."""
    for wide in times:
        others = [(t.start, t.end or t.start) for t in times if t is not wide]
        end = wide.end
        if end is None or not any(
            wide.start <= start and last <= end and last - start < end - wide.start for start, last in others
        ):
            yield wide


def _overlap(one: ProposedTime, other: ProposedTime) -> bool:
    return one.start < (other.end or other.start + _MOMENT) and other.start < (one.end or one.start + _MOMENT)


def _length(text: str) -> int:
    """Return how long it will take, in minutes, where that is said; 0 where it is not."""
    for pattern, minutes in LENGTHS:
        found = pattern.search(text)
        if found:
            return min(int(found[1]) * minutes, 8 * 60)
    return 30 if HALF_HOUR.search(text) else 60 if HOUR.search(text) else 0


def _read(text: str, clocks: _Clocks, before: _Talk) -> _Talk:
    """Read one more sentence."""
    low, said = text.lower(), CUES[clocks.language.code]
    moves = said["moves"].search(low) is not None
    found = mentions(text, clocks.written, clocks.context, clocks.language.time_words, moves=moves)
    found = replace(found, zone=found.zone or clocks.zone)
    lists = low.endswith(":") and said["listed"].search(low) is not None
    if not found.all or len(found.all) > _MOST_NAMED:
        asked = before.stated if not found.all and said["that_time"].match(low) and len(low.split()) <= _MOST_ASKED else ()
        invites = "?" in low and said["meet"].search(low) is not None
        return replace(
            before, times=asked, against=(), goes_on=lists or bool(asked), stated=(), invited=before.invited or invites
        )
    stances = _Stances(found, phrases_of(found), said, goes_on=before.goes_on, invited=before.invited, moves=moves).judged()
    phrases = list(in_order(found, stances, before.week, before.refused))
    refuses = any(p.stance in _GIVEN_UP for p in phrases)
    clocks = clocks._replace(may_be_today=not (before.refuses or refuses or moves))
    times = _times(found, phrases, "wanted", before.days, clocks)
    stated = _times(found, phrases, "stated", (), clocks)
    days = [
        p.day
        for p in phrases
        if p.day and p.day.grain == "day" and not p.is_deadline and not (p.stance == "refused" and not p.hours)
    ]
    weeks = [p.day.first for p in phrases if p.day and p.day.grain == "week"]
    given_up = [p.day for p in phrases if p.day and p.day.grain == "day" and p.stance in _GIVEN_UP]
    wanted = [p.day for p in phrases if p.day and p.stance == "wanted"]
    out = max((d.first for d in given_up if d.is_bare and d.first.weekday() != clocks.written.weekday()), default=before.out)
    spoken = tuple(dict.fromkeys(t.day for t in times if t.day))
    return _Talk(
        spoken or ((days[-1].first,) if days else () if given_up else before.days),
        weeks[-1] if weeks else None if days else before.week,
        times,
        (*(before.stated if _few_words(_masked(low, 0, len(low), phrases), 0) else ()), *(() if times else stated)),
        _times(found, phrases, "refused", before.days, clocks),
        before.refuses or refuses,
        next((d.first for d in reversed(given_up) if not d.is_bare), before.refused),
        goes_on=bool(times) or lists,
        doubtful=before.doubtful
        or (found.doubtful and any(p.stance == "wanted" for p in phrases))
        or (out is not None and any(d.is_bare and d.first < out - _NEAR for d in wanted)),
        invited=before.invited,
        out=out,
    )


def _times(found: Mentions, phrases: Sequence[Phrase], stance: str, before: Sequence[date], clocks: _Clocks) -> tuple[_Time, ...]:
    """Return the times of the phrases of a stance; an hour of which only a guess says that it is today's must be still to come."""
    today = clocks.written.date()
    times: list[_Time] = []
    for slot in placed(phrases, stance, before or [today]):
        guessed = slot.phrase.day is None and not before and not any(p.day for p in phrases)
        if names_today(slot.phrase, found):
            slot, guessed = slot._replace(first=today, last=today), False  # noqa: PLW2901  # the same hours, today
        if guessed and (stance != "wanted" or not clocks.may_be_today or slot.phrase.of("clock") is None):
            continue
        day = slot.first if slot.first == slot.last else None
        found_times = windows(slot, found, clocks.written, clocks.context)
        times += [_Time(t, day, slot.hours is None) for t in found_times if not guessed or (t.end or t.start) > clocks.written]
    return tuple(dict.fromkeys(times))


class _Stances(NamedTuple):
    """How a sentence stands to the phrases in it, by its own words and by `goes_on` of the one before."""

    found: Mentions
    phrases: Sequence[Phrase]
    said: Mapping[str, re.Pattern[str]]
    goes_on: bool
    invited: bool  # by a sentence before that names no time
    moves: bool

    def judged(self) -> list[Phrase]:
        """Return the phrases with the stance to each; those that are wanted may stand in a clause of their own."""
        line = self.found.line
        masked = _masked(line, 0, len(line), self.phrases)
        goes_on = self.goes_on and (_few_words(masked, 0) or self.said["goes_on"].match(masked) is not None)
        judged: list[Phrase] = []
        for p in self.phrases:
            judged.append(replace(p, stance=self._stance(p, masked, judged[-1] if judged else None, goes_on=goes_on)))
        if (
            line.endswith("?")
            and all(p.stance != "wanted" for p in judged)
            and any(
                self.said["that_time"].match(c.strip()) and len(c.split()) <= _MOST_ASKED for c in _BETWEEN_CLAUSES.split(line)
            )
        ):
            judged = [replace(p, stance="wanted") if p.stance == "stated" else p for p in judged]
        return self._moved(judged) if self.moves else judged

    def _stance(self, p: Phrase, masked: str, last: Phrase | None, *, goes_on: bool) -> str:
        said, clause = self.said, self._clause(p)
        few = _few_words(clause, 0)
        if p.is_deadline or said["agreed"].match(masked) or (said["same"].search(masked) and not p.of("clock")):
            return ""
        listed = last is not None and _is_list(self.found.line[last.end : p.start])
        if last is not None and listed and last.is_deadline and not p.of("clock"):
            return ""  # by Wednesday or Thursday
        clause = self._clause(p, back=few)
        if self._is_another_matter(clause) or said["regular"].search(masked):
            return ""
        refuses = not few and said["refuses"].search(clause) and not (said["asks_back"].search(clause) and "?" in clause)
        if refuses or _RATHER_THAN.search(self.found.line[: p.start]):
            return "refused"
        if said["existing"].search(clause) and not self.moves:
            return ""
        if (
            goes_on
            or self._proposes(clause)
            or (self.moves and self._proposes(masked))
            or (masked.endswith("?") and _few_words(masked, 1))
        ):
            return "wanted"
        return "stated"

    def _proposes(self, clause: str) -> bool:
        """Tell whether the words of a clause propose what stands in it."""
        names = ("suits", "free", "offers", "moves", *(("present",) if self.invited else ()))
        if any(self.said[name].search(clause) for name in names):
            return True
        asks = "?" in clause or self.said["asks"].search(clause) is not None
        if self.said["meet"].search(clause) and asks:
            return True
        said = self.said["spare"] if "?" in clause and self.said["spare"].search(clause) else self.said["good"]
        rest = self.said["beside"].sub(" ", said.sub(" ", clause))
        is_said = "?" in clause or self.said["links"].search(clause) is not None or _few_words(rest, 0)
        return (
            said.search(clause) is not None and is_said and (self.said["meet"].search(clause) is not None or _few_words(rest, 2))
        )

    def _is_another_matter(self, clause: str) -> bool:
        """Tell whether a clause reports, or is about goods or papers."""
        said = self.said
        if said["reports"].search(clause) and not said["unless"].search(clause):
            return True
        rest = said["matters"].sub(" ", clause)
        return rest != clause and not (said["meet"].search(rest) and ("?" in clause or said["asks"].search(rest)))

    def _moved(self, judged: Sequence[Phrase]) -> list[Phrase]:
        """Return the phrases with those refused from which a meeting is to be moved: what comes before "to"."""
        line = self.found.line
        wanted = [p for p in judged if p.stance == "wanted"]
        first = min((p.start for p in wanted if _TARGET.search(line[: p.start])), default=len(line))
        return [replace(p, stance="left") if p in wanted and p.start < first else p for p in judged]

    def _clause(self, phrase: Phrase, *, back: bool = False) -> str:
        """Return the clause that a time stands in, masked, with a verb or so that ends it; with `back` with the last one before that says more."""
        clauses = list(self._clauses())
        place = next(k for k, (start, end) in enumerate(clauses) if start <= phrase.start < end)
        (start, end), texts = clauses[place], [_masked(self.found.line, *c, self.phrases) for c in clauses]
        most = _MOST_AFTER if _few_words(texts[place], 0) else _FEW
        if (
            place + 1 < len(clauses)
            and not _OPENS.match(texts[place + 1])
            and "TIME" not in texts[place + 1]
            and len(texts[place + 1].split()) <= most
        ):
            end = clauses[place + 1][1]
        elif back:
            start = next((clauses[k][0] for k in range(place - 1, -1, -1) if not _few_words(texts[k], 0)), start)
        return _masked(self.found.line, start, end, self.phrases)

    def _clauses(self) -> Iterator[tuple[int, int]]:
        """Yield the start and end of each clause, with the mark that ends it; what separates two may stand inside a time or a list of times."""
        line = self.found.line
        inside = [range(p.start, p.end) for p in self.phrases]
        inside += [range(one.end, other.start) for one, other in pairwise(self.phrases) if _is_list(line[one.end : other.start])]
        cuts = [
            m.start() if m.group()[:1].isalpha() else m.end()
            for m in _BETWEEN_CLAUSES.finditer(line)
            if not any(m.start() in span for span in inside)
        ]
        cuts += [
            one.end
            for one, other in pairwise(self.phrases)
            if line[one.end - 1] == "." and not line[one.end : other.start].strip()
        ]
        yield from pairwise(sorted({0, len(line), *cuts}))


def _is_list(between: str) -> bool:
    """Tell whether what stands between two times only lists them: "Tuesday, or on Thursday"."""
    return between.strip() != "" and not _ENDS.search(between) and _few_words(between, 0)


def _few_words(masked: str, most: int) -> bool:
    """Tell whether there are at most so many words beside times and small words."""
    return len(re.findall(r"[^\W\d_]+", FEW.sub(" ", masked.replace("TIME", " ")))) <= most


def _masked(line: str, start: int, end: int, phrases: Sequence[Phrase]) -> str:
    """Return a part of a line with TIME for each of its times."""
    parts, at = [], start
    for m in (m for p in phrases for m in p.mentions):
        if start <= m.start and m.end <= end:
            parts += [line[at : m.start], " TIME "] if m.start >= at else []
            at = m.end
    return " ".join("".join((*parts, line[at:end])).split())

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
from daemon.reading.languages.proposal_words import CUES, FEW, minutes_named
from daemon.reading.sentences import split_sentences
from daemon.reading.times.mentions import Mention, Mentions, mentions, zone_alone
from daemon.reading.times.placed_times import Phrase, in_order, names_today, phrases_of, placed, windows
from daemon.reading.times.time_pieces import taken_apart
from daemon.reading.times.zones import zone
from daemon.reading.values import ProposedTime, ReaderInput, TimeContext

MOST = 6  # times of one message
_LONGEST = 4000  # characters of a message that are looked at
_LONGEST_SENTENCE = 400  # characters of a sentence in which somebody proposes a time
_MOST_NAMED = 12  # times in it: more are a timetable
_SURE = 2  # words for times that tell the language of a longer text
_SHORT = 8  # words of a text whose words for times tell its language
_NEAR = timedelta(days=2)  # so long before a weekday that is refused another one may be meant
_MOMENT = timedelta(minutes=1)
_ADDRESS = re.compile(r"<?(?:https?://|www\.)\S+|\S+@\S+")
_MOST_ASKED = 8  # words of a question whether a time that was named before is convenient
_MOST_AFTER = 9  # words of a clause that goes on after times alone
_FEW = 3  # words of a clause that ends another one, or that a predicate has beside it
_TARGET = re.compile(r"\b(?:to|until|till|auf|for|instead)\W+(?:the |den |die |das |at |um |on )*$")
_OF_THAT = re.compile(
    r"\b(?:is|does|would|will|could|passt|ginge|geht|klappt|wäre|ist) (?:that|this|das)\b"
)  # an hour told before
_FOR_ME = re.compile(r"\b(?:me|us|mir|uns)\b")
_GIVEN_UP = frozenset({"refused", "left"})
_PREDICATE = re.compile(r"\W*(?:would|will|is|are|does|works?|suits?|wäre|ginge|geht|passt|könnte|kann)\b")
_OPENS = re.compile(r"\W*(?:ob|dass|wenn|weil|falls|und|if|whether|that|and|then|i|we|ich|wir)\b")
_REPORTS_BACK = re.compile(r"\b(?:melde\w*|bescheid|rückmeldung|let (?:me|us) know)\b")
_OTHERWISE = re.compile(r"(?:^|,|[.?;:]|\b(?:or|then|perhaps|maybe|even|rather|oder|dann|vielleicht|lieber|sonst|auch|erst))\W*$")
_IF = re.compile(r"\W*(?:if|wenn|falls|sollte)\b")
_ENDS = re.compile(r"[.;?!:]\s| - |\bso\b")
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
    `out` is the last weekday that is not to be: whether those before it are meant of this week or the next, nobody knows. `day` and
    `hour` were named last, by which others may be told.
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
    day: date | None = None
    hour: Mention | None = None


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
    if language is None or language.code not in CUES:
        return Proposals()
    written = message.date.astimezone(zone(message.time_context.time_zone)) if message.time_context.time_zone else message.date
    sentences = list(split_sentences(text, with_signature(text, (), message.sender_name, message.sender)))
    lines = [" ".join(_ADDRESS.sub(" ", sentence.text.replace("’", "'")).split()) for sentence in sentences]
    if not any(taken_apart(line.lower(), language.time_words).tokens for line in lines):  # as in half of all mails
        return Proposals()
    apart = next(filter(None, (zone_alone(s.text, language.time_words) for s in sentences)), "")
    writer = _Clocks(written, message.time_context, language, apart)
    reader = writer._replace(
        written=message.date.astimezone(zone(reader_zone)), context=replace(message.time_context, time_zone=reader_zone)
    )
    talk, times, against = _Talk((talked_of,) if talked_of else ()), list[_Time](), list[ProposedTime]()
    minutes = minutes_named(text.lower())
    for sentence, line in zip(sentences, lines, strict=True):
        if len(line) > _LONGEST_SENTENCE or len(line.lower()) != len(line):
            continue
        talk = _read(line, reader if CUES[language.code]["yours"].search(line.lower()) else writer, talk)
        against += [t.time for t in talk.against]
        times += [t._replace(time=replace(t.time, quote=sentence.text, minutes=minutes)) for t in talk.times]
    kept = [t for t in _narrowed(times) if not any(_overlap(t, other) for other in against)]
    return Proposals(() if talk.doubtful else tuple(kept)[:MOST], talk.refuses)


def _language(text: str) -> Language | None:
    """Return the language of a text; of a short one, and one without a common word, that of its words for times."""
    words, known = re.findall(r"[^\W\d_]{2,}", text.lower()), detect(text)
    words = [w for w in words if len(w) > 2 or known is None or known.code != "en"]  # "do" is no Thursday there
    counts = [(len(language.time_words.telling.intersection(words)), language) for language in LANGUAGES]
    most, language = max(counts, key=lambda pair: pair[0])
    if known is not None and len(words) >= _SHORT and (most < _SURE or not known.time_words.telling.isdisjoint(words)):
        return known
    return language if most and [count for count, _ in counts].count(most) == 1 else known


def _narrowed(times: Sequence[_Time]) -> Iterator[ProposedTime]:
    """Yield each time once, without whole days of which hours are named and windows in which a narrower one is."""
    with_hours = {t.day for t in times if not t.whole}
    first_told = {(t.time.start, t.time.end): t.time for t in reversed(times) if not (t.whole and t.day in with_hours)}
    spans = [(start, end or start) for start, end in first_told]
    for (start, end), time in reversed(first_told.items()):
        if end is None or not any(start <= s and e <= end and e - s < end - start for s, e in spans):
            yield time


def _overlap(one: ProposedTime, other: ProposedTime) -> bool:
    return one.start < (other.end or other.start + _MOMENT) and other.start < (one.end or one.start + _MOMENT)


def _read(text: str, clocks: _Clocks, before: _Talk) -> _Talk:
    """Read one more sentence."""
    low, said = text.lower(), CUES[clocks.language.code]
    moves = said["moves"].search(low) is not None
    found = mentions(text, clocks.written, clocks.context, clocks.language.time_words, moves=moves, hour=before.hour)
    found = replace(found, zone=found.zone or clocks.zone)
    lists = low.endswith(":") and said["listed"].search(low) is not None
    if not found.all or len(found.all) > _MOST_NAMED:
        asked = before.stated if not found.all and _asks_for_it(low, said) else ()
        invited = before.invited or (said["meet"].search(low) and ("?" in low or said["asks"].search(low))) is not None
        return replace(before, times=asked, against=(), goes_on=lists or bool(asked), stated=(), invited=invited)
    named = phrases_of(found)
    judged = _Stances(found, named, said, before, moves, _clauses(found, named)).judged()
    phrases = list(in_order(found, judged, before.week, before.refused, before.day or next(iter(before.days), None)))
    refuses = before.refuses or any(p.stance in _GIVEN_UP for p in phrases)
    clocks = clocks._replace(may_be_today=not (refuses or moves))
    told_hour = any(p.is_hour_told for p in phrases) and not any(p.day for p in phrases)
    days = (before.day,) if told_hour and before.day else before.days
    times = _times(found, phrases, "wanted", days, clocks)
    carried = before.stated if _has_few(_masked(low, 0, len(low), phrases), 0) else ()
    stated = (*carried, *(() if times else _times(found, phrases, "stated", (), clocks)))
    against = _times(found, phrases, "refused", before.days, clocks)
    talk = replace(before, times=times, stated=stated, against=against, refuses=refuses)
    talk = replace(talk, goes_on=bool(times) or lists, invited=before.invited or bool(times))
    return _with_days(talk, phrases, clocks.written, doubtful=_is_doubtful(found, phrases, times, before))


def _is_doubtful(found: Mentions, phrases: Sequence[Phrase], times: Sequence[_Time], before: _Talk) -> bool:
    """Tell whether a proposed time is not understood, or a whole day that is proposed has hours that nobody understands."""
    unused = any(not p.day and p.hours and (p.stance in {"stated", ""} or p.is_deadline) for p in phrases)
    not_read = (found.doubtful or not times) and any(p.stance == "wanted" for p in phrases)
    not_read = not_read or any(p.stance == "told" for p in phrases)
    return not_read or (unused and any(t.whole for t in times or before.times))


def _with_days(talk: _Talk, phrases: Sequence[Phrase], written: datetime, *, doubtful: bool) -> _Talk:
    """Return the talk with the days that a sentence leaves to the next one; it is in doubt where a time is proposed in a doubtful sentence."""
    named = [p for p in phrases if p.day and p.day.grain == "day"]
    days = [p.day.first for p in named if p.day and not p.is_deadline and not (p.stance == "refused" and not p.hours)]
    weeks = [p.day.first for p in phrases if p.day and p.day.grain == "week"]
    given_up = [p.day for p in named if p.day and p.stance in _GIVEN_UP]
    wanted = [p for p in phrases if p.stance == "wanted"]
    out = max((d.first for d in given_up if d.is_bare and d.first.weekday() != written.weekday()), default=talk.out)
    before_it = out is not None and any(p.day and p.day.is_bare and p.day.first < out - _NEAR for p in wanted)
    return replace(
        talk,
        days=tuple(dict.fromkeys(t.day for t in talk.times if t.day)) or (tuple(days[-1:]) if days or given_up else talk.days),
        week=weeks[-1] if weeks else None if named else talk.week,
        refused=next((d.first for d in reversed(given_up) if not d.is_bare), talk.refused),
        out=out,
        day=next((p.day.last for p in reversed(phrases) if p.day and p.day.grain != "told"), talk.day),
        hour=next((m for p in reversed(phrases) for m in reversed(p.mentions) if m.names_hour), talk.hour),
        doubtful=talk.doubtful or doubtful or before_it,
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


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause: its place in the sentence, and its words with TIME for each of its times."""

    start: int
    end: int
    words: str

    @property
    def is_few(self) -> bool:
        """Whether it hardly says more than times."""
        return _has_few(self.words, 0)


class _Stances(NamedTuple):
    """How a sentence stands to the phrases in it: by their clauses, and by what the sentences before leave to it."""

    found: Mentions
    phrases: Sequence[Phrase]
    said: Mapping[str, re.Pattern[str]]
    before: _Talk
    moves: bool
    clauses: Sequence[_Clause]

    def judged(self) -> list[Phrase]:
        """Return the phrases with the stance to each; those that are wanted may be asked for in a clause of their own."""
        judged: list[Phrase] = []
        for p in self.phrases:
            judged.append(replace(p, stance=self._stance(p, judged[-1] if judged else None)))
        wanted = [p for p in judged if p.stance == "wanted"]
        judged = [replace(p, stance="wanted" if wanted else "stated") if p.stance == "doubted" else p for p in judged]
        if any(p.day and not p.hours for p in wanted):  # its hours, in a clause of their own
            judged = [replace(p, stance="wanted") if p.stance == "stated" and not p.day else p for p in judged]
        if not wanted and self.found.line.endswith("?") and any(_asks_for_it(c.words, self.said) for c in self.clauses):
            return [replace(p, stance="wanted") if p.stance == "stated" else p for p in judged]
        for place, (one, other) in enumerate(pairwise(judged)):  # "I fly back on the 12th and could come the day after"
            if other.day and other.day.told and other.link == "far" and one.stance == "wanted" and not one.hours:
                judged[place] = replace(one, stance="stated")
        if not self.moves:
            return judged
        goal = min(
            (p.start for p in wanted if _TARGET.search(self.found.line[: p.start]) or any(m.told for m in p.mentions)),
            default=len(self.found.line),
        )
        return [replace(p, stance="left") if p in wanted and p.start < goal else p for p in judged]

    def _stance(self, p: Phrase, last: Phrase | None) -> str:
        said, sentence = self.said, _masked(self.found.line, 0, len(self.found.line), self.phrases)
        of_deadline = last is not None and last.is_deadline and _is_list(self.found.line[last.end : p.start])
        if (
            p.is_deadline
            or said["regular"].search(sentence)
            or ((of_deadline or said["same"].search(sentence)) and not p.of("clock"))
        ):
            return ""
        clause, has_own_words = self._clause(p)
        asks_back = "?" in clause and said["asks_back"].search(clause)
        if self._is_another_matter(clause, p):
            return ""
        if _RATHER_THAN.search(self.found.line[: p.start]) or (
            has_own_words and said["refuses"].search(clause) and not asks_back
        ):
            return "doubted" if p.of("clock") and _IF.match(clause) else "refused"
        if said["existing"].search(clause) and not self.moves and not said["offers"].search(clause):
            return ""
        few = _has_few(sentence, 0)
        goes_on = (few and self.before.invited) or (self.before.goes_on and (few or said["goes_on"].match(sentence)))
        if p.is_hour_told and p.link == "far" and not _OTHERWISE.search(self.found.line[: p.start]):
            return "stated"
        is_question = sentence.endswith("?") and _has_few(sentence, 1)
        moves = self.moves and self._proposes(sentence, p)
        return "wanted" if goes_on or is_question or moves or self._proposes(clause, p) else "stated"

    def _proposes(self, clause: str, p: Phrase) -> bool:
        """Tell whether the words of a clause propose what stands in it."""
        said, is_question = self.said, "?" in clause
        if any(
            said[name].search(clause)
            for name in ("suits", "free", "offers", "moves", *(["present"] if self.before.invited else []))
        ):
            return True
        if p.of("clock") and said["promises"].search(clause):
            return True
        meets = said["meet"].search(clause) is not None
        if meets and (is_question or said["asks"].search(clause)):
            return True
        good = said["spare"] if is_question and said["spare"].search(clause) else said["good"]
        rest = said["beside"].sub(" ", good.sub(" ", clause))
        is_said = is_question or said["links"].search(clause) or _has_few(rest, 0)
        of_meeting = (
            is_question or p.hours or _FOR_ME.search(clause) or self.before.refuses or said["refuses"].search(self.found.line)
        )
        return bool(good.search(clause) and is_said) and (meets or bool(of_meeting and _has_few(rest, 2)))

    def _is_another_matter(self, clause: str, p: Phrase) -> bool:
        """Tell whether a clause reports, asks for an answer by then, or is about goods or papers."""
        said = self.said
        if any(m.bound == "until" for m in p.mentions) and _REPORTS_BACK.search(clause):
            return True
        if p.hours is None and _OF_THAT.search(clause):
            return True
        if said["reports"].search(clause) and not said["unless"].search(clause):
            return True
        if said["promises"].search(clause):
            return False
        rest = said["matters"].sub(" ", clause)
        return rest != clause and not (said["meet"].search(rest) and ("?" in clause or said["asks"].search(rest)))

    def _clause(self, phrase: Phrase) -> tuple[str, bool]:
        """Return the words that speak of a time, and whether they are of its own clause: with what ends it, or with what it only goes on from."""
        place = next(k for k, c in enumerate(self.clauses) if c.start <= phrase.start < c.end)
        own, following = self.clauses[place], self.clauses[place + 1 : place + 2]
        for c in following:
            most = _MOST_AFTER if own.is_few or _PREDICATE.match(c.words) else _FEW
            if not _OPENS.match(c.words) and "TIME" not in c.words and len(c.words.split()) <= most:
                return f"{own.words} {c.words}", True
        headed = place > 0 and self.clauses[place - 1].words.endswith(":")
        earlier = [k for k in range(place) if not self.clauses[k].is_few] if own.is_few or headed else []
        return " ".join(c.words for c in self.clauses[earlier[-1] if earlier else place : place + 1]), not own.is_few


def _clauses(found: Mentions, phrases: Sequence[Phrase]) -> list[_Clause]:
    """Return the clauses of a sentence, each with the mark that ends it; what separates two may stand inside a time or a list of times."""
    line = found.line
    inside = [range(p.start, p.end) for p in phrases]
    inside += [range(one.end, other.start) for one, other in pairwise(phrases) if _is_list(line[one.end : other.start])]
    marks = [m for m in _BETWEEN_CLAUSES.finditer(line) if not any(m.start() in span for span in inside)]
    cuts = [m.start() if m.group()[:1].isalpha() else m.end() for m in marks]
    cuts += [one.end for one, other in pairwise(phrases) if line[one.end - 1] == "." and not line[one.end : other.start].strip()]
    return [_Clause(start, end, _masked(line, start, end, phrases)) for start, end in pairwise(sorted({0, len(line), *cuts}))]


def _asks_for_it(words: str, said: Mapping[str, re.Pattern[str]]) -> bool:
    """Tell whether a short question asks for a time that was named before: "does that work?"."""
    asks = len(words.split()) <= _MOST_ASKED and said["that_time"].match(words)
    return bool(asks) and any(said[name].search(words) for name in ("suits", "good", "spare", "manages"))


def _is_list(between: str) -> bool:
    """Tell whether what stands between two times only lists them: "Tuesday, or on Thursday"."""
    return between.strip() != "" and not _ENDS.search(between) and _has_few(between, 0)


def _has_few(words: str, most: int) -> bool:
    """Tell whether there are at most so many words beside times and small words."""
    return len(re.findall(r"[^\W\d_]+", FEW.sub(" ", words.replace("TIME", " ")))) <= most


def _masked(line: str, start: int, end: int, phrases: Sequence[Phrase]) -> str:
    """Return a part of a line with TIME for each of its times."""
    parts, at = [], start
    for m in (m for p in phrases for m in p.mentions):
        if start <= m.start and m.end <= end:
            parts += [line[at : m.start], " TIME "] if m.start >= at else []
            at = m.end
    return " ".join("".join((*parts, line[at:end])).split())

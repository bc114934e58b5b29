"""When a promise or postponement falls due: the time its own sentence names, or a promise's from the sentences before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from daemon.reading.languages.language import Language
from daemon.reading.sentence_matches import MatchedSentence
from daemon.reading.sentences import Sentence
from daemon.reading.times.due_times import DuePhrase, find_due_phrases
from daemon.reading.values import Act, Due, ReaderInput

_UNSURE = 0.6  # confidence of a due time that is not certain to belong to the act
_SENTENCES_BEFORE = 3  # that may name a promise's time
_GRAINS = ("minute", "hour", "part of day", "day", "week", "month", "year")
_OF_ONE_DAY = frozenset(("minute", "part of day", "day"))
_MAX_JOINED = 40  # characters between two times of which the second is on the first one's day
_JOINS = re.compile(r"\b(?:and|or|then|und|oder|dann)\b|,", re.IGNORECASE)
# "Our 2pm call tomorrow": the day is the hour's; "at 3pm about Friday": it is another matter's.
_NOUN_BETWEEN = re.compile(
    r"^\s+(?:(?!(?:about|for|regarding|re|with|and|or|but|to|of|than|until|by|concerning|over|unless|if|because|since|is|was|after|before|mit|"
    r"wegen|zu|zur|zum|für|über|und|oder|nach|vor)\b)[\w'-]+\s+){1,2}(?:(?:on|am)\s+)?$",
    re.IGNORECASE,
)
_LEADING = 30  # characters between a day that begins a sentence and the promise: "On Monday I'll call you at 3pm"
_APPOINTMENTS = frozenset(("meet", "call"))
_AFTERWARDS = re.compile(
    r"\bafter (?:the|our|that|this|my) ?(?:meeting|call|conversation|visit|lunch)?\b|\b(?:afterwards|then)\W*$|\bdanach\b",
    re.IGNORECASE,
)
# What is handed over face to face; "bring it up" and "bring it forward" are other matters.
_BRINGS = re.compile(
    r"\b(?:bring(?:ing)?\b(?! (?:\w+ )?(?:up|forward|back|down|out|about|to (?:the|your|his|her|their) (?:attention|notice))\b)|have\b.{1,60}\b(?:with (?:me|us)|to hand over)\b|"
    r"bring\w*\b.{1,80}\bmit\b|nehm\w*\b.{1,80}\bmit\b|mit(?:zu)?(?:bringen?|nehmen?)\b|hab(?:e|en)?\b.{1,60}\b(?:dabei|im gepäck)\b)",
    re.IGNORECASE,
)
_BEGINS_WITH_CONDITION = re.compile(
    r"\W*(?:if|once|when|whenever|unless|should|as soon as|after|wenn|falls|sobald|sofern|nachdem)\b"
)
_NAMES_AN_END = re.compile(
    r"\b(?:by|before|until|till|no later than|latest|end of|close of|eod|eow|cob|bis|spätestens|vor|ende)\b", re.IGNORECASE
)
_ALTERNATIVE = re.compile(r"\b(?:or|and|to|through|oder|und|bis)\b|[-–]")


def due_within(sentence: Sentence, message: ReaderInput, language: Language, act_start: int = 0) -> Due | None:
    """Return the due time that a sentence names for the act that begins at offset `act_start` of its single-line form.

    A time named after that point comes before one named ahead of it, and a time within a leading condition never counts. "Monday
    or Tuesday" lasts until Tuesday; of two unrelated times neither is certain.
    """
    line = " ".join(sentence.text.split())
    phrases = [p for p in _phrases(line, message, language) if p.due.due >= message.date]
    after = _with_their_days([p for p in phrases if p.start >= act_start], line)
    if after or _BEGINS_WITH_CONDITION.match(line.lower()):
        phrases = _on_leading_day(phrases, after, line, act_start)
    if not phrases:
        return None
    first, last = phrases[0], phrases[-1]
    if len(phrases) == 1 or first.due.due == last.due.due:
        return first.due
    if len(phrases) == 2 and _ALTERNATIVE.fullmatch(line[first.end : last.start].strip()):
        return last.due._replace(earliest=first.due.earliest, quote=line[first.start : last.end])
    ends = [p for p in phrases if _NAMES_AN_END.match(p.due.quote)]
    if len(ends) == 1:  # "the morning session by 9pm"
        return ends[0].due
    return first.due._replace(confidence=_UNSURE)


def _on_leading_day(phrases: Sequence[DuePhrase], after: list[DuePhrase], line: str, act_start: int) -> list[DuePhrase]:
    """Return the phrases after the act's beginning; an hour alone is one of the day with which the sentence begins."""
    first = phrases[0] if phrases else None
    if first is None or not after or after[0].names_day or first is after[0] or not first.names_day:
        return after
    leads = not line[: first.start].strip(" ,-–") and act_start - first.end <= _LEADING and first.due.grain == "day"
    if not leads:
        return after
    moved = _moved_to(first.due.due, after[0].due)._replace(confidence=after[0].due.confidence)
    return [after[0]._replace(due=moved, names_day=True), *after[1:]]


def _with_their_days(phrases: Sequence[DuePhrase], line: str) -> list[DuePhrase]:
    """Return the phrases; an hour without a day takes the day that stands beside it.

    "On Monday about the pump, at 3pm", "before our 2pm call tomorrow", and "tomorrow by 10 and the rest by evening".
    """
    dues: list[DuePhrase] = []
    for phrase in phrases:
        last = dues[-1] if dues else None
        if last is None or last.names_day == phrase.names_day:
            dues.append(phrase)
            continue
        day, hour = (last, phrase) if last.names_day else (phrase, last)
        joins = _JOINS if last.names_day else _NOUN_BETWEEN
        between = line[last.end : phrase.start]
        if day.due.grain not in _OF_ONE_DAY or len(between) > _MAX_JOINED or joins.search(between) is None:
            dues.append(phrase)
            continue
        moved = _moved_to(day.due.due, hour.due)
        if day.due.grain == "day":
            quote = line[last.start : phrase.end]
            dues[-1] = DuePhrase(last.start, phrase.end, moved._replace(quote=quote))
        else:
            dues.append(hour._replace(due=moved, names_day=True))
    return dues


def _moved_to(day: datetime, due: Due) -> Due:
    """Return the due time at its clock time on another day."""
    zone = due.due.tzinfo
    shift = day.astimezone(zone).date() - due.due.date()
    return due._replace(earliest=due.earliest + shift, due=due.due + shift, latest=due.latest + shift, confidence=_UNSURE)


def names_an_end(words: str) -> bool:
    """Tell whether words that name a time name the latest one: "by Friday", "before 10", "am Mittwoch bis 11 Uhr"."""
    return _NAMES_AN_END.search(words) is not None


def is_brought(quote: str) -> bool:
    """Tell whether words promise to bring something along, which is handed over face to face and leaves no mail."""
    return _BRINGS.search(quote) is not None


def due_beside(act: Act, before: Sequence[MatchedSentence], message: ReaderInput, language: Language) -> Act:
    """Return the promise with the time that the sentences before it name, where its own sentence leaves it open.

    That is the day of an hour named alone, or the time of the meeting or call that is promised, that the promise follows, or to which
    something is brought along; a time that is only asked for is not agreed.
    """
    hour_only = act.due is not None and act.due.grain == "minute" and not _on_another_day(act.due, message)
    brings = is_brought(act.quote)
    follows = brings or act.sort in _APPOINTMENTS or _AFTERWARDS.search(act.quote) is not None
    if act.conditional or not (follows if act.due is None else hour_only):
        return act
    for matched in reversed(before if hour_only else before[-_SENTENCES_BEFORE:]):
        line = " ".join(matched.sentence.text.split())
        if brings and line.endswith("?"):
            continue
        dues = [p.due for p in _phrases(line, message, language) if p.due.due >= message.date]
        for named in sorted(dues, key=lambda d: _GRAINS.index(d.grain)):
            due = _named_day(act.due, named) if act.due else _named_time(act, named, message)
            if due is not None:
                return replace(act, due=due)
    return act


def with_plain_offsets(act: Act) -> Act:
    """Return the act with its due time in offsets from UTC, as it is stored.

    A moment of the hour that the clocks repeat, in a zone with rules, equals no moment of another zone (PEP 495).
    """
    if act.due is None:
        return act
    earliest, due, latest = map(_plain, act.due[:3])
    return replace(act, due=act.due._replace(earliest=earliest, due=due, latest=latest))


def _plain(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone(moment.utcoffset() or timedelta()), fold=0)


def _named_day(hour: Due, named: Due) -> Due | None:
    """Return the hour on the day that another sentence names with that same hour, or None."""
    if named.grain != "minute" or named.due.timetz() != hour.due.timetz():
        return None
    return hour._replace(earliest=named.due, due=named.due, latest=named.due, confidence=_UNSURE)


def _named_time(act: Act, named: Due, message: ReaderInput) -> Due | None:
    """Return another sentence's time as the act's, or None; an appointment takes only a clock time on another day."""
    if not _on_another_day(named, message) or (named.grain != "minute" and act.sort in _APPOINTMENTS):
        return None
    return named._replace(confidence=_UNSURE)


def _on_another_day(due: Due, message: ReaderInput) -> bool:
    return due.due.date() != message.date.astimezone(due.due.tzinfo).date()


def phrases_ahead(line: str, message: ReaderInput, language: Language) -> list[DuePhrase]:
    """Return the times that a line names and that had not passed when it was written, each hour with the day beside it."""
    return _with_their_days([p for p in _phrases(line, message, language) if p.due.due >= message.date], line)


def _phrases(line: str, message: ReaderInput, language: Language) -> list[DuePhrase]:
    return find_due_phrases(
        line, message.date, message.time_context, language.time_words, writers_clock=message.direction == "received"
    )

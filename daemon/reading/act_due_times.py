"""When a promise or postponement falls due: the time its own sentence names, or a promise's from the sentences before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from daemon.reading.languages.language import Language
from daemon.reading.sentence_matches import MatchedSentence
from daemon.reading.sentences import Sentence
from daemon.reading.times.calendar_days import DAY
from daemon.reading.times.due_times import DuePhrase, find_due_phrases
from daemon.reading.values import Act, Due, ReaderInput

_UNSURE = 0.6  # confidence of a due time that is not certain to belong to the act
_SENTENCES_BEFORE = 3  # that may name a promise's time
_GRAINS = ("minute", "hour", "part of day", "day", "week", "month", "year")
_APPOINTMENTS = frozenset(("meet", "call"))
_AFTERWARDS = re.compile(
    r"\bafter (?:the|our|that|this|my) ?(?:meeting|call|conversation|visit|lunch)?\b|\b(?:afterwards|then)\W*$|\bdanach\b",
    re.IGNORECASE,
)
_BEGINS_WITH_CONDITION = re.compile(
    r"\W*(?:if|once|when|whenever|unless|should|as soon as|after|wenn|falls|sobald|sofern|nachdem)\b"
)
_NAMES_AN_END = re.compile(r"(?:by|before|until|till|no later than|latest|bis|spätestens|vor)\b", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"\b(?:or|and|to|through|oder|und|bis)\b|[-–]")


def due_within(sentence: Sentence, message: ReaderInput, language: Language, act_start: int = 0) -> Due | None:
    """Return the due time that a sentence names for the act that begins at offset `act_start` of its single-line form.

    A time named after that point comes before one named ahead of it, and a time within a leading condition never counts. "Monday
    or Tuesday" lasts until Tuesday; of two unrelated times neither is certain.
    """
    line = " ".join(sentence.text.split())
    phrases = [p for p in _phrases(line, message, language) if p.due.due >= message.date - DAY]
    after = [p for p in phrases if p.start >= act_start]
    if after or _BEGINS_WITH_CONDITION.match(line.lower()):
        phrases = after
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


def due_beside(act: Act, before: Sequence[MatchedSentence], message: ReaderInput, language: Language) -> Act:
    """Return the promise with the time that the sentences before it name, where its own sentence leaves it open.

    That is the day of an hour named alone, or the time of the meeting or call that is promised or that the promise follows.
    """
    hour_only = act.due is not None and act.due.grain == "minute" and not _on_another_day(act.due, message)
    follows = act.sort in _APPOINTMENTS or _AFTERWARDS.search(act.quote) is not None
    if act.conditional or not (follows if act.due is None else hour_only):
        return act
    for matched in reversed(before if hour_only else before[-_SENTENCES_BEFORE:]):
        line = " ".join(matched.sentence.text.split())
        dues = [p.due for p in _phrases(line, message, language) if p.due.due >= message.date]
        for named in sorted(dues, key=lambda d: _GRAINS.index(d.grain)):
            due = _named_day(act.due, named) if act.due else _named_time(act, named, message)
            if due is not None:
                return replace(act, due=due)
    return act


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


def _phrases(line: str, message: ReaderInput, language: Language) -> list[DuePhrase]:
    return find_due_phrases(line, message.date, message.time_context, language.time_words)

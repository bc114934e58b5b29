"""Next step: after every contact something is planned with the client.

Owed where the charter asks for it, the last contact was as long ago as its `next_step` says, and nothing lies ahead: no meeting, no
dated promise of either side, no day that either has named in a mail, nothing that the client is waiting for. One for each quiet
spell. None after a thank-you or a refusal, and none with lost clients and whoever merely writes to the user (`core.history`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from daemon.core import hours, meetings, messages
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.history import History
from daemon.glossary.charter import Allowance, WorkingHours
from daemon.glossary.obligations import Kind, Obligation, SourceType
from daemon.glossary.parties import Stage
from daemon.glossary.timelines import Entry
from daemon.reading import ActKind, TimeContext
from daemon.reading.languages.detection import by_code
from daemon.reading.sentences import split_sentences
from daemon.reading.times.due_times import find_due_phrases
from daemon.standards import reply

NAME = "next_step"
DEFAULT: Allowance | None = None  # only where the charter asks for it

_RECENT = timedelta(days=60)  # how long ago a day was named that still may be planned for
_LATEST = 20  # mails in which such a day is looked for
_SURE = 0.6  # of a day that is named
_PLANNABLE = frozenset(("minute", "hour", "part of day", "day", "week"))
_CALLED_OFF = re.compile(
    r"\b(?:cancel\w*|called? off|postponed|not|never|no longer|can't|cannot|won't|isn't|doesn't|unable|unfortunately|nicht|kein\w*|abgesagt|absagen|leider)\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"\b(?:no,? thank(?:s| you)|not interested|(?:we|i)(?:'ve| have)? (?:decided|chosen|opted|gone|went|agreed) (?:against|to (?:go|stay|continue|stick|work) with (?!you)|with (?:another|a different|somebody|someone)|not to)|"
    r"(?:we|i)(?:'ll| will| would like to| have to| must)? (?:pass|decline|turn (?:it|this|that|your offer) down)\b|(?:don't|do not|no longer|won't) (?:need|require|want) (?:it|this|that|any|your|the|a)|"
    r"(?:must|have to|need to) decline|unsubscribe|not (?:at this time|for us|this (?:year|time))|kein(?:e|en)? (?:interesse|bedarf)|(?:haben|habe) uns? ?(?:\w+ )?(?:anders|dagegen|für (?:einen anderen|ein anderes|eine andere)) ?entschieden|"
    r"nein,? danke|(?:müssen|muss) (?:leider )?(?:absagen|ablehnen)|lehnen (?:\w+ )?ab)\b",
    re.IGNORECASE,
)


def owed(inputs: AssessmentInputs, history: History) -> Iterator[Obligation]:
    """Yield the obligation of the present quiet spell, if nothing is planned."""
    allowance = inputs.allowance(NAME, DEFAULT)
    story = inputs.timeline
    if allowance is None or story.client.stage is Stage.LOST or not history.two_way or _planned(inputs, history):
        return
    last = history.contacts[-1]
    if _is_over(story.entries, last.reference) or _names_day_ahead(inputs):
        return
    kind = "email" if last.type is SourceType.MESSAGE else "meeting"
    yield inputs.obligation(
        inputs.key(Kind.NEXT_STEP, last.reference),
        Kind.NEXT_STEP,
        replace(last, quote=None),
        hours.add(inputs.hours, last.at, allowance),
        f"Nothing has been planned since the {kind} of {_moment(last.at, inputs.hours)}",
        contact=history.main_contact,
    )


def _planned(inputs: AssessmentInputs, history: History) -> bool:
    """Whether a meeting lies ahead, a dated promise is open, or the client is waiting for something already."""
    ahead = any(e.start > inputs.now and meetings.takes_place(e, inputs.timeline) for e in inputs.timeline.events)
    promised = any(
        c.closed is None and c.due is not None and not inputs.settled(c.key) and _alive(inputs, c.due, c.last_sign)
        for c in history.promises
    )
    waiting = any(
        x.closed is None and not reply.taken_back_in_time(x) and not inputs.settled(x.key) and _alive(inputs, x.due, x.last_sign)
        for x in history.requests
    )
    return ahead or promised or waiting


def _is_over(entries: tuple[Entry, ...], last: str) -> bool:
    """Whether the last contact was a mail that only thanks, or one in which somebody declines."""
    entry = next((e for e in reversed(entries) if e.message.message_id == last), None)
    if entry is None:
        return False
    thanks = entry.reading.closing and not entry.reading.of(ActKind.REQUEST)
    return thanks or _REFUSAL.search(entry.reading.new_text[:2000]) is not None


def _names_day_ahead(inputs: AssessmentInputs) -> bool:
    """Whether a recent mail names a day to come that no later one calls off."""
    people = (e for e in reversed(inputs.timeline.entries) if messages.from_client(e) or messages.from_our_side(e))
    off: set[date] = set()
    for entry in islice(people, _LATEST):
        if inputs.now - entry.at > _RECENT:
            return False
        reading = entry.reading
        named = _days_named(reading.new_text, entry.message.date, reading.language, hours.frame(inputs.hours))
        off.update(day.date() for day, stands in named if not stands)
        if any(stands and day > inputs.now and day.date() not in off for day, stands in named):
            return True
    return False


@lru_cache(maxsize=2048)
def _days_named(text: str, written: datetime, code: str, frame: TimeContext) -> tuple[tuple[datetime, bool], ...]:
    """Return the moments (in UTC) that a text names, and whether each stands or is called off by its sentence."""
    language = by_code(code)
    if language is None:
        return ()
    return tuple(
        (phrase.due.due.astimezone(UTC), _CALLED_OFF.search(sentence.text) is None)
        for sentence in split_sentences(text, ())
        for phrase in find_due_phrases(" ".join(sentence.text.split()), written, frame, language.time_words)
        if phrase.due.grain in _PLANNABLE and phrase.due.confidence >= _SURE
    )


def _alive(inputs: AssessmentInputs, due: datetime | None, last_sign: datetime) -> bool:
    """Whether it was not given up as missed."""
    return due is None or inputs.now < inputs.lapses(due, last_sign)


def _moment(at: datetime, working: WorkingHours) -> str:
    """Return a moment as one writes it, in the user's zone: Mon 2 Mar 11:00."""
    local = at.astimezone(ZoneInfo(working.zone))
    return f"{local:%a} {local.day} {local:%b %H:%M}"

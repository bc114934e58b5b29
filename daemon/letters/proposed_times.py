"""What the calendar says of the times that a client proposes: for the user, and as one sentence of the reply, in English or German.

The user reads the account's clock, with the client's beside it where that differs. The reply accepts the first hour that is free, lets
the client choose one of a window, or offers others. It never says what takes a time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby
from operator import itemgetter
from zoneinfo import ZoneInfo

from connectors.calendar import Busy
from daemon.letters import phrases
from daemon.letters.habits.wording import BY_LANGUAGE
from daemon.planning.answered_times import AnsweredTime, Outcome

_OFFERED = 3
_WHY_NOT: Mapping[Outcome, str] = {
    Outcome.OUTSIDE: "outside your working hours",
    Outcome.OFF: "you do not work that day",
    Outcome.PASSED: "has passed",
}


@dataclass(frozen=True, slots=True)
class Clocks:
    """The user's time zone and the client's, and by which name the user calls who proposes."""

    own: ZoneInfo
    theirs: ZoneInfo
    name: str = ""

    def told_apart(self, at: datetime) -> bool:
        """Return whether the two clocks show different times at a moment."""
        return at.astimezone(self.own).utcoffset() != at.astimezone(self.theirs).utcoffset()


@dataclass(frozen=True, slots=True)
class TimesReply:
    """The sentence of the reply that answers proposed times, and the times that it accepts or offers."""

    text: str
    slots: tuple[Busy, ...] = ()


# for the user


def looked_up(answers: Sequence[AnsweredTime], clocks: Clocks, now: datetime) -> list[str]:
    """Return for each day what the calendar says of its times: "Thursday 12 March 10:00: you are free"; today is called that.

    Of a window that has begun only what is left is told: "You are free now until 17:30", "today: free 16:30–17:30". Of a span
    that has passed ("this afternoon") nothing is said: the reader of the letter sees that.
    """
    lines: list[str] = []
    current = [a for a in answers if a.asked.end is None or a.outcome is not Outcome.PASSED]
    told = [(*_span(answer, clocks, now), _verdict(answer, clocks)) for answer in current if not _free_now(answer, now)]
    lines.extend(f"You are free now until {_clock(a.free[0].end, clocks.own)}" for a in current if _free_now(a, now))
    for day, of_day in groupby(told, key=itemgetter(0)):
        alike = [(verdict, _hours(list(same), clocks)) for verdict, same in groupby(of_day, key=itemgetter(3))]
        parts = [f"{hours}: {verdict}" if hours else verdict for verdict, hours in alike]
        lines.append(f"{day}{' ' if alike[0][1] else ': '}{'; '.join(parts)}")
    return lines


def _hours(same: Sequence[tuple[str, str, str, str]], clocks: Clocks) -> str:
    """Return the hours of times of which the same is said: "14:00 and 15:00 (09:00 and 10:00 for Nina)"."""
    own, theirs = ([row[place] for row in same if row[place]] for place in (1, 2))
    beside = f" ({phrases.listed(theirs)} for {clocks.name or 'them'})" if theirs else ""
    return f"{phrases.listed(own)}{beside}"


def is_free(answers: Sequence[AnsweredTime]) -> bool:
    """Return whether the user is free at one of the times: then no others need be offered."""
    return any(answer.outcome is Outcome.FREE for answer in answers)


def _free_now(answer: AnsweredTime, now: datetime) -> bool:
    """Return whether the user is free from now until the end of a window, or until something follows."""
    return bool(answer.asked.end and answer.asked.start <= now and len(answer.free) == 1 and answer.free[0].start <= now)


def _span(answer: AnsweredTime, clocks: Clocks, now: datetime) -> tuple[str, str, str]:
    """Return the day of a proposed time, its hours there and, where it differs, its beginning for the client.

    A window of several days, and one that has begun, has no hours.
    """
    start, end = answer.asked.start, answer.asked.end
    today, last = now.astimezone(clocks.own).date(), (end or start).astimezone(clocks.own).date()
    if last == today and end is not None and start <= now:
        return "today", "", ""
    theirs = _theirs(start, clocks, "en") if clocks.told_apart(start) else ""
    day = "today" if last == today else _day(start, clocks.own, "en")
    if end is None:
        return day, _clock(start, clocks.own), theirs
    if start.astimezone(clocks.own).date() != end.astimezone(clocks.own).date():
        return f"{_day(start, clocks.own, 'en')} to {_day(end, clocks.own, 'en')}", "", ""
    return day, f"{_clock(start, clocks.own)}–{_clock(end, clocks.own)}", theirs


def _verdict(answer: AnsweredTime, clocks: Clocks) -> str:
    if answer.outcome in _WHY_NOT:
        return _WHY_NOT[answer.outcome]
    if answer.outcome is Outcome.FREE:
        return _free(answer, clocks)
    if answer.outcome is Outcome.HELD:
        return f"free, but a draft offers it to {phrases.cut(answer.held_for, 60)}; {_next(answer, clocks)}"
    start, until = answer.asked.start.astimezone(clocks.own), answer.until.astimezone(clocks.own) if answer.until else None
    if until is not None and (until.date() != start.date() or until.time() == time()):
        return "taken for the rest of the day"
    taken = f"taken (ends {until:%H:%M})" if until else "nothing is free"
    return f"{taken}; {_next(answer, clocks)}"


def _free(answer: AnsweredTime, clocks: Clocks) -> str:
    """Return what is free: the moment, the whole window, its free parts, or times in a window of days."""
    asked, free = answer.asked, answer.free
    if asked.end is None:
        return f"you are free until {_clock(answer.until, clocks.own)}" if answer.until else "you are free"
    if len(free) == 1 and free[0].start <= asked.start and free[0].end >= asked.end:
        return "you are free"
    if asked.start.astimezone(clocks.own).date() == asked.end.astimezone(clocks.own).date():
        return "free " + phrases.listed([f"{_clock(part.start, clocks.own)}–{_clock(part.end, clocks.own)}" for part in free])
    slots = [f"{phrases.date_of(s.start, clocks.own)} {_clock(s.start, clocks.own)}" for s in answer.slots]
    return f"free {phrases.listed(slots, 'or')}, among others" if slots else "you have free time"


def _next(answer: AnsweredTime, clocks: Clocks) -> str:
    if not answer.slots:
        return "nothing free later that day"
    at = answer.slots[0].start
    return f"free at {_clock(at, clocks.own)}{_their_clock(at, clocks)}"


def _their_clock(at: datetime, clocks: Clocks) -> str:
    return f" ({_theirs(at, clocks, 'en')} for {clocks.name or 'them'})" if clocks.told_apart(at) else ""


# for the client


def reply(answers: Sequence[AnsweredTime], others: Sequence[Busy], clocks: Clocks, language: str = "en") -> TimesReply | None:
    """Return the sentence that accepts the first proposed hour that is free, or says that none is and offers others.

    Of windows no hour is accepted, as the client has named none: the sentence offers free ones.

    `others` are free times to offer beside those that the calendar suggests. None where nothing was looked up.
    """
    if not answers:
        return None
    words = _GERMAN if language == "de" else _ENGLISH
    speaker = _Speaker(clocks, "de" if language == "de" else "en")
    free = [a for a in answers if a.outcome is Outcome.FREE and a.slots]
    accepted = next((a.slots[0] for a in free if a.asked.end is None), None)
    if accepted is not None:
        return TimesReply(words["accept"].format(speaker.named(accepted.start)), (accepted,))
    if free:
        chosen = free[0].slots if len(free) == 1 else tuple(a.slots[0] for a in free)[:_OFFERED]
        kind = "choose" if len(chosen) > 1 else "choose_one"
        return TimesReply(words[kind].format(speaker.listed(chosen)), chosen)
    slots = _instead(answers, others)
    passed = all(a.outcome is Outcome.PASSED for a in answers)
    refused = speaker.named(answers[0].asked.start, clock=answers[0].asked.end is None)
    kind = ("passed" if passed else "refuse") + ("" if slots else "_ask")
    return TimesReply(words[kind].format(refused, speaker.listed(slots)), slots)


_ENGLISH: Mapping[str, str] = {
    "accept": "{0} works for me.",
    "choose": "I am free on {0}; which suits you best?",
    "choose_one": "I am free on {0}; would that suit you?",
    "refuse": "{0} does not work for me, I am afraid; would {1} suit you?",
    "refuse_ask": "{0} does not work for me, I am afraid; which other time would suit you?",
    "passed": "{0} has passed, I am sorry; would {1} suit you?",
    "passed_ask": "{0} has passed, I am sorry; which other time would suit you?",
}
_GERMAN: Mapping[str, str] = {
    "accept": "{0} passt mir gut.",
    "choose": "Zeit hätte ich am {0}; was passt am besten?",
    "choose_one": "Zeit hätte ich am {0}; würde das passen?",
    "refuse": "{0} passt mir leider nicht; ginge es am {1}?",
    "refuse_ask": "{0} passt mir leider nicht; welche andere Zeit wäre möglich?",
    "passed": "{0} ist leider schon vorbei; ginge es am {1}?",
    "passed_ask": "{0} ist leider schon vorbei; welche andere Zeit wäre möglich?",
}


def _instead(answers: Sequence[AnsweredTime], others: Sequence[Busy]) -> tuple[Busy, ...]:
    """Return times to offer where none that was proposed is free, each once: first those of the same days."""
    near = sorted(slot for answer in answers for slot in answer.slots)
    beside = (slot for slot in sorted(others) if all(slot.end <= n.start or n.end <= slot.start for n in near))
    return tuple(dict.fromkeys((*near, *beside)))[:_OFFERED]


@dataclass(frozen=True, slots=True)
class _Speaker:
    """Names times to the client, in a language."""

    clocks: Clocks
    language: str

    def named(self, at: datetime, *, clock: bool = True) -> str:
        """Return a day with its hour: "Thursday 5 March at 14:00 (09:00 your time)"."""
        day = _day(at, self.clocks.own, self.language)
        if not clock:
            return day
        hour = _clock(at, self.clocks.own)
        return f"{day} at {hour}{self._yours(at)}" if self.language == "en" else f"{day} um {hour} Uhr{self._yours(at)}"

    def listed(self, slots: Sequence[Busy]) -> str:
        """Return times in a row."""
        named = [self.named(slot.start) for slot in slots]
        return (
            phrases.listed(named, "or")
            if self.language == "en"
            else phrases.listed([*named[:1], *(f"am {name}" for name in named[1:])], "oder")
        )

    def _yours(self, at: datetime) -> str:
        if not self.clocks.told_apart(at):
            return ""
        theirs = _theirs(at, self.clocks, self.language)
        return f" ({theirs} your time)" if self.language == "en" else f" (dort {theirs} Uhr)"


def _theirs(at: datetime, clocks: Clocks, language: str) -> str:
    """Return the hour on the client's clock, with the day where it is another one there."""
    same = at.astimezone(clocks.own).date() == at.astimezone(clocks.theirs).date()
    return _clock(at, clocks.theirs) if same else f"{_day(at, clocks.theirs, language)} {_clock(at, clocks.theirs)}"


def _day(at: datetime, zone: ZoneInfo, language: str) -> str:
    local = at.astimezone(zone)
    names = BY_LANGUAGE[language]
    weekday, month = names.whole_days[local.weekday()], names.whole_months[local.month - 1]
    return f"{weekday} {local.day} {month}" if language == "en" else f"{weekday}, {local.day}. {month}"


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return phrases.time_of_day(at, zone)

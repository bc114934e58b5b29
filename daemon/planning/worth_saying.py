"""What is worth saying in a morning's digest, and what is only counted.

Found is not said: a line that stands there every morning is not read on the day it matters. So

- what is overdue or due today stands there until it is settled; what may be done already is asked about when that is news, and once
  more when the week begins,
- what falls due later is named when it is new or its condition is met, when its day is tomorrow's, and on the first working day of its week,
- what somebody else owes is named on the day it is expected, the working day after it, and then once a week,
- what has no date is named only while something makes it current: the client asked about it, or the meeting it belongs to is near,
- whether a review took place that nobody accepted is asked while that is fresh, before it is called overdue,
- what was read without certainty is asked about while it is fresh, and what has no date once after ten working days of silence:
  at most two questions a morning, each once (a mention at the stage `ASKED` records it).

Everything else stays in `kept due` and in the reports. Pure: it follows from the obligations, what was asked before, and the moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from daemon.core import hours
from daemon.core.evidence import perhaps_held
from daemon.glossary.actions import ASKED, Mention
from daemon.glossary.charter import WorkingHours
from daemon.glossary.obligations import Band, Kind, Obligation, Strength, times_asked

QUESTIONS = 2  # a morning
SILENCE = 10  # working days without a word after which what has no date is asked about
FRESH = 5  # working days during which a doubt, a stirred promise or that question is worth asking
AHEAD = timedelta(days=7)  # how far ahead the digest looks
_DEAR = (Kind.REPLY, Kind.CALLBACK, Kind.PROMISE, Kind.WAITING_FOR)  # the dearest first


@dataclass(frozen=True, slots=True)
class Morning:
    """The morning of a digest: the account's working hours, and the moment. `is_first` says that nothing was ever said before."""

    working: WorkingHours
    now: datetime
    is_first: bool = False

    @property
    def today(self) -> date:
        """The date in the account's time zone."""
        return hours.local_date(self.working, self.now)

    def midnight(self, day: date) -> datetime:
        """Return the beginning of a day in the account's time zone."""
        return datetime.combine(day, time(), ZoneInfo(self.working.zone))

    @property
    def begins_week(self) -> bool:
        """Whether it is the first working day of its week, or of all."""
        if self.is_first:
            return True
        monday = self.today - timedelta(days=self.today.weekday())
        return not any(hours.is_working_day(self.working, monday + timedelta(days=n)) for n in range(self.today.weekday()))

    def is_news(self, at: datetime) -> bool:
        """Whether something happened since the working day before began: the digest of that day cannot have told it whole."""
        return self.midnight(hours.nth_working_day(self.working, self.today, -1)) <= at <= self.now

    def is_recent(self, at: datetime, working_days: int) -> bool:
        """Whether a moment lies at most so many working days back."""
        return at <= self.now < hours.working_days_after(self.working, at, working_days)

    def is_near(self, at: datetime) -> bool:
        """Whether a moment ahead lies on the next working day or before it."""
        return at < self.midnight(hours.nth_working_day(self.working, self.today, 1) + timedelta(days=1))


def speaks(o: Obligation, morning: Morning) -> bool:
    """Return whether an open obligation is worth a line of its own this morning, without a question to the user."""
    if o.band is not Band.TRACKED:
        return False
    if o.due is None:
        return _is_current(o, morning)
    if o.kind is Kind.WAITING_FOR:
        return _awaited(o.due, morning)
    if o.kind is Kind.NEXT_STEP:
        return o.due <= morning.now and (morning.is_news(o.due) or morning.begins_week)
    if o.due < morning.midnight(morning.today + timedelta(days=1)):
        return o.due >= morning.now or _presses(o, o.due, morning)
    begun = max(o.created, o.revived) if o.revived is not None else o.created
    soon = morning.is_near(o.due) or morning.is_news(begun)
    return soon or (morning.begins_week and o.due < morning.now + AHEAD)


def questions(owed: Iterable[Obligation], asked: Mapping[Mention, datetime], morning: Morning) -> tuple[Obligation, ...]:
    """Return what this morning's digest asks about: the newest and the dearest, each once; `asked` is when each was asked before.

    What was asked earlier on the same day is asked by every digest of that day.
    """
    candidates = [o for o in owed if is_doubt(o, morning) or is_silent(o, morning)]
    before = {o.key: asked.get(_mention(o)) for o in candidates}
    today = [o for o in candidates if (at := before[o.key]) and hours.local_date(morning.working, at) == morning.today]
    new = sorted((o for o in candidates if before[o.key] is None), key=lambda o: _rank(o, morning))
    return (*today, *_different(new, today))[:QUESTIONS]


def is_doubt(o: Obligation, morning: Morning) -> bool:
    """Return whether something that was read without certainty is fresh enough to be asked about: by its words, or by its due time.

    What a client said in passing about something without a date is not worth a question.
    """
    if o.band is not Band.ASKED or not o.counts or o.due is None:
        return False
    return morning.is_recent(o.created, FRESH) or (morning.is_near(o.due) and morning.now < o.due)


def is_unconfirmed(o: Obligation, morning: Morning) -> bool:
    """Return whether the time of a review that nobody accepted has passed of late, so that only the user knows whether it was held."""
    meeting = perhaps_held(o, morning.now)
    return meeting is not None and o.counts and morning.is_recent(meeting.at, FRESH)


def is_silent(o: Obligation, morning: Morning) -> bool:
    """Return whether a promise or a wait without a date has not been heard of for ten working days, so that it is asked about.

    What belongs to a meeting comes up with the meeting, or is over with it.
    """
    if o.due is not None or not o.counts or o.rests is not None or (o.band is not Band.TRACKED and o.kind is Kind.WAITING_FOR):
        return False
    since = hours.working_days_after(morning.working, o.last_sign or o.created, SILENCE)
    return o.band is not Band.IGNORED and morning.is_recent(since, FRESH)


def _rank(o: Obligation, morning: Morning) -> tuple[float, int, float, str]:
    """Return what orders questions: the newest day first, of one day the dearest kind, then the surest."""
    day = hours.local_date(morning.working, o.created)
    kind = _DEAR.index(o.kind) if o.kind in _DEAR else len(_DEAR)
    return -day.toordinal(), kind, -o.confidence, o.key


def _different(new: Sequence[Obligation], before: Sequence[Obligation]) -> Iterable[Obligation]:
    """Yield questions about one message each: two about the same words are one too many."""
    sources = {o.source.reference for o in before}
    for o in new:
        if o.source.reference not in sources:
            sources.add(o.source.reference)
            yield o


def _mention(o: Obligation) -> Mention:
    return Mention(o.key, ASKED, times_asked(o), o.snoozed_until)


def _is_current(o: Obligation, morning: Morning) -> bool:
    """Whether something makes what has no date current now."""
    if o.revived is None or _is_over(o, morning):
        return False
    return o.revived <= morning.now and (o.rests is not None or morning.is_recent(o.revived, FRESH))


def _is_over(o: Obligation, morning: Morning) -> bool:
    """Whether the meeting that it belongs to is over or was cancelled."""
    return o.rests is not None and o.rests <= morning.now


def _presses(o: Obligation, due: datetime, morning: Morning) -> bool:
    """Whether what is overdue is worth a line again: not if it may be done already, and that is neither news nor this week's."""
    signs = [] if o.kind is Kind.REVIEW else list(_signs(o))
    news = (morning.is_news(at) or (morning.begins_week and morning.is_recent(at, FRESH)) for at in (due, *signs))
    return not signs or any(news)


def _awaited(due: datetime, morning: Morning) -> bool:
    """Whether what somebody else owes is worth a line: on its day, on the working day after it, and on the week's first."""
    if due >= morning.midnight(morning.today + timedelta(days=1)):
        return False
    return morning.is_news(due) or due >= morning.now or morning.begins_week


def _signs(o: Obligation) -> Iterator[datetime]:
    """Yield the moments of weak evidence that it was done, or that its condition is met."""
    if o.presumed is Strength.WEAK and o.due is not None:
        yield o.due
    yield from (e.at for e in o.evidence if e.strength is Strength.WEAK and e != o.source)

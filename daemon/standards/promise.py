"""Promise: what the user said they would do is done by the time they named.

Switch it off for nobody: a broken promise costs more than a slow answer. What the client promised is listed beside it as waiting for,
never as the user's debt.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from daemon.core import hours, meetings
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.history import History
from daemon.core.infractions import FIRM
from daemon.core.tracking import arrivals
from daemon.core.tracking.promised_meetings import is_with
from daemon.core.tracking.promises import TrackedPromise
from daemon.glossary.charter import Allowance, Unit
from daemon.glossary.obligations import Evidence, Kind, Obligation, Strength
from daemon.reading.act_due_times import is_brought
from daemon.reading.named_times import last_named

NAME = "promise"
DEFAULT: Allowance | None = Allowance(0, Unit.CLOCK_MINUTES)  # due when it was said


def owed(inputs: AssessmentInputs, history: History) -> Iterator[Obligation]:
    """Yield one obligation for each promise of the user, and one for each that the client made."""
    for promise in history.promises:
        if inputs.allowance(NAME, DEFAULT, promise.source.at) is None:
            continue
        if promise.kind is Kind.PROMISE:
            yield promise_obligation(inputs, history, promise, "Promised to")
        elif promise.kind is Kind.WAITING_FOR:
            yield promise_obligation(inputs, history, promise, "Waiting for")


def promise_obligation(
    inputs: AssessmentInputs, history: History, promise: TrackedPromise, verb: str, asked_for_by: datetime | None = None
) -> Obligation:
    """Return what a promise owes. One that the client released in time counts as waived, one released too late as late.

    `asked_for_by` is when one without a date is due because the client has asked for it.
    """
    c, (revived, rests) = promise, _current(inputs, history, promise)
    due = c.due or _when_brought(inputs, c) or _once_met(inputs, c) or asked_for_by
    in_time = c.closed is not None and (due is None or c.closed.at <= due)
    return inputs.obligation(
        c.key,
        c.kind,
        c.source,
        due,
        f"{verb} {inputs.called(c.contact) or c.contact or inputs.timeline.client.name}"
        + (f": “{c.source.quote}”" if c.source.quote else ""),
        contact=c.contact,
        closed=c.closed,
        settled=_came(inputs, c),
        waived=c.released and in_time,
        evidence=(*c.mentions, *_its_time_came(inputs, c)),
        chased=tuple(c.asked_for),
        last_sign=_last_heard(inputs, history, c),
        confidence=round(_sure(c, due), 2),
        subject="" if c.source.author else c.subject,
        reply_to=c.message_id,
        thread=c.conversation,
        revived=revived,
        rests=rests,
        presumed=c.met.strength if c.met is not None and due is not None and due == _once_met(inputs, c) != c.due else None,
        snoozed_until=c.put_off_until,
    )


def _when_brought(inputs: AssessmentInputs, c: TrackedPromise) -> datetime | None:
    """Return when the next meeting with that person begins, for what was promised to be brought along without a date."""
    if c.conditional or not is_brought(c.source.quote or ""):
        return None
    ahead = (e for e in inputs.timeline.events if c.source.at < e.start and is_with(c, e, inputs.timeline.client))
    meeting = next((e for e in ahead if meetings.takes_place(e, inputs.timeline)), None)
    return meeting.start.astimezone(UTC) if meeting else None


_MET, _ON_ITS_WAY = 1, 3  # working days in which is done what waited for something that has happened, or is about to


def _sure(c: TrackedPromise, due: datetime | None) -> float:
    """Return how sure a promise is: nobody is held to a time that only follows from what was announced."""
    is_guessed = due is not None and c.due is None and c.met is not None and c.met.strength is Strength.WEAK
    return min(c.confidence, FIRM - 0.01) if is_guessed else c.confidence


def _once_met(inputs: AssessmentInputs, c: TrackedPromise) -> datetime | None:
    """Return when is due what was promised under a condition that is met; of what the client only announced, with time for its way."""
    if c.by_client or c.met is None:
        return None
    days = _MET if c.met.strength is Strength.STRONG else _ON_ITS_WAY
    day = hours.local_date(inputs.hours, hours.working_days_after(inputs.hours, c.met.at, days))
    return hours.day_end(inputs.hours, day).astimezone(UTC)


def _its_time_came(inputs: AssessmentInputs, c: TrackedPromise) -> Iterator[Evidence]:
    """Yield a weak sign of what leaves no mail once its time has come: a visit, what was brought to one, goods that nobody has missed."""
    quote = c.source.quote or ""
    leaves_no_mail = c.sort == "meet" or is_brought(quote) or (arrivals.travels(quote) and not c.chased)
    if leaves_no_mail and c.kind is Kind.PROMISE and c.closed is None and c.due is not None and c.due < inputs.now:
        yield replace(c.source, at=c.due, quote=None, strength=Strength.WEAK)


def _last_heard(inputs: AssessmentInputs, history: History, c: TrackedPromise) -> datetime:
    """Return when it was last heard of; what waits for a condition not before the times that its own mail names for it.

    "Once the goods have left" beside "we deliver on the 20th" cannot be done before the 20th, and need not be asked about.
    """
    if not c.conditional or c.due is not None:
        return c.last_sign
    beside = (p.due for p in history.promises if p.source.reference == c.source.reference and p.due is not None)
    named = last_named(c.source.quote or "", c.source.at, hours.frame(inputs.hours))
    return max(at for at in (c.last_sign, c.due_if_met, named, *beside) if at is not None).astimezone(UTC)


_NEAR = 2  # working days before a meeting what belongs to it is worth a line


def _current(inputs: AssessmentInputs, history: History, c: TrackedPromise) -> tuple[datetime | None, datetime | None]:
    """Return from when what was promised without a date is current, and when it is over with the meeting that it belongs to.

    The client who asks about a promise of the user makes it current, and so does a meeting that comes near. What somebody would do
    under a condition, and what somebody said who merely writes to the user, is nothing to wait for.
    """
    if c.due is not None:
        return None, None
    if c.by_client and (c.conditional or not history.two_way):
        return None, c.source.at
    asked = None if c.by_client else c.asked_about
    meeting = meetings.meeting_of(c.source.at, c.source.quote or "", c.topic | c.context, inputs.timeline)
    if meeting is None:
        return asked, None
    if not meetings.takes_place(meeting, inputs.timeline):
        return None, c.source.at
    near = hours.working_days_after(inputs.hours, meeting.start.astimezone(UTC), -_NEAR)
    return min(near, asked or near), meeting.end.astimezone(UTC)


_UNSAID = 3  # working days within which "it has come" is not taken for "it came late"


def _came(inputs: AssessmentInputs, c: TrackedPromise) -> datetime | None:
    """Return when it was done, where the other side only confirmed it later.

    It counts as done in time, unless they had asked for it or confirmed it more than three working days after it was due.
    """
    if not c.confirmed or c.closed is None or c.due is None or c.closed.at <= c.due or c.chased:
        return None
    return c.due if c.closed.at <= hours.working_days_after(inputs.hours, c.due, _UNSAID) else None

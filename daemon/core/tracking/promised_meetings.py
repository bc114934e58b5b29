"""Promised meetings: how far an event in the calendar keeps a promise: it is the call or visit itself, the invitation, or the answer.

An event without guests is only the user's intention. What was promised as an answer may be given face to face, and what somebody
would bring is handed over there: neither leaves a mail.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connectors.calendar import Event
from daemon.core import hours, meetings, topics
from daemon.core.tracking import promises
from daemon.core.tracking.promises import TrackedPromise
from daemon.glossary.charter import WorkingHours
from daemon.glossary.obligations import Strength
from daemon.glossary.parties import Client
from daemon.reading.act_due_times import is_brought

_NEAR = timedelta(hours=1)  # how far beside its named time a meeting may begin and still be the one that was promised
_SOON = timedelta(days=10)  # after its due time, within which a talk about its matter gives the answer that was promised
_JUST_BEFORE = timedelta(hours=2)  # of the mail that promises an invitation, in which it may have been made


def held(promise: TrackedPromise, event: Event, client: Client, working: WorkingHours, names: frozenset[str]) -> Strength | None:
    """Return how far a meeting that began keeps a promise; `names` are the words that stand in every mail between the two."""
    if promise.sort == "meet" or promise.is_call:
        return _as_promised(promise, event, client, working)
    if meetings.has_no_guests(event, client):
        return None
    quote = promise.source.quote or ""
    if promise.sort == "do" and not promise.topic and promise.due is not None and is_with(promise, event, client):
        return Strength.STRONG if _at_its_time(event.start, promise.due, working) else None  # "yes, Thursday at ten"
    if (promises.promises_invitation(quote) or is_brought(quote)) and is_with(promise, event, client):
        return Strength.STRONG
    about = topics.event_words(event) - names
    if promises.gets_back(quote) and is_with(promise, event, client):
        soon = event.start <= (promise.due or promise.source.at) + _SOON
        return Strength.STRONG if soon and about & (promise.topic | promise.context) else Strength.WEAK
    if about & promise.topic:
        return Strength.WEAK
    gives_answer = promises.promises_answer(quote) and is_with(promise, event, client)
    soon = event.start <= (promise.due or promise.source.at) + _SOON
    return Strength.WEAK if gives_answer and soon and about & promise.context else None


def is_with(promise: TrackedPromise, event: Event, client: Client) -> bool:
    """Whether the person to whom it was promised, or who promised it, is in a meeting."""
    people = {a.email for a in meetings.guests(event, client)}
    return promise.contact in people or (promise.contact is None and bool(people))


def is_invitation(promise: TrackedPromise, event: Event, client: Client) -> bool:
    """Whether an event that was made is the invitation that was promised to one of its guests."""
    return promises.promises_invitation(promise.source.quote or "") and is_with(promise, event, client)


def takes_its_place(promise: TrackedPromise, event: Event, client: Client, names: frozenset[str]) -> bool:
    """Whether a call that was booked is the promised one at a later time: the same person has accepted it, for the same matter."""
    about = topics.shared(topics.event_words(event) - names, promise.topic | promise.context)
    return promise.is_call and bool(about) and is_agreed_call(promise.contact, promise.due, event, client)


def is_agreed_call(contact: str | None, due: datetime | None, event: Event, client: Client) -> bool:
    """Whether an event is a call soon after the time that one is due, which the person who waits for it has accepted."""
    if due is None or not meetings.is_call(event) or not due < event.start <= due + _SOON:
        return False
    return any(a.email == contact and a.answer == "accepted" for a in meetings.guests(event, client))


def was_just_made(event: Event, promised: datetime) -> bool:
    """Whether an event ahead was made shortly before the mail that promises an invitation."""
    return event.created is not None and promised - _JUST_BEFORE <= event.created <= promised < event.start


def _as_promised(promise: TrackedPromise, event: Event, client: Client, working: WorkingHours) -> Strength | None:
    """Return how far a meeting is the call or visit that was promised: at its time or later; earlier, only if its title says so.

    One without guests is strong evidence at the promised time, weak at any other.
    """
    titled = meetings.is_call(event) if promise.is_call else True
    alone = meetings.has_no_guests(event, client)
    start = event.start.astimezone(UTC)
    if promise.due is not None and titled and alone:
        return Strength.STRONG if _at_its_time(start, promise.due, working) else Strength.WEAK
    if alone:
        return Strength.WEAK if titled else None
    if promise.due is None:
        return Strength.STRONG if titled else Strength.WEAK
    if _at_its_time(start, promise.due, working) or start >= promise.due:
        return Strength.STRONG
    return Strength.WEAK if titled and promise.is_call else None


def _at_its_time(start: datetime, due: datetime, working: WorkingHours) -> bool:
    """Whether a meeting starts on the promised day, or within an hour of the promised time."""
    same_day = hours.local_date(working, start) == hours.local_date(working, due)
    return same_day or abs(start - due) <= _NEAR

"""Messages and events as evidence: what it is, when it counts, and the words relied on."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.calendar import Event
from daemon.core.messages import gist
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, Strength
from daemon.glossary.timelines import Entry, Side


def message_evidence(entry: Entry, quote: str | None = None, strength: Strength = Strength.STRONG) -> Evidence:
    """Return a message as evidence, with the words relied on (its gist, without a quote).

    Of a mail whose words the user may not read, its author stands in their place.
    """
    message = entry.message
    if entry.hidden:
        author = message.sender.name or message.sender.email
        return Evidence(SourceType.MESSAGE, message.message_id, entry.at, None, strength, message.header_id, author=author)
    words, theirs = quote or gist(entry), {Side.CLIENT: True, Side.USER: False}.get(entry.side)
    web = message.web or None
    return Evidence(SourceType.MESSAGE, message.message_id, entry.at, words, strength, message.header_id, web=web, theirs=theirs)


def event_evidence(event: Event, strength: Strength = Strength.STRONG, at: datetime | None = None) -> Evidence:
    """Return an event as evidence from a moment on: its start, unless `at` says otherwise."""
    return Evidence(SourceType.EVENT, event.uid, at or event.start.astimezone(UTC), event.summary or None, strength)


def weak_evidence(o: Obligation) -> Evidence | None:
    """Return the latest sign that it may have been settled, where nothing proves it. A review is held or not: nothing hints at it."""
    signs = [e for e in o.evidence if e.strength is Strength.WEAK and e != o.source] if o.kind is not Kind.REVIEW else []
    return max(signs, key=lambda e: e.at) if signs else None


def is_doubtful(o: Obligation) -> bool:
    """Return whether it may have been settled, or may not be due: nobody named its time, and what it waits for was only announced."""
    return weak_evidence(o) is not None or o.presumed is Strength.WEAK


def perhaps_held(o: Obligation, now: datetime) -> Evidence | None:
    """Return the meeting that may have been the review that is owed: Kept had booked it, nobody accepted it, and its time is over."""
    past = [e for e in o.evidence if e.type is SourceType.EVENT and e.strength is Strength.WEAK and e.at <= now]
    is_open = o.kind is Kind.REVIEW and o.closed is None and o.snoozed_until is None
    return max(past, key=lambda e: e.at) if past and is_open else None


def is_booked(meeting: Obligation, now: datetime) -> bool:
    """Return whether the meeting for this obligation is booked for a moment after `now`."""
    return any(e.type is SourceType.EVENT and e.at > now for e in meeting.evidence)

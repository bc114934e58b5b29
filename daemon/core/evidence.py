"""Messages and events as evidence: what it is, when it counts, and the words relied on."""

from __future__ import annotations

from datetime import UTC, datetime

from connectors.calendar import Event
from daemon.core.messages import gist
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, Strength
from daemon.glossary.timelines import Entry


def message_evidence(entry: Entry, quote: str | None = None, strength: Strength = Strength.STRONG) -> Evidence:
    """Return a message as evidence, with the words relied on (its gist, without a quote).

    Of a mail whose words the user may not read, its author stands in their place.
    """
    message = entry.message
    if entry.hidden:
        author = message.sender.name or message.sender.email
        return Evidence(SourceType.MESSAGE, message.message_id, entry.at, None, strength, message.header_id, author=author)
    words = quote or gist(entry)
    return Evidence(SourceType.MESSAGE, message.message_id, entry.at, words, strength, message.header_id, web=message.web or None)


def event_evidence(event: Event, strength: Strength = Strength.STRONG, at: datetime | None = None) -> Evidence:
    """Return an event as evidence from a moment on: its start, unless `at` says otherwise."""
    return Evidence(SourceType.EVENT, event.uid, at or event.start.astimezone(UTC), event.summary or None, strength)


def weak_evidence(o: Obligation) -> Evidence | None:
    """Return the latest sign that it may have been settled, where nothing proves it. A review is held or not: nothing hints at it."""
    signs = [e for e in o.evidence if e.strength is Strength.WEAK and e != o.source] if o.kind is not Kind.REVIEW else []
    return max(signs, key=lambda e: e.at) if signs else None


def is_booked(meeting: Obligation, now: datetime) -> bool:
    """Return whether the meeting for this obligation is booked for a moment after `now`."""
    return any(e.type is SourceType.EVENT and e.at > now for e in meeting.evidence)

"""The history with one client, as the standards need it: what was asked, what was promised, and every contact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from daemon.core import meetings, messages
from daemon.core.evidence import event_evidence, message_evidence
from daemon.core.tracking.promises import TrackedPromise
from daemon.core.tracking.requests import ClientRequest
from daemon.glossary.obligations import Evidence
from daemon.glossary.parties import Stage
from daemon.glossary.timelines import Timeline

_REACHED = frozenset({"made", "received"})
_UNTAKEN = frozenset({"missed_call", "voicemail"})


@dataclass(frozen=True, slots=True)
class History:
    """What happened with one client up to a moment, each part in order of time.

    `contacts` are the mails that a person wrote, in either direction, and the meetings that took place; `meetings` the latter
    alone. `main_contact` is the address to turn to at the client, None where nobody there has written. `two_way` says that the two
    are in business with each other, and not that one merely writes to the other.
    """

    requests: tuple[ClientRequest, ...]
    promises: tuple[TrackedPromise, ...]
    contacts: tuple[Evidence, ...]
    meetings: tuple[Evidence, ...]
    main_contact: str | None
    two_way: bool = True


def gather_history(
    timeline: Timeline,
    until: datetime,
    requests: tuple[ClientRequest, ...] = (),
    promises: tuple[TrackedPromise, ...] = (),
) -> History:
    """Return the history of a timeline up to a moment, with the requests and promises that were tracked in it."""
    held = held_meetings(timeline, until)
    contacts = sorted((*_mails(timeline, until), *held), key=lambda contact: (contact.at, contact.reference))
    two_way = bool(held) or _write_to_each_other(timeline, until)
    return History(requests, promises, tuple(contacts), held, _main_contact(timeline), two_way)


def _write_to_each_other(timeline: Timeline, until: datetime) -> bool:
    """Whether both sides have dealt with each other, and more than once, or at all where the client is new.

    On our side a mail with substance counts, and so does a mail of theirs that thanks the user: what it thanks for was done. A
    circular, a club or a friend who writes and is thanked now and then is not in business with the user.
    """
    enough = 1 if timeline.client.stage in (Stage.PROSPECT, Stage.ONBOARDING) else 2
    known = [e for e in timeline.entries if e.at <= until]
    theirs = (e for e in known if messages.from_client(e))
    ours = (
        e
        for e in known
        if (messages.from_our_side(e) and messages.says_something(e)) or messages.thanks_user(e, timeline.account)
    )
    return all(sum(1 for _ in islice(side, enough)) == enough for side in (theirs, ours))


def held_meetings(timeline: Timeline, until: datetime) -> tuple[Evidence, ...]:
    """Return the meetings that began by a moment and took place, as far as the calendar shows; one still running ends then."""
    held = (
        event
        for event in timeline.events
        if event.start <= until and meetings.takes_place(event, timeline) and meetings.guests(event, timeline.client)
        if not meetings.is_unconfirmed(event, timeline)
    )
    return tuple(event_evidence(event, at=min(event.end, until).astimezone(UTC)) for event in held)


def logged_calls(timeline: Timeline) -> Iterator[Evidence]:
    """Yield the calls in which somebody was reached, by the phone system's notices."""
    for entry in timeline.entries:
        call = entry.reading.call
        if call is not None and call.kind in _REACHED and entry.message.authentic:
            yield message_evidence(entry, entry.message.subject)


def last_contact(timeline: Timeline, history: History) -> datetime | None:
    """Return the moment of the latest contact in either direction: a person's mail, a meeting that took place, a logged call."""
    return max((c.at for c in (*history.contacts[-1:], *logged_calls(timeline))), default=None)


def last_call(timeline: Timeline) -> datetime | None:
    """Return the moment of the latest call that nobody took or message that was left, by the phone system's notices."""
    calls = (e.at for e in timeline.entries if e.reading.automated in _UNTAKEN and e.message.authentic)
    return max(calls, default=None)


def _mails(timeline: Timeline, until: datetime) -> Iterator[Evidence]:
    by_people = (e for e in timeline.entries if messages.from_client(e) or messages.from_our_side(e))
    return (message_evidence(entry) for entry in by_people if entry.at <= until)


def _main_contact(timeline: Timeline) -> str | None:
    """Return who wrote most of the client's last fifty mails, the latest of several."""
    from_client = (e for e in reversed(timeline.entries) if messages.from_client(e))
    latest = [entry.message.sender.email for entry in islice(from_client, 50)]
    return max(latest, key=latest.count, default=None)

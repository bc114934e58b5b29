"""The course of things in one case: what was asked and what was promised, with what became of each. The standards judge it."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from daemon.core import meetings, memory, messages
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.evidence import event_evidence, message_evidence
from daemon.core.promises import TrackedPromise
from daemon.core.requests import ClientRequest
from daemon.glossary.obligations import Evidence
from daemon.glossary.timelines import Entry, Timeline


@dataclass(frozen=True, slots=True)
class History:
    """All exchanges and commitments of a case."""

    requests: tuple[ClientRequest, ...]
    promises: tuple[TrackedPromise, ...]


def contacts(timeline: Timeline, until: datetime) -> tuple[Evidence, ...]:
    """Every contact in either direction up to a moment: a person's mail, a meeting that took place; in order."""
    return memory.once(timeline, ("contacts", until), lambda: _contacts(timeline, until))


def _contacts(timeline: Timeline, until: datetime) -> tuple[Evidence, ...]:
    mails = memory.total(timeline, "mails", _mails, operator.add)
    known = mails if not mails or timeline.entries[-1].at <= until else [mail for mail in mails if mail.at <= until]
    return tuple(sorted((*known, *held_meetings(timeline, until)), key=lambda c: (c.at, c.reference)))


def _mails(entries: tuple[Entry, ...]) -> list[Evidence]:
    return [message_evidence(e) for e in entries if messages.from_client(e) or messages.from_our_side(e)]


def held_meetings(timeline: Timeline, until: datetime) -> tuple[Evidence, ...]:
    """The meetings that took place, as far as the calendar knows."""
    return memory.once(timeline, ("meetings", until), lambda: _held_meetings(timeline, until))


def _held_meetings(timeline: Timeline, until: datetime) -> tuple[Evidence, ...]:
    held = (
        e
        for e in timeline.events
        if e.start <= until and meetings.takes_place(e, timeline) and meetings.guests(e, timeline.client)
    )
    return tuple(event_evidence(e, at=min(e.end, until).astimezone(UTC)) for e in held)


def main_contact(timeline: Timeline) -> str | None:
    """Whom at the client to turn to: the person who wrote most of their last fifty mails, the latest of several."""
    return memory.once(timeline, "principal", lambda: _main_contact(timeline))


def _main_contact(timeline: Timeline) -> str | None:
    latest = list(islice((e.message.sender.email for e in reversed(timeline.entries) if messages.from_client(e)), 50))
    return max(latest, key=latest.count, default=None)


def settled_by_user(inputs: AssessmentInputs, key: str) -> bool:
    """Whether the user has settled an obligation by now."""
    return inputs.settled(key, inputs.now)

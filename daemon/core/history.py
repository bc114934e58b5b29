"""The course of things in one case: what was asked and what was promised, with what became of each. The standards judge it."""

from __future__ import annotations

import operator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice

from daemon.core import evidence as proof
from daemon.core import memory
from daemon.core.assessment_inputs import Case
from daemon.core.promises import Commitment
from daemon.core.requests import Exchange
from daemon.glossary.obligations import Evidence
from daemon.glossary.timelines import Entry, Timeline


@dataclass(frozen=True, slots=True)
class Course:
    """All exchanges and commitments of a case."""

    exchanges: tuple[Exchange, ...]
    commitments: tuple[Commitment, ...]


def contacts(timeline: Timeline, until: datetime) -> tuple[Evidence, ...]:
    """Every contact in either direction up to a moment: a person's mail, a meeting that took place; in order."""
    return memory.once(timeline, ("contacts", until), lambda: _contacts(timeline, until))


def _contacts(timeline: Timeline, until: datetime) -> tuple[Evidence, ...]:
    mails = memory.total(timeline, "mails", _mails, operator.add)
    known = mails if not mails or timeline.entries[-1].at <= until else [mail for mail in mails if mail.at <= until]
    return tuple(sorted((*known, *meetings(timeline, until)), key=lambda c: (c.at, c.reference)))


def _mails(entries: tuple[Entry, ...]) -> list[Evidence]:
    return [proof.of_message(e) for e in entries if proof.from_client(e) or proof.from_us(e)]


def meetings(timeline: Timeline, until: datetime) -> tuple[Evidence, ...]:
    """The meetings that took place, as far as the calendar knows."""
    return memory.once(timeline, ("meetings", until), lambda: _meetings(timeline, until))


def _meetings(timeline: Timeline, until: datetime) -> tuple[Evidence, ...]:
    held = (e for e in timeline.events if e.start <= until and proof.stands(e, timeline) and proof.guests(e, timeline.client))
    return tuple(proof.of_event(e, at=min(e.end, until).astimezone(UTC)) for e in held)


def principal(timeline: Timeline) -> str | None:
    """Whom at the client to turn to: the person who wrote most of their last fifty mails, the latest of several."""
    return memory.once(timeline, "principal", lambda: _principal(timeline))


def _principal(timeline: Timeline) -> str | None:
    latest = list(islice((e.message.sender.email for e in reversed(timeline.entries) if proof.from_client(e)), 50))
    return max(latest, key=latest.count, default=None)


def settled_by_user(case: Case, key: str) -> bool:
    """Whether the user has settled an obligation by now."""
    return case.settled(key, case.now)

"""Next step: after every contact something is planned with the client (DOMAIN, infers 10).

Owed where the last contact was two working days ago (or what the charter's `next_step` says) and nothing lies ahead: no
meeting, no dated promise of either side, nothing that the client waits for. One for each quiet spell. Lost clients and people
with whom there was no exchange in both directions raise none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from daemon.core import evidence as proof
from daemon.core import hours
from daemon.core.assessment_inputs import Case
from daemon.core.history import Course, contacts, principal, settled_by_user
from daemon.glossary.charter import Allowance, Unit, WorkingHours
from daemon.glossary.obligations import Kind, Obligation, SourceType
from daemon.glossary.parties import Stage
from daemon.glossary.timelines import Entry
from daemon.standards import phrases, reply

NAME = "next_step"
DEFAULT: Allowance | None = Allowance(2, Unit.WORKING_DAYS)


def owed(case: Case, course: Course) -> Iterator[Obligation]:
    """The obligation of the present quiet spell, if nothing is planned."""
    allowance = case.allowance(NAME, DEFAULT)
    story = case.timeline
    if allowance is None or story.client.stage is Stage.LOST or not _two_way(story.entries) or _planned(case, course):
        return
    last = contacts(story, case.now)[-1]
    kind = "mail" if last.type is SourceType.MESSAGE else "meeting"
    yield case.obligation(
        case.key(Kind.NEXT_STEP, last.reference),
        Kind.NEXT_STEP,
        replace(last, quote=None),
        hours.add(case.hours, last.at, allowance),
        f"Nothing is planned since the {kind} of {phrases.moment(last.at, case.hours)}",
        contact=principal(story),
    )


def _two_way(entries: tuple[Entry, ...]) -> bool:
    return any(proof.from_client(e) for e in entries) and any(proof.from_us(e) for e in entries)


def _planned(case: Case, course: Course) -> bool:
    """Whether a meeting lies ahead, a dated promise is open, or the client waits for something already."""
    ahead = any(e.start > case.now and proof.stands(e, case.timeline) for e in case.timeline.events)
    promised = any(
        c.closed is None and c.due is not None and not settled_by_user(case, c.key) and _alive(case, c.due, c.sign)
        for c in course.commitments
    )
    waiting = any(
        x.closed is None and not reply.taken_back_in_time(x) and not settled_by_user(case, x.key) and _alive(case, x.due, x.sign)
        for x in course.exchanges
    )
    return ahead or promised or waiting


def _alive(case: Case, due: datetime | None, sign: datetime) -> bool:
    """Whether it was not given up as missed."""
    return due is None or case.now < case.lapses(due, sign)


def say(obligation: Obligation, working: WorkingHours, now: datetime) -> str:
    """One line for the user."""
    since = phrases.moment(obligation.created, working)
    return f"{obligation.client}: nothing planned since {since}, a next step is {phrases.standing(obligation, working, now)}"

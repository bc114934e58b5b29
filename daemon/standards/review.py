"""Review: the expectations are looked at together at the charter's cadence, say every three months.

Counted from the last review held, whoever booked it (an event with somebody at the client whose title says so), else from the
first contact. It is owed twenty working days before it is due. A review that lies ahead in the calendar is its evidence, and
closes it once it has begun; one that was cancelled or declined is none. As long as the two are in touch it is not given up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from connectors.calendar import Event
from daemon.core import evidence as proof
from daemon.core import hours
from daemon.core.assessment_inputs import Case
from daemon.core.history import Course, contacts, principal
from daemon.glossary.charter import Allowance, Unit, WorkingHours
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, Strength
from daemon.glossary.parties import Client, Stage
from daemon.standards import phrases

NAME = "review"
DEFAULT: Allowance | None = Allowance(6, Unit.MONTHS)
LEAD = 20  # working days before the due time from which a review is owed
_REVIEW = re.compile(
    r"(?<!code )(?<!design )(?<!contract )(?<!legal )(?<!draft )(?<!document )(?<!peer )\breview\b|\bqbr\b|\bquarterly\b|\bcheck-?in\b|\b(?:jahres|quartals)gespräch\b",
    re.IGNORECASE,
)


def owed(case: Case, _course: Course) -> Iterator[Obligation]:
    """Each review that was held in its time, and the one that is due next."""
    cadence = case.allowance(NAME, DEFAULT)
    met = contacts(case.timeline, case.now)
    if cadence is None or case.timeline.client.stage is Stage.LOST or not met:
        return
    reviews = [e for e in case.timeline.events if is_review(e, case.timeline.client) and proof.stands(e, case.timeline)]
    begin = met[0].at
    for event in reviews:
        start = event.start.astimezone(UTC)
        if begin < start <= case.now:
            yield from _held(case, cadence, begin, event)
            begin = start
    booked = next((e for e in reviews if e.start > case.now), None)
    yield from _next(case, cadence, begin, booked, met[-1].at)


def is_review(event: Event, client: Client) -> bool:
    """Whether an event is an expectation review: by its title and its guests."""
    return bool(proof.guests(event, client)) and _REVIEW.search(event.summary) is not None


def _held(case: Case, cadence: Allowance, begin: datetime, event: Event) -> Iterator[Obligation]:
    due = hours.add(case.hours, begin, cadence)
    if event.start >= _created(case, due):
        yield _review(case, due, proof.of_event(event), sign=due)


def _next(case: Case, cadence: Allowance, begin: datetime, booked: Event | None, last: datetime) -> Iterator[Obligation]:
    due = hours.add(case.hours, begin, cadence)
    since = case.charter.since
    if since is not None and due < since <= case.now:
        due = hours.working_days_after(case.hours, since, LEAD)  # a charter's first review has its lead time, too
    if _created(case, due) <= case.now:
        ahead = (proof.of_event(booked, Strength.WEAK),) if booked else ()
        yield _review(case, due, None, sign=last, ahead=ahead)


def _review(case: Case, due: datetime, held: Evidence | None, *, sign: datetime, ahead: tuple[Evidence, ...] = ()) -> Obligation:
    client, day = case.timeline.client.name, hours.local_date(case.hours, due)
    created = _created(case, due)
    return case.obligation(
        case.key(Kind.REVIEW, f"{client}:{day.isoformat()}"),
        Kind.REVIEW,
        Evidence(SourceType.CHARTER, NAME, created),
        due,
        f"Review with {client}, due {day:%a} {day.day} {day:%b}",
        contact=principal(case.timeline),
        closed=held,
        evidence=ahead,
        sign=sign,
    )


def _created(case: Case, due: datetime) -> datetime:
    return hours.working_days_after(case.hours, due, -LEAD)


def say(obligation: Obligation, working: WorkingHours, now: datetime) -> str:
    """One line for the user."""
    return phrases.line(obligation, "review", working, now)

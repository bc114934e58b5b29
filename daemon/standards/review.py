"""Review: both sides look at the expectations together at the charter's cadence, say every three months.

Counted from the last review held, whoever booked it (an event with somebody at the client whose title says so), else from the
first contact. It is owed twenty working days before it is due. A review that lies ahead in the calendar is its evidence, and closes
it once it has begun; one that was cancelled or declined does not count, nor one that Kept invited to and nobody accepted, unless a
mail speaks of it or the user says that it was held. As long as the two are in touch it is not given up. Whoever
merely writes to the user is owed none, unless the user asks for one (`kept review book`): that is owed at once, whatever the cadence,
and also where an earlier one was given up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from connectors.calendar import Event
from daemon.core import hours, meetings
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.evidence import event_evidence
from daemon.core.history import History
from daemon.glossary.charter import Allowance, Unit
from daemon.glossary.decisions import Verb
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, Strength
from daemon.glossary.parties import Client, Stage

NAME = "review"
DEFAULT: Allowance | None = Allowance(6, Unit.MONTHS)
LEAD = 20  # working days before the due time from which a review is owed
_REVIEW = re.compile(
    r"(?<!code )(?<!design )(?<!contract )(?<!legal )(?<!draft )(?<!document )(?<!peer )\breview\b|\bqbr\b|\bquarterly\b|\bcheck-?in\b|\b(?:jahres|quartals)gespräch\b",
    re.IGNORECASE,
)


def owed(inputs: AssessmentInputs, history: History) -> Iterator[Obligation]:
    """Yield each review that was held in its time, and the one that is due next."""
    cadence, wanted = inputs.allowance(NAME, DEFAULT), wanted_since(inputs)
    if inputs.timeline.client.stage is Stage.LOST or not history.contacts or not (wanted or (cadence and history.two_way)):
        return
    reviews = [
        e for e in inputs.timeline.events if is_review(e, inputs.timeline.client) and meetings.takes_place(e, inputs.timeline)
    ]
    begin, perhaps = history.contacts[0].at, None
    for event in reviews:
        start = event.start.astimezone(UTC)
        if not begin < start <= inputs.now:
            continue
        if meetings.is_unconfirmed(event, inputs.timeline) and not _is_said(inputs, cadence, begin, wanted, start):
            perhaps = event
            continue
        if cadence is not None:
            yield from _held(inputs, history, cadence, begin, event)
        begin, perhaps = start, None
    booked = next((e for e in reviews if e.start > inputs.now), None)
    due = _due(inputs, cadence, begin, wanted)
    if due is not None and _created(inputs, due) <= inputs.now:
        ahead = tuple(event_evidence(e, Strength.WEAK) for e in (perhaps, booked) if e)
        last_sign = max(history.contacts[-1].at, wanted) if wanted else history.contacts[-1].at
        yield _review(inputs, history, due, None, last_sign=last_sign, ahead=ahead)


def wish_key(client: str) -> str:
    """Return the target of the decision that a review with a client, given by its key, is wanted now (Verb.BOOK)."""
    return f"{NAME}:{client}:wanted"


def wanted_since(inputs: AssessmentInputs) -> datetime | None:
    """Return when the user asked for a review with the client; None if they did not, or took it back."""
    decision = inputs.decision(wish_key(inputs.timeline.client.key))
    return decision.at if decision is not None and decision.verb is Verb.BOOK else None


def is_review(event: Event, client: Client) -> bool:
    """Whether an event is an expectation review: by its title and its guests."""
    return bool(meetings.guests(event, client)) and _REVIEW.search(event.summary) is not None


def _is_said(
    inputs: AssessmentInputs, cadence: Allowance | None, begin: datetime, wanted: datetime | None, start: datetime
) -> bool:
    """Whether the user says that the review which was then due was held at a moment, or later."""
    due = _due(inputs, cadence, begin, wanted)
    decision = inputs.decision(_key(inputs, due)) if due is not None else None
    return decision is not None and decision.verb is Verb.DONE and decision.at >= start


def _key(inputs: AssessmentInputs, due: datetime) -> str:
    day = hours.local_date(inputs.hours, due)
    return inputs.key(Kind.REVIEW, f"{inputs.timeline.client.key}:{day.isoformat()}")


def _held(inputs: AssessmentInputs, history: History, cadence: Allowance, begin: datetime, event: Event) -> Iterator[Obligation]:
    due = hours.add(inputs.hours, begin, cadence)
    if event.start >= _created(inputs, due):
        yield _review(inputs, history, due, event_evidence(event), last_sign=due)


def _due(inputs: AssessmentInputs, cadence: Allowance | None, begin: datetime, wanted: datetime | None) -> datetime | None:
    """Return when the next review after `begin` is due: at the cadence, or sooner if the user asked for one since."""
    due = None
    if cadence is not None:
        due, since = hours.add(inputs.hours, begin, cadence), inputs.charter.since
        if since is not None and due < since <= inputs.now:
            due = hours.working_days_after(inputs.hours, since, LEAD)  # a charter's first review has its lead time, too
    if wanted is not None and wanted > begin:
        asked_for = hours.working_days_after(inputs.hours, wanted, LEAD)
        return min(due, asked_for) if due is not None else asked_for
    return due


def _review(
    inputs: AssessmentInputs,
    history: History,
    due: datetime,
    held: Evidence | None,
    *,
    last_sign: datetime,
    ahead: tuple[Evidence, ...] = (),
) -> Obligation:
    client, day = inputs.timeline.client, hours.local_date(inputs.hours, due)
    created = _created(inputs, due)
    return inputs.obligation(
        _key(inputs, due),
        Kind.REVIEW,
        Evidence(SourceType.CHARTER, NAME, created),
        due,
        f"Review with {client.name}, due {day:%a} {day.day} {day:%b}",
        contact=history.main_contact,
        closed=held,
        evidence=ahead,
        last_sign=last_sign,
    )


def _created(inputs: AssessmentInputs, due: datetime) -> datetime:
    return hours.working_days_after(inputs.hours, due, -LEAD)

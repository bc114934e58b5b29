"""Operations meeting: the two sit down at least so often, beside the review of expectations (DOMAIN, standards).

Wanted where work is done together week by week. Any meeting with somebody at the client that took place counts; one that lies
ahead is its weak evidence. Off unless the charter names a cadence; lost clients have none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daemon.core import meetings
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.evidence import event_evidence
from daemon.core.history import History, contacts, held_meetings, main_contact
from daemon.glossary.charter import Allowance, WorkingHours
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, Strength
from daemon.glossary.parties import Stage
from daemon.standards import cadence, phrases

NAME = "meeting"
DEFAULT: Allowance | None = None


def owed(inputs: AssessmentInputs, _history: History) -> Iterator[Obligation]:
    """One obligation for each span between two meetings, the last one open."""
    story = inputs.timeline
    if story.client.stage is Stage.LOST or not any(v.standards.get(NAME) for v in story.client.versions):
        return
    known = contacts(story, inputs.now)
    if not known:
        return
    for span in cadence.chain(inputs, Kind.MEETING, NAME, known[0].at, held_meetings(story, inputs.now)):
        yield inputs.obligation(
            span.key,
            Kind.MEETING,
            Evidence(SourceType.CHARTER, NAME, span.begin),
            span.due,
            f"Operations meeting with {story.client.name}",
            contact=main_contact(story),
            closed=span.met,
            evidence=_ahead(inputs) if span.met is None else (),
        )


def _ahead(inputs: AssessmentInputs) -> tuple[Evidence, ...]:
    """The first meeting with them that lies ahead."""
    story = inputs.timeline
    coming = (
        e for e in story.events if e.start > inputs.now and meetings.takes_place(e, story) and meetings.guests(e, story.client)
    )
    return tuple(event_evidence(e, Strength.WEAK) for e in coming)[:1]


def say(obligation: Obligation, working: WorkingHours, now: datetime) -> str:
    """One line for the user."""
    return phrases.line(obligation, "operations meeting", working, now)

"""Operations meeting: the two meet at least so often, apart from the review of expectations.

Wanted where work is done together week by week. Any meeting with somebody at the client that took place counts; one that lies ahead
is weak evidence. Off unless the charter names a cadence; lost clients have none.
"""

from __future__ import annotations

from collections.abc import Iterator

from daemon.core import meetings
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.evidence import event_evidence
from daemon.core.history import History
from daemon.glossary.charter import Allowance
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, Strength
from daemon.glossary.parties import Stage
from daemon.standards import cadence

NAME = "meeting"
DEFAULT: Allowance | None = None


def owed(inputs: AssessmentInputs, history: History) -> Iterator[Obligation]:
    """Yield one obligation for each span between two meetings, the last one open."""
    story = inputs.timeline
    if story.client.stage is Stage.LOST or not any(v.standards.get(NAME) for v in story.client.versions):
        return
    if not history.contacts:
        return
    for span in cadence.chain(inputs, Kind.MEETING, NAME, history.contacts[0].at, history.meetings):
        yield inputs.obligation(
            span.key,
            Kind.MEETING,
            Evidence(SourceType.CHARTER, NAME, span.begin),
            span.due,
            f"Operations meeting with {story.client.name}",
            contact=history.main_contact,
            closed=span.met,
            evidence=_ahead(inputs) if span.met is None else (),
        )


def _ahead(inputs: AssessmentInputs) -> tuple[Evidence, ...]:
    """Return the first meeting with them that lies ahead, as weak evidence."""
    story = inputs.timeline
    coming = (
        e for e in story.events if e.start > inputs.now and meetings.takes_place(e, story) and meetings.guests(e, story.client)
    )
    return tuple(event_evidence(e, Strength.WEAK) for e in coming)[:1]

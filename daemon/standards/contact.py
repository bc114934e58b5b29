"""Contact: somebody is in touch with the client at least so often, whoever began.

Wanted where a client expects to hear from you and may have no reason to write. Any mail of a person in either direction, any meeting
that took place and any call that the phone system logged counts. Off unless the charter names a cadence; lost clients have none.
"""

from __future__ import annotations

from collections.abc import Iterator

from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.evidence import message_evidence
from daemon.core.history import History
from daemon.glossary.charter import Allowance
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType
from daemon.glossary.parties import Stage
from daemon.glossary.timelines import Timeline
from daemon.standards import cadence

NAME = "contact"
DEFAULT: Allowance | None = None
_REACHED = frozenset({"made", "received"})


def owed(inputs: AssessmentInputs, history: History) -> Iterator[Obligation]:
    """Yield one obligation for each span between two contacts, the last one open."""
    story = inputs.timeline
    if story.client.stage is Stage.LOST or not any(v.standards.get(NAME) for v in story.client.versions):
        return
    met = sorted((*history.contacts, *_calls(story)), key=lambda c: (c.at, c.reference))
    if not met:
        return
    client = story.client.name
    for span in cadence.chain(inputs, Kind.TOUCH_BASE, NAME, met[0].at, met):
        yield inputs.obligation(
            span.key,
            Kind.TOUCH_BASE,
            Evidence(SourceType.CHARTER, NAME, span.begin),
            span.due,
            f"Get in touch with {client}",
            contact=history.main_contact,
            closed=span.met,
        )


def _calls(story: Timeline) -> Iterator[Evidence]:
    """Yield the calls in which somebody was reached, by the phone system's notices."""
    for entry in story.entries:
        call = entry.reading.call
        if call is not None and call.kind in _REACHED and entry.message.authentic:
            yield message_evidence(entry, entry.message.subject)

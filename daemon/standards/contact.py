"""Contact: somebody is in touch with the client at least so often, whoever began.

Wanted where a client expects to hear from you and may have no reason to write. Any mail of a person in either direction, any meeting
that took place and any call that the phone system logged counts. Off unless the charter names a cadence; lost clients have none.
"""

from __future__ import annotations

from collections.abc import Iterator

from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.history import History, logged_calls
from daemon.glossary.charter import Allowance
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType
from daemon.glossary.parties import Stage
from daemon.standards import cadence

NAME = "contact"
DEFAULT: Allowance | None = None


def owed(inputs: AssessmentInputs, history: History) -> Iterator[Obligation]:
    """Yield one obligation for each span between two contacts, the last one open."""
    story = inputs.timeline
    if story.client.stage is Stage.LOST or not any(v.standards.get(NAME) for v in story.client.versions):
        return
    met = sorted((*history.contacts, *logged_calls(story)), key=lambda c: (c.at, c.reference))
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

"""Escalation: what is overdue beyond the charter's limit goes to the manager, too.

Only what a client was promised or asked for: an answer, a call, a promise, a deliverable, that counts and is beyond doubt
(core.infractions). It is announced to the user first. Off unless the charter names a limit.
"""

from __future__ import annotations

from dataclasses import replace

from daemon.core import hours
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.infractions import is_firm
from daemon.glossary.charter import Allowance
from daemon.glossary.obligations import Kind, Obligation

NAME = "escalate"
DEFAULT: Allowance | None = None
_KINDS = frozenset({Kind.REPLY, Kind.CALLBACK, Kind.PROMISE, Kind.DELIVERABLE})


def limited(inputs: AssessmentInputs, obligation: Obligation) -> Obligation:
    """Return the obligation with the moment at which it goes to the manager, should it still be open then."""
    o = obligation
    allowance = inputs.allowance(NAME, DEFAULT, o.created)
    if allowance is None or o.due is None or o.kind not in _KINDS or not o.counts or not is_firm(o):
        return o
    return replace(o, escalates=hours.add(inputs.hours, o.due, allowance))

"""The standards of service, one file each. `ALL` is the list that the assessment walks.

A standard is a module: its `NAME` in the charter, the `DEFAULT` allowance where the charter is silent (a charter that sets it
to None switches it off, and one whose default is None is off until a charter names it), `owed(case, course)`, which yields the obligations, and `say(obligation, hours, now)`, one line in
the user's language. A new standard is a new file and its name in `ALL`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.history import History
from daemon.glossary.charter import Allowance, WorkingHours
from daemon.glossary.obligations import Kind, Obligation
from daemon.standards import callback, contact, deliverable, feedback, meeting, next_step, promise, reply, review


class Standard(Protocol):
    """What each of the modules offers."""

    NAME: str
    DEFAULT: Allowance | None

    def owed(self, inputs: AssessmentInputs, history: History, /) -> Iterator[Obligation]:
        """What is owed by this standard."""
        ...

    def say(self, obligation: Obligation, working: WorkingHours, now: datetime, /) -> str:
        """One line for the user."""
        ...


ALL: tuple[Standard, ...] = (reply, callback, promise, deliverable, meeting, contact, next_step, feedback, review)
_BY_KIND: dict[Kind, Standard] = {
    Kind.REPLY: reply,
    Kind.CALLBACK: callback,
    Kind.PROMISE: promise,
    Kind.WAITING_FOR: promise,
    Kind.DELIVERABLE: deliverable,
    Kind.MEETING: meeting,
    Kind.TOUCH_BASE: contact,
    Kind.NEXT_STEP: next_step,
    Kind.FEEDBACK: feedback,
    Kind.REVIEW: review,
}


def say(obligation: Obligation, working: WorkingHours, now: datetime) -> str:
    """One line for the user, in the words of the obligation's standard; times in the zone of `working`."""
    return _BY_KIND[obligation.kind].say(obligation, working, now)

"""The standards of service, one file each; `cadence` and `escalation` are no standards but helpers that several of them share.

A standard is a module with its `NAME` in the charter, the `DEFAULT` allowance where the charter says nothing (None: off until a
charter names it), and `owed(inputs, history)`, which yields its obligations. A charter that sets a standard to None switches it
off. A new standard is a new file and its name among those that follow from what somebody said (`BY_ACT`), or from being the client's
(`BY_CLIENT`), which the client's owner or a stand-in has where several accounts serve it; what is booked, the owner alone (`BOOKED`). Imports `core`; only `daemon.assess` and what stands above imports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.history import History
from daemon.glossary.charter import Allowance
from daemon.glossary.obligations import Obligation
from daemon.standards import callback, contact, deliverable, feedback, meeting, next_step, promise, reply, review


class Standard(Protocol):
    """What each of the modules offers."""

    NAME: str
    DEFAULT: Allowance | None

    def owed(self, inputs: AssessmentInputs, history: History, /) -> Iterator[Obligation]:
        """Yield everything that this standard makes owed, settled or not."""
        ...


BY_ACT: tuple[Standard, ...] = (reply, callback, promise)
BY_CLIENT: tuple[Standard, ...] = (deliverable, meeting, contact, next_step, feedback)
BOOKED: tuple[Standard, ...] = (review,)
ALL: tuple[Standard, ...] = (*BY_ACT, *BY_CLIENT, *BOOKED)

"""Next step: after every contact something is planned with the client.

Owed where the last contact was two working days ago (or what the charter's `next_step` says) and nothing lies ahead: no meeting, no
dated promise of either side, nothing that the client is waiting for. One for each quiet spell. Lost clients, and whoever
merely writes to the user, have none (`core.history`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from daemon.core import hours, meetings
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.history import History
from daemon.glossary.charter import Allowance, Unit, WorkingHours
from daemon.glossary.obligations import Kind, Obligation, SourceType
from daemon.glossary.parties import Stage
from daemon.standards import reply

NAME = "next_step"
DEFAULT: Allowance | None = Allowance(2, Unit.WORKING_DAYS)


def owed(inputs: AssessmentInputs, history: History) -> Iterator[Obligation]:
    """Yield the obligation of the present quiet spell, if nothing is planned."""
    allowance = inputs.allowance(NAME, DEFAULT)
    story = inputs.timeline
    if allowance is None or story.client.stage is Stage.LOST or not history.two_way or _planned(inputs, history):
        return
    last = history.contacts[-1]
    kind = "email" if last.type is SourceType.MESSAGE else "meeting"
    yield inputs.obligation(
        inputs.key(Kind.NEXT_STEP, last.reference),
        Kind.NEXT_STEP,
        replace(last, quote=None),
        hours.add(inputs.hours, last.at, allowance),
        f"Nothing has been planned since the {kind} of {_moment(last.at, inputs.hours)}",
        contact=history.main_contact,
    )


def _planned(inputs: AssessmentInputs, history: History) -> bool:
    """Whether a meeting lies ahead, a dated promise is open, or the client is waiting for something already."""
    ahead = any(e.start > inputs.now and meetings.takes_place(e, inputs.timeline) for e in inputs.timeline.events)
    promised = any(
        c.closed is None and c.due is not None and not inputs.settled(c.key) and _alive(inputs, c.due, c.last_sign)
        for c in history.promises
    )
    waiting = any(
        x.closed is None and not reply.taken_back_in_time(x) and not inputs.settled(x.key) and _alive(inputs, x.due, x.last_sign)
        for x in history.requests
    )
    return ahead or promised or waiting


def _alive(inputs: AssessmentInputs, due: datetime | None, last_sign: datetime) -> bool:
    """Whether it was not given up as missed."""
    return due is None or inputs.now < inputs.lapses(due, last_sign)


def _moment(at: datetime, working: WorkingHours) -> str:
    """Return a moment as one writes it, in the user's zone: Mon 2 Mar 11:00."""
    local = at.astimezone(ZoneInfo(working.zone))
    return f"{local:%a} {local.day} {local:%b %H:%M}"

"""Callback: a missed call, a voicemail, "please call me" and a promised call are followed by a call (DOMAIN, infers 5).

A promised call is due when it was promised, everything else within the charter's `call_back`. A call closes it: one in the
calendar, one that the phone system tells of, one that either side speaks of. A mail instead is weak evidence, unless it
speaks of the call or of what the caller wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daemon.core.assessment_inputs import Case
from daemon.core.history import Course
from daemon.glossary.charter import Allowance, Unit, WorkingHours
from daemon.glossary.obligations import Kind, Obligation
from daemon.standards import phrases, promise, reply

NAME = "call_back"
DEFAULT: Allowance | None = Allowance(1, Unit.WORKING_DAYS)


def owed(case: Case, course: Course) -> Iterator[Obligation]:
    """One obligation for each call that is to be made."""
    for exchange in course.exchanges:
        if exchange.kind is Kind.CALLBACK and _wanted(case, exchange.first.at) and not reply.taken_back_in_time(exchange):
            yield reply.of_exchange(case, exchange, "Call back")
    for commitment in course.commitments:
        if commitment.kind is Kind.CALLBACK and _wanted(case, commitment.source.at):
            yield promise.of_commitment(case, commitment, "Promised to call")


def _wanted(case: Case, at: datetime) -> bool:
    return case.allowance(NAME, DEFAULT, at) is not None


def say(obligation: Obligation, working: WorkingHours, now: datetime) -> str:
    """One line for the user."""
    return phrases.line(obligation, "call", working, now)

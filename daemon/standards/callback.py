"""Callback: a missed call, a voicemail, "please call me" and a promised call are followed by a call.

A promised call is due when it was promised, a call that the client asks for at a time then, everything else within the charter's
`call_back`. A call closes it: one in the calendar, one that the phone system reports, one that either side mentions. A mail instead is
weak evidence, unless it is about the call or about what the caller wanted.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.history import History
from daemon.glossary.charter import Allowance, Unit
from daemon.glossary.obligations import Kind, Obligation
from daemon.standards import reply
from daemon.standards.promise import promise_obligation

NAME = "call_back"
DEFAULT: Allowance | None = Allowance(1, Unit.WORKING_DAYS)


def owed(inputs: AssessmentInputs, history: History) -> Iterator[Obligation]:
    """Yield one obligation for each call to be made."""
    for request in history.requests:
        if request.kind is Kind.CALLBACK and _wanted(inputs, request.first.at) and not reply.taken_back_in_time(request):
            yield reply.request_obligation(inputs, request, "Call back")
    for promise in history.promises:
        if promise.kind is Kind.CALLBACK and _wanted(inputs, promise.source.at):
            yield promise_obligation(inputs, promise, "Promised to call")


def _wanted(inputs: AssessmentInputs, at: datetime) -> bool:
    return inputs.allowance(NAME, DEFAULT, at) is not None

"""Callback: a missed call, a voicemail, "please call me" and a promised call are followed by a call.

A promised call is due when it was promised, a call that the client asks for at a time then, everything else within the charter's
`call_back`, and so is one that was promised without a date, from when the client rings for it. A call closes it: one in the calendar, one that the phone system reports, one that either side mentions. A mail instead is
weak evidence, unless it is about the call or about what the caller wanted. A missed call or voicemail that chases a promised call is
one duty with it: the promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.history import History
from daemon.core.tracking.promises import TrackedPromise
from daemon.core.tracking.requests import ClientRequest
from daemon.glossary.charter import Allowance, Unit
from daemon.glossary.obligations import Kind, Obligation
from daemon.standards import reply
from daemon.standards.promise import promise_obligation

NAME = "call_back"
DEFAULT: Allowance | None = Allowance(1, Unit.WORKING_DAYS)


def owed(inputs: AssessmentInputs, history: History) -> Iterator[Obligation]:
    """Yield one obligation for each call to be made."""
    for request in history.requests:
        wanted = request.kind is Kind.CALLBACK and _wanted(inputs, request.first.at)
        if wanted and not reply.taken_back_in_time(request) and not _chases_promise(history, request):
            yield reply.request_obligation(inputs, request, "Call back")
    for promise in history.promises:
        if promise.kind is Kind.CALLBACK and _wanted(inputs, promise.source.at):
            chased_by = min((r.due for r in history.requests if r.due and _asks_for(r, promise)), default=None)
            yield promise_obligation(inputs, history, promise, "Promised to call", asked_for_by=chased_by)


def _chases_promise(history: History, request: ClientRequest) -> bool:
    """Return whether a call from the client asks for one that was promised, which mentions it then."""
    return any(promise.kind is Kind.CALLBACK and _asks_for(request, promise) for promise in history.promises)


def _asks_for(request: ClientRequest, promise: TrackedPromise) -> bool:
    """Return whether a missed call or voicemail asks for the call that was promised."""
    notice = request.first.message.message_id
    return request.is_phone_notice and any(mention.reference == notice for mention in promise.mentions)


def _wanted(inputs: AssessmentInputs, at: datetime) -> bool:
    return inputs.allowance(NAME, DEFAULT, at) is not None

"""Reply: a client who asks something gets an answer in time. Wanted in every charter; clients notice it first.

The clock starts at the oldest unanswered message that a person at the client wrote, and ends with an answer of substance, or with
a status that names a time, wherever that came from. A time that the client names for the answer counts instead of the charter's.
"""

from __future__ import annotations

from collections.abc import Iterator

from daemon.core import messages, proposals
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.evidence import message_evidence
from daemon.core.history import History
from daemon.core.tracking import follow_ups, requests
from daemon.core.tracking.requests import ClientRequest
from daemon.glossary.charter import Allowance, Unit
from daemon.glossary.obligations import Kind, Obligation

NAME = "reply"
DEFAULT: Allowance | None = Allowance(1, Unit.WORKING_DAYS)


def owed(inputs: AssessmentInputs, history: History) -> Iterator[Obligation]:
    """Yield one obligation for each question; none where the client withdrew it in time."""
    for request in history.requests:
        wanted = inputs.allowance(NAME, DEFAULT, request.first.at) is not None
        if wanted and request.kind is Kind.REPLY and not taken_back_in_time(request):
            yield request_obligation(inputs, request, "Reply to")


def taken_back_in_time(request: ClientRequest) -> bool:
    """Whether the client withdrew it before it was due: then it was never owed."""
    return request.withdrawn and request.closed is not None and (request.due is None or request.closed.at <= request.due)


def request_obligation(inputs: AssessmentInputs, request: ClientRequest, verb: str) -> Obligation:
    """Return what a request owes, with every further ask and everything that may have settled it as evidence.

    No words are in it of a mail that only a colleague may read.
    """
    first, shown = request.first, [(entry, quote) for entry, quote in request.asks if not entry.hidden]
    quote = next((q for _, q in shown if q == request.quote), None) or next((q for _, q in shown), None)
    again = [message_evidence(entry, quote) for entry, quote in request.asks[1:]]
    latest = request.asks[-1][0].message
    return inputs.obligation(
        request.key,
        request.kind,
        message_evidence(first, quote),
        request.due,
        f"{verb} {_who(inputs, request)}" + (f": “{quote}”" if quote else ""),
        contact=request.contact,
        closed=request.closed,
        evidence=(*again, *request.parts, *request.weak),
        last_sign=request.last_sign,
        confidence=1.0 if request.is_phone_notice else max(messages.request_confidence(entry) for entry, _ in request.asks),
        subject="" if first.hidden else first.message.subject,
        reply_to=None if request.is_phone_notice else latest.shown_id,
        asks=tuple(quote for _, quote in shown),
        chased=tuple(message_evidence(entry, quote) for entry, quote in request.asks[1:] if follow_ups.chases(entry)),
        open_asks=tuple(requests.open_asks(request)),
        thread=first.conversation,
        empty=request.empty,
        snoozed_until=request.put_off_until,
        proposed=proposals.last_proposed(request, inputs.timeline),
    )


def _who(inputs: AssessmentInputs, request: ClientRequest) -> str:
    """Return who waits: by name, else by address; a caller whose name is not known by the client's name and the number."""
    name, client = inputs.called(request.contact), inputs.timeline.client.name
    if name or not request.contact:
        return name or client
    return f"{client} ({request.contact})" if request.is_phone_notice else request.contact

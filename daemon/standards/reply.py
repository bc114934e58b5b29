"""Reply: a client who asks something gets an answer in time. Wanted in every charter; the one clients notice first.

The clock starts at the oldest unanswered message that a person at the client wrote (DOMAIN, infers 1) and ends with an answer
of substance, or with a status that names a time (infers 2), wherever that came.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daemon.core import evidence as proof
from daemon.core.assessment_inputs import Case
from daemon.core.history import Course
from daemon.core.requests import Exchange
from daemon.glossary.charter import Allowance, Unit, WorkingHours
from daemon.glossary.obligations import Kind, Obligation
from daemon.standards import phrases

NAME = "reply"
DEFAULT: Allowance | None = Allowance(1, Unit.WORKING_DAYS)


def owed(case: Case, course: Course) -> Iterator[Obligation]:
    """One obligation for each question; none where the client took it back in time."""
    for exchange in course.exchanges:
        wanted = case.allowance(NAME, DEFAULT, exchange.first.at) is not None
        if wanted and exchange.kind is Kind.REPLY and not taken_back_in_time(exchange):
            yield of_exchange(case, exchange, "Reply to")


def taken_back_in_time(exchange: Exchange) -> bool:
    """Whether the client withdrew it before it was due: then it was never owed."""
    return exchange.withdrawn and exchange.closed is not None and (exchange.due is None or exchange.closed.at <= exchange.due)


def of_exchange(case: Case, exchange: Exchange, verb: str) -> Obligation:
    """What an exchange owes, with every further ask and everything that may have settled it as evidence."""
    first = exchange.first
    chasers = [proof.of_message(entry, quote) for entry, quote in exchange.asks[1:]]
    latest = exchange.asks[-1][0].message
    return case.obligation(
        exchange.key,
        exchange.kind,
        proof.of_message(first, exchange.quote),
        exchange.due,
        f"{verb} {phrases.whom(exchange.contact, case.timeline.client.name)}: “{exchange.quote}”",
        contact=exchange.contact,
        closed=exchange.closed,
        evidence=(*chasers, *exchange.weak),
        sign=exchange.sign,
        confidence=1.0 if exchange.is_notice else max(proof.asking(entry) for entry, _ in exchange.asks),
        subject=first.message.subject,
        reply_to=None if exchange.is_notice else latest.message_id,
        asks=tuple(quote for _, quote in exchange.asks),
        thread=first.conversation,
        empty=exchange.empty,
    )


def say(obligation: Obligation, working: WorkingHours, now: datetime) -> str:
    """One line for the user."""
    return phrases.line(obligation, "reply", working, now)

"""The agenda of an expectation review. It goes to the client: it speaks of nobody else, and quotes nobody.

It is written from the charter and from what was delivered since the last review, in numbers, with nothing hidden.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from daemon.glossary.assessments import Assessment
from daemon.glossary.charter import Charter
from daemon.glossary.obligations import OPEN_STATES, Kind, Obligation, State, state
from daemon.glossary.parties import Account, Client
from daemon.letters import Letter, phrases, templating

_STANDARDS = {
    "reply": "Your mails are answered within {}",
    "call_back": "Your calls are returned within {}",
    "meeting": "We meet about current work every {}",
    "contact": "You hear from us at least every {}",
    "review": "We sit down for a review like this every {}",
}
_KINDS = {Kind.REPLY: "Mails answered", Kind.CALLBACK: "Calls returned", Kind.PROMISE: "Promises kept"}


def review_agenda(account: Account, client: Client, assessment: Assessment, charter: Charter, now: datetime) -> Letter:
    """The invitation's title, and its description as text and HTML."""
    since = _since(assessment, charter, now)
    zone = ZoneInfo(account.hours.zone)
    title = f"Review: {phrases.cut(client.name, 60)} and {phrases.cut(account.name, 60)}"
    values = {
        "title": title,
        "since": f"{since.astimezone(zone).day} {since.astimezone(zone):%B}" if since else "",
        "standards": tuple(standard_sentences(charter)),
        "delivered": tuple(_delivered(assessment, since, now)),
        "organizer": phrases.cut(account.name, 60),
    }
    return Letter(title, templating.text("agenda", **values), templating.html("agenda", **values))


def recovery_agenda(account: Account, client: Client, charter: Charter, because: str) -> Letter:
    """The invitation to a recovery meeting: what went wrong is named, and the meeting is theirs (DOMAIN, recovers)."""
    title = f"How we serve you, and what we will do better: {phrases.cut(client.name, 60)} and {phrases.cut(account.name, 60)}"
    values = {
        "title": title,
        "because": because,
        "standards": tuple(standard_sentences(charter)),
        "organizer": phrases.cut(account.name, 60),
    }
    return Letter(title, templating.text("recovery", **values), templating.html("recovery", **values))


def _since(assessment: Assessment, charter: Charter, now: datetime) -> datetime | None:
    """The last review held, else the charter's start, else the first thing that was owed."""
    reviews = [
        o.closed for o in assessment.obligations if o.kind is Kind.REVIEW and not o.waived and o.closed and o.closed <= now
    ]
    first = [o.created for o in assessment.obligations if o.kind in _KINDS]
    if reviews:
        return max(reviews)
    return charter.since or min(first, default=None)


def standard_sentences(charter: Charter) -> Iterator[str]:
    """What a client may rely on, one sentence each, as they read it."""
    for name, sentence in _STANDARDS.items():
        allowance = charter.standards.get(name)
        if allowance is not None:
            yield sentence.format(phrases.allowance(allowance))
    for thing in charter.deliverables:
        yield f"You get {phrases.cut(thing.name, 80)} {phrases.schedule(thing)}"


def _delivered(assessment: Assessment, since: datetime | None, now: datetime) -> Iterator[str]:
    """For each kind how often it was done in time, late, not at all, and what is still open."""
    for kind, label in _KINDS.items():
        found = Counter(
            _outcome(o, now)
            for o in assessment.obligations
            if o.kind is kind and o.counts and (since is None or o.created >= since)
        )
        parts = [f"{found[word]} {word}" for word in ("in time", "late", "not done", "still open") if found[word]]
        if parts:
            yield f"{label}: {', '.join(parts)}"


def _outcome(o: Obligation, now: datetime) -> str | None:
    how = state(o, now)
    if how in OPEN_STATES:
        return "still open"
    return {State.KEPT: "in time", State.KEPT_LATE: "late", State.MISSED: "not done"}.get(how)

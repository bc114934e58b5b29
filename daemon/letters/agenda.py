"""The agendas that go out with an invitation: of an expectation review, and of a recovery meeting.

The client reads them, so they mention no other client and quote nobody. They are written from the charter. Whether they also say what
was late is the user's choice: with figures they count what was delivered since the last review with nothing left out, else they name
the topics, and the user says what there is to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from daemon.core.infractions import judged
from daemon.glossary.assessments import Assessment
from daemon.glossary.charter import Charter
from daemon.glossary.obligations import OPEN_STATES, Kind, Obligation, State, state
from daemon.glossary.parties import Account, Client
from daemon.letters import Letter, phrases, templating

_DELIVERED: Mapping[Kind, str] = {
    Kind.REPLY: "Emails answered",
    Kind.CALLBACK: "Calls returned",
    Kind.PROMISE: "Promises kept",
}
_OUTCOMES: Mapping[State, str] = {State.KEPT: "on time", State.KEPT_LATE: "late", State.MISSED: "not done"}
_STILL_OPEN = "still open"


def review_agenda(
    account: Account, client: Client, assessment: Assessment, charter: Charter, length: timedelta, now: datetime, *, figures: bool
) -> Letter:
    """Return the title of the invitation to a review of that length, with its agenda as text and HTML."""
    since = _since(assessment, charter, now)
    local = since.astimezone(ZoneInfo(account.hours.zone)) if since else None
    title = f"Review: {phrases.cut(client.name, 60)} and {phrases.cut(account.name, 60)}"
    values = {
        "title": title,
        "length": _length(length),
        "since": f"{local.day} {local:%B}" if local else "",
        "standards": tuple(phrases.standards(charter)),
        "figures": figures,
        "delivered": tuple(_delivered(assessment, since, now)) if figures else (),
        "organizer": phrases.cut(account.name, 60),
    }
    return Letter(title, templating.text("agenda", **values), templating.html("agenda", **values))


def recovery_agenda(account: Account, client: Client, charter: Charter, causes: str) -> Letter:
    """Return the invitation to a recovery meeting. `causes` says what went wrong, "" leaves that to the user; the time is the client's."""
    title = f"How we serve you, and what we will do better: {phrases.cut(client.name, 60)} and {phrases.cut(account.name, 60)}"
    values = {
        "title": title,
        "causes": causes,
        "standards": tuple(phrases.standards(charter)),
        "organizer": phrases.cut(account.name, 60),
    }
    return Letter(title, templating.text("recovery", **values), templating.html("recovery", **values))


def _length(length: timedelta) -> str:
    """Return how long a meeting lasts, as a sentence begins with it: Half an hour, An hour, 90 minutes, Two hours."""
    minutes = int(length.total_seconds()) // 60
    named = {30: "Half an hour", 60: "An hour", 90: "An hour and a half", 120: "Two hours"}
    return named.get(minutes, f"{minutes} minutes")


def _since(assessment: Assessment, charter: Charter, now: datetime) -> datetime | None:
    """Return when the last review was held, else the start of the charter, else when the first obligation arose."""
    reviews = [
        o.closed for o in assessment.obligations if o.kind is Kind.REVIEW and not o.waived and o.closed and o.closed <= now
    ]
    if reviews:
        return max(reviews)
    return charter.since or min((o.created for o in assessment.obligations if o.kind in _DELIVERED), default=None)


def _delivered(assessment: Assessment, since: datetime | None, now: datetime) -> Iterator[str]:
    """For each kind, yield how often it was done on time, late or not at all, and how many are still open."""
    for kind, label in _DELIVERED.items():
        counted = Counter(
            _outcome(o, now) for o in judged(assessment.obligations) if o.kind is kind and (since is None or o.created >= since)
        )
        parts = [f"{counted[word]} {word}" for word in (*_OUTCOMES.values(), _STILL_OPEN) if counted[word]]
        if parts:
            yield f"{label}: {', '.join(parts)}"


def _outcome(o: Obligation, now: datetime) -> str | None:
    reached = state(o, now)
    return _STILL_OPEN if reached in OPEN_STATES else _OUTCOMES.get(reached)

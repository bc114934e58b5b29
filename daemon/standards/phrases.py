"""The phrases that the standards' lines are made of, in the user's language and zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from daemon.core import hours
from daemon.glossary.charter import WorkingHours
from daemon.glossary.obligations import Obligation, State, state


def line(obligation: Obligation, what: str, working: WorkingHours, now: datetime) -> str:
    """The client, what is owed, how it stands, and the words relied on."""
    words = f": “{obligation.quote}”" if obligation.quote else ""
    return f"{obligation.client}: {what} {standing(obligation, working, now)}{words}"


def standing(obligation: Obligation, working: WorkingHours, now: datetime) -> str:
    """How it stands at `now`: by when it is due, by how much business time it is over, or what became of it."""
    how, due = state(obligation, now), obligation.due
    if how is State.OVERDUE and due is not None:
        return f"overdue by {span(working, due, now)}"
    if how is State.SNOOZED and obligation.snoozed_until is not None:
        return f"snoozed until {moment(obligation.snoozed_until, working)}"
    if how in (State.OPEN, State.DUE_SOON):
        return f"due {moment(due, working)}" if due is not None else "owed, no date named"
    return how.value.replace("_", " ")


def moment(at: datetime, working: WorkingHours) -> str:
    """Mon 2 Mar 11:00, in the user's zone."""
    local = at.astimezone(ZoneInfo(working.zone))
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def span(working: WorkingHours, start: datetime, end: datetime) -> str:
    """Business time as one says it: 5 min, 2 h 10 min, 3 working days (of eight hours)."""
    passed = hours.between(working, start, end)
    if passed >= timedelta(hours=8):
        days = int(passed / timedelta(hours=8))
        return f"{days} working day{'s' if days > 1 else ''}"
    minutes = int(passed.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")


def whom(contact: str | None, client: str) -> str:
    """Whom it concerns."""
    return contact or client

"""The manager's touch-base: how long a client may go without contact before the weekly sheet names them.

It is on by default where the account has a manager. A charter that switches it off keeps its client off the list of clients
without contact, but never keeps an infraction off the sheet.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from daemon.core import hours
from daemon.glossary.assessments import Assessment
from daemon.glossary.charter import Allowance, Unit
from daemon.glossary.parties import Account, Client, Stage

NAME = "touch_base"
DEFAULT = Allowance(7, Unit.CALENDAR_DAYS)


def allowed(account: Account, client: Client, now: datetime) -> Allowance | None:
    """Return how long this client may go without contact; None if the touch-base is off."""
    return client.charter_at(now).standards.get(NAME, DEFAULT if account.manager else None)


def wanted(account: Account, clients: Iterable[Client], now: datetime) -> bool:
    """Return whether there is a weekly sheet at all."""
    return any(allowed(account, client, now) is not None for client in clients)


def lacks_contact(account: Account, client: Client, assessment: Assessment, now: datetime) -> bool:
    """Return whether there was no contact with the client, in either direction, for longer than is allowed."""
    allowance = allowed(account, client, now)
    if allowance is None or client.stage is Stage.LOST or assessment.last_contact is None or not assessment.two_way:
        return False
    return hours.add(account.hours, assessment.last_contact, allowance) < now

"""The manager's touch-base: how long a client may go untouched before the weekly sheet names them (DOMAIN, escalates).

On by default where the account has a manager; a charter that switches it off keeps its client off the list of the untouched,
never an infraction off the sheet.
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
    """How long this client may go untouched; None where nobody wants to know."""
    return client.charter_at(now).standards.get(NAME, DEFAULT if account.manager else None)


def wanted(account: Account, clients: Iterable[Client], now: datetime) -> bool:
    """Whether there is a weekly sheet at all."""
    return any(allowed(account, client, now) is not None for client in clients)


def untouched(account: Account, client: Client, assessment: Assessment, now: datetime) -> bool:
    """Whether there was no contact with them in either direction for that long."""
    allowance = allowed(account, client, now)
    if allowance is None or client.stage is Stage.LOST or assessment.last_contact is None:
        return False
    return hours.add(account.hours, assessment.last_contact, allowance) < now

"""Pack: a planned action, rendered into the parcels that carry it.

Message-IDs and UIDs derive from the action's key, so the same action packed twice is one parcel. Every mail of ours says
that a machine wrote it (RFC 3834) and carries our own id header, by which it is never taken for anyone's answer.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.calendar import Attendee, Busy, Invite
from connectors.mail import Address, Draft
from daemon.core import tokens
from daemon.core.model import (
    Account,
    Action,
    ActionKind,
    Assessment,
    Channel,
    Client,
    Coverage,
    Obligation,
    Office,
    Parcel,
    Verb,
)
from daemon.letters import Letter, agenda, digest, draft, reminder
from daemon.outbox import draft_body, invite_body

KEPT_ID = "X-Kept-Id"
OURS: Mapping[str, str] = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}


def message_id(key: str, account: str) -> str:
    """The Message-ID of what carries this key."""
    return f"<kept-{hashlib.sha256(key.encode()).hexdigest()[:24]}@{account.rpartition('@')[2]}>"


def uid(key: str) -> str:
    """The UID of the event that carries this key."""
    return f"kept-{hashlib.sha256(key.encode()).hexdigest()[:24]}"


@dataclass(frozen=True, slots=True)
class Packer:
    """Renders one turn's actions."""

    office: Office
    secret: bytes
    assessments: Sequence[Assessment]
    coverage: Sequence[Coverage]
    slots: Callable[[Account, Client], tuple[Busy, ...]]
    now: datetime

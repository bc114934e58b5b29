"""One turn: pull facts, read what was said, assess what is owed, plan what to do, deliver it.

What was delivered comes back as a fact at the next pull. A turn may be cut anywhere and turned again: facts are keyed by
Message-ID and UID, actions by their key, parcels by the outbox. Turning twice equals turning once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from connectors.calendar import Busy, Window
from connectors.errors import ConnectorError
from connectors.mail import Message
from daemon import outbox
from daemon.core import tokens
from daemon.core.model import Account, Action, ActionKind, Assessment, Client, Decision, Office, Verb
from daemon.core.people import Directory
from daemon.core.plan import Policy, plan
from daemon.core.slots import free_slots
from daemon.hands import DeskHands
from daemon.journal import Journal
from daemon.ledger import Ledger
from daemon.pack import Packer
from daemon.pull import Desk, fingerprint, pull
from daemon.store import Store

log = structlog.get_logger(__name__)


@dataclass(slots=True)
class World:
    """Everything a turn works with. The composition root (daemon.app) makes it."""

    office: Office
    directory: Directory
    store: Store
    journal: Journal
    ledger: Ledger
    desks: Mapping[str, Desk]
    policy: Policy
    secret: bytes
    history: timedelta
    stopping: Callable[[], bool] = lambda: False

    def close(self) -> None:
        """Leave every server and the store."""
        for desk in self.desks.values():
            desk.close()
        self.store.close()


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn came to: the assessments it spoke from, what it planned, what left the house."""

    assessments: tuple[Assessment, ...]
    actions: tuple[Action, ...]
    outcomes: tuple[outbox.Outcome, ...]


def turn(world: World, now: datetime) -> Turn:
    """Pull, assess, plan, deliver."""
    hands = DeskHands(world.desks)
    outbox.recover(world.store, world.journal, hands, now)
    pull_all(world, now)
    assessments = world.ledger.at(now)
    actions = tuple(action for account in world.office.accounts for action in planned(world, account, assessments, now))
    packer = Packer(world.office, world.secret, world.desks, assessments, slots_of(world, now), world.store.coverage(), now)
    for action in actions:
        if world.stopping():
            break
        parcels, said = packer.pack(action, actions)
        world.store.queue(parcels, said, now)
    outcomes = () if world.stopping() else outbox.deliver(world.store, world.journal, hands, now)
    _send_invitations(world, packer, now)
    return Turn(assessments, actions, outcomes)


def pull_all(world: World, now: datetime, account: str | None = None) -> None:
    """Poll every desk, or one. Where clients or the reader changed, everything is read again."""
    print_now = fingerprint(world.office)
    if world.store.meta("people") != print_now:
        world.store.forget_cursors()
        world.store.set_meta("people", print_now)
    for desk in world.desks.values():
        if world.stopping() or account not in (None, desk.account.address):
            continue
        pull(desk, world.directory, world.store, Settler(world, now), world.history, now)


def planned(world: World, account: Account, assessments: Sequence[Assessment], now: datetime) -> tuple[Action, ...]:
    """What is to be done for one account at `now`."""
    return plan(
        account,
        world.office,
        [a for a in assessments if a.account == account.address],
        [c for c in world.store.coverage() if c.account == account.address],
        world.store.said(now),
        slots_of(world, now)(account),
        world.store.decisions(now),
        world.policy,
        now,
    )

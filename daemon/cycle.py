"""One turn: pull facts, read what was said, assess what is owed, plan what to do, deliver it.

What was delivered comes back as a fact at the next pull. A turn may be cut anywhere and turned again: facts are keyed by
Message-ID and UID, actions by their key, parcels by the outbox. Turning twice equals turning once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from connectors.calendar import Busy, Event, Window
from connectors.errors import ConnectorError
from connectors.formats.ics import busy_times
from daemon.config.library_file import Resource
from daemon.core import absence, corrections
from daemon.core.people import Directory
from daemon.delivery import outbox, render
from daemon.delivery.earlier_answers import hints_of
from daemon.delivery.senders import DeskHands
from daemon.delivery.sent_log import Journal
from daemon.glossary.actions import Action, Channel, Delivery
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.parties import Account, Client, Office
from daemon.intake.digest_replies import Settler
from daemon.intake.poll import Desk, fingerprint, pull
from daemon.ledger import Ledger
from daemon.planning.plan import plan, says, upcoming
from daemon.planning.plan_inputs import Policy, Position, Slots
from daemon.planning.slots import free_slots
from daemon.store import Store

KEPT_FOR = timedelta(days=400)


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
    resources: tuple[Resource, ...] = ()
    stopping: Callable[[], bool] = field(default=lambda: False)

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
    unfinished: bool = False  # some source has more to read at once


def turn(world: World, now: datetime, share: float | None = None) -> Turn:
    """Pull, assess, plan, deliver. With a `share` (seconds) no mailbox is read for longer in one turn."""
    hands = DeskHands(world.desks)
    recovered = outbox.recover(world.store, world.journal, hands, now)
    pull_all(world, now, share=share)
    more = any(desk.unfinished for desk in world.desks.values())
    assessments = world.ledger.at(now)
    actions = tuple(a for account in world.office.accounts for a in planned(world, account, assessments, now))
    queue(world, assessments, actions, now)
    _forget_old_words(world, now)
    world.ledger.keep(now)
    if world.stopping():
        return Turn(assessments, actions, recovered, more)
    outcomes = outbox.deliver(world.store, world.journal, hands, now)
    _invite_by_mail(world, now)
    later = outbox.deliver(world.store, world.journal, hands, now)
    return Turn(assessments, actions, (*recovered, *outcomes, *later), more)


def pull_all(world: World, now: datetime, account: str | None = None, share: float | None = None) -> None:
    """Poll every desk, or one. Where the clients or the reader changed, everything is read again."""
    present = fingerprint(world.office)
    if world.store.meta("people") != present:
        world.store.forget_cursors()
        world.store.set_meta("people", present)
    settle = Settler(world.store, world.secret, world.ledger.find, now)
    for desk in world.desks.values():
        if not world.stopping() and account in (None, desk.account.address):
            pull(desk, world.directory, world.store, settle, world.history, now, share)


def _forget_old_words(world: World, now: datetime) -> None:
    """Once a day the words of mail older than KEPT_FOR are dropped; its threading fields stay."""
    today = now.date().isoformat()
    if world.store.meta("expired") != today:
        world.store.expire(now - max(KEPT_FOR, world.history))
        world.ledger.kept_nothing()
        world.store.set_meta("expired", today)


def planned(world: World, account: Account, assessments: Sequence[Assessment], now: datetime) -> tuple[Action, ...]:
    """What is to be done for one account at `now`, and with a digest what it announces."""
    return plan(position(world, account, assessments, now))


def coming(world: World, account: Account, assessments: Sequence[Assessment], now: datetime) -> tuple[Action, ...]:
    """What will be done next for one account, and when, if nothing changes."""
    return upcoming(position(world, account, assessments, now))


def position(world: World, account: Account, assessments: Sequence[Assessment], now: datetime) -> Position:
    """All that an account's plan follows from."""
    events = world.store.events(account.address, now)
    return Position(
        account=account,
        office=world.office,
        assessments=tuple(a for a in assessments if a.account == account.address),
        coverage=tuple(c for c in world.store.coverage() if c.account == account.address),
        said=_said(world),
        slots=slots_of(world, account, now),
        decisions=world.store.decisions(now),
        policy=world.policy,
        working=absence.at_work(account, absence.days_off(account, events)),
        absences=absence.absences(account, events),
        now=now,
    )


def _said(world: World) -> Mapping[str, datetime]:
    """What was said. An announcement counts only if its digest has really left: nothing reaches a client unannounced."""
    left = {p.created for p in world.store.parcels(Delivery.SENT) if p.key.startswith("digest:")}
    return {key: at for key, at in world.store.said().items() if not key.startswith("announce:") or at in left}


def queue(world: World, assessments: Sequence[Assessment], actions: Sequence[Action], now: datetime) -> None:
    """Render what is to be done and put it into the outbox, each action with what it says in one transaction."""
    packer = packer_of(world, assessments, now)
    for action in actions:
        if action.at <= now and not world.stopping():
            world.store.queue(packer.pack(action, actions), says(action, actions), now)


def packer_of(world: World, assessments: Sequence[Assessment], now: datetime) -> render.Packer:
    """What renders letters from these assessments."""
    by_address = {a.address: a for a in world.office.accounts}
    return render.Packer(
        world.office,
        world.directory,
        world.secret,
        assessments,
        world.store.coverage(),
        lambda address: world.store.events(address, now),
        lambda address: slots_of(world, by_address[address], now),
        now,
        hints_of(world.store, world.resources, now),
        corrections.proposals(world.store.decisions(now), now),
        dict(_untold(world)),
    )


def _untold(world: World) -> Iterator[tuple[str, str]]:
    """Accounts that only their owner can mend, and whose own digest cannot leave: a colleague's digest says it."""
    held = {
        p.account
        for p in world.store.parcels(Delivery.WAITING, Delivery.REFUSED, Delivery.UNKNOWN)
        if p.error and p.key.startswith("digest:")
    }
    for address, desk in world.desks.items():
        if desk.stuck and address in held:
            yield address, "; ".join(dict.fromkeys(desk.stuck.values()))


def slots_of(world: World, account: Account, now: datetime) -> Slots:
    """The account's free times by its stored calendar; none are known where a calendar could not be read."""
    return slots_from(account, world.store.coverage(), lambda: world.store.events(account.address, now))


def slots_from(account: Account, coverage: Iterable[Coverage], known: Callable[[], Iterable[Event]]) -> Slots:
    """The account's free times by the events that are `known`, as far as its calendars could be read."""
    calendars = [c for c in coverage if c.account == account.address and c.is_calendar]
    unread = not calendars or any(c.error is not None or c.seen_until is None or c.warnings for c in calendars)
    events: list[Event] = []

    def slots(client: Client, after: datetime, before: datetime, length: timedelta, most: int) -> tuple[Busy, ...] | None:
        if unread:
            return None
        if not events:
            events.extend(known())
        busy = busy_times(events, Window(after, before))
        return free_slots(busy, account.hours, client.hours, after, before, length, most)

    return slots


def _invite_by_mail(world: World, now: datetime) -> None:
    """A booked invite travels by mail where the calendar's server does not send it (RFC 6047): never both."""
    sent = world.store.parcels(Delivery.SENT)
    queued = {parcel.key for parcel in world.store.parcels()}
    for parcel in sent:
        mail = render.invitation_key(parcel)
        if parcel.channel is Channel.CALENDAR and mail not in queued and not _server_sends(world, parcel.account):
            world.store.queue((render.invitation(parcel),), (), now)


def _server_sends(world: World, account: str) -> bool:
    """Whether the calendar that is booked into tells its guests by itself; where that cannot be asked now, the mail waits."""
    desk = world.desks.get(account)
    try:
        return desk is None or any(calendar.sends_invitations for calendar in list(desk.calendars.values())[:1])
    except ConnectorError:
        return True

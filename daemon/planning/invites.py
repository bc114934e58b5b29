"""Meetings that Kept books: expectation reviews, and recovery meetings where the user allows it.

Each is announced by a digest with its time; it goes out a notice later, at that time or not at all. What one of them takes is
free for no other. `invites` yields announced ones for their announced time, and where a digest can tell of them, new ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from connectors.calendar import Busy
from daemon.core import hours
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.assessments import RecoveryStage
from daemon.glossary.obligations import Kind, Obligation, State, state
from daemon.glossary.parties import Client
from daemon.planning.plan_inputs import Position, booked, writable

CLIENT_NOTICE = 3  # working days that a client has at least between an invite and the meeting
LATER = 15  # working days after the due date within which a meeting is still offered


def invites(here: Position, digest_at: datetime, *, announcing: bool) -> Iterator[Action]:
    """What is to be booked; with `announcing` also what the digest of `digest_at` can tell of first."""
    taken: list[Busy] = []
    for o, name, lead in _wanted(here):
        client = here.client(o.client)
        if client is None or not _bookable(here, o, lead):
            continue
        key = f"{name}:{o.client}:{hours.local_date(here.working, o.due)}" if o.due else ""
        if here.stopped(key):
            continue
        invite = _announced(here, o, client, key, taken, look=announcing)
        if invite is None and announcing:
            invite = _proposed(here, o, client, key, taken, digest_at)
        if invite is not None and invite.start is not None and invite.end is not None:
            taken.append(Busy(invite.start, invite.end))
            yield invite


def is_recovery(action: Action) -> bool:
    """Whether a booked meeting is about what went wrong."""
    return action.key.startswith("recovery:")


def _wanted(here: Position) -> Iterator[tuple[Obligation, str, int]]:
    """Each meeting that may be booked, the name of its key, and how many working days before its due time it is."""
    for a in here.assessments:
        for o in a.obligations:
            if o.kind is Kind.REVIEW:
                yield o, "review", here.policy.review_lead
            elif a.recovery is not None and o.key == a.recovery.key and a.recovery.stage is RecoveryStage.PROPOSED:
                client = here.client(o.client)
                redress = client.charter_at(here.now).redress if client else None
                if redress is not None and redress.book:
                    yield o, "recovery", here.policy.review_lead


def _bookable(here: Position, o: Obligation, lead: int) -> bool:
    if o.due is None or not writable(o) or state(o, here.now) not in (State.OPEN, State.DUE_SOON, State.OVERDUE):
        return False
    return here.later(o.due, -lead) <= here.now and not booked(o, here.now)


def _announced(here: Position, o: Obligation, client: Client, key: str, taken: Sequence[Busy], *, look: bool) -> Action | None:
    """The invite for the time that a digest announced; None where there was none or that time is no longer good.

    Before it goes out, or with `look` earlier, the calendar is asked whether the time is still free.
    """
    told = here.announced(key)
    said_at, start = told or (here.now, None)
    if start is None:
        return None
    length = here.policy.review_length
    at = here.opening(max(here.later(said_at, here.policy.notice), here.now))
    late = here.later(max(at, here.now), 1) > start
    if late or not _clear(Busy(start, start + length), taken):
        return None
    if look or at <= here.now:
        free = here.slots(client, start, start + length, length, 1)
        unread_but_not_yet_due = free is None and at > here.now
        if not unread_but_not_yet_due and (not free or free[0].start != start):
            return None
    return _invite(here, o, key, at, start)


def _proposed(
    here: Position, o: Obligation, client: Client, key: str, taken: Sequence[Busy], digest_at: datetime
) -> Action | None:
    """An invite that no digest told of yet, for the first good time before the due date, or soon after where there is none."""
    at = here.opening(here.later(digest_at, here.policy.notice))
    after = here.later(at, CLIENT_NOTICE)
    due = o.due or after
    for before in (due, here.later(max(due, after), LATER)):
        start = _free(here, client, after, before, taken) if before > after else None
        if start is not None:
            return _invite(here, o, key, at, start)
    return None


def _free(here: Position, client: Client, after: datetime, before: datetime, taken: Sequence[Busy]) -> datetime | None:
    """The first free start between two moments; None as well where the calendar could not be read."""
    found = here.slots(client, after, before, here.policy.review_length, 1 + 3 * len(taken)) or ()
    return next((slot.start for slot in found if _clear(slot, taken)), None)


def _clear(slot: Busy, taken: Iterable[Busy]) -> bool:
    return all(slot.end <= other.start or slot.start >= other.end for other in taken)


def _invite(here: Position, o: Obligation, key: str, at: datetime, start: datetime) -> Action:
    what = "recovery meeting" if key.startswith("recovery:") else "review"
    length: timedelta = here.policy.review_length
    return Action(
        key=key,
        kind=ActionKind.INVITE,
        account=here.account.address,
        at=at,
        client=o.client,
        obligations=(o,),
        start=start,
        end=start + length,
        attendees=(o.contact,) if o.contact else (),
        summary=f"Invite {o.contact} to a {what} with {o.client}",
    )

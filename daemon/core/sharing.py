"""Who answers for what, where several accounts serve one client: every question, promise and standing duty is one account's.

All accounts of a client judge the same mail and meetings (`Timeline.sharing`), so that a colleague's answer counts wherever it lies, and
each takes its own part of what was found. A question is whose it was addressed to; of several, whom it greets by name, else who wrote last in
the conversation, else the client's owner, else the first. A promise is who made it. What is owed to the client as a whole (reviews,
regular contact, deliverables) is the owner's: whom the configuration names, else who wrote to them first. While somebody is away,
whoever covers for them answers for it, if they serve the client too; reviews alone stay the owner's, so that none is booked twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol, TypeVar

from connectors.mail import Address
from daemon.core import hours, messages
from daemon.glossary.parties import Account
from daemon.glossary.timelines import Entry, Timeline

_GREETING = 100  # characters in which a mail greets somebody by name


class Owned(Protocol):
    """What one account answers for: a question, a promise."""

    answerable: str  # the account's address


OwnedT = TypeVar("OwnedT", bound=Owned)


def own_part(found: Iterable[OwnedT], timeline: Timeline, now: datetime) -> tuple[OwnedT, ...]:
    """Return what the timeline's own account answers for at a moment."""
    if timeline.sharing is None:
        return tuple(found)
    return tuple(each for each in found if _who_answers(each.answerable, timeline, now) == timeline.account.address)


def addressed(entry: Entry, timeline: Timeline) -> Account:
    """Return the account that answers a mail of the client's, as long as it is not away."""
    account, sharing = timeline.account, timeline.sharing
    if sharing is None:
        return account
    to, cc = (_among(sharing.accounts, people) for people in (entry.message.to, entry.message.cc))
    got = [a for a in sharing.accounts if a.address in entry.holders]
    several = [a for a in to or cc if a in got] or got  # a group's address: whoever got it
    greeted = [a for a in several if messages.is_named(a, entry.reading.new_text[:_GREETING])]
    if len(greeted) == 1 or len(several) < 2:
        return (greeted or several or [account])[0]
    wrote = next((a for a in _writers(timeline, entry) if a in several), None)
    owner = next((a for a in several if a.address == timeline.client.owner), None)
    return wrote or owner or several[0]


def answers(entry: Entry, timeline: Timeline, now: datetime) -> bool:
    """Return whether the timeline's own account answers a mail of the client's at a moment."""
    return timeline.sharing is None or _who_answers(addressed(entry, timeline).address, timeline, now) == timeline.account.address


def author(entry: Entry, timeline: Timeline) -> Account | None:
    """Return the account whose user wrote a mail; None where that is nobody who serves the client."""
    accounts = timeline.sharing.accounts if timeline.sharing else (timeline.account,)
    return next(iter(_among(accounts, (entry.message.sender,))), None)


def is_owner(timeline: Timeline, now: datetime) -> bool:
    """Return whether the account answers for the client as a whole at a moment."""
    return _who_answers(owner(timeline), timeline, now) == timeline.account.address


def owner(timeline: Timeline) -> str:
    """Return the account that answers for the client as a whole as long as it is not away: whom the configuration names, if anybody."""
    sharing = timeline.sharing
    if sharing is None:
        return timeline.client.owner or timeline.account.address
    named = [a.address for a in sharing.accounts if a.address == timeline.client.owner]
    first = (a.address for e in timeline.entries if messages.from_our_side(e) and (a := author(e, timeline)) in sharing.accounts)
    return next(iter(named), None) or next(first, sharing.accounts[0].address)


def _who_answers(address: str, timeline: Timeline, now: datetime) -> str:
    """Return who answers in an account's place at a moment: its cover while it is away, unless that one is away too."""
    sharing = timeline.sharing
    account = next((a for a in sharing.accounts if a.address == address), None) if sharing else None
    if sharing is None or account is None or not _is_away(account, timeline, now):
        return address
    covering = (a for a in sharing.accounts if account.cover in a.addresses and not _is_away(a, timeline, now))
    return next((a.address for a in covering), address)


def _is_away(account: Account, timeline: Timeline, now: datetime) -> bool:
    days = timeline.sharing.away.get(account.address, frozenset()) if timeline.sharing else frozenset()
    return hours.local_date(account.hours, now) in days


def _among(accounts: Iterable[Account], people: Iterable[Address]) -> list[Account]:
    """Return the accounts whose addresses stand among people, in that order."""
    known = {address: account for account in accounts for address in account.addresses}
    return list({a.address: a for p in people if (a := known.get(p.email)) is not None}.values())


def _writers(timeline: Timeline, entry: Entry) -> Iterable[Account]:
    """Yield who on our side wrote in a mail's conversation before it, the latest first."""
    before = (e for e in reversed(timeline.entries) if e.conversation == entry.conversation and e.at < entry.at)
    return (a for e in before if messages.from_our_side(e) and (a := author(e, timeline)) is not None)

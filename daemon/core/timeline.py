"""The timeline: all that happened between one account and one client, in order, as known at a moment."""

from __future__ import annotations

import bisect
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TypeAlias

from connectors.calendar import Event
from connectors.mail import Message, Role
from daemon.core import meetings, threads
from daemon.core.people import Directory
from daemon.core.story_cache import StoryCache
from daemon.glossary.parties import Account, Client
from daemon.glossary.timelines import Entry, Sharing, Side, Timeline
from daemon.reading import Reading

_FORM = re.compile(r"[\s,]+(?:ltd|limited|llc|inc|plc|gmbh|ag|kg|co|corp|bv|sa|sas|srl|as|ab|oy)\.?$")
_LEAST = 4  # letters of a client's name below which a title that holds it may mean anything


Fact: TypeAlias = tuple[Message, Reading]


@dataclass(frozen=True, slots=True)
class SharedMail:
    """What the other accounts that serve a client have of it: who they are, each one's mail by address, and their meetings with it."""

    sharing: Sharing
    mail: Mapping[str, Sequence[Fact]]
    events: Sequence[Event] = ()


@dataclass(slots=True)
class _OrderedMail:
    """The mail of a timeline as it was last put in order."""

    by: tuple[Account, Directory]
    until: datetime
    facts: list[Fact]
    entries: list[Entry]
    threads: threads.Threads


def timeline(
    account: Account,
    client: Client,
    messages: Iterable[Fact],
    events: Iterable[Event],
    directory: Directory,
    until: datetime,
    absent: frozenset[date] = frozenset(),
    cache: StoryCache | None = None,
    shared: SharedMail | None = None,
) -> Timeline:
    """Return facts in order. Copies of one message are one; Kept's own mails and drafts and later facts are left out.

    A mail of the user's that bears no sign of having left is doubtful, until a mail of somebody else refers to it.

    `absent` are the account's days off. A `cache` that an earlier timeline of the same two filled is built upon. `shared` is the mail
    of the other accounts that serve the client: what lies in several mailboxes is one, as whom it is addressed to has it.
    """
    by, facts = (account, directory), list(messages)
    entries = _of_one(by, facts, until, cache) if shared is None else _of_all(by, facts, shared, until)
    everybodys = {
        (e.uid, e.occurrence): e for e in (*(shared.events if shared else ()), *events)
    }  # the account's own copy counts
    concerning = _events(account, client, everybodys.values(), directory, until)
    as_mailed = meetings.followed(concerning, entries, account)
    mailed = tuple(event for event in as_mailed if event not in concerning) if as_mailed != concerning else ()
    return Timeline(account, client, tuple(entries), as_mailed, until, absent, mailed, shared.sharing if shared else None)


def _of_one(by: tuple[Account, Directory], facts: list[Fact], until: datetime, cache: StoryCache | None) -> list[Entry]:
    """Return an account's own mail in order."""
    before = cache.mail if cache is not None else None
    if cache is not None:
        cache.mail = None  # until it is whole again
    mail = (_continued(before, by, facts, until) if before is not None else None) or _from_the_beginning(by, facts, until)
    if cache is not None:
        cache.mail = mail if all(_is_known(message, until) for message, _ in facts) else None
    return mail.entries


def _chosen(facts: Iterable[Fact], until: datetime) -> dict[str, Fact]:
    """Return what is known by a moment and not Kept's own, one of all copies, by Message-ID."""
    chosen: dict[str, Fact] = {}
    for message, reading in facts:
        if _is_known(message, until) and not _is_kepts(message):
            copy = chosen.get(message.message_id)
            if copy is None or _rank(message) < _rank(copy[0]):
                chosen[message.message_id] = (message, reading)
    return chosen


def _of_all(by: tuple[Account, Directory], facts: list[Fact], shared: SharedMail, until: datetime) -> list[Entry]:
    """Return the mail of all accounts in order, each with the mailboxes in which it lies."""
    account, directory = by
    copies = _copies(account, facts, shared, until)
    threading = threads.Threads(message for _, _, (message, _) in copies)
    sides = {fact[0].message_id: _side_of_copy(directory, account, of, fact[0]) for of, _, fact in copies}
    answered = {name for _, _, (m, _) in copies if sides[m.message_id] is not Side.USER for name in threads.parents(m)}
    found = []
    for of, within, (message, reading) in copies:
        side, conversation = sides[message.message_id], threading.name(message.message_id)
        is_ours = side is Side.USER or directory.is_users(of, message)
        doubtful = is_ours and not message.transmitted and not _is_answered(message, answered)
        is_theirs = account.address in within or any(a.email in account.addresses for a in (*message.to, *message.cc))
        hidden = not is_theirs and shared.sharing.open_to.isdisjoint(within)
        found.append(Entry(moment(message), message, reading, side, conversation, doubtful, within, hidden))
    return sorted(found, key=_order)


def _copies(
    account: Account, facts: list[Fact], shared: SharedMail, until: datetime
) -> list[tuple[Account, tuple[str, ...], Fact]]:
    """Return each mail once, as one account has it, with the mailboxes in which it lies: as whom it is addressed to, else as one's own.

    It left if any copy shows that.
    """
    accounts = {a.address: a for a in shared.sharing.accounts}
    mails = {a: _chosen(facts if a == account.address else shared.mail.get(a, ()), until) for a in accounts}
    copies = []
    for name in dict.fromkeys(name for mail in mails.values() for name in mail):
        within = tuple(a for a in accounts if name in mails[a])
        recipients = {a.email for a in mails[within[0]][name][0].to}
        best = min(within, key=lambda a: (accounts[a].addresses.isdisjoint(recipients), a != account.address))
        message, reading = mails[best][name]
        left = any(mails[a][name][0].transmitted for a in within)
        copies.append((accounts[best], within, (replace(message, transmitted=left), reading)))
    return copies


def _side_of_copy(directory: Directory, account: Account, holder: Account, message: Message) -> Side:
    """Return whose side a mail in somebody's mailbox is on, seen from an account."""
    if message.sender.email in account.addresses or holder.address == account.address:
        return _side(directory, account, message)
    return Side.COLLEAGUE if directory.is_users(holder, message) else directory.side(account.address, message.sender.email)


def _from_the_beginning(by: tuple[Account, Directory], facts: list[Fact], until: datetime) -> _OrderedMail:
    chosen = _chosen(facts, until)
    threading = threads.Threads(m for m, _ in chosen.values())
    answered = {name for m, _ in chosen.values() if _side(by[1], by[0], m) is not Side.USER for name in threads.parents(m)}
    entries = sorted((_entry(by, fact, threading.name(fact[0].message_id), answered) for fact in chosen.values()), key=_order)
    return _OrderedMail(by, until, facts, entries, threading)


def _continued(mail: _OrderedMail, by: tuple[Account, Directory], facts: list[Fact], until: datetime) -> _OrderedMail | None:
    """Return the mail with what came since; None where it has to be put in order from the beginning."""
    if until < mail.until or mail.by != by or facts[: len(mail.facts)] != mail.facts:
        return None
    for fact in facts[len(mail.facts) :]:
        if not _is_known(fact[0], until):
            return None
        if not _is_kepts(fact[0]):
            conversation = mail.threads.add(fact[0])
            if conversation is None or any(
                e.doubtful and _is_answered(e.message, threads.parents(fact[0])) for e in mail.entries
            ):
                return None
            bisect.insort(mail.entries, _entry(by, fact, conversation, ()), key=_order)
    mail.facts, mail.until = facts, until
    return mail


def _entry(by: tuple[Account, Directory], fact: Fact, conversation: str, answered: Collection[str]) -> Entry:
    message, reading = fact
    account, directory = by
    side = _side(directory, account, message)
    doubtful = side is Side.USER and not message.transmitted and not _is_answered(message, answered)
    return Entry(moment(message), message, reading, side, conversation, doubtful)


def _is_answered(message: Message, answered: Collection[str]) -> bool:
    """Whether somebody else's mail refers to it, which shows that it was sent."""
    return message.message_id in answered or message.header_id in answered


def _order(entry: Entry) -> tuple[datetime, str]:
    return entry.at, entry.message.message_id


def moment(message: Message) -> datetime:
    """Return when a message counts: as it was written; a sender's clock that runs ahead does not make it later than its arrival."""
    return (message.date if message.role is Role.SENT else min(message.date, message.received)).astimezone(UTC)


def _is_known(message: Message, until: datetime) -> bool:
    return moment(message) <= until and (message.role is Role.SENT or message.received <= until)


def _is_kepts(message: Message) -> bool:
    """Whether it is Kept's own mail or draft. The header is kept of mail alone that is proved to be (`intake.mail_reader`)."""
    return "x-kept-id" in message.headers or message.role is Role.DRAFTS


def _rank(message: Message) -> tuple[bool, bool, datetime, str]:
    """Order copies of one message: the sent one counts, then one that left, else the first to arrive."""
    return message.role is not Role.SENT, not message.transmitted, message.received, message.folder


def _side(directory: Directory, account: Account, message: Message) -> Side:
    if directory.is_users(account, message):
        return Side.USER
    return directory.side(account.address, message.sender.email)


def _events(
    account: Account, client: Client, events: Iterable[Event], directory: Directory, until: datetime
) -> tuple[Event, ...]:
    """Return the events that concern the client; those created later are not known yet."""
    concerning = (e for e in events if (e.created is None or e.created <= until) and concerns(e, account, client, directory))
    return tuple(sorted(concerning, key=lambda e: (e.start, e.uid, e.occurrence)))


def concerns(event: Event, account: Account, client: Client, directory: Directory) -> bool:
    """Whether an event is with the client: by an attendee or the organiser; the user's own, alone, by the client's name in its title."""
    matched, alone = _people(event, account, directory)
    return client.name in matched or (alone and _names(event, client))


def shared_out(
    events: Iterable[Event], account: Account, clients: Sequence[Client], directory: Directory
) -> Mapping[str, tuple[Event, ...]]:
    """Return the events that concern each client, asked for all clients at once; whoever has none is missing."""
    shares: dict[str, list[Event]] = {}
    for event in events:
        for name in concerned(event, account, clients, directory):
            shares.setdefault(name, []).append(event)
    return {name: tuple(of) for name, of in shares.items()}


def concerned(event: Event, account: Account, clients: Iterable[Client], directory: Directory) -> Collection[str]:
    """Return the clients that an event concerns."""
    matched, alone = _people(event, account, directory)
    return [c.name for c in clients if _names(event, c)] if alone else matched


def _people(event: Event, account: Account, directory: Directory) -> tuple[Collection[str], bool]:
    """Return the clients whose people are in an event, and whether nobody but the user is. A meeting of colleagues is with no client."""
    people = {a.email for a in event.attendees} | ({event.organizer} if event.organizer else set())
    matched = {name for p in people if (name := directory.match(p))}
    return matched, not matched and all(directory.side(account.address, p) is Side.USER for p in people)


def _names(event: Event, client: Client) -> bool:
    pattern = _named(client.name)
    return pattern is not None and pattern.search(event.summary.lower()) is not None


@lru_cache(maxsize=4096)
def _named(client: str) -> re.Pattern[str] | None:
    """Return a pattern that tells a client's name from a word in a title; None for names that are too short for that."""
    name = _FORM.sub("", client.lower()).strip()
    return re.compile(rf"\b{re.escape(name)}\b") if len(name) >= _LEAST else None

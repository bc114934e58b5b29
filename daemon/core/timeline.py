"""The timeline: all that happened between one account and one client, in order, as known at a moment."""

from __future__ import annotations

import bisect
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TypeAlias

from connectors.calendar import Event
from connectors.mail import Message, Role
from daemon.core import threads
from daemon.core.memory import Memory, Remembered
from daemon.core.people import Directory
from daemon.glossary.parties import Account, Client
from daemon.glossary.timelines import Entry, Side, Timeline
from daemon.reading import Reading

_FORM = re.compile(r"[\s,]+(?:ltd|limited|llc|inc|plc|gmbh|ag|kg|co|corp|bv|sa|sas|srl|as|ab|oy)\.?$")
_LEAST = 4  # letters of a client's name below which a title that holds it may mean anything


Fact: TypeAlias = tuple[Message, Reading]


@dataclass(slots=True)
class _Story:
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
    memory: Memory | None = None,
) -> Timeline:
    """Put facts in order. Copies of one message are one; our own mails and drafts are nobody's words; later facts are left out.

    `absent` are the account's days off. `memory` is what an earlier timeline of the same two left behind: this one builds on it.
    """
    memory = memory or Memory()
    memory.once.clear()
    facts = list(messages)
    entries = _continued(memory, (account, directory), facts, until) or _from_the_beginning(
        memory, (account, directory), facts, until
    )
    return Remembered(account, client, entries, _events(account, client, events, directory, until), until, absent, memory)


def _from_the_beginning(memory: Memory, by: tuple[Account, Directory], facts: list[Fact], until: datetime) -> tuple[Entry, ...]:
    known: dict[str, Fact] = {}
    for message, reading in facts:
        if _known(message, until) and not _is_kepts(message):
            copy = known.get(message.message_id)
            if copy is None or _rank(message) < _rank(copy[0]):
                known[message.message_id] = (message, reading)
    threading = threads.Threads(m for m, _ in known.values())
    entries = sorted((_entry(by, fact, threading.name(fact[0].message_id)) for fact in known.values()), key=_order)
    whole = all(_known(message, until) for message, _ in facts)
    memory.story = _Story(by, until, facts, entries, threading) if whole else None
    return tuple(entries)


def _continued(memory: Memory, by: tuple[Account, Directory], facts: list[Fact], until: datetime) -> tuple[Entry, ...] | None:
    """The same from where an earlier timeline ended; None where it cannot be built upon."""
    story: _Story | None = memory.story
    if story is None or until < story.until or story.by != by or facts[: len(story.facts)] != story.facts:
        return None
    memory.story = None  # until it is whole again
    for fact in facts[len(story.facts) :]:
        if not _known(fact[0], until):
            return None
        if not _is_kepts(fact[0]):
            conversation = story.threads.add(fact[0])
            if conversation is None:
                return None
            bisect.insort(story.entries, _entry(by, fact, conversation), key=_order)
    story.facts, story.until, memory.story = facts, until, story
    return tuple(story.entries)


def _entry(by: tuple[Account, Directory], fact: Fact, conversation: str) -> Entry:
    message, reading = fact
    account, directory = by
    return Entry(moment(message), message, reading, _side(directory, account, message), conversation)


def _order(entry: Entry) -> tuple[datetime, str]:
    return entry.at, entry.message.message_id


def moment(message: Message) -> datetime:
    """When a message counts: as it was written; a sender's clock that runs ahead does not make it later than its arrival."""
    return (message.date if message.role is Role.SENT else min(message.date, message.received)).astimezone(UTC)


def _known(message: Message, until: datetime) -> bool:
    return moment(message) <= until and (message.role is Role.SENT or message.received <= until)


def _is_kepts(message: Message) -> bool:
    """Whether it is a mail or a draft of Kept's own. A draft that the user has sent is the user's word; where it lies tells."""
    if "x-kept-id" in message.headers or message.role is Role.DRAFTS:
        return True
    return message.message_id.startswith("<kept-") and message.role not in (Role.SENT, Role.ARCHIVE)


def _rank(message: Message) -> tuple[bool, datetime, str]:
    """Which of several copies speaks: the sent one, else the first to arrive."""
    return message.role is not Role.SENT, message.received, message.folder


def _side(directory: Directory, account: Account, message: Message) -> Side:
    if message.sender.email in account.addresses:
        return Side.USER
    return directory.side(account.address, message.sender.email)


def _events(
    account: Account, client: Client, events: Iterable[Event], directory: Directory, until: datetime
) -> tuple[Event, ...]:
    """Events that somebody at the client attends, or whose title names the client; those made later are not known yet."""
    mine = (e for e in events if (e.created is None or e.created <= until) and concerns(e, account, client, directory))
    return tuple(sorted(mine, key=lambda e: (e.start, e.uid, e.occurrence)))


def concerns(event: Event, account: Account, client: Client, directory: Directory) -> bool:
    """Whether an event is with the client: by an attendee or the organiser; the user's own, alone, by the client's name in its title."""
    matched, alone = _people(event, account, directory)
    return client.name in matched or (alone and _names(event, client))


def shared_out(
    events: Iterable[Event], account: Account, clients: Sequence[Client], directory: Directory
) -> Mapping[str, tuple[Event, ...]]:
    """The events that concern each client, asked for all clients at once."""
    found: dict[str, list[Event]] = {c.name: [] for c in clients}
    for event in events:
        for name in concerned(event, account, clients, directory):
            if name in found:
                found[name].append(event)
    return {name: tuple(of) for name, of in found.items()}


def concerned(event: Event, account: Account, clients: Iterable[Client], directory: Directory) -> Collection[str]:
    """The clients that an event concerns."""
    matched, alone = _people(event, account, directory)
    return [c.name for c in clients if _names(event, c)] if alone else matched


def _people(event: Event, account: Account, directory: Directory) -> tuple[Collection[str], bool]:
    """The clients whose people are in an event, and whether nobody but the user is: a meeting of colleagues about a client is none with them."""
    people = {a.email for a in event.attendees} | ({event.organizer} if event.organizer else set())
    matched = {name for p in people if (name := directory.match(p))}
    return matched, not matched and all(directory.side(account.address, p) is Side.USER for p in people)


def _names(event: Event, client: Client) -> bool:
    pattern = _named(client.name)
    return pattern is not None and pattern.search(event.summary.lower()) is not None


@lru_cache(maxsize=4096)
def _named(client: str) -> re.Pattern[str] | None:
    """What tells a client's name from a word in a title."""
    name = _FORM.sub("", client.lower()).strip()
    return re.compile(rf"\b{re.escape(name)}\b") if len(name) >= _LEAST else None

"""The timeline: all that happened between one account and one client, in order, as known at a moment."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime

from connectors.calendar import Event
from connectors.mail import Message, Role
from daemon.core import thread
from daemon.core.model import Account, Client, Entry, Side, Timeline
from daemon.core.people import Directory
from daemon.reading import Reading

_FORM = re.compile(r"[\s,]+(?:ltd|limited|llc|inc|plc|gmbh|ag|kg|co|corp|bv|sa|sas|srl|as|ab|oy)\.?$")
_LEAST = 4  # letters of a client's name below which a title that holds it may mean anything


def timeline(
    account: Account,
    client: Client,
    messages: Iterable[tuple[Message, Reading]],
    events: Iterable[Event],
    directory: Directory,
    until: datetime,
    absent: frozenset[date] = frozenset(),
) -> Timeline:
    """Put facts in order. Copies of one message are one; our own mails and drafts are nobody's words; later facts are left out.

    `absent` are the account's days off.
    """
    known: dict[str, tuple[Message, Reading]] = {}
    for message, reading in messages:
        if _known(message, until) and not _is_kepts(message):
            copy = known.get(message.message_id)
            if copy is None or _rank(message) < _rank(copy[0]):
                known[message.message_id] = (message, reading)
    threads = thread.conversations(m for m, _ in known.values())
    found = (Entry(moment(m), m, r, _side(directory, account, m), threads[m.message_id]) for m, r in known.values())
    entries = tuple(sorted(found, key=lambda e: (e.at, e.message.message_id)))
    return Timeline(account, client, entries, _events(account, client, events, directory, until), until, absent)


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
    people = [a.email for a in event.attendees]
    if event.organizer:
        people.append(event.organizer)
    matched = {directory.match(p) for p in people} - {None}
    if matched:
        return client.name in matched
    if any(directory.side(account.address, p) is not Side.USER for p in people):
        return False  # a meeting of colleagues about a client is none with them
    name = _FORM.sub("", client.name.lower()).strip()
    return len(name) >= _LEAST and re.search(rf"\b{re.escape(name)}\b", event.summary.lower()) is not None

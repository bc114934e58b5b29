"""The timeline: all that happened between one account and one client, in order, as known at a moment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from connectors.calendar import Event
from connectors.mail import Message, Role
from daemon.core import thread
from daemon.core.model import Account, Client, Entry, Side, Timeline
from daemon.core.people import Directory
from daemon.reading import Reading


def timeline(
    account: Account,
    client: Client,
    messages: Iterable[tuple[Message, Reading]],
    events: Iterable[Event],
    directory: Directory,
    until: datetime,
) -> Timeline:
    """Put facts in order. Copies of one message are one; our own mails and drafts are nobody's words; later facts are left out."""
    known: dict[str, tuple[Message, Reading]] = {}
    for message, reading in messages:
        if moment(message) <= until and "x-kept-id" not in message.headers and message.role is not Role.DRAFTS:
            known.setdefault(message.message_id, (message, reading))
    threads = thread.conversations(m for m, _ in known.values())
    entries = sorted(
        (
            Entry(moment(m), m, r, _side(directory, account, m), threads[m.message_id])
            for m, r in known.values()
        ),
        key=lambda e: (e.at, e.message.message_id),
    )
    return Timeline(account, client, tuple(entries), _events(client, events, directory, until), until)


def moment(message: Message) -> datetime:
    """When a message counts: as it was written, or as it arrived where it was long on its way to us."""
    return max(message.date, message.received).astimezone(UTC) if message.role is not Role.SENT else message.date.astimezone(UTC)


def _side(directory: Directory, account: Account, message: Message) -> Side:
    if message.sender.email in account.addresses:
        return Side.USER
    return directory.side(account.address, message.sender.email)


def _events(client: Client, events: Iterable[Event], directory: Directory, until: datetime) -> tuple[Event, ...]:
    """Events that somebody at the client attends, or whose title names the client; those made later are not known yet."""
    mine = (e for e in events if (e.created is None or e.created <= until) and concerns(e, client, directory))
    return tuple(sorted(mine, key=lambda e: (e.start, e.uid, e.occurrence)))


def concerns(event: Event, client: Client, directory: Directory) -> bool:
    """Whether an event is with the client: by an attendee or the organiser, else by the client's name in its title."""
    people = [a.email for a in event.attendees]
    if event.organizer:
        people.append(event.organizer)
    matched = {directory.match(p) for p in people} - {None}
    if matched:
        return client.name in matched
    title = event.summary.lower()
    names = (client.name.lower(), client.name.lower().removesuffix(" ltd").removesuffix(" gmbh").removesuffix(" inc").strip())
    return any(name and name in title for name in names)

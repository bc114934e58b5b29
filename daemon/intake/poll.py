"""Pull: facts from an account's mailboxes and calendars into the store, read on the way in.

One source that fails becomes one line of coverage and never stops the others. Messages, what was read in them and the
cursor are committed together by the store, batch by batch; a decision that came by mail is taken before the batch it lies
in is committed, so that a crash in between repeats the batch and not the decision.
"""

from __future__ import annotations

import dataclasses
import hashlib
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeAlias

from connectors.base import Calendar, Mailbox, Postman
from connectors.calendar import Window
from connectors.errors import ConnectorError
from connectors.mail import Batch, Message, Role, Unreadable
from daemon import reading
from daemon.core import hours
from daemon.core.people import Directory
from daemon.glossary.assessments import Coverage
from daemon.glossary.parties import Account, Office
from daemon.logs import get_logger
from daemon.store import ReadMessage, Store

log = get_logger(__name__)

AHEAD = timedelta(days=180)  # how far the calendar is read into the future: beyond the longest planned review
KEPT_TEXT = 8 * 1024  # characters of new text kept of a client's mail
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_REST, LONGEST_REST = timedelta(minutes=1), timedelta(minutes=15)  # of a source that failed


@dataclasses.dataclass(slots=True)
class Desk:
    """An account with what it works at. Sources are named as a person would name them."""

    account: Account
    mailboxes: Mapping[str, Mailbox]
    calendars: Mapping[str, Calendar]
    postman: Postman | None = None
    stuck: dict[str, str] = dataclasses.field(default_factory=dict)  # source -> what only a person can mend
    unfinished: set[str] = dataclasses.field(default_factory=set)  # sources with more to read at once
    resting: dict[str, tuple[int, datetime]] = dataclasses.field(default_factory=dict)  # source -> failures in a row, until when

    def close(self) -> None:
        """End every session."""
        for mailbox in self.mailboxes.values():
            mailbox.close()
        for calendar in self.calendars.values():
            calendar.close()
        if self.postman is not None:
            self.postman.close()


@dataclasses.dataclass(frozen=True, slots=True)
class Reader:
    """Reads a batch of an account's mail as what was said with which client."""

    account: Account
    directory: Directory
    store: Store

    def read(self, batch: Batch) -> tuple[ReadMessage, ...]:
        """Each message with its client and reading; of mail that concerns no client only the threading fields remain."""
        found = [(message, self._call(message)) for message in batch.messages]
        clients = [self.directory.client_of(self.account.address, message, call) for message, call in found]
        wanted = {m for (message, _), client in zip(found, clients, strict=True) if client for m in _parents(message)}
        earlier = dict(self.store.texts(self.account.address, wanted))
        return tuple(self._one(message, client, earlier) for (message, _), client in zip(found, clients, strict=True))

    def _call(self, message: Message) -> reading.Call | None:
        """A missed-call notice comes from the phone system, so only its words tell whose call it was."""
        if message.role is Role.SENT or self.directory.match(message.sender.email):
            return None
        return reading.call_notice(self._utterance(message, ()))

    def _one(self, message: Message, client: str | None, earlier: dict[str, str]) -> ReadMessage:
        if client is None:
            return ReadMessage(dataclasses.replace(message, text=""), None, None)
        texts = tuple(earlier[parent] for parent in _parents(message) if parent in earlier)
        read = reading.read(self._utterance(message, texts, client))
        earlier[message.message_id] = read.new_text
        return ReadMessage(dataclasses.replace(message, text=read.new_text[:KEPT_TEXT]), read, client)

    def _utterance(self, message: Message, earlier: tuple[str, ...], client: str | None = None) -> reading.ReaderInput:
        sent = message.sender.email in self.account.addresses
        theirs = self.directory.hours_of(client) if client and not sent else None
        return reading.ReaderInput(
            direction="sent" if sent else "received",
            sender=message.sender.email,
            to=tuple(a.email for a in message.to),
            cc=tuple(a.email for a in message.cc),
            date=message.date,
            subject=message.subject,
            text=message.text,
            headers=message.headers,
            user=tuple(sorted(self.account.addresses)),
            time_context=hours.frame(theirs or self.account.hours),
            earlier=earlier,
            addressee_names=(self.account.name,),
        )


def _parents(message: Message) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*message.in_reply_to, *message.references[-5:])))


Settle: TypeAlias = Callable[[Account, Sequence[Message]], None]
Found: TypeAlias = tuple[int, tuple[str, ...], bool]  # how many could not be read, lines for a person, whether all was read
SHARE = 30.0  # seconds of a turn that one mailbox may take, so that a long first reading holds up nobody else


def pull(
    desk: Desk,
    directory: Directory,
    store: Store,
    settle: Settle,
    history: timedelta,
    now: datetime,
    share: float | None = None,
) -> None:
    """Poll every source of one account whose time has come. Never raises for what a source does.

    With a `share` a mailbox that takes longer is left after the batch at hand and named in `unfinished`.
    """
    reader = Reader(desk.account, directory, store)
    desk.unfinished.clear()
    for source, mailbox in desk.mailboxes.items():
        poll = partial(_mail, source, mailbox, reader, settle, history, now, share)
        _covered(desk, store, source, now, poll, is_calendar=False)
    for source, calendar in desk.calendars.items():
        _covered(desk, store, source, now, partial(_calendar, source, calendar, reader, history, now), is_calendar=True)


def _mail(
    source: str, mailbox: Mailbox, reader: Reader, settle: Settle, history: timedelta, now: datetime, share: float | None
) -> Found:
    """Read what is new. A mailbox with nothing from within the history is an archive or a report: it is read whole."""
    first = reader.store.cursor(reader.account.address, source) is None
    count, found, lain = _read_since(source, mailbox, reader, settle, now - history, now, share)
    if first and not count and lain:
        reader.store.forget_cursors(reader.account.address)
        _, found, _ = _read_since(source, mailbox, reader, settle, BEGINNING, now, share)
    return found


def _read_since(
    source: str, mailbox: Mailbox, reader: Reader, settle: Settle, since: datetime, now: datetime, share: float | None
) -> tuple[int, Found, int]:
    """One pass: how many messages came, what could not be read, and how many lie there."""
    account, store = reader.account.address, reader.store
    count = unreadable = lain = 0
    warnings: list[str] = []
    whole, began = True, time.monotonic()
    for batch in mailbox.poll(store.cursor(account, source), since):
        count += len(batch.messages) + len(batch.unreadable)
        lain = max(lain, sum(batch.folders.values()))
        warnings += batch.warnings
        if batch.messages or batch.unreadable or batch.cursor != store.cursor(account, source):
            settle(reader.account, batch.messages)
            read, bad = _read_what_can_be(reader, batch)
            store.add_mail(account, source, read, batch.cursor, (*batch.unreadable, *bad), now)
            unreadable += len(batch.unreadable) + len(bad)
        if share is not None and not batch.complete and time.monotonic() - began > share:
            whole = False
            break
    return count, (unreadable, tuple(dict.fromkeys(warnings)), whole), lain


def _read_what_can_be(reader: Reader, batch: Batch) -> tuple[tuple[ReadMessage, ...], tuple[Unreadable, ...]]:
    """One message that breaks the reader is quarantined; the rest of its batch is read without it."""
    try:
        return reader.read(batch), ()
    except Exception:  # whatever it is, it is one message's fault, and the loop goes on
        log.exception("reading a batch failed; reading its messages one by one")
    good: list[ReadMessage] = []
    bad: list[Unreadable] = []
    for message in batch.messages:
        try:
            good += reader.read(dataclasses.replace(batch, messages=(message,)))
        except Exception as error:
            log.exception("a message could not be read", message_id=message.message_id)
            bad.append(Unreadable(f"{message.folder} {message.message_id}", f"could not be read: {type(error).__name__}"))
    return tuple(good), tuple(bad)


def _calendar(source: str, calendar: Calendar, reader: Reader, history: timedelta, now: datetime) -> Found:
    """Read the calendar from the first stored mail on, so that no meeting of that time is ever taken for gone."""
    account, store = reader.account.address, reader.store
    midnight = _midnight(now)
    start = min(midnight - history, _midnight(store.oldest(account) or midnight))
    unreadable = 0
    warnings: list[str] = []
    for batch in calendar.poll(store.cursor(account, source), Window(start, midnight + AHEAD)):
        unreadable += len(batch.unreadable)
        warnings += [*batch.warnings, *(f"{name}: {reason}" for name, reason in batch.unreadable)]
        if batch.events or batch.gone or batch.whole or batch.cursor != store.cursor(account, source):
            warnings += store.add_events(account, source, batch, now)
    return unreadable, tuple(dict.fromkeys(warnings)), True


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _covered(desk: Desk, store: Store, source: str, now: datetime, poll: Callable[[], Found], *, is_calendar: bool) -> None:
    """Poll, and write down how far the source was read, or what kept it from being read. One that failed rests for a while."""
    failures, rests_until = desk.resting.get(source, (0, now))
    if failures and now < rests_until:
        return
    account = desk.account.address
    before = next((c for c in store.coverage() if (c.account, c.source) == (account, source)), None)
    try:
        unreadable, warnings, whole = poll()
    except ConnectorError as error:
        log.warning("a source could not be read", account=account, source=source, error=error.message)
        wait = error.retry_after or (LONGEST_REST if error.permanent else min(LONGEST_REST, FIRST_REST * 2 ** min(failures, 10)))
        desk.resting[source] = (failures + 1, now + wait)
        desk.stuck |= {source: error.message} if error.permanent else {}
        since = before.failed_since if before and before.failed_since else now
        seen = before.seen_until if before else None
        store.cover(Coverage(account, source, seen, error.message, since, is_calendar=is_calendar))
    else:
        desk.resting.pop(source, None)
        desk.stuck.pop(source, None)
        if not is_calendar:
            unreadable = sum((a, s) == (account, source) for a, s, _, _ in store.quarantined())
        if not whole:
            desk.unfinished.add(source)
            warnings = ("is being read for the first time, or after a long pause; it goes on at once", *warnings)
        seen = now if whole else before.seen_until if before else None
        store.cover(Coverage(account, source, seen, unreadable=unreadable, warnings=warnings, is_calendar=is_calendar))


def fingerprint(office: Office) -> str:
    """What decides whose mail a message is and how it is read. Where it changes, everything is read again."""
    people: Iterable[str] = (
        f"{c.name}|{sorted(c.domains)}|{sorted(c.addresses)}|{sorted(c.phones)}"
        for c in sorted(office.clients, key=lambda c: c.name)
    )
    sides = f"{sorted(a.address for a in office.accounts)}|{sorted(office.colleagues)}|{reading.VERSION}"
    return hashlib.sha256("\n".join((*people, sides)).encode()).hexdigest()[:16]

"""Poll one account: facts from its mailboxes and calendars into the store, read on the way in.

One source that fails becomes one line of coverage and never stops the others. Messages, what was read in them and the
cursor are committed together by the store, batch by batch; a decision that came by mail is taken before the batch it lies
in is committed, so that a crash in between repeats the batch and not the decision.
"""

from __future__ import annotations

import dataclasses
import hashlib
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TypeAlias

from connectors.base import Calendar, Mailbox
from connectors.calendar import Window
from connectors.errors import ConnectorError
from connectors.mail import Batch, Message, Role, Unreadable
from daemon import reading
from daemon.core import hours
from daemon.core.people import Directory
from daemon.errors import StoreError
from daemon.glossary.assessments import Coverage
from daemon.glossary.parties import Account, Office
from daemon.intake.sources import Pause, Sources
from daemon.logs import get_logger
from daemon.store import ReadMessage, Store

log = get_logger(__name__)

CALENDAR_AHEAD = timedelta(days=180)  # how far the calendar is read into the future: beyond the longest planned review
TEXT_LIMIT = 8 * 1024  # characters of new text kept of a client's mail
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_PAUSE, MAX_PAUSE = timedelta(minutes=1), timedelta(minutes=15)  # of a source that failed


@dataclasses.dataclass(frozen=True, slots=True)
class Poll:
    """What came of polling an account: whether some source has more to read at once."""

    unfinished: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class MailReader:
    """Reads a batch of an account's mail as what was said with which client."""

    account: Account
    directory: Directory
    store: Store

    def read(self, batch: Batch) -> tuple[ReadMessage, ...]:
        """Each message with its client and reading; of mail that concerns no client only the threading fields remain."""
        found = [(message, self._missed_call(message)) for message in batch.messages]
        clients = [self.directory.client_of(self.account.address, message, call) for message, call in found]
        wanted = {m for (message, _), client in zip(found, clients, strict=True) if client for m in _parents(message)}
        earlier = dict(self.store.texts(self.account.address, wanted))
        return tuple(self._read_message(message, client, earlier) for (message, _), client in zip(found, clients, strict=True))

    def _missed_call(self, message: Message) -> reading.Call | None:
        """A missed-call notice comes from the phone system, so only its words tell whose call it was."""
        if message.role is Role.SENT or self.directory.match(message.sender.email):
            return None
        return reading.call_notice(self._reader_input(message, ()))

    def _read_message(self, message: Message, client: str | None, earlier: dict[str, str]) -> ReadMessage:
        if client is None:
            return ReadMessage(dataclasses.replace(message, text=""), None, None)
        texts = tuple(earlier[parent] for parent in _parents(message) if parent in earlier)
        read = reading.read(self._reader_input(message, texts, client))
        earlier[message.message_id] = read.new_text
        return ReadMessage(dataclasses.replace(message, text=read.new_text[:TEXT_LIMIT]), read, client)

    def _reader_input(self, message: Message, earlier: tuple[str, ...], client: str | None = None) -> reading.ReaderInput:
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


TakeReplies: TypeAlias = Callable[[Sequence[Message]], None]
READING_LIMIT = 30.0  # seconds of a turn that one mailbox may take, so that a long first reading holds up nobody else


@dataclasses.dataclass(frozen=True, slots=True)
class _SourceResult:
    """What came of reading one source: how many mails could not be read, lines for a person, whether all was read."""

    unreadable: int = 0
    warnings: tuple[str, ...] = ()
    complete: bool = True


def poll(
    sources: Sources,
    reader: MailReader,
    take_replies: TakeReplies,
    history: timedelta,
    now: datetime,
    time_limit: float | None = None,
) -> Poll:
    """Poll every source of one account whose time has come. A source that fails is left out; only StoreError is raised.

    With a `time_limit` (seconds) a mailbox that takes longer is left after the batch at hand.
    """
    unfinished = False
    for source, mailbox in sources.mailboxes.items():
        read = partial(_poll_mailbox, source, mailbox, reader, take_replies, history, now, time_limit)
        unfinished |= not _poll_source(sources, reader, source, now, read, is_calendar=False)
    for source, calendar in sources.calendars.items():
        read = partial(_poll_calendar, source, calendar, reader, history, now)
        _poll_source(sources, reader, source, now, read, is_calendar=True)
    return Poll(unfinished)


def _poll_mailbox(
    source: str,
    mailbox: Mailbox,
    reader: MailReader,
    take_replies: TakeReplies,
    history: timedelta,
    now: datetime,
    time_limit: float | None,
) -> _SourceResult:
    """Read what is new. A mailbox with nothing from within the history is an archive or a report: it is read complete."""
    first = reader.store.cursor(reader.account.address, source) is None
    count, result, present = _read_since(source, mailbox, reader, take_replies, now - history, now, time_limit)
    if first and not count and present:
        reader.store.forget_cursors(reader.account.address)
        _, result, _ = _read_since(source, mailbox, reader, take_replies, BEGINNING, now, time_limit)
    return result


def _read_since(
    source: str,
    mailbox: Mailbox,
    reader: MailReader,
    take_replies: TakeReplies,
    since: datetime,
    now: datetime,
    time_limit: float | None,
) -> tuple[int, _SourceResult, int]:
    """One pass: how many messages came, what could not be read, and how many lie there."""
    account, store = reader.account.address, reader.store
    count = unreadable = present = 0
    warnings: list[str] = []
    complete, began = True, time.monotonic()
    for batch in mailbox.poll(store.cursor(account, source), since):
        count += len(batch.messages) + len(batch.unreadable)
        present = max(present, sum(batch.folders.values()))
        warnings += batch.warnings
        if batch.messages or batch.unreadable or batch.cursor != store.cursor(account, source):
            take_replies(batch.messages)
            read, bad = _read_batch(reader, batch)
            store.add_mail(account, source, read, batch.cursor, (*batch.unreadable, *bad), now)
            unreadable += len(batch.unreadable) + len(bad)
        if time_limit is not None and not batch.complete and time.monotonic() - began > time_limit:
            complete = False
            break
    return count, _SourceResult(unreadable, tuple(dict.fromkeys(warnings)), complete), present


def _read_batch(reader: MailReader, batch: Batch) -> tuple[tuple[ReadMessage, ...], tuple[Unreadable, ...]]:
    """One message that breaks the reader is unreadable_mail; the rest of its batch is read without it. Raises StoreError."""
    try:
        return reader.read(batch), ()
    except StoreError:
        raise  # a fault of the store is no fault of a message
    except Exception:  # whatever it is, it is one message's fault, and the loop goes on
        log.exception("reading a batch failed; reading its messages one by one")
    good: list[ReadMessage] = []
    bad: list[Unreadable] = []
    for message in batch.messages:
        try:
            good += reader.read(dataclasses.replace(batch, messages=(message,)))
        except StoreError:
            raise
        except Exception as error:
            log.exception("a message could not be read", message_id=message.message_id)
            bad.append(Unreadable(f"{message.folder} {message.message_id}", f"could not be read: {type(error).__name__}"))
    return tuple(good), tuple(bad)


def _poll_calendar(source: str, calendar: Calendar, reader: MailReader, history: timedelta, now: datetime) -> _SourceResult:
    """Read the calendar from the first stored mail on, so that no meeting of that time is ever taken for gone."""
    account, store = reader.account.address, reader.store
    midnight = _midnight(now)
    start = min(midnight - history, _midnight(store.oldest_message_at(account) or midnight))
    unreadable = 0
    warnings: list[str] = []
    for batch in calendar.poll(store.cursor(account, source), Window(start, midnight + CALENDAR_AHEAD)):
        unreadable += len(batch.unreadable)
        warnings += [*batch.warnings, *(f"{name}: {reason}" for name, reason in batch.unreadable)]
        if batch.events or batch.removed or batch.snapshot or batch.cursor != store.cursor(account, source):
            warnings += store.add_events(account, source, batch, now)
    return _SourceResult(unreadable, tuple(dict.fromkeys(warnings)))


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _poll_source(
    sources: Sources, reader: MailReader, source: str, now: datetime, read: Callable[[], _SourceResult], *, is_calendar: bool
) -> bool:
    """Poll a source, and write down how far it was read, or what kept it from being read; whether it was read complete."""
    rest = sources.paused.get(source)
    if rest is not None and now < rest.until:
        return True
    account, store = reader.account.address, reader.store
    before = next((c for c in store.coverage(account) if c.source == source), None)
    try:
        result = read()
    except StoreError:
        raise
    except ConnectorError as error:
        log.warning("a source could not be read", account=account, source=source, error=error.message)
        store.set_coverage(_failure_coverage(sources, source, account, before, error, now, is_calendar=is_calendar))
        return True
    except Exception as error:  # the wall of a source: the others, and the rest of the turn, go on without it
        log.exception("a source could not be read, in an unforeseen way", account=account, source=source)
        unforeseen = ConnectorError(f"could not be read ({type(error).__name__}; kept.log has the details)")
        store.set_coverage(_failure_coverage(sources, source, account, before, unforeseen, now, is_calendar=is_calendar))
        return True
    sources.paused.pop(source, None)
    sources.stuck.pop(source, None)
    store.set_coverage(_success_coverage(reader, source, before, result, now, is_calendar=is_calendar))
    return result.complete


def _failure_coverage(
    sources: Sources,
    source: str,
    account: str,
    before: Coverage | None,
    error: ConnectorError,
    now: datetime,
    *,
    is_calendar: bool,
) -> Coverage:
    """The coverage of a source that failed. It is left alone for a while, the longer the more often it failed in a row."""
    failures = sources.paused[source].failures if source in sources.paused else 0
    wait = error.retry_after or (MAX_PAUSE if error.permanent else min(MAX_PAUSE, FIRST_PAUSE * 2 ** min(failures, 10)))
    sources.paused[source] = Pause(failures + 1, now + wait)
    if error.permanent:
        sources.stuck[source] = error.message
    since = before.failed_since if before and before.failed_since else now
    seen = before.seen_until if before else None
    return Coverage(account, source, seen, error.message, since, is_calendar=is_calendar)


def _success_coverage(
    reader: MailReader, source: str, before: Coverage | None, result: _SourceResult, now: datetime, *, is_calendar: bool
) -> Coverage:
    """The coverage of a source that was read."""
    account, warnings, unreadable = reader.account.address, result.warnings, result.unreadable
    if not is_calendar:
        unreadable = sum(where == source for where, _, _ in reader.store.unreadable_mail(account))
    if not result.complete:
        warnings = ("is being read for the first time, or after a long pause; it goes on at once", *warnings)
    seen = now if result.complete else before.seen_until if before else None
    return Coverage(account, source, seen, unreadable=unreadable, warnings=warnings, is_calendar=is_calendar)


def fingerprint(office: Office) -> str:
    """What decides whose mail a message is and how it is read. Where it changes, everything is read again."""
    people: Iterable[str] = (
        f"{c.name}|{sorted(c.domains)}|{sorted(c.addresses)}|{sorted(c.phones)}"
        for c in sorted(office.clients, key=lambda c: c.name)
    )
    sides = f"{sorted(a.address for a in office.accounts)}|{sorted(office.colleagues)}|{reading.VERSION}"
    return hashlib.sha256("\n".join((*people, sides)).encode()).hexdigest()[:16]

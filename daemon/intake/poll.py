"""Poll one account: store the facts from its mailboxes and calendars, reading each message on the way in.

A source that fails becomes one line of coverage and never stops the others. The store commits messages, their readings and the
cursor together, batch by batch. A decision that came by mail is stored before its batch is committed, so that a crash in between
repeats the batch; the token then keeps the decision from counting twice.
"""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice

from connectors.base import Calendar, Mailbox
from connectors.calendar import Window
from connectors.errors import ConnectorError
from connectors.mail import Message
from daemon.errors import StoreError
from daemon.glossary.assessments import Coverage
from daemon.intake import plausible_dates, spare_memory
from daemon.intake.batch_reading import BatchReader, TakeReplies
from daemon.intake.batches import Batches, add_events
from daemon.intake.mail_reader import MailReader
from daemon.intake.pauses import after_failure
from daemon.intake.sources import RetryPass, Sources
from daemon.logs import get_logger
from daemon.store import Store
from daemon.store.sources.pauses import Pause, Waits

log = get_logger(__name__)

READING_LIMIT = 30.0  # seconds of a turn for one mailbox, so that a long first reading does not hold up the others
CALENDAR_AHEAD = timedelta(days=180)  # how far ahead calendars are read: beyond the longest planned review
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
STORED_AFTER = timedelta(minutes=5)  # of a source at which nothing is new: how far it was read
NOTICED_FOR = timedelta(days=4)  # what happened once is in the coverage: a digest comes on every working day
MAX_NOTICES = MAX_WARNINGS = 20  # of one source
MAX_NAMED = 3  # mails that are named of those that were set aside
FIRST_RETRY, MAX_RETRY = timedelta(hours=1), timedelta(days=1)  # of messages that were set aside


@dataclasses.dataclass(frozen=True, slots=True)
class _SourceResult:
    """The result of reading one source: how many items were unreadable, warnings for the user, whether all was read, and anything new."""

    unreadable: int = 0
    warnings: tuple[str, ...] = ()
    complete: bool = True
    notices: tuple[str, ...] = ()
    changed: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class _Poll:
    """One poll of one account: its sources, how its mail is read, and the moment."""

    sources: Sources
    mail: BatchReader
    history: timedelta
    now: datetime
    time_limit: float | None
    progress: Callable[[], None] = lambda: None

    @property
    def account(self) -> str:
        """The account's address."""
        return self.mail.reader.account.address

    @property
    def store(self) -> Store:
        """The store."""
        return self.mail.reader.store

    def time_is_up(self) -> Callable[[], bool]:
        """Return what tells whether a mailbox that is read from now on has had its time."""
        began, limit = time.monotonic(), self.time_limit
        return lambda: limit is not None and time.monotonic() - began > limit

    def paused(self, source: str, waits: Waits) -> Pause | None:
        """Return the last pause of a source."""
        return self.sources.pauses.last(self.store, self.account, source, waits)

    def pause(self, source: str, waits: Waits, pause: Pause) -> None:
        """Begin a pause of a source."""
        self.sources.pauses.begin(self.store, self.account, source, waits, pause)

    def go_on(self, source: str, waits: Waits) -> None:
        """Count no failure of a source any more."""
        self.sources.pauses.end(self.store, self.account, source, waits)


def poll(
    sources: Sources,
    reader: MailReader,
    take_replies: TakeReplies,
    history: timedelta,
    now: datetime,
    time_limit: float | None = None,
    progress: Callable[[], None] = lambda: None,
) -> bool:
    """Poll every source of one account that is not paused. Return whether some mailbox has more to read at once.

    A mailbox that takes longer than `time_limit` (seconds) is left after its current batch. A source that fails becomes coverage.
    `progress` is called at each source and each batch.
    Raises StoreError.
    """
    unfinished, this = False, _Poll(sources, BatchReader(reader, take_replies, now), history, now, time_limit, progress)
    for source, mailbox in sources.mailboxes.items():
        unfinished |= not _poll_source(this, source, partial(_poll_mailbox, this, source, mailbox), is_calendar=False)
    for source, calendar in sources.calendars.items():
        _poll_source(this, source, partial(_poll_calendar, this, source, calendar), is_calendar=True)
    return unfinished


def _poll_mailbox(this: _Poll, source: str, mailbox: Mailbox, cursor: str | None) -> _SourceResult:
    """Read what is new. A mailbox with nothing from within the history is an archive or an export, and is read from its beginning."""
    first = cursor is None
    with contextlib.closing(this.mail.reader.helpers):
        count, result, present = _read_since(this, source, mailbox, cursor, this.now - this.history)
        if first and not count and present:
            this.store.forget_cursors(this.account, source)
            _, result, _ = _read_since(this, source, mailbox, None, BEGINNING)
        if result.complete:
            _retry_set_aside(this, source, mailbox)
    return result


def _read_since(
    this: _Poll, source: str, mailbox: Mailbox, cursor: str | None, since: datetime
) -> tuple[int, _SourceResult, int]:
    """Read the mail since a moment. Return how many messages came, the result, and how many the mailbox contains."""
    count = unreadable = present = 0
    warnings: list[str] = []
    notices: list[str] = []
    batches = Batches(this.store, this.account, source, since, this.now)
    complete = True
    for batch, read, bad in this.mail.read_ahead(mailbox.poll(cursor, since), this.time_is_up()):
        this.progress()
        count += len(batch.messages) + len(batch.unreadable) + len(bad)
        present = max(present, sum(batch.folders.values()))
        warnings += batch.warnings
        notices += batch.notices
        if read or bad or batch.unreadable or batch.cursor != cursor:
            cursor = batch.cursor
            notices += (_date_notice(r.message) for r in read if r.client and r.message.misdated)
            unreadable += len(batches.add(read, (*batch.unreadable, *bad), batch.cursor))
            if not batch.complete:  # there is more to read
                spare_memory.give_back()
        complete = batch.complete
    said = tuple(dict.fromkeys(warnings)), complete, tuple(dict.fromkeys(notices))
    return count, _SourceResult(unreadable, *said, changed=count > 0), present


def _date_notice(message: Message) -> str:
    """Return what the user is told of a message whose dates were not believed."""
    try:
        return plausible_dates.notice(message)
    except Exception as error:  # of one message, which is stored
        log.exception("a date could not be told of", message_id=message.message_id)
        return f"the date of an email is doubtful, and Kept could not say why ({type(error).__name__})"


def _retry_set_aside(this: _Poll, source: str, mailbox: Mailbox) -> None:
    """Read again what was set aside: at the start of the daemon, and then ever less often. The cursor is not touched.

    What did not fail again once all was read is set aside no longer, wherever its place is by now.
    """
    since, retrying = this.store.retry_since(this.account, source), this.sources.retrying
    if since is None:
        this.go_on(source, Waits.SET_ASIDE)
        retrying.pop(source, None)
        return
    attempt = retrying.get(source) or _begin_retry(this, source, since)
    if attempt is None:
        return
    try:
        complete = _read_again(this, source, mailbox, attempt)
    except (StoreError, ConnectorError):
        raise  # it goes on where it was
    except Exception:
        del retrying[source]
        raise
    if complete:
        del retrying[source]
        this.store.settle_set_aside(this.account, source, attempt.began, attempt.failing)


def _begin_retry(this: _Poll, source: str, since: datetime) -> RetryPass | None:
    """Begin another attempt at what was set aside, and the longer wait for the next one; None while the last wait lasts."""
    pause = this.paused(source, Waits.SET_ASIDE)
    if pause is not None and pause.holds(this.now):
        return None
    failures = pause.failures if pause else 0
    wait = min(MAX_RETRY, FIRST_RETRY * 2 ** min(failures, 10))
    this.pause(source, Waits.SET_ASIDE, Pause(failures + 1, this.now, this.now + wait))
    attempt = this.sources.retrying[source] = RetryPass(since, this.now)
    return attempt


def _read_again(this: _Poll, source: str, mailbox: Mailbox, attempt: RetryPass) -> bool:
    """Go on with an attempt at what was set aside. Return whether all of it was read; it stops after the time limit."""
    time_is_up = this.time_is_up()
    batches = Batches(this.store, this.account, source, attempt.since, this.now)
    for batch in mailbox.poll(attempt.cursor, attempt.since):
        this.progress()
        _, read, bad = this.mail.read(batch)
        aside = batches.readmit(read, (*batch.unreadable, *bad))
        attempt.failing |= {unreadable.shown for unreadable in aside}
        attempt.cursor = batch.cursor
        if not batch.complete and time_is_up():
            return False
    return True


def _poll_calendar(this: _Poll, source: str, calendar: Calendar, cursor: str | None) -> _SourceResult:
    """Read a calendar from the first stored mail on, so that no meeting since then is taken for deleted."""
    midnight = _midnight(this.now)
    start = min(midnight - this.history, _midnight(this.store.oldest_message_at(this.account) or midnight))
    unreadable, changed = 0, False
    warnings: list[str] = []
    for batch in calendar.poll(cursor, Window(start, midnight + CALENDAR_AHEAD)):
        if batch.events or batch.removed or batch.snapshot or batch.cursor != cursor:
            batch = add_events(this.store, this.account, source, batch, cursor, this.now)  # noqa: PLW2901  # as it was stored
            cursor, changed = batch.cursor, True
        unreadable += len(batch.unreadable)
        warnings += _few(dict.fromkeys((*batch.warnings, *(f"{name}: {reason}" for name, reason in batch.unreadable))))
    return _SourceResult(unreadable, tuple(dict.fromkeys(warnings)), changed=changed)


def _few(warnings: Collection[str]) -> Iterator[str]:
    """Yield the first of a source's warnings and how many more there are: a calendar may have thousands, and a digest is a page."""
    yield from islice(warnings, MAX_WARNINGS)
    if len(warnings) > MAX_WARNINGS:
        yield f"{len(warnings) - MAX_WARNINGS} more events cannot be read"


def _midnight(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _poll_source(this: _Poll, source: str, read: Callable[[str | None], _SourceResult], *, is_calendar: bool) -> bool:
    """Poll one source unless it is paused, and store its coverage. Return whether it was read completely or has to wait."""
    pause = this.paused(source, Waits.READING)
    if pause is not None and pause.holds(this.now):
        return True
    before = this.sources.coverage.get(source) or _stored_coverage(this, source)
    try:
        result = _read_or_begin_again(this, source, read)
        if result.changed:
            spare_memory.give_back()
    except StoreError:
        raise
    except ConnectorError as error:
        log.warning("a source could not be read", account=this.account, source=source, error=error.message)
        _set_coverage(this, _failure_coverage(this, source, before, error, is_calendar=is_calendar))
        return True
    except Exception as error:  # of one source: the others and the rest of the turn go on without it
        log.exception("a source could not be read: unexpected error", account=this.account, source=source)
        unexpected = ConnectorError(f"could not be read ({type(error).__name__}; kept.log has the details)")
        _set_coverage(this, _failure_coverage(this, source, before, unexpected, is_calendar=is_calendar))
        return True
    this.go_on(source, Waits.READING)
    _set_coverage(this, _success_coverage(this.mail.reader, source, before, result, this.now, is_calendar=is_calendar))
    return result.complete


def _stored_coverage(this: _Poll, source: str) -> Coverage | None:
    """Return how far a source was read by the store, which need not be told again at once."""
    stored = next((c for c in this.store.coverage(this.account) if c.source == source), None)
    if stored is not None:
        this.sources.stored[source] = stored
    return stored


def _set_coverage(this: _Poll, coverage: Coverage) -> None:
    """Remember how far a source was read, and store it; but not at every poll at which nothing else is new."""
    source = coverage.source
    stored, this.sources.coverage[source] = this.sources.stored.get(source), coverage
    if stored is not None and stored.seen_until is not None and coverage.seen_until is not None:
        same = dataclasses.replace(coverage, seen_until=stored.seen_until) == stored
        if same and timedelta() <= coverage.seen_until - stored.seen_until < STORED_AFTER:
            return
    this.store.set_coverage(coverage)
    this.sources.stored[source] = coverage


def _read_or_begin_again(this: _Poll, source: str, read: Callable[[str | None], _SourceResult]) -> _SourceResult:
    """Read a source from its cursor; where the connector fails at it in an unforeseen way, once from the beginning.

    A cursor may be another version's, another connector's, or damaged. What is stored already is not stored twice.
    """
    cursor = this.store.cursor(this.account, source)
    try:
        return read(cursor)
    except (StoreError, ConnectorError):
        raise
    except Exception:
        before = this.paused(source, Waits.READING)
        if cursor is None or (before is not None and before.begun_again):
            raise
        log.exception("a source failed at its cursor; it is read from the beginning", account=this.account, source=source)
        this.pause(source, Waits.READING, Pause(before.failures if before else 0, this.now, this.now, begun_again=True))
    return read(None)


def _start_afresh(sources: Sources, source: str) -> None:
    """End a failed connector's session, so that its next poll believes nothing that it learned: folders, addresses, capabilities."""
    connector = sources.mailboxes.get(source) or sources.calendars.get(source)
    try:
        if connector is not None:
            connector.close()
    except Exception:  # it failed already, and that is what is reported
        log.exception("a session could not be ended", source=source)


def _failure_coverage(this: _Poll, source: str, before: Coverage | None, error: ConnectorError, *, is_calendar: bool) -> Coverage:
    """Return the coverage of a source that failed, and pause it: longer with each failure in a row."""
    _start_afresh(this.sources, source)
    this.pause(source, Waits.READING, after_failure(error, this.paused(source, Waits.READING), this.now))
    since = before.failed_since if before and before.failed_since else this.now
    seen = before.seen_until if before else None
    notices = before.notices if before else ()
    return Coverage(this.account, source, seen, error.message, since, is_calendar=is_calendar, notices=notices)


def _success_coverage(
    reader: MailReader, source: str, before: Coverage | None, result: _SourceResult, now: datetime, *, is_calendar: bool
) -> Coverage:
    """Return the coverage of a source that was read."""
    account, warnings, unreadable = reader.account.address, result.warnings, result.unreadable
    if not is_calendar:
        unreadable = reader.store.count_unreadable(account, source)
        aside = reader.store.set_aside(account, source, now - NOTICED_FOR) if unreadable else ()
        warnings += tuple(f"an email could not be read: {place} ({reason})" for place, reason in aside[:MAX_NAMED])
    if not result.complete:
        warnings = ("is being read for the first time, or after a long pause; it goes on at once", *warnings)
    seen = now if result.complete else before.seen_until if before else None
    earlier = [(at, text) for at, text in before.notices if now - NOTICED_FOR < at <= now] if before else []
    notices = (*earlier, *((now, text) for text in result.notices))[-MAX_NOTICES:]
    return Coverage(account, source, seen, unreadable=unreadable, warnings=warnings, is_calendar=is_calendar, notices=notices)

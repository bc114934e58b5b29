"""A batch of mail or of events into the store: what cannot be read or stored is set aside, and costs none of the others."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias

from connectors.calendar import CalendarBatch, Event
from connectors.errors import ConnectorError
from connectors.mail import Message, Unreadable
from daemon.errors import StoreError
from daemon.logs import get_logger
from daemon.store import ReadMessage, Store

log = get_logger(__name__)

_Put: TypeAlias = Callable[[Sequence[ReadMessage], Sequence[Unreadable]], object]


def set_aside(message: Message, error: Exception) -> Unreadable:
    """Return a message on which Kept failed, as people find it: by its folder, date and sender. It is tried again later."""
    place, reason = f"{message.folder} {message.message_id}", f"could not be read ({type(error).__name__}); Kept will try again"
    return Unreadable(place, reason, message.received, message.sender.email, message.date)


@dataclasses.dataclass(frozen=True, slots=True)
class Batches:
    """Stores what was read of one source from a moment on. Each method returns what was set aside, and raises StoreError."""

    store: Store
    account: str
    source: str
    since: datetime
    now: datetime

    def add(self, read: Sequence[ReadMessage], unreadable: Sequence[Unreadable], cursor: str) -> tuple[Unreadable, ...]:
        """Store a batch with its cursor."""
        return self._stored(read, unreadable, lambda r, aside: self._add(r, aside, cursor))

    def readmit(self, read: Sequence[ReadMessage], unreadable: Sequence[Unreadable]) -> tuple[Unreadable, ...]:
        """Store what was read again, and what failed again."""
        return self._stored(read, unreadable, self._readmit)

    def _stored(self, read: Sequence[ReadMessage], unreadable: Sequence[Unreadable], put: _Put) -> tuple[Unreadable, ...]:
        """Store a batch by `put`; where that fails at a message, the others first, and then without it."""
        aside = self._within(unreadable)
        try:
            put(read, aside)
        except StoreError:
            raise  # a failure of the store, not of a message
        except Exception:  # whatever it is, one message causes it: find out which
            log.exception("storing a batch failed; storing its messages one by one")
            aside += self._within(tuple(self._each(read)))
            put((), aside)
        return aside

    def _each(self, read: Sequence[ReadMessage]) -> Iterator[Unreadable]:
        """Store messages by themselves, while the cursor stays. Yield each at which that fails."""
        for one in read:
            try:
                self._readmit((one,), ())
            except StoreError:
                raise
            except Exception as error:
                log.exception("a message could not be stored", message_id=one.message.message_id)
                yield set_aside(one.message, error)

    def _add(self, read: Sequence[ReadMessage], aside: Sequence[Unreadable], cursor: str) -> None:
        self.store.add_mail(self.account, self.source, read, cursor, aside, self.now)

    def _readmit(self, read: Sequence[ReadMessage], aside: Sequence[Unreadable]) -> None:
        self.store.readmit_mail(self.account, self.source, read, aside, self.now)

    def _within(self, aside: Sequence[Unreadable]) -> tuple[Unreadable, ...]:
        """Return these messages, to be tried again from no earlier moment on than the one from which mail is read at all."""
        return tuple(dataclasses.replace(u, retry_since=max(u.retry_since, self.since)) if u.retry_since else u for u in aside)


def add_events(store: Store, account: str, source: str, batch: CalendarBatch, before: str | None, now: datetime) -> CalendarBatch:
    """Store a batch of events and return it. Where that fails at some, they are `unreadable` and the others are stored.

    Then the cursor stays where it was `before`, so that all of it is read again. Raises StoreError, and ConnectorError where the
    calendar is not believed.
    """
    try:
        refused = store.add_events(account, source, batch, now)
    except StoreError:
        raise  # a failure of the store, not of an event
    except Exception:  # whatever it is, one event causes it: find out which
        log.exception("storing events failed; storing them one by one")
        batch = dataclasses.replace(batch, cursor=before or "")
        bad = tuple(_each_event(store, account, source, batch, now))
        good = tuple(event for event in batch.events if event.uid not in {uid for uid, _ in bad})
        batch = dataclasses.replace(batch, events=good, unreadable=(*batch.unreadable, *bad))
        refused = store.add_events(account, source, batch, now)
    if refused:
        raise ConnectorError(refused[0])
    return batch


def _each_event(store: Store, account: str, source: str, batch: CalendarBatch, now: datetime) -> Iterator[tuple[str, str]]:
    """Store each event, with all its occurrences, by itself. Yield the uid of each at which that fails, and why."""
    by_uid: dict[str, list[Event]] = {}
    for event in batch.events:
        by_uid.setdefault(event.uid, []).append(event)
    for uid, occurrences in by_uid.items():
        try:
            store.add_events(account, source, CalendarBatch(tuple(occurrences), batch.cursor), now)
        except StoreError:
            raise
        except Exception as error:
            log.exception("an event could not be stored", uid=uid)
            yield uid, f"could not be stored ({type(error).__name__}); Kept will try again"

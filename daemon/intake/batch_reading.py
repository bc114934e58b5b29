"""Batches of mail on their way from a mailbox to the store: the decisions in them are taken, and their messages are read.

While helpers read one batch, the next one is fetched. Each is handed on, and stored, before the next one begins to be read: what it
quotes of an earlier mail is looked up in the store.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple, TypeAlias

from connectors.mail import Batch, Message, Unreadable
from daemon.errors import StoreError
from daemon.intake import plausible_dates
from daemon.intake.batches import set_aside
from daemon.intake.mail_reader import BegunReading, MailReader
from daemon.logs import get_logger
from daemon.store import ReadMessage

log = get_logger(__name__)

TakeReplies: TypeAlias = Callable[[Sequence[Message]], None]


class ReadBatch(NamedTuple):
    """A batch, its messages as they were read, and those of them that were set aside because Kept failed at them."""

    batch: Batch
    read: tuple[ReadMessage, ...]
    bad: tuple[Unreadable, ...]


class _Begun(NamedTuple):
    """A batch with the messages that are to be read, those that were set aside, and the reading; None where that failed."""

    batch: Batch
    bad: tuple[Unreadable, ...]
    reading: BegunReading | None


@dataclasses.dataclass(frozen=True, slots=True)
class BatchReader:
    """Reads batches at a moment, taking the user's decisions out of them. Every method raises StoreError."""

    reader: MailReader
    take_replies: TakeReplies
    now: datetime

    def read_ahead(self, batches: Iterator[Batch], enough: Callable[[], bool]) -> Iterator[ReadBatch]:
        """Yield each batch once the next one was fetched; the last that is fetched is the one after which there is `enough`.

        What was fetched before an error of the mailbox is yielded before that is raised.
        """
        begun: _Begun | None = None
        while True:
            try:
                batch = next(batches, None)
            except Exception:
                if begun is not None:
                    yield self._finish(begun)
                raise
            if begun is not None:
                yield self._finish(begun)
            if batch is None:
                return
            if (ahead := plausible_dates.earliest_ahead(batch.messages, self.now)) is not None:
                self.reader.store.note_mail_ahead(ahead)
            begun = self._begin(batch)
            if enough():
                yield self._finish(begun)
                return

    def read(self, batch: Batch) -> ReadBatch:
        """Read a batch by itself."""
        return self._finish(self._begin(batch))

    def _begin(self, batch: Batch) -> _Begun:
        taken, bad = self._take_decisions(batch.messages)
        batch = dataclasses.replace(batch, messages=taken)
        try:
            return _Begun(batch, bad, self.reader.begin(batch) if taken else None)
        except StoreError:
            raise  # a failure of the store, not of a message
        except Exception:  # whatever it is, one message causes it: it is found when they are read one by one
            log.exception("reading a batch could not begin")
            return _Begun(batch, bad, None)

    def _finish(self, begun: _Begun) -> ReadBatch:
        """Return a batch as it was read. A message at which that fails is set aside, and the others are read without it."""
        batch, bad, reading = begun
        if reading is not None:
            try:
                return ReadBatch(batch, self.reader.finish(reading), bad)
            except StoreError:
                raise
            except Exception:
                log.exception("reading a batch failed; reading its messages one by one")
        good: list[ReadMessage] = []
        for message in batch.messages:
            try:
                good += self.reader.finish(self.reader.begin(dataclasses.replace(batch, messages=(message,))))
            except StoreError:
                raise
            except Exception as error:
                log.exception("a message could not be read", message_id=message.message_id)
                bad = (*bad, set_aside(message, error))
        return ReadBatch(batch, tuple(good), bad)

    def _take_decisions(self, messages: Sequence[Message]) -> tuple[tuple[Message, ...], tuple[Unreadable, ...]]:
        """Take the user's decisions out of a batch. Return its messages with dates within reason, and those at which that failed."""
        taken: list[Message] = []
        bad: list[Unreadable] = []
        for message in messages:
            try:
                plausible = plausible_dates.within_reason(message, self.now)
                self.take_replies((plausible,))
            except StoreError:
                raise
            except Exception as error:  # of one message: it is read again later, so that the decision is not lost
                log.exception("a decision could not be taken out of a message", message_id=message.message_id)
                bad.append(set_aside(message, error))
            else:
                taken.append(plausible)
        return tuple(taken), tuple(bad)

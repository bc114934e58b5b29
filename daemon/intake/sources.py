"""An account's sources while the daemon runs: the open connectors, and their failures at the last polls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.base import Calendar, Mailbox, MailTransport
from daemon.glossary.assessments import Coverage
from daemon.intake.pauses import Pauses
from daemon.logs import get_logger

log = get_logger(__name__)


@dataclass(slots=True)
class RetryPass:
    """One reading of a mailbox, from `since` on, for what was set aside; it may take several polls.

    It began at a moment and has come as far as `cursor`; `failing` are the places at which reading failed once more.
    """

    since: datetime
    began: datetime
    cursor: str | None = None
    failing: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Sources:
    """The connectors of one account, by the names under which people see them (`source_name`).

    `pauses` are those after failures. `retrying` maps a source to the attempt at messages that were set
    aside which is under way. `coverage` is how far each was read, `stored` how far by the store, which hears of it only now and then
    where nothing else is new.
    """

    mailboxes: Mapping[str, Mailbox]
    calendars: Mapping[str, Calendar]
    transport: MailTransport | None = None
    pauses: Pauses = field(default_factory=Pauses)
    retrying: dict[str, RetryPass] = field(default_factory=dict)
    coverage: dict[str, Coverage] = field(default_factory=dict)
    stored: dict[str, Coverage] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read, and no way to send."""
        return next(self._all(), None) is None

    def forget(self) -> None:
        """Forget what is held of the store, because another process may have changed it."""
        self.pauses.forget()
        self.coverage.clear()
        self.stored.clear()

    def close(self) -> None:
        """End every session. One that cannot be ended does not keep the others open."""
        for connector in self._all():
            try:
                connector.close()
            except Exception:  # whatever it is, nothing more is asked of this connector
                log.exception("a session could not be ended")

    def _all(self) -> Iterator[Mailbox | Calendar | MailTransport]:
        yield from self.mailboxes.values()
        yield from self.calendars.values()
        if self.transport is not None:
            yield self.transport

"""An account's sources while the daemon runs: the open connectors, and their failures at the last polls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.base import Calendar, Mailbox, MailTransport
from daemon.glossary.assessments import Coverage
from daemon.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pause:
    """The pause after a failure: from `since` on nothing is tried before `until`. `failures` counts the failures in a row.

    `by_server` tells a wait that the server asked for, which a new configuration does not end.
    """

    failures: int
    since: datetime
    until: datetime
    by_server: bool = False

    def holds(self, now: datetime) -> bool:
        """Return whether to wait still. A clock that was set back ends the pause: it would last as long as the step."""
        return self.since <= now < self.until


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

    `stuck` maps a source to a failure that only a person can fix, `paused` maps one to its pause after a failure, `retries` to its
    pause before messages that were set aside are tried again, and `retrying` to the attempt that is under way. Those in `begun_again` were read from the beginning, because their
    connector failed in an unforeseen way at the stored cursor, and have not been read successfully since. `coverage` is how far each
    was read, `stored` how far by the store, which hears of it only now and then where nothing else is new.
    """

    mailboxes: Mapping[str, Mailbox]
    calendars: Mapping[str, Calendar]
    transport: MailTransport | None = None
    stuck: dict[str, str] = field(default_factory=dict)
    paused: dict[str, Pause] = field(default_factory=dict)
    retries: dict[str, Pause] = field(default_factory=dict)
    retrying: dict[str, RetryPass] = field(default_factory=dict)
    begun_again: set[str] = field(default_factory=set)
    coverage: dict[str, Coverage] = field(default_factory=dict)
    stored: dict[str, Coverage] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to read, and no way to send."""
        return next(self._all(), None) is None

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

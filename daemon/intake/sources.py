"""An account's sources while the daemon runs: its open connectors, and how each of them fared at the last polls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.base import Calendar, Mailbox, MailTransport


@dataclass(frozen=True, slots=True)
class Pause:
    """A source that failed is left alone until `until`; `failures` counts those in a row."""

    failures: int
    until: datetime


@dataclass(slots=True)
class Sources:
    """The connectors of one account, by the names that a person would give them.

    `stuck` says what only a person can mend (source -> what is wrong), `paused` which sources are left alone for now.
    """

    mailboxes: Mapping[str, Mailbox]
    calendars: Mapping[str, Calendar]
    transport: MailTransport | None = None
    stuck: dict[str, str] = field(default_factory=dict)
    paused: dict[str, Pause] = field(default_factory=dict)

    def close(self) -> None:
        """End every session."""
        for connector in self._all():
            connector.close()

    def _all(self) -> Iterator[Mailbox | Calendar | MailTransport]:
        yield from self.mailboxes.values()
        yield from self.calendars.values()
        if self.transport is not None:
            yield self.transport

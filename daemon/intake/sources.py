"""An account's sources while the daemon runs: the open connectors, and their failures at the last polls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.base import Calendar, Mailbox, MailTransport


@dataclass(frozen=True, slots=True)
class Pause:
    """The pause after a failure: the source is not polled before `until`. `failures` counts the failures in a row."""

    failures: int
    until: datetime


@dataclass(slots=True)
class Sources:
    """The connectors of one account, by the names under which people see them (`source_name`).

    `stuck` maps a source to a failure that only a person can fix, `paused` maps one to its pause after a failure.
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

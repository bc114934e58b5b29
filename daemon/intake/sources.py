"""An account's sources while the daemon runs: its open connectors, and how each of them fared at the last polls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from connectors.base import Calendar, Mailbox, Postman


@dataclass(frozen=True, slots=True)
class BackOff:
    """A source that failed is left alone until `until`; `failures` counts those in a row."""

    failures: int
    until: datetime


@dataclass(slots=True)
class Sources:
    """The connectors of one account, by the names that a person would give them.

    `stuck` says what only a person can mend (source -> what is wrong), `back_off` which sources are left alone for now.
    """

    mailboxes: Mapping[str, Mailbox]
    calendars: Mapping[str, Calendar]
    postman: Postman | None = None
    stuck: dict[str, str] = field(default_factory=dict)
    back_off: dict[str, BackOff] = field(default_factory=dict)

    def close(self) -> None:
        """End every session."""
        for connector in self._all():
            connector.close()

    def _all(self) -> Iterator[Mailbox | Calendar | Postman]:
        yield from self.mailboxes.values()
        yield from self.calendars.values()
        if self.postman is not None:
            yield self.postman

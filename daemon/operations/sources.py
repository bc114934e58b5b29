"""The mailboxes and calendars, configured or once configured, and forgetting one that is gone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from daemon.errors import CannotDo
from daemon.glossary.assessments import Coverage
from daemon.operations.printable import safe
from daemon.operations.status import source_lines
from daemon.service import health

if TYPE_CHECKING:
    from daemon.app import App


@dataclass(frozen=True, slots=True)
class Source:
    """One mailbox or calendar of an account: how far it was read, and whether the configuration names it."""

    coverage: Coverage
    is_configured: bool
    zone: ZoneInfo | None

    @property
    def shown_zone(self) -> ZoneInfo:
        """The account's time zone; UTC for an account that left."""
        return self.zone or ZoneInfo("UTC")

    def document(self) -> dict[str, Any]:
        """Return the entry of --json."""
        kind = "calendar" if self.coverage.is_calendar else "mailbox"
        return {
            **health.source_document(self.coverage, self.shown_zone),
            "kind": kind,
            "configured": self.is_configured,
        }

    def text(self, now: datetime) -> str:
        """Return the line for a person, with what was said of the source below it."""
        gone = "" if self.is_configured else "; no longer in the configuration, so it does not count"
        return "\n".join(map(safe, source_lines(self.document(), self.shown_zone, now, gone)))


def forget_mail(app: App, gone: Coverage) -> int:
    """Delete the mail that came by a mailbox that left. Return how many messages it was. Raises StoreError while a daemon runs.

    Mail of which the mailbox was not noted (by an earlier release) is taken for its own where the account never had another one.
    """
    if gone.is_calendar:
        return 0
    mailboxes = [s.coverage for s in all_sources(app) if s.coverage.account == gone.account and not s.coverage.is_calendar]
    with app.lock():  # a daemon that reads at the same time would pass over what is to be read again
        return app.store.forget_mail(gone.account, gone.source, unknown=len(mailboxes) == 1)


def all_sources(app: App) -> tuple[Source, ...]:
    """Return the configured sources of each account, then those that left. Raises StoreError."""
    zones = {address: ZoneInfo(runtime.account.hours.zone) for address, runtime in app.runtimes.items()}
    configured = [c for runtime in app.runtimes.values() for c in runtime.coverage()]
    named = {(c.account, c.source) for c in configured}
    gone = [c for c in app.store.all_coverage() if (c.account, c.source) not in named]
    return tuple(Source(c, (c.account, c.source) in named, zones.get(c.account)) for c in (*configured, *gone))


def find_gone(app: App, name: str) -> tuple[Coverage, ...]:
    """Return the source with that name, or the only one whose name contains it, of each account that had it. Raises CannotDo."""
    everything = all_sources(app)
    gone = [s.coverage for s in everything if not s.is_configured]
    exact = [c for c in gone if c.source == name]
    matches = exact or [c for c in gone if name.casefold() in c.source.casefold()]
    if len({c.source for c in matches}) > 1:
        raise CannotDo(f"“{name}” fits more than one source: {', '.join(dict.fromkeys(c.source for c in matches))}.")
    if matches:
        return tuple(matches)
    if any(name.casefold() in s.coverage.source.casefold() for s in everything):
        raise CannotDo(f"“{name}” is in use. Remove it from {app.path} first; then it can be forgotten.")
    left = ", ".join(dict.fromkeys(c.source for c in gone)) or "there are none"
    raise CannotDo(f"“{name}” is no source that left the configuration. Those are: {left}.")

"""What was worked out of an account for its pages, kept as long as it holds, so that the pages share it.

There is one rule. What was worked out holds for the rest of its minute, as long as nothing was committed to the store by anybody, the
record of what was sent is the same, and the account is at work with the same configuration. Pages are shown as of the moment at which
it was worked out. What changes something works with nothing that was kept, and its commit ends what was.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from daemon.accounts.runtime import AccountRuntime

T = TypeVar("T")

LASTS = timedelta(minutes=1)  # at most: time alone makes things late


@dataclass(slots=True)
class Results:
    """What is kept of one account: by a name, with all that it depends on besides. Its user has been lent the account."""

    runtime: AccountRuntime
    _basis: Hashable = None
    _as_of: datetime | None = None
    _kept: dict[Hashable, Any] = field(default_factory=dict)

    def at(self, now: datetime) -> datetime:
        """Forget what does not hold at `now`, and return the moment as of which the rest holds. Raises StoreError."""
        # Asked before anything is read: what is committed meanwhile may be seen already, and is worked out again all the same.
        basis = (self.runtime.store.commit_mark(), self.runtime.sent_log.mark())
        if self._as_of is None or basis != self._basis or not self._as_of <= now < _end_of_minute(self._as_of):
            self._basis, self._as_of = basis, now
            self._kept.clear()
        return self._as_of

    def get(self, name: Hashable, work: Callable[[], T]) -> T:
        """Return what is kept under a name; what is not yet there is worked out."""
        if name not in self._kept:
            self._kept[name] = work()
        found: T = self._kept[name]
        return found


def _end_of_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0) + LASTS

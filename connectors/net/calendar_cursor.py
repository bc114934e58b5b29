"""How far a calendar was read, resource by resource: the cursor of every calendar that consists of resources.

A resource is an .ics file or what lies under one address of a server. Kept of each: a stamp that changes with it, the uids in
it, and what could not be read of it. From two of these follows what a poll has to say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from connectors.calendar import CalendarBatch, Event, Window
from connectors.errors import ConnectorError

SUDDEN = 5  # that many events do not leave a calendar at once by anyone's hand


class ResourceState(NamedTuple):
    """One resource: its stamp, the uids in it, and (name, reason) of what could not be read of it."""

    stamp: str = ""
    uids: tuple[str, ...] = ()
    bad: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class CalendarCursor:
    """The days that were read, how far the server's changes were followed (empty: it has no tokens), and the resources."""

    days: tuple[str, str] = ("", "")
    token: str = ""
    resources: dict[str, ResourceState] = field(default_factory=dict)
    _events: list[Event] = field(default_factory=list)
    _fresh: set[str] = field(default_factory=set)

    @classmethod
    def parse(cls, cursor: str | None) -> CalendarCursor:
        """What a cursor says; without one, that nothing was read yet."""
        if cursor is None:
            return cls()
        days, token, items = json.loads(cursor)
        return cls((days[0], days[1]), token, {name: _item(*parts) for name, parts in items.items()})

    def to_text(self) -> str:
        """This as the text that `of` reads."""
        items = {name: item if item.bad else item[:2] for name, item in self.resources.items()}
        return json.dumps([self.days, self.token, items])

    def add(
        self,
        name: str,
        stamp: str,
        before: CalendarCursor,
        events: Iterable[Event] = (),
        uids: Iterable[str] = (),
        bad: Iterable[tuple[str, str]] = (),
    ) -> None:
        """A resource that was read just now. A broken one says nothing about what it held before, so that is kept."""
        broken = tuple(bad)
        held = before.resources.get(name, ResourceState()).uids if broken else ()
        self.resources[name] = ResourceState(stamp, tuple(sorted({*held, *uids})), broken)
        self._events += events
        self._fresh.add(name)

    def batch(self, before: CalendarCursor, place: str, *, full: bool) -> CalendarBatch:
        """What is to be told now, compared with `before`; `full` where everything was read. Raises ConnectorError where `place` is suddenly empty.

        What is still unreadable from an earlier poll is told again as a warning: it may hide when somebody is busy.
        """
        known, now = before.uids(), self.uids()
        if len(known) >= SUDDEN and not now:
            raise ConnectorError(f"{place} held {len(known)} events and is suddenly empty; what was read before is kept")
        fresh = [self.resources[name] for name in sorted(self._fresh & self.resources.keys())]
        shown = {event.uid for event in self._events}
        # Read again and without an occurrence in the window any more: gone like what was deleted.
        unseen = {uid for item in fresh if not item.bad for uid in item.uids} - shown
        unreadable = tuple(bad for item in fresh for bad in item.bad)
        still = [bad for name, item in sorted(self.resources.items()) if name not in self._fresh for bad in item.bad]
        return CalendarBatch(
            tuple(self._events),
            self.to_text(),
            tuple(sorted((known - now) | (unseen & known))),
            snapshot=full and not unreadable,
            unreadable=unreadable,
            warnings=tuple(f"{name}: {reason}" for name, reason in still),
        )

    def uids(self) -> set[str]:
        """Every uid in every resource."""
        return {uid for item in self.resources.values() for uid in item.uids}


def window_days(window: Window) -> tuple[str, str]:
    """The days between which a window lies: as long as they stay, what was read for it holds."""
    return str(window.start.date()), str(window.end.date())


def _item(stamp: str, uids: list[str], bad: Iterable[list[str]] = ()) -> ResourceState:
    return ResourceState(stamp, tuple(uids), tuple((name, reason) for name, reason in bad))

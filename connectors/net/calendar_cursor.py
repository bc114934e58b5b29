"""The cursor of a calendar: which days were read, and the state of each resource in it.

A resource is an .ics file or what a server keeps under one address. Of each the cursor keeps a stamp that changes with it, its uids,
and what could not be read of it. Comparing two cursors gives the batch that a poll yields.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from connectors.calendar import CalendarBatch, Event, Window
from connectors.errors import ConnectorError
from connectors.net.sudden_loss import SUDDEN


class ResourceState(NamedTuple):
    """One resource: its stamp, the uids in it, and (name, reason) of each part that could not be read."""

    stamp: str = ""
    uids: tuple[str, ...] = ()
    unreadable: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class CalendarCursor:
    """The days that were read, the server's sync token (empty where it has none), and the resources by name."""

    days: tuple[str, str] = ("", "")
    token: str = ""
    resources: dict[str, ResourceState] = field(default_factory=dict)
    _events: list[Event] = field(default_factory=list)
    _read_now: set[str] = field(default_factory=set)

    @classmethod
    def parse(cls, cursor: str | None) -> CalendarCursor:
        """Return the cursor that `to_text` wrote; an empty one, so that everything is read again, for None and any other text."""
        try:
            (start, end), token, resources = json.loads(cursor or "")
            states = {name: _state(*parts) for name, parts in resources.items()}
        except (ValueError, TypeError, AttributeError, RecursionError):
            return cls()
        texts = (start, end, token, *(text for state in states.values() for text in (state.stamp, *state.uids)))
        return cls((start, end), token, states) if all(isinstance(text, str) for text in texts) else cls()

    def to_text(self) -> str:
        """Return the cursor as text."""
        resources = {name: state if state.unreadable else state[:2] for name, state in self.resources.items()}
        return json.dumps([self.days, self.token, resources])

    def add(
        self,
        name: str,
        stamp: str,
        previous: CalendarCursor,
        events: Iterable[Event] = (),
        uids: Iterable[str] = (),
        unreadable: Iterable[tuple[str, str]] = (),
    ) -> None:
        """Record a resource that was read just now. A broken one keeps the uids it had in `previous`, so that none seems deleted."""
        broken = tuple(unreadable)
        earlier = previous.resources.get(name, ResourceState()).uids if broken else ()
        self.resources[name] = ResourceState(stamp, tuple(sorted({*earlier, *uids})), broken)
        self._events += events
        self._read_now.add(name)

    def batch(self, previous: CalendarCursor, calendar: str, *, full: bool) -> CalendarBatch:
        """Return the batch that leads from `previous` to this cursor; `full` where every resource was read.

        Raises ConnectorError where the calendar is suddenly empty; `calendar` names it there. What is still unreadable from an
        earlier poll becomes a warning: it may hide a meeting.
        """
        before, now = previous.uids(), self.uids()
        if len(before) >= SUDDEN and not now:
            raise ConnectorError(f"{calendar} held {len(before)} events and is suddenly empty; what was read before is kept")
        read_now = [self.resources[name] for name in sorted(self._read_now & self.resources.keys())]
        # An event that was read and has no occurrence in the window any more is removed like a deleted one.
        left_window = {uid for state in read_now if not state.unreadable for uid in state.uids} - {e.uid for e in self._events}
        unreadable = tuple(part for state in read_now for part in state.unreadable)
        still_unreadable = [
            part for name, state in sorted(self.resources.items()) if name not in self._read_now for part in state.unreadable
        ]
        return CalendarBatch(
            tuple(self._events),
            self.to_text(),
            tuple(sorted((before - now) | (left_window & before))),
            snapshot=full and not unreadable,
            unreadable=unreadable,
            warnings=tuple(f"{name}: {reason}" for name, reason in still_unreadable),
        )

    def uids(self) -> set[str]:
        """Return the uids of all resources."""
        return {uid for state in self.resources.values() for uid in state.uids}


def window_days(window: Window) -> tuple[str, str]:
    """Return the first and last day of a window as ISO text: while they stay the same, what was read for it holds."""
    return str(window.start.date()), str(window.end.date())


def _state(stamp: str, uids: list[str], unreadable: Iterable[list[str]] = ()) -> ResourceState:
    return ResourceState(stamp, tuple(uids), tuple((name, reason) for name, reason in unreadable))

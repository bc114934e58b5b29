"""The story cache: how far the requests and promises of one client were tracked, handed from one assessment to the next.

A replay assesses the same client thousands of times, and nearly always the timeline has only grown at its end in between. The cache
keeps the trackers as they stood after the last message, and `Progress.news` returns what has happened since. If anything earlier
changed (a message in between, a decision, the people), it returns None and tracking begins anew; so the results are the same with
and without the cache. It is an argument of `daemon.core.timeline.timeline` and `daemon.assess.assess`, and only a replay passes one.

Measured on the year of `bench/year.py` (60 clients, 11,250 messages with them), in seconds of computing: all of it replayed with the
cache 182; its last five days 7.5 with the cache and 15.4 without, of which 3.7 are the first look at everything. The daemon's own turn
works out single clients now and then, and gained nothing when it still kept this (4.1 with, 4.2 without).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from connectors.calendar import Event
from daemon.glossary.decisions import Decision
from daemon.glossary.timelines import Entry

BEGINNING = datetime.min.replace(tzinfo=UTC)


class Happening(NamedTuple):
    """A message or a moment of an event; `rank` and `name` order what has the same moment. `aspect` is the tracker's own."""

    at: datetime
    rank: int
    name: str
    subject: Entry | Event
    aspect: str = ""


@dataclass(slots=True)
class Progress:
    """How far one tracker has come: what it went by, what it has taken, the decisions on what it tracks, the latest moment."""

    tracker: Any
    context: tuple[Any, ...]
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    events: Sequence[Happening] = ()
    last: datetime = BEGINNING

    def news(self, context: tuple[Any, ...], entries: tuple[Entry, ...], events: Sequence[Happening]) -> list[Happening] | None:
        """Return what has happened since, in order; None where tracking has to begin anew."""
        if self.context != context or entries[: len(self.entries)] != self.entries:
            return None
        if [event for event in events if event.at <= self.last] != self.events:
            return None
        news = in_order(entries[len(self.entries) :], (event for event in events if event.at > self.last))
        return None if news and news[0].at <= self.last else news

    def advance(self, entries: tuple[Entry, ...], events: Iterable[Happening], taken: Sequence[Happening]) -> None:
        """Note that the tracker has taken these, too."""
        self.entries = entries
        self.last = taken[-1].at if taken else self.last
        self.events = [event for event in events if event.at <= self.last]


@dataclass(slots=True)
class StoryCache:
    """What is kept of one account and one client between two assessments.

    `mail` belongs to `daemon.core.timeline`. `progress` has an entry for each tracker and pass: an assessment is made again for
    what the user's corrections lead to.
    """

    mail: Any = None
    progress: dict[Hashable, Progress] = field(default_factory=dict)


def in_order(entries: Iterable[Entry], events: Iterable[Happening]) -> list[Happening]:
    """Return messages and moments of events in the order in which they happened."""
    mail = (Happening(entry.at, 1, entry.message.message_id, entry) for entry in entries)
    return sorted([*mail, *events], key=lambda happening: happening[:3])

"""Memory: what was worked out of the beginning of a story, so that its next message need not begin at the first one again.

A timeline grows at its end nearly always. Whoever follows it keeps here how far they have come and in which state they were
then; `rest` says what has happened since, or that the beginning is no longer what it was: another message in between, another
word of the user, other people. Then they begin anew. So a result never depends on whether anything was remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar, cast

from connectors.calendar import Event
from daemon.glossary.decisions import Decision
from daemon.glossary.timelines import Entry, Timeline

BEGINNING = datetime.min.replace(tzinfo=UTC)
T = TypeVar("T")
Item: TypeAlias = tuple[datetime, int, str, Entry | Event, bool]
"""Something that happened: its moment, its rank and name among what happened then, itself, and how it is meant."""


@dataclass(slots=True)
class Walked:
    """How far one walk has come: what it went by, what it has met, up to when, and the walker as it stood there.

    `said` are the user's words on what it found.
    """

    walker: Any
    context: tuple[Any, ...]
    said: Mapping[str, Decision] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()
    events: Sequence[Item] = ()
    last: datetime = BEGINNING


@dataclass(slots=True)
class Memory:
    """What is remembered of one account and one client."""

    story: Any = None  # of core.timeline
    walks: dict[Any, Walked] = field(default_factory=dict)
    sums: dict[str, tuple[tuple[Entry, ...], Any]] = field(default_factory=dict)
    once: dict[Any, Any] = field(default_factory=dict)  # for the present timeline alone
    moments: dict[Any, Any] = field(default_factory=dict)  # business time that was counted before


@dataclass(frozen=True, slots=True)
class Remembered(Timeline):
    """A timeline that was built on what is remembered."""

    memory: Memory = field(default_factory=Memory, compare=False, repr=False)


def of(timeline: Timeline) -> Memory:
    """What is remembered of a timeline; nothing of one that somebody made by hand."""
    return timeline.memory if isinstance(timeline, Remembered) else Memory()


def once(timeline: Timeline, key: Any, make: Callable[[], T]) -> T:
    """What follows from the timeline as a whole, worked out when it is first asked for."""
    known = of(timeline).once
    if key not in known:
        known[key] = make()
    return cast("T", known[key])


def total(timeline: Timeline, name: str, of_some: Callable[[tuple[Entry, ...]], T], join: Callable[[T, T], T]) -> T:
    """What follows from each entry by itself, `join`ed; of those that were there before it is remembered."""
    sums, entries = of(timeline).sums, timeline.entries
    before, known = sums.get(name, ((), None))
    if not before or entries[: len(before)] != before:
        found = of_some(entries)
    elif len(before) < len(entries):
        found = join(cast("T", known), of_some(entries[len(before) :]))
    else:
        found = cast("T", known)
    sums[name] = (entries, found)
    return found


def rest(past: Walked | None, context: tuple[Any, ...], entries: tuple[Entry, ...], events: Iterable[Item]) -> list[Item] | None:
    """What has happened since a walk came so far, in order; None where it has to begin anew."""
    if past is None or past.context != context or entries[: len(past.entries)] != past.entries:
        return None
    told = list(events)
    if [item for item in told if item[0] <= past.last] != past.events:
        return None
    new = in_order(entries[len(past.entries) :], (item for item in told if item[0] > past.last))
    return None if new and new[0][0] <= past.last else new


def in_order(entries: Iterable[Entry], events: Iterable[Item]) -> list[Item]:
    """Mail and what became of events, as it happened."""
    mail: Iterable[Item] = ((entry.at, 1, entry.message.message_id, entry, False) for entry in entries)
    return sorted([*mail, *events], key=lambda item: item[:3])


def walk_name(timeline: Timeline, name: str) -> tuple[str, int]:
    """The name of a walk: the first over this timeline, or a further one, with what the user's words came to mean by the one before."""
    known = of(timeline).once
    known[name] = known.get(name, 0) + 1
    return name, known[name]


def advance(past: Walked, entries: tuple[Entry, ...], events: Iterable[Item], met: Sequence[Item]) -> None:
    """Remember that a walk has met these, too."""
    past.entries = entries
    past.last = met[-1][0] if met else past.last
    past.events = [item for item in events if item[0] <= past.last]

"""The reminder: what is about to be late, or just became so, with all that helps to settle it now.

It carries the client's words, what came before in two lines, what the clock says, times the user is free, and whether an
answer lies ready among the drafts. It is never sent merely to say that something is there.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.calendar import Busy
from daemon.core.model import Account, Kind, Obligation, State
from daemon.letters import Letter, page, words
from daemon.letters.lines import Eye, Line, Links

FREE_TIMES = 3
_OWED = {Kind.REPLY: "an answer", Kind.CALLBACK: "a call", Kind.PROMISE: "what was promised"}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing as the template shows it."""

    line: Line
    history: Sequence[str]
    clock: str
    free: str
    drafted: bool


def reminder(
    account: Account,
    obligations: Sequence[Obligation],
    stages: Sequence[str],
    slots: Mapping[str, Sequence[Busy]],
    drafted: Collection[str],
    links: Links,
    now: datetime,
) -> Letter:
    """One mail about one or more obligations, each at its stage (due_soon or overdue).

    `slots` are the user's free times for each client by name; a client without any is offered none. `drafted` holds the keys of
    the obligations whose draft is laid with this reminder.
    """
    eye = Eye(account, links, now)
    items = [_item(o, eye, slots.get(o.client, ()), o.key in drafted) for o in obligations]
    shared = items[0].free if len(items) > 1 and len({item.free for item in items}) == 1 else ""
    values = {"headline": _headline(eye, obligations, stages), "items": items, "shared": shared, "now": eye.moment(now)}
    return Letter(_subject(eye, obligations, stages), page.text("reminder", **values), page.html("reminder", **values))


def _item(o: Obligation, eye: Eye, slots: Sequence[Busy], drafted: bool) -> Item:
    return Item(eye.line(o), tuple(_history(o, eye)), _clock(o, eye), _free(slots, eye), drafted)


def _headline(eye: Eye, obligations: Sequence[Obligation], stages: Sequence[str]) -> str:
    if len(obligations) == 1:
        o = obligations[0]
        client, due = words.cut(o.client, 60), eye.moment(o.due) if o.due else ""
        verb = "was" if stages[0] == State.OVERDUE.value else "is"
        return f"{client}: {_OWED.get(o.kind, 'something')} {verb} due {due}".rstrip() + "."
    late = stages.count(State.OVERDUE.value)
    soon = len(stages) - late
    return ", ".join([f"{late} overdue"] * bool(late) + [f"{soon} due soon"] * bool(soon)) + "."


def _subject(eye: Eye, obligations: Sequence[Obligation], stages: Sequence[str]) -> str:
    headline = _headline(eye, obligations, stages).rstrip(".")
    if len(obligations) == 1:
        o = obligations[0]
        return f"{headline}: {words.quoted(o.quote or o.summary, 60)}"
    clients = list(dict.fromkeys(words.cut(o.client, 30) for o in obligations))
    return f"{headline}: {words.listed([*clients[:3], *[f'{len(clients) - 3} more'] * (len(clients) > 3)])}"


def _history(o: Obligation, eye: Eye) -> Iterator[str]:
    """What came after the first words, in two lines at most: that they asked again, and the latest other sign."""
    further = o.asks[1:]
    if further:
        yield f"also asked: {words.listed([words.quoted(ask, 90) for ask in further[-2:]])}"
    signs = [e for e in o.evidence if o.source.at < e.at <= eye.now and e.quote and e.quote not in o.asks]
    if signs:
        latest = max(signs, key=lambda e: e.at)
        yield f"{eye.moment(latest.at)}: {words.quoted(latest.quote or '', 100)}"


def _clock(o: Obligation, eye: Eye) -> str:
    """How much working time is left; the status says how much is over."""
    if o.due is None or eye.is_late(o):
        return ""
    return f"{words.working_span(eye.account.hours, eye.now, o.due)} left"


def _free(slots: Sequence[Busy], eye: Eye) -> str:
    return words.listed([words.span(slot.start, slot.end, eye.zone, eye.now) for slot in slots[:FREE_TIMES]], "or")

"""The reminder: what is about to be late, or just became so, with all that helps to settle it now.

It carries the client's words, what came before in two lines, what the clock says, times the user is free, and whether an
answer lies ready among the drafts. It is never sent merely to say that something is there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.calendar import Busy
from daemon.glossary.obligations import Kind, Obligation, State
from daemon.glossary.parties import Account
from daemon.letters import Letter, phrases, render_html
from daemon.letters.lines import Eye, Line, Links

FREE_TIMES = 3
ASKS = 5  # further asks that are listed
_OWED = {Kind.REPLY: "an answer", Kind.CALLBACK: "a call", Kind.PROMISE: "what was promised"}


@dataclass(frozen=True, slots=True)
class Hint:
    """Something the user has that may answer: a title, its words, its address, and where it stands (with a moment, if sent)."""

    title: str
    words: str
    link: str
    where: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One thing as the template shows it."""

    line: Line
    history: Sequence[str]
    clock: str
    free: str
    drafted: bool
    tag: str
    hints: Sequence[str]


def reminder(
    account: Account,
    obligations: Sequence[Obligation],
    stages: Sequence[str],
    slots: Mapping[str, Sequence[Busy]],
    drafted: Collection[str],
    links: Links,
    now: datetime,
    hints: Callable[[Obligation], Sequence[Hint]] = lambda _o: (),
) -> Letter:
    """One mail about one or more obligations, each at its stage (due_soon or overdue).

    `slots` are the user's free times for each client by name; a client without any is offered none. `drafted` holds the keys of
    the obligations whose draft is laid with this reminder. `hints` finds what the user has that may answer one.
    """
    eye = Eye(account, links, now)
    items = [_item(o, eye, slots.get(o.client, ()), hints(o), drafted=o.key in drafted) for o in obligations]
    shared = items[0].free if len(items) > 1 and len({item.free for item in items}) == 1 else ""
    values = {"headline": _headline(eye, obligations, stages), "items": items, "shared": shared, "now": eye.moment(now)}
    return Letter(
        _subject(eye, obligations, stages), render_html.text("reminder", **values), render_html.html("reminder", **values)
    )


def _item(o: Obligation, eye: Eye, slots: Sequence[Busy], hints: Sequence[Hint], *, drafted: bool) -> Item:
    line = replace(eye.line(o), more="")  # every ask stands below
    return Item(
        line,
        tuple(_history(o, eye)),
        _clock(o, eye),
        _free(slots, eye),
        drafted,
        _tag(o, slots, eye),
        [_hint(h, eye) for h in hints],
    )


def _tag(o: Obligation, slots: Sequence[Busy], eye: Eye) -> str:
    """A mail of the user's that gave the client nothing to hold on to, and what would (DOMAIN, terms: tag)."""
    if o.empty is None:
        return ""
    when = f", such as {phrases.moment(slots[0].start, eye.zone, eye.now)}" if slots else ""
    said = f" {phrases.quoted(o.empty.quote, 80)}" if o.empty.quote else ""
    return f"What you wrote {eye.moment(o.empty.at)}{said} names no time, so they still wait. Name one{when}, or answer the first point."


def _hint(hint: Hint, eye: Eye) -> str:
    """Where it stands comes with it."""
    said = " ".join(part for part in (phrases.quoted(hint.words, 200) if hint.words else "", hint.link) if part)
    if hint.at is not None:
        return f"You answered before ({hint.where}, {phrases.day(hint.at, eye.zone, eye.now)}, {phrases.quoted(hint.title, 50)}): {said}"
    return f"{phrases.cut(hint.title, 80)}: {said} ({hint.where})"


def _headline(eye: Eye, obligations: Sequence[Obligation], stages: Sequence[str]) -> str:
    if len(obligations) == 1:
        o = obligations[0]
        client, due = phrases.cut(o.client, 60), eye.moment(o.due) if o.due else ""
        verb = "was" if stages[0] == State.OVERDUE.value else "is"
        return f"{client}: {_OWED.get(o.kind, 'something')} {verb} due {due}".rstrip() + "."
    late = stages.count(State.OVERDUE.value)
    soon = len(stages) - late
    return ", ".join([f"{late} overdue"] * bool(late) + [f"{soon} due soon"] * bool(soon)) + "."


def _subject(eye: Eye, obligations: Sequence[Obligation], stages: Sequence[str]) -> str:
    headline = _headline(eye, obligations, stages).rstrip(".")
    if len(obligations) == 1:
        o = obligations[0]
        return f"{headline}: {phrases.quoted(o.quote or o.summary, 60)}"
    clients = list(dict.fromkeys(phrases.cut(o.client, 30) for o in obligations))
    return f"{headline}: {phrases.listed([*clients[:3], *[f'{len(clients) - 3} more'] * (len(clients) > 3)])}"


def _history(o: Obligation, eye: Eye) -> Iterator[str]:
    """What came after the first words: everything else they asked, in their words, and the latest other sign."""
    further = list(dict.fromkeys(ask for ask in o.asks[1:] if ask != o.quote))
    yield from (f"also asked: {phrases.quoted(ask, 140)}" for ask in further[-ASKS:])
    if len(further) > ASKS:
        yield f"and {phrases.count(len(further) - ASKS, 'earlier ask')}"
    signs = [e for e in o.evidence if o.source.at < e.at <= eye.now and e.quote and e.quote not in o.asks and e != o.empty]
    if signs:
        latest = max(signs, key=lambda e: e.at)
        yield f"{eye.moment(latest.at)}: {phrases.quoted(latest.quote or '', 100)}"


def _clock(o: Obligation, eye: Eye) -> str:
    """How much working time is left; the status says how much is over."""
    if o.due is None or eye.is_late(o):
        return ""
    return f"{phrases.working_span(eye.account.hours, eye.now, o.due)} left"


def _free(slots: Sequence[Busy], eye: Eye) -> str:
    return phrases.listed([phrases.span(slot.start, slot.end, eye.zone, eye.now) for slot in slots[:FREE_TIMES]], "or")

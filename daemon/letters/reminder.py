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
from daemon.letters import Letter, phrases, templating
from daemon.letters.lines import Line, LineFormatter, LinksFor

FREE_TIMES = 3
MAX_ASKS = 5  # further asks that are listed
_OWED = {Kind.REPLY: "an answer", Kind.CALLBACK: "a call", Kind.PROMISE: "what was promised"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something the user has that may answer: a title, its words, its address, and where it stands (with a moment, if sent)."""

    title: str
    words: str
    link: str
    where: str
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing as the template shows it."""

    line: Line
    history: Sequence[str]
    clock: str
    free: str
    drafted: bool
    tag: str
    suggestions: Sequence[str]


def reminder(
    account: Account,
    obligations: Sequence[Obligation],
    stages: Sequence[str],
    slots: Mapping[str, Sequence[Busy]],
    drafted: Collection[str],
    links: LinksFor,
    now: datetime,
    suggestions: Callable[[Obligation], Sequence[Suggestion]] = lambda _o: (),
) -> Letter:
    """One mail about one or more obligations, each at its stage (due_soon or overdue).

    `slots` are the user's free times for each client by name; a client without any is offered none. `drafted` holds the keys of
    the obligations whose draft is laid with this reminder. `suggestions` finds what the user has that may answer one.
    """
    formatter = LineFormatter(account, links, now)
    entries = [_entry(o, formatter, slots.get(o.client, ()), suggestions(o), drafted=o.key in drafted) for o in obligations]
    shared = entries[0].free if len(entries) > 1 and len({entry.free for entry in entries}) == 1 else ""
    values = {
        "headline": _headline(formatter, obligations, stages),
        "entries": entries,
        "shared": shared,
        "now": formatter.moment(now),
    }
    return Letter(
        _subject(formatter, obligations, stages), templating.text("reminder", **values), templating.html("reminder", **values)
    )


def _entry(
    o: Obligation, formatter: LineFormatter, slots: Sequence[Busy], suggestions: Sequence[Suggestion], *, drafted: bool
) -> Entry:
    line = replace(formatter.line(o), more="")  # every ask stands below
    return Entry(
        line,
        tuple(_history(o, formatter)),
        _clock(o, formatter),
        _free(slots, formatter),
        drafted,
        _tag(o, slots, formatter),
        [_suggestion(h, formatter) for h in suggestions],
    )


def _tag(o: Obligation, slots: Sequence[Busy], formatter: LineFormatter) -> str:
    """A mail of the user's that gave the client nothing to hold on to, and what would (DOMAIN, terms: tag)."""
    if o.empty is None:
        return ""
    when = f", such as {phrases.moment(slots[0].start, formatter.zone, formatter.now)}" if slots else ""
    said = f" {phrases.quoted(o.empty.quote, 80)}" if o.empty.quote else ""
    return f"What you wrote {formatter.moment(o.empty.at)}{said} names no time, so they still wait. Name one{when}, or answer the first point."


def _suggestion(suggestion: Suggestion, formatter: LineFormatter) -> str:
    """Where it stands comes with it."""
    said = " ".join(part for part in (phrases.quoted(suggestion.words, 200) if suggestion.words else "", suggestion.link) if part)
    if suggestion.at is not None:
        return f"You answered before ({suggestion.where}, {phrases.day(suggestion.at, formatter.zone, formatter.now)}, {phrases.quoted(suggestion.title, 50)}): {said}"
    return f"{phrases.cut(suggestion.title, 80)}: {said} ({suggestion.where})"


def _headline(formatter: LineFormatter, obligations: Sequence[Obligation], stages: Sequence[str]) -> str:
    if len(obligations) == 1:
        o = obligations[0]
        client, due = phrases.cut(o.client, 60), formatter.moment(o.due) if o.due else ""
        verb = "was" if stages[0] == State.OVERDUE.value else "is"
        return f"{client}: {_OWED.get(o.kind, 'something')} {verb} due {due}".rstrip() + "."
    late = stages.count(State.OVERDUE.value)
    soon = len(stages) - late
    return ", ".join([f"{late} overdue"] * bool(late) + [f"{soon} due soon"] * bool(soon)) + "."


def _subject(formatter: LineFormatter, obligations: Sequence[Obligation], stages: Sequence[str]) -> str:
    headline = _headline(formatter, obligations, stages).rstrip(".")
    if len(obligations) == 1:
        o = obligations[0]
        return f"{headline}: {phrases.quoted(o.quote or o.summary, 60)}"
    clients = list(dict.fromkeys(phrases.cut(o.client, 30) for o in obligations))
    return f"{headline}: {phrases.listed([*clients[:3], *[f'{len(clients) - 3} more'] * (len(clients) > 3)])}"


def _history(o: Obligation, formatter: LineFormatter) -> Iterator[str]:
    """What came after the first words: everything else they asked, in their words, and the latest other sign."""
    further = list(dict.fromkeys(ask for ask in o.asks[1:] if ask != o.quote))
    yield from (f"also asked: {phrases.quoted(ask, 140)}" for ask in further[-MAX_ASKS:])
    if len(further) > MAX_ASKS:
        yield f"and {phrases.count(len(further) - MAX_ASKS, 'earlier ask')}"
    signs = [e for e in o.evidence if o.source.at < e.at <= formatter.now and e.quote and e.quote not in o.asks and e != o.empty]
    if signs:
        latest = max(signs, key=lambda e: e.at)
        yield f"{formatter.moment(latest.at)}: {phrases.quoted(latest.quote or '', 100)}"


def _clock(o: Obligation, formatter: LineFormatter) -> str:
    """How much working time is left; the status says how much is over."""
    if o.due is None or formatter.is_late(o):
        return ""
    return f"{phrases.working_span(formatter.account.hours, formatter.now, o.due)} left"


def _free(slots: Sequence[Busy], formatter: LineFormatter) -> str:
    return phrases.listed(
        [phrases.span(slot.start, slot.end, formatter.zone, formatter.now) for slot in slots[:FREE_TIMES]], "or"
    )

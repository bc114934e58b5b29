"""The sentence that says the day: who waits, since when, and what to begin with; and the counts for the subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from daemon.core.infractions import waits_since
from daemon.glossary.obligations import Kind, Obligation
from daemon.letters import phrases
from daemon.letters.digest_facts import DigestFacts
from daemon.letters.recovery import KIND_NOUNS
from daemon.letters.sections import BEFORE_START, LATER, MAYBE_DONE, OVERDUE, STILL_OPEN, THIS_WEEK, TODAY, UNSURE, Contents

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten", "Eleven", "Twelve")


def headline(contents: Contents, facts: DigestFacts, *, read: bool) -> str:
    """Return what the day is about, in one or two sentences. `read` says whether all mail could be read: else nothing can be ruled out."""
    pressing = [
        o for section in contents.sections for o in contents.by_title.get(section.title, ()) if section.title in (OVERDUE, TODAY)
    ]
    before = contents.by_title.get(BEFORE_START, ())
    told = facts.morning.begins_week or not pressing or any(map(facts.formatter.is_late, before))
    older = before if told else ()
    said = [*_waiting(pressing, facts)] if pressing else [*_quiet(contents.by_title, facts, read=read)]
    return " ".join([*said, *[_older(older, facts)] * bool(older)])


def counts(contents: Contents, facts: DigestFacts) -> str:
    """Return what the subject says: 7 overdue, 4 overdue from before you started, 2 due today, 1 question for you.

    Of questions those count that the letter asks.
    """
    totals = {title: len(obligations) for title, obligations in contents.by_title.items()}
    late, today = totals.get(OVERDUE, 0), totals.get(TODAY, 0)
    older = sum(map(facts.formatter.is_late, contents.by_title.get(BEFORE_START, ())))
    asks = sum(len(section.lines) for section in contents.sections if section.title in (MAYBE_DONE, UNSURE, STILL_OPEN))
    parts = [f"{late} overdue"] * bool(late) + [f"{older} overdue from before you started"] * bool(older)
    parts += [f"{today} due today"] * bool(today)
    return ", ".join([*(parts or ["Nothing is due today"]), *[f"{phrases.count(asks, 'question')} for you"] * bool(asks)])


def _waiting(pressing: Sequence[Obligation], facts: DigestFacts) -> Sequence[str]:
    """Return who waits, the longest since when, and what to begin with: the first line."""
    first, clients = pressing[0], dict.fromkeys(o.client for o in pressing)
    since = min((at for o in pressing if (at := _since(o, facts)) is not None), default=None)
    day = phrases.day(since, facts.formatter.zone, facts.formatter.now) if since is not None else ""
    name, task = phrases.cut(first.client, 60), _task(first, facts)
    if len(clients) == 1:
        waits = f"{name} has been waiting since {day}" if day and day != "today" else ""
        if len(pressing) == 1:
            return (f"{waits} for {_debt(first)}." if waits else f"{name} expects {task}.",)
        return f"{waits or f'{name} expects something today'}.", f"Start with {task}."
    who = f"{_NUMBERS[len(clients)] if len(clients) < len(_NUMBERS) else len(clients)} clients"
    waits = f"{who} wait, the longest since {day}." if day and day != "today" else f"{who} wait."
    return waits, f"Start with {name}: {task}."


def _since(o: Obligation, facts: DigestFacts) -> datetime | None:
    """Return since when a client waits: since they asked, or since what was promised fell due; None if neither has happened."""
    return waits_since(o, facts.formatter.now)


def _task(o: Obligation, facts: DigestFacts) -> str:
    """Return what is owed and by when: an answer, due yesterday 17:05; what you promised for today 12:00."""
    if o.due is None:
        return KIND_NOUNS[o.kind]
    zone, now = facts.formatter.zone, facts.formatter.now
    day = phrases.day(o.due, zone, now)
    at = f"{day} {phrases.time_of_day(o.due, zone)}"
    if o.presumed is not None:
        return f"{_debt(o)}, {facts.formatter.status(o)}"
    if o.kind is Kind.PROMISE:
        return f"what you promised for {at if day == 'today' else day}"
    hour = facts.formatter.appointment(o)
    return f"{KIND_NOUNS[o.kind]}, {f'today {hour}' if hour and day == 'today' else hour or f'due {at}'}"


def _debt(o: Obligation) -> str:
    """Return what is owed, without its time: an answer; what you promised."""
    return "what you promised" if o.kind is Kind.PROMISE else KIND_NOUNS[o.kind]


def _quiet(by_title: Mapping[str, Sequence[Obligation]], facts: DigestFacts, *, read: bool) -> Sequence[str]:
    """Return that nothing is due today, as far as that is known, and what comes next."""
    ahead = [(o.due, o.key, o) for title in (THIS_WEEK, LATER) for o in by_title.get(title, ()) if o.due is not None]
    nothing = "Nothing is due today." if read else "Nothing that was read is due today."
    if not ahead:
        return (nothing,)
    _, _, following = min(ahead)
    return nothing, f"Next: {phrases.cut(following.client, 60)}, {_task(following, facts)}."


def _older(older: Sequence[Obligation], facts: DigestFacts) -> str:
    """Return how much is open from before the start, and how much of it is overdue."""
    late = sum(map(facts.formatter.is_late, older))
    things = "1 thing is" if len(older) == 1 else f"{len(older)} things are"
    how_many = "" if len(older) == 1 else "all " if late == len(older) else f"{late} of them "
    overdue = f", {how_many}overdue" if late else ""
    return f"{things} still open from before you started{overdue}."

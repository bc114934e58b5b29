"""Hand-overs: what a client just won now expects, and what is open while the user is away.

Both stay inside the company and may quote clients, because whoever takes over must know what was said. A covering colleague who may
see no words of others (core.access) reads what is owed to whom, and until when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeAlias
from zoneinfo import ZoneInfo

from connectors.calendar import Event
from daemon.analysis.courtship import Courtship
from daemon.glossary.assessments import Assessment
from daemon.glossary.charter import Charter
from daemon.glossary.obligations import OPEN_STATES, Band, Kind, Obligation, State, state
from daemon.glossary.parties import Account, Client
from daemon.letters import Letter, phrases
from daemon.letters.digest_facts import ClientOf
from daemon.letters.lines import LineFormatter
from daemon.letters.recovery import KIND_NOUNS
from daemon.letters.section_lines import clients_at
from daemon.letters.sheet import Part, Row, sheet

Quotes: TypeAlias = Callable[[str], bool]
"""Tells whether the words of a client, by its name, may be quoted."""


def handover(account: Account, client: Client, courtship: Courtship, charter: Charter, now: datetime) -> Letter:
    """Return the sheet on what this client got used to as a prospect, with the promises that are still open."""
    zone, name = ZoneInfo(account.hours.zone), phrases.cut(client.name, 60)
    open_promises = [_promise(o, zone, now) for o in courtship.open]
    reply = charter.standards.get("reply")
    agreed = [Row("Emails are answered within", phrases.allowance(reply))] if reply else []
    parts = (
        Part(
            "How fast they were answered",
            list(_speed(courtship, account)),
            empty="No question of theirs was found in your email.",
        ),
        Part("Promised to win them, and still open", open_promises, empty="No promise that was found is still open."),
        Part("All promises", list(_promises_in_all(courtship, now))),
        Part("What is agreed", agreed, empty="Nothing is agreed yet. To agree on times with them: kept charter new."),
    )
    headline = f"What {name} now expects"
    began = phrases.day(courtship.begin, zone, now)
    lead = [
        f"The first thing that {name} asked for, or was promised, dates from {began}. The service they got as a prospect is what they now expect."
    ]
    return sheet(f"Kept: {headline}", headline, parts, lead=lead, foot=["Pass this on to whoever looks after them from now on."])


def cover_list(
    account: Account,
    assessments: Sequence[Assessment],
    events: Sequence[Event],
    client_of: ClientOf,
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    to_colleague: bool,
    quotes: Quotes = lambda _client: True,
) -> Letter:
    """Return the list of what is open from now until the user is back, with the meetings from `start` to `end`.

    `quotes` tells whether a client's words may stand in it.
    """
    formatter = LineFormatter(account, lambda _about: {}, now)
    owed = _open_obligations(assessments, now)
    who = "they are" if to_colleague else "you are"
    parts = (
        *_obligation_parts(owed, end, f"Owed before {who} back", formatter, quotes),
        Part("Meetings in that time", list(_meetings(events, client_of, start, end, formatter, quotes))),
        Part("Handle with care", list(_care(assessments))),
    )
    name = phrases.cut(account.name, 60)
    dates = f"{phrases.date_of(start, formatter.zone)} to {phrases.date_of(end, formatter.zone)}"
    headline = f"Open while {f'{name} is' if to_colleague else who} away, {dates}"
    lead = _lead(name, owed, quotes) if to_colleague else "Pass this on to whoever is covering for you."
    return sheet(f"Kept: {headline}", headline, parts, lead=[lead])


def _lead(name: str, owed: Sequence[Obligation], quotes: Quotes) -> str:
    if all(quotes(o.client) for o in owed):
        return f"You are covering for {name}. Clients are quoted here so that you can answer them."
    return f"You are covering for {name}. For the emails themselves ask {name}."


def _obligation_parts(
    owed: Sequence[Obligation], end: datetime, title: str, formatter: LineFormatter, quotes: Quotes
) -> Iterator[Part]:
    """Yield what the user owes until `end`, under the given title, what they owe later, and what clients owe them."""
    ours = [o for o in owed if o.kind is not Kind.WAITING_FOR]
    before = [o for o in ours if o.due is None or o.due < end]
    yield Part(title, [_owed(o, formatter, quotes) for o in before], empty="Nothing is due in that time.")
    yield Part("Owed later", [_owed(o, formatter, quotes) for o in ours if o not in before])
    yield Part("Expected from clients", [_owed(o, formatter, quotes) for o in owed if o.kind is Kind.WAITING_FOR])


def _open_obligations(assessments: Sequence[Assessment], now: datetime) -> list[Obligation]:
    """Return what is open and beyond doubt, most pressing first."""
    tracked = [
        o for a in assessments for o in a.obligations if o.band is Band.TRACKED and o.counts and o.kind is not Kind.NEXT_STEP
    ]
    return sorted((o for o in tracked if state(o, now) in OPEN_STATES), key=lambda o: (o.due is None, o.due or o.created, o.key))


def _owed(o: Obligation, formatter: LineFormatter, quotes: Quotes) -> Row:
    line = formatter.line(o)
    who = f"{line.client} ({line.who})" if line.who else line.client
    if not quotes(o.client):
        return Row(who, line.status, KIND_NOUNS[o.kind], f"since {formatter.moment(o.created)}", late=line.late)
    return Row(who, line.status, " ".join(part for part in (line.words, line.more) if part), line.source, late=line.late)


def _promise(o: Obligation, zone: ZoneInfo, now: datetime) -> Row:
    due = f"due {phrases.moment(o.due, zone, now)}" if o.due else "no date given"
    made = f"promised {phrases.moment(o.created, zone, now)}"
    return Row(phrases.words_of(o), due, "", made, late=o.due is not None and o.due < now)


def _promises_in_all(courtship: Courtship, now: datetime) -> Iterator[Row]:
    if courtship.promised:
        kept = sum(state(o, now) is State.KEPT for o in courtship.promised)
        late = sum(state(o, now) in (State.KEPT_LATE, State.MISSED) for o in courtship.promised)
        many = phrases.count(len(courtship.promised), "promise")
        yield Row(f"{many}: {kept} kept on time, {late} late or not done, {len(courtship.open)} open")


def _speed(courtship: Courtship, account: Account) -> Iterator[Row]:
    times = courtship.times
    if times.count:
        many = phrases.count(times.count, "question")
        yield Row(f"Half of {many} answered within", phrases.duration(times.median, account.hours))
        yield Row("Nine in ten answered within", phrases.duration(times.ninety, account.hours))


def _meetings(
    events: Sequence[Event], client_of: ClientOf, start: datetime, end: datetime, formatter: LineFormatter, quotes: Quotes
) -> Iterator[Row]:
    for event in sorted(events, key=lambda e: (e.start, e.uid)):
        if start <= event.start < end and event.status != "cancelled" and not (event.private or event.all_day):
            when = phrases.span(event.start, event.end, formatter.zone, formatter.now)
            for client in clients_at(event, formatter.account, client_of):
                yield Row(phrases.cut(client, 60), when, phrases.cut(event.summary, 80) if quotes(client) else "")


def _care(assessments: Sequence[Assessment]) -> Iterator[Row]:
    for a in assessments:
        if a.recovery is not None:
            yield Row(phrases.cut(a.client, 60), "recovery", "We are winning back their trust: nothing may be late here.")
        for alarm in a.alarms:
            yield Row(phrases.cut(a.client, 60), "slipping away?", phrases.cut(alarm.says, 140))

"""Hand-overs: what a client just won now expects, and what is open while the user is away.

Both stay in the house and may show the very words, for whoever takes over must know what was said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.calendar import Event
from daemon.analysis.courtship import Courtship
from daemon.glossary.assessments import Assessment
from daemon.glossary.charter import Charter
from daemon.glossary.obligations import OPEN_STATES, Band, Kind, Obligation, State, state
from daemon.glossary.parties import Account, Client
from daemon.letters import Letter, phrases
from daemon.letters.lines import LineFormatter
from daemon.letters.sections import ClientOf, clients_at
from daemon.letters.sheet import Part, Row, sheet

_THEIRS = frozenset({Kind.WAITING_FOR, Kind.NEXT_STEP})


def handover(account: Account, client: Client, courtship: Courtship, charter: Charter, now: datetime) -> Letter:
    """What this client got used to while they were courted, with the promises that are still open."""
    zone, name = ZoneInfo(account.hours.zone), phrases.cut(client.name, 60)
    kept = sum(state(o, now) is State.KEPT for o in courtship.promised)
    late = sum(state(o, now) in (State.KEPT_LATE, State.MISSED) for o in courtship.promised)
    began = phrases.day(courtship.begin, zone, now)
    rows = [_promise(o, zone, now) for o in courtship.open]
    reply = charter.standards.get("reply")
    parts = (
        Part("The answers they got used to", list(_speed(courtship, account)), empty="They asked nothing by mail."),
        Part("Promised to win them, still open", rows, empty="Nothing that was promised is open."),
        Part(
            "What was promised in all",
            [
                Row(
                    f"{phrases.count(len(courtship.promised), 'promise')}: {kept} kept in time, {late} late or not seen to be done, {len(rows)} open"
                )
            ]
            if courtship.promised
            else [],
        ),
        Part(
            "What is agreed",
            [Row("Mails are answered within", phrases.allowance(reply))] if reply else [],
            empty="Nothing is agreed yet: kept charter new asks what timely means to them.",
        ),
    )
    headline = f"What {name} now expects"
    lead = [f"{name} was courted since {began}. Whatever they got then they take for our usual service from now on."]
    return sheet(f"Kept: {headline}", headline, parts, lead=lead, foot=["Give this to whoever looks after them from here on."])


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
) -> Letter:
    """What is open from now until the user is back, client by client, with the meetings of that time."""
    formatter = LineFormatter(account, lambda _about: {}, now)
    owed = sorted(
        (o for a in assessments for o in a.obligations if _open(o, now)), key=lambda o: (o.due is None, o.due or o.created, o.key)
    )
    ours, theirs = [o for o in owed if o.kind not in _THEIRS], [o for o in owed if o.kind is Kind.WAITING_FOR]
    until = [o for o in ours if o.due is None or o.due < end]
    meetings = list(_meetings(account, events, client_of, start, end, formatter))
    parts = (
        Part(
            "Owed before they are back" if to_colleague else "Owed before you are back",
            [_owed(o, formatter) for o in until],
            empty="Nothing is owed in that time.",
        ),
        Part("Owed later", [_owed(o, formatter) for o in ours if o not in until]),
        Part("Awaited from clients", [_owed(o, formatter) for o in theirs]),
        Part("Meetings in that time", meetings),
        Part("To be handled with care", list(_care(assessments))),
    )
    name = phrases.cut(account.name, 60)
    span = f"{phrases.date_of(start, formatter.zone)} to {phrases.date_of(end, formatter.zone)}"
    headline = f"Open while {name} is away, {span}" if to_colleague else f"Open while you are away, {span}"
    lead = [
        "You cover for them. What clients wrote is quoted here so that you can answer."
        if to_colleague
        else "Hand this on to whoever covers for you."
    ]
    return sheet(f"Kept: {headline}", headline, parts, lead=lead)


def _open(o: Obligation, now: datetime) -> bool:
    return o.band is Band.TRACKED and o.counts and o.kind is not Kind.NEXT_STEP and state(o, now) in OPEN_STATES


def _owed(o: Obligation, formatter: LineFormatter) -> Row:
    line = formatter.line(o)
    who = f"{line.client} ({line.who})" if line.who else line.client
    return Row(who, line.status, " ".join(part for part in (line.words, line.more) if part), line.source, late=line.late)


def _promise(o: Obligation, zone: ZoneInfo, now: datetime) -> Row:
    due = f"due {phrases.moment(o.due, zone, now)}" if o.due else "no date named"
    said = phrases.quoted(o.quote) if o.quote else phrases.cut(o.summary, 140)
    return Row(said, due, "", f"said {phrases.moment(o.created, zone, now)}", late=o.due is not None and o.due < now)


def _speed(courtship: Courtship, account: Account) -> Iterator[Row]:
    t = courtship.times
    if not t.count:
        return
    many = phrases.count(t.count, "question")
    yield Row(f"Half of {many} answered within", phrases.duration(t.median, account.hours))
    yield Row("Nine in ten answered within", phrases.duration(t.ninety, account.hours))


def _meetings(
    account: Account, events: Sequence[Event], client_of: ClientOf, start: datetime, end: datetime, formatter: LineFormatter
) -> Iterator[Row]:
    for event in sorted(events, key=lambda e: (e.start, e.uid)):
        if start <= event.start < end and event.status != "cancelled" and not (event.private or event.all_day):
            for client in clients_at(event, account, client_of):
                yield Row(
                    phrases.cut(client, 60),
                    phrases.span(event.start, event.end, formatter.zone, formatter.now),
                    phrases.cut(event.summary, 80),
                )


def _care(assessments: Sequence[Assessment]) -> Iterator[Row]:
    for a in assessments:
        if a.recovery is not None:
            yield Row(phrases.cut(a.client, 60), "recovery", "Trust is being won back: nothing may be late here.")
        for alarm in a.alarms:
            yield Row(phrases.cut(a.client, 60), "slipping away?", phrases.cut(alarm.says, 140))

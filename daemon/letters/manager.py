"""What the manager reads: what is overdue beyond the limit, and the week's sheet. No words of any mail are in it.

Both are written so that the user can read them first: they tell what happened and what was done, and judge nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from daemon.core.infractions import Infraction, infractions
from daemon.glossary.assessments import Assessment
from daemon.glossary.obligations import Band, Kind, Obligation, State, state
from daemon.glossary.parties import Account, Client
from daemon.letters import Letter, phrases
from daemon.letters.recovery import KIND_NOUNS, STAGE_PHRASES, trust_progress
from daemon.letters.sheet import Part, Row, sheet
from daemon.planning import touch_base


def escalation(account: Account, obligations: Sequence[Obligation], now: datetime, *, to_manager: bool) -> Letter:
    """What is overdue beyond the agreed limit, most overdue first."""
    zone = ZoneInfo(account.hours.zone)
    name = phrases.cut(account.name, 60)
    rows = [_overdue(o, account, zone, now) for o in sorted(obligations, key=lambda o: (o.due or o.created, o.key))]
    many = phrases.count(len(rows), "thing")
    if to_manager:
        headline = f"{many} with clients of {name} {'is' if len(rows) == 1 else 'are'} overdue beyond the agreed limit"
        lead = ["You asked to hear of it. Their words stay in the mailbox; ask for them there."]
        foot = [f"{name} read of this beforehand and could settle it or stop this mail."]
    else:
        headline = f"{many} overdue beyond the agreed limit: better your manager hears it from you"
        lead = ["Each of these is beyond the limit that your charter sets. Kept tells nobody else."]
        foot = ["Settle one with: kept done ID, kept snooze ID, kept waive ID. Why one is here: kept explain ID."]
    return sheet(f"Kept: {headline}", headline, (Part("Overdue", rows),), lead=lead, foot=foot)


def touch_base_sheet(
    account: Account,
    assessments: Sequence[Assessment],
    clients: Mapping[str, Client],
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    to_manager: bool,
) -> Letter:
    """Every infraction from `start` to `end` however small, what is overdue, every client nobody touched, and what was done."""
    zone = ZoneInfo(account.hours.zone)
    known = [a for a in assessments if a.client in clients]
    bad = [(i, a) for a in known for i in infractions(a.obligations, now) if start <= i.at < end]
    late = [(o, a) for a in known for o in a.obligations if _is_late(o, now)]
    quiet = [a for a in known if touch_base.untouched(account, clients[a.client], a, now)]
    parts = (
        Part(
            "Late or missed", [_infraction(i, a, account, zone, now) for i, a in bad], empty="Nothing ended late or was missed."
        ),
        Part("Overdue now", [_overdue(o, account, zone, now) for o, _ in late], empty="Nothing is overdue."),
        Part("Nobody touched", [_untouched(a, zone, now) for a in quiet], empty="Every client was in touch."),
        Part("Recoveries", list(_recoveries(known, zone, now))),
        Part("Slipping away?", [Row(phrases.cut(a.client, 60), "", alarm.says) for a in known for alarm in a.alarms]),
    )
    last = end.astimezone(zone)
    headline = f"Touch-base: {phrases.count(len(bad), 'infraction')}, {len(late)} overdue, {len(quiet)} not touched"
    period = f"The week from {phrases.date_of(start, zone)} until {phrases.date_of(end, zone)} {last.year}, {phrases.cut(account.name, 60)}."
    foot = (
        "No words of any mail are in this sheet."
        if to_manager
        else "Bring it along to your manager. With tell_manager: true it would go there by itself, announced to you first."
    )
    return sheet(f"Kept: {headline}", headline, parts, lead=[period], foot=[foot])


def _is_late(o: Obligation, now: datetime) -> bool:
    return (
        o.counts
        and o.band is Band.TRACKED
        and o.kind in KIND_NOUNS
        and o.kind is not Kind.WAITING_FOR
        and state(o, now) is State.OVERDUE
    )


def _overdue(o: Obligation, account: Account, zone: ZoneInfo, now: datetime) -> Row:
    over = f"{phrases.working_span(account.hours, o.due, now)} over" if o.due else ""
    asked = f", asked {phrases.count(len(o.asks), 'time')}" if len(o.asks) > 1 else ""
    since = f"since {phrases.moment(o.created, zone, now)}{asked}; {o.id}"
    return Row(phrases.cut(o.client, 60), over, f"{_who(o)}{KIND_NOUNS[o.kind]}", since, late=True)


def _who(o: Obligation) -> str:
    return f"{phrases.person(o.contact)}: " if o.contact else ""


def _infraction(i: Infraction, a: Assessment, account: Account, zone: ZoneInfo, now: datetime) -> Row:
    o = i.obligation
    due = phrases.moment(o.due, zone, now) if o.due else ""
    if i.missed:
        status, done = "not done", "nothing shows that it was done"
    else:
        at = o.closed or i.at
        status = f"{phrases.working_span(account.hours, o.due or at, at)} late"
        done = f"done {phrases.moment(at, zone, now)}"
    recovery = f"; {STAGE_PHRASES[a.recovery.stage]}" if a.recovery and o in a.recovery.because else ""
    return Row(phrases.cut(o.client, 60), status, f"{_who(o)}{KIND_NOUNS[o.kind]}, due {due}", f"{done}{recovery}", late=i.missed)


def _untouched(a: Assessment, zone: ZoneInfo, now: datetime) -> Row:
    last = f"last contact {phrases.day(a.last_contact, zone, now)}" if a.last_contact else "no contact yet"
    owed = sum(_is_late(o, now) for o in a.obligations)
    return Row(phrases.cut(a.client, 60), last, "", f"{phrases.count(owed, 'thing')} overdue" if owed else "nothing overdue")


def _recoveries(known: Sequence[Assessment], zone: ZoneInfo, now: datetime) -> Iterator[Row]:
    for a in known:
        if a.recovery is not None:
            yield Row(
                phrases.cut(a.client, 60),
                trust_progress(a.recovery),
                STAGE_PHRASES[a.recovery.stage],
                f"since {phrases.day(a.recovery.since, zone, now)}",
            )

"""What the manager reads: what is overdue beyond the agreed limit, and the weekly touch-base sheet. Neither quotes any mail.

The user's own copy of either names what each item is about.

Both are written so that the user can read them first: they say what happened and what was done, and judge nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from daemon.core import hours
from daemon.core.infractions import Infraction, infractions, is_firm, is_overdue
from daemon.core.threads import bare_subject
from daemon.glossary.assessments import Assessment
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Account, Client
from daemon.letters import Letter, phrases
from daemon.letters.lines import tells_number_only
from daemon.letters.recovery import KIND_NOUNS, STAGE_PHRASES, trust_progress
from daemon.letters.sheet import Part, Row, sheet
from daemon.planning import touch_base


def escalation(account: Account, obligations: Sequence[Obligation], now: datetime, *, to_manager: bool) -> Letter:
    """Return the mail about what is overdue beyond the agreed limit, most overdue first: to the manager, or to the user alone."""
    zone = ZoneInfo(account.hours.zone)
    name = phrases.cut(account.name, 60)
    rows = [
        _overdue(o, account, zone, now, _about(o, to_manager=to_manager))
        for o in sorted(obligations, key=lambda o: (o.due or o.created, o.key))
    ]
    many = phrases.count(len(rows), "item")
    if to_manager:
        headline = f"{many} owed to clients of {name} {'is' if len(rows) == 1 else 'are'} overdue beyond the agreed limit"
        lead = [f"You asked to be told. No emails are quoted here; ask {name} for them."]
        foot = [f"{name} was told beforehand, and could have settled these or stopped this email."]
    else:
        headline = f"{many} overdue beyond the agreed limit: better that your manager hears it from you"
        lead = ["Each of these is past the limit that your charter sets. Kept has not told anyone else."]
        foot = ["To settle one: kept done ID, kept snooze ID or kept waive ID. To see why one is here: kept explain ID."]
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
    """Return the sheet of the week from `start` to `end`: every infraction however small, what is overdue, who had no contact.

    What the reading alone says and somebody may doubt (`core.infractions.is_firm`) is no manager's business.
    """
    zone, own = ZoneInfo(account.hours.zone), [a for a in assessments if a.client in clients]
    late = [(i, a) for a in own for i in infractions(a.obligations, now) if start <= i.at < end and is_firm(i.obligation)]
    overdue = [o for a in own for o in a.obligations if is_overdue(o, now)]
    firm = [o for o in overdue if is_firm(o)]
    silent = [a for a in own if touch_base.lacks_contact(account, clients[a.client], a, now)]
    ended = [_infraction(i, a, account, zone, now, _about(i.obligation, to_manager=to_manager)) for i, a in late]
    parts = (
        Part("Late or missed", ended),
        _overdue_now(firm, len(overdue) - len(firm), account, now, to_manager=to_manager),
        _no_contact(silent, zone, now),
        Part("Recoveries", list(_recoveries(own, zone, now))),
        _slipping([a for a in own if a not in silent]),
    )
    subject = f"Kept: Touch-base: {len(late)} late or missed, {len(firm)} overdue, {len(silent)} without contact"
    headline = f"{phrases.cut(account.name, 60)}, {_period(start, end, zone)}"
    return sheet(subject, headline, parts, foot=[_foot(to_manager=to_manager)])


def _period(start: datetime, end: datetime, zone: ZoneInfo) -> str:
    return f"{phrases.date_of(start, zone)} to {phrases.date_of(end, zone)} {end.astimezone(zone):%Y}"


def _slipping(heard_of: Sequence[Assessment]) -> Part:
    return Part("Slipping away?", [Row(phrases.cut(a.client, 60), "", alarm.says) for a in heard_of for alarm in a.alarms])


def _no_contact(silent: Sequence[Assessment], zone: ZoneInfo, now: datetime) -> Part:
    rows = [_without_contact(a, zone, now) for a in silent]
    return Part("No contact", rows, empty="No client went without contact for longer than agreed.")


def _overdue_now(firm: Sequence[Obligation], doubted: int, account: Account, now: datetime, *, to_manager: bool) -> Part:
    """Return what is overdue beyond doubt, with how much else the digest calls overdue: for the user alone, not for their manager."""
    zone = ZoneInfo(account.hours.zone)
    rows = [_overdue(o, account, zone, now, _about(o, to_manager=to_manager)) for o in firm]
    if to_manager or not doubted:
        return Part("Overdue now", rows, empty="Nothing is known to be overdue.")
    left_out = f"{doubted} more in your digest {'is' if doubted == 1 else 'are'} left out here, as the reading could be doubted."
    return Part("Overdue now", rows, left_out if rows else "", empty=left_out)


def _foot(*, to_manager: bool) -> str:
    if to_manager:
        return "No emails are quoted in this sheet."
    return "Take this to your manager."


def _overdue(o: Obligation, account: Account, zone: ZoneInfo, now: datetime, about: str) -> Row:
    late = _late(o.due, account, zone, now) if o.due else ""
    asked = f", asked {phrases.count(len(o.asks), 'time')}" if len(o.asks) > 1 else ""
    since = f"since {phrases.moment(o.created, zone, now)}{asked}; {o.id}"
    return Row(phrases.cut(o.client, 60), late, f"{_contact(o)}{KIND_NOUNS[o.kind]}{about}", since, late=True)


def _late(due: datetime, account: Account, zone: ZoneInfo, now: datetime) -> str:
    """Return how late something is, or when it was due, where hardly any working time has passed since."""
    if hours.between(account.hours, due, now) < timedelta(hours=1):
        return f"due {phrases.moment(due, zone, now)}"
    return f"{phrases.working_span(account.hours, due, now)} late"


def _about(o: Obligation, *, to_manager: bool) -> str:
    """Return what an item is about, by the subject of its conversation, else its words; "" for the manager, who reads none of them."""
    words = phrases.clean(bare_subject(o.subject)) or o.quote or ""
    return f" on {phrases.quoted(words, 60)}" if words and not (to_manager or tells_number_only(o)) else ""


def _contact(o: Obligation) -> str:
    return f"{phrases.person(o.contact, o.contact_name)}: " if o.contact else ""


def _infraction(i: Infraction, a: Assessment, account: Account, zone: ZoneInfo, now: datetime, about: str) -> Row:
    o = i.obligation
    due = phrases.moment(o.due, zone, now) if o.due else ""
    if i.missed:
        status, done = "not done", "no sign that it was done"
    else:
        at = o.closed or i.at
        status = f"{phrases.working_span(account.hours, o.due or at, at)} late"
        done = f"done {phrases.moment(at, zone, now)}"
    recovery = f"; {STAGE_PHRASES[a.recovery.stage]}" if a.recovery and o in a.recovery.because else ""
    words = f"{_contact(o)}{KIND_NOUNS[o.kind]}{about}, due {due}"
    return Row(phrases.cut(o.client, 60), status, words, f"{done}{recovery}", late=i.missed)


def _without_contact(a: Assessment, zone: ZoneInfo, now: datetime) -> Row:
    last = f"last contact {phrases.day(a.last_contact, zone, now)}" if a.last_contact else "no contact yet"
    owed = sum(is_overdue(o, now) and is_firm(o) for o in a.obligations)
    says = "; ".join(alarm.says for alarm in a.alarms)
    return Row(
        phrases.cut(a.client, 60), last, says, f"{phrases.count(owed, 'item')} overdue" if owed else "nothing known to be overdue"
    )


def _recoveries(assessments: Sequence[Assessment], zone: ZoneInfo, now: datetime) -> Iterator[Row]:
    for a in assessments:
        if a.recovery is not None:
            since = f"since {phrases.day(a.recovery.since, zone, now)}"
            overdue = sum(is_overdue(o, now) and is_firm(o) for o in a.obligations)
            yield Row(phrases.cut(a.client, 60), trust_progress(a.recovery, overdue), STAGE_PHRASES[a.recovery.stage], since)

"""Print obligations and planned actions: as JSON documents, whose keys outsiders rely on, and as tables for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from daemon.commands.terminal import aligned, console, cut_to, safe
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.obligations import OPEN_STATES, Band, Evidence, Obligation, SourceType, State, Strength, state
from daemon.glossary.parties import Office
from daemon.letters import phrases

_NAME = 12  # columns of an account's name
_ORDER = {State.OVERDUE: 0, State.DUE_SOON: 1, State.OPEN: 2, State.SNOOZED: 3}


def evidence_document(evidence: Evidence, zone: ZoneInfo, *, with_strength: bool = True) -> dict[str, Any]:
    """Return one piece of evidence for --json."""
    if evidence.type is SourceType.DECISION:
        return {"type": "decision", "at": phrases.iso(evidence.at, zone), "by": evidence.reference}
    name = {SourceType.MESSAGE: "message_id", SourceType.EVENT: "uid", SourceType.CHARTER: "standard"}[evidence.type]
    document: dict[str, Any] = {"type": evidence.type.value, name: evidence.shown}
    if with_strength:
        document |= {"quote": evidence.quote, "strength": evidence.strength.value}
    return document


def obligation_document(obligation: Obligation, zone: ZoneInfo, now: datetime) -> dict[str, Any]:
    """Return one obligation for --json, in its account's time zone."""
    o = obligation
    return {
        "id": o.id,
        "kind": o.kind.value,
        "account": o.account,
        "client": o.client,
        "contact": o.contact,
        "contact_name": o.contact_name,
        "summary": o.summary,
        "quote": o.quote,
        "source": evidence_document(o.source, zone, with_strength=False),
        "created": phrases.iso(o.created, zone),
        "due": phrases.iso(o.due, zone),
        "state": state(o, now).value,
        "closed": phrases.iso(o.closed, zone) if o.closed and o.closed <= now else None,
        "confidence": round(o.confidence, 2),
        "evidence": [evidence_document(e, zone) for e in (*o.evidence, *_empty(o))],
    }


def _empty(o: Obligation) -> Sequence[Evidence]:
    """Return the reply that told nothing of use, as a weak sign, where it is no evidence already."""
    is_new = o.empty is not None and all(e.reference != o.empty.reference for e in o.evidence)
    return [replace(o.empty, strength=Strength.WEAK)] if o.empty is not None and is_new else []


def most_urgent_first(obligations: Iterable[Obligation], now: datetime, *, everything: bool = False) -> tuple[Obligation, ...]:
    """Return the obligations to list, most urgent first: those open and believed; with `everything` all that existed by `now`."""
    existing = (o for o in obligations if o.created <= now)
    listed = [o for o in existing if everything or (o.band is not Band.IGNORED and state(o, now) in OPEN_STATES)]
    return tuple(sorted(listed, key=lambda o: (_ORDER.get(state(o, now), 4), o.due is None, o.due or o.created, o.key)))


def home_zone(office: Office) -> ZoneInfo:
    """Return the time zone of the first account, in which what belongs to no account is shown."""
    return ZoneInfo(office.accounts[0].hours.zone)


def zone_of(office: Office, account: str) -> ZoneInfo:
    """Return the time zone of an account."""
    return ZoneInfo(next((a.hours.zone for a in office.accounts if a.address == account), "UTC"))


def plan_document(actions: Sequence[Action], office: Office, now: datetime) -> dict[str, Any]:
    """Return what `kept plan --json` prints."""
    planned = [action_document(a, zone_of(office, a.account)) for a in actions]
    return {"as_of": phrases.iso(now, home_zone(office)), "actions": planned}


def action_document(action: Action, zone: ZoneInfo) -> dict[str, Any]:
    """Return one planned action for --json, in its account's time zone."""
    return {
        "id": action.id,
        "kind": action.kind.value,
        "account": action.account,
        "client": action.client,
        "at": phrases.iso(action.at, zone),
        "summary": action.summary,
        "start": phrases.iso(action.start, zone),
        "end": phrases.iso(action.end, zone),
        "attendees": list(action.attendees),
        "obligations": [o.id for o in action.obligations],
        "reaches_client": action.reaches_client,
        "reaches_others": action.reaches_others,
    }


def plan_table(actions: Sequence[Action], office: Office, now: datetime, *, stoppable: bool = True, wide: bool = False) -> None:
    """Print actions, one line each, in their order; the whole words where it is `wide`."""
    page = console()
    if not actions:
        page.print("Nothing is planned." if stoppable else "Nothing would have been sent or booked.")
        return
    several = len({a.account for a in actions}) > 1
    rows = []
    for a in actions:
        zone = zone_of(office, a.account)
        when = (
            phrases.moment(a.at, zone, now) if stoppable else f"{phrases.date_of(a.at, zone)} {phrases.time_of_day(a.at, zone)}"
        )
        rows.append([when, *([first_name(office, a.account)] if several else []), safe(a.summary), a.id])
    for line in aligned(rows, 2 if several else 1, None if wide else page.width):
        page.print(line, markup=False, soft_wrap=True)
    if stoppable:
        page.print("Stop one with: kept veto ID", style="dim")


def first_name(office: Office, account: str) -> str:
    """Return what a list calls an account: the first word of its name, else its address."""
    name = next((a.name for a in office.accounts if a.address == account), "") or account
    return cut_to(safe((name.split() or [account])[0]), _NAME)


def replay_summary(actions: Sequence[Action], office: Office, start: datetime, end: datetime) -> str:
    """Return how often Kept would have written, and on which day most: what a user needs to tune it."""
    weeks = max((end - start) / timedelta(weeks=1), 1 / 7)
    counts = Counter(a.kind for a in actions)
    parts = [
        f"{phrases.count(number, _NOUNS[kind])}{f' ({_tenths(number / weeks)} a week)' if weeks >= 1 else ''}"
        for kind, number in counts.most_common()
    ]
    days = Counter(a.at.astimezone(zone_of(office, a.account)).date() for a in actions if a.kind is ActionKind.REMIND)
    busiest = days.most_common(1)
    most = (
        f"\nMost reminders on one day: {busiest[0][1]}, on {busiest[0][0]:%a %-d %b %Y} (interruptions: in the configuration sets the limit)."
        if busiest
        else ""
    )
    span = phrases.count(max(1, round((end - start) / timedelta(days=1))), "day")
    if weeks >= 1:
        span = f"{_tenths(weeks)} {'week' if _tenths(weeks) == '1' else 'weeks'}"
    return f"\nIn {span}: {', '.join(parts) or 'nothing'}.{most}\nNothing was sent, booked or stored."


def _tenths(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


_NOUNS = {
    ActionKind.REMIND: "reminder",
    ActionKind.DRAFT: "draft",
    ActionKind.REMOVE_DRAFT: "draft removed",
    ActionKind.DIGEST: "digest",
    ActionKind.REVIEW: "review invitation",
    ActionKind.RECOVERY: "recovery invitation",
    ActionKind.ESCALATE: "escalation",
    ActionKind.TOUCH_BASE: "weekly sheet",
    ActionKind.HAND_OVER: "hand-over",
    ActionKind.COVER: "cover list",
}

"""Print obligations and planned actions: as JSON documents, whose keys outsiders rely on, and as tables for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from daemon.commands.terminal import aligned, console, cut_to
from daemon.glossary.actions import Action
from daemon.glossary.obligations import Evidence, Obligation, SourceType, Strength, state
from daemon.glossary.parties import Office
from daemon.letters import phrases
from daemon.operations.printable import safe
from daemon.operations.zones import home_zone, zone_of

_NAME = 12  # columns of an account's name


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

"""Obligations, plans and readings as JSON documents (contract, section 2) and as pages for a terminal."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from connectors.mail import Message
from daemon.core.model import Action, Evidence, Obligation, Office, SourceType, State, state
from daemon.reading import Reading

_COLOURS = {
    State.OVERDUE: "bold red",
    State.DUE_SOON: "yellow",
    State.MISSED: "red",
    State.KEPT: "green",
    State.KEPT_LATE: "green",
}


def evidence_document(evidence: Evidence, *, with_strength: bool = True) -> dict[str, Any]:
    """One piece of evidence as the contract shapes it."""
    if evidence.type is SourceType.DECISION:
        return {"type": "decision", "at": evidence.at.isoformat(), "by": evidence.reference}
    name = {SourceType.MESSAGE: "message_id", SourceType.EVENT: "uid", SourceType.CHARTER: "standard"}[evidence.type]
    document: dict[str, Any] = {"type": evidence.type.value, name: evidence.reference}
    if with_strength:
        document |= {"quote": evidence.quote, "strength": evidence.strength.value}
    return document


def obligation_document(obligation: Obligation, now: datetime) -> dict[str, Any]:
    """One obligation as the contract shapes it."""
    o = obligation
    return {
        "id": o.id,
        "kind": o.kind.value,
        "account": o.account,
        "client": o.client,
        "contact": o.contact,
        "summary": o.summary,
        "quote": o.quote,
        "source": evidence_document(o.source, with_strength=False),
        "created": o.created.isoformat(),
        "due": o.due.isoformat() if o.due else None,
        "state": state(o, now).value,
        "closed": o.closed.isoformat() if o.closed and o.closed <= now else None,
        "confidence": round(o.confidence, 2),
        "evidence": [evidence_document(e) for e in o.evidence],
    }


def due_document(obligations: Sequence[Obligation], now: datetime) -> dict[str, Any]:
    """What `kept due --json` prints."""
    return {"as_of": now.isoformat(), "obligations": [obligation_document(o, now) for o in obligations]}


def zone_of(office: Office, account: str) -> ZoneInfo:
    """The zone in which an account reads times."""
    return ZoneInfo(next((a.hours.zone for a in office.accounts if a.address == account), "UTC"))


def due_table(obligations: Sequence[Obligation], office: Office, now: datetime) -> None:
    """The same for a person, most pressing first."""
    console = _console()
    if not obligations:
        console.print("Nothing is owed.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("id", "client", "what", "due", "state"):
        table.add_column(heading, overflow="fold")
    for o in obligations:
        how = state(o, now)
        table.add_row(
            o.id,
            _safe(o.client),
            _safe(o.summary),
            _when(o.due, office, o.account),
            Text(how.value.replace("_", " "), _COLOURS.get(how, "")),
        )
    console.print(table)


def obligation_page(obligation: Obligation, office: Office, now: datetime) -> None:
    """Why one thing is owed: every piece of evidence with its words."""
    o, console = obligation, _console()
    console.print(f"[bold]{escape(_safe(o.summary))}[/]")
    console.print(
        f"{o.id}  {o.kind.value.replace('_', ' ')} for {escape(_safe(o.client))}, {state(o, now).value.replace('_', ' ')}"
    )
    console.print(
        f"Owed since {_when(o.created, office, o.account)}, due {_when(o.due, office, o.account)}; confidence {o.confidence:.0%}."
    )
    console.print("Because of:")
    for evidence in (o.source, *(e for e in o.evidence if e != o.source)):
        words = f": “{escape(_safe(evidence.quote))}”" if evidence.quote else ""
        console.print(
            f"  {_when(evidence.at, office, o.account)}  {evidence.type.value} {escape(_safe(evidence.reference))} ({evidence.strength.value}){words}"
        )
    if o.closed:
        console.print(f"Settled {_when(o.closed, office, o.account)}.")


def plan_document(actions: Sequence[Action], now: datetime) -> dict[str, Any]:
    """What `kept plan --json` prints."""
    return {"as_of": now.isoformat(), "actions": [action_document(a) for a in actions]}


def action_document(action: Action) -> dict[str, Any]:
    """One planned action."""
    return {
        "id": action.id,
        "kind": action.kind.value,
        "account": action.account,
        "client": action.client,
        "at": action.at.isoformat(),
        "summary": action.summary,
        "start": action.start.isoformat() if action.start else None,
        "end": action.end.isoformat() if action.end else None,
        "attendees": list(action.attendees),
        "obligations": [o.id for o in action.obligations],
        "reaches_client": action.reaches_client,
    }


def plan_table(actions: Sequence[Action], office: Office, now: datetime) -> None:
    """The same for a person."""
    console = _console()
    if not actions:
        console.print(f"Nothing is planned as of {now:%Y-%m-%d %H:%M %Z}.")
        return
    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("id", "when", "what"):
        table.add_column(heading, overflow="fold")
    for action in actions:
        table.add_row(action.id, _when(action.at, office, action.account), _safe(action.summary))
    console.print(table)
    console.print("Stop one with: kept veto ID", style="dim")


def reading_document(message: Message, found: Reading) -> dict[str, Any]:
    """All that was read out of one message, with the rule behind each finding."""
    return {
        "message_id": message.message_id,
        "from": message.sender.email,
        "subject": message.subject,
        "date": message.date.isoformat(),
        "text": message.text,
        "new_text": found.new_text,
        "language": found.language,
        "automated": found.automated,
        "automated_rule": found.automated_rule,
        "reply_expected": found.reply_expected,
        "reply_confidence": found.reply_confidence,
        "reply_rule": found.reply_rule,
        "acknowledgement": found.acknowledgement,
        "cuts": [{"start": c.start, "end": c.end, "why": c.why} for c in found.cuts],
        "acts": [
            {
                "kind": a.kind.value,
                "sort": a.sort,
                "by": a.by,
                "quote": a.quote,
                "start": a.start,
                "end": a.end,
                "due": a.due.due.isoformat() if a.due else None,
                "due_quote": a.due.quote if a.due else None,
                "conditional": a.conditional,
                "confidence": a.confidence,
                "rule": a.rule,
            }
            for a in found.acts
        ],
        "call": {"kind": found.call.kind, "number": found.call.number, "transcript": found.call.transcript}
        if found.call
        else None,
        "away_until": found.away_until.isoformat() if found.away_until else None,
    }


def message_page(document: Mapping[str, Any]) -> None:
    """The mail as it was read: what was cut is dim, what was found is coloured and listed with its rule."""
    console = _console()
    text = Text(str(document["text"]))
    for cut in document["cuts"]:
        text.stylize("dim", cut["start"], cut["end"])
    for act in document["acts"]:
        text.stylize({"request": "bold cyan", "promise": "bold magenta"}.get(act["kind"], "green"), act["start"], act["end"])
    console.print(f"{document['from']}: {document['subject']}", markup=False, style="bold")
    console.print(text)
    console.rule()
    machine = document["automated"]
    console.print(
        f"Written by {'a machine: ' + str(machine) + ' (' + str(document['automated_rule']) + ')' if machine else 'a person'}.",
        markup=False,
    )
    expected = "An answer is expected" if document["reply_expected"] else "No answer is expected"
    console.print(f"{expected} ({document['reply_confidence']:.0%}: {document['reply_rule']}).", markup=False)
    for act in document["acts"]:
        due = f", due {act['due']}" if act["due"] else ""
        console.print(
            f"{act['kind']}{' (' + act['sort'] + ')' if act['sort'] else ''} by the {act['by']}{due}: “{act['quote']}” [{act['confidence']:.0%}, {act['rule']}]",
            markup=False,
        )


def _console() -> Console:
    return Console(file=sys.stdout, highlight=False, soft_wrap=False)


def _safe(text: str) -> str:
    """Mail is hostile data: no control character or escape sequence of it reaches a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)


def _when(moment: datetime | None, office: Office, account: str) -> str:
    return moment.astimezone(zone_of(office, account)).strftime("%a %d %b %Y %H:%M") if moment else "no time named"

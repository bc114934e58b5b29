"""`kept corrections`: every correction in force, what it affects, how to undo it, and the rules that are proposed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from daemon.commands.terminal import AsJson, moment, open_app, print_json, say
from daemon.core.corrections import Proposal
from daemon.letters import phrases
from daemon.letters.section_lines import NOT_OWED
from daemon.operations.corrections import Correction, accept_rule, in_force, proposed
from daemon.operations.printable import safe
from daemon.operations.zones import home_zone


def corrections(
    context: typer.Context,
    accept: Annotated[str | None, typer.Option("--accept", metavar="ID", help="Accept a proposed rule.")] = None,
    as_json: AsJson = False,
) -> None:
    """List every correction in force, what it affects, and the rules that are proposed. Undo one with: kept undo ID."""
    now = moment(None)
    with open_app(context, read_only=accept is None) as app:
        accepted = accept_rule(app, accept, now) if accept else ""
        current, proposals, zone = in_force(app, now), proposed(app, now), home_zone(app.office)
    print_json(document(current, proposals, zone, now)) if as_json else say(accepted or page(current, proposals, zone))


def page(current: Sequence[Correction], proposals: Sequence[tuple[Proposal, str]], zone: ZoneInfo) -> str:
    """Return the list for a person."""
    lines = [correction.text(zone) for correction in current] or ["There are no corrections."]
    for proposal, words in proposals:
        client, wrong = phrases.cut(proposal.client, 60), NOT_OWED.get(proposal.kind, "is not owed")
        line = f"Proposed rule for {client}: {phrases.quoted(words, 100)} {wrong}; you have said so {phrases.count(proposal.count, 'time')}."
        lines += ["", safe(line), f"  kept corrections --accept {proposal.id}"]
    if current:
        lines += ["", "Undo one with: kept undo ID"]
    return "\n".join(lines)


def document(
    current: Sequence[Correction], proposals: Sequence[tuple[Proposal, str]], zone: ZoneInfo, now: datetime
) -> Mapping[str, Any]:
    """Return the list as --json prints it."""
    return {
        "as_of": phrases.iso(now, zone),
        "corrections": [correction.document(zone) for correction in current],
        "proposals": [
            {"id": p.id, "client": p.client, "kind": p.kind.value, "count": p.count, "words": words} for p, words in proposals
        ],
    }

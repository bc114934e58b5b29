"""`kept balance`: where every message of the clients' people lies; nothing of a client disappears.

`kept filtered`: the mail that was taken for automatic or forged, so that the user can correct that.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from daemon.commands.terminal import AsJson, AsOf, moment, open_app, print_json, say
from daemon.glossary.assessments import HeldBack
from daemon.letters import phrases
from daemon.operations.balance import balance_of, filtered_mail, filtered_text
from daemon.operations.clients import find_client
from daemon.operations.zones import home_zone


def balance(
    context: typer.Context,
    days: Annotated[int, typer.Option("--days", min=1, metavar="N", help="How many days back to look.")] = 7,
    client: Annotated[str | None, typer.Option("--client", metavar="C", help="Only this client.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Count every message of the clients' people: answered, open, needs no answer, filtered out or not read. The sum always holds."""
    now = moment(as_of)
    with open_app(context, read_only=True, as_of=now) as app:
        wanted = find_client(app.office, client).name if client else None
        result = balance_of(app, now - timedelta(days=days), now, wanted)
        zone = home_zone(app.office)
    print_json(result.document(zone)) if as_json else say(result.text(zone))


def filtered(context: typer.Context, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """List what was filtered out in the last 30 days: from whom, its subject, why. If a person wrote it, say: kept person ID."""
    now = moment(as_of)
    with open_app(context, read_only=True, as_of=now) as app:
        held = filtered_mail(app, now)
        zone = home_zone(app.office)
    print_json(
        {"as_of": phrases.iso(now, zone), "filtered": [_filtered_document(*one, zone) for one in held]}
    ) if as_json else say(
        "\n".join(filtered_text(*one, zone, now) for one in held) or "Nothing was filtered out in the last 30 days."
    )


def _filtered_document(at: datetime, held: HeldBack, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "id": held.id if held.key else None,
        "at": phrases.iso(at, zone),
        "client": held.client,
        "from": held.sender.email,
        "name": held.sender.name,
        "subject": held.subject,
        "why": held.why,
    }

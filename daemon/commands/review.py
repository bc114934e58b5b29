"""`kept review`: the expectation reviews of every client, and booking one."""

from __future__ import annotations

from datetime import datetime

import typer

from daemon.app import App
from daemon.commands import tables
from daemon.commands.due import obligations_at
from daemon.commands.plan import coming
from daemon.commands.terminal import AsJson, AsOf, ClientName, find_client, moment, open_app, print_json
from daemon.errors import CannotDo
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.obligations import Kind
from daemon.letters import phrases

review = typer.Typer(no_args_is_help=True)


@review.command("list")
def list_reviews(context: typer.Context, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """List each client's review: when it is due, and whether it is booked."""
    now = moment(as_of)
    with open_app(context, read_only=True, as_of=now) as app:
        reviews = tuple(o for o in obligations_at(app, now, everything=True) if o.kind is Kind.REVIEW)
        office = app.office
    print_json(tables.due_document(reviews, office, now)) if as_json else tables.due_table(reviews, office, now)


@review.command("book")
def book(context: typer.Context, client: ClientName, as_json: AsJson = False) -> None:
    """Plan a review with a client now. The digest announces it before the invite goes out, and you can stop it."""
    with open_app(context) as app:
        action = planned_review(app, find_client(app.office, client).name, moment(None))
        zone = tables.zone_of(app.office, action.account)
    if as_json:
        print_json({"id": action.id, "start": phrases.iso(action.start, zone)})
        return
    when = f"{action.start.astimezone(zone):%a %d %b %Y %H:%M %Z}" if action.start else "no time yet"
    print(f"Planned: {action.summary}, {when}. The next digest announces it; kept veto {action.id} stops it.")


def planned_review(app: App, client: str, now: datetime) -> Action:
    """Return the planned invite to a client's review. Raises CannotDo if there is none."""
    for action in coming(app, now):
        if action.kind is ActionKind.REVIEW and action.client == client:
            return action
    raise CannotDo(
        f"Nothing to book with {client}: no review is due yet, one is booked already, or no free time is known. "
        "See: kept review list"
    )

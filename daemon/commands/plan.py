"""`kept plan` and `kept replay`: what the daemon will do next, and what it would have done in a past period.

`kept review`: the expectation reviews of every client, and planning one now.
"""

from __future__ import annotations

from typing import Annotated

import typer

from daemon.commands import tables
from daemon.commands.due import Owed, print_list
from daemon.commands.terminal import AsJson, AsOf, ClientName, moment, open_app, print_json, say
from daemon.glossary.obligations import Kind
from daemon.letters import phrases
from daemon.operations.clients import find_client
from daemon.operations.owed import obligations_at
from daemon.operations.plans import actions_between, coming, replay_summary
from daemon.operations.printable import safe
from daemon.operations.reviews import plan_review
from daemon.operations.zones import zone_of
from daemon.service import health

review = typer.Typer(no_args_is_help=True)


Wide = Annotated[bool, typer.Option("--wide", help="Whole words, however long the line.")]


def plan(context: typer.Context, as_of: AsOf = None, wide: Wide = False, as_json: AsJson = False) -> None:
    """List what will be sent or booked next, and when, if nothing changes. Stop one with: kept veto ID."""
    now = moment(as_of)
    with open_app(context, read_only=True, as_of=now) as app:
        actions, office = coming(app, now), app.office
    print_json(tables.plan_document(actions, office, now)) if as_json else tables.plan_table(actions, office, now, wide=wide)


def replay(
    context: typer.Context,
    start: Annotated[str, typer.Option("--from", metavar="TIME", help="The beginning of the period.")],
    end: Annotated[str, typer.Option("--to", metavar="TIME", help="The end of the period.")],
    wide: Wide = False,
    as_json: AsJson = False,
) -> None:
    """Run the daemon over a past period with a simulated clock, and list what it would have sent or booked. Nothing is sent."""
    first, last = moment(start), moment(end)
    with open_app(context, read_only=True) as app:
        actions, office = actions_between(app, first, last), app.office
    if as_json:
        print_json(tables.plan_document(actions, office, last))
    else:
        tables.plan_table(actions, office, last, stoppable=False, wide=wide)
        say(replay_summary(actions, office, first, last))


# reviews


@review.command("list")
def list_reviews(context: typer.Context, as_of: AsOf = None, wide: Wide = False, as_json: AsJson = False) -> None:
    """List each client's review: when it is due, and whether it is booked."""
    now = moment(as_of)
    with open_app(context, read_only=True, as_of=now) as app:
        reviews = tuple(o for o in obligations_at(app, now, everything=True) if o.kind is Kind.REVIEW)
        sources = tuple(c for runtime in app.runtimes.values() for c in runtime.coverage())
        owed = Owed(reviews, app.office, sources)
    print_list(owed, now, wide=wide, as_json=as_json, empty="No review is due or was held.")


@review.command("book")
def book(context: typer.Context, client: ClientName, as_json: AsJson = False) -> None:
    """Plan a review with a client now, whenever the next one is due. A digest announces it before the invite goes out."""
    with open_app(context) as app:
        now = moment(None)
        action = plan_review(app, find_client(app.office, client), now)
        zone = zone_of(app.office, action.account)
        runs = health.is_running((health.read_status(app.folder) or {}).get("pid"))
    if as_json:
        print_json({"id": action.id, "start": phrases.iso(action.start, zone)})
        return
    when = f"{phrases.moment(action.start, zone, now)} ({zone.key} time)" if action.start else "no time yet"
    say(safe(f"Planned: {action.summary}, {when}."))
    say(f"The next digest announces it before the invitation goes out; to stop it: kept veto {action.id}")
    if not runs:
        say("Kept is not running, so nothing goes out until you start it: kept service install")

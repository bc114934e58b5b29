"""`kept plan` and `kept replay`: what the daemon will do next, and what it would have done in a past period."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from daemon import cycle
from daemon.app import App
from daemon.commands import tables
from daemon.commands.terminal import AsJson, AsOf, moment, open_app, print_json
from daemon.errors import CannotDo
from daemon.glossary.actions import Action
from daemon.planning.plan import upcoming
from daemon.service import replay as simulation


def plan(context: typer.Context, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """List what will be sent or booked next, and when, if nothing changes. Stop one with: kept veto ID."""
    now = moment(as_of)
    with open_app(context, read_only=True, as_of=now) as app:
        actions, office = coming(app, now), app.office
    print_json(tables.plan_document(actions, office, now)) if as_json else tables.plan_table(actions, office, now)


def replay(
    context: typer.Context,
    start: Annotated[str, typer.Option("--from", metavar="TIME", help="The beginning of the period.")],
    end: Annotated[str, typer.Option("--to", metavar="TIME", help="The end of the period.")],
    as_json: AsJson = False,
) -> None:
    """Run the daemon over a past period with a simulated clock, and list what it would have sent or booked. Nothing is sent."""
    first, last = moment(start), moment(end)
    with open_app(context, read_only=True) as app:
        actions, office = actions_between(app, first, last), app.office
    if as_json:
        print_json(tables.plan_document(actions, office, last))
    else:
        tables.plan_table(actions, office, last, stoppable=False)
        print(tables.replay_summary(actions, office, first, last))


def coming(app: App, now: datetime) -> tuple[Action, ...]:
    """Return every account's next actions, in order of time."""
    actions = (a for r in app.runtimes.values() for a in upcoming(cycle.gather_plan_inputs(r, r.ledger.assessments(now), now)))
    return tuple(sorted(actions, key=lambda action: (action.at, action.key)))


def actions_between(app: App, start: datetime, end: datetime) -> tuple[Action, ...]:
    """Return each action of a period, at its moment. Nothing is sent, booked or stored. Raises CannotDo if it ends before it starts."""
    if end <= start:
        raise CannotDo("--to must be later than --from.")
    app.view_as_of(start)
    return simulation.replay(app.runtimes.values(), start, end)

"""`kept plan` and `kept replay`: what the daemon will do next, and what it would have done in a past period.

`kept review`: the expectation reviews of every client, and planning one now.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from daemon.accounts.planning import gather_plan_inputs
from daemon.app import App
from daemon.commands import tables
from daemon.commands.due import Owed, obligations_at, print_list
from daemon.commands.terminal import AsJson, AsOf, ClientName, find_client, moment, open_app, print_json, safe, say
from daemon.core.evidence import is_booked
from daemon.errors import CannotDo
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Kind, Obligation
from daemon.glossary.parties import Client
from daemon.letters import phrases
from daemon.planning.plan import upcoming
from daemon.planning.plan_inputs import has_address
from daemon.service import health
from daemon.service import replay as simulation
from daemon.standards.review import wish_key

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
        say(tables.replay_summary(actions, office, first, last))


def coming(app: App, now: datetime) -> tuple[Action, ...]:
    """Return every account's next actions, in order of time."""
    actions = (a for r in app.runtimes.values() for a in upcoming(gather_plan_inputs(r, r.ledger.assessments(now), now)))
    return tuple(sorted(actions, key=lambda action: (action.at, action.key)))


def actions_between(app: App, start: datetime, end: datetime) -> tuple[Action, ...]:
    """Return each action of a period, at its moment. Nothing is sent, booked or stored. Raises CannotDo if it ends before it starts."""
    if end <= start:
        raise CannotDo("--to must be later than --from.")
    app.view_as_of(start)
    return simulation.replay(app.runtimes.values(), start, end)


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
        zone = tables.zone_of(app.office, action.account)
        runs = health.is_running((health.read_status(app.folder) or {}).get("pid"))
    if as_json:
        print_json({"id": action.id, "start": phrases.iso(action.start, zone)})
        return
    when = f"{phrases.moment(action.start, zone, now)} ({zone.key} time)" if action.start else "no time yet"
    say(safe(f"Planned: {action.summary}, {when}."))
    say(f"The next digest announces it before the invitation goes out; to stop it: kept veto {action.id}")
    if not runs:
        say("Kept is not running, so nothing goes out until you start it: kept service install")


def plan_review(app: App, client: Client, now: datetime) -> Action:
    """Store that the user wants a review with a client, and return its planned invite. Raises CannotDo if none can be planned."""
    address = _owner(app, client, now)
    planned = _planned(app, client.name, now)
    if planned is None:
        app.store.add_decision(address, Decision(wish_key(client.name), Verb.BOOK, now, address, client=client.name))
        planned = _planned(app, client.name, now)
    if planned is not None:
        return planned
    owed = next((o for o in app.open_obligations(now) if o.kind is Kind.REVIEW and o.client == client.name), None)
    if owed is not None and is_booked(owed, now):
        raise CannotDo(f"A review with {client.name} is in the calendar already. See: kept review list")
    raise CannotDo(
        f"A review with {client.name} is noted, but cannot be planned yet: {_obstacle(app, address, client, owed, now)} "
        "Kept plans it as soon as it can. See: kept review list"
    )


def _obstacle(app: App, address: str, client: Client, owed: Obligation | None, now: datetime) -> str:
    """Return why no invitation can be planned, in a sentence."""
    runtime = app.runtimes[address]
    inputs = gather_plan_inputs(runtime, runtime.ledger.assessments(now), now)
    unread = next((c for c in inputs.coverage if c.is_calendar and (c.error or c.seen_until is None)), None)
    if not any(c.is_calendar for c in inputs.coverage):
        return f"the configuration names no calendar for {address}."
    if not inputs.may_book:
        return "your calendar can only be read, so nothing can be booked there."
    if unread is not None:
        return (
            f"{unread.source} could not be read ({unread.error.rstrip('.')})."
            if unread.error
            else f"{unread.source} has not been read yet."
        )
    if owed is None:
        return "no review counts for them: they are lost, or have never been in contact."
    if not has_address(owed):
        return f"Kept knows no email address of anybody at {client.name}."
    return f"no time of {phrases.duration(inputs.policy.review_length.total_seconds() / 60, runtime.account.hours)} is free within the next weeks, in your working hours and theirs."


def _owner(app: App, client: Client, now: datetime) -> str:
    """Return the account that looks after a client: its owner, else the first one in contact. Raises CannotDo if there is none."""
    in_contact = (a.account for a in app.assessments(now) if a.client == client.name and a.obligations)
    owners = (r.account.address for r in app.runtimes.values() if client.owner in r.account.addresses)
    address = next(owners if client.owner else in_contact, None)
    if address is None:
        raise CannotDo(
            f"Nobody has been in contact with {client.name} yet, so there is no one to invite. Read your mail with: kept sync"
        )
    return address


def _planned(app: App, client: str, now: datetime) -> Action | None:
    """Return the planned invite to a client's review."""
    return next((a for a in coming(app, now) if a.kind is ActionKind.REVIEW and a.client == client), None)

"""`kept digest`: show the digest as of a moment, or send today's."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from daemon import cycle
from daemon.app import App
from daemon.commands.plan import coming
from daemon.commands.reports import write_pages
from daemon.commands.tables import home_zone
from daemon.commands.terminal import AsJson, AsOf, HtmlFile, moment, open_app, print_json
from daemon.errors import CannotDo
from daemon.glossary.actions import ActionKind, Delivery
from daemon.letters import Letter, phrases
from daemon.planning.plan import plan

_COMMANDS = """
To settle a line: kept done ID, kept snooze ID --until TIME, or kept waive ID.
To answer a question: kept confirm ID or kept wrong ID. To see why a line is here: kept explain ID."""


def digest(
    context: typer.Context,
    as_of: AsOf = None,
    to_print: Annotated[bool, typer.Option("--print", help="Print it as text (the default).")] = False,
    html: HtmlFile = None,
    send: Annotated[bool, typer.Option("--send", help="Send it to yourself, at most once a day.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the digest: what is overdue, due today, promised, awaited, and planned on your behalf."""
    now = moment(as_of)
    with open_app(context, read_only=not send, as_of=now) as app:
        letters = digests(app, now)
        if html is not None:
            write_pages(html, letters)
        sent = send_digests(app, now) if send else ()
        if as_json:
            documents = [letter.document() for letter in letters]
            print_json({"as_of": phrases.iso(now, home_zone(app.office)), "digests": documents, "sent": list(sent)})
        elif to_print or not (html or send):
            print("\n\n".join(letter.text.rstrip() for letter in digests(app, now, linked=False)))
            print(_COMMANDS)
        elif send:
            print("\n".join(sent))


def digests(app: App, now: datetime, *, linked: bool = True) -> tuple[Letter, ...]:
    """Return each account's digest as of `now`; unlinked for a terminal, where commands take the place of links."""
    ahead = [action for action in coming(app, now) if action.reaches_others]
    nonce = f"shown:{now.isoformat()}" if linked else None
    return tuple(
        cycle.make_renderer(runtime, runtime.ledger.assessments(now), now).digest(
            [a for a in ahead if a.account == address], nonce=nonce
        )
        for address, runtime in app.runtimes.items()
    )


def send_digests(app: App, now: datetime) -> tuple[str, ...]:
    """Send each account's digest of today if it is due, and return a line for each. Raises CannotDo if one cannot be sent."""
    with app.lock():
        app.begin(now)
        return tuple(f"{address}: {_send(runtime, now)}" for address, runtime in app.runtimes.items())


def _send(runtime: cycle.AccountRuntime, now: datetime) -> str:
    """Send one account's digest with all that it announces; return what became of it."""
    assessments = runtime.ledger.assessments(now)
    planned = plan(cycle.gather_plan_inputs(runtime, assessments, now))
    actions = [action for action in planned if action.kind is ActionKind.DIGEST or action.reaches_others]
    key = next((action.key for action in actions if action.kind is ActionKind.DIGEST), None)
    if key is None:
        return "nothing was sent; today's digest has already gone out, or today is not a working day"
    cycle.queue(runtime, assessments, actions, now)
    outcomes = runtime.outbox.deliver(now)
    outcome = next((o for o in outcomes if o.key == key), None)
    if outcome is None or outcome.delivery is not Delivery.SENT:
        reason = outcome.error if outcome else "it is still waiting to be sent"
        raise CannotDo(f"The digest for {runtime.account.address} could not be sent: {reason}. Kept will try again.")
    return "sent"

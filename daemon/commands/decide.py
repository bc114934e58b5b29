"""The user's word on an obligation or a planned action: `kept done`, `snooze`, `waive`, `wrong`, `confirm`, `undo`, `veto`."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from daemon.app import App
from daemon.commands.due import offered_ids
from daemon.commands.terminal import AsJson, moment, open_app, print_json, say
from daemon.glossary.decisions import Scope, Verb
from daemon.operations.decisions import decide, say_person, snooze_end
from daemon.operations.owed import find

Id = Annotated[str, typer.Argument(metavar="ID", help="The ID that `kept due` and the digest show.", autocompletion=offered_ids)]
PlannedId = Annotated[str, typer.Argument(metavar="ID", help="The ID that `kept plan` shows.")]
Why = Annotated[
    str | None, typer.Option("--why", metavar="TEXT", help="Your reason, as a note: for example not a promise, or wrong client.")
]
Thread = Annotated[bool, typer.Option("--thread", help="Apply it to everything of the same kind in this conversation.")]
Until = Annotated[
    str,
    typer.Option(
        "--until",
        metavar="TIME",
        help="When it comes back: tomorrow, monday, next week, 2026-03-05, +3d, in 2 hours, 14:00, 'fri 9am', or ISO 8601.",
    ),
]


def done(context: typer.Context, target: Id, as_json: AsJson = False) -> None:
    """Mark it as done."""
    _decide(context, Verb.DONE, target, as_json=as_json)


def snooze(context: typer.Context, target: Id, until: Until, as_json: AsJson = False) -> None:
    """Hide it until TIME."""
    _decide(context, Verb.SNOOZE, target, until=until, as_json=as_json)


def waive(context: typer.Context, target: Id, why: Why = None, thread: Thread = False, as_json: AsJson = False) -> None:
    """Mark it as never owed."""
    _decide(context, Verb.WAIVE, target, why=why, scope=_scope(thread), as_json=as_json)


def wrong(context: typer.Context, target: Id, why: Why = None, thread: Thread = False, as_json: AsJson = False) -> None:
    """Mark it as misread and never owed, for example because it is not a promise. Next time, Kept asks sooner."""
    _decide(context, Verb.WRONG, target, why=why, scope=_scope(thread), as_json=as_json)


def confirm(context: typer.Context, target: Id, as_json: AsJson = False) -> None:
    """Confirm that it was read correctly where Kept was not sure, and track it."""
    _decide(context, Verb.CONFIRM, target, as_json=as_json)


def undo(context: typer.Context, target: Id, as_json: AsJson = False) -> None:
    """Undo your latest decision on it."""
    _decide(context, Verb.UNDO, target, as_json=as_json)


def veto(context: typer.Context, target: PlannedId, as_json: AsJson = False) -> None:
    """Stop a planned action."""
    _decide(context, Verb.VETO, target, as_json=as_json)


def resend(
    context: typer.Context,
    target: Annotated[str, typer.Argument(metavar="ID", help="The ID that the digest and `kept status` show.")],
    as_json: AsJson = False,
) -> None:
    """Send again what may not have been sent. If it did arrive, use `kept done ID` instead."""
    _decide(context, Verb.RESEND, target, as_json=as_json)


def person(
    context: typer.Context,
    target: Annotated[str, typer.Argument(metavar="ID", help="The ID that `kept filtered` and the digest show.")],
    as_json: AsJson = False,
) -> None:
    """Say that a person wrote what was filtered out. It holds for that sender and that kind of automated mail from then on."""
    with open_app(context) as app:
        result = say_person(app, target, moment(None))
    print_json(result.document()) if as_json else say(result.text())


def _scope(thread: bool) -> Scope:
    return Scope.THREAD if thread else Scope.ITEM


def _decide(
    context: typer.Context,
    verb: Verb,
    target: str,
    *,
    until: str | None = None,
    why: str | None = None,
    scope: Scope = Scope.ITEM,
    as_json: bool,
) -> None:
    with open_app(context) as app:
        now = moment(None)
        end = _end_of_snooze(app, target, until, now) if until is not None else None
        result = decide(app, verb, target, now, until=end, why=why, scope=scope)
    print_json(result.document()) if as_json else say(result.text())


def _end_of_snooze(app: App, target: str, words: str, now: datetime) -> datetime:
    """Return when an obligation comes back, in its account's time zone. Raises CannotDo, and typer.BadParameter for no time ahead."""
    account = app.runtimes[find(app, target, now).account].account
    try:
        return snooze_end(account, words, now)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None

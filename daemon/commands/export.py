"""`kept export` and `kept purge`: all that is stored about one client, printed or deleted. `kept sent-log merge`: other sent logs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from daemon.commands.terminal import AsJson, ClientName, open_app, print_json, say
from daemon.delivery.sent_log import MergeResult
from daemon.operations.clients import concerns, find_client, forget


def export(context: typer.Context, client: ClientName) -> None:
    """Print all that is stored about a client, as JSON."""
    with open_app(context, read_only=True) as app:
        chosen = find_client(app.office, client)
        print_json(app.store.export(chosen.name, concerns(app, chosen)))


def purge(
    context: typer.Context,
    client: ClientName,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Delete all that is stored about a client. Your mailbox and calendar are not touched."""
    with open_app(context) as app:
        chosen = find_client(app.office, client)
        if not yes:
            question = f"Delete everything stored about {chosen.name}? Your mailbox and calendar are not touched."
            typer.confirm(question, abort=True, err=True)
        messages = forget(app, chosen)
    if as_json:
        print_json({"client": chosen.name, "messages": messages})
    else:
        say(
            f"Deleted {messages} messages of {chosen.name}. Remove {chosen.name} from the configuration, "
            "or the next full sync will read them again."
        )


sent_log = typer.Typer(no_args_is_help=True)


@sent_log.callback()
def _sent_log() -> None:
    """The record of what was sent, beside the database."""


@sent_log.command()
def merge(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="The sent.jsonl of another machine, or of before a restore.")
    ],
    as_json: AsJson = False,
) -> None:
    """Take the sent logs of other machines, or of before a restore, into account, so that nothing is sent or said again."""
    with open_app(context) as app, app.lock():
        results = [(file, app.sent_log.merge(file)) for file in files]
    if as_json:
        print_json({"files": [_merged(file, result) for file, result in results]})
        return
    for file, result in results:
        say(f"{file}: {result.added} added, {result.known} known before, {len(result.unreadable)} set aside.")
        for number, meaning in result.unreadable.items():
            say(f"  line {number}: {meaning}")


def _merged(file: Path, result: MergeResult) -> dict[str, object]:
    unreadable = [{"line": number, "reason": meaning} for number, meaning in result.unreadable.items()]
    return {"file": str(file), "added": result.added, "known": result.known, "unreadable": unreadable}

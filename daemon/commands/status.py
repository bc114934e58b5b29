"""`kept status`: is it running, when was each source last read, what is queued, what failed. Reads one small file.

`kept sources`: every mailbox and calendar, also those that the configuration no longer names, and how to forget these.
"""

from __future__ import annotations

from itertools import groupby
from typing import Annotated

import typer

from daemon import clock
from daemon.commands.terminal import AsJson, config_path, open_app, print_json, say, tell
from daemon.glossary.assessments import Coverage
from daemon.letters import phrases
from daemon.operations.printable import safe
from daemon.operations.sources import all_sources, find_gone, forget_mail
from daemon.operations.status import account_line, read

sources = typer.Typer(help="List mailboxes and calendars, or forget one that is gone.")


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show whether Kept is running, how far each source was read, what is queued and what failed."""
    present = read(config_path(context), clock.now())
    if present.away:
        tell(present.away)
    print_json(present.document()) if as_json else say(present.text())


@sources.callback(invoke_without_command=True)
def list_sources(context: typer.Context, as_json: AsJson = False) -> None:
    """List every mailbox and calendar, and how far it was read; also those that the configuration no longer names."""
    if context.invoked_subcommand is not None:
        return
    with open_app(context, read_only=True) as app:
        listed = all_sources(app)
    if as_json:
        print_json({"sources": [source.document() for source in listed]})
        return
    now = clock.now()
    zones = [source.shown_zone for source in listed]
    for account, of_account in groupby(sorted(listed, key=lambda s: s.coverage.account), key=lambda s: s.coverage.account):
        its = list(of_account)
        say("\n".join([safe(account_line(account, its[0].shown_zone, zones)), *(source.text(now) for source in its)]))
    if not all(source.is_configured for source in listed):
        say("Forget one that is gone with: kept sources forget NAME (its mail stays), or with --mail (its mail goes, too)")


@sources.command("forget", short_help="Drop what is left of one that is gone.")
def forget(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The source's name, or an unambiguous part of it.")],
    mail: Annotated[bool, typer.Option("--mail", help="Delete the mail that came by it, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Drop what is left of a source that the configuration no longer names. Without --mail, the mail that came by it stays."""
    with open_app(context) as app:
        gone = find_gone(app, name)
        messages = sum(forget_mail(app, c) for c in gone) if mail else 0
        events = sum(app.store.forget_source(c.account, c.source) for c in gone)
    if as_json:
        forgotten = [{"account": c.account, "source": c.source} for c in gone]
        print_json({"forgotten": forgotten, "events": events, "messages": messages})
    else:
        say(safe(f"Forgot {gone[0].source}. {_what_became_of_mail(gone[0], messages, deleted=mail)}"))


def _what_became_of_mail(gone: Coverage, messages: int, *, deleted: bool) -> str:
    if gone.is_calendar:
        return "Its meetings are forgotten."
    if not deleted:
        return "The mail that came by it stays."
    return f"{phrases.count(messages, 'email')} deleted. The next kept sync reads the other mailboxes again: what they hold, too, comes back."

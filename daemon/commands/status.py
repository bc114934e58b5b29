"""`kept status`: is it running, when was each source last read, what is queued, what failed. Reads one small file.

`kept sources`: every mailbox and calendar, also those that the configuration no longer names, and how to forget these.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from daemon import clock
from daemon.commands.pages.status_page import Status, account_line, source_lines
from daemon.commands.terminal import AsJson, config_path, open_app, print_json, safe, say, tell
from daemon.config.load import load_settings
from daemon.config.office import source_name
from daemon.errors import CannotDo
from daemon.glossary.assessments import Coverage
from daemon.letters import phrases
from daemon.service import health

if TYPE_CHECKING:
    from daemon.app import App
    from daemon.store.team.worker_rows import WorkerAtWork

sources = typer.Typer(help="List mailboxes and calendars, or forget one that is gone.")


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show whether Kept is running, how far each source was read, what is queued and what failed."""
    present = read(config_path(context), clock.now())
    print_json(present.document()) if as_json else say(present.text())


def read(config: Path, now: datetime) -> Status:
    """Return the status of the state directory that the configuration names. Raises ConfigError."""
    settings = load_settings(config)
    found = health.read_status(settings.state)
    zones = {account.addresses[0]: ZoneInfo(account.time_zone) for account in settings.accounts}
    named = frozenset((a.addresses[0], source_name(s)) for a in settings.accounts for s in (*a.mail, *a.calendars))
    written, workers = found or {}, _workers(settings.database)
    return Status(
        written,
        bool(workers) or health.is_running(written.get("pid")),
        now,
        late=health.is_late(written, now),
        damaged=found is None and (settings.state / health.FILE).exists(),
        zones=zones,
        configured=named,
        workers=workers,
    )


def _workers(database: str | None) -> tuple[WorkerAtWork, ...]:
    """Return the workers at work on a database; none where it does not answer, which the rest of the status does without."""
    if database is None:
        return ()
    from daemon.store import Store, StoreError  # noqa: PLC0415  # which one person's status does without

    try:
        store = Store.open(database, read_only=True)
    except StoreError as error:
        tell(error.message)
        return ()
    try:
        return store.workers()
    finally:
        store.close()


# --- kept sources ---


@dataclass(frozen=True, slots=True)
class Source:
    """One mailbox or calendar of an account: how far it was read, and whether the configuration names it."""

    coverage: Coverage
    is_configured: bool
    zone: ZoneInfo | None

    @property
    def shown_zone(self) -> ZoneInfo:
        """The account's time zone; UTC for an account that left."""
        return self.zone or ZoneInfo("UTC")

    def document(self) -> dict[str, Any]:
        """Return the entry of --json."""
        kind = "calendar" if self.coverage.is_calendar else "mailbox"
        return {
            **health.source_document(self.coverage, self.shown_zone),
            "kind": kind,
            "configured": self.is_configured,
        }

    def text(self, now: datetime) -> str:
        """Return the line for a person, with what was said of the source below it."""
        gone = "" if self.is_configured else "; no longer in the configuration, so it does not count"
        return "\n".join(map(safe, source_lines(self.document(), self.shown_zone, now, gone)))


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


def forget_mail(app: App, gone: Coverage) -> int:
    """Delete the mail that came by a mailbox that left. Return how many messages it was. Raises StoreError while a daemon runs.

    Mail of which the mailbox was not noted (by an earlier release) is taken for its own where the account never had another one.
    """
    if gone.is_calendar:
        return 0
    mailboxes = [s.coverage for s in all_sources(app) if s.coverage.account == gone.account and not s.coverage.is_calendar]
    with app.lock():  # a daemon that reads at the same time would pass over what is to be read again
        return app.store.forget_mail(gone.account, gone.source, unknown=len(mailboxes) == 1)


def _what_became_of_mail(gone: Coverage, messages: int, *, deleted: bool) -> str:
    if gone.is_calendar:
        return "Its meetings are forgotten."
    if not deleted:
        return "The mail that came by it stays."
    return f"{phrases.count(messages, 'email')} deleted. The next kept sync reads the other mailboxes again: what they hold, too, comes back."


def all_sources(app: App) -> tuple[Source, ...]:
    """Return the configured sources of each account, then those that left. Raises StoreError."""
    zones = {address: ZoneInfo(runtime.account.hours.zone) for address, runtime in app.runtimes.items()}
    configured = [c for runtime in app.runtimes.values() for c in runtime.coverage()]
    named = {(c.account, c.source) for c in configured}
    gone = [c for c in app.store.all_coverage() if (c.account, c.source) not in named]
    return tuple(Source(c, (c.account, c.source) in named, zones.get(c.account)) for c in (*configured, *gone))


def find_gone(app: App, name: str) -> tuple[Coverage, ...]:
    """Return the source with that name, or the only one whose name contains it, of each account that had it. Raises CannotDo."""
    everything = all_sources(app)
    gone = [s.coverage for s in everything if not s.is_configured]
    exact = [c for c in gone if c.source == name]
    matches = exact or [c for c in gone if name.casefold() in c.source.casefold()]
    if len({c.source for c in matches}) > 1:
        raise CannotDo(f"“{name}” fits more than one source: {', '.join(dict.fromkeys(c.source for c in matches))}.")
    if matches:
        return tuple(matches)
    if any(name.casefold() in s.coverage.source.casefold() for s in everything):
        raise CannotDo(f"“{name}” is in use. Remove it from {app.path} first; then it can be forgotten.")
    left = ", ".join(dict.fromkeys(c.source for c in gone)) or "there are none"
    raise CannotDo(f"“{name}” is no source that left the configuration. Those are: {left}.")

"""`kept sync` reads every mailbox and calendar once; `kept run` is the daemon, which goes on reading them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from connectors.mail import canonical_email
from daemon import clock, cycle
from daemon.app import App
from daemon.commands.terminal import AsJson, config_path, open_app, print_json, say
from daemon.errors import CannotDo
from daemon.glossary.assessments import Coverage
from daemon.letters import phrases
from daemon.operations.zones import zone_of
from daemon.service.clock_guard import EARLIEST, impossible
from daemon.service.state_files import write_state_files


def sync(
    context: typer.Context,
    account: Annotated[str | None, typer.Option("--account", metavar="A", help="Read only this account's sources.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Read everything again.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read every mailbox and calendar once, then exit."""
    with open_app(context) as app:
        report = read_sources(app, clock.now(), account, full=full)
    print_json(report.document()) if as_json else say(report.text())
    if report.failed:
        raise typer.Exit(1)


def run(context: typer.Context) -> None:
    """Keep Kept running in this terminal, until Ctrl-C. In the background, and whenever you log in: kept service install.

    SIGTERM stops it, too, and SIGHUP makes it read the configuration again.
    """
    from daemon.service import service  # noqa: PLC0415  # it brings the daemon, which a single sync does without
    from daemon.web.beside import Dashboard  # noqa: PLC0415  # the same

    config = config_path(context)
    raise typer.Exit(service.run(config, os.environ, Dashboard(config, os.environ)))


@dataclass(frozen=True, slots=True)
class SyncReport:
    """How far each source was read, and the time zone of each account."""

    sources: tuple[Coverage, ...]
    zones: Mapping[str, ZoneInfo]

    @property
    def failed(self) -> bool:
        """Whether any source could not be read."""
        return any(source.error for source in self.sources)

    def text(self) -> str:
        """Return a line a source."""
        return "\n".join(_line(source) for source in self.sources)

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        return {"sources": [_document(source, self.zones[source.account]) for source in self.sources]}


def read_sources(app: App, now: datetime, account: str | None = None, *, full: bool = False) -> SyncReport:
    """Poll every source of one account, or of all, and store what is owed by then. Raises CannotDo for an unknown account, and for a clock that cannot be right."""
    if account is not None and account not in app.runtimes:
        raise CannotDo(f"There is no account {account} in {app.path}. Its accounts are: {', '.join(app.runtimes)}.")
    if now < EARLIEST:  # every mail would be taken for one of the future, and dated back
        raise CannotDo(f"{impossible(now)} Nothing was read. Set the computer's date and time first.")
    with app.lock():
        app.begin(now)
        if full:
            app.store.forget_cursors(account)
        wanted = canonical_email(account) if account else None
        chosen = {address: runtime for address, runtime in app.runtimes.items() if wanted in (None, address)}
        for runtime in chosen.values():
            cycle.poll_account(runtime, now)
            runtime.ledger.assessments(now)
            runtime.ledger.save_open_cache(now)
        write_state_files(app, now, running=False)
    sources = tuple(source for runtime in chosen.values() for source in runtime.coverage())
    return SyncReport(sources, {address: zone_of(app.office, address) for address in chosen})


def _line(source: Coverage) -> str:
    unreadable = f", {source.unreadable} messages could not be read" if source.unreadable else ""
    return f"{source.account}  {source.source}: {source.error or 'read'}{unreadable}"


def _document(source: Coverage, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "account": source.account,
        "source": source.source,
        "seen_until": phrases.iso(source.seen_until, zone),
        "error": source.error,
        "unreadable": source.unreadable,
        "warnings": list(source.warnings),
    }

"""`kept status`: is it running, when was each source last read, what is queued, what failed. Reads one small file.

`kept sources`: every mailbox and calendar, also those that the configuration no longer names, and how to forget these.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from daemon import clock
from daemon.commands.terminal import AsJson, config_path, open_app, print_json, safe
from daemon.config.load import load_settings
from daemon.errors import CannotDo
from daemon.glossary.assessments import Coverage
from daemon.service import health

if TYPE_CHECKING:
    from daemon.app import App

sources = typer.Typer(help="List mailboxes and calendars, or forget one that is gone.")


def status(context: typer.Context, as_json: AsJson = False) -> None:
    """Show whether Kept is running, how far each source was read, what is queued and what failed."""
    present = read(config_path(context))
    print_json(present.document()) if as_json else print(present.text())


@dataclass(frozen=True, slots=True)
class Status:
    """What the daemon or the last sync wrote, and whether the daemon is running."""

    written: Mapping[str, Any]
    running: bool
    late: bool = False  # whether the last turn in which everything worked is longer ago than it should be

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        return {"running": self.running, "late": self.late, **self.written}

    def text(self) -> str:
        """Return the status in words."""
        if not self.written:
            return "Kept has not run here yet. Start it with: kept run"
        queued = ", ".join(f"{count} {delivery}" for delivery, count in self.written["queue"].items() if count)
        failed = (safe(f"Failed: {line}") for line in self.written["failures"])
        unsure = (safe(_unsettled(one)) for one in self.written.get("unsettled", ()))
        sources = map(_source, self.written["sources"])
        return "\n".join(
            [self._state(), *sources, *self._reader(), *self._model(), f"Queued: {queued or 'nothing'}.", *unsure, *failed]
        )

    def _reader(self) -> list[str]:
        """Return which reader reads; nothing of a status that an earlier release wrote."""
        reader = self.written.get("reader")
        if reader is None:
            return []
        encoder = "rules, word weights and the encoder" if reader["encoder"] else "rules and word weights"
        return [safe(f"Mail is read by {encoder} (reader {reader['version']}).")]

    def _model(self) -> list[str]:
        """Return how the user's own language model is doing; nothing where there is none."""
        model = self.written.get("model")
        if model is None:
            return []
        asked = ", ".join(
            f"{count} of {model['budget']} requests for {address}" for address, count in model["asked_today"].items()
        )
        answers = f"Language model {model['name']} at {model['host']}: {asked} today."
        if model["silent_since"] is None:
            return [safe(answers)]
        why = f" ({model['error']})" if model["error"] else ""
        return [safe(f"{answers} No answer since {_moment(model['silent_since'])}{why}; everything else works without it.")]

    def _state(self) -> str:
        """Return whether it is running, and when it last worked: plainly where that is longer ago than it should be."""
        last = self._last()
        if self.running:
            since = ", which is longer ago than it should be: nothing was read or sent since" if self._worked else ""
            late = f"{last}{since}. See the failures below, and kept.log."
            return f"Kept is running (process {self.written['pid']}); {late if self.late else f'{last}.'}"
        if self.written.get("stopped", True):
            return f"Kept is not running; {last}. Start it with: kept run"
        return f"Kept is not running: it ended without being stopped; {last}. Nothing was read or sent since. Start it with: kept run"

    def _last(self) -> str:
        """Return when it last worked, in words."""
        return f"it last worked {_moment(self._worked)}" if self._worked else "it has not worked yet"

    @property
    def _worked(self) -> str | None:
        """When everything last worked. A turn that failed is none; what only `kept sync` wrote tells its turn alone."""
        worked: str | None = self.written.get("last_success")
        return worked or (None if self.written.get("last_failure") else self.written["last_turn"])


def read(config: Path) -> Status:
    """Return the status of the state directory that the configuration names. Raises ConfigError."""
    written = health.read_status(load_settings(config).state) or {}
    return Status(written, health.is_running(written.get("pid")), late=health.is_late(written, clock.now()))


def _source(source: Mapping[str, Any], more: str = "") -> str:
    """Return a source's line, with what was said of it below."""
    read_to = f"read up to {_moment(source['seen_until'])}" if source["seen_until"] else "never read"
    trouble = f"; failing since {_moment(source['failed_since'])}: {source['error']}" if source["error"] else ""
    lines = (
        f"  {source['account']}  {source['source']}: {read_to}{trouble}{more}",
        *(f"    {w}" for w in source.get("warnings", ())),
    )
    return "\n".join(map(safe, lines))


def _unsettled(one: Mapping[str, Any]) -> str:
    return f"Not known since {_moment(one['since'])}, {one['account']}: {one['what']}. {one['next']}"


def _moment(written: str) -> str:
    """Return a moment of the status file, which is in its account's time zone, as people write it: Mon 2 Mar 2026 11:00."""
    at = datetime.fromisoformat(written)
    return f"{at:%a} {at.day} {at:%b %Y %H:%M}"


# --- kept sources ---


@dataclass(frozen=True, slots=True)
class Source:
    """One mailbox or calendar of an account: how far it was read, and whether the configuration names it."""

    coverage: Coverage
    is_configured: bool
    zone: ZoneInfo | None

    def document(self) -> dict[str, Any]:
        """Return the entry of --json."""
        kind = "calendar" if self.coverage.is_calendar else "mailbox"
        return {
            **health.source_document(self.coverage, self.zone or ZoneInfo("UTC")),
            "kind": kind,
            "configured": self.is_configured,
        }

    def text(self) -> str:
        """Return the line for a person."""
        gone = "" if self.is_configured else "; no longer in the configuration, so it does not count"
        return _source(self.document(), gone)


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
    print("\n".join(source.text() for source in listed))
    if not all(source.is_configured for source in listed):
        print("Forget one that is gone with: kept sources forget NAME")


@sources.command("forget")
def forget(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The source's name, or an unambiguous part of it.")],
    as_json: AsJson = False,
) -> None:
    """Drop what is left of a source that the configuration no longer names. Mail that came by it stays."""
    with open_app(context) as app:
        gone = find_gone(app, name)
        events = sum(app.store.forget_source(c.account, c.source) for c in gone)
    if as_json:
        print_json({"forgotten": [{"account": c.account, "source": c.source} for c in gone], "events": events})
    else:
        print(safe(f"Forgot {gone[0].source}. The mail that came by it stays."))


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

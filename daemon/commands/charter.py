"""`kept charter`: what is agreed with a client, whether history says that it can be met, and agreeing on a new version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from daemon.commands import charter_interview
from daemon.commands.terminal import AsJson, AsOf, ClientName, ask, moment, open_app, print_json, say, tell_daemon
from daemon.glossary.charter import Charter
from daemon.glossary.parties import Client
from daemon.letters import phrases
from daemon.operations import charter_versions
from daemon.operations.charter_history import StandardHistory, account_of, standards_of
from daemon.operations.clients import find_client
from daemon.operations.printable import safe, safe_lines
from daemon.operations.zones import home_zone

charter = typer.Typer(no_args_is_help=True)


@charter.command("show", short_help="Show what is agreed with a client.")
def show(context: typer.Context, client: ClientName, as_of: AsOf = None, as_json: AsJson = False) -> None:
    """Show what is agreed with a client, including what the default charter adds, and every version that was agreed."""
    now = moment(as_of)
    with open_app(context, read_only=True) as app:
        chosen = find_client(app.office, client)
        zone = ZoneInfo(account_of(app, chosen).hours.zone)
    print_json(charter_document(chosen, now, zone)) if as_json else say(charter_page(chosen, now, zone))


@charter.command("check", short_help="Check a charter against history.")
def check(
    context: typer.Context,
    client: Annotated[
        str | None,
        typer.Argument(metavar="CLIENT", help="A client's name or a part of it. Default: all clients together, then each one."),
    ] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Check a charter against history: how often each standard was met, and which time was met 19 times in 20."""
    now = moment(as_of)
    with open_app(context, read_only=True, as_of=now) as app:
        results = standards_of(app, find_client(app.office, client) if client else None, now)
        zone = home_zone(app.office)
    if as_json:
        print_json({"as_of": phrases.iso(now, zone), "standards": [result.document() for result in results]})
    else:
        say(history_page(results))


@charter.command("new", short_help="Record a new version.")
def new(context: typer.Context, client: ClientName) -> None:
    """Agree on a new version: answer a few questions, be warned of what history says is unrealistic, and save it."""
    with open_app(context) as app:
        now = moment(None)
        version = charter_interview.interview(app, find_client(app.office, client), ask, print, now)
        path, text, draft = charter_versions.save(app, version, now)
        heard = tell_daemon(app.folder)
    say(f"\nSaved: {path}\n\n{safe_lines(text)}\n{draft}\n{heard}")


def charter_page(client: Client, now: datetime, zone: ZoneInfo) -> str:
    """Return the charter in force and its versions for a person, with dates in that zone."""
    charter = client.charter_at(now)
    lines = [client.name, *_standards(charter)]
    if charter.since:
        lines.append(f"in force since {charter.since.astimezone(zone):%-d %B %Y}")
    for version in client.amendments:
        lines += ["", *_version(version, zone, in_force=version is charter)]
    return "\n".join(lines)


def charter_document(client: Client, now: datetime, zone: ZoneInfo) -> dict[str, Any]:
    """Return the charter in force and its versions as --json prints them."""
    charter = client.charter_at(now)
    return {
        "client": client.name,
        "standards": _standards_document(charter),
        "deliverables": [{"name": d.name, "when": phrases.schedule(d)} for d in charter.deliverables],
        "since": phrases.iso(charter.since, zone),
        "versions": [_version_document(version, zone) for version in client.versions],
    }


def history_page(results: Sequence[StandardHistory]) -> str:
    """Return each standard against history, client by client."""
    lines: list[str] = []
    for name, of_client in groupby(results, key=lambda result: result.client):
        lines += [safe(name or "All clients, under the default charter"), *(f"  {safe(r.text())}" for r in of_client), ""]
    return "\n".join(lines).rstrip() or "There is no history yet. Read it with: kept sync"


def _standards(charter: Charter) -> Iterator[str]:
    for standard, allowance in sorted(charter.standards.items()):
        yield f"{standard.replace('_', ' ')}: {phrases.allowance(allowance) if allowance else 'off'}"
    for deliverable in charter.deliverables:
        yield f"{phrases.cut(deliverable.name, 80)}: {phrases.schedule(deliverable)}"


def _version(version: Charter, zone: ZoneInfo, *, in_force: bool) -> Iterator[str]:
    start = f"{version.start.astimezone(zone):%-d %B %Y}" if version.start else "the beginning"
    yield f"Version of {start}{' (in force)' if in_force else ''}"
    yield from (f"  {line}" for line in _standards(version))
    agreement = version.agreement
    if agreement is None:
        return
    yield from (f"  asked for, {name.replace('_', ' ')}: {phrases.quoted(words)}" for name, words in agreement.asked.items())
    if agreement.by:
        yield f"  agreed by {phrases.cut(agreement.by, 80)}"
    if agreement.next_review:
        yield f"  next review {agreement.next_review:%-d %B %Y}"
    if agreement.notes:
        yield f"  {phrases.cut(agreement.notes, 400)}"


def _version_document(version: Charter, zone: ZoneInfo) -> dict[str, Any]:
    agreement = version.agreement
    return {
        "from": version.start.astimezone(zone).date().isoformat() if version.start else None,
        "standards": _standards_document(version),
        "asked": dict(agreement.asked) if agreement else {},
        "agreed_by": agreement.by if agreement else "",
        "next_review": agreement.next_review.isoformat() if agreement and agreement.next_review else None,
        "notes": agreement.notes if agreement else "",
    }


def _standards_document(charter: Charter) -> dict[str, str | None]:
    return {name: phrases.allowance(a) if a else None for name, a in sorted(charter.standards.items())}

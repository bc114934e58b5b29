"""`kept lookback` and `kept report`: the first look at the last months, and the service report for one client with its draft."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from connectors.net import files
from daemon.commands.terminal import AsJson, AsOf, ClientName, HtmlFile, moment, open_app, print_json, say, tell
from daemon.letters import Letter, phrases
from daemon.operations.clients import find_client
from daemon.operations.reports import LOOK_BACK_DAYS, client_report, draft_report, look_back
from daemon.operations.zones import home_zone


def lookback(
    context: typer.Context,
    days: Annotated[int, typer.Option("--days", metavar="N", help="How far to look back.")] = LOOK_BACK_DAYS,
    html: HtmlFile = None,
    everything: Annotated[bool, typer.Option("--all", help="Show on a terminal what has no room on its screen, too.")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Look back over the last months: who waited, what was promised, who went quiet, which targets are realistic."""
    now = moment(as_of)
    with open_app(context, read_only=True, as_of=now) as app:
        brief = html is None and not everything and sys.stdout.isatty()
        reports, zone = look_back(app, now, days, brief=brief), home_zone(app.office)
    if html is not None:
        write_pages(html, (report.letter for report in reports))
    if as_json:
        print_json({"as_of": phrases.iso(now, zone), "accounts": [report.facts for report in reports]})
    elif html is None:
        say("\n\n".join(report.letter.text.rstrip() for report in reports))


def report(
    context: typer.Context,
    client: ClientName,
    html: HtmlFile = None,
    draft: Annotated[bool, typer.Option("--draft", help="Save it as a draft to the client in your Drafts folder.")] = False,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Write the service report for a client: what was agreed and how well it was kept, with nothing hidden and no other client in it."""
    now = moment(as_of)
    with open_app(context, read_only=not draft, as_of=now) as app:
        chosen = find_client(app.office, client)
        result = client_report(app, chosen, now)
        if html is not None:
            write_pages(html, [result.letter])
        if as_json:
            print_json({"as_of": phrases.iso(now, home_zone(app.office)), **result.facts})
        elif html is None and not draft:
            say(result.letter.text.rstrip())
        if draft:
            (tell if as_json else say)(draft_report(app, chosen, now))


def write_pages(file: Path, letters: Iterable[Letter]) -> None:
    """Write letters as web pages: the first to the file, each further account's beside it as FILE-2, FILE-3.

    A new file is for its owner alone, because a page holds clients' words and signed links. Raises OSError.
    """
    for number, letter in enumerate(letters, 1):
        target = file if number == 1 else file.with_name(f"{file.stem}-{number}{file.suffix}")
        if target.exists() and not target.is_file():  # a terminal or a pipe, such as /dev/stdout
            target.write_text(letter.html, encoding="utf-8")
        else:
            files.write_atomically(target, letter.html.encode("utf-8"))

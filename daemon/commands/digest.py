"""`kept digest`: show the digest as of a moment, or send today's."""

from __future__ import annotations

from datetime import tzinfo
from typing import Annotated, Any

import typer

from daemon.commands.reports import write_pages
from daemon.commands.terminal import AsJson, AsOf, HtmlFile, moment, open_app, print_json, say
from daemon.errors import CannotDo
from daemon.letters import Letter, phrases
from daemon.operations.digests import digests, send_digests
from daemon.operations.zones import home_zone

_COMMANDS = """
To settle a line: kept done ID, kept snooze ID --until TIME, or kept waive ID.
To answer a question: kept confirm ID or kept wrong ID. To see why a line is here: kept explain ID."""


def digest(
    context: typer.Context,
    as_of: AsOf = None,
    to_print: Annotated[bool, typer.Option("--print", help="Print it as text (the default).")] = False,
    html: HtmlFile = None,
    everything: Annotated[bool, typer.Option("--all", help="Show what is only counted, too.")] = False,
    send: Annotated[bool, typer.Option("--send", help="Send it to yourself, at most once a day.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show the digest: what is overdue, due today, promised, awaited, and planned on your behalf."""
    now = moment(as_of)
    with open_app(context, read_only=not send, as_of=now) as app:
        letters = digests(app, now, everything=everything)
        if html is not None:
            write_pages(html, list(letters.values()))
        sent, unsent = send_digests(app, now) if send else ((), ())
        if as_json:
            zone = home_zone(app.office)
            documents = [_document(address, letter, zone) for address, letter in letters.items()]
            print_json({"as_of": phrases.iso(now, zone), "digests": documents, "sent": list(sent)})
        elif to_print or not (html or send):
            unlinked = digests(app, now, linked=False, everything=everything)
            say("\n\n".join(letter.text.rstrip() for letter in unlinked.values()))
            say(_COMMANDS)
        elif send and sent:
            say("\n".join(sent))
    if unsent:
        raise CannotDo(" ".join(unsent))


def _document(address: str, letter: Letter, zone: tzinfo) -> dict[str, Any]:
    """Return one account's digest for --json: the letter, and its lines by section; times in `zone`."""
    sections = [
        {
            "name": name,
            "items": [
                {"id": i.id, "client": i.client, "contact": i.contact, "quote": i.quote, "due": phrases.iso(i.due, zone)}
                for i in items
            ],
        }
        for name, items in letter.sections.items()
    ]
    return {"account": address, **letter.document(), "sections": sections}

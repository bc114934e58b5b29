"""`kept explain`: why one obligation is owed, or all that is read out of one message file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from connectors.formats import mime
from connectors.mail import Message, Role
from daemon import clock, reading
from daemon.accounts.letters import make_renderer
from daemon.app import App
from daemon.commands import tables
from daemon.commands.due import offered_ids
from daemon.commands.pages import message_page
from daemon.commands.pages.explained import Explanation
from daemon.commands.terminal import AsJson, AsOf, moment, open_app, print_json, safe, say
from daemon.config.load import load_settings
from daemon.config.locations import default_path
from daemon.config.office import make_office
from daemon.core import hours, mail_addresses
from daemon.core.people import PUBLIC_DOMAINS
from daemon.errors import CannotDo, ConfigError
from daemon.glossary.obligations import Kind, Obligation


def explain(
    context: typer.Context,
    what: Annotated[
        str,
        typer.Argument(
            metavar="ID_OR_EML", help="An ID that `kept due` shows, or a message file (.eml).", autocompletion=offered_ids
        ),
    ],
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Show why something is owed, with the evidence, or everything that Kept reads in one message file."""
    now = moment(as_of)
    if Path(what).is_file():
        document = read_file(Path(what), context.obj, os.environ)
        print_json(document) if as_json else message_page.show(document)
        return
    with open_app(context, read_only=True, as_of=now) as app:
        explanation = explain_obligation(app, find(app, what, now), now)
        opinion = second_opinion(app, explanation.obligation)
    if as_json:
        zone = tables.zone_of(explanation.office, explanation.obligation.account)
        further = {"times": list(explanation.times), "number": explanation.number, "opinion": opinion}
        document = tables.obligation_document(explanation.obligation, zone, now)
        print_json({**document, **{key: value for key, value in further.items() if value}})
        return
    say(explanation.text())
    if opinion:
        says = "agrees" if opinion["holds"] else "does not agree"
        say(safe(f"Second opinion: the language model {opinion['by']} {says}, by the words “{opinion['words']}”."))


def explain_obligation(app: App, obligation: Obligation, now: datetime) -> Explanation:
    """Return an obligation with the messages that it rests on, the number to call, and what the calendar says of proposed times."""
    behind = [evidence.reference for evidence in mail_addresses.messages_behind(obligation)]
    runtime = app.runtimes[obligation.account]
    renderer = make_renderer(runtime, runtime.ledger.assessments(now), now)
    return Explanation(
        obligation,
        app.store.messages_by_id(obligation.account, behind),
        app.office,
        now,
        times=tuple(renderer.looked_up(obligation)),
        number=renderer.number_of(obligation) if obligation.kind is Kind.CALLBACK else "",
    )


def second_opinion(app: App, obligation: Obligation) -> dict[str, Any] | None:
    """Return what the user's language model thinks of the words of an obligation; None where it has no opinion that counts."""
    advisor = app.runtimes[obligation.account].advisor
    by = advisor.opinions_by if advisor is not None else None
    opinion = app.store.opinion(obligation.account, by, obligation.key) if by is not None else None
    if advisor is None or opinion is None or opinion.holds is None:
        return None
    return {"by": advisor.name, "holds": opinion.holds, "words": opinion.words}


def find(app: App, target: str, now: datetime) -> Obligation:
    """Return the obligation with that ID or key. Raises CannotDo."""
    obligation = app.find(target, now)
    if obligation is None:
        if target.lower().endswith(".eml"):
            raise CannotDo(f"There is no file {target}.")
        raise CannotDo(f"Nothing here has the ID {target}. kept due lists the IDs of what is owed, kept due --all those of all.")
    return obligation


def read_file(path: Path, config: Path | None, environ: Mapping[str, str]) -> dict[str, Any]:
    """Return all that is read out of one message file, as the first account sees it; works without a configuration, too."""
    own, frame = _reader_of(config, environ)
    try:
        message = mime.parse(path.read_bytes(), role=Role.OTHER, folder=str(path.parent), otherwise=clock.now())
    except (OSError, ValueError) as error:
        raise CannotDo(f"{path} cannot be read as a mail: {error}") from None
    utterance = _utterance(message, own, frame)
    result = reading.read(utterance)
    return message_page.document(message, result, reading.strongest_features(utterance, result))


def _reader_of(config: Path | None, environ: Mapping[str, str]) -> tuple[frozenset[str], reading.TimeContext]:
    """Return the first account's addresses and working hours. Without a usable configuration: none, unless one was named."""
    try:
        account = make_office(load_settings(config or default_path(environ)), None).accounts[0]
    except ConfigError:
        if config is not None:
            raise
        return frozenset(), reading.TimeContext()
    return account.addresses, hours.frame(account.hours)


def _utterance(message: Message, own: frozenset[str], frame: reading.TimeContext) -> reading.ReaderInput:
    return reading.ReaderInput(
        direction="sent" if message.sender.email in own else "received",
        sender=message.sender.email,
        to=tuple(a.email for a in message.to),
        cc=tuple(a.email for a in message.cc),
        date=message.date,
        subject=message.subject,
        text=message.text,
        headers=message.headers,
        user=tuple(own & {a.email for a in (message.sender, *message.to, *message.cc)}),
        time_context=frame,
        recipient_names=tuple(a.name for a in (*message.to, *message.cc) if a.name and a.email not in own),
        own_domains=tuple(sorted({address.rpartition("@")[2] for address in own} - PUBLIC_DOMAINS)),
        sender_name=message.sender.name,
        follows=bool(message.in_reply_to or message.references),
        unread=bool(message.unread),
    )

"""`kept check`: validate the configuration and try every connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import typer

from connectors.base import Calendar, Mailbox, MailTransport
from connectors.errors import ConnectorError
from connectors.formats.folder_names import printable
from daemon import clock
from daemon.advice import opinions
from daemon.advice.opinions import Doubt
from daemon.app import App
from daemon.commands.terminal import AsJson, open_app, print_json, say
from daemon.config.office import source_name
from daemon.config.settings import without_reviews
from daemon.core import people
from daemon.glossary.obligations import Kind

_INDENT = 7  # columns before what was checked


def check(context: typer.Context, as_json: AsJson = False) -> None:
    """Check the configuration, then log in to every mailbox, calendar and server for sending, and report what works."""
    with open_app(context) as app:
        checks = [
            Check("configuration", works=True, details=(str(app.path),)),
            *check_owners(app),
            *check_addresses(app),
            *check_connectors(app),
            *check_bookings(app),
            *check_model(app),
        ]
    if as_json:
        print_json({"checks": [c.document() for c in checks]})
    else:
        only = f"{next(iter(app.runtimes))} " if len(app.runtimes) == 1 else ""
        say("\n".join(c.text(only) for c in checks), _INDENT)
    if not all(c.works for c in checks):
        raise typer.Exit(1)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was tried: whether it works, and what the connector reports, or its error."""

    name: str
    works: bool
    details: tuple[str, ...]

    def text(self, only: str = "") -> str:
        """Return a line for a person, without the name of the account where there is only one."""
        return printable(f"{'ok    ' if self.works else 'FAILED'} {self.name.removeprefix(only)}: {'; '.join(self.details)}")

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        return {"name": self.name, "works": self.works, "found": list(self.details)}


def check_owners(app: App) -> Iterator[Check]:
    """Say with which clients nobody books reviews, as their owner has no mailbox and no calendar."""
    if lines := tuple(without_reviews(app.settings)):
        yield Check("owners", works=False, details=lines)


def check_addresses(app: App) -> Iterator[Check]:
    """Say from which further address many of an account's sent mails are, as far as they have been read. Raises StoreError."""
    for address, runtime in app.runtimes.items():
        stored = (read.message for read in app.store.messages(address))
        others = people.other_senders(stored, runtime.account.addresses)
        if others:
            yield Check(f"{address} addresses", works=True, details=tuple(map(str, others)))


def check_bookings(app: App) -> Iterator[Check]:
    """Say in which of an account's calendars meetings are booked, where it has several."""
    for account in app.settings.accounts:
        calendars = account.calendars_by_use()
        if len(calendars) > 1:
            first = source_name(calendars[0])
            chosen = f"in {first}" if calendars[0].book else f"in {first}, only because it is the first of {len(calendars)}"
            change = "" if calendars[0].book else "if that is right, add book: true to it, else to the one that you mean"
            yield Check(f"{account.addresses[0]} bookings", works=True, details=(chosen, change) if change else (chosen,))


def check_connectors(app: App) -> Iterator[Check]:
    """Try every connector of every account, one after the other."""
    for address, runtime in app.runtimes.items():
        sources = runtime.sources
        sending: dict[str, MailTransport] = {"sending": sources.transport} if sources.transport else {}
        connectors: dict[str, Mailbox | Calendar | MailTransport] = {**sources.mailboxes, **sources.calendars, **sending}
        for name, connector in connectors.items():
            yield _try(f"{address} {name}", connector)


_SAMPLE = Doubt(
    "", Kind.PROMISE, "", "", "I will send you the revised quote on Friday.", "I will send you the revised quote on Friday."
)
_LEAVES = {
    "reading": "sentences that Kept is in doubt about, with the mail around them",
    "drafts": "clients' questions with their conversation, your library and your earlier answers",
}


def check_model(app: App) -> Iterator[Check]:
    """Say what would be sent to the user's language model, if they have one, and try it on an invented sentence."""
    advisor = next(iter(app.runtimes.values())).advisor
    if advisor is None:
        return
    leaves = " and ".join(_LEAVES[use] for use in _LEAVES if use in advisor.uses)
    sent = f"{advisor.name} at {advisor.where} is sent {leaves}, at most {advisor.budget} requests a day for each account"
    begun = clock.since_boot()
    try:
        content = advisor.model.ask(*opinions.question((_SAMPLE,)))
    except ConnectorError as error:
        yield Check("language model", works=False, details=(sent, error.message))
        return
    counts = opinions.opinions(content, (_SAMPLE,))[0].holds is True
    sense = (
        "an invented sentence was read right" if counts else "it could not read an invented sentence: it may be too small a model"
    )
    yield Check("language model", works=True, details=(sent, f"answered in {clock.since_boot() - begun:.1f} s", sense))


def _try(name: str, connector: Mailbox | Calendar | MailTransport) -> Check:
    try:
        return Check(name, works=True, details=connector.check())
    except ConnectorError as error:
        return Check(name, works=False, details=(error.message,))
    except Exception as error:  # noqa: BLE001  # whatever it is, the other connectors are tried
        return Check(name, works=False, details=(f"failed unexpectedly ({type(error).__name__})",))

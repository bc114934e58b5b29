"""`kept init`: a few questions, the server found where it can be, clients suggested from history, a configuration written.

Nothing is stored but the file, readable by its owner alone; a password goes into it only if the user chooses that.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import typer
import yaml
from pydantic import ValidationError

from connectors import open_mailbox
from connectors.base import Mailbox
from connectors.errors import ConnectorError
from connectors.mail import Message, Role
from daemon import clock
from daemon.commands import auth, init_sources, terminal
from daemon.config.load import load_settings
from daemon.config.locations import default_path
from daemon.config.settings import Settings
from daemon.core.people import PUBLIC_DOMAINS
from daemon.errors import CannotDo
from daemon.intake import logins

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
LOOK_BACK = timedelta(days=90)
MOST_CLIENTS = 30
ANOTHER = "Another client: what stands behind the @ in their addresses, e.g. acme.example (empty: no more)"
LEAST_MAILS = 3  # fewer than these, or mail in one direction only, is no client yet


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A company that history shows: both sides wrote, so many mails in all."""

    name: str
    domain: str
    mails: int


def interview(path: Path | None, environ: Mapping[str, str], address: str | None) -> None:
    """Ask, try, suggest, write. Raises CannotDo where a configuration is already there."""
    target = path or default_path(environ)
    if target.exists():
        raise CannotDo(f"{target} is already there; edit it, or name another file with --config. Nothing was changed.")
    account = _ask_account(address)
    own, oauth = init_sources.ask(account["addresses"][0])
    document = {
        "accounts": [account | own],
        **({"oauth": oauth} if oauth else {}),
        "charter": {"reply": "1 day", "call_back": "1 day", "review": "6 months"},
        "state": str(Path("~/.local/share/kept")),
    }
    settings = _settings(document, target)
    found = logins.Logins.of(settings, clock.now)
    signed_in = _sign_in(settings, found, account["addresses"][0])
    document["clients"] = _ask_clients(_history(settings, found) if signed_in else [], set(account["addresses"]))
    write(target, document)
    load_settings(target)
    typer.echo(f"Wrote {target}, readable by you alone.", err=True)
    first = "" if signed_in else f"kept auth {account['addresses'][0]} --config {target}, then: "
    typer.echo(
        f"Next: {first}kept check --config {target}, then: kept sync, kept lookback (the first look), kept digest, and kept run to leave it running.",
        err=True,
    )


def _settings(document: Mapping[str, Any], target: Path) -> Settings:
    """The answers so far, checked before anybody is asked to sign in. Raises CannotDo."""
    try:
        return Settings.model_validate(document, context={"folder": target.parent})
    except ValidationError as error:
        wrong = "; ".join(str(finding["msg"]).removeprefix("Value error, ") for finding in error.errors(include_url=False)[:3])
        raise CannotDo(f"One of the answers cannot be used: {wrong}. Nothing was written.") from None


def write(target: Path, document: Mapping[str, Any]) -> None:
    """Write the configuration, 0600, never over another file."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = "# Kept's configuration. All keys: config.example.yaml\n" + yaml.safe_dump(
        dict(document), sort_keys=False, allow_unicode=True
    )
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def suggest(messages: Iterable[Message], own: set[str]) -> list[Suggestion]:
    """The companies that both wrote and were written to, most mails first."""
    domains = {a.rpartition("@")[2] for a in own}
    written: Counter[str] = Counter()
    received: Counter[str] = Counter()
    for message in messages:
        sent = message.sender.email in own or message.role is Role.SENT
        for other in message.to if sent else (message.sender,):
            if other.domain and other.domain not in domains and other.domain not in PUBLIC_DOMAINS:
                (written if sent else received)[other.domain] += 1
    both = {d: written[d] + received[d] for d in written if received[d]}
    found = [Suggestion(_company(d), d, n) for d, n in both.items() if n >= LEAST_MAILS]
    return sorted(found, key=lambda s: (-s.mails, s.domain))[:MOST_CLIENTS]


def _company(domain: str) -> str:
    return domain.split(".", maxsplit=1)[0].replace("-", " ").title()


def _ask_account(address: str | None) -> dict[str, Any]:
    address = (address or str(typer.prompt("Your e-mail address", err=True))).strip().lower()
    if "@" not in address:
        raise CannotDo(f"“{address}” is not an e-mail address.")
    name = typer.prompt("Your name", default=address.split("@", maxsplit=1)[0].replace(".", " ").title(), err=True)
    zone = typer.prompt("Your time zone", default=_local_zone(), err=True)
    country = typer.prompt("Whose public holidays (country, e.g. GB-ENG, DE-BY, US)", default="GB-ENG", err=True)
    return {
        "name": name,
        "addresses": [address],
        "time_zone": zone,
        "working_hours": {"days": "mon-fri", "start": "09:00", "end": "17:30"},
        "holidays": country,
    }


def _local_zone() -> str:
    """The machine's own zone by its IANA name, where the system says it."""
    link = Path("/etc/localtime")
    name = str(link.resolve()).partition("zoneinfo/")[2] if link.is_symlink() else ""
    return name or os.environ.get("TZ", "") or "Europe/London"


def _sign_in(settings: Settings, found: logins.Logins, address: str) -> bool:
    """Whether Kept can read the mailbox now: where Google or Microsoft must agree, they are asked if the user wants."""
    account = settings.accounts[0]
    if not logins.consents(account, drafts=settings.drafts):
        return True
    if not typer.confirm("Sign in now, so that your clients can be suggested?", default=True, err=True):
        return False
    browser = typer.confirm("Is there a browser on this machine?", default=True, err=True)
    try:
        auth.run(settings, found, address, partial(typer.echo, err=True), lambda q: terminal.ask(q, ""), browser=browser)
    except ConnectorError as error:
        typer.echo(f"{error.message} You can do it later: kept auth {address}", err=True)
        return False
    return True


def _history(settings: Settings, found: logins.Logins) -> list[Message]:
    """The last three months of the mailbox, to suggest clients from; empty, and said, where it cannot be read."""
    account = settings.accounts[0]
    kind, values = found.values(account.mail[0], account)
    try:
        recent = list(_read(open_mailbox(kind, values), clock.now() - LOOK_BACK))
        return recent or list(_read(open_mailbox(kind, values), BEGINNING))  # an archive has nothing recent
    except ConnectorError as error:
        typer.echo(f"Could not read the mailbox: {error.message}. Add your clients to the file by hand.", err=True)
        return []


def _read(mailbox: Mailbox, since: datetime) -> Iterable[Message]:
    try:
        for batch in mailbox.poll(None, since):
            yield from batch.messages
    finally:
        mailbox.close()


def _ask_clients(messages: list[Message], own: set[str]) -> list[dict[str, Any]]:
    clients: list[dict[str, Any]] = []
    for found in suggest(messages, own):
        question = f"Is {found.domain} a client ({found.mails} mails)?"
        if typer.confirm(question, default=True, err=True):
            name = typer.prompt("  Their name", default=found.name, err=True)
            clients.append({"name": name, "domains": [found.domain], "stage": "established"})
    while domain := str(typer.prompt(ANOTHER, default="", show_default=False, err=True)).strip().lower().removeprefix("@"):
        name = typer.prompt("  Their name", default=_company(domain), err=True)
        clients.append({"name": name, "domains": [domain], "stage": "established"})
    return clients

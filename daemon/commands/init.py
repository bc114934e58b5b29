"""`kept init`: ask a few questions, look up the server, suggest clients from past mail, and write the configuration.

Nothing is stored but that file, which only its owner can read. A password is in it only if the user chooses that.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
import tzlocal
import yaml
from pydantic import ValidationError

from connectors import open_mailbox
from connectors.base import Mailbox
from connectors.errors import ConnectorError
from connectors.mail import Message, Role, readable_email
from daemon import clock, reading
from daemon.commands import auth, init_sources
from daemon.commands.terminal import ask, config_path, tell
from daemon.config.load import load_settings
from daemon.config.locations import STATE
from daemon.config.office import HOUSE_CHARTER
from daemon.config.settings import Settings
from daemon.config.values import duration_text
from daemon.config.working_hours import WorkingHoursSettings
from daemon.core.people import PUBLIC_DOMAINS, other_senders
from daemon.errors import CannotDo
from daemon.intake import logins

_OFFER = (
    "If you like: pip install 'kept[reader]' where Kept is installed. Then a small neural network reads English mail, too, which finds more "
    "of what is promised and asked; it takes 155 MB on disk, 105 MB of memory and 14 milliseconds an email, and nothing leaves your machine."
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LOOK_BACK = timedelta(days=90)
_ZONE = "Europe/London"
MOST_CLIENTS = 30
LEAST_MAILS = 3  # with fewer, or with mail in one direction only, a company is not suggested


def init(
    context: typer.Context,
    address: Annotated[str | None, typer.Option("--address", help="Your e-mail address. Default: Kept asks for it.")] = None,
) -> None:
    """Answer a few questions, choose your clients from those that your mail suggests, and get a configuration."""
    target = config_path(context)
    if target.exists():
        raise CannotDo(f"{target} is already there; edit it, or choose another file with --config. Nothing was changed.")
    account = _ask_account(address)
    own, oauth = init_sources.ask_sources(account["addresses"][0])
    document = {
        "accounts": [account | own],
        **({"oauth": oauth} if oauth else {}),
        "charter": {name: duration_text(HOUSE_CHARTER[name]) for name in ("reply", "call_back", "review")},
        "state": STATE,
    }
    settings = _settings(document, target)
    keys = logins.Logins.of(settings, clock.now)
    signed_in = _sign_in(settings, keys, account["addresses"][0])
    mail = _history(settings, keys) if signed_in else []
    account["addresses"] += _ask_addresses(mail, account["addresses"])
    document["clients"] = _ask_clients(mail, set(account["addresses"]))
    write(target, document)
    load_settings(target)
    tell(f"Wrote {target}; only you can read it.")
    first = "" if signed_in else f"kept auth {account['addresses'][0]} --config {target}, then "
    tell(f"Next: {first}kept check --config {target}, then kept sync, kept lookback and kept digest. kept run keeps it running.")
    if not reading.has_encoder():
        tell(_OFFER)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A company that may be a client: both sides wrote; `mails` counts both directions."""

    name: str
    domain: str
    mails: int


def _settings(document: Mapping[str, Any], target: Path) -> Settings:
    """Check the answers so far, before the user signs in anywhere. Raises CannotDo."""
    try:
        return Settings.model_validate(document, context={"folder": target.parent})
    except ValidationError as error:
        reasons = "; ".join(str(finding["msg"]).removeprefix("Value error, ") for finding in error.errors(include_url=False)[:3])
        raise CannotDo(f"One of your answers cannot be used: {reasons}. Nothing was written.") from None


def write(target: Path, document: Mapping[str, Any]) -> None:
    """Write the configuration so that only its owner can read it. Raises FileExistsError rather than replace a file."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = "# Kept's configuration. config.example.yaml lists every key.\n" + yaml.safe_dump(
        dict(document), sort_keys=False, allow_unicode=True
    )
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def suggest(messages: Iterable[Message], own: set[str]) -> list[Suggestion]:
    """Return the companies that both wrote and were written to, most mails first."""
    domains = {a.rpartition("@")[2] for a in own}
    written: Counter[str] = Counter()
    received: Counter[str] = Counter()
    for message in messages:
        sent = message.sender.email in own or message.role is Role.SENT
        for other in message.to if sent else (message.sender,):
            if other.domain and other.domain not in domains and other.domain not in PUBLIC_DOMAINS:
                (written if sent else received)[other.domain] += 1
    both = {d: written[d] + received[d] for d in written if received[d]}
    suggestions = (Suggestion(_company(d), d, n) for d, n in both.items() if n >= LEAST_MAILS)
    return sorted(suggestions, key=lambda s: (-s.mails, s.domain))[:MOST_CLIENTS]


def _company(domain: str) -> str:
    return readable_email(domain).split(".", maxsplit=1)[0].replace("-", " ").title()


def _ask_account(address: str | None) -> dict[str, Any]:
    address = (address or str(typer.prompt("Your e-mail address", err=True))).strip().lower()
    if "@" not in address:
        raise CannotDo(f"“{address}” is not an e-mail address.")
    usual = WorkingHoursSettings()
    return {
        "name": ask("Your name", address.split("@", maxsplit=1)[0].replace(".", " ").title()),
        "addresses": [address],
        "time_zone": ask("Your time zone", _local_zone()),
        "working_hours": {"days": usual.days, "start": f"{usual.start:%H:%M}", "end": f"{usual.end:%H:%M}"},
        "holidays": ask("Public holidays of which country or region (for example GB-ENG, DE-BY, US)", "GB-ENG"),
    }


def _local_zone() -> str:
    """Return the IANA name of the machine's time zone, or a guess where the system does not tell."""
    try:
        return str(tzlocal.get_localzone_name() or _ZONE)
    except (LookupError, ValueError):  # the system's settings contradict each other
        return _ZONE


def _sign_in(settings: Settings, keys: logins.Logins, address: str) -> bool:
    """Sign in to Google or Microsoft if that is needed and wanted; return whether Kept can read the mailbox now."""
    account = settings.accounts[0]
    if not logins.consents(account, drafts=settings.drafts):
        return True
    if not typer.confirm("Sign in now, so that Kept can suggest your clients?", default=True, err=True):
        return False
    browser = typer.confirm("Is there a browser on this machine?", default=True, err=True)
    try:
        auth.sign_in(settings, keys, address, tell, ask, browser=browser)
    except ConnectorError as error:
        tell(f"{error.message} You can sign in later: kept auth {address}")
        return False
    return True


def _history(settings: Settings, keys: logins.Logins) -> list[Message]:
    """Return the mail of the last three months, else of all time; empty if the mailbox cannot be read, and the user is told."""
    account = settings.accounts[0]
    kind, values = keys.connector_arguments(account.mail[0], account)
    try:
        recent = list(_read(open_mailbox(kind, values), clock.now() - LOOK_BACK))
        return recent or list(_read(open_mailbox(kind, values), _EPOCH))  # an archive has nothing recent
    except ConnectorError as error:
        tell(f"The mailbox could not be read: {error.message}. Add your clients below, or to the file later.")
        return []


def _read(mailbox: Mailbox, since: datetime) -> Iterable[Message]:
    try:
        for batch in mailbox.poll(None, since):
            yield from batch.messages
    finally:
        mailbox.close()


def _ask_addresses(messages: list[Message], own: list[str]) -> list[str]:
    """Ask about every other address from which much was sent; return those that are the user's, too."""
    return [
        other.address
        for other in other_senders(messages, own)
        if typer.confirm(
            f"{other.count} of {other.total} sent mails are from {other.address}: yours too?", default=True, err=True
        )
    ]


def _ask_clients(messages: list[Message], own: set[str]) -> list[dict[str, Any]]:
    clients: list[dict[str, Any]] = []
    for suggestion in suggest(messages, own):
        if typer.confirm(f"Is {readable_email(suggestion.domain)} a client ({suggestion.mails} emails)?", default=True, err=True):
            clients.append(_ask_client(suggestion.domain, suggestion.name))  # noqa: PERF401  # each is asked for in turn
    question = "Another client: the part of their addresses after the @, for example acme.example (empty: no more)"
    while domain := ask(question).lower().removeprefix("@"):
        clients.append(_ask_client(domain, _company(domain)))
    return clients


def _ask_client(domain: str, name: str) -> dict[str, Any]:
    return {"name": ask("  Their name", name), "domains": [readable_email(domain)], "stage": "established"}

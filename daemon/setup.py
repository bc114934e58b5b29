"""`kept init`: a few questions, the server found where it can be, clients suggested from history, a configuration written.

Nothing is stored but the file, readable by its owner alone; a password goes into it only if the user chooses that.
"""

from __future__ import annotations

import os
import socket
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import typer
import yaml

from connectors import open_mailbox
from connectors.base import Mailbox
from connectors.errors import ConnectorError
from connectors.mail import Message, Role
from daemon import clock
from daemon.config import default_path, load
from daemon.core.people import PUBLIC_DOMAINS
from daemon.failures import CannotDo

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
LOOK_BACK = timedelta(days=90)
MOST_CLIENTS = 30
# Where the mailboxes of common providers are, by the domain of the address. Google and Microsoft need their own connectors.
PROVIDERS = {
    "gmx.de": "imap.gmx.net", "gmx.net": "imap.gmx.net", "gmx.com": "imap.gmx.com", "web.de": "imap.web.de", "t-online.de": "secureimap.t-online.de",
    "freenet.de": "mx.freenet.de", "posteo.de": "posteo.de", "mailbox.org": "imap.mailbox.org", "icloud.com": "imap.mail.me.com",
    "me.com": "imap.mail.me.com", "mac.com": "imap.mail.me.com", "yahoo.com": "imap.mail.yahoo.com", "yahoo.co.uk": "imap.mail.yahoo.com",
    "aol.com": "imap.aol.com", "fastmail.com": "imap.fastmail.com", "zoho.com": "imap.zoho.com", "btinternet.com": "mail.btinternet.com",
    "orange.fr": "imap.orange.fr", "free.fr": "imap.free.fr", "laposte.net": "imap.laposte.net", "libero.it": "imapmail.libero.it",
    "bluewin.ch": "imaps.bluewin.ch", "comcast.net": "imap.comcast.net",
}  # fmt: skip
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
    mail = _ask_mail(account["addresses"][0])
    account["mail"] = [mail]
    account |= _ask_calendar_and_sending(mail)
    clients = _ask_clients(_history(mail), set(account["addresses"]))
    document = {
        "accounts": [account],
        "clients": clients,
        "charter": {"reply": "1 day", "call_back": "1 day", "review": "6 months"},
        "state": str(Path("~/.local/share/kept")),
    }
    write(target, document)
    load(target, environ)
    typer.echo(f"Wrote {target}, readable by you alone.", err=True)
    typer.echo(
        f"Next: kept check --config {target}, then: kept sync, kept lookback (the first look), kept digest, and kept run to leave it running.",
        err=True,
    )


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


def find_imap(domain: str) -> str | None:
    """The IMAP server of a domain: by the shipped table, by its SRV record (RFC 6186), else a usual name that answers."""
    known = PROVIDERS.get(domain) or _srv(domain)
    if known:
        return known
    for host in (f"imap.{domain}", f"mail.{domain}", domain):
        try:
            with socket.create_connection((host, 993), timeout=3):
                return host
        except OSError:
            continue
    return None


def _srv(domain: str) -> str | None:
    """What `_imaps._tcp` of the domain names, None where it names nothing."""
    from dns.exception import DNSException  # noqa: PLC0415  # only here
    from dns.resolver import resolve  # noqa: PLC0415  # only here

    try:
        best = min(resolve(f"_imaps._tcp.{domain}", "SRV", lifetime=3), key=lambda record: record.priority)
    except (DNSException, OSError, ValueError):
        return None
    return str(best.target).rstrip(".") or None


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


def _ask_mail(address: str) -> dict[str, Any]:
    folder = typer.prompt(
        "A Maildir folder to read instead of a server (empty for IMAP)", default="", show_default=False, err=True
    )
    if folder:
        return {"type": "maildir", "path": folder}
    domain = address.rpartition("@")[2]
    host = typer.prompt("IMAP server", default=find_imap(domain) or f"imap.{domain}", err=True)
    user = typer.prompt("User name there", default=address, err=True)
    command = typer.prompt(
        "A command that prints the password (e.g. pass show mail); empty to type the password",
        default="",
        show_default=False,
        err=True,
    )
    secret = {"password_command": command} if command else {"password": typer.prompt("Password", hide_input=True, err=True)}
    return {"type": "imap", "host": host, "tls": "implicit", "username": user, **secret}


def _ask_calendar_and_sending(mail: Mapping[str, Any]) -> dict[str, Any]:
    secret = {k: v for k, v in mail.items() if k in {"username", "password", "password_command"}}
    answers: dict[str, Any] = {}
    place = typer.prompt(
        "Your calendar: a CalDAV address (https://…) or a folder of .ics files; empty for none",
        default="",
        show_default=False,
        err=True,
    )
    if place:
        answers["calendars"] = [
            {"type": "caldav", "url": place, **secret} if place.startswith("http") else {"type": "ics", "path": place}
        ]
    smtp = typer.prompt(
        "SMTP server for mail to yourself; empty to write mails into a folder", default="", show_default=False, err=True
    )
    answers["send"] = (
        {"type": "smtp", "host": smtp, "tls": "starttls", **secret}
        if smtp
        else {"type": "file", "path": "~/.local/share/kept/outbox"}
    )
    return answers


def _history(mail: Mapping[str, Any]) -> list[Message]:
    """The last three months of the mailbox, to suggest clients from; empty, and said, where it cannot be read."""
    try:
        recent = list(_read(_open(mail), clock.now() - LOOK_BACK))
        return recent or list(_read(_open(mail), BEGINNING))  # an archive has nothing recent
    except ConnectorError as error:
        typer.echo(f"Could not read the mailbox: {error.message}. Add your clients to the file by hand.", err=True)
        return []


def _open(mail: Mapping[str, Any]) -> Mailbox:
    from daemon.app import connector_settings  # noqa: PLC0415  # the composition root knows how settings become connectors

    kind, settings = connector_settings(mail)
    return open_mailbox(kind, settings)


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
    return clients

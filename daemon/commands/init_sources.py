"""`kept init` asks for an account's mail, calendar and sending: for each kind of provider its own questions, in plain words."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import typer

from daemon.commands import init_providers
from daemon.errors import CannotDo

OUTBOX = "~/.local/share/kept/outbox"
KINDS = ("google", "microsoft", "exchange", "imap", "folder")
_WHERE = {
    "google": "at Google (Gmail or Google Workspace)",
    "microsoft": "in Microsoft 365 or Outlook.com",
    "exchange": "on an Exchange Server of your company",
    "imap": "on a mail server (IMAP)",
}
_REGISTER = (
    "{name} lets no program read mail before it is registered once, by you or by whoever looks after your mail: a quarter of an "
    "hour, step by step in the README under “{title}”. The passwords stay with {name}; you only sign in and agree."
)


def ask(address: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What belongs under the account (mail, calendars, send), and what under `oauth`. Raises CannotDo."""
    found = init_providers.find(address)
    if found is not None:
        _say(f"Your mail is {_WHERE[found.kind]}: {found.because}.")
    else:
        _say(f"Nothing says where the mail of {address.rpartition('@')[2]} is.")
    kind = typer.prompt(f"Where is it ({', '.join(KINDS)})", default=found.kind if found else "imap", err=True).strip().lower()
    if kind not in _ASK:
        raise CannotDo(f"“{kind}” is none of {', '.join(KINDS)}. Nothing was written.")
    return _ASK[kind](address, found if found and found.kind == kind else None)


def _google(address: str, _found: init_providers.Found | None) -> tuple[dict[str, Any], dict[str, Any]]:
    _say(_REGISTER.format(name="Google", title="Google Workspace and Gmail"))
    if init_providers.is_personal(address):
        _say(
            "A private Gmail account has no company: publish the app (“In production”), or Google ends its consent every 7 days."
        )
    path = typer.prompt("The file that Google gave you for it (client_secret….json, or a service account's key)", err=True)
    return (
        {"mail": [{"type": "gmail"}], "calendars": [{"type": "google"}], "send": {"type": "gmail"}},
        {"google": google_app(Path(path).expanduser())},
    )


def google_app(path: Path) -> dict[str, Any]:
    """What the configuration takes from the file that Google gives. Raises CannotDo."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CannotDo(f"{path} cannot be read: {error.strerror}. Nothing was written.") from None
    except ValueError:
        found = None
    if isinstance(found, dict) and found.get("type") == "service_account":
        return {"service_account": str(path)}
    app = found.get("installed") if isinstance(found, dict) else None
    if isinstance(found, dict) and "web" in found:
        raise CannotDo(f"{path} is of a web application; Kept needs one of the type “Desktop app”. Nothing was written.")
    if not isinstance(app, dict) or not app.get("client_id") or not app.get("client_secret"):
        raise CannotDo(f"{path} is not the file that Google gives for a desktop app or a service account. Nothing was written.")
    return {"client_id": app["client_id"], "client_secret": app["client_secret"]}


def _microsoft(address: str, _found: init_providers.Found | None) -> tuple[dict[str, Any], dict[str, Any]]:
    _say(_REGISTER.format(name="Microsoft", title="Microsoft 365"))
    domain = address.rpartition("@")[2]
    client_id = typer.prompt("The application (client) id", err=True).strip()
    tenant = typer.prompt(
        "Your company's tenant (its id or domain)",
        default="consumers" if init_providers.is_personal(address) else domain,
        err=True,
    ).strip()
    return (
        {"mail": [{"type": "graph"}], "calendars": [{"type": "graph"}], "send": {"type": "graph"}},
        {"microsoft": {"client_id": client_id, "tenant": tenant}},
    )


def _exchange(address: str, found: init_providers.Found | None) -> tuple[dict[str, Any], dict[str, Any]]:
    host = typer.prompt("Its name, as in the address of Outlook on the web", default=found.host if found else None, err=True)
    user = typer.prompt("User name there (an address, or DOMAIN\\name)", default=address, err=True)
    source = {"type": "ews", "host": host, "username": user, **_password()}
    return {"mail": [source], "calendars": [dict(source)], "send": dict(source)}, {}


def _imap(address: str, found: init_providers.Found | None) -> tuple[dict[str, Any], dict[str, Any]]:
    domain = address.rpartition("@")[2]
    host = typer.prompt("IMAP server", default=(found and found.host) or f"imap.{domain}", err=True)
    user = typer.prompt("User name there", default=address, err=True)
    secret = _password()
    mail = {"type": "imap", "host": host, "tls": "implicit", "username": user, **secret}
    return {"mail": [mail], **_calendar_and_sending({"username": user, **secret})}, {}


def _folder(_address: str, _found: init_providers.Found | None) -> tuple[dict[str, Any], dict[str, Any]]:
    path = typer.prompt("The Maildir folder", err=True)
    return {"mail": [{"type": "maildir", "path": path}], **_calendar_and_sending({})}, {}


_ASK: Mapping[str, Callable[[str, init_providers.Found | None], tuple[dict[str, Any], dict[str, Any]]]] = {
    "google": _google,
    "microsoft": _microsoft,
    "exchange": _exchange,
    "imap": _imap,
    "folder": _folder,
}


def _password() -> dict[str, Any]:
    command = _optional("A command that prints the password (e.g. pass show mail); empty to type the password")
    return {"password_command": command} if command else {"password": typer.prompt("Password", hide_input=True, err=True)}


def _calendar_and_sending(login: Mapping[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    place = _optional("Your calendar: a CalDAV address (https://…) or a folder of .ics files; empty for none")
    if place:
        dav = place.startswith("http")
        answers["calendars"] = [{"type": "caldav", "url": place, **login} if dav else {"type": "ics", "path": place}]
    smtp = _optional("SMTP server for mail to yourself; empty to write mails into a folder")
    answers["send"] = {"type": "smtp", "host": smtp, "tls": "starttls", **login} if smtp else {"type": "file", "path": OUTBOX}
    return answers


def _optional(question: str) -> str:
    return str(typer.prompt(question, default="", show_default=False, err=True)).strip()


def _say(line: str) -> None:
    typer.echo(line, err=True)

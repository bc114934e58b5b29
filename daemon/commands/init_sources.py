"""Ask for the mailbox, the calendar and the sending of an account: each kind of provider has its own questions."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import typer

from daemon.commands.terminal import ask, tell
from daemon.config.locations import OUTBOX
from daemon.config.provider_lookup import Location, is_personal, locate
from daemon.errors import CannotDo

Answers: TypeAlias = tuple[dict[str, Any], dict[str, Any]]
"""The keys for the account, and the keys for `oauth`."""
KINDS = ("google", "microsoft", "exchange", "imap", "folder")
_WHERE = {
    "google": "at Google (Gmail or Google Workspace)",
    "microsoft": "in Microsoft 365 or Outlook.com",
    "exchange": "on your company's Exchange Server",
    "imap": "on a mail server (IMAP)",
}
_REGISTER = (
    "{name} lets a program read mail only after it has been registered once, by you or by whoever administers your mail. That takes about "
    "15 minutes; docs/providers.md describes it step by step under “{title}”. Passwords stay with {name}: you only sign in and agree."
)


def ask_sources(address: str) -> Answers:
    """Return the keys for the account (mail, calendars, send), and those for `oauth`. Raises CannotDo."""
    location = locate(address)
    if location is not None:
        tell(f"Your mail is {_WHERE[location.kind]}: {location.because}.")
    else:
        tell(f"Kept could not find out where the mail of {address.rpartition('@')[2]} is.")
    kind = ask(f"Where is your mailbox ({', '.join(KINDS)})", location.kind if location else "imap").lower()
    if kind not in _QUESTIONS:
        raise CannotDo(f"“{kind}” is not one of {', '.join(KINDS)}. Nothing was written.")
    return _QUESTIONS[kind](address, location if location and location.kind == kind else None)


def _google(address: str, _location: Location | None) -> Answers:
    tell(_REGISTER.format(name="Google", title="Google Workspace and Gmail"))
    if is_personal(address):
        tell(
            "For a private Gmail account, publish the app (“In production”): otherwise Google withdraws the consent every 7 days."
        )
    path = typer.prompt(
        "The file that you downloaded from Google (client_secret….json, or the key of a service account)", err=True
    )
    return (
        {"mail": [{"type": "gmail"}], "calendars": [{"type": "google"}], "send": {"type": "gmail"}},
        {"google": google_app(Path(path).expanduser())},
    )


def google_app(path: Path) -> dict[str, Any]:
    """Return the keys of `oauth: google:` for the file that Google provides. Raises CannotDo."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CannotDo(f"{path} cannot be read: {error.strerror}. Nothing was written.") from None
    except ValueError:
        document = None
    keys = document if isinstance(document, dict) else {}
    if keys.get("type") == "service_account":
        return {"service_account": str(path)}
    app = keys.get("installed")
    if "web" in keys:
        raise CannotDo(f"{path} belongs to a web application; Kept needs one of the type “Desktop app”. Nothing was written.")
    if not isinstance(app, dict) or not app.get("client_id") or not app.get("client_secret"):
        raise CannotDo(f"{path} is not the file of a desktop app or of a service account. Nothing was written.")
    return {"client_id": app["client_id"], "client_secret": app["client_secret"]}


def _microsoft(address: str, _location: Location | None) -> Answers:
    tell(_REGISTER.format(name="Microsoft", title="Microsoft 365"))
    domain = address.rpartition("@")[2]
    client_id = typer.prompt("The application (client) ID", err=True).strip()
    tenant = typer.prompt(
        "Your company's tenant (its ID or domain)",
        default="consumers" if is_personal(address) else domain,
        err=True,
    ).strip()
    return (
        {"mail": [{"type": "graph"}], "calendars": [{"type": "graph"}], "send": {"type": "graph"}},
        {"microsoft": {"client_id": client_id, "tenant": tenant}},
    )


def _exchange(address: str, location: Location | None) -> Answers:
    host = typer.prompt(
        "The name of the server, as in the address of Outlook on the web", default=location.host if location else None, err=True
    )
    user = typer.prompt("Your user name there (an address, or DOMAIN\\name)", default=address, err=True)
    source = {"type": "ews", "host": host, "username": user, **_password()}
    return {"mail": [source], "calendars": [dict(source)], "send": dict(source)}, {}


def _imap(address: str, location: Location | None) -> Answers:
    domain = address.rpartition("@")[2]
    host = typer.prompt("IMAP server", default=(location and location.host) or f"imap.{domain}", err=True)
    user = typer.prompt("Your user name there", default=address, err=True)
    secret = _password()
    mail = {"type": "imap", "host": host, "tls": "implicit", "username": user, **secret}
    return {"mail": [mail], **_calendar_and_sending({"username": user, **secret})}, {}


def _folder(_address: str, _location: Location | None) -> Answers:
    path = typer.prompt("The Maildir folder", err=True)
    return {"mail": [{"type": "maildir", "path": path}], **_calendar_and_sending({})}, {}


_QUESTIONS: Mapping[str, Callable[[str, Location | None], Answers]] = {
    "google": _google,
    "microsoft": _microsoft,
    "exchange": _exchange,
    "imap": _imap,
    "folder": _folder,
}


def _password() -> dict[str, Any]:
    command = ask("A command that prints the password, for example pass show mail (empty: type the password itself)")
    return {"password_command": command} if command else {"password": typer.prompt("Password", hide_input=True, err=True)}


def _calendar_and_sending(login: Mapping[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    calendar = ask("Your calendar: a CalDAV address (https://…) or a folder of .ics files (empty: none)")
    if calendar:
        dav = calendar.startswith("http")
        answers["calendars"] = [{"type": "caldav", "url": calendar, **login} if dav else {"type": "ics", "path": calendar}]
    smtp = ask("SMTP server, to send mail to yourself (empty: write emails to a folder)")
    answers["send"] = {"type": "smtp", "host": smtp, "tls": "starttls", **login} if smtp else {"type": "file", "path": OUTBOX}
    return answers

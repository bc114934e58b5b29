"""`kept open`: where the mail behind an obligation is, opened on a desktop and printed elsewhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from connectors.errors import ConnectorError
from connectors.local.maildir import Maildir
from connectors.mail import Message
from daemon.app import App
from daemon.commands.due import offered_ids
from daemon.commands.explain import find
from daemon.commands.tables import zone_of
from daemon.commands.terminal import AsJson, moment, open_app, print_json, safe, say, tell
from daemon.config.source_settings import MaildirSettings
from daemon.core import mail_addresses
from daemon.errors import CannotDo
from daemon.glossary.obligations import Evidence, Obligation, SourceType
from daemon.letters import phrases

_ORIGINS: Mapping[SourceType, str] = {
    SourceType.EVENT: "your calendar",
    SourceType.CHARTER: "what is agreed with the client",
    SourceType.DECISION: "a decision",
    SourceType.MESSAGE: "an email",
}
_PATIENCE = 10.0  # seconds for a desktop's opener to hand an address over


def open(  # noqa: A001  # the command's name
    context: typer.Context,
    target: Annotated[
        str, typer.Argument(metavar="ID", help="The ID that `kept due` and the digest show.", autocompletion=offered_ids)
    ],
    just_print: Annotated[bool, typer.Option("--print", help="Only print where it is.")] = False,
    as_json: AsJson = False,
) -> None:
    """Open the email behind it, in the browser or the mail program. Without a desktop, print where it is."""
    with open_app(context, read_only=True) as app:
        place = locate(app, find(app, target, moment(None)))
    if as_json:
        print_json(place.document())
        return
    say(place.text())
    if not just_print and place.target is not None:
        tell(_outcome(place.target, os.environ))


def _outcome(target: str, environ: Mapping[str, str]) -> str:
    """Hand a file or an address to the desktop, and return what came of it, in a sentence."""
    if opener_of(environ) is None:
        return "There is no desktop here, so it was not opened."
    return "Opened." if hand_over(target, environ) else "No program on this computer opens it."


@dataclass(frozen=True, slots=True)
class Place:
    """Where an email is: its page on the web or `mid:` URL, the file in a Maildir, and what its reader recognizes it by."""

    id: str
    evidence: Evidence
    address: str | None
    file: Path | None
    message: Message | None
    when: str

    @property
    def target(self) -> str | None:
        """What to hand to the desktop: the file itself, else the address."""
        return str(self.file) if self.file else self.address

    def text(self) -> str:
        """Return where it is, for a person."""
        m, lines = self.message, []
        if m is not None:
            lines.append(
                f"{phrases.quoted(m.subject, 100)} from {phrases.person(m.sender.email, m.sender.name)}, {self.when}, in {m.folder}"
            )
        lines.append(
            self.target or f"It has no address that a mail program knows. Look for it by its subject{', above' if m else ''}."
        )
        return "\n".join(safe(line) for line in lines)

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        m = self.message
        return {
            "id": self.id,
            "message_id": self.evidence.shown,
            "address": self.address,
            "message_url": mail_addresses.message_url(self.evidence),
            "file": str(self.file) if self.file else None,
            "folder": m.folder if m else None,
            "subject": m.subject if m else None,
            "from": m.sender.email if m else None,
        }


def locate(app: App, obligation: Obligation) -> Place:
    """Return where the message that created an obligation is; of one that no message created, the first other. Raises CannotDo."""
    behind = next(mail_addresses.messages_behind(obligation), None)
    if behind is None:
        raise CannotDo(
            f"No email stands behind this: it comes from {_ORIGINS[obligation.source.type]}. See: kept explain {obligation.id}"
        )
    message = app.store.messages_by_id(obligation.account, [behind.reference]).get(behind.reference)
    zone = zone_of(app.office, obligation.account)
    when = phrases.moment(behind.at, zone, moment(None))
    address = mail_addresses.address_of(behind)
    if sys.platform == "darwin" and not behind.web:
        address = mail_addresses.message_url(behind)
    return Place(obligation.id, behind, address, None if behind.web else _file(app, obligation.account, behind), message, when)


def _file(app: App, account: str, evidence: Evidence) -> Path | None:
    """Return the message's file where the account's mail lies on this disk."""
    for settings in app.settings.accounts:
        for mail in settings.mail:
            if settings.addresses[0] == account and isinstance(mail, MaildirSettings):
                try:
                    file = Maildir(mail.path).file_of(evidence.shown)
                except ConnectorError:
                    continue  # a mailbox that cannot be read now; `kept status` says so
                if file is not None:
                    return file
    return None


def hand_over(target: str, environ: Mapping[str, str]) -> bool:
    """Have the desktop open a file or an address; return whether it took it. Without a desktop nothing is tried."""
    opener = opener_of(environ)
    if opener is None:
        return False
    try:
        done = subprocess.run([opener, target], check=False, timeout=_PATIENCE, capture_output=True)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def opener_of(environ: Mapping[str, str]) -> str | None:
    """Return the desktop's own program that opens things; None without a desktop: over SSH, on a server, in a container."""
    if "SSH_CONNECTION" in environ:
        return None
    if sys.platform == "darwin":
        return shutil.which("open", path=environ.get("PATH"))
    has_screen = bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    return shutil.which("xdg-open", path=environ.get("PATH")) if has_screen else None

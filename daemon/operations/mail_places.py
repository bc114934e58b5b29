"""Where the email behind an obligation is."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from connectors.errors import ConnectorError
from connectors.local.maildir import Maildir
from connectors.mail import Message
from daemon.app import App
from daemon.config.source_settings import MaildirSettings
from daemon.core import mail_addresses
from daemon.errors import CannotDo
from daemon.glossary.obligations import Evidence, Obligation, SourceType
from daemon.letters import phrases
from daemon.operations.printable import safe
from daemon.operations.zones import zone_of

_ORIGINS: Mapping[SourceType, str] = {
    SourceType.EVENT: "your calendar",
    SourceType.CHARTER: "what is agreed with the client",
    SourceType.DECISION: "a decision",
    SourceType.MESSAGE: "an email",
}


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


def locate(app: App, obligation: Obligation, now: datetime) -> Place:
    """Return where the message that created an obligation is; of one that no message created, the first other. Raises CannotDo."""
    behind = next(mail_addresses.messages_behind(obligation), None)
    if behind is None:
        raise CannotDo(
            f"No email stands behind this: it comes from {_ORIGINS[obligation.source.type]}. See: kept explain {obligation.id}"
        )
    message = app.store.messages_by_id(obligation.account, [behind.reference]).get(behind.reference)
    zone = zone_of(app.office, obligation.account)
    when = phrases.moment(behind.at, zone, now)
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

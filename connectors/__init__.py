"""A small library of mailboxes, mail transports and calendars of any provider, imported on first use.

`open_mailbox("imap", settings)`, `open_transport` and `open_calendar` pass the settings to the connector as keyword arguments and
return an object that follows a protocol of `connectors.base`. Nothing here knows about clients, charters or the daemon. `daemon.config` and everything above it may import it; the pure packages
import only `connectors.mail`, `calendar` and `errors`.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, cast

from connectors.base import Calendar, Mailbox, MailTransport

# name -> dotted path, so that `--help` and `status` import no connector.
MAILBOXES: Mapping[str, str] = {
    "maildir": "connectors.local.maildir:Maildir",
    "imap": "connectors.imap.mailbox:ImapMailbox",
    "gmail": "connectors.google.gmail:GmailMailbox",
    "graph": "connectors.microsoft.mailbox:GraphMailbox",
    "ews": "connectors.exchange.mailbox:EwsMailbox",
}
TRANSPORTS: Mapping[str, str] = {
    "file": "connectors.local.file_transport:FileTransport",
    "smtp": "connectors.smtp:SmtpTransport",
    "gmail": "connectors.google.gmail_transport:GmailTransport",
    "graph": "connectors.microsoft.mailbox:GraphTransport",
    "ews": "connectors.exchange.transport:EwsTransport",
}
CALENDARS: Mapping[str, str] = {
    "ics": "connectors.local.ics_folder:IcsCalendar",
    "caldav": "connectors.caldav.calendar:CaldavCalendar",
    "google": "connectors.google.calendar:GoogleCalendar",
    "graph": "connectors.microsoft.calendar:GraphCalendar",
    "ews": "connectors.exchange.calendar:EwsCalendar",
}


def open_mailbox(kind: str, settings: Mapping[str, Any]) -> Mailbox:
    """Return a mailbox of that kind. Raises KeyError for an unknown kind and TypeError for settings it does not take."""
    return cast("Mailbox", _load(MAILBOXES[kind])(**settings))


def open_transport(kind: str, settings: Mapping[str, Any]) -> MailTransport:
    """Return a mail transport of that kind. Raises what `open_mailbox` raises."""
    return cast("MailTransport", _load(TRANSPORTS[kind])(**settings))


def open_calendar(kind: str, settings: Mapping[str, Any]) -> Calendar:
    """Return a calendar of that kind. Raises what `open_mailbox` raises."""
    return cast("Calendar", _load(CALENDARS[kind])(**settings))


def _load(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)

"""A small library of mailboxes, calendars and postmen of any provider, imported on first use.

`open_mailbox("imap", settings)` and its two siblings take a connector's settings as keyword values and hand back
something that keeps the promises of `connectors.base`. Nothing here knows clients, charters or the daemon.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any, cast

from connectors.base import Calendar, Mailbox, Postman

# name -> dotted path, so that `--help` and `status` import no connector.
MAILBOXES: Mapping[str, str] = {
    "maildir": "connectors.local.maildir:Maildir",
    "imap": "connectors.imap.mailbox:ImapMailbox",
    "gmail": "connectors.google.gmail:GmailMailbox",
    "graph": "connectors.microsoft.mailbox:GraphMailbox",
    "ews": "connectors.exchange.mailbox:EwsMailbox",
}
POSTMEN: Mapping[str, str] = {
    "file": "connectors.local.maildir:FileOutbox",
    "smtp": "connectors.smtp:SmtpPostman",
    "gmail": "connectors.google.gmail:GmailPostman",
    "graph": "connectors.microsoft.mailbox:GraphPostman",
    "ews": "connectors.exchange.mailbox:EwsPostman",
}
CALENDARS: Mapping[str, str] = {
    "ics": "connectors.local.ics_folder:IcsCalendar",
    "caldav": "connectors.caldav.calendar:CaldavCalendar",
    "google": "connectors.google.calendar:GoogleCalendar",
    "graph": "connectors.microsoft.calendar:GraphCalendar",
    "ews": "connectors.exchange.calendar:EwsCalendar",
}


def open_mailbox(kind: str, settings: Mapping[str, Any]) -> Mailbox:
    """A mailbox of that kind; raises KeyError for an unknown kind and TypeError for settings it does not take."""
    return cast("Mailbox", _load(MAILBOXES[kind])(**settings))


def open_postman(kind: str, settings: Mapping[str, Any]) -> Postman:
    """A postman of that kind; errors as for `open_mailbox`."""
    return cast("Postman", _load(POSTMEN[kind])(**settings))


def open_calendar(kind: str, settings: Mapping[str, Any]) -> Calendar:
    """A calendar of that kind; errors as for `open_mailbox`."""
    return cast("Calendar", _load(CALENDARS[kind])(**settings))


def _load(path: str) -> Any:
    module, _, name = path.partition(":")
    return getattr(import_module(module), name)

"""Find a client by name, and what is stored about one."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING

from connectors.calendar import Event
from connectors.mail import canonical_domain
from daemon.core import timeline
from daemon.errors import CannotDo
from daemon.glossary.parties import Client, Office

if TYPE_CHECKING:
    from daemon.app import App


def find_client(office: Office, name: str) -> Client:
    """Return the client with that name or domain, or the only one whose name contains it. Raises CannotDo."""
    wanted, domain = _folded(name), canonical_domain(name.rpartition("@")[2])
    exact = [client for client in office.clients if wanted == _folded(client.name) or domain in client.domains]
    matches = exact or [client for client in office.clients if wanted in _folded(client.name)]
    if not matches:
        names = ", ".join(client.name for client in office.clients)
        raise CannotDo(f"“{name}” is not a client in the configuration. The clients are: {names}.")
    if len(matches) > 1:
        raise CannotDo(f"“{name}” fits more than one client: {', '.join(client.name for client in matches)}.")
    return matches[0]


def _folded(name: str) -> str:
    """Return a name as it is compared: a letter with an accent may be written as one character or as two."""
    return unicodedata.normalize("NFC", name).casefold()


def forget(app: App, client: Client) -> int:
    """Delete what is stored about a client, and return how many messages that was."""
    return app.store.purge(client.name, concerns(app, client))


def concerns(app: App, client: Client) -> Callable[[Event], bool]:
    """Return the test whether an event is with the client."""
    return lambda event: any(timeline.concerns(event, a, client, app.directory) for a in app.office.accounts)

"""What a page works on: the account that is signed in, and nobody else's.

Every page does `with viewing() as view:` and takes words of mail from `view.app` and `view.runtime` alone, in which no other account is at
work. What it shows of others, it asks `daemon.core.access.may_see` about first, and takes from `whole_office()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import abort, current_app, g, request

from daemon.accounts.runtime import AccountRuntime
from daemon.app import App
from daemon.glossary.assessments import Coverage
from daemon.glossary.parties import Account
from daemon.web import texts
from daemon.web.office import WebOffice
from daemon.web.texts import Texts

OFFICE = "kept"  # the extension of the Flask application


@dataclass(frozen=True, slots=True)
class Viewing:
    """One account as it is seen at a moment: its App (App.of_account), its runtime, its time zone, and the reader's language."""

    app: App
    runtime: AccountRuntime
    now: datetime
    zone: ZoneInfo
    texts: Texts

    @property
    def account(self) -> Account:
        """The account that is signed in."""
        return self.runtime.account

    def unread_sources(self) -> tuple[Coverage, ...]:
        """Return the sources that cannot be read, or were not yet: what they hold is missing from every page. Raises StoreError."""
        return tuple(c for c in self.runtime.coverage() if c.error or c.seen_until is None)


def web_office() -> WebOffice:
    """Return the office of the present application."""
    office: WebOffice = current_app.extensions[OFFICE]
    return office


def whole_office() -> App:
    """Return the App of all accounts. A page may show of it only what `daemon.core.access.may_see` allows."""
    return web_office().app


@contextmanager
def viewing() -> Iterator[Viewing]:
    """Lend the account that is signed in to the present request; templates find it as `view`. Raises StoreError, and for a page BeingRead."""
    office, address = web_office(), g.get("account")
    if address is None:
        abort(401)
    with office.at_work(address, waits=request.method != "GET") as (app, runtime):
        view = Viewing(app, runtime, office.now(), ZoneInfo(runtime.account.hours.zone), texts.present())
        g.view = view
        try:
            yield view
        finally:
            g.pop("view", None)

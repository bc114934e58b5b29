"""What a page works on: the account that is signed in, and nobody else's.

Every page does `with viewing() as view:` and takes words of mail from `view.app` and `view.runtime` alone, in which no other account is at
work. What it shows of others, it asks `daemon.core.access.may_see` about first, and takes from `whole_office()`.

The account is lent for as long as the block lasts, and everybody else who looks at it waits: what needs nothing of it any more, as
templates do, comes after the block.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask import abort, current_app, g, request

from daemon.accounts.letters import make_renderer
from daemon.accounts.runtime import AccountRuntime
from daemon.app import App
from daemon.delivery.render import Renderer
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.parties import Account
from daemon.operations.plans import Outlook, outlook
from daemon.web import texts
from daemon.web.office import WebOffice
from daemon.web.results import Results
from daemon.web.texts import Texts

T = TypeVar("T")

OFFICE = "kept"  # the extension of the Flask application


@dataclass(frozen=True, slots=True)
class Viewing:
    """One account as it is seen at a moment: its App (App.of_account), its runtime, its time zone, and the reader's language.

    `results` are what was worked out for the page before (None: what changes something begins anew).
    """

    app: App
    runtime: AccountRuntime
    now: datetime
    zone: ZoneInfo
    texts: Texts
    results: Results | None = None

    @property
    def account(self) -> Account:
        """The account that is signed in."""
        return self.runtime.account

    def worked_out(self, name: Hashable, work: Callable[[], T]) -> T:
        """Return what `work` does, once for all pages that show it under the same name. It follows from the account and `now` alone."""
        return work() if self.results is None else self.results.get(name, work)

    def assessments(self) -> tuple[Assessment, ...]:
        """Return what is owed to every client. Raises StoreError."""
        return self.worked_out("assessments", lambda: self.runtime.ledger.assessments(self.now))

    def outlook(self) -> Outlook:
        """Return what Kept will say or book next. Raises StoreError."""
        return self.worked_out("outlook", lambda: outlook(self.app, self.now))

    def renderer(self) -> Renderer:
        """Return what writes the account's letters of this moment. Raises StoreError."""
        return self.worked_out("renderer", lambda: make_renderer(self.runtime, self.assessments(), self.now))

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
    """Lend the account that is signed in to the present request; templates find it as `view`, also once the block has ended.

    Raises StoreError, and for a page BeingRead.
    """
    office, address = web_office(), g.get("account")
    if address is None:
        abort(401)
    looks = request.method == "GET"
    with office.at_work(address, waits=not looks) as (app, runtime):
        results = office.results(runtime) if looks else None
        now = results.at(office.now()) if results is not None else office.now()
        g.view = Viewing(app, runtime, now, ZoneInfo(runtime.account.hours.zone), texts.present(), results)
        yield g.view

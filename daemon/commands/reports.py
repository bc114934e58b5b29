"""The pages that a person asks for: the look-back on the first day, and the report for one client with its draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from daemon.analysis import lookback as core_lookback
from daemon.analysis import service_summary
from daemon.app import App
from daemon.delivery import render
from daemon.errors import CannotDo, StoreError
from daemon.glossary.actions import ActionKind, Delivery, Parcel
from daemon.glossary.assessments import Assessment
from daemon.glossary.parties import Account, Client
from daemon.letters import Letter, lookback, lookback_document, report
from daemon.letters.sheet import Picture


@dataclass(frozen=True, slots=True)
class Page:
    """One account's page, with its facts for --json."""

    account: Account
    letter: Letter
    facts: dict[str, Any]
    pictures: tuple[Picture, ...] = ()


def look_back(app: App, now: datetime, days: int) -> tuple[Page, ...]:
    """Each account's look-back over so many days."""
    if days < 1:
        raise CannotDo("--days must be at least 1.")
    pages = []
    for runtime in app.runtimes.values():
        account, mine = runtime.account, runtime.ledger.at(now)
        clients = {c.name: c for c in app.office.clients if c.owner in (None, *account.addresses)}
        found = core_lookback.look_back(mine, clients, account.hours, now - timedelta(days=days), now)
        letter = lookback.lookback(account, found, clients, app.store.coverage(account.address))
        pages.append(Page(account, letter, lookback_document.document(account, found)))
    return tuple(pages)


def client_report(app: App, client: Client, now: datetime) -> Page:
    """The report for a client, by the account that deals with them most. Raises CannotDo where nobody does."""
    account, assessment = _theirs(app, client, now)
    found = service_summary.summarize(account, client, assessment, now)
    letter, pictures = report.report(account, found)
    return Page(account, letter, report.document(found), pictures)


def lay_report(app: App, client: Client, now: datetime) -> str:
    """Lay the report as a draft into the account's Drafts folder; a line that says how that went."""
    account, assessment = _theirs(app, client, now)
    found = service_summary.summarize(account, client, assessment, now)
    letter, pictures = report.report(account, found)
    contact = service_summary.contact(assessment)
    subject, text = report.accompanying_mail(account, found, contact)
    name = f"service-report-{now.date().isoformat()}.html"
    attached = ((name, "text/html", letter.html.encode()), *((p.name, "image/png", p.png) for p in pictures))
    parcel = render.client_draft(account, ActionKind.REPORT, client, now.date(), contact, (subject, text, attached), now)
    return lay(app, parcel, now)


def lay(app: App, parcel: Parcel, now: datetime) -> str:
    """Queue a draft and lay it; where the daemon runs, it does so at its next turn. Raises CannotDo where it cannot be laid."""
    app.store.queue((parcel,), now)
    try:
        with app.lock():
            outcomes = app.runtimes[parcel.account].outbox.deliver(now)
    except StoreError:
        return "The daemon is running and lays the draft at its next turn."
    ours = next((o for o in outcomes if o.key == parcel.key), None)
    if ours is None:
        return "A draft of today lies there already; nothing was laid twice."
    if ours.delivery is not Delivery.SENT:
        raise CannotDo(f"The draft could not be laid: {ours.error or 'nobody knows why'}. It is kept and tried again.")
    return "A draft lies ready in your Drafts folder."


def _theirs(app: App, client: Client, now: datetime) -> tuple[Account, Assessment]:
    """The account and the assessment of a client: the owner's, else that with the most mail."""
    known = [a for a in app.assessments(now) if a.client == client.name and client.owner in (None, a.account)]
    if not known:
        raise CannotDo(f"There is no mail and no meeting with {client.name} yet, so there is nothing to report.")
    most = max(known, key=lambda a: (len(a.balance), len(a.obligations), a.account))
    return next(a for a in app.office.accounts if a.address == most.account), most

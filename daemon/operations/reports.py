"""The first look at the last months, and the service report for one client with its draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from daemon.accounts.runtime import AccountRuntime
from daemon.analysis import lookback as look_back_analysis
from daemon.analysis import service_summary
from daemon.app import App
from daemon.delivery import client_mail
from daemon.errors import CannotDo, StoreError
from daemon.glossary.actions import ActionKind, Delivery, Parcel
from daemon.glossary.assessments import Assessment
from daemon.glossary.parties import Account, Client
from daemon.letters import Letter
from daemon.letters.client_report import document as report_document
from daemon.letters.client_report import page as report_letter
from daemon.letters.client_report.words import BY_LANGUAGE, Words
from daemon.letters.habits import style
from daemon.letters.lookback import document as lookback_document
from daemon.letters.lookback import page as look_back_letter
from daemon.letters.sheet import Picture

LOOK_BACK_DAYS = 90


@dataclass(frozen=True, slots=True)
class Report:
    """A report as a letter, with its facts for --json and the pictures that a mail attaches."""

    letter: Letter
    facts: dict[str, Any]
    pictures: tuple[Picture, ...] = ()


def look_back(app: App, now: datetime, days: int, *, brief: bool = False) -> tuple[Report, ...]:
    """Return each account's look-back over so many days, `brief` for a terminal. Raises CannotDo for less than one day."""
    if days < 1:
        raise CannotDo("--days must be at least 1.")
    return tuple(_look_back(runtime, now - timedelta(days=days), now, brief=brief) for runtime in app.runtimes.values())


def _look_back(runtime: AccountRuntime, start: datetime, now: datetime, *, brief: bool) -> Report:
    account, assessments = runtime.account, runtime.ledger.assessments(now)
    coverage = runtime.coverage()
    clients = {c.name: c for c in runtime.config.office.clients if c.owner in (None, *account.addresses)}
    facts = look_back_analysis.look_back(assessments, clients, account.hours, start, now)
    letter = look_back_letter.lookback(account, facts, clients, coverage, brief=brief)
    return Report(letter, lookback_document.document(account, facts))


def client_report(app: App, client: Client, now: datetime) -> Report:
    """Return the report for a client, by the account that deals with them most. Raises CannotDo if none does."""
    account, assessment = _main_account(app, client, now)
    facts = service_summary.summarize(account, client, assessment, now)
    letter, pictures = report_letter.report(account, facts, _words(app, account, client, now))
    return Report(letter, report_document.document(facts, ZoneInfo(account.hours.zone)), pictures)


def draft_report(app: App, client: Client, now: datetime) -> str:
    """Save the report as a draft to the client's contact, and return a line about it."""
    account, assessment = _main_account(app, client, now)
    facts = service_summary.summarize(account, client, assessment, now)
    words = _words(app, account, client, now)
    letter, pictures = report_letter.report(account, facts, words)
    contact = service_summary.contact(assessment)
    subject, text = report_letter.accompanying_mail(account, facts, contact, words)
    name = f"service-report-{now.date().isoformat()}.html"
    attached = ((name, "text/html", letter.html.encode()), *((p.name, "image/png", p.png) for p in pictures))
    parcel = client_mail.client_draft(account, ActionKind.REPORT, client, now.date(), contact, (subject, text, attached), now)
    return save_draft(app, parcel, now)


def _words(app: App, account: Account, client: Client, now: datetime) -> Words:
    """Return the words of the language in which the account and the client write to each other."""
    mail = app.store.messages(account.address, client.name, now)
    return BY_LANGUAGE[style.spoken(account, [(m.message, m.reading) for m in mail if m.reading is not None], app.directory)]


def save_draft(app: App, parcel: Parcel, now: datetime) -> str:
    """Queue a draft and save it in the Drafts folder, or leave that to a running daemon. Raises CannotDo if it cannot be saved."""
    app.store.queue((parcel,), now)
    try:
        with app.lock():
            outcomes = app.runtimes[parcel.account].outbox.deliver(now)
    except StoreError:
        return "Kept is running and will save the draft in a moment."
    outcome = next((o for o in outcomes if o.key == parcel.key), None)
    if outcome is not None and outcome.delivery is Delivery.SENT:
        return "Saved as a draft in your Drafts folder."
    stored = next(p for p in app.store.parcels(parcel.account) if p.key == parcel.key)
    if stored.delivery is Delivery.SENT:
        return "Today's draft is already in your Drafts folder; nothing was saved twice."
    reason = (stored.error or "the reason is not known").rstrip(".")
    if stored.delivery in (Delivery.UNKNOWN, Delivery.SENDING):
        raise CannotDo(f"Whether the draft was saved is not known: {reason}. Look in your Drafts folder; Kept looks there, too.")
    next_step = "Kept will try again" if stored.delivery is Delivery.WAITING else "Kept will not try again today"
    raise CannotDo(f"The draft could not be saved: {reason}. {next_step}.")


def _main_account(app: App, client: Client, now: datetime) -> tuple[Account, Assessment]:
    """Return the owner of a client, else the account with the most mail with them, and its assessment. Raises CannotDo."""
    assessments = [a for a in app.assessments(now) if a.client == client.name and client.owner in (None, a.account)]
    if not assessments:
        raise CannotDo("There is no mail and no meeting with %(client)s yet, so there is nothing to report.", client=client.name)
    most = max(assessments, key=lambda a: (len(a.balance), len(a.obligations), a.account))
    return next(a for a in app.office.accounts if a.address == most.account), most

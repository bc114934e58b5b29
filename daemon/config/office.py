"""Turn settings into pure values: accounts, clients and their charters, and the user's preferences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from daemon.config import charter_files
from daemon.config.account_settings import AccountSettings
from daemon.config.charter_settings import ALLOWANCE_KEYS, CharterSettings, CharterVersion, DeliverableSettings, RecoverySettings
from daemon.config.client_settings import ClientSettings
from daemon.config.countries import e164, holiday_dates, region
from daemon.config.settings import Settings
from daemon.config.source_settings import (
    CaldavSettings,
    EwsCalendarSettings,
    GoogleCalendarSettings,
    GraphCalendarSettings,
    IcsSettings,
)
from daemon.config.working_hours import intervals, week
from daemon.core.people import PUBLIC_DOMAINS
from daemon.glossary.charter import Agreement, Allowance, Charter, Deliverable, Redress, WorkingHours
from daemon.glossary.parties import Account, Client, Office
from daemon.planning.plan_inputs import Policy
from daemon.standards import callback, reply, review

CALENDARS = (IcsSettings, CaldavSettings, GoogleCalendarSettings, GraphCalendarSettings, EwsCalendarSettings)
HOUSE_CHARTER: Mapping[str, Allowance | None] = {standard.NAME: standard.DEFAULT for standard in (reply, callback, review)}
"""The standards that a charter shows when the configuration does not mention them."""


def make_office(
    settings: Settings,
    started: datetime | None,
    won: Mapping[str, datetime] | None = None,
    keys: Mapping[str, str] | None = None,
) -> Office:
    """Return the accounts and clients, with their agreed charters. Raises ConfigError for a charter that is not valid.

    Nothing before `since:`, or where that is missing before the first run (`started`), raises a reminder. `won` is when each client,
    by its key, stopped being a prospect, as far as Kept saw it; it counts where the file gives no date. `keys` are those of the clients
    that were known by another name first.
    """
    accounts = tuple(_account(a) for a in settings.accounts)
    agreed = charter_files.read(settings.charters, {c.name for c in settings.clients})
    owners = {address: a for a in reversed(accounts) for address in a.addresses}
    clients = tuple(
        _client(
            c,
            settings,
            owners.get(c.owner or "", accounts[0]),
            started,
            agreed.get(c.name, ()),
            won or {},
            (keys or {}).get(c.name),
        )
        for c in settings.clients
    )
    colleagues = frozenset(x.rpartition("@")[2] for a in accounts for x in a.addresses) - PUBLIC_DOMAINS
    return Office(accounts, clients, colleagues)


def make_policy(settings: Settings) -> Policy:
    """Return the user's preferences for what is planned."""
    notice = settings.reviews.notice
    return Policy(
        digest_at=settings.digest.at,
        review_length=settings.reviews.length,
        notice=notice.count,
        interruptions=settings.interruptions,
        drafts=settings.drafts,
        digest_lines=settings.digest.lines,
        mail_links=settings.digest.mail_links,
        agenda_figures=settings.reviews.agenda == "figures",
    )


def source_name(settings: Any) -> str:
    """Return a name for a source as people would say it: mail imap.northwind.example (dana@northwind.example)."""
    kind = "calendar" if isinstance(settings, CALENDARS) else "mail"
    user = getattr(settings, "mailbox", None) or getattr(settings, "username", None)
    which = getattr(settings, "calendar", None)
    named = ", ".join(part for part in (user, which if which != "primary" else None) if part)
    return f"{kind} {_location(settings)}" + (f" ({named})" if named else "")


def _location(settings: Any) -> str:
    by_type = {"gmail": "Gmail", "google": "Google", "graph": "Microsoft 365", "ews": "Exchange Server"}
    named = getattr(settings, "host", None) or getattr(settings, "endpoint", None) or getattr(settings, "url", None)
    return str(named or by_type.get(settings.type) or settings.path)


def _account(settings: AccountSettings) -> Account:
    hours = WorkingHours(settings.time_zone, week(settings.working_hours), holiday_dates(settings.holidays))
    address = settings.addresses[0]
    name, addresses = settings.name or address, frozenset(settings.addresses)
    s, country = settings, region(str(settings.holidays), settings.time_zone)
    away, quiet, reads = tuple(s.away), intervals(s.quiet), bool(s.mail or s.calendars_by_use())
    return Account(address, name, addresses, hours, s.manager, s.tell_manager, s.cover, s.sees, country, away, quiet, reads)


def _client(
    settings: ClientSettings,
    whole: Settings,
    account: Account,
    started: datetime | None,
    agreed: Sequence[CharterVersion],
    won: Mapping[str, datetime],
    known_as: str | None,
) -> Client:
    base = _charter((whole.charter, settings.charter), started)
    zone = ZoneInfo(account.hours.zone)
    hours = WorkingHours(settings.time_zone, account.hours.week, account.hours.holidays) if settings.time_zone else None
    return Client(
        name=settings.name,
        domains=frozenset(settings.domains),
        addresses=frozenset(settings.addresses),
        phones=frozenset(p for number in settings.phones if (p := e164(number, account.region))),
        stage=settings.stage,
        owner=account.address if settings.owner else None,
        hours=hours,
        charter=base,
        amendments=tuple(_amendment(version, whole, settings, base, zone) for version in agreed),
        won=datetime.combine(settings.won, time(), zone) if settings.won else won.get(known_as or settings.name),
        known_as=known_as,
    )


def _charter(layers: Sequence[CharterSettings], started: datetime | None) -> Charter:
    """Merge charters, each over the one before it: the house's, the client's, an agreed version's."""
    standards: dict[str, Allowance | None] = dict(HOUSE_CHARTER)
    for layer in layers:
        standards |= {name: getattr(layer, name) for name in layer.model_fields_set if name in ALLOWANCE_KEYS}
    since = next((layer.since for layer in reversed(layers) if layer.since), None)
    away = next((layer.away for layer in reversed(layers) if layer.away), "counts")
    recovery = next((layer.recovery for layer in reversed(layers) if layer.recovery is not None), RecoverySettings())
    lists = next((layer.deliverables for layer in reversed(layers) if "deliverables" in layer.model_fields_set), [])
    return Charter(
        standards=standards,
        since=datetime.combine(since, time(), UTC) if since else started,
        deliverables=tuple(_deliverable(d) for d in lists),
        redress=_redress(recovery) if recovery else None,
        away_shifts=away == "shifts",
    )


def _amendment(version: CharterVersion, whole: Settings, client: ClientSettings, base: Charter, zone: ZoneInfo) -> Charter:
    return replace(
        _charter((whole.charter, client.charter, version), None),
        since=base.since,
        start=datetime.combine(version.start, time(), zone),
        agreement=Agreement(version.asked, version.agreed_by, version.next_review, version.notes),
    )


def _redress(r: RecoverySettings) -> Redress:
    return Redress(r.infractions, r.within, r.grave, r.trust, r.book)


def _deliverable(d: DeliverableSettings) -> Deliverable:
    return Deliverable(d.name, d.every, d.day(), d.by, d.subject, d.attachment, d.recipient)

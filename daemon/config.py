"""The configuration: a file, checked whole, becomes settings; settings become the office as pure values (contract, section 4)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from daemon import checks, lined
from daemon.core.model import Account, Allowance, Charter, Client, Office, Unit, WorkingHours
from daemon.core.people import PUBLIC_DOMAINS
from daemon.core.plan import Policy
from daemon.countries import e164, free_days
from daemon.failures import ConfigError, Problem
from daemon.settings import AccountSettings, CharterSettings, ClientSettings, Settings, region_of, week

_HOUSE: Mapping[str, Allowance] = {
    "reply": Allowance(1, Unit.WORKING_DAYS),
    "call_back": Allowance(1, Unit.WORKING_DAYS),
    "next_step": Allowance(2, Unit.WORKING_DAYS),
    "review": Allowance(6, Unit.MONTHS),
}


def default_path(environ: Mapping[str, str]) -> Path:
    """$KEPT_CONFIG, else ~/.config/kept/config.yaml."""
    return Path(environ.get("KEPT_CONFIG") or "~/.config/kept/config.yaml").expanduser()


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read and validate. Raises ConfigError with every problem. Paths in the file are relative to it."""
    del environ  # secrets are looked up when they are needed, not when the file is read
    found = lined.read(path)
    problems = [*found.problems, *checks.open_secrets(found)]
    try:
        settings = Settings.model_validate(found.data, context={"folder": path.parent})
    except ValidationError as error:
        raise _wrong([*problems, *checks.in_models(found, error)]) from None
    problems += checks.between_parts(found, settings)
    if problems:
        raise _wrong(problems)
    return settings


def _wrong(problems: list[Problem]) -> ConfigError:
    return ConfigError(tuple(sorted(problems, key=lambda p: (p.line, p.key))))


def office(settings: Settings, started: datetime | None) -> Office:
    """The settings as pure values. What lies before `since`, or before the first run, raises no reminder."""
    accounts = tuple(_account(a) for a in settings.accounts)
    clients = tuple(_client(c, settings, accounts, started) for c in settings.clients)
    colleagues = frozenset(x.rpartition("@")[2] for a in accounts for x in a.addresses) - PUBLIC_DOMAINS
    return Office(accounts, clients, colleagues)


def policy(settings: Settings) -> Policy:
    """How the user wants to be served."""
    notice = settings.reviews.notice
    return Policy(
        digest_at=settings.digest.at,
        review_length=settings.reviews.length,
        review_notice=notice.count,
        interruptions=settings.interruptions,
        drafts=settings.drafts,
    )


def source_name(settings: Any) -> str:
    """A source as a person would name it."""
    kind = "calendar" if settings.type in {"ics", "caldav"} else "mail"
    place = getattr(settings, "host", None) or getattr(settings, "url", None) or str(settings.path)
    user = getattr(settings, "username", None)
    return f"{kind} {place}" + (f" ({user})" if user else "")


def _account(settings: AccountSettings) -> Account:
    hours = WorkingHours(settings.time_zone, week(settings.working_hours), free_days(settings.holidays))
    address = settings.addresses[0]
    return Account(address, settings.name or address, frozenset(settings.addresses), hours, settings.manager)


def _client(settings: ClientSettings, whole: Settings, accounts: tuple[Account, ...], started: datetime | None) -> Client:
    ours = next((a for a in accounts if settings.owner in a.addresses), accounts[0])
    hours = WorkingHours(settings.time_zone, ours.hours.week, ours.hours.holidays) if settings.time_zone else None
    region = region_of(whole, settings)
    return Client(
        name=settings.name,
        domains=frozenset(settings.domains),
        addresses=frozenset(settings.addresses),
        phones=frozenset(p for number in settings.phones if (p := e164(number, region))),
        stage=settings.stage,
        owner=ours.address if settings.owner else None,
        hours=hours,
        charter=_charter(settings.charter, whole.charter, started),
    )


def _charter(own: CharterSettings, house: CharterSettings, started: datetime | None) -> Charter:
    standards: dict[str, Allowance | None] = dict(_HOUSE)
    for charter in (house, own):
        standards |= {name: getattr(charter, name) for name in charter.model_fields_set if name != "since"}
    since = own.since or house.since
    return Charter(standards, datetime.combine(since, time(), UTC) if since else started)

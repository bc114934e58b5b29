"""The whole configuration file as a pydantic model; each part has a module of its own (account_settings, client_settings, ...).

Outsiders write these keys, so none may be renamed. A field's description is its comment in config.example.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from daemon.config.account_settings import AccountSettings
from daemon.config.charter_settings import CharterSettings
from daemon.config.client_settings import ClientSettings
from daemon.config.countries import region
from daemon.config.locations import CHARTERS, STATE
from daemon.config.model_settings import ModelSettings
from daemon.config.oauth_settings import OauthSettings
from daemon.config.source_settings import KeyFile
from daemon.config.team_settings import TeamSettings
from daemon.config.values import Clock, FilePath, HostPort, Listen, Part, Span, TrustedHost, require_working_days, to_allowance
from daemon.glossary.charter import Allowance, Unit


class DigestSettings(Part):
    """The mail of each working morning."""

    at: Clock = Field(default=time(7, 30), description="in the time zone of each account")
    lines: int = Field(default=7, ge=3, le=100, description="the most lines; the rest is counted")
    mail_links: Literal["message", "mid", "none"] = Field(
        default="message",
        description="what opens an email that has no page on the web: message (Apple Mail), mid (Thunderbird) or none",
    )


class ReviewSettings(Part):
    """Expectation reviews and their invites."""

    notice: Annotated[Allowance, BeforeValidator(to_allowance), AfterValidator(require_working_days)] = Field(
        default=Allowance(1, Unit.WORKING_DAYS),
        description="working days between the digest that announces an invite and the invite itself",
    )
    length: Span = timedelta(minutes=60)
    agenda: Literal["topics", "figures"] = Field(
        default="topics", description="figures: the invitation also says what was on time, late and not done"
    )


class MetricsSettings(Part):
    """Where each worker of a team answers Prometheus (`/metrics`) and whoever asks how it is (`/health`)."""

    listen: Listen = Field(description="a host and a port; several workers on one machine take the next free ones")


class WebSettings(Part):
    """The dashboard, a page in the browser: within `kept run` and `kept worker` if it is named, else by `kept web`."""

    listen: Listen = Field(
        default=HostPort("127.0.0.1", 8420), description="another address than this machine's own needs TLS in front"
    )
    trusted_hosts: list[TrustedHost] = Field(
        default=[], description="the names by which browsers reach it through TLS: [kept.northwind.example]"
    )


class Settings(Part):
    """The whole file."""

    include: list[str] = Field(
        default=[],
        description="files with one account or client each, or a list of them: [accounts.d/*.yaml, clients.d/*.yaml]; see docs/team.md",
    )
    accounts: list[AccountSettings] = Field(min_length=1)
    clients: list[ClientSettings] = Field(default=[])
    charter: CharterSettings = CharterSettings()
    charters: FilePath = Field(
        default=Path(CHARTERS), validate_default=True, description="the folder of agreed charters, written by kept charter new"
    )
    oauth: OauthSettings = OauthSettings()
    team: TeamSettings | None = Field(default=None, description="what the people of a team have in common, see docs/team.md")
    resources: FilePath | None = Field(default=None, description="a file of answers and links that reminders suggest from")
    state: FilePath = Field(
        default=Path(STATE), validate_default=True, description="the folder for the database, the sent log and kept.log"
    )
    signing_key: KeyFile | None = Field(
        default=None,
        description="the file of the key that signs the links of letters, or {password_command: …}; default: one in the state folder",
    )
    database: str | None = Field(
        default=None, repr=False, description="a postgresql:// URL, to use PostgreSQL instead of the embedded database"
    )
    history: Span = Field(default=timedelta(days=180), description="how far back the first sync reads")
    poll: Span = Field(default=timedelta(seconds=60), description="how often to read the sources that cannot announce new mail")
    digest: DigestSettings = DigestSettings()
    reviews: ReviewSettings = ReviewSettings()
    drafts: bool = Field(default=True, description="save a draft reply with each reminder")
    interruptions: int = Field(default=5, ge=0, description="the most reminders a day; the rest wait for the digest")
    metrics: MetricsSettings | None = Field(default=None, description="figures of kept worker, see docs/team.md; default: none")
    web: WebSettings | None = Field(
        default=None, description="the dashboard as a part of kept run and kept worker, see docs/web.md; default: none"
    )
    model: ModelSettings | None = Field(
        default=None, description="a language model of your own that Kept may ask, see docs/model.md; default: none"
    )


def by_address(settings: Settings) -> Mapping[str, AccountSettings]:
    """Return the accounts by each of their addresses."""
    return {address: account for account in settings.accounts for address in account.addresses}


def without_reviews(settings: Settings) -> Iterator[str]:
    """Yield a line for each client with whom nobody books reviews, since its owner reads no mailbox and no calendar."""
    accounts = by_address(settings)
    for client in settings.clients:
        owner = accounts.get(client.owner or "")
        if owner is not None and not (owner.mail or owner.calendars_by_use()):
            yield (
                f"{client.name}: nobody books reviews with them, as their `owner:`, {owner.addresses[0]}, has no mailbox and no calendar. "
                "Name another owner, or give that account a mailbox and a calendar."
            )


def region_of(account: AccountSettings) -> str | None:
    """Return the country (ISO 3166) from which an account calls."""
    return region(str(account.holidays), account.time_zone)

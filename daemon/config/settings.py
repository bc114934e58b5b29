"""The whole configuration file: pydantic models, one file for each part (contract, section 4).

Every field's description is the comment that config.example.yaml shows beside it.
"""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from daemon.config.account_settings import AccountSettings
from daemon.config.charter_settings import CharterSettings
from daemon.config.client_settings import ClientSettings
from daemon.config.countries import region
from daemon.config.oauth_settings import OauthSettings
from daemon.config.values import Clock, FilePath, Part, Span, require_working_days, to_allowance
from daemon.glossary.charter import Allowance, Unit


class DigestSettings(Part):
    """The morning's mail."""

    at: Clock = Field(default=time(7, 30), description="local time of each account")


class ReviewSettings(Part):
    """Expectation reviews."""

    notice: Annotated[Allowance, BeforeValidator(to_allowance), AfterValidator(require_working_days)] = Field(
        default=Allowance(1, Unit.WORKING_DAYS), description="working days between the announcing digest and the invite"
    )
    length: Span = timedelta(minutes=60)


class Settings(Part):
    """The whole file."""

    accounts: list[AccountSettings] = Field(min_length=1)
    clients: list[ClientSettings] = Field(default=[])
    charter: CharterSettings = CharterSettings()
    charters: FilePath = Field(
        default=Path("charters"), validate_default=True, description="the folder of agreed charters (kept charter new)"
    )
    oauth: OauthSettings = OauthSettings()
    resources: FilePath | None = Field(default=None, description="a file of answers and links that reminders draw on")
    state: FilePath = Field(default=Path("~/.local/share/kept"), validate_default=True)
    database: str | None = Field(default=None, repr=False, description="postgresql://… instead of the embedded database")
    history: Span = Field(default=timedelta(days=180), description="how far the first sync reads back")
    poll: Span = Field(default=timedelta(seconds=60), description="how often sources are read where they do not push")
    digest: DigestSettings = DigestSettings()
    reviews: ReviewSettings = ReviewSettings()
    drafts: bool = Field(default=True, description="lay a draft of an answer beside each reminder")
    interruptions: int = Field(default=5, ge=0, description="reminder mails a day at most; the rest waits for the digest")


def region_of(settings: Settings, client: ClientSettings) -> str | None:
    """The country (ISO 3166) in which a client's numbers are dialled: its owner's, else the first account's."""
    account = next((a for a in settings.accounts if client.owner in a.addresses), settings.accounts[0])
    return region(str(account.holidays), account.time_zone)

"""The settings of one client: a company with its contacts, its stage and its charter."""

from __future__ import annotations

from datetime import date

from pydantic import Field, field_validator

from daemon.config.charter_settings import CharterSettings
from daemon.config.values import Domain, Email, Part, require_zone
from daemon.glossary.parties import Stage


class ClientSettings(Part):
    """One company."""

    name: str = Field(min_length=1)
    domains: list[Domain] = Field(default=[])
    addresses: list[Email] = Field(default=[], description="of individual people, for example at gmail.com")
    phones: list[str] = Field(default=[])
    stage: Stage = Stage.ESTABLISHED
    owner: Email | None = Field(
        default=None, description="the account that looks after them; default: whichever exchanges emails with them"
    )
    time_zone: str | None = None
    won: date | None = Field(
        default=None, description="the date of their first order; default: the day their stage stopped being prospect"
    )
    charter: CharterSettings = CharterSettings()

    @field_validator("time_zone")
    @classmethod
    def _check_zone(cls, value: str | None) -> str | None:
        return require_zone(value) if value else value

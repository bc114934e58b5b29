"""One salesperson, as the file says it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field, ValidationInfo, field_validator

from daemon.config.countries import free_days
from daemon.config.source_settings import CalendarSource, Mail, Send
from daemon.config.values import Email, Part, require_zone, to_absolute
from daemon.config.working_hours import WorkingHoursSettings


class AccountSettings(Part):
    """One salesperson."""

    name: str = ""
    addresses: list[Email] = Field(min_length=1, description="the first one names the account")
    time_zone: str = "UTC"
    working_hours: WorkingHoursSettings = WorkingHoursSettings()
    holidays: str | list[date] = Field(default=[], description="a country (GB-ENG, DE-BY, US), a list of dates, or an .ics file")
    manager: Email | None = None
    tell_manager: bool = Field(default=False, description="escalations and the weekly sheet may go to the manager by mail")
    cover: Email | None = Field(default=None, description="the colleague who covers while you are away")
    mail: list[Mail] = Field(default=[])
    calendars: list[CalendarSource] = Field(default=[])
    send: Send | None = None

    @field_validator("holidays")
    @classmethod
    def _known_days(cls, value: str | list[date], info: ValidationInfo) -> str | list[date]:
        if isinstance(value, str) and value.lower().endswith(".ics"):
            value = str(to_absolute(Path(value), info))
        free_days(value)
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        return require_zone(value)

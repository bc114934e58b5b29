"""The settings of one account: a salesperson with their mailboxes and calendars."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from pydantic import Field, ValidationInfo, field_validator

from daemon.config.countries import holiday_dates
from daemon.config.source_settings import CalendarSource, Mail, Send
from daemon.config.values import AwayDays, Email, Part, require_zone, to_absolute
from daemon.config.working_hours import WorkingHoursSettings, intervals
from daemon.glossary.parties import Sees


class PersonSettings(Part):
    """Who an account belongs to."""

    name: str = ""
    addresses: list[Email] = Field(min_length=1, description="the first one is the name of the account in commands and reports")


class CommonSettings(Part):
    """What several accounts may have in common: the keys that a team's defaults may have, too."""

    time_zone: str = "UTC"
    working_hours: WorkingHoursSettings = WorkingHoursSettings()
    holidays: str | list[date] = Field(
        default=[], description="a country or region (GB-ENG, DE-BY, US), a list of dates, or an .ics file"
    )
    quiet: list[str] = Field(default=[], description='hours of the day in which no reminder comes: ["12:00-13:00"]')
    manager: Email | None = None
    tell_manager: bool = Field(
        default=False, description="send the weekly sheet, and what is badly overdue, to the manager by email"
    )
    cover: Email | None = Field(default=None, description="the colleague who covers while you are away")
    sees: Sees | None = Field(
        default=None,
        description="own (nothing of others') | figures | team (others' emails, too): see docs/team.md; default: a manager sees figures",
    )
    mail: list[Mail] = Field(default=[])
    calendars: list[CalendarSource] = Field(default=[])
    send: Send | None = None

    @field_validator("holidays")
    @classmethod
    def _check_holidays(cls, value: str | list[date], info: ValidationInfo) -> str | list[date]:
        if isinstance(value, str) and value.lower().endswith(".ics"):
            value = str(to_absolute(Path(value), info))
        holiday_dates(value)
        return value

    @field_validator("quiet")
    @classmethod
    def _check_quiet(cls, value: list[str]) -> list[str]:
        if any(interval.start >= interval.end for interval in intervals(value)):
            raise ValueError("quiet hours must end after they start, on the same day")
        return value

    @field_validator("time_zone")
    @classmethod
    def _check_zone(cls, value: str) -> str:
        return require_zone(value)


class AccountSettings(CommonSettings, PersonSettings):
    """One salesperson."""

    away: list[AwayDays] = Field(
        default=[], description="days off that are not in the calendar: [2026-07-06 to 2026-07-17]; Kept says nothing on them"
    )

    def calendars_by_use(self) -> tuple[CalendarSource, ...]:
        """Return the calendars, the one first in which meetings are booked: the one marked `book`, else the first of the file."""
        return tuple(sorted(self.calendars, key=lambda calendar: not calendar.book))

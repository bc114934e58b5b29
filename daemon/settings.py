"""The configuration's shape: pydantic models, one for each part of the file (contract, section 4).

Every field's description is the comment that config.example.yaml shows beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from daemon.core.hours import parse_allowance
from daemon.core.model import Allowance, Stage, Unit

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _email(value: str) -> str:
    if value.count("@") != 1 or value.startswith("@") or value.endswith("@") or any(c.isspace() for c in value):
        raise ValueError(f"“{value}” is not an e-mail address")
    return value


def _allowance(value: Any) -> Any:
    if value is None or value is False or value in {"off", "none"}:
        return None
    if isinstance(value, str):
        return parse_allowance(value)
    raise ValueError("write a duration, for example 2h or 1 day, or off")


def _span(value: Any) -> Any:
    """A span of real time: `180 days`, `60s`, `60m`."""
    if not isinstance(value, str):
        return value
    if value.strip().lower().endswith("s") and value.strip()[:-1].isdigit():
        return timedelta(seconds=int(value.strip()[:-1]))
    count, unit = parse_allowance(value)
    return {
        Unit.BUSINESS_MINUTES: timedelta(minutes=count),
        Unit.CLOCK_MINUTES: timedelta(minutes=count),
        Unit.WORKING_DAYS: timedelta(days=count),
        Unit.CALENDAR_DAYS: timedelta(days=count),
        Unit.MONTHS: timedelta(days=30 * count),
    }[unit]


def _clock(value: Any) -> Any:
    """YAML 1.1 reads 09:00 without quotes as a number in base 60; it is meant as a clock time."""
    if isinstance(value, int) and not isinstance(value, bool):
        return time(value // 60 % 24, value % 60)
    return value


Email = Annotated[str, BeforeValidator(_lower), BeforeValidator(lambda v: _email(v) if isinstance(v, str) else v)]
Domain = Annotated[str, BeforeValidator(_lower)]
Duration = Annotated[Allowance | None, BeforeValidator(_allowance)]
Span = Annotated[timedelta, BeforeValidator(_span)]
Clock = Annotated[time, BeforeValidator(_clock)]


class _Part(BaseModel):
    """A part of the file: unknown keys are errors, values cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def weekdays(value: str | list[str]) -> frozenset[int]:
    """Monday is 0. Takes mon-fri, mon, or lists of such; raises ValueError."""
    found: set[int] = set()
    for part in value if isinstance(value, list) else value.split(","):
        first, _, last = part.strip().lower().partition("-")
        try:
            start = _DAYS.index(first[:3])
            end = _DAYS.index(last[:3]) if last else start
        except ValueError:
            raise ValueError(f"“{part}” is no weekday; write mon-fri, or a list of mon, tue, wed, thu, fri, sat, sun") from None
        found |= {n % 7 for n in range(start, (end if end >= start else end + 7) + 1)}
    return frozenset(found)


def intervals(working: WorkingHoursSettings) -> list[tuple[time, time]]:
    """The working intervals of a day, in order. Raises ValueError."""
    if not working.hours:
        return [(working.start, working.end)]
    found = []
    for part in working.hours:
        first, _, last = part.partition("-")
        try:
            found.append((time.fromisoformat(first.strip()), time.fromisoformat(last.strip())))
        except ValueError:
            raise ValueError(f"“{part}” is no interval; write 09:00-12:30, in quotes") from None
    return found


class WorkingHoursSettings(_Part):
    """When somebody works."""

    days: str | list[str] = Field(default="mon-fri", description="mon-fri, or a list: [mon, tue, thu]")
    start: Clock = Field(default=time(9), description="quotes matter: YAML reads 09:00 as a number")
    end: Clock = time(17, 30)
    hours: list[str] = Field(
        default=[], description='instead of start and end, several intervals: ["09:00-12:30", "13:30-17:30"]'
    )

    @field_validator("days")
    @classmethod
    def _known_days(cls, value: str | list[str]) -> str | list[str]:
        weekdays(value)
        return value

    @model_validator(mode="after")
    def _in_order(self) -> WorkingHoursSettings:
        spans = intervals(self)
        if any(a >= b for a, b in spans) or any(spans[n][1] > spans[n + 1][0] for n in range(len(spans) - 1)):
            raise ValueError("the working hours must end after they start, one interval after the other")
        return self


class _Secret(_Part):
    password: str | None = Field(
        default=None, repr=False, description="only where this file is readable by you alone; better one of the next three"
    )
    password_command: str | list[str] | None = Field(
        default=None, description="a command that prints it, e.g. pass show mail/dana"
    )
    password_env: str | None = Field(default=None, description="the name of an environment variable that holds it")
    password_credential: str | None = Field(default=None, description="the name of a systemd credential (LoadCredential=)")


class MaildirSettings(_Part):
    """A Maildir++ folder."""

    type: Literal["maildir"]
    path: Path
    drafts: str | None = None


class ImapSettings(_Secret):
    """An IMAP server."""

    type: Literal["imap"]
    host: str
    port: int | None = Field(default=None, ge=1, le=65535)
    tls: Literal["implicit", "starttls", "none"] = Field(default="implicit", description="none only on loopback")
    username: str
    ca_file: Path | None = Field(default=None, description="certificates to trust besides the system's")
    drafts: str | None = Field(default=None, description="the folder for drafts, where the server does not say")


class IcsSettings(_Part):
    """A folder of .ics files, or one file."""

    type: Literal["ics"]
    path: Path


class CaldavSettings(_Secret):
    """A CalDAV server."""

    type: Literal["caldav"]
    url: str
    username: str
    calendar: str | None = Field(default=None, description="its name; default: the first one")
    ca_file: Path | None = None


class FileSettings(_Part):
    """A folder into which mails are written instead of being sent."""

    type: Literal["file"]
    path: Path


class SmtpSettings(_Secret):
    """An SMTP server."""

    type: Literal["smtp"]
    host: str
    port: int | None = Field(default=None, ge=1, le=65535)
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    username: str | None = None
    ca_file: Path | None = None


Mail = Annotated[MaildirSettings | ImapSettings, Field(discriminator="type")]
CalendarPlace = Annotated[IcsSettings | CaldavSettings, Field(discriminator="type")]
Send = Annotated[FileSettings | SmtpSettings, Field(discriminator="type")]


class AccountSettings(_Part):
    """One salesperson."""

    name: str = ""
    addresses: list[Email] = Field(min_length=1, description="the first one names the account")
    time_zone: str = "UTC"
    working_hours: WorkingHoursSettings = WorkingHoursSettings()
    holidays: str | list[date] = Field(default=[], description="a country (GB-ENG, DE-BY, US), a list of dates, or an .ics file")
    manager: Email | None = None
    mail: list[Mail] = []
    calendars: list[CalendarPlace] = []
    send: Send | None = None

    @field_validator("holidays")
    @classmethod
    def _known_country(cls, value: str | list[date]) -> str | list[date]:
        if isinstance(value, str) and not value.lower().endswith(".ics"):
            public_holidays(value, years=(2026,))
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        return _zone(value)


class CharterSettings(_Part):
    """The standards agreed with a client; what is left out is as in the house charter."""

    reply: Duration = None
    call_back: Duration = None
    promise: Duration = None
    next_step: Duration = None
    review: Duration = None
    since: date | None = Field(default=None, description="what happened before counts for the look-back only")


class ClientSettings(_Part):
    """One company."""

    name: str = Field(min_length=1)
    domains: list[Domain] = []
    addresses: list[Email] = Field(default=[], description="for people on public mail domains")
    phones: list[str] = []
    stage: Stage = Stage.ESTABLISHED
    owner: Email | None = Field(default=None, description="default: whichever account writes with them")
    time_zone: str | None = None
    charter: CharterSettings = CharterSettings()

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str | None) -> str | None:
        return _zone(value) if value else value


class DigestSettings(_Part):
    """The morning's mail."""

    at: Clock = Field(default=time(7, 30), description="local time of each account")


class ReviewSettings(_Part):
    """Expectation reviews."""

    notice: Duration = Field(
        default=Allowance(1, Unit.WORKING_DAYS), description="working days between the announcing digest and the invite"
    )
    length: Span = timedelta(minutes=60)


class Settings(_Part):
    """The whole file."""

    accounts: list[AccountSettings] = Field(min_length=1)
    clients: list[ClientSettings] = []
    charter: CharterSettings = CharterSettings()
    state: Path = Path("~/.local/share/kept")
    database: str | None = Field(default=None, description="postgresql://… instead of the embedded database")
    history: Span = Field(default=timedelta(days=180), description="how far the first sync reads back")
    poll: Span = Field(default=timedelta(seconds=60), description="how often sources are read where they do not push")
    digest: DigestSettings = DigestSettings()
    reviews: ReviewSettings = ReviewSettings()
    drafts: bool = Field(default=True, description="lay a draft of an answer beside each reminder")
    interruptions: int = Field(default=5, ge=0, description="reminder mails a day at most; the rest waits for the digest")


def public_holidays(country: str, years: Iterable[int]) -> frozenset[date]:
    """The public holidays of an ISO 3166 country, or of its subdivision after a dash. Raises ValueError."""
    import holidays  # noqa: PLC0415  # slow to import, and needed only where a country is named

    name, _, region = country.partition("-")
    try:
        return frozenset(holidays.country_holidays(name, subdiv=region or None, years=years))
    except (NotImplementedError, KeyError, AttributeError):
        raise ValueError(f"“{country}” is no country whose holidays are known; write for example GB-ENG, DE-BY or US") from None


def _zone(value: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415  # only for an error
    from zoneinfo import ZoneInfo, available_timezones  # noqa: PLC0415  # the list is slow to make

    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        near = get_close_matches(value, available_timezones(), 1)
        raise ValueError(
            f"“{value}” is no time zone" + (f"; did you mean {near[0]}?" if near else "; write for example Europe/London")
        ) from None
    return value

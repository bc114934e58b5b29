"""The configuration's shape: pydantic models, one for each part of the file (contract, section 4).

Every field's description is the comment that config.example.yaml shows beside it.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from datetime import date, time, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    field_validator,
    model_validator,
)

from daemon.core.hours import parse_allowance
from daemon.core.model import Allowance, Interval, Period, Stage, Unit
from daemon.countries import free_days, region

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MINUTES_OF_A_DAY = 24 * 60
Provider: TypeAlias = Literal["google", "microsoft"]
API: Mapping[str, Provider] = {"gmail": "google", "google": "google", "graph": "microsoft"}  # whose API a type of source is
STANDARDS = (
    "reply",
    "call_back",
    "promise",
    "next_step",
    "review",
    "contact",
    "meeting",
    "feedback",
    "escalate",
    "touch_base",
)  # with an allowance


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
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        raise ValueError("write a span of time with its unit, for example 60s, 90m or 180 days")  # noqa: TRY004  # pydantic's way
    seconds = re.fullmatch(r"\s*(\d+)\s*s(ec(ond)?s?)?\s*", value, re.IGNORECASE)
    if seconds and int(seconds[1]):
        return timedelta(seconds=int(seconds[1]))
    count, unit = parse_allowance(value)
    minutes = unit in {Unit.BUSINESS_MINUTES, Unit.CLOCK_MINUTES}
    return timedelta(minutes=count) if minutes else timedelta(days=30 * count if unit is Unit.MONTHS else count)


def _clock(value: Any) -> Any:
    """A clock time; 24:00 is the day's end. YAML 1.1 reads 17:30 without quotes as a number in base 60."""
    if isinstance(value, time):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 60 <= value <= _MINUTES_OF_A_DAY:
        value = f"{value // 60}:{value % 60:02}"
    found = re.fullmatch(r"\s*(\d{1,2}):(\d\d)\s*", value) if isinstance(value, str) else None
    if found and (found[1], found[2]) == ("24", "00"):
        return time.max
    if not found or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError('must be a clock time in quotes, for example "09:00"')
    return time(int(found[1]), int(found[2]))


def _domain(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    domain = value.strip().lower().removeprefix("@").rstrip(".")
    if not re.fullmatch(r"[^\s@/:.]+(\.[^\s@/:.]+)*", domain):
        raise ValueError(f"“{value}” is not a domain; write for example acme.example")
    return domain


def _command(value: Any) -> Any:
    """What is wrong is said without the words themselves: somebody may have put the password there."""
    if value in ("", []):
        raise ValueError("is empty; write the command that prints the password")
    if isinstance(value, str):
        try:
            shlex.split(value)
        except ValueError:
            raise ValueError("has a quotation mark that is never closed") from None
    return value


def _placed(value: Path, info: ValidationInfo) -> Path:
    """Relative paths are meant from the file's folder; ~ is the user's home."""
    folder = (info.context or {}).get("folder", Path())
    try:
        return Path(folder) / value.expanduser()
    except RuntimeError:
        raise ValueError(f"“{value}” names a user whom this machine does not know") from None


def _some_time(value: Allowance | None) -> Allowance:
    if value is None:
        raise ValueError("must be a time, for example 3 months")
    return value


def _working_days(value: Allowance | None) -> Allowance:
    if value is None or value.unit is not Unit.WORKING_DAYS:
        raise ValueError("must be working days, for example 1 day")
    return value


Email = Annotated[str, BeforeValidator(_lower), BeforeValidator(lambda v: _email(v) if isinstance(v, str) else v)]
Domain = Annotated[str, BeforeValidator(_domain)]
Duration = Annotated[Allowance | None, BeforeValidator(_allowance)]
Span = Annotated[timedelta, BeforeValidator(_span)]
Clock = Annotated[time, BeforeValidator(_clock)]
Place = Annotated[Path, AfterValidator(_placed)]
Command = Annotated[str | list[str], BeforeValidator(_command)]


class _Part(BaseModel):
    """A part of the file: unknown keys are errors, values cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)  # built once, inside what holds it


def weekdays(value: str | list[str]) -> frozenset[int]:
    """Monday is 0. Takes mon-fri, mon, or lists of such; raises ValueError."""
    found: set[int] = set()
    for part in value if isinstance(value, list) else value.split(","):
        first, _, last = part.partition("-")
        start = _weekday(first, part)
        end = _weekday(last, part) if last else start
        found |= {n % 7 for n in range(start, (end if end >= start else end + 7) + 1)}
    return frozenset(found)


def _weekday(word: str, part: str) -> int:
    word = word.strip().lower()
    for number, name in enumerate(_DAYS):
        if len(word) >= 3 and name.startswith(word):
            return number
    raise ValueError(f"“{part}” is no weekday; write mon-fri, or a list of mon, tue, wed, thu, fri, sat, sun")


def week(working: WorkingHoursSettings) -> tuple[tuple[Interval, ...], ...]:
    """The working intervals of each weekday, Monday first. Raises ValueError."""
    if isinstance(working.hours, dict):
        days: dict[int, tuple[Interval, ...]] = {}
        for words, parts in working.hours.items():
            for day in weekdays(words):
                if day in days:
                    raise ValueError(f"{_DAYS[day].capitalize()} has its hours twice")
                days[day] = _intervals(parts)
        return tuple(days.get(n, ()) for n in range(7))
    everywhere = _intervals(working.hours) if working.hours else (Interval(working.start, working.end),)
    return tuple(everywhere if n in weekdays(working.days) else () for n in range(7))


def _intervals(parts: list[str]) -> tuple[Interval, ...]:
    found: list[Interval] = []
    for part in parts:
        first, _, last = part.partition("-")
        try:
            found.append(Interval(_clock(first), _clock(last)))
        except ValueError:
            raise ValueError(f"“{part}” is no interval; write 09:00-12:30, in quotes") from None
    return tuple(found)


class WorkingHoursSettings(_Part):
    """When somebody works."""

    days: str | list[str] = Field(default="mon-fri", description="mon-fri, or a list: [mon, tue, thu]")
    start: Clock = Field(default=time(9), description="quotes matter: YAML reads 09:00 as a number")
    end: Clock = time(17, 30)
    hours: list[str] | dict[str, list[str]] = Field(
        default=[],
        description='instead, several intervals: ["09:00-12:30", "13:30-17:30"]; or by day: {mon-thu: ["09:00-17:00"], fri: ["09:00-13:00"]}',
    )

    @field_validator("days")
    @classmethod
    def _known_days(cls, value: str | list[str]) -> str | list[str]:
        weekdays(value)
        return value

    @model_validator(mode="after")
    def _in_order(self) -> WorkingHoursSettings:
        days = week(self)
        if any(a >= b for day in days for a, b in day) or any(a.end > b.start for day in days for a, b in pairwise(day)):
            raise ValueError("the working hours must end after they start, one interval after the other")
        if not any(days):
            raise ValueError("there must be working hours on some day")
        if isinstance(self.hours, dict) and "days" in self.model_fields_set:
            raise ValueError("name the days once: under days, or under hours")
        if self.hours and self.model_fields_set & {"start", "end"}:
            raise ValueError("name the times once: start and end, or hours")
        return self


class _Secret(_Part):
    password: str | None = Field(
        default=None, repr=False, description="only where this file is readable by you alone; better one of the next three"
    )
    password_command: Command | None = Field(default=None, description="a command that prints it, e.g. pass show mail/dana")
    password_env: str | None = Field(default=None, description="the name of an environment variable that holds it")
    password_credential: str | None = Field(default=None, description="the name of a systemd credential (LoadCredential=)")

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        named = [
            n for n in ("password", "password_command", "password_env", "password_credential") if getattr(self, n) is not None
        ]
        if len(named) > 1:
            raise ValueError(f"name one source of the password, not {' and '.join(named)}")
        return self


class _Login(_Secret):
    oauth: Provider | None = Field(
        default=None, description="instead of a password: sign in there once, with kept auth (see oauth below)"
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.oauth and self.model_fields_set & {"password", "password_command", "password_env", "password_credential"}:
            raise ValueError("name one way to log in: a password, or oauth")
        return self


class MaildirSettings(_Part):
    """A Maildir++ folder."""

    type: Literal["maildir"]
    path: Place
    drafts: str | None = None


class ImapSettings(_Login):
    """An IMAP server."""

    type: Literal["imap"]
    host: str
    port: int | None = Field(default=None, ge=1, le=65535)
    tls: Literal["implicit", "starttls", "none"] = Field(default="implicit", description="none only on loopback")
    username: str
    ca_file: Place | None = Field(default=None, description="certificates to trust besides the system's")
    drafts: str | None = Field(default=None, description="the folder for drafts, where the server does not say")


class IcsSettings(_Part):
    """A folder of .ics files, or one file."""

    type: Literal["ics"]
    path: Place


class CaldavSettings(_Secret):
    """A CalDAV server."""

    type: Literal["caldav"]
    url: str
    username: str
    calendar: str | None = Field(default=None, description="its name; default: the first one")
    ca_file: Place | None = None


class FileSettings(_Part):
    """A folder into which mails are written instead of being sent."""

    type: Literal["file"]
    path: Place


class SmtpSettings(_Login):
    """An SMTP server."""

    type: Literal["smtp"]
    host: str
    port: int | None = Field(default=None, ge=1, le=65535)
    tls: Literal["starttls", "implicit", "none"] = "starttls"
    username: str | None = None
    ca_file: Place | None = None


class GmailSettings(_Part):
    """Gmail or Google Workspace, by its API."""

    type: Literal["gmail"]
    username: Email | None = Field(default=None, description="default: the account's first address")


class GoogleCalendarSettings(_Part):
    """A Google calendar."""

    type: Literal["google"]
    username: Email | None = Field(default=None, description="default: the account's first address")
    calendar: str = Field(
        default="primary", description="another's or a shared one by its id, for example sales@group.calendar.google.com"
    )


class GraphSettings(_Part):
    """Microsoft 365, by Microsoft Graph."""

    type: Literal["graph"]
    username: Email | None = Field(default=None, description="default: the account's first address")
    mailbox: Email | None = Field(default=None, description="another's or a shared mailbox that this user may open")


class GraphCalendarSettings(GraphSettings):
    """A calendar in Microsoft 365."""

    calendar: str | None = Field(default=None, description="its name; default: the main one")


class EwsSettings(_Login):
    """Exchange Server on the company's own machines, by EWS."""

    type: Literal["ews"]
    username: str = Field(description="the address, or DOMAIN\\name")
    host: str | None = Field(default=None, description="for example mail.northwind.example; default: found by autodiscover")
    endpoint: str | None = Field(default=None, description="the whole address, where it is an unusual one")
    auth: Literal["basic", "ntlm"] | None = Field(default=None, description="default: as the server offers it")
    mailbox: Email | None = Field(default=None, description="another's or a shared mailbox that this user may open")
    ca_file: Place | None = Field(default=None, description="certificates to trust besides the system's")


class EwsCalendarSettings(EwsSettings):
    """A calendar on an Exchange Server."""

    calendar: str | None = Field(default=None, description="its name; default: the main one")


Mail = Annotated[
    MaildirSettings | ImapSettings | GmailSettings | GraphSettings | EwsSettings,
    Field(discriminator="type"),
]
CalendarPlace = Annotated[
    IcsSettings | CaldavSettings | GoogleCalendarSettings | GraphCalendarSettings | EwsCalendarSettings,
    Field(discriminator="type"),
]
Send = Annotated[
    FileSettings | SmtpSettings | GmailSettings | GraphSettings | EwsSettings,
    Field(discriminator="type"),
]


class ClientSecret(_Secret):
    """The secret of a registered app."""


def _plain_secret(value: Any) -> Any:
    return {"password": value} if isinstance(value, str) else value


AppSecret = Annotated[ClientSecret | None, BeforeValidator(_plain_secret)]


class GoogleApp(_Part):
    """The app in your Google Cloud project, or the service account that speaks for your team."""

    client_id: str | None = Field(default=None, description="of a desktop app, from console.cloud.google.com")
    client_secret: AppSecret = Field(default=None, description="its secret, or {password_command: …}")
    service_account: Place | None = Field(
        default=None, description="instead: the key file of a service account for the whole team"
    )
    older_project: bool = Field(
        default=False,
        description="true where your Cloud project used the Gmail API before May 2026: it may read ten times as fast",
    )
    endpoint: str | None = Field(default=None, description="another address of the API; only for tests")
    auth_uri: str | None = Field(default=None, description="as above")
    token_uri: str | None = Field(default=None, description="as above")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if bool(self.client_id) == bool(self.service_account):
            raise ValueError("name either client_id with client_secret, or service_account")
        if self.client_id and self.client_secret is None:
            raise ValueError("client_secret is missing; Google gives it together with the client_id")
        return self


class MicrosoftApp(_Part):
    """The app registration in your company's Entra ID."""

    client_id: str = Field(description="the application (client) id")
    tenant: str = Field(default="organizations", description="your company's tenant id or domain")
    client_secret: AppSecret = Field(
        default=None, description="only for a whole team: the app reads without anybody signing in, or {password_command: …}"
    )
    authority: str = Field(default="https://login.microsoftonline.com", description="another one in national clouds")
    endpoint: str | None = Field(default=None, description="of Graph; another one in national clouds")


class OauthSettings(_Part):
    """Signing in at Google and Microsoft."""

    tokens: Literal["file", "keyring", "credential"] = Field(
        default="file", description="where they lie: beside the database, in the system's keyring, or as systemd credentials"
    )
    google: GoogleApp | None = None
    microsoft: MicrosoftApp | None = None


class AccountSettings(_Part):
    """One salesperson."""

    name: str = ""
    addresses: list[Email] = Field(min_length=1, description="the first one names the account")
    time_zone: str = "UTC"
    working_hours: WorkingHoursSettings = WorkingHoursSettings()
    holidays: str | list[date] = Field(default=[], description="a country (GB-ENG, DE-BY, US), a list of dates, or an .ics file")
    manager: Email | None = None
    tell_manager: bool = Field(default=False, description="escalations and the weekly sheet may go to the manager by mail")
    cover: Email | None = Field(default=None, description="the colleague who covers while you are away")
    mail: list[Mail] = []
    calendars: list[CalendarPlace] = []
    send: Send | None = None

    @field_validator("holidays")
    @classmethod
    def _known_days(cls, value: str | list[date], info: ValidationInfo) -> str | list[date]:
        if isinstance(value, str) and value.lower().endswith(".ics"):
            value = str(_placed(Path(value), info))
        free_days(value)
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        return _zone(value)


class DeliverableSettings(_Part):
    """Something that comes regularly, recognised in sent mail."""

    name: str = Field(min_length=1)
    every: Period
    on: str | int | None = Field(default=None, description="of a week its day (fri), of a month its day (5)")
    by: Clock | None = Field(default=None, description="default: the end of that working day")
    subject: str | None = Field(default=None, description="words of the subject; * stands for anything")
    attachment: str | None = Field(default=None, description="an attachment's name, for example invoice*.pdf")
    recipient: str | None = Field(default=None, description="to whom it goes, for example *@acme.example")

    @model_validator(mode="after")
    def _can_be_told(self) -> Self:
        if not (self.subject or self.attachment or self.recipient):
            raise ValueError("say how it is recognised in sent mail: by its subject, an attachment or a recipient")
        self.day()
        return self

    def day(self) -> int:
        """The weekday (Monday is 0) or the day of the month. Raises ValueError."""
        if self.every is Period.WEEK:
            found = weekdays(self.on) if isinstance(self.on, str) else frozenset()
            if len(found) != 1:
                raise ValueError("on: name the day of the week, for example fri")
            return min(found)
        if self.every is Period.MONTH:
            number = int(self.on) if self.on is not None and str(self.on).isdigit() else 0
            if not 1 <= number <= 31:
                raise ValueError("on: name the day of the month, for example 5")
            return number
        if self.on is not None:
            raise ValueError("on: a daily deliverable has none; it comes every working day")
        return 0


class RecoverySettings(_Part):
    """When a recovery meeting is due, and when trust is back."""

    infractions: int = Field(default=3, ge=1)
    within: Annotated[Allowance, BeforeValidator(_allowance), AfterValidator(_some_time)] = Allowance(3, Unit.MONTHS)
    grave: Duration = Field(default=Allowance(5, Unit.WORKING_DAYS), description="one thing as late as that is enough; or off")
    trust: int = Field(default=10, ge=1, description="standards met in a row until trust is back")
    book: bool = Field(default=False, description="true: the client is invited by itself, announced in the digest first")


class CharterSettings(_Part):
    """The standards agreed with a client; what is left out is as in the house charter."""

    reply: Duration = None
    call_back: Duration = None
    promise: Duration = None
    next_step: Duration = None
    review: Duration = None
    contact: Duration = Field(default=None, description="somebody is in touch with them at least so often: 2 weeks")
    meeting: Duration = Field(default=None, description="an operations meeting at least so often: 1 months")
    feedback: Duration = Field(default=None, description="they are asked how it went, so long after the first delivery")
    escalate: Duration = Field(default=None, description="what is overdue so long is told to the manager: 2 days")
    deliverables: list[DeliverableSettings] = Field(
        default=[], description="{name: Invoice, every: month, on: 5, attachment: invoice*.pdf}; every: day | week | month"
    )
    recovery: RecoverySettings | Literal[False] | None = Field(
        default=None, description="{infractions: 3, within: 3 months, grave: 5 days, trust: 10}; false: never proposed"
    )
    touch_base: Duration = Field(
        default=None, description="the weekly sheet for the manager: 1 week; the default where there is a manager"
    )
    away: Literal["counts", "shifts"] | None = Field(default=None, description="whether your days off shift what is due")
    since: date | None = Field(default=None, description="what happened before counts for the look-back only")


class CharterVersion(CharterSettings):
    """A dated version of a client's charter, in a file of its own: what was agreed, from when on, and how it came about."""

    client: str = Field(min_length=1)
    start: date = Field(alias="from", description="in force from this day on")
    asked: dict[str, str] = Field(default={}, description="what the client asked for, in their words")
    agreed_by: str = ""
    next_review: date | None = None
    notes: str = ""


class ClientSettings(_Part):
    """One company."""

    name: str = Field(min_length=1)
    domains: list[Domain] = []
    addresses: list[Email] = Field(default=[], description="for people on public mail domains")
    phones: list[str] = []
    stage: Stage = Stage.ESTABLISHED
    owner: Email | None = Field(default=None, description="default: whichever account writes with them")
    time_zone: str | None = None
    won: date | None = Field(default=None, description="their first order; default: the day on which the stage left prospect")
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

    notice: Annotated[Allowance, BeforeValidator(_allowance), AfterValidator(_working_days)] = Field(
        default=Allowance(1, Unit.WORKING_DAYS), description="working days between the announcing digest and the invite"
    )
    length: Span = timedelta(minutes=60)


class Settings(_Part):
    """The whole file."""

    accounts: list[AccountSettings] = Field(min_length=1)
    clients: list[ClientSettings] = []
    charter: CharterSettings = CharterSettings()
    charters: Place = Field(
        default=Path("charters"), validate_default=True, description="the folder of agreed charters (kept charter new)"
    )
    oauth: OauthSettings = OauthSettings()
    resources: Place | None = Field(default=None, description="a file of answers and links that reminders draw on")
    state: Place = Field(default=Path("~/.local/share/kept"), validate_default=True)
    database: str | None = Field(default=None, repr=False, description="postgresql://… instead of the embedded database")
    history: Span = Field(default=timedelta(days=180), description="how far the first sync reads back")
    poll: Span = Field(default=timedelta(seconds=60), description="how often sources are read where they do not push")
    digest: DigestSettings = DigestSettings()
    reviews: ReviewSettings = ReviewSettings()
    drafts: bool = Field(default=True, description="lay a draft of an answer beside each reminder")
    interruptions: int = Field(default=5, ge=0, description="reminder mails a day at most; the rest waits for the digest")


def provider_of(source: Any) -> Provider | None:
    """Whose consent a source needs, if any."""
    found: Provider | None = API.get(source.type) or getattr(source, "oauth", None)
    return found


def region_of(settings: Settings, client: ClientSettings) -> str | None:
    """The country (ISO 3166) in which a client's numbers are dialled: its owner's, else the first account's."""
    account = next((a for a in settings.accounts if client.owner in a.addresses), settings.accounts[0])
    return region(str(account.holidays), account.time_zone)


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

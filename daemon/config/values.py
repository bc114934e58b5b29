"""The types of single settings: addresses, domains, durations, clock times, paths. Each error says what to write instead."""

from __future__ import annotations

import re
import shlex
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationInfo

from connectors.mail import canonical_domain, canonical_email
from daemon.config import locations
from daemon.core.hours import parse_allowance
from daemon.glossary.charter import Allowance, Unit
from daemon.glossary.parties import Away

_MINUTES_OF_A_DAY = 24 * 60
_MOST_PORTS = 65_535


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _email(value: str) -> str:
    if value.count("@") != 1 or value.startswith("@") or value.endswith("@") or any(c.isspace() for c in value):
        raise ValueError(f"“{value}” is not an e-mail address")
    return canonical_email(value)


def to_allowance(value: Any) -> Any:
    """Return the allowance for a duration as people write it (2h, 1 day, 3 months); None for off. Raises ValueError."""
    if value is None or value is False or value in {"off", "none"}:
        return None
    if isinstance(value, str):
        return parse_allowance(value)
    raise ValueError("must be a duration, for example 2h or 1 day, or off")


class HostPort(NamedTuple):
    """Where a program listens: a host name or address, and a port."""

    host: str
    port: int


def to_host_port(value: Any) -> HostPort:
    """Return the host and port of `127.0.0.1:9464` or `[::1]:9464`. Raises ValueError."""
    found = re.fullmatch(r"\s*(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+)):(\d{1,5})\s*", value) if isinstance(value, str) else None
    if found is None or not 1 <= int(found[3]) <= _MOST_PORTS:
        raise ValueError("must be a host and a port, for example 127.0.0.1:9464")
    return HostPort(found[1] or found[2], int(found[3]))


def _away(value: Any) -> Any:
    """Return the days of `2026-07-06 to 2026-07-17`, or of one date. Raises ValueError."""
    if isinstance(value, Away):
        return value
    words = [value.isoformat()] if type(value) is date else value.split(" to ") if isinstance(value, str) else []
    try:
        first, *rest = [date.fromisoformat(word.strip()) for word in words]
    except ValueError:
        raise ValueError("must be days such as 2026-07-06 to 2026-07-17, or one date") from None
    last = rest[0] if len(rest) == 1 else first
    if len(rest) > 1 or last < first:
        raise ValueError("must be days such as 2026-07-06 to 2026-07-17, the first one first")
    return Away(first, last)


def _trusted_host(value: Any) -> Any:
    """Return a host by which browsers may call the dashboard, in lower case: kept.northwind.example. Raises ValueError."""
    if not isinstance(value, str):
        return value
    found = re.fullmatch(r"([\w-]+(?:\.[\w-]+)*|\[[0-9a-f:.]+\])(?::\d{1,5})?", value.strip().lower().rstrip("."))
    if found is None:
        raise ValueError(
            f"“{value}” is not the name of a host; write it as kept.northwind.example, without https:// and without *"
        )
    host = found[1] if found[1].startswith("[") else canonical_domain(found[1])
    return f"{host}{found[0][len(found[1]) :]}"


def _span(value: Any) -> Any:
    """Return the timedelta of `180 days`, `60s` or `60m`: time by the clock, whatever the working hours."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str):
        raise ValueError("must be a length of time with its unit, for example 60s, 90m or 180 days")  # noqa: TRY004  # pydantic's way
    seconds = re.fullmatch(r"\s*(\d+)\s*s(ec(ond)?s?)?\s*", value, re.IGNORECASE)
    if seconds and int(seconds[1]):
        return timedelta(seconds=int(seconds[1]))
    count, unit = parse_allowance(value)
    minutes = unit in {Unit.BUSINESS_MINUTES, Unit.CLOCK_MINUTES}
    return timedelta(minutes=count) if minutes else timedelta(days=30 * count if unit is Unit.MONTHS else count)


def to_clock(value: Any) -> Any:
    """Return a clock time; 24:00 is the end of the day. YAML 1.1 reads 17:30 without quotes as a number in base 60."""
    if isinstance(value, time):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 60 <= value <= _MINUTES_OF_A_DAY:
        value = f"{value // 60}:{value % 60:02}"
    match = re.fullmatch(r"\s*(\d{1,2}):(\d\d)\s*", value) if isinstance(value, str) else None
    if match and (match[1], match[2]) == ("24", "00"):
        return time.max
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        raise ValueError('must be a clock time in quotes, for example "09:00"')
    return time(int(match[1]), int(match[2]))


def _domain(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    domain = value.strip().lower().removeprefix("@").rstrip(".")
    if not re.fullmatch(r"[^\s@/:.]+(\.[^\s@/:.]+)*", domain):
        raise ValueError(f"“{value}” is not a domain; write it as acme.example")
    return canonical_domain(domain)


def _command(value: Any) -> Any:
    """Check a password command. No error repeats it: somebody may have put the password itself there."""
    if value in ("", []):
        raise ValueError("is empty; write the command that prints the password")
    if isinstance(value, str):
        try:
            shlex.split(value)
        except ValueError:
            raise ValueError("has an opening quotation mark without a closing one") from None
    return value


def to_absolute(value: Path, info: ValidationInfo) -> Path:
    """Return the path as absolute: relative to the folder of the file (from pydantic's context), ~ for home. Raises ValueError."""
    try:
        return locations.absolute((info.context or {}).get("folder", Path()), value)
    except RuntimeError:
        raise ValueError(f"“{value}” refers to a user who does not exist on this machine") from None


def duration_text(allowance: Allowance | None) -> str:
    """Return an allowance as the configuration writes it (2h, 1 day, 3 months, off): the inverse of `to_allowance`."""
    if allowance is None:
        return "off"
    count, unit = allowance
    if unit in {Unit.BUSINESS_MINUTES, Unit.CLOCK_MINUTES}:
        hours, minutes = ("h", "m") if unit is Unit.BUSINESS_MINUTES else (" clock hours", " clock minutes")
        return f"{count // 60}{hours}" if count % 60 == 0 else f"{count}{minutes}"
    if unit is Unit.CALENDAR_DAYS:
        return _counted(count // 7, "week")
    return _counted(count, "day" if unit is Unit.WORKING_DAYS else "month")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"


def require_time(value: Allowance | None) -> Allowance:
    """Return the allowance if there is one; off is refused. Raises ValueError."""
    if value is None:
        raise ValueError("must be a length of time, for example 3 months; it cannot be off")
    return value


def require_working_days(value: Allowance | None) -> Allowance:
    """Return the allowance if it is in working days. Raises ValueError."""
    if value is None or value.unit is not Unit.WORKING_DAYS:
        raise ValueError("must be working days, for example 1 day")
    return value


Email = Annotated[str, BeforeValidator(_lower), BeforeValidator(lambda v: _email(v) if isinstance(v, str) else v)]

Domain = Annotated[str, BeforeValidator(_domain)]

Duration = Annotated[Allowance | None, BeforeValidator(to_allowance)]

Listen = Annotated[HostPort, BeforeValidator(to_host_port)]
"""`127.0.0.1:9464`."""

AwayDays = Annotated[Away, BeforeValidator(_away)]
"""`2026-07-06 to 2026-07-17`, or one date."""

TrustedHost = Annotated[str, BeforeValidator(_trusted_host)]
"""`kept.northwind.example`, with a port if it is not the usual one."""
Span = Annotated[timedelta, BeforeValidator(_span)]

Clock = Annotated[time, BeforeValidator(to_clock)]

FilePath = Annotated[Path, AfterValidator(to_absolute)]

Command = Annotated[str | list[str], BeforeValidator(_command)]


class Part(BaseModel):
    """A part of the file. Unknown keys are errors; values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)  # built once, inside what holds it


def require_zone(value: str) -> str:
    """Return the name if it is in the IANA database. Raises ValueError, with the nearest name."""
    from difflib import get_close_matches  # noqa: PLC0415  # only for an error
    from zoneinfo import ZoneInfo, available_timezones  # noqa: PLC0415  # the list is slow to make

    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        near = get_close_matches(value, available_timezones(), 1)
        raise ValueError(
            f"“{value}” is not a valid time zone" + (f"; did you mean {near[0]}?" if near else "; write it as Europe/London")
        ) from None
    return value

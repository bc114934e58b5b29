"""The values that settings are made of: addresses, domains, durations, clock times, paths. Each validator says what to write instead."""

from __future__ import annotations

import re
import shlex
from datetime import time, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationInfo

from daemon.core.hours import parse_allowance
from daemon.glossary.charter import Allowance, Unit

_MINUTES_OF_A_DAY = 24 * 60


def _lower(value: Any) -> Any:
    return value.strip().lower() if isinstance(value, str) else value


def _email(value: str) -> str:
    if value.count("@") != 1 or value.startswith("@") or value.endswith("@") or any(c.isspace() for c in value):
        raise ValueError(f"“{value}” is not an e-mail address")
    return value


def to_allowance(value: Any) -> Any:
    """A duration as people write it (2h, 1 day, 3 months) as an allowance; off as None. Raises ValueError."""
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


def to_clock(value: Any) -> Any:
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


def to_absolute(value: Path, info: ValidationInfo) -> Path:
    """Relative paths are meant from the file's folder; ~ is the user's home."""
    folder = (info.context or {}).get("folder", Path())
    try:
        return Path(folder) / value.expanduser()
    except RuntimeError:
        raise ValueError(f"“{value}” names a user whom this machine does not know") from None


def require_time(value: Allowance | None) -> Allowance:
    """Refuse `off` where there must be a time. Raises ValueError."""
    if value is None:
        raise ValueError("must be a time, for example 3 months")
    return value


def require_working_days(value: Allowance | None) -> Allowance:
    """Refuse anything but working days. Raises ValueError."""
    if value is None or value.unit is not Unit.WORKING_DAYS:
        raise ValueError("must be working days, for example 1 day")
    return value


Email = Annotated[str, BeforeValidator(_lower), BeforeValidator(lambda v: _email(v) if isinstance(v, str) else v)]

Domain = Annotated[str, BeforeValidator(_domain)]

Duration = Annotated[Allowance | None, BeforeValidator(to_allowance)]

Span = Annotated[timedelta, BeforeValidator(_span)]

Clock = Annotated[time, BeforeValidator(to_clock)]

FilePath = Annotated[Path, AfterValidator(to_absolute)]

Command = Annotated[str | list[str], BeforeValidator(_command)]


class Part(BaseModel):
    """A part of the file: unknown keys are errors, values cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)  # built once, inside what holds it


def require_zone(value: str) -> str:
    """Refuse a name that the IANA database does not hold. Raises ValueError with the nearest one."""
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

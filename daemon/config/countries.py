"""What depends on the country: public holidays and phone numbers. Their libraries are large and imported where they are needed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib import resources
from pathlib import Path

YEARS = range(2000, 2051)  # whose holidays are computed
_COUNTRY = re.compile(r"[A-Za-z]{2}(-\w+)?")


def holiday_dates(value: str | list[date]) -> frozenset[date]:
    """Return the holidays of a list of dates, an .ics file, or an ISO 3166 country. Raises ValueError."""
    if isinstance(value, list):
        return frozenset(value)
    return _ics_days(value) if value.lower().endswith(".ics") else public_holidays(value, YEARS)


@lru_cache(maxsize=256)
def public_holidays(country: str, years: range) -> frozenset[date]:
    """Return the public holidays of an ISO 3166 country, or of its subdivision after a dash. Raises ValueError.

    Accounts of one country share one set: each would take 30 KB and two milliseconds.
    """
    import holidays  # noqa: PLC0415  # slow to import, and needed only where a country is named

    name, _, region = country.upper().partition("-")
    try:
        return frozenset(holidays.country_holidays(name, subdiv=region or None, years=years))
    except (NotImplementedError, KeyError, AttributeError):
        raise ValueError(
            f"“{country}” is not a country or region whose holidays are known; write for example GB-ENG, DE-BY or US"
        ) from None


def _ics_days(path: str) -> frozenset[date]:
    """Return every date that an event of the file covers. Raises ValueError."""
    try:
        state = Path(path).stat()
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    return _days_of_version(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=256)
def _days_of_version(path: str, _changed: int, _size: int) -> frozenset[date]:
    """Return the dates of one version of a file, which many accounts may name; the end of an event is exclusive (RFC 5545, 3.6.1)."""
    from connectors.calendar import Window  # noqa: PLC0415  # the same
    from connectors.formats import ics  # noqa: PLC0415  # only where a file is named

    window = Window(datetime(YEARS[0], 1, 1, tzinfo=UTC), datetime(YEARS[-1] + 1, 1, 1, tzinfo=UTC))
    try:
        events = ics.read_tolerantly(Path(path).read_text(encoding="utf-8-sig"), window).events
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError as error:
        raise ValueError(f"{path} is not a calendar file: {error}") from None
    if not events:
        raise ValueError(f"{path} has no events from {YEARS[0]} to {YEARS[-1]}")
    return frozenset(
        e.start.date() + timedelta(days=n) for e in events for n in range(max(1, -((e.start - e.end) // timedelta(days=1))))
    )


def region(holidays: str, time_zone: str) -> str | None:
    """Return the country (ISO 3166) that `holidays` names, else that of the time zone's city; None if neither is known."""
    return holidays.partition("-")[0].upper() if _COUNTRY.fullmatch(holidays) else _cities().get(time_zone)


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Return the country of each IANA time zone, from zone.tab: country, coordinates, zone, comments, separated by tabs."""
    table = (resources.files("tzdata") / "zoneinfo" / "zone.tab").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in table.splitlines() if not line.startswith("#")]
    return {row[2]: row[0] for row in rows if len(row) > 2}


def e164(number: str, region: str | None) -> str | None:
    """Return the number as +442079460018; None if it is not a number, or a national one and the country is not known."""
    import phonenumbers  # noqa: PLC0415  # needed only where a number is named

    try:
        parsed = phonenumbers.parse(number, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))

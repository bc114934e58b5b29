"""Where somebody works, as people type it: “London”, “UK”, “germany”, “Bayern” become a time zone and a country's public holidays.

Zones and their countries are those of the IANA database (zone.tab, iso3166.tab), regions those of the `holidays` library.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from importlib import resources
from pathlib import Path
from zoneinfo import available_timezones

from daemon.config.countries import holiday_dates
from daemon.setup.refused import Refused

# Names that people use and iso3166.tab has not. England's bank holidays are those of most of the United Kingdom.
_ALSO: Mapping[str, str] = {
    "uk": "GB-ENG", "united kingdom": "GB-ENG", "great britain": "GB-ENG", "britain": "GB-ENG", "england": "GB-ENG", "scotland": "GB-SCT",
    "wales": "GB-WLS", "northern ireland": "GB-NIR", "usa": "US", "america": "US", "deutschland": "DE", "bavaria": "DE-BY", "saxony": "DE-SN",
    "hesse": "DE-HE", "lower saxony": "DE-NI", "north rhine-westphalia": "DE-NW", "thuringia": "DE-TH", "osterreich": "AT", "oesterreich": "AT",
    "schweiz": "CH", "suisse": "CH", "svizzera": "CH", "zurich": "CH-ZH", "geneva": "CH-GE", "espana": "ES", "italia": "IT", "nederland": "NL",
    "holland": "NL", "the netherlands": "NL", "belgie": "BE", "belgique": "BE", "danmark": "DK", "sverige": "SE", "norge": "NO", "suomi": "FI",
    "polska": "PL", "cesko": "CZ", "czechia": "CZ", "luxemburg": "LU", "south korea": "KR", "emirates": "AE", "uae": "AE",
}  # fmt: skip
# Abbreviations name an offset, not the clock changes of a place.
_ABBREVIATIONS: Mapping[str, str] = {
    **dict.fromkeys(("gmt", "bst", "wet"), "Europe/London"),
    **dict.fromkeys(("cet", "cest", "mez", "mesz", "met"), "Europe/Berlin"),
    **dict.fromkeys(("eet", "eest"), "Europe/Athens"),
    **dict.fromkeys(("est", "edt", "et", "eastern"), "America/New_York"),
    **dict.fromkeys(("cst", "cdt", "ct", "central"), "America/Chicago"),
    **dict.fromkeys(("mst", "mdt", "mt", "mountain"), "America/Denver"),
    **dict.fromkeys(("pst", "pdt", "pt", "pacific"), "America/Los_Angeles"),
}
_USUAL_NAMES: Mapping[str, str] = {"GB": "United Kingdom", "US": "the United States", "NL": "the Netherlands"}
_WIDE = frozenset({"US", "CA", "AU", "RU", "BR", "MX", "ID", "KZ"})  # whose people live in several zones
_REGIONAL = ("GB", "DE", "AT", "CH", "ES", "AU", "CA")  # whose regions have holidays of their own on working days
_MOST_CITIES = 6


def zone(text: str) -> str:
    """Return the IANA time zone that a city, a country, or the zone's own name means. Raises Refused."""
    wanted = _folded(text)
    names = {_folded(name): name for name in _zones()}
    cities = {key.rpartition("/")[2]: name for key, name in names.items()}
    if wanted in names or wanted in cities:
        return names.get(wanted) or cities[wanted]
    if wanted == "utc":
        return "UTC"
    if "/" in text and text.strip() in available_timezones():
        return text.strip()  # a zone without a place, such as Etc/UTC, or an old name
    if wanted in _ABBREVIATIONS:
        likely = _ABBREVIATIONS[wanted]
        raise Refused(f"“{text}” is only an abbreviation; name a city of your time zone.", likely)
    if country := country_of(text):
        return _zone_of(country.partition("-")[0], text)
    near = get_close_matches(wanted, [*names, *cities, *_countries()], 1, 0.7)
    suggestion = zone(names.get(near[0]) or cities.get(near[0]) or near[0]) if near and _is_one_zone(near[0]) else ""
    raise Refused(f"“{text}” is not a time zone, a country or a large city of one that Kept knows.", suggestion)


def country_of(text: str) -> str | None:
    """Return the ISO 3166 code of a country, with its region if that is what was named; None if it is neither."""
    wanted = _folded(text).replace(".", "")
    if wanted in _ALSO:
        return _ALSO[wanted]
    if wanted in _countries():
        return _countries()[wanted]
    country, dash, region = text.strip().upper().partition("-")
    if dash and _folded(country) in _countries():
        return f"{country}-{found}" if (found := region_of(country, region)) else None
    return next((f"{c}-{found}" for c in _REGIONAL if len(wanted) > 2 and (found := region_of(c, text))), None)


def holidays(text: str) -> str | list[str]:
    """Return what `holidays:` takes for a country, a region, an .ics file or “none”. Raises Refused."""
    if _folded(text) in {"none", "no", "-", "keine"}:
        return []
    is_file = text.lower().endswith(".ics")
    chosen = str(Path(text).expanduser()) if is_file else country_of(text) or _home_of_city(text)
    if not chosen:
        near = get_close_matches(_folded(text), [name for name in (*_ALSO, *_countries()) if len(name) > 3], 1, 0.75)
        raise Refused(f"“{text}” is not a country or region that Kept knows.", near[0].title() if near else "")
    try:
        holiday_dates(chosen)
    except ValueError as error:
        raise Refused(f"{error}.") from None
    return chosen


def _home_of_city(text: str) -> str:
    wanted = _folded(text)
    return next((home_of(name) for name in _zones() if wanted in {_folded(name), _folded(city(name))}), "")


def regions(country: str) -> tuple[str, ...]:
    """Return the names of a country's regions where they have public holidays of their own, else nothing."""
    return tuple(dict.fromkeys(name for name, _ in _subdivisions(country) if len(name) > 3)) if country in _REGIONAL else ()


def region_of(country: str, text: str) -> str | None:
    """Return the code of a country's region from its name or code; None if the country has no such region."""
    wanted = _folded(text)
    return next((code for name, code in _subdivisions(country) if wanted in {_folded(name), _folded(code)}), None)


def home_of(time_zone: str) -> str:
    """Return the country, or part of one, in whose public holidays somebody in that time zone is likely interested; empty if unknown."""
    country = _zones().get(time_zone, ("", ""))[0]
    return "GB-ENG" if country == "GB" else country


def named(code: str) -> str:
    """Return the name of an ISO 3166 country, and of its region, for a person."""
    country, _, region = code.partition("-")
    names = [name for name, other in _subdivisions(country) if other == region]
    whole = _USUAL_NAMES.get(country) or {c: name for name, c in _official().items()}.get(country, country)
    return f"{max(names, key=len)}, {whole}" if names else whole


def _zone_of(country: str, text: str) -> str:
    zones = [(name, comment) for name, (code, comment) in _zones().items() if code == country]
    if not zones:
        raise Refused(f"Kept knows no time zone for “{text}”; name a city.")
    if country in _WIDE:
        large = [name for name, comment in zones if " - " not in comment and ("most areas" in comment or "(" not in comment)]
        cities = ", ".join(city(name) for name in (large or [name for name, _ in zones])[:_MOST_CITIES])
        raise Refused(f"There are several time zones in {named(country)}: name a city, for example {cities}.")
    return zones[0][0]  # zone.tab lists the most populous one first


def city(time_zone: str) -> str:
    """Return the city of a zone as people write it."""
    return time_zone.rpartition("/")[2].replace("_", " ")


def _is_one_zone(key: str) -> bool:
    return _countries().get(key) not in _WIDE


def _subdivisions(country: str) -> tuple[tuple[str, str], ...]:
    """Return (name or code, code) of each of a country's regions."""
    from holidays import country_holidays, list_supported_countries  # noqa: PLC0415  # slow to import

    if country not in list_supported_countries():
        return ()
    known = country_holidays(country)
    return (*known.subdivisions_aliases.items(), *((code, code) for code in known.subdivisions))


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, tuple[str, str]]:
    """Return the country and the comment of each zone: zone.tab, in which each country's most populous zone stands first."""
    rows = (line.split("\t") for line in _lines("zone.tab"))
    return {row[2]: (row[0], row[3] if len(row) > 3 else "") for row in rows if len(row) > 2}


@lru_cache(maxsize=1)
def _official() -> Mapping[str, str]:
    """Return the code of each country by its name in iso3166.tab, without what that has in brackets."""
    rows = (line.split("\t") for line in _lines("iso3166.tab"))
    return {row[1].partition(" (")[0]: row[0] for row in rows if len(row) > 1}


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, str]:
    """Return the code of each country by its name and by the code itself, as they are compared."""
    codes = {code.lower(): code for code in _official().values()}
    return codes | {_folded(name): code for name, code in _official().items()}


def _lines(name: str) -> Iterable[str]:
    text = (resources.files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8")
    return (line for line in text.splitlines() if line and not line.startswith("#"))


def _folded(text: str) -> str:
    """Return a name as it is compared: without case, accents, and the difference between a blank and an underscore."""
    plain = unicodedata.normalize("NFKD", text.strip().casefold().replace("_", " "))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())

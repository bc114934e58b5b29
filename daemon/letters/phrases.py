"""The small phrases that all letters share: moments, spans, people, and strangers' words made harmless.

Times are shown in the reader's zone, on the 24-hour clock, without names of zones; month and weekday names are English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from daemon.analysis.figures import Times
from daemon.core import hours
from daemon.glossary.charter import Allowance, Deliverable, Period, Unit, WorkingHours

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
LONGEST_WORD = 42  # characters; what is longer is no word, and breaks narrow screens
_MARKS = 3  # combining marks that one letter may carry; real languages need two
_JOINERS = "\u200c\u200d"  # the two format characters that real words and emoji need
_ROLE_NAMES = frozenset(
    {"accounts", "admin", "billing", "contact", "einkauf", "enquiries", "hello", "help", "info", "kontakt", "mail"}
    | {"office", "orders", "purchasing", "sales", "service", "support", "team", "vertrieb"}
)
_NAME = re.compile(r"[^\W\d_]{2,}(?:[._-][^\W\d_]{2,}){0,2}")


def clean(text: str) -> str:
    """A stranger's words on one line: no control, direction or invisible characters, no stacked marks, no endless words."""
    kept: list[str] = []
    marks = 0
    for letter in text:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif marks <= _MARKS and (category not in ("Cf", "Cs") or letter in _JOINERS):
            kept.append(letter)
    words = "".join(kept).split()
    return " ".join(w if len(w) <= LONGEST_WORD else w[: LONGEST_WORD - 1] + "…" for w in words)


def cut(text: str, length: int) -> str:
    """Clean words, cut between two of them where they are longer than `length`."""
    tidy = clean(text)
    if len(tidy) <= length:
        return tidy
    return tidy[:length].rpartition(" ")[0].rstrip(" ,;:.–-") + " …"


def quoted(text: str, length: int = 140) -> str:
    """Somebody's very words, in quotation marks."""
    return f"“{cut(text, length).strip('“”')}”"


def person(address: str | None) -> str:
    """What to call whoever writes from an address: the name that its local part spells, else the address itself."""
    if not address:
        return ""
    local = clean(address).partition("@")[0]
    if not _NAME.fullmatch(local) or local.lower() in _ROLE_NAMES:
        return cut(address, 60)
    return " ".join(part.capitalize() for part in re.split(r"[._-]", local))


def time_of_day(at: datetime, zone: ZoneInfo) -> str:
    """The time of day: 14:05."""
    return f"{at.astimezone(zone):%H:%M}"


def day(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """The date as one says it: today, yesterday, tomorrow, Fri 27 Feb; with the year where it is another."""
    local, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((local - today).days)
    if near:
        return near
    year = f" {local.year}" if abs((local - today).days) > 180 and local.year != today.year else ""
    return date_of(at, zone) + year


def date_of(at: datetime, zone: ZoneInfo) -> str:
    """The date whatever today is: Fri 27 Feb."""
    local = at.astimezone(zone)
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"


def moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """The date and the time of day: Fri 27 Feb 14:05."""
    return f"{day(at, zone, now)} {time_of_day(at, zone)}"


def span(start: datetime, end: datetime, zone: ZoneInfo, now: datetime) -> str:
    """A meeting's time: Thu 5 Mar 10:00–11:00."""
    return f"{moment(start, zone, now)}–{time_of_day(end, zone)}"


def working_span(working: WorkingHours, start: datetime, end: datetime) -> str:
    """Business time between two moments, as one says it, whole units only: 25 min, 2 working hours, 3 working days."""
    passed = hours.between(working, start, end)
    length = hours.longest_day(working)
    if length and passed >= length:
        return count(max(1, round(passed / length)), "working day")
    minutes = int(passed.total_seconds()) // 60
    return count(minutes // 60, "working hour") if minutes >= 60 else f"{max(1, minutes)} min"


def duration(number: float | None, working: WorkingHours) -> str:
    """So many business minutes, as one says it; None: so much is still open that nobody can say."""
    if number is None:
        return "not known yet"
    if number < 60:
        return f"{max(1, round(number))} min"
    length = hours.longest_day(working).total_seconds() / 60
    if length and number >= 1.5 * length:
        return count(round(number / length), "working day")
    return count(round(number / 60), "working hour")


def usual(times: Times, working: WorkingHours) -> str:
    """How fast, in half a sentence: half were answered within 50 min, nine in ten within 2 working days."""
    if times.median is None:
        return "fewer than half are answered so far"
    if times.ninety is None:
        return f"half were answered within {duration(times.median, working)}, and too many are open to say more"
    return f"half were answered within {duration(times.median, working)}, nine in ten within {duration(times.ninety, working)}"


def count(number: int, thing: str) -> str:
    """1 working day, 3 working days."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def listed(things: Sequence[str], last: str = "and") -> str:
    """One, two and three."""
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} {last} {things[-1]}" if things else ""


def schedule(thing: Deliverable) -> str:
    """When something regular comes: every working day by 09:00, every Friday, by the 5th of each month."""
    by = f" by {thing.by:%H:%M}" if thing.by else ""
    if thing.every is Period.DAY:
        return f"every working day{by}"
    if thing.every is Period.WEEK:
        return f"every {WEEKDAYS[thing.day]}{by}"
    return f"by the {ordinal(thing.day)} of each month"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 11th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def allowance(allowed: Allowance) -> str:
    """How long something may take: 2 working hours, 1 working day, 6 weeks, 3 months."""
    number, unit = allowed
    if unit in (Unit.BUSINESS_MINUTES, Unit.CLOCK_MINUTES):
        kind = "working " if unit is Unit.BUSINESS_MINUTES else ""
        return count(number // 60, f"{kind}hour") if number % 60 == 0 else count(number, f"{kind}minute")
    if unit is Unit.WORKING_DAYS:
        return count(number, "working day")
    if unit is Unit.MONTHS:
        return count(number, "month")
    return count(number // 7, "week") if number % 7 == 0 else count(number, "day")

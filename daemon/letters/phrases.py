"""The phrases that all letters share: moments, durations, people, standards; and other people's words made safe to show.

Times are shown in the recipient's zone, on the 24-hour clock, without the name of the zone; months and weekdays are in English.
A phrase that two letters use has its one place here (about recoveries: `recovery`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from connectors.mail import readable_email
from daemon.core import hours
from daemon.glossary.assessments import Bucket
from daemon.glossary.charter import Allowance, Charter, Deliverable, Period, Unit, WorkingHours
from daemon.glossary.obligations import Obligation
from daemon.reading.phone_numbers import readable_number

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ORDINAL_END = re.compile(r"(?<!\S)\d{1,2}\.$")  # of a date that is cut before its month
_SPARE = 0.25  # of a length, by which words may be longer before they are cut: the last ones say most
LONGEST_WORD = 42  # characters; anything longer is not a word, and would widen a narrow screen
_MARKS = 3  # combining marks that one letter may carry; real languages need two
_JOINERS = "\u200c\u200d"  # the two format characters that real words and emoji need
_ROLE_NAMES = frozenset(
    {"accounts", "admin", "billing", "contact", "einkauf", "enquiries", "hello", "help", "info", "kontakt", "mail"}
    | {"office", "orders", "purchasing", "sales", "service", "support", "team", "vertrieb", "desk", "department", "procurement"}
    | {
        "ltd",
        "limited",
        "inc",
        "llc",
        "plc",
        "gmbh",
        "ag",
        "kg",
        "bv",
        "nv",
        "sa",
        "sarl",
        "srl",
        "group",
        "company",
        "&",
        "buchhaltung",
    }
)
_TITLES = frozenset(
    {"frau", "herr", "mr", "mrs", "ms", "miss", "dr", "madame", "monsieur", "señor", "señora", "signor", "signora"}
)
_GREETING = re.compile(
    r"(?:hi|hello|hey|dear|hallo|liebe[rs]?|guten (?:tag|morgen)|good (?:morning|afternoon))\b[^,.:?!]{0,30}[,:] ", re.IGNORECASE
)
BUCKETS: Mapping[Bucket, str] = {
    Bucket.ANSWERED: "answered",
    Bucket.NO_ANSWER: "no answer needed",
    Bucket.UNREAD: "unread",
    Bucket.OPEN: "open",
    Bucket.HELD_BACK: "filtered out",
}
"""What the balance calls each bucket, in the order in which the sum is read."""

WHY_UNREAD: Mapping[str, str] = {
    "encrypted": "it is encrypted",
    "winmail": "its words are in a winmail.dat that cannot be read",
    "malformed": "it is damaged",
    "too large": "it is too large",
    "too complicated": "it is too large or too complicated to read",
}
"""Why a message could not be read, in words, by the reason that its reader gave (connectors.mail.Message)."""

_STANDARDS: Mapping[str, str] = {
    "reply": "Your emails are answered within {}",
    "call_back": "Your calls are returned within {}",
    "meeting": "We meet about current work {}",
    "contact": "You hear from us at least {}",
    "review": "We sit down together for a review {}",
}
_WITHIN = frozenset({"reply", "call_back"})  # the others recur


def clean(text: str) -> str:
    """Return other people's words on one line, without control, direction and invisible characters, stacked marks and endless words."""
    words = harmless(text).split()
    return " ".join(w if len(w) <= LONGEST_WORD else w[: LONGEST_WORD - 1] + "…" for w in words)


def harmless(text: str) -> str:
    """Return a text with a blank for every control character, and without direction and invisible characters and stacked marks."""
    kept: list[str] = []
    marks = 0
    for letter in text:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif marks <= _MARKS and (category not in ("Cf", "Cs") or letter in _JOINERS):
            kept.append(letter)
    return "".join(kept)


def cut(text: str, length: int) -> str:
    """Return the words cleaned, and cut between two of them where they are longer than `length`."""
    tidy = clean(text)
    if len(tidy) <= length:
        return tidy
    kept = tidy[:length].rpartition(" ")[0]
    return _ORDINAL_END.sub("", kept).rstrip(" ,;:.–-") + " …"


def quoted(text: str, length: int = 140) -> str:
    """Return somebody's own words in quotation marks."""
    return f"“{cut(text, length).strip('“”')}”"


def sent_with(gap: str) -> str:
    """Return that a mail left with a gap that nobody filled."""
    return f"sent with “{gap}” in it"


def different(quotes: Iterable[str]) -> list[str]:
    """Return quotes in order, each once: spaces, case and the punctuation at the ends make no difference."""
    first: dict[str, str] = {}
    for quote in quotes:
        first.setdefault(" ".join(quote.split()).strip(" .!?…“”\"'").casefold(), quote)
    return list(first.values())


def words_of(o: Obligation, length: int = 140) -> str:
    """Return the quoted words that an obligation rests on; its summary where there are none. What is a little too long stays whole."""
    words = from_the_point(o.quote, length) if o.quote else o.summary
    room = len(words) if len(words) <= length * (1 + _SPARE) else length
    return quoted(words, room) if o.quote else cut(words, room)


def from_the_point(words: str, length: int) -> str:
    """Return words that are too long without what leads up to the point: a greeting, and what stands before a colon in the first half."""
    tidy = clean(words)
    if len(tidy) > length:
        tidy = _GREETING.sub("", tidy, count=1)
    if len(tidy) > length:
        before, _, after = tidy.partition(": ")
        tidy = f"… {after}" if after and len(before) < len(tidy) / 2 else tidy
    return tidy


def in_bucket(bucket: Bucket, number: int) -> str:
    """Return how many messages are in a bucket, as the sum says it: "33 answered", "1 needs no answer"."""
    if bucket is Bucket.NO_ANSWER:
        return f"{number} {'needs' if number == 1 else 'need'} no answer"
    return f"{number} {BUCKETS[bucket]}"


def person(contact: str | None, name: str = "") -> str:
    """Return what to call a contact: the name they give themselves, with a caller's number, else the address or number itself."""
    if not contact or not name:
        return cut(_address(contact or "") or name, 60)
    return cut(name, 60) if "@" in contact else f"{cut(name, 60)}, {cut(_address(contact), 40)}"


def _address(contact: str) -> str:
    return readable_number(contact) if contact.startswith("+") else readable_email(contact)


def source(name: str) -> str:
    """Return the short name of a source: the last part of a folder's path ("mail Maildir"), the host of an address, else the name.

    A folder that is only called after what it holds, such as "calendar" or "Maildir", is left to the kind.
    """
    kind, _, place = name.partition(" ")
    place, bracket, rest = place.partition(" (")
    if "://" in place:
        place = urlsplit(place).hostname or place
    elif "/" in place or "\\" in place:
        place = re.split(r"[/\\]", place.rstrip("/\\"))[-1]
    if place.casefold() in {kind.casefold(), "maildir"}:
        place = ""
    return cut(" ".join(part for part in (kind, place) if part) + bracket + rest, 80)


def greeting(name: str) -> str:
    """Return the first line of a letter to somebody: by the first name; by none where none is known, or only that of a desk."""
    called = first_name(name)
    return f"Hello {called}," if called else "Hello,"


def first_name(name: str) -> str:
    """Return what comes after a greeting: the first name, the whole name where that is none, "" where there is only that of a desk."""
    words = clean(name).split()
    if not words or any(word.strip(".,&").lower() in _ROLE_NAMES for word in words):
        return ""
    whole = len(words[0].strip(".")) < 2 or words[0].endswith(".") or words[0].lower() in _TITLES
    return cut(name, 60) if whole else cut(words[0], 40)


def time_of_day(at: datetime, zone: ZoneInfo) -> str:
    """Return the time of day: 14:05."""
    return f"{at.astimezone(zone):%H:%M}"


def day(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return the date as one says it: today, yesterday, tomorrow, Fri 27 Feb; with the year where it is not this year's."""
    local, today = at.astimezone(zone).date(), now.astimezone(zone).date()
    near = {-1: "yesterday", 0: "today", 1: "tomorrow"}.get((local - today).days)
    if near:
        return near
    year = f" {local.year}" if local.year != today.year else ""
    return date_of(at, zone) + year


def date_of(at: datetime, zone: ZoneInfo) -> str:
    """Return the date, whatever today is: Fri 27 Feb."""
    local = at.astimezone(zone)
    return f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]}"


def long_date(at: datetime, zone: ZoneInfo) -> str:
    """Return the date in full: 27 February 2026."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y}"


def moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return the date and the time of day: Fri 27 Feb 14:05."""
    return f"{day(at, zone, now)} {time_of_day(at, zone)}"


def iso(at: datetime | None, zone: tzinfo) -> str | None:
    """Return a moment for --json: ISO 8601 with the offset that a time zone has then; None without one."""
    return at.astimezone(zone).isoformat() if at is not None else None


def span(start: datetime, end: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return the time of a meeting: Thu 5 Mar 10:00–11:00."""
    return f"{moment(start, zone, now)}–{time_of_day(end, zone)}"


def spans(slots: Sequence[tuple[datetime, datetime]], zone: ZoneInfo, now: datetime) -> str:
    """Return spans to choose from, each day once: Thu 5 Mar 10:00–11:00, 14:00–15:00 or Fri 6 Mar 09:00–10:00."""
    days = [day(start, zone, now) for start, _ in slots]
    told = [f"{time_of_day(start, zone)}–{time_of_day(end, zone)}" for start, end in slots]
    return listed([time if n and days[n] == days[n - 1] else f"{days[n]} {time}" for n, time in enumerate(told)], "or")


def working_span(working: WorkingHours, start: datetime, end: datetime) -> str:
    """Return the business time between two moments in whole units: 25 min, 2 working hours, 3 working days."""
    passed = hours.between(working, start, end)
    length = hours.longest_day(working)
    if length and passed >= length:
        return count(max(1, round(passed / length)), "working day")
    minutes = int(passed.total_seconds()) // 60
    return count(minutes // 60, "working hour") if minutes >= 60 else f"{max(1, minutes)} min"


def duration(number: float | None, working: WorkingHours) -> str:
    """Return so many business minutes as one says them; None where too much is still open to say."""
    if number is None:
        return "not known yet"
    if number < 60:
        return f"{max(1, round(number))} min"
    length = hours.longest_day(working).total_seconds() / 60
    if length and number >= 1.5 * length:
        return count(round(number / length), "working day")
    return count(round(number / 60), "working hour")


def count(number: int, noun: str) -> str:
    """Return a number with its noun: 1 working day, 3 working days."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Return words as a list in a sentence: one, two and three."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def standards(charter: Charter) -> Iterator[str]:
    """Yield what a client can rely on, one sentence for each standard, as the client reads it."""
    for name, sentence in _STANDARDS.items():
        allowed = charter.standards.get(name)
        if allowed is not None:
            yield sentence.format(allowance(allowed) if name in _WITHIN else every(allowed))
    for deliverable in charter.deliverables:
        yield f"You receive {cut(deliverable.name, 80)} {schedule(deliverable)}"


def schedule(deliverable: Deliverable) -> str:
    """Return when something regular is due: every working day by 09:00, every Friday, by the 5th of each month."""
    by = f" by {deliverable.by:%H:%M}" if deliverable.by else ""
    if deliverable.every is Period.DAY:
        return f"every working day{by}"
    if deliverable.every is Period.WEEK:
        return f"every {WEEKDAYS[deliverable.day]}{by}"
    return f"by the {ordinal(deliverable.day)} of each month"


def ordinal(number: int) -> str:
    """Return a number's place in a row: 1st, 2nd, 3rd, 11th."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def every(allowed: Allowance) -> str:
    """Return how often something recurs: every month, every 3 months, every 6 weeks."""
    return f"every {allowance(allowed).removeprefix('1 ')}"


def allowance(allowed: Allowance) -> str:
    """Return how long something may take: 2 working hours, 2 clock hours, 1 working day, 6 weeks, 3 months."""
    number, unit = allowed
    if unit in (Unit.BUSINESS_MINUTES, Unit.CLOCK_MINUTES):
        kind = "working " if unit is Unit.BUSINESS_MINUTES else "clock "
        return count(number // 60, f"{kind}hour") if number % 60 == 0 else count(number, f"{kind}minute")
    if unit is Unit.WORKING_DAYS:
        return count(number, "working day")
    if unit is Unit.MONTHS:
        return count(number, "month")
    return count(number // 7, "week") if number % 7 == 0 else count(number, "day")

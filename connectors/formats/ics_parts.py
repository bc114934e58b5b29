"""An iCalendar file taken apart, so that what is broken in it costs no more than itself (RFC 5545, 3.4 and 3.6).

Each event and each time zone is given as text of its own. Alarms, tasks and journals are left out, because they are never read.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from connectors.formats.recurrence import CalendarFormatError

COMPONENT_CAP = 20_000  # events in one file
TIMES_CAP = 1500  # times that one event lists one by one: the exceptions to a daily meeting in four years
_SKIPPED = frozenset({"VALARM", "VTODO", "VJOURNAL", "VFREEBUSY"})
_ENDLESS = re.compile(r";(?:UNTIL=(?=;|$)|COUNT=(?:\d{7,}|-\d+|0+)(?=;|$))|;+$", re.IGNORECASE)


class Section(NamedTuple):
    """One VCALENDAR: the zone of its floating times (X-WR-TIMEZONE) and its METHOD, its VTIMEZONEs and its VEVENTs as text."""

    zone: str
    method: str
    zones: tuple[str, ...]
    events: tuple[str, ...]


def split(text: str) -> tuple[Section, ...]:
    """Return the calendars of a file; an export may hold several, and an event may stand alone.

    Raises CalendarFormatError where it is not a calendar, or only the beginning of one.
    """
    splitter = _Splitter()
    for line in _unfolded(text):
        splitter.take(line)
    return splitter.finish()


class _Splitter:
    """Takes a file apart line by line."""

    def __init__(self) -> None:
        self._sections: list[Section] = []
        self._begun = 0  # calendars whose BEGIN was seen
        self._properties: dict[str, str] = {}
        self._blocks: dict[str, list[str]] = {"VTIMEZONE": [], "VEVENT": []}
        self._kind = self._skipped = ""  # the block that is being read or left out
        self._lines: list[str] = []

    def take(self, line: str) -> None:
        name, _, value = line.partition(":")
        name, value = name.upper().strip(), value.strip()
        begins, ends = (value.upper() if name == verb else "" for verb in ("BEGIN", "END"))
        if self._skipped:
            self._skipped = "" if ends == self._skipped else self._skipped
        elif begins in _SKIPPED:
            self._skipped = begins
        elif "VCALENDAR" in {begins, ends}:
            self._close()
            self._begun += begins == "VCALENDAR"
            if ends:
                self._end_section()
        elif begins in self._blocks:
            self._close()
            self._kind, self._lines = begins, [line.strip()]
        elif self._kind:
            self._lines.append(_repaired(line))
            if ends == self._kind:
                self._close()
        else:
            self._properties.setdefault(name, value)

    def finish(self) -> tuple[Section, ...]:
        if not self._begun and not self._kind and any(self._blocks.values()):
            self._begun = 1
            self._end_section()
        if not self._sections or self._begun != len(self._sections):
            raise CalendarFormatError("it is not valid iCalendar, or only the beginning of it")
        return tuple(self._sections)

    def _close(self) -> None:
        if self._kind:
            self._blocks[self._kind].append("\n".join(self._lines))
        if len(self._blocks["VEVENT"]) > COMPONENT_CAP:
            raise CalendarFormatError("it has more events than Kept reads from one file")
        self._kind, self._lines = "", []

    def _end_section(self) -> None:
        zone, method = self._properties.get("X-WR-TIMEZONE", ""), self._properties.get("METHOD", "").upper()
        self._sections.append(Section(zone, method, tuple(self._blocks["VTIMEZONE"]), tuple(self._blocks["VEVENT"])))
        self._properties, self._blocks = {}, {"VTIMEZONE": [], "VEVENT": []}


def value_of(block: str, name: str) -> str:
    """Return the first value of a property in an event's text, "" where it has none; for what cannot be parsed."""
    found = re.search(rf"(?m)^{name}(?:;[^:\n]{{0,500}})?:(.{{0,500}})$", block)
    return found.group(1).strip() if found else ""


def check_listed_times(block: str) -> None:
    """Raise CalendarFormatError where an event lists too many times one by one, as RDATE or EXDATE (RFC 5545, 3.8.5).

    Each costs as much to parse as an event, and the library parses all of them at once.
    """
    listing = (line for line in block.split("\n") if line[:6].upper() in ("RDATE:", "RDATE;", "EXDATE"))
    if sum(line.count(",") + 1 for line in listing) > TIMES_CAP:
        raise CalendarFormatError("it repeats more often than any meeting does")


def times_alone(block: str) -> str:
    """Return an event's text with nothing but its start and end."""
    kept = (line for line in block.split("\n") if line[:7].upper().startswith(("DTSTART", "DTEND", "DURATI", "STATUS", "TRANSP")))
    return "\n".join(("BEGIN:VEVENT", *kept, "END:VEVENT"))


def _unfolded(text: str) -> list[str]:
    """Return the lines, long ones joined again (RFC 5545, 3.1); empty ones are nobody's, also between the parts of a long one."""
    return [line for line in re.sub(r"(?:\r\n?|\n)+[ \t]", "", text).splitlines() if line.strip()]


def _repaired(line: str) -> str:
    """Return the line; a rule without an end that counts for nothing: an empty UNTIL, a COUNT below one or past all years."""
    return _ENDLESS.sub("", line.strip()) if line[:5].upper() == "RRULE" else line

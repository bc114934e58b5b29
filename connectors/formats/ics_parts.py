"""An iCalendar file taken apart, so that what is broken in it costs no more than itself (RFC 5545, 3.4 and 3.6).

Each event and each time zone is given as text of its own. Alarms, tasks and journals are left out, because they are never read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from connectors.formats.recurrence import CalendarFormatError

COMPONENT_CAP = 20_000  # events in one file
ATTENDEE_CAP = 200  # people of one event
WORDS_CAP = 16 * 1024  # characters of one property that is no time, as they are escaped; ics.py keeps half as many
ROOM = 256 * 1024  # characters of all these of an event, where each counts as `LEAST` at least
LEAST = 256  # characters that are parsed as fast as one property
EVENT_CAP, LINES_CAP = 320 * 1024, 1200  # characters and lines of one event with its times
TIMES_CAP = 1500  # times that one event lists one by one: the exceptions to a daily meeting in four years
_SKIPPED = frozenset({"VALARM", "VTODO", "VJOURNAL", "VFREEBUSY"})
_LISTS = ("RDATE:", "RDATE;", "EXDATE:", "EXDATE;")
_TIMES = (*_LISTS, "DTSTART", "DTEND", "DURATION", "RRULE", "RECURRENCE-ID")
_STRUCTURE = ("BEGIN:", "END:")
_ENDLESS = re.compile(r";(?:UNTIL=(?=;|$)|COUNT=(?:\d{7,}|-\d+|0+)(?=;|$))|(?<!;);++$", re.IGNORECASE)
# One run of line breaks is looked at once: "\r\n" must not match in two ways, nor any part of a run that no blank follows again.
_FOLD = re.compile(r"(?<![\r\n])[\r\n]++[ \t]")


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
            self._blocks[self._kind].append("\n".join(_tidied(self._lines) if self._kind == "VEVENT" else self._lines))
        if len(self._blocks["VEVENT"]) > COMPONENT_CAP:
            raise CalendarFormatError("it has more events than Kept reads from one file")
        self._kind, self._lines = "", []

    def _end_section(self) -> None:
        zone, method = self._properties.get("X-WR-TIMEZONE", ""), self._properties.get("METHOD", "").upper()
        zones, events = (
            tuple(dict.fromkeys(self._blocks[kind])) for kind in ("VTIMEZONE", "VEVENT")
        )  # what is there twice says no more
        self._sections.append(Section(zone, method, zones, events))
        self._properties, self._blocks = {}, {"VTIMEZONE": [], "VEVENT": []}


def _tidied(lines: Sequence[str]) -> Iterator[str]:
    """Yield an event's lines with its times whole, and of its people and words as much as is read: each costs time in the library."""
    room, people = ROOM, 0
    for line in _joined(lines):
        name = line[:14].upper()
        people += name.startswith("ATTENDEE")
        if name.startswith((*_TIMES, *_STRUCTURE)):
            yield line
        elif room > 0 and not (name.startswith("ATTENDEE") and people > ATTENDEE_CAP):
            room -= max(len(line[:WORDS_CAP]), LEAST)
            yield line[:WORDS_CAP]


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines, those that list times in the same form as one: the library takes as long for a line as for ten times in it."""
    listing: dict[str, list[str]] = {}
    for line in lines:
        if line[:7].upper().startswith(_LISTS):
            form, _, times = line.rpartition(":")
            listing.setdefault(form, []).append(times)
    for line in lines:
        form = line.rpartition(":")[0] if line[:7].upper().startswith(_LISTS) else ""
        if not form:
            yield line
        elif form in listing:
            yield f"{form}:{','.join(listing.pop(form))}"


def value_of(block: str, name: str) -> str:
    """Return the first value of a property in an event's text, "" where it has none; for what cannot be parsed."""
    found = re.search(rf"(?m)^{name}(?:;[^:\n]{{0,500}})?:(.{{0,500}})$", block)
    return found.group(1).strip() if found else ""


def check_size(block: str) -> None:
    """Raise CalendarFormatError where an event is too long, or lists too many times one by one, as RDATE or EXDATE (RFC 5545, 3.8.5).

    Each of these costs as much to parse as an event, and the library parses all of them at once.
    """
    if len(block) > EVENT_CAP or block.count("\n") > LINES_CAP:
        raise CalendarFormatError("it is larger than any real calendar event")
    listing = (line for line in block.split("\n") if line[:7].upper().startswith(_LISTS))
    if sum(line.count(",") + 1 for line in listing) > TIMES_CAP:
        raise CalendarFormatError("it repeats more often than any meeting does")


def times_alone(block: str) -> str:
    """Return an event's text with nothing but its start and end."""
    kept = (line for line in block.split("\n") if line[:7].upper().startswith(("DTSTART", "DTEND", "DURATI", "STATUS", "TRANSP")))
    return "\n".join(("BEGIN:VEVENT", *islice(kept, 5), "END:VEVENT"))


def _unfolded(text: str) -> list[str]:
    """Return the lines, long ones joined again (RFC 5545, 3.1); empty ones are nobody's, also between the parts of a long one."""
    return [line for line in _FOLD.sub("", text).splitlines() if line.strip()]


def _repaired(line: str) -> str:
    """Return the line; a rule without an end that counts for nothing: an empty UNTIL, a COUNT below one or past all years."""
    return _ENDLESS.sub("", line.strip()) if line[:5].upper() == "RRULE" else line

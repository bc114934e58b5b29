"""A new version of a charter: what people call timely, what to negotiate for, and saving it with a draft of the client's page.

A version is a file of its own (`daemon.config.charter_files`). What was agreed before is never changed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from daemon.analysis import service_summary
from daemon.analysis.feasibility import Verdict
from daemon.app import App
from daemon.config import charter_files
from daemon.config.values import duration_text
from daemon.core.hours import parse_allowance
from daemon.delivery import client_mail
from daemon.errors import CannotDo
from daemon.glossary.actions import ActionKind, Parcel
from daemon.glossary.parties import Client
from daemon.letters import charter_page
from daemon.operations import reports
from daemon.operations.charter_history import StandardHistory, account_of

TIMELY: Mapping[str, str] = {
    "within the hour": "1h",
    "within the half day": "4h",
    "within the day": "1 day",
    "within the week": "5 days",
}
"""What people call timely -> how the configuration writes it."""
_SPOKEN: Mapping[str, str] = {
    "half an hour": "30m",
    "a half hour": "30m",
    "an hour and a half": "90m",
    "half a day": "4h",
    "a half day": "4h",
    "half a year": "6 months",
    "a quarter": "3 months",
    "every quarter": "3 months",
    "daily": "1 day",
    "weekly": "1 week",
    "monthly": "1 month",
    "eine halbe stunde": "30m",
    "halbe stunde": "30m",
    "anderthalb stunden": "90m",
    "eineinhalb stunden": "90m",
    "ein halber tag": "4h",
    "einen halben tag": "4h",
    "eines halben tages": "4h",
    "halber tag": "4h",
    "ein halbes jahr": "6 months",
    "halbes jahr": "6 months",
    "halbjährlich": "6 months",
    "ein quartal": "3 months",
    "vierteljährlich": "3 months",
    "täglich": "1 day",
    "wöchentlich": "1 week",
    "monatlich": "1 month",
}
_COUNTED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTED_IN_GERMAN = ("eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf")
_NUMBERS: Mapping[str, int] = {
    **dict.fromkeys(("a", "an", "ein", "eine", "einen", "einem", "einer", "eines"), 1),
    **{word: n for words in (_COUNTED, _COUNTED_IN_GERMAN) for n, word in enumerate(words, start=1)},
}
_NUMBERED = re.compile(r"(\d+)\s*(\D+)")
_FIRST = ("within ", "innerhalb von ", "innerhalb ", "binnen ", "in ", "alle ")
_UNITS: Mapping[str, str] = {
    **dict.fromkeys(("min.", "minute", "minuten", "arbeitsminute", "arbeitsminuten"), "minutes"),
    **dict.fromkeys(("std", "std.", "stunde", "stunden", "arbeitsstunde", "arbeitsstunden"), "hours"),
    **dict.fromkeys(("tag", "tage", "tagen", "tages", "arbeitstag", "arbeitstage", "arbeitstagen"), "days"),
    **dict.fromkeys(("woche", "wochen"), "weeks"),
    **dict.fromkeys(("monat", "monate", "monaten"), "months"),
    **dict.fromkeys(("jahr", "jahre", "jahren", "jahres"), "years"),
    **dict.fromkeys(("working minute", "working minutes"), "minutes"),
    **dict.fromkeys(("working hour", "working hours"), "hours"),
    **dict.fromkeys(("working day", "working days"), "days"),
}
"""What people and pages call a unit -> how the configuration writes it."""


@dataclass(frozen=True, slots=True)
class NewVersion:
    """The result of an interview: the first day in force, and the values of the file as the configuration writes them."""

    client: Client
    start: date
    values: Mapping[str, Any]


def save(app: App, version: NewVersion, now: datetime) -> tuple[Path, str, str]:
    """Write the version and draft the page for the client; return the file, the page's text and a line about the draft.

    Raises CannotDo if there is a version of that day. A file that cannot be read again is removed.
    """
    path = charter_files.write(Path(app.settings.charters), version.client.name, version.start, version.values)
    try:
        app.view_as_of(now)  # so that the version just agreed counts
        client = next(c for c in app.office.clients if c.name == version.client.name)
    except Exception:
        path.unlink(missing_ok=True)
        raise
    parcel, text = _page(app, client, version.start, now)
    return path, text, reports.save_draft(app, parcel, now)


def parse_duration(text: str) -> str:
    """Return a time as the configuration writes it, from that or from what people say in English or German (“within the day”, “vier Stunden”). Raises CannotDo."""
    answer = " ".join(text.lower().split())
    for timely, duration in TIMELY.items():
        if answer and answer.removeprefix("within ").removeprefix("the ") == timely.removeprefix("within the "):
            return duration
    answer = _in_digits(answer)
    if answer in ("off", "none", "never", "aus", "nie", "keine"):
        return "off"
    try:
        return duration_text(parse_allowance(answer))
    except ValueError:
        raise CannotDo(
            "“%(text)s” is not a time; write for example 2h, 1 day, 3 months, “within the day”, or off.", text=text
        ) from None


def _in_digits(answer: str) -> str:
    """Return what was said, in English or German, with its number in digits: four hours, half a day, einen Tag are 4 hours, 4h, 1 days."""
    answer = answer.removeprefix(next((first for first in _FIRST if answer.startswith(first)), ""))
    if answer in _SPOKEN:
        return _SPOKEN[answer]
    written = _NUMBERED.fullmatch(answer)
    first, rest = written.groups() if written else answer.partition(" ")[::2]
    rest = _UNITS.get(rest, rest)
    return f"{_NUMBERS.get(first, first)} {rest}" if rest and (written or first in _NUMBERS) else answer


def counter_proposal(history: StandardHistory | None) -> str | None:
    """Return the time to negotiate for, as the configuration writes it; None if the time asked for can be met."""
    if history is None or history.feasibility.verdict in (Verdict.KEPT, Verdict.UNKNOWN) or history.feasibility.target is None:
        return None
    return duration_text(history.feasibility.target)


def _page(app: App, client: Client, start: date, now: datetime) -> tuple[Parcel, str]:
    """Return the draft of the page for the client, and its text."""
    account = account_of(app, client)
    zone = ZoneInfo(account.hours.zone)
    version = next(v for v in client.amendments if v.start is not None and v.start.astimezone(zone).date() == start)
    assessments = app.assessments(now)
    assessment = next((a for a in assessments if (a.account, a.client) == (account.address, client.name)), None)
    contact = service_summary.contact(assessment) if assessment else None
    subject, text = charter_page.charter_page(account, client, version, contact)
    written = (subject, text, ())
    again = charter_files.put_aside_before(Path(app.settings.charters), client.name, start)
    return client_mail.client_draft(account, ActionKind.CHARTER, client, start, contact, written, now, again=again), text

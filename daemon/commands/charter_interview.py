"""Agree on a new version of a charter: ask what the client wants, hold it against history, save it, and draft the client's page.

A version is a file of its own (`daemon.config.charter_files`). What was agreed before is never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from daemon.analysis import service_summary
from daemon.analysis.feasibility import Verdict
from daemon.app import App
from daemon.commands import reports
from daemon.commands.charter_history import StandardHistory, account_of, response_history
from daemon.config import charter_files
from daemon.config.values import duration_text
from daemon.core.hours import parse_allowance
from daemon.delivery import client_mail
from daemon.errors import CannotDo
from daemon.glossary.actions import ActionKind, Parcel
from daemon.glossary.parties import Client
from daemon.letters import charter_page

Ask = Callable[[str, str], str]
"""Asks a question; the second argument is what an empty answer means."""
Tell = Callable[[str], None]

TIMELY: Mapping[str, str] = {
    "within the hour": "1h",
    "within the half day": "4h",
    "within the day": "1 day",
    "within the week": "5 days",
}
"""What people call timely -> how the configuration writes it."""
QUESTIONS: Mapping[str, str] = {
    "reply": "How soon are their emails answered?",
    "call_back": "How soon are their calls returned?",
    "contact": "How often do they hear from you at least?",
    "meeting": "How often do you meet about current work?",
    "review": "How often do you review their expectations together?",
}


@dataclass(frozen=True, slots=True)
class NewVersion:
    """The result of an interview: the first day in force, and the values of the file as the configuration writes them."""

    client: Client
    start: date
    values: Mapping[str, Any]


def interview(app: App, client: Client, ask: Ask, tell: Tell, now: datetime) -> NewVersion:
    """Ask for everything that a version contains: what the client wants, what is realistic, what was agreed."""
    tell(
        f"What did {client.name} ask for? Enter a time (2h, 1 day, 3 months), “within the hour”, “within the day”, "
        "“within the week”, or off."
    )
    values: dict[str, Any] = {}
    wanted: dict[str, str] = {}
    for standard in QUESTIONS:
        asked_for, agreed = _ask_standard(app, client, standard, ask, tell, now)
        if asked_for is not None:
            wanted[standard] = asked_for
        if agreed != duration_text(client.charter_at(now).standards.get(standard)) or asked_for is not None:
            values[standard] = False if agreed == "off" else agreed
    if words := ask("In their own words, what matters most to them?", ""):
        wanted["in their words"] = words
    today = now.astimezone(ZoneInfo(account_of(app, client).hours.zone)).date()
    start = _ask_day(ask, tell, "In force from", today) or today
    agreement = {
        "asked": wanted,
        "agreed_by": ask("Who agreed to it, on both sides?", ""),
        "next_review": _ask_day(ask, tell, "When will it be reviewed next?", None),
        "notes": ask("Anything else to note?", ""),
    }
    return NewVersion(client, start, values | {key: value for key, value in agreement.items() if value})


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
    """Return a time as the configuration writes it, from that or from what people say (“within the day”). Raises CannotDo."""
    answer = text.strip().lower()
    for timely, duration in TIMELY.items():
        if answer and answer.removeprefix("within ").removeprefix("the ") == timely.removeprefix("within the "):
            return duration
    if answer in ("off", "none", "never"):
        return "off"
    try:
        parse_allowance(answer)
    except ValueError:
        raise CannotDo(f"“{text}” is not a time; write for example 2h, 1 day, 3 months, “within the day”, or off.") from None
    return answer


def counter_proposal(history: StandardHistory | None) -> str | None:
    """Return the time to negotiate for, as the configuration writes it; None if the time asked for can be met."""
    if history is None or history.feasibility.verdict in (Verdict.KEPT, Verdict.UNKNOWN) or history.feasibility.target is None:
        return None
    return duration_text(history.feasibility.target)


def _ask_standard(app: App, client: Client, standard: str, ask: Ask, tell: Tell, now: datetime) -> tuple[str | None, str]:
    """Return what the client asked for, if that is not realistic, and what was agreed on in the end."""
    present = duration_text(client.charter_at(now).standards.get(standard))
    duration = _ask_duration(ask, tell, QUESTIONS[standard], present)
    history = response_history(app, client, standard, duration, now)
    if history is not None:
        tell(f"  History with {client.name}: {history.verdict()}")
    better = counter_proposal(history)
    if better is None or better == duration:
        return None, duration
    question = f"  Your history says that this is not realistic, but {better} would be. Agreed on"
    return duration, _ask_duration(ask, tell, question, better)


def _ask_duration(ask: Ask, tell: Tell, question: str, present: str) -> str:
    """Ask until the answer is a time."""
    while True:
        try:
            return parse_duration(ask(question, present))
        except CannotDo as error:
            tell(f"  {error}")


def _ask_day(ask: Ask, tell: Tell, question: str, present: date | None) -> date | None:
    """Ask until the answer is a date, or empty."""
    while True:
        answer = ask(f"{question} (as 2026-03-31)", present.isoformat() if present else "")
        try:
            return date.fromisoformat(answer) if answer else None
        except ValueError:
            tell(f"  “{answer}” is not a date; write it as 2026-03-31.")


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
    return client_mail.client_draft(account, ActionKind.CHARTER, client, start, contact, written, now), text

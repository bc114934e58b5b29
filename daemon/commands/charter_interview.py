"""Agree on a new version of a charter: ask what the client wants, hold it against history, save it, and draft the client's page.

A version is a file of its own (`daemon.config.charter_files`). What was agreed before is never changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from daemon.app import App
from daemon.config.values import duration_text
from daemon.errors import CannotDo
from daemon.glossary.parties import Client
from daemon.operations.charter_history import account_of, response_history
from daemon.operations.charter_versions import NewVersion, counter_proposal, parse_duration

Ask = Callable[[str, str], str]
"""Asks a question; the second argument is what an empty answer means."""
Tell = Callable[[str], None]

QUESTIONS: Mapping[str, str] = {
    "reply": "How soon are their emails answered?",
    "call_back": "How soon are their calls returned?",
    "contact": "How often do they hear from you at least?",
    "meeting": "How often do you meet about current work?",
    "review": "How often do you review their expectations together?",
}


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

"""Changing one part of a configuration that is there: which part, for which account, and the questions of that part."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from daemon.config import included
from daemon.config.load import load_settings
from daemon.config.secrets import SECRET_KEYS
from daemon.errors import CannotDo
from daemon.setup import (
    calendar_questions,
    client_changes,
    dialogue,
    mail_questions,
    sending_questions,
    standards_questions,
    typed,
    working_questions,
)
from daemon.setup.answers import Answers
from daemon.setup.editing.changes import Change
from daemon.setup.interview import Interview, SignIn, without_place

PARTS: Mapping[str, str] = {
    "mailbox": "a mailbox and its password",
    "calendars": "the calendars, and which one meetings are booked in",
    "sending": "how Kept sends to you",
    "working hours": "time zone, public holidays and working hours",
    "digest": "when the digest comes",
    "manager": "your manager",
    "standards": "what every client can expect of you",
    "clients": "more clients, from your mail of the last three months",
    "another mailbox": "another mailbox of yours",
    "names": "clients who are to have another name, or to go",
}

_BESIDE_A_MAILBOX = {"calendars", "sending", "clients", "another mailbox"}  # parts that need a mailbox of the account's own


def ask_part(target: Path, sign_in: SignIn) -> list[Change]:
    """Ask which part of a configuration to change and for which account, then the questions of that part; return the changes.

    Raises ConfigError where the file is not valid.
    """
    load_settings(target)
    document = included.read(target).data
    accounts = document["accounts"]
    names = list(PARTS)
    while True:
        with contextlib.suppress(dialogue.Back):
            several = len(accounts) > 1
            n = dialogue.choose("Whose", [str(account["addresses"][0]) for account in accounts]) if several else 0
            part = names[dialogue.choose("What do you want to change? Number", [PARTS[name] for name in names])]
            if part == "names":
                return client_changes.ask_changes(document, target.parent)
            answers = _loaded(target, document, n)
            with contextlib.suppress(dialogue.Back):
                _ask(part, Interview(answers, sign_in))
                return _changes(part, answers, document, n)


def _loaded(target: Path, document: Mapping[str, Any], n: int) -> Answers:
    oauth, digest, charter = (dict(document.get(name) or {}) for name in ("oauth", "digest", "charter"))
    return Answers(target, dict(document["accounts"][n]), oauth, digest, charter, list(document.get("clients") or []))


def _ask(part: str, interview: Interview) -> None:
    answers = interview.answers
    if part in _BESIDE_A_MAILBOX and not answers.account.get("mail"):
        raise CannotDo(
            f"{answers.address} has no mailbox of their own in the configuration; what a team has in common stands under team:. "
            "Change that with a text editor; nothing was changed."
        )
    if part in {"calendars", "sending", "clients"}:
        interview.log_in_again()
    if part == "clients":
        interview.begin_reading(first=False)
    questions: Mapping[str, Callable[[], None]] = {
        "mailbox": lambda: _ask_mailbox_anew(answers),
        "another mailbox": lambda: _ask_another_mailbox(answers),
        "calendars": lambda: _ask_calendars(answers),
        "sending": lambda: sending_questions.ask_sending(answers),
        "working hours": lambda: working_questions.ask_working(answers),
        "digest": lambda: working_questions.ask_digest(answers),
        "manager": lambda: working_questions.ask_manager(answers),
        "standards": lambda: standards_questions.ask_standards(answers),
        "clients": interview.ask_clients,
    }
    questions[part]()


def _ask_mailbox_anew(answers: Answers) -> None:
    """Ask for the mailbox; a calendar or transport that had the same password as before gets the new one."""
    mailboxes = list(answers.account.get("mail") or [])
    if len(mailboxes) > 1:
        _ask_one_mailbox(answers, mailboxes)
        return
    before = mailboxes[0] if mailboxes else {}
    mail_questions.ask_mailbox(answers)
    new = {key: value for key, value in answers.account["mail"][0].items() if key in SECRET_KEYS}
    old = {key: value for key, value in before.items() if key in SECRET_KEYS}
    if not new or not old or before.get("username") != answers.account["mail"][0].get("username"):
        return

    def renewed(source: Mapping[str, Any]) -> dict[str, Any]:
        same = source.get("username") == before["username"] and old.items() <= source.items()
        return without_place(source) | new if same else dict(source)

    answers.account["calendars"] = [renewed(source) for source in answers.account.get("calendars") or []]
    if answers.account.get("send"):
        answers.account["send"] = renewed(answers.account["send"])


def _ask_one_mailbox(answers: Answers, mailboxes: list[dict[str, Any]]) -> None:
    """Ask which of several mailboxes to change, and for that one; the others, the calendars and the sending stay."""
    kept = {key: answers.account.get(key) for key in ("calendars", "send")}
    at = dialogue.choose("Which one? Number", [_named(source) for source in mailboxes])
    answers.account["mail"] = [mailboxes[at]]
    mail_questions.ask_mailbox(answers)
    answers.account |= {"mail": [*mailboxes[:at], answers.account["mail"][0], *mailboxes[at + 1 :]], **kept}


def _ask_another_mailbox(answers: Answers) -> None:
    """Ask for a mailbox that is read besides; its address becomes one of the user's own."""
    account = answers.account
    address = dialogue.ask("The address of that mailbox", typed.email)
    other = Answers(answers.target, {"addresses": [address]}, answers.oauth, wallet=answers.wallet)
    mail_questions.ask_mailbox(other)
    account["mail"] = [*(account.get("mail") or []), *other.account["mail"]]
    if address not in account["addresses"]:
        account["addresses"] = [*account["addresses"], address]


def _ask_calendars(answers: Answers) -> None:
    """Ask for the calendars: instead of those that are there, or besides them."""
    before = list(answers.account.get("calendars") or [])
    if before:
        dialogue.tell("Kept reads these calendars:")
        dialogue.show([_named(source) for source in before])
    besides = bool(before) and dialogue.confirm("Keep them, and add calendars from somewhere else?", default=False)
    if besides:
        answers.account["calendars"] = []
    calendar_questions.ask_calendars(answers)
    if besides:
        new = [{key: value for key, value in source.items() if key != "book"} for source in answers.account["calendars"]]
        answers.account["calendars"] = before + [source for source in new if source not in before]
        dialogue.tell("Meetings are booked in the same calendar as before; kept check says in which.")


def _named(source: Mapping[str, Any]) -> str:
    """Return what tells a source from the others."""
    named = (source.get(key) for key in ("host", "url", "path", "calendar", "username", "mailbox"))
    return ", ".join([str(source["type"]), *(str(value) for value in named if value)])


_KEYS: Mapping[str, tuple[str, ...]] = {
    "mailbox": ("mail", "calendars", "send"),
    "another mailbox": ("mail", "addresses"),
    "calendars": ("calendars",),
    "sending": ("send",),
    "working hours": ("time_zone", "holidays", "working_hours"),
    "manager": ("manager", "tell_manager"),
    "clients": ("addresses",),
}


def _charter_changes(before: Any, after: Mapping[str, Any]) -> list[Change]:
    """Return a change for each standard, so that what else stands in the charter keeps its place; the whole where there is none."""
    if not isinstance(before, dict) or not before:
        return [Change(("charter",), dict(after))] if after else []
    return [Change(("charter", name), value) for name, value in after.items()]


def _changes(part: str, answers: Answers, document: Mapping[str, Any], n: int) -> list[Change]:
    changes = [Change(("accounts", n, key), answers.account.get(key)) for key in _KEYS.get(part, ())]
    if part in {"mailbox", "another mailbox"} and answers.oauth:
        changes.append(Change(("oauth",), answers.oauth))
    if part == "digest":
        changes.append(Change(("digest",), answers.digest))
    if part == "standards":
        changes += _charter_changes(document.get("charter"), answers.charter)
    if part == "clients":
        changes.append(Change(("clients",), answers.clients))
    return changes

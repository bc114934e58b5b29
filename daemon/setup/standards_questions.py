"""What clients can expect where nothing else is agreed with one of them: the house charter, shown in words before it counts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from daemon.config.office import HOUSE_CHARTER
from daemon.config.values import duration_text, to_allowance
from daemon.glossary.charter import Allowance
from daemon.letters import phrases
from daemon.setup import dialogue, typed
from daemon.setup.answers import Answers

_SAID: Mapping[str, tuple[str, str]] = {
    "reply": ("A question by email is answered within {}.", "nothing about how soon a question by email is answered"),
    "call_back": ("A call is returned within {}.", "nothing about how soon a call is returned"),
    "review": ("You meet {} to ask what they expect of you.", "no meetings about what they expect of you"),
}
_ASKED: Mapping[str, str] = {
    "reply": "A question by email is answered within (as in 2h, 1 day, off)",
    "call_back": "A call is returned within",
    "review": "You meet to ask what they expect of you every (as in 3 months)",
}


def ask_standards(answers: Answers) -> None:
    """Show what clients can expect, and ask for something else if that is not right."""
    dialogue.tell("What every client can expect of you, until you agree on something else with one of them:")
    for name in _SAID:
        dialogue.tell(_line(name, _allowed(answers.charter, name)), "  ")
    dialogue.tell(
        "Days and hours are those of your working hours. Kept reminds you in time, and sends no client an invitation before a digest has "
        "announced it to you."
    )

    def ask_one(name: str) -> None:
        before = _allowed(answers.charter, name)
        taken = dialogue.ask(_ASKED[name], typed.duration, duration_text(before))
        dialogue.tell(_line(name, taken), "  ")
        if taken != before:
            answers.charter[name] = duration_text(taken)

    if not dialogue.confirm("Is that right"):
        dialogue.in_turn(*(partial(ask_one, name) for name in _SAID))


def _allowed(charter: Mapping[str, Any], name: str) -> Allowance | None:
    found: Allowance | None = to_allowance(charter[name]) if name in charter else HOUSE_CHARTER[name]
    return found


def _line(name: str, allowance: Allowance | None) -> str:
    said, nothing = _SAID[name]
    if allowance is None:
        return f"{nothing[:1].upper()}{nothing[1:]}."
    return said.format(phrases.every(allowance) if name == "review" else phrases.allowance(allowance))

"""The signs that a person wrote a mail and speaks to the user, each with its weight; the marks of machines are weighed against them."""

from __future__ import annotations

import re
from typing import NamedTuple

from daemon.reading.values import ReaderInput

_GREETING = 80  # characters in which a greeting names the user
_LAST_LINES = 10  # of the new text, in which its writer signs
_SHORT = 5  # words of a line that may be a signature
_LETTERS = 3  # of a part of an address or name that is taken for a name
_FIRST_PERSON = re.compile(
    r"\b(?:I|I'm|I've|I'll|I'd|me|my|ich|mir|mich|mein(?:e[mnrs]?)?|je|j'|moi|mon|yo|mi|io|mio|ik|mij|mijn|eu|meu|minha|jag|mig|jeg|meg|ja|mnie)\b"
)
_WORD = re.compile(r"[^\W\d_]+")


class Sign(NamedTuple):
    """A sign of a person: why, and its weight."""

    why: str
    weight: int


def found(message: ReaderInput, new_text: str, *, asks: bool, requests: bool) -> tuple[Sign, ...]:
    """Return the signs of a person in a mail: `asks` that it waits for an answer, `requests` that it asks anything at all."""
    signs = (
        (greets(message, new_text), Sign("it greets you by name", 3)),
        (asks, Sign("it asks you", 3)),
        (requests and not asks, Sign("it asks something", 1)),
        (signed(message, new_text), Sign("its writer signs", 2)),
        (first_person(new_text), Sign("somebody speaks", 1)),
        (_is_to_user_alone(message), Sign("it is to you alone", 1)),
    )
    return tuple(sign for present, sign in signs if present)


def greets(message: ReaderInput, new_text: str) -> bool:
    """Tell whether the first words name the user."""
    start = {word.lower() for word in _WORD.findall(new_text.lstrip()[:_GREETING])}
    return not start.isdisjoint(user_names(message))


def user_names(message: ReaderInput) -> frozenset[str]:
    """Return the user's names in lower case: those of the configuration, without any the parts of the user's addresses."""
    names = message.addressee_names or tuple(address.partition("@")[0] for address in message.user)
    return _names(names)


def _names(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(w.lower() for text in texts for w in _WORD.findall(text[:200]) if len(w) >= _LETTERS)


def first_person(text: str) -> bool:
    """Tell whether somebody speaks of themselves."""
    return _FIRST_PERSON.search(text) is not None


def signed(message: ReaderInput, new_text: str) -> bool:
    """Tell whether one of the last lines is the name of the writer, as the address or its display name has it."""
    writer = _names((message.writer, message.sender.partition("@")[0]))
    lines = [line for line in new_text[-2000:].splitlines() if line.strip()][-_LAST_LINES:]
    return any(_is_name(line, writer) for line in lines)


def _is_name(line: str, writer: frozenset[str]) -> bool:
    words = [word.lower() for word in _WORD.findall(line[:200])]
    return 0 < len(words) <= _SHORT and "?" not in line and not writer.isdisjoint(words)


def _is_to_user_alone(message: ReaderInput) -> bool:
    return len(message.to) == 1 and not message.cc and message.to[0] in message.user

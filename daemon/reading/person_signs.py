"""The signs that a person wrote a mail and speaks to the user, each with its weight; the marks of machines are weighed against them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from daemon.reading.values import ReaderInput

_GREETING = 80  # characters in which a greeting names the user
_GREETING_WORDS, _ALONE = 5, 2  # words of its first piece; words of a further piece that can be a name alone
_LAST_LINES = 10  # of the new text, in which its writer signs
_SHORT = 5  # words of a line that may be a signature
_LETTERS = 3  # of a part of an address or name that is taken for a name
_FIRST_PERSON = re.compile(
    r"\b(?:I|I'm|I've|I'll|I'd|me|my|mine|myself|ich|mir|mich|mein(?:e[mnrs]?)?|je|j['’]|m['’]|moi|mon|yo|mi|io|mio|ik|mij|mijn|eu|meu|minha|jag|mig|jeg|meg|ja|mnie)(?:\b|(?<=['’]))"
)
_ADDRESS = re.compile(r"\S{0,64}@\S{0,100}")
_CLOSING = frozenset(
    "best kind kindest warm regards wishes thanks thank you many cheers yours sincerely faithfully truly all the mit freundlichen freundlichem grüßen "
    "grüssen gruß gruss viele liebe beste schöne lg mfg vg danke cordialement bien merci saludos un cordial saludo gracias met vriendelijke groet "
    "groeten cordiali saluti distinti grazie com os melhores cumprimentos pozdrawiam med venlig hilsen vänliga hälsningar vennlig".split()
)
_PIECES = re.compile(r"[,!:;?.\n–—]|\s-\s")
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
    """Tell whether the first words address the user: "Hi Dana could you", "Good morning, Dana", but not "Jane, ask Dana"."""
    start = _ADDRESS.sub(" ", new_text.lstrip()[:_GREETING])
    first, *others = (_WORD.findall(piece) for piece in _PIECES.split(start)[:3])
    called = [*first[:_GREETING_WORDS], *(word for words in others if len(words) <= _ALONE for word in words)]
    return not user_names(message).isdisjoint(word.lower() for word in called)


def named_writer(message: ReaderInput) -> re.Pattern[str] | None:
    """Return what finds the user named as the one who will do something, in mail that an assistant sends for them; else None."""
    if message.direction != "sent":
        return None
    return _as_doer(tuple(name.strip() for name in message.addressee_names if len(name.strip()) >= _LETTERS))


@lru_cache(maxsize=256)
def _as_doer(names: tuple[str, ...]) -> re.Pattern[str] | None:
    if not names:
        return None
    called = {called for name in names for called in (name, name.split()[0]) if len(called) >= _LETTERS}
    titled = {f"(?:Mr|Mrs|Ms|Dr)\\.? {re.escape(name.split()[-1])}" for name in names}
    either = "|".join(sorted((*map(re.escape, called), *titled), key=len, reverse=True))
    return re.compile(rf"\b(?:{either})(?: and [A-Z][\w'-]*(?: [A-Z][\w'-]*)?)?(?= (?:will|is going to)\b|'ll\b)")


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
    writer = _names((message.sender_name, message.sender.partition("@")[0]))
    lines = [line for line in new_text[-2000:].splitlines() if line.strip()][-_LAST_LINES:]
    return any(_is_name(line, writer) for line in lines)


def _is_name(line: str, writer: frozenset[str]) -> bool:
    words = [word for word in (w.lower() for w in _WORD.findall(line[:200])) if word not in _CLOSING]
    if not 0 < len(words) <= _SHORT or "?" in line or "@" in line:
        return False
    return 2 * sum(word in writer for word in words) >= len(words)


def _is_to_user_alone(message: ReaderInput) -> bool:
    return len(message.to) == 1 and not message.cc and message.to[0] in message.user

"""Texts that try what a program's own patterns try: made from the regular expressions that its modules hold, found by looking.

From each pattern come texts that it matches, beginnings of them, and what its repeats repeat. Repeated thousands of times these are
the mails on which a pattern that takes time with the square of its input shows it.
"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import random
import re
import warnings
from collections.abc import Iterator

# The tree of a pattern is what only the library's own parser knows; its names are those of `re.DEBUG`.
from re import _constants as names  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_DEEP = 9  # levels of values in which patterns are looked for
_MOST = 300  # characters of a text
_CATEGORIES = {
    names.CATEGORY_DIGIT: "7",
    names.CATEGORY_NOT_DIGIT: "x",
    names.CATEGORY_SPACE: " ",
    names.CATEGORY_NOT_SPACE: "y",
    names.CATEGORY_WORD: "w",
    names.CATEGORY_NOT_WORD: "-",
}
# What every text consists of, and what mail programs write.
GENERAL = (
    *" \n\t\r\xa0\u200b\u0301\u202e\u00ad.,-_=*|>?!:;()[]<'\"/\\+@#~a1é",
    *("> ", ">\n", "a ", "a. ", "A.\n", "1. ", "\u2022 a\n", "- \n", "a\n\n", " \n", "\U0001f600", "a\u0301", "\u202eabc\u202c "),
    *(
        "a@b.example ",
        "http://a.example/b ",
        "+49 30 1234567 ",
        "07:00 ",
        "3 March ",
        "1/2/26 ",
        "2026-03-02 ",
        "Monday ",
        "at 3 ",
    ),
    *("From: a\n", "To: a\n", "On Monday Kim wrote:\n", "On 2 Mar 2026, at 09:14, Kim <kim@acme.example> wrote:\n> a\n", "--\n"),
    *("-----Original Message-----\n", "Best regards\n", "Mit freundlichen Grüßen\n", "Sent from my phone\n", "Missed call\n"),
    *("u.s. ", "z. B. ", "I will ", "can you ", "please ", "if ", "thanks ", "bitte ", "könnten Sie ", "tomorrow ", "morgen "),
)


def patterns(*packages: str) -> dict[str, re.Pattern[Any]]:
    """Return the compiled patterns that the modules of these packages hold, however deep in their tables, by where they stand."""
    held: dict[int, tuple[str, re.Pattern[Any]]] = {}
    for package in packages:
        root = importlib.import_module(package)
        inner = (name for _, name, _ in pkgutil.walk_packages(root.__path__, f"{package}."))
        for module in (package, *(name for name in inner if not name.endswith("__main__"))):
            for name, value in vars(importlib.import_module(module)).items():
                for place, pattern in _within(value, f"{module}.{name}", 0):
                    held.setdefault(id(pattern), (place, pattern))
    return dict(sorted(held.values(), key=lambda pair: pair[0]))


def _within(value: Any, place: str, depth: int) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield place, value
    elif depth < _DEEP:
        inner: list[tuple[Any, Any]] = []
        if isinstance(value, dict):
            inner = list(value.items())
        elif isinstance(value, (list, tuple, set, frozenset)):
            inner = list(enumerate(value))
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            inner = [(one.name, getattr(value, one.name, None)) for one in dataclasses.fields(value)]
        for name, one in inner:
            yield from _within(one, f"{place}.{name}", depth + 1)


def texts(pattern: re.Pattern[Any], rng: random.Random, count: int = 2) -> list[str]:
    """Return texts that a pattern matches, at least nearly, beginnings of them, and what its repeats repeat."""
    source = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = list(parser.parse(source, pattern.flags & ~re.UNICODE if isinstance(pattern.pattern, bytes) else pattern.flags))
    made = [_Writer(rng).sequence(tree[:end]) for _ in range(count) for end in {len(tree), rng.randrange(len(tree) + 1)}]
    made += [_Writer(rng).sequence(repeated) for repeated in _repeats(tree)]
    return list(dict.fromkeys(text[:_MOST] for text in made if text))


def _repeats(tree: Any) -> Iterator[Any]:
    """Yield the parts of a pattern that it repeats."""
    for operation, value in tree:
        kind = str(operation)
        if kind.endswith("REPEAT"):
            if value[1] > 3:
                yield value[2]
            yield from _repeats(value[2])
        elif kind == "SUBPATTERN":
            yield from _repeats(value[3])
        elif kind == "BRANCH":
            for branch in value[1]:
                yield from _repeats(branch)
        elif kind in ("ASSERT", "ASSERT_NOT"):
            yield from _repeats(value[1])


class _Writer:
    """Writes a text that a pattern matches."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._groups: dict[int | None, str] = {}

    def sequence(self, tree: Any) -> str:
        return "".join(self._one(str(operation), value) for operation, value in tree)

    def _one(self, kind: str, value: Any) -> str:
        if kind.endswith("REPEAT"):
            least, most, inner = value
            return "".join(self.sequence(inner) for _ in range(min(self._rng.choice((least, min(most, least + 3))), 40)))
        if kind == "SUBPATTERN":
            self._groups[value[0]] = self.sequence(value[3])
            return self._groups[value[0]]
        if kind == "BRANCH":
            return self.sequence(self._rng.choice(value[1]))
        if kind == "IN":
            return self._of_set(value)
        if kind == "GROUPREF":
            return self._groups.get(value, "")
        if kind == "ATOMIC_GROUP":
            return self.sequence(value)
        if kind == "ASSERT" and value[0] > 0:
            return self.sequence(value[1]) if self._rng.random() < 0.5 else ""
        return {"LITERAL": chr(value), "NOT_LITERAL": "a"}.get(kind, "") if isinstance(value, int) else "k" * (kind == "ANY")

    def _of_set(self, members: Any) -> str:
        if str(members[0][0]) == "NEGATE":
            excluded = {self._of_set([member]) for member in members[1:]}
            return next((c for c in self._rng.sample("a 1x-A.", 7) if c not in excluded), "é")
        operation, value = self._rng.choice(members)
        if str(operation) == "RANGE":
            return chr(self._rng.choice((*value, sum(value) // 2)))
        return _CATEGORIES.get(value, "z") if str(operation) == "CATEGORY" else chr(value)

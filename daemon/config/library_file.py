"""The user's own library as a file: answers and pointers that they give again and again.

- title: Price list 2026
  words: [price list, catalogue, prices]
  link: https://northwind.example/prices.pdf
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon.analysis.content_words import terms
from daemon.config import yaml_lines
from daemon.config.yaml_lines import KeyPath, LocatedYaml
from daemon.errors import ConfigError, Problem

KEYS = ("title", "words", "text", "link")
_EXAMPLE = 'such as "- title: Price list" with words: and link: or text: below it'
_LINK = re.compile(r"(?:https?://|mailto:)\S+\Z", re.IGNORECASE)
_WORDS_OR_LIST = "must be words, or a list of words"


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry of the file: its name, what may be sent, where it is in the file ("resources.yaml, line 12"), its keywords."""

    title: str
    text: str
    link: str
    source: str
    keywords: tuple[str, ...] = ()


def load(path: Path) -> tuple[Resource, ...]:
    """Return every entry of the file, in its order. Raises ConfigError with all that is wrong with it."""
    file = yaml_lines.read_any(path, f"no such file. Write one: a list, {_EXAMPLE}")
    if file.data is None and not file.lines:
        return ()
    if not isinstance(file.data, list):
        raise ConfigError((Problem(path, file.lines[()], "", f"must be a list of resources, {_EXAMPLE}"),))
    problems = (*file.problems, *(problem for n, entry in enumerate(file.data) for problem in _problems(file, (n,), entry)))
    if problems:
        raise ConfigError(tuple(sorted(problems, key=lambda problem: problem.line)))
    return tuple(_resource(file, n, entry) for n, entry in enumerate(file.data))


def _problems(file: LocatedYaml, key_path: KeyPath, entry: Any) -> Iterator[Problem]:
    """Yield all that is wrong with one entry."""
    if not isinstance(entry, dict):
        yield file.problem(key_path, f"must be a resource, {_EXAMPLE}")
        return
    for key in entry:
        if key not in KEYS:
            yield file.problem((*key_path, key), f"unknown key; a resource has {', '.join(KEYS[:-1])} and {KEYS[-1]}")
    if "title" not in entry:
        yield file.problem(key_path, "needs a title: what you call it")
    if "words" not in entry:
        yield file.problem(key_path, "needs words: what clients ask for when this is the answer, such as [price list, catalogue]")
    if "link" not in entry and "text" not in entry:
        yield file.problem(key_path, "needs a link: or a text: to answer with")
    for key in KEYS:
        if key in entry and (message := _value_problem(key, entry[key])):
            yield file.problem((*key_path, key), message)


def _value_problem(key: str, value: Any) -> str | None:
    """Return what is wrong with a value, if anything."""
    if key == "words" and isinstance(value, list):
        if not all(_is_text(word) for word in value):
            return _WORDS_OR_LIST
        value = ", ".join(map(str, value))
    if not _is_text(value):
        return _WORDS_OR_LIST if key == "words" else "must be text"
    if key == "words" and not terms(str(value)):
        return "has no word to search for: write what clients ask for, such as [price list, catalogue]"
    if key == "link" and not _LINK.match(str(value).strip()):
        return "must be a link that can be clicked, such as https://northwind.example/prices.pdf"
    return None


def _is_text(value: Any) -> bool:
    """Tell whether a value is words, or a bare number such as an article's, which YAML reads as a number."""
    return isinstance(value, str | int | float) and not isinstance(value, bool) and bool(str(value).strip())


def _resource(file: LocatedYaml, n: int, entry: dict[str, Any]) -> Resource:
    words = entry["words"] if isinstance(entry["words"], list) else re.split(r"[,;\n]", str(entry["words"]))
    return Resource(
        title=str(entry["title"]).strip(),
        text=str(entry.get("text", "")).strip(),
        link=str(entry.get("link", "")).strip(),
        source=f"{file.path.name}, line {file.lines[n,]}",
        keywords=tuple(word for w in words if (word := str(w).strip())),
    )

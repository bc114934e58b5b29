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

import yaml

from daemon.config.yaml_lines import Lined, Place
from daemon.errors import ConfigError, Problem
from daemon.store.search import terms

KEYS = ("title", "words", "text", "link")
_EXAMPLE = 'such as "- title: Price list" with words: and link: or text: below it'
_LINK = re.compile(r"(?:https?://|mailto:)\S+\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Resource:
    """One entry of the file: what it is called, what may be sent, where it stands ("resources.yaml, line 12"), its keywords."""

    title: str
    text: str
    link: str
    source: str
    keywords: tuple[str, ...] = ()


def load(path: Path) -> tuple[Resource, ...]:
    """Every entry of the file, in its order. Raises ConfigError with all that is wrong with it."""
    lined = Lined(path)
    node = _compose(path)
    if node is None:
        return ()
    try:
        lined.data = lined._plain(node, ())  # noqa: SLF001  # its own reader takes a file of keys; this one is a list
    except RecursionError:
        raise ConfigError((Problem(path, 0, "", "an alias (*) stands inside what it repeats"),)) from None
    if not isinstance(lined.data, list):
        raise ConfigError((Problem(path, lined.lines[()], "", f"must be a list of resources, {_EXAMPLE}"),))
    problems = (*lined.problems, *(p for n, entry in enumerate(lined.data) for p in _problems(lined, (n,), entry)))
    if problems:
        raise ConfigError(tuple(sorted(problems, key=lambda p: p.line)))
    return tuple(_resource(lined, n, entry) for n, entry in enumerate(lined.data))


def _compose(path: Path) -> yaml.Node | None:
    try:
        return yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FileNotFoundError:
        problem = Problem(path, 0, "", f"there is no file of resources here. Write one: a list, {_EXAMPLE}")
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(path, 0, "", f"cannot be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}")
    except yaml.YAMLError as error:
        mark, reason = getattr(error, "problem_mark", None), getattr(error, "problem", None) or str(error).splitlines()[0]
        problem = Problem(path, mark.line + 1 if mark else 0, "", f"is not valid YAML: {reason}")
    except RecursionError:
        problem = Problem(path, 0, "", "cannot be read: lists stand too deep inside lists")
    raise ConfigError((problem,))


def _problems(lined: Lined, place: Place, entry: Any) -> Iterator[Problem]:
    """All that is wrong with one entry."""
    if not isinstance(entry, dict):
        yield lined.problem(place, f"must be a resource, {_EXAMPLE}")
        return
    for key in entry:
        if key not in KEYS:
            yield lined.problem((*place, key), f"is not known here; a resource has {', '.join(KEYS[:-1])} and {KEYS[-1]}")
    if "title" not in entry:
        yield lined.problem(place, "needs a title: what you call it")
    if "words" not in entry:
        yield lined.problem(place, "needs words: what clients ask for when this is the answer, such as [price list, catalogue]")
    if "link" not in entry and "text" not in entry:
        yield lined.problem(place, "needs a link: or a text: to answer with")
    yield from (lined.problem((*place, key), wrong) for key in KEYS if key in entry and (wrong := _wrong(key, entry[key])))


def _wrong(key: str, value: Any) -> str | None:
    """What is wrong with a value, if anything."""
    if key == "words" and isinstance(value, list):
        if not all(_is_text(v) for v in value):
            return "must be words, or a list of words"
        value = ", ".join(map(str, value))
    if not _is_text(value):
        return "must be words, or a list of words" if key == "words" else "must be text"
    if key == "words" and not terms(str(value)):
        return "says nothing to go by: name what clients ask for, such as [price list, catalogue]"
    if key == "link" and not _LINK.match(str(value).strip()):
        return "must be an address that can be clicked, such as https://northwind.example/prices.pdf"
    return None


def _is_text(value: Any) -> bool:
    """Words, or a bare number, which YAML takes for one: an article's, say."""
    return isinstance(value, str | int | float) and not isinstance(value, bool) and bool(str(value).strip())


def _resource(lined: Lined, n: int, entry: dict[str, Any]) -> Resource:
    words = entry["words"] if isinstance(entry["words"], list) else re.split(r"[,;\n]", str(entry["words"]))
    return Resource(
        title=str(entry["title"]).strip(),
        text=str(entry.get("text", "")).strip(),
        link=str(entry.get("link", "")).strip(),
        source=f"{lined.path.name}, line {lined.lines[n,]}",
        keywords=tuple(word for w in words if (word := str(w).strip())),
    )

"""A YAML file as plain values that remember the line of every key, so that whatever is wrong can be shown where it stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from yaml.constructor import SafeConstructor

from daemon.errors import ConfigError, Problem

Place: TypeAlias = tuple[str | int, ...]  # ("accounts", 0, "mail", 1, "host")


@dataclass(slots=True)
class Lined:
    """The file's values, the line of each place, and what was wrong already while they were read (keys that stand twice)."""

    path: Path
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, place: Place, message: str) -> Problem:
        """What is wrong at a place, with the nearest line that is known for it."""
        line = next((self.lines[place[:n]] for n in range(len(place), -1, -1) if place[:n] in self.lines), 0)
        return Problem(self.path, line, dotted(place), message)

    def _plain(self, node: yaml.Node, place: Place) -> Any:
        self.lines.setdefault(place, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self._plain(item, (*place, n)) for n, item in enumerate(node.value)]
        return _scalar(node)

    def _mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            here, line = (*place, str(key_node.value)), key_node.start_mark.line + 1
            if here[-1] in found:
                message = f"stands here twice, first in line {self.lines[here]}"
                self.problems.append(Problem(self.path, line, dotted(here), message))
            self.lines[here] = line
            found[str(here[-1])] = self._plain(value_node, here)
        return found


def read(path: Path) -> Lined:
    """Read a file of keys. Raises ConfigError where there is no such thing."""
    lined = Lined(path)
    try:
        lined.data = lined._plain(_compose(path), ())  # noqa: SLF001  # its own maker
    except RecursionError:
        raise ConfigError((Problem(path, 0, "", "an alias (*) stands inside what it repeats"),)) from None
    return lined


def dotted(place: Place) -> str:
    """A place as people write it: accounts[0].mail[1].host."""
    return "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in place).lstrip(".")


def _compose(path: Path) -> yaml.Node:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        message = "there is no configuration here. `kept init` writes one; `kept demo` works without."
        raise ConfigError((Problem(path, 0, "", message),)) from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise ConfigError((Problem(path, 0, "", f"cannot be read: {reason}"),)) from None
    try:
        node = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or str(error).splitlines()[0]
        raise ConfigError((Problem(path, mark.line + 1 if mark else 0, "", f"is not valid YAML: {reason}"),)) from None
    if not isinstance(node, yaml.MappingNode):
        raise ConfigError((Problem(path, 1, "", "must begin with keys such as accounts: and clients:"),))
    return node


def _scalar(node: yaml.Node) -> Any:
    try:
        return SafeConstructor().construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
        return node.value

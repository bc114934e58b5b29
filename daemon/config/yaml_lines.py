"""Read a YAML file as plain values that remember the line of every key, so that an error can name the line it is about.

PyYAML parses; only the walk over its nodes is done here, because no library does it at a bearable price. PyYAML's own
constructors and pydantic-yaml drop the line numbers and silently take the last of two equal keys. ruamel.yaml keeps the lines, but
only in its round-trip mode, which is pure Python: for a file of 200 clients 305 ms and 19 ms to import it, against 17 ms here, and
`kept status` reads this file too.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from yaml.constructor import SafeConstructor

from daemon.errors import ConfigError, Problem

KeyPath: TypeAlias = tuple[str | int, ...]
"""The keys and list indexes that lead to a value: ("accounts", 0, "mail", 1, "host")."""

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's safe loader where PyYAML was built with it."""

_TEXT = "tag:yaml.org,2002:str"


@dataclass(slots=True)
class LocatedYaml:
    """The values of a file, the line of each key path, and the duplicate keys that were met while reading.

    `digest` is the SHA-256 of its bytes. With the files that it includes (daemon.config.included) it holds their entries, too: `files`
    are these in the order of reading, and `places` maps the key path of an entry ("accounts", 3) to its file and its key path there.
    """

    path: Path
    data: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    digest: bytes = b""
    files: list[LocatedYaml] = field(default_factory=list)
    places: dict[KeyPath, tuple[LocatedYaml, KeyPath]] = field(default_factory=dict)

    def place(self, key_path: KeyPath) -> tuple[LocatedYaml, KeyPath]:
        """Return the file in which a key path stands, and its key path there."""
        if key_path[:2] not in self.places:
            return self, key_path
        file, entry = self.places[key_path[:2]]
        return file, (*entry, *key_path[2:])

    def has(self, key_path: KeyPath) -> bool:
        """Return whether a key path stands in the file, or in one that it includes."""
        file, there = self.place(key_path)
        return there in file.lines

    def line(self, key_path: KeyPath) -> int:
        """Return the line, in its own file, of a key path or of the nearest part above it whose line is known; 0 for none."""
        file, there = self.place(key_path)
        above = (there[:n] for n in range(len(there), -1, -1))
        return next((file.lines[part] for part in above if part in file.lines), 0)

    def problem(self, key_path: KeyPath, message: str) -> Problem:
        """Return a problem at a key path, with its file and line."""
        file, there = self.place(key_path)
        return Problem(file.path, self.line(key_path), dotted(there), message)


def read(path: Path, content: bytes | None = None) -> LocatedYaml:
    """Read a configuration, whose top level is a mapping, or take it to have this content. Raises ConfigError."""
    missing = "there is no configuration here yet. Answer a few questions with: kept init. To see first what Kept does: kept demo"
    file = read_any(path, missing) if content is None else parse(path, content)
    if not isinstance(file.data, dict):
        raise ConfigError((Problem(path, 1, "", "must begin with keys such as accounts: and clients:"),))
    return file


def read_any(path: Path, if_missing: str) -> LocatedYaml:
    """Read a file whatever its top level is; an empty file has the data None. Raises ConfigError, `if_missing` for no file."""
    return parse(path, _content(path, if_missing))


def parse(path: Path, content: bytes) -> LocatedYaml:
    """Return what a file holds, or would hold, whose bytes are these. Raises ConfigError."""
    file = LocatedYaml(path, digest=hashlib.sha256(content).digest())
    node = _compose(path, content)
    try:
        file.data = None if node is None else _plain(file, node, ())
    except RecursionError:
        raise ConfigError((Problem(path, 0, "", "an alias (*) refers to something that contains it"),)) from None
    return file


def is_unchanged(file: LocatedYaml) -> bool:
    """Return whether the file on the disk still has the bytes that were read."""
    try:
        return hashlib.sha256(file.path.read_bytes()).digest() == file.digest
    except OSError:
        return False


def dotted(key_path: KeyPath) -> str:
    """Return a key path as people write it: accounts[0].mail[1].host."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in key_path).lstrip(".")


def _content(path: Path, if_missing: str) -> bytes:
    """Return the bytes of the file. Raises ConfigError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        message = if_missing
    except OSError as error:
        message = f"cannot be read: {error.strerror}"
    raise ConfigError((Problem(path, 0, "", message),))


def _compose(path: Path, content: bytes) -> yaml.Node | None:
    """Parse the file into PyYAML's nodes. Raises ConfigError."""
    try:
        return yaml.compose(content.decode("utf-8-sig"), Loader=LOADER)
    except UnicodeDecodeError:
        problem = Problem(path, 0, "", "cannot be read: it is not UTF-8 text")
    except yaml.YAMLError as error:
        mark, reason = getattr(error, "problem_mark", None), getattr(error, "problem", None) or str(error).splitlines()[0]
        problem = Problem(path, mark.line + 1 if mark else 0, "", f"is not valid YAML: {reason}")
    except RecursionError:
        problem = Problem(path, 0, "", "cannot be read: its lists are nested too deeply")
    raise ConfigError((problem,))


def _plain(file: LocatedYaml, node: yaml.Node, key_path: KeyPath) -> Any:
    """Return a node's value and note the lines of all that is in it."""
    file.lines.setdefault(key_path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _mapping(file, node, key_path)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(file, item, (*key_path, n)) for n, item in enumerate(node.value)]
    return _scalar(node)


def _mapping(file: LocatedYaml, node: yaml.MappingNode, key_path: KeyPath) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key, line = sys.intern(str(key_node.value)), key_node.start_mark.line + 1  # the same in every account
        if key in values:
            message = f"duplicate key; first on line {file.lines[*key_path, key]}"
            file.problems.append(Problem(file.path, line, dotted((*key_path, key)), message))
        file.lines[*key_path, key] = line
        values[key] = _plain(file, value_node, (*key_path, key))
    return values


def _scalar(node: yaml.Node) -> Any:
    if node.tag == _TEXT:
        return node.value
    try:
        return SafeConstructor().construct_object(node, deep=True)
    except (yaml.YAMLError, ValueError):
        return node.value

"""Changing one part of a configuration as text, so that every other line of it, with its comments, stays as it is.

A change is made in the file where what it changes stands: an account may have a file of its own (daemon.config.included).

PyYAML says where a value begins and ends; ruamel.yaml would keep comments too, but is no dependency of Kept, and rewraps lines that
nobody asked about. What comes out is read again and compared with what was meant. Entries of a list come and go one by one (changed_list).
"""

from __future__ import annotations

import copy
import difflib
import re
import textwrap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from daemon.config.yaml_lines import KeyPath, LocatedYaml
from daemon.errors import CannotDo
from daemon.setup.answers import to_yaml
from daemon.setup.editing.changed_list import changed_list, flow, has_comment, inserted_line, node_end, spliced, without_lines

_SECRET = re.compile(
    r"\b(?P<key>(?:password|client_secret):\s*)[^\s{].*"
)  # to the end of the line: a password may have any character
_ALIAS = re.compile(r"\s*:\s*\*[^\s,\]}]+")


class Change(NamedTuple):
    """A value to put at a key path; None takes the key, or the entry of a list, away. Entries of one list go from the last one on."""

    path: KeyPath
    value: Any


class Edit(NamedTuple):
    """A file before and after its changes."""

    path: Path
    before: str
    after: str


def edits(whole: LocatedYaml, changes: Sequence[Change]) -> list[Edit]:
    """Return the files that change, with these changes to the whole configuration. Raises CannotDo as `changed` does."""
    by_file: dict[Path, list[Change]] = {}
    for change in changes:
        file, there = whole.place(change.path)
        value = change.value
        if not there and value is None:
            raise CannotDo(f"{file.path} holds nothing else: delete that file. Nothing was changed.")
        if change.path == ("clients",) and isinstance(value, list):
            value = _own_clients(whole, value)
        by_file.setdefault(file.path, []).append(Change(there, value))
    made = [_edit(path, of_file) for path, of_file in by_file.items()]
    return [edit for edit in made if edit.after != edit.before]


def _edit(path: Path, changes: Sequence[Change]) -> Edit:
    before = written(path)
    return Edit(path, before, changed(before, changes))


def written(path: Path) -> str:
    """Return a file as it is, with the ends of its lines. Raises OSError."""
    return path.read_bytes().decode("utf-8")


def _own_clients(whole: LocatedYaml, clients: list[Any]) -> list[Any]:
    """Return the clients of the configuration itself: without those of its included files, and with those that are new."""
    known = len(whole.data.get("clients") or ())
    return [client for n, client in enumerate(clients) if n >= known or ("clients", n) not in whole.places]


def changed(text: str, changes: Sequence[Change]) -> str:
    """Return the file with these changes. Raises CannotDo where one cannot be made without touching what was not asked for."""
    if "\r\n" in text and text.count("\r\n") == text.count("\n"):
        return changed(text.replace("\r\n", "\n"), changes).replace("\n", "\r\n")
    expected = copy.deepcopy(yaml.safe_load(text))
    for change in changes:
        if _at(expected, change.path) == change.value:
            continue
        text = _replaced(text, expected, change)
        _put(expected, change)
        if _parsed(text) != expected:
            where = ".".join(str(step) for step in change.path)
            raise CannotDo(
                f"{where} is written in a way that Kept does not change by itself, so nothing was changed. Edit the file with a text "
                "editor; config.example.yaml lists every key."
            )
    return text


def shown(before: str, after: str) -> Iterator[str]:
    """Yield the lines that differ, with - or + before them, passwords hidden."""
    for line in difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0):
        if not line.startswith(("---", "+++", "@@")):
            yield f"{line[0]} " + _SECRET.sub(r"\g<key>…", line[1:])


def _parsed(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return None


def _at(document: Any, path: KeyPath) -> Any:
    for step in path:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document


def _put(document: Any, change: Change) -> None:
    parent = _at(document, change.path[:-1])
    if change.value is None:
        parent.pop(change.path[-1], None) if isinstance(parent, dict) else parent.pop(change.path[-1])
    else:
        parent[change.path[-1]] = change.value


def _replaced(text: str, document: Any, change: Change) -> str:
    """Return the text with one change to its `document`; as it was where that cannot be made without touching more."""
    parent = _node(yaml.compose(text), change.path[:-1])
    if isinstance(parent, SequenceNode) and change.value is None:
        return _without_entry(text, parent, int(change.path[-1]))
    if not isinstance(parent, MappingNode) or (parent.flow_style and not change.path[:-1]):
        return text
    n = next((n for n, (key, _) in enumerate(parent.value) if key.value == change.path[-1]), None)
    if parent.flow_style:
        return _in_flow(text, parent, n, change, _at(document, change.path))
    indent = " " * parent.start_mark.column
    if n is None:
        entry = textwrap.indent(to_yaml({str(change.path[-1]): change.value}), indent)
        return inserted_line(text, node_end(parent), entry)
    key, value = parent.value[n]
    end = _value_end(text, key, value)
    if change.value is None:
        return _without(text, key, end)
    if isinstance(value, SequenceNode) and not _is_alias(key, value):
        as_list = changed_list(text, value, _at(document, change.path), change.value)
        if as_list is not None:
            return as_list
    entry = textwrap.indent(to_yaml({str(change.path[-1]): change.value}), indent).strip()
    return spliced(text, key.start_mark.index, end, entry)


def _in_flow(text: str, parent: MappingNode, n: int | None, change: Change, before: Any) -> str:
    """Return the text with one change to a mapping in braces: its n-th key, which was `before`, or a new one; the others stay."""
    pairs = parent.value
    if n is None:
        entry = flow({change.path[-1]: change.value})[1:-1]
        at = _value_end(text, *pairs[-1]) if pairs else parent.start_mark.index + text[parent.start_mark.index :].index("{") + 1
        return spliced(text, at, at, f", {entry}" if pairs else entry)
    key, value = pairs[n]
    if change.value is not None:
        if _is_alias(key, value):
            return spliced(text, text.index("*", key.end_mark.index), _value_end(text, key, value), flow(change.value))
        as_list = changed_list(text, value, before, change.value) if isinstance(value, SequenceNode) else None
        return as_list or spliced(text, value.start_mark.index, node_end(value), flow(change.value))
    start = _value_end(text, *pairs[n - 1]) if n else key.start_mark.index
    end = _value_end(text, key, value) if n or len(pairs) == 1 else pairs[1][0].start_mark.index
    return text if has_comment(text[start:end]) else spliced(text, start, end, "")


def _is_alias(key: Node, value: Node) -> bool:
    """Return whether a value is written as an alias (*) of what stands further up."""
    return bool(value.start_mark.index < key.end_mark.index)


def _value_end(text: str, key: Node, value: Node) -> int:
    """Return where the value of a key ends."""
    alias = _ALIAS.match(text, key.end_mark.index) if _is_alias(key, value) else None
    return alias.end() if alias else node_end(value)


def _without(text: str, key: Node, end: int) -> str:
    """Return the text without a key's lines; where the key begins the entry of a list, only the comparison tells that it failed."""
    start = text.rfind("\n", 0, key.start_mark.index) + 1
    line_end = text.find("\n", end)
    return text[:start] + ("" if line_end < 0 else text[line_end + 1 :])


def _without_entry(text: str, parent: SequenceNode, n: int) -> str:
    """Return the text without the lines of one entry of a list; the list's last one, and one written on a line with others, stay."""
    if parent.flow_style or len(parent.value) == 1:
        return text
    return without_lines(text, parent.value[n])


def _node(node: Node | None, path: KeyPath) -> Node | None:
    for step in path:
        if isinstance(node, MappingNode):
            node = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            return None
    return node

"""Changing one part of a configuration as text, so that every other line of it, with its comments, stays as it is.

A change is made in the file where what it changes stands: an account may have a file of its own (daemon.config.included).

PyYAML says where a value begins and ends; ruamel.yaml would keep comments too, but is no dependency of Kept, and rewraps lines that
nobody asked about. What comes out is read again and compared with what was meant.
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
from yaml.nodes import CollectionNode, MappingNode, Node, SequenceNode

from daemon.config.yaml_lines import KeyPath, LocatedYaml
from daemon.errors import CannotDo
from daemon.setup.answers import to_yaml

_SECRET = re.compile(
    r"\b(?P<key>(?:password|client_secret):\s*)[^\s{].*"
)  # to the end of the line: a password may have any character


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
    before = path.read_text(encoding="utf-8")
    return Edit(path, before, changed(before, changes))


def _own_clients(whole: LocatedYaml, clients: list[Any]) -> list[Any]:
    """Return the clients of the configuration itself: without those of its included files, and with those that are new."""
    known = len(whole.data.get("clients") or ())
    return [client for n, client in enumerate(clients) if n >= known or ("clients", n) not in whole.places]


def changed(text: str, changes: Sequence[Change]) -> str:
    """Return the file with these changes. Raises CannotDo where one cannot be made without touching what was not asked for."""
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
    """Return the text with one change to its `document`; in a mapping that stands on one line, the mapping is written anew."""
    parent = _node(yaml.compose(text), change.path[:-1])
    if isinstance(parent, SequenceNode) and change.value is None:
        return _without_entry(text, parent, int(change.path[-1]))
    if not isinstance(parent, MappingNode) or (parent.flow_style and not change.path[:-1]):
        return text
    if parent.flow_style:
        whole = copy.deepcopy(_at(document, change.path[:-1]))
        _put(whole, Change(change.path[-1:], change.value))
        return _spliced(text, parent.start_mark.index, parent.end_mark.index, _flow(whole))
    indent = " " * parent.start_mark.column
    pair = next(((k, v) for k, v in parent.value if k.value == change.path[-1]), None)
    if pair is None:
        entry = textwrap.indent(to_yaml({str(change.path[-1]): change.value}), indent)
        return _inserted(text, _end(parent), entry)
    key, value = pair
    if change.value is None:
        return _without(text, key, value)
    added = _added(_at(document, change.path), change.value)
    if added and isinstance(value, SequenceNode) and not value.flow_style:
        return _inserted(text, _end(value), textwrap.indent(to_yaml(added), " " * value.start_mark.column))
    entry = textwrap.indent(to_yaml({str(change.path[-1]): change.value}), indent).strip()
    return _spliced(text, key.start_mark.index, _end(value), entry)


def _added(before: Any, after: Any) -> list[Any]:
    """Return what a list was lengthened by; empty if it changed in another way."""
    grows = isinstance(before, list) and isinstance(after, list) and after[: len(before)] == before
    return after[len(before) :] if grows else []


def _flow(value: Any) -> str:
    return yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000).strip()


def _spliced(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _inserted(text: str, after: int, entry: str) -> str:
    """Return the text with an entry on lines of its own below the line that contains `after`."""
    line_end = text.find("\n", after)
    if line_end < 0:
        return f"{text}\n{entry}"
    return _spliced(text, line_end + 1, line_end + 1, entry)


def _without(text: str, key: Node, value: Node) -> str:
    """Return the text without a key's lines; where the key begins the entry of a list, only the comparison tells that it failed."""
    start = text.rfind("\n", 0, key.start_mark.index) + 1
    line_end = text.find("\n", _end(value))
    return text[:start] + ("" if line_end < 0 else text[line_end + 1 :])


def _without_entry(text: str, parent: SequenceNode, n: int) -> str:
    """Return the text without the lines of one entry of a list; the list's last one, and one written on a line with others, stay."""
    if parent.flow_style or len(parent.value) == 1:
        return text
    value = parent.value[n]
    dash = text.rfind("-", 0, value.start_mark.index)
    start, line_end = text.rfind("\n", 0, dash) + 1, text.find("\n", _end(value))
    return text[:start] + ("" if line_end < 0 else text[line_end + 1 :])


def _node(node: Node | None, path: KeyPath) -> Node | None:
    for step in path:
        if isinstance(node, MappingNode):
            node = next((value for key, value in node.value if key.value == step), None)
        elif isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        else:
            return None
    return node


def _end(node: Node) -> int:
    """Return where a value ends; PyYAML's own mark of a block lies behind the comments and empty lines after it."""
    if not isinstance(node, CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _end(last[1] if isinstance(node, MappingNode) else last)

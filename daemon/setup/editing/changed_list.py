"""Entries that come into a list of a YAML file, or go, as text: the others stay as they are written, with the comments between them."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node, SequenceNode

from daemon.setup.answers import to_yaml

_QUOTED = re.compile(r"\"(?:\\.|[^\"\\])*\"|'(?:''|[^'])*'")
_COMMENT = re.compile(r"(?:^|\s)#")


def changed_list(text: str, node: SequenceNode, before: Any, after: Any) -> str | None:
    """Return the text with one list made into another; None where it is not changed entry by entry, but written anew as a whole.

    Lists of plain values are changed so, and any list that only grows. A comment that would go with what stands beside it is a reason
    to leave the text as it was.
    """
    if not (isinstance(before, list) and isinstance(after, list) and before and after):
        return None
    plain = not any(isinstance(entry, dict | list) for entry in (*before, *after))
    if not plain and (node.flow_style or after[: len(before)] != before):
        return None
    steps = SequenceMatcher(
        None, [repr(entry) for entry in before], [repr(entry) for entry in after], autojunk=False
    ).get_opcodes()
    for step, first, last, begin, end in reversed(steps):
        if step != "equal":
            change = _in_brackets if node.flow_style else _on_lines
            text = change(text, node, range(first, last), after[begin:end])
    return text


def _on_lines(text: str, node: SequenceNode, gone: range, new: Sequence[Any]) -> str:
    """Return the text of a list with an entry a line, without the entries that are gone, and with new ones below them."""
    entries = node.value
    dash = text.rfind("-", 0, entries[0].start_mark.index)
    start = text.rfind("\n", 0, dash) + 1
    lines = textwrap.indent(to_yaml(list(new)), " " * (dash - start)) if new else ""
    if lines:
        text = inserted_line(text, node_end(entries[gone.stop - 1]), lines) if gone.stop else spliced(text, start, start, lines)
    for n in reversed(gone):
        text = without_lines(text, entries[n])
    return text


def _in_brackets(text: str, node: SequenceNode, gone: range, new: Sequence[Any]) -> str:
    """Return the text of a list in brackets, with new entries instead of those that are gone."""
    entries, written = node.value, flow(list(new))[1:-1]
    first, last = gone.start, gone.stop
    if new and gone:
        start, end = entries[first].start_mark.index, node_end(entries[last - 1])
    elif new:
        start = end = node_end(entries[first - 1]) if first else entries[0].start_mark.index
        written = f", {written}" if first else f"{written}, "
    elif first:
        start, end = node_end(entries[first - 1]), node_end(entries[last - 1])
    else:
        start, end = entries[0].start_mark.index, entries[last].start_mark.index
    return text if has_comment(text[start:end]) else spliced(text, start, end, written)


def has_comment(text: str) -> bool:
    """Return whether a piece of YAML has a comment in it."""
    return _COMMENT.search(_QUOTED.sub("", text)) is not None


def flow(value: Any) -> str:
    """Return a value as it stands on one line."""
    return (
        yaml.safe_dump(value, default_flow_style=True, sort_keys=False, allow_unicode=True, width=10_000)
        .strip()
        .removesuffix("\n...")
    )


def spliced(text: str, start: int, end: int, new: str) -> str:
    """Return the text with something new between two places."""
    return text[:start] + new + text[end:]


def inserted_line(text: str, after: int, entry: str) -> str:
    """Return the text with an entry on lines of its own below the line that contains `after`."""
    line_end = text.find("\n", after)
    if line_end < 0:
        return f"{text}\n{entry}"
    return spliced(text, line_end + 1, line_end + 1, entry)


def without_lines(text: str, entry: Node) -> str:
    """Return the text without the lines of an entry of a list."""
    dash = text.rfind("-", 0, entry.start_mark.index)
    start, line_end = text.rfind("\n", 0, dash) + 1, text.find("\n", node_end(entry))
    return text[:start] + ("" if line_end < 0 else text[line_end + 1 :])


def node_end(node: Node) -> int:
    """Return where a value ends; PyYAML's own mark of a block lies behind the comments and empty lines after it."""
    if not isinstance(node, CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return node_end(last[1] if isinstance(node, MappingNode) else last)

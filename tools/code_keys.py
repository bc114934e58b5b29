# noqa: INP001  # beside a script
"""Places that seem to take a key apart: suspects, to be judged by a reader."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from code_modules import Module, say, title

NAMED_KEY = re.compile(r"(^|_)(key|keys|target)$")
KEY_WORDS = re.compile(
    r"(?:digest|reminder|remind|announce|escalation|recovery|review|touch_base|handover|cover|shown|sheet|draft)\b.*:|escalat"
)
CUTTING = {"startswith", "endswith", "split", "rsplit", "partition", "rpartition", "removeprefix", "removesuffix"}
MATCHING = {"match", "search", "fullmatch", "findall", "finditer", "sub", "split"}


def say_keys(known: Sequence[Module]) -> None:
    """Each place in daemon that seems to take a key apart."""
    title("Places in daemon that may parse a key (suspects, to be judged by a reader)")
    daemon = [m for m in known if m.root == "daemon"]
    found = [(why, f"{m.path}:{line} {code}") for m in daemon for line, why, code in sorted(key_parsing(m))]
    for why in ("a key's word", "a name like key"):
        mine = [line for reason, line in found if reason == why]
        say(f"by {why}: {len(mine)}")
        for line in mine:
            say(f"    {line}")
    say(f"in all: {len(found)}")


def key_parsing(module: Module) -> Iterator[tuple[int, str, str]]:
    """Suspicious places: the line, why, and the code."""
    words = _constants_with_key_words(module.tree)
    source = module.text.splitlines()
    seen: set[int] = set()
    for node in ast.walk(module.tree):
        why = _suspicion(node, words)
        if why and isinstance(node, ast.expr) and node.lineno not in seen:
            seen.add(node.lineno)
            yield node.lineno, why, source[node.lineno - 1].strip()[:150]


def _constants_with_key_words(tree: ast.Module) -> frozenset[str]:
    """Names of the module's constants that hold nothing but beginnings of keys, such as `_COUNTED = ("reminder:", ...)`."""
    found = set()
    for node in tree.body:
        if isinstance(node, ast.Assign) and _key_word(node.value, frozenset()):
            found |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    return frozenset(found)


def _suspicion(node: ast.AST, words: frozenset[str]) -> str:
    """Why this node may take a key apart; empty for all others."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return _suspicious_call(node, node.func, words)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice) and _named_key(node.value):
        return "a name like key"
    if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
        text = isinstance(node.left, ast.Constant | ast.JoinedStr)
        return "a name like key" if text and _named_key(node.comparators[0]) else ""
    return ""


def _suspicious_call(call: ast.Call, function: ast.Attribute, words: frozenset[str]) -> str:
    if function.attr in CUTTING and any(_key_word(argument, words) for argument in call.args):
        return "a key's word"
    cut = function.attr in CUTTING and _named_key(function.value)
    matched = function.attr in MATCHING and any(_named_key(argument) for argument in call.args)
    return "a name like key" if cut or matched else ""


def _named_key(node: ast.expr) -> bool:
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return bool(NAMED_KEY.search(name))


def _key_word(node: ast.expr, words: frozenset[str]) -> bool:
    """Whether an expression is the beginning of a key, a constant of such, or several of them."""
    if isinstance(node, ast.Tuple | ast.List | ast.Set):
        return bool(node.elts) and all(_key_word(element, words) for element in node.elts)
    if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        return bool(KEY_WORDS.match(f"{node.values[0].value!s}:"))
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return bool(KEY_WORDS.match(node.value))
    return isinstance(node, ast.Name) and node.id in words

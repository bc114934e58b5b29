# noqa: INP001  # beside a script
"""How long and how tangled functions are."""

from __future__ import annotations

import ast
import statistics
from collections.abc import Iterator, Sequence

from code_modules import LONGEST, PRODUCT, Function, Module, by_root, say, title

TANGLED = 15  # complexity from which on a function is named
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)


def say_functions(known: Sequence[Module]) -> None:
    """How long and how tangled functions are."""
    title("Functions: lines and complexity")
    for root, inside in by_root(known):
        functions = [named for m in inside for named in m.functions]
        if functions:
            lines = [_lines(f) for _, f in functions]
            tangles = [complexity(f) for _, f in functions]
            say(
                f"{root:12} {len(functions):5} functions; lines: median {statistics.median(lines):.0f}, p90 {p90(lines)}, max {max(lines)}; "
                f"complexity: p90 {p90(tangles)}, max {max(tangles)}"
            )
    title(f"Functions of a complexity over {TANGLED}")
    found = [(complexity(f), name) for m in known for name, f in m.functions if complexity(f) > TANGLED]
    for tangle, name in sorted(found, reverse=True):
        say(f"{tangle:4} {name}")
    say(f"in all: {len(found)}")
    title("Longest functions of daemon and connectors")
    long = [(_lines(f), name) for m in known if m.root in PRODUCT for name, f in m.functions]
    for count, name in sorted(long, reverse=True)[:LONGEST]:
        say(f"{count:4} {name}")
    say(f"of 30 lines or more: {sum(count >= 30 for count, _ in long)} of {len(long)}")


def complexity(function: Function) -> int:
    """How many ways lead through a function; what is defined inside it counts for itself."""
    return 1 + sum(_branches(node) for node in _own_nodes(function))


def _branches(node: ast.AST) -> int:
    if isinstance(node, BRANCHES):
        return 1
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    return len(node.ifs) if isinstance(node, ast.comprehension) else 0


def _own_nodes(function: Function) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = [*function.body]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, Function | ast.ClassDef):
            waiting += ast.iter_child_nodes(node)


def _lines(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def p90(values: Sequence[int]) -> int:
    """The value that nine in ten do not exceed."""
    return sorted(values)[max(0, -(-len(values) * 9 // 10) - 1)]

# noqa: INP001  # beside a script
"""The Python files of a checkout, and how figures about them are printed."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

PRODUCT = ("daemon", "connectors")
FOLDERS = (*PRODUCT, "tests", "tools", "bench")
LONGEST = 5  # files and functions named
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file of the checkout."""

    name: str
    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        """How many lines it has."""
        return len(self.text.splitlines())

    @property
    def folder(self) -> str:
        """The folder that it is in."""
        return self.path.rpartition("/")[0]

    @property
    def root(self) -> str:
        """The top folder."""
        return self.path.partition("/")[0]

    @cached_property
    def functions(self) -> list[tuple[str, Function]]:
        """Each function with its name as path:line name."""
        found = [node for node in ast.walk(self.tree) if isinstance(node, Function)]
        return [(f"{self.path}:{node.lineno} {node.name}", node) for node in found]


def modules(checkout: Path) -> list[Module]:
    """All Python files of the known folders."""
    paths = [path for folder in FOLDERS for path in sorted((checkout / folder).rglob("*.py"))]
    return [_module(path, path.relative_to(checkout)) for path in paths]


def _module(path: Path, inside: Path) -> Module:
    name = ".".join(inside.with_suffix("").parts).removesuffix(".__init__")
    return Module(name, inside.as_posix(), path.read_text(encoding="utf-8"))


def say(line: str = "") -> None:
    """A line of the result."""
    print(line)  # noqa: T201  # a command's result


def title(words: str) -> None:
    """A headline."""
    say(f"\n== {words}")


def by_root(known: Iterable[Module]) -> Iterator[tuple[str, list[Module]]]:
    """The modules of each top folder."""
    found: dict[str, list[Module]] = defaultdict(list)
    for module in known:
        found[module.root].append(module)
    yield from found.items()

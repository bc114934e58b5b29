# noqa: INP001  # beside a script
"""Imports against the rules, and against the declared dependencies."""

from __future__ import annotations

import ast
import re
import sys
import textwrap
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple

from code_modules import FOLDERS, PRODUCT, Module, say, title

# The import rules as floors: nobody imports from a floor above the own one, nor what is APART on the same floor.
# `tests/test_arrows.py` is stricter: it knows the rules of each package.
DAEMON_FLOORS = (
    ("clock", "errors", "logs"),
    ("reading",),
    ("glossary",),
    ("core",),
    ("standards", "analysis"),
    ("planning",),
    ("letters", "assess"),
    ("store",),
    ("config",),
    ("intake", "delivery"),
    ("ledger", "cycle"),
    ("app",),
    ("service", "team", "web"),
    ("sample",),
    ("commands", "cli"),
)
CONNECTOR_FLOORS = (
    ("mail", "calendar", "errors", "base"),
    ("formats",),
    ("net",),
    ("imap", "smtp", "caldav", "google", "microsoft", "exchange", "local"),
)
APART = {*CONNECTOR_FLOORS[-1], "standards", "analysis", "letters", "assess", "intake", "delivery"}
PURE = ("reading", "glossary", "core", "standards", "analysis", "planning", "letters", "assess")
VALUES = ("mail", "calendar", "errors")  # all that the pure packages know of connectors
MOVED = {"daemon.core.assess": "assess"}  # where an older tree has what the design names otherwise


def say_imports(known: Sequence[Module]) -> None:
    """Imports against the rules."""
    product = [m for m in known if m.root in PRODUCT]
    edges = sorted(
        {(m, other) for m in product for other in imported(m, {k.name for k in product})}, key=lambda e: (e[0].name, e[1])
    )
    lost = sorted({m.name for m in product if place(m.name) is None and m.name != "daemon"})
    judged = [(m, other) for m, other in edges if place(m.name) and place(other)]
    title("Imports against the rules")
    say(
        f"modules with a place in the rules: {len(product) - len(lost)} of {len(product)}; imports judged: {len(judged)} of {len(edges)}"
    )
    if lost:
        say(textwrap.fill(f"without a place: {' '.join(lost)}", 130, subsequent_indent="    "))
    if not any((root, package) in _packages(product) for root, package in (("daemon", "intake"), ("connectors", "formats"))):
        say("the packages of the new layout are not there: for what has no place, the rules are not applicable")
    wrong = [(m, other, why) for m, other in edges if (why := against(m.name, other))]
    for module, other, why in wrong:
        say(f"    {module.path} imports {other}: {why}")
    say(f"imports that break a rule: {len(wrong)}")


def _packages(product: Iterable[Module]) -> set[tuple[str, str]]:
    return {(m.root, m.name.split(".")[1]) for m in product if "." in m.name}


class Place(NamedTuple):
    """Where a module stands in the rules: its top package, its package below that, and the floor of the latter."""

    root: str
    package: str
    floor: int

    @property
    def name(self) -> str:
        """The package, or the top package where that has none below it."""
        return self.package or self.root


def place(name: str) -> Place | None:
    """Return a module's place in the rules; None where that has none for it."""
    root, _, rest = name.partition(".")
    package = MOVED.get(name, rest.partition(".")[0])
    floors = DAEMON_FLOORS if root == "daemon" else CONNECTOR_FLOORS
    if root == "connectors" and not package:
        return Place(root, package, len(floors))
    return next((Place(root, package, floor) for floor, packages in enumerate(floors) if package in packages), None)


def against(name: str, other: str) -> str:
    """Return which rule an import breaks; empty where it breaks none, or where nothing can be said."""
    if name.startswith("connectors") and other.startswith("daemon"):
        return "connectors never imports daemon"
    here, there = place(name), place(other)
    if here is None:
        return ""
    if here.root == "daemon" and here.package in PURE and _is_behind_values(other):
        return f"{here.package} knows connectors only as values"
    return _against_floors(here, there) if there is not None and there.root == here.root else ""


def _is_behind_values(other: str) -> bool:
    return other.startswith("connectors.") and other.split(".")[1] not in VALUES


def _against_floors(here: Place, there: Place) -> str:
    """Return which rule an import between two packages of the same top package breaks."""
    if here.floor == there.floor and here.package != there.package and here.package in APART:
        return f"{here.name} and {there.name} never import each other"
    return f"{here.name} is below {there.name}" if there.floor > here.floor else ""


def imported(module: Module, names: set[str]) -> Iterator[str]:
    """The modules of the product that a module imports, wherever in it."""
    package = module.name if module.path.endswith("__init__.py") else module.name.rpartition(".")[0]
    for name in _import_names(module.tree, package):
        parts = name.split(".")
        found = (".".join(parts[:count]) for count in range(len(parts), 0, -1))
        known = next((candidate for candidate in found if candidate in names), None)
        if known and known not in {module.name, "daemon"}:
            yield known


def _import_names(tree: ast.AST, package: str) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            whole = ".".join(part for part in (base, node.module or "") if part)
            yield from (f"{whole}.{name.name}" for name in node.names)


def say_dependencies(checkout: Path, known: Sequence[Module]) -> None:
    """Dependencies that nothing imports, and imports that no dependency brings."""
    title("Dependencies")
    project = tomllib.loads((checkout / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras: Mapping[str, list[str]] = project.get("optional-dependencies", {})
    declared = {_plain(d): "" for d in project["dependencies"]}
    declared |= {
        _plain(d): f" (extra {name})" for name, ds in extras.items() if name != "dev" for d in ds if _plain(d) not in declared
    }
    roots = {name.partition(".")[0] for m in known if m.root in PRODUCT for name in _import_names(m.tree, m.name)}
    strings = {text for m in known if m.root in PRODUCT for text in _texts(m.tree)}
    brought: dict[str, set[str]] = defaultdict(set)
    for name, distributions in packages_distributions().items():
        for distribution in distributions:
            brought[_plain(distribution)].add(name)
    for name in sorted(declared):
        if note := _unused(brought.get(name, set()), roots, strings):
            say(f"declared but not imported: {name}{declared[name]}{note}")
    own = {*sys.stdlib_module_names, *FOLDERS, ""}
    for root in sorted(roots - own - {n for d in declared for n in brought.get(d, ())}):
        say(
            f"imported but not declared: {root} (of {', '.join(sorted(d for d, names in brought.items() if root in names)) or '?'})"
        )
    say(f"declared: {len(declared)}; import names in use: {len(roots - own)}")


def _texts(tree: ast.Module) -> Iterator[str]:
    """Every string of a module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _unused(names: set[str], roots: set[str], strings: set[str]) -> str:
    """What to say of a dependency that is not imported; empty for one that is."""
    if names & roots:
        return ""
    if not names:
        return ": not installed here, so its import name is not known"
    spoken = sorted(name for name in names if any(text == name or text.startswith(f"{name}.") for text in strings))
    return f": but named in a string as {', '.join(spoken)}" if spoken else ": not even named in a string"


def _plain(requirement: str) -> str:
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", name.group() if name else requirement).lower()

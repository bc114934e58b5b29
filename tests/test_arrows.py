"""The arrows of the house: who may import whom, and who may read the clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SHARED = {"connectors.mail", "connectors.calendar", "connectors.errors"}
STANDARD = {
    "__future__", "abc", "base64", "binascii", "bisect", "calendar", "collections", "contextlib", "dataclasses", "datetime", "enum", "fnmatch", "functools",
    "hashlib", "heapq", "hmac", "html", "itertools", "json", "math", "operator", "re", "secrets", "statistics", "string", "struct", "textwrap",
    "types", "typing", "unicodedata", "urllib", "zoneinfo",
}  # fmt: skip
# Beside those, each pure package has what its data files, its templates or its craft need.
MORE = {
    "daemon.core": set[str](),
    "daemon.standards": set[str](),
    "daemon.reading": {"phonenumbers", "pathlib", "importlib", "sys"},
    "daemon.letters": {"jinja2", "markupsafe", "css_inline", "pathlib", "importlib", "PIL", "base64", "io"},
}
BELOW = (
    "daemon.core", "daemon.standards", "daemon.reading", "daemon.letters", "daemon.store", "daemon.outbox", "daemon.journal", "daemon.cycle",
    "daemon.pull", "daemon.ledger", "daemon.config", "daemon.schedule", "daemon.health",
)  # fmt: skip


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module's dotted name with its syntax tree."""
    for folder in folders:
        for path in sorted((ROOT / folder.replace(".", "/")).rglob("*.py")):
            if "migrations" not in path.parts:
                yield (
                    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"),
                    ast.parse(path.read_text("utf-8")),
                )


def imports(tree: ast.Module) -> Iterator[str]:
    """What a module imports, wherever in it; `from a import b` counts as a.b, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names if name.name[0].islower())


def within(name: str, *packages: str) -> bool:
    return any(name == p or name.startswith(f"{p}.") for p in packages)


def names(tree: ast.Module, package: str) -> set[str]:
    return {name for name in imports(tree) if within(name, package)}


def test_connectors_know_nothing_of_the_daemon() -> None:
    assert [(m, n) for m, tree in modules("connectors") for n in names(tree, "daemon")] == []


def test_the_reader_stands_alone() -> None:
    wrong = [(m, n) for m, tree in modules("daemon.reading") for n in (*names(tree, "daemon"), *names(tree, "connectors"))]
    assert [(m, n) for m, n in wrong if n != "daemon" and not within(n, "daemon.reading")] == []


@pytest.mark.parametrize("package", ["daemon.core", "daemon.standards", "daemon.letters"])
def test_the_pure_packages_know_connectors_only_as_values(package: str) -> None:
    wrong = [
        (m, n) for m, tree in modules(package) for n in names(tree, "connectors") if n != "connectors" and not within(n, *SHARED)
    ]
    assert wrong == []


@pytest.mark.parametrize("package", sorted(MORE))
def test_the_pure_packages_import_no_input_or_output(package: str) -> None:
    free = STANDARD | MORE[package] | {"daemon", "connectors"}
    assert [(m, n) for m, tree in modules(package) for n in imports(tree) if n.partition(".")[0] not in free] == []


def test_the_core_knows_only_itself_and_the_reader() -> None:
    """Only the assessment stands above the standards: it walks them."""
    wrong = [
        (m, n)
        for m, tree in modules("daemon.core")
        for n in names(tree, "daemon")
        if n != "daemon"
        and not within(n, "daemon.core", "daemon.reading")
        and not (m == "daemon.core.assess" and within(n, "daemon.standards"))
    ]
    assert wrong == []


def test_the_standards_know_only_the_core() -> None:
    found = [(m, n) for m, tree in modules("daemon.standards") for n in names(tree, "daemon") if n != "daemon"]
    assert [
        (m, n)
        for m, n in found
        if n == "daemon.core.assess" or not within(n, "daemon.core", "daemon.standards", "daemon.reading")
    ] == []


def test_the_letters_know_only_what_is_pure() -> None:
    pure = ("daemon.core", "daemon.standards", "daemon.letters", "daemon.reading")
    assert [
        (m, n) for m, tree in modules("daemon.letters") for n in names(tree, "daemon") if n != "daemon" and not within(n, *pure)
    ] == []


def test_nothing_below_the_composition_root_imports_it() -> None:
    wrong = [(m, n) for m, tree in modules("daemon") for n in names(tree, "daemon") if within(m, *BELOW)]
    assert [(m, n) for m, n in wrong if within(n, "daemon.app", "daemon.cli")] == []


def test_only_the_clock_reads_the_clock() -> None:
    banned = {
        ("datetime", "now"),
        ("datetime", "today"),
        ("datetime", "utcnow"),
        ("date", "today"),
        ("time", "time"),
        ("time", "time_ns"),
    }
    wrong = []
    for name, tree in modules("connectors", "daemon"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
                owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
                if (owner, node.attr) in banned and name != "daemon.clock":
                    wrong.append((name, f"{owner}.{node.attr}"))
    assert wrong == []


def test_the_walk_sees_what_it_looks_for() -> None:
    """A check that finds nothing anywhere would pass for ever."""
    found = {n for _, tree in modules("daemon.core") for n in imports(tree)}
    assert "daemon.reading" in found
    assert "connectors.mail" in found
    assert within("daemon.core.assess", "daemon.core")
    assert not within("daemon.corex", "daemon.core")

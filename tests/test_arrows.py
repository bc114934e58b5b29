"""The import rules: which package may import which, how many modules one may have, and who may read the clock."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from paths import ROOT

VALUES = {"connectors.mail", "connectors.calendar", "connectors.errors"}
PROVIDERS = {
    "connectors.imap", "connectors.smtp", "connectors.caldav", "connectors.google", "connectors.microsoft", "connectors.exchange", "connectors.local",
}  # fmt: skip
GROUND = {"daemon.clock", "daemon.errors", "daemon.logs"}
PURE = {
    "daemon.reading",
    "daemon.glossary",
    "daemon.core",
    "daemon.analysis",
    "daemon.advice",
    "daemon.planning",
    "daemon.standards",
    "daemon.letters",
}
BELOW_STORE = PURE | {"daemon.assess"}
BELOW_CONFIG = BELOW_STORE | {"daemon.store"}
BELOW_TURN = BELOW_CONFIG | {"daemon.config", "daemon.intake", "daemon.delivery"}
BELOW_CYCLE = BELOW_TURN | {"daemon.ledger", "daemon.accounts"}
BELOW_APP = BELOW_CYCLE | {"daemon.cycle"}
BELOW_OPERATIONS = BELOW_APP | {"daemon.app", "daemon.service", "daemon.team"}

# What each package, or module that stands alone, may import of Kept beside itself. `connectors` names the package that opens a connector by its kind.
MAY_IMPORT: dict[str, set[str]] = {
    "connectors.mail": set(),
    "connectors.calendar": set(),
    "connectors.errors": set(),
    "connectors.base": VALUES,
    "connectors.formats": VALUES,
    "connectors.chat": VALUES | {"connectors.net"},
    "connectors.net": VALUES | {"connectors.formats"},
    **{provider: VALUES | {"connectors.base", "connectors.formats", "connectors.net"} for provider in PROVIDERS},
    "daemon.clock": set(),
    "daemon.errors": VALUES,
    "daemon.logs": VALUES | {"daemon.clock", "daemon.errors"},
    "daemon.reading": set(),
    "daemon.glossary": VALUES | {"daemon.reading"},
    "daemon.core": VALUES | {"daemon.reading", "daemon.glossary"},
    "daemon.analysis": VALUES | {"daemon.reading", "daemon.glossary", "daemon.core"},
    "daemon.advice": VALUES | {"daemon.reading", "daemon.glossary", "daemon.core"},
    "daemon.planning": VALUES | {"daemon.reading", "daemon.glossary", "daemon.core", "daemon.analysis"},
    "daemon.standards": VALUES | {"daemon.reading", "daemon.glossary", "daemon.core"},
    "daemon.letters": VALUES | {"daemon.reading", "daemon.glossary", "daemon.core", "daemon.analysis", "daemon.planning"},
    "daemon.assess": VALUES | PURE - {"daemon.letters", "daemon.planning", "daemon.advice"},
    "daemon.store": VALUES | GROUND | BELOW_STORE,
    "daemon.config": {"connectors"} | GROUND | BELOW_CONFIG,
    "daemon.intake": {"connectors"} | GROUND | BELOW_CONFIG | {"daemon.config"},
    "daemon.delivery": {"connectors"} | GROUND | BELOW_CONFIG | {"daemon.config"},
    "daemon.ledger": VALUES | GROUND | BELOW_TURN,
    "daemon.accounts": {"connectors"} | GROUND | BELOW_TURN | {"daemon.ledger"},
    "daemon.cycle": {"connectors"} | GROUND | BELOW_CYCLE,
    "daemon.app": {"connectors"} | GROUND | BELOW_APP,
    "daemon.service": {"connectors"} | GROUND | BELOW_APP | {"daemon.app"},
    "daemon.team": {"connectors"} | GROUND | BELOW_APP | {"daemon.app", "daemon.service"},
    "daemon.operations": {"connectors"} | GROUND | BELOW_OPERATIONS,
    "daemon.sample": set(),
    "daemon.setup": {"connectors"}
    | GROUND
    | {"daemon.config", "daemon.core", "daemon.glossary", "daemon.letters", "daemon.intake"},
    "daemon.autostart": {"connectors.net"} | GROUND,
    "daemon.web": {"connectors"} | GROUND | BELOW_OPERATIONS | {"daemon.operations", "daemon.setup"},
    "daemon.commands": {"connectors"}
    | GROUND
    | BELOW_OPERATIONS
    | {"daemon.operations", "daemon.web", "daemon.sample", "daemon.setup", "daemon.autostart"},
}
LARGEST_PACKAGE = 25  # modules

STANDARD_LIBRARY = {
    "__future__", "abc", "base64", "binascii", "bisect", "calendar", "collections", "contextlib", "dataclasses", "datetime", "enum", "fnmatch", "functools",
    "hashlib", "heapq", "hmac", "html", "itertools", "json", "math", "operator", "re", "statistics", "string", "struct", "textwrap",
    "types", "typing", "unicodedata", "urllib", "zoneinfo",
}  # fmt: skip
# Beside those, what the data files, the templates, the pictures, and the phone numbers of two pure packages need.
CRAFT = {
    "daemon.reading": {"pathlib", "sys", "phonenumbers"},
    "daemon.letters": {"jinja2", "css_inline", "pathlib", "PIL", "io"},
}


def modules(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """Every module's dotted name with its syntax tree."""
    for folder in folders:
        place = ROOT / folder.replace(".", "/")
        for path in sorted(place.rglob("*.py")) or [place.with_suffix(".py")]:
            if "migrations" not in path.parts:
                name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
                yield name, ast.parse(path.read_text("utf-8"))


def imports(tree: ast.Module) -> Iterator[str]:
    """What a module imports, wherever in it; `from a import b` counts as a.b, too."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names if name.name[0].islower())


def within(name: str, packages: set[str]) -> bool:
    return any(name == p or name.startswith(f"{p}.") for p in packages)


def package_of(module: str) -> str:
    """Return a module's package, or the module itself where it stands alone."""
    return ".".join(module.split(".")[:2])


def wrong_imports(module: str, tree: ast.Module) -> list[tuple[str, str]]:
    """Return what a module imports of Kept that its package may not."""
    package = package_of(module)
    ours = {n for n in imports(tree) if n.split(".")[0] in {"daemon", "connectors"} and n not in {"daemon", "connectors"}}
    if package in {
        "daemon",
        "connectors",
    }:  # the packages themselves: their docstrings, and the opening of a connector by its kind
        return [(module, n) for n in ours if not within(n, {"connectors.base"})]
    return [(module, n) for n in ours if not within(n, {package} | MAY_IMPORT[package])]


def test_no_package_imports_what_it_may_not() -> None:
    wrong = [found for module, tree in modules("connectors", "daemon") for found in wrong_imports(module, tree)]
    assert wrong == []


def test_every_package_has_a_rule() -> None:
    packages = {package_of(module) for module, _ in modules("connectors", "daemon")} - {"daemon", "connectors"}
    assert packages == set(MAY_IMPORT)


def test_no_package_has_too_many_modules() -> None:
    folders = {path.parent for package in ("connectors", "daemon") for path in (ROOT / package).rglob("*.py")}
    crowded = {str(f.relative_to(ROOT)): count for f in folders if (count := len(list(f.glob("*.py")))) > LARGEST_PACKAGE}
    assert crowded == {}


@pytest.mark.parametrize("package", sorted(BELOW_STORE))
def test_the_pure_packages_import_no_input_or_output(package: str) -> None:
    outside = {n.partition(".")[0] for _, tree in modules(package) for n in imports(tree)}
    assert outside - STANDARD_LIBRARY - {"daemon", "connectors"} == CRAFT.get(package, set())


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
    backwards = ast.parse("from daemon.letters import digest")
    assert wrong_imports("daemon.core.hours", backwards) == [("daemon.core.hours", "daemon.letters")] or wrong_imports(
        "daemon.core.hours", backwards
    )
    assert wrong_imports("connectors.imap.mailbox", ast.parse("from connectors.google import api"))
    assert not within("daemon.corex", {"daemon.core"})
    assert isinstance(ROOT, Path)

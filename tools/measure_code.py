# noqa: INP001  # a script
"""Measures a checkout: how large its packages are, how tangled its functions, and whether its imports keep the rules.

    .venv/bin/python tools/measure_code.py [DIR] [--runtime KEPT]

Printed before and after a refactoring, the figures say whether it did any good. DIR (default: the checkout that this file is in) may be of
any age: it is only read, nothing of it is imported, and no folder besides `daemon`, `connectors`, `tests` and `tools` need be known.
Run it with the Python of the checkout's own environment, so that the names of its dependencies can be looked up.

What is counted, and how:

- a function's lines run from `def` to its last line, docstring included; those inside other functions are counted for themselves, too
- complexity is 1 + branches, loops, conditions of comprehensions, exception handlers, cases, and each `and` and `or`
- public is what has no underscore in front, nor anything around it, and is not inside a function
- comments are lines that bear one, but for marks to tools (`noqa`, `type:`, `fmt:`); code lines are those that hold code, without docstrings
- places that parse a key are found by their names and are only suspects: each is printed, for a reader to judge
- the import rules are DAEMON_FLOORS and CONNECTOR_FLOORS below; modules without a place there are named, and nothing about them is judged

With --runtime, `KEPT --help` and `KEPT status` are started five times each: median time, processor time and peak memory.
"""

from __future__ import annotations

import argparse
import ast
import io
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import textwrap
import tokenize
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import NamedTuple, TypeAlias

PRODUCT = ("daemon", "connectors")
FOLDERS = (*PRODUCT, "tests", "tools", "bench")
TANGLED = 15  # complexity from which on a function is named
LONGEST = 5  # files named
TIMES = 5  # starts of a program
Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

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

NAMED_KEY = re.compile(r"(^|_)(key|keys|target)$")
KEY_WORDS = re.compile(
    r"(?:digest|reminder|remind|announce|escalation|recovery|review|touch_base|handover|cover|shown|sheet|draft)\b.*:|escalat"
)
CUTTING = {"startswith", "endswith", "split", "rsplit", "partition", "rpartition", "removeprefix", "removesuffix"}
MATCHING = {"match", "search", "fullmatch", "findall", "finditer", "sub", "split"}
PRAGMA = re.compile(r"#\s*(noqa|type:|fmt:|pragma|ruff:|mypy:)")
BRANCHES = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)


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


def say_sizes(known: Sequence[Module]) -> None:
    """Files and lines by package, and the longest files."""
    title("Files and lines by package")
    by_folder: dict[str, list[Module]] = defaultdict(list)
    for module in known:
        by_folder[module.folder].append(module)
    for folder, inside in sorted(by_folder.items()):
        say(f"{folder:34} {len(inside):4} files {sum(m.lines for m in inside):7} lines, longest {max(m.lines for m in inside)}")
    for root, inside in _by_root(known):
        packages = len({m.folder for m in inside})
        say(f"{root + ' in all':34} {len(inside):4} files {sum(m.lines for m in inside):7} lines in {packages} folders")
    title("Longest files of daemon and connectors")
    product = [m for m in known if m.root in PRODUCT]
    for module in sorted(product, key=lambda m: -m.lines)[:LONGEST]:
        say(f"{module.lines:5} {module.path}")
    say(f"over 400 lines: {sum(m.lines > 400 for m in product)}; median {statistics.median(m.lines for m in product):.0f}")


def say_functions(known: Sequence[Module]) -> None:
    """How long and how tangled functions are."""
    title("Functions: lines and complexity")
    for root, inside in _by_root(known):
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


def _by_root(known: Iterable[Module]) -> Iterator[tuple[str, list[Module]]]:
    found: dict[str, list[Module]] = defaultdict(list)
    for module in known:
        found[module.root].append(module)
    yield from found.items()


def say_words(known: Sequence[Module]) -> None:
    """Docstrings and comments."""
    title("Docstrings of what is public")
    for root, inside in _by_root(m for m in known if m.root in PRODUCT):
        for kind in ("module", "class", "function"):
            asked = [has for m in inside for what, has in documented(m) if what == kind]
            say(f"{root:12} {kind:9} {sum(asked):5} of {len(asked):5}  {100 * sum(asked) / max(1, len(asked)):5.1f} %")
    title("Comment lines per 100 lines of code")
    for root, inside in _by_root(known):
        code, comments = (sum(counts) for counts in zip(*map(code_and_comments, inside), strict=True))
        say(f"{root:12} {100 * comments / max(1, code):5.1f}   ({comments} of {code})")


def documented(module: Module) -> Iterator[tuple[str, bool]]:
    """What is public, as its kind and whether it has a docstring."""
    if module.text.strip():
        yield "module", ast.get_docstring(module.tree) is not None
    waiting: list[ast.stmt] = [*module.tree.body]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield "class" if isinstance(node, ast.ClassDef) else "function", ast.get_docstring(node) is not None
            waiting += node.body if isinstance(node, ast.ClassDef) else []


def code_and_comments(module: Module) -> tuple[int, int]:
    """How many lines hold code, and how many a comment that is meant for people."""
    code: set[int] = set()
    comments: set[int] = set()
    blank = {tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER, tokenize.ENCODING}
    for token in tokenize.generate_tokens(io.StringIO(module.text).readline):
        if token.type == tokenize.COMMENT:
            comments |= set() if PRAGMA.match(token.string) else {token.start[0]}
        elif token.type not in blank:
            code |= set(range(token.start[0], token.end[0] + 1))
    return len(code - _docstring_lines(module.tree)), len(comments)


def _docstring_lines(tree: ast.Module) -> set[int]:
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | Function) and ast.get_docstring(node, clean=False) is not None:
            found |= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return found


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


# The program is started by a small process: the peak of a child is never below that of the process which started it.
PROBE = """
import json, os, subprocess, sys, time
begin = time.monotonic()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
_, status, used = os.wait4(process.pid, 0)
print(json.dumps([time.monotonic() - begin, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status)]))
"""


def say_runtime(kept: Path) -> None:
    """What it costs to start the program."""
    title(f"Starting {kept.name}: median of {TIMES}")
    with tempfile.TemporaryDirectory(prefix="kept") as folder:
        office = Path(folder) / "office"
        subprocess.run([kept, "demo", "--out", office], check=True, capture_output=True)
        for words in (["--help"], ["status", "--config", str(office / "config.yaml")]):
            runs = [_started([str(kept), *words]) for _ in range(TIMES)]
            wall, processor, peak, status = (statistics.median(values) for values in zip(*runs, strict=True))
            unit = 1024 * 1024 if sys.platform == "darwin" else 1024  # getrusage(2) counts bytes there, kilobytes elsewhere
            say(f"{words[0]:8} {wall:.2f} s, processor {processor:.2f} s, peak {peak / unit:.1f} MB, exit status {status:.0f}")


def _started(command: Sequence[str]) -> tuple[float, float, float, float]:
    run = subprocess.run([sys.executable, "-I", "-S", "-c", PROBE, *command], check=True, capture_output=True, text=True)
    wall, processor, peak, status = json.loads(run.stdout)
    return wall, processor, peak, status


def main() -> None:
    """Read the arguments and print every figure."""
    parser = argparse.ArgumentParser(
        description="Print the figures of a checkout: sizes, complexity, docstrings, imports, dependencies."
    )
    parser.add_argument("checkout", nargs="?", type=Path, default=Path(__file__).resolve().parent.parent, metavar="DIR")
    parser.add_argument("--runtime", metavar="KEPT", help="also measure how long this program takes to start")
    args = parser.parse_args()
    known = modules(args.checkout)
    if not any(m.root in PRODUCT for m in known):
        parser.error(f"{args.checkout} is no checkout: it has neither daemon nor connectors")
    say_sizes(known)
    say_functions(known)
    say_words(known)
    say_keys(known)
    say_imports(known)
    say_dependencies(args.checkout, known)
    if args.runtime:
        say_runtime(Path(shutil.which(args.runtime) or args.runtime).absolute())


if __name__ == "__main__":
    main()

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
- the import rules are those of code_imports.py; modules without a place there are named, and nothing about them is judged

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
import tokenize
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from code_functions import say_functions
from code_imports import say_dependencies, say_imports
from code_keys import say_keys
from code_modules import LONGEST, PRODUCT, Function, Module, by_root, modules, say, title

TIMES = 5  # starts of a program
PRAGMA = re.compile(r"#\s*(noqa|type:|fmt:|pragma|ruff:|mypy:)")


def say_sizes(known: Sequence[Module]) -> None:
    """Files and lines by package, and the longest files."""
    title("Files and lines by package")
    by_folder: dict[str, list[Module]] = defaultdict(list)
    for module in known:
        by_folder[module.folder].append(module)
    for folder, inside in sorted(by_folder.items()):
        say(f"{folder:34} {len(inside):4} files {sum(m.lines for m in inside):7} lines, longest {max(m.lines for m in inside)}")
    for root, inside in by_root(known):
        packages = len({m.folder for m in inside})
        say(f"{root + ' in all':34} {len(inside):4} files {sum(m.lines for m in inside):7} lines in {packages} folders")
    title("Longest files of daemon and connectors")
    product = [m for m in known if m.root in PRODUCT]
    for module in sorted(product, key=lambda m: -m.lines)[:LONGEST]:
        say(f"{module.lines:5} {module.path}")
    say(f"over 400 lines: {sum(m.lines > 400 for m in product)}; median {statistics.median(m.lines for m in product):.0f}")


def say_words(known: Sequence[Module]) -> None:
    """Docstrings and comments."""
    title("Docstrings of what is public")
    for root, inside in by_root(m for m in known if m.root in PRODUCT):
        for kind in ("module", "class", "function"):
            asked = [has for m in inside for what, has in documented(m) if what == kind]
            say(f"{root:12} {kind:9} {sum(asked):5} of {len(asked):5}  {100 * sum(asked) / max(1, len(asked)):5.1f} %")
    title("Comment lines per 100 lines of code")
    for root, inside in by_root(known):
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

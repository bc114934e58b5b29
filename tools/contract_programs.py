# noqa: INP001  # beside a script
"""Two programs, each with its own copies of an office, and their answers to the same commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

LONGEST = 900  # seconds that one command may take


@dataclass(frozen=True, slots=True)
class Command:
    """One call: the kind under which it is counted, its words, and what it reads on standard input."""

    kind: str
    words: tuple[str, ...]
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """The exit status, and the document that was printed; where there is none, what was said instead."""

    status: int
    document: Any


@dataclass(frozen=True, slots=True)
class Pair:
    """The two answers to one command in one office."""

    office: str
    command: Command
    before: Answer
    after: Answer


def ask(program: Path, home: Path, command: Command) -> Answer:
    """Run one command with the office in `home`, with nothing of the caller's own configuration or Python path."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    run = subprocess.run(
        [str(program), *command.words],
        input=command.typed,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env={**own, "HOME": str(home.parent), "KEPT_CONFIG": str(home / "config.yaml")},
        cwd=home.parent,
        timeout=LONGEST,
        check=False,
    )
    return Answer(run.returncode, document(run.stdout, run.stderr))


def document(printed: str, said: str) -> Any:
    """One JSON document, or a list of one for each line (`kept infer`); where nothing can be parsed, the text itself."""
    lines = [line for line in printed.splitlines() if line.strip()]
    for text in (printed, f"[{','.join(lines)}]"):
        if lines:
            try:
                return json.loads(text)
            except ValueError:
                continue
    return {"printed": lines, "said": said.splitlines()}


@dataclass(slots=True)
class Comparison:
    """Two programs, a copy of each office for each of them, and all pairs of answers so far."""

    before: Path
    after: Path
    work: Path
    every: int = 1
    pairs: list[Pair] = field(default_factory=list)

    @property
    def home(self) -> Path:
        """Where the office lies that is asked about right now."""
        return self.work / "office"

    def both(self, office: str, commands: Sequence[Command], workers: int = 1) -> list[Answer]:
        """Put the commands to each program in its own copy of the office; hand back BEFORE's answers."""
        print(f"{office}: {len(commands)} commands ...", file=sys.stderr)  # noqa: T201  # progress
        first = self._asked("before", self.before, office, commands, workers)
        second = self._asked("after", self.after, office, commands, workers)
        self.pairs += [Pair(office, c, a, b) for c, a, b in zip(commands, first, second, strict=True)]
        return first

    def at_once(self, office: str, commands: Sequence[Command]) -> None:
        """Put questions that change nothing, two at a time; of each kind only every Nth where the user wants a quick look."""
        seen: Counter[str] = Counter()
        chosen = []
        for command in commands:
            if seen[command.kind] % self.every == 0:
                chosen.append(command)
            seen[command.kind] += 1
        self.both(office, chosen, workers=2)

    def known(self, word: str) -> bool:
        """Whether both programs have that command."""
        return all(ask(p, self.home, Command("", (word, "--help"))).status == 0 for p in (self.before, self.after))

    def furnish(self, office: str, *, lived: bool) -> None:
        """Give each program a copy of the demo's folder as BEFORE left it, or without all that its days added."""
        for name in ("before", "after"):
            folder = self.work / name / office
            shutil.copytree(self.work / "before" / "demo", folder)
            if not lived:
                _empty(folder)

    def _asked(self, name: str, program: Path, office: str, commands: Sequence[Command], workers: int) -> list[Answer]:
        with self._at_home(self.work / name / office), ThreadPoolExecutor(workers) as pool:
            return list(pool.map(partial(ask, program, self.home), commands))

    @contextmanager
    def _at_home(self, place: Path) -> Iterator[None]:
        """Have that office at `home` for a while; `kept demo` makes it there."""
        if place.exists():
            place.rename(self.home)
        try:
            yield
        finally:
            place.parent.mkdir(exist_ok=True)
            self.home.rename(place)


def _empty(folder: Path) -> None:
    """As before the first day, but for the key that signs links: what it signs must stay valid from version to version."""
    for path in (*(folder / "state").iterdir(), folder / "outbox", *(folder / "calendar").glob("kept-*.ics")):
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "secret":
            path.unlink()

"""Read a configuration together with the files that it includes: `include: [accounts.d/*.yaml, clients.d/*.yaml]`.

A pattern is meant from the folder of the file that includes; what it matches is read in the order of the names, each file once. An
included file holds one account or client, or a list of them, and which of the two says its own name or its folder's (accounts.d,
clients.d); or it says so itself, with `accounts:` and `clients:` as the configuration does. Everything else stands in the
configuration. A path that an entry names is meant from the folder of the configuration, so moving an entry into a file of its own
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from daemon.config import yaml_lines
from daemon.config.locations import absolute
from daemon.config.yaml_lines import KeyPath, LocatedYaml
from daemon.errors import ConfigError, Problem

KINDS = ("accounts", "clients")
_ALLOWED = (*KINDS, "include")


def read(path: Path, earlier: LocatedYaml | None = None, instead: Mapping[Path, bytes] | None = None) -> LocatedYaml:
    """Return the configuration with every included entry in its place. Raises ConfigError if a file cannot be read.

    Files that are the same as in `earlier` are not parsed again; those in `instead` are taken to have that content.
    """
    whole = yaml_lines.read(path, (instead or {}).get(path))
    known = {file.path: file for file in earlier.files} if earlier else {}
    reader = _Reader(whole, known, instead or {})
    if "include" in whole.data:
        for kind in KINDS:
            if whole.data.get(kind) is None:
                whole.data[kind] = []
                whole.lines.setdefault((kind,), whole.lines["include",])
        reader.include(whole, (path.resolve(),))
    if reader.unreadable:
        raise ConfigError(tuple(reader.unreadable))
    return whole


def add(whole: LocatedYaml, kind: str, part: LocatedYaml) -> None:
    """Add the accounts or clients of a file to the whole: one entry, or a list of them."""
    whole.files.append(part)
    _add(whole, kind, part)


def remove(whole: LocatedYaml, kind: str, n: int) -> None:
    """Take an entry that is alone in its file out of the whole."""
    gone, _ = whole.places[kind, n]
    whole.files = [file for file in whole.files if file is not gone]
    whole.data[kind].pop(n)
    of_kind = {key_path[1]: place for key_path, place in whole.places.items() if key_path[0] == kind and key_path[1] != n}
    others = {key_path: place for key_path, place in whole.places.items() if key_path[0] != kind}
    whole.places = others | {(kind, int(m) - (int(m) > n)): place for m, place in of_kind.items()}


def covers(whole: LocatedYaml, path: Path) -> bool:
    """Return whether a file of that name would be included, once it is there."""
    if path.name.startswith("."):
        return False
    folder = whole.path.parent
    return any(_means(absolute(folder, pattern).parts, path.absolute().parts) for _, pattern in patterns(whole))


def _means(pattern: tuple[str, ...], parts: tuple[str, ...]) -> bool:
    """Return whether a pattern means a path, as `Path.glob` does: a part means one folder or the file, ** any number of folders."""
    if not pattern or not parts:
        return not pattern and not parts
    if pattern[0] == "**" and pattern[1:]:
        return _means(pattern[1:], parts) or _means(pattern, parts[1:])
    return pattern[0] != "**" and fnmatchcase(parts[0], pattern[0]) and _means(pattern[1:], parts[1:])


def _add(whole: LocatedYaml, kind: str, part: LocatedYaml) -> None:
    many = isinstance(part.data, list)
    for n, entry in enumerate(part.data if many else [part.data]):
        _place(whole, kind, entry, part, (n,) if many else ())


def patterns(file: LocatedYaml) -> Iterator[tuple[int, str]]:
    """Yield the position and the text of each pattern under `include`, as far as they are right."""
    written = file.data.get("include") if isinstance(file.data, dict) else None
    for n, pattern in enumerate(written if isinstance(written, list) else ()):
        if isinstance(pattern, str) and pattern.strip():
            yield n, pattern


def matched(whole: LocatedYaml) -> Iterator[Path]:
    """Yield the files that a configuration and those it includes mean now, as far as their patterns are right."""
    for file in (whole, *whole.files):
        for _, pattern in patterns(file):
            with suppress(RuntimeError):
                yield from _matches(file.path.parent, pattern)


def kind_of(path: Path) -> str | None:
    """Return whether a file holds accounts or clients, by its own name or its folder's; None if neither says so."""
    for name in (path.stem.lower(), path.parent.name.lower().partition(".")[0]):
        if name in KINDS:
            return name
    return None


@dataclass(slots=True)
class _Reader:
    """One reading of a configuration. `seen` are the files that were read, `unreadable` what is wrong with those that could not be."""

    whole: LocatedYaml
    known: Mapping[Path, LocatedYaml]
    instead: Mapping[Path, bytes]
    seen: set[Path] = field(default_factory=set)
    unreadable: list[Problem] = field(default_factory=list)

    def include(self, file: LocatedYaml, within: Sequence[Path]) -> None:
        """Read what a file includes; `within` are this file and those that include it."""
        for n, pattern in patterns(file):
            try:
                paths = _matches(file.path.parent, pattern)
            except RuntimeError:
                self._report(file, n, f"“{pattern}” refers to a user who does not exist on this machine")
                continue
            for path in paths:
                real = path.resolve()
                if real in within:
                    self._report(file, n, f"{path} includes itself")
                elif not path.exists():
                    self._report(file, n, f"{path} does not exist")
                elif real not in self.seen:
                    self.seen.add(real)
                    self._take(path, (*within, real))

    def _report(self, file: LocatedYaml, n: int, message: str) -> None:
        self.whole.problems.append(Problem(file.path, file.lines.get(("include", n), 0), f"include[{n}]", message))

    def _take(self, path: Path, within: Sequence[Path]) -> None:
        """Read one file and put what it holds in its place."""
        try:
            part = self._parsed(path)
        except ConfigError as error:
            self.unreadable += error.problems
            return
        self.whole.files.append(part)
        self.whole.problems += part.problems
        if isinstance(part.data, dict) and part.data.keys() & {*_ALLOWED}:
            self._take_parts(part, within)
        elif part.data is not None:
            kind = kind_of(path)
            if kind is None:
                message = (
                    "does not say what it holds: write accounts: or clients: above it, or give the file or its folder such a name"
                )
                self.whole.problems.append(part.problem((), message))
            else:
                _add(self.whole, kind, part)

    def _parsed(self, path: Path) -> LocatedYaml:
        """Return a file's values, of an earlier reading where nothing in it has changed. Raises ConfigError."""
        if path in self.instead:
            return yaml_lines.parse(path, self.instead[path])
        known = self.known.get(path)
        if known is not None and yaml_lines.is_unchanged(known):
            return known
        return yaml_lines.read_any(path, "is gone since Kept looked for it")

    def _take_parts(self, part: LocatedYaml, within: Sequence[Path]) -> None:
        for key, value in part.data.items():
            if key not in _ALLOWED:
                message = f"an included file holds only accounts and clients; move this to {self.whole.path.name}"
                self.whole.problems.append(part.problem((key,), message))
            elif key in KINDS and isinstance(value, list):
                for n, entry in enumerate(value):
                    _place(self.whole, key, entry, part, (key, n))
            elif value is not None and not (isinstance(value, list) and all(isinstance(one, str) for one in value)):
                message = "must be a list" if key in KINDS else "must be a list of file names or patterns"
                self.whole.problems.append(part.problem((key,), message))
        self.include(part, within)


def _place(whole: LocatedYaml, kind: str, entry: Any, part: LocatedYaml, there: KeyPath) -> None:
    """Append an entry to its list; where the configuration itself has no list there, its models say so."""
    entries = whole.data.get(kind)
    if isinstance(entries, list):
        whole.places[kind, len(entries)] = part, there
        entries.append(entry)


def _matches(folder: Path, pattern: str) -> list[Path]:
    """Return the files that a pattern means, in the order of their names; a name without wildcards means itself.

    Raises RuntimeError for the home of an unknown user.
    """
    if not any(mark in pattern for mark in "*?["):
        return [absolute(folder, pattern)]
    meant = Path(pattern).expanduser()
    root = Path(meant.anchor) if meant.is_absolute() else folder.absolute()
    found = root.glob(str(meant.relative_to(meant.anchor)))
    return sorted(path for path in found if not path.name.startswith(".") and path.is_file())

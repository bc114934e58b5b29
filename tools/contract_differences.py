# noqa: INP001  # beside a script
"""What differs between two answers, once what must differ between two runs of one program is replaced."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from contract_programs import Answer, Comparison, Pair
from contract_questions import HOME_ZONE

_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


class Alike:
    """Replaces what must differ between two runs of the very same program: moments of this run and process numbers.

    What falls due a while after such a moment has its very microsecond, which no mail has; that while is kept and compared.
    """

    def __init__(self, since: datetime, until: datetime, answers: Iterable[Answer]) -> None:
        self._since, self._until = since, until
        minutes = [since + timedelta(minutes=n) for n in range(int((until - since).total_seconds() // 60) + 2)]
        local = (moment.astimezone(HOME_ZONE) for moment in minutes)
        self._spoken = re.compile("|".join(rf"{m:%a}\s+0?{m.day}\s+{m:%b}\s+{m:%H:%M}" for m in local))
        found = (_moment(text) for answer in answers for text in _ISO.findall(json.dumps(answer.document)))
        self._ours = {m.microsecond: m for m in found if m and m.microsecond and since <= m <= until}

    def text(self, answer: Answer) -> str:
        """An answer as lines to compare."""
        whole = {"exit status": answer.status, "document": self._alike(answer.document)}
        return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True)

    def _alike(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {k: "<pid>" if k == "pid" and isinstance(v, int) else self._alike(v) for k, v in value.items()}
        if isinstance(value, list):
            return [self._alike(v) for v in value]
        return self._spoken.sub("<now>", _ISO.sub(self._replaced, value)) if isinstance(value, str) else value

    def _replaced(self, match: re.Match[str]) -> str:
        moment = _moment(match.group())
        if moment and self._since <= moment <= self._until:
            return "<now>"
        origin = self._ours.get(moment.microsecond) if moment else None
        return f"<now> + {moment - origin}" if moment and origin else match.group()


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def report(both: Comparison, alike: Alike, lines: int, keep: Path | None) -> bool:
    """Print a line for each kind and the diff of what differs. Whether all is the same, and something was compared."""
    texts = [(alike.text(pair.before), alike.text(pair.after)) for pair in both.pairs]
    if keep:
        write_answers(keep / "answers", both.pairs, texts)
    right = True
    for kind in dict.fromkeys(pair.command.kind for pair in both.pairs):
        mine = [(pair, *text) for pair, text in zip(both.pairs, texts, strict=True) if pair.command.kind == kind]
        other = [(pair, a, b) for pair, a, b in mine if a != b]
        refused = sum(1 for pair, a, b in mine if a == b and pair.before.status)
        said = [f"same: {len(mine) - len(other)}"]
        said += [f"different: {len(other)}"] * bool(other)
        said += [f"refused alike: {refused}"] * bool(refused)
        said += ["nothing was compared"] * (refused == len(mine))
        say(f"{kind:14} {', '.join(said)}")
        for pair, a, b in other:
            say(difference(pair, a, b, lines))
        right = right and not other and refused < len(mine)
    say("all the same" if right else "NOT the same")
    return right


def difference(pair: Pair, before: str, after: str, lines: int) -> str:
    """The first lines of a unified diff."""
    title = f"[{pair.office}] kept {' '.join(pair.command.words)}"
    found = list(
        difflib.unified_diff(before.split("\n"), after.split("\n"), f"before {title}", f"after  {title}", lineterm="", n=2)
    )
    rest = [f"... {len(found) - lines} more lines; --lines {len(found)} shows them"] if len(found) > lines else []
    return "\n".join(f"    {line}" for line in (*found[:lines], *rest))


def write_answers(folder: Path, pairs: Sequence[Pair], texts: Sequence[tuple[str, str]]) -> None:
    """All answers as files in two folders that `diff -r` can compare."""
    for side, name in enumerate(("before", "after")):
        (folder / name).mkdir(parents=True)
        for number, (pair, text) in enumerate(zip(pairs, texts, strict=True)):
            title = re.sub(r"\W+", "-", pair.command.kind.lower())
            head = f"[{pair.office}] kept {' '.join(pair.command.words)}\n"
            (folder / name / f"{number:04}-{title}.txt").write_text(head + text[side] + "\n", encoding="utf-8")


def say(line: str) -> None:
    """A line of the result."""
    print(line, flush=True)  # noqa: T201  # a command's result

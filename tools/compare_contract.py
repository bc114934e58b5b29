# noqa: INP001  # a script
"""Compares what two versions of `kept` print: every command of the contract that prints JSON, over the sample office.

    python tools/compare_contract.py BEFORE AFTER [--keep DIR] [--every N] [--lines N] [--shared DIR]

BEFORE and AFTER are two `kept` programs, each in an environment of its own. A change that a user must not notice (a refactoring, a
move of files) is proven by it: it prints a line for each kind of command, `same: N`, and a unified diff of each document that
differs. The exit status is 1 where anything differs, or where a kind of command was refused every time, for then nothing was
compared. Documents are compared as values: the order of keys does not count.

No module of Kept is imported, so both programs may be of any age. The sample office is what BEFORE's `kept demo` writes. The programs
are asked in three offices: `new`, read by the first sync; `lived`, with the state that BEFORE's demo left in it, which AFTER must
take over; `decided`, the same with the user's decisions. Each program has its own copy, which lies at the same path whenever that
program is asked; so paths are equal without help. Only moments of this run and process numbers are replaced before comparing.

`kept infer` reads the sample's mail and the training mail beside this file; with --shared (default: ../shared/data beside the
checkout, where it is there) the labelled and quoted mail there, too. Needs nothing but Python's standard library.

There are some 500 commands for each program, each a process of one or two seconds: a quarter of an hour on two idle cores. --every 5
asks a fifth of the questions, which finds what is broken everywhere.
"""

from __future__ import annotations

import argparse
import difflib
import email
import email.policy
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parent.parent
USER, HOME_ZONE = "dana@northwind.example", ZoneInfo("Europe/London")  # whose office the sample is
MOMENTS = 10
APART = timedelta(days=6, hours=5)  # between two moments: so there are mornings, evenings, nights and weekends among ten of them
FORTNIGHT, FORTNIGHTS = timedelta(days=14), 4
LATER = timedelta(days=8)  # after this run: the decisions are seen from a moment that is the same for both programs
BATCH = 100  # messages for one call of `kept infer`
LONGEST = 900  # seconds that one command may take
LIKE = ("balance", "sources")  # commands that only newer versions have: asked where both know them
VERBS = (
    ("done",),
    ("snooze",),
    ("waive", "--why", "not owed"),
    ("wrong", "--why", "wrong client"),
    ("confirm",),
    ("waive", "--thread"),
    ("wrong", "--thread", "--why", "no promise"),
)
TURNS = 3  # at each moment every third client is asked about by name, so that each has its turn
ROUNDS = 2  # obligations that each of them is said of
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")


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


def compare(both: Comparison, shared: Path, since: datetime) -> None:
    """Go through all offices."""
    (shown,) = both.both("demo", [Command("demo", ("demo", "--out", str(both.home), "--json"))])
    if shown.status:
        sys.exit(f"{both.before} demo: {shown.document}")
    last = datetime.fromisoformat(shown.document["as_of"])
    clients = in_new_office(both, [last - n * APART for n in reversed(range(MOMENTS))])
    both.at_once("new", readings(both, shared))
    in_lived_office(both, last, clients)
    in_decided_office(both, clients, since)


def in_new_office(both: Comparison, moments: Sequence[datetime]) -> list[str]:
    """Everything as of each moment, from one first sync. Returns the clients' names."""
    both.furnish("new", lived=False)
    both.both("new", [Command("sync", ("sync", "--json"))])
    listed = both.both("new", [everything(moment) for moment in moments], workers=2)
    clients = sorted({o["client"] for answer in listed for o in _obligations(answer)})
    more = tuple(word for word in LIKE if both.known(word))
    commands = [c for number, moment in enumerate(moments) for c in as_of(moment, clients[number % TURNS :: TURNS], more)]
    commands += [c for moment, told in zip(moments, _news(listed), strict=True) for c in explained(told, moment)]
    commands += replays(moments[-1]) + standing(clients, more)
    both.at_once("new", commands)
    return clients


def in_lived_office(both: Comparison, last: datetime, clients: Sequence[str]) -> None:
    """The same on the morning to which the demo lived, with what it said, sent and booked."""
    both.furnish("lived", lived=True)
    both.both("lived", [Command("status", ("status", "--json")), Command("sync", ("sync", "--json"))])
    (listed,) = both.both("lived", [everything(last)])
    still_open = [o for o in _obligations(listed) if o["closed"] is None]
    commands = as_of(last, clients, ()) + explained(still_open, last) + standing(clients, ())
    both.at_once("lived", commands)


def in_decided_office(both: Comparison, clients: Sequence[str], since: datetime) -> None:
    """What each decision does. Nothing here may run at once: each command sees what the one before left."""
    later = since.replace(microsecond=0) + LATER
    both.furnish("decided", lived=True)
    both.both("decided", [Command("sync", ("sync", "--json"))])
    planned, listed = both.both("decided", [Command("plan", ("plan", "--json")), everything(later)])
    found = _obligations(listed)
    both.both("decided", decisions(found, later) + vetoes(planned))
    gone, *few = clients[:4]
    both.at_once("decided", [everything(later), *as_of(later, few, ()), *standing(few, ())])
    purge = Command("purge", ("purge", gone, "--yes", "--json"))
    both.both("decided", [purge, everything(later), Command("export", ("export", gone))])


def everything(moment: datetime) -> Command:
    """All obligations as of a moment, closed ones too."""
    return Command("due --all", ("due", "--all", *_seen(moment)))


def as_of(moment: datetime, clients: Sequence[str], more: Sequence[str]) -> list[Command]:
    """Each command that speaks as of a moment, for everybody and for each client."""
    seen = _seen(moment)
    whole = ("due", "digest", "plan", "review list", "charter check", "lookback", *(word for word in more if word == "balance"))
    commands = [Command(kind, (*kind.split(), *seen)) for kind in whole]
    for client in clients:
        commands.append(Command("due --client", ("due", "--client", client, *seen)))
        commands += [Command(kind, (*kind.split(), client, *seen)) for kind in ("charter show", "charter check", "report")]
    return commands


def explained(obligations: Sequence[Mapping[str, Any]], moment: datetime) -> list[Command]:
    """Why, for each of these obligations."""
    return [Command("explain", ("explain", o["id"], *_seen(moment))) for o in obligations]


def replays(last: datetime) -> list[Command]:
    """The last fortnights, lived through one by one."""
    starts = [last - n * FORTNIGHT for n in range(1, FORTNIGHTS + 1)]
    return [Command("replay", ("replay", "--from", s.isoformat(), "--to", (s + FORTNIGHT).isoformat(), "--json")) for s in starts]


def standing(clients: Sequence[str], more: Sequence[str]) -> list[Command]:
    """Each command that speaks of what is stored, whatever the time."""
    kinds = ("status", "corrections", "check", *(word for word in more if word == "sources"))
    return [*(Command(k, (k, "--json")) for k in kinds), *(Command("export", ("export", client)) for client in clients)]


def decisions(obligations: Sequence[Mapping[str, Any]], later: datetime) -> list[Command]:
    """Each verb said of a few obligations spread over all, every second one taken back; after each word, how the obligation stands."""
    step = max(1, len(obligations) // (len(VERBS) * ROUNDS))
    commands: list[Command] = []
    for number, obligation in enumerate(obligations[::step]):
        verb, *options = VERBS[number % len(VERBS)]
        target = obligation["id"]
        until = ("--until", later.isoformat()) if verb == "snooze" else ()
        commands.append(Command(verb, (verb, target, *until, *options, "--json")))
        commands += explained([obligation], later)
        if number % 2:
            commands += [Command("undo", ("undo", target, "--json")), *explained([obligation], later)]
    return commands


def vetoes(planned: Answer) -> list[Command]:
    """Everything that is planned is stopped; what is not planned cannot be."""
    targets = [action["id"] for action in planned.document["actions"]]
    return [Command("veto", ("veto", target, "--json")) for target in (*targets, "nothing")]


def readings(both: Comparison, shared: Path) -> list[Command]:
    """`kept infer` over all messages, and `kept explain FILE` over one message of each shape."""
    folder = both.work / "before" / "new"
    files = sorted(p for p in (folder / "Maildir").rglob("*") if p.parent.name in {"cur", "new"})
    messages = [json.dumps(message, ensure_ascii=False) for message in (*map(_read, files), *_written(shared))]
    batches = ["\n".join(messages[start : start + BATCH]) for start in range(0, len(messages), BATCH)]
    shapes = {_shape(path): path for path in reversed(files)}
    places = [str(both.home / path.relative_to(folder)) for path in shapes.values()]
    return [
        *(Command("infer", ("infer",), batch) for batch in batches),
        *(Command("explain FILE", ("explain", place, "--json")) for place in places),
    ]


def _read(path: Path) -> dict[str, Any]:
    """A file of the sample's Maildir as the object that `kept infer` reads."""
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = mail.get_body(("plain", "html"))
    headers = {name.lower(): str(value) for name, value in mail.items()}
    return {
        "id": path.name,
        "direction": "sent" if USER in headers["from"] else "received",
        "from": mail["from"].addresses[0].addr_spec,
        "to": [address.addr_spec for address in mail["to"].addresses],
        "cc": [address.addr_spec for address in mail["cc"].addresses] if mail["cc"] else [],
        "date": mail["date"].datetime.isoformat(),
        "subject": headers.get("subject", ""),
        "text": body.get_content() if body else "",
        "headers": headers,
        "user": [USER],
        "time_zone": HOME_ZONE.key,
    }


def _written(shared: Path) -> Iterator[dict[str, Any]]:
    """The training mail and the shared mail, completed where a row is only a text."""
    usual = {
        "from": "kim@acme.example",
        "to": [USER],
        "cc": [],
        "date": "2026-03-02T09:14:00+00:00",
        "subject": "",
        "user": [USER],
    }
    usual |= {"direction": "received", "time_zone": HOME_ZONE.key}
    for path in (ROOT / "tools/training/mails.jsonl", shared / "labels/mails.jsonl", shared / "quoted_mail.jsonl"):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n") if path.is_file() else ()):
            if line.strip():
                row = json.loads(line)
                yield {**usual, "id": f"{path.stem} {number}", **row.get("mail", row)}


def _shape(path: Path) -> str:
    """Which headers a mail has and how it is built, as one word to compare."""
    mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return f"{sorted(mail.keys())} {[part.get_content_type() for part in mail.walk()]}"


def _seen(moment: datetime) -> tuple[str, ...]:
    return ("--as-of", moment.isoformat(), "--json")


def _obligations(answer: Answer) -> list[dict[str, Any]]:
    if answer.status:
        sys.exit(f"due --all: {answer.document}")
    found: list[dict[str, Any]] = answer.document["obligations"]
    return found


def _news(listed: Sequence[Answer]) -> Iterator[list[dict[str, Any]]]:
    """At each moment the obligations that were not there before: so each is explained once."""
    known: set[str] = set()
    for answer in listed:
        found = {o["id"]: o for o in _obligations(answer)}
        yield [o for key, o in found.items() if key not in known]
        known |= found.keys()


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


def clock() -> datetime:
    """The time now."""
    return datetime.now(UTC)  # noqa: TID251  # a script: it tells its own run's moments from the sample's


def main() -> int:
    """Read the arguments, compare, and say what differs."""
    parser = argparse.ArgumentParser(description="Compare what two versions of kept print. Exit status 1: they differ.")
    parser.add_argument("before", type=Path, help="the kept program before the change")
    parser.add_argument("after", type=Path, help="the kept program after it")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="a new folder in which the offices and all answers are left")
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="of each kind, ask only every Nth question: a quick look"
    )
    parser.add_argument("--lines", type=int, default=60, metavar="N", help="lines of each diff that are shown (default 60)")
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared/data", metavar="DIR", help="more mail to read")
    args = parser.parse_args()
    since = clock() - timedelta(seconds=1)
    with tempfile.TemporaryDirectory(prefix="kept") as folder:
        work = args.keep or Path(folder)
        work.mkdir(parents=True, exist_ok=args.keep is None)
        both = Comparison(args.before.absolute(), args.after.absolute(), work.resolve(), args.every)
        compare(both, args.shared, since)
        answers = (answer for pair in both.pairs for answer in (pair.before, pair.after))
        right = report(both, Alike(since, clock(), answers), args.lines, args.keep)
    say(f"{len(both.pairs)} commands in {(clock() - since).total_seconds():.0f} s")
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())

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
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from contract_differences import Alike, report, say
from contract_programs import Answer, Command, Comparison
from contract_questions import ROOT, as_of, decisions, everything, explained, obligations_of, readings, replays, standing, vetoes

MOMENTS = 10
APART = timedelta(days=6, hours=5)  # between two moments: so there are mornings, evenings, nights and weekends among ten of them
LATER = timedelta(days=8)  # after this run: the decisions are seen from a moment that is the same for both programs
LIKE = ("balance", "sources")  # commands that only newer versions have: asked where both know them
TURNS = 3  # at each moment every third client is asked about by name, so that each has its turn


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
    clients = sorted({o["client"] for answer in listed for o in obligations_of(answer)})
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
    still_open = [o for o in obligations_of(listed) if o["closed"] is None]
    commands = as_of(last, clients, ()) + explained(still_open, last) + standing(clients, ())
    both.at_once("lived", commands)


def in_decided_office(both: Comparison, clients: Sequence[str], since: datetime) -> None:
    """What each decision does. Nothing here may run at once: each command sees what the one before left."""
    later = since.replace(microsecond=0) + LATER
    both.furnish("decided", lived=True)
    both.both("decided", [Command("sync", ("sync", "--json"))])
    planned, listed = both.both("decided", [Command("plan", ("plan", "--json")), everything(later)])
    found = obligations_of(listed)
    both.both("decided", decisions(found, later) + vetoes(planned))
    gone, *few = clients[:4]
    both.at_once("decided", [everything(later), *as_of(later, few, ()), *standing(few, ())])
    purge = Command("purge", ("purge", gone, "--yes", "--json"))
    both.both("decided", [purge, everything(later), Command("export", ("export", gone))])


def _news(listed: Sequence[Answer]) -> Iterator[list[dict[str, Any]]]:
    """At each moment the obligations that were not there before: so each is explained once."""
    known: set[str] = set()
    for answer in listed:
        found = {o["id"]: o for o in obligations_of(answer)}
        yield [o for key, o in found.items() if key not in known]
        known |= found.keys()


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

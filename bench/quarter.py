"""python bench/quarter.py [second | sample] [--list]: count the false alarms of a quarter, working day by working day.

An office's mail is read whole, and the daemon is run over it with a simulated clock, from its first working day to its last mail; the
user never clicks. What the digest of each morning names or asks (`planning.worth_saying`, before the letter's limit of lines), and each
reminder, is compared with the truth of the second office: right, doubtful where two careful readers could differ, or false. What was
due by the end of a day and stood in no line that morning is counted, too. The sample has no truth of its own: its lines are listed.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

import second_office.truth as truth  # noqa: E402, PLR0402  # found through the line above

from daemon.accounts.runtime import AccountRuntime  # noqa: E402
from daemon.app import App  # noqa: E402
from daemon.commands.sync import read_sources  # noqa: E402
from daemon.glossary.actions import Action, ActionKind, Mention  # noqa: E402
from daemon.glossary.obligations import OPEN_STATES, Band, Kind, Obligation, State, state  # noqa: E402
from daemon.operations.plans import actions_between  # noqa: E402
from daemon.planning.plan import mentions_of  # noqa: E402
from daemon.planning.worth_saying import Morning, questions, speaks  # noqa: E402
from daemon.sample import build  # noqa: E402

_SPAN = timedelta(weeks=9)  # of the second office; the sample is as long


@dataclass(slots=True)
class Quarter:
    """What was said in a quarter: the lines of each morning, and the reminders between them."""

    mornings: list[tuple[datetime, tuple[Obligation, ...]]] = field(default_factory=list)
    reminders: list[Action] = field(default_factory=list)


def simulated(sources: Path, start: datetime, end: datetime, read: datetime) -> Quarter:
    """Return what the daemon would have said about an office from `start` to `end`; its mail is read up to `read`."""
    quarter, said = Quarter(), dict[Mention, datetime]()
    with tempfile.TemporaryDirectory() as folder:
        build.write_office(Path(folder), sources, read)
        config = Path(folder) / "config.yaml"
        with App.open(config, {}) as app:
            app.begin(start)
            read_sources(app, read)
        with App.open(config, {}) as app:
            actions = actions_between(app, start, end)
        with App.open(config, {}) as app:
            (runtime,) = app.runtimes.values()
            for action in actions:
                if action.kind is ActionKind.DIGEST:
                    app.view_as_of(action.at)
                    quarter.mornings.append((action.at, lines(runtime, said, action.at)))
                elif action.kind is ActionKind.REMIND:
                    quarter.reminders.append(action)
                said |= {mention: said.get(mention, action.at) for mention in mentions_of(action)}
    return quarter


def lines(runtime: AccountRuntime, said: dict[Mention, datetime], now: datetime) -> tuple[Obligation, ...]:
    """Return what the digest of a moment names or asks; `said` is when each thing was mentioned before."""
    morning = Morning(runtime.account.hours, now)
    known = (o for assessment in runtime.ledger.assessments(now) for o in assessment.obligations)
    owed = [o for o in known if o.band is not Band.IGNORED and state(o, now) in OPEN_STATES - {State.SNOOZED}]
    asked = questions(owed, said, morning)
    return (*(o for o in owed if o not in asked and speaks(o, morning)), *asked)


def verdict(o: Obligation, now: datetime) -> str:
    """Return `right`, `doubtful` or `false` by the truth of the second office; `-` of what comes from no words."""
    if o.kind not in truth.SAID:
        return "-"
    meant = [entry for entry in truth.ENTRIES if entry.is_meant_by(o)]
    if any(entry.open_at(now) for entry in meant):
        return "right"
    return "doubtful" if meant and all(entry.doubtful for entry in meant) else "false"


def unsaid(said: Sequence[Obligation], now: datetime) -> Iterator[str]:
    """Yield the names of what the user owed by the end of the day, beyond doubt, and no line said."""
    for entry in truth.CLEAR:
        due = entry.due is not None and entry.due.date() <= now.astimezone(truth.ZONE).date()
        owed = entry.kind is not Kind.WAITING_FOR and not entry.rests and entry.made_by(now) and entry.open_at(now)
        if due and owed and not any(entry.is_meant_by(o) for o in said):
            yield entry.name


def main() -> None:
    """Simulate the office that is asked for, and print the counts; with --list every line, too."""
    second = "sample" not in sys.argv[1:]
    listed = "--list" in sys.argv[1:] or not second
    end = truth.MORNING if second else build.NOW
    read = truth.READ if second else build.NOW
    quarter = simulated(truth.SOURCES if second else Path(build.__file__).parent, end - _SPAN, end, read)
    counts, distinct = Counter[str](), dict[str, set[str]]()
    spoken = [("digest", at, o) for at, said in quarter.mornings for o in said]
    spoken += [("reminder", action.at, o) for action in quarter.reminders for o in action.obligations]
    for where, at, o in sorted(spoken, key=lambda row: row[1]):
        found = verdict(o, at) if second else "?"
        counts[f"{where}: {found}"] += 1
        distinct.setdefault(f"{where}: {found}", set()).add(o.key)
        if listed:
            print(f"{at:%d %b %H:%M} {where:8} {found:8} {o.kind.value:11} {o.confidence:.2f} {truth.name_of(o):16} {o.quote}")
    print(f"{len(quarter.mornings)} mornings, {len(quarter.reminders)} reminders")
    for name, count in sorted(counts.items()):
        print(f"{name:18} {count:4}, {len(distinct[name])} different things, {count / len(quarter.mornings):.2f} a working day")
    if second:
        missing = Counter(name for at, said in quarter.mornings for name in unsaid(said, at))
        print(f"due and in no line: {missing.total()} {dict(missing)}")


if __name__ == "__main__":
    main()

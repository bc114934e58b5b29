"""1,000 kills -9 of a real `kept run` against real servers, and an uninterrupted run of the same story to compare with.

Several offices live through the same few stories, each killed at moments of its own. At the end of each: is every mail read, was
anything said, drafted or booked twice, was anything swallowed, and was the user told of every send whose fate is not known?
"""

from __future__ import annotations

import contextlib
import itertools
import random
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from servers.processes import Dovecot, dovecot

from faults.first_starts import KILLS as STARTS_KILLED
from faults.first_starts import killed_first_starts
from faults.kept_process import Nursery, nursery
from faults.killed_life import Budget, KilledLife, Reaper
from faults.life_facts import Facts, differences, facts_of
from faults.office_on_servers import office
from faults.office_story import Story, tell
from faults.report import Report, Scale

KILLS = 1000
FIRST_STARTS = 40  # each killed three times
STORIES = 3
EACH = 20  # kills that one office has room for in the shortest story
AT_ONCE = 4  # offices that live at the same time
SHORT = 0.2  # the share below which one story of a single day has to do


def campaign(scale: Scale) -> Report:
    """Kill, and compare with the uninterrupted runs. Raises servers.Missing."""
    report, budget = Report("kills"), Budget(scale.of(KILLS))
    short = scale.share < SHORT
    lengths = (1, 2) if short else (5, 3)
    stories = [tell(scale.seed * 100 + n, *lengths) for n in range(1 if short else STORIES)]
    numbers = itertools.count()
    with contextlib.ExitStack() as stack:
        server, starter = stack.enter_context(dovecot()), stack.enter_context(nursery())

        def lives() -> list[tuple[int, Facts]]:
            """Live killed lives, one after the other, as long as kills are left."""
            lived = []
            while budget.left > 0:
                number = next(numbers)
                reaper = Reaper(random.Random(f"{scale.seed} {number}"), budget)
                lived.append((number % len(stories), _live(server, starter, stories[number % len(stories)], reaper)))
            return lived

        with ThreadPoolExecutor(AT_ONCE) as pool:
            calm = [pool.submit(_live, server, starter, story, Reaper(random.Random(0), None)) for story in stories]
            starts = pool.submit(_first_starts, server, starter, stories[0], budget, scale)
            killed = [pool.submit(lives) for _ in range(min(AT_ONCE, 1 + scale.of(KILLS) // EACH))]
            report.failures += starts.result()
            report.figures.append(f"{scale.of(FIRST_STARTS)} first starts, each killed {STARTS_KILLED} times")
            _compare(report, [c.result() for c in calm], [each for k in killed for each in k.result()])
    return report


def _live(server: Dovecot, starter: Nursery, story: Story, reaper: Reaper) -> Facts:
    with tempfile.TemporaryDirectory(prefix="kept-kills-") as folder, office(Path(folder), server, reaper.watch) as place:
        life = KilledLife(place, starter, story, reaper)
        life.run()
        return facts_of(place, life, story, reaper.kills)


def _first_starts(server: Dovecot, starter: Nursery, story: Story, budget: Budget, scale: Scale) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="kept-kills-") as folder, office(Path(folder), server, lambda _point: None) as place:
        return killed_first_starts(place, starter, story, budget, random.Random(scale.seed), scale.of(FIRST_STARTS))


def _compare(report: Report, calm: list[Facts], killed: list[tuple[int, Facts]]) -> None:
    kills = sum((facts.kills for _, facts in killed), Counter[str]())
    aimed = kills.total() - kills["at random"]
    report.figures.append(
        f"{kills.total()} kills of {len(killed)} offices in {len(calm)} stories, {aimed} of them inside a send or a booking"
    )
    report.figures.append("killed at: " + ", ".join(f"{where} {count}" for where, count in sorted(kills.items())))
    totals: Counter[str] = Counter()
    for name, facts in [*((f"uninterrupted {n}", f) for n, f in enumerate(calm)), *((f"story {n}", f) for n, f in killed)]:
        for kind, lines in facts.broken.items():
            totals[kind] += len(lines)
            report.failures += [f"{name}: {kind}: {line}" for line in lines]
    for number, facts in killed:
        for kind, lines in differences(calm[number], facts).items():
            totals[kind] += len(lines)
            report.failures += [f"story {number}: {kind}: {line}" for line in lines]
    report.figures += [f"{kind}: {count}" for kind, count in sorted(totals.items())]
    sent = sum(facts.sent for _, facts in killed)
    report.figures.append(f"{sent} sent, drafted or booked by the killed ones")
    told = sum((facts.told for _, facts in killed), Counter[str]())
    ways = ", ".join(f"{way} {count}" for way, count in sorted(told.items()))
    report.figures.append(f"{told.total()} whose fate was not known for a while; the user was told {ways}")

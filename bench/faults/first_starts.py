"""Kills while Kept starts for the first time: it makes its state, signing key and database, and reads a mailbox from its beginning."""

from __future__ import annotations

import dataclasses
import random
import time
from collections import Counter

from faults.kept_process import Nursery
from faults.killed_life import Budget, KilledLife, Reaper
from faults.office_on_servers import Office
from faults.office_story import Story

WHERE = "at the first start"
KILLS = 3  # of one first start
LONGEST = 0.6  # seconds from a start to its kill
KEY = 32  # octets of a whole signing key


def killed_first_starts(
    place: Office, starter: Nursery, story: Story, budget: Budget, rng: random.Random, count: int
) -> list[str]:
    """Start Kept for the first time so many times, each killed three times before it may go on. Return what was wrong afterwards."""
    place.clock.set(story.moments[0])
    for mail in story.before():
        place.deliver(mail)
    wrong: list[str] = []
    for number in range(count):
        wrong += [f"first start {number}: {line}" for line in _first_start(_afresh(place, number), starter, story, budget, rng)]
    return wrong


def _afresh(place: Office, number: int) -> Office:
    """Return the office with an empty state directory."""
    folder = place.folder / f"first-{number}"
    folder.mkdir()
    (folder / "config.yaml").write_bytes(place.config.read_bytes())
    (folder / "config.yaml").chmod(0o600)
    return dataclasses.replace(place, folder=folder)


def _first_start(place: Office, starter: Nursery, story: Story, budget: Budget, rng: random.Random) -> list[str]:
    for _ in range(KILLS):
        life = starter.start(place.config, place.clock, place.folder / "daemon.log")
        time.sleep(rng.uniform(0, LONGEST))
        if budget.take():
            life.kill(WHERE)
        life.kill("the end")
        life.ended()
        life.close()
    last = KilledLife(place, starter, dataclasses.replace(story, moments=story.moments[:1], mails=()), Reaper(rng, None))
    last.run()
    return [*last.complaints, *_wrong(place, story)]


def _wrong(place: Office, story: Story) -> list[str]:
    wrong = []
    if (length := (place.state / "secret").stat().st_size) != KEY:
        wrong.append(f"the signing key has {length} octets")
    leftovers = [p.name for p in place.state.iterdir() if p.name.startswith("kept.db.new-")]
    wrong += [f"{name} was left behind" for name in leftovers]
    stored = Counter(str(i).strip("<>") for (i,) in place.rows("select message_id from messages"))
    wrong += [f"{mail.message_id} is not stored" for mail in story.before() if mail.message_id.strip("<>") not in stored]
    return wrong

"""Killed anywhere: before and after every durable write and every call to a server, then resumed, then run once more.

Every third step is tried; KEPT_KILL_EVERY=1 tries them all. A child process lives through the scenario and leaves, without any clean-up, at its n-th step; a second one resumes, a third
runs it all again. What is stored, sent, laid and booked must equal the uninterrupted run's, and the third must add nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from office import DANA, KIM, Office

from connectors.local.ics_folder import IcsCalendar
from connectors.local.maildir import FileOutbox, Maildir
from daemon.app import App
from daemon.commands.decide import decide
from daemon.commands.plan import coming
from daemon.cycle import turn
from daemon.delivery.sent_log import Journal
from daemon.glossary.decisions import Verb
from daemon.store import Store

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
DEAD = 137
WRITES = ("add_mail", "add_events", "cover", "decide", "set_meta", "forget_cursors", "queue", "claim", "settle")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour, minutes=minute)


@dataclass
class Steps:
    """Counts steps; at the chosen one the process is gone, as by SIGKILL."""

    last: int | None
    taken: int = 0

    def step(self) -> None:
        self.taken += 1
        if self.taken == self.last:
            os._exit(DEAD)

    def around(self, owner: type, name: str) -> None:
        """Make a step before and after each call."""
        whole: Callable[..., Any] = getattr(owner, name)

        def stepped(*args: Any, **kwargs: Any) -> Any:
            self.step()
            result = whole(*args, **kwargs)
            self.step()
            return result

        setattr(owner, name, stepped)


def prepare(folder: Path) -> None:
    """A first sync with a question, a promise and a review that is due."""
    office = Office(folder)
    office.mail(
        datetime(2025, 12, 8, 10, tzinfo=UTC), KIM, DANA, "Nice to meet you, we would like to order from you.", name="first"
    )
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?", name="ask")
    office.mail(at(0, 6, 30), DANA, "jo@birch.example", "I will call you on Tuesday at 3pm.", subject="Call", name="promise")


def live(folder: Path, veto: bool) -> None:
    """First sync and digest, new mail and an incremental sync with a reminder and its draft, a booking (or its veto)."""
    with App.open(folder / "config.yaml", {}) as app:
        app.begin(at(0, 7))
        turn(app.world, at(0, 8))
        office = Office(folder)
        if not (folder / "Maildir" / "cur" / "late").exists() and not list((folder / "Maildir" / "cur").glob("*.late:*")):
            office.mail(
                at(0, 9, 50),
                KIM,
                DANA,
                "When does the second pallet arrive? We need to know today.",
                subject="Pallet",
                name="late",
            )
        for moment in (at(0, 11), at(0, 12)):
            turn(app.world, moment)
        if veto and not any(d.verb is Verb.VETO for d in app.world.store.decisions()):
            (planned,) = [a for a in coming(app, at(0, 13)) if a.reaches_client]
            decide(app, Verb.VETO, planned.id, at(0, 13))
        for moment in (at(1, 8), at(1, 11), at(1, 14), at(1, 14, 30)):
            turn(app.world, moment)


def result(folder: Path) -> dict[str, Any]:
    """What must be the same however often it was killed."""
    office = Office(folder)
    store = Store.open(folder / "state")
    ids = sorted(store.message_ids(DANA))
    decisions = [(d.target, d.verb.value) for d in store.decisions()]
    waiting = sorted((p.key, p.delivery.value) for p in store.parcels())
    store.close()
    return {
        "messages": ids,
        "sent": sorted(m.message_id for m in office.sent()),
        "drafts": sorted(m.message_id for m in office.drafts()),
        "booked": office.booked(),
        "decisions": decisions,
        "parcels": waiting,
    }


def in_child(work: Callable[[], int]) -> int:
    """Run it in a process of its own; what it returns, or DEAD."""
    child = os.fork()
    if child == 0:
        try:
            os._exit(work())
        except BaseException:  # noqa: BLE001  # a child of a test must never come back into it
            import traceback

            traceback.print_exc()
            os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def lived(folder: Path, veto: bool, last: int | None = None) -> int:
    """Live through it in a child; with `last`, only to that step."""

    def work() -> int:
        steps = Steps(last)
        for name in WRITES:
            steps.around(Store, name)
        steps.around(Journal, "write")
        steps.around(FileOutbox, "send")
        steps.around(Maildir, "lay_draft")
        steps.around(IcsCalendar, "put")
        _stepping_polls(steps, Maildir)
        live(folder, veto)
        (folder / "steps").write_text(str(steps.taken))
        return 0

    return in_child(work)


def _stepping_polls(steps: Steps, owner: type) -> None:
    whole: Callable[..., Iterator[Any]] = owner.poll  # type: ignore[attr-defined]

    def stepped(*args: Any, **kwargs: Any) -> Iterator[Any]:
        steps.step()
        for batch in whole(*args, **kwargs):
            steps.step()
            yield batch
            steps.step()

    owner.poll = stepped  # type: ignore[attr-defined]


@pytest.mark.slow
@pytest.mark.parametrize("veto", [False, True], ids=["booked", "vetoed"])
def test_killed_at_any_step_and_resumed_it_ends_as_if_never_killed(tmp_path: Path, veto: bool) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    prepare(whole)
    assert lived(whole, veto) == 0
    expected = result(whole)
    assert len(expected["booked"]) == (0 if veto else 1)
    assert expected["drafts"]
    assert len(expected["sent"]) >= 4
    steps = int((whole / "steps").read_text())
    assert steps >= 100
    different: dict[int, str] = {}
    chosen = range(1, steps + 1, int(os.environ.get("KEPT_KILL_EVERY", "3")))
    for number in chosen:
        folder = tmp_path / f"killed-{number}"
        folder.mkdir()
        prepare(folder)
        assert lived(folder, veto, number) == DEAD
        assert lived(folder, veto) == 0
        after = result(folder)
        assert lived(folder, veto) == 0
        again = result(folder)
        if after != expected or again != after:
            different[number] = json.dumps({k: [after[k], expected[k]] for k in expected if after[k] != expected[k]})[:500]
        shutil.rmtree(folder)
    sys.stdout.write(f"\n{len(chosen)} kill points, {len(different)} differing\n")
    assert not different

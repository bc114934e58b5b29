"""Killed anywhere: before and after every durable write and every call to a server, then resumed, then run once more.

A child process lives through the scenario and exits, without any clean-up, at its n-th step; a second one resumes at the moment at which
the first one died, for the clock does not go back, and a third lives the last moment again. What is stored, sent, drafted and booked must equal the uninterrupted run's, and the third must add nothing.

A step that leaves the same bytes on disk as the step before it has the same future, so it is not a kill point of its own. Of the
others every third is tried, a different third in each scenario; with `--all`, all of them.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from children import exit_status_of
from office import DANA, KIM, Office, only
from week import at

from connectors.local.file_transport import FileTransport
from connectors.local.ics_folder import IcsCalendar
from connectors.local.maildir import Maildir
from daemon.app import App
from daemon.cycle import turn
from daemon.delivery.sent_log import SentLog
from daemon.glossary.decisions import Verb
from daemon.operations.decisions import decide
from daemon.operations.plans import coming
from daemon.store import Store

DEAD = 137
EVERY = 3  # of the kill points, without `--all`
WRITES = (
    "add_mail", "add_events", "set_coverage", "add_decision", "add_unresolved_decision", "resolve_decisions", "set_meta", "set_people_fingerprint", "set_message_for_others", "forget_cursors", "expire",
    "queue", "claim", "set_delivery", "set_invited_by", "replace_mentions",
)  # fmt: skip


@dataclass
class Steps:
    """Counts steps; at the `last` one the process is gone, as by SIGKILL. Notes the kill points where it watches a folder."""

    last: int | None
    watched: Path | None = None
    taken: int = 0
    on_disk: bytes = b""
    kill_points: list[int] = field(default_factory=list)

    def step(self) -> None:
        self.taken += 1
        if self.taken == self.last:
            os._exit(DEAD)
        if self.watched and (on_disk := contents(self.watched)) != self.on_disk:
            self.on_disk = on_disk
            self.kill_points.append(self.taken)

    def around(self, owner: type, name: str) -> None:
        """Make a step before and after each call."""
        whole: Callable[..., Any] = getattr(owner, name)

        def stepped(*args: Any, **kwargs: Any) -> Any:
            self.step()
            result = whole(*args, **kwargs)
            self.step()
            return result

        setattr(owner, name, stepped)


def contents(folder: Path) -> bytes:
    """A digest of all that a killed process would leave behind. SQLite's shared memory is left out: it is built anew."""
    digest = hashlib.sha256()
    for file in sorted(f for f in folder.rglob("*") if f.is_file() and f.suffix != ".db-shm"):
        digest.update(f"{file.relative_to(folder)}\0{file.stat().st_size}\0".encode() + file.read_bytes())
    return digest.digest()


def prepare(folder: Path) -> None:
    """A first sync with a question, a promise and a review that is due."""
    office = Office(folder)
    office.business(datetime(2025, 12, 8, 10, tzinfo=UTC))
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?", name="ask")
    office.mail(at(0, 6, 30), DANA, "jo@birch.example", "I will call you on Tuesday at 3pm.", subject="Call", name="promise")


MOMENTS = (at(0, 8), at(0, 11), at(0, 12), at(1, 8), at(1, 11), at(1, 14), at(1, 14, 30), at(1, 14, 40))


def live(folder: Path, veto: bool) -> None:
    """First sync and digest, new mail and an incremental sync with a reminder and its draft, a booking (or its veto)."""
    progress = folder / "moment"
    begun = int(progress.read_text()) if progress.exists() else 0
    with App.open(folder / "config.yaml", {}) as app:
        app.begin(MOMENTS[begun] if begun else at(0, 7))
        for number, moment in list(enumerate(MOMENTS))[begun:]:
            progress.write_text(str(number))
            if moment == at(0, 11):
                _lay_late_mail(Office(folder))
            if moment == at(1, 8) and veto and not any(d.verb is Verb.VETO for d in app.store.decisions(DANA)):
                (planned,) = [a for a in coming(app, at(0, 13)) if a.reaches_client]
                decide(app, Verb.VETO, planned.id, at(0, 13))
            turn(only(app), moment)


def _lay_late_mail(office: Office) -> None:
    if not list((office.folder / "Maildir" / "cur").glob("*.late:*")):
        text = "When does the second pallet arrive? We need to know today."
        office.mail(at(0, 9, 50), KIM, DANA, text, subject="Pallet", name="late")


def result(folder: Path) -> dict[str, Any]:
    """What must be the same however often it was killed."""
    office = Office(folder)
    store = Store.open(folder / "state")
    ids = sorted(store.message_ids(DANA))
    decisions = [(d.target, d.verb.value) for d in store.decisions(DANA)]
    waiting = sorted((p.key, p.delivery.value) for p in store.parcels(DANA))
    store.close()
    return {
        "messages": ids,
        "sent": sorted(m.message_id for m in office.sent()),
        "drafts": sorted(m.message_id for m in office.drafts()),
        "booked": office.booked(),
        "decisions": decisions,
        "parcels": waiting,
    }


def lived(folder: Path, veto: bool, last: int | None = None, points: Path | None = None) -> int:
    """Live through it in a child; with `last`, only to that step. Writes the number of steps and the kill points into `points`."""

    def work() -> int:
        steps = Steps(last, folder if points else None)
        for name in WRITES:
            steps.around(Store, name)
        steps.around(SentLog, "write")
        steps.around(FileTransport, "send")
        steps.around(Maildir, "save_draft")
        steps.around(IcsCalendar, "put")
        _stepping_polls(steps, Maildir)
        live(folder, veto)
        if points:
            points.write_text(json.dumps([steps.taken, steps.kill_points]))
        return 0

    return exit_status_of(work)


def _stepping_polls(steps: Steps, owner: type) -> None:
    whole: Callable[..., Iterator[Any]] = owner.poll  # type: ignore[attr-defined]

    def stepped(*args: Any, **kwargs: Any) -> Iterator[Any]:
        steps.step()
        for batch in whole(*args, **kwargs):
            steps.step()
            yield batch
            steps.step()

    owner.poll = stepped  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Live through it once in this process, so that its children inherit compiled statements and templates, and their memory."""
    folder = tmp_path_factory.mktemp("warm")
    prepare(folder)
    live(folder, veto=False)
    gc.collect()
    gc.freeze()  # a child that looks for garbage would copy every page it looks at
    yield
    gc.unfreeze()


@pytest.mark.slow
@pytest.mark.usefixtures("warm")
@pytest.mark.parametrize(("veto", "offset"), [(False, 0), (True, 1)], ids=["booked", "vetoed"])
def test_killed_at_any_step_and_resumed_it_ends_as_if_never_killed(
    tmp_path: Path, veto: bool, offset: int, everything: bool
) -> None:
    whole, points = tmp_path / "whole", tmp_path / "points"
    whole.mkdir()
    prepare(whole)
    assert lived(whole, veto, points=points) == 0
    steps, kill_points = json.loads(points.read_text())
    expected = result(whole)
    assert len(expected["booked"]) == (0 if veto else 1)
    assert expected["drafts"]
    assert len(expected["sent"]) >= 4
    assert steps >= 100
    assert len(kill_points) >= 50
    different: dict[int, str] = {}
    chosen = kill_points if everything else kill_points[offset::EVERY]
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

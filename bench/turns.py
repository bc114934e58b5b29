"""python bench/turns.py: measure the processor time of a turn at which nothing is new, and how memory grows with mail flowing.

An account with twenty open questions, with nothing and with 6,000 letters sent before; 200 accounts; then 1,000 turns with a mail each.
"""

from __future__ import annotations

import sys
import tempfile
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

from office import DANA, KIM, Office, only  # noqa: E402  # found through the line above

from daemon.app import App  # noqa: E402  # the same
from daemon.cycle import turn  # noqa: E402  # the same
from daemon.glossary.actions import ActionKind, Channel, Delivery, Parcel  # noqa: E402  # the same

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HALF_A_MINUTE = timedelta(seconds=30)
TURNS, SENT, ACCOUNTS, FLOWING = 100, 6_000, 200, 1_000


def main() -> None:
    """Measure, and print the figures."""
    for sent in (0, SENT):
        with tempfile.TemporaryDirectory() as folder:
            print(f"one account, {sent} sent: {no_change(_office(Path(folder)), sent)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print(f"{ACCOUNTS} accounts: {no_change(_crowd(Path(folder)), 0)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print(f"{FLOWING} turns with a mail each: {flowing(_office(Path(folder)))}", flush=True)


def no_change(office: Office, sent: int) -> str:
    """Return the processor time of a turn of an account, with and without reading its sources."""
    with office.app() as app:
        app.begin(MONDAY + timedelta(hours=7))
        _fill_outbox(app, sent)
        now = MONDAY + timedelta(hours=11)
        for _ in range(6):
            now = _round(app, now, read=True)
        rounds = max(1, TURNS // len(app.runtimes))
        figures = []
        for read in (True, False):
            began = time.process_time()
            for _ in range(rounds):
                now = _round(app, now, read=read)
            each = (time.process_time() - began) / rounds / len(app.runtimes) * 1000
            figures.append(f"{each:.2f} ms {'reading' if read else 'not reading'}")
    return ", ".join(figures)


def flowing(office: Office) -> str:
    """Return by how much the memory of the program grew over the second half of turns at which a mail arrived each."""
    with office.app() as app:
        app.begin(MONDAY + timedelta(hours=7))
        now = MONDAY + timedelta(hours=11)
        held: list[int] = []
        tracemalloc.start()
        for half in range(2):
            for n in range(FLOWING // 2):
                office.mail(now, "news@elsewhere.example", DANA, "Nothing to do with any client.", name=f"flow{half}-{n}")
                turn(only(app), now)
                now += HALF_A_MINUTE
            held.append(tracemalloc.get_traced_memory()[0])
        tracemalloc.stop()
    return f"{held[0] / 1e6:.1f} MB after the first half, {(held[1] - held[0]) / 1e6:+.1f} MB in the second"


def _round(app: App, now: datetime, *, read: bool) -> datetime:
    for runtime in app.runtimes.values():
        turn(runtime, now, read=read)
    return now + HALF_A_MINUTE


def _office(folder: Path) -> Office:
    office = Office(folder)
    for n in range(20):
        office.mail(MONDAY - timedelta(days=n + 1), KIM, DANA, f"Can you send me the revised quote {n}?", name=f"q{n}")
    return office


def _crowd(folder: Path) -> Office:
    """Return an office of many accounts, each with a mailbox of its own."""
    office = _office(folder)
    first, _, rest = office.config.read_text().partition("clients:")
    head, _, one = first.partition("  - name: Dana Reyes")
    others = []
    for n in range(1, ACCOUNTS):
        for part in ("cur", "new", "tmp"):
            (folder / f"Maildir{n}" / part).mkdir(parents=True)
        (folder / f"calendar{n}").mkdir()
        own = one.replace("dana@", f"dana{n}@").replace("path: Maildir", f"path: Maildir{n}")
        others.append(f"  - name: Dana {n}" + own.replace("path: calendar", f"path: calendar{n}"))
    office.config.write_text(f"{head}  - name: Dana Reyes{one}{''.join(others)}clients:{rest}")
    return office


def _fill_outbox(app: App, sent: int) -> None:
    at = MONDAY - timedelta(days=1)
    parcel = Parcel("", ActionKind.REMIND, DANA, Channel.MAIL, "", "", at)
    for start in range(0, sent, 500):
        keys = [f"reminder:{n}" for n in range(start, start + 500)]
        done = [replace(parcel, key=key, reference=f"<{key}@kept>", delivery=Delivery.SENT, created=at, sent=at) for key in keys]
        app.store.queue(done, at)


if __name__ == "__main__":
    main()

"""python bench/turns.py: measure the processor time of a turn at which nothing is new, and how memory grows with mail flowing.

An account with twenty open questions, with nothing and with 6,000 letters sent before; 200 accounts; then 10,000 turns over three weeks
in which mail comes. Processor time is the least of several rounds, as other programs on the machine make all of them slower. A round
is as long as an account may rest, so that each has one turn in which everything is looked at.
"""

from __future__ import annotations

import gc
import resource
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

from daemon.accounts.runtime import LONGEST_REST  # noqa: E402  # the same
from daemon.app import App  # noqa: E402  # the same
from daemon.cycle import turn  # noqa: E402  # the same
from daemon.glossary.actions import ActionKind, Channel, Delivery, Parcel  # noqa: E402  # the same

MONDAY = datetime(2026, 3, 2, tzinfo=UTC)
HALF_A_MINUTE = timedelta(seconds=30)
IN_A_ROUND = LONGEST_REST // HALF_A_MINUTE  # turns
ROUNDS, ROUNDS_OF_MANY, SENT, ACCOUNTS = 12, 2, 6_000, 200
FLOWING, FLOWING_TIME, MAIL_EVERY, TRACED, NAMED = 10_000, timedelta(minutes=3), 10, 500, 8


def main() -> None:
    """Measure, and print the figures."""
    for sent in (0, SENT):
        with tempfile.TemporaryDirectory() as folder:
            print(f"one account, {sent} sent: {no_change(_office(Path(folder)), sent)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print(f"{ACCOUNTS} accounts: {no_change(_crowd(Path(folder)), 0)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        print(f"{FLOWING} turns, a mail at every {MAIL_EVERY}th: {flowing(_office(Path(folder)))}", flush=True)


def no_change(office: Office, sent: int) -> str:
    """Return the processor time of a turn of an account, with and without reading its sources."""
    with office.app() as app:
        app.begin(MONDAY + timedelta(hours=7))
        _fill_outbox(app, sent)
        now = MONDAY + timedelta(hours=11)
        for _ in range(6):
            now = _round(app, now, read=True)
        figures = []
        for read in (True, False):
            least = float("inf")
            for _ in range(ROUNDS if len(app.runtimes) == 1 else ROUNDS_OF_MANY):
                began = time.process_time()
                for _ in range(IN_A_ROUND):
                    now = _round(app, now, read=read)
                least = min(least, (time.process_time() - began) / IN_A_ROUND / len(app.runtimes) * 1000)
            figures.append(f"{least:.2f} ms {'reading' if read else 'not reading'}")
    return ", ".join(figures)


def flowing(office: Office) -> str:
    """Return how much memory the program has as the turns go by, and of which lines what the last of them added was.

    Three weeks go by, with a mail every half an hour: a client's question, its answer an hour later, and what concerns nobody.
    """
    with office.app() as app:
        now = MONDAY + timedelta(hours=7)
        app.begin(now)
        resident: list[str] = []
        for n in range(FLOWING):
            if n % MAIL_EVERY == 0:
                _next_mail(office, n // MAIL_EVERY, now)
            if n == FLOWING - TRACED:
                tracemalloc.start()
                before = tracemalloc.take_snapshot()
            turn(only(app), now)
            now += FLOWING_TIME
            if (n + 1) % (FLOWING // 10) == 0:
                gc.collect()
                resident.append(f"{_resident():.0f}")
        added = tracemalloc.take_snapshot().compare_to(before, "lineno")
        tracemalloc.stop()
    held = sum(line.size_diff for line in added) / 1e6
    most = "".join(f"\n    {line.size_diff / 1e6:+.2f} MB {line.traceback}" for line in added[:NAMED])
    return f"{' '.join(resident)} MB resident, {held:+.1f} MB traced in the last {TRACED}, most of it{most}"


def _next_mail(office: Office, number: int, now: datetime) -> None:
    """Deliver the next mail: every fifth is a client's question, and the one after the next its answer."""
    if number % 5 == 0:
        office.mail(now, KIM, DANA, f"Can you send me the figures of part {number}?", name=f"part{number}")
    elif number % 5 == 2:
        asked = f"<part{number - 2}@acme.example>"
        office.mail(now, DANA, KIM, "Here are the figures: 12 and 14.", answers=asked, name=f"figures{number}")
    else:
        office.mail(now, "news@elsewhere.example", DANA, "Nothing to do with any client.", name=f"news{number}")


def _resident() -> float:
    """Return the resident memory of this process, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


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

"""`python hostile_reader.py CONFIG NOW`: one `sync` of a configuration as Kept does it, with what each item cost. Prints JSON.

A process of its own, so that its peak memory is that of the reading alone. Each step in which one mail or one calendar is read is
timed by the processor time of its thread.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]

from connectors.formats import ics, mime  # noqa: E402  # found through the line above
from connectors.imap import reader as imap_reader  # noqa: E402
from connectors.local import maildir  # noqa: E402
from daemon.app import App  # noqa: E402
from daemon.commands.sync import read_sources  # noqa: E402
from daemon.intake import reading_helpers  # noqa: E402
from daemon.intake.mail_reader import MailReader  # noqa: E402
from daemon.store import Store, schema  # noqa: E402

COSTS: defaultdict[str, float] = defaultdict(float)  # seconds, by Message-ID, or by a calendar's beginning


def timed(owner: Any, name: str, of: Callable[[tuple[Any, ...], Any], str]) -> None:
    """Have a function's processor time counted for what it reads; `of` names that by its arguments and its result."""
    whole = getattr(owner, name)

    def measured(*arguments: Any, **named: Any) -> Any:
        began, result = time.thread_time(), None
        try:
            result = whole(*arguments, **named)
        finally:
            COSTS[of(arguments, result)] += time.thread_time() - began
        return result

    setattr(owner, name, measured)


def _time_everything() -> None:
    """Time each mail and each calendar where it is read, after importing what is only imported when it is needed."""
    timed(maildir, "_message", lambda given, read: read.message_id if read else f"file {given[0].name}")
    for step in ("__init__", "read_again"):
        timed(imap_reader._Mail, step, lambda given, _: _id(given[0]))  # noqa: SLF001  # where IMAP's mail is parsed
    timed(mime, "assemble", lambda _, read: read.message_id if read else "unreadable by IMAP")
    timed(MailReader, "_missed_call", lambda given, _: given[1].message_id)
    timed(reading_helpers, "read_mail", lambda given, _: given[0].message_id)
    reading_helpers.MOST = 0  # each mail is read where it is timed
    timed(ics, "read_tolerantly", lambda given, _: f"calendar {_uid(given[0])}")
    for lazy in ("inscriptis", "phonenumbers", "connectors.formats.itip", "daemon.reading.reader"):
        importlib.import_module(lazy)  # which is nobody's cost


def main() -> None:
    """Sync once, assess everything, and print the costs, the counts and the peak memory."""
    _time_everything()
    now = datetime.fromisoformat(sys.argv[2])
    with App.open(Path(sys.argv[1]), os.environ) as app:
        began = time.process_time()
        report = read_sources(app, now)
        read, peak_of_reading = time.process_time() - began, _peak()
        placements = [place for assessment in app.assessments(now) for place in assessment.balance]
        assessed = time.process_time() - began - read
        store = next(iter(app.runtimes.values())).store
        stored = _stored(store)
        unreadable = store.unreadable_mail("dana@northwind.example")
    print(
        json.dumps(
            {
                "sources": report.document(),
                "costs": dict(sorted(COSTS.items(), key=lambda cost: -cost[1])[:400]),
                "read": read,
                "assessed": assessed,
                "buckets": Counter(place.bucket.value for place in placements),
                "placed": [place.message_id for place in placements],
                "stored": stored,
                "unreadable": [list(map(str, one)) for one in unreadable],
                "peak_of_reading": peak_of_reading,
                "peak": _peak(),
            }
        )
    )


def _peak() -> float:
    """Return the most memory that this process had, in megabytes; ru_maxrss would count that of the process that began it."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def _stored(store: Store) -> list[str]:
    """Return the Message-IDs of all stored mail."""
    with store._read() as db:  # noqa: SLF001  # nothing in Kept asks for all of it
        return [row.message_id for row in db.execute(select(schema.messages.c.message_id))]


def _id(mail: Any) -> str:
    return str(getattr(mail, "fields", {}).get("message-id", "")).strip()


def _uid(text: str) -> str:
    return text.partition("UID:")[2][:40].partition("\n")[0].strip()


if __name__ == "__main__":
    main()

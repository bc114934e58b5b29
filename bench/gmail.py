"""python bench/gmail.py [MESSAGES]: measure the first sync of a Gmail mailbox, a poll that finds nothing new, and the quota they use.

The mailbox is served by emulate behind the tests' front, which checks every request and reply, in a process of its own. The quota is
Google's published one.
"""

from __future__ import annotations

import base64
import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

import generate  # noqa: E402  # found through the line above

from connectors.google.api import UNITS, UNITS_PER_SECOND  # noqa: E402  # the same
from connectors.google.gmail import GmailMailbox  # noqa: E402  # the same
from connectors.net.http import Access  # noqa: E402  # the same

if TYPE_CHECKING:
    from servers.google_front import Front

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
EARLIER_GET, EARLIER_UNITS = 5, 150.0  # what a project from before May 2026 pays for a message, and 60 % of what it has a second


def serve(number: int) -> None:
    """Fill a mailbox, print where it is, and print the requests when the reading process is done."""
    from servers import google_front  # noqa: PLC0415  # only in the process that serves

    with google_front.google(1, number // 1000) as front:
        address, token = front.account()
        total = deliver(front, token, number, NOW)
        print(json.dumps({"url": front.url, "address": address, "token": token, "bytes": total}), flush=True)
        sys.stdin.readline()
        calls = sum(1 for a in front.seen if a.inner)
        print(json.dumps({"requests": len(front.seen) - calls, "calls": calls, "deviations": len(front.deviations)}), flush=True)


def deliver(front: Front, token: str, number: int, now: datetime) -> int:
    """Put so many generated mails of the last 170 days into a mailbox, and return their bytes."""
    with tempfile.TemporaryDirectory(prefix="kept-bench-") as folder:
        total = generate.fill(Path(folder) / "Maildir", number, now)
        for file in sorted(Path(folder).rglob("cur/*"), key=lambda p: p.stat().st_mtime):
            raw = base64.urlsafe_b64encode(file.read_bytes()).decode()
            labels = ["SENT"] if ".Sent" in str(file) else ["INBOX"]
            front.ask(token, "POST", "/gmail/v1/users/me/messages", {"raw": raw, "labelIds": labels})
    return total


def read(mailbox: GmailMailbox, cursor: str | None) -> tuple[int, int, str, float]:
    """Poll once; return the number of messages and of batches, the cursor and the seconds."""
    began, messages, batches, last = time.perf_counter(), 0, 0, cursor or ""
    for batch in mailbox.poll(cursor, NOW - timedelta(days=400)):
        messages, batches, last = messages + len(batch.messages), batches + 1, batch.cursor
    return messages, batches, last, time.perf_counter() - began


def main(number: int) -> None:
    """Measure, and print the figures as JSON."""
    from servers.fixed_grant import FixedGrant  # noqa: PLC0415  # found through the path above

    command = [sys.executable, str(HERE / "gmail.py"), "serve", str(number)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        place = json.loads(server.stdout.readline())
        access = Access(FixedGrant(place["address"], place["token"]))
        mailbox = GmailMailbox(access, place["url"])
        busy = time.process_time()
        messages, batches, cursor, seconds = read(mailbox, None)
        busy = time.process_time() - busy
        assert messages == number
        requests, received, units = access.usage.requests, access.usage.received, access.usage.units
        again = read(mailbox, cursor)
        asked = json.loads(server.communicate("\n")[0].splitlines()[-1])
    earlier = units - number * (UNITS["gmail.users.messages.get"] - EARLIER_GET)
    figures = {
        "messages": messages,
        "megabytes in the mailbox": round(place["bytes"] / 1e6, 1),
        "batches": batches,
        "requests": requests,
        "megabytes received": round(received / 1e6, 1),
        "seconds": round(seconds, 1),
        "messages a second": round(number / seconds),
        "messages a second of our own computing": round(number / busy),
        "units": round(units),
        "minutes by the quota since May 2026": round(units / UNITS_PER_SECOND / 60, 1),
        "minutes by the quota before": round(earlier / EARLIER_UNITS / 60, 1),
        "seconds of a poll without news": round(again[3], 3),
        "requests of a poll without news": access.usage.requests - requests,
        "peak megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "as the front counts": asked,
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 20_000)

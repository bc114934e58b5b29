"""graph.py [MESSAGES]: measure the first sync of a mailbox at the tests' strict Graph server, and a poll that finds nothing new.

The connector's requests and the bytes it reads are the same as at Microsoft 365, whose speed is not measured. The server runs in a
process of its own. The figures include how Microsoft's published limits would treat the requests.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "tests")]

from connectors.microsoft.mailbox import GraphMailbox  # noqa: E402  # found through the line above
from connectors.net.http import Access  # noqa: E402  # the same

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
LIMIT, WITHIN = 10_000, 600.0  # requests in seconds for each app and mailbox (learn.microsoft.com/graph/throttling-limits)


def serve(number: int) -> None:
    """Fill a mailbox, print its URL, and serve it until the input ends; then print how much was sent."""
    from generate import _mails  # noqa: PLC0415  # the same mailbox as the other benchmarks'
    from servers.graph_server import running  # noqa: PLC0415  # only in the process that serves

    with running() as server:
        for _, sent, raw in _mails(random.Random(7), number, NOW):
            server.store().deliver(raw, "Sent" if sent else "INBOX", here=sent)
        before = time.process_time()
        print(server.url, flush=True)
        sys.stdin.read()
        assert server.wrong == [], server.wrong[:3]
        print(json.dumps({"requests": len(server.asked), "seconds of the server": round(time.process_time() - before, 1)}))


def read(mailbox: GraphMailbox, cursor: str | None) -> tuple[int, str, float]:
    """Poll once; return the number of messages, the cursor and the seconds."""
    began, messages, last = time.perf_counter(), 0, cursor or ""
    for batch in mailbox.poll(cursor, NOW - timedelta(days=400)):
        assert not batch.unreadable
        messages, last = messages + len(batch.messages), batch.cursor
    return messages, last, time.perf_counter() - began


def main(number: int) -> None:
    """Measure, and print the figures as JSON."""
    from servers.fixed_grant import FixedGrant  # noqa: PLC0415  # found through the path above
    from servers.graph_server import TOKEN, USER  # noqa: PLC0415  # the same

    command = [sys.executable, str(HERE / "graph.py"), "serve", str(number)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        access = Access(FixedGrant(USER, TOKEN))
        mailbox = GraphMailbox(access, server.stdout.readline().strip())
        busy = time.process_time()
        messages, cursor, seconds = read(mailbox, None)
        busy = time.process_time() - busy
        assert messages == number, messages
        requests, received = access.usage.requests, access.usage.received
        again = read(mailbox, cursor)
        asked = json.loads(server.communicate()[0].splitlines()[-1])
    figures = {
        "messages": messages,
        "requests": requests,
        "megabytes received": round(received / 1e6, 1),
        "seconds": round(seconds, 1),
        "messages a second": round(number / seconds),
        "messages a second of our own computing": round(number / busy),
        "seconds by the published limit at least": round(max(0.0, requests - LIMIT) / LIMIT * WITHIN),
        "share of what ten minutes allow": round(requests / LIMIT, 3),
        "seconds of a poll without news": round(again[2], 3),
        "requests of a poll without news": access.usage.requests - requests,
        "peak megabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "as the server counts": asked,
    }
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 20_000)

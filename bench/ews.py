"""ews.py [MESSAGES]: measure the first sync of a mailbox at the tests' strict Exchange server, and a poll that finds nothing new.

The connector's requests and the bytes it reads are the same as at a real server; a real server's speed is not measured. The server
runs in a process of its own and its share of the time is printed, so that the connector's is known. The last lines say how the
throttling policy of a real server would treat it.
"""

from __future__ import annotations

import random
import resource
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "tests")]

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
# Exchange 2013 and later. Requests at once: EwsMaxConcurrency ("EWS throttling in Exchange" at learn.microsoft.com). Seconds of the
# server's time: EwsMaxBurst at once, EwsRechargeRate more in each hour; past the burst the server delays its answers, and past
# EwsCutoffBalance it refuses them (ErrorServerBusy). Microsoft's page gives no values for these three: they are the reported defaults
# of new servers, and an administrator may set others.
MAX_CONCURRENT, BURST, RECHARGE, CUTOFF = 27, 300.0, 900.0, 3000.0


def serve(number: int) -> None:
    """Fill a mailbox, print its URL, and serve it until the input ends; then print the requests and the processor time."""
    from generate import _mails  # noqa: PLC0415  # the same mailbox as the other benchmarks'
    from servers.ews_server import USER, running  # noqa: PLC0415  # only in the process that serves

    with running() as server:
        store = server.mailbox(USER)
        for _, sent, raw in _mails(random.Random(7), number, NOW):
            store.deliver(raw, "Sent" if sent else "INBOX")
        before = _busy()
        print(server.url, flush=True)
        sys.stdin.read()
        assert server.wrong == [], server.wrong[:3]
        counts = " ".join(f"{name}={count}" for name, count in sorted(Counter(server.asked).items()))
        print(f"{_busy() - before:.1f} {server.sent} {sum(map(len, server.bodies))} {counts}")


def sync(url: str, number: int) -> tuple[float, float, int]:
    """Poll a full mailbox, then once more: return the seconds of each poll and the length of the cursor."""
    from connectors.exchange.mailbox import EwsMailbox  # noqa: PLC0415  # only in the process that reads

    mailbox = EwsMailbox("alice@example.test", lambda: "secret", endpoint=url, auth="basic")
    began, cursor, messages = time.perf_counter(), None, 0
    for batch in mailbox.poll(None, NOW - timedelta(days=180)):
        cursor, messages = batch.cursor, messages + len(batch.messages)
        assert not batch.unreadable
    first = time.perf_counter() - began
    assert messages == number, messages
    began = time.perf_counter()
    again = [m for batch in mailbox.poll(cursor, NOW - timedelta(days=180)) for m in batch.messages]
    assert not again
    return first, time.perf_counter() - began, len(cursor or "")


def main(number: int) -> None:
    """Start the server, read the mailbox twice, and print the figures."""
    command = [sys.executable, __file__, "serve", str(number)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        url = server.stdout.readline().strip()
        before = _busy()
        first, again, cursor = sync(url, number)
        ours = _busy() - before
        server.stdin.close()
        theirs, sent, taken, *counts = server.stdout.read().split()
    asked = {name: int(count) for name, _, count in (each.partition("=") for each in counts)}
    requests = sum(asked.values()) - 2  # those of the second poll
    print(
        f"{number:,} messages in {first:.1f} s: {number / first:,.0f} a second on loopback, beside the server on the same cores"
    )
    print(f"the connector computed {ours:.1f} s ({number / ours:,.0f} a second), the server {float(theirs):.1f} s")
    print(f"{requests} requests: {', '.join(f'{name} {count}' for name, count in asked.items())}")
    print(f"{int(sent) / 1e6:.1f} MB of answers ({int(sent) / number:,.0f} bytes a message), {int(taken) / 1e6:.2f} MB asked")
    print(f"a poll without news: 2 requests, {again * 1000:.0f} ms; the cursor has {cursor:,} bytes")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    _throttled(requests, number)


def _throttled(requests: int, number: int) -> None:
    """Print how a real server would throttle the first sync, whose requests follow one another."""
    print(f"at a real server: 1 request at once of {MAX_CONCURRENT}; the burst of {BURST:.0f} s of its time lasts for all of it")
    print(f"as long as an answer takes it less than {BURST / requests:.1f} s, which is {BURST / number * 1000:.0f} ms a message;")
    for seconds in (0.5, 2.0, 5.0, 20.0):
        spent = requests * seconds
        over = spent - BURST - spent / 3600 * RECHARGE
        means = "within the burst" if over <= 0 else "answers delayed" if over < CUTOFF else "refused for a while, and we wait"
        print(f"  {seconds:4.1f} s an answer: {spent / 60:3.0f} minutes of its time, {means}")


def _busy() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    if sys.argv[1:2] == ["serve"]:
        serve(int(sys.argv[2]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)

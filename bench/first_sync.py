"""One of the things that bench/run.py compares, in a process of its own: prints its figures as one JSON object.

first_sync.py raw|read|kept HOST PORT USER FOLDER: every byte through a bare socket; Kept's connector alone (fetched and
parsed); Kept's whole first sync into SQLite and on to what is owed, then a poll and a turn that find nothing new.
"""

from __future__ import annotations

import json
import re
import resource
import socket
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PASSWORD = "secret"
CONFIG = """
accounts:
  - name: Alice
    addresses: [alice@example.test]
    time_zone: Europe/London
    working_hours: {{days: mon-fri, start: "09:00", end: "17:30"}}
    mail: [{{type: imap, host: {host}, port: {port}, tls: none, username: {user}, password: {password}}}]
    send: {{type: file, path: outbox}}
clients:
{clients}
state: state
history: 180 days
"""


def raw(host: str, port: int, user: str) -> dict[str, float]:
    """The least that any program could do: ask for the same bytes and drop them."""
    began = time.perf_counter()
    taken = 0
    with socket.create_connection((host, port)) as connection, connection.makefile("rb") as answers:

        def command(line: str) -> None:
            nonlocal taken
            connection.sendall(f"a {line}\r\n".encode())
            while not (answer := answers.readline()).startswith(b"a "):
                taken += len(answer)
                literal = re.search(rb"\{(\d+)\}\r\n$", answer)
                if literal:
                    taken += len(answers.read(int(literal.group(1))))
            assert answer.startswith(b"a OK"), answer

        command(f"LOGIN {user} {PASSWORD}")
        for folder in ("INBOX", "Sent"):
            command(f"EXAMINE {folder}")
            command("UID FETCH 1:* (FLAGS INTERNALDATE BODY.PEEK[HEADER]<0.65536> BODY.PEEK[1.MIME] BODY.PEEK[1]<0.16384>)")
    return {"seconds": time.perf_counter() - began, "megabytes": taken / 1e6}


def read(host: str, port: int, user: str) -> dict[str, float]:
    """The connector alone."""
    from connectors.imap.mailbox import ImapMailbox  # noqa: PLC0415  # so that each way holds only its own modules in memory

    mailbox = ImapMailbox(host, port, "none", user, lambda: PASSWORD)
    began = time.perf_counter()
    cursor, messages, unreadable = None, 0, 0
    for batch in mailbox.poll(None, NOW - timedelta(days=180)):
        cursor, messages, unreadable = batch.cursor, messages + len(batch.messages), unreadable + len(batch.unreadable)
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    assert not any(batch.messages for batch in mailbox.poll(cursor, NOW - timedelta(days=180)))
    again = time.perf_counter() - began
    mailbox.close()
    return {"seconds": seconds, "messages": messages, "unreadable": unreadable, "no_change_poll": again}


def kept(host: str, port: int, user: str, folder: Path) -> dict[str, float]:
    """The daemon's own way, from nothing to what is owed."""
    from daemon.app import App  # noqa: PLC0415  # as above
    from daemon.commands.sync import read_sources  # noqa: PLC0415  # as above
    from daemon.cycle import turn  # noqa: PLC0415  # as above
    from daemon.operations.owed import obligations_at  # noqa: PLC0415  # as above

    clients = "\n".join(f"  - {{name: Client {n}, domains: [client{n}.example]}}" for n in range(40))
    config = folder / "config.yaml"
    config.write_text(CONFIG.format(host=host, port=port, user=user, password=PASSWORD, clients=clients))
    config.chmod(0o600)
    began = time.perf_counter()
    with App.open(config, {}) as app:
        opened = peak()
        assert not read_sources(app, NOW).failed
        synced, held = time.perf_counter() - began, peak()
        owed = obligations_at(app, NOW, everything=True)
        known, thought = time.perf_counter() - began, peak()
        compared = time.perf_counter()
        app.begin(NOW)
        (runtime,) = app.runtimes.values()
        turn(runtime, NOW)
        began = time.perf_counter()
        turn(runtime, NOW + timedelta(seconds=30))
        nothing_new = time.perf_counter() - began
    return {
        "seconds": known,
        "synced": synced,
        "obligations": len(owed),
        "afterwards": time.perf_counter() - compared,
        "no_change_turn": nothing_new,
        "peak_opened": opened,
        "peak_synced": held,
        "peak_due": thought,
        "peak_turned": peak(),
    }


def peak() -> float:
    """The most memory this process has held so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Run what the arguments say."""
    what, host, port, user, folder = sys.argv[1:]
    if what == "kept":
        figures = kept(host, int(port), user, Path(folder))
    else:
        figures = {"raw": raw, "read": read}[what](host, int(port), user)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()

"""A year of one busy account, and what it costs to live through it again: `.venv/bin/python bench/year.py [FOLDER]`.

60 clients and 25,000 messages, 45 in 100 of them with clients, in both directions: questions that are answered soon, late or
never, statuses with a promise, documents that follow or do not, chasers, missed calls, meetings, thanks. The year is made once
in FOLDER (a new temporary one without a name) through the store itself; then `kept replay` over all of it and `kept due` at its
end run in processes of their own. What happens in it is made by `year_facts.py`.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from year_facts import CLIENTS, END, MESSAGES, START, events, mails  # noqa: E402  # found through the line above

from connectors.calendar import CalendarBatch  # noqa: E402  # the same
from connectors.mail import Batch, Message  # noqa: E402  # the same

CONFIG = """accounts:
  - name: Alice Hart
    addresses: [alice@northwind.example]
    time_zone: Europe/London
    working_hours: {{days: mon-fri, start: "09:00", end: "17:30"}}
    holidays: GB-ENG
    mail: [{{type: maildir, path: Maildir}}]
    calendars: [{{type: ics, path: calendar}}]
    send: {{type: file, path: outbox}}
clients:
{clients}
charter: {{reply: 1 day, call_back: 1 day, review: 6 months}}
state: state
history: 400 days
"""


def make(folder: Path, clients: int = CLIENTS, messages: int = MESSAGES, start: datetime = START, end: datetime = END) -> Path:
    """A configuration and a store that has read the year; the configuration's path."""
    from daemon.app import App  # noqa: PLC0415  # the measured processes are others
    from daemon.glossary.assessments import Coverage  # noqa: PLC0415  # the same
    from daemon.intake.mail_reader import MailReader  # noqa: PLC0415  # the same
    from daemon.intake.people_fingerprint import people_fingerprint  # noqa: PLC0415  # the same

    config = folder / "config.yaml"
    if (folder / "made").exists():
        App.open(config, {}).close()  # its tables may be those of an older version
        return config
    _furnish(folder, config, clients)
    with App.open(config, {}) as app:
        app.begin(start)
        runtime, store = next(iter(app.runtimes.values())), app.store
        account = runtime.account
        store.set_people_fingerprint(account.address, people_fingerprint(app.office))
        source = next(iter(runtime.sources.mailboxes))
        reader = MailReader(account, runtime.config.directory, store)
        for batch in _parts(mails(clients, messages, start, end)):
            store.add_mail(account.address, source, reader.finish(reader.begin(Batch(tuple(batch), "1"))), "1", (), end)
        calendar = next(iter(runtime.sources.calendars))
        store.add_events(account.address, calendar, CalendarBatch(tuple(events(clients, start, end)), "1", snapshot=True), end)
        store.set_coverage(Coverage(account.address, source, end))
        store.set_coverage(Coverage(account.address, calendar, end, is_calendar=True))
    (folder / "made").touch()
    return config


def _furnish(folder: Path, config: Path, clients: int) -> None:
    for place in ("Maildir/cur", "Maildir/new", "Maildir/tmp", "calendar"):
        (folder / place).mkdir(parents=True, exist_ok=True)
    lines = (
        f'  - {{name: Client{n} Ltd, domains: [client{n}.example], phones: ["+44 1632 {960000 + n:06}"]{_stage(n)}}}'
        for n in range(clients)
    )
    config.write_text(CONFIG.format(clients="\n".join(lines)))
    config.chmod(0o600)


def _parts(found: list[Message]) -> Iterator[list[Message]]:
    for n in range(0, len(found), 500):
        yield found[n : n + 500]


def _stage(n: int) -> str:
    """A few charters of their own, a few prospects."""
    if n % 10 == 1:
        return ", charter: {reply: 2h, review: 3 months}"
    return ", stage: prospect" if n % 15 == 2 else ""


class Run(NamedTuple):
    """What one process cost, and what it printed."""

    wall: float
    busy: float
    megabytes: float
    said: str


def measured(config: Path, *arguments: str) -> Run:
    """`kept` with these arguments, in a process of its own."""
    began = time.perf_counter()
    command = [sys.executable, "-c", "from daemon.commands.main import main; main()", *arguments, "--config", str(config)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(HERE.parent)})
    assert process.stdout is not None
    said = process.stdout.read().decode()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, f"kept {' '.join(arguments)} failed"
    return Run(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said)


def _line(name: str, runs: Sequence[Run]) -> str:
    wall, busy, held = (statistics.median(values) for values in zip(*(run[:3] for run in runs), strict=True))
    return f"{name:44} {wall:7.2f} s wall {busy:7.2f} s busy {held:5.0f} MB"


def look(config: Path) -> None:
    """What the end of every sync and of every turn of the daemon does: keep what stands open."""
    from daemon.app import App  # noqa: PLC0415  # the measured processes are others

    with App.open(config, {}) as app:
        runtime = next(iter(app.runtimes.values()))
        runtime.ledger.assessments(END)
        runtime.ledger.save_open_cache(END)


def _in_a_process(call: str) -> None:
    """What it holds would count as the peak of those that are measured, were it in this one."""
    subprocess.run([sys.executable, "-c", f"import sys; sys.path[:0] = [{str(HERE)!r}]; import year; {call}"], check=True)


def main() -> None:
    """Make the year where it is not there, and print what it costs."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp(prefix="kept-year-"))
    _in_a_process(f"year.make(year.Path({str(folder)!r}))")
    config = folder / "config.yaml"
    as_of = ("--as-of", END.isoformat(), "--json")
    cold = measured(config, "due", *as_of)
    print(_line(f"kept due, nothing kept: {len(json.loads(cold.said)['obligations'])} obligations", [cold]))
    _in_a_process(f"year.look(year.Path({str(config)!r}))")
    print(_line("kept due after a sync or a turn, median of 5", [measured(config, "due", *as_of) for _ in range(5)]))
    print(_line("kept due --all, median of 5", [measured(config, "due", *as_of, "--all") for _ in range(5)]))
    print(_line("kept lookback", [measured(config, "lookback", *as_of)]))
    run = measured(config, "replay", "--from", START.isoformat(), "--to", END.isoformat(), "--json")
    print(_line(f"kept replay over the year: {len(json.loads(run.said)['actions'])} actions", [run]))


if __name__ == "__main__":
    main()

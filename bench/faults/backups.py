"""Backups restored at ten ages, with the sent log, with the backup's own, and with that merged from another place: nothing said twice or swallowed.

One office lives for ten weeks; its state is copied at ten moments. Each copy is put back at the end and lives on for two days, in which
clients ask more; what it says, drafts and books is compared with the life that went on without a restore.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from office import DANA, KIM, Office

from faults.report import Report, Scale

START, END = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 3, 16, tzinfo=UTC)
AGES = tuple(timedelta(**age) for age in (
    {"minutes": 20}, {"minutes": 50}, {"hours": 2}, {"hours": 5}, {"days": 1}, {"days": 3}, {"days": 5}, {"days": 12}, {"days": 26}, {"days": 54},
))  # fmt: skip
LOGS = ("kept", "restored", "merged")
CLOCK = ((7, 30), (9, 30), (10, 30), (11, 30), (12, 0), (14, 0), (16, 0), (16, 30))
_MARK = re.compile(r"order 4711-\d+")


@dataclass(frozen=True, slots=True)
class Said:
    """What left the office in a span: each letter, each order named by a reminder, each draft and each booking, with how often."""

    letters: Counter[str]
    reminded: Counter[str]
    drafts: Counter[str]
    booked: Counter[str]


def campaign(scale: Scale) -> Report:
    """Run it. `share` limits how many ages are tried, from the youngest on."""
    report = Report("backups")
    ages, last = AGES[: scale.of(len(AGES))], scale.of(len(AGES)) < len(AGES)
    with tempfile.TemporaryDirectory(prefix="kept-backups-") as place:
        root = Path(place)
        start = END - ages[-1] - timedelta(days=10) if last else START
        backups = _life(root / "life", start, [END - age for age in ages])
        control = _afterwards(root / "life", root / "control")
        restored = [(age, log) for age in ages for log in LOGS]
        for age, log in restored:
            _compare(report, f"a backup {age} old, log {log}", control, _restored(root, backups[END - age], log))
    report.figures += [
        f"{len(restored)} restores: {len(ages)} ages from {ages[0]} to {ages[-1]}, each with {len(LOGS)} logs",
        f"each against {_count(control.letters)} letters, {_count(control.reminded)} reminders of single orders",
        f"and {_count(control.drafts)} drafts, {_count(control.booked)} bookings of the life that went on",
        f"{len(report.failures)} said twice or swallowed",
    ]
    return report


def _count(things: Counter[str]) -> int:
    return sum(things.values())


def _compare(report: Report, what: str, control: Said, here: Said) -> None:
    for name in ("letters", "reminded", "drafts", "booked"):
        expected, found = getattr(control, name), getattr(here, name)
        report.failures += [f"{what}: {thing} once too often ({name})" for thing in (found - expected).elements()]
        report.failures += [f"{what}: {thing} swallowed ({name})" for thing in (expected - found).elements()]


def _life(folder: Path, start: datetime, moments: list[datetime]) -> dict[datetime, Path]:
    """Live from `start` to END; return the copies of the state made at these moments."""
    folder.mkdir()
    office, copies = Office(folder), {}
    office.business(start - timedelta(days=60))
    for at in _turns(start, END):
        for moment in [m for m in moments if m <= at and m not in copies]:
            copies[moment] = folder.parent / f"backup-{moment:%Y%m%d%H%M}"
            shutil.copytree(folder / "state", copies[moment])
        _live(office, at)
    return copies


def _turns(start: datetime, end: datetime) -> Iterator[datetime]:
    day = start
    while day <= end:
        yield from (
            at for at in (day + timedelta(hours=h, minutes=m) for h, m in CLOCK) if start <= at < end + timedelta(hours=12)
        )
        day += timedelta(days=1)
        if day.weekday() > 4:
            day += timedelta(days=7 - day.weekday())


def _live(office: Office, at: datetime) -> None:
    """Let clients write, take a turn, and deliver what left for the user."""
    if (at.hour, at.minute) in ((9, 30), (14, 0)):
        number = int(at.timestamp()) // 3600
        office.mail(
            at - timedelta(minutes=5),
            KIM,
            DANA,
            f"Can you send me the papers of order 4711-{number}? We need them today.",
            subject=f"Order {number}",
            name=f"ask{number}",
        )
    office.live(at)
    for file in (office.folder / "outbox").glob("*.eml"):
        inbox = office.folder / "Maildir" / "cur" / f"{file.stem}:2,S"
        if not inbox.exists() and f"<{DANA}>\r\nDate" in file.read_bytes().decode():
            shutil.copy(file, inbox)


def _restored(root: Path, backup: Path, log: str) -> Said:
    """Put a backup in the place of the state, with that log, and live on."""
    folder = root / f"{backup.name}-{log}"
    shutil.copytree(root / "life", folder)
    shutil.rmtree(folder / "state")
    shutil.copytree(backup, folder / "state")
    if log == "kept":
        shutil.copy(root / "life" / "state" / "sent.jsonl", folder / "state" / "sent.jsonl")
    elif log == "merged":
        with Office(folder).app() as app, app.lock():
            app.sent_log.merge(root / "life" / "state" / "sent.jsonl")
    try:
        return _afterwards(folder, folder)
    finally:
        shutil.rmtree(folder)


def _afterwards(source: Path, folder: Path) -> Said:
    """Live on for two days from END in `folder`, which is copied from `source` where it is another; return what that said."""
    if folder != source:
        shutil.copytree(source, folder)
    office = Office(folder)
    before = _things(office)
    for at in _turns(END + timedelta(hours=13), END + timedelta(days=2)):
        _live(office, at)
    after = _things(office)
    return Said(*(getattr(after, name) - getattr(before, name) for name in ("letters", "reminded", "drafts", "booked")))


def _things(office: Office) -> Said:
    """Count what has left: a file that was written again counts by its time of writing."""
    sent = office.sent()
    reminders = [m for m in sent if not m.subject.startswith(("Kept, ", "Invitation"))]
    letters = Counter(m.subject.partition(":")[0] if m in reminders else m.message_id for m in sent)
    reminded = Counter(order for m in reminders for order in set(_MARK.findall(m.text)))
    return Said(letters, reminded, Counter(m.message_id for m in office.drafts()), Counter(office.booked()))

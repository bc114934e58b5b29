"""`kept demo`: the sample office goes through the very cycle that the daemon turns, with the clock set to the sample's days."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from daemon import sample
from daemon.commands import reports
from daemon.commands.office_commands import Commands
from daemon.cycle import turn
from daemon.errors import CannotDo

MARK = ".kept-demo"  # only a folder that a demo made is ever emptied by a demo
STEP = timedelta(minutes=30)
AWAKE = range(7, 18)
LOOKBACK, REPORTED = 90, "Acme Ltd"  # days, and whose report is shown
DAYS = 2  # days lived through before the sample's day, so that what is announced one morning is booked the next


@dataclass(frozen=True, slots=True)
class Shown:
    """What the demo made: the digest as text, and where each file is."""

    digest: str
    files: tuple[tuple[str, Path], ...]
    now: datetime

    def document(self) -> dict[str, Any]:
        """The result for --json."""
        return {"as_of": self.now.isoformat(), "files": {name: str(path) for name, path in self.files}, "digest": self.digest}

    def text(self) -> str:
        """The result for a person."""
        width = max(len(name) for name, _ in self.files)
        places = "\n".join(f"  {name:{width}}  {path}" for name, path in self.files)
        return (
            f"{self.digest.rstrip()}\n\n{'─' * 72}\n"
            f"That was the sample office on the morning of {self.now:%A %-d %B %Y}. The files:\n{places}\n\n"
            "On your own mailbox:\n"
            "  kept init     asks a few questions and writes the configuration\n"
            "  kept check    tries every mailbox and calendar\n"
            "  kept sync     reads them once; then: kept lookback, kept due, kept digest\n"
            "  kept run      leaves it running\n"
        )


def run(out: Path | None) -> Shown:
    """Make the sample office in `out`, live its last days, write the digest and the invites. Raises CannotDo."""
    folder = _fresh(out or Path(tempfile.gettempdir()) / f"kept-demo-{os.getuid()}")
    sample.write_office(folder)
    with Commands.open(folder / "config.yaml", {}) as app:
        moment = sample.NOW.replace(hour=7, minute=0) - timedelta(days=DAYS)
        app.begin(moment)
        (runtime,) = app.runtimes.values()
        while moment < sample.NOW:
            if moment.hour in AWAKE:  # by night there is nothing to see
                turn(runtime, moment)
            moment += STEP
        turn(runtime, sample.NOW)
        (letter,) = app.digests(sample.NOW)
        (shown,) = app.digests(sample.NOW, linked=False)
        app.look_from(sample.NOW)
        (back,) = reports.look_back(app, sample.NOW, LOOKBACK)
        report = reports.client_report(app, app.client(REPORTED), sample.NOW)
    (folder / "lookback.html").write_text(back.letter.html, encoding="utf-8")
    (folder / "report.html").write_text(report.letter.html, encoding="utf-8")
    (folder / "digest.html").write_text(letter.html, encoding="utf-8")
    (folder / "digest.txt").write_text(letter.text, encoding="utf-8")
    invites = sorted((folder / "calendar").glob("kept-*.ics"))
    return Shown(shown.text, _files(folder, invites), sample.NOW)


def _files(folder: Path, invites: list[Path]) -> tuple[tuple[str, Path], ...]:
    return (
        ("digest (page)", folder / "digest.html"),
        ("digest (text)", folder / "digest.txt"),
        ("look-back", folder / "lookback.html"),
        ("client report", folder / "report.html"),
        *(("review invite", path) for path in invites),
        ("mails to you", folder / "outbox"),
        ("drafts", folder / "Maildir" / ".Drafts"),
        ("configuration", folder / "config.yaml"),
    )


def _fresh(folder: Path) -> Path:
    """An empty folder, private to its owner; only one that an earlier demo made is emptied."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).is_file() or folder.stat().st_uid != os.getuid():
            raise CannotDo(
                f"{folder} is not empty and was not made by the demo. Name another folder with --out; nothing was changed."
            )
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MARK).touch()
    return folder.resolve()

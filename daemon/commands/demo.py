"""`kept demo`: the daemon's own turns over the sample office, with the clock set to the days of the sample."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from connectors.net import files
from daemon import clock, sample
from daemon.app import App
from daemon.commands.terminal import AsJson, print_json, say, tell
from daemon.config.values import HostPort
from daemon.cycle import turn
from daemon.errors import CannotDo
from daemon.operations import reports
from daemon.operations.clients import find_client
from daemon.operations.digests import digests

_AHEAD = "ahead"  # the folder of the mail that has not come yet
MARK = ".kept-demo"  # the file that marks a folder as made by a demo; no other folder is ever emptied
STEP = timedelta(minutes=30)
AWAKE = range(7, 18)  # the hours in which something can happen
_ANYWHERE = HostPort("127.0.0.1", 0)  # a free port: one's own dashboard may have the usual one
REPORTED = "Acme Ltd"  # the client whose report is shown
DAYS = 2  # days before the sample's day: what is announced one morning is booked the next


def demo(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="The folder for the sample office and all results.")
    ] = None,
    web: Annotated[bool, typer.Option("--web", help="Open the sample office in the browser, until Ctrl-C.")] = False,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="With --web, only print the link that signs in.")] = False,
    as_json: AsJson = False,
) -> None:
    """Try everything that Kept does on a sample office, without any account."""
    if web:
        tell("Making the sample office, about a minute ...")
    result = make(out)
    if web:
        _open_pages(result, no_browser=no_browser, as_json=as_json)
    else:
        print_json(result.document()) if as_json else say(result.text())


def _open_pages(result: DemoResult, *, no_browser: bool, as_json: bool) -> None:
    """Show the sample office in the browser, as of its day: its clock goes on from there."""
    from daemon.commands.web import serve  # noqa: PLC0415  # the extra `web`

    began = clock.since_boot()
    tell("This is a sample office on its own day; nothing in it is real, and nothing leaves this computer.")
    config = next(path for name, path in result.files if name == "configuration")
    now = lambda: result.now + timedelta(seconds=clock.since_boot() - began)  # noqa: E731  # a clock of its own
    serve(config, _ANYWHERE, no_browser=no_browser, as_json=as_json, now=now)


@dataclass(frozen=True, slots=True)
class DemoResult:
    """What the demo made: the digest as text, and the path of each file."""

    digest: str
    files: tuple[tuple[str, Path], ...]
    now: datetime

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        return {"as_of": self.now.isoformat(), "files": {name: str(path) for name, path in self.files}, "digest": self.digest}

    def text(self) -> str:
        """Return the result for a person."""
        width = max(len(name) for name, _ in self.files)
        files = "\n".join(f"  {name:{width}}  {path}" for name, path in self.files)
        return (
            f"{self.digest.rstrip()}\n\n{'─' * 72}\n"
            f"This is the sample office on the morning of {self.now:%A %-d %B %Y}. Its files:\n{files}\n\n"
            "To look at it in the browser: kept demo --web\n\n"
            "With your own mailbox:\n"
            "  kept init             asks a few questions and writes your configuration\n"
            "  kept check            tries every mailbox and calendar\n"
            "  kept sync             reads them once; then try kept lookback, kept due and kept digest\n"
            "  kept service install  keeps Kept running, also after you log in again\n"
        )


def make(out: Path | None) -> DemoResult:
    """Make the sample office in a folder, live its last days, and write the digest, the reports and the invites. Raises CannotDo."""
    folder = _fresh(out or Path(tempfile.gettempdir()) / f"kept-demo-{os.getuid()}")
    sample.write_office(folder)
    with App.open(folder / "config.yaml", {}) as app:
        _live(app, folder)
        (letter,), (text,) = digests(app, sample.NOW).values(), digests(app, sample.NOW, linked=False).values()
        app.view_as_of(sample.NOW)
        (look_back,) = reports.look_back(app, sample.NOW, reports.LOOK_BACK_DAYS)
        report = reports.client_report(app, find_client(app.office, REPORTED), sample.NOW)
    pages = {
        "lookback.html": look_back.letter.html,
        "report.html": report.letter.html,
        "digest.html": letter.html,
        "digest.txt": letter.text,
    }
    for name, page in pages.items():
        files.write_atomically(folder / name, page.encode("utf-8"))
    invites = sorted((folder / "calendar").glob("kept-*.ics"))
    return DemoResult(text.text, _files(folder, invites), sample.NOW)


def _live(app: App, folder: Path) -> None:
    """Turn every half an hour of the last days' working hours, as the daemon would, up to the moment of the sample.

    Each mail lies in the mailbox from when it came.
    """
    moment = sample.NOW.replace(hour=7, minute=0) - timedelta(days=DAYS)
    ahead = _hold_back(folder, moment)
    app.begin(moment)
    (runtime,) = app.runtimes.values()
    while moment < sample.NOW:
        ahead = _arrive(ahead, moment)
        if moment.hour in AWAKE:
            turn(runtime, moment)
        moment += STEP
    _arrive(ahead, sample.NOW)
    turn(runtime, sample.NOW)
    (folder / _AHEAD).rmdir()


@dataclass(frozen=True, slots=True)
class _Arrival:
    """A mail that comes later: when, where it lies until then, and where it will."""

    at: float  # seconds since 1970
    held: Path
    place: Path


def _hold_back(folder: Path, moment: datetime) -> tuple[_Arrival, ...]:
    """Take the mail that comes after a moment out of the mailbox; the names of its files begin with when it comes."""
    (folder / _AHEAD).mkdir(mode=0o700)
    later = [file for file in (folder / "Maildir").rglob("*.sample*") if float(file.name.partition(".")[0]) > moment.timestamp()]
    held = (
        _Arrival(float(file.name.partition(".")[0]), folder / _AHEAD / str(number), file) for number, file in enumerate(later)
    )
    return tuple(replace(mail, held=mail.place.rename(mail.held)) for mail in held)


def _arrive(ahead: Sequence[_Arrival], moment: datetime) -> tuple[_Arrival, ...]:
    """Put the mail that has come by a moment into the mailbox, and return the rest."""
    for mail in ahead:
        if mail.at <= moment.timestamp():
            mail.held.rename(mail.place)
    return tuple(mail for mail in ahead if mail.at > moment.timestamp())


def _files(folder: Path, invites: list[Path]) -> tuple[tuple[str, Path], ...]:
    return (
        ("digest (page)", folder / "digest.html"),
        ("digest (text)", folder / "digest.txt"),
        ("look-back", folder / "lookback.html"),
        ("client report", folder / "report.html"),
        *(("invitation", path) for path in invites),
        ("emails to you", folder / "outbox"),
        ("drafts", folder / "Maildir" / ".Drafts"),
        ("configuration", folder / "config.yaml"),
    )


def _fresh(folder: Path) -> Path:
    """Return the folder, empty and private to its owner; only one that an earlier demo made is emptied. Raises CannotDo."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).is_file() or folder.stat().st_uid != os.getuid():
            raise CannotDo(
                f"{folder} is not empty and was not made by the demo. Choose another folder with --out; nothing was changed."
            )
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / MARK).touch()
    return folder.resolve()

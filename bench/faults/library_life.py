"""A story of two working days, lived by the real service while one call of a library fails; then two more, to catch up in.

The service starts three months before, when nothing has been written yet, so that the making of its database is part of the story; it
is started anew on the second day. Its clock is moved by the story. Where a start fails, it is tried again, as a service manager does.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select

from connectors.errors import ConnectorError
from daemon import clock
from daemon.accounts.runtime import AccountRuntime
from daemon.app import App
from daemon.errors import ConfigError, StoreError
from daemon.letters.phrases import date_of
from daemon.service.beside import Nothing
from daemon.service.service import Service
from daemon.store import schema as s
from faults.injected_life import FIRST_DAY, LATER, MONDAY, Outcome, left_out, note_end, owed_by_client
from faults.library_calls import Tap

STARTED = MONDAY - timedelta(days=91) + timedelta(hours=7)
# The tick after the first one is where a daemon whose first turn failed begins; nothing else happens before the story.
MOMENTS = (STARTED, STARTED + timedelta(seconds=30), *(MONDAY + moment for moment in (*FIRST_DAY, *LATER)))
CALM_FROM = MONDAY + timedelta(days=2)  # from when on nothing fails
RESTART = MONDAY + timedelta(days=1, hours=7, minutes=40)
_STARTS = 3  # at one moment
_BUG = re.compile(r"\((\w+)\); kept\.log has the details")
_FORESEEN = (StoreError, ConfigError, ConnectorError)


@dataclass
class LibraryOutcome(Outcome):
    """What came of a life, which of its sends Kept itself does not know to have arrived, and which it gave up.

    `doubts` maps the key of a send to the obligations it spoke of, `given_up` to its client, its channel and why. `replaced` maps a
    digest that a later one took the place of to how that one has to name it.
    """

    doubts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    replaced: dict[str, str] = field(default_factory=dict)
    given_up: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    tracebacks: list[str] = field(default_factory=list)
    raised: str = ""
    raised_during: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    sends: dict[str, list[int]] = field(default_factory=dict)


class _TappedService(Service):
    """The service, which tells the tap whose turn it is."""

    tap: Tap

    def _turn_account(self, address: str, runtime: AccountRuntime) -> bool | None:
        self.tap.during = address
        try:
            return super()._turn_account(address, runtime)
        finally:
            self.tap.during = ""


class _Run:
    """The service of one office, from one start to the next."""

    def __init__(self, config: Path, tap: Tap, outcome: LibraryOutcome) -> None:
        self._config, self._tap, self._outcome = config, tap, outcome
        self._stack = contextlib.ExitStack()
        self.service: _TappedService | None = None

    def tick(self) -> None:
        """Let it turn once; start it before, if it does not run."""
        for _ in range(_STARTS):
            if self.service is None:
                self._guarded(self._start)
        if self.service is not None:
            self._guarded(self._turn)

    def end(self) -> None:
        """Stop it."""
        if self.service is not None:
            service, self.service = self.service, None
            self._guarded(lambda: service._write_status(running=False))  # noqa: SLF001  # what `_shut_down` does
            self._guarded(self._stack.close)
            self._guarded(service._app.close)  # noqa: SLF001  # the same

    def _start(self) -> None:
        self._tap.during = ""
        service = _TappedService(self._config, {}, Nothing())
        service.tap = self._tap
        self._stack = contextlib.ExitStack()
        self._stack.enter_context(service._app.lock())  # noqa: SLF001  # as `run` does
        self.service = service

    def _turn(self) -> None:
        assert self.service is not None
        self.service._tick()  # noqa: SLF001  # the ticker calls it
        if self.service._lost is not None:  # noqa: SLF001  # then `run` ends with it
            self._outcome.named.add(str(self.service._lost))  # noqa: SLF001  # the same
            self.service = None
            self._stack.close()

    def _guarded(self, do: Callable[[], object]) -> None:
        """Do it; a failure that is told to the user in words is no fault, whatever else is."""
        try:
            do()
        except _FORESEEN as error:
            self._outcome.named.add(str(error))
        except Exception as error:  # noqa: BLE001  # that is what must not happen
            self._outcome.escaped.append(f"{type(error).__name__}: {error}")


def live(config: Path, tap: Tap, arrive: Callable[[datetime], None]) -> LibraryOutcome:
    """Live through the story; `arrive` brings the mail that has come by a moment. Return what came of it."""
    outcome, shown = LibraryOutcome(), [STARTED]
    clock.now = lambda: shown[0]
    clock.since_boot = lambda: (shown[0] - STARTED).total_seconds() + 1000
    run = _Run(config, tap, outcome)
    for moment in MOMENTS:
        shown[0] = moment
        arrive(moment)
        with tap.counting() if moment < CALM_FROM else contextlib.nullcontext():
            if moment == RESTART:
                run.end()
            run.tick()
        if run.service is not None:
            _note(run.service, outcome, moment)
    if run.service is None:
        outcome.escaped.append("it does not run at the end")
    else:
        _note_end(run.service._app, outcome)  # noqa: SLF001  # the campaign's own look
        run.end()
    outcome.tracebacks = list(_tracebacks(config.parent / "state"))
    outcome.raised, outcome.raised_during = tap.raised, tap.raised_during
    outcome.counts, outcome.sends = dict(tap.counts), tap.sends
    return outcome


def _note(service: Service, outcome: LibraryOutcome, moment: datetime) -> None:
    """Note what a tick named as left out, and on the first day what is owed after it."""
    outcome.named.update(service._problems.values())  # noqa: SLF001  # what the status shows
    for address, runtime in service._app.runtimes.items():  # noqa: SLF001  # the campaign's own look
        outcome.named.update(left_out(address, runtime))
        outcome.named.update(runtime.faults.lines)
    if MONDAY < moment < MONDAY + timedelta(days=1):
        for client, owed in owed_by_client(service._app).items():  # noqa: SLF001  # the same
            outcome.first_day[client] = (*outcome.first_day.get(client, ()), owed)


def _note_end(app: App, outcome: LibraryOutcome) -> None:
    note_end(app, MOMENTS[-1], outcome)
    # Of Kept's own letters it may be others: a reminder that comes later is cut differently.
    outcome.messages = frozenset(i for i in outcome.messages if not i.startswith("<kept-"))
    with app.store._read() as db:  # noqa: SLF001  # everything at once
        parcels = list(db.execute(select(s.parcels)))
        mentions = list(db.execute(select(s.mentions)))
    unknown = [row.key for row in parcels if row.delivery in ("sending", "unknown")]
    outcome.doubts = {key: tuple(m.obligation for m in mentions if m.parcel == key) for key in unknown}
    zones = {address: ZoneInfo(runtime.account.hours.zone) for address, runtime in app.runtimes.items()}
    outcome.replaced = {
        f"{row.account} {row.period}": f"the digest of {date_of(row.created, zones[row.account])}"
        for row in parcels
        if row.kind == "digest" and row.delivery == "replaced"
    }
    refused = (row for row in parcels if row.delivery == "refused" and row.client)
    outcome.given_up = {row.key: (row.client, row.channel, row.error or "") for row in refused}


def _tracebacks(state: Path) -> Iterator[str]:
    """Yield each failure in the log that was not foreseen: its last frame and type."""
    for file in sorted(state.glob("kept.log*")):
        for line in file.read_text(errors="replace").splitlines():
            with contextlib.suppress(ValueError):
                event = json.loads(line)
                words = str(event.get("exception", "")).strip().splitlines()
                if words and not words[-1].startswith(("daemon.errors.", "connectors.errors.")):
                    frames = [w.strip() for w in words if w.strip().startswith("File ")]
                    yield f"{event['event']}: {words[-1]} {frames[-1].rpartition('/')[2] if frames else ''}"


def taken_for_bugs(outcome: LibraryOutcome) -> Iterator[str]:
    """Yield what was named as if it were a bug in Kept, though any disk or line can fail in this way."""
    yield from (line for line in sorted(outcome.named) if _BUG.search(line))

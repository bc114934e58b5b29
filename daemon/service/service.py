"""The daemon: turns until it is told to stop.

SIGTERM and SIGINT end it within two seconds: a turn that hangs in a server's answer is left where it is, which is safe
because everything durable is committed step by step. SIGHUP reads the configuration again and keeps the old one, with an
error in the log and in the status, where the new one is wrong. New mail wakes it (IDLE); polling is the fallback.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from connectors.base import Mailbox
from connectors.errors import ConnectorError
from daemon import clock, logs
from daemon.app import App
from daemon.cycle import AccountRuntime, turn
from daemon.errors import ConfigError, StoreError
from daemon.intake.poll import READING_LIMIT
from daemon.logs import get_logger
from daemon.service import desktop_notice, health
from daemon.service.state_files import write_state_files
from daemon.service.ticker import Schedule

log = get_logger(__name__)

TICK = 30.0  # seconds between ticks; what is due is computed, so a tick that finds nothing costs next to nothing
GRACE = 1.5  # seconds a running turn gets to end by itself
RETRY = 60.0  # seconds before a lost IDLE connection is tried again


class Service:
    """One daemon over one state directory: each account's turn in its turn, behind a wall of its own."""

    def __init__(self, config: Path | None, environ: Mapping[str, str]) -> None:
        self._config, self._environ = config, environ
        self._stop, self._reload = threading.Event(), threading.Event()
        self._turn_lock = threading.Lock()
        self._app = App.open(config, environ)
        self._notifier = health.Notifier(environ)
        self._problems: dict[str, str] = {}  # what is wrong at present: with the configuration, with the last turn
        self._stuck: set[str] = set()  # what was shown on the screen
        self._schedule = Schedule(self._tick, min(TICK, self._app.settings.poll.total_seconds()))

    def run(self) -> int:
        """TurnResult until stopped. Returns the exit status; raises StoreError where another daemon has this state."""
        with self._app.lock():
            self._app.begin(clock.now())
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._on_stop)
            signal.signal(signal.SIGHUP, self._on_reload)
            self._schedule.start()
            self._watch()
            self._notifier.ready("reading mailboxes and calendars")
            log.info("Kept is running", accounts=[a.address for a in self._app.office.accounts])
            while not self._stop.wait(self._notifier.interval):
                self._notifier.alive()
            return self._leave()

    def _leave(self) -> int:
        self._notifier.stopping()
        self._schedule.stop()
        if self._turn_lock.acquire(timeout=GRACE):
            write_state_files(self._app, clock.now(), running=False)
            self._app.close()
            log.info("Kept has stopped")
            return 0
        log.warning("stopped in the middle of a turn; the next start resumes it")
        os._exit(0)

    def _on_stop(self, _number: int, _frame: FrameType | None) -> None:
        self._app.stop()
        self._stop.set()

    def _on_reload(self, _number: int, _frame: FrameType | None) -> None:
        self._reload.set()
        self._schedule.soon()

    def _tick(self) -> None:
        """TurnResult once, and again at once as long as a long reading goes on."""
        more = True
        while more and not self._stop.is_set():
            more = self._turn()

    def _turn(self) -> bool:
        """Let every account turn once; whether one of them has more to read at once."""
        with self._turn_lock:
            if self._reload.is_set():
                self._reload.clear()
                self._read_configuration_again()
            more = False
            for address, runtime in self._app.runtimes.items():
                if not self._stop.is_set():
                    more |= self._turn_of(address, runtime)
            self._show_what_is_stuck()
            self._write_state_files()
            self._notifier.status("; ".join(self._problems.values()) or "waiting for the next turn")
            return more

    def _turn_of(self, address: str, runtime: AccountRuntime) -> bool:
        """TurnResult one account. Whatever fails is said, the other accounts go on, and the next turn comes."""
        name = f"turn of {address}"
        try:
            result = turn(runtime, clock.now(), READING_LIMIT)
        except Exception as error:
            self._problems[name] = f"the last turn of {address} failed: {error}"
            log.exception("a turn failed", account=address)
            return False
        self._problems.pop(name, None)
        if result.failures:
            self._problems[name] = "; ".join(result.failures)
        for outcome in result.outcomes:
            log.info(
                "delivered" if outcome.error is None else "not delivered",
                key=outcome.key,
                delivery=outcome.delivery,
                error=outcome.error,
            )
        return result.unfinished

    def _write_state_files(self) -> None:
        """Write them whatever happened; a store or a disk that fails is in the log, and the daemon goes on."""
        try:
            write_state_files(self._app, clock.now(), running=True, problems=tuple(self._problems.values()))
        except (StoreError, OSError):
            log.exception("the status could not be written")

    def _show_what_is_stuck(self) -> None:
        """What only a person can mend stands in the status as long as it lasts, and on the screen once."""
        stuck = {
            f"{address} {source}": message
            for address, runtime in self._app.runtimes.items()
            for source, message in runtime.sources.stuck.items()
        }
        self._stuck &= stuck.keys()
        for name, message in stuck.items():
            if name not in self._stuck:
                self._stuck.add(name)
                log.error("only a person can mend this", source=name, error=message)
                desktop_notice.show(message, self._environ)

    def _read_configuration_again(self) -> None:
        self._notifier.reloading()
        try:
            self._app.reload(self._config)
            self._app.begin(clock.now())
        except ConfigError as error:
            self._problems["configuration"] = f"the new configuration is wrong, the old one stays: {error}"
            log.error("the new configuration is wrong, the old one stays", problems=str(error))  # noqa: TRY400  # it is no fault of ours
        else:
            self._problems.pop("configuration", None)
            log.info("read the configuration again")
            self._watch()
        self._notifier.ready("reading mailboxes and calendars")

    def _watch(self) -> None:
        """One thread a mailbox waits for news on a connection of its own, for as long as this configuration holds."""
        generation = self._app.generation
        for _account, mailbox in self._app.watchers():
            threading.Thread(target=self._wait_for_news, args=(mailbox, generation), daemon=True).start()

    def _wait_for_news(self, mailbox: Mailbox, generation: int) -> None:
        while not self._stop.is_set() and self._app.generation == generation:
            try:
                if mailbox.wait(60.0):
                    self._schedule.soon()
            except ConnectorError as error:
                log.info("waiting for new mail failed; polling goes on", error=error.message)
                mailbox.close()
                self._stop.wait(RETRY)
        mailbox.close()


def run(config: Path | None, environ: Mapping[str, str]) -> int:
    """`kept run`: the daemon in the foreground."""
    logs.set_up(aloud=True)
    return Service(config, environ).run()

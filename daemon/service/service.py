"""Run the daemon: one turn of each account at every tick, until a signal stops it.

An account whose turn raises an error is reported, and the others go on. SIGTERM and SIGINT stop the daemon within two seconds: a turn
that waits for a server is abandoned, which is safe because every step is committed. SIGHUP reads the configuration again; if it is
wrong the old one stays in use, with an error in the log and the status. New mail wakes the daemon (IMAP IDLE); polling is the fallback.
A daemon that finds that another one has taken over its database ends with status 1; if it is started again, it starts as a newcomer.
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
from daemon.errors import ConfigError, LeaseLost, StoreError
from daemon.intake.poll import READING_LIMIT
from daemon.logs import get_logger
from daemon.service import desktop_notice, health
from daemon.service.state_files import write_state_files
from daemon.service.ticker import Schedule

log = get_logger(__name__)

TICK = 30.0  # seconds between ticks; a tick with nothing due costs next to nothing
GRACE = 1.5  # seconds that a running turn has to end by itself
RETRY = 60.0  # seconds before a lost IDLE connection is tried again


class Service:
    """One daemon over one state directory. The accounts take turns, and a failure of one does not affect the others."""

    def __init__(self, config: Path | None, environ: Mapping[str, str]) -> None:
        self._config, self._environ = config, environ
        self._stop, self._reload = threading.Event(), threading.Event()
        self._turn_lock = threading.Lock()
        self._app = App.open(config, environ)
        self._notifier = health.Notifier(environ)
        self._lost: LeaseLost | None = None  # once another process has taken over
        self._problems: dict[str, str] = {}  # present problems, by what has them: the configuration, an account's turn
        self._shown: set[str] = set()  # the stuck sources that a desktop notice has shown
        self._schedule = Schedule(self._tick, min(TICK, self._app.settings.poll.total_seconds()))

    def run(self) -> int:
        """Run until stopped. Return the exit status. Raises StoreError if another daemon uses this state."""
        with self._app.lock():
            self._app.begin(clock.now())
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._on_stop)
            signal.signal(signal.SIGHUP, self._on_reload)
            self._schedule.start()
            self._start_watchers()
            self._notifier.ready("reading mailboxes and calendars")
            log.info("Kept is running", accounts=[a.address for a in self._app.office.accounts])
            while not self._stop.wait(self._notifier.interval):
                self._notifier.alive()
            return self._shut_down()

    def _shut_down(self) -> int:
        self._notifier.stopping()
        self._schedule.stop()
        if self._lost is not None:  # whoever took over writes the status now, and in memory nothing can be trusted
            raise self._lost
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
        """Run a turn of every account, and again at once while some mailbox has more to read."""
        more = True
        while more and not self._stop.is_set():
            more = self._turn_all()

    def _turn_all(self) -> bool:
        """Run one turn of every account. Return whether some mailbox has more to read at once."""
        with self._turn_lock:
            if self._reload.is_set():
                self._reload.clear()
                self._reload_configuration()
            more = False
            for address, runtime in self._app.runtimes.items():
                if not self._stop.is_set():
                    more |= self._turn_account(address, runtime)
            if self._lost is not None:  # the state is another's now
                return False
            self._show_stuck_sources()
            self._write_state_files()
            self._notifier.status("; ".join(self._problems.values()) or "waiting for the next turn")
            return more

    def _turn_account(self, address: str, runtime: AccountRuntime) -> bool:
        """Run one turn of one account. Any error is logged and shown in the status; the other accounts go on."""
        name = f"turn of {address}"
        try:
            result = turn(runtime, clock.now(), READING_LIMIT)
        except LeaseLost as error:
            self._lost = error
            self._stop.set()
            return False
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
        """Write the status and the learned bands. A failure is logged, and the daemon goes on."""
        try:
            write_state_files(self._app, clock.now(), running=True, problems=tuple(self._problems.values()))
        except (StoreError, OSError):
            log.exception("the status could not be written")

    def _show_stuck_sources(self) -> None:
        """Show each failure that only a person can fix once on the screen; the status shows it as long as it lasts."""
        stuck = {
            f"{address} {source}": message
            for address, runtime in self._app.runtimes.items()
            for source, message in runtime.sources.stuck.items()
        }
        self._shown &= stuck.keys()
        for name, message in stuck.items():
            if name not in self._shown:
                self._shown.add(name)
                log.error("only a person can fix this", source=name, error=message)
                desktop_notice.show(message, self._environ)

    def _reload_configuration(self) -> None:
        self._notifier.reloading()
        try:
            self._app.reload(self._config)
            self._app.begin(clock.now())
        except ConfigError as error:
            self._problems["configuration"] = f"the new configuration is not valid; the old one stays in force: {error}"
            log.error("the new configuration is not valid; the old one stays in force", problems=str(error))  # noqa: TRY400  # the error is the user's, so its traceback would not help
        else:
            self._problems.clear()  # accounts may have gone; those that stay report again
            log.info("read the configuration again")
            self._start_watchers()
        self._notifier.ready("reading mailboxes and calendars")

    def _start_watchers(self) -> None:
        """Start a thread for each mailbox that waits for new mail on its own connection, until the configuration is read again."""
        generation = self._app.generation
        for _account, mailbox in self._app.watchers():
            threading.Thread(target=self._wait_for_mail, args=(mailbox, generation), daemon=True).start()

    def _wait_for_mail(self, mailbox: Mailbox, generation: int) -> None:
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
    """Run the daemon in the foreground (`kept run`). Return the exit status."""
    logs.set_up(aloud=True)
    return Service(config, environ).run()

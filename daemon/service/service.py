"""Run the daemon: one turn of each account at every tick, until a signal stops it.

An account whose turn raises an error is reported, and the others go on. SIGTERM and SIGINT stop the daemon within two seconds: a turn
that waits for a server is abandoned, which is safe because every step is committed. SIGHUP reads the configuration again; if it is
wrong the old one stays in use, with an error in the log and the status. Sources are read as often as `poll` says; new mail that a
server announces (IMAP IDLE) has its account read at once. What is due by time alone is looked for at every tick.
A daemon that finds that another one has taken over its database ends with status 1; if it is started again, it starts as a newcomer.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import FrameType

from daemon import clock, logs
from daemon.accounts.runtime import AccountRuntime
from daemon.app import App
from daemon.config.load import load_settings
from daemon.config.locations import default_path
from daemon.cycle import turn
from daemon.delivery.outbox import log_outcomes
from daemon.errors import ConfigError, LeaseLost, StoreError
from daemon.intake.poll import READING_LIMIT
from daemon.logs import get_logger
from daemon.service import desktop_notice, health
from daemon.service.beside import Beside
from daemon.service.clock_guard import ClockGuard
from daemon.service.state_files import StatusWriter, write_learned_bands
from daemon.service.ticker import Ticker
from daemon.service.watchdog import Progress
from daemon.service.watching import watch

log = get_logger(__name__)

TICK = 30.0  # seconds between ticks; a tick with nothing due costs next to nothing
GRACE = 1.5  # seconds that a running turn has to end by itself
_CLOCK, _BESIDE = "clock", "beside"  # whose problem it is, other than the configuration's and the accounts' turns'


class Service:
    """One daemon over one state directory. The accounts take turns, and a failure of one does not affect the others."""

    def __init__(self, config: Path | None, environ: Mapping[str, str], beside: Beside) -> None:
        self._config, self._environ, self._beside = config, environ, beside
        self._stop, self._reload = threading.Event(), threading.Event()
        self._ticker = Ticker(self._tick, TICK)
        signal.signal(signal.SIGHUP, self._on_reload)  # before anything that takes time: by itself it would end the process
        self._turn_lock = threading.Lock()
        self._app = App.open(config, environ)
        self._progress = Progress()
        self._app.progress = self._progress.step
        self._notifier = health.Notifier(environ)
        self._guard = ClockGuard(self._app.folder)
        self._status = StatusWriter(self._app)
        self._begun = 0  # how often the clock had come to be believed when the app began
        self._read_at: dict[str, float] = {}  # when each account's sources were last read, in seconds since the boot
        self._lost: LeaseLost | None = None  # once another process has taken over
        self._problems: dict[str, str] = {}  # present problems, by what has them: the clock, the configuration, an account's turn
        self._shown: set[str] = set()  # the stuck sources that a desktop notice has shown

    def run(self) -> int:
        """Run until stopped. Return the exit status. Raises StoreError if another daemon uses this state."""
        with self._app.lock():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self._on_stop)
            self._begin()
            self._beside.apply(self._app.settings)
            self._ticker.start()
            self._start_watchers()
            self._notifier.ready("reading mailboxes and calendars")
            log.info("Kept is running", accounts=[a.address for a in self._app.office.accounts])
            while not self._stop.wait(self._notifier.interval):
                self._feed_watchdog()
            return self._shut_down()

    def _begin(self) -> None:
        """Prepare to run once the clock is believed, and again after it was moved. Raises StoreError."""
        if self._is_steady() and self._begun != self._guard.trusted:
            self._app.begin(clock.now())
            self._begun = self._guard.trusted

    def _is_steady(self) -> bool:
        """Return whether the clock is believed; where it is not, the status says why."""
        steady = self._guard.check(clock.now(), clock.since_boot())
        if self._guard.problem:
            self._problems[_CLOCK] = self._guard.problem
        else:
            self._problems.pop(_CLOCK, None)
        return steady

    def _feed_watchdog(self) -> None:
        """Send a sign of life, unless a turn hangs: then the service manager starts Kept again."""
        if self._progress.hangs:
            log.error("a turn hangs; the watchdog is not fed any more")
            self._notifier.status("a turn hangs")
        else:
            self._notifier.alive()

    def _shut_down(self) -> int:
        self._notifier.stopping()
        self._ticker.stop()
        self._beside.stop()
        if self._lost is not None:  # whoever took over writes the status now, and in memory nothing can be trusted
            raise self._lost
        ended = self._turn_lock.acquire(timeout=GRACE)
        self._write_status(running=False, ask=ended)
        if ended:
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
        self._ticker.soon()

    def _tick(self) -> float:
        """Run one turn of every account. Return in how many seconds the next one is due: none while a mailbox has more to read."""
        with self._turn_lock:
            if self._stop.is_set():
                return TICK
            if self._reload.is_set():
                self._reload.clear()
                self._reload_configuration()
            self._look_beside()
            more = self._turn_all()
            if self._lost is not None:  # the state is another's now
                return TICK
            self._show_stuck_sources()
            self._write_status(running=True)
            self._notifier.status("; ".join(self._problems.values()) or "waiting for the next turn")
            self._progress.step()
            return 0.0 if more else self._next_tick()

    def _look_beside(self) -> None:
        """Have what runs beside the turns go by the configuration, and show what is wrong with it."""
        self._beside.apply(self._app.settings)
        if self._beside.problem:
            self._problems[_BESIDE] = self._beside.problem
        else:
            self._problems.pop(_BESIDE, None)

    def _next_tick(self) -> float:
        """Return the seconds until a source has to be read, at most TICK."""
        poll, now = self._app.settings.poll.total_seconds(), clock.since_boot()
        waits = (read_at + poll - now for read_at in self._read_at.values())
        return max(0.0, min(TICK, poll, *waits))

    def _turn_all(self) -> bool:
        """Run one turn of every account. Return whether some mailbox has more to read at once."""
        more, failed = False, False
        try:
            self._begin()
        except LeaseLost as error:
            self._lose(error)
            return False
        except StoreError as error:
            self._problems["start"] = error.message
            log.error("could not begin", error=error.message)  # noqa: TRY400  # a database that is away, not a fault of Kept
            self._status.last_failure = clock.now()
            return False
        self._problems.pop("start", None)
        for address, runtime in self._app.runtimes.items():
            if not self._stop.is_set():
                unfinished = self._turn_account(address, runtime)
                failed |= unfinished is None
                more |= bool(unfinished)
        now = clock.now()
        if failed:
            self._status.last_failure = now
        elif not self._guard.problem and not self._stop.is_set():
            self._status.last_success = now
        return more

    def _turn_account(self, address: str, runtime: AccountRuntime) -> bool | None:
        """Run one turn of one account. Return whether a mailbox has more to read at once; None if the turn failed.

        Any error is logged and shown in the status; the other accounts go on.
        """
        name = f"turn of {address}"
        self._progress.step()
        steady = self._is_steady()
        read = steady and self._is_to_be_read(address)
        try:
            result = turn(runtime, clock.now(), READING_LIMIT, read=read, steady=steady)
        except LeaseLost as error:
            self._lose(error)
            return None
        except Exception as error:
            self._read_at.pop(
                address, None
            )  # a tick that only looks at it would succeed, and the status would say that all is well
            self._problems[name] = f"the last turn of {address} failed: {error}"
            log.exception("a turn failed", account=address)
            return None
        self._problems.pop(name, None)
        if result.failures:
            self._problems[name] = "; ".join(result.failures)
        log_outcomes(result.outcomes)
        if result.unfinished:
            self._read_at.pop(address, None)
        return result.unfinished

    def _lose(self, error: LeaseLost) -> None:
        """Stop, because another process has taken over."""
        self._lost = error
        self._stop.set()

    def _is_to_be_read(self, address: str) -> bool:
        """Return whether an account's sources are to be read at this turn, and note that they are."""
        now, read_at = clock.since_boot(), self._read_at.get(address)
        if read_at is not None and now - read_at < self._app.settings.poll.total_seconds():
            return False
        self._read_at[address] = now
        return True

    def _wake(self, address: str) -> None:
        """Have an account's sources read at once."""
        self._read_at.pop(address, None)
        self._ticker.soon()

    def _write_status(self, *, running: bool, ask: bool = True) -> None:
        """Write the status, and what was learned. Unless `ask`, the database is left alone. A failure is logged, no more."""
        now = clock.now()
        try:
            self._status.write(now, running=running, problems=tuple(self._problems.values()), ask=ask)
            if ask:
                write_learned_bands(self._app, now)
        except StoreError as error:
            log.warning("what was learned could not be written", error=error.message)
        except OSError as error:
            log.warning("the status could not be written", error=error.strerror)

    def _show_stuck_sources(self) -> None:
        """Show each failure that only a person can fix once on the screen; the status shows it as long as it lasts."""
        runtimes = self._app.runtimes.items()
        try:
            stuck = {
                f"{address} {source}": message for address, runtime in runtimes for source, message in runtime.stuck().items()
            }
        except StoreError:  # which the status shows
            return
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
        except ConfigError as error:
            self._problems["configuration"] = f"the new configuration is not valid; the old one stays in force: {error}"
            log.error("the new configuration is not valid; the old one stays in force", problems=str(error))  # noqa: TRY400  # the error is the user's, so its traceback would not help
        except StoreError as error:  # what it asks of the database cannot be had now; the next tick reads it again
            self._reload.set()
            self._problems["configuration"] = (
                f"the new configuration is not read yet; the old one stays in force: {error.message}"
            )
            log.exception("the configuration could not be read again")
        else:
            self._problems.clear()  # accounts may have gone; those that stay report again
            self._read_at.clear()
            self._begun = 0
            log.info("read the configuration again")
            self._start_watchers()
        self._notifier.ready("reading mailboxes and calendars")

    def _start_watchers(self) -> None:
        """Start a thread for each mailbox that waits for new mail on its own connection, until the configuration is read again."""
        generation = self._app.generation
        ended = lambda: self._app.generation != generation  # noqa: E731  # asked by every thread
        for account in self._app.watchable:
            for source, mailbox in self._app.watched_mailboxes(account):
                is_read = partial(self._app.is_read, account, source)
                work = (mailbox, self._stop, ended, is_read, partial(self._wake, account))
                threading.Thread(target=watch, args=work, daemon=True).start()


def run(config: Path | None, environ: Mapping[str, str], beside: Beside) -> int:
    """Run the daemon in the foreground (`kept run`), and what is to run beside it. Return the exit status.

    Raises ConfigError and StoreError.
    """
    logs.set_up(aloud=True)
    try:
        return Service(config, environ, beside).run()
    except Exception as error:
        _note_end(config or default_path(environ), error)
        raise


def _note_end(config: Path, error: Exception) -> None:
    """Write into the status that the daemon ended by an error, as far as that is possible."""
    try:
        health.mark_ended(load_settings(config).state, f"Kept ended: {error}", clock.now())
    except ConfigError:
        return  # which is what the daemon ended by, and nothing says where the status is
    except OSError:
        log.warning("the status could not be written")

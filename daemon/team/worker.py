"""The process of one worker: it turns accounts as the engine hands them out, until a signal stops it.

Turns are synchronous and run in threads: what they wait for, servers and the database, they wait for at the same time, but Python works
at one of them at a time. So a machine takes a worker for each of its processors, and `--concurrency` is how many mailboxes of one
worker may be waited for at once.

SIGTERM and SIGINT stop it within two seconds, or as soon as an overloaded machine lets it: a turn that waits for a server is abandoned,
which is safe because every step is committed. SIGHUP reads the configuration again: turns that begin after that go by it, and those
under way by the old one to their end; if it is wrong, the old one stays in use. When the database is away the worker waits for it. A
daemon (`kept run`) that takes over the database ends it.

A turn in which nothing has happened for HANGS_AFTER hangs. Its thread cannot be ended, but its lease is taken from it, so that whatever
it still does is too late; the account is tried again later, by any worker. Once as many turns hang as a worker takes at a time, it ends
with status 1, so that it is started again without them.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext, suppress
from datetime import datetime, timedelta
from pathlib import Path

from connectors.errors import ConnectorError
from daemon import clock, logs
from daemon.accounts.runtime import AccountRuntime
from daemon.accounts.runtimes import Runtimes
from daemon.app import App
from daemon.errors import CannotDo, ConfigError, LeaseLost, StoreError, TurnLost
from daemon.logs import get_logger
from daemon.service import health, watchdog
from daemon.service.beside import Beside
from daemon.service.clock_guard import ClockGuard
from daemon.store.engine import is_postgresql
from daemon.store.error_messages import clear_errors
from daemon.store.lock import FileLock
from daemon.team.engine import GRACE, Work, make_engine, prepare, run_engine
from daemon.team.gate import Gate
from daemon.team.metrics import Metrics, served
from daemon.team.turns import LOOK, TurnTaken, give_up_turn, take_turn, wait_after
from daemon.team.under_way import TurnUnderWay, UnderWay
from daemon.team.watchers import Watchers

log = get_logger(__name__)

LOCK = "worker.lock"  # of the worker that uses a state folder: two would spoil each other's log
MOST_OPEN = 1000  # accounts whose sessions and assessments a worker keeps
OVERSEEN_EVERY = 3.0  # seconds
RETRY = 2.0  # seconds until the engine is started again after its database was away
HANGS_AFTER = watchdog.LIMIT  # seconds without a step of a turn
RELOADED_WITHIN = timedelta(minutes=1)  # in which all workers of a team hear of a new configuration
FILES = 65_536  # that a worker may have open at once, if the system lets it: each account has sessions of its own
_FILES_OF_ACCOUNT = 4  # mailbox, calendar and sending, and one to spare


class Worker:
    """One worker over one database. Its accounts take turns in threads; everything else happens in its event loop."""

    def __init__(self, config: Path | None, environ: Mapping[str, str], concurrency: int, beside: Beside) -> None:
        self._config, self._concurrency, self._beside = config, concurrency, beside
        most_open = min(MOST_OPEN, max(1, _files_allowed() // _FILES_OF_ACCOUNT))
        self._app = App.open(config, environ, most_open=most_open, connections=2 * concurrency + 2)
        self._database = str(self._app.settings.database or "")
        if not is_postgresql(self._database):
            self._app.close()
            raise CannotDo(
                "`kept worker` needs a PostgreSQL database that all workers share: name it under `database:`. On one computer, "
                "`kept run` does the same with no database to set up."
            )
        self._folder = FileLock(self._app.folder / LOCK)
        with clear_errors(str(self._app.folder)):
            other = self._folder.take()
        if other is not None:
            self._app.close()
            raise CannotDo(
                f"Another worker ({other}) uses the state folder {self._app.folder}. Each worker needs one of its own: leave `state:` out "
                "of the configuration and give each a HOME of its own, as systemd/kept-worker@.service does."
            )
        self._guard, self._guarding = ClockGuard(self._app.folder), threading.Lock()
        self._begun = 0  # how often the clock had come to be believed when the app began
        self._notifier = health.Notifier(environ)
        self._threads = ThreadPoolExecutor(2 * concurrency, "turn")  # half of them may hang
        self._under_way = UnderWay(HANGS_AFTER)
        self._app.progress = self._under_way.step
        self._gate, self._watchers = Gate(), Watchers(self._app)
        self._metrics = Metrics(self._app.store, clock.now, clock.since_boot)
        self._stopping, self._reload = asyncio.Event(), asyncio.Event()
        self._lost: LeaseLost | None = None
        self._hangs = False  # whether it ends because its turns hang
        self._refused: str | None = None  # why the configuration as it is now is not gone by
        self._noted: str | None = ""  # which problem the database knows of; empty: not known

    def run(self) -> int:
        """Work until stopped. Return the exit status. Raises StoreError if a daemon uses this database, or it cannot be reached."""
        prepare(self._database)
        with self._app.store.share(), self._metrics_served():
            self._begin()
            self._beside.apply(self._app.settings)
            asyncio.run(self._main())
            self._watchers.stop()
            self._beside.stop()
            if self._lost is not None:
                raise self._lost
            if self._under_way.any:  # a turn that waits for a server: whoever has the account next resumes it
                log.warning("stopped in the middle of a turn; another worker resumes it")
                os._exit(int(self._hangs))
        self._app.close()
        self._folder.release()
        log.info("the worker has stopped")
        return int(self._hangs)

    def _metrics_served(self) -> AbstractContextManager[int | None]:
        where = self._app.settings.metrics
        return served(self._metrics, where.listen.host, where.listen.port) if where else nullcontext()

    async def _main(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop)
        loop.add_signal_handler(signal.SIGHUP, self._reload.set)
        beside = [asyncio.create_task(self._oversee()), asyncio.create_task(self._renew())]
        self._watchers.start()
        self._notifier.ready("taking turns")
        log.info("a worker is at work", accounts=len(self._app.runtimes), concurrency=self._concurrency)
        while not self._stopping.is_set():
            await self._work()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), RETRY)
        for task in beside:
            task.cancel()
        self._notifier.stopping()

    async def _work(self) -> None:
        """Run the engine until it fails or the worker is stopped."""
        engine = make_engine(self._database, Work(self._turn, self._believed_now), self._concurrency)
        working = asyncio.create_task(run_engine(engine, self._concurrency))
        working.add_done_callback(lambda task: task.cancelled() or task.exception())  # also where nobody waits for it any more
        stopped = asyncio.create_task(self._stopping.wait())
        await asyncio.wait((working, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        working.cancel()
        done, _ = await asyncio.wait((working,), timeout=GRACE + RETRY)
        error = working.exception() if done and not working.cancelled() else None
        if error is not None and not self._stopping.is_set():
            log.error("the engine stopped, and is started again", error=str(error).partition("\n")[0])

    def _stop(self) -> None:
        """Stop soon, and at once where something waits that cannot be interrupted, such as a database that does not answer."""
        self._app.stop()
        self._stopping.set()
        last = threading.Timer(2 * GRACE, lambda: os._exit(1 if self._lost or self._hangs else 0))
        last.daemon = True
        last.start()

    # --- turns, in threads ---

    async def _turn(self, account: str) -> None:
        """Have a thread take a turn of an account. Return once it has, or the turn is given up."""
        leave, given_up = await self._gate.enter(), asyncio.Event()

        def release() -> None:
            leave()
            given_up.set()

        taken = asyncio.get_running_loop().run_in_executor(self._threads, self._turn_account, account, release)
        # A thread cannot be interrupted: where the engine gives the job up, it is still inside.
        taken.add_done_callback(lambda _: leave())
        giving_up = asyncio.create_task(given_up.wait())
        try:
            await asyncio.wait((taken, giving_up), return_when=asyncio.FIRST_COMPLETED)
        finally:
            giving_up.cancel()
        if taken.done():
            taken.result()

    def _turn_account(self, account: str, release: Callable[[], None]) -> None:
        """Take a turn of one account. Any error is logged, and the other accounts go on. `release` is for a turn that is given up."""
        now, runtimes = self._believed_now(), self._app.runtimes
        if now is None or self._stopping.is_set():
            return
        began, lag = clock.since_boot(), None
        try:
            with self._under_way.turn(account, now, release), runtimes.at_work(account) as runtime:
                if runtime is None:  # a thread hangs in it
                    self._postpone(account, now + LOOK)
                    return
                taken = self._take(runtimes, runtime, now)
            result, lag = "failed" if taken.after.failures else "done", taken.lag.total_seconds()
        except Exception as error:  # noqa: BLE001  # every kind is told apart there
            result = self._not_taken(account, error, now)
        self._metrics.turn_ended(result, clock.since_boot() - began, lag)

    def _take(self, runtimes: Runtimes, runtime: AccountRuntime, now: datetime) -> TurnTaken:
        """Take a turn of an account that is lent to this thread. Raises what `take_turn` does."""
        try:
            return take_turn(runtime, self._app.settings.poll, now)
        except TurnLost:  # what is held of it is outdated, and another thread may have it as soon as it is given back
            runtimes.put_away(runtime.account.address)
            raise

    def _not_taken(self, account: str, error: Exception, now: datetime) -> str:
        """Log why a turn was not taken to its end, and see that the account has another. Return how it ended, as a figure's label."""
        if isinstance(error, TurnLost):
            log.warning("a turn was lost", account=account, error=error.message)
            return "lost"
        if isinstance(error, LeaseLost):
            self._lost = error
            self._app.stop()
            return "lost"
        if isinstance(error, StoreError):
            log.warning("a turn failed", account=account, error=error.message)
            return "failed"
        if isinstance(error, KeyError) and account not in self._app.runtimes:
            self._postpone(account, now + LOOK)
            return "failed"
        if isinstance(error, ConnectorError):
            log.warning("an account could not be made ready", account=account, error=error.message)
        else:
            log.error("an account could not be made ready", account=account, exc_info=error)
        self._postpone(account, now + wait_after(error, 0))
        return "failed"

    def _postpone(self, account: str, due: datetime) -> None:
        """Have an account that this worker cannot turn asked for later: another one's configuration may know it."""
        try:
            self._app.store.postpone_turn(account, due)
        except StoreError as error:
            log.warning("a turn could not be put off", account=account, error=error.message)

    def _believed_now(self) -> datetime | None:
        """Return the time; None while the clock is in doubt."""
        with self._guarding:
            now = clock.now()
            return now if self._guard.check(now, clock.since_boot()) else None

    # --- beside them ---

    def _begin(self) -> None:
        """Prepare to work once the clock is believed, and again after it was moved. Raises StoreError."""
        now = self._believed_now()
        if now is not None and self._begun != self._guard.trusted:
            self._app.begin(now)
            self._app.store.register_turns(self._app.runtimes, now)
            self._begun = self._guard.trusted

    async def _oversee(self) -> None:
        """See every few seconds that the lock is held, and give a sign of life however long a turn takes."""
        while True:
            await asyncio.sleep(OVERSEEN_EVERY)
            problem: str | None = None
            try:
                await asyncio.to_thread(self._app.store.confirm_lock)
                await asyncio.to_thread(self._beside.apply, self._app.settings)
                await asyncio.to_thread(self._note_problems)
                await self._give_up_what_hangs()
            except LeaseLost as error:
                self._lost = error
            except StoreError as error:
                problem = "the database does not answer"
                log.warning(problem, error=error.message)
            except Exception:
                problem = "the worker could not be overseen"
                log.exception(problem)
            self._metrics.sign(problem, self._noted)
            if self._lost is not None:
                self._stop()
            self._notifier.alive()

    def _note_problems(self) -> None:
        """Store what is wrong beside the turns where that changed, for `kept status` on any machine. Raises StoreError."""
        problems = "; ".join(p for p in (self._guard.problem, self._refused, self._beside.problem) if p) or None
        if problems != self._noted:
            self._app.store.note_worker_problem(problems)
            self._noted = problems

    async def _give_up_what_hangs(self) -> None:
        """Give up the turns that hang, and stop where too many of them do."""
        hanging = self._under_way.hanging()
        for turn in hanging:
            if turn.given_up:
                continue
            log.error("a turn hangs, and is given up", account=turn.account, seconds=HANGS_AFTER)
            try:
                await asyncio.to_thread(self._give_up, turn)
            except StoreError as error:
                log.warning(
                    "a turn that hangs could not be given up; it is tried again", account=turn.account, error=error.message
                )
            else:
                turn.given_up = True
                turn.release()
        if len(hanging) >= self._concurrency and not self._stopping.is_set():
            log.error("too many turns hang; this worker ends, to be started again", accounts=[turn.account for turn in hanging])
            self._hangs = True
            self._stop()

    def _give_up(self, turn: TurnUnderWay) -> None:
        store = self._app.store.of_account(turn.account)
        if not store.was_taken_over(turn.account, turn.began):
            give_up_turn(store, turn.account, self._believed_now() or clock.now(), HANGS_AFTER)

    async def _renew(self) -> None:
        """Go by a new configuration, and by a clock that is believed again: that once no turn runs, so beside the overseer."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._reload.wait(), OVERSEEN_EVERY)
            try:
                if self._reload.is_set():
                    await self._reload_once()
                elif self._begun != self._guard.trusted:
                    async with self._gate.closed():
                        await asyncio.to_thread(self._begin)
            except StoreError as error:
                log.warning("the database does not answer", error=error.message)
                await asyncio.sleep(OVERSEEN_EVERY)
            except Exception:
                log.exception("the worker could not be made anew")
                await asyncio.sleep(OVERSEEN_EVERY)

    async def _reload_once(self) -> None:
        """Read the configuration again. Raises StoreError; then it is asked for once more."""
        self._reload.clear()  # first: a signal that comes meanwhile counts
        try:
            await asyncio.to_thread(self._reload_configuration)
        except StoreError:
            self._reload.set()
            raise

    def _reload_configuration(self) -> None:
        self._notifier.reloading()
        try:
            self._app.reload(self._config)
            self._app.store.end_pauses(clock.now() - RELOADED_WITHIN)  # once for all workers, which are reloaded together
            self._begun, self._refused = 0, None
            self._begin()
            self._watchers.begin_again()
            log.info("read the configuration again")
        except ConfigError as error:
            self._refused = f"the new configuration is not valid; the old one stays in force: {error}"
            log.error("the new configuration is not valid; the old one stays in force", problems=str(error))  # noqa: TRY400  # the error is the user's
        finally:
            self._notifier.ready("taking turns")


def _files_allowed() -> int:
    """Let this process have many files open, as far as the system allows that. Return how many it may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard == resource.RLIM_INFINITY or hard > FILES:
        hard = FILES
    if soft != resource.RLIM_INFINITY and soft < hard:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
            return hard
    return FILES if soft == resource.RLIM_INFINITY else soft


def run(config: Path | None, environ: Mapping[str, str], concurrency: int, beside: Beside) -> int:
    """Run a worker in the foreground (`kept worker`), and what is to run beside it. Return the exit status.

    Raises CannotDo, ConfigError and StoreError.
    """
    logs.set_up(aloud=True)
    return Worker(config, environ, concurrency, beside).run()

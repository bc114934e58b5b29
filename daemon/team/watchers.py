"""Watch mailboxes that announce new mail, as many as one worker can hold: an account whose mail came is due at once.

Each watched mailbox takes a thread and a connection to its server, and providers allow a user few of those. So a worker watches at most
MOST accounts, chosen at random among those that no other worker watches; every other account is polled.
"""

from __future__ import annotations

import random
import threading
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from connectors.errors import ConnectorError
from daemon import clock
from daemon.app import App
from daemon.errors import StoreError
from daemon.logs import get_logger
from daemon.service.watching import watch

log = get_logger(__name__)

MOST = 50  # accounts
EVERY = 60.0  # seconds between two looks whether there are more to watch


class Watchers:
    """The watched mailboxes of one worker."""

    def __init__(self, app: App, most: int = MOST) -> None:
        self._app, self._most = app, most
        self._claims = app.store.claims()
        self._stop, self._changed = threading.Event(), threading.Event()
        self._round = 0  # rises whenever all watching ends and begins again
        self._watched: set[str] = set()

    def start(self) -> None:
        """Begin to watch."""
        threading.Thread(target=self._run, name="watchers", daemon=True).start()

    def begin_again(self) -> None:
        """Watch what another configuration has."""
        self._end_all()
        self._changed.set()

    def stop(self) -> None:
        """Watch nothing more. Threads that wait for a server end with the process."""
        self._stop.set()
        self._changed.set()
        self._end_all()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if not self._claims.are_held():
                    self._end_all()
                self._fill_up(self._round)
            except (StoreError, SQLAlchemyError) as error:
                log.info("mailboxes are not watched; polling goes on", error=str(error).partition("\n")[0])
            except Exception:  # such as a session that a new configuration ended meanwhile: the next look may find it right
                log.exception("mailboxes are not watched; polling goes on")
            self._changed.wait(EVERY)
            self._changed.clear()

    def _fill_up(self, round_: int) -> None:
        """Watch more accounts as long as there is room and any that nobody watches."""
        accounts = [a for a in self._app.watchable if a not in self._watched]
        chosen = random.sample(accounts, len(accounts))  # no secret: two workers should not ask for the same
        for account in chosen:
            if self._stop.is_set() or self._round != round_ or len(self._watched) >= self._most:
                return
            if self._claims.claim(account) and self._watch(account, round_):
                self._watched.add(account)

    def _watch(self, account: str, round_: int) -> bool:
        """Watch the mailboxes of one account. Return False where that cannot be; it is tried again, and the others go on."""
        try:
            mailboxes = tuple(self._app.watched_mailboxes(account))
        except ConnectorError as error:
            log.info("an account is not watched; polling goes on", account=account, error=error.message)
            return False
        except Exception:  # whatever it is, such as an account that left the configuration just now
            log.exception("an account is not watched; polling goes on", account=account)
            return False
        for source, mailbox in mailboxes:
            is_read = partial(self._app.is_read, account, source)
            work = (mailbox, self._stop, lambda: self._round != round_, is_read, lambda: self._wake(account))
            threading.Thread(target=watch, args=work, daemon=True).start()
        return True

    def _wake(self, account: str) -> None:
        try:
            self._app.store.wake(account, clock.now())
        except StoreError as error:
            log.info("new mail was announced; it is read at the next poll", account=account, error=error.message)

    def _end_all(self) -> None:
        self._round += 1
        self._watched.clear()
        self._claims.release()

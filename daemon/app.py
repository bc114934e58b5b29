"""Wire the store, the sources and the ledgers of a configuration together: one runtime for each account, all over one store.

What the accounts share is made once for each reading of the configuration (`CommonConfig`), and a runtime when it is asked for.
"""

from __future__ import annotations

import copy
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeAlias

from connectors import open_calendar, open_mailbox, open_transport
from connectors.base import Mailbox
from connectors.errors import ConnectorError
from daemon import clock, logs
from daemon.accounts.advisor import Advisor, make_advisor
from daemon.accounts.runtime import LONGEST_REST, LONGEST_REST_IN_TEAM, AccountConfig, AccountRuntime, CommonConfig, Rest
from daemon.accounts.runtimes import Runtimes
from daemon.config import library_file, signing_key
from daemon.config.account_settings import AccountSettings
from daemon.config.fingerprint import Stamps, fingerprint, stamps
from daemon.config.load import Configuration, load
from daemon.config.locations import default_path
from daemon.config.office import make_office, make_policy, source_name
from daemon.config.settings import Settings
from daemon.config.yaml_lines import LocatedYaml
from daemon.core.people import Directory
from daemon.delivery.sent_log import SentLog
from daemon.errors import ConfigError, StoreError
from daemon.glossary.assessments import Assessment, HeldBack
from daemon.glossary.decisions import Decision
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Account, Office
from daemon.intake import client_identity, won_dates
from daemon.intake.logins import Logins
from daemon.intake.people_fingerprint import people_fingerprint
from daemon.intake.sources import Sources
from daemon.ledger import Ledger
from daemon.store import Store, open_cache_basis

log = logs.get_logger(__name__)

CacheBasis: TypeAlias = Callable[[tuple[Decision, ...]], str]
_OTHERS = 0o077  # the rights of everybody but the owner


class App:
    """One configuration at work. A context manager: leaving it closes every session and the store.

    `runtimes` map addresses to accounts at work, in the order of the configuration. `generation` rises with every reload. `notice` is a
    line for the user about the state directory, where there is one. `progress` is called at each step of a turn. With `most_open`
    only so many accounts are kept ready to work (`Runtimes`), as a worker of a team does; it has so many `connections` to its database.
    """

    def __init__(
        self, path: Path, configuration: Configuration, *, read_only: bool, most_open: int | None = None, connections: int = 5
    ) -> None:
        settings, self._file = configuration
        self.path, self.settings, self.generation = path, settings, 0
        self.folder = Path(settings.state)
        self.notice = _make_state_folder(self.folder)
        self.store = Store.open(settings.database or self.folder, read_only=read_only, connections=connections)
        logs.to_file(self.folder)
        if self.notice is not None:
            log.warning(self.notice)
        self._stopping, self._most_open = False, most_open
        self.progress: Callable[[], None] = lambda: None  # called at each step of a turn
        self.sent_log = SentLog(self.folder)
        self._secret = signing_key.of(settings)
        self._files = fingerprint(self._file)
        self._seen: Stamps = stamps(self._file)
        self._logins = Logins.of(settings, clock.now)
        self.runtimes = self._make_runtimes(settings)

    @classmethod
    def open(
        cls,
        path: Path | None,
        environ: Mapping[str, str],
        *,
        read_only: bool = False,
        most_open: int | None = None,
        connections: int = 5,
    ) -> Self:
        """Read the configuration and open the state. Raises ConfigError and StoreError."""
        chosen = path or default_path(environ)
        return cls(chosen, load(chosen), read_only=read_only, most_open=most_open, connections=connections)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def office(self) -> Office:
        """All accounts and clients."""
        return self._common.office

    @property
    def directory(self) -> Directory:
        """The directory of the people in the configuration."""
        return self._common.directory

    def close(self) -> None:
        """Close every session and the store."""
        self.runtimes.close()
        self.store.close()

    def stop(self) -> None:
        """Ask a running turn to stop at its next step."""
        self._stopping = True

    def reload(self, path: Path | None) -> None:
        """Read the configuration again. Raises ConfigError, and then the old one stays in use as a whole.

        An account that is at work in another thread goes by the old one until it no longer is.
        """
        settings, file = load(path or self.path, self._file)
        self._check_same_state(file, settings)
        before = self._files, self._logins
        self._files = fingerprint(file)
        self._logins = Logins.of(settings, clock.now)
        try:
            runtimes = self._make_runtimes(settings)
        except BaseException:
            self._files, self._logins = before
            raise
        old = self.runtimes
        self._file, self.settings, self.generation, self.runtimes = file, settings, self.generation + 1, runtimes
        old.close()

    def follow(self) -> bool:
        """Go by what other processes changed: the files of the configuration, the first day, which clients were won.

        Return whether anything was. Raises ConfigError for a configuration that is not valid, once until it changes again, and
        StoreError.
        """
        present = stamps(self._file)
        if present != self._seen:
            self._seen = present
            self.reload(None)
            return True
        if (self.store.meta("started"), self.store.meta("won")) != (self._started, self._won):
            self._replace_runtimes(self.settings)
            return True
        return False

    def of_account(self, address: str) -> Self:
        """Return a view in which no other account is at work: nothing that looks for words of mail in it finds another's."""
        view = copy.copy(self)
        view.runtimes = Runtimes((address,), self.runtimes.__getitem__)
        return view

    @property
    def secret(self) -> bytes:
        """The key that signs the links of letters."""
        return self._secret

    def begin(self, now: datetime) -> None:
        """Prepare to run: store the first day, before which nothing is reminded of, and which clients were won since.

        What is stored of clients with another name than before is put under that. What was stored while the clock was ahead is put right. What failed is tried again, unless its server asked for a wait: whoever
        starts a daemon may have mended it. Parcels that wait for accounts that are no longer configured are refused. Call it only at a
        moment that is believed. Raises StoreError, also if several machines share the database and this one signs letters with another
        key.
        """
        was_ahead = self.store.put_right(now)
        is_replaced = signing_key.record(self.store, self._secret, now, shared=self.settings.database is not None)
        is_first = self.store.meta("started") is None
        if is_first:
            self.store.set_meta("started", now.replace(hour=0, minute=0, second=0, microsecond=0).isoformat())
        is_renamed = client_identity.record(self.store, self.settings.clients)
        is_won = won_dates.record_stages(self.store, self.office.clients, now)
        stored = self.store.meta("started"), self.store.meta("won")  # another worker may have stored them
        if is_won or is_renamed or is_replaced or was_ahead or stored != (self._started, self._won):
            self._replace_runtimes(self.settings)
        if self._most_open is None:  # of a team's accounts, this machine may not know the newest, and each has workers that go on
            self.store.end_pauses(now)
            self.store.refuse_without_account(tuple(self.runtimes), "its account is no longer in the configuration")
        self.forget_departed()

    def forget_departed(self) -> Mapping[str, int]:
        """Delete what is stored of the accounts that are to be forgotten and have left the configuration, with their sign-ins.

        Return how many messages that was, by account. Call it only as the one who may poll and send. Raises StoreError.
        """
        forgotten = self.store.forget_departed(self.runtimes.keys(), shared=self.settings.database is not None)
        for account, messages in forgotten.items():
            log.info("forgot an account that left the configuration", account=account, messages=messages)
            try:
                self._logins.forget(account)
            except ConnectorError as error:
                log.warning("a sign-in could not be deleted", account=account, error=error.message)
        return forgotten

    def replace_signing_key(self, now: datetime) -> None:
        """Record that letters are signed with this machine's key from `now` on. Raises StoreError while a daemon runs."""
        with self.lock():
            signing_key.replace(self.store, self._secret, now)

    def view_as_of(self, moment: datetime) -> None:
        """Show everything as of a moment, which may be before the first day."""
        self._files = fingerprint(self._file)  # a charter may have been agreed on
        self._replace_runtimes(self.settings, moment)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock of the only process that may poll and send. Raises StoreError if another process holds it."""
        with self.store.lock():
            yield

    def assessments(self, now: datetime) -> tuple[Assessment, ...]:
        """Return every account's assessments as of `now`."""
        return tuple(a for runtime in self.runtimes.values() for a in runtime.ledger.assessments(now))

    def open_obligations(self, now: datetime) -> tuple[Obligation, ...]:
        """Return every account's open obligations as of `now`."""
        return tuple(o for runtime in self.runtimes.values() for o in runtime.ledger.open_obligations(now))

    def find(self, target: str, now: datetime) -> Obligation | None:
        """Return the obligation with this short id or key, of any account; None if there is none."""
        return next((o for r in self.runtimes.values() if (o := r.ledger.find(target, now)) is not None), None)

    def find_held(self, target: str, now: datetime) -> tuple[AccountRuntime, HeldBack] | None:
        """Return the mail that was held back with this id, and its account; None if there is none on which the user has a say."""
        return next(((r, held) for r in self.runtimes.values() if (held := r.ledger.find_held(target, now)) is not None), None)

    @property
    def watchable(self) -> list[str]:
        """The accounts with a mailbox that can announce new mail."""
        return [a.addresses[0] for a in self.settings.accounts if any(mail.type == "imap" for mail in a.mail)]

    def watched_mailboxes(self, address: str) -> Iterator[tuple[str, Mailbox]]:
        """Yield each mailbox of an account that can wait for new mail, with its name, on a connection of its own."""
        account = self._accounts[address][0]
        for mail in account.mail:
            if mail.type == "imap":
                yield source_name(mail), open_mailbox(*self._logins.connector_arguments(mail, account))

    def is_read(self, address: str, source: str) -> bool:
        """Return whether the last poll of a source succeeded; not where there was none, or the database does not answer."""
        try:
            return any(c.source == source and c.error is None for c in self.store.coverage(address))
        except StoreError:
            return False

    def _check_same_state(self, file: LocatedYaml, settings: Settings) -> None:
        """Raise ConfigError if a new configuration keeps its state elsewhere: the open database would go on beside another log."""
        message = "another one needs a restart of Kept; until then the old configuration stays in use"
        changed = [
            file.problem((key,), message)
            for key in ("state", "database", "signing_key")
            if getattr(settings, key) != getattr(self.settings, key)
        ]
        if changed:
            raise ConfigError(tuple(changed))

    # --- composing ---

    def _make_runtimes(self, settings: Settings, as_of: datetime | None = None) -> Runtimes:
        """Make the runtimes. As of a moment before the first day, everything counts, as it did then."""
        self._started, self._won = text, won = self.store.meta("started"), self.store.meta("won")
        started = datetime.fromisoformat(text) if text else None
        counted = None if started and as_of and as_of < started else started
        cache_basis = partial(open_cache_basis.cache_basis, self._files, counted, won)
        office = make_office(
            settings, counted, won_dates.read_won_dates(self.store), client_identity.client_keys(self.store, settings.clients)
        )
        common = self._make_common(settings, office, cache_basis(()))
        pairs = zip(settings.accounts, office.accounts, strict=True)
        accounts = {account.address: (configured, account) for configured, account in pairs}
        advisor = make_advisor(settings.model)

        def make(address: str) -> AccountRuntime:
            configured, account = accounts[address]
            return self._make_runtime(AccountConfig(account, common), self._sources(configured, account), cache_basis, advisor)

        runtimes = Runtimes(tuple(accounts), make, self._most_open)
        if self._most_open is None:
            for address in runtimes:
                runtimes[address]  # made now, so that what is wrong with a new configuration shows before the old one goes
        self._common, self._accounts = common, accounts
        return runtimes

    def _make_common(self, settings: Settings, office: Office, basis: str) -> CommonConfig:
        return CommonConfig(
            office,
            Directory(office),
            make_policy(settings),
            self._secret,
            settings.history,
            frozenset(address for account in office.accounts for address in account.addresses),
            people_fingerprint(office),
            basis,
            library_file.load(settings.resources) if settings.resources else (),
            signing_key.replaced_at(self.store),
            in_team=self._most_open is not None,
        )

    def _make_runtime(
        self, config: AccountConfig, sources: Sources, cache_basis: CacheBasis, advisor: Advisor | None
    ) -> AccountRuntime:
        store = self.store.of_account(config.account.address)
        ledger = Ledger(
            config.account,
            config.office.clients,
            config.directory,
            store,
            calendars_of=self._calendars_of,
            cache_basis=cache_basis,
            advisor=advisor.opinions_by if advisor else None,
        )
        return AccountRuntime(
            config,
            sources,
            store,
            self.sent_log,
            ledger,
            advisor,
            Rest(longest=LONGEST_REST_IN_TEAM if config.common.in_team else LONGEST_REST),
            stopping=lambda: self._stopping,
            progress=self._step,
        )

    def _calendars_of(self, address: str) -> frozenset[str]:
        """Return the names of an account's calendars in the configuration; none of one that has left it."""
        configured, _ = self._accounts.get(address, (None, None))
        return frozenset(source_name(calendar) for calendar in configured.calendars_by_use()) if configured else frozenset()

    def _step(self) -> None:
        self.progress()

    def _replace_runtimes(self, settings: Settings, as_of: datetime | None = None) -> None:
        old, self.runtimes = self.runtimes, self._make_runtimes(settings, as_of)
        old.close()

    def _sources(self, settings: AccountSettings, account: Account) -> Sources:
        calendars = {}
        for calendar in settings.calendars_by_use():
            kind, values = self._logins.connector_arguments(calendar, settings)
            calendars[source_name(calendar)] = open_calendar(kind, {**values, "time_zone": account.hours.zone})
        mailboxes = {source_name(mail): open_mailbox(*self._logins.connector_arguments(mail, settings)) for mail in settings.mail}
        transport = open_transport(*self._logins.connector_arguments(settings.send, settings)) if settings.send else None
        return Sources(mailboxes, calendars, transport)


def _make_state_folder(folder: Path) -> str | None:
    """Make the state directory for its owner alone, or take the rights of others from it. It holds the logs whatever the database.

    Return a line for the user if others had rights. Raises StoreError if it cannot be used, or belongs to somebody else.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = folder.stat()
        if state.st_uid != os.geteuid():
            raise StoreError(
                f"{folder} belongs to another user, and Kept would leave files there that they cannot use. Nothing was changed; "
                "run Kept as that user, or name another folder under `state:`."
            )
        if not state.st_mode & _OTHERS:
            return None
        folder.chmod(0o700)
        if folder.stat().st_mode & _OTHERS:
            return f"{folder} is open to other users, and its file system cannot change that. Name another folder under `state:`."
    except OSError as error:
        raise StoreError(f"{folder} cannot be used as the state directory: {error.strerror}. Nothing was sent.") from error
    return (
        f"{folder} was open to other users; from now on it is yours alone. If somebody may have used that, change your passwords."
    )

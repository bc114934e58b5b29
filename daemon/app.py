"""The composition root: settings become a world of desks, a store and a ledger. The only file that knows all of them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self

from connectors import open_calendar, open_mailbox, open_postman
from connectors.base import Mailbox
from daemon import clock, cycle, logs
from daemon.config import library_file, yaml_lines
from daemon.config.fingerprint import fingerprint
from daemon.config.load import load_settings
from daemon.config.locations import default_path
from daemon.config.office import make_office, make_policy, source_name
from daemon.config.settings import Settings
from daemon.core.people import Directory
from daemon.delivery.sent_log import Journal
from daemon.errors import StoreError
from daemon.glossary.actions import Delivery
from daemon.glossary.parties import Office
from daemon.intake.logins import Keys
from daemon.intake.poll import Desk
from daemon.ledger import Ledger
from daemon.service import health, learned_bands
from daemon.store import Store, open_cache_basis, won_dates


class App:
    """One configuration at work. A context manager: leaving it closes every session and the store."""

    def __init__(self, path: Path, settings: Settings, *, read_only: bool) -> None:
        self.path, self.settings, self.generation = path, settings, 0
        self._stopping = False
        self._folder = _private(Path(settings.state))
        self._store = Store.open(settings.database or self._folder, read_only=read_only)
        logs.to_file(self._folder)
        self._journal = Journal(self._folder)
        self._secret = _secret(self._folder)
        self._files = fingerprint(path, yaml_lines.read(path).data)
        self._keys = Keys.of(settings, clock.now)
        self.world = self._make_world(settings)

    @classmethod
    def open(cls, path: Path | None, environ: Mapping[str, str], *, read_only: bool = False) -> Self:
        """Read the configuration and open the state. Raises ConfigError and StoreError."""
        chosen = path or default_path(environ)
        settings = load_settings(chosen)
        return cls(chosen, settings, read_only=read_only)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    @property
    def office(self) -> Office:
        """Who we are and whom we serve."""
        return self.world.office

    def close(self) -> None:
        """End every session and let the store go."""
        self.world.close()

    def stop(self) -> None:
        """Ask a running turn to end at its next step."""
        self._stopping = True

    def reload(self, path: Path | None) -> None:
        """Take a new configuration; ConfigError leaves the old one at work."""
        settings = load_settings(path or self.path)
        self._files = fingerprint(path or self.path, yaml_lines.read(path or self.path).data)
        for desk in self.world.desks.values():
            desk.close()
        self.settings, self.generation = settings, self.generation + 1
        self._keys = Keys.of(settings, clock.now)
        self.world = self._make_world(settings)

    def _make_world(self, settings: Settings, as_of: datetime | None = None) -> cycle.World:
        """The world of these settings. Seen from before the first day, everything counts as it would have counted then."""
        written = self._store.meta("started")
        started = datetime.fromisoformat(written) if written else None
        counted = None if started and as_of and as_of < started else started
        basis = partial(open_cache_basis.basis, self._files, counted, self._store.meta("won"))
        office = make_office(settings, counted, won_dates.won(self._store))
        directory = Directory(office)
        return cycle.World(
            office=office,
            directory=directory,
            store=self._store,
            journal=self._journal,
            ledger=Ledger(office, directory, self._store, basis=basis),
            desks={a.address: desk for a, desk in zip(office.accounts, _desks(settings, office, self._keys), strict=True)},
            policy=make_policy(settings),
            secret=self._secret,
            history=settings.history,
            resources=library_file.load(settings.resources) if settings.resources else (),
            stopping=lambda: self._stopping,
        )

    def begin(self, now: datetime) -> None:
        """Remember the first day: what lies before it is the look-back's, never a reminder. And which clients were won."""
        first = self._store.meta("started") is None
        if first:
            self._store.set_meta("started", now.replace(hour=0, minute=0, second=0, microsecond=0).isoformat())
        if won_dates.note(self._store, self.office.clients, now) or first:
            self.world = self._make_world(self.settings)

    def look_from(self, moment: datetime) -> None:
        """Speak as of a moment, which may lie before the first day."""
        self._files = fingerprint(self.path, yaml_lines.read(self.path).data)  # a charter may have been agreed on
        self.world = self._make_world(self.settings, moment)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the only one that polls and sends. Raises StoreError."""
        with self._store.lock():
            yield

    def watchers(self) -> Iterator[Mailbox]:
        """A second connection to each mailbox that can say when news comes."""
        for account in self.settings.accounts:
            for mail in account.mail:
                if mail.type == "imap":
                    yield open_mailbox(*self._keys.values(mail, account))

    def write_status(self, now: datetime, *, running: bool, problems: tuple[str, ...] = ()) -> None:
        """The status file that `kept status` reads."""
        queue = {
            d.value: len(self._store.parcels(d)) for d in (Delivery.WAITING, Delivery.SENDING, Delivery.UNKNOWN, Delivery.REFUSED)
        }
        troubled = self._store.parcels(Delivery.WAITING, Delivery.UNKNOWN, Delivery.REFUSED)
        failures = tuple(f"{p.key}: {p.error}" for p in troubled if p.error)[-20:]
        health.write_status(self._folder, self._store.coverage(), queue, (*problems, *failures), now, running=running)
        self.write_learned(now)

    def write_learned(self, now: datetime) -> None:
        """The file that shows what the user's clicks taught."""
        learned_bands.write(self._folder, self.office.accounts, self._store.decisions(now), now)


def _desks(settings: Settings, office: Office, keys: Keys) -> Iterator[Desk]:
    for account, ours in zip(settings.accounts, office.accounts, strict=True):
        calendars = {}
        for calendar in account.calendars:
            kind, values = keys.values(calendar, account)
            calendars[source_name(calendar)] = open_calendar(kind, {**values, "time_zone": ours.hours.zone})
        mailboxes = {source_name(mail): open_mailbox(*keys.values(mail, account)) for mail in account.mail}
        yield Desk(ours, mailboxes, calendars, open_postman(*keys.values(account.send, account)) if account.send else None)


def _private(folder: Path) -> Path:
    """The state directory, made for its owner alone where it is not there: the journal and the log lie in it on any database."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder} cannot be used as the state directory: {error.strerror}. Nothing was sent.") from error
    return folder


def _secret(folder: Path) -> bytes:
    """The key that signs the digest's links, made once, readable by its owner alone."""
    path = folder / "secret"
    try:
        return path.read_bytes()
    except FileNotFoundError:
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
        return path.read_bytes()

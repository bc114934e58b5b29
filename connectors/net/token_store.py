"""Where an account's tokens are stored, and how they are renewed: once for all threads and processes, written before use.

A provider may issue a new refresh token with each renewal; if a crash lost it before it was written, the consent would be lost with
it. So the order is: lock, see whether another process has renewed meanwhile, renew, write, use.

After two refused renewals (invalid_grant, RFC 6749, 5.2) the provider is not asked again, across all processes and restarts, until
`kept auth` stores a new consent.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from connectors.errors import ConnectorError
from connectors.net import files

MARGIN = timedelta(seconds=90)  # a token that expires sooner is renewed: a request may take a minute
MAX_REFUSALS = 2  # refused renewals in a row
Record: TypeAlias = dict[str, Any]
"""What is stored: `provider` (what renews the tokens), `access` (audience -> [token, expiry]), `refusals` (refused renewals in a row)."""


class ConsentWithdrawn(Exception):  # noqa: N818  # what happened, not an error of ours
    """The provider says that the consent no longer holds (invalid_grant)."""


class TokenStore(Protocol):
    """One account's tokens at one provider."""

    def load(self) -> Record | None:
        """Return what is stored, None where nothing is. Raises ConnectorError."""
        ...

    def save(self, record: Record) -> None:
        """Store the record, whole or not at all. Raises ConnectorError."""
        ...

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """Let no other thread, and where possible no other process, renew meanwhile."""
        ...


class FileTokenStore:
    """Tokens in a file (0600) in a folder that is its owner's alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.Lock()

    def load(self) -> Record | None:
        """Return what is stored. Raises ConnectorError, also where other users may read the file."""
        try:
            if self._path.stat().st_mode & 0o077:
                raise ConnectorError(
                    f"other users can read the tokens in {self._path}; run: chmod 600 {self._path}", permanent=True
                )
            return _record(self._path.read_text(encoding="utf-8"), str(self._path))
        except FileNotFoundError:
            return None
        except OSError as error:
            raise files.file_error(self._path, "read", error) from error

    def save(self, record: Record) -> None:
        """As TokenStore says."""
        try:
            files.make_private_folder(self._path.parent)
            files.write_atomically(self._path, json.dumps(record).encode())
        except OSError as error:
            raise files.file_error(self._path, "written", error) from error

    def forget(self) -> None:
        """Delete what is stored. Raises ConnectorError."""
        try:
            for path in (self._path, self._path.with_suffix(".lock")):
                path.unlink(missing_ok=True)
        except OSError as error:
            raise files.file_error(self._path, "deleted", error) from error

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Hold a lock file beside the tokens, so that other processes wait too (flock(2))."""
        with self._threads:
            try:
                files.make_private_folder(self._path.parent)
                descriptor = os.open(self._path.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
            except OSError as error:
                raise files.file_error(self._path.parent, "used", error) from error
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                yield
            finally:
                os.close(descriptor)


class KeyringTokenStore:
    """Tokens in the system's keyring (Secret Service, Keychain, Windows Credential Locker), by the `keyring` extra."""

    def __init__(self, service: str, name: str) -> None:
        self._service, self._name = service, name
        self._threads = threading.Lock()

    def load(self) -> Record | None:
        """As TokenStore says."""
        text = self._use(lambda keyring: keyring.get_password(self._service, self._name))
        return _record(text, "the keyring") if text else None

    def save(self, record: Record) -> None:
        """As TokenStore says."""
        self._use(lambda keyring: keyring.set_password(self._service, self._name, json.dumps(record)))

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Let no other thread of this process renew meanwhile."""
        with self._threads:
            yield

    def _use(self, action: Callable[[Any], Any]) -> Any:
        try:
            import keyring  # noqa: PLC0415  # an extra
            from keyring.errors import KeyringError  # noqa: PLC0415  # the same
        except ImportError:
            raise ConnectorError(
                "tokens should be stored in the keyring, but its library is not installed; run: pipx inject kept keyring",
                permanent=True,
            ) from None
        try:
            return action(keyring)
        except KeyringError as error:
            raise ConnectorError(
                f"the system's keyring cannot be used at the moment ({type(error).__name__}); is it unlocked?"
            ) from error


class CredentialTokenStore:
    """Tokens from a systemd credential (LoadCredential=), which cannot be written: renewed ones stay in memory.

    This suits providers whose refresh tokens remain valid after use, as Google's and Microsoft's do.
    """

    def __init__(self, read: Callable[[], str], name: str) -> None:
        self._read, self._name = read, name
        self._threads = threading.Lock()
        self._kept: Record | None = None

    def load(self) -> Record | None:
        """As TokenStore says."""
        return self._kept or _record(self._read(), f"the credential {self._name}")

    def save(self, record: Record) -> None:
        """Keep the record in memory."""
        self._kept = record

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Let no other thread of this process renew meanwhile."""
        with self._threads:
            yield


@dataclass(frozen=True, slots=True)
class RenewedToken:
    """A new access token, when it expires, and what the provider's library wants to be stored."""

    token: str
    until: datetime
    provider: Mapping[str, Any]


Renew: TypeAlias = Callable[[Mapping[str, Any], bool], RenewedToken]
"""Returns a new access token, given what is stored. True: the server refused the token that the library remembers, so ask for another.

Raises ConsentWithdrawn, and ConnectorError for what may pass.
"""


class StoredGrant:
    """A grant whose tokens are in a store (connectors.net.grants.Grant).

    `audience` tells the tokens that one consent gives for several servers apart; `sign_in` is the command that renews the consent.
    """

    def __init__(
        self, user: str, store: TokenStore, renew: Renew, now: Callable[[], datetime], audience: str = "", sign_in: str = ""
    ) -> None:
        self._user, self._store, self._renew, self._now, self._audience = user, store, renew, now, audience
        self._sign_in = sign_in or f"kept auth {user}"
        self._refused: str | None = None  # the token that a server refused
        self._replacement: str | None = None  # the one renewed in its place

    @property
    def user(self) -> str:
        """The address of the user whose data it opens."""
        return self._user

    def token(self) -> str:
        """Return a valid token, renewed where it must be. Raises ConnectorError."""
        valid = self._valid(self._record())
        if valid is not None:
            return valid
        with self._store.locked():
            record = self._record()  # another process may have renewed it, or had it refused, meanwhile
            valid = self._valid(record)
            return valid if valid is not None else self._renewed(record)

    def reject(self, token: str) -> None:
        """Report that the server refused this token; raises ConnectorError where its replacement is refused too."""
        if token == self._replacement:
            self._refused, self._replacement = token, None  # the next attempt begins with a new one
            raise self._consent_error()
        self._refused = token

    def _record(self) -> Record:
        record = self._store.load()
        if record is None:
            raise ConnectorError(f"Kept has no permission for {self._user} yet; to give it, run: {self._sign_in}", permanent=True)
        if record.get("refusals", 0) >= MAX_REFUSALS:
            raise self._consent_error()
        return record

    def _valid(self, record: Record) -> str | None:
        token, until = record.get("access", {}).get(self._audience, (None, None))
        if not token or token == self._refused or datetime.fromisoformat(until) - MARGIN <= self._now():
            return None
        return str(token)

    def _renewed(self, record: Record) -> str:
        forced = self._refused is not None
        try:
            new = self._renew(record.get("provider", {}), forced)
        except ConsentWithdrawn as error:
            record["refusals"] = record.get("refusals", 0) + 1
            self._store.save(record)
            raise self._consent_error() from error
        record["access"] = {**record.get("access", {}), self._audience: [new.token, new.until.isoformat()]}
        record["provider"], record["refusals"] = dict(new.provider), 0
        self._store.save(record)
        if forced:
            self._refused, self._replacement = None, new.token
        return new.token

    def _consent_error(self) -> ConnectorError:
        return ConnectorError(
            f"the provider no longer accepts the permission it gave for {self._user}: it was withdrawn, or the password changed. "
            f"Nothing is read or sent for this address until you sign in again: {self._sign_in}",
            permanent=True,
        )


def _record(text: str, source: str) -> Record:
    try:
        record = json.loads(text)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        raise ConnectorError(f"the tokens in {source} cannot be read; sign in again with kept auth", permanent=True)
    return record

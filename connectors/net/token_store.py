"""Where the tokens of an account lie, and how they are renewed: once for all threads and processes, written before they are used.

A provider may hand out a new refresh token with each renewal; one that was used before it was written would be lost with a crash,
and with it the consent. So the order is: lock, look whether somebody else has renewed meanwhile, renew, write, use.

A consent that was withdrawn (invalid_grant, RFC 6749, 5.2) is asked for twice at most, whatever runs and however often; then every
attempt ends here, without a request, until `kept auth` writes a new one.
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

MARGIN = timedelta(seconds=90)  # a token that ends sooner is renewed: a request may take a minute
TRIES = 2  # renewals of a consent that is refused
Record: TypeAlias = dict[str, Any]
"""What is kept: `provider` (whatever renews), `access` (audience -> [token, until]), `refusals` (renewals refused in a row)."""


class ConsentWithdrawn(Exception):  # noqa: N818  # what happened, not an error of ours
    """The provider says that the consent no longer holds (invalid_grant)."""


class TokenStore(Protocol):
    """One account's tokens at one provider."""

    def load(self) -> Record | None:
        """What is kept, None where there is nothing. Raises ConnectorError."""
        ...

    def save(self, record: Record) -> None:
        """Keep it, whole or not at all. Raises ConnectorError."""
        ...

    def locked(self) -> contextlib.AbstractContextManager[None]:
        """Be the only one that renews, among threads and where possible among processes."""
        ...


class FileTokenStore:
    """A file of its own, 0600, in a folder that is its owner's alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._threads = threading.Lock()

    def load(self) -> Record | None:
        """As TokenStore says; a file that others may read is refused."""
        try:
            if self._path.stat().st_mode & 0o077:
                raise ConnectorError(f"others may read the tokens in {self._path}: chmod 600 {self._path}", permanent=True)
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

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Holds a lock file beside it, so that other processes wait too (flock(2))."""
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
    """The system's keyring (Secret Service, Keychain, Windows' vault), by the `keyring` library, an extra of the package."""

    def __init__(self, service: str, name: str) -> None:
        self._service, self._name = service, name
        self._threads = threading.Lock()

    def load(self) -> Record | None:
        """As TokenStore says."""
        text = self._asking(lambda keyring: keyring.get_password(self._service, self._name))
        return _record(text, "the keyring") if text else None

    def save(self, record: Record) -> None:
        """As TokenStore says."""
        self._asking(lambda keyring: keyring.set_password(self._service, self._name, json.dumps(record)))

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Among this process's threads."""
        with self._threads:
            yield

    def _asking(self, what: Callable[[Any], Any]) -> Any:
        try:
            import keyring  # noqa: PLC0415  # an extra
            from keyring.errors import KeyringError  # noqa: PLC0415  # the same
        except ImportError:
            raise ConnectorError(
                "tokens are to lie in the keyring, but its library is not installed: pipx inject kept keyring", permanent=True
            ) from None
        try:
            return what(keyring)
        except KeyringError as error:
            raise ConnectorError(
                f"the system's keyring cannot be used just now ({type(error).__name__}); is it unlocked?"
            ) from error


class CredentialTokenStore:
    """What systemd hands over (LoadCredential=), which cannot be written: what is renewed is kept in memory.

    So this fits providers whose refresh tokens stay good when they are used, as Google's and Microsoft's do.
    """

    def __init__(self, read: Callable[[], str], name: str) -> None:
        self._read, self._name = read, name
        self._threads = threading.Lock()
        self._kept: Record | None = None

    def load(self) -> Record | None:
        """As TokenStore says."""
        return self._kept or _record(self._read(), f"the credential {self._name}")

    def save(self, record: Record) -> None:
        """In memory only."""
        self._kept = record

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Among this process's threads."""
        with self._threads:
            yield


@dataclass(frozen=True, slots=True)
class RenewedToken:
    """A new access token, until when it holds, and what the provider's library wants to be kept."""

    token: str
    until: datetime
    provider: Mapping[str, Any]


Renew: TypeAlias = Callable[[Mapping[str, Any], bool], RenewedToken]
"""Makes a new access token from what is kept. True: the one that its library remembers is refused by the server, ask anew.

Raises ConsentWithdrawn, and ConnectorError for what may pass.
"""


class StoredGrant:
    """A grant whose tokens lie in a store (connectors.net.grants.Grant). `audience` tells tokens of one consent for several servers apart."""

    def __init__(
        self, who: str, store: TokenStore, renew: Renew, now: Callable[[], datetime], audience: str = "", again: str = ""
    ) -> None:
        self._who, self._store, self._renew, self._now, self._audience = who, store, renew, now, audience
        self._again = again or f"kept auth {who}"
        self._refused: str | None = None  # the token that a server did not take
        self._second: str | None = None  # the one that came in its place

    @property
    def user(self) -> str:
        """The address that it speaks for."""
        return self._who

    def token(self) -> str:
        """A token that holds, renewed where it must be. Raises ConnectorError."""
        held = self._held()
        if held is not None:
            return held
        with self._store.locked():
            record = self._record()  # another process may have renewed it, or found it refused, meanwhile
            held = self._good(record)
            return held if held is not None else self._anew(record)

    def reject(self, token: str) -> None:
        """As Grant says."""
        if token == self._second:
            raise self._must_consent("does not take the permission it gave any more")
        self._refused = token

    def _held(self) -> str | None:
        return self._good(self._record())

    def _record(self) -> Record:
        record = self._store.load()
        if record is None:
            raise ConnectorError(f"Kept may not read {self._who} yet. To allow it: {self._again}", permanent=True)
        if record.get("refusals", 0) >= TRIES:
            raise self._must_consent("no longer accepts the permission it gave")
        return record

    def _good(self, record: Record) -> str | None:
        token, until = record.get("access", {}).get(self._audience, (None, None))
        if not token or token == self._refused or datetime.fromisoformat(until) - MARGIN <= self._now():
            return None
        return str(token)

    def _anew(self, record: Record) -> str:
        forced = self._refused is not None
        try:
            new = self._renew(record.get("provider", {}), forced)
        except ConsentWithdrawn as error:
            record["refusals"] = record.get("refusals", 0) + 1
            self._store.save(record)
            raise self._must_consent("no longer accepts the permission it gave") from error
        record["access"] = {**record.get("access", {}), self._audience: [new.token, new.until.isoformat()]}
        record["provider"], record["refusals"] = dict(new.provider), 0
        self._store.save(record)
        if forced:
            self._refused, self._second = None, new.token
        return new.token

    def _must_consent(self, why: str) -> ConnectorError:
        return ConnectorError(
            f"the provider {why} for {self._who}: it was withdrawn, or the password was changed. Nothing is read or sent for it "
            f"until you sign in again: {self._again}",
            permanent=True,
        )


def _record(text: str, place: str) -> Record:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ConnectorError(f"the tokens in {place} cannot be read; sign in again with kept auth", permanent=True)
    return found

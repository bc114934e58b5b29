"""A session with an IMAP server: opened when first needed, and every failure one line for a person with the right retry."""

from __future__ import annotations

import contextlib
import imaplib
import ipaddress
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from connectors.errors import ConnectorError

IDLE_LONGEST = 28 * 60.0  # seconds; RFC 2177 wants an IDLE renewed before 29 minutes are over
_QUOTA = ("overquota", "over quota", "quota exceeded")


class Session:
    """One connection, made again after it was lost."""

    def __init__(
        self,
        host: str,
        username: str,
        password: Callable[[], str] | None,
        *,
        port: int | None,
        tls: str,
        oauth: Callable[[], str] | None,
        ca_file: Path | None,
        timeout: float,
    ) -> None:
        self.host, self._username, self._password, self._oauth = host, username, password, oauth
        self._port, self._tls, self._ca_file, self._timeout = port, tls, ca_file, timeout
        self._client: Any = None

    def client(self) -> Any:
        """The logged-in client. Raises what the library raises; call inside `guarded`."""
        if self._client is None:
            self._client = self._connected()
        return self._client

    def status(self, folder: str) -> dict[str, int]:
        """MESSAGES, UIDNEXT and UIDVALIDITY of a folder."""
        with guarded(self):
            found = self.client().folder_status(folder, ["MESSAGES", "UIDNEXT", "UIDVALIDITY"])
        return {key.decode(): int(value) for key, value in found.items()}

    def examine(self, folder: str) -> None:
        """Open a folder for reading only."""
        with guarded(self):
            self.client().select_folder(folder, readonly=True)

    def idle(self, seconds: float) -> bool:
        """Wait for news on INBOX; True where something may be there."""
        with guarded(self):
            client = self.client()
            if not client.has_capability("IDLE"):
                time.sleep(seconds)
                return True
            client.select_folder("INBOX", readonly=True)
            client.idle()
            try:
                news = client.idle_check(timeout=min(seconds, IDLE_LONGEST))
            finally:
                client.idle_done()
        return any(b"EXISTS" in item or b"RECENT" in item for item in news)

    def close(self) -> None:
        """Log out; a connection that is gone already is as good."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(IMAPClientError, OSError, imaplib.IMAP4.error, ValueError):
                client.logout()

    def drop(self) -> None:
        """Forget a connection that failed, so that the next call makes a new one."""
        client, self._client = self._client, None
        if client is not None:
            with contextlib.suppress(Exception):  # whatever a broken connection raises on its way out
                client.shutdown()

    def _connected(self) -> Any:
        if self._tls == "none" and not is_loopback(self.host):
            raise ConnectorError(
                f"{self.host} would be read without encryption, which is allowed on this machine only; set tls: implicit",
                permanent=True,
            )
        context = ssl.create_default_context(cafile=str(self._ca_file) if self._ca_file else None)
        implicit = self._tls == "implicit"
        client = IMAPClient(
            self.host,
            port=self._port or (993 if implicit else 143),
            ssl=implicit,
            ssl_context=context if implicit else None,
            timeout=self._timeout,
        )
        try:
            if self._tls == "starttls":
                client.starttls(context)
            if self._oauth is not None:
                client.oauth2_login(self._username, self._oauth())
            else:
                client.login(self._username, self._password() if self._password else "")
        except BaseException:
            with contextlib.suppress(Exception):  # the first failure is the one that counts
                client.shutdown()
            raise
        return client


@contextmanager
def guarded(session: Session, *, sending: bool = False) -> Iterator[None]:
    """What the library and the network raise, as a ConnectorError. A failure of the line while `sending` leaves it unknown."""
    host = session.host
    try:
        yield
    except ConnectorError:
        session.drop()
        raise
    except LoginError as error:
        session.drop()
        raise ConnectorError(f"{host} does not accept the user name or password", permanent=not _unavailable(error)) from error
    except ssl.SSLCertVerificationError as error:
        session.drop()
        raise ConnectorError(
            f"the certificate of {host} cannot be trusted ({error.verify_message}); check the host name, or name its authority as ca_file",
            permanent=True,
        ) from error
    except ssl.SSLError as error:
        session.drop()
        raise ConnectorError(
            f"{host} could not be reached safely ({error.reason or 'TLS failed'}); check the port and the tls setting"
        ) from error
    except (TimeoutError, socket.gaierror, ConnectionError, OSError, imaplib.IMAP4.abort) as error:
        session.drop()
        raise ConnectorError(
            f"{host} could not be reached ({_reason(error)})",
            unknown=sending and not isinstance(error, ConnectionRefusedError | socket.gaierror),
        ) from error
    except (IMAPClientError, imaplib.IMAP4.error, ValueError, AttributeError, TypeError, IndexError) as error:
        words = str(error).lower()
        if any(q in words for q in _QUOTA):
            raise ConnectorError(
                f"the mailbox on {host} is full, so nothing can be laid into it; delete something there", permanent=True
            ) from error
        session.drop()
        raise ConnectorError(
            f"{host} answered in a way that cannot be used: {str(error)[:120]}",
            permanent="[nonexistent]" in words or "[noperm]" in words,
        ) from error


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _unavailable(error: Exception) -> bool:
    """A log-in refused for now (RFC 5530), not for its password."""
    return any(code in str(error).upper() for code in ("[UNAVAILABLE]", "[LIMIT]", "[INUSE]", "TRY AGAIN"))


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, socket.gaierror):
        return "no such host"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there"
    return "the connection was lost"

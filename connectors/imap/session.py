"""A session with an IMAP server (RFC 3501): commands that change no message, and errors for a person.

A broken connection raises ConnectorError; a command that the server refuses raises its subclass `CommandRefused`, and the session
goes on. Folders are opened with EXAMINE and parts are fetched with PEEK, so that no message is ever marked as read.
"""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from connectors.errors import ConnectorError
from connectors.formats.folder_roles import UNREAD_ROLES, may_be_unsent, role_of
from connectors.imap import fetch_responses
from connectors.mail import Role
from connectors.net.tls import LoginRefusedError, MailServer, server_text

MANY = 100_000  # messages whose numbers fit into one answer line that the standard library still takes (1 MB)
_IDLE = 28 * 60.0  # seconds; a server may end an idle session after 30 minutes (RFC 2177)
_SPECIAL = {
    b"\\sent": Role.SENT,
    b"\\drafts": Role.DRAFTS,
    b"\\junk": Role.JUNK,
    b"\\spam": Role.JUNK,  # XLIST, before RFC 6154
    b"\\trash": Role.TRASH,
    b"\\archive": Role.ARCHIVE,
    b"\\all": Role.ARCHIVE,
}
_CLOSED = frozenset({b"\\noselect", b"\\nonexistent"})
_VIEWS = frozenset({b"\\flagged", b"\\important"})  # show again what is in other folders (RFC 6154, 8457)
_WAITING = frozenset({b"\\scheduled", b"\\templates"})  # of mail that has not left (IANA, IMAP mailbox name attributes; Fastmail)
_PASSING = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]|too many|try again|temporar", re.IGNORECASE)  # RFC 5530
_APPENDED = re.compile(rb"\[APPENDUID (\d+) (\d+)\]")


class CommandRefused(ConnectorError):  # noqa: N818  # says what happened
    """The server refused a command, or its response could not be parsed."""


class Folder(NamedTuple):
    """A folder that can be opened: its name as people see it, and its role.

    `filed` says that what the user wrote and put there has left, because drafts are known to lie elsewhere.
    """

    name: str
    role: Role
    filed: bool = False


class Status(NamedTuple):
    """A folder's STATUS; `uidnext` and `modseq` (RFC 7162) are 0 where the server does not report them."""

    validity: int
    uidnext: int
    total: int
    modseq: int = 0


class Session:
    """An open connection, logged in. Raises ConnectorError where that fails."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._opened: str | None = None
        server.require_encryption()
        try:
            self._client: Any = server.log_in(self._connect)
        except (IMAPClientError, OSError, UnicodeError) as error:
            raise server.connection_error(error) from error

    @property
    def supports_idle(self) -> bool:
        """Whether the server can announce new mail (RFC 2177)."""
        return bool(self._client.has_capability("IDLE"))

    @property
    def gmail(self) -> bool:
        """Whether the server has Gmail's thread ids (X-GM-THRID)."""
        return bool(self._client.has_capability("X-GM-EXT-1"))

    def noop(self) -> None:
        """Check that the connection is open. Raises ConnectorError where it is not."""
        with self._command("answer"):
            self._client.noop()

    def folders(self) -> tuple[Folder, ...]:
        """Return every folder that can be opened, INBOX first; its role by special use (RFC 6154), else by name."""
        with self._command("list its folders"):
            listed = self._client.list_folders()
        flagged = {name: frozenset(flag.lower() for flag in flags) for flags, _, name in listed}
        separator = next((mark.decode("ascii", "ignore") for _, mark, _ in listed if mark), "/")
        stated = {name: role for name, flags in flagged.items() if (role := _stated(flags))}
        roles = {name: _role(name, separator, stated) for name in flagged}
        known = Role.DRAFTS in roles.values()
        folders = [
            Folder(name, roles[name], roles[name] is Role.ARCHIVE or (known and not may_be_unsent(name) and not flags & _WAITING))
            for name, flags in flagged.items()
            if not flags & _CLOSED and not flags & _VIEWS
        ]
        return tuple(sorted(folders, key=lambda f: (f.role is not Role.INBOX, f.role is not Role.SENT, f.name)))

    def status(self, folder: str) -> Status:
        """Return a folder's STATUS without opening it."""
        items = ["UIDVALIDITY", "UIDNEXT", "MESSAGES"]
        if self._client.has_capability("CONDSTORE"):
            items.append("HIGHESTMODSEQ")
        with self._command(f"look at the folder {folder}"):
            return _status(self._client.folder_status(folder, items), b"MESSAGES")

    def examine(self, folder: str) -> Status:
        """Open a folder read-only and return its status."""
        with self._command(f"open the folder {folder}"):
            answer = self._client.select_folder(folder, readonly=True)
        self._opened = folder
        return _status(answer, b"EXISTS")

    def leave(self) -> None:
        """Close the open folder, if any; nothing is expunged from a folder opened read-only."""
        if self._opened is not None:
            self._opened = None
            with self._command("close a folder"):
                self._client.close_folder()

    def newer(self, uid: int, since: date, status: Status) -> list[int]:
        """Return the UIDs above `uid` of mail that arrived on that day or later, in order."""
        if status.uidnext and uid + 1 >= status.uidnext:
            return []
        step = MANY if status.total > MANY and status.uidnext else 0
        spans = [f"{a}:{a + step - 1}" for a in range(uid + 1, status.uidnext, step)] if step else [f"{uid + 1}:*"]
        with self._command("search a folder"):
            uids = {n for span in spans for n in self._client.search(["UID", span, "SINCE", since])}
        return sorted(n for n in uids if n > uid)  # `n:*` names the last mail even where n is beyond it (RFC 3501, 6.4.8)

    def undeleted(self, uids: Sequence[int]) -> list[int]:
        """Return those of some UIDs that are still there and not, or no longer, marked as deleted, in order."""
        if not uids:
            return []
        with self._command("search a folder"):
            return sorted(self._client.search(["UID", ",".join(map(str, uids)), "UNDELETED"]))

    def has(self, message_id: str) -> bool:
        """Return whether the open folder has a message with this Message-ID."""
        with self._command("search a folder"):
            return bool(self._client.search(["HEADER", "Message-ID", message_id]))

    def newest(self) -> list[int]:
        """Return the UID of the message added last to the open folder, in a list that is empty where there is none."""
        with self._command("search a folder"):
            return list(self._client.search(["UID", "*"]))

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> Mapping[int, Mapping[bytes, Any]]:
        """Return the items of each message; one that was deleted meanwhile is left out."""
        with self._command("send the messages that were asked for"):
            # imaplib's own command, because imapclient's `fetch` parses slowly (see fetch_responses).
            status, data = self._client._imap.uid("FETCH", ",".join(map(str, uids)), f"({' '.join(items)})")  # noqa: SLF001
            if status != "OK":
                raise IMAPClientError(server_text(data[0] if data else status))
            answers = fetch_responses.read(data)
        return {uid: answers[uid] for uid in uids if uid in answers}

    def append(self, folder: str, content: bytes, when: datetime) -> str:
        """Append a draft and return where it is. The error is `unknown` where the connection breaks meanwhile."""
        try:
            answer = self._client.append(folder, content, (rb"\Draft", rb"\Seen"), when)
        except (IMAPClientAbortError, OSError) as error:
            lost = self._server.connection_error(error)
            raise ConnectorError(lost.message, unknown=True) from error
        except IMAPClientError as error:
            raise self._append_error(folder, error) from error
        uid = _APPENDED.search(answer if isinstance(answer, bytes) else b"")
        return f"{folder}/{uid.group(1).decode()}/{uid.group(2).decode()}" if uid else folder

    def create_folder(self, name: str) -> None:
        """Create a folder that mail programs show."""
        with self._command(f"create the folder {name}"):
            self._client.create_folder(name)
            self._client.subscribe_folder(name)

    def idle(self, seconds: float) -> bool:
        """Wait in INBOX until the server announces new mail (True) or `seconds` have passed (False)."""
        if self._opened != "INBOX":
            self.examine("INBOX")
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            with self._command("wait for new mail"):
                if self._idle_once(min(left, _IDLE)):
                    return True
        return False

    def end(self) -> None:
        """Log out, without waiting long for the server."""
        with contextlib.suppress(IMAPClientError, OSError, AttributeError):
            self._client.socket().settimeout(1)
            self._client.logout()
        with contextlib.suppress(IMAPClientError, OSError, AttributeError):
            self._client.shutdown()

    def _idle_once(self, seconds: float) -> bool:
        try:
            self._client.idle()
        except IMAPClientAbortError:
            raise
        except IMAPClientError:  # new mail was announced before the go-ahead, which the library does not expect
            self.end()
            return True
        asked = time.monotonic()
        responses = self._client.idle_check(timeout=seconds)
        if not responses and time.monotonic() - asked < seconds - 0.5:
            raise ConnectionResetError  # readable without data: the server closed the connection
        _, more = self._client.idle_done()
        return any(b"EXISTS" in answer for answer in (*responses, *more) if isinstance(answer, tuple))

    def _connect(self, token: str) -> Any:
        server, context = self._server, self._server.ssl_context()
        implicit = server.tls == "implicit"
        client = IMAPClient(
            server.host, server.port, ssl=implicit, ssl_context=context if implicit else None, timeout=server.timeout
        )
        try:
            client.normalise_times = False  # aware times, not this machine's local ones
            client._imap.debug = 0  # noqa: SLF001  # otherwise every line of mail is formatted for a log that must not contain it
            if server.tls == "starttls":
                self._encrypt(client, context)
            self._log_in(client, token)
        except BaseException:
            with contextlib.suppress(IMAPClientError, OSError):
                client.shutdown()
            raise
        return client

    def _encrypt(self, client: Any, context: Any) -> None:
        try:
            client.starttls(context)
        except (IMAPClientAbortError, OSError):
            raise
        except IMAPClientError as error:
            where = f"{self._server.host} (port {self._server.port})"
            raise ConnectorError(f"{where} does not offer STARTTLS; try tls: implicit", permanent=True) from error

    def _log_in(self, client: Any, token: str) -> None:
        server, user = self._server, self._server.username or ""
        try:
            if token:
                # The standard (RFC 7628) where it is offered; Microsoft knows XOAUTH2 alone.
                log_in = client.oauthbearer_login if client.has_capability("AUTH=OAUTHBEARER") else client.oauth2_login
                log_in(user, token)
                return
            password = server.password() if server.password else ""
            if f"{user}{password}".isascii():
                client.login(user, password)
            else:
                client.plain_login(user, password)  # LOGIN allows only ASCII (RFC 3501, 6.2.3)
        except IMAPClientAbortError:
            raise
        except LoginError as error:
            raise self._login_error(error) from error

    def _login_error(self, error: LoginError) -> ConnectorError:
        reason = server_text(error)
        if _PASSING.search(reason):
            return ConnectorError(f"{self._server.host} cannot log anyone in at the moment: {reason}")
        hint = "sign in again" if self._server.grant is not None else "check the user name and the password"
        return LoginRefusedError(
            f"{self._server.host} refused to log {self._server.username} in; {hint} ({reason})", permanent=True
        )

    def _append_error(self, folder: str, error: IMAPClientError) -> ConnectorError:
        reason = server_text(error)
        if "OVERQUOTA" in reason.upper() or "quota" in reason.lower():
            return ConnectorError(
                f"the mailbox at {self._server.host} is full; delete something so that drafts can be saved", permanent=True
            )
        if "TRYCREATE" in reason.upper():
            return ConnectorError(
                f"{self._server.host} has no folder {folder} for drafts; set drafts to the right one", permanent=True
            )
        return ConnectorError(f"{self._server.host} refused a draft: {reason}", permanent=not _PASSING.search(reason))

    @contextlib.contextmanager
    def _command(self, what: str) -> Iterator[None]:
        try:
            yield
        except (IMAPClientAbortError, OSError) as error:
            raise self._server.connection_error(error) from error
        except (IMAPClientError, ValueError, IndexError, TypeError, AssertionError, RecursionError) as error:
            # A response that the library cannot parse costs that command, not the session.
            raise CommandRefused(f"{self._server.host} could not {what}: {server_text(error)}") from error


def _stated(flags: frozenset[bytes]) -> Role | None:
    """Return the role that a folder's special-use attributes state (RFC 6154)."""
    return next((_SPECIAL[flag] for flag in sorted(flags) if flag in _SPECIAL), None)


def _role(name: str, separator: str, stated: Mapping[str, Role]) -> Role:
    """Return a folder's role: what the server states of it or of a folder above it, else what its name says."""
    if name in stated:
        return stated[name]
    parts = name.split(separator) if separator else [name]
    above = (stated.get(separator.join(parts[:length])) for length in range(len(parts) - 1, 0, -1))
    inherited = next((role for role in above if role in UNREAD_ROLES or role is Role.SENT), None)
    role = role_of(name)
    if inherited is not None and role not in UNREAD_ROLES:
        return inherited
    # Where the server states which folder is for sent mail, another one called "sent" is an ordinary folder. Drafts, junk and
    # trash are recognised by name all the same, because reading them would be worse.
    return Role.OTHER if role in set(stated.values()) & {Role.SENT, Role.ARCHIVE} else role


def _status(answer: Mapping[bytes, Any], count: bytes) -> Status:
    def number(name: bytes) -> int:
        value = answer.get(name, 0)
        value = value[0] if isinstance(value, (list, tuple)) and value else value
        return int(value) if isinstance(value, int) or (isinstance(value, bytes) and value.isdigit()) else 0

    return Status(number(b"UIDVALIDITY"), number(b"UIDNEXT"), number(count), number(b"HIGHESTMODSEQ"))

"""One log-in at an IMAP server (RFC 3501): commands that only read, and errors said for a person.

A connection that breaks raises ConnectorError; a command that the server turns down raises its subclass `Refused`, and the
session goes on. Folders are opened with EXAMINE and parts are fetched with PEEK, so that no mail is ever marked as read.
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
from connectors.formats.folder_roles import role_of
from connectors.imap import fetch_responses
from connectors.mail import Role
from connectors.net.tls import LoginRefusedError, MailServer, server_text

MANY = 100_000  # messages whose numbers fit into one answer line that the standard library still takes (1 MB)
_IDLE = 28 * 60.0  # seconds; a server may end an idle session after 30 minutes (RFC 2177)
_SPECIAL = {
    b"\\sent": Role.SENT,
    b"\\drafts": Role.DRAFTS,
    b"\\junk": Role.JUNK,
    b"\\trash": Role.TRASH,
    b"\\archive": Role.ARCHIVE,
    b"\\all": Role.ARCHIVE,
}
_CLOSED = frozenset({b"\\noselect", b"\\nonexistent"})
_VIEWS = frozenset({b"\\flagged", b"\\important"})  # show again what lies in other folders (RFC 6154, 8457)
_PASSING = re.compile(r"\[(UNAVAILABLE|INUSE|LIMIT|SERVERBUG)\]|too many|try again|temporar", re.IGNORECASE)  # RFC 5530
_APPENDED = re.compile(rb"\[APPENDUID (\d+) (\d+)\]")


class Refused(ConnectorError):  # noqa: N818  # reads as what it is: the server refused
    """The server answered, and its answer was no."""


class Folder(NamedTuple):
    """A mailbox that can be opened, by its name as people see it."""

    name: str
    role: Role


class Status(NamedTuple):
    """A folder's numbers: `uidnext` is 0 and `modseq` is 0 where the server does not tell (RFC 7162)."""

    validity: int
    uidnext: int
    total: int
    modseq: int = 0


class Session:
    """A live connection, logged in. Raises ConnectorError from the start."""

    def __init__(self, server: MailServer) -> None:
        self._server = server
        self._opened: str | None = None
        server.require_encryption()
        try:
            self._client: Any = server.log_in(self._connect)
        except (IMAPClientError, OSError, UnicodeError) as error:
            raise server.connection_error(error) from error

    @property
    def pushes(self) -> bool:
        """Whether the server tells news by itself."""
        return bool(self._client.has_capability("IDLE"))

    @property
    def gmail(self) -> bool:
        """Whether it knows Gmail's thread ids (X-GM-THRID)."""
        return bool(self._client.has_capability("X-GM-EXT-1"))

    def noop(self) -> None:
        """Says whether the connection still lives, by not raising."""
        with self._asking("answer"):
            self._client.noop()

    def folders(self) -> tuple[Folder, ...]:
        """Every folder that can be opened, INBOX first; what it is for by special use, else by its name."""
        with self._asking("list its folders"):
            listed = self._client.list_folders()
        found = [(name, frozenset(flag.lower() for flag in flags)) for flags, _, name in listed]
        known = {role for _, flags in found for role in map(_SPECIAL.get, flags) if role}
        folders = [Folder(name, _role(name, flags, known)) for name, flags in found if not flags & _CLOSED and not flags & _VIEWS]
        return tuple(sorted(folders, key=lambda f: (f.role is not Role.INBOX, f.role is not Role.SENT, f.name)))

    def status(self, folder: str) -> Status:
        """A folder's numbers without opening it."""
        items = ["UIDVALIDITY", "UIDNEXT", "MESSAGES"]
        if self._client.has_capability("CONDSTORE"):
            items.append("HIGHESTMODSEQ")
        with self._asking(f"look at the folder {folder}"):
            return _status(self._client.folder_status(folder, items), b"MESSAGES")

    def examine(self, folder: str) -> Status:
        """Open it for reading only."""
        with self._asking(f"open the folder {folder}"):
            answer = self._client.select_folder(folder, readonly=True)
        self._opened = folder
        return _status(answer, b"EXISTS")

    def leave(self) -> None:
        """Close what is open; nothing is expunged from a folder opened for reading."""
        if self._opened is not None:
            self._opened = None
            with self._asking("close a folder"):
                self._client.close_folder()

    def newer(self, uid: int, since: date, status: Status) -> list[int]:
        """The UIDs above `uid` of mail that arrived on that day or later, in order."""
        if status.uidnext and uid + 1 >= status.uidnext:
            return []
        step = MANY if status.total > MANY and status.uidnext else 0
        spans = [f"{a}:{a + step - 1}" for a in range(uid + 1, status.uidnext, step)] if step else [f"{uid + 1}:*"]
        with self._asking("search a folder"):
            found = {n for span in spans for n in self._client.search(["UID", span, "SINCE", since])}
        return sorted(n for n in found if n > uid)  # `n:*` names the last mail even where n is beyond it (RFC 3501, 6.4.8)

    def has(self, message_id: str) -> bool:
        """Whether the open folder holds a mail with this Message-ID."""
        with self._asking("search a folder"):
            return bool(self._client.search(["HEADER", "Message-ID", message_id]))

    def newest(self) -> list[int]:
        """The UID of the mail added last to the open folder; nothing where there is none."""
        with self._asking("search a folder"):
            return list(self._client.search(["UID", "*"]))

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> Mapping[int, Mapping[bytes, Any]]:
        """What is asked of each; a mail that went away meanwhile is left out."""
        with self._asking("hand out mail"):
            # imaplib's own command, because the library's `fetch` parses slowly what `imap_answers` reads fast.
            said, data = self._client._imap.uid("FETCH", ",".join(map(str, uids)), f"({' '.join(items)})")  # noqa: SLF001
            if said != "OK":
                raise IMAPClientError(server_text(data[0] if data else said))
            answers = fetch_responses.read(data)
        return {uid: answers[uid] for uid in uids if uid in answers}

    def append(self, folder: str, content: bytes, when: datetime) -> str:
        """Lay a draft down, once. What happened to it is `unknown` where the connection breaks meanwhile."""
        try:
            answer = self._client.append(folder, content, (rb"\Draft", rb"\Seen"), when)
        except (IMAPClientAbortError, OSError) as error:
            lost = self._server.connection_error(error)
            raise ConnectorError(lost.message, unknown=True) from error
        except IMAPClientError as error:
            raise self._not_laid(folder, error) from error
        found = _APPENDED.search(answer if isinstance(answer, bytes) else b"")
        return f"{folder}/{found.group(1).decode()}/{found.group(2).decode()}" if found else folder

    def make_folder(self, name: str) -> None:
        """A new folder, shown in mail programs."""
        with self._asking(f"make the folder {name}"):
            self._client.create_folder(name)
            self._client.subscribe_folder(name)

    def idle(self, seconds: float) -> bool:
        """Wait in INBOX until the server tells news (True) or that long has passed."""
        if self._opened != "INBOX":
            self.examine("INBOX")
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            with self._asking("wait for news"):
                if self._idle_once(min(left, _IDLE)):
                    return True
        return False

    def end(self) -> None:
        """Log out, not waiting long for a goodbye."""
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
        except IMAPClientError:  # news came before the server's go-ahead, which the library does not expect
            self.end()
            return True
        asked = time.monotonic()
        told = self._client.idle_check(timeout=seconds)
        if not told and time.monotonic() - asked < seconds - 0.5:
            raise ConnectionResetError  # readable and nothing there: the other end is gone
        _, more = self._client.idle_done()
        return any(b"EXISTS" in answer for answer in (*told, *more) if isinstance(answer, tuple))

    def _connect(self, token: str) -> Any:
        server, context = self._server, self._server.ssl_context()
        implicit = server.tls == "implicit"
        client = IMAPClient(
            server.host, server.port, ssl=implicit, ssl_context=context if implicit else None, timeout=server.timeout
        )
        try:
            client.normalise_times = False  # aware times, not this machine's local ones
            client._imap.debug = 0  # noqa: SLF001  # or every line of mail is formatted for a log that must not have it
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
            raise ConnectorError(f"{where} offers no encryption by STARTTLS; try tls: implicit", permanent=True) from error

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
                client.plain_login(user, password)  # LOGIN knows no other letters (RFC 3501, 6.2.3)
        except IMAPClientAbortError:
            raise
        except LoginError as error:
            raise self._locked_out(error) from error

    def _locked_out(self, error: LoginError) -> ConnectorError:
        said = server_text(error)
        if _PASSING.search(said):
            return ConnectorError(f"{self._server.host} cannot log anyone in just now: {said}")
        hint = "sign in again" if self._server.grant is not None else "check the user name and the password"
        return LoginRefusedError(
            f"{self._server.host} refused the log-in of {self._server.username}; {hint} ({said})", permanent=True
        )

    def _not_laid(self, folder: str, error: IMAPClientError) -> ConnectorError:
        said = server_text(error)
        if "OVERQUOTA" in said.upper() or "quota" in said.lower():
            return ConnectorError(
                f"the mailbox at {self._server.host} is full; delete something, then drafts fit in again", permanent=True
            )
        if "TRYCREATE" in said.upper():
            return ConnectorError(
                f"there is no folder {folder} for drafts at {self._server.host}; name the right one as drafts", permanent=True
            )
        return ConnectorError(f"{self._server.host} refused a draft: {said}", permanent=not _PASSING.search(said))

    @contextlib.contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        try:
            yield
        except (IMAPClientAbortError, OSError) as error:
            raise self._server.connection_error(error) from error
        except (IMAPClientError, ValueError, IndexError, TypeError, AssertionError, RecursionError) as error:
            # What the library cannot read in an answer costs us that answer, not the session.
            raise Refused(f"{self._server.host} did not {what}: {server_text(error)}") from error


def _role(name: str, flags: frozenset[bytes], known: set[Role]) -> Role:
    for flag in flags:
        if flag in _SPECIAL:
            return _SPECIAL[flag]
    role = role_of(name)
    # Where the server names its folder for sent mail, a folder called "sent" below another one is just a folder; drafts, junk
    # and trash are left out by name as well, because to read them is worse.
    return Role.OTHER if role in known & {Role.SENT, Role.ARCHIVE} else role


def _status(answer: Mapping[bytes, Any], count: bytes) -> Status:
    def number(name: bytes) -> int:
        value = answer.get(name, 0)
        value = value[0] if isinstance(value, (list, tuple)) and value else value
        return int(value) if isinstance(value, int) or (isinstance(value, bytes) and value.isdigit()) else 0

    return Status(number(b"UIDVALIDITY"), number(b"UIDNEXT"), number(count), number(b"HIGHESTMODSEQ"))

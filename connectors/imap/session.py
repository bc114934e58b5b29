"""A session with an IMAP server (RFC 3501): commands that change no message, and errors for a person.

A broken connection raises ConnectorError; a command that the server refuses raises its subclass `CommandRefused`, and the session
goes on. Folders are opened with EXAMINE and parts are fetched with PEEK, so that no message is ever marked as read.
"""

from __future__ import annotations

import contextlib
import logging
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from imapclient.exceptions import CapabilityError, IMAPClientAbortError, IMAPClientError, LoginError, ProtocolError

from connectors.errors import ConnectorError
from connectors.formats.mime import EARLIEST
from connectors.imap import fetch_responses, folders
from connectors.imap.folders import INBOX, Folder, Listing
from connectors.imap.wire import Client
from connectors.mail import Role
from connectors.net.refusals import WrongTlsError, is_passing, login_error
from connectors.net.tls import MailServer, server_text

_log = logging.getLogger(__name__)
MANY = 100_000  # messages whose numbers fit into one answer line that the standard library still takes (1 MB)
_IDLE = 28 * 60.0  # seconds; a server may end an idle session after 30 minutes (RFC 2177)
_APPENDED = re.compile(rb"\[APPENDUID (\d+) (\d+)\]")
_DRAFT = 256 * 1024  # bytes; a longer draft is none of ours
_PARTIAL = re.compile(r"<0\.(\d+)>")


class CommandRefused(ConnectorError):  # noqa: N818  # says what happened
    """The server refused a command (`refused`), or its response could not be parsed. `passing`: it says that this will not last."""

    def __init__(self, message: str, *, refused: bool = False, passing: bool = False) -> None:
        super().__init__(message)
        self.refused, self.passing = refused, passing


class TooLarge(CommandRefused):  # as above
    """The response was larger than anybody needs, and was dropped."""


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
        self._opened: bytes | None = None
        self._closes = True  # until the server refuses to close a folder
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
    def user(self) -> str:
        """The name that was logged in with."""
        return self._server.username or ""

    @property
    def gmail(self) -> bool:
        """Whether the server has Gmail's thread ids (X-GM-THRID)."""
        return bool(self._client.has_capability("X-GM-EXT-1"))

    def noop(self) -> None:
        """Check that the connection is open. Raises ConnectorError where it is not."""
        with self._command("answer"):
            self._client.noop()

    def folders(self) -> Listing:
        """Return every folder that can be opened, with what each is for where the server says so (RFC 6154, 5.2)."""
        asked = ['""', '"*"']
        if self._client.has_capability("SPECIAL-USE") and self._client.has_capability("LIST-EXTENDED"):
            try:
                return self._list(*asked, "RETURN (SPECIAL-USE)")
            except CommandRefused as error:
                if error.passing:
                    raise
        return self._list(*asked)

    def _list(self, *words: str) -> Listing:
        wire = self._client.wire
        with self._command("list its folders", partial=True):
            status, data = wire._simple_command("LIST", *words)  # noqa: SLF001  # imapclient gives up all names for one
            if status != "OK":
                raise IMAPClientError(server_text(data[0] if data else status))
            listing = folders.read(wire._untagged_response(status, data, "LIST")[1])  # noqa: SLF001
        if wire.overflowed:
            return listing._replace(
                warnings=(*listing.warnings, "the server lists a folder with a name that is too long to be read")
            )
        return listing

    def status(self, folder: Folder) -> Status:
        """Return a folder's STATUS without opening it."""
        items = ["UIDVALIDITY", "UIDNEXT", "MESSAGES"]
        if self._client.has_capability("CONDSTORE"):
            items.append("HIGHESTMODSEQ")
        with self._command(f"look at the folder {folder.name}"):
            return _status(self._client.folder_status(folder.called, items), b"MESSAGES")

    def examine(self, folder: Folder) -> Status:
        """Open a folder read-only and return its status."""
        with self._command(f"open the folder {folder.name}"):
            answer = self._client.select_folder(folder.called, readonly=True)
        self._opened = folder.called
        return _status(answer, b"EXISTS")

    def leave(self) -> None:
        """Close the open folder, if any; nothing is expunged from a folder opened read-only.

        Some servers refuse to close one that was opened so (pymap); then it stays open until the next one is (RFC 3501, 6.3.1).
        """
        opened, self._opened = self._opened, None
        if opened is not None and self._closes:
            try:
                with self._command("close a folder"):
                    self._client.close_folder()
            except CommandRefused as error:
                self._closes = False
                _log.info("folders stay open until the next one is opened: %s", error.message)

    def newer(self, uid: int, since: date, status: Status) -> list[int]:
        """Return the UIDs above `uid` of mail that arrived on that day or later, in order; also where the server's date cannot be right."""
        if status.uidnext and uid + 1 >= status.uidnext:
            return []
        step = MANY if status.total > MANY and status.uidnext else 0
        spans = [f"{a}:{a + step - 1}" for a in range(uid + 1, status.uidnext, step)] if step else [f"{uid + 1}:*"]
        with self._command("search a folder"):
            uids = {
                n for span in spans for n in self._client.search(["UID", span, "OR", "SINCE", since, "BEFORE", EARLIEST.date()])
            }
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

    def present(self, uids: Sequence[int]) -> list[int]:
        """Return those of some UIDs that are in the open folder, in order."""
        if not uids:
            return []
        with self._command("search a folder"):
            return sorted(set(uids) & set(self._client.search(["UID", ",".join(map(str, uids))])))

    def some(self) -> list[int]:
        """Return the UIDs of the first and of the last message of the open folder."""
        with self._command("look for a message"):
            return sorted({*self._client.search(["1"]), *self._client.search(["*"])})

    def newest(self, total: int) -> list[int]:
        """Return the UID of the last of `total` messages of the open folder, in a list that is empty where the server names none."""
        with self._command("look for a message"):
            return list(self._fetch("FETCH", str(total), "(UID)"))

    def fetch(self, uids: Sequence[int], items: Sequence[str]) -> Mapping[int, Mapping[bytes, Any]]:
        """Return the items of each message; one that was deleted meanwhile is left out."""
        largest = max((int(size) for item in items for size in _PARTIAL.findall(item)), default=0)
        with self._command("send the messages that were asked for", largest):
            answers = self._fetch("UID", "FETCH", ",".join(map(str, uids)), f"({' '.join(items)})")
        return {uid: answers[uid] for uid in uids if uid in answers}

    def _fetch(self, *words: str) -> Mapping[int, Mapping[bytes, Any]]:
        # imaplib's own command, because imapclient's `fetch` parses slowly (see fetch_responses).
        wire = self._client.wire
        status, data = wire._simple_command(*words)  # noqa: SLF001
        if status != "OK":
            raise IMAPClientError(server_text(data[0] if data else status))
        return fetch_responses.read(wire._untagged_response(status, data, "FETCH")[1])  # noqa: SLF001

    def append(self, folder: Folder, content: bytes, when: datetime) -> str:
        """Append a draft and return where it is. The error is `unknown` where the connection breaks meanwhile."""
        self._client.wire.begin()
        try:
            answer = self._client.append(folder.called, content, (rb"\Draft", rb"\Seen"), when)
        except (IMAPClientAbortError, OSError) as error:
            lost = self._server.connection_error(error)
            raise ConnectorError(lost.message, unknown=True) from error
        except IMAPClientError as error:
            raise self._append_error(folder.name, error) from error
        uid = _APPENDED.search(answer if isinstance(answer, bytes) else b"")
        return f"{folder.name}/{uid.group(1).decode()}/{uid.group(2).decode()}" if uid else folder.name

    def remove_from(self, folder: Folder, message_id: str, may_go: Callable[[bytes], bool]) -> bool:
        """Expunge the message with this Message-ID whose bytes `may_go`, and no other; return whether it was done.

        Never without UIDPLUS (RFC 4315): a plain EXPUNGE, and a CLOSE, would expunge what others marked as deleted.
        """
        self.examine(folder)
        with self._command("search a folder"):
            uids = self._client.search(["HEADER", "Message-ID", message_id]) if self._client.has_capability("UIDPLUS") else []
        found = self.fetch(uids, (f"BODY.PEEK[]<0.{_DRAFT}>",)) if uids else {}
        going = [uid for uid, answer in found.items() if may_go(answer.get(b"BODY[]<0>") or b"")]
        if going:
            with self._command("remove a draft"):
                self._client.select_folder(folder.called)
                self._client.add_flags(going, [rb"\Deleted"], silent=True)
                self._client.uid_expunge(going)
            self.examine(folder)  # read-only again, so that closing it expunges nothing
        self.leave()
        return bool(going)

    def create_drafts_folder(self, listing: Listing) -> Folder:
        """Create a folder for drafts that mail programs show: below the prefix of the user's own folders (RFC 2342)."""
        folder = Folder(f"{self._prefix(listing)}Drafts", Role.DRAFTS)
        with self._command(f"create the folder {folder.name}"):
            if not self._created_for_drafts(folder):
                self._client.create_folder(folder.called)
            self._client.subscribe_folder(folder.called)
        return folder

    def _created_for_drafts(self, folder: Folder) -> bool:
        """Create the folder with what it is for (RFC 6154, 3); return whether the server can do that."""
        if not self._client.has_capability("CREATE-SPECIAL-USE"):
            return False
        quoted = self._client._normalise_folder(folder.called)  # noqa: SLF001
        try:
            return bool(self._client.wire._simple_command("CREATE", quoted, r"(USE (\Drafts))")[0] == "OK")  # noqa: SLF001
        except IMAPClientAbortError:
            raise
        except IMAPClientError:
            return False

    def _prefix(self, listing: Listing) -> str:
        """Return what the names of the user's own folders begin with, by NAMESPACE or by the folders that are there."""
        if self._client.has_capability("NAMESPACE"):
            with contextlib.suppress(CommandRefused), self._command("name its namespaces"):
                own = self._client.namespace().personal
                return str(own[0][0]) if own else ""
        beside = [folder.name for folder in listing.folders if folder.role is not Role.INBOX]
        below = f"INBOX{listing.separator}"
        return below if beside and all(name.upper().startswith(below) for name in beside) else ""

    def idle(self, seconds: float) -> bool:
        """Wait in INBOX until the server announces new mail (True) or `seconds` have passed (False)."""
        if self._opened != INBOX.called:
            self.examine(INBOX)
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
        self._client.wire.begin()
        try:
            self._client.idle()
        except IMAPClientAbortError:
            raise
        except IMAPClientError:  # new mail was announced before the go-ahead, which the library does not expect
            self.end()
            return True
        asked = time.monotonic()
        if self._client.wire.buffered:  # news came with the go-ahead
            seconds = 0
        responses = self._client.idle_check(timeout=seconds)
        self._client.wire.begin()
        if not responses and time.monotonic() - asked < seconds - 0.5:
            raise ConnectionResetError  # readable without data: the server closed the connection
        _, more = self._client.idle_done()
        return any(b"EXISTS" in answer for answer in (*responses, *more) if isinstance(answer, tuple))

    def _connect(self, token: str) -> Any:
        server, context = self._server, self._server.ssl_context()
        client = Client(server, context)
        try:
            if server.tls == "starttls":
                self._encrypt(client, context)
            self._log_in(client, token)
        except BaseException:
            with contextlib.suppress(IMAPClientError, OSError):
                client.shutdown()
            raise
        return client

    def _encrypt(self, client: Any, context: Any) -> None:
        where = f"{self._server.host} (port {self._server.port})"
        try:
            client.starttls(context)
        except CapabilityError as error:
            raise WrongTlsError(f"{where} does not offer STARTTLS; try tls: implicit", permanent=True) from error
        except (IMAPClientAbortError, OSError):
            raise
        except IMAPClientError as error:
            raise ConnectorError(f"{where} offers STARTTLS but could not begin it; retrying later") from error

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
        server, words = self._server, server_text(error)
        return login_error(server.host, server.username, words, passing=is_passing(words), granted=server.grant is not None)

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
        # RFC 5530, 3: a bug of the server; Dovecot says so at every internal error, such as a disk that fails.
        passing = is_passing(reason) or "[SERVERBUG]" in reason.upper()
        return ConnectorError(f"{self._server.host} refused a draft: {reason}", permanent=not passing)

    @contextlib.contextmanager
    def _command(self, what: str, literal: int = 0, *, partial: bool = False) -> Iterator[None]:
        """Run a command, the answers to which are literals of up to `literal` bytes. With `partial` an answer may lack what is too large."""
        wire = self._client.wire
        wire.begin(literal)
        try:
            yield
        except ConnectorError:
            raise
        except (IMAPClientAbortError, OSError) as error:
            raise self._server.connection_error(error) from error
        except Exception as error:  # whatever a library makes of an answer costs that command, not the session
            if wire.overflowed and not partial:
                raise TooLarge(f"{self._server.host} could not {what}: the answer is too large") from error
            reason = server_text(error)
            refused = isinstance(error, IMAPClientError) and not isinstance(error, ProtocolError)
            passing = refused and is_passing(reason)
            raise CommandRefused(f"{self._server.host} could not {what}: {reason}", refused=refused, passing=passing) from error
        if wire.overflowed and not partial:
            raise TooLarge(f"{self._server.host} could not {what}: the answer is too large")


def _status(answer: Mapping[bytes, Any], count: bytes) -> Status:
    def number(name: bytes) -> int:
        value = answer.get(name, 0)
        value = value[0] if isinstance(value, (list, tuple)) and value else value
        return int(value) if isinstance(value, int) or (isinstance(value, bytes) and value.isdigit()) else 0

    return Status(number(b"UIDVALIDITY"), number(b"UIDNEXT"), number(count), number(b"HIGHESTMODSEQ"))

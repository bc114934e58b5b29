"""A mailbox on an IMAP server: read without changing it, with drafts saved beside the user's own.

A poll asks for the STATUS of each folder and opens only those to which a message was added. Of flags Kept follows only
that a mark of deletion is taken back, so UIDVALIDITY and UIDNEXT are enough or, where a server does not report UIDNEXT and where there
are messages so marked, the modification sequence (RFC 7162). New mail is read 500 messages at a time (reader.py).
"""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.formats.folder_roles import UNREAD_ROLES
from connectors.imap.reader import Reader
from connectors.imap.session import CommandRefused, Folder, Session, Status
from connectors.mail import Batch, Draft, Message, Receipt, Role, Unreadable
from connectors.net import sudden_loss
from connectors.net.grants import Grant
from connectors.net.tls import MailServer, Tls

BATCH = 500
MAX_DELETED = 500  # messages marked as deleted that are looked at again in each folder, the latest


class _Mark(NamedTuple):
    """How far a folder was read: the last UID under a UIDVALIDITY, and its number of messages and modification sequence then.

    `deleted` are the UIDs that were left out because they were marked as deleted, which can be taken back.
    """

    validity: int
    last: int
    total: int
    modseq: int = 0
    deleted: Sequence[int] = ()


@dataclasses.dataclass(slots=True)
class _Survey:
    """The folders to read, the status of each that could be asked, how far each was read, and warnings for a person."""

    folders: tuple[Folder, ...]
    now: dict[str, Status]
    marks: dict[str, _Mark]
    warnings: list[str]


class ImapMailbox:
    """A mailbox by IMAP.

    `password` is called at each log-in; `oauth` gives an access token instead (OAUTHBEARER or XOAUTH2). `authserv_id` names the server
    whose Authentication-Results are believed; without it the topmost is.
    """

    def __init__(
        self,
        host: str,
        port: int | None = None,
        tls: Tls = "implicit",
        username: str = "",
        password: Callable[[], str] | None = None,
        oauth: Grant | None = None,
        ca_file: Path | None = None,
        drafts: str | None = None,
        timeout: float = 30,
        authserv_id: str | None = None,
    ) -> None:
        port = port or (993 if tls == "implicit" else 143)
        self._server = MailServer(host, port, tls, username, password, oauth, ca_file, timeout)
        self._drafts = drafts
        self._authserv_id = authserv_id
        self._session: Session | None = None

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        """Yield what is new: INBOX first, then sent mail, then the other folders by name."""
        session = self._live()
        survey = self._survey(session, _marks(cursor))
        counts: dict[str, int] = {}
        for folder in survey.folders:
            if folder.name not in survey.now:
                continue
            try:
                for messages, unreadable in self._read_new(session, folder, survey, since):
                    counts[folder.name] = survey.now[folder.name].total
                    yield Batch(messages, _cursor(survey.marks), unreadable, dict(counts))
            except CommandRefused as error:
                survey.warnings.append(f"the folder {folder.name} could not be read: {error.message}")
            else:
                counts[folder.name] = survey.now[folder.name].total
        yield Batch((), _cursor(survey.marks), (), counts, tuple(survey.warnings), complete=True)

    def wait(self, seconds: float) -> bool:
        """Wait by IDLE in INBOX; where the server cannot, sleep and return True."""
        session = self._session or self._live()
        if not session.supports_idle:
            time.sleep(seconds)
            return True
        try:
            return session.idle(seconds)
        except ConnectorError:
            self.close()
            raise

    def has_message(self, message_id: str) -> bool:
        """Search every folder, drafts and sent mail first. Raises ConnectorError where one cannot be searched."""
        session = self._live()
        order = {Role.DRAFTS: 0, Role.SENT: 1, Role.INBOX: 2}
        for folder in sorted(session.folders(), key=lambda f: order.get(f.role, 3)):
            session.examine(folder.name)
            present = session.has(message_id)
            session.leave()
            if present:
                return True
        return False

    def connect(self) -> None:
        """Log in, or make sure that the session still stands."""
        self._live()

    def save_draft(self, draft: Draft) -> Receipt:
        """Append the draft to Drafts, flagged as draft and seen; create that folder where there is none."""
        session = self._live()
        folder = self._drafts or next((f.name for f in session.folders() if f.role is Role.DRAFTS), None)
        if folder is None:
            folder = "Drafts"
            session.create_folder(folder)
        try:
            return Receipt(session.append(folder, mime.render(draft), draft.date))
        except ConnectorError as error:
            if error.unknown:
                self.close()
            raise

    def check(self) -> tuple[str, ...]:
        """List the folders and read the newest message of the first that has one."""
        session = self._live()
        folders = [f for f in session.folders() if f.role not in UNREAD_ROLES]
        names = ", ".join(f.name for f in folders[:8])
        lines = [f"{len(folders)} {'folder' if len(folders) == 1 else 'folders'} at {self._server.host}: {names}"]
        lines.append(self._sample(session, folders))
        lines.append("new mail is noticed at once" if session.supports_idle else "Kept checks for new mail every few minutes")
        return tuple(lines)

    def close(self) -> None:
        """Log out."""
        session, self._session = self._session, None
        if session is not None:
            session.end()

    def _live(self) -> Session:
        """Return the session, or a new one where the server ended it since its last use."""
        if self._session is not None:
            try:
                self._session.leave()
                self._session.noop()
            except ConnectorError:
                self.close()
        if self._session is None:
            self._session = Session(self._server)
        return self._session

    def _sample(self, session: Session, folders: Sequence[Folder]) -> str:
        for folder in folders:
            session.examine(folder.name)
            newest = session.newest()
            messages, unreadable = Reader(session, folder, self._authserv_id).read(newest) if newest else ((), ())
            session.leave()
            if messages:
                return "read a message"
            if unreadable:
                return f"a message could not be read: {unreadable[0].reason}"
        return "there is no message yet"

    def _survey(self, session: Session, marks: dict[str, _Mark]) -> _Survey:
        """Return the status of every folder; one that cannot be asked is a warning and keeps its mark."""
        folders = tuple(f for f in session.folders() if f.role not in UNREAD_ROLES)
        existing = {f.name for f in folders}
        warnings = [f"the folder {name} is gone; what was read from it before is kept" for name in marks if name not in existing]
        survey = _Survey(folders, {}, {name: mark for name, mark in marks.items() if name in existing}, warnings)
        for folder in folders:
            try:
                survey.now[folder.name] = session.status(folder.name)
            except CommandRefused as error:
                warnings.append(f"the folder {folder.name} could not be read: {error.message}")
        if not survey.now and folders:
            raise ConnectorError(f"no folder at {self._server.host} can be read: {warnings[-1]}")
        self._check_sudden_loss(survey)
        return survey

    def _check_sudden_loss(self, survey: _Survey) -> None:
        """Raise ConnectorError for a mailbox that is suddenly empty; warn of a folder that is."""
        before = {name: mark.total for name, mark in survey.marks.items()}
        now = {name: status.total for name, status in survey.now.items()}
        if sudden_loss.lost_everything(before, now):
            raise sudden_loss.emptied_mailbox_error(f"the mailbox at {self._server.host}")
        survey.warnings += map(sudden_loss.emptied_folder_warning, sudden_loss.emptied_folders(before, now))

    def _read_new(
        self, session: Session, folder: Folder, survey: _Survey, since: datetime
    ) -> Iterator[tuple[tuple[Message, ...], tuple[Unreadable, ...]]]:
        """Read what was added to one folder, moving its mark with each batch."""
        name = folder.name
        mark, status = survey.marks.get(name), survey.now[name]
        if mark is not None and _unchanged(mark, status):
            survey.marks[name] = mark._replace(total=status.total)
            return
        status = survey.now[name] = session.examine(name)
        known = mark if mark is not None and mark.validity == status.validity else _Mark(status.validity, 0, 0)
        restored = session.undeleted(known.deleted)
        deleted, last = [uid for uid in known.deleted if uid not in restored], known.last
        day = (since - timedelta(days=1)).date()  # the server counts days in its own time zone
        uids = [*restored, *session.newer(last, day, status)]
        for start in range(0, len(uids), BATCH):
            part, reader = uids[start : start + BATCH], Reader(session, folder, self._authserv_id)
            read = reader.read(part)
            deleted += reader.deleted
            last = max(last, part[-1])
            survey.marks[name] = _Mark(status.validity, last, status.total, 0, [*deleted, *(u for u in restored if u > part[-1])])
            yield tuple(m for m in read[0] if m.received >= since), read[1]
        last = max(last, status.uidnext - 1)
        survey.marks[name] = _Mark(status.validity, last, status.total, status.modseq, deleted[-MAX_DELETED:])
        session.leave()


def _unchanged(mark: _Mark, status: Status) -> bool:
    if mark.validity != status.validity:
        return False
    nothing_changed = 0 < status.modseq == mark.modseq
    if status.uidnext:
        return status.uidnext == mark.last + 1 and (nothing_changed or not mark.deleted)
    return nothing_changed


def _marks(cursor: str | None) -> dict[str, _Mark]:
    """Return the marks of a cursor; none, so that everything is read again, for a cursor of another format."""
    try:
        return {name: _Mark(*mark) for name, mark in json.loads(cursor or "{}").items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def _cursor(marks: Mapping[str, _Mark]) -> str:
    return json.dumps(marks, ensure_ascii=False, separators=(",", ":"))

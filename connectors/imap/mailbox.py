"""A mailbox on an IMAP server: read without changing it, with drafts saved beside the user's own.

A poll asks for the STATUS of each folder and opens only those to which a message was added. Of flags Kept follows only
that a mark of deletion is taken back, so UIDVALIDITY and UIDNEXT are enough or, where a server does not report UIDNEXT and where there
are messages so marked, the modification sequence (RFC 7162). New mail is read 500 messages at a time (reader.py).
"""

from __future__ import annotations

import dataclasses
import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.formats.folder_roles import UNREAD_ROLES
from connectors.imap.folders import Folder
from connectors.imap.reader import Reader, divided
from connectors.imap.session import CommandRefused, Session, Status
from connectors.mail import Batch, Draft, Message, Receipt, Role, Unreadable
from connectors.net import sudden_loss
from connectors.net.grants import Grant
from connectors.net.tls import MailServer, Tls

BATCH = 500
MAX_BREAKS = 40  # of the connection in one poll, before the mailbox is left until the next
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
    notices: list[str] = dataclasses.field(default_factory=list)


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
        self._breaks = 0  # of the connection, in this poll

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        """Yield what is new: INBOX first, then sent mail, then the other folders by name.

        A message on which the connection breaks again and again is set aside, as long as the server can be reached otherwise.
        """
        survey = self._survey(self._live(), _marks(cursor))
        self._breaks = 0
        counts: dict[str, int] = {}
        for folder in survey.folders:
            if folder.name not in survey.now:
                continue
            try:
                for messages, unreadable in self._read_new(folder, survey, since):
                    counts[folder.name] = survey.now[folder.name].total
                    yield Batch(messages, _cursor(survey.marks), unreadable, dict(counts))
            except CommandRefused as error:
                survey.warnings.append(f"the folder {folder.name} could not be read: {error.message}")
            else:
                counts[folder.name] = survey.now[folder.name].total
        yield Batch((), _cursor(survey.marks), (), counts, tuple(survey.warnings), complete=True, notices=tuple(survey.notices))

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
        """Search every folder, drafts and sent mail first. Raises ConnectorError where one cannot be searched.

        A folder of the user's own that the server does not open for anybody is passed over.
        """
        session = self._live()
        order = {Role.DRAFTS: 0, Role.SENT: 1, Role.INBOX: 2}
        for folder in sorted(session.folders().folders, key=lambda f: order.get(f.role, 3)):
            try:
                session.examine(folder)
            except CommandRefused as error:
                if folder.role in order or error.passing:
                    raise
                continue
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
        listing = session.folders()
        if self._drafts:
            folder = next((f for f in listing.folders if f.name == self._drafts), Folder(self._drafts, Role.DRAFTS))
        else:
            stated = next((f for f in listing.folders if f.role is Role.DRAFTS), None)
            folder = stated or session.create_drafts_folder(listing)
        try:
            return Receipt(session.append(folder, mime.render(draft), draft.date))
        except ConnectorError as error:
            if error.unknown:
                self.close()
            raise

    def remove_draft(self, message_id: str, receipt: str, content: str) -> bool:  # noqa: ARG002  # a program may have moved it
        """Search the folders for drafts; one message is expunged, by its UID (RFC 4315), and none where the server cannot do that."""
        session = self._live()
        for folder in session.folders().folders:
            if folder.role is Role.DRAFTS or folder.name == self._drafts:
                removed = session.remove_from(folder, message_id, lambda raw: mime.is_unchanged(raw, message_id, content))
                if removed:
                    return True
        return False

    def check(self) -> tuple[str, ...]:
        """List the folders and read the newest message of the first that has one."""
        session = self._live()
        listing = session.folders()
        folders = [f for f in listing.folders if f.role not in UNREAD_ROLES]
        names = ", ".join([*(f.name for f in folders[:8]), *(["..."] if len(folders) > 8 else [])])
        lines = [f"{len(folders)} {'folder' if len(folders) == 1 else 'folders'} found ({names})"]
        lines += listing.warnings
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
        return self._current()

    def _current(self) -> Session:
        """Return the session, or a new one where there is none."""
        if self._session is None:
            self._session = Session(self._server)
        return self._session

    def _sample(self, session: Session, folders: Sequence[Folder]) -> str:
        """Return what came of reading the newest message of the first folder that has one."""
        said = ""
        for folder in folders:
            try:
                status = session.examine(folder)
                newest = session.newest(status.total) if status.total else []
                messages, unreadable = Reader(session, folder, self._authserv_id).read(newest) if newest else ((), ())
                session.leave()
            except CommandRefused as error:
                said = said or error.message
                continue
            if messages:
                return "a message could be read"
            if unreadable:
                said = said or f"a message could not be read: {unreadable[0].reason}"
            elif status.total:
                said = said or f"{folder.name} has {status.total} messages, of which the newest is a draft or marked as deleted"
        return said or "there is no message yet"

    def _survey(self, session: Session, marks: dict[str, _Mark]) -> _Survey:
        """Return the status of every folder; one that cannot be asked is a warning and keeps its mark."""
        listing = session.folders()
        folders = tuple(f for f in listing.folders if f.role not in UNREAD_ROLES)
        existing = {f.name for f in folders}
        warnings = [f"the folder {name} is gone; what was read from it before is kept" for name in marks if name not in existing]
        warnings += listing.warnings
        survey = _Survey(folders, {}, {name: mark for name, mark in marks.items() if name in existing}, warnings)
        for folder in folders:
            try:
                survey.now[folder.name] = session.status(folder)
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
        self, folder: Folder, survey: _Survey, since: datetime
    ) -> Iterator[tuple[tuple[Message, ...], tuple[Unreadable, ...]]]:
        """Read what was added to one folder, moving its mark with each batch."""
        name, session = folder.name, self._current()
        mark, before = survey.marks.get(name), survey.now[name]
        if mark is not None and _unchanged(mark, before):
            survey.marks[name] = mark._replace(total=before.total)
            return
        status = survey.now[name] = _with_what_is_known(session.examine(folder), before)
        known = mark if mark is not None and mark.validity == status.validity else _Mark(status.validity, 0, 0)
        if _went_back(known, status):
            survey.notices.append(f"the folder {name} went back to an earlier state, as after a restore; it is read again")
            known = _Mark(status.validity, 0, 0)
        restored = session.undeleted(known.deleted)
        deleted, last = [uid for uid in known.deleted if uid not in restored], known.last
        day = (since - timedelta(days=1)).date()  # the server counts days in its own time zone
        waiting = _batches([*restored, *session.newer(last, day, status)])
        while waiting:
            part = waiting.popleft()
            read = self._read_part(folder, status, part, waiting, deleted)
            if read is None:
                continue
            last = max(last, part[-1])
            survey.marks[name] = _Mark(status.validity, last, status.total, 0, [*deleted, *(u for u in restored if u > part[-1])])
            yield tuple(m for m in read[0] if m.received >= since), read[1]
        last = max(last, status.uidnext - 1)
        survey.marks[name] = _Mark(status.validity, last, status.total, status.modseq, deleted[-MAX_DELETED:])
        self._current().leave()

    def _read_part(
        self, folder: Folder, status: Status, part: Sequence[int], waiting: deque[Sequence[int]], deleted: list[int]
    ) -> tuple[tuple[Message, ...], tuple[Unreadable, ...]] | None:
        """Read some messages. Where the connection breaks on them, or Kept fails, put them back in smaller parts, or set the only one aside.

        Return None where they were put back. `deleted` receives those that are marked as deleted.
        """
        reader = Reader(self._current(), folder, self._authserv_id)
        try:
            read = reader.read(part)
        except CommandRefused:
            raise
        except ConnectorError as error:
            self._reopen(folder, status, error)
            if len(part) > 1:
                waiting.extendleft(reversed(list(divided(part))))
                return None
            return self._read_alone(folder, status, part[0], deleted)
        except Exception as error:  # noqa: BLE001  # whatever is wrong at one of them must not cost the others
            if len(part) > 1:
                waiting.extendleft(reversed(list(divided(part))))
                return None
            return (), (reader.set_aside_after(part[0], error),)
        deleted += reader.deleted
        return read

    def _read_alone(
        self, folder: Folder, status: Status, uid: int, deleted: list[int]
    ) -> tuple[tuple[Message, ...], tuple[Unreadable, ...]]:
        """Read one message on which the connection broke once more; set it aside if it breaks again and the server still answers."""
        reader = Reader(self._current(), folder, self._authserv_id)
        try:
            read = reader.read([uid])
        except CommandRefused:
            raise
        except ConnectorError as error:
            self._reopen(folder, status, error)
            reason = f"the connection breaks whenever it is asked for ({error.message})"
            try:
                return (), (Reader(self._current(), folder, self._authserv_id).set_aside(uid, reason),)
            except ConnectorError as again:
                self._reopen(folder, status, again)
            Reader(self._current(), folder, self._authserv_id).make_sure_of_the_server(uid, error)
            return (), (Unreadable(f"{folder.name}/{uid}", reason),)
        deleted += reader.deleted
        return read

    def _reopen(self, folder: Folder, status: Status, error: ConnectorError) -> None:
        """Connect again after a break and open the folder. Raises `error` where it is not the same any more, or after many breaks."""
        self.close()
        self._breaks += 1
        if error.permanent or self._breaks > MAX_BREAKS:
            raise error
        if self._live().examine(folder).validity not in {0, status.validity}:
            raise error


def _with_what_is_known(opened: Status, before: Status) -> Status:
    """Return the status of an open folder; what the server does not tell there is as it said shortly before (STATUS)."""
    return Status(
        opened.validity or before.validity, opened.uidnext or before.uidnext, opened.total, opened.modseq or before.modseq
    )


def _went_back(known: _Mark, status: Status) -> bool:
    """Whether a folder was restored: its next UID or its modification sequence is lower than before, which never happens otherwise."""
    return 0 < status.uidnext <= known.last or 0 < status.modseq < known.modseq


def _batches(uids: Sequence[int]) -> deque[Sequence[int]]:
    return deque(uids[start : start + BATCH] for start in range(0, len(uids), BATCH))


def _unchanged(mark: _Mark, status: Status) -> bool:
    if mark.validity != status.validity:
        return False
    if 0 < status.modseq < mark.modseq:  # it went back (_went_back)
        return False
    nothing_changed = 0 < status.modseq == mark.modseq
    if status.uidnext:
        return status.uidnext == mark.last + 1 and (nothing_changed or not mark.deleted)
    return nothing_changed


def _marks(cursor: str | None) -> dict[str, _Mark]:
    """Return the marks of a cursor; none, so that everything is read again, for a cursor of another format."""
    try:
        marks = {name: _Mark(*mark) for name, mark in json.loads(cursor or "{}").items()}
        numbers = [number for mark in marks.values() for number in (*mark[:4], *mark.deleted)]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}
    return marks if all(isinstance(number, int) for number in numbers) else {}


def _cursor(marks: Mapping[str, _Mark]) -> str:
    return json.dumps(marks, ensure_ascii=False, separators=(",", ":"))

"""Mail at a company's own Exchange server, by EWS: read without leaving a trace, and drafts saved.

A poll follows SyncFolderItems in every folder that changed, page by page; the sync state that comes with each page is the cursor.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from connectors.errors import ConnectorError
from connectors.exchange import errors, folders, soap
from connectors.exchange.folders import Folder, FolderEntry, FolderTree
from connectors.exchange.reader import MAIL_ELEMENTS, Reader
from connectors.exchange.session import ExchangeServer, Session
from connectors.exchange.transport import contains, create_message, find_items, remove_message
from connectors.formats import mime
from connectors.mail import Batch, Draft, Receipt, Role
from connectors.net import sudden_loss
from connectors.net.http import Access, BackOff

BATCH = 512  # changes in one answer: the most that SyncFolderItems gives
_MARGIN = timedelta(days=1)  # between the server's time of arrival and that of the mail itself


class _FolderCursor(NamedTuple):
    """The sync state of a folder, and what the folder showed when all of it was read."""

    state: str
    total: int = 0
    changed: str = ""


@dataclass(slots=True)
class _Cursor:
    """The folders, and how far each of them was read."""

    tree: FolderTree
    folders: dict[str, _FolderCursor]

    @classmethod
    def parse(cls, cursor: str | None) -> _Cursor:
        """Return the cursor that `text` wrote; an empty one for any other text."""
        try:
            state, entries, folders = json.loads(cursor or '["", {}, {}]')
            tree = FolderTree(state, {each: FolderEntry(*entry) for each, entry in entries.items()})
            read = cls(tree, {each: _FolderCursor(*folder) for each, folder in folders.items()})
            texts = [state, *(text for entry in tree.entries.values() for text in entry)]
            texts += [text for folder in read.folders.values() for text in (folder.state, folder.changed)]
        except (ValueError, TypeError, AttributeError, RecursionError):
            return cls(FolderTree(), {})
        return read if all(isinstance(text, str) for text in texts) else cls(FolderTree(), {})

    def text(self) -> str:
        """Return the cursor as text."""
        return json.dumps([self.tree.state, self.tree.entries, self.folders], ensure_ascii=False, separators=(",", ":"))


class EwsMailbox:
    """A mailbox by EWS: the user's own, or with `mailbox` another that is shared.

    `auth` is basic, ntlm, oauth, or None for basic or NTLM as the server offers them; `access` carries the consent for OAuth.
    `back_off` is shared with the calendar and the transport of the same user: the server counts them together.
    """

    def __init__(
        self,
        username: str,
        password: Callable[[], str] | None = None,
        host: str | None = None,
        endpoint: str | None = None,
        auth: str | None = None,
        access: Access | None = None,
        mailbox: str | None = None,
        drafts: str | None = None,
        ca_file: Path | None = None,
        back_off: BackOff | None = None,
        timeout: float = 60,
        authserv_id: str | None = None,
    ) -> None:
        self._session = Session(
            ExchangeServer(username, password, host, endpoint, auth, access, mailbox, ca_file, back_off, timeout)
        )
        self._drafts, self._authserv_id = drafts, authserv_id

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        """Yield what is new, INBOX first, then sent mail, then the others by name."""
        position = _Cursor.parse(cursor)
        before = dict(position.tree.entries)
        folders.sync(self._session, position.tree)
        listed, folder_warnings, _ = folders.list_folders(self._session, position.tree)
        readable = tuple(folder for folder in listed if folder.readable)
        warnings = [*folder_warnings, *self._check_folders(position, readable, before)]
        counts: dict[str, int] = {}
        for folder in readable:
            try:
                for batch in self._new_mail(folder, position, since):
                    counts[folder.name] = folder.total
                    yield Batch(batch.messages, position.text(), batch.unreadable, dict(counts))
            except _FolderError as error:
                warnings.append(f"the folder {folder.name} could not be read: {error.message}")
            else:
                counts[folder.name] = folder.total
        yield Batch((), position.text(), (), counts, tuple(warnings), complete=True)

    def wait(self, seconds: float) -> bool:
        """Sleeps; something may be there afterwards."""
        time.sleep(seconds)
        return True

    def has_message(self, message_id: str) -> bool:
        """Searches every folder of mail, trash and junk too. ConnectorError where one cannot be searched and no other has it."""
        tree = FolderTree()
        folders.sync(self._session, tree)
        listed, _, refused = folders.list_folders(self._session, tree)
        if contains(self._session, [soap.folder_id(folder.id) for folder in listed], message_id):
            return True
        if refused:
            raise refused[0]
        return False

    def connect(self) -> None:
        """Work out the endpoint and the log-in; each request that writes has a connection of its own."""
        self._session.connect()

    def save_draft(self, draft: Draft) -> Receipt:
        """One CreateItem that saves and does not send."""
        folder = soap.distinguished_folder("drafts", self._session.server.mailbox)
        if self._drafts is not None:
            folder = soap.folder_id(self._folder_id(self._drafts))
        return create_message(self._session, draft, "SaveOnly", folder)

    def remove_draft(self, message_id: str, receipt: str, content: str) -> bool:
        """One DeleteItem, which moves it to Deleted Items."""
        return remove_message(self._session, receipt, lambda raw: mime.is_unchanged(raw, message_id, content))

    def check(self) -> tuple[str, ...]:
        """Logs in, lists the folders, reads the newest mail of the first that has one."""
        tree = FolderTree()
        folders.sync(self._session, tree)
        listed, warnings, _ = folders.list_folders(self._session, tree)
        readable = [folder for folder in listed if folder.readable]
        names = ", ".join(folder.name for folder in readable[:8])
        line = f"{len(readable)} {'folder' if len(readable) == 1 else 'folders'} at {self._session.host} ({names})"
        return (line, self._sample(readable), *warnings, "Kept checks for new mail every few minutes")

    def close(self) -> None:
        """End the session. The next request begins another."""
        self._session.close()

    # --- reading ---

    def _check_folders(self, position: _Cursor, folders: Sequence[Folder], before: Mapping[str, FolderEntry]) -> Iterator[str]:
        """Forget folders that are gone, and yield warnings. Raises ConnectorError where the mailbox lost all its mail at once."""
        now = {folder.id: folder for folder in folders}
        totals = {each: folder.total for each, folder in now.items()}
        held = {each: folder.total for each, folder in position.folders.items() if each in now}
        if sudden_loss.lost_everything(held, totals):
            raise sudden_loss.emptied_mailbox_error(f"the mailbox at {self._session.host}")
        for each in sudden_loss.emptied_folders(held, totals):
            yield sudden_loss.emptied_folder_warning(now[each].name)
        for each in tuple(position.folders):
            if each not in now and each not in position.tree.entries:
                del position.folders[each]
                yield f"the folder {before[each].name if each in before else ''} is gone; what was read from it before is kept"

    def _new_mail(self, folder: Folder, position: _Cursor, since: datetime) -> Iterator[Batch]:
        """Yield what was added to one folder; its cursor moves with each page."""
        before = position.folders.get(folder.id, _FolderCursor(""))
        if before.state and before.changed and (before.total, before.changed) == (folder.total, folder.changed):
            return
        state = before.state
        for _ in range(folders.MAX_ROUNDS):
            ids, state, last = self._page(folder, state, since)
            if ids:
                messages, unreadable = Reader(self._session, folder, self._authserv_id).read(ids)
                position.folders[folder.id] = _FolderCursor(state, folder.total)
                yield Batch(tuple(m for m in messages if m.received >= since), "", unreadable)
            if last:
                position.folders[folder.id] = _FolderCursor(state, folder.total, folder.changed)
                return
        raise _FolderError("the list of changes never ended")

    def _page(self, folder: Folder, state: str, since: datetime) -> tuple[list[str], str, bool]:
        """Return the ids of the mail that was added, without mail long before `since`; the state after it; whether that was all.

        Where the server no longer knows the state, the folder is read again from its beginning.
        """
        sync_state = f"<m:SyncState>{soap.escaped(state)}</m:SyncState>" if state else ""
        shape = soap.shape("Item", ("item:DateTimeReceived",))
        where = f"<m:SyncFolderId>{soap.folder_id(folder.id)}</m:SyncFolderId>"
        most = f"<m:MaxChangesReturned>{BATCH}</m:MaxChangesReturned>"
        message = self._session.request(f"<m:SyncFolderItems>{shape}{where}{sync_state}{most}</m:SyncFolderItems>")[0]
        if message.code == errors.INVALID_SYNC_STATE and state:
            return [], "", False
        if not message.succeeded:
            raise _FolderError(self._session.refusal(message).message)
        after = soap.text(message.element, "m:SyncState", 8 * soap.TEXT_CAP)
        last = soap.flag(message.element, "m:IncludesLastItemInRange") is not False
        if not after or (after == state and not last):
            raise _FolderError("the server gave no usable sync state")
        return list(_added(message.element, since - _MARGIN)), after, last

    def _sample(self, folders: Sequence[Folder]) -> str:
        for folder in folders:
            if not folder.total:
                continue
            view = '<m:IndexedPageItemView MaxEntriesReturned="1" Offset="0" BasePoint="Beginning"/>'
            order = '<t:FieldOrder Order="Descending"><t:FieldURI FieldURI="item:DateTimeReceived"/></t:FieldOrder>'
            ids = find_items(self._session, [soap.folder_id(folder.id)], f"{view}<m:SortOrder>{order}</m:SortOrder>")
            messages, unreadable = Reader(self._session, folder, self._authserv_id).read(ids)
            if messages:
                return "a message could be read"
            if unreadable:
                return f"a message could not be read: {unreadable[0].reason}"
        return "there is no message yet"

    def _folder_id(self, name: str) -> str:
        tree = FolderTree()
        folders.sync(self._session, tree)
        for folder in folders.list_folders(self._session, tree).folders:
            if folder.name == name or (name.lower() == "drafts" and folder.role is Role.DRAFTS):
                return folder.id
        raise ConnectorError(f"there is no folder {name} at {self._session.host}; check its name", permanent=True)


class _FolderError(ConnectorError):
    """One folder cannot be read; others may be."""


def _added(message: soap.Element, since: datetime) -> Iterator[str]:
    """Yield the ids of the mail that a page of changes added. What was only changed, or marked as read, is nothing new."""
    for change in soap.children(message, "m:Changes"):
        if soap.local_name(change) != "Create":
            continue
        for item in soap.children(change, "."):
            received = soap.moment(item, "t:DateTimeReceived")
            item_id = soap.id_at(item, "t:ItemId")
            if item_id and soap.local_name(item) in MAIL_ELEMENTS and (received is None or received >= since):
                yield item_id

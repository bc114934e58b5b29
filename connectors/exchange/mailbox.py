"""Mail at an Exchange server on the company's own premises, by EWS: read without leaving a trace, drafts laid, mail sent once.

A poll follows SyncFolderItems in every folder that was changed, page by page; the state that the server gives with each page is the
cursor. A mail of ours is handed over as MIME, so that its Message-ID and its headers are ours, in one CreateItem that also puts a
copy into Sent Items, where `find` looks.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from connectors.errors import ConnectorError
from connectors.exchange import errors, folders, soap
from connectors.exchange.folders import Folder, Kept, Tree
from connectors.exchange.reader import MAIL, Reader
from connectors.exchange.session import Place, Session
from connectors.formats import mime
from connectors.mail import Batch, Draft, Receipt, Role
from connectors.net import sudden_loss
from connectors.net.http import Access, BackOff

BATCH = 512  # changes in one answer: the most that SyncFolderItems gives
MAX_CONCURRENT = 50  # folders searched in one request
_MARGIN = timedelta(days=1)  # between the server's time of arrival and that of the mail itself
# Whether a server keeps the Message-ID of a MimeContent, Microsoft does not say; a header of ours it keeps.
_OURS = soap.extended("String", DistinguishedPropertySetId="InternetHeaders", PropertyName=mime.ID_HEADER)
_ID = '<t:FieldURI FieldURI="message:InternetMessageId"/>'


class _Mark(NamedTuple):
    """How far a folder was read, and what it showed when all of it was."""

    state: str
    total: int = 0
    changed: str = ""


@dataclass(slots=True)
class _Progress:
    """The folders, and how far each of them was read."""

    tree: Tree
    marks: dict[str, _Mark]

    @classmethod
    def of(cls, cursor: str | None) -> _Progress:
        """What a cursor says; one that is not ours says that nothing was read."""
        try:
            state, known, marks = json.loads(cursor or '["", {}, {}]')
            tree = Tree(state, {each: Kept(*kept) for each, kept in known.items()})
            return cls(tree, {each: _Mark(*mark) for each, mark in marks.items()})
        except (ValueError, TypeError, AttributeError):
            return cls(Tree(), {})

    def cursor(self) -> str:
        """This as the text that `of` reads."""
        return json.dumps([self.tree.state, self.tree.known, self.marks], ensure_ascii=False, separators=(",", ":"))


class EwsMailbox:
    """A mailbox by EWS: one's own, or with `mailbox` another's that is shared.

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
        self._session = Session(Place(username, password, host, endpoint, auth, access, mailbox, ca_file, back_off, timeout))
        self._drafts, self._authserv_id = drafts, authserv_id

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        """Yield what is new, INBOX first, then sent mail, then the others by name."""
        progress = _Progress.of(cursor)
        before = dict(progress.tree.known)
        folders.follow(self._session, progress.tree)
        found, told, _ = folders.survey(self._session, progress.tree)
        read = tuple(f for f in found if f.read)
        warnings = [*told, *self._settle(progress, read, before)]
        counts: dict[str, int] = {}
        for folder in read:
            try:
                for batch in self._news(folder, progress, since):
                    counts[folder.name] = folder.total
                    yield Batch(batch.messages, progress.cursor(), batch.unreadable, dict(counts))
            except _FolderError as error:
                warnings.append(f"the folder {folder.name} could not be read: {error.message}")
            else:
                counts[folder.name] = folder.total
        yield Batch((), progress.cursor(), (), counts, tuple(warnings), complete=True)

    def wait(self, seconds: float) -> bool:
        """Sleeps; something may be there afterwards."""
        time.sleep(seconds)
        return True

    def has_message(self, message_id: str) -> bool:
        """Asks every folder of mail, trash and junk among them. One that cannot be searched leaves it open: ConnectorError."""
        tree = Tree()
        folders.follow(self._session, tree)
        found, _, refused = folders.survey(self._session, tree)
        if _holds(self._session, [soap.folder_id(f.id) for f in found], message_id):
            return True
        if refused:
            raise refused[0]
        return False

    def save_draft(self, draft: Draft) -> Receipt:
        """One CreateItem that saves and does not send."""
        folder = soap.well_known("drafts", self._session.place.mailbox)
        if self._drafts is not None:
            folder = soap.folder_id(self._named(self._drafts))
        return _create(self._session, draft, "SaveOnly", folder)

    def check(self) -> tuple[str, ...]:
        """Logs in, lists the folders, reads the newest mail of the first that has one."""
        tree = Tree()
        folders.follow(self._session, tree)
        found, warnings, _ = folders.survey(self._session, tree)
        read = [f for f in found if f.read]
        names = ", ".join(f.name for f in read[:8])
        line = f"{len(read)} {'folder' if len(read) == 1 else 'folders'} at {self._session.host}: {names}"
        return (line, self._sample(read), *warnings, "new mail is looked for every few minutes")

    def close(self) -> None:
        """End the session. The next question begins another."""
        self._session.close()

    # --- reading ---

    def _settle(self, progress: _Progress, folders: Sequence[Folder], before: Mapping[str, Kept]) -> Iterator[str]:
        """Forget the marks of folders that are gone, and do not believe a mailbox that lost all its mail at once."""
        now = {f.id: f for f in folders}
        totals = {each: folder.total for each, folder in now.items()}
        held = {each: mark.total for each, mark in progress.marks.items() if each in now}
        if sudden_loss.lost_everything(held, totals):
            raise sudden_loss.emptied_mailbox_error(f"the mailbox at {self._session.host}")
        for each in sudden_loss.emptied_folders(held, totals):
            yield sudden_loss.emptied_folder_warning(now[each].name)
        for each in tuple(progress.marks):
            if each not in now and each not in progress.tree.known:
                del progress.marks[each]
                yield f"the folder {before[each].name if each in before else ''} is gone; what was read from it before is kept"

    def _news(self, folder: Folder, progress: _Progress, since: datetime) -> Iterator[Batch]:
        """What was added to one folder; its mark moves with each page."""
        mark = progress.marks.get(folder.id, _Mark(""))
        if mark.state and mark.changed and (mark.total, mark.changed) == (folder.total, folder.changed):
            return
        state = mark.state
        for _ in range(folders.ROUNDS):
            ids, state, last = self._page(folder, state, since)
            if ids:
                messages, unreadable = Reader(self._session, folder, self._authserv_id).read(ids)
                progress.marks[folder.id] = _Mark(state, folder.total)
                yield Batch(tuple(m for m in messages if m.received >= since), "", unreadable)
            if last:
                progress.marks[folder.id] = _Mark(state, folder.total, folder.changed)
                return
        raise _FolderError("the server never comes to its end")

    def _page(self, folder: Folder, state: str, since: datetime) -> tuple[list[str], str, bool]:
        """The ids of what was added, young enough to be read; the state after it; whether that was all.

        A state that the server no longer knows means that the folder is read again from its beginning.
        """
        known = f"<m:SyncState>{soap.words(state)}</m:SyncState>" if state else ""
        shape = soap.shape("Item", ("item:DateTimeReceived",))
        where = f"<m:SyncFolderId>{soap.folder_id(folder.id)}</m:SyncFolderId>"
        most = f"<m:MaxChangesReturned>{BATCH}</m:MaxChangesReturned>"
        said = self._session.ask(f"<m:SyncFolderItems>{shape}{where}{known}{most}</m:SyncFolderItems>")[0]
        if said.code == errors.FORGOTTEN and state:
            return [], "", False
        if not said.fine:
            raise _FolderError(self._session.refusal(said).message)
        after = soap.text(said.element, "m:SyncState", 8 * soap.CELL)
        last = soap.flag(said.element, "m:IncludesLastItemInRange") is not False
        if not after or (after == state and not last):
            raise _FolderError("the server does not say how far it came")
        return list(_added(said.element, since - _MARGIN)), after, last

    def _sample(self, folders: Sequence[Folder]) -> str:
        for folder in folders:
            if not folder.total:
                continue
            view = '<m:IndexedPageItemView MaxEntriesReturned="1" Offset="0" BasePoint="Beginning"/>'
            order = '<t:FieldOrder Order="Descending"><t:FieldURI FieldURI="item:DateTimeReceived"/></t:FieldOrder>'
            ids = _found(self._session, [soap.folder_id(folder.id)], f"{view}<m:SortOrder>{order}</m:SortOrder>")
            messages, unreadable = Reader(self._session, folder, self._authserv_id).read(ids)
            if messages:
                return "read a message"
            if unreadable:
                return f"a message could not be read: {unreadable[0].reason}"
        return "there is no message yet"

    def _named(self, name: str) -> str:
        tree = Tree()
        folders.follow(self._session, tree)
        for folder in folders.survey(self._session, tree).folders:
            if folder.name == name or (name.lower() == "drafts" and folder.role is Role.DRAFTS):
                return folder.id
        raise ConnectorError(f"there is no folder {name} at {self._session.host}; check its name", permanent=True)


class EwsTransport:
    """Sends by EWS. Settings as for EwsMailbox; with `mailbox` in that one's name, where the server allows it."""

    def __init__(
        self,
        username: str,
        password: Callable[[], str] | None = None,
        host: str | None = None,
        endpoint: str | None = None,
        auth: str | None = None,
        access: Access | None = None,
        mailbox: str | None = None,
        ca_file: Path | None = None,
        back_off: BackOff | None = None,
        timeout: float = 60,
    ) -> None:
        self._session = Session(Place(username, password, host, endpoint, auth, access, mailbox, ca_file, back_off, timeout))

    def send(self, draft: Draft) -> Receipt:
        """One CreateItem that sends and saves the copy."""
        return _create(self._session, draft, "SendAndSaveCopy", soap.well_known("sentitems", self._session.place.mailbox))

    def was_sent(self, message_id: str) -> bool | None:
        """Whether it lies in Sent Items, or still in the Outbox: what is there was taken, and will go."""
        mailbox = self._session.place.mailbox
        return _holds(self._session, [soap.well_known(name, mailbox) for name in ("sentitems", "outbox")], message_id)

    def check(self) -> tuple[str, ...]:
        """Logs in and opens Sent Items."""
        where = soap.well_known("sentitems", self._session.place.mailbox)
        shape = soap.shape("Folder", ("folder:TotalCount",))
        self._session.one(f"<m:GetFolder>{shape}<m:FolderIds>{where}</m:FolderIds></m:GetFolder>")
        return (f"logged in at {self._session.host} to send; copies go to the sent mail",)

    def close(self) -> None:
        """End the session. The next question begins another."""
        self._session.close()


class _FolderError(ConnectorError):
    """One folder cannot be read; the others may be."""


def _added(message: soap.Element, since: datetime) -> Iterator[str]:
    """The mails that a page of changes added. What was only changed, or read, is nothing new."""
    for change in soap.children(message, "m:Changes"):
        if soap.named(change) != "Create":
            continue
        for item in soap.children(change, "."):
            received = soap.moment(item, "t:DateTimeReceived")
            each = soap.identity(item, "t:ItemId")
            if each and soap.named(item) in MAIL and (received is None or received >= since):
                yield each


def _create(session: Session, draft: Draft, disposition: str, folder: str) -> Receipt:
    content = base64.b64encode(mime.render(mime.with_id_header(draft))).decode()
    item = f'<t:Message><t:MimeContent CharacterSet="UTF-8">{content}</t:MimeContent></t:Message>'
    payload = (
        f'<m:CreateItem MessageDisposition="{disposition}"><m:SavedItemFolderId>{folder}</m:SavedItemFolderId>'
        f"<m:Items>{item}</m:Items></m:CreateItem>"
    )
    said = session.one(payload, writes=True)
    # What was sent has no id in the answer: https://github.com/ecederstrand/exchangelib/issues/434
    made = next(soap.children(said.element, "m:Items"), None)
    return Receipt(soap.identity(made, "t:ItemId") or draft.message_id)


def _holds(session: Session, folders: Sequence[str], message_id: str) -> bool:
    """Whether one of these folders holds a mail with that Message-ID."""
    either = "".join(soap.equal(field, message_id) for field in (_ID, _OURS))
    where = f"<m:Restriction><t:Or>{either}</t:Or></m:Restriction>"
    view = '<m:IndexedPageItemView MaxEntriesReturned="1" Offset="0" BasePoint="Beginning"/>'
    return any(_found(session, folders[n : n + MAX_CONCURRENT], view + where) for n in range(0, len(folders), MAX_CONCURRENT))


def _found(session: Session, folders: Sequence[str], conditions: str) -> list[str]:
    shape = "<m:ItemShape><t:BaseShape>IdOnly</t:BaseShape></m:ItemShape>"
    where = f"<m:ParentFolderIds>{''.join(folders)}</m:ParentFolderIds>"
    found: list[str] = []
    for said in session.ask(f'<m:FindItem Traversal="Shallow">{shape}{conditions}{where}</m:FindItem>'):
        if not said.fine:
            raise session.refusal(said)
        found += [soap.identity(item, "t:ItemId") for item in soap.children(said.element, "m:RootFolder/t:Items")]
    return found

"""The folders of an Exchange mailbox: which there are, what they are for, and whether anything in them changed.

SyncFolderHierarchy reports what changed among the folders themselves; one GetFolder reports of all of them how many items they hold
and when one was last changed, so that a poll without news costs two requests, however many folders there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from connectors.errors import ConnectorError
from connectors.exchange import errors, soap
from connectors.exchange.session import Session
from connectors.exchange.soap import Element, ResponseMessage
from connectors.formats import folder_roles
from connectors.mail import Role
from connectors.net.tls import server_text

CHUNK = 100  # folders asked about in one request
MAX_DEPTH = 50  # levels of folders that are followed
MAX_ROUNDS = 1000  # answers of one synchronisation: one that never ends is broken off
# PidTagLocalCommitTimeMax, [MS-OXCFOLD] 2.2.2.2.1.14: the most recent time that a message in the folder was changed. EWS gives it to
# the second: of two changes within one, the second is seen by the number of items, or else with the next change.
_CHANGED = soap.extended_field("SystemTime", PropertyTag="0x670a")
_ROLES = {
    "inbox": Role.INBOX,
    "sentitems": Role.SENT,
    "drafts": Role.DRAFTS,
    "junkemail": Role.JUNK,
    "deleteditems": Role.TRASH,
}
_NO_MAIL = ("outbox", "conversationhistory", "syncissues")  # they, and folders below, hold no mail that was exchanged
_DISTINGUISHED = ("msgfolderroot", *_ROLES, *_NO_MAIL)
_BY_NAME = frozenset({Role.SENT, Role.ARCHIVE})  # a folder named Bin may be a client's


class FolderEntry(NamedTuple):
    """What the cursor keeps of a folder: its own name, the id of the folder above it, its class."""

    name: str
    parent: str
    folder_class: str


class Folder(NamedTuple):
    """A folder with mail: its id, its path, what it is for, how many items it holds, and when one of them was last changed."""

    id: str
    name: str
    role: Role
    total: int
    changed: str
    readable: bool  # whether Kept reads its mail


@dataclass(slots=True)
class FolderTree:
    """The folders by their ids, and the sync state of their changes."""

    state: str = ""
    entries: dict[str, FolderEntry] = field(default_factory=dict)


class FolderList(NamedTuple):
    """The folders as they are now, what to tell the user, and the errors of folders that exist and must not be opened."""

    folders: tuple[Folder, ...]
    warnings: tuple[str, ...]
    refused: tuple[ConnectorError, ...]


def sync(session: Session, tree: FolderTree) -> None:
    """Bring the tree up to date, from the beginning where the server no longer knows its state. Raises ConnectorError."""
    for _ in range(MAX_ROUNDS):
        state = f"<m:SyncState>{soap.escaped(tree.state)}</m:SyncState>" if tree.state else ""
        names = ("folder:DisplayName", "folder:ParentFolderId", "folder:FolderClass")
        root = f"<m:SyncFolderId>{soap.distinguished_folder('msgfolderroot', session.server.mailbox)}</m:SyncFolderId>"
        payload = f"<m:SyncFolderHierarchy>{soap.shape('Folder', names)}{root}{state}</m:SyncFolderHierarchy>"
        message = session.request(payload)[0]
        if message.code == errors.INVALID_SYNC_STATE and tree.state:
            tree.state, tree.entries = "", {}
            continue
        if not message.succeeded:
            if session.server.mailbox and message.code in errors.DENIED and not tree.state:
                return  # a delegate may see a folder or two without seeing them all
            raise session.refusal(message)
        _apply(message.element, tree)
        tree.state = soap.text(message.element, "m:SyncState", 8 * soap.TEXT_CAP)
        if soap.flag(message.element, "m:IncludesLastFolderInRange") is not False:
            return
    raise ConnectorError(f"the list of folders at {session.host} never ended; Kept will try again later")


def list_folders(session: Session, tree: FolderTree) -> FolderList:
    """Return every folder that may hold mail, INBOX first, then sent mail, then the others by name. Raises ConnectorError."""
    wanted = [soap.distinguished_folder(name, session.server.mailbox) for name in _DISTINGUISHED]
    wanted += [soap.folder_id(folder_id) for folder_id, entry in tree.entries.items() if _is_mail_class(entry.folder_class)]
    answers: list[ResponseMessage] = []
    for start in range(0, len(wanted), CHUNK):
        names = ("folder:DisplayName", "folder:FolderClass", "folder:TotalCount")
        ids = "".join(wanted[start : start + CHUNK])
        payload = f"<m:GetFolder>{soap.shape('Folder', names, (_CHANGED,))}<m:FolderIds>{ids}</m:FolderIds></m:GetFolder>"
        answers += session.request(payload)
    if len(answers) != len(wanted):
        raise ConnectorError(f"{session.host} sent other folders than Kept asked for; Kept will try again later")
    return _listed(session, tree, answers)


def _listed(session: Session, tree: FolderTree, answers: Sequence[ResponseMessage]) -> FolderList:
    special = {
        soap.id_at(e, "t:FolderId"): name for name, e in zip(_DISTINGUISHED, map(_folder, answers), strict=False) if e is not None
    }
    warnings: list[str] = []
    entries = dict(tree.entries)
    listed = answers[len(_DISTINGUISHED) :]
    if not tree.state:
        warnings.append(
            f"only the inbox and the sent mail of {session.server.mailbox} can be read; ask its owner for access to the rest"
        )
        entries |= _shared_folders(session, special, answers)
        listed = [*listed, *(a for a in answers[: len(_DISTINGUISHED)] if _id(a) in entries)]
    elements = {_id(answer): _folder(answer) for answer in listed}
    bad = [answer for answer in listed if not answer.succeeded and answer.code not in errors.MISSING]
    refused = tuple(map(session.refusal, bad))
    warnings += [f"a folder could not be read: {error.message}" for error in refused]
    folders = [
        _described(folder_id, element, entries, special)
        for folder_id, element in elements.items()
        if folder_id in entries and element is not None
    ]
    if not folders and refused:
        raise refused[0]
    order = {Role.INBOX: 0, Role.SENT: 1}
    return FolderList(tuple(sorted(folders, key=lambda f: (order.get(f.role, 2), f.name))), tuple(warnings), refused)


def _shared_folders(session: Session, special: Mapping[str, str], answers: Sequence[ResponseMessage]) -> dict[str, FolderEntry]:
    """Return the few folders that are read of a mailbox whose owner shares no more. Raises ConnectorError without its inbox."""
    inbox = answers[_DISTINGUISHED.index("inbox")]
    if not inbox.succeeded:
        raise session.refusal(inbox)
    return {
        folder_id: FolderEntry(name, "", "") for folder_id, name in special.items() if name in {"inbox", "sentitems", "drafts"}
    }


def _apply(message: Element, tree: FolderTree) -> None:
    for change in soap.children(message, "m:Changes"):
        if soap.local_name(change) == "Delete":
            tree.entries.pop(soap.id_at(change, "t:FolderId"), None)
            continue
        for folder in soap.children(change, "."):
            folder_id = soap.id_at(folder, "t:FolderId")
            if folder_id and soap.local_name(folder) == "Folder":  # not a search folder, a calendar, contacts or tasks
                name, folder_class = (
                    server_text(soap.text(folder, "t:DisplayName", 300), 300),
                    soap.text(folder, "t:FolderClass", 300),
                )
                tree.entries[folder_id] = FolderEntry(name, soap.id_at(folder, "t:ParentFolderId"), folder_class)


def _described(folder_id: str, element: Element, entries: Mapping[str, FolderEntry], special: Mapping[str, str]) -> Folder:
    path = _path(folder_id, entries)
    name = "/".join("INBOX" if special.get(one) == "inbox" else entries[one].name for one in reversed(path))
    above = [special[one] for one in path if one in special]
    role = _role(folder_id, above, special, name)
    readable = role not in {Role.DRAFTS, Role.JUNK, Role.TRASH} and not any(one in _NO_MAIL for one in above)
    changed = soap.extended_values(element).get("0x670a", "")[:40]
    return Folder(folder_id, name, role, soap.number(element, "t:TotalCount"), changed, readable)


def _role(folder_id: str, above: Iterable[str], special: Mapping[str, str], name: str) -> Role:
    """Return what the server says it is for; a folder below sent, deleted or junk mail is for the same, one below the inbox is not."""
    if special.get(folder_id) == "inbox":
        return Role.INBOX
    for one in above:
        if one in _ROLES and one != "inbox":
            return _ROLES[one]
    guessed = folder_roles.role_of(name)
    return guessed if guessed in _BY_NAME else Role.OTHER


def _path(folder_id: str, entries: Mapping[str, FolderEntry]) -> list[str]:
    """Return the ids of the folder and those above it, up to the top, which is not among them."""
    path: list[str] = []
    while folder_id in entries and folder_id not in path and len(path) < MAX_DEPTH:
        path.append(folder_id)
        folder_id = entries[folder_id].parent
    return path


def _is_mail_class(folder_class: str) -> bool:
    """Return whether a folder of that class holds mail: IPF.Note, or none (folder classes: [MS-OXOSFLD] 2.2.3)."""
    return not folder_class or folder_class.upper() == "IPF.NOTE" or folder_class.upper().startswith("IPF.NOTE.")


def _folder(message: ResponseMessage) -> Element | None:
    return next(soap.children(message.element, "m:Folders"), None) if message.succeeded else None


def _id(message: ResponseMessage) -> str:
    return soap.id_at(_folder(message), "t:FolderId")

"""The folders of an Exchange mailbox: which there are, what they are for, and whether anything was changed in them.

SyncFolderHierarchy tells what changed among the folders themselves; one GetFolder tells of all of them how many items they hold
and when one was last changed, so that a poll without news costs two requests, however many folders there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from connectors.errors import ConnectorError
from connectors.exchange import errors, soap
from connectors.exchange.session import Session
from connectors.exchange.soap import Element, Said
from connectors.formats import folder_roles
from connectors.mail import Role
from connectors.net.tls import server_text

CHUNK = 100  # folders asked about in one request
DEEP = 50  # levels of folders that are followed
ROUNDS = 1000  # answers of one synchronisation: a server that never comes to an end is not followed for ever
# PidTagLocalCommitTimeMax, [MS-OXCFOLD] 2.2.2.2.1.14: the most recent time that a message in the folder was changed. EWS tells it to
# the second: of two changes within one, the second is seen by the number of items, or else with the next change.
_CHANGED = soap.extended("SystemTime", PropertyTag="0x670a")
_ROLES = {
    "inbox": Role.INBOX,
    "sentitems": Role.SENT,
    "drafts": Role.DRAFTS,
    "junkemail": Role.JUNK,
    "deleteditems": Role.TRASH,
}
_UNREAD = ("outbox", "conversationhistory", "syncissues")  # what lies there, or below, nobody wrote to anybody
_KNOWN = ("msgfolderroot", *_ROLES, *_UNREAD)
_BY_NAME = frozenset({Role.SENT, Role.ARCHIVE})  # a folder called Bin may be a client's


class Kept(NamedTuple):
    """What is remembered of a folder: its own name, the folder it lies in, its class."""

    name: str
    parent: str
    kind: str


class Folder(NamedTuple):
    """A folder with mail: its id, its path, what it is for, how many items it holds, and when one of them was last changed."""

    id: str
    name: str
    role: Role
    total: int
    changed: str
    read: bool  # whether Kept reads what lies in it


@dataclass(slots=True)
class Tree:
    """The folders by their ids, and how far their changes were followed."""

    state: str = ""
    known: dict[str, Kept] = field(default_factory=dict)


class Survey(NamedTuple):
    """The folders as they are now, and what to tell a person."""

    folders: tuple[Folder, ...]
    warnings: tuple[str, ...]
    refused: tuple[ConnectorError, ...]  # folders that are there and that we may not look into


def follow(session: Session, tree: Tree) -> None:
    """Bring the tree up to date. A state that the server no longer knows means to begin again. Raises ConnectorError."""
    for _ in range(ROUNDS):
        state = f"<m:SyncState>{soap.words(tree.state)}</m:SyncState>" if tree.state else ""
        names = ("folder:DisplayName", "folder:ParentFolderId", "folder:FolderClass")
        root = f"<m:SyncFolderId>{soap.well_known('msgfolderroot', session.place.mailbox)}</m:SyncFolderId>"
        payload = f"<m:SyncFolderHierarchy>{soap.shape('Folder', names)}{root}{state}</m:SyncFolderHierarchy>"
        said = session.ask(payload)[0]
        if said.code == errors.FORGOTTEN and tree.state:
            tree.state, tree.known = "", {}
            continue
        if not said.fine:
            if session.place.mailbox and said.code in errors.DENIED and not tree.state:
                return  # a delegate may see a folder or two without seeing them all
            raise session.refusal(said)
        _apply(said.element, tree)
        tree.state = soap.text(said.element, "m:SyncState", 8 * soap.CELL)
        if soap.flag(said.element, "m:IncludesLastFolderInRange") is not False:
            return
    raise ConnectorError(f"{session.host} never comes to the end of its folders")


def survey(session: Session, tree: Tree) -> Survey:
    """Every folder that may hold mail, INBOX first, then sent mail, then the others by name. Raises ConnectorError."""
    asked = [soap.well_known(name, session.place.mailbox) for name in _KNOWN]
    asked += [soap.folder_id(known) for known, kept in tree.known.items() if _mail(kept.kind)]
    answers: list[Said] = []
    for start in range(0, len(asked), CHUNK):
        names = ("folder:DisplayName", "folder:FolderClass", "folder:TotalCount")
        ids = "".join(asked[start : start + CHUNK])
        payload = f"<m:GetFolder>{soap.shape('Folder', names, (_CHANGED,))}<m:FolderIds>{ids}</m:FolderIds></m:GetFolder>"
        answers += session.ask(payload)
    if len(answers) != len(asked):
        raise ConnectorError(f"{session.host} answered about other folders than it was asked about")
    return _surveyed(session, tree, answers)


def _surveyed(session: Session, tree: Tree, answers: Sequence[Said]) -> Survey:
    special = {
        soap.identity(e, "t:FolderId"): name for name, e in zip(_KNOWN, map(_folder, answers), strict=False) if e is not None
    }
    warnings: list[str] = []
    known = dict(tree.known)
    if not tree.state:
        inbox = answers[_KNOWN.index("inbox")]
        if not inbox.fine:
            raise session.refusal(inbox)
        warnings.append(f"only the inbox and the sent mail of {session.place.mailbox} can be read; ask for access to the rest")
        known |= {each: Kept(name, "", "") for each, name in special.items() if name in {"inbox", "sentitems", "drafts"}}
        answers = [*answers, *(a for a in answers[: len(_KNOWN)] if _id(a) in known)]
    elements = {_id(said): _folder(said) for said in answers[len(_KNOWN) :]}
    bad = [said for said in answers[len(_KNOWN) :] if not said.fine and said.code not in errors.MISSING]
    refused = tuple(map(session.refusal, bad))
    warnings += [f"a folder could not be read: {error.message}" for error in refused]
    found = [
        _described(each, element, known, special) for each, element in elements.items() if each in known and element is not None
    ]
    if not found and refused:
        raise refused[0]
    order = {Role.INBOX: 0, Role.SENT: 1}
    return Survey(tuple(sorted(found, key=lambda f: (order.get(f.role, 2), f.name))), tuple(warnings), refused)


def _apply(message: Element, tree: Tree) -> None:
    for change in soap.children(message, "m:Changes"):
        if soap.named(change) == "Delete":
            tree.known.pop(soap.identity(change, "t:FolderId"), None)
            continue
        for folder in soap.children(change, "."):
            each = soap.identity(folder, "t:FolderId")
            if each and soap.named(folder) == "Folder":  # not a search, a calendar, a list of contacts or of tasks
                name, kind = (
                    server_text(soap.text(folder, "t:DisplayName", 300), 300),
                    soap.text(folder, "t:FolderClass", 300),
                )
                tree.known[each] = Kept(name, soap.identity(folder, "t:ParentFolderId"), kind)


def _described(each: str, element: Element, known: Mapping[str, Kept], special: Mapping[str, str]) -> Folder:
    line = _line(each, known)
    name = "/".join("INBOX" if special.get(one) == "inbox" else known[one].name for one in reversed(line))
    above = [special[one] for one in line if one in special]
    role = _role(each, above, special, name)
    read = role not in {Role.DRAFTS, Role.JUNK, Role.TRASH} and not any(one in _UNREAD for one in above)
    changed = soap.extended_values(element).get("0x670a", "")[:40]
    return Folder(each, name, role, soap.number(element, "t:TotalCount"), changed, read)


def _role(each: str, above: Iterable[str], special: Mapping[str, str], name: str) -> Role:
    """What the server says it is for; a folder below sent, deleted or junk mail is for the same, one below the inbox is not."""
    if special.get(each) == "inbox":
        return Role.INBOX
    for one in above:
        if one in _ROLES and one != "inbox":
            return _ROLES[one]
    guessed = folder_roles.role_of(name)
    return guessed if guessed in _BY_NAME else Role.OTHER


def _line(each: str, known: Mapping[str, Kept]) -> list[str]:
    """The folder and those above it, up to the top, which is not among them."""
    line: list[str] = []
    while each in known and each not in line and len(line) < DEEP:
        line.append(each)
        each = known[each].parent
    return line


def _mail(kind: str) -> bool:
    """Only folders of mail have this class, or none (folder classes: [MS-OXOSFLD] 2.2.3)."""
    return not kind or kind.upper() == "IPF.NOTE" or kind.upper().startswith("IPF.NOTE.")


def _folder(said: Said) -> Element | None:
    return next(soap.children(said.element, "m:Folders"), None) if said.fine else None


def _id(said: Said) -> str:
    return soap.identity(_folder(said), "t:FolderId")

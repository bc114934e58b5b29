"""The folders of a mailbox in Microsoft 365: which are read, and their roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.errors import ConnectorError
from connectors.formats.folder_roles import UNREAD_ROLES
from connectors.mail import Role
from connectors.microsoft.api import IMMUTABLE, GraphApi
from connectors.net.json_values import objects, path_segment, text

DEPTH = 20  # folders below each other
MOST = 2000  # folders
# learn.microsoft.com/graph/api/resources/mailfolder, "well-known folder names". Those without a role have no mail between people.
WELL_KNOWN: Mapping[str, Role | None] = {
    "inbox": Role.INBOX,
    "sentitems": Role.SENT,
    "archive": Role.ARCHIVE,
    "drafts": Role.DRAFTS,
    "junkemail": Role.JUNK,
    "deleteditems": Role.TRASH,
    "outbox": None,
    "conversationhistory": None,
    "syncissues": None,
}
_NAMES = {"inbox": "INBOX"}
_SELECT = "id,displayName,childFolderCount,totalItemCount"
_HEADERS = {"Prefer": IMMUTABLE}
_TOP = 100


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is read: its id, its path of names, its role and its number of messages."""

    id: str
    name: str
    role: Role
    total: int


def folders(api: GraphApi, well_known: dict[str, str]) -> tuple[Folder, ...]:
    """Return every folder that is read, INBOX first, then sent mail. `well_known` keeps the ids of the well-well_known ones between calls."""
    if not well_known:
        for name in WELL_KNOWN:
            missing = () if name == "inbox" else (404,)  # every mailbox has one, so without it there is no mailbox
            status, one = api.get(f"mailFolders/{name}", headers=_HEADERS, allow=missing, select="id")
            if status != 404 and text(one.get("id")):
                well_known[text(one["id"])] = name
    existing = tuple(_below(api, well_known, "mailFolders", "", None, 0))
    if len(existing) >= MOST:
        raise ConnectorError(f"the mailbox of {api.mailbox} has more folders than Kept can follow")
    return tuple(sorted(existing, key=lambda f: (f.role is not Role.INBOX, f.role is not Role.SENT, f.name)))


def _below(
    api: GraphApi, well_known: Mapping[str, str], path: str, above: str, role: Role | None, depth: int
) -> Iterator[Folder]:
    """Yield the folders at a path and below. Below sent mail all is sent mail; below a folder that is not read nothing is."""
    pages = api.pages(path, headers=_HEADERS, select=_SELECT, top=_TOP)
    for one in (one for page in pages for one in objects(page.get("value"))):
        folder, shown = text(one.get("id")), text(one.get("displayName"))
        named = well_known.get(folder)
        own = WELL_KNOWN[named] if named else role or Role.OTHER
        if not folder or own is None or own in UNREAD_ROLES:
            continue
        name = f"{above}/{shown}" if above else _NAMES.get(named or "", shown)
        yield Folder(folder, name, own, _count(one.get("totalItemCount")))
        if _count(one.get("childFolderCount")) and depth < DEPTH:
            inner = Role.SENT if own is Role.SENT else None
            yield from _below(api, well_known, f"mailFolders/{path_segment(folder)}/childFolders", name, inner, depth + 1)


def _count(value: Any) -> int:
    return value if isinstance(value, int) and value > 0 else 0

"""IMAP (RFC 3501, 9051): every folder but drafts, junk and trash, only ever examined, so that no mail is marked as read.

The cursor keeps, for each folder, its UIDVALIDITY, the highest UID read and the number of messages then. A poll asks STATUS of
each folder and opens only those whose UIDNEXT moved on; a changed UIDVALIDITY makes that folder be read again. Mail is fetched
in one shot, 500 at a time: header, structure and the first 16 KB of part 1; only where part 1 is no text is the text part asked
for by itself. A folder that is suddenly empty is a warning, never a deletion.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from connectors import mime
from connectors.errors import ConnectorError
from connectors.folders import role_of
from connectors.imap_session import Session, guarded
from connectors.imap_structure import Shape, shape_of
from connectors.mail import Attachment, Batch, Draft, Message, Receipt, Role, Unreadable

BATCH = 500
TEXT = 16 * 1024  # octets of the text part that are fetched
_SKIPPED = frozenset({Role.DRAFTS, Role.JUNK, Role.TRASH})
_SPECIAL = {
    b"\\sent": Role.SENT,
    b"\\drafts": Role.DRAFTS,
    b"\\junk": Role.JUNK,
    b"\\trash": Role.TRASH,
    b"\\archive": Role.ARCHIVE,
    b"\\all": Role.ARCHIVE,
}
_HEADER, _FIRST = b"BODY[HEADER]", b"BODY[1]<0>"
_FETCH = ["INTERNALDATE", "BODYSTRUCTURE", "BODY.PEEK[HEADER]", f"BODY.PEEK[1]<0.{TEXT}>"]


class Folder(NamedTuple):
    """A folder with its role (RFC 6154)."""

    name: str
    role: Role


class ImapMailbox:
    """A mailbox on an IMAP server. `password` and `oauth` (a bearer token, RFC 7628) are asked at each log-in."""

    def __init__(
        self,
        host: str,
        username: str,
        password: Callable[[], str] | None = None,
        *,
        port: int | None = None,
        tls: str = "implicit",
        oauth: Callable[[], str] | None = None,
        ca_file: Path | None = None,
        drafts: str | None = None,
        timeout: float = 30,
    ) -> None:
        self._session = Session(host, username, password, port=port, tls=tls, oauth=oauth, ca_file=ca_file, timeout=timeout)
        self._drafts = drafts

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        """Yield what is new, folder by folder."""
        known: dict[str, dict[str, int]] = json.loads(cursor) if cursor else {}
        state = dict(known)
        counts: dict[str, int] = {}
        warnings: list[str] = []
        for folder in self._folders():
            try:
                status = self._session.status(folder.name)
            except ConnectorError as error:
                if not error.permanent:
                    raise
                warnings.append(f"the folder {folder.name} could not be opened: {error.message}")
                continue
            counts[folder.name] = status["MESSAGES"]
            before = known.get(folder.name)
            if before and before["count"] and not status["MESSAGES"]:
                warnings.append(f"the folder {folder.name} is suddenly empty; what was read from it before is kept")
            fresh = before is None or before["validity"] != status["UIDVALIDITY"]
            last = 0 if fresh or before is None else before["uid"]
            if status["UIDNEXT"] > last + 1 and status["MESSAGES"]:
                for uids in self._new(folder.name, last, since, first=fresh):
                    messages, unreadable = self._fetch(folder, uids)
                    state[folder.name] = {"validity": status["UIDVALIDITY"], "uid": uids[-1], "count": status["MESSAGES"]}
                    yield Batch(messages, json.dumps(state), unreadable, dict(counts))
            state[folder.name] = {
                "validity": status["UIDVALIDITY"],
                "uid": max(last, status["UIDNEXT"] - 1),
                "count": status["MESSAGES"],
            }
        yield Batch((), json.dumps(state), (), counts, tuple(warnings), complete=True)

    def wait(self, seconds: float) -> bool:
        """IDLE (RFC 2177) on INBOX for so long; without it, sleep, and say that something may be there."""
        return self._session.idle(seconds)

    def find(self, message_id: str) -> bool:
        """Ask every folder, drafts and sent first."""
        order = {Role.DRAFTS: 0, Role.SENT: 1}
        for folder in sorted(self._folders(every=True), key=lambda f: order.get(f.role, 2)):
            self._session.examine(folder.name)
            with guarded(self._session):
                if self._session.client().search(["HEADER", "Message-ID", message_id]):
                    return True
        return False

    def lay_draft(self, draft: Draft) -> Receipt:
        """APPEND to the Drafts folder, flagged \\Draft and \\Seen; the folder is made where there is none."""
        found = [f.name for f in self._folders(every=True) if f.role is Role.DRAFTS]
        name = self._drafts or (found[0] if found else "Drafts")
        with guarded(self._session, sending=True):
            client = self._session.client()
            if name not in found and not client.folder_exists(name):
                client.create_folder(name)
            answer = client.append(name, mime.render(draft), flags=[b"\\Draft", b"\\Seen"], msg_time=draft.date)
        return Receipt(answer.decode("utf-8", "replace") if isinstance(answer, bytes) else str(answer))

    def check(self) -> tuple[str, ...]:
        """Log in, list the folders, read one message."""
        folders = self._folders()
        lines = (f"logged in, {len(folders)} folders: {', '.join(f.name for f in folders[:8])}",)
        for folder in folders:
            status = self._session.status(folder.name)
            if status["MESSAGES"]:
                uids = next(self._new(folder.name, status["UIDNEXT"] - 2, datetime(1990, 1, 1, tzinfo=UTC), first=False), [])
                if uids:
                    self._fetch(folder, uids[:1])
                    return (*lines, "read a message")
        return (*lines, "no message in it yet")

    def close(self) -> None:
        """Log out."""
        self._session.close()

    def _folders(self, *, every: bool = False) -> list[Folder]:
        """Folders that can be selected, INBOX first; drafts, junk and trash only where `every` is set."""
        with guarded(self._session):
            listed = self._session.client().list_folders()
        found = []
        for flags, _, name in listed:
            marks = {bytes(f).lower() for f in flags}
            if marks & {b"\\noselect", b"\\nonexistent"}:
                continue
            role = next((_SPECIAL[m] for m in marks if m in _SPECIAL), None) or role_of(str(name))
            if self._drafts and name == self._drafts:
                role = Role.DRAFTS
            if every or role not in _SKIPPED:
                found.append(Folder(str(name), role))
        return sorted(found, key=lambda f: (f.role is not Role.INBOX, f.role is not Role.SENT, f.name))

    def _new(self, folder: str, last: int, since: datetime, *, first: bool) -> Iterator[list[int]]:
        """The UIDs above `last`, in order, BATCH at a time; on the first read only those received since."""
        self._session.examine(folder)
        with guarded(self._session):
            criteria: list[Any] = ["SINCE", since.date()] if first else ["UID", f"{last + 1}:*"]
            uids = sorted(uid for uid in self._session.client().search(criteria) if uid > last)
        for start in range(0, len(uids), BATCH):
            yield uids[start : start + BATCH]

    def _fetch(self, folder: Folder, uids: list[int]) -> tuple[tuple[Message, ...], tuple[Unreadable, ...]]:
        with guarded(self._session):
            answers = self._session.client().fetch(uids, _FETCH)
        shapes = {uid: shape_of(answers[uid].get(b"BODYSTRUCTURE")) for uid in uids if uid in answers}
        texts = self._texts(answers, shapes)
        messages: list[Message] = []
        unreadable: list[Unreadable] = []
        for uid in uids:
            answer = answers.get(uid)
            if answer is None or _HEADER not in answer:
                continue  # gone since the search
            try:
                messages.append(_message(folder, answer, shapes[uid], texts.get(uid, b"")))
            except ValueError as error:
                unreadable.append(Unreadable(f"{folder.name}/{uid}", str(error)))
        return tuple(messages), tuple(unreadable)

    def _texts(self, answers: Any, shapes: dict[int, Shape]) -> dict[int, bytes]:
        """Each mail's text: part 1 came along; where the text is another part, that is asked for, mails of one shape at once."""
        texts = {uid: answers[uid].get(_FIRST) or b"" for uid, shape in shapes.items() if shape.section == "1"}
        wanted: dict[str, list[int]] = {}
        for uid, shape in shapes.items():
            if shape.section not in {None, "1"}:
                wanted.setdefault(str(shape.section), []).append(uid)
        for section, uids in wanted.items():
            with guarded(self._session):
                found = self._session.client().fetch(uids, [f"BODY.PEEK[{section}]<0.{TEXT}>"])
            texts |= {uid: a.get(f"BODY[{section}]<0>".encode()) or b"" for uid, a in found.items()}
        return texts


def _message(folder: Folder, answer: Any, shape: Shape, text: bytes) -> Message:
    received = answer.get(b"INTERNALDATE")
    if isinstance(received, datetime):
        received = received.astimezone(UTC)
    attachments: tuple[Attachment, ...] = shape.attachments
    return mime.parse_parts(
        answer[_HEADER], shape.header(), text, attachments, role=folder.role, folder=folder.name, received=received
    )

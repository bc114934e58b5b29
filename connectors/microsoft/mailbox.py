"""A mailbox in Microsoft 365, and a way to send, by Microsoft Graph.

Each folder is followed by a delta query (learn.microsoft.com/graph/delta-query-messages) that names only ids. The first time, the
delta's beginning is taken, then the folder is listed by the time of arrival, oldest first; what comes meanwhile the delta tells
afterwards, so nothing is lost and nothing older than the history is fetched. (A delta that filters by time is no way to read a
mailbox for the first time: it returns 5,000 messages at most; learn.microsoft.com/graph/api/message-delta.) The cursor holds, folder
by folder, the delta's link and how far the list was read.
"""

from __future__ import annotations

import base64
import dataclasses
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.mail import Batch, Draft, Message, Receipt, Unreadable
from connectors.microsoft import reader
from connectors.microsoft.api import IMMUTABLE, PLAIN, STALE, GraphApi, literal
from connectors.microsoft.folders import Folder, folders
from connectors.net import sudden_loss
from connectors.net.http import Access
from connectors.net.json_values import objects, path_segment, text

PAGE, IDS = 50, 500  # messages, and ids alone, in one answer
_READING = {"Prefer": f"{IMMUTABLE}, {PLAIN}, odata.maxpagesize={PAGE}"}
_IDS = {"Prefer": f"{IMMUTABLE}, odata.maxpagesize={IDS}"}
_BEGAN = "Microsoft 365 no longer knew what had changed since the last look, so everything is read again"


@dataclasses.dataclass(slots=True)
class _Mark:
    """How far a folder was read: the link that tells its changes, from which moment on it is still to be listed, its mails."""

    delta: str = ""
    since: str | None = None
    total: int = 0
    todo: list[str] = dataclasses.field(default_factory=list)  # ids that the delta told and that are not read yet


class GraphMailbox:
    """A mailbox by Graph: one's own, or with `mailbox` another's. `authserv_id` names the servers whose Authentication-Results are believed;
    without it, whoever wrote the topmost.
    """

    def __init__(
        self,
        access: Access,
        endpoint: str | None = None,
        mailbox: str | None = None,
        authserv_id: str | None = None,
        timeout: float = 60,
    ) -> None:
        self._api = GraphApi(access, endpoint, mailbox, timeout)
        self._authserv_id = authserv_id
        self._known: dict[str, str] = {}  # a folder's id -> what it is for, as the server says

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        """Yield what is new, INBOX first, then sent mail, then the others by name."""
        marks = _marks(cursor)
        there = folders(self._api, self._known)
        warnings = self._believe(marks, there)
        counts: dict[str, int] = {}
        for folder in there:
            try:
                for batch in self._news(folder, marks, since, warnings):
                    counts[folder.name] = folder.total
                    yield Batch(batch.messages, _cursor(marks), batch.unreadable, dict(counts))
            except ConnectorError as error:
                if not error.permanent:
                    raise
                warnings.append(f"the folder {folder.name} could not be read: {error.message}")
            else:
                counts[folder.name] = marks[folder.id].total = folder.total
        yield Batch((), _cursor(marks), (), counts, tuple(dict.fromkeys(warnings)), complete=True)

    def wait(self, seconds: float) -> bool:
        """Sleeps: Graph pushes only to servers that the internet can reach. Something may be there."""
        time.sleep(seconds)
        return True

    def has_message(self, message_id: str) -> bool:
        """Asks the whole mailbox, drafts, sent mail and trash included."""
        return _find(self._api, message_id, "messages")

    def save_draft(self, draft: Draft) -> Receipt:
        """One POST of the mail as MIME, which becomes a draft (learn.microsoft.com/graph/outlook-send-mime-message)."""
        answer = self._api.request("POST", self._api.place("messages"), content=_mime(draft), headers=_AS_MIME, writes=True)
        try:
            return Receipt(text(answer.json().get("id")) or draft.message_id)
        except (ValueError, AttributeError):
            return Receipt(draft.message_id)

    def check(self) -> tuple[str, ...]:
        """Lists the folders, reads the newest mail."""
        there = folders(self._api, self._known)
        names = ", ".join(f.name for f in there[:8])
        lines = [f"{len(there)} {'folder' if len(there) == 1 else 'folders'} in Microsoft 365 for {self._api.mailbox}: {names}"]
        for folder in there:
            _, page = self._api.get(_of(folder), headers=_READING, top=1, **_WHOLE)
            messages, unreadable = self._read(folder, objects(page.get("value"))[:1])
            if messages or unreadable:
                lines.append("read a message" if messages else f"a message could not be read: {unreadable[0].reason}")
                break
        else:
            lines.append("no message in it yet")
        return (*lines, "the server is asked for news now and then")

    def close(self) -> None:
        """End the session. The next question begins another."""
        self._api.close()

    # --- following ---

    def _believe(self, marks: dict[str, _Mark], there: Sequence[Folder]) -> list[str]:
        """A mailbox that lost all its mail at once is not believed; a folder that did, or is gone, is mentioned."""
        before = {each: mark.total for each, mark in marks.items()}
        now = {folder.id: folder.total for folder in there}
        names = {folder.id: folder.name for folder in there}
        if sudden_loss.lost_everything(before, now):
            raise sudden_loss.emptied_mailbox_error(f"the mailbox of {self._api.mailbox}")
        for gone in marks.keys() - now.keys():
            del marks[gone]
        return [sudden_loss.emptied_folder_warning(names[each]) for each in sudden_loss.emptied_folders(before, now)]

    def _news(self, folder: Folder, marks: dict[str, _Mark], since: datetime, warnings: list[str]) -> Iterator[Batch]:
        mark = marks.get(folder.id)
        if mark is not None and mark.delta and mark.since is None and not self._changes(mark):
            warnings.append(_BEGAN)
            mark = None
        if mark is None or not mark.delta:
            mark = marks[folder.id] = _Mark(self._beginning(folder), _written(since - timedelta(days=1)))
        yield from self._listing(folder, mark, since)
        yield from self._told(folder, mark, since)

    def _beginning(self, folder: Folder) -> str:
        """The link that tells what changes from now on. The ids on the way to it are those that the list will bring."""
        link = ""
        for page in self._api.pages(f"{_of(folder)}/delta", headers=_IDS, select="id"):
            link = text(page.get("@odata.deltaLink"))
        if not link:
            raise ConnectorError("Microsoft 365 gave an answer that makes no sense; it is tried again later")
        return link

    def _listing(self, folder: Folder, mark: _Mark, since: datetime) -> Iterator[Batch]:
        """The folder's mail from the mark's moment on; the moment moves with each page."""
        if mark.since is None:
            return
        filters = f"receivedDateTime ge {mark.since}"
        for page in self._api.pages(
            _of(folder), headers=_READING, filter=filters, orderby="receivedDateTime", top=PAGE, **_WHOLE
        ):
            found = objects(page.get("value"))
            messages, unreadable = self._read(folder, found)
            moments = [m for one in found if (m := reader.moment(one.get("receivedDateTime"))) is not None]
            mark.since = _written(max(moments)) if moments else mark.since
            if found:
                yield Batch(tuple(m for m in messages if m.received >= since), "", unreadable)
        mark.since = None

    def _changes(self, mark: _Mark) -> bool:
        """Note what the delta tells. False where its link is no longer honoured."""
        link, told, seen = mark.delta, dict.fromkeys(mark.todo), set[str]()
        while True:
            if link in seen:
                raise ConnectorError("the list of pages at Microsoft 365 does not end; it is tried again later")
            seen.add(link)
            status, page = self._api.get(link, headers=_IDS, allow=STALE)
            if status in STALE:
                return False
            told |= dict.fromkeys(
                text(one.get("id")) for one in objects(page.get("value")) if "@removed" not in one and one.get("id")
            )
            link = text(page.get("@odata.nextLink"))
            if not link:
                mark.delta, mark.todo = text(page.get("@odata.deltaLink")) or mark.delta, list(told)
                return True

    def _told(self, folder: Folder, mark: _Mark, since: datetime) -> Iterator[Batch]:
        """Read what the delta told, one by one. What went away meanwhile is no loss."""
        while mark.todo:
            part = mark.todo[:PAGE]
            found: list[Mapping[str, Any]] = []
            for one in part:
                status, resource = self._api.get(f"messages/{path_segment(one)}", headers=_READING, allow=(404,), **_WHOLE)
                found += [resource] if status != 404 else []
            messages, unreadable = self._read(folder, found)
            mark.todo = mark.todo[len(part) :]
            yield Batch(tuple(m for m in messages if m.received >= since), "", unreadable)

    # --- reading ---

    def _read(self, folder: Folder, found: Sequence[Mapping[str, Any]]) -> tuple[tuple[Message, ...], tuple[Unreadable, ...]]:
        messages: list[Message] = []
        unreadable: list[Unreadable] = []
        for resource in found:
            if resource.get("isDraft") is True:
                continue
            try:
                attached = self._attachments(resource)
                messages.append(reader.read(resource, folder.name, folder.role, attached, self._authserv_id))
            except ValueError as error:
                unreadable.append(Unreadable(f"{folder.name}/{text(resource.get('id'))[:80]}", str(error)))
        return tuple(messages), tuple(unreadable)

    def _attachments(self, resource: Mapping[str, Any]) -> tuple[Any, ...]:
        if resource.get("hasAttachments") is not True:
            return ()
        path = f"messages/{path_segment(text(resource.get('id')))}/attachments"
        status, page = self._api.get(path, headers=_READING, allow=(404,), select="name,contentType,size")
        return reader.attachments(page.get("value")) if status != 404 else ()


class GraphTransport:
    """Sends by Graph, as the signed-in user or in the name of `mailbox`."""

    def __init__(self, access: Access, endpoint: str | None = None, mailbox: str | None = None, timeout: float = 60) -> None:
        self._api = GraphApi(access, endpoint, mailbox, timeout)

    def send(self, draft: Draft) -> Receipt:
        """One sendMail of the mail as MIME; the server puts a copy into Sent Items."""
        if not (draft.to or draft.cc):
            raise ConnectorError("the mail has no recipient", permanent=True)
        answer = self._api.request("POST", self._api.place("sendMail"), content=_mime(draft), headers=_AS_MIME, writes=True)
        return Receipt(answer.headers.get("request-id") or draft.message_id)

    def was_sent(self, message_id: str) -> bool | None:
        """Looks into Sent Items and what still waits to leave; None where Kept was given no permission to read."""
        try:
            return any(_find(self._api, message_id, f"mailFolders/{folder}/messages") for folder in ("sentitems", "outbox"))
        except ConnectorError as error:
            if error.permanent:
                return None
            raise

    def check(self) -> tuple[str, ...]:
        """Looks at Sent Items. Whether sending is allowed shows only when something is sent."""
        self._api.get("mailFolders/sentitems", select="id")
        return (f"signed in at Microsoft 365; mail goes out as {self._api.mailbox}",)

    def close(self) -> None:
        """End the session. Harmless where there is none."""
        self._api.close()


_WHOLE: Mapping[str, Any] = {"select": reader.SELECT, "expand": reader.EXPAND}
_AS_MIME = {"Content-Type": "text/plain"}


def _of(folder: Folder) -> str:
    return f"mailFolders/{path_segment(folder.id)}/messages"


def _mime(draft: Draft) -> bytes:
    """The mail with the header that `find` recognises should the server give it another Message-ID."""
    return base64.b64encode(mime.render(mime.with_id_header(draft)))


def _find(api: GraphApi, message_id: str, place: str) -> bool:
    """By its Message-ID, else by the header of ours (learn.microsoft.com/graph/api/singlevaluelegacyextendedproperty-get)."""
    named = f"ep/id eq {literal(reader.OURS_PROPERTY)} and ep/value eq {literal(message_id)}"
    for asked in (f"internetMessageId eq {literal(message_id)}", f"singleValueExtendedProperties/any(ep:{named})"):
        _, page = api.get(place, headers=_IDS, filter=asked, select="id", top=1)
        if objects(page.get("value")):
            return True
    return False


def _written(moment: datetime) -> str:
    """A moment as OData writes it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _marks(cursor: str | None) -> dict[str, _Mark]:
    """A cursor that is not one of ours means reading everything again."""
    try:
        return {
            folder: _Mark(str(d), s, int(n), [str(i) for i in todo])
            for folder, (d, s, n, todo) in json.loads(cursor or "{}").items()
        }
    except (ValueError, TypeError, AttributeError):
        return {}


def _cursor(marks: Mapping[str, _Mark]) -> str:
    return json.dumps(
        {f: [m.delta, m.since, m.total, m.todo] for f, m in marks.items()}, ensure_ascii=False, separators=(",", ":")
    )

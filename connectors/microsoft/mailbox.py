"""A mailbox in Microsoft 365, and its mail transport, by Microsoft Graph.

Each folder is polled by a delta query (learn.microsoft.com/graph/delta-query-messages) that returns only ids. The first time, a delta
link is taken, then the folder is listed by time of arrival, oldest first; the delta reports what arrives meanwhile, so nothing is lost
and nothing older than `since` is fetched. (A delta that filters by time is unfit for the first reading: it returns 5,000 messages at
most; learn.microsoft.com/graph/api/message-delta.) The cursor holds each folder's delta link and how far the listing came.
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
from connectors.formats import body, mime
from connectors.formats.body import Body
from connectors.formats.folder_roles import UNREAD_ROLES
from connectors.mail import Attachment, Batch, Draft, Itip, Message, Receipt, Role, Unreadable
from connectors.microsoft import reader
from connectors.microsoft.api import IMMUTABLE, PLAIN, STALE, GraphApi, odata_string
from connectors.microsoft.folders import Folder, folders
from connectors.net import sudden_loss
from connectors.net.http import Access
from connectors.net.json_values import objects, path_segment, text

PAGE, IDS = 50, 500  # messages, or ids alone, in one response
_READING = {"Prefer": f"{IMMUTABLE}, {PLAIN}, odata.maxpagesize={PAGE}"}
_IDS = {"Prefer": f"{IMMUTABLE}, odata.maxpagesize={IDS}"}
_LINK_EXPIRED = "Microsoft 365 could no longer tell what changed since the last poll, so everything is read again"


@dataclasses.dataclass(slots=True)
class _Mark:
    """How far a folder was read: its delta link, the time from which it must still be listed, and its number of messages."""

    delta: str = ""
    since: str | None = None
    total: int = 0
    unread: list[str] = dataclasses.field(default_factory=list)  # ids that the delta reported and that were not fetched yet


class GraphMailbox:
    """A mailbox by Graph: the user's own, or with `mailbox` another one that the user may open.

    `authserv_id` names the server whose Authentication-Results are believed; without it the topmost is.
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
        self._well_known: dict[str, str] = {}  # a folder's id -> its well-known name

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        """Yield what is new: INBOX first, then sent mail, then the other folders by name."""
        marks = _marks(cursor)
        there = folders(self._api, self._well_known)
        warnings = self._check_sudden_loss(marks, there)
        counts: dict[str, int] = {}
        for folder in there:
            try:
                for batch in self._read_new(folder, marks, since, warnings):
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
        """Sleep, then return True: Graph notifies only servers that the internet can reach."""
        time.sleep(seconds)
        return True

    def has_message(self, message_id: str) -> bool:
        """Search the whole mailbox, drafts, sent mail and trash included."""
        return _find(self._api, message_id, "messages")

    def connect(self) -> None:
        """Have a token ready; each request has a connection of its own, and one that cannot be made has sent nothing."""
        self._api.connect()

    def save_draft(self, draft: Draft) -> Receipt:
        """Create a draft by one POST of the mail as MIME (learn.microsoft.com/graph/outlook-send-mime-message)."""
        answer = self._api.request("POST", self._api.path_of("messages"), content=_mime(draft), headers=_AS_MIME, writes=True)
        try:
            return Receipt(text(answer.json().get("id")) or draft.message_id)
        except (ValueError, AttributeError):
            return Receipt(draft.message_id)

    def remove_draft(self, message_id: str, receipt: str, content: str) -> bool:
        """One DELETE, which moves it to Deleted Items (learn.microsoft.com/graph/api/message-delete)."""
        path = f"messages/{path_segment(receipt)}"
        status, resource = self._api.get(path, headers=_IDS, allow=(400, 404), select="isDraft,parentFolderId")
        if status >= 300 or resource.get("isDraft") is not True:
            return False
        _, drafts = self._api.get("mailFolders/drafts", headers=_IDS, select="id")
        if resource.get("parentFolderId") != drafts.get("id"):
            return False
        whole = self._api.request("GET", self._api.path_of(f"{path}/$value"), headers=_IDS, allow=(404,))
        if whole.status >= 300 or not mime.is_unchanged(whole.content, message_id, content):
            return False
        return self._api.request("DELETE", self._api.path_of(path), headers=_IDS, writes=True, allow=(404,)).status < 300

    def check(self) -> tuple[str, ...]:
        """List the folders and read the newest message."""
        there = folders(self._api, self._well_known)
        names = ", ".join(f.name for f in there[:8])
        lines = [f"{len(there)} {'folder' if len(there) == 1 else 'folders'} in Microsoft 365 for {self._api.mailbox} ({names})"]
        for folder in there:
            _, page = self._api.get(_of(folder), headers=_READING, top=1, **_WHOLE)
            messages, unreadable = self._read(folder, objects(page.get("value"))[:1])
            if messages or unreadable:
                lines.append("a message could be read" if messages else f"a message could not be read: {unreadable[0].reason}")
                break
        else:
            lines.append("there is no message yet")
        return (*lines, "Kept checks for new mail every few minutes")

    def close(self) -> None:
        """End the session; the next request opens another."""
        self._api.close()

    # --- polling ---

    def _check_sudden_loss(self, marks: dict[str, _Mark], existing: Sequence[Folder]) -> list[str]:
        """Return warnings of folders that are suddenly empty; forget those deleted. Raises ConnectorError for an empty mailbox."""
        before = {each: mark.total for each, mark in marks.items()}
        now = {folder.id: folder.total for folder in existing}
        names = {folder.id: folder.name for folder in existing}
        if sudden_loss.lost_everything(before, now):
            raise sudden_loss.emptied_mailbox_error(f"the mailbox of {self._api.mailbox}")
        for gone in marks.keys() - now.keys():
            del marks[gone]
        return [sudden_loss.emptied_folder_warning(names[each]) for each in sudden_loss.emptied_folders(before, now)]

    def _read_new(self, folder: Folder, marks: dict[str, _Mark], since: datetime, warnings: list[str]) -> Iterator[Batch]:
        mark = marks.get(folder.id)
        if mark is not None and mark.delta and mark.since is None and not self._changes(mark):
            warnings.append(_LINK_EXPIRED)
            mark = None
        if mark is None or not mark.delta:
            mark = marks[folder.id] = _Mark(self._first_link(folder), _odata_time(since - timedelta(days=1)))
        yield from self._listing(folder, mark, since)
        yield from self._fetch_unread(folder, mark, since)

    def _first_link(self, folder: Folder) -> str:
        """Return the link that reports changes from now on; the ids on the way to it come with the listing."""
        link = ""
        for page in self._api.pages(f"{_of(folder)}/delta", headers=_IDS, select="id"):
            link = text(page.get("@odata.deltaLink"))
        if not link:
            raise ConnectorError("Microsoft 365 sent a response that cannot be understood; it will be tried again later")
        return link

    def _listing(self, folder: Folder, mark: _Mark, since: datetime) -> Iterator[Batch]:
        """Yield the folder's messages from the mark's time on, moving it with each page."""
        if mark.since is None:
            return
        filters = f"receivedDateTime ge {mark.since}"
        for page in self._api.pages(
            _of(folder), headers=_READING, filter=filters, orderby="receivedDateTime", top=PAGE, **_WHOLE
        ):
            resources = objects(page.get("value"))
            messages, unreadable = self._read(folder, resources)
            times = [at for one in resources if (at := reader.moment(one.get("receivedDateTime"))) is not None]
            mark.since = _odata_time(max(times)) if times else mark.since
            if resources:
                yield Batch(tuple(m for m in messages if m.received >= since), "", unreadable)
        mark.since = None

    def _changes(self, mark: _Mark) -> bool:
        """Add the ids that the delta reports to the mark; return False where its link is no longer honoured."""
        link, reported, seen = mark.delta, dict.fromkeys(mark.unread), set[str]()
        while True:
            if link in seen:
                raise ConnectorError("the list of pages at Microsoft 365 does not end; it will be tried again later")
            seen.add(link)
            status, page = self._api.get(link, headers=_IDS, allow=STALE)
            if status in STALE:
                return False
            reported |= dict.fromkeys(
                text(one.get("id")) for one in objects(page.get("value")) if "@removed" not in one and one.get("id")
            )
            link = text(page.get("@odata.nextLink"))
            if not link:
                mark.delta, mark.unread = text(page.get("@odata.deltaLink")) or mark.delta, list(reported)
                return True

    def _fetch_unread(self, folder: Folder, mark: _Mark, since: datetime) -> Iterator[Batch]:
        """Fetch the messages that the delta reported; those deleted meanwhile are left out."""
        while mark.unread:
            part = mark.unread[:PAGE]
            resources: list[Mapping[str, Any]] = []
            for one in part:
                status, resource = self._api.get(f"messages/{path_segment(one)}", headers=_READING, allow=(404,), **_WHOLE)
                resources += [resource] if status != 404 else []
            messages, unreadable = self._read(folder, resources)
            mark.unread = mark.unread[len(part) :]
            yield Batch(tuple(m for m in messages if m.received >= since), "", unreadable)

    # --- reading ---

    def _read(self, folder: Folder, resources: Sequence[Mapping[str, Any]]) -> tuple[tuple[Message, ...], tuple[Unreadable, ...]]:
        messages: list[Message] = []
        unreadable: list[Unreadable] = []
        for resource in resources:
            if resource.get("isDraft") is True and folder.role is not Role.SENT:
                continue  # one that a program filed among sent mail is read, and is in doubt
            try:
                message = reader.read(resource, self._body(resource), folder.name, folder.role, self._authserv_id)
                message = dataclasses.replace(message, itip=self._calendar_message(resource))
            except ConnectorError:
                raise
            except Exception as error:  # noqa: BLE001  # whatever is wrong at this one mail must not cost the others
                unreadable.append(mime.failed(f"{folder.name}/{text(resource.get('id'))[:80]}", error))
            else:
                messages += [message] if message.role not in UNREAD_ROLES else []
        return tuple(messages), tuple(unreadable)

    def _body(self, resource: Mapping[str, Any]) -> Body:
        """Return the body as Graph shows it or, where that leaves words out, as the message itself has it."""
        stated = resource.get("body")
        wordless = not (isinstance(stated, dict) and text(stated.get("content")).strip())
        attached = self._attachments(resource) if wordless or resource.get("hasAttachments") is True else ()
        return body.of_whole_item(reader.shown_body(resource, attached), attached, lambda: self._whole_body(resource))

    def _whole_body(self, resource: Mapping[str, Any]) -> Body | None:
        """Return the body out of the message's MIME (learn.microsoft.com/graph/outlook-get-mime-message)."""
        path = self._api.path_of(f"messages/{path_segment(text(resource.get('id')))}/$value")
        answer = self._api.request("GET", path, headers=_IDS, allow=(403, 404))
        return mime.read_body(answer.content) if answer.status < 300 else None

    def _calendar_message(self, resource: Mapping[str, Any]) -> Itip | None:
        """Return the calendar message of an eventMessage: its MIME content has what Graph's properties leave out (message-get, $value)."""
        if "eventmessage" not in text(resource.get("@odata.type")).lower():
            return None
        path = self._api.path_of(f"messages/{path_segment(text(resource.get('id')))}/$value")
        answer = self._api.request("GET", path, headers=_READING, allow=(400, 403, 404))
        return mime.calendar_message(answer.content) if answer.status < 300 else None

    def _attachments(self, resource: Mapping[str, Any]) -> tuple[Attachment, ...]:
        path = f"messages/{path_segment(text(resource.get('id')))}/attachments"
        status, page = self._api.get(path, headers=_READING, allow=(404,), select="name,contentType,size")
        return reader.attachments(page.get("value")) if status != 404 else ()


class GraphTransport:
    """Sends by Graph, as the signed-in user or from the shared `mailbox`."""

    def __init__(self, access: Access, endpoint: str | None = None, mailbox: str | None = None, timeout: float = 60) -> None:
        self._api = GraphApi(access, endpoint, mailbox, timeout)

    def connect(self) -> None:
        """Have a token ready; each request has a connection of its own, and one that cannot be made has sent nothing."""
        self._api.connect()

    def send(self, draft: Draft) -> Receipt:
        """Send by one sendMail of the mail as MIME; the server saves a copy in Sent Items."""
        if not (draft.to or draft.cc):
            raise ConnectorError("the email has no recipient", permanent=True)
        answer = self._api.request("POST", self._api.path_of("sendMail"), content=_mime(draft), headers=_AS_MIME, writes=True)
        return Receipt(answer.headers.get("request-id") or draft.message_id)

    def was_sent(self, message_id: str) -> bool | None:
        """Search Sent Items and Outbox; return None where Kept has no permission to read."""
        try:
            return any(_find(self._api, message_id, f"mailFolders/{folder}/messages") for folder in ("sentitems", "outbox"))
        except ConnectorError as error:
            if error.permanent:
                return None
            raise

    def check(self) -> tuple[str, ...]:
        """Read Sent Items; whether sending is allowed shows only when a mail is sent."""
        self._api.get("mailFolders/sentitems", select="id")
        return (f"signed in to Microsoft 365; mail is sent from {self._api.mailbox}",)

    def close(self) -> None:
        """End the session, if there is one."""
        self._api.close()


_WHOLE: Mapping[str, Any] = {"select": reader.SELECT, "expand": reader.EXPAND}
_AS_MIME = {"Content-Type": "text/plain"}


def _of(folder: Folder) -> str:
    return f"mailFolders/{path_segment(folder.id)}/messages"


def _mime(draft: Draft) -> bytes:
    """Return the mail as base64, with the header by which it is found should the server replace its Message-ID."""
    return base64.b64encode(mime.render(mime.with_id_header(draft)))


def _find(api: GraphApi, message_id: str, path: str) -> bool:
    """Return whether a message is found by its Message-ID, else by our header (learn.microsoft.com/graph/api/singlevaluelegacyextendedproperty-get)."""
    ours = f"ep/id eq {odata_string(reader.OURS_PROPERTY)} and ep/value eq {odata_string(message_id)}"
    for condition in (f"internetMessageId eq {odata_string(message_id)}", f"singleValueExtendedProperties/any(ep:{ours})"):
        _, page = api.get(path, headers=_IDS, filter=condition, select="id", top=1)
        if objects(page.get("value")):
            return True
    return False


def _odata_time(moment: datetime) -> str:
    """Return a time as OData writes it."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _marks(cursor: str | None) -> dict[str, _Mark]:
    """Return the marks of a cursor; none, so that everything is read again, for a cursor of another format."""
    try:
        marks = {folder: _Mark(d, s, int(n), list(todo)) for folder, (d, s, n, todo) in json.loads(cursor or "{}").items()}
        texts = [text for mark in marks.values() for text in (mark.delta, mark.since or "", *mark.unread)]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {}
    return marks if all(isinstance(text, str) for text in texts) else {}


def _cursor(marks: Mapping[str, _Mark]) -> str:
    return json.dumps(
        {f: [m.delta, m.since, m.total, m.unread] for f, m in marks.items()}, ensure_ascii=False, separators=(",", ":")
    )

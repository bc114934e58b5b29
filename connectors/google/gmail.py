"""A Gmail mailbox, by Gmail's API.

The first sync lists the mail in spans of time, oldest first, and reads it in batches; the cursor holds where the next span begins and
what of this one is still to be read. Afterwards the history of changes says what arrived (developers.google.com/workspace/gmail/api/
guides/sync). Where Google no longer keeps the history, everything is listed again. A mail that could not be read just now stays in the
cursor until it is read.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.formats.folder_roles import UNREAD_ROLES
from connectors.google import gmail_reader, gmail_search
from connectors.google.api import BATCH, GoneError, GoogleApi, compact_json, json_object
from connectors.google.auth import COMPOSE, READ, SCOPE_PURPOSES
from connectors.google.gmail_reader import SKIPPED_LABELS
from connectors.google.gmail_search import MESSAGES
from connectors.google.gmail_transport import answered_id, message_body
from connectors.mail import Batch, Draft, Message, Receipt, Unreadable
from connectors.net import sudden_loss, web_mail
from connectors.net.http import Access, Response
from connectors.net.json_values import objects, text

SPAN, LONGEST_SPAN = 30 * 86400, 360 * 86400  # seconds of mail listed at a time, and where there is none for long
_TEMPORARY = frozenset({0, 401, 408, 429, 500, 502, 503, 504})
_COUNTED = {"INBOX": "INBOX", "SENT": "Sent"}  # beside the user's own labels
_ROUNDS = 3  # of fetching parts that did not come along
_DEFERRED = "{} emails at Gmail could not be read just now; Kept will try again soon"
_HISTORY_LOST = "Google no longer keeps the changes since Kept last looked, so Kept reads the whole mailbox again"


@dataclasses.dataclass(slots=True)
class _Cursor:
    """How far a mailbox was read.

    The history up to which it was followed, the second since 1970 at which the listing goes on (None: it is done), the ids still to
    be read, and the number of mails in each folder.
    """

    history: str
    list_from: int | None
    pending: list[str] = dataclasses.field(default_factory=list)
    counts: dict[str, int] = dataclasses.field(default_factory=dict)

    @classmethod
    def parse(cls, cursor: str | None) -> _Cursor | None:
        """Return None where there is no cursor, or none of Gmail's: then everything is read."""
        with contextlib.suppress(ValueError, TypeError, AttributeError, RecursionError):
            history, list_from, pending, counts = json.loads(cursor or "")
            read = cls(history, list_from, list(pending), {label: int(count) for label, count in dict(counts).items()})
            if history.isdigit() and isinstance(list_from, int | None) and all(isinstance(i, str) for i in read.pending):
                return read
        return None

    def text(self) -> str:
        return compact_json([self.history, self.list_from, self.pending, self.counts])


@dataclasses.dataclass(slots=True)
class _Poll:
    """One poll: its cursor, the user's labels by id, the labels whose counts may have changed, the ids of the mails that could
    not be read just now, and what to tell the user.
    """

    cursor: _Cursor
    since: datetime
    labels: dict[str, str] | None = None
    touched: set[str] = dataclasses.field(default_factory=set)
    failed: list[str] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)


class _Mails(NamedTuple):
    """Mails that were read, those that cannot be read, and (id, error) of those that could not be read just now."""

    messages: list[Message]
    unreadable: list[Unreadable]
    failed: list[tuple[str, ConnectorError]]


class GmailMailbox:
    """A mailbox at Gmail. `authserv_id` names the servers whose Authentication-Results are trusted."""

    def __init__(self, access: Access, endpoint: str | None = None, authserv_id: str | None = "mx.google.com") -> None:
        self._api = GoogleApi(access, "gmail.v1", SCOPE_PURPOSES[READ], endpoint)
        self._drafts = GoogleApi(access, "gmail.v1", SCOPE_PURPOSES[COMPOSE], endpoint)
        self._authserv_id = authserv_id

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        """Yield what is new since `cursor`, in the order in which it came."""
        poll = _Poll(_Cursor.parse(cursor) or self._first_cursor(since), since)
        yield from self._read_pending(poll)
        if poll.cursor.list_from is None:
            yield from self._follow_history(poll)
        if poll.cursor.list_from is not None:
            yield from self._list_mail(poll)
            yield from self._follow_history(poll)
        if poll.touched:
            self._count(poll)
        if poll.failed:
            poll.warnings.append(_DEFERRED.format(len(poll.failed)))
        yield Batch((), poll.cursor.text(), (), dict(poll.cursor.counts), tuple(poll.warnings), complete=True)

    def wait(self, seconds: float) -> bool:
        """Sleeps: Gmail pushes only to servers that the internet can reach (…/gmail/api/guides/push). There may be news afterwards."""
        time.sleep(seconds)
        return True

    def has_message(self, message_id: str) -> bool:
        """Asks for its Message-ID, then for Kept's own id among what was sent or drafted in the last month."""
        present = gmail_search.contains(self._api, message_id)
        if present is None:
            raise ConnectorError(f"{self._api.access.user} sent too much mail recently for Kept to search all of it")
        return present

    def connect(self) -> None:
        """Have a token ready; each request that writes has a connection of its own."""
        self._drafts.connect()

    def save_draft(self, draft: Draft) -> Receipt:
        """One drafts.create, in the thread of the mail that it answers."""
        message = message_body(draft, gmail_search.thread_of(self._api, draft))
        request = self._drafts.collection("users.drafts").create(userId="me", body={"message": message})
        return Receipt(answered_id(self._drafts.execute(request, writes=True).answer) or draft.message_id)

    def remove_draft(self, message_id: str, receipt: str, content: str) -> bool:
        """One drafts.delete, which is for good: users.drafts has no trash (…/gmail/api/guides/drafts)."""
        drafts = self._drafts.collection("users.drafts")
        answer = self._drafts.execute(drafts.get(userId="me", id=receipt, format="raw"), allow=(400, 404)).answer
        raw = gmail_search.raw_message(json_object(answer)) if answer.status < 300 else b""
        if not (raw and mime.is_unchanged(raw, message_id, content)):
            return False
        return self._drafts.execute(drafts.delete(userId="me", id=receipt), writes=True, allow=(404,)).answer.status < 300

    def address(self) -> str:
        """Return the address that is signed in. Raises ConnectorError."""
        return text(self._profile().get("emailAddress")).lower()

    def check(self) -> tuple[str, ...]:
        """Asks for the profile, lists the labels, reads the newest mail."""
        who = self.address() or self._api.access.user
        labels = self._labels()
        names = ", ".join(["INBOX", "Sent", *sorted(labels.values())][:8])
        lines = [f"{len(labels) + 2} folders at Gmail for {who} ({names})"]
        ids = self._newest_id()
        mails = self._read(ids, labels)
        if mails.failed:
            raise mails.failed[0][1]
        if mails.unreadable:
            lines.append(f"a message could not be read: {mails.unreadable[0].reason}")
        else:
            lines.append("a message could be read" if mails.messages or ids else "there is no message yet")
        return (*lines, "Kept checks for new mail every few minutes")

    def close(self) -> None:
        """End the sessions. The next request begins another."""
        self._api.close()
        self._drafts.close()

    # --- what is to be read ---

    def _first_cursor(self, since: datetime) -> _Cursor:
        """Take the history first: what comes while the mail is listed is read afterwards."""
        history = text(self._profile().get("historyId"))
        if not history:
            raise ConnectorError("Google sent an answer that Kept could not read; Kept will try again later")
        return _Cursor(history, max(1, int((since - timedelta(days=1)).timestamp())))  # Gmail's date may differ from the mail's

    def _read_pending(self, poll: _Poll) -> Iterator[Batch]:
        """Read what the cursor still has to do, BATCH at a time; the cursor moves with each."""
        waiting = [gmail_id for gmail_id in poll.cursor.pending if gmail_id not in poll.failed]
        while waiting:
            part, waiting = waiting[:BATCH], waiting[BATCH:]
            mails = self._read(part, self._label_names(poll))
            poll.failed += [gmail_id for gmail_id, _ in mails.failed]
            poll.cursor.pending = poll.failed + waiting
            recent = tuple(m for m in mails.messages if m.received >= poll.since)
            yield Batch(recent, poll.cursor.text(), tuple(mails.unreadable), dict(poll.cursor.counts))
            rate_limit = next((error for _, error in mails.failed if error.retry_after is not None), None)
            if rate_limit is not None:
                raise rate_limit

    def _list_mail(self, poll: _Poll) -> Iterator[Batch]:
        """List the mail span by span and read it. The last span has no end: it holds what is newest."""
        newest = self._newest(poll)
        poll.touched.update(("INBOX", "SENT", *self._label_names(poll)))
        length = SPAN
        while poll.cursor.list_from is not None:
            start, end = poll.cursor.list_from, poll.cursor.list_from + length
            last = end > newest
            query = f"after:{start - 1}" if last else f"after:{start - 1} before:{end + 1}"  # whole seconds, both ends open
            ids = self._ids(query)
            poll.cursor.pending = list(dict.fromkeys((*poll.cursor.pending, *filter(None, reversed(ids)))))
            poll.cursor.list_from = None if last else end
            yield from self._read_pending(poll)
            length = SPAN if ids else min(length * 2, LONGEST_SPAN)

    def _newest(self, poll: _Poll) -> int:
        """Return when the newest mail came, in seconds since 1970, up to which the listing goes; 0 where there is none."""
        ids = self._newest_id(f"after:{poll.cursor.list_from}")
        if not ids:
            return 0
        request = self._api.collection(MESSAGES).get(userId="me", id=ids[0], format="minimal")
        _, message = self._api.read(request, allow=(404,))
        date = text(message.get("internalDate"))
        return int(date) // 1000 if date.isdecimal() else 0

    def _follow_history(self, poll: _Poll) -> Iterator[Batch]:
        """Read what came since the cursor's history, and what left junk or trash. Where that is too old, the listing begins again."""
        added: dict[str, None] = {}
        newest = poll.cursor.history
        history = self._api.collection("users.history")
        request = history.list(userId="me", startHistoryId=newest, maxResults=500)
        try:
            for page in self._api.pages(history, request, gone=(404,)):
                records = objects(page.get("history"))
                added |= dict.fromkeys(gmail_id for record in records for gmail_id in _arrived(record, poll.touched))
                newest = text(page.get("historyId")) or newest
        except GoneError:
            poll.cursor = dataclasses.replace(self._first_cursor(poll.since), counts=poll.cursor.counts)
            poll.warnings.append(_HISTORY_LOST)
            return
        poll.cursor.history = newest
        poll.cursor.pending = list(dict.fromkeys((*poll.cursor.pending, *filter(None, added))))
        yield from self._read_pending(poll)

    # --- reading ---

    def _profile(self) -> Mapping[str, Any]:
        return self._api.read(self._api.collection("users").getProfile(userId="me"))[1]

    def _ids(self, query: str) -> list[str]:
        """Return the ids of all mails that match a query of Gmail's search, newest first."""
        messages = self._api.collection(MESSAGES)
        pages = self._api.pages(messages, messages.list(userId="me", q=query, maxResults=500))
        return [text(item.get("id")) for page in pages for item in objects(page.get("messages"))]

    def _newest_id(self, query: str | None = None) -> list[str]:
        """Return the id of the newest mail that matches, alone; [] where there is none."""
        _, page = self._api.read(self._api.collection(MESSAGES).list(userId="me", q=query, maxResults=1))
        return [text(item.get("id")) for item in objects(page.get("messages"))][:1]

    def _read(self, ids: Sequence[str], labels: Mapping[str, str]) -> _Mails:
        mails = _Mails([], [], [])
        messages = self._api.collection(MESSAGES)
        requests = [messages.get(userId="me", id=gmail_id, format="full", fields=gmail_reader.FIELDS) for gmail_id in ids]
        answers = self._api.batch(requests) if requests else []
        for gmail_id, answer in zip(ids, answers, strict=True):
            try:
                message = self._message(gmail_id, answer, labels)
            except ConnectorError as error:
                mails.failed.append((gmail_id, error))
            except Exception as error:  # noqa: BLE001  # whatever is wrong at this one mail must not cost the others
                mails.unreadable.append(mime.failed(f"Gmail/{gmail_id}", error))
            else:
                mails.messages.extend([message] if message is not None else [])
        return mails

    def _message(self, gmail_id: str, answer: Response, labels: Mapping[str, str]) -> Message | None:
        """Return a mail out of a batch's answer; None where it was deleted meanwhile, or lies where Kept does not read.

        Raises ValueError where it cannot be read, ConnectorError where it could not be read just now.
        """
        if answer.status == 404:
            return None
        if answer.status != 200:
            error = self._api.failed(answer)
            raise error if answer.status in _TEMPORARY or error.retry_after is not None else ValueError(error.message)
        resource = json_object(answer)
        if not SKIPPED_LABELS.isdisjoint(gmail_reader.labels_of(resource)):
            return None
        mail = gmail_reader.Mail(resource)
        for _ in range(_ROUNDS):
            missing = mail.missing()
            for place, attachment_id in missing:
                mail.add(place, self._attachment(gmail_id, attachment_id))
            if not missing:
                break
        calendar = mail.missing_calendar()
        if calendar is not None:
            mail.add(calendar[0], self._attachment(gmail_id, calendar[1]))
        message = dataclasses.replace(
            mail.message(labels, self._authserv_id), web=web_mail.gmail(self._api.access.user, gmail_id)
        )
        return None if message.role in UNREAD_ROLES else message

    def _attachment(self, gmail_id: str, attachment_id: str) -> bytes:
        """Fetch a part that did not come along with its mail: a long text, one with a file's name, S/MIME, a calendar message."""
        attachments = self._api.collection("users.messages.attachments")
        request = attachments.get(userId="me", messageId=gmail_id, id=attachment_id)
        return gmail_reader.attachment_bytes(self._api.read(request)[1])

    def _label_names(self, poll: _Poll) -> dict[str, str]:
        """Return the user's labels by id, asked for once in a poll."""
        if poll.labels is None:
            poll.labels = self._labels()
        return poll.labels

    def _labels(self) -> dict[str, str]:
        _, answer = self._api.read(self._api.collection("users.labels").list(userId="me"))
        own = [label for label in objects(answer.get("labels")) if label.get("type") == "user"]
        names = {text(label.get("id")): text(label.get("name")) for label in own}
        return {label_id: name for label_id, name in names.items() if label_id and name}

    def _count(self, poll: _Poll) -> None:
        """Ask how many mails lie under the labels that were touched, and refuse to believe a mailbox that lost all of them."""
        names = {**_COUNTED, **self._label_names(poll)}
        touched = sorted(poll.touched & names.keys())
        before, counts = dict(poll.cursor.counts), poll.cursor.counts
        labels = self._api.collection("users.labels")
        for start in range(0, len(touched), BATCH):
            part = touched[start : start + BATCH]
            answers = self._api.batch([labels.get(userId="me", id=label_id) for label_id in part])
            for label_id, answer in zip(part, answers, strict=True):
                total = json_object(answer).get("messagesTotal") if answer.status == 200 else None
                if isinstance(total, int):
                    counts[names[label_id]] = total
        for name in counts.keys() - set(names.values()):
            del counts[name]
        self._refuse_sudden_loss(poll, before)

    def _refuse_sudden_loss(self, poll: _Poll, before: Mapping[str, int]) -> None:
        counts = poll.cursor.counts
        # An empty inbox alone is somebody's tidiness.
        if sudden_loss.lost_everything(before, counts) and not self._profile().get("messagesTotal"):
            raise sudden_loss.emptied_mailbox_error(f"the mailbox of {self._api.access.user} at Gmail")
        emptied = (name for name in sudden_loss.emptied_folders(before, counts) if name != "INBOX")
        poll.warnings += map(sudden_loss.emptied_folder_warning, emptied)


def _arrived(record: Mapping[str, Any], touched: set[str]) -> Iterator[str]:
    """Yield the ids of what a record of the history brought: new mail, and mail that left junk or trash.

    Adds the labels whose counts changed to `touched`.
    """
    for change in objects(record.get("messagesAdded")):
        message = _object(change.get("message"))
        labels = gmail_reader.labels_of(message)
        touched.update(labels or ("INBOX",))
        if message and SKIPPED_LABELS.isdisjoint(labels):
            yield text(message.get("id"))
    for change in objects(record.get("labelsRemoved")):
        message, labels = _object(change.get("message")), gmail_reader.labels_of(change)
        touched.update(labels)
        if not SKIPPED_LABELS.isdisjoint(labels):
            yield text(message.get("id"))
    for kind in ("messagesDeleted", "labelsAdded"):
        for change in objects(record.get(kind)):
            touched.update((*gmail_reader.labels_of(change), *gmail_reader.labels_of(_object(change.get("message")))))


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}

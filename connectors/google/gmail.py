"""A Gmail mailbox, and a way to send, by Gmail's API.

The first reading lists the mail in spans of time, oldest first, and reads it in batches; the cursor holds where the next span begins
and what of this one is still to be read. Afterwards the history of changes says what came (developers.google.com/workspace/gmail/api/guides/
sync). Where Google no longer keeps the history, everything is listed again. A mail that could not be had just now stays in the
cursor until it is read.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from connectors.errors import ConnectorError
from connectors.google import gmail_reader, gmail_search
from connectors.google.api import BATCH, GMAIL, UNITS, GoneError, GoogleApi, Part, as_json, told
from connectors.google.auth import COMPOSE, MEANINGS, READ, SEND
from connectors.google.gmail_reader import SKIPPED
from connectors.google.gmail_search import MESSAGES
from connectors.mail import Batch, Draft, Message, Receipt, Unreadable
from connectors.net import sudden_loss
from connectors.net.http import Access
from connectors.net.json_values import objects, path_segment, text

USER = "gmail/v1/users/me"
SPAN, LONGEST_SPAN = 30 * 86400, 360 * 86400  # seconds of mail listed at a time, and where there is none for long
_AGAIN = frozenset({0, 401, 408, 429, 500, 502, 503, 504})
_COUNTED = {"INBOX": "INBOX", "SENT": "Sent"}  # beside the user's own labels
_ANY = ("*",)  # in place of labels: nobody said which
_LATER = "{} of the mails at Gmail could not be read just now; that is tried again at the next look"
_FORGOTTEN = "Google no longer knew what had changed since the last look, so everything is read again"


@dataclasses.dataclass(slots=True)
class _Mark:
    """How far a mailbox was read: up to which history, from which second on the listing goes on, what is still to be read."""

    history: str
    span: int | None
    todo: list[str] = dataclasses.field(default_factory=list)
    folders: dict[str, int] = dataclasses.field(default_factory=dict)

    def cursor(self) -> str:
        return as_json([self.history, self.span, self.todo, self.folders])


@dataclasses.dataclass(slots=True)
class _Poll:
    """One pass: how far it is, the user's labels by id, those whose counts may have changed, the mails that could not be had
    just now, and what to tell a person.
    """

    mark: _Mark
    since: datetime
    labels: dict[str, str] | None = None
    touched: set[str] = dataclasses.field(default_factory=set)
    failed: list[str] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)


class GmailMailbox:
    """A mailbox at Gmail. `authserv_id` names the servers whose Authentication-Results are believed."""

    def __init__(self, access: Access, endpoint: str | None = None, authserv_id: str | None = "mx.google.com") -> None:
        self._api = GoogleApi(access, endpoint or GMAIL, MEANINGS[READ])
        self._drafts = GoogleApi(access, endpoint or GMAIL, MEANINGS[COMPOSE])
        self._authserv_id = authserv_id

    def poll(self, cursor: str | None, since: datetime) -> Iterator[Batch]:
        """Yield what is new since `cursor`, in the order in which it came."""
        poll = _Poll(_mark(cursor) or self._beginning(since), since)
        yield from self._rest(poll)
        if poll.mark.span is None:
            yield from self._changes(poll)
        if poll.mark.span is not None:
            yield from self._listing(poll)
            yield from self._changes(poll)
        if poll.touched:
            self._count(poll)
        if poll.failed:
            poll.warnings.append(_LATER.format(len(poll.failed)))
        yield Batch((), poll.mark.cursor(), (), dict(poll.mark.folders), tuple(poll.warnings), complete=True)

    def wait(self, seconds: float) -> bool:
        """Sleeps: Gmail pushes only to servers that the internet can reach (…/gmail/api/guides/push). Something may be there."""
        time.sleep(seconds)
        return True

    def has_message(self, message_id: str) -> bool:
        """Asks for its Message-ID, then for ours among what was sent or drafted in the last month."""
        found = gmail_search.find(self._api, message_id)
        if found is None:
            raise ConnectorError(f"so much was sent by {self._api.access.user} of late that not all of it could be searched")
        return found

    def save_draft(self, draft: Draft) -> Receipt:
        """One drafts.create, in the thread of the mail that it answers."""
        message = _with_thread(draft, gmail_search.thread(self._api, draft))
        answer = self._drafts.request(
            "POST", f"{USER}/drafts", body={"message": message}, writes=True, units=UNITS["drafts.create"]
        )
        return Receipt(_reference(answer.content) or draft.message_id)

    def address(self) -> str:
        """Who is signed in. Raises ConnectorError."""
        _, profile = self._api.get(f"{USER}/profile", UNITS["getProfile"])
        return text(profile.get("emailAddress")).lower()

    def check(self) -> tuple[str, ...]:
        """Asks for the profile, lists the labels, reads the newest mail."""
        who = self.address() or self._api.access.user
        labels = self._labels()
        names = ", ".join(["INBOX", "Sent", *sorted(labels.values())][:8])
        lines = [f"{len(labels) + 2} folders at Gmail for {who}: {names}"]
        _, newest = self._api.get(MESSAGES, UNITS["messages.list"], maxResults=1)
        ids = [text(one.get("id")) for one in objects(newest.get("messages"))]
        messages, unreadable, failed = self._read(ids, labels)
        if failed:
            raise failed[0][1]
        if unreadable:
            lines.append(f"a message could not be read: {unreadable[0].reason}")
        else:
            lines.append("read a message" if messages or ids else "no message in it yet")
        return (*lines, "the server is asked for news now and then")

    def close(self) -> None:
        """End the sessions. The next request begins another."""
        self._api.close()
        self._drafts.close()

    # --- what there is ---

    def _beginning(self, since: datetime) -> _Mark:
        """The history is taken first: what comes while the mail is listed is read afterwards."""
        _, profile = self._api.get(f"{USER}/profile", UNITS["getProfile"])
        history = text(profile.get("historyId"))
        if not history:
            raise ConnectorError("Google gave an answer that makes no sense; it is tried again later")
        return _Mark(history, max(1, int((since - timedelta(days=1)).timestamp())))  # Gmail's date may be another than the mail's

    def _rest(self, poll: _Poll) -> Iterator[Batch]:
        """Read what the mark still has to do, BATCH at a time; the mark moves with each."""
        waiting = [one for one in poll.mark.todo if one not in poll.failed]
        while waiting:
            part, waiting = waiting[:BATCH], waiting[BATCH:]
            messages, unreadable, failed = self._read(part, self._named(poll))
            poll.failed += [one for one, _ in failed]
            poll.mark.todo = poll.failed + waiting
            kept = tuple(m for m in messages if m.received >= poll.since)
            yield Batch(kept, poll.mark.cursor(), unreadable, dict(poll.mark.folders))
            slower = next((e for _, e in failed if e.retry_after is not None), None)
            if slower is not None:
                raise slower

    def _listing(self, poll: _Poll) -> Iterator[Batch]:
        """List the mail span by span and read it. The last span has no end: it holds what is newest."""
        newest = self._newest(poll)
        poll.touched.update(("INBOX", "SENT", *self._named(poll)))
        length = SPAN
        while poll.mark.span is not None:
            start, end = poll.mark.span, poll.mark.span + length
            last = end > newest
            query = f"after:{start - 1}" if last else f"after:{start - 1} before:{end + 1}"  # whole seconds, both ends open
            pages = self._api.pages(MESSAGES, UNITS["messages.list"], q=query, maxResults=500)
            ids = [text(one.get("id")) for page in pages for one in objects(page.get("messages"))]
            poll.mark.todo = list(dict.fromkeys((*poll.mark.todo, *filter(None, reversed(ids)))))
            poll.mark.span = None if last else end
            yield from self._rest(poll)
            length = SPAN if ids else min(length * 2, LONGEST_SPAN)

    def _newest(self, poll: _Poll) -> int:
        """When the newest mail came, in seconds since 1970: the listing has to go so far."""
        _, answer = self._api.get(MESSAGES, UNITS["messages.list"], q=f"after:{poll.mark.span}", maxResults=1)
        ids = [text(one.get("id")) for one in objects(answer.get("messages"))]
        if not ids:
            return 0
        _, message = self._api.get(f"{MESSAGES}/{path_segment(ids[0])}", UNITS["messages.get"], allow=(404,), format="minimal")
        said = text(message.get("internalDate"))
        return int(said) // 1000 if said.isdecimal() else 0

    def _changes(self, poll: _Poll) -> Iterator[Batch]:
        """Read what came since the mark's history, and what left junk or trash. Where it is too old, the listing begins anew."""
        added: dict[str, None] = {}
        newest = poll.mark.history
        try:
            for page in self._api.pages(
                f"{USER}/history", UNITS["history.list"], gone=(404,), startHistoryId=newest, maxResults=500
            ):
                added |= dict.fromkeys(one for record in objects(page.get("history")) for one in _arrived(record, poll.touched))
                newest = text(page.get("historyId")) or newest
        except GoneError:
            poll.mark = dataclasses.replace(self._beginning(poll.since), folders=poll.mark.folders)
            poll.warnings.append(_FORGOTTEN)
            return
        poll.mark.history = newest
        poll.mark.todo = list(dict.fromkeys((*poll.mark.todo, *filter(None, added))))
        yield from self._rest(poll)

    # --- reading ---

    def _read(
        self, ids: Sequence[str], labels: Mapping[str, str]
    ) -> tuple[tuple[Message, ...], tuple[Unreadable, ...], tuple[tuple[str, ConnectorError], ...]]:
        """These mails; those that cannot be read; and those that could not be had just now, with what Google said."""
        messages: list[Message] = []
        unreadable: list[Unreadable] = []
        failed: list[tuple[str, ConnectorError]] = []
        paths = [f"{MESSAGES}/{path_segment(one)}" for one in ids]
        parts = self._api.many(paths, UNITS["messages.get"], format="full", fields=gmail_reader.FIELDS) if paths else []
        for one, part in zip(ids, parts, strict=True):
            try:
                message = self._message(one, part, labels)
            except ValueError as error:
                unreadable.append(Unreadable(f"Gmail/{one}", str(error)))
            except ConnectorError as error:
                failed.append((one, error))
            else:
                messages += [message] if message is not None else []
        return tuple(messages), tuple(unreadable), tuple(failed)

    def _message(self, one: str, part: Part, labels: Mapping[str, str]) -> Message | None:
        """A mail out of a batch's answer; None where it was deleted while we asked, or lies where Kept does not read.

        ValueError where it cannot be read, ConnectorError where it could not be had just now.
        """
        if part.status == 404:
            return None
        if part.status != 200:
            error = self._api.failed(part)
            raise error if part.status in _AGAIN or error.retry_after is not None else ValueError(error.message)
        resource = told(part.answer)
        if not SKIPPED.isdisjoint(gmail_reader.labels_of(resource)):
            return None
        return gmail_reader.read(resource, labels, self._authserv_id, self._words(one, resource))

    def _words(self, one: str, resource: Mapping[str, Any]) -> bytes | None:
        """A long text that did not come along with its mail."""
        part = gmail_reader.missing_words(resource)
        if part is None:
            return None
        path = f"{MESSAGES}/{path_segment(one)}/attachments/{path_segment(part)}"
        return gmail_reader.bytes_of(self._api.get(path, UNITS["messages.attachments.get"])[1])

    def _named(self, poll: _Poll) -> dict[str, str]:
        """The user's labels, asked for once in a poll."""
        if poll.labels is None:
            poll.labels = self._labels()
        return poll.labels

    def _labels(self) -> dict[str, str]:
        _, answer = self._api.get(f"{USER}/labels", UNITS["labels.list"])
        found = (
            (text(one.get("id")), text(one.get("name"))) for one in objects(answer.get("labels")) if one.get("type") == "user"
        )
        return {one: name for one, name in found if one and name}

    def _count(self, poll: _Poll) -> None:
        """Ask how many mails lie under the labels that were touched; a mailbox that lost all of them is not believed."""
        names = {**_COUNTED, **self._named(poll)}
        asked = sorted(names if poll.touched.issuperset(_ANY) else poll.touched & names.keys())
        before, now = dict(poll.mark.folders), poll.mark.folders
        for start in range(0, len(asked), BATCH):
            part = asked[start : start + BATCH]
            answers = self._api.many([f"{USER}/labels/{path_segment(one)}" for one in part], UNITS["labels.get"])
            for one, answer in zip(part, answers, strict=True):
                total = told(answer.answer).get("messagesTotal") if answer.status == 200 else None
                if isinstance(total, int):
                    now[names[one]] = total
        for name in now.keys() - set(names.values()):
            del now[name]
        self._believe(poll, before)

    def _believe(self, poll: _Poll, before: Mapping[str, int]) -> None:
        now = poll.mark.folders
        if sudden_loss.lost_everything(before, now):
            _, profile = self._api.get(f"{USER}/profile", UNITS["getProfile"])
            if not profile.get("messagesTotal"):  # an empty inbox alone is somebody's tidiness
                raise sudden_loss.emptied_mailbox_error(f"the mailbox of {self._api.access.user} at Gmail")
        emptied = (name for name in sudden_loss.emptied_folders(before, now) if name != "INBOX")
        poll.warnings += map(sudden_loss.emptied_folder_warning, emptied)


class GmailTransport:
    """Sends by Gmail's API, as the signed-in user."""

    def __init__(self, access: Access, endpoint: str | None = None) -> None:
        self._reading = GoogleApi(access, endpoint or GMAIL, MEANINGS[READ])
        self._api = GoogleApi(access, endpoint or GMAIL, MEANINGS[SEND])

    def send(self, draft: Draft) -> Receipt:
        """One messages.send, into the thread of the mail that it answers."""
        message = _with_thread(draft, self._thread(draft))
        answer = self._api.request("POST", f"{MESSAGES}/send", body=message, writes=True, units=UNITS["messages.send"])
        return Receipt(_reference(answer.content) or draft.message_id)

    def was_sent(self, message_id: str) -> bool | None:
        """As the mailbox does, None where Kept was given no permission to read."""
        try:
            return gmail_search.find(self._reading, message_id)
        except ConnectorError as error:
            if error.permanent:
                return None
            raise

    def check(self) -> tuple[str, ...]:
        """Asks who is signed in. Whether sending is allowed shows only when something is sent."""
        _, profile = self._reading.get(f"{USER}/profile", UNITS["getProfile"])
        return (f"signed in at Gmail as {text(profile.get('emailAddress')) or self._api.access.user}",)

    def close(self) -> None:
        """End the sessions. Harmless where there is none."""
        self._reading.close()
        self._api.close()

    def _thread(self, draft: Draft) -> str | None:
        try:
            return gmail_search.thread(self._reading, draft)
        except ConnectorError as error:
            if error.permanent:  # no permission to read: its References keep it in the thread for everybody else
                return None
            raise


def _arrived(record: Mapping[str, Any], touched: set[str]) -> Iterator[str]:
    """The ids of what a record of the history brought: new mail, and mail that left junk or trash. Notes whose counts changed."""
    for change in objects(record.get("messagesAdded")):
        message = change.get("message")
        labels = gmail_reader.labels_of(message) if isinstance(message, dict) else ()
        touched.update(labels or ("INBOX",))
        if isinstance(message, dict) and SKIPPED.isdisjoint(labels):
            yield text(message.get("id"))
    for change in objects(record.get("labelsRemoved")):
        labels, message = gmail_reader.labels_of(change), change.get("message")
        touched.update(labels)
        if isinstance(message, dict) and not SKIPPED.isdisjoint(labels):
            yield text(message.get("id"))
    for kind in ("messagesDeleted", "labelsAdded"):
        for change in objects(record.get(kind)):
            message = change.get("message")
            touched.update(
                (*gmail_reader.labels_of(change), *(gmail_reader.labels_of(message) if isinstance(message, dict) else ()))
            )


def _with_thread(draft: Draft, thread: str | None) -> Mapping[str, str]:
    message = {"raw": gmail_search.raw(draft)}
    return {**message, "threadId": thread} if thread else message


def _reference(content: bytes) -> str:
    """The id that Gmail gave; none where its words were lost after it had said that it was done."""
    with contextlib.suppress(ValueError, RecursionError):
        said = json.loads(content)
        return text(said.get("id")) if isinstance(said, dict) else ""
    return ""


def _mark(cursor: str | None) -> _Mark | None:
    """None where there is no cursor, or none of ours: then everything is read."""
    with contextlib.suppress(ValueError, TypeError):
        history, span, todo, folders = json.loads(cursor or "")
        return _Mark(str(history), span, list(todo), dict(folders))
    return None

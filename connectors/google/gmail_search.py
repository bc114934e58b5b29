"""Finding a mail in a Gmail mailbox by its Message-ID, also one of Kept's whose Message-ID Gmail replaced.

What is sent by the API gets a Message-ID of Gmail's own (github.com/gauteh/lieer/issues/198, FlowCrypt/flowcrypt-browser/issues/4273;
Google's documents say nothing of it), and Gmail's search knows no other header. So Kept's id goes along in a header of its own, by
which the mail is recognised among what was sent or drafted recently.
"""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.google.api import BATCH, GoogleApi, json_object
from connectors.google.gmail_reader import header_field
from connectors.mail import Draft
from connectors.net.json_values import objects, text

MESSAGES = "users.messages"  # the collection in Gmail's discovery document
RECENT_MAIL = "{in:sent in:drafts} newer_than:30d"  # braces: either (support.google.com/mail/answer/7190)
SEARCH_LIMIT = 300  # recent mails that are looked at; reading each costs units
THREAD_CANDIDATES = 3  # mails of a thread that are looked for, newest first


def encoded(draft: Draft) -> str:
    """Return the mail as the API takes it (base64url), with the header that `contains` recognises."""
    return base64.urlsafe_b64encode(mime.render(mime.with_id_header(draft))).decode()


def raw_message(draft: Mapping[str, Any]) -> bytes:
    """Return the bytes of a draft's message that was asked for as raw; none where it has none that can be read."""
    message = draft.get("message")
    words = text(message.get("raw")) if isinstance(message, dict) else ""
    try:
        return base64.urlsafe_b64decode(words + "=" * (-len(words) % 4))
    except ValueError:
        return b""


def contains(api: GoogleApi, message_id: str) -> bool | None:
    """Return whether the mailbox holds the mail; None where too much was sent recently to look at all of it.

    Raises ConnectorError. A mail sent more than a month ago under another Message-ID is not looked for: outcomes are asked about
    within days.
    """
    if thread_by_message_id(api, message_id) is not None:
        return True
    messages = api.collection(MESSAGES)
    pages = api.pages(messages, messages.list(userId="me", q=RECENT_MAIL, maxResults=500))
    matches = (text(item.get("id")) for page in pages for item in objects(page.get("messages")))
    ids = list(dict.fromkeys((*_newest(api), *itertools.islice(matches, SEARCH_LIMIT + 1))))
    for start in range(0, min(len(ids), SEARCH_LIMIT), BATCH):
        if message_id in _kept_ids(api, ids[start : min(start + BATCH, SEARCH_LIMIT)]):
            return True
    return False if len(ids) <= SEARCH_LIMIT else None


def thread_of(api: GoogleApi, draft: Draft) -> str | None:
    """Return the id of the thread that a reply belongs to. Raises ConnectorError.

    Gmail joins it only where the subjects match as well (…/gmail/api/guides/threads), which is Gmail's to judge.
    """
    related = dict.fromkeys((draft.in_reply_to or "", *reversed(draft.references)))
    for message_id in itertools.islice(filter(None, related), THREAD_CANDIDATES):
        thread = thread_by_message_id(api, message_id)
        if thread is not None:
            return thread
    return None


def thread_by_message_id(api: GoogleApi, message_id: str) -> str | None:
    """Return the thread of the mail with this Message-ID, in whatever folder; None where there is none. Raises ConnectorError."""
    bare = "".join(message_id.split()).strip("<>")
    if not bare or any(c in bare for c in '"(){}'):  # would be read as an operator
        return None
    request = api.collection(MESSAGES).list(userId="me", q=f"rfc822msgid:{bare}", includeSpamTrash=True, maxResults=1)
    _, answer = api.read(request)  # drafts are always searched
    return next((text(item.get("threadId")) for item in objects(answer.get("messages"))), None)


def _newest(api: GoogleApi) -> list[str]:
    """Return the ids of what was sent or drafted last, by label: the search may not yet find what was saved a moment ago."""
    messages = api.collection(MESSAGES)
    answers = [api.read(messages.list(userId="me", labelIds=[label], maxResults=BATCH))[1] for label in ("SENT", "DRAFT")]
    return [text(item.get("id")) for answer in answers for item in objects(answer.get("messages"))]


def _kept_ids(api: GoogleApi, ids: Iterable[str]) -> set[str]:
    """Return the Message-IDs that Kept gave to these mails."""
    messages = api.collection(MESSAGES)
    wanted = {"format": "metadata", "metadataHeaders": [mime.ID_HEADER], "fields": "id,payload/headers"}
    kept_ids = set()
    for answer in api.batch([messages.get(userId="me", id=gmail_id, **wanted) for gmail_id in ids]):
        if answer.status == 200:
            kept_ids.add(header_field(json_object(answer), mime.ID_HEADER).strip())
        elif answer.status != 404:  # a mail that was not looked at may be the one
            error = api.failed(answer)
            raise ConnectorError(f"recently sent mail could not be searched: {error.message}", retry_after=error.retry_after)
    return kept_ids

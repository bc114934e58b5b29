"""Finding a mail in a Gmail mailbox by its Message-ID, also one of ours whose Message-ID Gmail replaced.

What is sent by the API gets a Message-ID of Gmail's own (github.com/gauteh/lieer/issues/198, FlowCrypt/flowcrypt-browser/issues/4273;
Google's documents say nothing of it), and Gmail's search knows no other header. So the id that we gave goes along in a header of
ours, by which the mail is recognised among what was sent or drafted of late.
"""

from __future__ import annotations

import base64
import itertools
from collections.abc import Iterable

from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.google.api import BATCH, UNITS, GoogleApi, told
from connectors.google.gmail_reader import field
from connectors.mail import Draft
from connectors.net.json_values import objects, path_segment, text

MESSAGES = "gmail/v1/users/me/messages"
RECENT = "{in:sent in:drafts} newer_than:30d"  # braces: either (support.google.com/mail/answer/7190)
LOOKED_AT = 300  # mails of ours are searched for among so many; reading each costs units
RELATED = 3  # mails of a thread that are looked for, newest first


def raw(draft: Draft) -> str:
    """The mail as the API takes it (base64url), with the header that `find` recognises."""
    return base64.urlsafe_b64encode(mime.render(mime.with_id_header(draft))).decode()


def find(api: GoogleApi, message_id: str) -> bool | None:
    """Whether it is there; None where so much was sent of late that not all of it was looked at. Raises ConnectorError.

    What was sent more than a month ago under another Message-ID is not looked for: outcomes are asked about within days.
    """
    if by_id(api, message_id) is not None:
        return True
    pages = api.pages(MESSAGES, UNITS["messages.list"], q=RECENT, maxResults=500)
    searched = (text(one.get("id")) for page in pages for one in objects(page.get("messages")))
    ids = list(dict.fromkeys((*_newest(api), *itertools.islice(searched, LOOKED_AT + 1))))
    for start in range(0, min(len(ids), LOOKED_AT), BATCH):
        if message_id in _given_ids(api, ids[start : min(start + BATCH, LOOKED_AT)]):
            return True
    return False if len(ids) <= LOOKED_AT else None


def thread(api: GoogleApi, draft: Draft) -> str | None:
    """The thread that a reply belongs to. Raises ConnectorError.

    Gmail joins it only where the subjects match as well (…/gmail/api/guides/threads), which is Gmail's to judge.
    """
    related = dict.fromkeys((draft.in_reply_to or "", *reversed(draft.references)))
    for message_id in itertools.islice(filter(None, related), RELATED):
        found = by_id(api, message_id)
        if found is not None:
            return found
    return None


def by_id(api: GoogleApi, message_id: str) -> str | None:
    """The thread of the mail with this Message-ID, wherever it lies; None where there is none. Raises ConnectorError."""
    bare = "".join(message_id.split()).strip("<>")
    if not bare or any(c in bare for c in '"(){}'):  # would be read as an operator
        return None
    _, answer = api.get(
        MESSAGES, UNITS["messages.list"], q=f"rfc822msgid:{bare}", includeSpamTrash="true", maxResults=1
    )  # drafts are always searched
    return next((text(one.get("threadId")) for one in objects(answer.get("messages"))), None)


def _newest(api: GoogleApi) -> list[str]:
    """What was sent or drafted last, by its labels: what came a moment ago may not be there yet for the search."""
    answers = (api.get(MESSAGES, UNITS["messages.list"], labelIds=label, maxResults=BATCH)[1] for label in ("SENT", "DRAFT"))
    return [text(one.get("id")) for answer in answers for one in objects(answer.get("messages"))]


def _given_ids(api: GoogleApi, ids: Iterable[str]) -> set[str]:
    """The Message-IDs that we gave to these mails."""
    paths = [f"{MESSAGES}/{path_segment(one)}" for one in ids]
    given = set()
    for part in api.many(
        paths, UNITS["messages.get"], format="metadata", metadataHeaders=[mime.ID_HEADER], fields="id,payload/headers"
    ):
        if part.status == 200:
            given.add(field(told(part.answer), mime.ID_HEADER).strip())
        elif part.status != 404:  # a mail that was not looked at may be the one
            raise _unseen(api.failed(part))
    return given


def _unseen(error: ConnectorError) -> ConnectorError:
    return ConnectorError(f"the mail sent of late could not be looked at: {error.message}", retry_after=error.retry_after)

"""Sending by Gmail's API, as the signed-in user."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping

from connectors.errors import ConnectorError
from connectors.google import gmail_search
from connectors.google.api import GoogleApi
from connectors.google.auth import READ, SCOPE_PURPOSES, SEND
from connectors.google.gmail_search import MESSAGES
from connectors.mail import Draft, Receipt
from connectors.net.http import Access, Response
from connectors.net.json_values import text


class GmailTransport:
    """Sends by Gmail's API, as the signed-in user."""

    def __init__(self, access: Access, endpoint: str | None = None) -> None:
        self._reading = GoogleApi(access, "gmail.v1", SCOPE_PURPOSES[READ], endpoint)
        self._sending = GoogleApi(access, "gmail.v1", SCOPE_PURPOSES[SEND], endpoint)

    def connect(self) -> None:
        """Have a token ready; each request has a connection of its own, and one that cannot be made has sent nothing."""
        self._sending.connect()

    def send(self, draft: Draft) -> Receipt:
        """One messages.send, into the thread of the mail that it answers."""
        request = self._sending.collection(MESSAGES).send(userId="me", body=message_body(draft, self._thread(draft)))
        return Receipt(answered_id(self._sending.execute(request, writes=True).answer) or draft.message_id)

    def was_sent(self, message_id: str) -> bool | None:
        """As the mailbox does; None where Kept has no permission to read."""
        try:
            return gmail_search.contains(self._reading, message_id)
        except ConnectorError as error:
            if error.permanent:
                return None
            raise

    def check(self) -> tuple[str, ...]:
        """Asks who is signed in. Whether sending is allowed shows only when something is sent."""
        _, profile = self._reading.read(self._reading.collection("users").getProfile(userId="me"))
        return (f"signed in to Gmail as {text(profile.get('emailAddress')) or self._reading.access.user}",)

    def close(self) -> None:
        """End the sessions. Harmless where there is none."""
        self._reading.close()
        self._sending.close()

    def _thread(self, draft: Draft) -> str | None:
        try:
            return gmail_search.thread_of(self._reading, draft)
        except ConnectorError as error:
            if error.permanent:  # no permission to read: its References keep it in the thread for everybody else
                return None
            raise


def message_body(draft: Draft, thread: str | None) -> Mapping[str, str]:
    """Return a draft as the API's Message, in the thread with that id where there is one."""
    message = {"raw": gmail_search.encoded(draft)}
    return {**message, "threadId": thread} if thread else message


def answered_id(answer: Response) -> str:
    """Return the id that Gmail gave; "" where the answer was lost after Gmail had said that it was done."""
    with contextlib.suppress(ValueError, RecursionError):
        resource = json.loads(answer.content)
        return text(resource.get("id")) if isinstance(resource, dict) else ""
    return ""

"""A Gmail account for a test, and another program that works on it."""

from __future__ import annotations

import base64
from typing import TypeAlias

from connectors.google.gmail import GmailMailbox
from connectors.net.http import Access
from servers.fixed_grant import FixedGrant
from servers.google_front import Front

ME = "/gmail/v1/users/me"
SYSTEM = {"INBOX": "INBOX", "Sent": "SENT", "Drafts": "DRAFT", "Junk": "SPAM", "Trash": "TRASH", "Archive": ""}


class Other:
    """Another program of the same user."""

    def __init__(self, front: Front, token: str) -> None:
        self.front, self.token = front, token
        self.labels: dict[str, str] = {}

    def label(self, folder: str) -> str:
        """The id of the label of that name, which is made if need be; none for the archive."""
        if folder in SYSTEM:
            return SYSTEM[folder]
        if folder not in self.labels:
            made = self.front.ask(self.token, "POST", f"{ME}/labels", {"name": folder})
            self.labels[folder] = made["id"]
        return self.labels[folder]

    def deliver(self, raw: bytes, folder: str = "INBOX", *more: str) -> str:
        labels = [label for label in (self.label(folder), "UNREAD", *more) if label]
        body = {"raw": base64.urlsafe_b64encode(raw).decode(), "labelIds": labels}
        return str(self.front.ask(self.token, "POST", f"{ME}/messages", body)["id"])

    def ids(self, folder: str) -> list[str]:
        found = self.front.ask(self.token, "GET", f"{ME}/messages", labelIds=self.label(folder), maxResults=500)
        return [one["id"] for one in found["messages"]]

    def move(self, ids: list[str], away: str, to: str) -> None:
        change = {"ids": ids, "addLabelIds": [self.label(to)], "removeLabelIds": [self.label(away)]}
        self.front.ask(self.token, "POST", f"{ME}/messages/batchModify", change)

    def remove(self, folder: str) -> None:
        self.front.ask(self.token, "POST", f"{ME}/messages/batchDelete", {"ids": self.ids(folder)})


Account: TypeAlias = tuple[GmailMailbox, Other]


def opened(front: Front) -> Account:
    """An empty mailbox, and the other program."""
    address, token = front.account()
    return GmailMailbox(Access(FixedGrant(address, token)), front.url), Other(front, token)

"""The Exchange mailbox and postman, at a server that holds every request and every reply against Microsoft's schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import ews_schema
import pytest
from ews_server import PASSWORD, USER, Exchange, running
from mailbox_contract import MailboxContract

from connectors import open_mailbox
from connectors.ews import EwsMailbox

pytestmark = pytest.mark.skipif(not ews_schema.there(), reason="needs ../shared/data/ews-schema beside the repository")


@pytest.fixture
def server() -> Iterator[Exchange]:
    with running() as server:
        yield server
        assert server.wrong == []


def mailbox_at(server: Exchange, **settings: Any) -> EwsMailbox:
    login = {"username": USER, "password": lambda: PASSWORD, "endpoint": server.url, "auth": "basic", "timeout": 5}
    mailbox = open_mailbox("ews", {**login, **settings})
    assert isinstance(mailbox, EwsMailbox)
    return mailbox


class TestEws(MailboxContract):
    @pytest.fixture
    def mailbox(self, server: Exchange) -> Iterator[EwsMailbox]:
        self.server = server
        self.store = server.mailbox(USER)
        mailbox = mailbox_at(server)
        yield mailbox
        mailbox.close()

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        self.store.deliver(raw, folder)

    def remove(self, folder: str = "INBOX") -> None:
        self.store.empty(folder)

    def unread(self, folder: str = "INBOX") -> int:
        return sum(not item.read for item in self.store.of(self.store.folder(folder).id))

"""The mailbox's promises at two more real servers, Courier and Cyrus, which keep every folder below INBOX."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Protocol

import pytest
from contracts.mailbox_contract import DAY, DRAFT, MailboxContract, Reader, mail
from imapclient import IMAPClient
from servers.courier import Courier
from servers.cyrus import Cyrus
from servers.mail_servers import fresh_user

from connectors.imap.mailbox import ImapMailbox
from connectors.imap.session import Session
from connectors.mail import Role

pytestmark = pytest.mark.server


class Server(Protocol):
    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...

    @property
    def password(self) -> str: ...


class BelowInbox(MailboxContract):
    """The contract at a server whose folders lie below INBOX."""

    batch_size = "connectors.imap.mailbox.BATCH"
    separator: ClassVar[str]

    @pytest.fixture
    def server(self) -> Server:
        raise NotImplementedError

    @pytest.fixture
    def mailbox(self, server: Server) -> Iterator[ImapMailbox]:
        user = fresh_user()
        self.other = IMAPClient(server.host, server.port, ssl=False)
        self.other.login(user, server.password)
        mailbox = ImapMailbox(server.host, server.port, "none", user, lambda: server.password)
        yield mailbox
        mailbox.close()
        self.other.logout()

    def place(self, folder: str) -> str:
        return folder if folder == "INBOX" else f"INBOX{self.separator}{folder}"

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        place = self.place(folder)
        if place not in {name for _, _, name in self.other.list_folders()}:
            self.other.create_folder(place)
        self.other.append(place, raw, msg_time=DAY)

    def remove(self, folder: str = "INBOX") -> None:
        self.other.select_folder(self.place(folder))
        self.other.delete_messages(self.other.search())
        self.other.expunge()
        self.other.close_folder()

    def unread(self, folder: str = "INBOX") -> int:
        return int(self.other.folder_status(self.place(folder), ["UNSEEN"])[b"UNSEEN"])

    def test_a_folder_for_drafts_lies_below_the_inbox(self, mailbox: ImapMailbox) -> None:
        assert mailbox.save_draft(DRAFT).reference.startswith(self.place("Drafts"))
        assert mailbox.has_message(DRAFT.message_id)

    def test_a_check_reads_the_newest_of_many(self, mailbox: ImapMailbox) -> None:
        for number in range(4):
            self.deliver(mail(number))
        assert "a message could be read" in mailbox.check()

    def test_a_poll_that_finds_nothing_opens_no_folder(self, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
        self.deliver(mail(1))
        self.deliver(mail(2))
        reader.read()
        self.other.select_folder("INBOX")
        self.other.delete_messages([2])
        self.other.expunge()
        self.other.close_folder()
        reader.read()
        monkeypatch.setattr(Session, "examine", lambda *_: pytest.fail("a folder was opened"))
        assert reader.read() == []

    def test_what_is_marked_as_deleted_is_in_the_trash(self, reader: Reader) -> None:
        self.other.append("INBOX", mail(1), flags=(rb"\Deleted",), msg_time=DAY)
        self.deliver(mail(2))
        assert reader.subjects() == ["Mail 2"]


class TestCourier(BelowInbox):
    separator = "."

    @pytest.fixture
    def server(self, courier: Courier) -> Courier:
        return courier


class TestCyrus(BelowInbox):
    separator = "/"
    states_drafts = True  # it says which folder is for drafts

    @pytest.fixture
    def server(self, cyrus: Cyrus) -> Cyrus:
        return cyrus

    def test_the_use_of_a_folder_is_asked_for(self, reader: Reader) -> None:
        """A plain LIST of Cyrus leaves it out."""
        self.other._imap._simple_command("CREATE", '"INBOX/Ablage P"', r"(USE (\Archive))")
        self.other.append("INBOX/Ablage P", mail(1), msg_time=DAY)
        assert [(m.folder, m.role) for m in reader.read()] == [("INBOX/Ablage P", Role.ARCHIVE)]

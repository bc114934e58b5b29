"""The Exchange mailbox, at a server that holds every request and every reply against Microsoft's schema."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from contracts.mailbox_contract import DAY, DRAFT, SINCE, MailboxContract, Reader, mail
from servers import ews_schema
from servers.ews_server import USER, Exchange, mailbox_at, mutilator, running
from servers.ews_store import BEGAN

from connectors.errors import ConnectorError
from connectors.exchange.mailbox import EwsMailbox
from connectors.formats import mime
from connectors.mail import Address, Role

pytestmark = pytest.mark.skipif(not ews_schema.there(), reason="needs ../shared/data/ews-schema beside the repository")


@pytest.fixture
def server() -> Iterator[Exchange]:
    with running() as server:
        yield server
        assert server.wrong == []


class TestEws(MailboxContract):
    batch_size = "connectors.exchange.mailbox.BATCH"
    states_drafts = True

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

    def test_a_draft_among_sent_mail_is_read_and_in_doubt(self, reader: Reader) -> None:
        """A program that sends by another way files its copy there as what it is to the server: a draft."""
        self.deliver(mail(1), "Sent")
        self.deliver(mail(2), "Sent")
        self.deliver(mail(3), "Clients")
        for item in self.store.items.values():
            item.draft = b"Mail 2" not in item.raw
        assert {m.subject: m.transmitted for m in reader.read()} == {"Mail 1": False, "Mail 2": True}

    # --- following changes ---

    def test_a_poll_without_news_is_two_questions_however_many_folders_there_are(self, reader: Reader) -> None:
        for number in range(20):
            self.deliver(mail(number), f"Client {number}")
        assert len(reader.read()) == 20
        self.server.asked.clear()
        assert reader.read() == []
        assert self.server.asked == ["SyncFolderHierarchy", "GetFolder"]

    def test_only_the_folder_with_news_is_asked(self, reader: Reader) -> None:
        for number in range(5):
            self.deliver(mail(number), f"Client {number}")
        reader.read()
        self.server.asked.clear()
        self.deliver(mail(9), "Client 3")
        assert reader.subjects() == ["Mail 9"]
        assert (self.server.count("SyncFolderItems"), self.server.count("GetItem")) == (1, 1)

    def test_where_the_server_tells_no_time_of_change_every_folder_is_asked(self, reader: Reader) -> None:
        self.server.mangle = lambda answer: answer.replace(b"0x670a", b"0x670b")
        self.deliver(mail(1), "Clients")
        assert reader.subjects() == ["Mail 1"]
        self.deliver(mail(2), "Clients")
        self.store.items.pop(self.store.of(self.store.folder("Clients").id)[0].id)  # as many as before
        assert reader.subjects() == ["Mail 2"]

    def test_a_state_that_the_server_has_forgotten_means_reading_everything_again(self, reader: Reader) -> None:
        self.deliver(mail(1))
        self.deliver(mail(2), "Clients")
        reader.read()
        self.store.epoch += 1
        self.deliver(mail(3))
        assert {"Mail 1", "Mail 3"} <= set(reader.subjects())
        self.deliver(mail(4), "Clients")
        assert {"Mail 2", "Mail 4"} <= set(reader.subjects())
        assert reader.subjects() == []

    def test_a_cursor_that_is_not_ours_means_reading_everything(self, reader: Reader) -> None:
        self.deliver(mail(1))
        for cursor in ("", "x", "[]", '{"a": 1}', '["", {"a": 1}, {}]', "null"):
            reader.cursor = cursor
            assert reader.subjects() == ["Mail 1"]

    def test_a_mark_of_reading_or_a_category_is_no_news(self, reader: Reader) -> None:
        self.deliver(mail(1))
        reader.read()
        inbox = self.store.folder("INBOX")
        for verb in ("ReadFlagChange", "Update"):
            self.store.commit(inbox.id, verb, self.store.of(inbox.id)[0].id)
        assert reader.read() == []

    def test_old_mail_is_not_even_fetched(self, reader: Reader) -> None:
        for number in range(5):
            self.deliver(mail(number, when=SINCE - timedelta(days=30)))
        self.deliver(mail(9))
        assert reader.subjects() == ["Mail 9"]
        (body,) = [b for b in self.server.bodies if b"<m:GetItem>" in b]
        assert body.count(b"<t:ItemId ") == 1

    def test_a_folder_that_is_gone_is_said_once(self, reader: Reader) -> None:
        self.deliver(mail(1), "Clients")
        reader.read()
        self.store.remove_folder("Clients")
        reader.read()
        assert any("Clients is gone" in warning for warning in reader.batches[-1].warnings)
        reader.read()
        assert reader.batches[-1].warnings == ()

    def test_a_folder_that_went_while_the_state_was_forgotten_is_gone(self, reader: Reader) -> None:
        self.deliver(mail(1), "Clients")
        reader.read()
        self.store.remove_folder("Clients")
        self.store.epoch += 1
        reader.read()
        assert any("Clients is gone" in warning for warning in reader.batches[-1].warnings)

    def test_a_folder_that_cannot_be_opened_does_not_stop_the_others(self, reader: Reader) -> None:
        self.deliver(mail(1), "Clients")
        self.deliver(mail(2))
        self.store.folder("Clients").closed = True
        assert reader.subjects() == ["Mail 2"]
        assert any("a folder could not be read" in warning for warning in reader.batches[-1].warnings)
        self.store.folder("Clients").closed = False
        assert reader.subjects() == ["Mail 1"]

    def test_a_message_is_not_said_to_be_missing_while_a_folder_is_closed(self, mailbox: EwsMailbox) -> None:
        self.deliver(mail(1), "Clients")
        self.store.folder("Clients").closed = True
        with pytest.raises(ConnectorError, match="does not allow"):
            mailbox.has_message("<1@acme.example>")

    # --- folders ---

    def test_folders_are_known_by_what_the_server_says_they_are_for(self, reader: Reader) -> None:
        """In German, with a client called Papierkorb AG whose folder has the name of a trash."""
        names = {"inbox": "Posteingang", "sentitems": "Gesendete Elemente", "deleteditems": "Gelöschte Elemente"}
        for known, name in names.items():
            self.store.folder(known).name = name
        for number, name in enumerate(("inbox", "sentitems", "deleteditems", "Papierkorb")):
            self.deliver(mail(number), name)
        found = {m.subject: (m.folder, m.role) for m in reader.read()}
        assert found == {
            "Mail 0": ("INBOX", Role.INBOX),
            "Mail 1": ("Gesendete Elemente", Role.SENT),
            "Mail 3": ("Papierkorb", Role.OTHER),
        }

    def test_what_lies_below_a_folder_is_read_as_it_is_or_not_at_all(self, reader: Reader) -> None:
        for number, above in enumerate(("inbox", "sentitems", "deleteditems", "conversationhistory")):
            self.store.add_folder(f"Below {number}", self.store.folder(above).id)
            self.deliver(mail(number), f"Below {number}")
        found = {m.subject: (m.folder, m.role) for m in reader.read()}
        assert found == {"Mail 0": ("INBOX/Below 0", Role.OTHER), "Mail 1": ("Sent/Below 1", Role.SENT)}

    def test_calendars_contacts_and_the_like_are_no_mail(self, reader: Reader) -> None:
        self.store.add_folder("Files", kind="IPF.Files")
        self.store.add_folder("Projects", kind="")
        self.deliver(mail(1), "Files")
        self.deliver(mail(2), "Projects")
        assert reader.subjects() == ["Mail 2"]

    def test_a_circle_of_folders_is_not_followed_for_ever(self, reader: Reader) -> None:
        folder = self.store.add_folder("Round")
        folder.parent = folder.id
        self.deliver(mail(1), "Round")
        assert [m.folder for m in reader.read()] == ["Round"]

    # --- one mail ---

    def test_a_mail_written_at_this_server_keeps_its_thread_and_our_own_mark(self, reader: Reader) -> None:
        """It never travelled, so it has no header of its way: its values stand in the item's properties."""
        self.store.deliver(mime.render(DRAFT), "Sent", here=True)
        (message,) = reader.read()
        assert (message.message_id, message.subject) == (DRAFT.message_id, DRAFT.subject)
        assert (message.in_reply_to, message.references) == (("<1@acme.example>",), DRAFT.references)
        assert (message.sender, message.to) == (DRAFT.sender, DRAFT.to)
        assert (message.headers["x-kept-id"], message.date) == ("abc", DAY)

    def test_a_tag_may_be_written_in_any_way(self, reader: Reader) -> None:
        self.deliver(mail(1, extra="List-Id: <list.example>\r\n"))
        self.server.mangle = lambda answer: answer.replace(b'"0x7d"', b'"0x007D"')
        assert [m.headers.get("list-id") for m in reader.read()] == ["<list.example>"]

    def test_an_address_of_the_directory_is_nobodys_mail_address(self, reader: Reader) -> None:
        raw = mime.render(DRAFT)
        self.store.deliver(raw, "Sent", here=True)
        self.server.mangle = lambda answer: answer.replace(b"kim@acme.example", b"/O=ACME/OU=X/CN=KIM")
        (message,) = reader.read()
        assert message.to == ()

    def test_a_conversation_is_told(self, reader: Reader) -> None:
        self.deliver(mail(1))
        assert [m.conversation for m in reader.read()] == ["conversation-Mail 1"]

    def test_a_draft_beside_the_mail_is_not_read(self, reader: Reader) -> None:
        self.deliver(mail(1))
        self.store.of(self.store.folder("INBOX").id)[0].draft = True
        self.deliver(mail(2))
        assert reader.subjects() == ["Mail 2"]

    def test_a_meeting_request_is_a_mail(self, reader: Reader) -> None:
        self.deliver(mail(1))
        self.store.of(self.store.folder("INBOX").id)[0].tag = "MeetingRequest"
        assert reader.subjects() == ["Mail 1"]

    def test_a_mail_that_the_server_cannot_read_is_named_and_the_others_come(self, reader: Reader) -> None:
        for number in range(3):
            self.deliver(mail(number))
        self.store.corrupt.add(self.store.of(self.store.folder("INBOX").id)[1].id)
        assert reader.subjects() == ["Mail 0", "Mail 2"]
        ((bad,),) = [b.unreadable for b in reader.batches if b.unreadable]
        assert bad.place.startswith("INBOX/")
        assert "ErrorCorruptData" in bad.reason

    def test_a_mail_that_spoils_the_answer_is_found_and_the_others_come(self, reader: Reader) -> None:
        for number in range(7):
            self.deliver(mail(number, "spoils" if number == 4 else "fine"))
        self.server.mangle = lambda answer: answer[:-40] if b"spoils" in answer else answer
        assert reader.subjects() == [f"Mail {n}" for n in (0, 1, 2, 3, 5, 6)]
        assert [len(b.unreadable) for b in reader.batches] == [1, 0]

    def test_a_mail_that_vanished_meanwhile_is_no_loss(self, reader: Reader) -> None:
        self.deliver(mail(1))
        self.deliver(mail(2))

        def on_its_way(answer: bytes) -> bytes:
            if b"SyncFolderItemsResponse" in answer:
                self.store.items.clear()
            return answer

        self.server.mangle = on_its_way
        assert reader.read() == []
        assert [b.unreadable for b in reader.batches] == [(), ()]

    # --- drafts ---

    def test_drafts_go_where_they_are_told_to(self) -> None:
        with running() as server:
            store = server.mailbox(USER)
            store.add_folder("Entwürfe von Kept")
            ours = mailbox_at(server, drafts="Entwürfe von Kept")
            assert ours.save_draft(DRAFT).reference
            assert len(store.of(store.folder("Entwürfe von Kept").id)) == 1
            with pytest.raises(ConnectorError, match="no folder Nowhere") as caught:
                mailbox_at(server, drafts="Nowhere").save_draft(DRAFT)
            assert caught.value.permanent
            assert server.wrong == []

    def test_a_draft_is_saved_as_we_wrote_it(self, mailbox: EwsMailbox) -> None:
        mailbox.save_draft(DRAFT)
        (item,) = self.store.of(self.store.folder("drafts").id)
        assert (item.raw, item.draft) == (mime.render(mime.with_id_header(DRAFT)), True)
        assert self.server.count("CreateItem") == 1


# --- mailboxes of others -----------------------------------------------------------------------------------------------------


def test_a_shared_mailbox_is_read_and_not_ones_own(server: Exchange) -> None:
    server.mailbox("sales@example.test").deliver(mail(1))
    server.mailbox(USER).deliver(mail(2))
    mailbox = mailbox_at(server, mailbox="sales@example.test")
    assert Reader(mailbox).subjects() == ["Mail 1"]
    mailbox.save_draft(DRAFT)
    assert len(server.mailbox("sales@example.test").of(server.mailbox("sales@example.test").folder("drafts").id)) == 1
    assert {head["X-AnchorMailbox"] for head in server.heads} == {"sales@example.test"}


def test_a_delegate_who_may_see_the_inbox_alone_reads_that(server: Exchange) -> None:
    store = server.mailbox("boss@example.test")
    store.deliver(mail(1))
    store.deliver(mail(2), "Clients")
    store.folder("msgfolderroot").closed = True
    reader = Reader(mailbox_at(server, mailbox="boss@example.test"))
    assert reader.subjects() == ["Mail 1"]
    assert any("only the inbox" in warning for warning in reader.batches[-1].warnings)
    store.deliver(mail(3))
    assert reader.subjects() == ["Mail 3"]


@pytest.mark.parametrize(
    ("address", "words"),
    [("nobody@example.test", "has no mailbox nobody@example.test"), ("boss@example.test", "does not allow alice@example.test")],
)
def test_a_mailbox_that_is_not_ours_to_read_is_said_plainly(server: Exchange, address: str, words: str) -> None:
    server.mailbox("boss@example.test")
    server.hidden.add("boss@example.test")
    with pytest.raises(ConnectorError, match=words) as caught:
        Reader(mailbox_at(server, mailbox=address)).read()
    assert caught.value.permanent


# --- answers that make no sense ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["garbage", "cut", "drop", "reset", "lost"])
@pytest.mark.parametrize("operation", ["SyncFolderHierarchy", "GetFolder", "SyncFolderItems"])
def test_a_broken_answer_is_an_error_and_loses_nothing(server: Exchange, operation: str, how: str) -> None:
    server.mailbox(USER).deliver(mail(1))
    reader = Reader(mailbox_at(server))
    server.trouble(how, operation=operation, done=True)
    with pytest.raises(ConnectorError) as caught:
        reader.read()
    assert not caught.value.unknown
    assert reader.subjects() == ["Mail 1"]


def test_mutilated_answers_are_read_as_far_as_they_go(server: Exchange) -> None:
    """Elements missing, emptied, doubled; attributes gone; huge numbers: only ConnectorError may come of it."""
    store = server.mailbox(USER)
    for number in range(3):
        store.deliver(mail(number), "Clients" if number else "INBOX")
    server.mangle = mutilator(5)
    outcomes = [read_or_refused(Reader(mailbox_at(server))) for _ in range(150)]
    assert {"read", "refused"} == {outcome.partition(":")[0] for outcome in outcomes}
    assert not any("\n" in outcome for outcome in outcomes)


def read_or_refused(reader: Reader) -> str:
    try:
        reader.read()
    except ConnectorError as error:
        return f"refused: {error.message}"
    return "read"


def test_an_answer_with_definitions_of_its_own_is_not_read(server: Exchange) -> None:
    server.mangle = lambda answer: answer.replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "aaaa">]>', 1)
    with pytest.raises(ConnectorError, match="could not read"):
        Reader(mailbox_at(server)).read()


def test_an_endless_answer_is_not_read_to_its_end(server: Exchange, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.exchange.session.BODY_CAP", 200_000)
    server.mangle = lambda answer: answer + b" " * 400_000
    with pytest.raises(ConnectorError, match="larger than"):
        Reader(mailbox_at(server)).read()


def test_a_mail_without_any_time_is_dated_by_its_arrival(server: Exchange) -> None:
    server.mailbox(USER).deliver(b"From: kim@acme.example\r\nSubject: x\r\n\r\ny\r\n")
    reader = Reader(mailbox_at(server), since=datetime(2025, 1, 1, tzinfo=UTC))
    (message,) = reader.read()
    assert (message.sender, message.received, message.date) == (Address("kim@acme.example"), BEGAN, BEGAN)

"""The IMAP mailbox, at a real Dovecot."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from contracts.mail_shapes import HEAD, PDF, PLAIN, SHAPES, multipart, packed, part
from contracts.mailbox_contract import DAY, DRAFT, SINCE, MailboxContract, Reader, mail, unsent
from contracts.wrapped_mail import signed_data
from imapclient import IMAPClient
from paths import SHARED
from servers.mail_servers import fresh_user, mailbox_of
from servers.processes import Dovecot

from connectors.errors import ConnectorError
from connectors.formats import body, mime
from connectors.imap import fetch_responses
from connectors.imap.mailbox import ImapMailbox
from connectors.imap.session import Session
from connectors.mail import Attachment, Role

pytestmark = pytest.mark.server


class TestImap(MailboxContract):
    batch_size = "connectors.imap.mailbox.BATCH"
    states_drafts = True  # Dovecot says which folder is for drafts

    @pytest.fixture
    def mailbox(self, dovecot: Dovecot) -> Iterator[ImapMailbox]:
        self.dovecot, self.user = dovecot, fresh_user()
        self.other = IMAPClient(dovecot.host, dovecot.port, ssl=False)
        self.other.login(self.user, dovecot.password)
        mailbox = mailbox_of(dovecot, self.user)
        yield mailbox
        mailbox.close()
        self.other.logout()

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        if not self.other.folder_exists(folder):
            self.other.create_folder(folder)
        self.other.append(folder, raw, msg_time=DAY)

    def remove(self, folder: str = "INBOX") -> None:
        self.other.select_folder(folder)
        self.other.delete_messages(self.other.search())
        self.other.expunge()
        self.other.close_folder()

    def unread(self, folder: str = "INBOX") -> int:
        return int(self.other.folder_status(folder, ["UNSEEN"])[b"UNSEEN"])

    def test_a_folder_whose_numbering_changed_is_read_again(self, reader: Reader) -> None:
        self.deliver(mail(1), "Clients")
        assert reader.subjects() == ["Mail 1"]
        self.other.delete_folder("Clients")
        time.sleep(1.1)  # the new folder's UIDVALIDITY is its second of birth
        self.deliver(mail(2), "Clients")
        assert reader.subjects() == ["Mail 2"]

    def test_removing_a_draft_expunges_nothing_that_another_program_marked(self, mailbox: ImapMailbox) -> None:
        receipt = mailbox.save_draft(DRAFT).reference
        self.other.append("Drafts", mail(1), flags=(rb"\Deleted",), msg_time=DAY)
        unread = self.unread("Drafts")
        assert mailbox.remove_draft(DRAFT.message_id, receipt, mime.content_hash(DRAFT))
        self.other.select_folder("Drafts", readonly=True)
        (left,) = self.other.search()
        assert rb"\Deleted" in self.other.get_flags([left])[left]
        assert self.unread("Drafts") == unread

    def test_the_size_of_an_attachment_is_that_of_its_bytes(self, reader: Reader) -> None:
        shape = next(shape for name, shape in SHAPES.items() if "attachment" in name and name != "forwarded as an attachment")
        self.deliver((HEAD + shape).encode())
        (message,) = reader.read()
        assert message.attachments == (Attachment("Angebot für Kim.pdf", "application/pdf", 6),)

    def test_a_folder_that_is_gone_is_said_once(self, reader: Reader) -> None:
        self.deliver(mail(1), "Clients")
        reader.read()
        self.other.delete_folder("Clients")
        reader.read()
        assert any("Clients is gone" in warning for warning in reader.batches[-1].warnings)
        reader.read()
        assert reader.batches[-1].warnings == ()

    def test_a_folder_that_cannot_be_opened_does_not_stop_the_others(self, reader: Reader) -> None:
        self.deliver(mail(1), "Clients")
        self.deliver(mail(2))
        self.other.create_folder("Zoo")
        locked = self.dovecot.maildir(self.user) / ".Clients" / "dovecot-uidlist"
        for name in ("dovecot-uidlist", "dovecot.index", "dovecot.index.log"):
            locked.with_name(name).unlink(missing_ok=True)
        locked.mkdir()  # where Dovecot wants to write a file
        try:
            assert reader.subjects() == ["Mail 2"]
            assert any("Clients could not be read" in warning for warning in reader.batches[-1].warnings)
        finally:
            locked.rmdir()
        assert reader.subjects() == ["Mail 1"]

    def test_a_mail_at_whose_parts_kept_fails_costs_that_mail_alone(
        self, reader: Reader, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(1, 8):
            self.deliver(mail(number, "Three of clubs" if number == 3 else "Hello"))
        real = body.read

        def failing(root: Any, contents: Any) -> Any:
            if any(b"Three of clubs" in leaf.body for leaf in contents.values()):
                raise RecursionError("deep")
            return real(root, contents)

        with monkeypatch.context() as patch:
            patch.setattr(body, "read", failing)
            assert reader.subjects() == [f"Mail {number}" for number in range(1, 8) if number != 3]
        (aside,) = (one for batch in reader.batches for one in batch.unreadable)
        assert (aside.place, aside.sender, aside.retry_since) == ("INBOX/3", "kim@acme.example", DAY + timedelta(minutes=1))
        assert "Mail 3" in Reader(reader.mailbox, since=DAY).subjects()

    def test_a_draft_that_lies_among_all_mail_is_not_read(self, reader: Reader) -> None:
        self.other.append("Archive", mail(1), flags=(rb"\Draft",))
        self.deliver(mail(2), "Archive")
        assert reader.subjects() == ["Mail 2"]

    def test_what_is_marked_as_deleted_is_in_the_trash_unless_it_was_sent(self, reader: Reader) -> None:
        self.other.append("INBOX", mail(1), flags=(rb"\Deleted",), msg_time=DAY)
        self.other.append("Sent", mail(2), flags=(rb"\Deleted", rb"\Seen"), msg_time=DAY)
        self.deliver(mail(3))
        assert reader.subjects() == ["Mail 2", "Mail 3"]

    def test_a_draft_among_sent_mail_is_read_and_in_doubt(self, reader: Reader) -> None:
        self.other.append("Sent", mail(1), flags=(rb"\Draft",), msg_time=DAY)
        self.deliver(mail(2), "Sent")
        assert {m.subject: m.transmitted for m in reader.read()} == {"Mail 1": False, "Mail 2": True}

    def test_a_mail_whose_deletion_is_taken_back_is_read_then(self, reader: Reader) -> None:
        self.other.append("INBOX", mail(1), flags=(rb"\Deleted",), msg_time=DAY)
        self.other.append("INBOX", mail(2), flags=(rb"\Deleted",), msg_time=DAY)
        self.deliver(mail(3))
        assert reader.subjects() == ["Mail 3"]
        assert reader.subjects() == []
        self.other.select_folder("INBOX")
        self.other.remove_flags([1], [rb"\Deleted"])
        assert reader.subjects() == ["Mail 1"]
        self.deliver(mail(4))
        assert reader.subjects() == ["Mail 4"]
        self.other.remove_flags([2], [rb"\Deleted"])
        assert reader.subjects() == ["Mail 2"]
        assert reader.subjects() == []

    def test_mail_that_stays_deleted_opens_no_folder_again(self, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
        self.other.append("INBOX", mail(1), flags=(rb"\Deleted",), msg_time=DAY)
        reader.read()
        monkeypatch.setattr(Session, "examine", lambda *_: pytest.fail("a folder was opened"))
        assert reader.subjects() == []

    def test_folders_in_other_languages_are_known_by_their_names(self, reader: Reader) -> None:
        folders = (
            "Entwürfe",
            "Szkice",
            "Черновики",
            "下書き",
            "Papperskorgen",
            "Kosz",
            "Courrier indésirable",
            "Wysłane",
            "Klienci",
        )
        for number, folder in enumerate(folders):
            self.deliver(mail(number), folder)
        assert {m.folder: m.role for m in reader.read()} == {"Klienci": Role.OTHER, "Wysłane": Role.OTHER}, (
            "Dovecot states its own Sent"
        )

    def test_folders_below_drafts_junk_and_trash_are_for_the_same(self, reader: Reader) -> None:
        separator = self.other.list_folders()[0][1].decode()
        for number, folder in enumerate(("Trash", "Drafts", "Junk", "Sent", "Clients")):
            self.deliver(mail(number), f"{folder}{separator}Acme")
        assert {m.subject: m.role for m in reader.read()} == {"Mail 3": Role.SENT, "Mail 4": Role.OTHER}

    def test_what_the_user_wrote_and_filed_has_left_where_drafts_lie_elsewhere(self, reader: Reader) -> None:
        for number, folder in enumerate(("Projects", "Templates", "Outbox", "Alte Entwürfe")):
            self.deliver(unsent(mail(number)), folder)
        assert {m.folder: m.transmitted for m in reader.read()} == {
            "Projects": True,
            "Templates": False,
            "Outbox": False,
            "Alte Entwürfe": False,
        }

    def test_a_draft_is_flagged_as_one_and_keeps_its_thread(self, mailbox: ImapMailbox) -> None:
        assert mailbox.save_draft(DRAFT).reference.startswith("Drafts/")
        self.other.select_folder("Drafts", readonly=True)
        (answer,) = self.other.fetch(self.other.search(), ["FLAGS", "BODY.PEEK[]"]).values()
        assert {rb"\Draft", rb"\Seen"} <= set(answer[b"FLAGS"])
        message = mime.parse(answer[b"BODY[]"], role=Role.DRAFTS, folder="Drafts")
        assert (message.message_id, message.references) == (DRAFT.message_id, DRAFT.references)
        assert (message.subject, message.text) == (DRAFT.subject, DRAFT.text)

    @pytest.mark.usefixtures("mailbox")
    def test_drafts_go_where_they_are_told_to(self) -> None:
        self.other.create_folder("Entwürfe von Kept")
        ours = mailbox_of(self.dovecot, self.user, drafts="Entwürfe von Kept")
        assert ours.save_draft(DRAFT).reference.startswith("Entwürfe von Kept/")
        ours.close()
        nowhere = mailbox_of(self.dovecot, self.user, drafts="Nowhere")
        with pytest.raises(ConnectorError, match="no folder Nowhere") as caught:
            nowhere.save_draft(DRAFT)
        nowhere.close()
        assert caught.value.permanent

    def test_news_end_the_wait_and_silence_does_not(self, mailbox: ImapMailbox) -> None:
        assert mailbox.wait(0.3) is False
        timer = threading.Timer(0.3, self.deliver, [mail(1)])
        timer.start()
        began = time.monotonic()
        assert mailbox.wait(120) is True
        assert time.monotonic() - began < 60
        timer.join()

    def test_a_poll_that_finds_nothing_opens_no_folder(self, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
        self.deliver(mail(1))
        reader.read()
        opened: list[str] = []
        monkeypatch.setattr(IMAPClient, "select_folder", lambda _self, name, **_: opened.append(name))
        assert reader.read() == []
        assert opened == []

    def test_an_ended_connection_is_made_anew(self, mailbox: ImapMailbox, reader: Reader) -> None:
        self.deliver(mail(1))
        reader.read()
        assert mailbox._session is not None
        mailbox._session._client.shutdown()
        self.deliver(mail(2))
        assert reader.subjects() == ["Mail 2"]


def test_hostile_mails_on_a_server_are_read_or_counted(dovecot: Dovecot) -> None:
    folder = SHARED / "data" / "hostile" / "mime"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data/hostile/mime beside the repository")
    files = sorted(f for f in folder.rglob("*") if f.is_file())
    user = fresh_user()
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as other:
        other.login(user, dovecot.password)
        for file in files:
            other.append("INBOX", file.read_bytes().replace(b"\0", b"") or b"\r\n", msg_time=DAY)
    mailbox = mailbox_of(dovecot, user)
    batches = list(mailbox.poll(None, datetime(1970, 1, 2, tzinfo=UTC)))
    mailbox.close()
    assert len(files) == sum(len(b.messages) + len(b.unreadable) for b in batches) > 200


def test_old_mail_is_not_even_fetched(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    user = fresh_user()
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as other:
        other.login(user, dovecot.password)
        for number in range(5):
            other.append("INBOX", mail(number, when=SINCE - timedelta(days=30)), msg_time=SINCE - timedelta(days=30))
        other.append("INBOX", mail(9), msg_time=DAY)
    asked: list[int] = []
    real = Session.fetch

    def fetch(self: Session, uids: Any, items: Any) -> Any:
        asked.extend(uids)
        return real(self, uids, items)

    monkeypatch.setattr(Session, "fetch", fetch)
    reader = Reader(mailbox_of(dovecot, user))
    assert reader.subjects() == ["Mail 9"]
    assert asked == [6]


LONG = "Could you send us the revised quote for the gate, with the price of each hinge, before our meeting with the board on Thursday?"


@pytest.mark.parametrize(
    ("shape", "fetches"),
    [
        (part("text/plain", text=LONG), 1),
        (part("text/html", text=f"<p>{LONG}</p>"), 1),
        (multipart("alternative", part("text/plain", text=LONG), part("text/html", text=f"<p>{LONG}</p>")), 2),
        (multipart("report", PLAIN, part("message/delivery-status", text="Action: failed")), 1),
        (multipart("mixed", part("text/plain", text=LONG), PDF), 2),
        (multipart("mixed", part("text/plain", text=LONG), PDF, part("text/plain", text="And the door?")), 3),
        (multipart("alternative", part("text/plain", text="See HTML."), part("text/html", text=f"<p>{LONG}</p>")), 3),
        (packed(signed_data(part("text/plain", text=LONG).encode()), "application/pkcs7-mime; name=smime.p7m"), 1),
    ],
)
def test_ordinary_mail_takes_one_fetch_and_other_mail_few(
    dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, shape: str, fetches: int
) -> None:
    """Of an alternative the headers of the later parts are fetched as well, one of which may be a calendar message."""
    user = fresh_user()
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as other:
        other.login(user, dovecot.password)
        for _ in range(3):
            other.append("INBOX", (HEAD + shape).encode(), msg_time=DAY)
    asked: list[Any] = []
    real = Session.fetch

    def fetch(self: Session, uids: Any, items: Any) -> Any:
        asked.append(items)
        return real(self, uids, items)

    monkeypatch.setattr(Session, "fetch", fetch)
    reader = Reader(mailbox_of(dovecot, user))
    assert all(LONG in m.text or "Words of the mail." in m.text for m in reader.read())
    assert len(asked) == fetches


# --- answers of other servers ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        [(b"1 (UID 7 FLAGS (\\Seen) BODY[HEADER]<0> {3}", b"a: "), (b" BODY[1]<0> {2}", b"hi"), b")"],
        [(b"1 (BODY[1]<0> {2}", b"hi"), (b" BODY[HEADER]<0> {3}", b"a: "), b" FLAGS (\\Seen) UID 7)"],
        [(b'1 (UID 7 BODY[1]<0> "hi" FLAGS (\\Seen) BODY[HEADER]<0> {3}', b"a: "), b")"],
        [(b"1 (UID 7 FLAGS (\\Seen) BODY[HEADER]<0> {3}", b"a: "), (b" BODY[1]<0> {2}", b"hi"), b")", b"2 (FLAGS (\\Seen))"],
        [
            (b'1 (UID 7 FLAGS (\\Seen) ENVELOPE (NIL "s" NIL NIL NIL NIL NIL NIL NIL NIL) BODY[HEADER]<0> {3}', b"a: "),
            (b" BODY[1]<0> {2}", b"hi"),
            b")",
        ],
        [(b"1 (UID 7 flags (\\Seen) BODY[HEADER]<0> {3}", b"a: "), (b" BODY[1]<0> {2}", b"hi"), b")"],
    ],
)
def test_an_answer_is_read_in_whatever_order_it_comes(data: list[Any]) -> None:
    answer = fetch_responses.read(data)[7]
    assert (answer[b"BODY[HEADER]<0>"], answer[b"BODY[1]<0>"], answer[b"FLAGS"]) == (b"a: ", b"hi", (b"\\Seen",))


def test_a_literal_is_not_taken_for_an_answer() -> None:
    data = [(b"1 (UID 7 BODY[HEADER]<0> {40}", b"2 (UID 8 BODY[HEADER]<0> NIL) UID 9 FLAGS"), b")"]
    assert set(fetch_responses.read(data)) == {7}

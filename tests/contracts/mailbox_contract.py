"""What every mailbox promises (connectors.base.Mailbox), as tests that each connector inherits.

A subclass gives `mailbox`, and `deliver`, `remove` and `count`, by which another program works on the same mailbox.
"""

from __future__ import annotations

import dataclasses
import threading
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest

from connectors.base import Mailbox
from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.formats.mime import content_hash
from connectors.mail import Address, Batch, Draft, Message, Role
from contracts.mail_shapes import HEAD, PLAIN, RECEIPT, SENDERS, SHAPES, SUBJECTS, WORDLESS, multipart

DAY = datetime(2026, 3, 2, 9, 14, tzinfo=UTC)
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
DRAFT = Draft(
    message_id="<kept-0123456789@kept.invalid>",
    date=DAY,
    sender=Address("alice@example.test", "Alice"),
    to=(Address("kim@acme.example", "Kim Lee"),),
    subject="Re: quote – revised",
    text="Hello Kim,\n\nhere it is.\n",
    in_reply_to="<1@acme.example>",
    references=("<0@acme.example>", "<1@acme.example>"),
    headers={"X-Kept-Id": "abc"},
)


def mail(number: int, text: str = "Can you send the revised quote?", when: datetime = DAY, *, extra: str = "") -> bytes:
    """A mail of a client, received a minute after it was written."""
    received = when + timedelta(minutes=1)
    return (
        f"Received: from mx.acme.example by mx.example.test; {received:%a, %d %b %Y %H:%M:%S} +0000\r\n"
        f"From: Kim Lee <kim@acme.example>\r\nTo: alice@example.test\r\nSubject: Mail {number}\r\n"
        f"Date: {when:%a, %d %b %Y %H:%M:%S} +0000\r\nMessage-ID: <{number}@acme.example>\r\n{extra}\r\n{text}\r\n"
    ).encode()


def unsent(raw: bytes) -> bytes:
    """The mail without the trace of a server."""
    return raw.partition(b"\r\n")[2]


# Other versions', other connectors', and damaged ones.
ODD_CURSORS = (
    "", "{", "null", "7", "[]", "{}", '"INBOX"', "[" * 5000, '{"INBOX": null}', '{"INBOX": 3}', '{"INBOX": ["x", "y", "z"]}',
    '{"INBOX": [1, "x", [], {}]}', '{"INBOX": "AAAA"}', '["x", 1, [], {}]', '["", {}, {"a": [3]}]', '["7", "x", [null], {"INBOX": "many"}]',
)  # fmt: skip


@dataclasses.dataclass
class Reader:
    """Reads a mailbox as the daemon does: the cursor is kept with what was stored."""

    mailbox: Mailbox
    cursor: str | None = None
    since: datetime = SINCE
    batches: list[Batch] = dataclasses.field(default_factory=list)

    def read(self) -> list[Message]:
        self.batches = list(self.mailbox.poll(self.cursor, self.since))
        self.cursor = self.batches[-1].cursor
        return [m for batch in self.batches for m in batch.messages]

    def subjects(self) -> list[str]:
        return sorted(m.subject for m in self.read())


class MailboxContract:
    """Every promise of a mailbox."""

    batch_size: ClassVar[str]  # the constant that limits a batch, as a dotted path
    states_drafts: ClassVar[bool] = False  # whether the provider itself says of every mail whether it has left
    added_headers: ClassVar[frozenset[str]] = frozenset()  # that the provider adds to a message
    web_mail: ClassVar[str] = ""  # what the addresses of messages in the provider's mail on the web begin with

    @pytest.fixture
    def mailbox(self) -> Mailbox:
        raise NotImplementedError

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        """Another program puts a mail there; the folder is made if need be."""
        raise NotImplementedError

    def remove(self, folder: str = "INBOX") -> None:
        """Another program deletes every mail of the folder."""
        raise NotImplementedError

    def place(self, folder: str) -> str:
        """That folder's name as the server has it, where folders lie below another one."""
        return folder

    def unread(self, folder: str = "INBOX") -> int:
        """How many mails of the folder no program has marked as read."""
        raise NotImplementedError

    @pytest.fixture
    def reader(self, mailbox: Mailbox) -> Reader:
        return Reader(mailbox)

    def test_an_empty_mailbox_is_one_complete_batch(self, reader: Reader) -> None:
        assert reader.read() == []
        assert [b.complete for b in reader.batches] == [True]

    def test_only_the_last_batch_of_a_poll_is_complete(self, reader: Reader) -> None:
        for number in range(3):
            self.deliver(mail(number))
        self.deliver(mail(9), "Sent")
        assert len(reader.read()) == 4
        assert [b.complete for b in reader.batches] == [False] * (len(reader.batches) - 1) + [True]

    def test_a_cursor_of_another_shape_reads_everything_again(self, mailbox: Mailbox) -> None:
        self.deliver(mail(1))
        for cursor in ODD_CURSORS:
            assert (cursor, Reader(mailbox, cursor).subjects()) == (cursor, ["Mail 1"])

    def test_a_mail_is_read_as_it_was_written(self, reader: Reader) -> None:
        self.deliver(mail(1, "Grüße\r\n", extra="In-Reply-To: <0@a.example>\r\nContent-Type: text/plain; charset=utf-8\r\n"))
        (message,) = reader.read()
        assert (message.message_id, message.subject, message.text.strip()) == ("<1@acme.example>", "Mail 1", "Grüße")
        assert (message.sender, message.to) == (Address("kim@acme.example", "Kim Lee"), (Address("alice@example.test"),))
        assert (message.date, message.received) == (DAY, DAY + timedelta(minutes=1))
        assert (message.in_reply_to, message.role, message.folder) == (("<0@a.example>",), Role.INBOX, "INBOX")

    @pytest.mark.parametrize("error", [RecursionError("deep"), UnicodeError("odd")], ids=lambda error: type(error).__name__)
    def test_a_mail_at_which_kept_fails_costs_that_mail_alone_and_comes_once_that_is_mended(
        self, reader: Reader, error: Exception, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in (1, 2, 3):
            self.deliver(mail(number))
        real, here = mime._message, threading.get_ident()  # a server of the tests may read mail in the same way

        def failing(fields: Any, *rest: Any, **named: Any) -> Message:
            if fields["subject"].strip() == "Mail 2" and threading.get_ident() == here:
                raise error
            return real(fields, *rest, **named)

        with monkeypatch.context() as patch:
            patch.setattr(mime, "_message", failing)
            assert reader.subjects() == ["Mail 1", "Mail 3"]
        (aside,) = (one for batch in reader.batches for one in batch.unreadable)
        assert aside.reason == f"could not be read ({type(error).__name__}); Kept will try again"
        assert aside.retry_since is not None
        assert "Mail 2" in Reader(reader.mailbox, since=max(aside.retry_since, SINCE)).subjects()

    def test_filed_and_sent_mail_is_read_and_says_where_it_lay(self, reader: Reader) -> None:
        self.deliver(mail(1))
        self.deliver(mail(2), "Sent")
        self.deliver(mail(3), "Archive")
        self.deliver(mail(4), "Clients")
        found = {m.subject: (m.folder, m.role) for m in reader.read()}
        assert found == {
            "Mail 1": ("INBOX", Role.INBOX),
            "Mail 2": (self.place("Sent"), Role.SENT),
            "Mail 3": (self.place("Archive"), Role.ARCHIVE),
            "Mail 4": (self.place("Clients"), Role.OTHER),
        }

    def test_drafts_junk_and_trash_are_not_read(self, reader: Reader) -> None:
        for number, folder in enumerate(("INBOX", "Drafts", "Junk", "Trash")):
            self.deliver(mail(number), folder)
        assert reader.subjects() == ["Mail 0"]

    def test_what_a_mail_program_marks_as_unsent_is_not_read_wherever_it_lies(self, reader: Reader) -> None:
        self.deliver(mail(1), "Clients")
        self.deliver(unsent(mail(2, extra="X-Mozilla-Draft-Info: internal/draft; vcard=0; receipt=0\r\n")), "Clients")
        self.deliver(unsent(mail(3, extra="X-Unsent: 1\r\n")), "Clients")
        self.deliver(mail(4, extra="X-Unsent: 1\r\n"), "Clients")  # it came that way
        assert reader.subjects() == ["Mail 1", "Mail 4"]

    def test_what_lies_in_the_inbox_or_was_sent_has_left(self, reader: Reader) -> None:
        self.deliver(mail(1))
        self.deliver(unsent(mail(2)), "Sent")
        assert all(message.transmitted for message in reader.read())

    def test_a_folder_with_letters_of_any_language_is_read(self, reader: Reader) -> None:
        self.deliver(mail(1), "Kunden & Verträge")
        assert [m.folder for m in reader.read()] == [self.place("Kunden & Verträge")]

    def test_what_was_read_does_not_come_again(self, reader: Reader) -> None:
        self.deliver(mail(1))
        assert reader.subjects() == ["Mail 1"]
        assert reader.subjects() == []
        self.deliver(mail(2))
        assert reader.subjects() == ["Mail 2"]

    def test_an_unstored_batch_comes_again(self, reader: Reader) -> None:
        self.deliver(mail(1))
        assert reader.subjects() == ["Mail 1"]
        reader.cursor = None
        assert reader.subjects() == ["Mail 1"]

    def test_many_mails_come_in_batches_each_with_its_own_cursor(self, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(self.batch_size, 3)
        for number in range(8):
            self.deliver(mail(number, when=DAY + timedelta(minutes=number)))
        everything = {m.message_id for m in reader.read()}
        assert len(everything) == 8
        assert max(len(batch.messages) for batch in reader.batches) == 3
        first = {m.message_id for m in reader.batches[0].messages}
        rest = Reader(reader.mailbox, reader.batches[0].cursor)
        assert first | {m.message_id for m in rest.read()} == everything

    def test_what_comes_while_the_mailbox_is_read_comes_now_or_at_the_next_poll(self, reader: Reader) -> None:
        self.deliver(mail(1))
        subjects: list[str] = []
        for batch in reader.mailbox.poll(None, SINCE):
            if batch.messages and not subjects:
                self.deliver(mail(2))
            subjects += [m.subject for m in batch.messages]
            reader.cursor = batch.cursor
        assert {*subjects, *reader.subjects()} == {"Mail 1", "Mail 2"}

    @pytest.mark.parametrize("shape", SHAPES)
    def test_a_mail_of_any_shape_reads_like_the_whole(self, reader: Reader, shape: str) -> None:
        raw = (HEAD + SHAPES[shape]).encode()
        self.deliver(raw)
        (message,) = reader.read()
        whole = mime.parse(raw, role=Role.INBOX, folder="INBOX", received=DAY, transmitted=self.states_drafts)
        assert message.text.strip() == whole.text.strip()
        assert ("Words of the mail." in message.text) == (shape not in WORDLESS)
        assert [(a.name, a.media_type) for a in message.attachments] == [(a.name, a.media_type) for a in whole.attachments]
        assert {k: v for k, v in message.headers.items() if k not in self.added_headers} == whole.headers
        for name in Message.__dataclass_fields__.keys() - {"text", "attachments", "conversation", "headers", "web"}:
            assert getattr(message, name) == getattr(whole, name), name
        assert (message.web.startswith(self.web_mail), bool(message.web)) == (True, bool(self.web_mail))

    @pytest.mark.parametrize("sender", SENDERS)
    def test_a_sender_is_known_however_the_field_is_written(self, reader: Reader, sender: str) -> None:
        field, expected = SENDERS[sender]
        self.deliver(mail(1).replace(b"From: Kim Lee <kim@acme.example>", f"From: {field}".encode()))
        (message,) = reader.read()
        assert tuple(message.sender) == expected

    @pytest.mark.parametrize("subject", SUBJECTS)
    def test_a_subject_is_read_however_it_is_written(self, reader: Reader, subject: str) -> None:
        field, expected = SUBJECTS[subject]
        self.deliver(mail(1).replace(b"Subject: Mail 1", f"Subject: {field}".encode()))
        (message,) = reader.read()
        assert message.subject == expected

    def test_a_read_receipt_can_be_told_from_an_answer(self, reader: Reader) -> None:
        self.deliver((HEAD + multipart("report; report-type=disposition-notification", PLAIN, RECEIPT)).encode())
        (message,) = reader.read()
        assert "report-type=disposition-notification" in message.headers["content-type"]

    def test_a_group_that_rewrote_from_still_tells_who_wrote_and_that_it_is_a_list(self, reader: Reader) -> None:
        group = (
            "Reply-To: Kim Lee <kim@ardent.example>\r\nX-Original-Sender: kim@ardent.example\r\nX-Original-From: Kim Lee <kim@ardent.example>\r\n"
            "List-ID: <sales.northwind.example>\r\nPrecedence: list\r\nAuto-Submitted: no\r\n"
        )
        self.deliver((group + HEAD + PLAIN).encode())
        (message,) = reader.read()
        assert message.reply_to == (Address("kim@ardent.example", "Kim Lee"),)
        for name, value in (
            ("x-original-sender", "kim@ardent.example"),
            ("x-original-from", "Kim Lee <kim@ardent.example>"),
            ("list-id", "<sales.northwind.example>"),
            ("precedence", "list"),
            ("auto-submitted", "no"),
        ):
            assert message.headers[name] == value

    def test_a_cursor_never_runs_ahead_of_what_was_handed_out(self, reader: Reader) -> None:
        for number in range(3):
            self.deliver(mail(number))
        self.deliver(mail(3), "Sent")
        whole = {m.message_id for m in reader.read()}
        for end in range(1, len(reader.batches)):
            stored = {m.message_id for batch in reader.batches[:end] for m in batch.messages}
            rest = Reader(reader.mailbox, reader.batches[end - 1].cursor)
            assert stored | {m.message_id for m in rest.read()} == whole

    def test_mail_received_before_the_history_begins_is_left_out(self, reader: Reader) -> None:
        self.deliver(mail(1, when=SINCE - timedelta(days=3)))
        self.deliver(mail(2))
        assert reader.subjects() == ["Mail 2"]

    def test_reading_marks_nothing_as_read(self, mailbox: Mailbox, reader: Reader) -> None:
        self.deliver(mail(1, "x" * 100_000))
        self.deliver(mail(2, "<p>y</p>", extra="Content-Type: text/html\r\n"))
        assert len(reader.read()) == 2
        mailbox.has_message("<1@acme.example>")
        mailbox.check()
        assert self.unread() == 2

    def test_a_mail_without_a_message_id_has_the_same_one_each_time(self, reader: Reader) -> None:
        self.deliver(mail(1).replace(b"Message-ID: <1@acme.example>\r\n", b""))
        (first,) = reader.read()
        reader.cursor = None
        (again,) = reader.read()
        assert first.message_id == again.message_id
        assert first.message_id.endswith("@no-message-id.invalid>")

    def test_two_mails_of_one_message_id_both_come(self, reader: Reader) -> None:
        second = mail(2, "Could you send the invoice, too?", DAY + timedelta(days=1))
        self.deliver(mail(1))
        self.deliver(second.replace(b"<2@acme", b"<1@acme"))
        assert sorted((m.subject, m.message_id) for m in reader.read()) == [
            ("Mail 1", "<1@acme.example>"),
            ("Mail 2", "<1@acme.example>"),
        ]

    @pytest.mark.parametrize(
        ("written", "meant"),
        [
            ("<order 77@acme.example>", "<order 77@acme.example>"),
            ("77@acme.example", "<77@acme.example>"),
            ("\r\n <77@acme.example>", "<77@acme.example>"),
            (f"<{'x' * 900}@acme.example>", f"<{'x' * 900}@acme.example>"),
            (f"<{'x' * 1200}@acme.example>", f"<{'x' * 1200}@acme.example>"),
        ],
        ids=["with a space", "without brackets", "folded", "long", "longer than a line"],
    )
    def test_a_message_id_is_shown_as_it_was_written(self, reader: Reader, written: str, meant: str) -> None:
        self.deliver(mail(1).replace(b"<1@acme.example>", written.encode()))
        assert [m.shown_id for m in reader.read()] == [meant]

    def test_an_emptied_mailbox_is_not_believed(self, reader: Reader) -> None:
        for number in range(6):
            self.deliver(mail(number))
        reader.read()
        self.remove()
        with pytest.raises(ConnectorError, match="suddenly empty") as caught:
            reader.read()
        assert not caught.value.permanent

    def test_an_emptied_folder_is_a_warning_and_the_others_are_read(self, reader: Reader) -> None:
        for number in range(6):
            self.deliver(mail(number), "Clients")
        self.deliver(mail(7))
        reader.read()
        self.remove("Clients")
        self.deliver(mail(8))
        assert reader.subjects() == ["Mail 8"]
        assert any("Clients" in warning and "suddenly empty" in warning for warning in reader.batches[-1].warnings)

    def test_the_number_of_mails_in_each_folder_is_told(self, reader: Reader) -> None:
        self.deliver(mail(1))
        self.deliver(mail(2))
        self.deliver(mail(3), "Sent")
        reader.read()
        assert {k: v for k, v in reader.batches[-1].folders.items() if v} == {"INBOX": 2, self.place("Sent"): 1}

    def test_a_message_is_found_in_whatever_folder_it_lies(self, mailbox: Mailbox) -> None:
        for number, folder in enumerate(("INBOX", "Sent", "Clients", "Drafts")):
            self.deliver(mail(number), folder)
            assert mailbox.has_message(f"<{number}@acme.example>")
        assert not mailbox.has_message("<5@acme.example>")

    def test_a_draft_lies_in_drafts_and_can_be_found_and_is_nobodys_answer(self, mailbox: Mailbox, reader: Reader) -> None:
        assert not mailbox.has_message(DRAFT.message_id)
        receipt = mailbox.save_draft(DRAFT)
        assert receipt.reference
        assert mailbox.has_message(DRAFT.message_id)
        assert reader.read() == []

    def test_a_draft_that_nobody_touched_is_removed_and_only_once(self, mailbox: Mailbox) -> None:
        receipt = mailbox.save_draft(DRAFT).reference
        content = content_hash(DRAFT)
        assert mailbox.remove_draft(DRAFT.message_id, receipt, content)
        assert not mailbox.remove_draft(DRAFT.message_id, receipt, content)

    def test_a_draft_with_other_words_is_left(self, mailbox: Mailbox) -> None:
        receipt = mailbox.save_draft(dataclasses.replace(DRAFT, text="Hello Kim,\n\nhere it is, at last.\n")).reference
        assert not mailbox.remove_draft(DRAFT.message_id, receipt, content_hash(DRAFT))
        assert mailbox.has_message(DRAFT.message_id)

    def test_a_draft_with_a_blind_copy_is_left(self, mailbox: Mailbox) -> None:
        receipt = mailbox.save_draft(dataclasses.replace(DRAFT, headers={**DRAFT.headers, "Bcc": "boss@acme.example"})).reference
        assert not mailbox.remove_draft(DRAFT.message_id, receipt, content_hash(DRAFT))
        assert mailbox.has_message(DRAFT.message_id)

    def test_a_draft_that_is_not_there_is_nothing_to_remove(self, mailbox: Mailbox) -> None:
        assert not mailbox.remove_draft("<none@kept.invalid>", "found at the server", content_hash(DRAFT))

    def test_check_says_what_works(self, mailbox: Mailbox) -> None:
        self.deliver(mail(1))
        lines = mailbox.check()
        assert any("folder" in line for line in lines)
        assert any("a message could be read" in line for line in lines)

    def test_waiting_ends(self, mailbox: Mailbox) -> None:
        assert mailbox.wait(0.01) in {True, False}

    def test_it_may_be_closed_twice_and_used_again(self, mailbox: Mailbox, reader: Reader) -> None:
        mailbox.close()
        mailbox.close()
        assert reader.read() == []

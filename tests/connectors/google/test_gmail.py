"""Gmail, at the emulate package behind a front that checks every request and reply against Google's own description of its API."""

from __future__ import annotations

import base64
import contextlib
import email
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from contracts.mailbox_contract import DRAFT, SINCE, MailboxContract, Reader, mail
from hypothesis import given, settings
from hypothesis import strategies as st
from servers.fixed_grant import FixedGrant
from servers.gmail_account import ME, Account, Other, opened
from servers.google_front import Asked, Front, Meddling, Reply, error, part_of

from connectors.errors import ConnectorError
from connectors.google import gmail_reader
from connectors.google.gmail import GmailMailbox
from connectors.mail import Address, Message, Role
from connectors.net.http import Access

pytestmark = pytest.mark.server
PARTS = ("partId", "mimeType", "filename", "headers", "body", "parts", "name", "value", "data", "size", "attachmentId")


class TestGmail(MailboxContract):
    batch_size = "connectors.google.gmail.BATCH"
    states_drafts = True
    web_mail = "https://mail.google.com/mail/?authuser="

    @pytest.fixture
    def mailbox(self, front: Front) -> Iterator[GmailMailbox]:
        address, token = front.account()
        self.other = Other(front, token)
        self.access = Access(FixedGrant(address, token))
        mailbox = GmailMailbox(self.access, front.url)
        yield mailbox
        mailbox.close()

    def deliver(self, raw: bytes, folder: str = "INBOX") -> None:
        self.other.deliver(raw, folder)

    def remove(self, folder: str = "INBOX") -> None:
        self.other.remove(folder)

    def unread(self, folder: str = "INBOX") -> int:
        found = self.other.front.ask(self.other.token, "GET", f"{ME}/labels/{self.other.label(folder)}")
        return int(found["messagesUnread"])

    def test_mail_that_leaves_junk_is_read_then(self, reader: Reader) -> None:
        one = self.other.deliver(mail(1), "Junk")
        assert reader.subjects() == []
        self.other.move([one], "Junk", "INBOX")
        assert reader.subjects() == ["Mail 1"]

    def test_marking_a_mail_as_read_is_no_news(self, reader: Reader) -> None:
        one = self.other.deliver(mail(1))
        reader.read()
        self.other.front.ask(self.other.token, "POST", f"{ME}/messages/{one}/modify", {"removeLabelIds": ["UNREAD"]})
        assert reader.subjects() == []
        assert self.other.front.requests("/batch") != []
        assert [a.path for a in self.other.front.seen if a.inner] == [f"{ME}/messages/{one}", *self.counted(2)]

    def counted(self, labels: int) -> list[str]:
        return [a.path for a in self.other.front.seen if a.inner and "/labels/" in a.path][:labels]

    def test_a_poll_without_news_is_one_request(self, front: Front, reader: Reader) -> None:
        self.deliver(mail(1))
        reader.read()
        front.seen.clear()
        assert reader.read() == []
        assert [a.path for a in front.seen] == [f"{ME}/history"]

    def test_a_history_that_google_forgot_loses_nothing(self, front: Front, reader: Reader) -> None:
        self.deliver(mail(1))
        reader.read()
        self.deliver(mail(2))
        front.forget(self.other.token)
        assert reader.subjects() == ["Mail 1", "Mail 2"]
        assert reader.batches[-1].warnings == (
            "Google no longer keeps the changes since Kept last looked, so Kept reads the whole mailbox again",
        )
        self.deliver(mail(3))
        assert reader.subjects() == ["Mail 3"]

    def test_a_first_reading_may_be_cut_off_anywhere(self, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("connectors.google.gmail.BATCH", 3)
        for number in range(14):
            self.deliver(mail(number, when=SINCE + timedelta(days=9 * number)))
        whole = [m.message_id for m in reader.read()]
        assert whole == [f"<{number}@acme.example>" for number in range(14)], "oldest first"
        for end in range(1, len(reader.batches)):
            stored = {m.message_id for batch in reader.batches[:end] for m in batch.messages}
            rest = Reader(reader.mailbox, reader.batches[end - 1].cursor)
            assert stored | {m.message_id for m in rest.read()} == set(whole)

    def test_years_without_mail_cost_little(self, front: Front, mailbox: GmailMailbox) -> None:
        self.other.deliver(mail(1), "Clients")
        assert len(Reader(mailbox, since=datetime(1996, 1, 1, tzinfo=UTC)).read()) == 1
        assert len([a for a in front.seen if a.path.endswith("/messages")]) < 40
        assert len([a for a in front.seen if a.path.endswith("/labels")]) == 1

    def test_a_mail_deleted_meanwhile_is_no_trouble(self, front: Front, reader: Reader) -> None:
        one = self.other.deliver(mail(1))
        self.deliver(mail(2))
        front.meddle.append(lambda a: error(404, "notFound") if a.inner and a.path.endswith(one) else None)
        assert reader.subjects() == ["Mail 2"]
        assert all(b.unreadable == () for b in reader.batches)

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_a_mail_that_could_not_be_had_comes_later(self, front: Front, reader: Reader, status: int) -> None:
        one = self.other.deliver(mail(1))
        self.deliver(mail(2))
        broken = (status, {"Retry-After": "0"} if status == 503 else {}, b"")
        front.meddle.append(lambda a: broken if a.inner and a.path.endswith(one) else None)
        found = self.patiently(reader)
        assert [m.subject for m in found] == ["Mail 2"]
        front.meddle.clear()
        self.access.back_off._until = 0
        assert reader.subjects() == ["Mail 1"]

    def patiently(self, reader: Reader) -> list[Message]:
        """As the daemon reads: every batch is kept when it comes, whatever happens afterwards."""
        found: list[Message] = []
        with contextlib.suppress(ConnectorError):
            for batch in reader.mailbox.poll(reader.cursor, reader.since):
                reader.cursor = batch.cursor
                found += batch.messages
        return found

    @pytest.mark.parametrize(
        "slower",
        [
            error(429, "rateLimitExceeded", Retry_After="30"),
            error(403, "userRateLimitExceeded", Retry_After="30"),
            error(403, "rateLimitExceeded", Retry_After="30"),
        ],
    )
    def test_a_batch_in_which_google_says_slower_is_kept_and_the_rest_waits(
        self, front: Front, reader: Reader, slower: Reply
    ) -> None:
        ids = [self.other.deliver(mail(number)) for number in range(4)]
        front.meddle.append(lambda a: slower if a.inner and a.path.endswith((ids[1], ids[3])) else None)
        assert {m.subject for m in self.patiently(reader)} == {"Mail 0", "Mail 2"}
        assert 0 < self.access.back_off.remaining() <= 30
        front.meddle.clear()
        self.access.back_off._until = 0
        assert reader.subjects() == ["Mail 1", "Mail 3"]

    def test_a_mail_that_never_comes_stops_no_other(self, front: Front, reader: Reader) -> None:
        one = self.other.deliver(mail(1))
        front.meddle.append(lambda a: error(500, "backendError") if a.inner and a.path.endswith(one) else None)
        reader.read()
        assert reader.batches[-1].warnings == ("1 emails at Gmail could not be read just now; Kept will try again soon",)
        self.deliver(mail(2))
        assert reader.subjects() == ["Mail 2"]

    def test_a_mail_to_oneself_lies_in_the_inbox(self, reader: Reader) -> None:
        self.other.deliver(mail(1), "INBOX", "SENT")
        assert [(m.folder, m.role) for m in reader.read()] == [("INBOX", Role.INBOX)]

    def test_a_chat_is_no_mail(self, front: Front, reader: Reader) -> None:
        self.deliver(mail(1))
        front.meddle.append(altered(lambda said: said | {"labelIds": ["CHAT"]}))
        assert reader.read() == []

    def test_a_conversation_is_gmails_thread(self, reader: Reader) -> None:
        self.deliver(mail(1))
        self.deliver(mail(2, extra="In-Reply-To: <1@acme.example>\r\n"))
        first, second = reader.read()
        assert first.conversation == second.conversation is not None

    @pytest.mark.parametrize(("server", "authentic"), [("mx.google.com", False), ("mx.elsewhere.example", True)])
    def test_only_google_is_believed_that_a_sender_is_not_who_they_say(
        self, reader: Reader, server: str, authentic: bool
    ) -> None:
        self.deliver(mail(1, extra=f"Authentication-Results: {server}; dmarc=fail header.from=acme.example\r\n"))
        assert [m.authentic for m in reader.read()] == [authentic]

    def test_a_category_is_told_and_hides_nobody(self, reader: Reader) -> None:
        self.other.deliver(mail(1), "INBOX", "CATEGORY_PROMOTIONS")
        (message,) = reader.read()
        assert (message.headers["x-gmail-category"], message.folder) == ("promotions", "INBOX")

    def test_a_label_of_many_hides_no_folder(self, reader: Reader) -> None:
        self.other.deliver(mail(1), "Clients/Acme", self.other.label("Bids"))
        assert [m.folder for m in reader.read()] == ["Bids"]

    def test_a_draft_lies_in_the_thread_of_the_mail_it_answers(self, front: Front, mailbox: GmailMailbox) -> None:
        self.deliver(mail(1))
        mailbox.save_draft(DRAFT)
        found = front.ask(self.other.token, "GET", f"{ME}/threads", q="in:drafts")
        threads = front.ask(self.other.token, "GET", f"{ME}/threads")
        assert found["threads"][0]["id"] in {t["id"] for t in threads["threads"]}
        assert len(threads["threads"]) == 1

    def test_a_draft_of_which_no_answer_came_is_found(self, front: Front, mailbox: GmailMailbox) -> None:
        front.meddle.append(lambda a: "drop" if a.verb == "POST" and a.path.endswith("/drafts") else None)
        with pytest.raises(ConnectorError) as caught:
            mailbox.save_draft(DRAFT)
        assert caught.value.unknown
        assert mailbox.has_message(DRAFT.message_id)
        assert len(front.requests("POST", "/drafts")) == 1

    def test_a_mailbox_that_may_only_be_read_says_what_it_lacks(self, front: Front, mailbox: GmailMailbox) -> None:
        refused = error(
            403, "insufficientPermissions", WWW_Authenticate='Bearer scope="https://www.googleapis.com/auth/gmail.compose"'
        )
        front.meddle.append(lambda a: refused if a.verb == "POST" and a.path.endswith("/drafts") else None)
        with pytest.raises(ConnectorError, match="permission to save drafts; run kept auth user") as caught:
            mailbox.save_draft(DRAFT)
        assert (caught.value.permanent, caught.value.unknown) == (True, False)


# --- every shape of mail, and every shape of answer ----------------------------------------------------------------------------


def altered(change: Callable[[dict[str, Any]], Any]) -> Meddling:
    """Gmail's answer to messages.get, with something else in it."""

    def rule(asked: Asked) -> Reply | None:
        if not asked.inner or "/messages/" not in asked.path:
            return None
        payload = part_of(email.message_from_bytes(mail(1)), "")
        said = {"id": "1", "threadId": "t", "labelIds": ["INBOX"], "internalDate": "1772442840000", "payload": payload}
        return 200, {"Content-Type": "application/json"}, json.dumps(change(said)).encode()

    return rule


@pytest.fixture
def account(front: Front) -> Account:
    return opened(front)


@pytest.mark.parametrize(
    ("charset", "content", "words"),
    [
        ("iso-8859-1", "Grüße".encode(), "Grüße"),  # as Gmail has it: UTF-8 whatever the part says
        ("iso-8859-1", "Grüße".encode("latin-1"), "Grüße"),
        ("iso-2022-jp", "見積".encode("iso-2022-jp"), "見積"),
        ("nonsense", b"plain", "plain"),
    ],
)
def test_words_are_read_in_the_charset_that_they_are_in(
    front: Front, account: Account, charset: str, content: bytes, words: str
) -> None:
    mailbox, other = account
    other.deliver(mail(1))
    part = {
        "mimeType": "text/plain",
        "headers": [
            {"name": "Date", "value": "Mon, 02 Mar 2026 09:14:00 +0000"},
            {"name": "Content-Type", "value": f"text/plain; charset={charset}"},
        ],
        "body": {"size": len(content), "data": base64.urlsafe_b64encode(content).decode()},
    }
    front.meddle.append(altered(lambda said: said | {"payload": part}))
    (message,) = Reader(mailbox).read()
    assert message.text == words


def test_a_header_that_gmail_decoded_is_read_and_begins_no_other(front: Front, account: Account) -> None:
    mailbox, other = account
    other.deliver(mail(1))
    fields = [
        {"name": "From", "value": '"Müller, Kim" <kim@acme.example>'},
        {"name": "Subject", "value": "Angebot für März\r\nAuthentication-Results: mx.google.com; dmarc=fail"},
        {"name": "X: y\r\nPrecedence", "value": "bulk"},
        {"name": "Date", "value": "Mon, 02 Mar 2026 09:14:00 +0000"},
    ]
    front.meddle.append(altered(lambda said: said | {"payload": {"mimeType": "text/plain", "headers": fields, "body": {}}}))
    (message,) = Reader(mailbox).read()
    assert message.sender == Address("kim@acme.example", "Müller, Kim")
    assert message.subject.startswith("Angebot für März")
    assert (message.authentic, "precedence" in message.headers) == (True, False)


def test_a_long_text_that_is_kept_elsewhere_is_fetched(front: Front, account: Account) -> None:
    """…/v1/users.messages.attachments: a body may come with an attachmentId in place of its data."""
    mailbox, other = account
    other.deliver(mail(1))

    def elsewhere(said: dict[str, Any]) -> dict[str, Any]:
        said["payload"]["body"] = {"size": 100_000, "attachmentId": "far away"}
        return said

    words = {"size": 5, "data": base64.urlsafe_b64encode(b"Words").decode()}
    front.meddle.append(altered(elsewhere))
    front.meddle.append(lambda a: (200, {}, json.dumps(words).encode()) if a.path.endswith("/attachments/far%20away") else None)
    assert [m.text for m in Reader(mailbox).read()] == ["Words"]


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said | {"payload": None},
        lambda said: said | {"payload": {"headers": 7, "parts": "x", "body": []}, "internalDate": None},
        lambda said: said | {"payload": {"headers": [[], {"name": 1}]}, "internalDate": "9" * 40, "labelIds": {"a": 1}},
        lambda said: said | {"payload": {"mimeType": "multipart/mixed", "parts": [None, {"parts": [1]}]}, "internalDate": 5},
    ],
)
def test_an_answer_that_makes_no_sense_is_an_unreadable_mail(
    front: Front, account: Account, change: Callable[[dict[str, Any]], Any]
) -> None:
    mailbox, other = account
    other.deliver(mail(1))
    front.meddle.append(altered(change))
    reader = Reader(mailbox)
    assert reader.read() == []
    assert [len(b.unreadable) for b in reader.batches] == [1, 0]


def test_an_answer_cut_off_in_the_middle_is_asked_for_again(front: Front, account: Account) -> None:
    mailbox, other = account
    other.deliver(mail(1))
    front.meddle.append(altered(lambda _: []))
    reader = Reader(mailbox)
    assert reader.read() == []
    front.meddle.clear()
    assert reader.subjects() == ["Mail 1"]


def test_a_mail_nested_without_end_is_read(front: Front, account: Account) -> None:
    mailbox, other = account
    other.deliver(mail(1))

    def nested(said: dict[str, Any]) -> dict[str, Any]:
        part: dict[str, Any] = {"mimeType": "text/plain", "body": {"data": "SGk"}}
        for _ in range(300):
            part = {"mimeType": "multipart/mixed", "parts": [part]}
        return said | {"payload": {**part, "headers": said["payload"]["headers"]}}

    front.meddle.append(altered(nested))
    assert [m.subject for m in Reader(mailbox).read()] == ["Mail 1"]


@pytest.mark.parametrize("content", [b"", b"[]", b"nonsense", b'{"historyId": 5}', b'{"history": 7}', b"[" * 100_000])
def test_an_answer_that_is_none_is_one_clear_line(front: Front, account: Account, content: bytes) -> None:
    mailbox, _ = account
    front.meddle.append(lambda _: (200, {"Content-Type": "application/json"}, content))
    with pytest.raises(ConnectorError, match="could not read") as caught:
        list(mailbox.poll(None, SINCE))
    assert not caught.value.permanent


def test_pages_without_end_are_not_followed(front: Front, account: Account) -> None:
    mailbox, other = account
    other.deliver(mail(1))
    page = json.dumps({"messages": [{"id": "1"}], "nextPageToken": "again"}).encode()
    front.meddle.append(lambda a: (200, {}, page) if a.path.endswith("/messages") and a.one("maxResults") == "500" else None)
    with pytest.raises(ConnectorError, match="same page twice"):
        list(mailbox.poll(None, SINCE))


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.sampled_from(["multipart/mixed", "text/html", "Date"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*PARTS, "x"]), inner, max_size=6),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["id", "threadId", "labelIds", "internalDate", "payload"]), JSON))
def test_whatever_gmail_says_is_read_or_refused(said: dict[str, Any]) -> None:
    with contextlib.suppress(ValueError):
        read = gmail_reader.Mail(said)
        read.missing()
        read.message({}, None)

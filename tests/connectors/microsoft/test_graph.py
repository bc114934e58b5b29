"""A mailbox in Microsoft 365, at a server that holds every request and every reply against what Microsoft publishes."""

from __future__ import annotations

import base64
import random
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from contracts.mailbox_contract import DAY, DRAFT, SINCE, MailboxContract, Reader, mail
from servers import graph_server, processes
from servers.fixed_grant import FixedGrant
from servers.graph_server import TOKEN, USER, Graph
from servers.web_server import Clock

from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.mail import Role
from connectors.microsoft import mailbox
from connectors.microsoft.mailbox import GraphMailbox, GraphTransport
from connectors.net.http import Access, BackOff

OTHER = "sales@example.test"


@pytest.fixture
def server() -> Iterator[Graph]:
    try:
        with graph_server.running() as server:
            yield server
            assert server.wrong == []
    except processes.Missing as missing:
        pytest.skip(str(missing))


def access(clock: Clock | None = None, *tokens: str, application: bool = False) -> Access:
    return Access(
        FixedGrant(USER, *(tokens or (TOKEN,))), application=application, back_off=BackOff(clock) if clock else BackOff()
    )


def mailbox_at(server: Graph, **settings: Any) -> GraphMailbox:
    return GraphMailbox(**{"access": access(), "endpoint": server.url, "timeout": 5, **settings})


def transport_at(server: Graph, **settings: Any) -> GraphTransport:
    return GraphTransport(**{"access": access(), "endpoint": server.url, "timeout": 0.5, **settings})


class TestGraph(MailboxContract):
    batch_size = "connectors.microsoft.mailbox.PAGE"
    states_drafts = True
    added_headers = frozenset({"x-inference-classification"})

    @pytest.fixture
    def mailbox(self, server: Graph) -> Iterator[GraphMailbox]:
        self.server, self.store = server, server.store()
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

    def test_a_poll_without_news_asks_each_folder_once_and_fetches_nothing(self, reader: Reader) -> None:
        for number in range(5):
            self.deliver(mail(number), f"Client {number}")
        reader.read()
        self.server.asked.clear()
        assert reader.read() == []
        assert (self.server.count("delta"), self.server.count("GET /me/messages")) == (
            8,
            0,
        )  # with INBOX, sent mail and the archive
        assert len(self.server.asked) == 9

    def test_a_folder_with_more_than_five_thousand_mails_is_read_whole(self, reader: Reader) -> None:
        """A delta that filters by time stops there (learn.microsoft.com/graph/api/message-delta), so none is asked for."""
        for number in range(5200):
            self.deliver(mail(number, when=DAY + timedelta(seconds=number)))
        assert len({m.message_id for m in reader.read()}) == 5200

    def test_a_first_reading_that_broke_off_goes_on_where_it_was(self, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(mailbox, "PAGE", 2)
        for number in range(6):
            self.deliver(mail(number, when=DAY + timedelta(minutes=number)))
        first = next(iter(reader.mailbox.poll(None, SINCE)))
        self.deliver(mail(6, when=DAY + timedelta(hours=1)))
        self.server.asked.clear()
        rest = Reader(reader.mailbox, first.cursor)
        found = {m.subject for m in rest.read()} | {m.subject for m in first.messages}
        assert found == {f"Mail {n}" for n in range(7)}

    def test_a_delta_that_the_server_has_forgotten_means_reading_everything_again(self, reader: Reader) -> None:
        self.deliver(mail(1))
        self.deliver(mail(2), "Clients")
        reader.read()
        self.store.epoch += 1
        self.deliver(mail(3))
        assert reader.subjects() == ["Mail 1", "Mail 2", "Mail 3"]
        assert any("read again" in warning for warning in reader.batches[-1].warnings)
        assert reader.subjects() == []

    @pytest.mark.parametrize(
        ("status", "code"), [("410", "resyncRequired"), ("400", "ErrorInvalidSyncStateData"), ("404", "SyncStateNotFound")]
    )
    def test_a_link_that_is_refused_for_whatever_reason_never_stops_the_reading(
        self, reader: Reader, status: str, code: str
    ) -> None:
        self.deliver(mail(1))
        reader.read()
        self.server.trouble(status, "delta", code=code)
        self.deliver(mail(2))
        assert reader.subjects() == ["Mail 1", "Mail 2"]

    def test_a_cursor_that_is_not_ours_means_reading_everything(self, reader: Reader) -> None:
        self.deliver(mail(1))
        for cursor in ("", "x", "[]", '{"a": 1}', '{"a": [1]}', "null"):
            reader.cursor = cursor
            assert reader.subjects() == ["Mail 1"]

    def test_a_mail_that_is_filed_is_read_where_it_went(self, reader: Reader) -> None:
        self.deliver(mail(1), "Junk")
        assert reader.read() == []
        self.store.move(self.store.of(self.store.folder("Junk").id)[0], "INBOX")
        assert reader.subjects() == ["Mail 1"]

    def test_a_mail_that_vanished_meanwhile_is_no_loss(self, reader: Reader) -> None:
        self.deliver(mail(1))
        reader.read()
        self.deliver(mail(2))
        gone = self.store.of(self.store.folder("INBOX").id)[-1]
        self.server.trouble("404", f"messages/{gone.id}", code="ErrorItemNotFound")
        assert reader.read() == []

    def test_old_mail_is_not_even_fetched(self, reader: Reader) -> None:
        for number in range(5):
            self.deliver(mail(number, when=SINCE - timedelta(days=30)))
        self.deliver(mail(9))
        assert reader.subjects() == ["Mail 9"]

    # --- folders ---

    def test_folders_are_known_by_what_the_server_says_they_are_for(self, reader: Reader) -> None:
        """In German, with a client called Papierkorb AG whose folder has the name of a trash."""
        for known, name in {
            "inbox": "Posteingang",
            "sentitems": "Gesendete Elemente",
            "deleteditems": "Gelöschte Elemente",
        }.items():
            self.store.folder(known).name = name
        for number, name in enumerate(("inbox", "sentitems", "deleteditems", "Papierkorb")):
            self.deliver(mail(number), name)
        found = {m.subject: (m.folder, m.role) for m in reader.read()}
        assert found == {
            "Mail 0": ("INBOX", Role.INBOX),
            "Mail 1": ("Gesendete Elemente", Role.SENT),
            "Mail 3": ("Papierkorb", Role.OTHER),
        }

    def test_folders_below_folders_are_read_and_what_lies_below_the_trash_is_not(self, reader: Reader) -> None:
        for number, above in enumerate(("inbox", "sentitems", "deleteditems")):
            self.store.add_folder(f"Below {number}", self.store.folder(above).id)
            self.deliver(mail(number), f"Below {number}")
        found = {m.subject: (m.folder, m.role) for m in reader.read()}
        assert found == {"Mail 0": ("INBOX/Below 0", Role.OTHER), "Mail 1": ("Sent/Below 1", Role.SENT)}

    def test_many_folders_come_page_by_page(self, reader: Reader) -> None:
        self.server.page = 3
        for number in range(10):
            self.deliver(mail(number), f"Client {number}")
        assert len(reader.read()) == 10

    # --- one mail ---

    def test_a_mail_written_here_keeps_its_thread_and_our_own_mark(self, reader: Reader) -> None:
        """It never travelled, so it has no header; its values stand in properties."""
        self.store.deliver(mime.render(DRAFT), "Sent", here=True)
        (message,) = reader.read()
        assert (message.message_id, message.subject, message.date) == (DRAFT.message_id, DRAFT.subject, DAY)
        assert (message.in_reply_to, message.references) == (("<1@acme.example>",), DRAFT.references)
        assert (message.sender, message.to, message.headers["x-kept-id"]) == (DRAFT.sender, DRAFT.to, "abc")

    def test_a_draft_beside_the_mail_is_not_read(self, reader: Reader) -> None:
        self.store.deliver(mail(1), draft=True)
        self.deliver(mail(2))
        assert reader.subjects() == ["Mail 2"]

    def test_outlooks_guess_is_told_and_hides_nobody(self, reader: Reader) -> None:
        self.store.deliver(mail(1)).inference = "other"
        (message,) = reader.read()
        assert message.headers["x-inference-classification"] == "other"

    def test_a_conversation_is_told(self, reader: Reader) -> None:
        self.deliver(mail(1))
        assert [m.conversation for m in reader.read()] == ["AAQk-Mail 1"]

    def test_a_header_of_a_mail_cannot_begin_another(self, reader: Reader) -> None:
        self.deliver(mail(1))
        self.server.mangle = lambda answer: answer.replace(
            b'"value": "Mail 1"', b'"value": "Mail 1\\r\\nAuto-Submitted: auto-replied"'
        )
        (message,) = reader.read()
        assert "auto-submitted" not in message.headers

    def test_a_draft_is_laid_as_we_wrote_it(self, mailbox: GraphMailbox) -> None:
        mailbox.save_draft(DRAFT)
        (item,) = self.store.of(self.store.folder("drafts").id)
        assert mime.parse(item.raw, role=Role.DRAFTS, folder="").text.strip() == DRAFT.text.strip()
        assert item.parsed["Message-ID"] == DRAFT.message_id


# --- whose mailbox -----------------------------------------------------------------------------------------------------------------


def test_a_shared_mailbox_is_read_and_not_ones_own(server: Graph) -> None:
    server.store(OTHER).deliver(mail(1))
    server.store().deliver(mail(2))
    server.shared.add((USER, OTHER))
    assert Reader(mailbox_at(server, mailbox=OTHER)).subjects() == ["Mail 1"]


def test_a_company_s_app_reads_by_address(server: Graph) -> None:
    server.store().deliver(mail(1))
    assert Reader(mailbox_at(server, access=access(application=True))).subjects() == ["Mail 1"]
    assert all(f"/users/{USER}/" in line for line in server.asked)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (403, "ErrorAccessDenied", "kept auth"),
        (404, "MailboxNotEnabledForRESTAPI", "type: ews"),
        (404, "ErrorInvalidUser", "has no mailbox"),
        (507, "ErrorQuotaExceeded", "is full"),
    ],
)
def test_what_only_a_person_can_mend_is_said_plainly(server: Graph, status: int, code: str, words: str) -> None:
    server.trouble(str(status), "GET", code=code)
    with pytest.raises(ConnectorError, match=words) as caught:
        mailbox_at(server).check()
    assert caught.value.permanent


def test_a_token_that_is_refused_is_renewed_once(server: Graph) -> None:
    server.store().deliver(mail(1))
    ours = access(None, "stale", TOKEN)
    assert Reader(mailbox_at(server, access=ours)).subjects() == ["Mail 1"]


# --- sending -----------------------------------------------------------------------------------------------------------------------


def test_a_mail_is_sent_as_we_wrote_it_and_its_copy_is_found(server: Graph) -> None:
    transport = transport_at(server)
    assert transport.was_sent(DRAFT.message_id) is False
    assert transport.send(DRAFT).reference
    (item,) = server.store().of(server.store().folder("sentitems").id)
    sent = mime.parse(item.raw, role=Role.SENT, folder="")
    assert (sent.message_id, sent.subject, sent.to, sent.headers["x-kept-id"]) == (
        DRAFT.message_id, DRAFT.subject, DRAFT.to, "abc",
    )  # fmt: skip
    assert transport.was_sent(DRAFT.message_id) is True


def test_a_mail_whose_message_id_was_replaced_is_found_by_our_own_header(server: Graph) -> None:
    server.store().keeps_ids = False
    transport = transport_at(server)
    transport.send(DRAFT)
    assert transport.was_sent(DRAFT.message_id) is True
    assert mailbox_at(server).has_message(DRAFT.message_id)
    assert transport.was_sent("<another@kept.invalid>") is False


def test_a_message_id_with_a_quotation_mark_is_asked_for_as_it_is(server: Graph) -> None:
    server.store().deliver(mail(1).replace(b"<1@acme", b"<o'neill@acme"))
    assert mailbox_at(server).has_message("<o'neill@acme.example>")


def test_without_the_permission_to_read_nobody_can_tell_what_was_sent(server: Graph) -> None:
    server.forbidden["mailFolders"] = "ErrorAccessDenied"
    assert transport_at(server).was_sent(DRAFT.message_id) is None


@pytest.mark.parametrize("done", [True, False], ids=["after it was taken", "before it was taken"])
@pytest.mark.parametrize("how", ["drop", "reset", "hang", "500", "502", "503", "504"])
def test_a_mail_whose_fate_is_unclear_is_not_sent_again_and_can_be_found(server: Graph, how: str, *, done: bool) -> None:
    server.trouble(how, "POST", "sendMail", done=done, code="generalException")
    clock = Clock()
    transport = transport_at(server, access=access(clock))
    with pytest.raises(ConnectorError) as caught:
        transport.send(DRAFT)
    assert caught.value.unknown
    assert server.count("sendMail") == 1
    clock.now += 60
    assert transport.was_sent(DRAFT.message_id) is done
    assert server.count("sendMail") == 1


def test_a_mail_that_was_accepted_is_sent_even_if_the_answer_breaks_off(server: Graph) -> None:
    server.trouble("half", "POST", "sendMail", done=True)
    assert transport_at(server).send(DRAFT).reference
    assert server.count("sendMail") == 1


@pytest.mark.parametrize("status", ["400", "403", "413"])
def test_a_refused_mail_is_not_sent_and_that_is_known(server: Graph, status: str) -> None:
    server.trouble(status, "sendMail", code="ErrorInvalidRecipients")
    with pytest.raises(ConnectorError) as caught:
        transport_at(server).send(DRAFT)
    assert (caught.value.permanent, caught.value.unknown) == (True, False)


# --- being left alone --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code"), [("429", "ApplicationThrottled"), ("503", "serviceNotAvailable"), ("429", "MailboxConcurrency")]
)
@pytest.mark.parametrize("hint", [5, 60, 300])
def test_no_request_leaves_inside_a_back_off_window(server: Graph, status: str, code: str, hint: int) -> None:
    clock = Clock()
    ours = access(clock)
    server.trouble(status, "GET", code=code, Retry_After=str(hint))
    mailbox, transport = mailbox_at(server, access=ours), transport_at(server, access=ours)
    with pytest.raises(ConnectorError) as caught:
        Reader(mailbox).read()
    assert caught.value.retry_after == timedelta(seconds=hint)
    asked = len(server.asked)
    clock.now += hint - 1
    for what in (mailbox.check, transport.check, lambda: transport.send(DRAFT)):
        with pytest.raises(ConnectorError) as again:
            what()
        assert (again.value.unknown, again.value.retry_after is not None) == (False, True)
    assert len(server.asked) == asked
    clock.now += 1
    assert mailbox.check()


def test_another_user_is_not_disturbed(server: Graph) -> None:
    clock = Clock()
    server.tokens["token-of-bob"] = "bob@example.test"
    server.store("bob@example.test").deliver(mail(1))
    server.trouble("429", "GET", Retry_After="300")
    with pytest.raises(ConnectorError):
        Reader(mailbox_at(server, access=access(clock))).read()
    bob = Access(FixedGrant("bob@example.test", "token-of-bob"), back_off=BackOff(clock))
    assert Reader(mailbox_at(server, access=bob)).subjects() == ["Mail 1"]


def test_never_more_than_four_requests_of_a_user_are_under_way(server: Graph) -> None:
    server.slow = 0.05
    ours = access()
    threads = [threading.Thread(target=mailbox_at(server, access=ours).check) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert server.most == 4


def test_a_reading_that_is_asked_to_rest_keeps_what_it_has(server: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "PAGE", 2)
    clock = Clock()
    for number in range(6):
        server.store().deliver(mail(number, when=DAY + timedelta(minutes=number)))
    reading, found, cursor = mailbox_at(server, access=access(clock)), set[str](), None
    server.trouble("429", "GET", "messages", Retry_After="30")
    for _ in range(4):
        try:
            for batch in reading.poll(cursor, SINCE):
                found |= {m.subject for m in batch.messages}
                cursor = batch.cursor
        except ConnectorError:
            clock.now += 31
    assert found == {f"Mail {n}" for n in range(6)}


# --- answers that make no sense ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["drop", "reset", "half"])
def test_a_broken_answer_is_an_error_and_loses_nothing(server: Graph, how: str) -> None:
    server.store().deliver(mail(1))
    reader = Reader(mailbox_at(server))
    server.trouble(how, "GET", "delta")
    with pytest.raises(ConnectorError) as caught:
        reader.read()
    assert (caught.value.permanent, caught.value.unknown) == (False, False)
    assert reader.subjects() == ["Mail 1"]


def test_mutilated_answers_are_read_as_far_as_they_go(server: Graph) -> None:
    """Properties missing, emptied, of another type: only ConnectorError may come of it."""
    for number in range(3):
        server.store().deliver(mail(number), "Clients" if number else "INBOX")
    fate = random.Random(7)

    def mangled(answer: bytes) -> bytes:
        if fate.random() < 0.9:
            return answer
        said = answer.decode()
        for _ in range(fate.randrange(1, 4)):
            found = list(re.finditer(r'"([\w@.]+)": ("[^"]*"|\d+|true|false|\[\]|null)', said))
            if found:
                one = fate.choice(found)
                instead = fate.choice(
                    ['"": 1', f'"{one[1]}": null', f'"{one[1]}": 99999999999999999999', f'"{one[1]}": ["x"]', f'"{one[1]}": {{}}']
                )
                said = said[: one.start()] + instead + said[one.end() :]
        return said.encode()

    server.mangle = mangled
    outcomes = [read_or_refused(Reader(mailbox_at(server))) for _ in range(150)]
    assert {"read", "refused"} == {outcome.partition(":")[0] for outcome in outcomes}
    assert not any("\n" in outcome for outcome in outcomes)
    server.wrong.clear()  # of what the mangled answers led to


def read_or_refused(reader: Reader) -> str:
    try:
        reader.read()
    except ConnectorError as error:
        return f"refused: {error.message}"
    return "read"


def test_pages_that_do_not_end_are_not_followed_for_ever(server: Graph) -> None:
    server.mangle = lambda answer: answer.replace(
        b'{"value": [', b'{"@odata.nextLink": "' + server.url.encode() + b'/me/mailFolders", "value": [', 1
    )
    with pytest.raises(ConnectorError, match="does not end"):
        mailbox_at(server).check()


def test_a_page_on_another_server_is_not_followed(server: Graph) -> None:
    server.mangle = lambda answer: answer.replace(b'{"value": [', b'{"@odata.nextLink": "https://evil.example/", "value": [', 1)
    with pytest.raises(ConnectorError, match="another server"):
        mailbox_at(server).check()


def test_what_is_sent_is_the_mail_in_base64(server: Graph) -> None:
    """learn.microsoft.com/graph/outlook-send-mime-message."""
    assert base64.b64decode(mailbox._mime(DRAFT)).startswith(b"From: ")
    transport_at(server).send(DRAFT)

"""A mailbox in Microsoft 365, at a server that holds every request and every reply against what Microsoft publishes."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from contracts.mailbox_contract import DAY, DRAFT, SINCE, MailboxContract, Reader, mail
from graph_connections import OTHER, access, mailbox_at
from servers.graph_server import TOKEN, USER, Graph

from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.mail import Role
from connectors.microsoft import mailbox
from connectors.microsoft.mailbox import GraphMailbox

pytest_plugins = ("graph_places",)


class TestGraph(MailboxContract):
    batch_size = "connectors.microsoft.mailbox.PAGE"
    states_drafts = True
    added_headers = frozenset({"x-inference-classification"})
    web_mail = "https://outlook.office365.com/owa/?ItemID="

    @pytest.fixture
    def mailbox(self, graph: Graph) -> Iterator[GraphMailbox]:
        self.graph, self.store = graph, graph.store()
        mailbox = mailbox_at(graph)
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
        self.graph.asked.clear()
        assert reader.read() == []
        assert (self.graph.count("delta"), self.graph.count("GET /me/messages")) == (
            8,
            0,
        )  # with INBOX, sent mail and the archive
        assert len(self.graph.asked) == 9

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
        self.graph.asked.clear()
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
        self.graph.trouble(status, "delta", code=code)
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
        self.graph.trouble("404", f"messages/{gone.id}", code="ErrorItemNotFound")
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
        self.graph.page = 3
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
        self.graph.mangle = lambda answer: answer.replace(
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


def test_a_shared_mailbox_is_read_and_not_ones_own(graph: Graph) -> None:
    graph.store(OTHER).deliver(mail(1))
    graph.store().deliver(mail(2))
    graph.shared.add((USER, OTHER))
    assert Reader(mailbox_at(graph, mailbox=OTHER)).subjects() == ["Mail 1"]


def test_a_company_s_app_reads_by_address(graph: Graph) -> None:
    graph.store().deliver(mail(1))
    assert Reader(mailbox_at(graph, access=access(application=True))).subjects() == ["Mail 1"]
    assert all(f"/users/{USER}/" in line for line in graph.asked)


@pytest.mark.parametrize(
    ("status", "code", "words"),
    [
        (403, "ErrorAccessDenied", "kept auth"),
        (404, "MailboxNotEnabledForRESTAPI", "type: ews"),
        (404, "ErrorInvalidUser", "has no mailbox"),
        (507, "ErrorQuotaExceeded", "is full"),
    ],
)
def test_what_only_a_person_can_mend_is_said_plainly(graph: Graph, status: int, code: str, words: str) -> None:
    graph.trouble(str(status), "GET", code=code)
    with pytest.raises(ConnectorError, match=words) as caught:
        mailbox_at(graph).check()
    assert caught.value.permanent


def test_a_token_that_is_refused_is_renewed_once(graph: Graph) -> None:
    graph.store().deliver(mail(1))
    ours = access(None, "stale", TOKEN)
    assert Reader(mailbox_at(graph, access=ours)).subjects() == ["Mail 1"]


# --- answers that make no sense ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["drop", "reset", "half"])
def test_a_broken_answer_is_an_error_and_loses_nothing(graph: Graph, how: str) -> None:
    graph.store().deliver(mail(1))
    reader = Reader(mailbox_at(graph))
    graph.trouble(how, "GET", "delta")
    with pytest.raises(ConnectorError) as caught:
        reader.read()
    assert (caught.value.permanent, caught.value.unknown) == (False, False)
    assert reader.subjects() == ["Mail 1"]


def test_mutilated_answers_are_read_as_far_as_they_go(graph: Graph) -> None:
    """Properties missing, emptied, of another type: only ConnectorError may come of it."""
    for number in range(3):
        graph.store().deliver(mail(number), "Clients" if number else "INBOX")
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

    graph.mangle = mangled
    outcomes = [read_or_refused(Reader(mailbox_at(graph))) for _ in range(150)]
    assert {"read", "refused"} == {outcome.partition(":")[0] for outcome in outcomes}
    assert not any("\n" in outcome for outcome in outcomes)
    graph.wrong.clear()  # of what the mangled answers led to


def read_or_refused(reader: Reader) -> str:
    try:
        reader.read()
    except ConnectorError as error:
        return f"refused: {error.message}"
    return "read"


def test_pages_that_do_not_end_are_not_followed_for_ever(graph: Graph) -> None:
    graph.mangle = lambda answer: answer.replace(
        b'{"value": [', b'{"@odata.nextLink": "' + graph.url.encode() + b'/me/mailFolders", "value": [', 1
    )
    with pytest.raises(ConnectorError, match="does not end"):
        mailbox_at(graph).check()


def test_a_page_on_another_server_is_not_followed(graph: Graph) -> None:
    graph.mangle = lambda answer: answer.replace(b'{"value": [', b'{"@odata.nextLink": "https://evil.example/", "value": [', 1)
    with pytest.raises(ConnectorError, match="another server"):
        mailbox_at(graph).check()

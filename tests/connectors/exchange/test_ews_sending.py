"""Mail sent by an Exchange server exactly once, whatever happens on the way; and a server that limits requests is left alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from contracts.calendar_contract import INVITE, WINDOW
from contracts.mailbox_contract import DRAFT, Reader, mail
from servers import ews_schema
from servers.ews_server import TOKEN, USER, Exchange, running, settings
from servers.fixed_grant import FixedGrant

from connectors import open_calendar, open_mailbox, open_transport
from connectors.base import Calendar, Mailbox, MailTransport
from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.net.http import Access, BackOff

pytestmark = pytest.mark.skipif(not ews_schema.there(), reason="needs ../shared/data/ews-schema beside the repository")


@pytest.fixture
def server() -> Iterator[Exchange]:
    with running() as server:
        yield server
        assert server.wrong == []


@pytest.fixture
def transport(server: Exchange) -> MailTransport:
    return open_transport("ews", settings(server))


@pytest.fixture
def calendar(server: Exchange) -> Calendar:
    return open_calendar("ews", settings(server))


# --- sent once -----------------------------------------------------------------------------------------------------------------


def test_a_mail_is_sent_as_we_wrote_it_and_its_copy_is_found(server: Exchange, transport: MailTransport) -> None:
    assert transport.was_sent(DRAFT.message_id) is False
    assert transport.send(DRAFT).reference
    assert transport.was_sent(DRAFT.message_id) is True
    (item,) = server.mailbox(USER).of(server.mailbox(USER).folder("sentitems").id)
    assert item.raw == mime.render(mime.with_id_header(DRAFT))
    assert b'MessageDisposition="SendAndSaveCopy"' in next(b for b in server.bodies if b"CreateItem" in b)


def test_a_mail_whose_message_id_was_replaced_is_found_by_our_own_header(server: Exchange, transport: MailTransport) -> None:
    server.mailbox(USER).keeps_ids = False
    transport.send(DRAFT)
    assert transport.was_sent(DRAFT.message_id) is True
    assert transport.was_sent("<another@kept.invalid>") is False


def test_what_still_waits_in_the_outbox_was_taken(server: Exchange, transport: MailTransport) -> None:
    server.mailbox(USER).deliver(mime.render(DRAFT), "outbox", here=True)
    assert transport.was_sent(DRAFT.message_id) is True


def test_a_mail_in_the_name_of_a_shared_mailbox_lies_in_its_sent_mail(server: Exchange) -> None:
    store = server.mailbox("sales@example.test")
    ours = open_transport("ews", settings(server, mailbox="sales@example.test"))
    ours.send(DRAFT)
    assert len(store.of(store.folder("sentitems").id)) == 1
    assert ours.was_sent(DRAFT.message_id) is True


BROKEN: dict[str, dict[str, Any]] = {
    "the connection drops": {"how": "drop"},
    "the connection is reset": {"how": "reset"},
    "the server hangs": {"how": "hang"},
    "the answer breaks off": {"how": "lost"},
    "the answer is cut short": {"how": "cut"},
    "the answer is a web page": {"how": "garbage"},
    "the answer is 503": {"how": "status", "status": 503},
    "the answer is 504": {"how": "status", "status": 504},
    "the answer is 502": {"how": "status", "status": 502},
    "the answer is 500 without a word": {"how": "status", "status": 500},
    "the answer is a fault of the server's own": {"how": "fault", "code": "ErrorInternalServerError"},
    "the answer is that time ran out": {"how": "code", "code": "ErrorTimeoutExpired"},
    "the answer is that the store went away": {"how": "code", "code": "ErrorMailboxStoreUnavailable"},
}


@pytest.mark.parametrize("done", [True, False], ids=["after it was taken", "before it was taken"])
@pytest.mark.parametrize("about", BROKEN.values(), ids=BROKEN)
def test_a_mail_whose_fate_is_unclear_is_not_sent_again_and_can_be_found(
    server: Exchange, about: dict[str, Any], done: bool
) -> None:
    """One CreateItem, `unknown`, and Sent Items tells the truth."""
    back_off = BackOff()
    server.trouble(**about, operation="CreateItem", done=done)
    with pytest.raises(ConnectorError) as caught:
        open_transport("ews", settings(server, back_off=back_off, timeout=0.5)).send(DRAFT)
    assert (caught.value.unknown, caught.value.permanent, server.count("CreateItem")) == (True, False, 1)
    later = open_transport("ews", settings(server))
    assert later.was_sent(DRAFT.message_id) is done
    if not done:
        later.send(DRAFT)
    store = server.mailbox(USER)
    assert len(store.of(store.folder("sentitems").id)) == 1


@pytest.mark.parametrize("done", [True, False], ids=["after it was taken", "before it was taken"])
@pytest.mark.parametrize("about", BROKEN.values(), ids=BROKEN)
def test_a_booking_whose_fate_is_unclear_is_not_made_again_and_can_be_found(
    server: Exchange, about: dict[str, Any], done: bool
) -> None:
    server.trouble(**about, operation="CreateItem", done=done)
    with pytest.raises(ConnectorError) as caught:
        open_calendar("ews", settings(server, back_off=BackOff(), timeout=0.5)).put(INVITE)
    assert (caught.value.unknown, server.count("CreateItem")) == (True, 1)
    later = open_calendar("ews", settings(server))
    assert (later.find(INVITE.uid) is not None) is done
    later.put(INVITE)
    assert len(server.calendars[USER].entries) == 1
    assert [kind for kind, _, _ in server.calendars[USER].told] == ["CreateItem"]


@pytest.mark.parametrize("done", [True, False], ids=["after it was taken", "before it was taken"])
@pytest.mark.parametrize("operation", ["UpdateItem", "DeleteItem"])
def test_a_change_whose_fate_is_unclear_is_made_once(server: Exchange, operation: str, done: bool) -> None:
    first = open_calendar("ews", settings(server))
    first.put(INVITE)
    news = dataclasses.replace(INVITE, sequence=1, summary="Moved", cancelled=operation == "DeleteItem")
    server.trouble("drop", operation=operation, done=done)
    with pytest.raises(ConnectorError) as caught:
        first.put(news)
    assert (caught.value.unknown, server.count(operation)) == (True, 1)
    first.put(news)
    assert [kind for kind, _, _ in server.calendars[USER].told] == ["CreateItem", operation]


def test_a_mail_that_never_left_is_not_unknown() -> None:
    with running() as server:
        gone = settings(server)
    with pytest.raises(ConnectorError, match="cannot be reached") as caught:
        open_transport("ews", gone).send(DRAFT)
    assert not caught.value.unknown


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ErrorSendAsDenied", "the right to send as"),
        ("ErrorQuotaExceeded", "is full"),
        ("ErrorInvalidRecipients", "check them"),
        ("ErrorMessageSizeExceeded", "of this size"),
        ("ErrorAccessDenied", "ask your IT department for access"),
        ("ErrorMimeContentInvalid", "refused the request"),
    ],
)
def test_a_refused_mail_was_not_sent_and_a_person_is_told_why(
    server: Exchange, transport: MailTransport, code: str, words: str
) -> None:
    server.trouble("code", operation="CreateItem", code=code)
    with pytest.raises(ConnectorError, match=words) as caught:
        transport.send(DRAFT)
    assert (caught.value.permanent, caught.value.unknown) == (True, False)


def test_a_day_with_too_many_mails_ends_by_itself(server: Exchange, transport: MailTransport) -> None:
    server.trouble("code", operation="CreateItem", code="ErrorSubmissionQuotaExceeded")
    with pytest.raises(ConnectorError, match="no more mail") as caught:
        transport.send(DRAFT)
    assert (caught.value.permanent, caught.value.unknown) == (False, False)


def test_a_mail_with_letters_that_xml_cannot_carry_is_sent(server: Exchange, transport: MailTransport) -> None:
    transport.send(dataclasses.replace(DRAFT, text="a\x0bb\x00c", subject="x\x01y"))
    assert server.count("CreateItem") == 1


# --- left alone -----------------------------------------------------------------------------------------------------------------------


class Clock:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclasses.dataclass
class Account:
    """One user's mailbox, calendar and transport, which share a back-off window."""

    mailbox: Mailbox
    calendar: Calendar
    transport: MailTransport

    def questions(self) -> list[Callable[[], object]]:
        return [
            self.mailbox.check,
            lambda: Reader(self.mailbox).read(),
            lambda: self.mailbox.has_message("<1@x>"),
            lambda: self.mailbox.save_draft(DRAFT),
            lambda: self.calendar.busy_times(WINDOW),
            lambda: list(self.calendar.poll(None, WINDOW)),
            lambda: self.calendar.busy_times_of("kim@acme.example", WINDOW),
            lambda: self.calendar.put(INVITE),
            lambda: self.transport.send(DRAFT),
            lambda: self.transport.was_sent("<1@x>"),
        ]


def account(server: Exchange, clock: Clock, *, shared: bool = True, **more: Any) -> Account:
    """Its back_off is shared as an application does it: handed to each, or inside the access."""
    window = {"back_off": BackOff(clock)} if shared else {}
    said = settings(server, **window, **more)
    return Account(open_mailbox("ews", said), open_calendar("ews", said), open_transport("ews", said))


SLOWER: dict[str, tuple[dict[str, Any], float]] = {
    "a fault with five seconds": ({"how": "fault", "code": "ErrorServerBusy", "rest": 5_000}, 5),
    "a fault with five minutes": ({"how": "fault", "code": "ErrorServerBusy", "rest": 297_749}, 297),
    "an answer with a minute": ({"how": "code", "code": "ErrorServerBusy", "rest": 60_000}, 60),
    "an answer without a hint": ({"how": "code", "code": "ErrorServerBusy"}, 30),
    "too many connections": ({"how": "code", "code": "ErrorExceededConnectionCount"}, 30),
    "429 with two minutes": ({"how": "status", "status": 429, "headers": {"Retry-After": "120"}}, 120),
    "503 with ten seconds": ({"how": "status", "status": 503, "headers": {"Retry-After": "10"}}, 10),
    "503 without a hint": ({"how": "status", "status": 503}, 30),
}


@pytest.mark.parametrize(("about", "seconds"), SLOWER.values(), ids=SLOWER)
def test_no_request_leaves_before_the_hint_has_passed(server: Exchange, about: dict[str, Any], seconds: float) -> None:
    clock = Clock()
    ours = account(server, clock)
    server.trouble(**about)
    with pytest.raises(ConnectorError) as caught:
        ours.mailbox.check()
    assert caught.value.retry_after is not None
    assert int(caught.value.retry_after.total_seconds()) == int(seconds)
    asked, connections = len(server.asked), server.connections
    for passed in (0.0, seconds - 0.5):
        clock.now = 1000.0 + passed
        for question in ours.questions():
            with pytest.raises(ConnectorError, match="limiting requests") as again:
                question()
            assert again.value.retry_after is not None
            assert again.value.retry_after <= timedelta(seconds=seconds + 1 - passed)
            assert not again.value.unknown
    assert (len(server.asked), server.connections) == (asked, connections)
    clock.now = 1000.0 + seconds + 1
    assert ours.mailbox.check()


def test_another_account_is_not_disturbed(server: Exchange) -> None:
    tired, fresh = account(server, Clock()), account(server, Clock())
    server.trouble("fault", code="ErrorServerBusy", rest=300_000)
    with pytest.raises(ConnectorError, match="5 minutes"):
        tired.mailbox.check()
    assert fresh.mailbox.check()
    assert fresh.calendar.check()


def test_a_send_that_was_throttled_was_not_sent(server: Exchange) -> None:
    clock = Clock()
    ours = account(server, clock)
    server.trouble("fault", operation="CreateItem", code="ErrorServerBusy", rest=20_000)
    with pytest.raises(ConnectorError) as caught:
        ours.transport.send(DRAFT)
    assert (caught.value.unknown, caught.value.permanent) == (False, False)
    clock.now += 21
    ours.transport.send(DRAFT)
    store = server.mailbox(USER)
    assert len(store.of(store.folder("sentitems").id)) == 1


def test_a_shorter_hint_does_not_shorten_a_longer_one(server: Exchange) -> None:
    clock = Clock()
    back_off = BackOff(clock)
    back_off.pause(300)
    back_off.pause(5)
    with pytest.raises(ConnectorError) as caught:
        open_mailbox("ews", settings(server, back_off=back_off)).check()
    assert caught.value.retry_after == timedelta(seconds=300)


def test_with_oauth_the_window_is_the_accesss_own() -> None:
    with running(("oauth",)) as server:
        clock = Clock()
        access = Access(FixedGrant(USER, TOKEN), back_off=BackOff(clock))
        ours = account(server, clock, shared=False, access=access, auth="oauth")
        server.trouble("code", code="ErrorServerBusy", rest=90_000)
        with pytest.raises(ConnectorError):
            ours.calendar.check()
        asked = len(server.asked)
        for question in ours.questions():
            with pytest.raises(ConnectorError, match="90 seconds"):
                question()
        assert len(server.asked) == asked


def test_a_poll_that_is_throttled_halfway_goes_on_where_it_was(server: Exchange) -> None:
    store = server.mailbox(USER)
    store.deliver(mail(1))
    store.deliver(mail(2), "Clients")
    clock = Clock()
    reader = Reader(account(server, clock).mailbox)
    found: list[str] = []
    server.trouble("code", operation="GetItem", code="ErrorServerBusy", rest=5000)
    for _ in range(2):
        try:
            for batch in reader.mailbox.poll(reader.cursor, reader.since):
                found += [m.subject for m in batch.messages]
                reader.cursor = batch.cursor
        except ConnectorError:
            clock.now += 6
    assert sorted(found) == ["Mail 1", "Mail 2"]

"""Sending by Gmail, what its refusals mean, and how long Kept then waits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from contracts.mailbox_contract import DRAFT, SINCE, Reader, mail
from servers.fixed_grant import FixedGrant
from servers.gmail_account import ME, Account, Other, opened
from servers.google_front import Front, Meddling, Reply, error
from servers.web_server import Clock

from connectors.errors import ConnectorError
from connectors.google.api import UNITS_PER_SECOND
from connectors.google.gmail import GmailMailbox
from connectors.google.gmail_transport import GmailTransport
from connectors.net.http import Access, BackOff, RateLimit

pytestmark = pytest.mark.server


@pytest.fixture
def account(front: Front) -> Account:
    return opened(front)


# --- refusals -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "words", "permanent", "rest"),
    [
        (error(401, "authError"), "sign in again", True, None),
        (error(403, "insufficientPermissions"), "permission to read your mail; run kept auth user", True, None),
        (error(403, "accessNotConfigured"), "not enabled for your app", True, None),
        (error(403, "domainPolicy"), "administrator", True, None),
        (error(400, "failedPrecondition", "Mail service not enabled"), "Mail service not enabled", True, None),
        (error(403, "rateLimitExceeded"), "limiting requests", False, 60),
        (error(403, "userRateLimitExceeded", Retry_After="5"), "limiting requests", False, 5),
        (error(403, "quotaExceeded"), "limiting requests", False, 600),
        (error(403, "dailyLimitExceeded"), "limiting requests", False, 3600),
        (error(429, "rateLimitExceeded"), "limiting requests", False, 60),
        (error(429, "rateLimitExceeded", Retry_After="300"), "limiting requests", False, 300),
        (error(429, "rateLimitExceeded", "User-rate limit exceeded.  Retry after 2026-03-02T09:16:00.000Z", Date="Mon, 02 Mar 2026 09:14:00 GMT"), "limiting requests", False, 120),
        (error(503, "backendError", Retry_After="120"), "limiting requests", False, 120),
        (error(503, "backendError"), "limiting requests", False, 30),
        (error(500, "backendError"), "internal error", False, None),
    ],
)  # fmt: skip
def test_every_refusal_is_one_clear_line_with_the_right_bit(
    front: Front, account: Account, reply: Reply, words: str, permanent: bool, rest: float | None
) -> None:
    mailbox, _ = account
    front.meddle.append(lambda _: reply)
    with pytest.raises(ConnectorError, match=words) as caught:
        mailbox.check()
    assert (caught.value.permanent, caught.value.unknown) == (permanent, False)
    assert "\n" not in caught.value.message
    left = caught.value.retry_after
    assert (left is None) if rest is None else (left is not None and round(left.total_seconds()) == rest)


def test_a_company_that_gave_no_permission_is_told_who_can(front: Front) -> None:
    address, token = front.account()
    mailbox = GmailMailbox(Access(FixedGrant(address, token), application=True), front.url)
    said = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
    body = json.dumps({"error": {"code": 403, "status": "PERMISSION_DENIED", "details": [said]}}).encode()
    front.meddle.append(lambda _: (403, {}, body))
    with pytest.raises(ConnectorError, match="ask your administrator to allow it") as caught:
        mailbox.check()
    assert caught.value.permanent


# --- sending --------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def transport(front: Front) -> Iterator[GmailTransport]:
    address, token = front.account()
    transport = GmailTransport(Access(FixedGrant(address, token)), front.url)
    transport._sending._timeout = 1.0
    yield transport
    transport.close()


def sends(front: Front) -> int:
    return len(front.requests("POST", "/messages/send"))


def in_sent_mail(front: Front, transport: GmailTransport) -> int:
    found = front.ask(transport._sending.access.grant.token(), "GET", f"{ME}/messages", labelIds="SENT")
    return len(found["messages"])


def on_send(what: Reply | str) -> Meddling:
    return lambda asked: what if asked.path.endswith("/messages/send") else None


def test_a_mail_is_sent_once_and_found_although_gmail_gives_it_another_id(front: Front, transport: GmailTransport) -> None:
    assert transport.was_sent(DRAFT.message_id) is False
    assert transport.send(DRAFT).reference
    assert transport.was_sent(DRAFT.message_id) is True
    assert transport.was_sent("<another@kept.invalid>") is False
    assert (sends(front), in_sent_mail(front, transport)) == (1, 1)


def test_a_mail_whose_id_gmail_keeps_is_found_at_once(front: Front, transport: GmailTransport) -> None:
    front.keeps_ids = True
    transport.send(DRAFT)
    front.seen.clear()
    assert transport.was_sent(DRAFT.message_id) is True
    assert len(front.seen) == 1


def test_a_mail_that_the_search_does_not_know_yet_is_found(front: Front, transport: GmailTransport) -> None:
    transport.send(DRAFT)
    front.meddle.append(lambda a: (200, {}, b"{}") if "q" in a.query else None)
    assert transport.was_sent(DRAFT.message_id) is True


def test_a_mail_goes_into_the_thread_that_it_answers(front: Front, transport: GmailTransport) -> None:
    other = Other(front, transport._sending.access.grant.token())
    other.deliver(mail(1))
    transport.send(DRAFT)
    assert len(front.ask(other.token, "GET", f"{ME}/threads")["threads"]) == 1


@pytest.mark.parametrize("how", ["drop", "reset", "hang", "lost 500", "lost 502", "lost 503", "lost 504"])
def test_a_send_of_which_no_answer_came_is_unknown_and_find_tells(front: Front, transport: GmailTransport, how: str) -> None:
    front.meddle.append(on_send(how))
    with pytest.raises(ConnectorError) as caught:
        transport.send(DRAFT)
    assert (caught.value.unknown, caught.value.permanent) == (True, False)
    transport._sending.access.back_off._until = 0
    assert transport.was_sent(DRAFT.message_id) is True
    assert (sends(front), in_sent_mail(front, transport)) == (1, 1)


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_send_that_failed_without_being_done_is_found_to_be_absent(
    front: Front, transport: GmailTransport, status: int
) -> None:
    front.meddle.append(on_send(error(status, "backendError")))
    with pytest.raises(ConnectorError) as caught:
        transport.send(DRAFT)
    assert caught.value.unknown
    transport._sending.access.back_off._until = 0
    assert transport.was_sent(DRAFT.message_id) is False
    assert sends(front) == 1


def test_a_send_whose_words_were_lost_was_done(front: Front, transport: GmailTransport) -> None:
    front.meddle.append(on_send("half"))
    assert transport.send(DRAFT).reference == DRAFT.message_id
    assert (sends(front), in_sent_mail(front, transport)) == (1, 1)


@pytest.mark.parametrize(
    ("reply", "permanent"),
    [
        (error(400, "invalidArgument", "Invalid To header"), True),
        (error(401, "authError"), False),
        (error(403, "insufficientPermissions"), True),
        (error(403, "rateLimitExceeded"), False),
        (error(429, "rateLimitExceeded"), False),
    ],
)
def test_a_send_that_was_refused_is_known_to_have_failed(front: Front, reply: Reply, permanent: bool) -> None:
    address, token = front.account()
    transport = GmailTransport(Access(FixedGrant(address, token, token)), front.url)
    front.meddle.append(on_send(reply))
    with pytest.raises(ConnectorError) as caught:
        transport.send(DRAFT)
    assert (caught.value.unknown, caught.value.permanent) == (False, permanent)
    assert sends(front) == 1


def test_without_permission_to_read_a_mail_is_sent_and_nobody_can_tell_afterwards(
    front: Front, transport: GmailTransport
) -> None:
    refused = error(403, "insufficientPermissions")
    front.meddle.append(lambda a: refused if a.verb == "GET" or a.path == "/batch" else None)
    assert transport.send(DRAFT).reference
    assert transport.was_sent(DRAFT.message_id) is None


def test_what_is_not_looked_at_is_not_taken_for_absent(
    front: Front, transport: GmailTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.google.gmail_search.SEARCH_LIMIT", 2)
    other = Other(front, transport._sending.access.grant.token())
    for number in range(3):
        other.deliver(mail(number), "Sent")
    assert transport.was_sent(DRAFT.message_id) is None
    with pytest.raises(ConnectorError, match="too much mail recently") as caught:
        GmailMailbox(transport._sending.access, front.url).has_message(DRAFT.message_id)
    assert not caught.value.permanent


def test_a_search_that_broke_off_is_not_taken_for_absent(front: Front, transport: GmailTransport) -> None:
    Other(front, transport._sending.access.grant.token()).deliver(mail(1), "Sent")
    front.meddle.append(lambda a: error(500, "backendError") if a.inner else None)
    with pytest.raises(ConnectorError, match="recently sent mail could not be searched") as caught:
        transport.was_sent(DRAFT.message_id)
    assert not caught.value.permanent


def test_a_message_id_is_never_read_as_a_search(front: Front, transport: GmailTransport) -> None:
    assert transport.was_sent('<x} OR {in:anywhere@"y">') is False
    assert all("rfc822msgid" not in a.one("q") for a in front.seen)


def test_the_transport_says_who_is_signed_in(transport: GmailTransport) -> None:
    assert transport.check() == (f"signed in to Gmail as {transport._sending.access.user}",)


# --- slower ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hint", [5, 30, 120, 300])
@pytest.mark.parametrize("reply", [(429, "rateLimitExceeded"), (503, "backendError"), (403, "userRateLimitExceeded")])
def test_no_request_leaves_inside_the_window_and_others_are_undisturbed(front: Front, reply: tuple[int, str], hint: int) -> None:
    clock = Clock()
    address, token = front.account()
    access = Access(FixedGrant(address, token), back_off=BackOff(clock))
    mailbox, transport = GmailMailbox(access, front.url), GmailTransport(access, front.url)
    colleague_address, colleague_token = front.account()
    colleague = GmailMailbox(Access(FixedGrant(colleague_address, colleague_token)), front.url)
    front.meddle.append(lambda a: error(*reply, Retry_After=str(hint)) if a.token == token else None)
    with pytest.raises(ConnectorError):
        mailbox.check()
    front.meddle.clear()
    front.seen.clear()
    clock.now += hint - 1
    for attempt in (
        mailbox.check,
        lambda: mailbox.has_message("<x@y>"),
        lambda: transport.send(DRAFT),
        lambda: list(mailbox.poll(None, SINCE)),
    ):
        with pytest.raises(ConnectorError, match="limiting requests") as caught:
            attempt()
        assert caught.value.retry_after == timedelta(seconds=1)
        assert not caught.value.unknown
    assert front.seen == []
    assert colleague.check()
    clock.now += 1
    assert mailbox.check()


def test_the_published_quota_is_kept(front: Front) -> None:
    """…/gmail/api/reference/quota: 6,000 units a minute, of which at most 60 % are spent."""
    clock = Clock()
    address, token = front.account()
    access = Access(FixedGrant(address, token), rate_limit=RateLimit(UNITS_PER_SECOND, clock, clock.sleep))
    other = Other(front, token)
    for number in range(60):
        other.deliver(mail(number))
    began = clock.now
    assert len(Reader(GmailMailbox(access, front.url)).read()) == 60
    assert access.usage.units >= 60 * 20
    assert access.usage.units / (clock.now - began) < 100

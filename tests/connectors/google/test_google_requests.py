"""What Google's own client library builds, and what it must never do: send by itself, send twice, or lose what a refusal says."""

from __future__ import annotations

from datetime import timedelta

import httplib2
import pytest
from contracts.mailbox_contract import DRAFT
from servers.fixed_grant import FixedGrant
from servers.google_front import Asked, Front, Reply

from connectors.errors import ConnectorError
from connectors.google import discovery
from connectors.google.api import GoogleApi
from connectors.google.gmail import GmailMailbox
from connectors.google.gmail_transport import GmailTransport
from connectors.net.http import Access

pytestmark = pytest.mark.server
DEEP = b'{"error": ' * 100_000
UNREADABLE = [b'{"error": {"message": 5, "errors": [{"reason": {}}]}}', b'{"error": "no"}', b"[[]]", b"\xff\xfe", b"", DEEP]


@pytest.fixture
def access(google: Front) -> Access:
    return Access(FixedGrant(*google.account()))


@pytest.fixture
def api(google: Front, access: Access) -> GoogleApi:
    return GoogleApi(access, "gmail.v1", "read your mail", google.url)


def test_a_parameter_that_google_does_not_have_never_leaves(google: Front, api: GoogleApi) -> None:
    google.seen.clear()
    with pytest.raises(TypeError, match="query"):
        api.collection("users.messages").list(userId="me", query="x")
    assert google.seen == []


def test_nothing_is_carried_by_httplib2(google: Front, access: Access, monkeypatch: pytest.MonkeyPatch) -> None:
    """It sends a request again when the connection drops."""

    def refuse(*_: object, **__: object) -> None:
        pytest.fail("httplib2 was asked to send")

    monkeypatch.setattr(httplib2.Http, "request", refuse)
    assert GmailTransport(access, google.url).send(DRAFT).reference
    assert list(GmailMailbox(access, google.url).poll(None, DRAFT.date - timedelta(days=1)))


def test_a_request_that_is_built_and_never_handed_over_is_not_sent(google: Front, api: GoogleApi) -> None:
    google.seen.clear()
    with pytest.raises(NotImplementedError):
        api.collection("users").getProfile(userId="me").execute()
    assert google.seen == []


@pytest.mark.parametrize("content", UNREADABLE)
def test_a_refusal_in_which_the_library_finds_no_reason_is_one_all_the_same(
    google: Front, api: GoogleApi, content: bytes
) -> None:
    def refuse(_: Asked) -> Reply:
        return 429, {"Retry-After": "40"}, content

    google.meddle.append(refuse)
    google.seen.clear()
    with pytest.raises(ConnectorError) as caught:
        api.read(api.collection("users").getProfile(userId="me"))
    google.meddle.remove(refuse)
    assert caught.value.retry_after is not None
    assert 39 < caught.value.retry_after.total_seconds() <= 40
    assert len(google.seen) == 1


@pytest.mark.parametrize("content", [*UNREADABLE[1:4], DEEP])
def test_an_answer_without_an_object_is_tried_again_later(google: Front, api: GoogleApi, content: bytes) -> None:
    def garble(_: Asked) -> Reply:
        return 200, {"Content-Type": "application/json"}, content.replace(b'{"error": "no"}', b'"no"')

    google.meddle.append(garble)
    with pytest.raises(ConnectorError, match="could not read") as caught:
        api.read(api.collection("users").getProfile(userId="me"))
    google.meddle.remove(garble)
    assert not caught.value.permanent


def test_google_s_environment_variables_lead_nowhere_else(google: Front, api: GoogleApi, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOOGLE_CLOUD_UNIVERSE_DOMAIN", "elsewhere.example")
    monkeypatch.setenv("GOOGLE_API_USE_MTLS_ENDPOINT", "always")
    monkeypatch.setenv("GOOGLE_API_USE_CLIENT_CERTIFICATE", "true")
    discovery.collection.cache_clear()
    discovery._service.cache_clear()
    request = api.collection("users").getProfile(userId="me")
    assert request.uri.startswith(google.url)
    assert api.read(request)[0] == 200


def test_an_address_too_long_for_one_line_stays_one_reading_request(google: Front, api: GoogleApi) -> None:
    """The library then posts the query as a form and says that it means GET."""
    taken: list[Asked] = []

    def take(asked: Asked) -> Reply:
        taken.append(asked)
        return 200, {"Content-Type": "application/json"}, b"{}"

    google.meddle.append(take)
    api.read(api.collection("users.messages").list(userId="me", q="x" * 3000))
    google.meddle.remove(take)
    (asked,) = taken
    assert (asked.verb, asked.headers["X-Http-Method-Override"]) == ("POST", "GET")
    assert b"x" * 3000 in asked.content

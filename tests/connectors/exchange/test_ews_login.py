"""Getting in at an Exchange server: basic, NTLM and OAuth, whose certificate is trusted, and where Kept does not even try."""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contracts.mailbox_contract import DRAFT
from servers import ews_schema, processes
from servers.ews_server import PASSWORD, TOKEN, USER, Exchange, running, settings
from servers.fixed_grant import FixedGrant

from connectors import open_mailbox, open_transport
from connectors.base import Mailbox, MailTransport
from connectors.errors import ConnectorError
from connectors.exchange.session import discover
from connectors.net.http import Access

pytestmark = pytest.mark.skipif(not ews_schema.there(), reason="needs ../shared/data/ews-schema beside the repository")


def mailbox(server: Exchange, **more: Any) -> Mailbox:
    return open_mailbox("ews", settings(server, **{"auth": None, **more}))


def transport(server: Exchange, **more: Any) -> MailTransport:
    return open_transport("ews", settings(server, **{"auth": None, **more}))


@pytest.fixture
def credentials(tmp_path: Path) -> str:
    """Who may log in by NTLM: a user by name, by domain and name, and by address."""
    file = tmp_path / "ntlm"
    file.write_text(f"EXAMPLE:alice:{PASSWORD}\n:{USER}:{PASSWORD}\n")
    return str(file)


# --- how -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("auth", ["basic", None])
def test_a_user_name_and_a_password_log_in(auth: str | None) -> None:
    with running(("basic",)) as server:
        assert mailbox(server, auth=auth).check()
        assert transport(server, auth=auth).check()
        assert server.wrong == []


@pytest.mark.parametrize("auth", ["ntlm", None])
@pytest.mark.parametrize("username", ["EXAMPLE\\alice", USER])
def test_ntlm_logs_in_by_a_real_handshake(credentials: str, auth: str | None, username: str) -> None:
    with running(("ntlm", "basic"), credentials) as server:
        ours = mailbox(server, auth=auth, username=username)
        assert ours.check()
        assert not ours.has_message("<1@x>")
        ours.close()
        assert server.wrong == []
        assert "Authorization" not in server.heads[-1]  # the connection is known by then


def test_ntlm_hands_a_mail_over_once(credentials: str) -> None:
    with running(("ntlm",), credentials) as server:
        ours = transport(server, username="EXAMPLE\\alice", auth="ntlm")
        ours.send(DRAFT)
        assert (server.count("CreateItem"), ours.was_sent(DRAFT.message_id)) == (1, True)


@pytest.mark.parametrize("done", [True, False])
def test_a_mail_lost_on_a_connection_of_ntlm_is_not_sent_again(credentials: str, done: bool) -> None:
    with running(("ntlm",), credentials) as server:
        ours = transport(server, username="EXAMPLE\\alice", auth="ntlm")
        server.trouble("drop", operation="CreateItem", done=done)
        with pytest.raises(ConnectorError) as caught:
            ours.send(DRAFT)
        assert (caught.value.unknown, server.count("CreateItem"), ours.was_sent(DRAFT.message_id)) == (True, 1, done)


def test_the_password_does_not_leave_where_ntlm_is_offered(credentials: str) -> None:
    with running(("ntlm", "basic"), credentials) as server:
        mailbox(server, username="EXAMPLE\\alice").check()
        assert not any(head.get("Authorization", "").startswith("Basic") for head in server.heads)


@pytest.mark.parametrize("auth", ["basic", "ntlm"])
def test_a_wrong_password_is_said_plainly_and_not_tried_again(credentials: str, auth: str) -> None:
    with running((auth,), credentials) as server:
        ours = mailbox(server, username="EXAMPLE\\alice", auth=auth, password=lambda: "wrong-one")
        with pytest.raises(ConnectorError, match="check the user name and the password") as caught:
            ours.check()
        assert caught.value.permanent
        assert "wrong-one" not in str(caught.value)
        assert server.asked == []


def test_a_password_in_letters_of_any_language_is_sent_as_utf_8() -> None:
    with running() as server:
        server.password = "pässwörd€"
        assert mailbox(server, auth="basic", password=lambda: "pässwörd€").check()


def test_a_server_that_offers_neither_is_said() -> None:
    with running(("oauth",)) as server, pytest.raises(ConnectorError, match="neither basic nor NTLM") as caught:
        mailbox(server).check()
    assert caught.value.permanent


def test_oauth_sends_a_token_with_each_request() -> None:
    with running(("oauth",)) as server:
        access = Access(FixedGrant(USER, TOKEN))
        assert mailbox(server, auth="oauth", access=access, password=None).check()
        assert all(head["Authorization"] == f"Bearer {TOKEN}" for head in server.heads)
        assert access.usage.requests > 0
        assert server.wrong == []


def test_a_token_that_is_refused_is_renewed_and_the_question_asked_again() -> None:
    with running(("oauth",)) as server:
        grant = FixedGrant(USER, "old", TOKEN)
        assert mailbox(server, auth="oauth", access=Access(grant), password=None).check()
        assert grant.refusals == ["old"]


def test_a_mail_is_not_sent_again_with_the_new_token() -> None:
    """A refused log-in means that nothing was done; the caller comes again."""
    with running(("oauth",)) as server:
        ours = transport(server, auth="oauth", access=Access(FixedGrant(USER, "old", TOKEN)), password=None)
        with pytest.raises(ConnectorError, match="will renew the login") as caught:
            ours.send(DRAFT)
        assert (caught.value.unknown, caught.value.permanent, server.count("CreateItem")) == (False, False, 0)
        ours.send(DRAFT)
        assert server.count("CreateItem") == 1


def test_without_consent_or_password_nothing_leaves() -> None:
    with running() as server:
        for more in ({"auth": "oauth"}, {"password": None}):
            with pytest.raises(ConnectorError) as caught:
                mailbox(server, **more).check()
            assert caught.value.permanent
        assert server.connections == 0


# --- where ---------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    [
        {"host": "outlook.office365.com"},
        {"endpoint": "https://outlook.office365.com/EWS/Exchange.asmx"},
        {"host": "outlook.office365.us"},
        {"host": "partner.outlook.cn"},
        {"host": "Outlook.Office.com."},
    ],
)
def test_exchange_online_is_not_even_tried(place: dict[str, str]) -> None:
    ours = open_mailbox("ews", {"username": USER, "password": lambda: PASSWORD, **place})
    with pytest.raises(ConnectorError) as caught:
        ours.check()
    assert caught.value.permanent
    for words in ("blocked by default since October 2026", "ends on 1 April 2027", "`type: graph`"):
        assert words in caught.value.message


def test_a_name_that_only_looks_like_exchange_online_is_tried() -> None:
    ours = open_mailbox("ews", {"username": USER, "password": lambda: PASSWORD, "host": "notoffice365.com.invalid", "timeout": 1})
    with pytest.raises(ConnectorError, match="cannot be reached"):
        ours.check()


def test_a_password_is_not_sent_in_the_clear_to_another_machine() -> None:
    ours = open_mailbox(
        "ews", {"username": USER, "password": lambda: PASSWORD, "endpoint": "http://mail.example.test/EWS/Exchange.asmx"}
    )
    with pytest.raises(ConnectorError, match="without encryption") as caught:
        ours.check()
    assert caught.value.permanent


def test_with_an_endpoint_nothing_else_is_asked() -> None:
    """No guess at the version, no autodiscover, one connection."""
    with running() as server:
        ours = mailbox(server, auth="basic")
        ours.check()
        assert server.asked == ["SyncFolderHierarchy", "GetFolder"]
        assert server.connections == 1


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What autodiscover finds, in place of the search in the net."""
    from exchangelib.autodiscover import discovery

    said: dict[str, Any] = {"ews_url": None, "error": None, "visited": []}

    class Answer:
        ews_url = ""

    def search(self: Any) -> tuple[Any, None]:
        self._urls_visited = said["visited"]
        if said["error"] is not None:
            raise said["error"]
        answer = Answer()
        answer.ews_url = said["ews_url"]
        return answer, None

    monkeypatch.setattr(discovery.Autodiscovery, "discover", search)
    return said


def test_without_a_server_it_is_found_from_the_address(found: dict[str, Any]) -> None:
    with running() as server:
        found["ews_url"] = server.url
        assert mailbox(server, endpoint=None).check()


def test_an_address_that_leads_to_exchange_online_is_said(found: dict[str, Any]) -> None:
    found["ews_url"] = "https://outlook.office365.com/EWS/Exchange.asmx"
    with pytest.raises(ConnectorError, match="type: graph"):
        open_mailbox("ews", {"username": USER, "password": lambda: PASSWORD}).check()


def test_a_search_that_fails_on_the_way_to_exchange_online_is_said(found: dict[str, Any]) -> None:
    from exchangelib.errors import AutoDiscoverFailed

    found["error"], found["visited"] = (
        AutoDiscoverFailed("no"),
        ["https://autodiscover-s.outlook.com/autodiscover/autodiscover.svc"],
    )
    with pytest.raises(ConnectorError, match="type: graph"):
        discover(USER, USER, PASSWORD)


def test_a_search_that_finds_nothing_says_what_to_set(found: dict[str, Any]) -> None:
    found["error"] = OSError("no net")
    with pytest.raises(ConnectorError, match="set host") as caught:
        discover(USER, USER, PASSWORD)
    assert not caught.value.permanent


def test_a_search_leaves_nothing_in_the_folder_for_temporary_files(found: dict[str, Any]) -> None:
    from exchangelib.autodiscover import cache

    found["ews_url"] = "https://mail.example.test/EWS/Exchange.asmx"
    discover(USER, USER, PASSWORD)
    assert not list(Path(tempfile.gettempdir()).glob("exchangelib*"))
    assert not cache.AUTODISCOVER_PERSISTENT_STORAGE.parent.exists()


def test_a_user_without_an_address_is_asked_for_the_host() -> None:
    with pytest.raises(ConnectorError, match="set host") as caught:
        open_mailbox("ews", {"username": "EXAMPLE\\alice", "password": lambda: PASSWORD}).check()
    assert caught.value.permanent


# --- whom to trust -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def tls(tmp_path: Path) -> tuple[Path, Path]:
    try:
        return processes.certificate(tmp_path)
    except processes.Missing as missing:
        pytest.skip(str(missing))


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tls: tuple[Path, Path]) -> None:
    with running(tls=tls) as server, pytest.raises(ConnectorError, match="cannot be trusted") as caught:
        transport(server, auth="basic").send(DRAFT)
    assert (caught.value.permanent, caught.value.unknown) == (True, False)


def test_one_accounts_authority_is_not_anothers(tls: tuple[Path, Path]) -> None:
    with running(tls=tls) as server:
        trusting = mailbox(server, auth="basic", ca_file=tls[0])
        assert trusting.check()
        with pytest.raises(ConnectorError, match="cannot be trusted"):
            mailbox(server, auth="basic").check()
        assert trusting.check()


def test_a_certificate_file_that_is_not_there_is_said(tls: tuple[Path, Path], tmp_path: Path) -> None:
    with running(tls=tls) as server, pytest.raises(ConnectorError, match="cannot be used") as caught:
        mailbox(server, auth="basic", ca_file=tmp_path / "nothing.pem").check()
    assert caught.value.permanent


# --- what is kept to oneself ---------------------------------------------------------------------------------------------------


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


@pytest.mark.parametrize("auth", ["basic", "ntlm", "oauth"])
def test_no_secret_and_no_word_of_a_mail_is_logged(log: pytest.LogCaptureFixture, credentials: str, auth: str) -> None:
    with running((auth,), credentials) as server:
        access = Access(FixedGrant(USER, TOKEN)) if auth == "oauth" else None
        ours = transport(server, auth=auth, access=access, username="EXAMPLE\\alice" if auth == "ntlm" else USER)
        ours.send(DRAFT)
        server.trouble("garbage", done=True)
        with pytest.raises(ConnectorError):
            ours.send(DRAFT)
    for secret in (PASSWORD, TOKEN, "here it is", DRAFT.subject):
        assert secret not in log.text


def test_no_library_keeps_anything_of_an_account() -> None:
    from exchangelib.protocol import BaseProtocol, Protocol
    from requests.adapters import HTTPAdapter

    with running() as server:
        mailbox(server, auth="basic").check()
    assert Protocol._protocol_cache == {}
    assert BaseProtocol.HTTP_ADAPTER_CLS is HTTPAdapter


@pytest.mark.parametrize(
    ("status", "words", "permanent"),
    [
        (403, "ask your IT department to allow it", True),
        (404, "no Exchange service", True),
        (302, "redirects to another address", True),
        (456, "is blocked", True),
        (500, "an internal error", False),
        (502, "an internal error", False),
        (400, "refused the request", True),
    ],
)
def test_a_status_is_told_in_words(status: int, words: str, permanent: bool) -> None:
    with running() as server:
        server.trouble("status", status=status)
        with pytest.raises(ConnectorError, match=words) as caught:
            mailbox(server, auth="basic").check()
        assert caught.value.permanent is permanent


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ErrorAccountDisabled", "is disabled"),
        ("ErrorNonExistentMailbox", "has no mailbox"),
        ("ErrorImpersonateUserDenied", "act for others"),
        ("ErrorAccessDenied", "ask your IT department for access"),
        ("ErrorInvalidServerVersion", "older than Exchange 2013"),
        ("ErrorPasswordExpired", "has expired"),
    ],
)
def test_a_refusal_is_told_in_words_whether_it_comes_as_a_fault_or_as_an_answer(code: str, words: str) -> None:
    for how in ("fault", "code"):
        with running() as server:
            server.trouble(how, code=code)
            with pytest.raises(ConnectorError, match=words) as caught:
                mailbox(server, auth="basic").check()
            assert caught.value.permanent

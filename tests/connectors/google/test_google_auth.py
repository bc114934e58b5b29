"""Getting in at Google: tokens renewed by its own library, a consent that is gone told apart from a server that is down."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from servers.web_server import serving

from connectors.errors import ConnectorError
from connectors.google import auth
from connectors.google.auth import COMPOSE, READ, GoogleClient, ServiceGrant
from connectors.net.token_store import ConsentWithdrawn, FileTokenStore, StoredGrant

DANA = "dana@northwind.example"
JSON = {"Content-Type": "application/json"}


def answer(status: int = 200, **words: Any) -> tuple[int, dict[str, str], bytes]:
    return status, JSON, json.dumps(words).encode()


def client(url: str) -> GoogleClient:
    return GoogleClient("an-app", lambda: "its secret", f"{url}/auth", f"{url}/token")


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # google-auth reads this clock itself


def test_a_refresh_token_becomes_an_access_token_with_its_end() -> None:
    with serving(answer(access_token="new", expires_in=3599, token_type="Bearer", scope=READ)) as server:
        renewed = auth.renewer(client(server.url))({"refresh_token": "long-lived"}, False)
        assert (renewed.token, renewed.provider) == ("new", {"refresh_token": "long-lived"})
        assert 3500 < (renewed.until - now()).total_seconds() < 3600
        assert b"refresh_token=long-lived" in server.asked[0][3]


def test_a_new_refresh_token_replaces_the_old_one() -> None:
    with serving(answer(access_token="new", expires_in=3599, token_type="Bearer", refresh_token="newer")) as server:
        assert auth.renewer(client(server.url))({"refresh_token": "old"}, False).provider["refresh_token"] == "newer"


def test_a_withdrawn_consent_is_told_apart_from_a_server_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _seconds: None)  # google-auth waits between its attempts
    with (
        serving(answer(400, error="invalid_grant", error_description="Token has been expired or revoked.")) as server,
        pytest.raises(ConsentWithdrawn),
    ):
        auth.renewer(client(server.url))({"refresh_token": "old"}, False)
    with serving(answer(503, error="temporarily_unavailable")) as server, pytest.raises(ConnectorError) as caught:
        auth.renewer(client(server.url))({"refresh_token": "old"}, False)
    assert not caught.value.permanent
    with pytest.raises(ConnectorError, match="cannot be reached"):
        auth.renewer(client(server.url))({"refresh_token": "old"}, False)


def test_a_revoked_token_is_asked_for_twice_in_all(tmp_path: Path) -> None:
    store = FileTokenStore(tmp_path / "google.json")
    store.save({"provider": {"refresh_token": "revoked"}})
    with serving(answer(400, error="invalid_grant")) as server:
        for _ in range(4):
            grant = StoredGrant(DANA, store, auth.renewer(client(server.url)), now)
            with pytest.raises(ConnectorError, match="kept auth"):
                grant.token()
        assert len(server.asked) == 2


def test_no_secret_is_in_what_is_said(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    with serving(answer(401, error="invalid_client")) as server, pytest.raises(ConsentWithdrawn) as caught:
        auth.renewer(client(server.url))({"refresh_token": "long-lived"}, False)
    assert "long-lived" not in f"{caught.value} {caplog.text}"
    assert "its secret" not in f"{caught.value} {caplog.text}"


def key(url: str) -> dict[str, str]:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    return {
        "type": "service_account",
        "client_email": "kept@project.iam.gserviceaccount.com",
        "private_key": pem,
        "token_uri": f"{url}/token",
    }


def claims(body: bytes) -> dict[str, Any]:
    import base64
    from urllib.parse import parse_qs

    middle = parse_qs(body.decode())["assertion"][0].split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=="))
    return found


def test_a_service_account_speaks_for_one_person_with_the_permissions_asked_and_no_others() -> None:
    with serving(answer(access_token="team", expires_in=3599)) as server:
        secret = key(server.url)
        grant = ServiceGrant(DANA, lambda: secret, [READ, COMPOSE], now)
        assert [grant.token(), grant.token()] == ["team", "team"]
        assert len(server.asked) == 1
        assert (claims(server.asked[0][3])["sub"], claims(server.asked[0][3])["scope"]) == (DANA, f"{READ} {COMPOSE}")


def test_a_service_account_that_may_not_speak_names_what_the_administrator_must_allow() -> None:
    with serving(answer(401, error="unauthorized_client", error_description="Client is unauthorized")) as server:
        secret = key(server.url)
        with pytest.raises(ConnectorError, match="Domain-wide delegation") as caught:
            ServiceGrant(DANA, lambda: secret, [READ], now).token()
        assert caught.value.permanent
        assert READ in caught.value.message
        assert "PRIVATE" not in caught.value.message


def test_a_key_that_is_none_is_said() -> None:
    with pytest.raises(ConnectorError, match="not the key of a service account") as caught:
        ServiceGrant(DANA, lambda: {"type": "service_account"}, [READ], now).token()
    assert caught.value.permanent


def test_a_service_accounts_token_that_is_refused_twice_ends_it() -> None:
    with serving(answer(access_token="one", expires_in=3599), answer(access_token="two", expires_in=3599)) as server:
        secret = key(server.url)
        grant = ServiceGrant(DANA, lambda: secret, [READ], now)
        grant.reject(grant.token())
        assert grant.token() == "two"
        with pytest.raises(ConnectorError, match="administrator"):
            grant.reject("two")

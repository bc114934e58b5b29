"""Getting in at Microsoft by MSAL: codes, silent renewals, audiences, a company's own consent.

The answers are written by hand after Microsoft's pages on the device code and client credentials flows and on AADSTS errors; no
server that speaks them can be had, so they stand at MSAL's own edge, its HTTP client.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from connectors.errors import ConnectorError
from connectors.microsoft import auth
from connectors.microsoft.auth import EVENTS, GRAPH, IMAP, OUTLOOK, READ, ApplicationGrant, CompanyTokens, MicrosoftClient
from connectors.net.token_store import ConsentWithdrawn, FileTokenStore, StoredGrant

DANA = "dana@northwind.example"
TENANT = "https://login.microsoftonline.com/northwind.example"


@dataclass
class Said:
    """An answer as MSAL reads it."""

    status_code: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    def raise_for_status(self) -> None:
        """MSAL asks for it on the discovery document."""


def _id_token(name: str) -> str:
    claims = {"iss": "x", "sub": "s", "aud": "kept", "exp": 9999999999, "oid": "o", "tid": "t", "preferred_username": name}
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"e30.{middle}.sig"


@dataclass
class Microsoft:
    """Microsoft's log-in as far as MSAL asks it."""

    user: str = DANA
    error: str = ""
    down: bool = False
    scope: str = ""
    tokens: list[dict[str, str]] = field(default_factory=list)  # what was asked of the token endpoint

    def get(self, url: str, **_: Any) -> Said:
        self._reach()
        assert url.startswith("https://login.microsoftonline.com/")
        ends = {name: f"{TENANT}/oauth2/v2.0/{name}" for name in ("authorize", "token", "devicecode")}
        return Said(
            200,
            json.dumps({
                "authorization_endpoint": ends["authorize"],
                "token_endpoint": ends["token"],
                "device_authorization_endpoint": ends["devicecode"],
                "issuer": f"{TENANT}/v2.0",
                "tenant_discovery_endpoint": f"{TENANT}/v2.0/.well-known/openid-configuration",
                "metadata": [],
            }),
        )  # fmt: skip

    def post(self, url: str, data: Any = None, **_: Any) -> Said:
        self._reach()
        asked = data if isinstance(data, dict) else {k: v[0] for k, v in parse_qs(str(data)).items()}
        if urlsplit(url).path.endswith("devicecode"):
            self.scope = str(asked["scope"])
            words = {"device_code": "d", "user_code": "ABCD-EFGH", "verification_uri": "https://microsoft.com/devicelogin"}
            return Said(200, json.dumps({**words, "expires_in": 900, "interval": 0, "message": "sign in"}))
        self.tokens.append({k: v.decode() if isinstance(v, bytes) else str(v) for k, v in asked.items()})
        if self.error:
            said = "AADSTS50173: The provided grant has expired. Trace ID: 123 Timestamp: now"
            return Said(400, json.dumps({"error": self.error, "error_description": said}))
        number = len(self.tokens)
        found = {
            "access_token": f"access-{number}",
            "expires_in": 3600,
            "token_type": "Bearer",
            "scope": asked.get("scope", self.scope),
        }
        if asked.get("grant_type") != "client_credentials":
            found |= {
                "refresh_token": f"refresh-{number}",
                "id_token": _id_token(self.user),
                "client_info": base64.urlsafe_b64encode(b'{"uid":"o","utid":"t"}').decode(),
            }
        return Said(200, json.dumps(found))

    def close(self) -> None:
        """MSAL closes what it was given."""

    def _reach(self) -> None:
        if self.down:
            raise OSError("no route to host")


@pytest.fixture
def microsoft() -> Microsoft:
    return Microsoft()


def client(microsoft: Microsoft, *, team: bool = False) -> MicrosoftClient:
    secret = (lambda: "its secret") if team else None
    return MicrosoftClient("an-app", "northwind.example", secret=secret, http=microsoft)


def company(microsoft: Microsoft) -> Callable[[str], ApplicationGrant]:
    """The grants of a company's users, who share its tokens."""
    return partial(ApplicationGrant, tokens=CompanyTokens(client(microsoft, team=True), GRAPH, now))


def certificate_pem() -> tuple[str, str]:
    """A private key and a certificate of its own, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Kept")])
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), begin, begin + timedelta(days=365)
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return pem, builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251  # msal reads this clock itself


def signed_in(microsoft: Microsoft, store: FileTokenStore, *scopes: str) -> list[str]:
    said: list[str] = []
    store.save(auth.consent(client(microsoft), DANA, scopes or (READ,), said.append, browser=False))
    return said


def grant(microsoft: Microsoft, store: FileTokenStore, *scopes: str) -> StoredGrant:
    wanted = scopes or (READ,)
    renew = auth.renewer(client(microsoft), wanted)
    return StoredGrant(DANA, store, renew, now, auth.audience(wanted))


def refused(what: Callable[[], object]) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        what()
    assert "\n" not in caught.value.message
    return caught.value


@pytest.fixture
def store(tmp_path: Path) -> FileTokenStore:
    return FileTokenStore(tmp_path / "microsoft.json")


def test_a_machine_without_a_browser_shows_a_code_for_any_other(microsoft: Microsoft, store: FileTokenStore) -> None:
    said = signed_in(microsoft, store)
    assert any("https://microsoft.com/devicelogin" in line and "ABCD-EFGH" in line for line in said)
    assert grant(microsoft, store).token() == "access-1"


def test_signing_in_as_somebody_else_is_said(microsoft: Microsoft, store: FileTokenStore) -> None:
    microsoft.user = "lee@northwind.example"
    assert any("lee@northwind.example" in line for line in signed_in(microsoft, store))


def test_a_code_that_was_not_used_keeps_nothing(microsoft: Microsoft, store: FileTokenStore) -> None:
    microsoft.error = "expired_token"
    error = refused(lambda: signed_in(microsoft, store))
    assert "Nothing was saved" in error.message
    assert store.load() is None


def test_what_msal_remembers_outlives_a_restart_and_is_renewed_when_it_ends(microsoft: Microsoft, store: FileTokenStore) -> None:
    import time_machine

    signed_in(microsoft, store)
    with time_machine.travel(now() + timedelta(hours=2)):
        assert grant(microsoft, store).token() == "access-2"
        assert microsoft.tokens[-1]["refresh_token"] == "refresh-1"
        assert grant(microsoft, store).token() == "access-2"
    with time_machine.travel(now() + timedelta(hours=4)):
        assert grant(microsoft, store).token() == "access-3"
        assert microsoft.tokens[-1]["refresh_token"] == "refresh-2"


def test_a_token_that_a_server_refuses_is_asked_anew(microsoft: Microsoft, store: FileTokenStore) -> None:
    signed_in(microsoft, store)
    found = grant(microsoft, store)
    found.reject(found.token())
    assert found.token() == "access-2"


def test_one_consent_gives_tokens_for_graph_and_for_imap(microsoft: Microsoft, store: FileTokenStore) -> None:
    signed_in(microsoft, store, READ, EVENTS, IMAP)
    assert (auth.audience((READ, EVENTS)), auth.audience((IMAP,))) == (GRAPH, OUTLOOK)
    tokens = {grant(microsoft, store, READ, EVENTS).token(), grant(microsoft, store, IMAP).token()}
    assert len(tokens) == 2


@pytest.mark.parametrize("error", ["invalid_grant", "interaction_required", "consent_required"])
def test_a_withdrawn_consent_asks_to_sign_in_again_and_is_tried_twice_in_all(
    microsoft: Microsoft, store: FileTokenStore, error: str
) -> None:
    import time_machine

    signed_in(microsoft, store)
    microsoft.error = error
    before = len(microsoft.tokens)
    with time_machine.travel(now() + timedelta(hours=2)):
        for _ in range(5):
            found = refused(grant(microsoft, store).token)
            assert (found.permanent, f"kept auth {DANA}" in found.message) == (True, True)
    assert len(microsoft.tokens) - before <= 2


def test_a_log_in_server_that_is_down_is_tried_again(microsoft: Microsoft, store: FileTokenStore) -> None:
    import time_machine

    signed_in(microsoft, store)
    microsoft.down = True
    with time_machine.travel(now() + timedelta(hours=2)):
        error = refused(grant(microsoft, store).token)
        assert not error.permanent
        microsoft.down, microsoft.error = False, "temporarily_unavailable"
        assert not refused(grant(microsoft, store).token).permanent
        microsoft.error = ""
        assert grant(microsoft, store).token().startswith("access-")


def test_a_broken_cache_is_no_consent(microsoft: Microsoft) -> None:
    with pytest.raises(ConsentWithdrawn):
        auth.renewer(client(microsoft), [READ])({"cache": "{not json"}, False)


def test_a_company_s_consent_reads_without_anybody_signing_in(microsoft: Microsoft) -> None:
    found = company(microsoft)(DANA)
    assert [found.token(), found.token()] == ["access-1", "access-1"]
    assert microsoft.tokens[0]["grant_type"] == "client_credentials"
    found.reject("access-1")
    assert found.token() == "access-2"
    assert refused(lambda: found.reject("access-2")).permanent


def test_a_company_s_consent_that_was_refused_is_tried_again_with_a_new_token(microsoft: Microsoft) -> None:
    """The administrator grants the permission: a token of before does not have it."""
    found = company(microsoft)(DANA)
    for refusal in (1, 3):
        found.reject(found.token())
        assert refused(lambda: found.reject(found.token())).permanent
        assert len(microsoft.tokens) == refusal + 1
    assert found.token() == "access-5"
    found.reject("access-5")
    assert found.token() == "access-6", "one refusal later on is no reason to give up at once"


def test_a_company_s_secret_that_was_put_right_is_read_again(microsoft: Microsoft) -> None:
    microsoft.error = "invalid_client"
    found = company(microsoft)(DANA)
    assert refused(found.token).permanent
    microsoft.error = ""
    assert found.token() == "access-2"


def test_a_company_s_secret_that_is_wrong_is_the_administrators_business(microsoft: Microsoft) -> None:
    microsoft.error = "invalid_client"
    error = refused(company(microsoft)(DANA).token)
    assert (error.permanent, "administrator" in error.message) == (True, True)
    assert "its secret" not in error.message
    assert "Trace ID" not in error.message


def test_the_people_of_a_company_share_one_token(microsoft: Microsoft) -> None:
    grant_of = company(microsoft)
    dana, lee = grant_of(DANA), grant_of("lee@northwind.example")
    assert [dana.token(), lee.token()] == ["access-1", "access-1"]
    dana.reject("access-1")
    assert [dana.token(), lee.token(), len(microsoft.tokens)] == ["access-2", "access-2", 2]


def test_a_mailbox_that_refuses_every_token_is_no_other_mailboxs_business(microsoft: Microsoft) -> None:
    grant_of = company(microsoft)
    dana, lee = grant_of(DANA), grant_of("lee@northwind.example")
    dana.reject(dana.token())
    assert refused(lambda: dana.reject(dana.token())).permanent
    lee.reject(lee.token())
    assert lee.token() == "access-4", "one refusal is not two"


def test_a_company_may_log_in_with_a_certificate_instead_of_a_secret(microsoft: Microsoft) -> None:
    key, certificate = certificate_pem()
    app = MicrosoftClient("an-app", "northwind.example", certificate=lambda: certificate + key, http=microsoft)
    assert ApplicationGrant(DANA, CompanyTokens(app, GRAPH, now)).token() == "access-1"
    (asked,) = microsoft.tokens
    assert "client_secret" not in asked
    head = json.loads(base64.urlsafe_b64decode(asked["client_assertion"].split(".")[0] + "=="))
    assert set(head) >= {"x5t#S256"}


@pytest.mark.parametrize(
    "broken",
    [
        "confidential",
        "-----BEGIN PRIVATE KEY-----\nconfidential\n-----END PRIVATE KEY-----\n" + certificate_pem()[1],
        certificate_pem()[0] + certificate_pem()[1],
    ],
    ids=["no PEM", "a damaged key", "another key's"],
)
def test_a_certificate_that_cannot_be_used_is_said_without_a_word_of_it(microsoft: Microsoft, broken: str) -> None:
    app = MicrosoftClient("an-app", "northwind.example", certificate=lambda: broken, http=microsoft)
    error = refused(ApplicationGrant(DANA, CompanyTokens(app, GRAPH, now)).token)
    assert error.permanent
    assert "certificate" in error.message
    assert "confidential" not in error.message


def test_no_token_is_in_any_log(microsoft: Microsoft, store: FileTokenStore, caplog: pytest.LogCaptureFixture) -> None:
    import time_machine

    caplog.set_level(0)
    signed_in(microsoft, store)
    with time_machine.travel(now() + timedelta(hours=2)):
        assert grant(microsoft, store).token() == "access-2"
    assert not any(secret in caplog.text for secret in ("access-", "refresh-", "ABCD-EFGH"))

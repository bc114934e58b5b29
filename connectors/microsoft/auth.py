"""Sign-in at Microsoft 365 by the MSAL library: a person's consent (loopback with PKCE, or a device code), or a company's.

One sign-in serves Graph and, with other scopes, Exchange Online's IMAP and SMTP: each needs a token of its own audience, made from
the same refresh token. MSAL's cache is what is stored. A company's consent (client credentials) covers every mailbox of the tenant
unless its administrator confines it to a group (RBAC for Applications, which replaced the application access policy).
"""

from __future__ import annotations

import contextlib
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from connectors.errors import ConnectorError
from connectors.net.tls import server_text
from connectors.net.token_store import MARGIN, ConsentWithdrawn, Record, RenewedToken

AUTHORITY = "https://login.microsoftonline.com"
GRAPH, OUTLOOK = "https://graph.microsoft.com", "https://outlook.office.com"
READ, WRITE, SEND = f"{GRAPH}/Mail.Read", f"{GRAPH}/Mail.ReadWrite", f"{GRAPH}/Mail.Send"
READ_SHARED, WRITE_SHARED = f"{GRAPH}/Mail.Read.Shared", f"{GRAPH}/Mail.ReadWrite.Shared"
SEND_SHARED = f"{GRAPH}/Mail.Send.Shared"
EVENTS, EVENTS_SHARED = f"{GRAPH}/Calendars.ReadWrite", f"{GRAPH}/Calendars.ReadWrite.Shared"
IMAP, SMTP = f"{OUTLOOK}/IMAP.AccessAsUser.All", f"{OUTLOOK}/SMTP.Send"
SCOPE_PURPOSES: Mapping[str, str] = {
    READ: "read your mail",
    WRITE: "read your mail and save drafts",
    SEND: "send mail to yourself and, where you allow it, to others",
    READ_SHARED: "read shared mailboxes",
    SEND_SHARED: "send from shared mailboxes",
    WRITE_SHARED: "read shared mailboxes and save drafts there",
    EVENTS: "read and book meetings",
    EVENTS_SHARED: "read and book meetings in shared calendars",
    IMAP: "read mail by IMAP",
    SMTP: "send mail by SMTP",
}
_PEM = re.compile(r"-----BEGIN (?P<what>[A-Z ]+)-----.*?-----END (?P=what)-----", re.DOTALL)
PATIENCE = 300  # seconds for a person to agree in the browser


@dataclass(frozen=True, slots=True)
class MicrosoftClient:
    """The app as registered in Entra. `http` replaces MSAL's HTTP client in tests.

    Only a company's own consent needs `secret`, or instead of it `certificate`: a certificate and its private key, as PEM.
    """

    client_id: str
    tenant: str = "organizations"
    authority: str = AUTHORITY
    secret: Callable[[], str] | None = None
    certificate: Callable[[], str] | None = None
    http: Any = None

    @property
    def acts_for_all(self) -> bool:
        """Whether the app logs in by itself, for all users of its company."""
        return self.secret is not None or self.certificate is not None

    def credential(self) -> str | Mapping[str, str]:
        """Return what MSAL logs the app in with. Raises ConnectorError."""
        if self.certificate is None:
            return self.secret() if self.secret is not None else ""
        key, certificate = _key_pair(self.certificate())
        return {"private_key": key, "public_certificate": certificate}  # MSAL computes the certificate's SHA-256 thumbprint


def _key_pair(pem: str) -> tuple[str, str]:
    """Return the private key and the certificate in a text. Raises ConnectorError, whose message never shows them."""
    from cryptography import x509  # noqa: PLC0415  # only for a company's app that has a certificate
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey  # noqa: PLC0415  # the same
    from cryptography.hazmat.primitives.serialization import load_pem_private_key  # noqa: PLC0415  # the same

    blocks = {match["what"]: match[0] for match in _PEM.finditer(pem)}
    key = next((block for what, block in blocks.items() if what.endswith("PRIVATE KEY")), "")
    certificate = blocks.get("CERTIFICATE", "")
    try:
        private = load_pem_private_key(key.encode(), None)
        public = x509.load_pem_x509_certificate(certificate.encode()).public_key()
    except (ValueError, TypeError):  # TypeError: it is encrypted
        raise ConnectorError(
            "the app's certificate cannot be used: it must hold the certificate and its private key, both as PEM and without a password",
            permanent=True,
        ) from None
    if not isinstance(private, RSAPrivateKey) or private.public_key() != public:
        raise ConnectorError(
            "the app's certificate cannot be used: its private key is another one's, or no RSA key", permanent=True
        )
    return key, certificate


def audience(scopes: Iterable[str]) -> str:
    """Return the audience of these scopes: the address before the permission."""
    return next(iter(sorted(scope.rpartition("/")[0] for scope in scopes)), GRAPH)


def renewer(client: MicrosoftClient, scopes: Iterable[str]) -> Callable[[Mapping[str, Any], bool], RenewedToken]:
    """Return a function that renews by the refresh token in MSAL's cache, which may come back changed."""
    wanted = list(scopes)

    def renew(stored: Mapping[str, Any], forced: bool) -> RenewedToken:  # as connectors.net.token_store.Renew says
        cache = _cache(stored.get("cache", ""))
        with _sign_in_errors(client):
            app = _app(client, cache)
            accounts = app.get_accounts()
            if not accounts:
                raise ConsentWithdrawn
            result = app.acquire_token_silent_with_error(wanted, account=accounts[0], force_refresh=forced)
        return _renewed(result, cache)

    return renew


class ApplicationGrant:
    """A company's consent for its team (connectors.net.grants.Grant), for one user of it."""

    def __init__(self, user: str, tokens: CompanyTokens) -> None:
        self._user, self._tokens = user, tokens
        self._replacement: str | None = None  # the token that came after a refused one

    @property
    def user(self) -> str:
        """The address of the user whose data it opens."""
        return self._user

    def token(self) -> str:
        """Return a valid token. Raises ConnectorError."""
        return self._tokens.token()

    def reject(self, token: str) -> None:
        """Report that the server refused this token; raises ConnectorError where its replacement is refused too.

        Nothing is remembered of that: a token names the permissions of its moment, so the next attempt begins with a new one.
        """
        if token == self._replacement:
            self._replacement = None
            self._tokens.forget(token)
            raise ConnectorError(
                f"Microsoft does not accept Kept's own login for {self._user}; your administrator must check the app's permissions",
                permanent=True,
            )
        self._replacement = self._tokens.replace(token)


class CompanyTokens:
    """The tokens of an app for one audience. They are the same for all users of the company, and only in memory."""

    def __init__(self, client: MicrosoftClient, resource: str, now: Callable[[], datetime]) -> None:
        self._client, self._resource, self._now = client, resource, now
        self._made: Any = None
        self._token, self._until = "", datetime.min.replace(tzinfo=UTC)
        self._lock = threading.Lock()

    def token(self) -> str:
        """Return a valid token. Raises ConnectorError."""
        with self._lock:
            if not self._token or self._until - MARGIN <= self._now():
                self._token, self._until = self._fetch()
            return self._token

    def replace(self, token: str) -> str:
        """Return the token after one that the server refused, fetched once for all users. Raises ConnectorError."""
        with self._lock:
            if token == self._token or not self._token:
                self._forget()
                self._token, self._until = self._fetch()
            return self._token

    def forget(self, token: str) -> None:
        """Forget a token, so that the next attempt begins with a new one."""
        with self._lock:
            if token == self._token:
                self._forget()

    def _forget(self) -> None:
        """Forget the token, and MSAL's app, which would give it again and holds the secret of before."""
        self._made, self._token = None, ""

    def _fetch(self) -> tuple[str, datetime]:
        with _sign_in_errors(self._client):
            if self._made is None:
                self._made = _app(self._client, None)
            result = self._made.acquire_token_for_client([f"{self._resource}/.default"])
        token, seconds = result.get("access_token"), result.get("expires_in", 0)
        if not token:
            self._forget()
            raise ConnectorError(
                f"Microsoft does not let Kept in for your company: {_reason(result)}; your administrator must check the app's secret "
                "and permissions",
                permanent=_permanent(result),
            )
        return str(token), self._now() + timedelta(seconds=float(seconds))


def consent(client: MicrosoftClient, user: str, scopes: Iterable[str], say: Callable[[str], None], *, browser: bool) -> Record:
    """Ask the person to sign in, in this machine's browser or with a code on any other, and return what to store.

    Audiences (Graph; IMAP and SMTP) are asked for one after the other: a code is valid for one of them. Raises ConnectorError.
    """
    cache = _cache("")
    by_audience: dict[str, list[str]] = {}
    for scope in scopes:
        by_audience.setdefault(scope.rpartition("/")[0], []).append(scope)
    with _sign_in_errors(client):
        app = _app(client, cache)
        for wanted in by_audience.values():
            result = _by_browser(app, user, wanted, say) if browser else _by_code(app, wanted, say)
            if "access_token" not in result:
                raise ConnectorError(f"signing in to Microsoft failed: {_reason(result)}. Nothing was saved.")
    signed_in = str(result.get("id_token_claims", {}).get("preferred_username", "")).lower()
    if signed_in and signed_in != user.lower():
        say(f"You signed in as {signed_in}. If that is not the mailbox of {user}, sign in again with the right account.")
    return {"access": {}, "provider": {"cache": cache.serialize()}}


def _by_browser(app: Any, user: str, scopes: list[str], say: Callable[[str], None]) -> Mapping[str, Any]:
    say("Your browser will open; sign in there and agree.")
    result: Mapping[str, Any] = app.acquire_token_interactive(scopes, login_hint=user, timeout=PATIENCE, prompt="select_account")
    return result


def _by_code(app: Any, scopes: list[str], say: Callable[[str], None]) -> Mapping[str, Any]:
    flow = app.initiate_device_flow(scopes)
    if "user_code" not in flow:
        raise ConnectorError(f"Microsoft gave no code to sign in with: {_reason(flow)}. Nothing was saved.")
    say(f"On any machine open {flow['verification_uri']} and type the code {flow['user_code']}; then sign in and agree.")
    result: Mapping[str, Any] = app.acquire_token_by_device_flow(flow)
    return result


def _app(client: MicrosoftClient, cache: Any) -> Any:
    from msal import ConfidentialClientApplication, PublicClientApplication  # noqa: PLC0415  # only where a token is really needed

    values = {
        "authority": f"{client.authority}/{client.tenant}",
        "token_cache": cache,
        "http_client": client.http,
        "instance_discovery": client.authority == AUTHORITY,
    }
    if client.acts_for_all:
        return ConfidentialClientApplication(client.client_id, client_credential=client.credential(), **values)
    return PublicClientApplication(client.client_id, **values)


def _cache(text: str) -> Any:
    from msal import SerializableTokenCache  # noqa: PLC0415  # as above

    cache = SerializableTokenCache()
    try:
        cache.deserialize(text)
    except ValueError:
        raise ConsentWithdrawn from None  # an unusable cache is like no consent
    return cache


def _renewed(result: Mapping[str, Any] | None, cache: Any) -> RenewedToken:
    if result is None:
        raise ConsentWithdrawn
    if "access_token" not in result:
        if _permanent(result):
            raise ConsentWithdrawn
        raise ConnectorError(f"Microsoft cannot renew the sign-in at the moment: {_reason(result)}")
    until = datetime.fromtimestamp(_expiry(result, cache), UTC)
    return RenewedToken(str(result["access_token"]), until, {"cache": cache.serialize()})


def _expiry(result: Mapping[str, Any], cache: Any) -> float:
    """Return when the token expires (epoch seconds) from MSAL's cache: `expires_in` counts from a time that is not reported."""
    from msal import TokenCache  # noqa: PLC0415  # as above

    for entry in cache.search(TokenCache.CredentialType.ACCESS_TOKEN):
        if entry.get("secret") == result["access_token"]:
            return float(entry["expires_on"])
    return 0.0


def _permanent(result: Mapping[str, Any]) -> bool:
    """Return whether only a person can mend the error (RFC 6749, 5.2; OpenID Connect's interaction_required)."""
    return result.get("error") in {
        "invalid_grant", "interaction_required", "consent_required", "login_required", "invalid_client", "unauthorized_client",
    }  # fmt: skip


def _reason(result: Mapping[str, Any]) -> str:
    """Return the first line of Microsoft's explanation, without its trace ids."""
    return server_text(str(result.get("error_description") or result.get("error") or "no reason given").partition("Trace ID")[0])


@contextlib.contextmanager
def _sign_in_errors(client: MicrosoftClient) -> Iterator[None]:
    """Turn the errors of reaching Microsoft's sign-in into ConnectorError."""
    try:
        yield
    except OSError as error:  # requests' errors derive from it
        raise ConnectorError(f"{client.authority} cannot be reached to sign in") from error
    except ValueError as error:  # MSAL: there is no such tenant or authority
        raise ConnectorError(f"Microsoft has no such tenant: {server_text(error)}", permanent=True) from error

"""Signing in at Google: a person's consent (OAuth 2.0 for installed apps, with PKCE), or a company's for its team.

Consent goes through the loopback redirect (RFC 8252, 7.3), in the browser of this machine or, where it has none, in one elsewhere
whose last address is pasted: Google gives no device code for mail (developers.google.com/identity/protocols/oauth2/limited-input-device,
"Allowed scopes") and has ended the copied code (…/oauth2/resources/oob-migration). A company lets a service account act for its
people (domain-wide delegation); then nobody signs in.
"""

from __future__ import annotations

import contextlib
import logging
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from connectors.errors import ConnectorError
from connectors.net.tls import server_text
from connectors.net.token_store import MARGIN, ConsentWithdrawn, Record, RenewedToken

AUTH_URI = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN_URI = "https://oauth2.googleapis.com/token"  # noqa: S105  # an address
_PREFIX = "https://www.googleapis.com/auth/"
READ, COMPOSE, SEND = f"{_PREFIX}gmail.readonly", f"{_PREFIX}gmail.compose", f"{_PREFIX}gmail.send"
EVENTS, FREEBUSY = f"{_PREFIX}calendar.events", f"{_PREFIX}calendar.freebusy"
IMAP_AND_SMTP = "https://mail.google.com/"  # the only scope that Google's IMAP and SMTP take
SCOPE_PURPOSES: Mapping[str, str] = {
    READ: "read your mail",
    COMPOSE: "save drafts",
    SEND: "send mail to yourself and, where you allow it, to others",
    EVENTS: "read and book meetings",
    FREEBUSY: "see when people are busy",
    IMAP_AND_SMTP: "read and send mail by IMAP and SMTP",
}
_NEVER = datetime.min.replace(tzinfo=UTC)
SIGN_IN_SECONDS = 300  # seconds for a person to agree in the browser


@dataclass(frozen=True, slots=True)
class GoogleClient:
    """The app as it is registered in the Google Cloud console (type: desktop app)."""

    client_id: str
    client_secret: Callable[[], str]
    auth_uri: str = AUTH_URI
    token_uri: str = TOKEN_URI
    scopes: tuple[str, ...] = field(default=())


def renewer(client: GoogleClient) -> Callable[[Mapping[str, Any], bool], RenewedToken]:
    """Return a function that renews by the refresh token; Google's access tokens are valid for an hour."""

    def renew(kept: Mapping[str, Any], forced: bool) -> RenewedToken:  # noqa: ARG001  # google-auth remembers nothing that could be stale
        from google.oauth2.credentials import Credentials  # noqa: PLC0415  # only where a token is really renewed

        credentials = Credentials(  # type: ignore[no-untyped-call]  # google-auth is not typed throughout
            None,
            refresh_token=kept.get("refresh_token"),
            token_uri=client.token_uri,
            client_id=client.client_id,
            client_secret=client.client_secret(),
        )
        _refresh(credentials, client.token_uri)
        provider = {**kept, "refresh_token": credentials.refresh_token or kept.get("refresh_token")}
        return RenewedToken(str(credentials.token), _utc(credentials.expiry), provider)

    return renew


class ServiceGrant:
    """A service account that acts for one person of its company (connectors.net.grants.Grant). Its tokens are saved nowhere."""

    def __init__(
        self, who: str, key: Callable[[], Mapping[str, Any]], scopes: Iterable[str], now: Callable[[], datetime]
    ) -> None:
        self._who, self._key, self._scopes, self._now = who, key, tuple(scopes), now
        self._token, self._until = "", _NEVER
        self._replacement: str | None = None  # the token that came after a refused one
        self._lock = threading.Lock()

    @property
    def user(self) -> str:
        """The address that it acts for."""
        return self._who

    def token(self) -> str:
        """Return a valid token, a new one where the last has ended. Raises ConnectorError."""
        with self._lock:
            if not self._token or self._until - MARGIN <= self._now():
                self._token, self._until = self._fetch()
            return self._token

    def reject(self, token: str) -> None:
        """As Grant says."""
        with self._lock:
            if token == self._replacement:
                self._token, self._replacement = "", None  # the next attempt begins with a new one
                raise ConnectorError(_delegation(self._who, self._scopes), permanent=True)
            if token == self._token:
                self._token, self._until = self._fetch()
                self._replacement = self._token

    def _fetch(self) -> tuple[str, datetime]:
        from google.oauth2.service_account import Credentials  # noqa: PLC0415  # as above

        key = self._key()
        try:
            credentials = Credentials.from_service_account_info(key, scopes=self._scopes, subject=self._who)  # type: ignore[no-untyped-call]  # as above
        except ValueError as error:
            raise ConnectorError(f"this is not the key of a service account: {server_text(error)}", permanent=True) from error
        try:
            _refresh(credentials, str(key.get("token_uri", TOKEN_URI)))
        except ConsentWithdrawn as error:
            raise ConnectorError(_delegation(self._who, self._scopes), permanent=True) from error
        return credentials.token, _utc(credentials.expiry)


def consent(
    client: GoogleClient, who: str, scopes: Iterable[str], say: Callable[[str], None], ask: Callable[[str], str] | None
) -> Record:
    """Ask the person in the browser, or with `ask` by an address that is pasted. Return what to store. Raises ConnectorError."""
    wanted = tuple(scopes)
    flow = _flow(client, wanted)
    granted = _by_hand(flow, who, say, ask) if ask is not None else _by_browser(flow, who, say)
    missing = [s for s in wanted if s not in granted]
    if missing:
        purposes = " and ".join(SCOPE_PURPOSES.get(s, s) for s in missing)
        raise ConnectorError(f"you did not allow Kept to {purposes}; sign in again and tick every box. Nothing was saved.")
    if not flow.credentials.refresh_token:
        raise ConnectorError(
            "Google gave no lasting permission; remove Kept at myaccount.google.com/permissions, then sign in again."
        )
    token, until = flow.credentials.token, _utc(flow.credentials.expiry)
    return {"access": {"": [token, until.isoformat()]}, "provider": {"refresh_token": flow.credentials.refresh_token}}


def _flow(client: GoogleClient, scopes: tuple[str, ...]) -> Any:
    from google_auth_oauthlib.flow import InstalledAppFlow  # noqa: PLC0415  # only for `kept auth`

    for logger in ("google_auth_oauthlib", "requests_oauthlib", "oauthlib"):
        logging.getLogger(logger).setLevel(logging.ERROR)  # they log codes and tokens
    installed = {
        "client_id": client.client_id,
        "client_secret": client.client_secret(),
        "auth_uri": client.auth_uri,
        "token_uri": client.token_uri,
    }
    return InstalledAppFlow.from_client_config({"installed": installed}, scopes, autogenerate_code_verifier=True)


def _by_browser(flow: Any, who: str, say: Callable[[str], None]) -> frozenset[str]:
    say("Your browser will open. If it does not, open the address shown next on this machine.")
    with _signing_in(flow):
        flow.run_local_server(
            host="127.0.0.1",
            port=0,
            login_hint=who,
            prompt="consent",
            access_type="offline",
            timeout_seconds=SIGN_IN_SECONDS,
            success_message="Kept is connected. You may close this window.",
        )
    return _granted(flow)


def _by_hand(flow: Any, who: str, say: Callable[[str], None], ask: Callable[[str], str]) -> frozenset[str]:
    """Return what was granted; the page that cannot be shown at the end has the answer in its address (RFC 8252, 7.3)."""
    flow.redirect_uri = "http://127.0.0.1:1/"  # nothing listens there: the browser is on another machine
    state = secrets.token_urlsafe(24)
    address, _ = flow.authorization_url(login_hint=who, prompt="consent", access_type="offline", state=state)
    say(f"Open this address in a browser on any machine and agree:\n\n{address}\n")
    say(
        "At the end the browser says that it cannot open a page. That is expected: copy the whole address of that page (http://127.0.0.1…)."
    )
    answer = parse_qs(urlsplit(ask("The address").strip()).query)
    if answer.get("error"):
        raise ConnectorError(f"access was not granted at Google ({server_text(answer['error'][0])}). Nothing was saved.")
    if answer.get("state") != [state] or not answer.get("code"):
        raise ConnectorError("that is not the address of this sign-in; copy the whole address and try again. Nothing was saved.")
    with _signing_in(flow):
        flow.fetch_token(code=answer["code"][0])
    return _granted(flow)


def _granted(flow: Any) -> frozenset[str]:
    """Return the scopes that were granted, perhaps fewer than were asked for: people can untick."""
    scopes = flow.oauth2session.token.get("scope", "")
    return frozenset(scopes.split() if isinstance(scopes, str) else scopes)


@contextlib.contextmanager
def _signing_in(flow: Any) -> Iterator[None]:
    """Turn what goes wrong during a sign-in into ConnectorError. Fewer scopes than were asked for are no error here."""
    try:
        yield
    except ConnectorError:
        raise
    except Warning as fewer:  # oauthlib's way of saying so; it carries the token, and `consent` names what is missing
        flow.oauth2session.token = fewer.token  # type: ignore[attr-defined]
    except Exception as error:  # the libraries raise whatever the answer led them to
        reason = getattr(error, "description", None) or getattr(error, "error", None) or type(error).__name__
        raise ConnectorError(f"signing in to Google failed: {server_text(reason)}. Nothing was saved.") from error


def _refresh(credentials: Any, token_uri: str) -> None:
    from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError  # noqa: PLC0415  # as above
    from google.auth.transport.requests import Request  # noqa: PLC0415  # as above

    host = urlsplit(token_uri).hostname
    try:
        credentials.refresh(Request())
    except TransportError as error:
        raise ConnectorError(f"{host} cannot be reached to renew the sign-in") from error
    except RefreshError as error:
        if getattr(error, "retryable", False):
            raise ConnectorError(f"{host} cannot renew the sign-in just now") from error
        raise ConsentWithdrawn from error
    except (GoogleAuthError, ValueError) as error:
        raise ConnectorError(f"{host} could not renew the sign-in ({type(error).__name__})") from error


def _delegation(who: str, scopes: Iterable[str]) -> str:
    return (
        f"Google does not let the service account act for {who}; ask your administrator to add these scopes to its client under "
        f"Security > API controls > Domain-wide delegation: {', '.join(scopes)}"
    )


def _utc(moment: datetime | None) -> datetime:
    """Return when a token ends; google-auth gives it as UTC without a zone."""
    return moment.replace(tzinfo=UTC) if moment else _NEVER

"""Give each source its login: one grant and one back-off for each user at each provider, shared by all their sources.

This is the only place that turns a source's settings into the keyword arguments of its connector. No password is asked for, and no
key read, before a connector logs in.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from connectors.errors import ConnectorError
from connectors.net.grants import Grant
from connectors.net.token_store import CredentialTokenStore, FileTokenStore, KeyringTokenStore, StoredGrant, TokenStore
from daemon.config.account_settings import AccountSettings
from daemon.config.oauth_settings import GoogleApp, MicrosoftApp, OauthSettings
from daemon.config.secrets import SECRET_KEYS, read_key, resolve, resolver
from daemon.config.settings import Settings
from daemon.config.source_settings import API, KeyFile, Provider, provider_of

if TYPE_CHECKING:
    from connectors.google.auth import GoogleClient
    from connectors.microsoft.auth import CompanyTokens, MicrosoftClient
    from connectors.net.http import Access, BackOff

# How much more an older Google project may read than a new one, in units a second (connectors.google.api).
OLDER_PROJECT_FACTOR = 10


@dataclass(slots=True)
class Logins:
    """The logins of one configuration. `folder` is the state directory, `now` the clock."""

    oauth: OauthSettings
    folder: Path
    now: Callable[[], datetime]
    drafts: bool = True
    _stores: dict[tuple[Provider, str], TokenStore] = field(default_factory=dict)
    _accesses: dict[tuple[Provider, str], Access] = field(default_factory=dict)
    _back_offs: dict[tuple[str, str], BackOff] = field(default_factory=dict)
    _company_tokens: dict[str, CompanyTokens] = field(default_factory=dict)
    _keys: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, now: Callable[[], datetime]) -> Logins:
        """Return the logins of a configuration."""
        return cls(settings.oauth, Path(settings.state), now, settings.drafts)

    def connector_arguments(self, source: Any, account: AccountSettings) -> tuple[str, dict[str, Any]]:
        """Return a connector's kind and keyword arguments. The password is a function, called at each login."""
        values = source.model_dump(exclude_none=True)
        kind = str(values.pop("type"))
        values.pop("book", None)
        secret = {k: values.pop(k) for k in SECRET_KEYS if k in values}
        if secret:
            values["password"] = resolver(secret)
        provider = values.pop("oauth", None)
        if kind in API:
            values.pop("username", None)
            app = self.oauth.google if API[kind] == "google" else self.oauth.microsoft
            endpoint = {"endpoint": app.endpoint} if app is not None and app.endpoint else {}
            return kind, {**values, **endpoint, "access": self._access(API[kind], account, login_name(source, account))}
        if kind == "ews":
            values["back_off"] = self._back_off(
                str(values.get("host") or values.get("endpoint") or "autodiscover"), values["username"]
            )
            if provider:
                values["access"] = self._access(provider, account, values["username"])
        elif provider:
            values["oauth"] = self.grant(provider, account, values["username"], _scopes_of(source, drafts=self.drafts))
        return kind, values

    def grant(self, provider: Provider, account: AccountSettings, user: str, scopes: Iterable[str]) -> Grant:
        """Return one user's grant. Raises ConnectorError if the provider's app is not configured."""
        wanted = tuple(scopes)
        if provider == "google":
            return self._at_google(account, user, wanted)
        return self._at_microsoft(account, user, wanted)

    def store(self, provider: Provider, user: str) -> TokenStore:
        """Return where a user's tokens are stored."""
        key = (provider, user)
        if key not in self._stores:
            self._stores[key] = self._new_store(f"{provider}-{re.sub(r'[^a-zA-Z0-9.@+_-]', '_', user)}")
        return self._stores[key]

    def forget(self, user: str) -> None:
        """Delete the tokens that are stored for a user in the state directory."""
        for provider in API.values():
            store = self.store(provider, user)
            if isinstance(store, FileTokenStore):
                store.forget()

    def google(self) -> GoogleClient:
        """Return the app registered with Google. Raises ConnectorError if it is not configured."""
        from connectors.google import auth  # noqa: PLC0415  # only where somebody signs in there

        app = self._google_app()
        secret = app.client_secret.model_dump(exclude_none=True) if app.client_secret else {}
        return auth.GoogleClient(
            app.client_id or "",
            resolver(secret),
            app.auth_uri or auth.AUTH_URI,
            app.token_uri or auth.TOKEN_URI,
        )

    def microsoft(self) -> MicrosoftClient:
        """Return the app registered with Microsoft. Raises ConnectorError if it is not configured."""
        from connectors.microsoft import auth  # noqa: PLC0415  # only where somebody signs in there

        app = self._microsoft_app()
        secret = resolver(app.client_secret.model_dump(exclude_none=True)) if app.client_secret else None
        certificate = partial(self._certificate, app.certificate) if app.certificate else None
        return auth.MicrosoftClient(app.client_id, app.tenant, app.authority.rstrip("/"), secret, certificate)

    def has_company_consent(self, provider: Provider) -> bool:
        """Return whether the company has consented for all its users, so that nobody has to sign in."""
        app: GoogleApp | MicrosoftApp | None = self.oauth.google if provider == "google" else self.oauth.microsoft
        return app is not None and app.acts_for_all

    def _access(self, provider: Provider, account: AccountSettings, user: str) -> Access:
        from connectors.google.api import UNITS_PER_SECOND  # noqa: PLC0415  # only where a provider's API is used
        from connectors.net.http import Access, RateLimit  # noqa: PLC0415  # the same

        key = (provider, user)
        if key not in self._accesses:
            grant = self.grant(provider, account, user, scopes(account, provider, user, drafts=self.drafts))
            # Google counts units for each user; at Microsoft four requests at once are the measure (Access.slots).
            factor = OLDER_PROJECT_FACTOR if self.oauth.google is not None and self.oauth.google.older_project else 1
            rate_limit = RateLimit(UNITS_PER_SECOND * factor) if provider == "google" else None
            self._accesses[key] = Access(grant, application=self.has_company_consent(provider), rate_limit=rate_limit)
        return self._accesses[key]

    def _back_off(self, host: str, user: str) -> BackOff:
        from connectors.net.http import BackOff  # noqa: PLC0415  # as above

        return self._back_offs.setdefault((host, user), BackOff())

    def _at_google(self, account: AccountSettings, user: str, wanted: tuple[str, ...]) -> Grant:
        from connectors.google import auth  # noqa: PLC0415  # as above

        app = self._google_app()
        if app.service_account is not None:
            return auth.ServiceGrant(user, partial(self._service_key, app.service_account), wanted, self.now)
        return StoredGrant(
            user, self.store("google", user), auth.renewer(self.google()), self.now, sign_in=_sign_in_command(account)
        )

    def _at_microsoft(self, account: AccountSettings, user: str, wanted: tuple[str, ...]) -> Grant:
        from connectors.microsoft import auth  # noqa: PLC0415  # as above

        client, resource = self.microsoft(), auth.audience(wanted)
        if client.acts_for_all:
            tokens = self._company_tokens.setdefault(resource, auth.CompanyTokens(client, resource, self.now))
            return auth.ApplicationGrant(user, tokens)
        renew = auth.renewer(client, wanted)
        return StoredGrant(user, self.store("microsoft", user), renew, self.now, resource, _sign_in_command(account))

    def _service_key(self, named: KeyFile) -> Mapping[str, Any]:
        """Return a service account's key. Raises ConnectorError, whose message never shows the key."""
        what = "the key of the service account"
        try:
            key = json.loads(self._key(named, what))
        except ValueError:
            key = None
        if not isinstance(key, dict):
            raise ConnectorError(f"{_place(named)} is not {what.replace('the', 'a', 1)}", permanent=True)
        return key

    def _certificate(self, named: KeyFile) -> str:
        """Return a certificate with its private key, as PEM. Raises ConnectorError, whose message never shows the key."""
        return self._key(named, "the key of the app's certificate").decode("utf-8", "replace")

    def _key(self, named: KeyFile, what: str) -> bytes:
        """Return a key. A file is read each time, so that a new key counts at once; what a command prints is asked for once."""
        values = named.model_dump(exclude_none=True)
        if "file" in values:
            return read_key(values, what)
        name = repr(values)
        if name not in self._keys:
            self._keys[name] = read_key(values, what)
        return self._keys[name]

    def _new_store(self, name: str) -> TokenStore:
        if self.oauth.tokens == "keyring":
            return KeyringTokenStore("kept", name)
        if self.oauth.tokens == "credential":
            return CredentialTokenStore(lambda: resolve({"password_credential": name}, os.environ), name)
        return FileTokenStore(self.folder / "tokens" / f"{name}.json")

    def _google_app(self) -> GoogleApp:
        if self.oauth.google is None:
            raise ConnectorError(
                "oauth: google: is missing in the configuration; docs/providers.md says how to register Kept", permanent=True
            )
        return self.oauth.google

    def _microsoft_app(self) -> MicrosoftApp:
        if self.oauth.microsoft is None:
            raise ConnectorError(
                "oauth: microsoft: is missing in the configuration; docs/providers.md says how to register Kept", permanent=True
            )
        return self.oauth.microsoft


def login_name(source: Any, account: AccountSettings) -> str:
    """Return the address or user name with which a source logs in."""
    return str(getattr(source, "username", None) or account.addresses[0])


def sources(account: AccountSettings) -> Iterator[Any]:
    """Yield the settings of each source of an account, and of its transport."""
    yield from account.mail
    yield from account.calendars
    if account.send is not None:
        yield account.send


def scopes(account: AccountSettings, provider: Provider, user: str, *, drafts: bool) -> tuple[str, ...]:
    """Return the fewest permissions that a user's configured sources need at a provider's own API."""
    own_sources = (s for s in sources(account) if s.type in API and provider_of(s) == provider and login_name(s, account) == user)
    return tuple(
        dict.fromkeys(
            scope for source in own_sources for scope in _scopes_of(source, drafts=drafts, sends=source is account.send)
        )
    )


def consents(account: AccountSettings, *, drafts: bool) -> dict[tuple[Provider, str], tuple[str, ...]]:
    """Return every consent that an account needs: (provider, user) -> all permissions, for any audience."""
    needed: dict[tuple[Provider, str], tuple[str, ...]] = {}
    for source in sources(account):
        provider = provider_of(source)
        if provider is not None:
            key = (provider, login_name(source, account))
            more = _scopes_of(source, drafts=drafts, sends=source is account.send)
            needed[key] = tuple(dict.fromkeys((*needed.get(key, ()), *more)))
    return needed


def _scopes_of(source: Any, *, drafts: bool, sends: bool = False) -> tuple[str, ...]:
    from connectors.google import auth as g  # noqa: PLC0415  # as above
    from connectors.microsoft import auth as m  # noqa: PLC0415  # as above

    match source.type, getattr(source, "oauth", None):
        case "gmail", _:
            return (g.SEND,) if sends else (g.READ, g.COMPOSE) if drafts else (g.READ,)
        case "google", _:
            return (g.EVENTS, g.FREEBUSY)
        case "graph", _:
            return _at_graph(source, drafts=drafts, sends=sends)
        case _, "google":
            return (g.IMAP_AND_SMTP,)
        case "imap", _:
            return (m.IMAP,)
        case "smtp", _:
            return (m.SMTP,)
        case _:
            return (f"https://{source.host or 'outlook.office365.com'}/EWS.AccessAsUser.All",)


def _at_graph(source: Any, *, drafts: bool, sends: bool) -> tuple[str, ...]:
    from connectors.microsoft import auth as m  # noqa: PLC0415  # as above

    shared = source.mailbox is not None
    if hasattr(source, "calendar"):
        return (m.EVENTS, m.EVENTS_SHARED) if shared else (m.EVENTS,)
    if sends:  # and a look into Sent Items
        return (m.SEND, m.READ, m.SEND_SHARED, m.READ_SHARED) if shared else (m.SEND, m.READ)
    plain, others = (m.WRITE, m.WRITE_SHARED) if drafts else (m.READ, m.READ_SHARED)
    return (plain, others) if shared else (plain,)


def _sign_in_command(account: AccountSettings) -> str:
    return f"kept auth {account.addresses[0]}"


def _place(named: KeyFile) -> str:
    return str(named.file) if named.file is not None else "what is named as the key"

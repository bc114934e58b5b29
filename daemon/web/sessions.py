"""Who is signed in: links that work once and ten minutes, and browsers that stay signed in for a while.

Both are secrets of 256 bits, of which only the hash is stored. The browser keeps its own in a signed cookie, which says nothing else; who it
is, and until when, stands in the database, so that signing out ends it for good (OWASP, Session Management Cheat Sheet).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from flask import Flask, request, session
from flask.sessions import SecureCookieSessionInterface

from daemon.store import Store
from daemon.store.web.rows import SignIn

LINK_LASTS = timedelta(minutes=10)
IDLE = timedelta(hours=12)  # a browser that was not seen for so long is signed out
ABSOLUTE = timedelta(days=7)  # every browser is, then
_SEEN_EVERY = timedelta(minutes=1)  # so that not every request writes
_KEY = "id"
_PURPOSE = b"kept web cookies 1"


def hashed(secret: str) -> str:
    """Return what is stored of a secret: its SHA-256, as hex. No salt: nobody guesses 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_sign_in(store: Store, account: str, now: datetime, *, mailed: bool = False) -> str:
    """Store a link that signs in to an account once, within ten minutes. Return its secret. Raises StoreError."""
    secret = secrets.token_urlsafe(32)
    store.add_sign_in(SignIn(hashed(secret), account, now, now + LINK_LASTS, mailed))
    return secret


def begin(store: Store, account: str, now: datetime) -> None:
    """Sign the browser of this request in: with a new secret, and nothing left of before (session fixation). Raises StoreError."""
    end(store)
    session[_KEY] = secrets.token_urlsafe(32)
    session.permanent = True
    store.add_web_session(hashed(session[_KEY]), account, now, began_before=now - ABSOLUTE)


def present(store: Store, now: datetime, *, is_here: bool = True) -> str | None:
    """Return the account to which the browser of this request is signed in; None if to none, or too long ago. Raises StoreError.

    `is_here` says that somebody is: what a page asks for by itself keeps no browser signed in.
    """
    secret = session.get(_KEY)
    if not isinstance(secret, str):
        return None
    found = store.web_session(hashed(secret))
    if found is None:
        return None
    if now - found.seen >= IDLE or now - found.began >= ABSOLUTE:
        store.end_web_session(hashed(secret))
        return None
    if is_here and now - found.seen >= _SEEN_EVERY:
        store.note_web_session_seen(hashed(secret), now)
    return found.account


def end(store: Store) -> None:
    """Sign the browser of this request out, for good. Raises StoreError."""
    secret = session.get(_KEY)
    session.clear()
    if isinstance(secret, str):
        store.end_web_session(hashed(secret))


def cookie_key(secret: bytes) -> bytes:
    """Return the key that signs cookies, which is of no use for anything else that Kept signs."""
    return hmac.new(secret, _PURPOSE, hashlib.sha256).digest()


class Cookies(SecureCookieSessionInterface):
    """Names the cookie after the port, as browsers keep one jar for all ports of a host; behind TLS it is Secure and of that host alone."""

    def __init__(self, name: str, trusted_hosts: frozenset[str]) -> None:
        self._name, self._trusted_hosts = name, trusted_hosts

    def get_cookie_name(self, app: Flask) -> str:  # noqa: ARG002  # Flask's signature
        """Return the cookie's name; with __Host- no other host can set it (RFC 6265bis, 4.1.3.2)."""
        return f"__Host-{self._name}" if self._behind_tls() else self._name

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002  # Flask's signature
        """Return whether the browser may send it by TLS alone."""
        return self._behind_tls()

    def _behind_tls(self) -> bool:
        return request.host.lower() in self._trusted_hosts

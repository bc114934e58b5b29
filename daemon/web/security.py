"""What every request and every response must have: a Host and an Origin of ours, a token in what writes, and headers that bind the browser.

A page on this machine can be called by every website that its user visits. Host stops names that were rebound to this machine (DNS
rebinding), Origin and Sec-Fetch-Site stop forms and scripts of other sites, as do the tokens of Flask-WTF and the cookie (SameSite=Strict).
"""

from __future__ import annotations

from collections.abc import Collection

from flask import Flask, Request, Response, abort, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'none'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # no-referrer would have browsers send `Origin: null` with forms of our own (Fetch, 3.2, serializing a request origin)
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_STRICT_TRANSPORT = "max-age=31536000"
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FROM_HERE = "from_here"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

protection = CSRFProtect()
limiter = Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")


def protect(app: Flask, listening: str, trusted_hosts: Collection[str]) -> None:
    """Check each request of an application, which is called by the names of this machine, by `listening` and by trusted hosts."""
    ours, behind_tls = frozenset({*LOOPBACK, listening}), frozenset(trusted_hosts)
    app.before_request(lambda: _check(ours, behind_tls))
    app.after_request(lambda response: _headed(response, behind_tls))
    protection.init_app(app)
    limiter.init_app(app)


def _check(ours: Collection[str], behind_tls: Collection[str]) -> None:
    """Refuse a request that did not come by one of our names, or that another site's page makes."""
    host = request.host.lower()
    if host not in behind_tls and host.rpartition(":")[0] not in ours and host not in ours:
        abort(421)
    if request.method in _SAFE:
        return
    origin = request.headers.get("Origin")
    scheme = "https" if host in behind_tls else "http"
    if origin is not None and origin.lower() != f"{scheme}://{host}":
        abort(403)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)


def comes_from_elsewhere(asked: Request) -> bool:
    """Return whether a link on another site led here: then the browser kept the cookie to itself (SameSite=Strict).

    It sends it once a page of ours asks for the same again. Without that, whoever follows a link in their webmail would be taken for a
    stranger, and the stranger's cookie would sign them out.
    """
    site, mode = asked.headers.get("Sec-Fetch-Site"), asked.headers.get("Sec-Fetch-Mode")
    return asked.method == "GET" and site in ("cross-site", "same-site") and mode == "navigate" and FROM_HERE not in asked.args


def _headed(response: Response, behind_tls: Collection[str]) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)  # the page of a letter binds the browser in another way
    if request.host.lower() in behind_tls:
        response.headers["Strict-Transport-Security"] = _STRICT_TRANSPORT
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if request.args else "no-cache"
    else:
        response.headers["Cache-Control"] = "no-store"
    return response

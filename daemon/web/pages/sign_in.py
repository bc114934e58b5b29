"""Sign in by a link that works once: printed by `kept web`, or mailed to the account's own address. And out again.

Opening the link uses nothing up, as scanners of mail open links, too; only the button on its page does. Who asks for a link by mail reads the
same whether there is such an account or not.
"""

from __future__ import annotations

import hashlib
import hmac

from flask import Blueprint, abort, current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connectors.mail import canonical_email
from daemon.logs import get_logger
from daemon.web import sessions, sign_in_mail
from daemon.web.security import limiter
from daemon.web.viewing import web_office

blueprint = Blueprint("sign_in", __name__)
log = get_logger(__name__)

_FAR_TOO_LONG = 320  # characters of an address (RFC 3696, errata 1690)
_PROOF = b"kept web proof 1:"


@blueprint.get("/sign-in")
def ask() -> str | Response:
    """Offer to mail a link."""
    return render_template("sign_in.html") if g.account is None else redirect("/", 303)


@blueprint.post("/sign-in")
@limiter.limit("10 per 15 minutes")
def mail() -> str:
    """Mail a link to an account's own address, and say the same whether there is one."""
    office, typed = web_office(), request.form.get("address", "")[:_FAR_TOO_LONG].strip()
    wanted = canonical_email(typed) if "@" in typed else ""
    account = next((a for a in office.app.office.accounts if wanted in a.addresses), None)
    if account is not None:
        sign_in_mail.send(office, account.address, current_app.config["KEPT_LINKS"])
    else:
        log.warning("a sign-in was asked for an address that is no account")
    return render_template("sign_in_mailed.html")


@blueprint.get("/sign-in/<secret>")
@limiter.limit("60 per 15 minutes")
def offer(secret: str) -> str | tuple[str, int]:
    """Show the button that signs in."""
    office = web_office()
    if not office.app.store.is_good_sign_in(sessions.hashed(secret), office.now()):
        return _refused()
    return render_template("sign_in_offered.html")


@blueprint.post("/sign-in/<secret>")
@limiter.limit("60 per 15 minutes")
def enter(secret: str) -> Response | tuple[str, int]:
    """Use the link up, and sign in."""
    office = web_office()
    address = office.app.store.use_sign_in(sessions.hashed(secret), office.now())
    if address is None or address not in office.app.runtimes:
        return _refused()
    sessions.begin(office.app.store, address, office.now())
    log.info("signed in to the dashboard", account=address)
    return redirect("/", 303)


@blueprint.post("/sign-out")
def leave() -> Response:
    """Sign this browser out."""
    log.info("signed out of the dashboard", account=g.account)
    sessions.end(web_office().app.store)
    return redirect(url_for("sign_in.ask"), 303)


@blueprint.get("/up")
@limiter.limit("60 per minute")
def prove() -> Response:
    """Prove to `kept web` that what listens here is the same Kept: nothing else has its key."""
    challenge = request.args.get("challenge", "")
    if not 16 <= len(challenge) <= 64:
        abort(404)
    return Response(proof(web_office().app.secret, challenge), mimetype="text/plain")


def proof(secret: bytes, challenge: str) -> str:
    """Return the answer to a challenge that only who has the key can give."""
    return hmac.new(secret, _PROOF + challenge.encode(), hashlib.sha256).hexdigest()


def _refused() -> tuple[str, int]:
    log.warning("a sign-in link was refused: it is unknown, used or too old")
    return render_template("sign_in_refused.html"), 410

"""The web application: its pages, what they have in common, and what becomes of failures.

A page is a module in pages/ with a `blueprint`; it is registered by PAGES and reached by NAVIGATION.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, g, redirect, render_template, request, url_for
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from daemon.errors import CannotDo, StoreError
from daemon.letters import phrases
from daemon.logs import get_logger
from daemon.web import security, sessions, texts
from daemon.web.office import BeingRead, WebOffice
from daemon.web.pages import (
    charter,
    client,
    clients,
    corrections,
    health,
    items,
    look_back,
    plan,
    replay,
    settings,
    sign_in,
    team,
    today,
)
from daemon.web.texts import gettext as _
from daemon.web.viewing import OFFICE, Viewing, web_office
from daemon.web.wording import phone_link

log = get_logger(__name__)

SUSPECT = frozenset({403, 413, 421, 429})  # what no page of ours and no browser of a user's asks for

PAGES = (sign_in, today, items, plan, corrections, clients, client, charter, look_back, replay, team, health, settings)
NAVIGATION = (  # what a page is called, where it is, and the key that leads there after g
    ("Today", "today.show", "t"),
    ("Clients", "clients.show", "c"),
    ("Plan", "plan.show", "p"),
    ("Look back", "look_back.show", "l"),
    ("Replay", "replay.show", "r"),
    ("Corrections", "corrections.show", "k"),
    ("Team", "team.show", "e"),
    ("Health", "health.show", "h"),
    ("Settings", "settings.show", "s"),
)
PUBLIC = frozenset({"static", "sign_in.ask", "sign_in.mail", "sign_in.offer", "sign_in.enter", "sign_in.prove"})
BY_THEMSELVES = frozenset(
    {"today.news", "replay.progress"}
)  # what pages ask for without anybody being there: it keeps nobody signed in
LARGEST_FORM = 256 * 1024  # bytes


def make_application(
    office: WebOffice, *, listening: str = "127.0.0.1", trusted_hosts: Collection[str] = (), cookie: str = "kept", links: str = ""
) -> Flask:
    """Return the application over an office.

    It is called by the names of this machine, by `listening` and by `trusted_hosts`. `links` is where the links lead that it mails:
    never to what a request says that its host is.
    """
    app = Flask(__name__)
    app.config.update(
        SECRET_KEY=sessions.cookie_key(office.app.secret),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=sessions.ABSOLUTE,
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        WTF_CSRF_TIME_LIMIT=None,  # a token holds as long as the session that it belongs to
        RATELIMIT_HEADERS_ENABLED=True,
        KEPT_LINKS=links,
    )
    app.session_interface = sessions.Cookies(cookie, frozenset(trusted_hosts))
    app.extensions[OFFICE] = office
    security.protect(app, listening, trusted_hosts)
    app.before_request(_know_the_browser)
    app.after_request(_note_what_was_done)
    for page in PAGES:
        app.register_blueprint(page.blueprint)
    _equip_templates(app)
    for kind in (HTTPException, StoreError, CannotDo, Exception):
        app.register_error_handler(kind, _failed)
    return app


def _know_the_browser() -> AnyResponse | None:
    """Set the account of the request, or lead to the sign-in; an account that left the configuration is signed in no more."""
    if request.endpoint == "static":
        return None
    if security.comes_from_elsewhere(request):
        return Response(render_template("arrived.html", there=_once_more()))
    office = web_office()
    office.follow()
    address = sessions.present(office.app.store, office.now(), is_here=request.endpoint not in BY_THEMSELVES)
    g.account = address if address in office.app.runtimes else None
    if g.account is not None or request.endpoint in PUBLIC or request.endpoint is None:
        return None
    there = url_for("sign_in.ask")
    if "HX-Request" in request.headers:  # a fragment has no place for the form: the browser goes there
        return Response(status=401, headers={"HX-Redirect": there})
    return redirect(there, 303)


def _once_more() -> str:
    """Return the address of the request on this site, with the mark that it was asked for from here."""
    query = request.query_string.decode("ascii", "replace")
    path = quote(request.path.lstrip("/"), safe="/")  # nothing that a browser would take for another host
    return f"/{path}?{query}{'&' if query else ''}{security.FROM_HERE}=1"


def _note_what_was_done(response: Response) -> Response:
    """Write an audit line for everything that somebody who is signed in did."""
    if request.method == "POST" and g.get("account") and request.endpoint not in PUBLIC:
        about = {name: phrases.cut(str(value), 80) for name, value in (request.view_args or {}).items()}
        outcome = "done" if response.status_code < 400 else f"refused ({response.status_code})"
        log.info("by the dashboard", account=g.account, what=request.endpoint, about=about, outcome=outcome)
    return response


# --- templates ---


def _equip_templates(app: Flask) -> None:
    env = app.jinja_env
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(  # type: ignore[attr-defined]  # jinja2's extension adds it
        lambda message: texts.present().gettext(message), lambda *words: texts.present().ngettext(*words), newstyle=True
    )
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update(
        moment=_moment,
        day=_day,
        date=lambda day: texts.present().date(day),
        cut=phrases.cut,
        phone_link=phone_link,
        clean=phrases.clean,
        source=phrases.source,
    )
    marks = {path.name: _mark(path) for path in Path(str(app.static_folder)).iterdir()}
    app.context_processor(lambda: _common(app, marks))


def _common(app: Flask, marks: dict[str, str]) -> dict[str, Any]:
    """Return what every template has."""
    return {
        "language": texts.present().language,
        "view": g.get("view"),
        "problem": app.extensions[OFFICE].problem if g.get("account") else None,
        "navigation": [entry for entry in NAVIGATION if _leads(app, entry[1])] if g.get("account") else [],
        "file": lambda name: url_for("static", filename=name, v=marks[name]),
    }


def _leads(app: Flask, endpoint: str) -> bool:
    """Return whether the navigation leads to a page: to the team's, only who may see anybody of it."""
    return endpoint in app.view_functions and (endpoint != "team.show" or team.is_for(g.account))


def _mark(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def _moment(at: datetime) -> str:
    view: Viewing = g.view
    return view.texts.moment(at, view.zone, view.now)


def _day(at: datetime) -> str:
    view: Viewing = g.view
    return view.texts.day(at, view.zone, view.now)


# --- failures ---


def _failed(error: Exception) -> tuple[str, int] | AnyResponse:
    """Return the page of a failure, in words; a fragment of it for htmx, which shows it in its place for problems."""
    g.pop("view", None)  # what a page found of the account may be what failed
    if isinstance(error, HTTPException) and error.response is not None:
        return error.get_response()
    status = error.code or 500 if isinstance(error, HTTPException) else 400 if isinstance(error, CannotDo) else 503
    if not isinstance(error, HTTPException | StoreError | CannotDo):
        status = 500
        log.error("a page failed unexpectedly", what=request.endpoint, exc_info=error)
    if status in SUSPECT or isinstance(error, CSRFError):
        log.warning("a request to the dashboard was refused", status=status, what=request.endpoint, by=request.remote_addr)
    words = _words(error, status)
    if isinstance(error, BeingRead) and "HX-Request" not in request.headers:
        return Response(render_template("being_read.html", words=words), 503, {"Refresh": "2", "Retry-After": "2"})
    if "HX-Request" in request.headers:
        return str(Markup("<p>{}</p>").format(words)), status
    return render_template("failed.html", words=words, status=status), status


def _words(error: Exception, status: int) -> str:
    """Return what happened and what to do."""
    if isinstance(error, BeingRead):
        return _(
            "Kept is reading what is stored, for the first time since it was started. This page comes by itself in a few seconds."
        )
    if isinstance(error, CannotDo):
        return texts.explained(error)
    if isinstance(error, StoreError):
        return error.message
    if isinstance(error, CSRFError):
        return _("This page has been open for too long, or the browser sent no cookie. Load it again, and do it once more.")
    if isinstance(error, RateLimitExceeded):
        return _("That was tried too often. Wait a quarter of an hour, then try again.")
    return {
        403: _("This was asked by another page than Kept's own, so it was not done."),
        404: _("There is nothing here. It may have been settled, or its client may have left the configuration."),
        405: _("There is nothing here. It may have been settled, or its client may have left the configuration."),
        413: _("That is more than a page of Kept ever sends, so it was not read."),
        421: _(
            "Kept is not called by this name. Open it by 127.0.0.1, or add the name under web: trusted_hosts: in the configuration."
        ),
    }.get(status, _("Something failed that should not have. Nothing was sent. Details are in kept.log in the state folder."))

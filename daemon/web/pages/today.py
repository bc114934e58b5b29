"""Today: the digest of this moment, and a fragment of it that follows what is settled and what the daemon reads meanwhile."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request

from daemon.web import morning, settling
from daemon.web.settling import Bar
from daemon.web.viewing import Viewing, viewing

blueprint = Blueprint("today", __name__)

CHANGED = "kept-changed"  # the event at which the list loads itself again


@blueprint.get("/")
def show() -> str:
    """Show the page, with the bar of what was just settled where that was done without JavaScript."""
    with viewing() as view:
        bar = settling.bar_of(view, request.args["settled"]) if "settled" in request.args else None
        shown = values(view)
    return render_template("today.html", **shown, bar=bar)


@blueprint.get("/today/list")
def lines() -> str:
    """Return the list alone."""
    with viewing() as view:
        shown = values(view)
    return render_template("today_list.html", **shown)


@blueprint.get("/today/news")
def news() -> Response:
    """Say whether the list that has the version `seen` is still the present one; no words are sent."""
    with viewing() as view:
        answer = make_response("", 204)
        if morning.version(view) != request.args.get("seen"):
            answer.headers["HX-Trigger"] = CHANGED
        return answer


def settled_list(view: Viewing, bar: Bar) -> str:
    """Return the list after something was settled, with the bar that undoes it in its place."""
    return render_template("today_list.html", **values(view), bar=bar, replaces_bar=True)


def values(view: Viewing) -> dict[str, object]:
    """Return what the list shows, as the request wants it: by client or by time, with or without what is only counted."""
    by_client, everything = request.values.get("by") == "client", request.values.get("all") == "1"
    return {
        "today": morning.today(view, by_client=by_client, everything=everything),
        "by_client": by_client,
        "everything": everything,
        "settled": settling.settled_today(view),
        "said": settling.said,
    }

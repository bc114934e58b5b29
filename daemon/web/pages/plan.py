"""Plan: everything that Kept will say or book next, its exact text, and what stops it or lets it go now."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from daemon.glossary.decisions import Verb
from daemon.letters import phrases
from daemon.operations.decisions import decide
from daemon.web import planned, settling
from daemon.web.settling import Bar
from daemon.web.viewing import viewing

blueprint = Blueprint("plan", __name__, url_prefix="/plan")

_VERBS = {verb.value: verb for verb in (Verb.VETO, Verb.RELEASE, Verb.UNDO)}


@blueprint.get("")
def show() -> str:
    """Show the page, with the bar of what was just decided where that was done without JavaScript."""
    with viewing() as view:
        bar = settling.bar_of(view, request.args["settled"]) if "settled" in request.args else None
        plan = planned.plan(view)
    return render_template("plan.html", plan=plan, bar=bar)


@blueprint.get("/<target>")
def text(target: str) -> str:
    """Show what an action says: as a page, or for htmx as what unfolds below its line."""
    with viewing() as view:
        said = planned.text_of(view, target)
        if said is None:
            abort(404)
        return render_template("plan_text.html", said=said, fragment="HX-Request" in request.headers)


@blueprint.post("/<target>")
def settle(target: str) -> str | Response:
    """Stop an action, let it go now, or undo that; return the list with the bar that undoes it."""
    verb = _VERBS.get(request.form.get("verb", ""))
    if verb is None:
        abort(400)
    with viewing() as view:
        decided = decide(view.app, verb, target, view.now)
        bar = Bar(settling.done_words(verb), phrases.cut(decided.summary, 120), "" if verb is Verb.UNDO else target)
        if "HX-Request" in request.headers:
            return render_template("plan_list.html", plan=planned.plan(view), bar=bar, replaces_bar=True)
    return redirect(url_for("plan.show", settled=bar.id or None), 303)

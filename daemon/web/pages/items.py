"""One thing that is owed: why, with the mails behind it, its draft reply, and what settles it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from connectors.mail import Message, Role
from daemon.delivery import mail_links
from daemon.glossary.obligations import Obligation, SourceType, State, state
from daemon.letters import phrases, tokens
from daemon.operations.explanations import Explanation, Ground, explain_obligation, second_opinion
from daemon.web import settling
from daemon.web.marked_text import Piece, harmless_lines, marked
from daemon.web.morning import safe_address
from daemon.web.pages import client, today
from daemon.web.texts import gettext as _
from daemon.web.viewing import Viewing, viewing
from daemon.web.wording import reason_words

blueprint = Blueprint("items", __name__, url_prefix="/items")


@dataclass(frozen=True, slots=True)
class Shown:
    """A piece of evidence as a page shows it: with the mail's text in pieces, () where there is none or it is not to be shown."""

    ground: Ground
    pieces: tuple[Piece, ...]
    mail: str
    folder: str = ""  # in words, where somebody without the link finds it


@blueprint.get("/<target>")
def show(target: str) -> str:
    """Show why something is owed: as a page, or for htmx as what unfolds below its line."""
    with viewing() as view:
        obligation = _find(view, target)
        explanation = explain_obligation(view.app, obligation, view.now)
        values = {
            "o": obligation,
            "explanation": explanation,
            "reason": _reason(view, explanation),
            "evidence": _evidence(view, explanation),
            "opinion": second_opinion(view.app, obligation),
        }
        verbs = [verb.value for verb in tokens.verbs(view.account, obligation, view.now)]
        is_open = state(obligation, view.now) in (State.OPEN, State.DUE_SOON, State.OVERDUE, State.SNOOZED)
    return render_template(
        "item.html",
        **values,
        verbs=verbs if is_open else [],
        fragment="HX-Request" in request.headers,
    )


@blueprint.get("/<target>/draft")
def draft(target: str) -> str:
    """Show the draft reply: as a page, or for htmx as what unfolds below its line."""
    with viewing() as view:
        obligation = _find(view, target)
        renderer = view.renderer()
        if obligation.reply_to is None or "@" not in (obligation.contact or ""):
            abort(404)
        reply = renderer.draft_reply(obligation)
    return render_template(
        "item_draft.html",
        draft=reply,
        text=harmless_lines(reply.text),
        saved=obligation.key in renderer.drafts,
        fragment="HX-Request" in request.headers,
    )


@blueprint.get("/<target>/later")
def later(target: str) -> str:
    """Show until when it may be hidden: as a page, or for htmx as what unfolds below its line."""
    with viewing() as view:
        values = {"o": _find(view, target), "moments": settling.moments(view)}
        return render_template("item_later.html", **values, fragment="HX-Request" in request.headers)


@blueprint.post("/<target>")
def settle(target: str) -> str | Response:
    """Store what the user decided, and return the list with the bar that undoes it; without JavaScript, lead back to the page."""
    of_client = request.form.get("client", "")[: client.LONGEST_ID]
    with viewing() as view:
        bar = settling.decide_by_form(view, target)
        if "HX-Request" in request.headers:
            return client.settled_list(view, of_client, bar) if of_client else today.settled_list(view, bar)
    if of_client:
        return redirect(url_for("client.show", client_id=of_client, settled=bar.id or None), 303)
    shown: dict[str, Any] = {name: request.form[name] for name in ("by", "all") if request.form.get(name)}
    return redirect(url_for("today.show", **shown, settled=bar.id or None), 303)


def _find(view: Viewing, target: str) -> Obligation:
    obligation = view.runtime.ledger.find(target, view.now)
    if obligation is None:
        abort(404)
    return obligation


def _reason(view: Viewing, explanation: Explanation) -> str:
    """Return why it is due when it is; "" where nothing tells."""
    reason = explanation.reason
    if reason is None:
        return ""
    return reason_words(reason, view.texts.day(reason.start, view.zone, view.now) if reason.start else "")


def _evidence(view: Viewing, explanation: Explanation) -> tuple[Shown, ...]:
    """Return each piece of evidence, with the text of a mail once: all that was relied on is marked in it."""
    quotes: dict[str, list[str]] = {}
    grounds = list(explanation.grounds())
    for ground in grounds:
        if ground.evidence.type is SourceType.MESSAGE and ground.words:
            quotes.setdefault(ground.evidence.reference, []).append(ground.words)
    shown, told = [], set()
    opener = mail_links.opener(view.runtime.config.policy.mail_links)
    for ground in grounds:
        reference = ground.evidence.reference
        message = explanation.messages.get(reference) if ground.evidence.type is SourceType.MESSAGE else None
        if message is None or reference in told:
            shown.append(Shown(ground, (), ""))
            continue
        told.add(reference)
        wanted = [*quotes.get(reference, ()), *explanation.obligation.asks]
        shown.append(Shown(ground, marked(message.text, wanted), safe_address(opener(ground.evidence)), _folder(message)))
    return tuple(shown)


def _folder(message: Message) -> str:
    """Return where a mail lies, in words: a link that opens it does nothing where no mail program is registered for it."""
    if message.role is Role.INBOX:
        return _("in your Inbox")
    if message.role is Role.SENT:
        return _("in your Sent mail")
    return _("in your folder %(name)s", name=phrases.cut(message.folder, 60))

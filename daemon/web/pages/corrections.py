"""Corrections: those in force, the rules that follow from them, what clicks taught, and the mail that was filtered out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from daemon.core import confidence_bands
from daemon.core.authors import FORGED
from daemon.glossary.assessments import HeldBack
from daemon.glossary.decisions import Scope, Verb
from daemon.glossary.obligations import Kind
from daemon.letters import phrases
from daemon.operations.balance import filtered_mail
from daemon.operations.corrections import Correction, accept_rule, in_force, proposed
from daemon.operations.decisions import decide, say_person
from daemon.web import settling
from daemon.web.settling import Bar
from daemon.web.texts import gettext as _
from daemon.web.texts import ngettext
from daemon.web.viewing import Viewing, viewing
from daemon.web.wording import filtered_words

blueprint = Blueprint("corrections", __name__, url_prefix="/corrections")

_MOST = 5  # mails of one sender that are listed
_LONGEST_WORDS = 600  # characters of each


@dataclass(frozen=True, slots=True)
class InForce:
    """A correction in words: what was said of what, how far it reaches, and how much it leaves out at present."""

    id: str
    at: datetime
    client: str
    says: str
    reach: str
    words: str
    affects: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that corrections suggest, in words."""

    id: str
    client: str
    words: str
    count: int
    means: str


@dataclass(frozen=True, slots=True)
class Filtered:
    """One mail that was filtered out: when it came, its subject, and the first of its own text."""

    at: datetime
    subject: str
    words: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Mail of one sender and kind that was filtered out, the newest first.

    `id` is that by which a person is said to have written it, "" where that would not help, for which `no_button` says why; `is_person` says that the user said so, which
    leaves mail of long before where it is.
    """

    id: str
    is_person: bool
    why: str
    no_button: str
    name: str
    address: str
    client: str
    mails: Sequence[Filtered]
    more: int


@blueprint.get("")
def show() -> str:
    """Show the page, with the bar of what was just decided where that was done without JavaScript."""
    with viewing() as view:
        bar = settling.bar_of(view, request.args["settled"]) if "settled" in request.args else None
        shown = _values(view)
    return render_template("corrections.html", **shown, bar=bar)


@blueprint.post("/<target>")
def settle(target: str) -> str | Response:
    """Undo a correction, accept a rule, or say that a person wrote a mail; return the lists with the bar that undoes it."""
    verb = request.form.get("verb", "")
    with viewing() as view:
        bar = _settled(view, verb, target)
        if "HX-Request" in request.headers:
            return render_template("corrections_list.html", **_values(view), bar=bar, replaces_bar=True)
    return redirect(url_for("corrections.show", settled=bar.id or None), 303)


def _settled(view: Viewing, verb: str, target: str) -> Bar:
    """Store what the form decides. Aborts with 400; raises CannotDo."""
    if verb == "accept":
        accept_rule(view.app, target, view.now)
        return Bar(_("It is a rule from now on"), "", target)
    if verb == Verb.UNDO.value:
        return Bar(_("Undone"), phrases.cut(decide(view.app, Verb.UNDO, target, view.now).summary, 120), "")
    if verb == Verb.PERSON.value:
        said = say_person(view.app, target, view.now)
        return Bar(settling.done_words(Verb.PERSON), phrases.cut(said.summary, 120), said.id)
    return abort(400)


def _values(view: Viewing) -> dict[str, object]:
    return {
        "corrections": tuple(_in_words(c) for c in reversed(in_force(view.app, view.now))),
        "rules": tuple(
            Rule(p.id, phrases.cut(p.client, 60), phrases.cut(words, 140), p.count, _means(p.kind))
            for p, words in proposed(view.app, view.now)
        ),
        "learned": tuple(_learned(view)),
        "senders": tuple(_senders(view)),
    }


def _means(kind: Kind) -> str:
    """Return what a rule says of the words of this kind."""
    means = {
        Kind.REPLY: _("needs no answer"),
        Kind.CALLBACK: _("does not ask for a call"),
        Kind.PROMISE: _("is not a promise"),
        Kind.WAITING_FOR: _("is not a promise of theirs"),
    }
    return means.get(kind, _("is not owed"))


def _in_words(correction: Correction) -> InForce:
    d = correction.decision
    says = {Verb.WAIVE: _("Not owed"), Verb.WRONG: _("Misread"), Verb.PERSON: _("A person wrote it")}
    reach = {
        Scope.ITEM: _("this one"),
        Scope.THREAD: _("everything of its kind in this conversation"),
        Scope.WORDING: _("these words of this client"),
        Scope.SENDER: _("this sender and this kind of mail"),
    }
    example = next((o.quote or o.summary for o in correction.closes), d.why or "")
    count = len(correction.closes)
    affects = "" if d.verb is Verb.PERSON else ngettext("It leaves out %(num)s thing.", "It leaves out %(num)s things.", count)
    client = phrases.cut(correction.client or "", 60)
    return InForce(correction.id, d.at, client, says[d.verb], reach[d.scope], phrases.cut(example, 140), affects)


def _learned(view: Viewing) -> Iterator[str]:
    """Yield what clicks taught about each kind that is read out of words, in a sentence."""
    decisions = view.app.store.decisions(view.account.address, view.now)
    learned = confidence_bands.lessons(decisions, view.account.address, view.now)
    start, bounds = confidence_bands.bounds(()), confidence_bands.bounds(learned)
    names = {
        Kind.REPLY: _("Questions of clients"),
        Kind.CALLBACK: _("Calls to return"),
        Kind.PROMISE: _("Your promises"),
        Kind.WAITING_FOR: _("Promises of clients"),
    }
    for kind in confidence_bands.KINDS:
        clicks, moved = sum(lesson.kind is kind for lesson in learned), bounds[kind].tracked - start[kind].tracked
        taught = ngettext("%(num)s click of yours", "%(num)s clicks of yours", clicks)
        sure = f"{bounds[kind].tracked:.0%}"
        if not clicks:
            yield _("%(kind)s: counted from %(sure)s certainty on, as at the start.", kind=names[kind], sure=sure)
        elif moved > 0:
            yield _(
                "%(kind)s: counted from %(sure)s certainty on; %(taught)s made Kept more careful.",
                kind=names[kind],
                sure=sure,
                taught=taught,
            )
        elif moved < 0:
            yield _(
                "%(kind)s: counted from %(sure)s certainty on; %(taught)s made Kept more confident.",
                kind=names[kind],
                sure=sure,
                taught=taught,
            )
        else:
            yield _(
                "%(kind)s: counted from %(sure)s certainty on; %(taught)s left that as it was.",
                kind=names[kind],
                sure=sure,
                taught=taught,
            )


def _senders(view: Viewing) -> Iterator[Sender]:
    """Yield the mail that was filtered out in the last 30 days by sender, those with the newest mail first."""
    said = {c.id for c in in_force(view.app, view.now) if c.decision.verb is Verb.PERSON}
    held = sorted(filtered_mail(view.app, view.now), key=lambda one: (_of_one_kind(one[1]), -one[0].timestamp()))
    found = []
    for _kind, of_sender in groupby(held, key=lambda one: _of_one_kind(one[1])):
        mails = list(of_sender)
        newest = mails[0][1]
        found.append(
            Sender(
                newest.id if newest.key else "",
                bool(newest.key) and newest.id in said,
                filtered_words(newest),
                "" if newest.key else _why_no_button(newest),
                phrases.cut(newest.sender.name, 60),
                phrases.cut(newest.sender.email, 80),
                phrases.cut(newest.client, 60),
                [Filtered(at, held.subject, phrases.cut(held.words, _LONGEST_WORDS)) for at, held in mails[:_MOST]],
                max(0, len(mails) - _MOST),
            )
        )
    yield from sorted(found, key=lambda sender: sender.mails[0].at, reverse=True)


def _why_no_button(held: HeldBack) -> str:
    if held.reason == FORGED:
        return _("Whoever can write in another's name could have written it: ask them by phone before you do what it says.")
    return _("Only a machine sends this kind of notice, so nobody can have written it to you.")


def _of_one_kind(held: HeldBack) -> tuple[str, str]:
    return held.sender.email, held.key or held.reason

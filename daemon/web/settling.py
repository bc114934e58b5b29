"""What a click on a page decides, what is said of it, and the bar by which it is undone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from flask import abort, request

from daemon.core import hours
from daemon.glossary.decisions import Verb
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Account
from daemon.letters import phrases
from daemon.operations.decisions import Settled, decide, say_person, settled, snooze_end
from daemon.web.texts import gettext as _
from daemon.web.viewing import Viewing

VERBS = frozenset({Verb.DONE, Verb.SNOOZE, Verb.WAIVE, Verb.WRONG, Verb.CONFIRM, Verb.PERSON, Verb.RESEND, Verb.UNDO})


@dataclass(frozen=True, slots=True)
class Bar:
    """What was just decided, in words, with the id by which it is undone; "" where there is nothing to undo."""

    words: str
    about: str
    id: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment until which something may be hidden: what it is called, and how it is sent back."""

    label: str
    words: str


def decide_by_form(view: Viewing, target: str) -> Bar:
    """Store what the form of a page decides about what has this id. Aborts with 400 or 404; raises CannotDo and StoreError."""
    verb = _verb()
    if verb is not Verb.PERSON and verb is not Verb.UNDO and verb is not Verb.RESEND and not _known(view, target, verb):
        abort(404)
    if verb is Verb.PERSON:
        decided = say_person(view.app, target, view.now)
        return Bar(done_words(verb), _about(decided.summary), decided.id)
    until = _until(view.account, view.now) if verb is Verb.SNOOZE else None
    obligation = view.runtime.ledger.find(target, view.now)
    decided = decide(view.app, verb, target, view.now, until=until)
    return Bar(
        said(view, verb, until), _about(decided.summary), "" if verb is Verb.UNDO else target, _note(view, obligation, until)
    )


def bar_of(view: Viewing, target: str) -> Bar | None:
    """Return the bar of the latest decision on what has this id, for a page that was loaded again after it; None if there is none."""
    for one in settled(view.app, view.now - timedelta(minutes=10), view.now):
        if target == one.decision.target_id:
            return Bar(said(view, one.decision.verb, one.decision.until), _about(_summary(view, one) or one.client), target)
    return None


def settled_today(view: Viewing) -> tuple[Settled, ...]:
    """Return what was decided since the day began and can be undone, without what the page of corrections or of plans keeps."""
    day = hours.local_date(view.account.hours, view.now)
    found = settled(view.app, datetime.combine(day, time(), view.zone), view.now)
    return tuple(replace(one, summary=_summary(view, one)) for one in found)


def _summary(view: Viewing, one: Settled) -> str:
    """Return what a decision was about; of what was stopped, the action that does not happen."""
    if one.summary or one.decision.verb is not Verb.VETO:
        return one.summary
    return next((a.summary for a in view.outlook().stopped if a.key == one.decision.target), "")


def moments(view: Viewing) -> tuple[Moment, ...]:
    """Return until when something may be hidden by one click: tomorrow, Monday, in a week, in two, each day once."""
    labels = {"tomorrow": _("Tomorrow"), "monday": "%s", "+7d": _("In a week (%s)"), "+14d": _("In two weeks (%s)")}
    found: dict[datetime, Moment] = {}
    for words, label in labels.items():
        until = snooze_end(view.account, words, view.now)
        day = view.texts.day(until, view.zone, view.now)
        found.setdefault(until, Moment(label % day if "%s" in label else label, words))
    return tuple(found[until] for until in sorted(found))


def said(view: Viewing, verb: Verb, until: datetime | None) -> str:
    """Return what a decision did, in words."""
    if until is not None:
        at = until.astimezone(view.zone)
        day, clock = view.texts.day(until, view.zone, view.now), phrases.time_of_day(until, view.zone)
        when = day if at.time() == time() else f"{day} {clock}"
        return _("Hidden until %(when)s", when=when)
    return done_words(verb)


def done_words(verb: Verb) -> str:
    """Return what a decision did, without its moment."""
    words = {
        Verb.DONE: _("Done"),
        Verb.SNOOZE: _("Hidden"),
        Verb.WAIVE: _("Not owed"),
        Verb.WRONG: _("Misread, not owed"),
        Verb.CONFIRM: _("Tracked from now on"),
        Verb.UNDO: _("Undone"),
        Verb.VETO: _("Stopped"),
        Verb.RESEND: _("It will be sent again"),
        Verb.PERSON: _("A person wrote it"),
        Verb.BOOK: _("A review is planned"),
        Verb.RELEASE: _("It goes out now"),
    }
    return words.get(verb, verb.value)


def _verb() -> Verb:
    try:
        verb = Verb(request.form.get("verb", ""))
    except ValueError:
        abort(400)
    if verb not in VERBS:
        abort(400)
    return verb


def _known(view: Viewing, target: str, verb: Verb) -> bool:
    """Whether there is something with this id on which the verb decides: an obligation, or a send of unknown fate."""
    if view.runtime.ledger.find(target, view.now) is not None:
        return True
    return verb is Verb.DONE and any(target == p.id for p in view.app.store.parcels(view.account.address))


def _until(account: Account, now: datetime) -> datetime:
    words = request.form.get("until", "").strip() or request.form.get("date", "").strip()
    try:
        return snooze_end(account, words, now)
    except ValueError:
        abort(400, _("That is not a day ahead. Choose one of the days, or a date after today."))


def _about(summary: str) -> str:
    return phrases.cut(summary, 120)


def _note(view: Viewing, obligation: Obligation | None, until: datetime | None) -> str:
    """Return that it is due while it is hidden."""
    if obligation is None or until is None or obligation.due is None or not view.now < obligation.due < until:
        return ""
    return _("It is due before that: %(when)s.", when=view.texts.moment(obligation.due, view.zone, view.now))

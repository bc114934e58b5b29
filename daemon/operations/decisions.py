"""The user's word on an obligation or a planned action: stored, and told in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from daemon.app import App
from daemon.core import authors, corrections, hours
from daemon.delivery.unsettled import named, unsettled
from daemon.errors import CannotDo
from daemon.glossary.actions import Action, Unsettled
from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Account
from daemon.letters import phrases
from daemon.operations.owed import find
from daemon.operations.plans import coming, outlook, waiting
from daemon.operations.printable import safe_lines
from daemon.operations.zones import zone_of
from daemon.reading.named_times import moment_named
from daemon.service.state_files import write_learned_bands


def snooze_end(account: Account, words: str, now: datetime) -> datetime:
    """Return when what is hidden until then comes back, in the account's time zone. Raises ValueError, in words, for no time ahead."""
    until = moment_named(words, now, hours.frame(account.hours))
    if until is None:
        raise ValueError(f"“{words}” is not a time; write tomorrow, friday, 'fri 9am', +3d, 14:00 or 2026-03-05")
    if until <= now:
        raise ValueError(f"“{words}” is not ahead; it is hidden until a later time, for example tomorrow")
    return until.astimezone(ZoneInfo(account.hours.zone))


@dataclass(frozen=True, slots=True)
class Target:
    """What a decision is about: its key, its account, the words for it, and what it is about where that still exists."""

    key: str
    account: str
    summary: str
    subject: Obligation | Action | Unsettled | None


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision in force, with the words for what it is about and the client; "" where that is not stored any more."""

    decision: Decision
    summary: str
    client: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that was stored, and what the user may do about more of its kind; `zone` is that of its account."""

    id: str
    decision: Decision
    summary: str
    hint: str
    zone: ZoneInfo

    def text(self) -> str:
        """Return the result in words."""
        d = self.decision
        label = f"Hidden until {_until(d.until, self.zone, d.at)}" if d.until else _DONE[d.verb]
        return safe_lines(f"{label}: {self.summary}" + (f"\n{self.hint}" if self.hint else ""))

    def document(self) -> dict[str, Any]:
        """Return what --json prints."""
        d = self.decision
        until = d.until.astimezone(self.zone).isoformat() if d.until else None
        at = d.at.astimezone(self.zone).isoformat()
        return {"id": self.id, "decision": d.verb.value, "at": at, "until": until, "what": self.summary}


def _until(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """Return a day, with the time of day unless it is the day's beginning."""
    is_whole_day = at.astimezone(zone).time() == time()
    return phrases.day(at, zone, now) if is_whole_day else phrases.moment(at, zone, now)


_DONE: Mapping[Verb, str] = {
    Verb.DONE: "Done",
    Verb.SNOOZE: "Hidden",
    Verb.WAIVE: "Not owed",
    Verb.WRONG: "Misread, not owed",
    Verb.CONFIRM: "Tracked",
    Verb.UNDO: "Undone",
    Verb.VETO: "Stopped",
    Verb.RESEND: "Will be sent again",
    Verb.PERSON: "A person wrote it",
    Verb.BOOK: "Planned",
    Verb.RELEASE: "Goes out at the next turn",
}


_TEACHING = frozenset({Verb.WRONG, Verb.CONFIRM, Verb.UNDO})  # what may move the confidence bands


def decide(
    app: App,
    verb: Verb,
    target: str,
    now: datetime,
    *,
    until: datetime | None = None,
    why: str | None = None,
    scope: Scope = Scope.ITEM,
) -> Decided:
    """Store a decision on the obligation or action with that ID or key. Raises CannotDo for an unknown one."""
    found = _target(app, verb, target, now)
    by = found.account
    decision = Decision(found.key, verb, now, by, until, why)
    if isinstance(found.subject, Obligation):
        decision = corrections.about(decision, found.subject, scope)
    app.store.add_decision(by, decision)
    if verb in _TEACHING:
        write_learned_bands(app, now)
    return Decided(target, decision, found.summary, _hint(app, decision, found.subject, now), zone_of(app.office, by))


def _target(app: App, verb: Verb, target: str, now: datetime) -> Target:
    if verb is Verb.UNDO:
        decision, account = _last_decision(app, target, now)
        subject = app.find(target, now)
        zone = zone_of(app.office, account)
        what = f"“{_DONE.get(decision.verb, decision.verb.value).lower()}” of {phrases.moment(decision.at, zone, now)}"
        return Target(decision.target, account, f"{what}{f', on {subject.summary}' if subject else ''}", subject)
    if verb is Verb.VETO:
        for action in coming(app, now):
            if target in (action.id, action.key):
                return Target(action.key, action.account, action.summary, action)
        for parcel in waiting(app):
            if target in (parcel.id, parcel.key):
                return Target(parcel.key, parcel.account, named(parcel, zone_of(app.office, parcel.account)), None)
        raise CannotDo(
            "No planned action has the ID %(id)s; `kept plan` lists them. What was already sent or booked cannot be stopped.",
            id=target,
        )
    if verb is Verb.RELEASE:
        return _releasable(app, target, now)
    if verb in (Verb.DONE, Verb.RESEND) and (one := _unsettled(app, target, now)) is not None:
        if verb is Verb.RESEND and not one.may_resend:
            raise CannotDo("%(what)s is not sent again: %(next)s", what=f"{one.what[0].upper()}{one.what[1:]}", next=one.next)
        return Target(one.key, one.account, one.what, one)
    if verb is Verb.RESEND:
        raise CannotDo("Nothing whose fate is not known has the ID %(id)s; `kept status` lists what has one.", id=target)
    obligation = find(app, target, now)
    return Target(obligation.key, obligation.account, obligation.summary, obligation)


def _releasable(app: App, target: str, now: datetime) -> Target:
    """Return the announced action with that ID or key. Raises CannotDo: what no digest has announced reaches nobody but the user."""
    ahead = outlook(app, now)
    action = next((a for a in ahead.coming if target in (a.id, a.key)), None)
    if action is None or action.key not in ahead.announced:
        raise CannotDo("It cannot go out yet: a digest has to announce it to you first.")
    return Target(action.key, action.account, action.summary, action)


def settled(app: App, since: datetime, now: datetime) -> tuple[Settled, ...]:
    """Return what the user decided between two moments and has not undone, the latest first."""
    found = []
    for address in app.runtimes:
        for d in _standing(app, address, now):
            if since <= d.at:
                subject = app.find(d.target, now)
                found.append(Settled(d, subject.summary if subject else "", d.client or (subject.client if subject else "")))
    return tuple(sorted(found, key=lambda one: one.decision.at, reverse=True))


def _unsettled(app: App, target: str, now: datetime) -> Unsettled | None:
    """Return the send or booking of unknown fate with that ID or key that the user may settle."""
    every = (one for address in app.runtimes for one in unsettled(app.store, address, zone_of(app.office, address), now))
    return next((one for one in every if target in (one.id, one.key) and (one.settled_by_user or one.may_resend)), None)


def _last_decision(app: App, target: str, now: datetime) -> tuple[Decision, str]:
    """Return the latest decision in force on what has that ID or key, and its account. Raises CannotDo where there is none."""
    for address in app.runtimes:
        last = next((d for d in _standing(app, address, now) if target in (d.target, d.target_id)), None)
        if last is not None:
            return last, address
    raise CannotDo("Nothing has been decided on %(id)s, or it is undone already: there is nothing to undo.", id=target)


def _standing(app: App, address: str, now: datetime) -> list[Decision]:
    """Return the latest decision in force on each target, which an undo would take back."""
    by_target: dict[str, list[Decision]] = {}
    for d in app.store.decisions(address, now):
        of_target = by_target.setdefault(d.target, [])
        if d.verb is not Verb.UNDO:
            of_target.append(d)
        elif of_target:
            of_target.pop()
    return [decisions[-1] for decisions in by_target.values() if decisions]


def _hint(app: App, decision: Decision, subject: Obligation | Action | Unsettled | None, now: datetime) -> str:
    """Return what to know or do next: it is due while it is hidden; another client's address; a rule to accept; else nothing."""
    if decision.until and isinstance(subject, Obligation) and subject.due and now < subject.due < decision.until:
        return f"It is due before that: {phrases.moment(subject.due, zone_of(app.office, subject.account), now)}."
    if decision.verb not in corrections.CORRECTING or not isinstance(subject, Obligation):
        return ""
    if decision.why and "wrong client" in decision.why.lower():
        address = subject.contact or "the address"
        return f"To keep it from coming back, add {address} under `addresses:` of the right client in {app.path}."
    for proposal in corrections.proposals(app.store.decisions(subject.account, now), now):
        if (proposal.client, proposal.wording) == (decision.client, decision.wording):
            count = phrases.ordinal(proposal.count)
            return f"This is the {count} correction of the same words. Make it a rule: kept corrections --accept {proposal.id}"
    return ""


def say_person(app: App, target: str, now: datetime) -> Decided:
    """Store that a person wrote the mail that was held back with that ID or key. Raises CannotDo for an unknown one."""
    found = app.find_held(target, now)
    if found is None:
        raise CannotDo("Nothing that was filtered out has the ID %(id)s. `kept filtered` lists them.", id=target)
    runtime, held = found
    address = runtime.account.address
    decision = authors.by_person(held, now, address)
    app.store.add_decision(address, decision)
    sender = phrases.cut(held.sender.email, 80)
    hint = f"It holds for {sender} and mail of this kind from now on. Undo it with: kept undo {held.id}"
    return Decided(held.id, decision, f"{held.client}, {phrases.quoted(held.subject, 80)}", hint, zone_of(app.office, address))

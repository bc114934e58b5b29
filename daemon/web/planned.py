"""What the page of plans shows: what Kept will say or book next, when and why, with its text as it would be written now."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from daemon.delivery.letters import written
from daemon.delivery.parcel_json import draft_of, invite_of
from daemon.delivery.unsettled import named
from daemon.glossary.actions import Action, ActionKind, Channel, Parcel
from daemon.glossary.faults import strict
from daemon.letters import phrases
from daemon.operations.plans import waiting
from daemon.web.marked_text import harmless_lines
from daemon.web.texts import gettext as _
from daemon.web.viewing import Viewing

_MOST = 3  # obligations that are named as a reason


@dataclass(frozen=True, slots=True)
class Planned:
    """An action as a page shows it. `now` says that it may go out at once; where not, `why_not` says why."""

    id: str
    at: datetime
    summary: str
    reason: str
    reaches: str
    now: bool = False
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What comes next, what is written and waits to go out, and what the user stopped.

    The removal of a draft of Kept's own that is settled is left out: it says nothing to anybody, and stopping it helps nobody.
    """

    coming: Sequence[Planned]
    waiting: Sequence[Planned]
    stopped: Sequence[Planned]


@dataclass(frozen=True, slots=True)
class Text:
    """What an action says: to whom, under which title, and the whole text. `start` is when a meeting begins."""

    to: Sequence[str]
    subject: str
    text: str
    start: datetime | None = None
    end: datetime | None = None


def plan(view: Viewing) -> Plan:
    """Return what the page shows. Raises StoreError."""
    ahead = view.outlook()
    return Plan(
        tuple(_planned(a, view, may_go=a.key in ahead.announced) for a in ahead.coming if a.kind is not ActionKind.REMOVE_DRAFT),
        tuple(_parcel(p, view) for p in waiting(view.app) if p.channel is not Channel.REMOVAL),
        tuple(_planned(a, view, may_go=False) for a in ahead.stopped),
    )


def text_of(view: Viewing, target: str) -> Text | None:
    """Return what the action or the waiting parcel with this id says; None where nothing with it is planned, or it says nothing."""
    parcel = next((p for p in waiting(view.app) if p.id == target), None)
    if parcel is None:
        ahead = view.outlook()
        actions = [*ahead.coming, *ahead.stopped]
        action = next((a for a in actions if a.id == target), None)
        if action is None:
            return None
        parcel = next((letter.parcel for letter in written(view.renderer(), action, actions, strict())), None)
    return _text(parcel) if parcel is not None else None


def _text(parcel: Parcel) -> Text | None:
    if parcel.channel is Channel.REMOVAL:
        return None
    if parcel.channel is Channel.CALENDAR:
        invite = invite_of(parcel)
        return Text(
            [a.email for a in invite.attendees], invite.summary, harmless_lines(invite.description), invite.start, invite.end
        )
    mail = draft_of(parcel)
    return Text([a.email for a in mail.to], mail.subject, harmless_lines(mail.text))


def _planned(action: Action, view: Viewing, *, may_go: bool) -> Planned:
    return Planned(
        action.id,
        action.at,
        phrases.cut(action.summary, 160),
        _reason(action, view),
        _reaches(action),
        now=may_go,
        why_not="" if may_go else _why_not(action),
    )


def _parcel(parcel: Parcel, view: Viewing) -> Planned:
    why = _("It is written and goes out at Kept's next turn.")
    if parcel.error:
        why = _("It could not be sent: %(error)s. Kept tries again.", error=phrases.cut(parcel.error, 160).rstrip("."))
    name = named(parcel, view.zone)
    return Planned(parcel.id, parcel.not_before, phrases.cut(name[:1].upper() + name[1:], 160), why, parcel.addressee or "")


def _reason(action: Action, view: Viewing) -> str:
    """Return why it is planned, in words."""
    reasons = {
        ActionKind.DIGEST: _("The digest comes every working morning."),
        ActionKind.TOUCH_BASE: _("Your manager gets a list of every infraction once a week."),
        ActionKind.HAND_OVER: _("This client was just won: what they expect now is what the first weeks promised."),
        ActionKind.COVER: _("You will be away: whoever covers for you needs to know what is open."),
        ActionKind.RECOVERY: _("There were enough infractions with this client to make good for."),
    }
    return reasons.get(action.kind) or " ".join(_owed(action, view))


def _owed(action: Action, view: Viewing) -> Iterator[str]:
    """Yield what is owed that an action is about, and by when; of a reminder of one thing only by when, as its title has the words."""
    for o in action.obligations[:_MOST]:
        when = view.texts.moment(o.due, view.zone, view.now) if o.due is not None else ""
        if action.kind is ActionKind.REVIEW:
            yield _("The charter asks for a review by %(when)s.", when=when)
        elif action.kind is ActionKind.REMIND and len(action.obligations) == 1:
            late = o.due is not None and o.due < view.now
            yield "" if not when else _("It was due %(when)s.", when=when) if late else _("It is due %(when)s.", when=when)
        else:
            yield f"{phrases.cut(o.summary, 140)} ({when})." if when else f"{phrases.cut(o.summary, 140)}."


def _reaches(action: Action) -> str:
    return phrases.listed([phrases.cut(address, 80) for address in action.attendees])


def _why_not(action: Action) -> str:
    """Return why an action cannot go out at once."""
    if action.kind is ActionKind.DIGEST:
        return _("It goes to you alone; Today shows what it would say now.")
    if not action.reaches_others:
        return _("It goes to you alone; you can read it here already.")
    return _("It has to be announced to you in a digest first, so that you can stop it in any mail program.")

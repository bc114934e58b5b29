"""What the user must be told of the outbox: every send and booking whose fate is not known, and what was given up since the last digest.

Each stands in the account's digest and in `kept status` until it is settled: found at the server, settled by the user, or, where it
is a letter to the user, repeated by a later digest that was sent.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from daemon.delivery.parcel_json import invite_of
from daemon.glossary.actions import MEETINGS, NEWS, ActionKind, Channel, Delivery, Parcel, Unsettled
from daemon.letters import phrases
from daemon.store import Store

_DRAFTS = "Look in your Drafts folder"
_NAMES = {
    ActionKind.REMIND: "a reminder",
    ActionKind.ESCALATE: "the message about what is overdue beyond the limit",
    ActionKind.TOUCH_BASE: "the touch-base sheet",
    ActionKind.HAND_OVER: "the hand-over sheet",
    ActionKind.COVER: "the cover list",
    ActionKind.DRAFT: "a draft reply",
    ActionKind.REMOVE_DRAFT: "the removal of a draft reply",
    ActionKind.REPORT: "the draft of a service report",
    ActionKind.CHARTER: "the draft of a charter",
    ActionKind.REVIEW: "the booking of a review",
    ActionKind.RECOVERY: "the booking of a recovery meeting",
    ActionKind.INVITATION: "the invitation",
}


_WAITS = "The meeting is in your calendar; Kept sends the invitation as soon as your calendar's server can be asked."
_UNSAID = (
    "The meeting is in your calendar, but its server does not say whether it invited them: ask them, and set `invitations: server` "
    "or `invitations: mail` at this calendar in the configuration."
)


def unsettled(store: Store, account: str, zone: ZoneInfo, now: datetime) -> tuple[Unsettled, ...]:
    """Return what is unsettled, the oldest first: sends of unknown fate, and booked meetings whose guest was not invited.

    Raises StoreError.
    """
    unknown = [_unknown(p, zone) for p in store.parcels(account, Delivery.UNKNOWN, Delivery.SENDING)]
    unsaid = {p.key for p in store.uninvited_meetings(account, unsaid=True)}
    uninvited = [_uninvited(p, zone, now, unsaid=p.key in unsaid) for p in store.uninvited_meetings(account)]
    return tuple(sorted((*unknown, *uninvited), key=lambda u: (u.since, u.key)))


def given_up(store: Store, account: str, zone: ZoneInfo) -> tuple[Unsettled, ...]:
    """Return what was refused, or stopped halfway, since the last digest that was sent. Raises StoreError."""
    return tuple(_given_up(parcel, zone) for parcel in store.failed_since_digest(account))


def _unknown(p: Parcel, zone: ZoneInfo) -> Unsettled:
    to_user = p.kind in NEWS and p.addressee is None
    reason = f"It may not have been sent ({phrases.cut(p.error, 160).rstrip('.')})." if p.error else "It may not have been sent."
    return Unsettled(
        key=p.key,
        kind=p.kind,
        account=p.account,
        since=p.claimed or p.created or p.not_before,
        what=_what(p, zone),
        next=f"{reason} {_advice(p, to_user=to_user)}",
        client=p.client,
        settled_by_user=not to_user,
        may_resend=p.kind not in NEWS,
    )


def _advice(p: Parcel, *, to_user: bool) -> str:
    if to_user:
        return "The next digest repeats what it said."
    if p.channel is Channel.CALENDAR:
        return "Look in your calendar; Kept goes on looking, too."
    if p.channel in (Channel.DRAFT, Channel.REMOVAL):
        return f"{_DRAFTS}; Kept goes on looking, too."
    return f"Ask {p.addressee or 'the recipient'} whether it arrived."


def _uninvited(p: Parcel, zone: ZoneInfo, now: datetime, *, unsaid: bool) -> Unsettled:
    start = phrases.moment(invite_of(p).start, zone, now)
    guest = p.addressee or "the guest"
    return Unsettled(
        key=p.key,
        kind=p.kind,
        account=p.account,
        since=p.sent or p.claimed or p.not_before,
        what=f"the invitation of {guest} to the meeting of {start}",
        next=_UNSAID if unsaid else _WAITS,
        client=p.client,
        settled_by_user=False,
    )


def _given_up(p: Parcel, zone: ZoneInfo) -> Unsettled:
    if p.delivery is Delivery.VETOED:
        reason, advice = "You stopped it.", "The meeting itself is still in your calendar: delete it there."
    else:
        reason = f"It was not sent: {phrases.cut(p.error, 160).rstrip('.')}." if p.error else "It was not sent."
        advice = (
            "The meeting is in your calendar; invite them yourself." if p.kind is ActionKind.INVITATION else "Kept gave it up."
        )
    since = p.settled or p.not_before
    return Unsettled(p.key, p.kind, p.account, since, _what(p, zone), f"{reason} {advice}", p.client, settled_by_user=False)


def _what(p: Parcel, zone: ZoneInfo) -> str:
    """Return what a parcel is, in the user's words."""
    if p.kind is ActionKind.DIGEST:
        return f"the digest of {phrases.date_of(p.created or p.not_before, zone)}"
    to = f" to {p.addressee}" if p.addressee and p.kind not in MEETINGS else f" with {p.client}" if p.kind in MEETINGS else ""
    return f"{_NAMES[p.kind]}{to}"

"""The outbox as rows: each key is queued once, claimed by one process, and ends in a final state. Mentions are stored with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, delete, func, or_, select, update

from daemon.glossary.actions import (
    MEETINGS,
    NEWS,
    REMOVED,
    ActionKind,
    Announcement,
    Channel,
    Delivery,
    Mention,
    Offer,
    Parcel,
    SavedDraft,
)
from daemon.glossary.obligations import short_id
from daemon.store import json_columns
from daemon.store import schema as s
from daemon.store.statements import given, insert_if_absent

# Nothing more happens to a parcel in these states.
FINAL = frozenset({Delivery.SENT, Delivery.REFUSED, Delivery.VETOED, Delivery.REPLACED})
_WORDS = {"summary": "", "description": "", "location": "", "attendees": []}  # of an invite; its time and version stay
_BY_SERVER, _BY_MAIL = "server", "mail"  # who invites the guests of a booked meeting
_UNSAID = "unsaid"  # the server was to invite them, and does not say whether it did
_CONTENT, _ASKED = "content", "asked"  # in the body of a draft reply: by which it is known again, and what it answers
_NEVER = datetime.max.replace(tzinfo=UTC)

_OF_ACCOUNT = (
    select(s.parcels)
    .where(given(s.parcels.c.account), s.parcels.c.delivery.in_(bindparam("states", expanding=True)))
    .where(s.parcels.c.not_before <= bindparam("due_by"))
    .order_by(s.parcels.c.created, s.parcels.c.key)
)
_BOOKED = select(s.parcels).where(
    given(s.parcels.c.account), s.parcels.c.kind.in_(sorted(MEETINGS)), s.parcels.c.delivery == Delivery.SENT.value
)
# Two, whose rows are ordered afterwards: for an OR or an ORDER BY, SQLite would take the index of every account's parcels.
_SERVER_UNSAID, _NOT_INVITED = _BOOKED.where(s.parcels.c.invited_by == _UNSAID), _BOOKED.where(s.parcels.c.invited_by.is_(None))


def queue(
    db: Connection,
    parcels: Sequence[Parcel],
    mentions: Mapping[Mention, str | None],
    announcements: Sequence[Announcement],
    now: datetime,
) -> None:
    """Store parcels with what they say. `mentions` map to the client's name; they and `announcements` belong to the first parcel.

    A key that is stored already is left as it is, except that a refused reminder, which said nothing, is queued again.
    """
    for parcel in parcels:
        _forget_refused(db, parcel)
        insert_if_absent(db, s.parcels, _row(parcel, now))
    if parcels:
        carrier = parcels[0]
        for mention, client in mentions.items():
            insert_if_absent(db, s.mentions, _mention_row(carrier, mention, client, now))
        for announcement in announcements:
            insert_if_absent(db, s.announcements, _announcement_row(carrier, announcement, now))


def _forget_refused(db: Connection, parcel: Parcel) -> None:
    if parcel.kind in (ActionKind.REMIND, ActionKind.ESCALATE):
        c = s.parcels.c
        deleted = db.execute(delete(s.parcels).where(c.key == parcel.key, c.delivery == Delivery.REFUSED.value)).rowcount
        if deleted:
            db.execute(delete(s.mentions).where(s.mentions.c.parcel == parcel.key))


def of_account(
    db: Connection, account: str, deliveries: Sequence[Delivery], due_by: datetime | None = None
) -> tuple[Parcel, ...]:
    """Return an account's parcels in these states (all, where none is named), oldest first; with `due_by` only those due by then."""
    states = [delivery.value for delivery in deliveries or Delivery]
    rows = db.execute(_OF_ACCOUNT, {"account": account, "states": states, "due_by": due_by or _NEVER})
    return tuple(_parcel(row) for row in rows)


def offers(db: Connection, account: str, since: datetime) -> tuple[Offer, ...]:
    """Return the times that an account's drafts have offered since a moment, the earliest draft first."""
    c = s.parcels.c
    drafts = and_(
        c.account == account, c.kind == ActionKind.DRAFT.value, c.created >= since, c.offers.is_not(None), c.client.is_not(None)
    )
    gone = [Delivery.REFUSED.value, Delivery.VETOED.value]
    rows = db.execute(select(c.client, c.created, c.offers).where(drafts, c.delivery.not_in(gone)).order_by(c.created, c.key))
    return tuple(Offer(row.client, row.created, json_columns.spans(row.offers)) for row in rows)


def saved_drafts(db: Connection, account: str, obligations: Sequence[str]) -> dict[str, SavedDraft]:
    """Return the latest draft reply that was saved for each of these obligations (keys), and what became of it."""
    c = s.parcels.c
    about = and_(c.account == account, c.obligation.in_(obligations), c.delivery == Delivery.SENT.value)
    kinds = [ActionKind.DRAFT.value, ActionKind.REMOVE_DRAFT.value]
    rows = list(db.execute(select(s.parcels).where(about, c.kind.in_(kinds)).order_by(c.created, c.key)))
    removed = {row.reference: row.receipt == REMOVED for row in rows if row.kind == ActionKind.REMOVE_DRAFT.value}
    drafts = (row for row in rows if row.kind == ActionKind.DRAFT.value and row.body)
    return {row.obligation: _saved_draft(row, removed.get(row.reference)) for row in drafts}


def _saved_draft(row: Any, removed: bool | None) -> SavedDraft:  # three states
    left = json.loads(row.body)
    return SavedDraft(row.key, row.reference, row.receipt or "", left[_CONTENT], left.get(_ASKED, ""), removed)


def digest_of(db: Connection, account: str, day: date) -> Parcel | None:
    """Return an account's latest digest of a day; None if none was queued."""
    c = s.parcels.c
    wanted = select(s.parcels).where(c.account == account, c.kind == ActionKind.DIGEST.value, c.period == day)
    row = db.execute(wanted.order_by(c.created.desc()).limit(1)).first()
    return None if row is None else _parcel(row)


def uninvited_meetings(db: Connection, account: str, *, unsaid: bool = False) -> tuple[Parcel, ...]:
    """Return the booked meetings of an account whose guests have not been invited yet, as far as is known.

    With `unsaid` only those of which the calendar's server does not say whether it invited them.
    """
    wanted = (_SERVER_UNSAID,) if unsaid else (_SERVER_UNSAID, _NOT_INVITED)
    rows = [row for statement in wanted for row in db.execute(statement, {"account": account})]
    return tuple(_parcel(row) for row in sorted(rows, key=lambda row: row.created))


def set_invited_by(db: Connection, key: str, *, by_mail: bool | None) -> None:
    """Store who invites the guests of a booked meeting: a mail of Kept's, or the calendar's server; None where it does not say."""
    by = _UNSAID if by_mail is None else _BY_MAIL if by_mail else _BY_SERVER
    db.execute(update(s.parcels).where(s.parcels.c.key == key).values(invited_by=by))


def counts(db: Connection, deliveries: Sequence[Delivery]) -> dict[Delivery, int]:
    """Return how many parcels are in each of these states."""
    c = s.parcels.c
    wanted = select(c.delivery, func.count()).where(c.delivery.in_([d.value for d in deliveries])).group_by(c.delivery)
    counted = {Delivery(row[0]): int(row[1]) for row in db.execute(wanted)}
    return {delivery: counted.get(delivery, 0) for delivery in deliveries}


def counts_by_account(db: Connection, deliveries: Sequence[Delivery]) -> dict[str, dict[Delivery, int]]:
    """Return how many parcels each account has in each of these states, as far as there are any."""
    c = s.parcels.c
    wanted = select(c.account, c.delivery, func.count()).where(c.delivery.in_([d.value for d in deliveries]))
    counted: dict[str, dict[Delivery, int]] = {}
    for account, delivery, count in db.execute(wanted.group_by(c.account, c.delivery)):
        counted.setdefault(account, {})[Delivery(delivery)] = int(count)
    return counted


def failed(db: Connection, most: int) -> tuple[Parcel, ...]:
    """Return the latest parcels that could not be sent, at most `most`, the newest last."""
    c = s.parcels.c
    states = (Delivery.WAITING, Delivery.UNKNOWN, Delivery.REFUSED)
    wanted = select(s.parcels).where(c.delivery.in_([d.value for d in states]), c.error.is_not(None))
    rows = db.execute(wanted.order_by(c.created.desc(), c.key.desc()).limit(most))
    return tuple(reversed([_parcel(row) for row in rows]))


def replace_unknown_news(db: Connection, account: str, before: datetime, now: datetime) -> None:
    """Settle the letters to the user whose fate is unknown since before the digest of that moment was written: it repeated them."""
    c = s.parcels.c
    letters = and_(c.kind.in_([k.value for k in NEWS]), c.addressee.is_(None))
    unknown = and_(c.account == account, c.delivery == Delivery.UNKNOWN.value, c.claimed < before)
    db.execute(update(s.parcels).where(unknown, letters).values(delivery=Delivery.REPLACED.value, settled=now))


def failed_since_digest(db: Connection, account: str) -> tuple[Parcel, ...]:
    """Return what was given up since the last digest that was sent was written, and is no letter that a later one replaces."""
    c = s.parcels.c
    digests = and_(c.account == account, c.kind == ActionKind.DIGEST.value, c.delivery == Delivery.SENT.value)
    last: datetime | None = db.scalar(select(func.max(c.created, type_=c.created.type)).where(digests))
    unimportant = (*NEWS, ActionKind.REMOVE_DRAFT)  # a draft too many harms nobody
    refused = and_(c.delivery == Delivery.REFUSED.value, c.kind.not_in([k.value for k in unimportant]))
    stopped = and_(
        c.delivery == Delivery.VETOED.value, c.kind == ActionKind.INVITATION.value
    )  # its meeting stands in the calendar
    wanted = (
        select(s.parcels).where(c.account == account, or_(refused, stopped), c.settled.is_not(None)).order_by(c.settled, c.key)
    )
    return tuple(_parcel(row) for row in db.execute(wanted if last is None else wanted.where(c.settled > last)))


def digest_is_stuck(db: Connection, account: str) -> bool:
    """Return whether sending a digest of the account has failed."""
    c = s.parcels.c
    states = [d.value for d in (Delivery.WAITING, Delivery.REFUSED, Delivery.UNKNOWN)]
    stuck = and_(c.account == account, c.kind == ActionKind.DIGEST.value, c.delivery.in_(states), c.error.is_not(None))
    return db.execute(select(c.key).where(stuck).limit(1)).first() is not None


def claim(db: Connection, key: str, now: datetime) -> bool:
    """Mark a waiting parcel as being sent. Return False if it is not waiting."""
    change = update(s.parcels).where(s.parcels.c.key == key, s.parcels.c.delivery == Delivery.WAITING.value)
    claimed = {"delivery": Delivery.SENDING.value, "attempts": s.parcels.c.attempts + 1, "claimed": now}
    return db.execute(change.values(**claimed)).rowcount == 1


def set_delivery(
    db: Connection,
    key: str,
    delivery: Delivery,
    now: datetime,
    receipt: str | None,
    error: str | None,
    not_before: datetime | None,
) -> None:
    """Store the outcome of an attempt. Final states never change; a letter that was sent loses its body."""
    row = db.execute(select(s.parcels).where(s.parcels.c.key == key)).first()
    if row is None or Delivery(row.delivery) in FINAL:
        return
    values: dict[str, Any] = {"delivery": delivery.value, "error": error}
    if delivery in FINAL:
        values["settled"] = now
    if row.delivery == delivery.value == Delivery.WAITING.value and error is not None:
        values["attempts"] = row.attempts + 1  # it failed before it was claimed
    if delivery is Delivery.SENT:
        values |= {"sent": now, "receipt": receipt}
        if Channel(row.channel) is not Channel.CALENDAR:  # the guests of a booked meeting may still have to be invited
            values["body"] = without_words(Channel(row.channel), row.body)
    if not_before is not None:
        values["not_before"] = not_before
    db.execute(update(s.parcels).where(s.parcels.c.key == key).values(**values))


def mentions_of_parcel(db: Connection, parcel: str) -> tuple[Mention, ...]:
    """Return the mentions made by the parcel with this key."""
    wanted = select(s.mentions).where(s.mentions.c.parcel == parcel).order_by(s.mentions.c.obligation, s.mentions.c.stage)
    return tuple(Mention(row.obligation, row.stage, row.asks, row.snoozed_until) for row in db.execute(wanted))


def replace_mentions(db: Connection, parcel: Parcel, mentions: Sequence[Mention], at: datetime) -> None:
    """Replace a parcel's mentions by those that the sent log recorded: it was rendered again after it had been sent."""
    db.execute(delete(s.mentions).where(s.mentions.c.parcel == parcel.key))
    for mention in mentions:
        insert_if_absent(db, s.mentions, _mention_row(parcel, mention, None, at))


def refuse_without_account(db: Connection, accounts: Sequence[str], error: str) -> None:
    """Refuse the waiting parcels of all accounts but these, which are the configured ones."""
    _refuse(db, s.parcels.c.account.not_in(accounts), error)


def refuse_waiting(db: Connection, account: str, error: str) -> None:
    """Refuse the waiting parcels of an account."""
    _refuse(db, s.parcels.c.account == account, error)


def _refuse(db: Connection, of: ColumnElement[bool], error: str) -> None:
    waiting = s.parcels.c.delivery == Delivery.WAITING.value
    db.execute(update(s.parcels).where(waiting, of).values(delivery=Delivery.REFUSED.value, error=error))


def without_words(channel: Channel, body: str) -> str:
    """Return the body of a finished parcel without its words: of an invite its UID, time and version, of a draft reply what it is known by.

    Of a letter nothing is left.
    """
    if channel is Channel.CALENDAR and body:
        return json.dumps({**json.loads(body), **_WORDS})
    draft = json.loads(body) if channel is Channel.DRAFT and body else {}
    return json.dumps({_CONTENT: draft[_CONTENT], _ASKED: draft.get(_ASKED, "")}) if draft.get(_CONTENT) else ""


def _row(parcel: Parcel, now: datetime) -> dict[str, Any]:
    values = asdict(parcel)
    kind, channel, delivery = parcel.kind.value, parcel.channel.value, parcel.delivery.value
    offers = json_columns.spans_body(parcel.offers)
    row = {**values, "kind": kind, "channel": channel, "delivery": delivery, "created": parcel.created or now}
    return {**row, "offers": offers}


def _mention_row(parcel: Parcel, mention: Mention, client: str | None, at: datetime) -> dict[str, Any]:
    return {**asdict(mention), "parcel": parcel.key, "account": parcel.account, "client": client, "at": at}


def _announcement_row(digest: Parcel, announcement: Announcement, at: datetime) -> dict[str, Any]:
    values = {**asdict(announcement), "kind": announcement.kind.value}
    return {**values, "digest": digest.key, "action_id": short_id(announcement.action), "account": digest.account, "at": at}


def _parcel(row: Any) -> Parcel:
    values = {name: value for name, value in row._asdict().items() if name != "invited_by"}
    kind, channel, delivery = ActionKind(row.kind), Channel(row.channel), Delivery(row.delivery)
    offers = json_columns.spans(row.offers)
    return Parcel(**{**values, "kind": kind, "channel": channel, "delivery": delivery, "offers": offers})

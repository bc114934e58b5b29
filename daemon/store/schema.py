"""The tables: facts, decisions, cursors, the outbox, what was said, advice, and a cache. Obligations are always computed.

Moments are stored as microseconds since 1970 in UTC, so that they sort alike in both databases. A change here needs a migration;
a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Float, Index, Integer, MetaData, Table, Text, TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:  # noqa: ARG002  # SQLAlchemy's signature
        """Convert to the database's number."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:  # noqa: ARG002  # the same
        """Convert from the database's number, in UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


metadata = MetaData()

messages = Table(
    "messages",
    metadata,
    Column("account", Text, primary_key=True),
    Column("message_id", Text, primary_key=True),
    Column("moment", Moment, nullable=False),  # the later of written and received: when it is known
    Column("client", Text),
    Column("round", Integer, nullable=False),  # rises when everything is read again
    Column("envelope", Text, nullable=False),  # the threading fields, as JSON
    Column("text", Text),  # the new text; only of mail with clients
    Column("reading", Text),  # what was read in it, as JSON; likewise
    Index("messages_by_client", "account", "client", "moment"),
    Index("messages_by_moment", "account", "moment"),
)

events = Table(
    "events",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("account", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("uid", Text, nullable=False),
    Column("occurrence", Text, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Column("replaced", Moment),
    Column("body", Text, nullable=False),
    Index("events_standing", "account", "source", "replaced"),
)

sources = Table(
    "sources",
    metadata,
    Column("account", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("cursor", Text),
    Column("coverage", Text),
)

quarantine = Table(
    "quarantine",
    metadata,
    Column("account", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("place", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("retry_since", Moment),  # where another attempt may succeed: from when to read the mailbox again
    Column("sender", Text),  # an address, where the server told it
    Column("arrived", Moment),
)

# How long a source is left alone after a failure (daemon/store/sources/pauses.py).
pauses = Table(
    "pauses",
    metadata,
    Column("account", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("waits", Text, primary_key=True),  # reading | set aside
    Column("failures", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("by_server", Integer, nullable=False),
    Column("stuck", Text),  # the failure in words, where only a person can mend it
    Column("begun_again", Integer, nullable=False),
)

versions = Table(
    "versions",
    metadata,
    Column("account", Text, primary_key=True),
    Column("facts", Integer, nullable=False),
    Column("events", Integer, nullable=False),
    Column("decisions", Integer, nullable=False, server_default="0"),
)

touched = Table(
    "touched",
    metadata,
    Column("account", Text, primary_key=True),
    Column("client", Text, primary_key=True),
    Column("version", Integer, nullable=False),  # of the account's facts when the client last had news
    Index("touched_by_client", "client"),  # who else serves a client
)

open_obligations = Table(
    "open_obligations",
    metadata,
    Column("account", Text, primary_key=True),
    Column("client", Text, primary_key=True),
    Column("facts", Integer, nullable=False),  # the versions of the facts that they were computed from
    Column("events", Integer, nullable=False),
    Column("basis", Text, nullable=False),
    Column("as_of", Moment, nullable=False),
    Column("good_until", Moment, nullable=False),
    Column("obligations", Text, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("account", Text, nullable=False),
    Column("target", Text),  # the key of the obligation or action; null until it is known
    Column("target_id", Text, nullable=False),  # its short id
    Column("verb", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", Text, nullable=False),
    Column("until", Moment),
    Column("why", Text),
    Column("token", Text, unique=True),  # of the mail it came by; each counts once
    Column("kind", Text),  # the obligation's, with the confidence it was read with: what a correction teaches
    Column("confidence", Float),
    Column("scope", Text),  # how far a correction reaches; without one, its item
    Column("client", Text),
    Column("thread", Text),
    Column("wording", Text),  # a hash
    Index("decisions_by_account", "account", "at"),
    Index("decisions_by_target", "account", "target"),
)

parcels = Table(
    "parcels",
    metadata,
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("client", Text),
    Column("obligation", Text),  # its key, where the parcel is about a single one
    Column("stage", Text),
    Column("period", Date),  # the account's day that it belongs to
    Column("addressee", Text),  # null: the user
    Column("booking", Text),  # the key of the booked meeting that an invitation goes with
    Column("invited_by", Text),  # who invites the guests of a booked meeting: the calendar's server, or a mail of Kept's
    Column("channel", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("delivery", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("receipt", Text),
    Column("created", Moment, nullable=False),
    Column("sent", Moment),
    Column("claimed", Moment),  # the latest attempt: from then on it may have been sent
    Column("settled", Moment),  # when its state became final
    Column("offers", Text),  # of a draft: the times that it offers, as JSON; null: none
    Index("parcels_by_delivery", "account", "delivery", "not_before"),
    Index("parcels_by_kind", "account", "kind", "period"),
    Index("parcels_by_obligation", "account", "obligation"),
    Index("parcels_by_period", "account", "period"),
    Index("parcels_by_creation", "account", "kind", "created"),
    Index("parcels_by_inviter", "account", "kind", "delivery", "invited_by"),
    Index("parcels_of_all", "delivery", "created"),
)

mentions = Table(
    "mentions",
    metadata,
    Column("parcel", Text, primary_key=True),  # the key of the parcel that says it
    Column("obligation", Text, primary_key=True),
    Column("stage", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("client", Text),
    Column("asks", Integer, nullable=False),
    Column("snoozed_until", Moment),
    Column("at", Moment, nullable=False),
    Index("mentions_by_obligation", "account", "obligation"),
)

announcements = Table(
    "announcements",
    metadata,
    Column("digest", Text, primary_key=True),  # the key of the digest that carries it
    Column("action", Text, primary_key=True),
    Column("action_id", Text, nullable=False),  # its short id, by which a veto names it
    Column("account", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("client", Text),
    Column("period", Date),
    Column("start", Moment),  # of a meeting: the time that was announced
    Column("at", Moment, nullable=False),
    Index("announcements_by_action", "account", "action_id"),
    Index("announcements_by_moment", "account", "at"),
)

# For the other accounts: what only this account's owner can fix while its own digest cannot be sent.
notices = Table(
    "notices",
    metadata,
    Column("account", Text, primary_key=True),
    Column("notice", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("account", Text, primary_key=True),
    Column("people", Text),  # a hash of what decides whose mail a message is, as of the last poll
    Column("expired", Date),  # when old texts were dropped last
)

# Who may act in a name: the number rises whenever another process takes over (daemon/store/lease.py).
leases = Table(
    "leases",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("holder", Text, nullable=False),
    Column("taken", Moment, nullable=False),
)

# The turns of a team (daemon/store/team/turn_rows.py); a daemon alone keeps them in memory.
turns = Table(
    "turns",
    metadata,
    Column("account", Text, primary_key=True),
    Column("due", Moment, nullable=False),  # of the next turn
    Column("read", Moment),
    Column("ended", Moment),
    Column("failures", Integer, nullable=False),
    Column("basis", Text, nullable=False),
    Column("state", Text),  # as JSON
    Column("since", Moment),
    Column("until", Moment),
    Column("problem", Text),  # why the last turn came to no end, in words; null: it did
    Index("turns_by_due", "due"),
)

# What is wrong with a worker of a team, beside its turns (daemon/store/team/worker_rows.py).
worker_problems = Table(
    "worker_problems",
    metadata,
    Column("process", Text, primary_key=True),
    Column("problem", Text, nullable=False),  # in words
)

# What the user's language model said: an opinion or a suggested answer, and nothing that anything else is made of.
advice = Table(
    "advice",
    metadata,
    Column("account", Text, primary_key=True),
    Column("purpose", Text, primary_key=True),  # reading | drafts
    Column("target", Text, primary_key=True),  # the obligation's key
    Column("message_id", Text, primary_key=True),
    Column("model", Text, primary_key=True),  # its name and the version of the question
    Column("client", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index("advice_by_client", "client"),
    Index("advice_by_message", "account", "message_id"),
)

model_requests = Table(
    "model_requests",
    metadata,
    Column("account", Text, primary_key=True),
    Column("day", Date, nullable=False),  # the account's latest day on which the model was asked
    Column("count", Integer, nullable=False),
)

# The dashboard: links that sign in once, and browsers that are signed in (daemon/store/web/). Of each only the hash of its secret.
web_sign_ins = Table(
    "web_sign_ins",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("mailed", Boolean, nullable=False),
    Column("made", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("used", Moment),
    Index("web_sign_ins_by_account", "account", "made"),
)

web_sessions = Table(
    "web_sessions",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("began", Moment, nullable=False),
    Column("seen", Moment, nullable=False),
    Index("web_sessions_by_account", "account"),
)

meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

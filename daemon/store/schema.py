"""The tables. What is stored is facts, decisions, cursors, the outbox and what was said; obligations never are.

Moments are stored as microseconds since 1970 in UTC, so that they sort and compare alike in both databases. A change here
needs a migration; a test compares the two.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Column, Float, Index, Integer, MetaData, Table, Text, TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware datetime as microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> int | None:  # noqa: ARG002  # SQLAlchemy's signature
        """To the database."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Any) -> datetime | None:  # noqa: ARG002  # the same
        """From the database, in UTC."""
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
)

versions = Table(
    "versions",
    metadata,
    Column("account", Text, primary_key=True),
    Column("facts", Integer, nullable=False),
    Column("events", Integer, nullable=False),
)

touched = Table(
    "touched",
    metadata,
    Column("account", Text, primary_key=True),
    Column("client", Text, primary_key=True),
    Column("version", Integer, nullable=False),  # of the account's facts when the client last had news
)

standings = Table(
    "standings",
    metadata,
    Column("account", Text, primary_key=True),
    Column("client", Text, primary_key=True),
    Column("facts", Integer, nullable=False),  # the versions that it was worked out from
    Column("events", Integer, nullable=False),
    Column("basis", Text, nullable=False),
    Column("as_of", Moment, nullable=False),
    Column("good_until", Moment, nullable=False),
    Column("open", Text, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("target", Text, nullable=False),
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
)

said = Table("said", metadata, Column("key", Text, primary_key=True), Column("at", Moment, nullable=False))

parcels = Table(
    "parcels",
    metadata,
    Column("key", Text, primary_key=True),
    Column("account", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("delivery", Text, nullable=False),
    Column("keys", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
    Column("receipt", Text),
    Column("created", Moment, nullable=False),
    Column("sent", Moment),
    Index("parcels_by_delivery", "delivery", "not_before"),
)

meta = Table("meta", metadata, Column("name", Text, primary_key=True), Column("value", Text, nullable=False))

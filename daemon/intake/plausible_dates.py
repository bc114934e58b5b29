"""Dates of mail that lie in the future: what is known at a moment cannot have come after it.

A server or a sender whose clock is wrong would otherwise hide a message until then. Dates too far in the past are the connectors' to judge
(connectors.formats.mime), who know what the mailbox says.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from connectors.mail import UNDATED, Message

TOLERANCE = timedelta(days=1)  # of clocks and time zones


def within_reason(message: Message, now: datetime) -> Message:
    """Return the message as it is, or with those of its dates replaced that are more than a day after `now`."""
    latest = now + TOLERANCE
    if message.received <= latest and message.date <= latest:
        return message
    written = message.date if message.date <= latest else None
    received = message.received if message.received <= latest else (written or now).astimezone(UTC)
    doubted = [message.misdated] if message.misdated else []
    doubted += [f"Date {message.date:%d %b %Y}"] if written is None else []
    doubted += [f"arrival {message.received:%d %b %Y}"] if message.received > latest else []
    return dataclasses.replace(message, date=written or received, received=received, misdated=", ".join(doubted))


def earliest_ahead(messages: Iterable[Message], now: datetime) -> datetime | None:
    """Return from when on the first of the messages that lie too far in the future is believed; None if there are none."""
    moments = (max(m.received, m.date) - TOLERANCE for m in messages)
    return min((at.astimezone(UTC) for at in moments if at > now), default=None)


def notice(message: Message) -> str:
    """Return the line that tells a person which date was not believed, or that there is none."""
    undated = message.misdated == UNDATED
    fault = "states no date that can be read" if undated else f"has a date that cannot be right ({message.misdated})"
    return f"an email from {message.sender.email} {fault}; Kept takes it as received on {message.received:%d %b %Y}"

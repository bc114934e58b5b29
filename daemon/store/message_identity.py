"""Whether two messages of one Message-ID are copies of one mail, and the key of those that are not.

A Message-ID should name one mail (RFC 5322, 3.6.4), but some shops, ticket programs and form mailers send every mail under the same,
also within one minute and under one subject. Each of them counts. Copies differ, too: a list adds a footer, a gateway a line above or
other links, a server breaks lines anew or rewrites the sender. What tells them apart is their words, and where those are not
known, when they were written and their subject. A mail that is read again by another reader has other words, and is the same.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, timedelta
from enum import Enum
from typing import NamedTuple

from connectors.mail import Message
from daemon.core.threads import base_subject

_NEAR = timedelta(minutes=2)  # between the Date of two copies: a sender's own one is stamped before the server's
_SECOND = timedelta(seconds=1)  # what the Date header counts in
_LINK = re.compile(r"https?://[^\s<>]+", re.IGNORECASE)  # gateways rewrite them
_SHARED = 0.8  # of the words of one mail, where another reader read it
_TELLING = 40  # letters and digits that do not stand in another mail by chance


class Read(Enum):
    """When a message was read, before the one that is being stored."""

    IN_BATCH = "together with it"
    IN_ROUND = "in the same round"
    EARLIER = "in an earlier round, perhaps by an earlier reader"


class Bearer(NamedTuple):
    """A message that bears a Message-ID already, and when it was read."""

    message: Message
    read: Read


def key_among(message: Message, own: str, known: Mapping[str, Bearer]) -> str:
    """Return the key of a message, given what is stored already: that of its copy or of its earlier reading, else a free one.

    `own` is the key of the first mail with its Message-ID.
    """
    keys = (own, identity(message), identity_by_words(message)) if own in known else (own,)
    family = {key: known[key] for key in keys if key in known}
    ranked = sorted(family, key=lambda key: _distance(message, family[key].message))
    copies = (key for key in ranked if is_copy(message, family[key].message))
    readings = (key for key in ranked if _is_earlier_reading(message, family[key]))
    free = (key for key in keys if key not in known)
    return next((key for found in (copies, readings, free) for key in found), keys[-1])


def is_copy(message: Message, other: Message) -> bool:
    """Return whether two messages with the same Message-ID, read alike, are one mail. A draft and what was sent of it are."""
    same_sender = message.sender.email == other.sender.email
    same_subject = base_subject(message.subject) == base_subject(other.subject)
    if same_sender and same_subject and message.transmitted != other.transmitted:
        return True
    one, two = _letters(message.text), _letters(other.text)
    apart = abs(message.date - other.date)
    if not (one and two):
        return (same_sender and apart < _SECOND) or (same_subject and apart <= _NEAR)
    return _contains(one, two) if apart <= _NEAR else same_subject and one == two


def identity(message: Message) -> str:
    """Return the key of a message whose Message-ID another one bears already: the same whenever it is read."""
    moment = message.date.astimezone(UTC).isoformat(timespec="seconds")
    return _reused(f"{message.shown_id}\n{moment}\n{message.sender.email}\n{base_subject(message.subject)}")


def identity_by_words(message: Message) -> str:
    """Return the key of a message that bears the same as two others, of the same second: the same as long as it is read alike."""
    return _reused(f"{identity(message)}\n{_letters(message.text)}")


def _reused(seed: str) -> str:
    digest = hashlib.sha256(seed.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return f"<{digest}@reused-message-id.invalid>"


def _is_earlier_reading(message: Message, bearer: Bearer) -> bool:
    """Return whether the bearer may be the same mail, read by another reader: its words may be others, the rest is as it was.

    A reader may also have changed within a round; then most of the words must be the same, and all that is known of the place.
    """
    other = bearer.message
    if bearer.read is Read.IN_BATCH or message.sender.email != other.sender.email:
        return False
    apart, same_subject = abs(message.date - other.date), base_subject(message.subject) == base_subject(other.subject)
    if bearer.read is Read.EARLIER:
        return apart < _SECOND or (apart <= _NEAR and same_subject)
    same_place = (message.folder, message.received, same_subject) == (other.folder, other.received, True)
    return same_place and apart < _SECOND and _shares_words(message.text, other.text)


def _shares_words(text: str, other: str) -> bool:
    """Return whether nearly all words of the shorter of two texts stand in the other one."""
    few, many = sorted((set(text.casefold().split()), set(other.casefold().split())), key=len)
    return len(few & many) >= _SHARED * len(few)


def _distance(message: Message, other: Message) -> tuple[bool, timedelta]:
    """Return how unlike another message is, to order by: whether its words are others, and how long before or after it was written."""
    return _letters(message.text) != _letters(other.text), abs(message.date - other.date)


def _contains(one: str, two: str) -> bool:
    """Return whether one of two texts is the other with something added: a footer, or a gateway's line above a text of some length."""
    short, long = sorted((one, two), key=len)
    return long.startswith(short) or (len(short) >= _TELLING and short in long)


def _letters(text: str) -> str:
    """Return a text's letters and digits without its links, so that line breaks and spaces do not count."""
    return "".join(filter(str.isalnum, _LINK.sub("", text))).casefold()

"""Threads: which messages belong to one conversation.

References and In-Reply-To decide (RFC 5322, 3.6.4), then the provider's own id. Where both are broken, a message joins a
conversation of the same subject (prefixes stripped) with a common participant within thirty days, if its subject bears a
reply prefix and none of the mails it refers to is known. The result does not depend on the order in which the messages come.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta

from connectors.mail import Message

NEAR = timedelta(days=30)
_PREFIX = re.compile(
    r"^\s*((re|aw|antw|sv|vs|rif|r|odp|fwd?|wg|tr|rv|enc|doorst|vb|wtr|ref)\s*(\[\d+\]|\(\d+\))?\s*:\s*|\[[^\]]{1,30}\]\s*)+",
    re.IGNORECASE,
)


def base_subject(subject: str) -> str:
    """The subject without reply and forward prefixes and list tags, folded to lower case."""
    return re.sub(r"\s+", " ", _PREFIX.sub("", subject)).strip().lower()


def is_reply_subject(subject: str) -> bool:
    """Whether the subject bears a reply or forward prefix."""
    return _PREFIX.match(subject) is not None


def conversations(messages: Iterable[Message]) -> Mapping[str, str]:
    """Message-ID -> the conversation's name: the smallest Message-ID among those known or referred to."""
    ordered = sorted(messages, key=lambda m: (m.date, m.message_id))
    groups = _Groups()
    for message in ordered:
        groups.add(message.message_id)
        for parent in (*message.references, *message.in_reply_to):
            groups.join(message.message_id, parent)
        if message.conversation:
            groups.join(message.message_id, f"provider:{message.conversation}")
    _join_by_subject(ordered, groups)
    return {m.message_id: groups.name(m.message_id) for m in ordered}


def _join_by_subject(ordered: list[Message], groups: _Groups) -> None:
    by_subject: dict[str, list[Message]] = {}
    known = {m.message_id for m in ordered}
    for message in ordered:
        subject = base_subject(message.subject)
        if not subject:
            continue
        earlier = by_subject.setdefault(subject, [])
        if is_reply_subject(message.subject) and known.isdisjoint((*message.references, *message.in_reply_to)):
            found = _nearest(message, earlier)
            if found is not None:
                groups.join(message.message_id, found.message_id)
        earlier.append(message)


def _nearest(message: Message, earlier: list[Message]) -> Message | None:
    """The latest of the earlier messages with somebody in common, within reach."""
    for candidate in reversed(earlier):
        if message.date - candidate.date > NEAR:
            return None
        if _people(message) & _people(candidate):
            return candidate
    return None


def _people(message: Message) -> frozenset[str]:
    """The sender and those it was addressed to."""
    return frozenset(a.email for a in (message.sender, *message.to))


class _Groups:
    """Union-find whose representative is the smallest name, so that the order of joining does not matter."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def add(self, name: str) -> None:
        self._parent.setdefault(name, name)

    def name(self, name: str) -> str:
        root = name
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[name] != root:
            self._parent[name], name = root, self._parent[name]
        return root

    def join(self, one: str, other: str) -> None:
        self.add(one)
        self.add(other)
        first, second = sorted((self.name(one), self.name(other)))
        self._parent[second] = first

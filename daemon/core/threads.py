"""Threads: which messages belong to one conversation.

References and In-Reply-To decide (RFC 5322, 3.6.4). A message that refers to nothing known follows an earlier one in the provider's
own thread, else one of the same subject (prefixes stripped) within thirty days, where its subject bears a reply prefix: one between
the same people, or one whose sender it is written to. Providers thread by subject, too (Exchange by its conversation topic, MS-OXOMSG
2.2.1.2): a message in their thread that refers to nothing and repeats the subject without a prefix begins a conversation of its own.
Where different mails bear one Message-ID, a reply belongs to the latest of them that it can follow, of the same subject if there is
one. The result does not depend on the order in which the messages come.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from connectors.mail import Message
from daemon.reading import subjects

NEAR = timedelta(days=30)
_MOST = 50  # latest messages of a provider's thread among which the one that is followed is looked for
_PREFIX = re.compile(rf"^\s*(?:{subjects.PREFIX}|\[[^\]]{{1,30}}\]\s*)+", re.IGNORECASE)  # a list's tag, too


@lru_cache(maxsize=4096)
def base_subject(subject: str) -> str:
    """Return the subject without reply and forward prefixes and list tags, in lower case."""
    return bare_subject(subject).lower()


def bare_subject(subject: str) -> str:
    """Return the same as it was written."""
    return re.sub(r"\s+", " ", _PREFIX.sub("", subject)).strip()


def is_reply_subject(subject: str) -> bool:
    """Whether the subject has a reply or forward prefix."""
    return _PREFIX.match(subject) is not None


def conversations(messages: Iterable[Message]) -> Mapping[str, str]:
    """Return the conversation's name by Message-ID: the Message-ID of its oldest message."""
    ordered = sorted(messages, key=_order)
    threads = Threads(ordered)
    return {m.message_id: threads.name(m.message_id) for m in ordered}


class Threads:
    """All conversations of some messages; it can grow by one message that is younger than all of them."""

    def __init__(self, messages: Iterable[Message] = ()) -> None:
        ordered = sorted(messages, key=_order)
        self._groups = _Groups()
        self._known = {name for m in ordered for name in _own_names(m)}
        self._bearers: dict[str, list[Message]] = {}
        for message in ordered:
            self._add_bearer(message)
        self._referred = {parent for m in ordered for parent in parents(m)}
        self._by_subject: dict[str, list[Message]] = {}
        self._by_provider: dict[str, list[Message]] = {}
        self._last = _order(ordered[-1]) if ordered else None
        for message in ordered:
            for other in self._links(message):
                self._groups.join(message.message_id, other)
        for message in ordered:
            followed = self._followed(message)
            self._note(message)
            if followed is not None:
                self._groups.join(message.message_id, followed.message_id)
        self._names: dict[str, str] = {}
        for message in ordered:
            self._names.setdefault(self._groups.name(message.message_id), message.message_id)

    def name(self, message_id: str) -> str:
        """Return the name of the conversation of a message."""
        return self._names[self._groups.name(message_id)]

    def add(self, message: Message) -> str | None:
        """Return the conversation of a further message. None, with nothing changed, where it changes others' or is not the youngest."""
        fresh = self._last is None or _order(message) > self._last
        if not fresh or any(name in self._known or name in self._referred for name in _own_names(message)):
            return None
        followed = self._followed(message)
        links = (*self._links(message), *([followed.message_id] if followed else []))
        roots = {self._groups.name(other) for other in links}
        names = {self._names[root] for root in roots if root in self._names}
        if len(names) > 1:
            return None
        self._take(message, links, next(iter(names), message.message_id))
        return self.name(message.message_id)

    def _take(self, message: Message, links: Iterable[str], name: str) -> None:
        self._known.update(_own_names(message))
        self._add_bearer(message)
        self._referred.update(parents(message))
        self._last = _order(message)
        for other in links:
            self._groups.join(message.message_id, other)
        self._names[self._groups.name(message.message_id)] = name
        self._note(message)

    def _followed(self, message: Message) -> Message | None:
        """Return the earlier message that this one follows by the provider's thread or its subject, as none it refers to is known."""
        referred = parents(message)
        if message.message_id in referred or not self._known.isdisjoint(referred):
            return None
        prefixed = is_reply_subject(message.subject)
        together = self._by_provider.get(message.conversation or "", [])[-_MOST:]
        if together and (referred or prefixed or _changes_subject(message, together)):
            return next((m for m in reversed(together) if _corresponds(message, m)), together[-1])
        return _nearest(message, self._by_subject.get(base_subject(message.subject), [])) if prefixed else None

    def _add_bearer(self, message: Message) -> None:
        for name in _own_names(message):
            self._bearers.setdefault(name, []).append(message)

    def _links(self, message: Message) -> Iterator[str]:
        """Yield the identifiers by which the message joins others, its own first."""
        yield message.message_id
        for parent in parents(message):
            yield self._meant(parent, message)

    def _meant(self, parent: str, message: Message) -> str:
        """Return the identity of the mail that a reference means: there may be several of that Message-ID."""
        bearers = self._bearers.get(parent, ())
        if not bearers:
            return parent
        earlier = [m for m in bearers if _order(m) < _order(message)] or bearers[:1]
        alike = [m for m in earlier if base_subject(m.subject) == base_subject(message.subject)]
        return (alike or earlier)[-1].message_id

    def _note(self, message: Message) -> None:
        subject = base_subject(message.subject)
        if subject:
            self._by_subject.setdefault(subject, []).append(message)
        if message.conversation:
            self._by_provider.setdefault(message.conversation, []).append(message)


def _order(message: Message) -> tuple[datetime, str]:
    return message.date, message.message_id


def parents(message: Message) -> tuple[str, ...]:
    """Return the Message-IDs that a message refers to."""
    return (*message.references, *message.in_reply_to)


def _own_names(message: Message) -> tuple[str, ...]:
    """Return the names by which others may refer to it: its identity, and its Message-ID where that is another."""
    return (message.message_id, message.header_id) if message.header_id else (message.message_id,)


def _changes_subject(message: Message, together: Iterable[Message]) -> bool:
    """Whether a provider's thread holds the message for another reason than its subject."""
    subject = base_subject(message.subject)
    return all(base_subject(m.subject) != subject for m in together)


def _nearest(message: Message, earlier: list[Message]) -> Message | None:
    """Return the latest earlier message within thirty days between the same people."""
    for candidate in reversed(earlier):
        if message.date - candidate.date > NEAR:
            return None
        if _corresponds(message, candidate):
            return candidate
    return None


def _corresponds(message: Message, earlier: Message) -> bool:
    """Whether a message is written to the sender of an earlier one, or two of its people had that one, too."""
    return earlier.sender.email in _readers(message) or len(_people(message) & _people(earlier)) > 1


def _readers(message: Message) -> frozenset[str]:
    return frozenset(a.email for a in (*message.to, *message.cc))


def _people(message: Message) -> frozenset[str]:
    """Return the sender and the addressees."""
    return _readers(message) | {message.sender.email}


class _Groups:
    """Union-find whose representative is the smallest name, so that the order of joining does not matter."""

    def __init__(self) -> None:
        self._parent: dict[str, str] = {}

    def name(self, name: str) -> str:
        root = name
        self._parent.setdefault(name, name)
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[name] != root:
            self._parent[name], name = root, self._parent[name]
        return root

    def join(self, one: str, other: str) -> None:
        first, second = sorted((self.name(one), self.name(other)))
        self._parent[second] = first

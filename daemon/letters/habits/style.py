"""The style of a draft: in which language, with which greeting and closing, and to whom besides, as the thread and the user do it.

The thread decides the language: the one in which the user last answered this person's mail in the language of the mail to be
answered, else that language itself. For languages in which no draft is written, English stands in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from connectors.mail import Address, Message, Role
from daemon.core import threads
from daemon.core.people import Directory
from daemon.core.timeline import Fact
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Account
from daemon.glossary.timelines import Side
from daemon.letters import phrases
from daemon.letters.habits import closings, greetings, wording
from daemon.letters.habits.greetings import Greeted
from daemon.letters.habits.wording import Wording
from daemon.reading import Reading

_FEWEST_WORDS = 4  # of a mail whose language can be told
_PLAIN_WORDS = 12  # of a mail whose language is beyond doubt
_MOST_COPIED = 10
_LATEST = 10  # mails of a person in which to look for a title


@dataclass(frozen=True, slots=True)
class Style:
    """How a draft is written. `greeting` and `closing` are "" where the user has none; `cc` are the others in the thread."""

    wording: Wording
    greeting: str
    closing: str
    cc: tuple[Address, ...] = ()


def plain(account: Account, o: Obligation) -> Style:
    """Return the style where nothing is known of the thread and of the user's habits."""
    return Style(wording.ENGLISH, greetings.default("en", o.contact_name, ()), _closing(wording.ENGLISH, account))


def learnt(account: Account, o: Obligation, with_client: Sequence[Fact], sent: Sequence[Fact], directory: Directory) -> Style:
    """Return the style of a draft that answers an obligation.

    `with_client` is all mail with the client, `sent` what the user sent of late to any client, both in order of time.
    """
    thread = _Thread(account, o, directory, with_client)
    language = thread.language()
    words, cc = wording.BY_LANGUAGE[language], thread.copied()
    own = [
        message.text
        for message, reading in reversed(sent)
        if _by_hand(message, reading) and _language(message, reading) == language
    ]
    to_contact = [m for m in thread.to_contact() if thread.languages[m.message_id] in (language, None)]
    theirs = [m.text for m, _ in reversed(with_client) if m.sender.email == o.contact][:_LATEST]
    group = frozenset({o.contact or "", *(a.email for a in cc if directory.match(a.email) == o.client)})
    greeting = greetings.habit([thread.greeted(m) for m in to_contact], o.contact or "", o.contact_name, group)
    if greeting is None:
        greeting = greetings.default(language, o.contact_name, theirs, own, account.name)
    formal = greetings.is_formal(greeting)
    addressed = [m.text for m in to_contact if o.contact in [a.email for a in m.to]]
    closing = closings.habit(addressed, own, account.name, formal=formal)
    return Style(
        words,
        greeting,
        _closing(words, account, formal=formal) if closing is None else closing,
        cc,
    )


def spoken(account: Account, with_client: Sequence[Fact], directory: Directory) -> str:
    """Return the language that an account writes to a client: by most words of its own latest mail to them, else of theirs."""
    own: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    for message, reading in with_client:
        language = _language(message, reading) if _by_hand(message, reading) else None
        if language is not None:
            (own if directory.is_users(account, message) else theirs)[language] += len(message.text.split())
    counted = own or theirs
    return max(counted, key=lambda language: counted[language], default="en")


def _closing(words: Wording, account: Account, *, formal: bool = True) -> str:
    first = next(iter(account.name.split()), "")
    return f"{words.closing}\n{phrases.cut(account.name, 80)}" if formal else f"{words.close}\n{phrases.cut(first, 80)}"


def _language(message: Message, reading: Reading) -> str | None:
    """Return the language of a mail, if a draft can be written in it; None where it is too short to tell."""
    if len(message.text.split()) < _FEWEST_WORDS:
        return None
    return reading.language if reading.language in wording.BY_LANGUAGE else "en"


def _by_hand(message: Message, reading: Reading) -> bool:
    """Whether a person wrote and sent it, and its words are still stored: no draft, no automatic answer, and nothing of Kept's."""
    by_person = message.role is not Role.DRAFTS and reading.automated is None and "x-kept-id" not in message.headers
    return by_person and bool(message.text.strip())


@dataclass(slots=True)
class _Thread:
    """The mail with a client, seen from the mail that a draft answers."""

    account: Account
    o: Obligation
    directory: Directory
    facts: Sequence[Fact]
    languages: dict[str, str | None] = field(init=False)
    answered: Message | None = field(init=False)
    names: dict[str, str] = field(init=False)
    written_in: dict[str, str | None] = field(init=False)

    def __post_init__(self) -> None:
        self.languages = {m.message_id: _language(m, reading) for m, reading in self.facts}
        self.answered = next((m for m, _ in reversed(self.facts) if self.o.reply_to in (m.shown_id, m.message_id)), None)
        self.names = dict(threads.conversations(m for m, _ in self.facts))
        self.written_in = self._written_in()

    def own(self) -> list[Message]:
        """Return what the user wrote, latest first; no draft, no automatic mail, and nothing of Kept's."""
        return [m for m, reading in reversed(self.facts) if self.directory.is_users(self.account, m) and _by_hand(m, reading)]

    def to_contact(self) -> list[Message]:
        """Return what the user wrote to the one who waits, latest first, and before it what they wrote in the thread."""
        mine = [m for m in self.own() if self.o.contact in [a.email for a in (*m.to, *m.cc)]]
        return sorted(mine, key=lambda m: not self._in_thread(m))

    def _in_thread(self, message: Message) -> bool:
        return self.answered is not None and self.names[message.message_id] == self.names[self.answered.message_id]

    def greeted(self, message: Message) -> Greeted:
        """Return a mail of the user's as the greeting is learnt from it."""
        to = frozenset(a.email for a in message.to if self.directory.match(a.email) == self.o.client)
        return Greeted(message.text, to, self._in_thread(message))

    def language(self) -> str:
        """Return the language in which to answer."""
        asked = self._asked_in()
        answers = [m for m in self.to_contact() if any(self.written_in.get(i) == asked for i in m.in_reply_to)]
        return self._most_words(answers[:_LATEST]) or asked or self._most_words(self.to_contact()[:_LATEST]) or "en"

    def _asked_in(self) -> str | None:
        """Return the language of the mail to be answered."""
        return self.written_in.get(self.answered.message_id) if self.answered is not None else None

    def _written_in(self) -> dict[str, str | None]:
        """Return the language of each mail by its ids; a short one is taken to be in the one that its writer mostly writes."""
        by_writer: dict[str, list[Message]] = {}
        for message, _ in self.facts:
            by_writer.setdefault(message.sender.email, []).append(message)
        mostly = {writer: self._most_words(mails[-_LATEST:]) for writer, mails in by_writer.items()}
        found: dict[str, str | None] = {}
        for message, _ in self.facts:
            own = self.languages[message.message_id] if len(message.text.split()) >= _PLAIN_WORDS else None
            found |= dict.fromkeys((message.shown_id, message.message_id), own or mostly[message.sender.email])
        return found

    def _most_words(self, mails: Iterable[Message]) -> str | None:
        """Return the language in which most words of some mails are; None where none is long enough to tell."""
        counted: Counter[str] = Counter()
        for message in mails:
            language = self.languages[message.message_id]
            counted.update({language: len(message.text.split())} if language is not None else {})
        return max(counted, key=lambda language: counted[language], default=None)

    def copied(self) -> tuple[Address, ...]:
        """Return the client's other people and colleagues who got the mail to be answered: a stranger on it gets no copy."""
        if self.answered is None:
            return ()
        others = {a.email: a for a in (*self.answered.to, *self.answered.cc)}
        return tuple(
            a
            for email, a in others.items()
            if email not in self.account.addresses
            and email != self.o.contact
            and (
                self.directory.match(email) == self.o.client or self.directory.side(self.account.address, email) is Side.COLLEAGUE
            )
        )[:_MOST_COPIED]

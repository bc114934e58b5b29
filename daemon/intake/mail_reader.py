"""Read an account's mail on its way into the store: which client each message concerns, what it says, and whether it is Kept's own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import NamedTuple

from connectors.formats.display_names import display_name
from connectors.mail import Address, Batch, Message, Role
from daemon import reading
from daemon.core import hours
from daemon.core.people import Directory
from daemon.glossary.parties import Account
from daemon.intake import writers
from daemon.intake.deadline import TOO_COMPLICATED, Deadline
from daemon.intake.reading_helpers import Helpers, Work
from daemon.intake.threaded_mail import ReadMail, ThreadedMail
from daemon.letters import proofs
from daemon.logs import get_logger
from daemon.store import ReadMessage, Store

log = get_logger(__name__)

TEXT_LIMIT = 8 * 1024  # characters of a message's new text that are stored
_KEPT_ID, _KEPT_PROOF = "x-kept-id", proofs.HEADER.lower()


class BegunReading(NamedTuple):
    """A batch that is being read: its messages, the client of each, and the reading of those that have one."""

    messages: Sequence[Message]
    clients: Sequence[str | None]
    work: Work


@dataclasses.dataclass(frozen=True, slots=True)
class MailReader:
    """Reads an account's mail: which client each message concerns, and what it says.

    `is_own` tells whether a message is proved to be Kept's own (`delivery.own_mail`). `helpers` read with it where there is much;
    whoever has it read closes them.
    """

    account: Account
    directory: Directory
    store: Store
    is_own: Callable[[Message], bool] = lambda _message: False
    helpers: Helpers = dataclasses.field(default_factory=Helpers)

    def begin(self, batch: Batch) -> BegunReading:
        """Begin to read a batch: its messages with clients, as far as there are helpers. Raises StoreError."""
        written = [_named(writers.as_written(self.directory, self.account.address, self._marked(m))) for m in batch.messages]
        clients = [self.directory.client_of(self.account.address, m, self._missed_call(m)) for m in written]
        mails = [
            ThreadedMail(message.message_id, _parents(message), self._reader_input(message, client))
            for message, client in zip(written, clients, strict=True)
            if client is not None
        ]
        earlier = dict(self.store.texts(self.account.address, {parent for mail in mails for parent in mail.parents}))
        return BegunReading(written, clients, self.helpers.begin(mails, earlier, lambda: Deadline().check))

    def finish(self, begun: BegunReading) -> tuple[ReadMessage, ...]:
        """Return each message with its client and reading; mail that concerns no client without its text."""
        read = iter(self.helpers.finish(begun.work))
        return tuple(
            ReadMessage(dataclasses.replace(message, text=""), None, None)
            if client is None
            else _read(message, client, next(read))
            for message, client in zip(begun.messages, begun.clients, strict=True)
        )

    def _marked(self, message: Message) -> Message:
        """Return the message with Kept's own header only where it is proved to be Kept's: anybody can write one."""
        claims = _KEPT_ID in message.headers or message.message_id.startswith("<kept-") or _KEPT_PROOF in message.headers
        if not claims:
            return message
        others = {name: value for name, value in message.headers.items() if name != _KEPT_ID}
        own = {_KEPT_ID: message.headers.get(_KEPT_ID, "own")} if self.is_own(message) else {}
        return dataclasses.replace(message, headers={**others, **own})

    def _missed_call(self, message: Message) -> reading.Call | None:
        """Return the call of a missed-call notice: it comes from the phone system, so only its words tell who called."""
        if message.role is Role.SENT or self.directory.match(message.sender.email):
            return None
        return reading.call_notice(self._reader_input(message))

    def _reader_input(self, message: Message, client: str | None = None) -> reading.ReaderInput:
        sent = self.directory.is_users(self.account, message)
        client_hours = self.directory.hours_of(client) if client and not sent else None
        return reading.ReaderInput(
            direction="sent" if sent else "received",
            sender=message.sender.email,
            to=tuple(a.email for a in message.to),
            cc=tuple(a.email for a in message.cc),
            date=message.date,
            subject=message.subject,
            text=message.text,
            headers=message.headers,
            user=tuple(sorted(self.account.addresses)),
            time_context=hours.frame(client_hours or self.account.hours),
            addressee_names=(self.account.name,),
            recipient_names=tuple(a.name for a in (*message.to, *message.cc) if a.name and a.email not in self.account.addresses),
            own_domains=tuple(sorted(self.directory.own_domains)),
            region=self.account.region or "",
            sender_name=self.account.name if sent else message.sender.name,
            follows=bool(message.in_reply_to or message.references),
            unread=bool(message.unread),
        )


def _read(message: Message, client: str, read: ReadMail) -> ReadMessage:
    """Return a message of a client with its reading, and with as much of its new text as is stored."""
    unread = message.unread
    if read.too_complicated:  # a person sees it among what could not be read
        log.warning("a message took too long to read", message_id=message.message_id, folder=message.folder)
        unread = TOO_COMPLICATED
    text = read.reading.new_text[:TEXT_LIMIT]
    return ReadMessage(dataclasses.replace(message, text=text, unread=unread), read.reading, client)


def _named(message: Message) -> Message:
    """Return the message with the names of its people as one says them."""
    sender, *others = (Address(a.email, display_name(a)) for a in (message.sender, *message.to, *message.cc))
    return dataclasses.replace(message, sender=sender, to=tuple(others[: len(message.to)]), cc=tuple(others[len(message.to) :]))


def _parents(message: Message) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*message.in_reply_to, *message.references[-5:])))

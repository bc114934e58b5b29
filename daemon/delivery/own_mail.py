"""Tell Kept's own mail by what proves it: the sent log, or the signature of its proof. No header or id that anybody can write does.

What a signed mail says was sent and said is added to the sent log where that does not know it: so a backup that is restored without
its log learns from the mailbox what was said since.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from connectors.formats.mime import ID_HEADER
from connectors.mail import Message, Role
from daemon.delivery.sent_log import SentLog
from daemon.letters import proofs


@dataclass(frozen=True, slots=True)
class OwnMail:
    """Tells whether a message in an account's mailbox is Kept's own. `senders` are the addresses of all configured accounts."""

    account: str
    senders: Collection[str]
    secret: bytes
    sent_log: SentLog

    def __call__(self, message: Message) -> bool:
        """Return whether a message is Kept's own. Raises StoreError."""
        sender = message.sender.email
        if sender not in self.senders or not message.authentic:
            return False
        own_id = message.headers.get(ID_HEADER.lower(), message.shown_id)
        mentions = proofs.verify(self.secret, sender, own_id, message.headers.get(proofs.HEADER.lower(), ""))
        if mentions is not None:
            if not self.sent_log.contains(own_id):
                self.sent_log.recover(own_id, sender, mentions, message.date)
            return True
        # Drafts bear no proof, so that what the user sends of them is the user's; its folder tells.
        logged = self.sent_log.contains(own_id) or self.sent_log.contains(message.message_id)
        return logged and ("x-kept-id" in message.headers or message.role not in (Role.SENT, Role.ARCHIVE))

"""The user's word from the digest, come back through their own mailbox as a signed token in a subject.

Only a mail from one of the account's own addresses, not one that failed authentication, with a token that verifies for this
account, does anything, and each token once, however often its mail is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.mail import Message
from daemon.core import corrections, tokens
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Account
from daemon.logs import get_logger
from daemon.store import Store

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DigestReplies:
    """Takes decisions out of a batch of an account's mail. `find` looks an obligation up by its short id (daemon.ledger)."""

    account: Account
    store: Store
    secret: bytes
    find: Callable[[str, datetime], Obligation | None]
    now: datetime

    def __call__(self, messages: Sequence[Message]) -> None:
        """Store what the user decided. What does nothing is logged, with the reason."""
        for message in messages:
            token = tokens.find_token(message.subject)
            if token is None:
                continue
            if message.sender.email not in self.account.addresses or not message.authentic:
                log.warning(
                    "a token came from somebody else and does nothing",
                    account=self.account.address,
                    message_id=message.message_id,
                )
                continue
            self._take(token)

    def _take(self, token: str) -> None:
        address = self.account.address
        try:
            settlement = tokens.verify(self.secret, token, address, self.now)
        except tokens.BadToken as bad:
            log.warning("a token does nothing", account=address, fault=bad.fault.value)
            return
        if not self._decide(settlement):
            log.info("a token came again and does nothing more", account=address)
        elif settlement.verb is Verb.VETO:
            log.info("a planned action was vetoed", account=address, target=settlement.target_id)

    def _decide(self, settlement: tokens.Settlement) -> bool:
        """Store the decision under the key of what it is about: an obligation, or an action that a digest announced."""
        address, name = self.account.address, settlement.target_id
        about = self.find(name, self.now)
        key = about.key if about else self.store.announced_action_key(address, name)
        decision = Decision(key or name, settlement.verb, self.now, address, settlement.until)
        if about is not None:
            decision = corrections.about(decision, about)
        if key is None:
            return self.store.add_unresolved_decision(address, name, decision, settlement.token_id)
        return self.store.add_decision(address, decision, settlement.token_id)

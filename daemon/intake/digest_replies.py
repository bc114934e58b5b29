"""Settle: the user's word from the digest, come back through their own mailbox as a signed token in a subject.

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
class Settler:
    """Takes decisions out of a batch of an account's mail. `find` looks an obligation up by its id (daemon.ledger)."""

    store: Store
    secret: bytes
    find: Callable[[str, datetime], Obligation | None]
    now: datetime

    def __call__(self, account: Account, messages: Sequence[Message]) -> None:
        """Take down what the user said. What does nothing is logged, with the reason."""
        for message in messages:
            token = tokens.find_token(message.subject)
            if token is None:
                continue
            if message.sender.email not in account.addresses or not message.authentic:
                log.warning(
                    "a token came from somebody else and does nothing", account=account.address, message_id=message.message_id
                )
                continue
            self._take(account, token)

    def _take(self, account: Account, token: str) -> None:
        try:
            said = tokens.verify(self.secret, token, account.address, self.now)
        except tokens.BadToken as bad:
            log.warning("a token does nothing", account=account.address, fault=bad.fault.value)
            return
        about = self.find(said.target_id, self.now)
        decision = Decision(said.target_id, said.verb, self.now, account.address, said.until)
        decision = corrections.about(decision, about) if about else decision
        if not self.store.decide(decision, said.token_id):
            log.info("a token came again and does nothing more", account=account.address)
        elif said.verb is Verb.VETO:
            log.info("a planned action was vetoed", account=account.address, target=said.target_id)

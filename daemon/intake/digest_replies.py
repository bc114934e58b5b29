"""Take the user's replies to a digest: a click sends a mail with a signed token in its subject to the user's own mailbox.

A token counts only if its mail comes from one of the account's own addresses, did not fail authentication, and the token verifies
for this account. Each token counts once, however often its mail is read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from connectors.mail import Message
from daemon.core import authors, corrections
from daemon.glossary.assessments import HeldBack
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Account
from daemon.letters import tokens
from daemon.logs import get_logger
from daemon.store import Store

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class DigestReplies:
    """Takes the decisions out of an account's mail.

    `find` returns the obligation with a short id at a moment (`Ledger.find`), `find_held` the mail that was held back.
    """

    account: Account
    store: Store
    secret: bytes
    find: Callable[[str, datetime], Obligation | None]
    find_held: Callable[[str, datetime], HeldBack | None]
    now: datetime

    def __call__(self, messages: Sequence[Message]) -> None:
        """Store the decisions in these messages. Tokens that do not count are logged, with the reason."""
        for message in messages:
            token = tokens.find_token(message.subject)
            if token is None or not message.transmitted:
                continue  # a reply that was begun and may never have been sent decides nothing
            if message.sender.email not in self.account.addresses or not message.authentic:
                log.warning(
                    "ignored a token that did not come from the user",
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
            log.warning("ignored a token", account=address, fault=bad.fault.value)
            return
        if not self._decide(settlement):
            log.info("ignored a token that was used before", account=address)
        elif settlement.verb is Verb.VETO:
            log.info("a planned action was vetoed", account=address, target=settlement.target_id)

    def _decide(self, settlement: tokens.TokenDecision) -> bool:
        """Store a decision under the key of its obligation or announced action. Return False for a token that was used before."""
        address, target_id = self.account.address, settlement.target_id
        if settlement.verb is Verb.PERSON and (held := self.find_held(target_id, self.now)) is not None:
            return self.store.add_decision(address, authors.by_person(held, self.now, address), settlement.token_id)
        obligation = self.find(target_id, self.now)
        key = obligation.key if obligation else self._other_key(target_id)
        decision = Decision(key or target_id, settlement.verb, self.now, address, settlement.until)
        if obligation is not None:
            decision = corrections.about(decision, obligation)
        if key is None:
            return self.store.add_unresolved_decision(address, target_id, decision, settlement.token_id)
        return self.store.add_decision(address, decision, settlement.token_id)

    def _other_key(self, target_id: str) -> str | None:
        """Return the key of the announced action, or of the parcel of unknown fate, with a short id."""
        address = self.account.address
        return self.store.unsettled_key(address, target_id) or self.store.announced_action_key(address, target_id)

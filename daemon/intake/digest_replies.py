"""Take the user's replies to a digest: a click sends a mail with a signed token in its subject to the user's own mailbox.

A token counts only if its mail comes from one of the account's own addresses, did not fail authentication, and the token verifies
for this account. Each token counts once, however often its mail is read.

A token from before the signing key was lost cannot be verified any more. It decides nothing, and the next digest says so; but what it
asked to stop is stopped until the user says otherwise, because not to act is the safe side.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.mail import Message
from daemon.core import authors, corrections, hours
from daemon.glossary.assessments import HeldBack
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Account
from daemon.letters import phrases, tokens
from daemon.logs import get_logger
from daemon.store import Store

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Keys:
    """The key that signs tokens, and since when it replaces an earlier one that is lost (None: it is the first)."""

    secret: bytes
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class DigestReplies:
    """Takes the decisions out of an account's mail.

    `find` returns the obligation with a short id at a moment (`Ledger.find`), `find_held` the mail that was held back.
    """

    account: Account
    store: Store
    keys: Keys
    find: Callable[[str, datetime], Obligation | None]
    find_held: Callable[[str, datetime], HeldBack | None]
    now: datetime

    def __call__(self, messages: Sequence[Message]) -> None:
        """Store the decisions in these messages. Tokens that do not count are logged, with the reason."""
        for message in messages:
            token = tokens.find_token(message.subject)
            if token is None or not message.transmitted:
                continue  # a reply that was begun and may never have been sent decides nothing
            if message.sender.email not in self.account.addresses or not message.authentic or message.unproven:
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
            settlement = tokens.verify(self.keys.secret, token, address, self.now)
        except tokens.BadToken as bad:
            if bad.fault is not tokens.Fault.FORGED or not self._take_unverified(token):
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
        """Return the key of the parcel of unknown fate, or of the announced action, with a short id."""
        announced = self.store.announced_action(self.account.address, target_id)
        return self.store.unsettled_key(self.account.address, target_id) or (announced[0] if announced else None)

    def _take_unverified(self, token: str) -> bool:
        """Note what a token of a lost key asks for, and stop what it asks to stop. Return False if it cannot be one of such a key."""
        address = self.account.address
        try:
            asked = tokens.unverified(token, address, self.now)
        except tokens.BadToken:
            return False
        if self.keys.since is None or asked.issued > self.keys.since:
            return False
        announced = self.store.announced_action(address, asked.target_id)
        obligation = self.find(asked.target_id, self.now) if announced is None else None
        client = announced[1] if announced else obligation.client if obligation else None
        note = Decision(asked.target_id, Verb.UNVERIFIED, self.now, address, why=asked.verb.value, client=client)
        is_new = self.store.add_unresolved_decision(address, asked.target_id, note, asked.token_id)
        if is_new and asked.verb is Verb.VETO and announced is not None:
            why = "the link was signed with an earlier key"
            self.store.add_decision(address, Decision(announced[0], Verb.VETO, self.now, address, why=why))
        log.warning("a token of an earlier key could not be verified", account=address, verb=asked.verb.value, new=is_new)
        return True


def unverified_clicks(store: Store, account: Account, since: datetime | None, now: datetime) -> Iterator[str]:
    """Yield a line for each link of a lost key that was opened since the last digest, and one when the key was lost.

    `since` is when the present key replaced it (None: it never did). Raises StoreError.
    """
    if since is None or now - since > 2 * tokens.GOOD_FOR:
        return
    told = store.last_digest_before(account.address, hours.local_date(account.hours, now))
    if told is None or told <= since:
        told = since - timedelta(microseconds=1)  # the link may have been read in the same turn
        yield "The key that signs the links in these letters was lost, and a new one was made. Links in earlier letters do nothing any more."
    for asked in store.unverified_decisions(account.address, told):
        about = f"{phrases.cut(asked.client, 60)} ({asked.target_id})" if asked.client else asked.target_id
        yield _clicked(asked, about)


def _clicked(asked: Decision, about: str) -> str:
    if asked.why == Verb.VETO.value:
        return (
            f"You stopped what is planned for {about} by a link of a lost key, which cannot be checked. It is stopped; "
            f"to let it happen after all: kept undo {asked.target_id}"
        )
    return (
        f"You opened a link of a lost key ({asked.why}) for {about}. It cannot be checked, so it does not count: "
        f"please use the link in this letter, or type kept {asked.why} {asked.target_id}"
    )

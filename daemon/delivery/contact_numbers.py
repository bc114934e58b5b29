"""The telephone number of whoever is to be called: the caller's own, one that they wrote in a mail, or the client's."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime

from daemon.core.people import same_number
from daemon.core.timeline import Fact
from daemon.glossary.faults import Faults
from daemon.glossary.obligations import Kind, Obligation
from daemon.glossary.parties import Account, Client
from daemon.reading.phone_numbers import readable_number, signed_number
from daemon.store import Store


def number_finder(
    store: Store, account: Account, clients: Iterable[Client], faults: Faults, now: datetime
) -> Callable[[Obligation], str]:
    """Return a function that tells which number to call to settle an obligation, as people write it, as of `now`.

    Of a call that is owed it may be the client's only one, of an answer it is the contact's own. "" where neither is owed, or nobody
    has named a number, or looking it up raises an unforeseen error. The function raises StoreError.
    """
    phones = {client.name: client.phones for client in clients}

    def found(o: Obligation) -> str:
        read = store.messages(account.address, o.client, now, faults)
        facts = [(r.message, r.reading) for r in read if r.reading is not None]
        known = phones.get(o.client, frozenset())
        number = next(_named(o, facts, account.region or ""), None) or (
            next(iter(known)) if o.kind is Kind.CALLBACK and len(known) == 1 else ""
        )
        return readable_number(next((phone for phone in known if same_number(phone, number)), number)) if number else ""

    numbers: dict[str, str] = {}  # by obligation: a letter asks several times

    def number_of(o: Obligation) -> str:
        if o.kind in (Kind.CALLBACK, Kind.REPLY) and o.key not in numbers:
            numbers[o.key] = faults.contain(f"{o.client}: the number to call could not be looked up", lambda: found(o), "")
        return numbers.get(o.key, "")

    return number_of


def _named(o: Obligation, facts: Iterable[Fact], region: str) -> Iterator[str]:
    """Yield the numbers that are known by name: the caller's, then what the contact wrote, the latest first."""
    if o.contact is not None and "@" not in o.contact:  # a call that nobody's name is known of
        yield o.contact
    for message, reading in sorted(facts, key=lambda fact: fact[0].date, reverse=True):
        if message.sender.email == o.contact and (number := signed_number(reading.new_text, region)):
            yield number

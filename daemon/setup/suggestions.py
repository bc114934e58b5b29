"""Companies and people that may be clients, from the mail of the last months: both sides wrote, and not only once.

At public mail domains the single address is the client. Somebody is suggested as a prospect whose mails speak of no order, and with whom
the exchange began within these months, or speaks of quotes and first meetings half the time.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from connectors.mail import Address, Message, Role, readable_email
from daemon.core.people import PUBLIC_DOMAINS
from daemon.glossary.parties import Stage

MOST = 40  # suggestions
LEAST_MAILS = 3  # of both together
LATER = timedelta(days=21)  # an exchange that began so long after the earliest mail began within the time that was read
_ROLES = frozenset(
    "noreply no-reply donotreply do-not-reply notifications notification newsletter news mailer-daemon postmaster".split()
)
SECOND_LEVEL = frozenset("co com org net ac gov edu ltd plc".split())  # below which companies register in some countries
_ORDERS = re.compile(
    r"\b(invoices?|purchase order|order confirmation|your order|our order|delivery note|PO \d|shipped|shipment|renewal|Rechnung|Bestellung|"
    r"Auftrag|Lieferung|Lieferschein)\b",
    re.IGNORECASE,
)
_COURTING = re.compile(
    r"\b(quotes?|quotation|proposal|offer|demo|trial|pricing|price list|brochure|introduction|intro call|nice to meet|Angebot|Anfrage|"
    r"Preisliste|Vorstellung|kennenlernen)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A company, or a person at a public mail domain, who may be a client. `mails` counts both directions."""

    name: str
    domain: str
    address: str
    mails: int
    stage: Stage = Stage.ESTABLISHED

    def client(self) -> dict[str, Any]:
        """Return the entry of `clients:`."""
        identity = {"addresses": [self.address]} if self.address else {"domains": [readable_email(self.domain)]}
        return {"name": self.name, **identity, "stage": self.stage.value}


@dataclass(slots=True)
class _Exchange:
    """What was written with one company or person."""

    received: int = 0
    sent: int = 0
    first: datetime | None = None
    names: Counter[str] = field(default_factory=Counter)
    orders: int = 0
    courting: int = 0

    def add(self, message: Message, other: Address, *, sent: bool) -> None:
        if sent:
            self.sent += 1
        else:
            self.received += 1
            self.names[other.name] += 1
        self.first = min(self.first or message.date, message.date)
        words = f"{message.subject}\n{message.text[:2000]}"
        self.orders += bool(_ORDERS.search(words))
        self.courting += bool(_COURTING.search(words))


def suggest(messages: Iterable[Message], own: Collection[str], clients: Sequence[Mapping[str, Any]] = ()) -> list[Suggestion]:
    """Return who may be a client and is none of `clients`: companies, then people, each with most mails first. `own` are the user's addresses."""
    domains = {a.rpartition("@")[2] for a in own} - PUBLIC_DOMAINS
    known = {str(value).lower() for client in clients for key in ("domains", "addresses") for value in client.get(key) or ()}
    exchanges: dict[str, _Exchange] = defaultdict(_Exchange)
    earliest: datetime | None = None
    for message in messages:
        earliest = min(earliest or message.date, message.date)
        sent = message.sender.email in own or message.role is Role.SENT
        others = message.to if sent else (message.sender,)
        for other in {_identity(a): a for a in others if a.domain and a.domain not in domains and a.email not in own}.values():
            exchanges[_identity(other)].add(message, other, sent=sent)
    found = [s for key, e in exchanges.items() if key not in known and (s := _suggestion(key, e, earliest)) is not None]
    most = sorted(found, key=lambda s: (-s.mails, s.name))[:MOST]
    return _distinct(sorted(most, key=lambda s: bool(s.address)), {str(client.get("name")).casefold() for client in clients})


def _distinct(suggestions: Iterable[Suggestion], taken: set[str]) -> list[Suggestion]:
    """Give each a name of its own: two domains may belong to companies that seem to have the same name."""
    distinct: list[Suggestion] = []
    for suggestion in suggestions:
        if suggestion.name.casefold() in taken:
            suggestion = replace(suggestion, name=f"{suggestion.name} ({suggestion.address or suggestion.domain})")  # noqa: PLW2901
        taken.add(suggestion.name.casefold())
        distinct.append(suggestion)
    return distinct


def _identity(address: Address) -> str:
    return address.email if address.domain in PUBLIC_DOMAINS else address.domain


def _suggestion(key: str, exchange: _Exchange, earliest: datetime | None) -> Suggestion | None:
    mails = exchange.received + exchange.sent
    if not exchange.received or not exchange.sent or exchange.first is None or earliest is None:
        return None
    local, at, domain = key.rpartition("@")
    if local.partition("+")[0] in _ROLES or mails < LEAST_MAILS:
        return None
    new = not exchange.orders and (exchange.first - earliest >= LATER or 2 * exchange.courting >= mails)
    name = _person(exchange.names, local) if at else _company(domain)
    return Suggestion(
        name,
        domain,
        key if at else "",
        mails,
        Stage.PROSPECT if new else Stage.ESTABLISHED,
    )


def _person(names: Counter[str], local: str) -> str:
    """Return the name that a person most often gives themselves, else one made of their address."""
    named = [name for name, _ in names.most_common() if name.strip() and "@" not in name]
    return named[0].strip() if named else local.replace(".", " ").replace("_", " ").title()


def _company(domain: str) -> str:
    return company_name(readable_email(domain))


def company_name(domain: str) -> str:
    """Return a name for a company from its domain."""
    labels = domain.split(".")
    country = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return labels[max(0, len(labels) - (3 if country else 2))].replace("-", " ").title()

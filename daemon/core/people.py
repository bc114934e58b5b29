"""People: which client an address, a phone number or a message belongs to, and on whose side somebody is."""

from __future__ import annotations

import re
from collections.abc import Iterable

from connectors.mail import Message, canonical_domain, canonical_email
from daemon.glossary.charter import WorkingHours
from daemon.glossary.parties import Client, Office
from daemon.glossary.timelines import Side
from daemon.reading import Call

# Domains on which anybody may have an address: they never identify a client.
PUBLIC_DOMAINS = frozenset(
    re.findall(
        r"\S+",
        "gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.de hotmail.fr live.com live.co.uk msn.com yahoo.com "
        "yahoo.co.uk yahoo.de yahoo.fr ymail.com rocketmail.com aol.com icloud.com me.com mac.com proton.me protonmail.com pm.me "
        "gmx.de gmx.net gmx.com gmx.at gmx.ch web.de t-online.de freenet.de mail.de posteo.de mailbox.org orange.fr wanadoo.fr free.fr "
        "laposte.net sfr.fr libero.it virgilio.it tiscali.it btinternet.com sky.com talktalk.net virginmedia.com ntlworld.com "
        "comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net mail.com zoho.com yandex.ru yandex.com mail.ru "
        "qq.com 163.com 126.com fastmail.com fastmail.fm hey.com tutanota.com bluewin.ch hotmail.it hotmail.es telefonica.net",
    )
)


def is_theirs(client: Client, address: str) -> bool:
    """Whether an address is one of the client's, or in a domain of theirs or below it."""
    address = canonical_email(address)
    if address in client.addresses:
        return True
    domain = address.rpartition("@")[2]
    while domain:
        if domain in client.domains and domain not in PUBLIC_DOMAINS:
            return True
        domain = domain.partition(".")[2]
    return False


_RETURNS = frozenset({"mailer-daemon", "postmaster", "mail-daemon"})
ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")


class Directory:
    """Everybody whom the configuration names, ready to be looked up."""

    def __init__(self, office: Office) -> None:
        self._clients = {c.name: c for c in office.clients}
        domains = ((canonical_domain(d), c.name) for c in office.clients for d in c.domains)
        self._addresses = {canonical_email(a): c.name for c in office.clients for a in c.addresses}
        self._domains = {domain: name for domain, name in domains if domain not in PUBLIC_DOMAINS}
        self._phones = {p: c.name for c in office.clients for p in c.phones}
        self._own = {canonical_email(address): a.address for a in office.accounts for address in a.addresses}
        self._colleagues = frozenset(map(canonical_domain, office.colleagues)) - PUBLIC_DOMAINS

    def match(self, address: str) -> str | None:
        """Return the client that an address belongs to: by the address itself, else by its domain or the domain above it."""
        address = canonical_email(address)
        if address in self._addresses:
            return self._addresses[address]
        if address in self._own:
            return None
        domain = address.rpartition("@")[2]
        while domain:
            if domain in self._domains:
                return self._domains[domain]
            domain = domain.partition(".")[2]
        return None

    def by_phone(self, number: str) -> str | None:
        """Return the client with a number. Switchboards drop prefixes, so the last nine digits decide where it is not E.164."""
        if number in self._phones or number.startswith("+"):
            return self._phones.get(number)
        digits = re.sub(r"\D", "", number)[-9:]
        clients = {c for p, c in self._phones.items() if len(digits) >= 7 and p.endswith(digits)}
        return clients.pop() if len(clients) == 1 else None

    def side(self, account: str, address: str) -> Side:
        """Return on whose side an address is, seen from an account."""
        address = canonical_email(address)
        owner = self._own.get(address)
        if owner == account:
            return Side.USER
        if self.match(address):
            return Side.CLIENT
        return Side.COLLEAGUE if owner or self._is_ours(address.rpartition("@")[2]) else Side.OTHER

    def _is_ours(self, domain: str) -> bool:
        """Whether a domain, or one above it, is that of the people on our side."""
        while domain and domain not in self._colleagues:
            domain = domain.partition(".")[2]
        return bool(domain)

    def client_of(self, account: str, message: Message, call: Call | None = None) -> str | None:
        """Return the client that a message concerns: its sender's, or that of the first recipient who has one; a call's by its number.

        A mail that bounced (RFC 3464) concerns the client to whom it could not be delivered.
        """
        sender = self.match(message.sender.email)
        if sender:
            return sender
        if call is not None and call.number:
            return self.by_phone(call.number)
        if message.sender.email.partition("@")[0] in _RETURNS:
            return self.first_client(ADDRESS.findall(message.text[:8000]))
        if self.side(account, message.sender.email) is Side.OTHER:
            return None
        return self.first_client(a.email for a in (*message.to, *message.cc))

    def first_client(self, addresses: Iterable[str]) -> str | None:
        """Return the client of the first address that has one."""
        return next((name for address in addresses if (name := self.match(address))), None)

    def hours_of(self, client: str) -> WorkingHours | None:
        """Return the client's own working hours, where the configuration has them."""
        configured: Client | None = self._clients.get(client)
        return configured.hours if configured else None

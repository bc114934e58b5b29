"""People: which client an address, a phone number or a message belongs to, and on whose side somebody is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from connectors.mail import Message, Role, canonical_domain, canonical_email
from daemon.glossary.charter import WorkingHours
from daemon.glossary.parties import Account, Client, Office
from daemon.glossary.timelines import Entry, Side
from daemon.reading import Call

_SIGNED = 1500  # characters at the end of a mail in which its writer may give a phone number
_FEWEST_DIGITS, _NATIONAL = 7, 9  # of a phone number: below, it is none; without the country's and the trunk's

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

# Domains from which the makers of web forms mail what a visitor filled in, as their help pages name them; the visitor is in Reply-To.
FORM_SERVICES = frozenset(
    re.findall(
        r"\S+",
        "hubspot.com hubspotemail.net hubspotstarter.net typeform.com typeform.io wpforms.com wixforms.com wix.com wix-forms.com "
        "squarespace.com squarespace.info squarespace-mail.com jotform.com jotform.me formspree.io formsubmit.co netlify.com webflow.com "
        "tally.so paperform.co cognitoforms.com formstack.com 123formbuilder.io 123formbuilder.com getform.io basin.email "
        "usebasin.com weebly.com strikingly.com jimdo.com godaddy.com secureserver.net zohoforms.com zohoforms.eu elementor.com "
        "fluentforms.com ninjaforms.com gravityforms.com forminator.com formcarry.com web3forms.com fillout.com unbounce.com",
    )
)


def form_service(address: str) -> bool:
    """Whether an address is that of a maker of web forms, or in a domain below."""
    domain = address.lower().rpartition("@")[2]
    while domain and domain not in FORM_SERVICES:
        domain = domain.partition(".")[2]
    return bool(domain)


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


MANY, SHARE = 5, 0.2  # of the sent mails: so many, and such a share of them, are no exception


@dataclass(frozen=True, slots=True)
class OtherSender:
    """An address that is not among the user's, from which many of their sent mails are: `count` of `total`."""

    address: str
    count: int
    total: int

    def __str__(self) -> str:
        """Return the question to the user."""
        return f"{self.count} of {self.total} sent mails are from {self.address}: yours too? Then add it to addresses."


def other_senders(messages: Iterable[Message], own: Collection[str]) -> tuple[OtherSender, ...]:
    """Return the addresses, most frequent first, from which much of what was sent is although they are not among `own`.

    They are an old address of the user's, a shared one, or an assistant's. Kept's own mails do not count.
    """
    counted = Counter(m.sender.email for m in messages if m.role is Role.SENT and "x-kept-id" not in m.headers and m.sender.email)
    total = counted.total()
    return tuple(
        OtherSender(address, count, total)
        for address, count in counted.most_common()
        if address not in own and count >= MANY and count >= SHARE * total
    )


_RETURNS = frozenset({"mailer-daemon", "postmaster", "mail-daemon"})
ADDRESS = re.compile(r"[\w.+'-]{1,64}@[\w-]+(?:\.[\w-]+)+")


_FEWEST_DIGITS = 6  # of a whole national number
_LOCAL_DIGITS = re.compile(r"\d{7,9}")  # a number without its area code
_MAX_PREFIX = 3  # digits of a country's code, and those that a switchboard or the trunk puts before a number


def same_number(one: str, other: str) -> bool:
    """Whether two ways of writing a phone number mean the same line.

    Switchboards drop the country's code and put the trunk's 0, the international 00 or an outside line's 0 or 9 before it. Two
    numbers that both name their country (E.164) are the same or are not.
    """
    if one == other or (one.startswith("+") and other.startswith("+")):
        return one == other
    first, second = (re.sub(r"\D", "", number) for number in (one, other))
    shared = _common_end(first, second)
    return shared >= _FEWEST_DIGITS and max(len(first), len(second)) - shared <= _MAX_PREFIX


def _common_end(one: str, other: str) -> int:
    """Return how many digits two numbers have in common at their ends."""
    pairs = zip(reversed(one), reversed(other), strict=False)
    return next((count for count, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


class Directory:
    """Everybody whom the configuration names, ready to be looked up."""

    def __init__(self, office: Office) -> None:
        self._clients = {c.name: c for c in office.clients}
        self._places = {name: place for place, name in enumerate(self._clients)}
        domains = ((canonical_domain(d), c.name) for c in office.clients for d in c.domains)
        self._addresses = {canonical_email(a): c.name for c in office.clients for a in c.addresses}
        self._domains = {domain: name for domain, name in domains if domain not in PUBLIC_DOMAINS}
        self._phones = {p: c.name for c in office.clients for p in c.phones}
        self._own = {canonical_email(address): a.address for a in office.accounts for address in a.addresses}
        self._accounts = {a.address: (place, a) for place, a in enumerate(office.accounts)}
        self._colleagues = frozenset(map(canonical_domain, office.colleagues)) - PUBLIC_DOMAINS

    def clients_named(self, names: AbstractSet[str]) -> list[Client]:
        """Return the clients of these names that the configuration has, in its order."""
        return [self._clients[name] for name in sorted(names & self._places.keys(), key=self._places.__getitem__)]

    def key_of(self, client: str) -> str:
        """Return the key of the client with this name."""
        known = self._clients.get(client)
        return known.key if known is not None else client

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
        """Return the client with a number, in E.164 or as a switchboard shows it; None where several have one so alike."""
        if number in self._phones or number.startswith("+"):
            return self._phones.get(number)
        clients = {client for phone, client in self._phones.items() if same_number(phone, number)}
        if not clients and _LOCAL_DIGITS.fullmatch(digits := re.sub(r"\D", "", number)):
            clients = {client for phone, client in self._phones.items() if phone.endswith(digits)}
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

    def is_users(self, account: Account, message: Message) -> bool:
        """Whether a message is the user's own word: it is from an address of theirs, or was sent from their mailbox.

        What lies in the user's Sent folder is theirs whoever's address stands on it: an assistant, a shared address, a former one
        (RFC 5322, section 3.6.2, keeps author and sender apart for that). Only what a client wrote stays the client's: somebody
        may have filed it there.
        """
        sender = message.sender.email
        return sender in account.addresses or (message.role is Role.SENT and self.match(sender) is None)

    def client_of(self, account: str, message: Message, call: Call | None = None) -> str | None:
        """Return the client that a message concerns: its sender's, or that of the first recipient who has one; a call's by its number.

        A mail that bounced (RFC 3464) concerns the client to whom it could not be delivered. Where a stranger wrote, the recipients
        count only for what was sent from the account's own mailbox.
        """
        sender = self.match(message.sender.email)
        if sender:
            return sender
        if call is not None and call.number:
            return self.by_phone(call.number)
        if message.sender.email.partition("@")[0] in _RETURNS:
            return self.first_client(ADDRESS.findall(message.text[:8000]))
        if message.role is not Role.SENT and self.side(account, message.sender.email) is Side.OTHER:
            return None
        return self.first_client(a.email for a in (*message.to, *message.cc))

    def accounts(self, addresses: Iterable[str]) -> tuple[Account, ...]:
        """Return the accounts with these names that the configuration has, in its order."""
        found = {self._accounts[address] for address in addresses if address in self._accounts}
        return tuple(account for _, account in sorted(found, key=lambda each: each[0]))

    @property
    def own_domains(self) -> frozenset[str]:
        """The domains of the people on our side, never public ones."""
        return self._colleagues

    def first_client(self, addresses: Iterable[str]) -> str | None:
        """Return the client of the first address that has one."""
        return next((name for address in addresses if (name := self.match(address))), None)

    def hours_of(self, client: str) -> WorkingHours | None:
        """Return the client's own working hours, where the configuration has them."""
        configured: Client | None = self._clients.get(client)
        return configured.hours if configured else None


def names(messages: Iterable[Message]) -> Mapping[str, str]:
    """Return what to call the people of these messages (oldest first), by address: by the latest name that each gives themselves.

    Where somebody gives none, the latest that others give them. Whoever has none is missing.
    """
    own: dict[str, str] = {}
    given: dict[str, str] = {}
    for message in messages:
        for people, by_address in (((message.sender,), own), ((*message.to, *message.cc), given)):
            by_address.update((a.email, a.name) for a in people if a.name)
    return given | own


def caller_name(entries: Sequence[Entry], number: str) -> str:
    """Return what to call whoever has a phone number: the one at the client who signs with it, else the name in the notice.

    A number with which several people sign is a switchboard's, and nobody's.
    """
    digits = re.sub(r"\D", "", number)[-_NATIONAL:]
    if len(digits) < _FEWEST_DIGITS:
        return ""
    signed = {e.message.sender.email: e.message.sender.name for e in entries if e.side is Side.CLIENT and _signs_with(e, digits)}
    if len(signed) == 1:
        return next(iter(signed.values()))
    calls = (e.reading.call for e in reversed(entries) if e.reading.call is not None)
    heard = (c.caller for c in calls if c.caller and re.sub(r"\D", "", c.number or "").endswith(digits))
    return "" if signed else next(heard, "")


def _signs_with(entry: Entry, digits: str) -> bool:
    """Whether a line near the end of a mail contains the digits of a phone number."""
    lines = entry.reading.new_text[-_SIGNED:].splitlines()
    return any(digits in re.sub(r"\D", "", line) for line in lines)

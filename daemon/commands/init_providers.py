"""Where the mailbox of an address is: by the shipped table, by what its domain tells everybody (MX, autodiscover, SRV), else unknown.

Only names are looked up, never the address itself: no server hears of it before its owner has said so.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["google", "microsoft", "exchange", "imap"]
Lookup: TypeAlias = Callable[[str, str], list[str]]
"""(name, record type) -> what DNS says, best first; names without their last dot. Nothing where it says nothing."""
Knock: TypeAlias = Callable[[str, int], bool]
"""Whether a host answers at a port."""

PATIENCE = 3.0  # seconds
# Providers by the domain of the address; those whose mailboxes are reached by IMAP with their server.
_AT_GOOGLE = frozenset({"gmail.com", "googlemail.com"})
_AT_MICROSOFT = frozenset(
    {"outlook.com", "hotmail.com", "live.com", "msn.com", "hotmail.co.uk", "outlook.de", "hotmail.de", "hotmail.fr", "live.co.uk"}
)
_IMAP = {
    "gmx.de": "imap.gmx.net", "gmx.net": "imap.gmx.net", "gmx.com": "imap.gmx.com", "web.de": "imap.web.de", "t-online.de": "secureimap.t-online.de",
    "freenet.de": "mx.freenet.de", "posteo.de": "posteo.de", "mailbox.org": "imap.mailbox.org", "icloud.com": "imap.mail.me.com",
    "me.com": "imap.mail.me.com", "mac.com": "imap.mail.me.com", "yahoo.com": "imap.mail.yahoo.com", "yahoo.co.uk": "imap.mail.yahoo.com",
    "aol.com": "imap.aol.com", "fastmail.com": "imap.fastmail.com", "zoho.com": "imap.zoho.com", "btinternet.com": "mail.btinternet.com",
    "orange.fr": "imap.orange.fr", "free.fr": "imap.free.fr", "laposte.net": "imap.laposte.net", "libero.it": "imapmail.libero.it",
    "bluewin.ch": "imaps.bluewin.ch", "comcast.net": "imap.comcast.net",
}  # fmt: skip
# Whose mail servers a domain's MX names (support.google.com/a/answer/174125; learn.microsoft.com: external domain name system
# records for Microsoft 365, and inbound SMTP DANE for mx.microsoft).
_MX: tuple[tuple[str, Kind], ...] = (
    ("google.com", "google"),
    ("googlemail.com", "google"),
    ("mail.protection.outlook.com", "microsoft"),
    ("mx.microsoft", "microsoft"),
    ("outlook.com", "microsoft"),
    ("mail.protection.office365.us", "microsoft"),
)
_ONLINE = ("autodiscover.outlook.com", "autodiscover-s.outlook.com", "outlook.com", "office365.us")


@dataclass(frozen=True, slots=True)
class Found:
    """Where the mailbox is, its host where that matters, and how it is known, for a person."""

    kind: Kind
    host: str | None = None
    because: str = ""


def find(address: str, lookup: Lookup | None = None, knock: Knock | None = None) -> Found | None:
    """Where the mailbox of an address is; None where nobody says."""
    domain = address.rpartition("@")[2].lower()
    lookup, knock = lookup or in_dns, knock or answers
    known = _known(domain)
    if known is not None:
        return known
    return _by_mx(domain, lookup) or _by_autodiscover(domain, lookup, knock) or _by_imap(domain, lookup, knock)


def is_personal(address: str) -> bool:
    """Whether it is a private person's address at Google or Microsoft, not a company's."""
    return address.rpartition("@")[2].lower() in _AT_GOOGLE | _AT_MICROSOFT


def in_dns(name: str, kind: str) -> list[str]:
    """What DNS says: hosts in the order of their preference (MX, SRV), or what a CNAME points to."""
    from dns.exception import DNSException  # noqa: PLC0415  # only here
    from dns.resolver import resolve  # noqa: PLC0415  # only here

    try:
        records = sorted(
            resolve(name, kind, lifetime=PATIENCE), key=lambda r: getattr(r, "preference", getattr(r, "priority", 0))
        )
    except (DNSException, OSError, ValueError):
        return []
    hosts = (str(getattr(r, "exchange", getattr(r, "target", ""))).rstrip(".").lower() for r in records)
    return [host for host in hosts if host]


def answers(host: str, port: int) -> bool:
    """Whether a connection can be made there."""
    try:
        with socket.create_connection((host, port), timeout=PATIENCE):
            return True
    except (OSError, UnicodeError):
        return False


def _known(domain: str) -> Found | None:
    if domain in _AT_GOOGLE:
        return Found("google", because=f"{domain} is Google's")
    if domain in _AT_MICROSOFT:
        return Found("microsoft", because=f"{domain} is Microsoft's")
    return Found("imap", _IMAP[domain], f"{domain} is a known provider") if domain in _IMAP else None


def _by_mx(domain: str, lookup: Lookup) -> Found | None:
    for host in lookup(domain, "MX"):
        for end, kind in _MX:
            if host == end or host.endswith(f".{end}"):
                return Found(kind, because=f"mail for {domain} is taken by {host}")
    return None


def _by_autodiscover(domain: str, lookup: Lookup, knock: Knock) -> Found | None:
    """A filter before the mailbox hides it from MX, but mail programs must still find it (MS-OXDISCO, 3.1.5)."""
    name = f"autodiscover.{domain}"
    pointed = lookup(name, "CNAME") + lookup(f"_autodiscover._tcp.{domain}", "SRV")
    for host in pointed:
        if any(host == end or host.endswith(f".{end}") for end in _ONLINE):
            return Found("microsoft", because=f"{name} points to {host}")
    for host in (*pointed, name):
        if knock(host, 443):
            mail = f"mail.{domain}" if knock(f"mail.{domain}", 443) else host
            return Found("exchange", mail, f"{host} answers, as an Exchange Server's autodiscover does")
    return None


def _by_imap(domain: str, lookup: Lookup, knock: Knock) -> Found | None:
    """RFC 6186, else a usual name that answers."""
    named = lookup(f"_imaps._tcp.{domain}", "SRV")
    if named:
        return Found("imap", named[0], f"{domain} names it")
    for host in (f"imap.{domain}", f"mail.{domain}", domain):
        if knock(host, 993):
            return Found("imap", host, f"{host} answers")
    return None

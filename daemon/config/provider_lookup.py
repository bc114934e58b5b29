"""Find the provider of a mailbox from its address: by a table of providers, else by what the domain publishes (MX, autodiscover, SRV).

Only the domain is looked up, never the address: no server learns of it before its owner agrees.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["google", "microsoft", "exchange", "imap"]
Lookup: TypeAlias = Callable[[str, str], list[str]]
"""(name, record type) -> the hosts that DNS names, best first, without their last dot; empty if there is no such record."""
Probe: TypeAlias = Callable[[str, int], bool]
"""(host, port) -> whether it accepts connections."""

TIMEOUT = 3.0  # seconds
# Providers by the domain of the address; for those reached by IMAP, with their server.
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
# Providers by the domain of the mail servers that a domain's MX names (support.google.com/a/answer/174125; learn.microsoft.com: external domain name system
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
class Location:
    """A mailbox's kind of provider, its host where that matters, and for a person how it was found out."""

    kind: Kind
    host: str | None = None
    because: str = ""


def locate(address: str, lookup: Lookup | None = None, probe: Probe | None = None) -> Location | None:
    """Return where the mailbox of an address is; None if nothing tells."""
    domain = address.rpartition("@")[2].lower()
    lookup, probe = lookup or in_dns, probe or accepts_connections
    return (
        _by_table(domain) or _by_mx(domain, lookup) or _by_autodiscover(domain, lookup, probe) or _by_imap(domain, lookup, probe)
    )


def is_personal(address: str) -> bool:
    """Tell whether an address is a private person's at Google or Microsoft, not a company's."""
    return address.rpartition("@")[2].lower() in _AT_GOOGLE | _AT_MICROSOFT


def in_dns(name: str, kind: str) -> list[str]:
    """Return the hosts of an MX or SRV record by preference, or the target of a CNAME; empty if there is none or DNS fails."""
    from dns.exception import DNSException  # noqa: PLC0415  # a large library, only for this question
    from dns.resolver import resolve  # noqa: PLC0415  # as above

    try:
        records = sorted(resolve(name, kind, lifetime=TIMEOUT), key=lambda r: getattr(r, "preference", getattr(r, "priority", 0)))
    except (DNSException, OSError, ValueError):
        return []
    hosts = (str(getattr(r, "exchange", getattr(r, "target", ""))).rstrip(".").lower() for r in records)
    return [host for host in hosts if host]


def accepts_connections(host: str, port: int) -> bool:
    """Tell whether a connection to a host and port can be made."""
    try:
        with socket.create_connection((host, port), timeout=TIMEOUT):
            return True
    except (OSError, UnicodeError):
        return False


def _by_table(domain: str) -> Location | None:
    if domain in _AT_GOOGLE:
        return Location("google", because=f"{domain} belongs to Google")
    if domain in _AT_MICROSOFT:
        return Location("microsoft", because=f"{domain} belongs to Microsoft")
    return Location("imap", _IMAP[domain], f"{domain} is a known provider") if domain in _IMAP else None


def _by_mx(domain: str, lookup: Lookup) -> Location | None:
    for host in lookup(domain, "MX"):
        for end, kind in _MX:
            if host == end or host.endswith(f".{end}"):
                return Location(kind, because=f"mail for {domain} is received by {host}")
    return None


def _by_autodiscover(domain: str, lookup: Lookup, probe: Probe) -> Location | None:
    """Look where mail programs look (MS-OXDISCO, 3.1.5): a mail filter in front of the mailbox hides the provider from MX."""
    name = f"autodiscover.{domain}"
    pointed = lookup(name, "CNAME") + lookup(f"_autodiscover._tcp.{domain}", "SRV")
    for host in pointed:
        if any(host == end or host.endswith(f".{end}") for end in _ONLINE):
            return Location("microsoft", because=f"{name} points to {host}")
    for host in (*pointed, name):
        if probe(host, 443):
            mail = f"mail.{domain}" if probe(f"mail.{domain}", 443) else host
            return Location("exchange", mail, f"{host} responds, as the autodiscover of an Exchange Server does")
    return None


def _by_imap(domain: str, lookup: Lookup, probe: Probe) -> Location | None:
    """Look for an SRV record (RFC 6186), else for a usual name that accepts connections."""
    named = lookup(f"_imaps._tcp.{domain}", "SRV")
    if named:
        return Location("imap", named[0], f"{domain} publishes it")
    for host in (f"imap.{domain}", f"mail.{domain}", domain):
        if probe(host, 993):
            return Location("imap", host, f"{host} responds")
    return None

"""Find the provider of a mailbox from its address: by a table of providers, else by what the domain publishes (MX, autodiscover, SRV).

Only the domain is looked up, never the address: no server learns of it before its owner agrees.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

Kind: TypeAlias = Literal["google", "microsoft", "exchange", "imap"]
Lookup: TypeAlias = Callable[[str, str], list[str]]
"""(name, record type) -> the hosts that DNS names, best first, without their last dot; empty if there is no such record."""
Probe: TypeAlias = Callable[[str, int], bool]
"""(host, port) -> whether it accepts connections."""

TIMEOUT = 3.0  # seconds


class Servers(NamedTuple):
    """A provider's servers, as its help pages name them: for reading, for sending, and the address of its calendars, empty if unknown."""

    imap: str
    smtp: str = ""
    caldav: str = ""


# Providers by the domain of the address.
_AT_GOOGLE = frozenset({"gmail.com", "googlemail.com"})
_AT_MICROSOFT = frozenset(
    {"outlook.com", "hotmail.com", "live.com", "msn.com", "hotmail.co.uk", "outlook.de", "hotmail.de", "hotmail.fr", "live.co.uk"}
)
_SERVERS: Mapping[str, Servers] = {
    "gmx.de": Servers("imap.gmx.net", "mail.gmx.net", "https://caldav.gmx.net/"),
    "gmx.net": Servers("imap.gmx.net", "mail.gmx.net", "https://caldav.gmx.net/"),
    "gmx.com": Servers("imap.gmx.com", "mail.gmx.com"),
    "web.de": Servers("imap.web.de", "smtp.web.de", "https://caldav.web.de/"),
    "t-online.de": Servers("secureimap.t-online.de", "securesmtp.t-online.de"),
    "freenet.de": Servers("mx.freenet.de", "mx.freenet.de"),
    "posteo.de": Servers("posteo.de", "posteo.de", "https://posteo.de:8443/"),
    "mailbox.org": Servers("imap.mailbox.org", "smtp.mailbox.org", "https://dav.mailbox.org/"),
    "icloud.com": Servers("imap.mail.me.com", "smtp.mail.me.com", "https://caldav.icloud.com/"),
    "me.com": Servers("imap.mail.me.com", "smtp.mail.me.com", "https://caldav.icloud.com/"),
    "mac.com": Servers("imap.mail.me.com", "smtp.mail.me.com", "https://caldav.icloud.com/"),
    "yahoo.com": Servers("imap.mail.yahoo.com", "smtp.mail.yahoo.com", "https://caldav.calendar.yahoo.com/"),
    "yahoo.co.uk": Servers("imap.mail.yahoo.com", "smtp.mail.yahoo.com", "https://caldav.calendar.yahoo.com/"),
    "aol.com": Servers("imap.aol.com", "smtp.aol.com"),
    "fastmail.com": Servers("imap.fastmail.com", "smtp.fastmail.com", "https://caldav.fastmail.com/"),
    "zoho.com": Servers("imap.zoho.com", "smtp.zoho.com", "https://calendar.zoho.com/"),
    "btinternet.com": Servers("mail.btinternet.com", "mail.btinternet.com"),
    "orange.fr": Servers("imap.orange.fr", "smtp.orange.fr"),
    "free.fr": Servers("imap.free.fr", "smtp.free.fr"),
    "laposte.net": Servers("imap.laposte.net", "smtp.laposte.net"),
    "libero.it": Servers("imapmail.libero.it", "smtp.libero.it"),
    "bluewin.ch": Servers("imaps.bluewin.ch", "smtpauths.bluewin.ch"),
    "comcast.net": Servers("imap.comcast.net", "smtp.comcast.net"),
}
# What must be done at a provider before a program may log in, by the end of the name of its IMAP server.
_BEFORE = {
    "mail.me.com": "iCloud takes an app-specific password here, not your usual one: make one at account.apple.com",
    "yahoo.com": "Yahoo takes an app password here, not your usual one: make one under Account Security",
    "aol.com": "AOL takes an app password here, not your usual one: make one under Account Security",
    "fastmail.com": "Fastmail takes an app password here, not your usual one: make one under Settings, Privacy & Security",
    "zoho.com": "Zoho wants IMAP switched on in its settings and, with two-factor sign-in, an app password",
    "gmx.net": "GMX wants IMAP switched on in its settings (E-Mail, POP3/IMAP)",
    "gmx.com": "GMX wants IMAP switched on in its settings (POP3/IMAP)",
    "web.de": "WEB.DE wants IMAP switched on in its settings (E-Mail, POP3/IMAP)",
    "t-online.de": "T-Online has a password of its own for mail programs: set it in the customer centre",
    "gmail.com": "Gmail takes an app password here, or a sign-in: answer “gmail” to the question where your mail is",
    "office365.com": "Microsoft takes no passwords here: answer “outlook” to the question where your mail is",
}
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


def by_name(word: str) -> Location | None:
    """Return the location that a provider's name means, as people write it (icloud, web.de, Gmail); None if it is no name of one."""
    word = word.strip().lower()
    return next((found for end in ("", ".com", ".de", ".net", ".org") if (found := _by_table(word + end))), None)


def sending_hosts(domain: str, host: str, lookup: Lookup | None = None) -> list[str]:
    """Return the servers that may send the mail of a domain whose mailboxes are at `host`, the likeliest first (RFC 6409, RFC 8314)."""
    known = _at(host)
    if known is not None:
        return [known.smtp] if known.smtp else [host]
    lookup = lookup or in_dns
    published = lookup(f"_submissions._tcp.{domain}", "SRV") or lookup(f"_submission._tcp.{domain}", "SRV")
    beside = [f"smtp.{host.partition('.')[2]}"] if host.startswith(("imap.", "mail.")) else []
    return list(dict.fromkeys([*published[:1], *beside, host]))


def calendar_addresses(domain: str, host: str, lookup: Lookup | None = None) -> list[str]:
    """Return where the calendars of a domain whose mailboxes are at `host` may be, the likeliest first (RFC 6764)."""
    known = _at(host)
    if known is not None:
        return [known.caldav] if known.caldav else []
    published = (lookup or in_dns)(f"_caldavs._tcp.{domain}", "SRV")
    names = [
        *published[:1],
        *(f"{name}.{domain}" for name in ("caldav", "dav", "calendar", "cal", "mail", "cloud")),
        host,
        domain,
    ]
    return [f"https://{name}/" for name in dict.fromkeys(names)]


def _at(host: str) -> Servers | None:
    """Return the servers of the provider whose IMAP server this is; None if that is not known."""
    return next((servers for servers in _SERVERS.values() if servers.imap == host), None)


def preparation(host: str) -> str:
    """Return what a provider wants done before a program may log in at its IMAP server; empty if nothing is known of it."""
    return next((advice for end, advice in _BEFORE.items() if host == end or host.endswith(f".{end}")), "")


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
    if domain not in _SERVERS:
        return None
    return Location("imap", _SERVERS[domain].imap, f"{domain} is a known provider")


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

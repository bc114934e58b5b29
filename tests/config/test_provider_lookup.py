"""Where the mailbox of an address is, by what its domain tells everybody."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator, Mapping

import dns.message
import dns.resolver
import dns.rrset
import pytest

from daemon.config import provider_lookup
from daemon.config.provider_lookup import Location, locate

WORLD: Mapping[tuple[str, str], list[str]] = {
    ("workspace.example", "MX"): ["smtp.google.com"],
    ("older.example", "MX"): ["aspmx.l.google.com", "alt1.aspmx.l.google.com"],
    ("office.example", "MX"): ["office-example.mail.protection.outlook.com"],
    ("signed.example", "MX"): ["office-example.o-v1.mx.microsoft"],
    ("filtered.example", "MX"): ["mx1.filter.example"],
    ("autodiscover.filtered.example", "CNAME"): ["autodiscover.outlook.com"],
    ("srv.example", "MX"): ["mx.srv.example"],
    ("_autodiscover._tcp.srv.example", "SRV"): ["exchange.srv.example"],
    ("premises.example", "MX"): ["mx.premises.example"],
    ("plain.example", "MX"): ["mx.plain.example"],
    ("_imaps._tcp.plain.example", "SRV"): ["mail.hoster.example"],
    ("usual.example", "MX"): ["mx.usual.example"],
    ("evil.example", "MX"): ["smtp.google.com.evil.example", "notgoogle.com"],
}
ANSWERS = {
    ("exchange.srv.example", 443),
    ("autodiscover.premises.example", 443),
    ("mail.premises.example", 443),
    ("imap.usual.example", 993),
}


def where(address: str) -> Location | None:
    return locate(address, lambda name, kind: WORLD.get((name, kind), []), lambda host, port: (host, port) in ANSWERS)


@pytest.mark.parametrize(
    ("domain", "kind", "host"),
    [
        ("gmail.com", "google", None),
        ("Hotmail.com", "microsoft", None),
        ("gmx.de", "imap", "imap.gmx.net"),
        ("workspace.example", "google", None),
        ("older.example", "google", None),
        ("office.example", "microsoft", None),
        ("signed.example", "microsoft", None),
        ("filtered.example", "microsoft", None),
        ("srv.example", "exchange", "exchange.srv.example"),
        ("premises.example", "exchange", "mail.premises.example"),
        ("plain.example", "imap", "mail.hoster.example"),
        ("usual.example", "imap", "imap.usual.example"),
    ],
)
def test_the_provider_is_found_and_why_is_said(domain: str, kind: str, host: str | None) -> None:
    found = where(f"dana@{domain}")
    assert found is not None
    assert (found.kind, found.host) == (kind, host)
    assert found.because


def test_nothing_is_invented_for_a_domain_that_says_nothing() -> None:
    assert where("dana@silent.example") is None


def test_a_name_that_only_looks_like_a_providers_is_not_one() -> None:
    assert where("dana@evil.example") is None


def test_the_address_itself_is_never_told_to_anybody() -> None:
    asked: list[str] = []

    def lookup(name: str, _kind: str) -> list[str]:
        asked.append(name)
        return []

    def probe(host: str, _port: int) -> bool:
        asked.append(host)
        return False

    locate("dana.reyes@silent.example", lookup, probe)
    assert asked
    assert not any("dana" in name for name in asked)


@pytest.mark.parametrize(
    ("word", "host"),
    [("iCloud", "imap.mail.me.com"), ("web.de", "imap.web.de"), ("gmx", "imap.gmx.com"), ("posteo", "posteo.de")],
)
def test_a_provider_is_known_by_its_name(word: str, host: str) -> None:
    found = provider_lookup.by_name(word)
    assert found is not None
    assert found.host == host


def lookup(name: str, kind: str) -> list[str]:
    """What a domain publishes that has its mail at a hoster's."""
    published = {
        "_submissions._tcp.plain.example": ["smtp.hoster.example"],
        "_caldavs._tcp.plain.example": ["dav.hoster.example"],
    }
    return published.get(name, []) if kind == "SRV" else []


@pytest.mark.parametrize(
    ("domain", "host", "hosts"),
    [
        ("web.de", "imap.web.de", ["smtp.web.de"]),
        ("plain.example", "mail.hoster.example", ["smtp.hoster.example", "mail.hoster.example"]),
        ("silent.example", "imap.silent.example", ["smtp.silent.example", "imap.silent.example"]),
        ("silent.example", "mx.hoster.example", ["mx.hoster.example"]),
    ],
)
def test_mail_is_sent_by_the_providers_server_or_by_one_beside_the_mailbox(domain: str, host: str, hosts: list[str]) -> None:
    assert provider_lookup.sending_hosts(domain, host, lookup) == hosts


def test_calendars_are_looked_for_where_the_provider_or_the_domain_says_else_at_the_usual_names() -> None:
    assert provider_lookup.calendar_addresses("icloud.com", "imap.mail.me.com", lookup) == ["https://caldav.icloud.com/"]
    assert provider_lookup.calendar_addresses("comcast.net", "imap.comcast.net", lookup) == []
    published = provider_lookup.calendar_addresses("plain.example", "mail.hoster.example", lookup)
    assert published[:2] == ["https://dav.hoster.example/", "https://caldav.plain.example/"]
    assert published[-1] == "https://plain.example/"


def test_what_a_provider_wants_done_first_is_said() -> None:
    assert "app-specific password" in provider_lookup.preparation("imap.mail.me.com")
    assert provider_lookup.preparation("imap.northwind.example") == ""


@contextlib.contextmanager
def name_server(records: Mapping[tuple[str, str], list[str]]) -> Iterator[None]:
    """A DNS server on loopback that the resolver asks instead of the machine's own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))

        def serve() -> None:
            while True:
                question, sender = listener.recvfrom(4096)
                asked = dns.message.from_wire(question)
                name, kind = asked.question[0].name, dns.rdatatype.to_text(asked.question[0].rdtype)
                reply = dns.message.make_response(asked)
                said = records.get((name.to_text(omit_final_dot=True), kind))
                if said:
                    reply.answer.append(dns.rrset.from_text(name, 60, "IN", kind, *said))
                listener.sendto(reply.to_wire(), sender)

        threading.Thread(target=serve, daemon=True).start()
        before = dns.resolver.default_resolver
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], listener.getsockname()[1]
        dns.resolver.default_resolver = resolver
        try:
            yield
        finally:
            dns.resolver.default_resolver = before


def test_a_real_name_server_is_asked_and_the_preferred_host_comes_first() -> None:
    records = {
        ("workspace.example", "MX"): ["20 second.example.", "10 SMTP.Google.com."],
        ("_imaps._tcp.plain.example", "SRV"): ["10 1 993 b.example.", "5 1 993 a.example."],
        ("autodiscover.filtered.example", "CNAME"): ["autodiscover.outlook.com."],
    }
    with name_server(records):
        assert provider_lookup.in_dns("workspace.example", "MX") == ["smtp.google.com", "second.example"]
        assert provider_lookup.in_dns("_imaps._tcp.plain.example", "SRV") == ["a.example", "b.example"]
        assert provider_lookup.in_dns("autodiscover.filtered.example", "CNAME") == ["autodiscover.outlook.com"]
        assert provider_lookup.in_dns("nowhere.example", "MX") == []
        assert locate("dana@workspace.example", probe=lambda _host, _port: False) == Location(
            "google", None, "mail for workspace.example is received by smtp.google.com"
        )


def test_a_domain_that_takes_no_mail_names_no_host() -> None:
    with name_server({("nomail.example", "MX"): ["0 ."]}):  # RFC 7505
        assert provider_lookup.in_dns("nomail.example", "MX") == []


def test_a_host_that_is_not_there_does_not_answer() -> None:
    assert not provider_lookup.accepts_connections("nowhere.invalid", 443)
    assert not provider_lookup.accepts_connections("x" * 70 + ".example", 443)

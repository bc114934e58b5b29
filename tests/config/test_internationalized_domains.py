"""Clients with internationalized domains: in either spelling one client, in the file, in mail, in events and in commands."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.calendar import Window
from connectors.formats import headers, ics
from connectors.mail import Message
from daemon.config.load import load_settings
from daemon.config.office import make_office
from daemon.core.people import Directory, is_theirs
from daemon.errors import ConfigError
from daemon.glossary.parties import Office
from daemon.letters import phrases
from daemon.operations.clients import find_client

FILE = """\
accounts:
  - name: Jörg Groß
    addresses: [jörg@groß-handel.example]
    time_zone: Europe/Berlin
    mail:
      - {{type: maildir, path: Maildir}}
clients:
  - name: Müller Bau
    domains: ["{domain}"]
    addresses: ["{address}"]
state: state
"""
SPELLINGS = (
    "müller-bau.example",
    "MÜLLER-Bau.example",
    "mu\u0308ller-bau.example",
    "xn--mller-bau-q9a.example",
    "@müller-bau.example.",
)
NOW = datetime(2026, 3, 2, tzinfo=UTC)


def office(folder: Path, domain: str = "müller-bau.example", address: str = "kim@jäger.example") -> Office:
    path = folder / "config.yaml"
    path.write_text(FILE.format(domain=domain, address=address), "utf-8")
    return make_office(load_settings(path), NOW)


@pytest.mark.parametrize("configured", SPELLINGS)
@pytest.mark.parametrize("written", ["kim@müller-bau.example", "kim@xn--mller-bau-q9a.example", "kim@mail.Müller-Bau.example"])
def test_either_spelling_is_the_client(tmp_path: Path, configured: str, written: str) -> None:
    firm = office(tmp_path, configured)
    (sender,) = headers.parse_addresses(f"Kim <{written}>")
    assert Directory(firm).client_of(firm.accounts[0].address, Message("<1@x>", NOW, NOW, sender)) == "Müller Bau"
    assert Directory(firm).match(written) == "Müller Bau"
    assert is_theirs(firm.clients[0], written)


@pytest.mark.parametrize("configured", ["kim@jäger.example", "Kim@JÄGER.example", "kim@xn--jger-loa.example"])
def test_a_single_address_is_known_in_either_spelling(tmp_path: Path, configured: str) -> None:
    directory = Directory(office(tmp_path, address=configured))
    assert directory.match("kim@xn--jger-loa.example") == directory.match("kim@jäger.example") == "Müller Bau"


def test_ones_own_address_is_known_in_either_spelling(tmp_path: Path) -> None:
    firm = office(tmp_path)
    (sender,) = headers.parse_addresses("Jörg <jörg@xn--gro-handel-73a.example>")
    assert sender.email in firm.accounts[0].addresses


def test_an_attendee_is_the_client_in_either_spelling(tmp_path: Path) -> None:
    directory = Directory(office(tmp_path))
    event = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260303T100000Z\r\nDTEND:20260303T110000Z\r\n"
        "ATTENDEE:mailto:kim@müller-bau.example\r\nATTENDEE:MAILTO:tom@XN--MLLER-BAU-Q9A.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (read,) = ics.read(event, Window(NOW, datetime(2026, 4, 1, tzinfo=UTC)))
    assert [directory.match(a.email) for a in read.attendees] == ["Müller Bau", "Müller Bau"]


def test_a_domain_that_two_clients_share_in_two_spellings_is_a_mistake(tmp_path: Path) -> None:
    text = FILE.format(domain="müller-bau.example", address="kim@jäger.example").replace(
        "state: state", "  - name: Other\n    domains: [xn--mller-bau-q9a.example]\nstate: state"
    )
    path = tmp_path / "config.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(ConfigError, match="already belongs to Müller Bau"):
        load_settings(path)


@pytest.mark.parametrize(
    "argument", ["Müller Bau", "mu\u0308ller", "müller-bau.example", "xn--mller-bau-q9a.example", "kim@müller-bau.example"]
)
def test_a_command_finds_the_client_by_name_or_domain(tmp_path: Path, argument: str) -> None:
    assert find_client(office(tmp_path), argument).name == "Müller Bau"


def test_a_letter_shows_the_domain_as_people_write_it() -> None:
    assert phrases.person("info@xn--mller-bau-q9a.example") == "info@müller-bau.example"

"""Log-ins are tried at once, on whichever port and with whichever TLS the server has, and the password goes nowhere else."""

from __future__ import annotations

import pytest
from servers import mail_servers, ports, processes
from servers.caldav_servers import meddler, radicale_over_tls
from servers.cyrus import Cyrus

from connectors.errors import ConnectorError
from connectors.net.certificates import UntrustedCertificateError
from connectors.net.refusals import LoginRefusedError
from daemon.setup.connections import Login, calendar_server, calendars_at, mail_settings
from daemon.setup.typed import Server

pytestmark = pytest.mark.server
USER = "alice@example.test"


def login(dovecot: processes.Dovecot, *, trusting: bool = True, password: str = processes.PASSWORD) -> Login:
    return Login(USER, password, str(dovecot.ca_file) if trusting else "")


def test_a_port_with_tls_from_the_beginning_is_recognised(dovecot: processes.Dovecot) -> None:
    settings, lines = mail_settings("imap", [Server("localhost", dovecot.tls_port)], login(dovecot))
    assert (settings["tls"], settings["port"], "password" in settings) == ("implicit", dovecot.tls_port, False)
    assert any("INBOX" in line for line in lines)


def test_a_port_with_starttls_is_recognised(dovecot: processes.Dovecot) -> None:
    settings, _ = mail_settings("imap", [Server("localhost", dovecot.port)], login(dovecot))
    assert settings["tls"] == "starttls"


@pytest.mark.parametrize("tls", ["implicit", "starttls", "none"])
def test_a_server_for_sending_is_recognised_whatever_its_tls(tls: str) -> None:
    with mail_servers.smtp_sink(tls, log_in=True) as sink:
        settings, _ = mail_settings("smtp", [Server("localhost", sink.port)], Login(sink.user, sink.password, str(sink.ca_file)))
    assert settings["tls"] == tls


def test_of_several_servers_the_one_that_answers_is_taken(dovecot: processes.Dovecot) -> None:
    servers = [Server("mail.nowhere.invalid"), Server("localhost", ports.free_port()), Server("localhost", dovecot.tls_port)]
    assert mail_settings("imap", servers, login(dovecot))[0]["port"] == dovecot.tls_port


def test_a_wrong_password_is_refused_once_and_tried_nowhere_else(dovecot: processes.Dovecot) -> None:
    with mail_servers.proxy(dovecot.tls_port) as between:
        places = [Server("localhost", dovecot.tls_port), Server("localhost", between.port)]
        with pytest.raises(LoginRefusedError):
            mail_settings("imap", places, login(dovecot, password="wrong"))
        assert between.connections == 1  # whether the port is open, and no log-in


def test_a_certificate_that_nobody_vouches_for_is_said(dovecot: processes.Dovecot) -> None:
    with pytest.raises(UntrustedCertificateError):
        mail_settings("imap", [Server("localhost", dovecot.tls_port)], login(dovecot, trusting=False))


def test_a_host_that_is_not_there_is_told_from_one_that_does_not_answer() -> None:
    with pytest.raises(ConnectorError, match=r"no server named mail\.nowhere\.invalid"):
        mail_settings("imap", [Server("mail.nowhere.invalid")], Login(USER, "x"))
    port = ports.free_port()
    with pytest.raises(ConnectorError, match=f"localhost does not answer on port {port}"):
        mail_settings("imap", [Server("localhost", port)], Login(USER, "x"))


def test_a_calendar_server_is_found_without_a_log_in(radicale: processes.Dav) -> None:
    with meddler(radicale) as between:
        assert calendar_server([f"http://127.0.0.1:{ports.free_port()}/", between.url]) == between.url
        assert {method for method, _ in between.seen} == {"PROPFIND"}


def test_a_web_server_that_knows_no_calendars_is_not_taken_for_one(radicale: processes.Dav) -> None:
    with meddler(radicale) as between:
        between.meddle.append(lambda _method, _path: (405, {}, "only GET here"))
        assert calendar_server([between.url]) is None


def test_the_calendars_of_a_log_in_are_listed(cyrus: Cyrus) -> None:
    dav = cyrus.dav("listing@example.test")
    url, calendars = calendars_at(
        [f"https://127.0.0.1:{cyrus.dav_port}/", dav.url], Login("listing@example.test", cyrus.password)
    )
    assert url == dav.url
    assert [calendar.read_only for calendar in calendars] == [False]


def test_a_wrong_password_for_calendars_is_refused(radicale: processes.Dav) -> None:
    with pytest.raises(LoginRefusedError):
        calendars_at([radicale.url], Login("alice", "wrong"))


def test_a_calendar_servers_own_certificate_may_be_named() -> None:
    with radicale_over_tls() as (dav, certificate):
        with pytest.raises(UntrustedCertificateError):
            calendars_at([dav.url], Login("alice", dav.password))
        with pytest.raises(ConnectorError, match="has no calendar"):
            calendars_at([dav.url], Login("alice", dav.password, str(certificate)))

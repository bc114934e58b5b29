"""Log-ins are tried at once, on whichever port and with whichever TLS the server has, and the password goes nowhere else."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from servers import mail_servers, ports, processes
from servers.caldav_servers import meddler, radicale_over_tls
from servers.cyrus import Cyrus
from servers.scripted_imap import scripted_imap

from connectors.errors import ConnectorError
from connectors.net.certificates import UntrustedCertificateError
from connectors.net.refusals import LoginPostponedError, LoginRefusedError, WrongTlsError, login_error
from daemon.setup.connections import Login, Service, calendar_server, calendars_at, mail_settings
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


@pytest.mark.parametrize("service", ["imap", "smtp"])
def test_who_offers_encryption_with_a_certificate_that_is_not_trusted_gets_no_password_without(
    dovecot: processes.Dovecot, service: Service
) -> None:
    with mail_servers.smtp_sink("starttls", log_in=True) as sink:
        commands: list[str] = []
        sink.watch = commands.append
        server = Server("localhost", dovecot.port if service == "imap" else sink.port)
        with pytest.raises(UntrustedCertificateError):
            mail_settings(service, [server], login(dovecot, trusting=False))
        assert "AUTH" not in commands


def test_an_untrusted_port_keeps_the_password_from_the_unencrypted_port_of_the_same_host(dovecot: processes.Dovecot) -> None:
    with scripted_imap() as plain:
        servers = [Server("localhost", dovecot.tls_port), Server("localhost", plain.port)]
        with pytest.raises(UntrustedCertificateError):
            mail_settings("imap", servers, login(dovecot, trusting=False))
        assert not any(command.startswith("LOGIN") for command in plain.said)


def test_encryption_that_is_offered_and_then_refused_is_not_done_without() -> None:
    with scripted_imap() as server:
        server.capabilities = b"IMAP4rev1 STARTTLS"
        server.instead["STARTTLS"] = b"NO\r\n"
        with pytest.raises(ConnectorError, match="offers STARTTLS but could not begin it"):
            mail_settings("imap", [Server("localhost", server.port)], Login(USER, "x"))
        assert not any(command.startswith("LOGIN") for command in server.said)


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


def test_an_untrusted_calendar_server_keeps_the_password_from_the_same_host_without_encryption(radicale: processes.Dav) -> None:
    with radicale_over_tls() as (dav, _), meddler(radicale) as plain:
        port = plain.url.rstrip("/").rpartition(":")[2]
        with pytest.raises(UntrustedCertificateError):
            calendars_at([dav.url, f"http://localhost:{port}/"], Login("alice", dav.password))
        assert plain.seen == []


def test_a_calendar_server_without_encryption_on_this_machine_is_reached_without(cyrus: Cyrus) -> None:
    dav = cyrus.dav("plain@example.test")
    assert dav.url.startswith("http:")
    urls = [dav.url.replace("http:", "https:"), dav.url]
    assert calendars_at(urls, Login("plain@example.test", cyrus.password))[0] == dav.url


# --- whatever goes wrong is told as what it is ---

LOCKED = {"locked@example.test": "Account_locked", "app@example.test": "Application-specific_password_required"}
NO_TLS = "ssl = no\nlisten = *\nservice imap-login {\n  inet_listener imaps {\n    port = 0\n  }\n}"


def told(service: Service, server: Server, login: Login) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        mail_settings(service, [server], login)
    return caught.value


@pytest.fixture
def elsewhere() -> str:
    """A name of this machine that is not known to be this machine's, so that nothing is sent there in the clear."""
    try:
        name = socket.gethostname()
        if socket.gethostbyname(name).startswith("127."):
            return name
    except OSError:
        pass
    pytest.skip("needs this machine's name to stand in /etc/hosts with an address of loopback")


@pytest.fixture
def locking() -> Iterator[processes.Dovecot]:
    with processes.dovecot(locked=LOCKED) as server:
        yield server


@pytest.mark.parametrize(
    ("user", "words", "helps"),
    [
        ("locked@example.test", "the account is locked or switched off there: no other password helps", "deed"),
        ("app@example.test", "wants an app password here, not your usual one", "password"),
    ],
)
def test_who_is_kept_out_learns_why_instead_of_being_asked_for_another_password(
    locking: processes.Dovecot, user: str, words: str, helps: str
) -> None:
    error = told("imap", Server("localhost", locking.tls_port), Login(user, processes.PASSWORD, str(locking.ca_file)))
    assert isinstance(error, LoginRefusedError)
    assert words in error.message
    assert error.helps == helps


def test_a_server_without_encryption_is_sent_no_password(elsewhere: str) -> None:
    with processes.dovecot(NO_TLS) as server:
        error = told("imap", Server(elsewhere, server.port), Login(USER, processes.PASSWORD))
        assert f"offers no encryption on port {server.port}, and without it Kept sends no password" in error.message
        assert mail_settings("imap", [Server("localhost", server.port)], Login(USER, processes.PASSWORD))[0]["tls"] == "none"


def test_an_expired_certificate_is_no_matter_of_a_file() -> None:
    with processes.dovecot(expired=True) as server:
        error = told("imap", Server("localhost", server.tls_port), Login(USER, processes.PASSWORD, str(server.ca_file)))
    assert isinstance(error, UntrustedCertificateError)
    assert (error.fault, "has expired" in error.message) == ("expired", True)


def test_a_certificate_for_another_name_is_told_from_one_that_nobody_vouches_for() -> None:
    with mail_servers.smtp_sink("implicit") as sink, processes.dovecot("listen = *") as server:
        other = told("imap", Server("127.0.0.2", server.tls_port), Login(USER, processes.PASSWORD, str(server.ca_file)))
        unknown = told("smtp", Server("localhost", sink.port), Login(USER, processes.PASSWORD))
    assert isinstance(other, UntrustedCertificateError)
    assert isinstance(unknown, UntrustedCertificateError)
    assert (other.fault, unknown.fault) == ("name", "unknown")


def test_the_port_of_another_kind_of_server_is_told_by_what_answers_there(
    dovecot: processes.Dovecot, radicale: processes.Dav
) -> None:
    assert (
        "has a server for incoming mail (IMAP) on port" in told("smtp", Server("localhost", dovecot.port), login(dovecot)).message
    )
    with mail_servers.smtp_sink() as sink:
        assert "has a server for outgoing mail (SMTP) on" in told("imap", Server("localhost", sink.port), login(dovecot)).message
    web = int(radicale.url.rstrip("/").rpartition(":")[2])
    assert "but not as a mail server does" in told("imap", Server("localhost", web), login(dovecot)).message


@pytest.mark.parametrize(
    ("answer", "kind", "words"),
    [
        ("534 5.7.9 Application-specific password required", LoginRefusedError, "wants an app password"),
        ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.", LoginRefusedError, "sending by"),
        ("535 5.7.139 Authentication unsuccessful, basic authentication is disabled.", LoginRefusedError, "no passwords from programs"),
        ("535 5.7.8 Error: authentication failed", LoginRefusedError, "check the user name and the password"),
        ("525 5.7.13 User account disabled", LoginRefusedError, "locked or switched off"),
        ("432 4.7.12 A password transition is needed", LoginRefusedError, "the password has expired"),
        ("454 4.7.0 Temporary authentication failure", LoginPostponedError, "try again in some minutes"),
        ("535 5.7.0 Too many bad auth attempts", LoginPostponedError, "try again in some minutes"),
    ],
)  # fmt: skip
def test_what_a_server_for_sending_answers_to_a_log_in_is_told_as_what_it_means(
    answer: str, kind: type[ConnectorError], words: str
) -> None:
    with mail_servers.smtp_sink("implicit", log_in=True) as sink:
        sink.trouble["AUTH"] = answer
        error = told("smtp", Server("localhost", sink.port), Login(sink.user, sink.password, str(sink.ca_file)))
    assert isinstance(error, kind)
    assert words in error.message


def test_who_wants_encryption_first_is_no_judge_of_a_password() -> None:
    error = login_error(
        "mail.example", "dana", "[PRIVACYREQUIRED] Plaintext authentication disallowed", passing=False, granted=False
    )
    assert isinstance(error, WrongTlsError)

"""Reaching a CalDAV server: passwords, certificates, and nothing in the clear."""

from __future__ import annotations

import os
import socket
import ssl
import threading
from pathlib import Path

import pytest
from contracts.caldav_contract import new_calendar, opened
from contracts.calendar_contract import WINDOW
from servers import ports, processes
from servers.caldav_servers import radicale_over_tls

from connectors.caldav.calendar import CaldavCalendar
from connectors.caldav.dav import Dav, element
from connectors.errors import ConnectorError

pytestmark = pytest.mark.server


def test_a_wrong_password_is_for_the_person_to_put_right(radicale: processes.Dav) -> None:
    calendar = CaldavCalendar(radicale.url, "alice", lambda: "wrong")
    with pytest.raises(ConnectorError, match="does not accept the user name alice or its password") as caught:
        calendar.check()
    assert caught.value.permanent


def test_a_corrected_password_is_asked_for_again(radicale: processes.Dav) -> None:
    passwords = iter(["wrong", radicale.password])
    path = new_calendar(radicale, "/alice/")
    calendar = CaldavCalendar(radicale.url, "alice", lambda: next(passwords), path)
    with pytest.raises(ConnectorError):
        calendar.find("x")
    assert calendar.find("x") is None


def test_a_server_that_is_not_there_may_be_there_later() -> None:
    with pytest.raises(ConnectorError, match="cannot be reached") as caught:
        CaldavCalendar(f"http://127.0.0.1:{ports.free_port()}/", "alice", lambda: "x").busy_times(WINDOW)
    assert (caught.value.permanent, caught.value.unknown) == (False, False)


def test_nothing_is_sent_over_the_network_in_the_clear() -> None:
    with pytest.raises(ConnectorError, match="use https") as caught:
        CaldavCalendar("http://calendar.example/", "alice", lambda: "x")
    assert caught.value.permanent


def test_a_certificate_nobody_vouches_for_is_refused_until_it_is_named() -> None:
    with radicale_over_tls() as (server, certificate):
        with pytest.raises(ConnectorError, match="ca_file") as caught:
            opened(server, None).check()
        assert caught.value.permanent
        trusting = Dav(server.url, "alice", lambda: server.password, certificate, 10)
        trusting.request("MKCALENDAR", "/alice/work/", element("c:mkcalendar", ""))
        assert opened(server, "/alice/work/", ca_file=certificate).find("x") is None


def test_tls_that_breaks_after_a_booking_was_sent_is_no_bad_certificate_and_leaves_it_unknown(tmp_path: Path) -> None:
    certificate, key = processes.certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_with_noise() -> None:
            connection, _ = listener.accept()
            with context.wrap_socket(connection, server_side=True) as session:
                session.recv(65536)
                os.write(session.fileno(), b"this is not TLS\r\n" * 8)

        threading.Thread(target=answer_with_noise, daemon=True).start()
        server = Dav(f"https://127.0.0.1:{listener.getsockname()[1]}/", "alice", lambda: "x", certificate, 10)
        with pytest.raises(ConnectorError, match="cannot be reached") as caught:
            server.request("PUT", "/alice/work/x.ics", "BEGIN:VCALENDAR")
    assert (caught.value.unknown, caught.value.permanent) == (True, False)


def test_nobody_is_asked_for_anything_before_it_is_needed(radicale: processes.Dav) -> None:
    def password() -> str:
        pytest.fail("the password was asked for")

    CaldavCalendar(radicale.url, "alice", password).close()

"""The SMTP transport, against a server that fails on demand."""

from __future__ import annotations

import dataclasses
import logging
import time
from typing import Any

import pytest
from contracts.mailbox_contract import DRAFT
from servers.fixed_grant import FixedGrant
from servers.mail_servers import Sink, smtp_sink
from servers.ports import free_port
from servers.processes import OAUTH_TOKEN, Missing

from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.mail import Address, Role
from connectors.net.refusals import LoginRefusedError
from connectors.smtp import SmtpTransport


def transport_of(sink: Sink, **settings: Any) -> SmtpTransport:
    return SmtpTransport(**{"host": sink.host, "port": sink.port, "tls": "none", "timeout": 5, **settings})


def failure(transport: SmtpTransport) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        transport.send(DRAFT)
    assert "\n" not in caught.value.message
    return caught.value


def test_a_mail_arrives_as_it_was_written(smtp_sink: Sink) -> None:
    draft = dataclasses.replace(DRAFT, cc=(Address("lee@acme.example"),), text="Hello\n.\n..\n.a line with a dot\nGrüße\n")
    assert "taken as 1" in transport_of(smtp_sink).send(draft).reference
    ((sender, recipients, raw),) = smtp_sink.taken
    assert (sender, recipients) == ("alice@example.test", ("kim@acme.example", "lee@acme.example"))
    message = mime.parse(raw, role=Role.SENT, folder="Sent")
    assert (message.message_id, message.subject, message.text) == (draft.message_id, draft.subject, draft.text)
    assert message.headers["x-kept-id"] == "abc"


def test_nobody_is_written_to_twice_in_one_mail(smtp_sink: Sink) -> None:
    transport_of(smtp_sink).send(dataclasses.replace(DRAFT, cc=DRAFT.to))
    assert smtp_sink.taken[0][1] == ("kim@acme.example",)


def test_a_mail_to_nobody_is_refused_before_the_server_is_asked() -> None:
    with pytest.raises(ConnectorError, match="no recipient") as caught:
        SmtpTransport("127.0.0.1", free_port(), "none").send(dataclasses.replace(DRAFT, to=()))
    assert caught.value.permanent


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_refusal_for_now_is_tried_again_and_one_for_good_is_not(smtp_sink: Sink, command: str) -> None:
    for answer, permanent in (("451 try later", False), ("550 never", True)):
        smtp_sink.trouble = {command: answer}
        error = failure(transport_of(smtp_sink))
        assert (error.permanent, error.unknown) == (permanent, False)
        assert answer[4:] in error.message
    assert smtp_sink.taken == []


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("trouble", ["drop", "hang"])
def test_a_connection_that_breaks_before_the_last_dot_has_sent_nothing(smtp_sink: Sink, command: str, trouble: str) -> None:
    smtp_sink.trouble = {command: trouble}
    error = failure(transport_of(smtp_sink, timeout=0.5))
    assert (error.permanent, error.unknown) == (False, False)
    assert smtp_sink.taken == []


@pytest.mark.parametrize("trouble", ["drop", "hang"])
def test_a_connection_that_breaks_behind_the_last_dot_leaves_it_unknown_and_sends_once(smtp_sink: Sink, trouble: str) -> None:
    smtp_sink.trouble = {"DOT": trouble}
    error = failure(transport_of(smtp_sink, timeout=0.5))
    assert (error.permanent, error.unknown) == (False, True)
    assert (smtp_sink.attempts, len(smtp_sink.taken)) == (1, 1)


def test_one_refused_recipient_stops_the_mail_and_is_named(smtp_sink: Sink) -> None:
    smtp_sink.trouble = {"RCPT": "550 no such user"}
    assert "kim@acme.example" in failure(transport_of(smtp_sink)).message


def test_a_server_that_is_not_there_is_tried_again() -> None:
    error = failure(SmtpTransport("127.0.0.1", free_port(), "none"))
    assert not error.permanent
    assert "refused the connection" in error.message


def test_nothing_goes_to_another_machine_in_the_clear() -> None:
    error = failure(SmtpTransport("mail.acme.example", tls="none", username="a", password=lambda: pytest.fail("asked")))
    assert error.permanent
    assert "without encryption" in error.message


def test_whether_it_was_sent_the_server_cannot_tell() -> None:
    assert SmtpTransport("127.0.0.1").was_sent(DRAFT.message_id) is None


def test_check_logs_in_and_sends_nothing(smtp_sink: Sink) -> None:
    transport = transport_of(smtp_sink)
    assert "accepts mail" in transport.check()[0]
    transport.close()
    transport.close()
    assert (smtp_sink.attempts, smtp_sink.taken) == (0, [])


@pytest.mark.parametrize("tls", ["implicit", "starttls"])
def test_tls_is_spoken_verified_and_logged_in_over(tls: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    try:
        server = smtp_sink_of(tls)
    except Missing as missing:
        pytest.skip(str(missing))
    with server as sink:
        given: dict[str, Any] = {"tls": tls, "username": sink.user, "password": lambda: sink.password}
        transport_of(sink, **given, ca_file=sink.ca_file).send(DRAFT)
        assert len(sink.taken) == 1

        unverified = failure(transport_of(sink, **given))
        assert unverified.permanent
        assert "ca_file" in unverified.message

        wrong = failure(transport_of(sink, **{**given, "password": lambda: "wrong-horse"}, ca_file=sink.ca_file))
        assert wrong.permanent
        assert sink.user in wrong.message
        assert "wrong-horse" not in wrong.message + caplog.text

        sink.trouble = {"AUTH": "454 later"}
        assert not failure(transport_of(sink, **given, ca_file=sink.ca_file)).permanent
        assert len(sink.taken) == 1


@pytest.mark.parametrize("password", ["sécrêt", "秘密"])
def test_a_password_in_any_letters_logs_in_and_another_is_refused(password: str) -> None:
    with smtp_sink(log_in=True) as sink:
        sink.user, sink.password = "jürgen", password
        transport_of(sink, username="jürgen", password=lambda: password).check()
        with pytest.raises(LoginRefusedError, match="refused to log jürgen in"):
            transport_of(sink, username="jürgen", password=lambda: f"{password}!").check()


def test_a_server_without_starttls_gets_no_password(smtp_sink: Sink) -> None:
    error = failure(transport_of(smtp_sink, tls="starttls", username="a", password=lambda: pytest.fail("asked")))
    assert error.permanent
    assert "STARTTLS" in error.message


def test_tls_on_a_port_without_it_says_what_to_try(smtp_sink: Sink) -> None:
    error = failure(transport_of(smtp_sink, tls="implicit", timeout=2))
    assert error.permanent
    assert "tls: starttls" in error.message


def test_a_slow_goodbye_holds_nobody_up(smtp_sink: Sink) -> None:
    smtp_sink.trouble["QUIT"] = "hang"  # for a minute
    began = time.monotonic()
    transport_of(smtp_sink, timeout=60).send(DRAFT)
    assert time.monotonic() - began < 30


def smtp_sink_of(tls: str) -> Any:
    return smtp_sink(tls, log_in=True)


@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_a_token_logs_in_by_what_is_offered_and_is_renewed_once(mechanism: str) -> None:
    with smtp_sink(log_in=True, by_token=mechanism) as sink:
        grant = FixedGrant(sink.user, "stale", OAUTH_TOKEN)
        transport_of(sink, username=sink.user, oauth=grant).send(DRAFT)
        assert (grant.refusals, len(sink.taken)) == (["stale"], 1)
        gone = FixedGrant(sink.user, "stale")
        error = failure(transport_of(sink, username=sink.user, oauth=gone))
        assert (error.permanent, error.unknown, len(sink.taken)) == (True, False, 1)
        assert "kept auth" in error.message


def test_a_port_that_speaks_tls_from_the_beginning_is_told_at_once() -> None:
    with smtp_sink("implicit") as sink:
        error = failure(transport_of(sink, tls="starttls", username=None))
    assert error.permanent
    assert "tls: implicit" in error.message

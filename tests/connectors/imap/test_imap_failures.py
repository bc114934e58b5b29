"""Logging in to an IMAP server, and all that goes wrong on the way: one clear line, and the right bit for trying again."""

from __future__ import annotations

import dataclasses
import logging
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from contracts.mailbox_contract import DAY, DRAFT, SINCE, Reader, mail
from imapclient import IMAPClient
from servers.fixed_grant import FixedGrant
from servers.mail_servers import fresh_user, mailbox_of, proxy
from servers.ports import free_port
from servers.processes import Dovecot, certificate

from connectors.errors import ConnectorError
from connectors.imap.mailbox import ImapMailbox
from connectors.net.tls import server_text

pytestmark = pytest.mark.server


def failure(mailbox: ImapMailbox) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        list(mailbox.poll(None, SINCE))
    mailbox.close()
    assert "\n" not in caught.value.message
    return caught.value


def test_tls_is_spoken_and_verified_both_ways(dovecot: Dovecot) -> None:
    for tls, port in (("implicit", dovecot.tls_port), ("starttls", dovecot.port)):
        mailbox = mailbox_of(dovecot, fresh_user(), host="localhost", port=port, tls=tls, ca_file=dovecot.ca_file)
        assert Reader(mailbox).read() == []
        mailbox.close()


def test_a_certificate_that_nobody_vouches_for_is_refused(dovecot: Dovecot, tmp_path: Path) -> None:
    for tls, port in (("implicit", dovecot.tls_port), ("starttls", dovecot.port)):
        error = failure(mailbox_of(dovecot, fresh_user(), port=port, tls=tls))
        assert error.permanent
        assert "certificate" in error.message
        assert "ca_file" in error.message
    other, _ = certificate(tmp_path, "elsewhere.example")
    assert failure(mailbox_of(dovecot, fresh_user(), port=dovecot.tls_port, tls="implicit", ca_file=other)).permanent


def test_a_certificate_for_another_name_is_refused(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *rest, **more: real("127.0.0.1", *rest, **more))
    error = failure(
        mailbox_of(
            dovecot, fresh_user(), host="mail.acme.example", port=dovecot.tls_port, tls="implicit", ca_file=dovecot.ca_file
        )
    )
    assert error.permanent
    assert "certificate" in error.message


def test_a_certificate_file_that_is_none_is_said(dovecot: Dovecot, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("nothing of the kind")
    for file in ("ca.pem", "missing.pem"):
        error = failure(mailbox_of(dovecot, fresh_user(), tls="starttls", ca_file=tmp_path / file))
        assert error.permanent
        assert file in error.message


def test_nothing_goes_to_another_machine_in_the_clear() -> None:
    error = failure(
        ImapMailbox("mail.acme.example", tls="none", username="a", password=lambda: pytest.fail("asked for the secret"))
    )
    assert error.permanent
    assert "without encryption" in error.message


def test_tls_on_a_port_without_it_says_what_to_try(dovecot: Dovecot) -> None:
    error = failure(mailbox_of(dovecot, fresh_user(), tls="implicit"))
    assert error.permanent
    assert "tls: starttls" in error.message


def test_a_wrong_password_is_permanent_and_never_shown(dovecot: Dovecot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    error = failure(mailbox_of(dovecot, "alice@example.test", password=lambda: "wrong-horse"))
    assert error.permanent
    assert "alice@example.test" in error.message
    assert "wrong-horse" not in error.message + caplog.text


def test_a_password_of_any_letters_logs_in_or_is_refused(dovecot: Dovecot) -> None:
    assert failure(mailbox_of(dovecot, "alice@example.test", password=lambda: 'Schlüssel"\\ {3}')).permanent


def test_the_right_password_is_in_no_log(dovecot: Dovecot, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    user = fresh_user()
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as other:
        other.login(user, dovecot.password)
        other.append("INBOX", mail(1, "a confidential word"))
    caplog.clear()
    assert len(Reader(mailbox_of(dovecot, user)).read()) == 1
    assert dovecot.password not in caplog.text
    assert "confidential" not in caplog.text


@pytest.mark.parametrize("offered", ["OAUTHBEARER", "XOAUTH2"])
def test_a_token_logs_in_by_either_mechanism(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, offered: str) -> None:
    said: list[str] = []
    can, check = IMAPClient.has_capability, IMAPClient._command_and_check
    monkeypatch.setattr(
        IMAPClient, "has_capability", lambda client, name: can(client, name) and name != f"AUTH={_other(offered)}"
    )

    def noted(client: IMAPClient, *words: Any, **more: Any) -> Any:
        said.extend(words[1:2])
        return check(client, *words, **more)

    monkeypatch.setattr(IMAPClient, "_command_and_check", noted)
    mailbox = mailbox_of(
        dovecot, "oauth@example.test", password=None, oauth=FixedGrant("oauth@example.test", dovecot.oauth_token)
    )
    assert mailbox.check()
    assert offered in said
    mailbox.close()


def _other(mechanism: str) -> str:
    return "XOAUTH2" if mechanism == "OAUTHBEARER" else "OAUTHBEARER"


def test_a_token_that_is_refused_is_renewed_once_and_logs_in(dovecot: Dovecot) -> None:
    grant = FixedGrant("oauth@example.test", "stale", dovecot.oauth_token)
    mailbox = mailbox_of(dovecot, "oauth@example.test", password=None, oauth=grant)
    assert mailbox.check()
    assert grant.refusals == ["stale"]
    mailbox.close()


def test_a_consent_that_is_gone_asks_to_sign_in_again(dovecot: Dovecot) -> None:
    grant = FixedGrant("oauth@example.test", "stale")
    error = failure(mailbox_of(dovecot, "oauth@example.test", password=None, oauth=grant))
    assert error.permanent
    assert "kept auth oauth@example.test" in error.message
    assert grant.refusals == ["stale"]


def test_a_server_that_is_not_there_is_tried_again(dovecot: Dovecot) -> None:
    error = failure(mailbox_of(dovecot, "a@example.test", port=free_port()))
    assert not error.permanent
    assert "refused the connection" in error.message
    error = failure(ImapMailbox("no-such-host.invalid", username="a", password=lambda: "b"))
    assert not error.permanent
    assert "no-such-host.invalid" in error.message


def test_a_connection_that_breaks_anywhere_loses_and_repeats_nothing(dovecot: Dovecot) -> None:
    user = fresh_user()
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as other:
        other.login(user, dovecot.password)
        for number in range(40):
            other.append("INBOX", mail(number), msg_time=DAY)
    failures: list[ConnectorError] = []
    with proxy(dovecot.port) as between:
        for cut in range(0, 24_000, 1_500):
            between.cut = cut
            mailbox = mailbox_of(dovecot, user, port=between.port, timeout=5)
            stored: list[str] = []
            cursor = None
            try:
                for batch in mailbox.poll(None, SINCE):
                    stored += [m.message_id for m in batch.messages]
                    cursor = batch.cursor
            except ConnectorError as error:
                failures.append(error)
            between.cut = None
            rest = Reader(mailbox, cursor).read()
            assert sorted(stored + [m.message_id for m in rest]) == sorted(f"<{n}@acme.example>" for n in range(40))
            mailbox.close()
    assert len(failures) >= 10
    assert not any(error.permanent or error.unknown for error in failures)


def test_a_server_that_goes_quiet_is_given_up_in_time(dovecot: Dovecot) -> None:
    with proxy(dovecot.port) as between:
        between.cut, between.mute = 200, True
        began = time.monotonic()
        error = failure(mailbox_of(dovecot, "a@example.test", port=between.port, timeout=1))
        assert time.monotonic() - began < 20, "its own timeout holds, not the usual one of 30 s"
        assert not error.permanent
        assert "did not answer" in error.message


def test_a_connection_that_breaks_while_waiting_is_said(dovecot: Dovecot) -> None:
    with proxy(dovecot.port) as between:
        mailbox = mailbox_of(dovecot, fresh_user(), port=between.port)
        assert mailbox.wait(0.1) is False
        between.cut = len(b"+ idling\r\n")  # the go-ahead of the next wait, then the end
        began = time.monotonic()
        with pytest.raises(ConnectorError) as caught:
            mailbox.wait(120)
        assert time.monotonic() - began < 60
        assert not caught.value.permanent


def test_a_draft_whose_fate_nobody_knows_is_unknown(dovecot: Dovecot) -> None:
    user = fresh_user()
    with proxy(dovecot.port) as between:
        mailbox = mailbox_of(dovecot, user, port=between.port)
        mailbox.check()
        assert mailbox._session is not None
        real = mailbox._session._client.append

        def cut_off(*args: Any) -> Any:
            between.cut = 0
            return real(*args)

        mailbox._session._client.append = cut_off
        with pytest.raises(ConnectorError) as caught:
            mailbox.save_draft(DRAFT)
        assert caught.value.unknown
        assert not caught.value.permanent
        between.cut = None
        assert mailbox.has_message(DRAFT.message_id) in {True, False}
        mailbox.close()


def test_a_full_mailbox_is_read_and_says_that_no_draft_fits(dovecot: Dovecot) -> None:
    mailbox = mailbox_of(dovecot, "full@example.test")
    large = dataclasses.replace(DRAFT, text="A line of a long draft.\n" * 300)
    mailbox.save_draft(large)
    mailbox.save_draft(large)
    with pytest.raises(ConnectorError, match="is full") as caught:
        mailbox.save_draft(large)
    assert caught.value.permanent
    assert not caught.value.unknown
    list(mailbox.poll(None, SINCE))
    mailbox.close()


def test_a_server_without_idle_is_waited_for(dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    mailbox = mailbox_of(dovecot, fresh_user())
    real = IMAPClient.has_capability
    monkeypatch.setattr(IMAPClient, "has_capability", lambda self, name: name != "IDLE" and real(self, name))
    began = time.monotonic()
    assert mailbox.wait(0.3) is True
    assert time.monotonic() - began >= 0.3
    mailbox.close()


@pytest.mark.parametrize("tls", ["starttls", "none"])
def test_a_port_that_speaks_tls_from_the_beginning_is_told_at_once(dovecot: Dovecot, tls: str) -> None:
    began = time.monotonic()
    error = failure(mailbox_of(dovecot, "a@example.test", port=dovecot.tls_port, tls=tls, ca_file=dovecot.ca_file))
    assert time.monotonic() - began < 15
    assert error.permanent
    assert "tls: implicit" in error.message


def test_no_sentence_has_bytes_as_python_writes_them() -> None:
    for refused in (
        "LOGIN command error: BAD [b'Command disabled']",
        "b'Command disabled'",
        '[b"Command disabled"]',
        b"Command disabled",
    ):
        assert server_text(refused).endswith("Command disabled")
        assert "b'" not in server_text(refused)

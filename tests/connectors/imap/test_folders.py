"""Names and numbering of folders as servers have them: each oddity costs one folder at most, and is said."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from contracts.mailbox_contract import DAY, DRAFT, Reader, mail
from imapclient import IMAPClient
from servers.mail_servers import fresh_user, mailbox_of
from servers.processes import Dovecot
from servers.scripted_imap import Scripted, scripted_imap

from connectors.imap import folders

pytestmark = pytest.mark.server


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted_imap() as state:
        state.folders = {b"INBOX": {1: mail(1)}}
        yield state


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"R&D", "R&D"),
        (b"R&-D", "R&D"),
        ("Verträge".encode(), "Verträge"),
        ("Verträge".encode("latin-1"), "Verträge"),
        (b"Vertr&AOQ-ge", "Verträge"),
        (b'say "when"', 'say "when"'),
        (b"back\\slash", "back\\slash"),
        (b"esc\x1b[31mape", "esc\ufffd[31mape"),
        (b"2024", "2024"),
        (b"x" * 3000, "x" * 3000),
        (b"&&&&", "&&&&"),
        (b"two words", "two words"),
    ],
)
def test_a_folder_of_any_name_is_read_by_the_name_that_the_server_gave(server: Scripted, raw: bytes, shown: str) -> None:
    server.folders[raw] = {1: mail(2)}
    server.listed = [b'() "/" INBOX', b'() "/" "%s"' % raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"')]
    reader = Reader(server.mailbox())
    assert {(m.subject, m.folder) for m in reader.read()} == {("Mail 1", "INBOX"), ("Mail 2", shown)}
    assert reader.read() == []
    assert not reader.batches[-1].warnings
    assert shown in " ".join(reader.mailbox.check())
    reader.mailbox.close()


@pytest.mark.parametrize(
    "line",
    [b'() "/" "line\x00end"', b'() "/" {7}\r\nline\r\nx', b'() "/" ""', b"() garbage", b'(\\HasNoChildren "/" "x"', b'() "/" "' + b"x" * 2_000_000 + b'"'],
    ids=["NUL", "a line end", "no name", "garbage", "an open bracket", "2 MB"],
)  # fmt: skip
def test_a_folder_that_cannot_be_asked_for_costs_only_itself_and_is_said(server: Scripted, line: bytes) -> None:
    server.listed = [b'() "/" INBOX', line]
    reader = Reader(server.mailbox(timeout=10))
    assert reader.subjects() == ["Mail 1"]
    assert any("name" in warning for warning in reader.batches[-1].warnings)
    reader.mailbox.close()


def test_a_folder_that_the_server_does_not_open_by_its_own_name_is_said(server: Scripted) -> None:
    server.listed = [b'() "/" INBOX', b'() "/" "R&D"']
    reader = Reader(server.mailbox())
    assert reader.subjects() == ["Mail 1"]
    assert any("R&D" in warning for warning in reader.batches[-1].warnings)
    assert reader.mailbox.has_message("<1@acme.example>")
    reader.mailbox.close()


def test_listings_of_all_forms_are_understood() -> None:
    listing = folders.read(
        [
            b"(\\HasNoChildren) NIL Inbox",
            b'() "." INBOX',
            b'(\\Sent) "." "INBOX.Sent" ("CHILDINFO" ("SUBSCRIBED"))',
            (b'() "." {9}', b"INBOX.two"),
            b"",
            b'(\\Noselect) "." "INBOX.closed"',
            b'() "." "Vertr&AOQ-ge"',
            (b'() "." {9}', "Verträge".encode()),
            b"",
        ]
    )
    names = [folder.name for folder in listing.folders]
    assert names[:3] == ["INBOX", "INBOX.Sent", "INBOX.two"]
    assert (len(names), len(set(names)), listing.separator, listing.warnings) == (5, 5, ".", ())
    assert names[3].startswith("Verträge")


def test_what_a_restored_server_lost_and_was_given_again_is_read_and_said(server: Scripted) -> None:
    server.folders[b"INBOX"] = {n: mail(n) for n in range(1, 9)}
    reader = Reader(server.mailbox())
    assert len(reader.read()) == 8
    server.folders[b"INBOX"] = {n: mail(n) for n in range(1, 4)} | {4: mail(11), 5: mail(12)}
    assert {"Mail 11", "Mail 12"} <= set(reader.subjects())
    assert any("went back" in notice for notice in reader.batches[-1].notices)
    assert reader.read() == []
    assert not reader.batches[-1].notices
    reader.mailbox.close()


def test_a_restored_dovecot_loses_nothing(dovecot: Dovecot) -> None:
    user = fresh_user()
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as other:
        other.login(user, dovecot.password)
        for number in range(3):
            other.append("INBOX", mail(number), msg_time=DAY)
        other.logout()
    home = dovecot.maildir(user)
    backup = home.with_name("backup")
    shutil.copytree(home, backup)
    mailbox = mailbox_of(dovecot, user)
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as other:
        other.login(user, dovecot.password)
        for number in range(3, 7):
            other.append("INBOX", mail(number), msg_time=DAY)
    reader = Reader(mailbox)
    assert len(reader.read()) == 7
    mailbox.close()
    shutil.rmtree(home)
    backup.rename(home)
    shutil.chown(home, "nobody") if home.owner() == "root" else None
    for file in home.rglob("*"):
        shutil.chown(file, home.owner())
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as other:
        other.login(user, dovecot.password)
        other.append("INBOX", mail(20), msg_time=DAY)
    assert "Mail 20" in reader.subjects()
    assert any("INBOX went back" in notice for notice in reader.batches[-1].notices)
    mailbox.close()


def test_an_account_without_uidnext_at_examine_is_not_searched_at_every_poll(server: Scripted) -> None:
    server.folders[b"INBOX"] = {1: mail(1), 2: mail(2)}
    server.uidnext[b"INBOX"] = 9  # the last mails were deleted
    server.instead["EXAMINE"] = b"* 2 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n"
    reader = Reader(server.mailbox())
    reader.read()
    reader.read()
    server.said.clear()
    reader.read()
    assert not [said for said in server.said if said.startswith(("EXAMINE", "UID SEARCH"))]
    reader.mailbox.close()


@pytest.mark.parametrize(
    ("capabilities", "instead", "created"),
    [
        (b"IMAP4rev1 NAMESPACE CREATE-SPECIAL-USE", b'* NAMESPACE (("INBOX." ".")) NIL NIL\r\n', r'CREATE "INBOX.Drafts" (USE (\Drafts))'),
        (b"IMAP4rev1 NAMESPACE", b'* NAMESPACE (("" "/")) NIL NIL\r\n', 'CREATE "Drafts"'),
        (b"IMAP4rev1 NAMESPACE", b"NO\r\n", 'CREATE "INBOX.Drafts"'),
        (b"IMAP4rev1", b"", 'CREATE "INBOX.Drafts"'),
    ],
)  # fmt: skip
def test_drafts_are_created_where_the_users_folders_lie(
    server: Scripted, capabilities: bytes, instead: bytes, created: str
) -> None:
    server.capabilities = capabilities
    server.listed = [b'() "." INBOX', b'() "." INBOX.Kunden']
    server.instead = {"NAMESPACE": instead, "APPEND": b"NO\r\n"}
    mailbox = server.mailbox()
    with pytest.raises(Exception, match="draft"):
        mailbox.save_draft(DRAFT)
    assert created in server.said
    mailbox.close()


@pytest.mark.parametrize("date", [b"01-Jan-1970 00:00:00 +0000", b"02-Jan-1970 12:00:00 +0000"])
def test_mail_that_the_server_dates_1970_is_read_by_its_other_dates(server: Scripted, date: bytes) -> None:
    server.dates[1] = date
    reader = Reader(server.mailbox())
    (message,) = reader.read()
    assert message.received == DAY.replace(minute=15)
    assert "mailbox 0" in message.misdated
    assert "BEFORE" in next(said for said in server.said if said.startswith("UID SEARCH"))
    reader.mailbox.close()


def test_dovecot_is_asked_for_mail_of_1970_as_well(dovecot: Dovecot) -> None:
    user = fresh_user()
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as other:
        other.login(user, dovecot.password)
        other.append("INBOX", mail(1), msg_time=datetime(1970, 1, 2, tzinfo=UTC))
    mailbox = mailbox_of(dovecot, user)
    assert Reader(mailbox).subjects() == ["Mail 1"]
    mailbox.close()

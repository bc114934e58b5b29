"""What an IMAP server says of one message costs at most that message, which is named; the others are read, and so is what comes later."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator

import pytest
from contracts.mail_shapes import multipart, part
from contracts.mailbox_contract import DAY, Reader, mail
from imapclient import IMAPClient
from servers.mail_servers import fresh_user, mailbox_of
from servers.processes import Dovecot
from servers.scripted_imap import DROP, MUTE, Scripted, scripted_imap

from connectors.errors import ConnectorError
from connectors.mail import Batch, Unreadable

HEAD = b'* 3 FETCH (UID 3 FLAGS () INTERNALDATE "02-Mar-2026 09:15:00 +0000" BODY[HEADER]<0> '
MANY_PARTS = multipart("mixed", *(part("application/octet-stream", text=str(n)) for n in range(3500)))


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted_imap() as state:
        state.folders[b"INBOX"] = {n: mail(n) for n in range(1, 13)}
        yield state


def read_all_but_the_third(server: Scripted, reader: Reader | None = None) -> Unreadable:
    """Read the mailbox; the third of its twelve mails must be set aside, and a mail that comes later be read."""
    reader = reader or Reader(server.mailbox(timeout=0.5))
    assert reader.subjects() == sorted(f"Mail {n}" for n in range(1, 13) if n != 3)
    (aside,) = (one for batch in reader.batches for one in batch.unreadable)
    assert aside.place == "INBOX/3"
    server.folders[b"INBOX"][20] = mail(20)
    assert reader.subjects() == ["Mail 20"]
    assert not any(batch.unreadable for batch in reader.batches)
    reader.mailbox.close()
    return aside


@pytest.mark.parametrize(
    "answer",
    [
        HEAD + b"{999999999}\r\nabc)\r\n",
        HEAD + b"{99999999999999999999}\r\nabc)\r\n",
        HEAD + b"{2}\r\nSubject: a literal that is longer than it says\r\n)\r\n",
        HEAD + b"{333}\r\nSubject: a literal that is shorter than it says\r\n)\r\n",
        HEAD + b"{20}\r\nSubject: c" + DROP,
        DROP,
        MUTE,
        b"* 3 FETCH (UID 3 FLAGS (\r\n",
        b"* 3 FETCH (UID 3 FLAGS () \x00\xff((((\r\n",
        b"* 3 FETCH " + b"(" * 100_000 + b"\r\n",
        b"complete nonsense\r\n",
        b"* 3 FETCH (UID 3 BODYSTRUCTURE " + b"x" * 3_000_000 + b")\r\n",
        b"* 3 FETCH (UID 99 FLAGS () BODY[HEADER]<0> NIL)\r\n",
        b"",
    ],
    ids=[
        "a literal that does not come", "a size of twenty digits", "a literal that is longer", "a literal that is shorter",
        "cut in the middle", "a dropped connection", "silence", "an open bracket", "garbage within", "a hundred thousand brackets",
        "garbage between", "a line of 3 MB", "another message instead", "nothing at all",
    ],
)  # fmt: skip
def test_whatever_a_server_says_of_one_message_costs_that_message_alone(server: Scripted, answer: bytes) -> None:
    server.answers[3] = answer
    read_all_but_the_third(server)


def in_full_only(answer: bytes) -> Callable[[str], bytes]:
    """That answer where the words are asked for; a true one where only the header is."""
    header = b"From: kim@acme.example\r\nDate: Mon, 02 Mar 2026 09:14:00 +0000\r\n\r\n"
    return lambda items: answer if "BODY.PEEK[1]" in items else HEAD + b"{%d}\r\n%s)\r\n" % (len(header), header)


@pytest.mark.parametrize("answer", [DROP, b"* 3 FETCH (UID 3 FLAGS (\r\n", b"NO\r\n"], ids=["dropped", "garbage", "refused"])
def test_a_message_that_is_set_aside_is_named_by_folder_date_and_sender(server: Scripted, answer: bytes) -> None:
    server.answers[3] = in_full_only(answer)
    aside = read_all_but_the_third(server)
    assert (aside.sender, aside.at) == ("kim@acme.example", DAY.replace(minute=15))
    assert aside.reason


def test_a_server_that_refuses_every_message_has_none_of_them_set_aside(server: Scripted) -> None:
    server.instead["UID FETCH"] = b"NO\r\n"
    reader = Reader(server.mailbox())
    assert reader.read() == []
    assert not any(batch.unreadable for batch in reader.batches)
    assert any("INBOX could not be read" in warning for warning in reader.batches[-1].warnings)
    server.instead.clear()
    assert len(reader.read()) == 12


def test_a_server_that_drops_every_connection_is_left_until_the_next_poll(server: Scripted) -> None:
    server.instead["UID FETCH"] = DROP
    reader = Reader(server.mailbox())
    stored: list[Batch] = []
    with pytest.raises(ConnectorError):
        stored.extend(reader.mailbox.poll(None, reader.since))
    assert not stored
    assert server.connections < 60
    server.instead.clear()
    assert len(reader.read()) == 12


def test_a_break_that_happens_once_costs_no_message(server: Scripted) -> None:
    server.answers[3] = lambda items: server.answers.pop(3) and DROP if items else b""
    assert len(Reader(server.mailbox()).read()) == 12


def test_a_description_of_thousands_of_parts_sets_that_mail_aside(dovecot: Dovecot) -> None:
    user = fresh_user()
    head = "From: eve@elsewhere.example\r\nDate: Mon, 02 Mar 2026 09:14:00 +0000\r\nMessage-ID: <bomb@elsewhere.example>\r\n"
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as other:
        other.login(user, dovecot.password)
        for number in range(5):
            other.append("INBOX", mail(number), msg_time=DAY)
        other.append("INBOX", (head + MANY_PARTS.replace("octet-stream", "x-" + "o" * 240)).encode(), msg_time=DAY)
        for number in range(5, 10):
            other.append("INBOX", mail(number), msg_time=DAY)
        reader = Reader(mailbox_of(dovecot, user))
        assert reader.subjects() == [f"Mail {n}" for n in range(10)]
        (aside,) = (one for batch in reader.batches for one in batch.unreadable)
        assert (aside.place, aside.sender, aside.at) == ("INBOX/6", "eve@elsewhere.example", DAY)
        other.append("INBOX", mail(11), msg_time=DAY)
        assert reader.subjects() == ["Mail 11"]


def test_headers_of_20_mb_take_no_memory(dovecot: Dovecot) -> None:
    user = fresh_user()
    huge = "X-Filler: " + "\r\n ".join("y" * 900 for _ in range(5500))  # 5 MB
    sender, typed = "From: k@acme.example\r\n", "Content-Type: multipart/mixed; boundary=b\r\n"
    mails = [f"{sender}Message-ID: <{n}@x>\r\n{typed}\r\n--b\r\n{huge}\r\n\r\nhi\r\n--b--\r\n" for n in range(4)]
    mails += [f"{sender}Message-ID: <{n}@y>\r\n{huge}\r\n\r\nhi\r\n" for n in range(4)]
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as other:
        other.login(user, dovecot.password)
        for raw in mails:
            other.append("INBOX", raw.encode(), msg_time=DAY)
    reader = Reader(mailbox_of(dovecot, user))
    tracemalloc.start()
    try:
        assert len(reader.read()) == 8
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


def test_a_server_that_sends_more_than_was_asked_for_takes_no_memory(server: Scripted) -> None:
    filler = b"X-Filler: " + b"y" * 900 + b"\r\n"
    server.folders[b"INBOX"] = {n: mail(n).replace(b"\r\n\r\n", b"\r\n" + filler * 5000 + b"\r\n", 1) for n in range(1, 21)}
    reader = Reader(server.mailbox(timeout=20))
    tracemalloc.start()
    try:
        assert len(reader.read()) == 20
        # what the server itself holds of its answer, which is in this process as well, is 90 MB
        assert tracemalloc.get_traced_memory()[0] < 120_000_000
    finally:
        tracemalloc.stop()


def test_a_folder_that_may_not_be_closed_stays_open_without_a_word(server: Scripted) -> None:
    server.instead["CLOSE"] = b"NO\r\n"
    mailbox = server.mailbox()
    assert "a message could be read" in mailbox.check()
    assert not any("close" in line for line in mailbox.check())
    assert server.said.count("CLOSE") == 1
    assert server.connections == 1

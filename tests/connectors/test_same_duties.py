"""The same mailbox at every provider is owed the same: the sample office, read as a Maildir and from each server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from imapclient import IMAPClient
from office import only
from servers import ews_schema, ews_server, graph_server, processes
from servers.ews_server import mailbox_at
from servers.fixed_grant import FixedGrant
from servers.gmail_account import Other
from servers.google_front import Front
from servers.mail_servers import fresh_user, mailbox_of

from connectors.base import Mailbox
from connectors.google.gmail import GmailMailbox
from connectors.microsoft.mailbox import GraphMailbox
from connectors.net.http import Access
from daemon import cycle, sample
from daemon.app import App
from daemon.commands import tables
from daemon.operations.owed import obligations_at
from daemon.operations.zones import zone_of

Mails: TypeAlias = list[tuple[str, bytes]]  # folder and bytes, oldest first
_FOLDERS = {"": "INBOX", ".Sent": "Sent", ".Drafts": "Drafts", ".Archive": "Archive", ".Archive.2026": "Archive 2026"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("office")
    sample.write_office(folder)
    return folder


@pytest.fixture(scope="module")
def mails(office: Path) -> Mails:
    root = office / "Maildir"
    files = [
        (file.name, place, file) for place in _FOLDERS for part in ("cur", "new") for file in (root / place / part).iterdir()
    ]
    return [(_FOLDERS[place], file.read_bytes()) for _, place, file in sorted(files)]


@pytest.fixture(scope="module")
def expected(office: Path) -> list[dict[str, Any]]:
    return duties(office, None)


def duties(office: Path, mailbox: Mailbox | None) -> list[dict[str, Any]]:
    """All that is owed, closed or not, after one pull from that mailbox (the office's own Maildir without one)."""
    with App.open(office / "config.yaml", {}) as kept:
        runtime = only(kept)
        if mailbox is not None:
            runtime.sources.mailboxes = dict.fromkeys(runtime.sources.mailboxes, mailbox)
            kept.store.forget_cursors()
        cycle.poll_account(runtime, sample.NOW)
        broken = [c for c in kept.store.coverage(runtime.account.address) if c.error or c.unreadable]
        assert broken == []
        owed = obligations_at(kept, sample.NOW, everything=True)
        return [tables.obligation_document(o, zone_of(kept.office, o.account), sample.NOW) for o in owed]


@contextmanager
def at_imap(dovecot: processes.Dovecot, mails: Mails) -> Iterator[Mailbox]:
    user = fresh_user()
    with IMAPClient(dovecot.host, dovecot.port, ssl=False) as other:
        other.login(user, dovecot.password)
        for folder, raw in mails:
            if not other.folder_exists(folder):
                other.create_folder(folder)
            other.append(folder, raw, msg_time=parsedate_to_datetime(message_from_bytes(raw)["Date"]))
    yield mailbox_of(dovecot, user)


@contextmanager
def at_gmail(google: Front, mails: Mails) -> Iterator[Mailbox]:
    address, token = google.account()
    other = Other(google, token)
    for folder, raw in mails:
        # At Google its own server judges who wrote a mail, and no other is believed.
        other.deliver(raw.replace(b"mx.northwind.example; ", b"mx.google.com; "), folder)
    yield GmailMailbox(Access(FixedGrant(address, token)), google.url)
    assert google.deviations == []


@contextmanager
def at_exchange(mails: Mails) -> Iterator[Mailbox]:
    if not ews_schema.there():
        pytest.skip("needs ../shared/data/ews-schema beside the repository")
    with ews_server.running() as server:
        for folder, raw in mails:
            server.mailbox(ews_server.USER).deliver(raw, folder)
        yield mailbox_at(server)
        assert server.wrong == []


@contextmanager
def at_graph(mails: Mails) -> Iterator[Mailbox]:
    try:
        with graph_server.running() as server:
            for folder, raw in mails:
                server.store().deliver(raw, folder)
            yield GraphMailbox(Access(FixedGrant(graph_server.USER, graph_server.TOKEN)), server.url)
            assert server.wrong == []
    except processes.Missing as missing:
        pytest.skip(str(missing))


Loader: TypeAlias = Callable[[pytest.FixtureRequest, Mails], AbstractContextManager[Mailbox]]
PROVIDERS: dict[str, Loader] = {
    "imap": lambda request, mails: at_imap(request.getfixturevalue("dovecot"), mails),
    "gmail": lambda request, mails: at_gmail(request.getfixturevalue("google"), mails),
    "graph": lambda _request, mails: at_graph(mails),
    "ews": lambda _request, mails: at_exchange(mails),
}


@pytest.mark.server
@pytest.mark.parametrize("provider", PROVIDERS)
def test_every_provider_gives_the_duties_of_the_maildir(
    provider: str, request: pytest.FixtureRequest, mails: Mails, expected: list[dict[str, Any]], tmp_path: Path
) -> None:
    sample.write_office(tmp_path)
    with PROVIDERS[provider](request, mails) as mailbox:
        found = duties(tmp_path, mailbox)
    assert len(expected) > 60
    assert found == expected


def _mail(sender: str, to: str, day: str, name: str, words: str, refers: str = "") -> bytes:
    parents = f"In-Reply-To: <{refers}>\r\nReferences: <{refers}>\r\n" if refers else ""
    subject = "Re: Question" if refers else "Question"
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {day} +0000\r\nMessage-ID: <{name}>\r\n{parents}"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{words}\r\n"
    ).encode()


@pytest.mark.server
@pytest.mark.parametrize("provider", PROVIDERS)
def test_at_every_provider_two_questions_under_one_subject_are_answered_one_by_one(
    provider: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    sample.write_office(tmp_path)
    kim, tom, dana = "kim@acme.example", "tom@acme.example", "dana@northwind.example"
    mails = [
        ("INBOX", _mail(kim, dana, "Mon, 02 Mar 2026 09:00:00", "q1@acme.example", "What does the large crate cost?")),
        ("INBOX", _mail(tom, dana, "Mon, 02 Mar 2026 09:10:00", "q2@acme.example", "By which date must we cancel the contract?")),
        ("Sent", _mail(dana, kim, "Mon, 02 Mar 2026 10:00:00", "a1@northwind.example", "It costs 40 euro.", "q1@acme.example")),
    ]
    with PROVIDERS[provider](request, mails) as mailbox:
        found = {o["source"]["message_id"]: o["state"] for o in duties(tmp_path, mailbox) if o["kind"] == "reply"}
    assert found == {"<q1@acme.example>": "kept", "<q2@acme.example>": "overdue"}

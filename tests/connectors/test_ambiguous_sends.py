"""A server takes a mail and its answer is lost: one request for one intent at every provider, and the truth is found out later."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeAlias

import pytest
from outbox_server import MAIL, NOW, parcel, queue
from servers import ews_schema, ews_server, graph_server, processes
from servers.fixed_grant import FixedGrant
from servers.google_front import Asked, Front, error
from servers.mail_servers import smtp_sink
from servers.web_server import Clock
from store_facts import DANA

from connectors import open_mailbox, open_transport
from connectors.base import Mailbox, MailTransport
from connectors.local.maildir import Maildir
from connectors.net.http import Access, BackOff
from connectors.smtp import SmtpTransport
from daemon.delivery.outbox import Outbox
from daemon.delivery.parcel_json import draft_body
from daemon.delivery.senders import ConnectorSender
from daemon.delivery.sent_log import SentLog
from daemon.glossary.actions import Delivery
from daemon.store import Store

BROKEN = ("drop", "reset", "hang", "503", "504")


@dataclasses.dataclass
class Place:
    """One provider: how to send there, what it took, how often it was asked to, and how to lose its next answer.

    `tells` is False where nobody can find out whether a mail was sent: SMTP says nothing of it, and keeps no copy.
    """

    transport: MailTransport
    mailbox: Mailbox
    taken: Callable[[], int]
    asked: Callable[[], int]
    breaks: Callable[[str, bool], None]  # how, and whether the mail was taken
    clock: Clock = dataclasses.field(default_factory=Clock)
    tells: bool = True


@contextmanager
def at_smtp(_request: pytest.FixtureRequest, folder: Path) -> Iterator[Place]:
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True)
    with smtp_sink() as sink:

        def breaks(how: str, taken: bool) -> None:
            """It has no statuses of HTTP: whatever it is, the answer behind the last dot is lost."""
            sink.trouble = {"DOT": "hang" if how == "hang" else "drop"} if taken else {"MAIL": "421 later"} if how else {}

        transport = SmtpTransport(sink.host, sink.port, "none", timeout=0.5)
        yield Place(transport, Maildir(folder), lambda: len(sink.taken), lambda: sink.attempts, breaks, tells=False)


@contextmanager
def at_gmail(request: pytest.FixtureRequest, _folder: Path) -> Iterator[Place]:
    google: Front = request.getfixturevalue("google")
    address, token = google.account()
    google.seen.clear()

    def sends(asked: Asked) -> bool:
        return asked.verb == "POST" and asked.path.endswith("/messages/send") and asked.token == token

    def breaks(how: str, taken: bool) -> None:
        if not how:
            return

        def once(asked: Asked) -> tuple[int, dict[str, str], bytes] | str | None:
            if not sends(asked):
                return None
            google.meddle.remove(once)
            if not taken:
                return error(503, "backendError")
            return f"lost {how}" if how.isdecimal() else how

        google.meddle.append(once)

    clock = Clock()
    settings = {"access": Access(FixedGrant(address, token), back_off=BackOff(clock)), "endpoint": google.url}

    def taken() -> int:
        found = google.ask(token, "GET", "/gmail/v1/users/me/messages", labelIds="SENT")
        return len(found.get("messages", ()))

    transport, mailbox = open_transport("gmail", settings), open_mailbox("gmail", settings)
    yield Place(transport, mailbox, taken, lambda: sum(map(sends, google.seen)), breaks, clock)
    google.meddle.clear()
    assert google.deviations == []


@contextmanager
def at_exchange(_request: pytest.FixtureRequest, _folder: Path) -> Iterator[Place]:
    if not ews_schema.there():
        pytest.skip("needs ../shared/data/ews-schema beside the repository")
    with ews_server.running() as server:
        login = {"username": ews_server.USER, "password": lambda: ews_server.PASSWORD, "endpoint": server.url}
        clock = Clock()
        settings = {**login, "auth": "basic", "timeout": 0.5, "back_off": BackOff(clock)}
        store = server.mailbox(ews_server.USER)

        def breaks(how: str, taken: bool) -> None:
            if not how:
                return
            about = {"how": "status", "status": int(how)} if how.isdecimal() else {"how": how}
            server.trouble(operation="CreateItem", done=taken, **about)

        transport, mailbox = open_transport("ews", settings), open_mailbox("ews", settings)
        yield Place(
            transport,
            mailbox,
            lambda: len(store.of(store.folder("sentitems").id)),
            lambda: server.count("CreateItem"),
            breaks,
            clock,
        )
        assert server.wrong == []


@contextmanager
def at_graph(_request: pytest.FixtureRequest, _folder: Path) -> Iterator[Place]:
    try:
        with graph_server.running() as server:
            clock, store = Clock(), server.store()
            access = Access(FixedGrant(graph_server.USER, graph_server.TOKEN), back_off=BackOff(clock))
            settings = {"access": access, "endpoint": server.url, "timeout": 0.5}

            def breaks(how: str, taken: bool) -> None:
                if how:
                    server.trouble(how, "sendMail", done=taken, code="generalException")

            transport, mailbox = open_transport("graph", settings), open_mailbox("graph", settings)
            yield Place(
                transport,
                mailbox,
                lambda: len(store.of(store.folder("Sent").id)),
                lambda: server.count("sendMail"),
                breaks,
                clock,
            )
            assert server.wrong == []
    except processes.Missing as missing:
        pytest.skip(str(missing))


Opened: TypeAlias = Callable[[pytest.FixtureRequest, Path], AbstractContextManager[Place]]
PROVIDERS: dict[str, Opened] = {"smtp": at_smtp, "gmail": at_gmail, "graph": at_graph, "ews": at_exchange}


@pytest.fixture(params=PROVIDERS)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    with PROVIDERS[request.param](request, tmp_path / "mail") as found:
        yield found


@dataclasses.dataclass
class OneMail:
    """An outbox with one mail in it."""

    outbox: Outbox
    clock: Clock

    def deliver(self, minutes: int = 0) -> Delivery:
        self._pass(minutes)
        self.outbox.deliver(NOW + timedelta(minutes=minutes))
        return self.state()

    def resolve_unsure(self, minutes: int) -> Delivery:
        self._pass(minutes)
        self.outbox.resolve_unsure(NOW + timedelta(minutes=minutes))
        return self.state()

    def _pass(self, minutes: int) -> None:
        self.clock.now = 1000.0 + 60 * minutes

    def state(self) -> Delivery:
        (found,) = self.outbox.store.parcels(DANA)
        return found.delivery


@pytest.fixture
def ours(place: Place, tmp_path: Path) -> Iterator[OneMail]:
    sender = ConnectorSender(DANA, {"mail": place.mailbox}, {}, place.transport)
    with closing(Store.open(tmp_path / "state")) as store:
        queue(store, parcel(body=draft_body(MAIL), reference=MAIL.message_id))
        yield OneMail(Outbox(DANA, store, SentLog(tmp_path / "log"), sender), place.clock)


@pytest.mark.server
@pytest.mark.parametrize("how", BROKEN)
def test_a_mail_that_was_taken_is_sent_once_and_known_to_be(place: Place, ours: OneMail, how: str) -> None:
    place.breaks(how, True)
    assert ours.deliver() is Delivery.UNKNOWN
    assert (place.asked(), place.taken()) == (1, 1)
    assert ours.deliver(1) is Delivery.UNKNOWN
    place.breaks("", True)
    assert ours.resolve_unsure(6) is (Delivery.SENT if place.tells else Delivery.UNKNOWN)
    ours.deliver(60)
    assert (place.asked(), place.taken()) == (1, 1)


@pytest.mark.server
def test_a_mail_that_was_provably_not_taken_is_sent_again_and_once(place: Place, ours: OneMail) -> None:
    place.breaks("503", False)
    first = ours.deliver()
    assert place.taken() == 0
    place.breaks("", False)
    if first is Delivery.UNKNOWN:
        assert ours.resolve_unsure(6) is Delivery.WAITING
    assert ours.deliver(60) is Delivery.SENT
    assert (place.asked(), place.taken()) == (2, 1)
    ours.deliver(120)
    assert place.taken() == 1

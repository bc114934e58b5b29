"""A Microsoft 365 that asks to be left alone: no request leaves before its time, and nobody else is disturbed."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from contracts.mailbox_contract import DAY, DRAFT, SINCE, Reader, mail
from graph_connections import access, mailbox_at, transport_at
from servers.fixed_grant import FixedGrant
from servers.graph_server import Graph
from servers.web_server import Clock

from connectors.errors import ConnectorError
from connectors.microsoft import mailbox
from connectors.net.http import Access, BackOff

pytest_plugins = ("graph_places",)


@pytest.mark.parametrize(
    ("status", "code"), [("429", "ApplicationThrottled"), ("503", "serviceNotAvailable"), ("429", "MailboxConcurrency")]
)
@pytest.mark.parametrize("hint", [5, 60, 300])
def test_no_request_leaves_inside_a_back_off_window(graph: Graph, status: str, code: str, hint: int) -> None:
    clock = Clock()
    ours = access(clock)
    graph.trouble(status, "GET", code=code, Retry_After=str(hint))
    mailbox, transport = mailbox_at(graph, access=ours), transport_at(graph, access=ours)
    with pytest.raises(ConnectorError) as caught:
        Reader(mailbox).read()
    assert caught.value.retry_after == timedelta(seconds=hint)
    asked = len(graph.asked)
    clock.now += hint - 1
    for what in (mailbox.check, transport.check, lambda: transport.send(DRAFT)):
        with pytest.raises(ConnectorError) as again:
            what()
        assert (again.value.unknown, again.value.retry_after is not None) == (False, True)
    assert len(graph.asked) == asked
    clock.now += 1
    assert mailbox.check()


def test_another_user_is_not_disturbed(graph: Graph) -> None:
    clock = Clock()
    graph.tokens["token-of-bob"] = "bob@example.test"
    graph.store("bob@example.test").deliver(mail(1))
    graph.trouble("429", "GET", Retry_After="300")
    with pytest.raises(ConnectorError):
        Reader(mailbox_at(graph, access=access(clock))).read()
    bob = Access(FixedGrant("bob@example.test", "token-of-bob"), back_off=BackOff(clock))
    assert Reader(mailbox_at(graph, access=bob)).subjects() == ["Mail 1"]


def test_never_more_than_four_requests_of_a_user_are_under_way(graph: Graph) -> None:
    graph.slow = 0.05
    ours = access()
    threads = [threading.Thread(target=mailbox_at(graph, access=ours).check) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert graph.most == 4


def test_a_reading_that_is_asked_to_rest_keeps_what_it_has(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "PAGE", 2)
    clock = Clock()
    for number in range(6):
        graph.store().deliver(mail(number, when=DAY + timedelta(minutes=number)))
    reading, found, cursor = mailbox_at(graph, access=access(clock)), set[str](), None
    graph.trouble("429", "GET", "messages", Retry_After="30")
    for _ in range(4):
        try:
            for batch in reading.poll(cursor, SINCE):
                found |= {m.subject for m in batch.messages}
                cursor = batch.cursor
        except ConnectorError:
            clock.now += 31
    assert found == {f"Mail {n}" for n in range(6)}

"""Sending from a mailbox in Microsoft 365: at most once, and found again afterwards."""

from __future__ import annotations

import base64

import pytest
from contracts.mailbox_contract import DRAFT, mail
from graph_connections import access, mailbox_at, transport_at
from servers.graph_server import Graph
from servers.web_server import Clock

from connectors.errors import ConnectorError
from connectors.formats import mime
from connectors.mail import Role
from connectors.microsoft import mailbox

pytest_plugins = ("graph_places",)


def test_a_mail_is_sent_as_we_wrote_it_and_its_copy_is_found(graph: Graph) -> None:
    transport = transport_at(graph)
    assert transport.was_sent(DRAFT.message_id) is False
    assert transport.send(DRAFT).reference
    (item,) = graph.store().of(graph.store().folder("sentitems").id)
    sent = mime.parse(item.raw, role=Role.SENT, folder="")
    assert (sent.message_id, sent.subject, sent.to, sent.headers["x-kept-id"]) == (
        DRAFT.message_id, DRAFT.subject, DRAFT.to, "abc",
    )  # fmt: skip
    assert transport.was_sent(DRAFT.message_id) is True


def test_a_mail_whose_message_id_was_replaced_is_found_by_our_own_header(graph: Graph) -> None:
    graph.store().keeps_ids = False
    transport = transport_at(graph)
    transport.send(DRAFT)
    assert transport.was_sent(DRAFT.message_id) is True
    assert mailbox_at(graph).has_message(DRAFT.message_id)
    assert transport.was_sent("<another@kept.invalid>") is False


def test_a_message_id_with_a_quotation_mark_is_asked_for_as_it_is(graph: Graph) -> None:
    graph.store().deliver(mail(1).replace(b"<1@acme", b"<o'neill@acme"))
    assert mailbox_at(graph).has_message("<o'neill@acme.example>")


def test_without_the_permission_to_read_nobody_can_tell_what_was_sent(graph: Graph) -> None:
    graph.forbidden["mailFolders"] = "ErrorAccessDenied"
    assert transport_at(graph).was_sent(DRAFT.message_id) is None


@pytest.mark.parametrize("done", [True, False], ids=["after it was taken", "before it was taken"])
@pytest.mark.parametrize("how", ["drop", "reset", "hang", "500", "502", "503", "504"])
def test_a_mail_whose_fate_is_unclear_is_not_sent_again_and_can_be_found(graph: Graph, how: str, *, done: bool) -> None:
    graph.trouble(how, "POST", "sendMail", done=done, code="generalException")
    clock = Clock()
    transport = transport_at(graph, access=access(clock))
    with pytest.raises(ConnectorError) as caught:
        transport.send(DRAFT)
    assert caught.value.unknown
    assert graph.count("sendMail") == 1
    clock.now += 60
    assert transport.was_sent(DRAFT.message_id) is done
    assert graph.count("sendMail") == 1


def test_a_mail_that_was_accepted_is_sent_even_if_the_answer_breaks_off(graph: Graph) -> None:
    graph.trouble("half", "POST", "sendMail", done=True)
    assert transport_at(graph).send(DRAFT).reference
    assert graph.count("sendMail") == 1


@pytest.mark.parametrize("status", ["400", "403", "413"])
def test_a_refused_mail_is_not_sent_and_that_is_known(graph: Graph, status: str) -> None:
    graph.trouble(status, "sendMail", code="ErrorInvalidRecipients")
    with pytest.raises(ConnectorError) as caught:
        transport_at(graph).send(DRAFT)
    assert (caught.value.permanent, caught.value.unknown) == (True, False)


def test_what_is_sent_is_the_mail_in_base64(graph: Graph) -> None:
    """learn.microsoft.com/graph/outlook-send-mime-message."""
    assert base64.b64decode(mailbox._mime(DRAFT)).startswith(b"From: ")
    transport_at(graph).send(DRAFT)

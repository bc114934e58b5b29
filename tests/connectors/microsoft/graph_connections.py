"""How the tests of Microsoft 365 reach it: the mailbox, the transport and the calendar of somebody at a server."""

from __future__ import annotations

from typing import Any

from servers.fixed_grant import FixedGrant
from servers.graph_server import TOKEN, USER, Graph
from servers.web_server import Clock

from connectors.microsoft.calendar import GraphCalendar
from connectors.microsoft.mailbox import GraphMailbox, GraphTransport
from connectors.net.http import Access, BackOff

OTHER = "sales@example.test"


def access(clock: Clock | None = None, *tokens: str, application: bool = False) -> Access:
    return Access(
        FixedGrant(USER, *(tokens or (TOKEN,))), application=application, back_off=BackOff(clock) if clock else BackOff()
    )


def mailbox_at(graph: Graph, **settings: Any) -> GraphMailbox:
    return GraphMailbox(**{"access": access(), "endpoint": graph.url, "timeout": 5, **settings})


def transport_at(graph: Graph, **settings: Any) -> GraphTransport:
    return GraphTransport(**{"access": access(), "endpoint": graph.url, "timeout": 0.5, **settings})


def calendar_at(graph: Graph, clock: Clock | None = None, **settings: Any) -> GraphCalendar:
    return GraphCalendar(**{"access": access(clock), "endpoint": graph.url, "timeout": 0.5, **settings})

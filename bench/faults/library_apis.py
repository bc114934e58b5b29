"""Every HTTP request to Microsoft Graph and Exchange that can fail, made to fail once while mail is read and a draft is saved.

A request fails before it is sent, or after its answer came, with each error of the library. Only ConnectorError may come out of a
connector; a draft of which that says that its fate is unknown is looked for before it is saved again; at the end there is one
draft, and all mail was read.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from email import message_from_bytes
from typing import Any

from servers import ews_schema, ews_server, graph_server
from servers.fixed_grant import FixedGrant
from servers.processes import Missing

from connectors.base import Mailbox
from connectors.errors import ConnectorError
from connectors.mail import Address, Draft
from connectors.microsoft.mailbox import GraphMailbox
from connectors.net.http import Access
from faults.report import Report, Scale

SINCE = datetime(2026, 1, 1, tzinfo=UTC)
MAILS = 40
_numbers = itertools.count()
Opened = tuple[Callable[[], Mailbox], Callable[[], Counter[str]]]  # a new connector, and the drafts by Message-ID


@contextmanager
def at_graph() -> Iterator[Opened]:
    """A mailbox at a Graph."""
    with graph_server.running() as server:
        store = server.store()
        for n in range(MAILS):
            store.deliver(_mail(n))
        yield (
            lambda: GraphMailbox(Access(FixedGrant(graph_server.USER, graph_server.TOKEN)), server.url),
            lambda: Counter(str(item.parsed["Message-ID"]) for item in store.of(store.folder("Drafts").id)),
        )


@contextmanager
def at_exchange() -> Iterator[Opened]:
    """A mailbox at an Exchange server."""
    if not ews_schema.there():
        raise Missing("needs the schema of Exchange")
    with ews_server.running() as server:
        store = server.mailbox(ews_server.USER)
        for n in range(MAILS):
            store.deliver(_mail(n))
        yield (
            lambda: ews_server.mailbox_at(server),
            lambda: Counter(str(message_from_bytes(item.raw)["Message-ID"]) for item in store.items.values()),
        )


PROVIDERS: dict[str, Callable[[], AbstractContextManager[Opened]]] = {"Graph": at_graph, "Exchange": at_exchange}


def run(scale: Scale, report: Report) -> None:
    """Run the share of the faults at each provider whose server is installed."""
    for name, place in PROVIDERS.items():
        try:
            with place() as (opened, drafts):
                _at(name, opened, drafts, scale, report)
        except Missing as missing:
            report.figures.append(f"at {name}: not run: {missing}")


def _at(name: str, opened: Callable[[], Mailbox], drafts: Callable[[], Counter[str]], scale: Scale, report: Report) -> None:
    with failing(0, None, done=False) as count:
        wanted, _ = _life(opened(), _draft())
    faults = [(n, error, done) for n in range(1, count[0] + 1) for error in errors() for done in (False, True)]
    chosen = random.Random(scale.seed).sample(faults, min(len(faults), scale.of(200)))
    held = 0
    for number, error, done in chosen:
        box, draft = opened(), _draft()
        with failing(number, error, done=done):
            _, lines = _life(box, draft)
        ids, more = _life(opened(), draft, again=True)
        lines += more
        if ids != wanted:
            lines.append(f"{len(wanted - ids)} mails lost")
        if (n := drafts()[draft.message_id]) != 1:
            lines.append(f"{n} drafts")
        held += not lines
        report.failures += [f"at {name}: request {number} {error!r}{', done' if done else ''}: {line}" for line in lines]
    report.figures.append(f"at {name}: {count[0]} HTTP requests, {len(chosen)} made to fail, {held} held")


def _life(box: Mailbox, draft: Draft, *, again: bool = False) -> tuple[frozenset[str], list[str]]:
    """Read all mail and save a draft, which is looked for before. Return the Message-IDs, and what should not have come out."""
    ids, lines = set[str](), list[str]()

    def read() -> None:
        for batch in box.poll(None, SINCE):
            ids.update(message.message_id for message in batch.messages)
            lines.extend(f"set aside: {u.place} {u.reason}" for u in batch.unreadable)

    def save() -> None:
        if not box.has_message(draft.message_id):
            box.save_draft(draft)

    for act in (read, save):
        try:
            act()
        except ConnectorError as error:
            if again:
                lines.append(f"still: {error.message}")
            elif error.permanent:
                lines.append(f"given up for good: {error.message}")
        except Exception as error:  # noqa: BLE001  # that is what must not happen
            lines.append(f"{type(error).__name__} came out of the connector")
    box.close()
    return frozenset(ids), lines


def errors() -> list[Exception]:
    """Return what a request can raise."""
    from requests import exceptions as e  # noqa: PLC0415  # only here

    return [
        e.ConnectionError("('Connection aborted.', ConnectionResetError(104, 'Connection reset by peer'))"),
        e.ReadTimeout("Read timed out."),
        e.ConnectTimeout("Connection timed out"),
        e.ChunkedEncodingError("Connection broken: IncompleteRead(0 bytes read)"),
        e.SSLError("EOF occurred in violation of protocol (_ssl.c:1006)"),
    ]


@contextmanager
def failing(number: int, error: Exception | None, *, done: bool) -> Iterator[list[int]]:
    """Have the `number`th HTTP request of the block fail, after it was answered where it is `done`; yields their count."""
    from requests.adapters import HTTPAdapter  # noqa: PLC0415  # only here

    real, count = HTTPAdapter.send, [0]

    def send(self: HTTPAdapter, *args: Any, **kwargs: Any) -> Any:
        count[0] += 1
        if error is None or count[0] != number:
            return real(self, *args, **kwargs)
        if done:
            real(self, *args, **kwargs).close()
        raise error

    HTTPAdapter.send = send  # type: ignore[method-assign]
    try:
        yield count
    finally:
        HTTPAdapter.send = real  # type: ignore[method-assign]


def _mail(n: int) -> bytes:
    head = f"From: kim@acme.example\r\nTo: dana@northwind.example\r\nDate: Mon, 2 Mar 2026 08:{n % 60:02}:00 +0000\r\n"
    return f"{head}Subject: Item {n}\r\nMessage-ID: <m{n}@acme.example>\r\n\r\nCan you send item {n}?\r\n".encode()


def _draft() -> Draft:
    n = next(_numbers)
    at = datetime(2026, 3, 2, 10, tzinfo=UTC)
    sender, to = Address("dana@northwind.example", "Dana"), (Address("kim@acme.example", "Kim"),)
    return Draft(f"<kept-draft-{n}@northwind.example>", at, sender, to, "Re: Item", "Dear Kim,")

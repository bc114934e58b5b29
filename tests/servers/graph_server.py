"""A small, strict Microsoft Graph on loopback: what is asked and what it answers must both be as Microsoft publishes it.

It knows the mail that Kept uses (calendars: graph_diary.py) and nothing else. Its faults are told beforehand (`trouble`): an answer
that is lost, a connection that is reset, a server that asks for rest.
"""

from __future__ import annotations

import base64
import contextlib
import email
import email.policy
import http.server
import json
import re
import socket
import struct
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from servers import graph_schema, graph_store
from servers.graph_diary import Diaries
from servers.graph_store import Item, Store

USER, TOKEN = "alice@example.test", "token-of-alice"
DELTA_CAP = 5000  # what a delta that filters by time returns at most (learn.microsoft.com/graph/api/message-delta)
Reply = tuple[int, dict[str, str], Any]


class Refused(Exception):  # noqa: N818  # an answer, not a fault
    """An answer in the words of Graph."""

    def __init__(self, status: int, code: str, **headers: str) -> None:
        super().__init__(code)
        said = {"error": {"code": code, "message": f"{code}."}}
        self.reply: Reply = (status, {k.replace("_", "-"): v for k, v in headers.items()}, said)


@dataclass
class Trouble:
    """What goes wrong with the next request whose method and path have all these words: before it is done, or after it."""

    how: str  # drop, reset, hang, half, or a status
    words: tuple[str, ...]
    done: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    code: str = "TooManyRequests"


@dataclass
class Graph:
    """The server, its mailboxes by address, what was asked of it and what was wrong with that."""

    url: str = ""
    stores: dict[str, Store] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=lambda: {TOKEN: USER})
    shared: set[tuple[str, str]] = field(default_factory=set)  # who may open whose mailbox
    diaries: Diaries = field(default_factory=Diaries)
    asked: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    forbidden: dict[str, str] = field(default_factory=dict)  # a word of the path -> the code of the refusal
    page: int = 0  # entries of a page at most, whatever is asked for
    sent: int = 0  # bytes of answers
    at_once: int = 0
    most: int = 0
    slow: float = 0.0
    mangle: Callable[[bytes], bytes] = bytes
    lock: Any = field(default_factory=threading.RLock)

    def store(self, address: str = USER) -> Store:
        """The mailbox of that address, made if need be."""
        if address not in self.stores:
            self.stores[address] = Store(address)
        return self.stores[address]

    def trouble(self, how: str, *words: str, done: bool = False, code: str = "TooManyRequests", **headers: str) -> None:
        """The next fitting request meets this."""
        self.troubles.append(Trouble(how, words, done, {k.replace("_", "-"): v for k, v in headers.items()}, code))

    def count(self, *words: str) -> int:
        """How many requests had all these words in method and path."""
        return sum(all(word in line for word in words) for line in self.asked)


@contextlib.contextmanager
def running() -> Iterator[Graph]:
    """A private Microsoft 365. Raises servers.Missing where what Microsoft publishes is not there."""
    graph_schema.need()
    graph_schema.routes()  # before the first request, which would wait for it
    graph = Graph()
    graph.store()

    class Handler(_Handler):
        server_of = graph

    class Listener(http.server.ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 50

        def handle_error(self, request: Any, client_address: Any) -> None:  # the library's names
            """A client that went away is part of a test."""

    with Listener(("127.0.0.1", 0), Handler) as listener:
        graph.url = f"http://127.0.0.1:{listener.server_port}/v1.0"
        threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield graph
        finally:
            listener.shutdown()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_of: Graph

    def answer(self) -> None:
        graph, content = self.server_of, self.rfile.read(int(self.headers.get("Content-Length") or 0))
        where = urlsplit(self.path)
        path, query = unquote(where.path).removeprefix("/v1.0"), dict(parse_qsl(where.query, keep_blank_values=True))
        with graph.lock:
            graph.asked.append(f"{self.command} {path}")
            graph.at_once += 1
            graph.most = max(graph.most, graph.at_once)
            line = f"{self.command} {path}"
            trouble = next((t for t in graph.troubles if all(w in line for w in t.words)), None)
            if trouble is not None:
                graph.troubles.remove(trouble)
        time.sleep(graph.slow)
        try:
            with graph.lock:
                graph.at_once -= 1
                reply = self._done(graph, path, query, content) if trouble is None or trouble.done else (200, {}, {})
        except Exception:  # noqa: BLE001  # a mistake of the server's is a mistake of the test
            graph.wrong.append(traceback.format_exc())
            reply = (500, {}, {"error": {"code": "generalException", "message": ""}})
        self._fail(trouble) if trouble is not None else self._say(*reply)

    do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815  # the library's names

    def log_message(self, *_: object) -> None:
        """Nothing: a token must not be printed."""

    def _done(self, graph: Graph, path: str, query: dict[str, str], content: bytes) -> Reply:
        me = graph.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
        if me is None:
            return Refused(401, "InvalidAuthenticationToken").reply
        graph.wrong += graph_schema.wrong_request(self.command, path, query)
        head, _, rest = path.removeprefix("/").partition("/")
        if head == "users":
            address, _, rest = rest.partition("/")
        else:
            address = me
        refusal = next((code for word, code in graph.forbidden.items() if word in path), None)
        if refusal or not (address == me or (me, address) in graph.shared):
            return Refused(403, refusal or "ErrorAccessDenied").reply
        if address not in graph.stores:
            return Refused(404, "ErrorInvalidUser").reply
        call = _Call(graph, graph.store(address), self.command, rest.split("/"), query, dict(self.headers.items()), content, me)
        try:
            return call.done()
        except Refused as refused:
            return refused.reply

    def _say(self, status: int, headers: dict[str, str], said: Any) -> None:
        content = b"" if said is None else said if isinstance(said, bytes) else self.server_of.mangle(json.dumps(said).encode())
        self.server_of.sent += len(content)
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _fail(self, trouble: Trouble) -> None:
        if trouble.how.isdecimal():
            self._say(int(trouble.how), trouble.headers, {"error": {"code": trouble.code, "message": "no"}})
            return
        if trouble.how == "hang":
            time.sleep(2.0)
        elif trouble.how == "half":
            self.wfile.write(b"HTTP/1.1 202 Accepted\r\nContent-Length: 100\r\n\r\n{")
        elif trouble.how == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()


@dataclass
class _Call:
    """One request of one user."""

    graph: Graph
    store: Store
    method: str
    parts: list[str]
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes
    me: str

    def done(self) -> Reply:
        if self.parts[0] in {"calendar", "calendars", "calendarView", "events", "calendarGroups"}:
            body = json.loads(self.content) if self.content else None
            status, headers, said = self.graph.diaries.does(
                self.store.address, self.method, self.parts, self.query, body, self.headers
            )
            return status, headers, self._links(said)
        if self.parts[0] == "mailFolders":
            return self._at_folders(self.parts[1:])
        match self.method, self.parts:
            case "POST", ["sendMail"]:
                return self._send()
            case "POST", ["messages"]:
                return self._draft()
            case "GET", ["messages"]:
                return self._messages(list(self.store.items.values()))
            case "GET", ["messages", item]:
                return 200, {}, self._chosen(self._message(self._item(item)), "Message")
            case "DELETE", ["messages", item]:
                self.store.move(self._item(item), "deleteditems")
                return 204, {}, None
            case "GET", ["messages", item, "$value"]:
                return 200, {"Content-Type": "text/plain"}, self._item(item).raw
            case "GET", ["messages", item, "attachments"]:
                return self._list(graph_store.attachments(self._item(item)), dict, "FileAttachment")
        raise Refused(400, "BadRequest")

    def _at_folders(self, parts: list[str]) -> Reply:
        match self.method, parts:
            case "GET", []:
                return self._list([f for f in self.store.folders.values() if not f.parent], self._folder, "MailFolder")
            case "GET", [folder]:
                return 200, {}, self._chosen(self._folder(self._place(folder)), "MailFolder")
            case "GET", [folder, "childFolders"]:
                place = self._place(folder)
                return self._list([f for f in self.store.folders.values() if f.parent == place.id], self._folder, "MailFolder")
            case "GET", [folder, "messages"]:
                return self._messages(self.store.of(self._place(folder).id))
            case "GET", [folder, "messages", "delta"]:
                return self._delta(self._place(folder).id)
        raise Refused(400, "BadRequest")

    # --- writing ---

    def _mime(self) -> bytes:
        if not self.headers.get("Content-Type", "").startswith("text/plain"):
            raise Refused(400, "ErrorInvalidRequest")
        return base64.b64decode(self.content, validate=True)

    def _send(self) -> Reply:
        raw = self._mime()
        if not self.store.keeps_ids:
            raw = re.sub(rb"(?im)^Message-ID:[^\r\n]*", f"Message-ID: <{next(self.store.count)}@prod.outlook.com>".encode(), raw)
        assert email.message_from_bytes(raw, policy=email.policy.compat32)["To"], "a mail without a recipient"
        self.store.deliver(raw, "sentitems", here=True)
        return 202, {"request-id": "r-1"}, None

    def _draft(self) -> Reply:
        item = self.store.deliver(self._mime(), "drafts", here=True, draft=True)
        return 201, {}, self._checked(self._message(item), "Message")

    # --- reading ---

    def _place(self, name: str) -> graph_store.Folder:
        found = self.store.find_folder(name)
        if found is None:
            raise Refused(404, "ErrorItemNotFound")
        return found

    def _item(self, key: str) -> Item:
        if key not in self.store.items:
            raise Refused(404, "ErrorItemNotFound")
        return self.store.items[key]

    def _folder(self, folder: graph_store.Folder) -> dict[str, Any]:
        return {
            "id": folder.id,
            "displayName": folder.name,
            "parentFolderId": folder.parent or "AAMk-root=",
            "childFolderCount": sum(f.parent == folder.id for f in self.store.folders.values()),
            "totalItemCount": len(self.store.of(folder.id)),
            "unreadItemCount": sum(not i.read for i in self.store.of(folder.id)),
            "isHidden": False,
        }

    def _message(self, item: Item) -> dict[str, Any]:
        prefer = self.headers.get("Prefer", "")
        if 'IdType="ImmutableId"' not in prefer and self.method == "GET":
            self.graph.wrong.append(f"{self.parts}: an id that changes when the mail is moved")
        expanded = re.findall(r"id eq '([^']*)'", self.query.get("$expand", ""))
        found = graph_store.message(item, plain='outlook.body-content-type="text"' in prefer, expanded=expanded)
        if "internetMessageHeaders" not in self.query.get("$select", ""):  # returned only where it is selected
            found.pop("internetMessageHeaders", None)
        return found

    def _messages(self, items: list[Item]) -> Reply:
        asked, order = self.query.get("$filter", ""), self.query.get("$orderby", "")
        if order:
            # learn.microsoft.com/graph/api/user-list-messages: what is ordered by must stand first in the filter.
            assert not asked or asked.startswith(order.split()[0]), f"InefficientFilter: {asked} by {order}"
            items = sorted(items, key=lambda i: (i.received, i.id), reverse=order.endswith(" desc"))
        return self._list([i for i in items if _fits(i, asked)], self._message, "Message")

    def _delta(self, folder: str) -> Reply:
        token = self.query.get("$deltatoken") or self.query.get("$skiptoken") or f"{self.store.epoch}.0.0"
        epoch, since, skip = (int(n) for n in token.split("."))
        if epoch != self.store.epoch:
            raise Refused(410, "SyncStateNotFound")
        asked = self.query.get("$filter", "")
        assert re.fullmatch(r"(receivedDateTime (ge|gt) \S+)?", asked), f"a delta does not take {asked}"
        changed, now = self.store.changed(folder, since)
        shown = [(i, how) for i, how in changed if how or (i in self.store.items and _fits(self.store.items[i], asked))]
        shown = shown[:DELTA_CAP] if asked else shown
        size = min(int((re.search(r"maxpagesize=(\d+)", self.headers.get("Prefer", "")) or [0, 10])[1]), self.graph.page or 1000)
        part = shown[skip : skip + size]
        value = [
            {"@removed": {"reason": "deleted"}, "id": i} if how else self._chosen(self._message(self.store.items[i]), "Message")
            for i, how in part
        ]
        rest = skip + size < len(shown)
        link = "@odata.nextLink" if rest else "@odata.deltaLink"
        following = f"$skiptoken={epoch}.{since}.{skip + size}" if rest else f"$deltatoken={epoch}.{now}.0"
        chosen = f"&$select={quote(self.query['$select'])}" if "$select" in self.query else ""
        return 200, {}, {"value": value, link: f"{self._here()}?{following}{chosen}"}

    def _list(self, found: list[Any], show: Callable[[Any], dict[str, Any]], model: str) -> Reply:
        skip = int(self.query.get("$skip", self.query.get("$skiptoken", "0")))
        prefer = re.search(r"maxpagesize=(\d+)", self.headers.get("Prefer", ""))
        size = int(self.query.get("$top") or (prefer[1] if prefer else 10))
        size = min(size, self.graph.page or 1000)
        part = [self._chosen(show(one), model) for one in found[skip : skip + size]]
        said: dict[str, Any] = {"value": part}
        if skip + size < len(found):
            query = {k: v for k, v in self.query.items() if k not in {"$skip", "$skiptoken"}} | {"$skip": str(skip + size)}
            said["@odata.nextLink"] = f"{self._here()}?{'&'.join(f'{k}={quote(v)}' for k, v in query.items())}"
        return 200, {}, said

    def _chosen(self, found: dict[str, Any], model: str) -> dict[str, Any]:
        """What was selected, with what always comes along."""
        names = {n.strip() for n in self.query.get("$select", "").split(",") if n.strip()}
        always = {"id", "@odata.etag", "@odata.type", "singleValueExtendedProperties"}
        chosen = {k: v for k, v in found.items() if not names or k in names | always}
        return self._checked(chosen, model)

    def _checked(self, found: dict[str, Any], model: str) -> dict[str, Any]:
        self.graph.wrong += graph_schema.wrong_object(model, found)
        return found

    def _here(self) -> str:
        whose = "me" if self.store.address == self.me else f"users/{self.store.address}"
        return f"{self.graph.url}/{whose}/{'/'.join(map(quote, self.parts))}"

    def _links(self, said: Any) -> Any:
        """A diary gives its links without the server's address."""
        if isinstance(said, dict):
            for name in ("@odata.nextLink", "@odata.deltaLink"):
                if str(said.get(name, "")).startswith("?"):
                    said[name] = f"{self._here()}{said[name]}"
        return said


def _fits(item: Item, asked: str) -> bool:
    """The filters that Kept uses."""
    if not asked:
        return True
    found = re.fullmatch(r"receivedDateTime ge (\S+)", asked)
    if found:
        return item.received >= datetime.fromisoformat(found[1])
    found = re.fullmatch(r"internetMessageId eq '(.*)'", asked)
    if found:
        return bool(item.parsed["Message-ID"] and item.parsed["Message-ID"].strip() == found[1].replace("''", "'"))
    found = re.fullmatch(r"singleValueExtendedProperties/any\(ep:ep/id eq '([^']*)' and ep/value eq '(.*)'\)", asked)
    if found:
        name = found[1].rpartition(" Name ")[2]
        return str(item.parsed.get(name, "")).strip() == found[2].replace("''", "'")
    raise AssertionError(f"a filter that is not known: {asked}")

"""A small, strict Exchange server on loopback: what is asked and what it answers must both be as Microsoft's schema has it.

It is no emulator: it knows the operations that Kept uses and nothing else, and refuses in the words of Exchange. Its faults are
told beforehand (`trouble`): an answer that is lost, a connection that is reset, a server that is busy.
"""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import http.server
import os
import random
import re
import socket
import ssl
import struct
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from connectors import open_mailbox
from connectors.exchange.mailbox import EwsMailbox
from servers import ews_schema
from servers.ews_calendar_store import CalendarStore
from servers.ews_schema import NAMES
from servers.ews_store import Refusal, Store

USER, PASSWORD, TOKEN = "alice@example.test", "secret", "token-of-a-test"
ERRORS = "http://schemas.microsoft.com/exchange/services/2006/errors"


@dataclasses.dataclass
class Trouble:
    """What goes wrong with the next request of that name ("" for any): before it is done, or after it."""

    how: str  # status, drop, reset, hang, cut, garbage, fault, code
    operation: str = ""
    done: bool = False  # whether it was done all the same
    status: int = 0
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    code: str = ""
    rest: int | None = None  # BackOffMilliseconds
    times: int = 1


class Exchange(http.server.ThreadingHTTPServer):
    """The server, its mailboxes by address, what was asked of it and what was wrong with that."""

    daemon_threads = True
    request_queue_size = 50

    def __init__(self, auth: tuple[str, ...] = ("basic",)) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.auth = auth
        self.user, self.password, self.token = USER, PASSWORD, TOKEN
        self.mailboxes: dict[str, Store] = {}
        self.calendars: dict[str, CalendarStore] = {}
        self.hidden: set[str] = set()  # mailboxes whose owner shares nothing
        self.asked: list[str] = []  # every operation that came with a valid log-in
        self.connections = 0
        self.bodies: list[bytes] = []
        self.heads: list[Message] = []
        self.wrong: list[str] = []
        self.troubles: list[Trouble] = []
        self.sent = 0  # bytes of answers
        self.mangle: Callable[[bytes], bytes] = bytes  # what becomes of an answer on its way
        self.scheme = "http"
        self.lock = threading.RLock()
        self.released = threading.Event()
        self.mailbox(USER)

    @property
    def url(self) -> str:
        """Where it is."""
        return f"{self.scheme}://127.0.0.1:{self.server_address[1]}/EWS/Exchange.asmx"

    def mailbox(self, address: str) -> Store:
        """That mailbox, made if need be."""
        if address not in self.mailboxes:
            store = self.mailboxes[address] = Store(address)
            self.calendars[address] = CalendarStore(store)
        return self.mailboxes[address]

    def trouble(self, how: str, **about: Any) -> None:
        """The next fitting request meets this."""
        self.troubles.append(Trouble(how, **about))

    def count(self, operation: str) -> int:
        """How often that was asked."""
        return self.asked.count(operation)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002  # the library's names
        """A client that went away is part of a test; anything else is a mistake in it."""
        if not isinstance(sys.exception(), OSError):
            self.wrong.append(traceback.format_exc())


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Exchange

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.ntlm: Any = None
        self.known = False

    def do_GET(self) -> None:
        self._challenge()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if not self._logged_in():
            return
        self.server.heads.append(self.headers)
        self.server.bodies.append(body)
        try:
            operation, request = self._read(body)
        except (etree.XMLSyntaxError, AssertionError) as error:
            self.server.wrong.append(f"request: {error}")
            self._say(400, b"")
            return
        with self.server.lock:
            self.server.asked.append(operation)
            trouble = self._trouble(operation)
            if trouble is None or trouble.done:
                answer = self._answer(operation, request)
        if trouble is None:
            self._say(200, self.server.mangle(answer), {"Content-Type": "text/xml; charset=utf-8"})
        else:
            self._fail(trouble, operation, answer if trouble.done else b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """Nothing: a token must not be printed."""

    # --- log-in ---

    def _logged_in(self) -> bool:
        if self.known:
            return True
        scheme, _, given = self.headers.get("Authorization", "").partition(" ")
        if scheme == "Bearer" and "oauth" in self.server.auth and given == self.server.token:
            return True
        if scheme == "Basic" and "basic" in self.server.auth:
            said = base64.b64decode(given).decode()
            if said == f"{self.server.user}:{self.server.password}":
                return True
        if scheme == "NTLM" and "ntlm" in self.server.auth:
            return self._ntlm(base64.b64decode(given))
        self._challenge()
        return False

    def _ntlm(self, token: bytes) -> bool:
        """A real handshake; what is proven holds for the connection."""
        import spnego

        self.ntlm = self.ntlm or spnego.server(protocol="ntlm", options=spnego.NegotiateOptions.use_ntlm)
        try:
            answer = self.ntlm.step(token)
        except spnego.exceptions.SpnegoError:
            self.ntlm = None
            self._challenge()
            return False
        if self.ntlm.complete:
            self.known = True
            return True
        self._say(401, b"", {"WWW-Authenticate": f"NTLM {base64.b64encode(answer).decode()}"})
        return False

    def _challenge(self) -> None:
        offers = {"ntlm": "NTLM", "basic": 'Basic realm="127.0.0.1"', "oauth": "Bearer"}
        self._say(401, b"", {"WWW-Authenticate": ", ".join(offers[a] for a in self.server.auth)})

    # --- one operation ---

    def _read(self, body: bytes) -> tuple[str, Any]:
        root = etree.fromstring(body)
        version = root.find("s:Header/t:RequestServerVersion", NAMES)
        assert version is not None, "no version is asked for"
        assert version.get("Version") == "Exchange2013", f"another version is asked for: {version.get('Version')}"
        (request,) = root.find("s:Body", NAMES)
        assert not ews_schema.deviations(request), ews_schema.deviations(request)
        return request.tag.rpartition("}")[2], request

    def _answer(self, operation: str, request: Any) -> bytes:
        try:
            messages = "".join(self._messages(operation, request))
        except Refusal as refusal:
            named = [*request.iterfind("m:FolderIds/*", NAMES), *request.iterfind("m:ItemIds/*", NAMES)]
            messages = _refused(operation, refusal) * max(1, len(named))
        name = operation.removesuffix("Request")
        wrapper = "FreeBusyResponseArray" if name == "GetUserAvailability" else "ResponseMessages"
        inner = f"<m:{name}Response><m:{wrapper}>{messages}</m:{wrapper}></m:{name}Response>"
        return self._wrapped(inner)

    def _messages(self, operation: str, request: Any) -> Iterator[str]:
        if operation == "GetUserAvailabilityRequest":
            yield from self._availability(request)
            return
        store = self._store(request)
        calendar = self.server.calendars[store.address]
        name = re.sub(r"(?<!^)([A-Z])", r"_\1", operation).lower()
        whose = calendar if calendar.concerned(operation, request) else store
        handler: Callable[[Any], Iterator[str]] | None = getattr(whose, name, None)
        if handler is None:
            self.server.wrong.append(f"nobody here knows {operation}")
            raise Refusal("ErrorInvalidOperation")
        yield from handler(request)

    def _store(self, request: Any) -> Store:
        """The mailbox meant: named beside a folder that every mailbox has, or known from an id."""
        named = request.find(".//t:DistinguishedFolderId/t:Mailbox/t:EmailAddress", NAMES)
        address = named.text if named is not None else None
        for element in request.iter(f"{{{NAMES['t']}}}FolderId", f"{{{NAMES['t']}}}ItemId", f"{{{NAMES['t']}}}ReferenceItemId"):
            try:
                owner = base64.b64decode(element.get("Id"), validate=True).decode().partition("|")[0]
            except ValueError:
                raise Refusal("ErrorInvalidIdMalformed") from None
            address = owner if owner in self.server.mailboxes else address
        if address is not None and address not in self.server.mailboxes:
            raise Refusal("ErrorNonExistentMailbox")
        if address is not None and address in self.server.hidden:
            raise Refusal("ErrorAccessDenied")
        return self.server.mailboxes[address or USER]

    def _availability(self, request: Any) -> Iterator[str]:
        for data in request.findall("m:MailboxDataArray/t:MailboxData", NAMES):
            address = data.findtext("t:Email/t:Address", namespaces=NAMES)
            if address not in self.server.mailboxes:
                yield _free_busy("Error", "ErrorMailRecipientNotFound")
            elif address in self.server.hidden:
                yield _free_busy("Error", "ErrorNoFreeBusyAccess")
            else:
                yield _free_busy("Success", "NoError", self.server.calendars[address].view(request))

    def _wrapped(self, inner: str) -> bytes:
        spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMES.items())
        version = '<t:ServerVersionInfo MajorVersion="15" MinorVersion="2" MajorBuildNumber="1544" MinorBuildNumber="9" Version="V2017_07_11"/>'
        text = f'<?xml version="1.0" encoding="utf-8"?><s:Envelope {spaces}><s:Header>{version}</s:Header><s:Body>{inner}</s:Body></s:Envelope>'
        (body,) = etree.fromstring(text.encode()).find("s:Body", NAMES)
        if body.tag != f"{{{NAMES['s']}}}Fault":
            self.server.wrong += [f"reply: {d}" for d in ews_schema.deviations(body)]
        return text.encode()

    # --- trouble ---

    def _trouble(self, operation: str) -> Trouble | None:
        for trouble in self.server.troubles:
            if trouble.operation in {"", operation}:
                trouble.times -= 1
                if trouble.times == 0:
                    self.server.troubles.remove(trouble)
                return trouble
        return None

    def _fail(self, trouble: Trouble, operation: str, answer: bytes) -> None:
        if trouble.how == "status":
            self._say(trouble.status, b"", trouble.headers)
        elif trouble.how == "fault":
            self._say(500, self._wrapped(_fault(trouble)), {"Content-Type": "text/xml"})
        elif trouble.how == "code":
            self._say(200, self._answered(operation, trouble))
        elif trouble.how == "garbage":
            self._say(200, b"<html>Outlook on the web</html>")
        elif trouble.how == "cut":
            self._say(200, answer[: len(answer) * 2 // 3])
        else:
            self._break(trouble.how)

    def _answered(self, operation: str, trouble: Trouble) -> bytes:
        name = operation.removesuffix("Request")
        message = _refused(operation, Refusal(trouble.code, trouble.rest))
        wrapper = "FreeBusyResponseArray" if name == "GetUserAvailability" else "ResponseMessages"
        return self._wrapped(f"<m:{name}Response><m:{wrapper}>{message}</m:{wrapper}></m:{name}Response>")

    def _break(self, how: str) -> None:
        self.close_connection = True
        if how == "hang":
            self.server.released.wait(20)
        elif how == "lost":  # it says that it was done, and the words about it never come
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 5000\r\n\r\n<?xml")
        elif how == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.wfile.flush()
        with contextlib.suppress(OSError):
            if how != "reset":
                self.connection.shutdown(socket.SHUT_RDWR)
            self.connection.close()

    def _say(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.server.sent += len(body)


def _refused(operation: str, refusal: Refusal) -> str:
    code, name = refusal.code, operation.removesuffix("Request")
    if name == "GetUserAvailability":
        return _free_busy("Error", code)
    items = "<m:Items/>" if name in {"CreateItem", "GetItem", "UpdateItem"} else ""
    about = _about(code, refusal.rest)
    return f'<m:{name}ResponseMessage ResponseClass="Error">{about}{items}</m:{name}ResponseMessage>'


def _about(code: str, rest: int | None = None) -> str:
    hint = f'<m:MessageXml><t:Value Name="BackOffMilliseconds">{rest}</t:Value></m:MessageXml>' if rest is not None else ""
    return f"<m:MessageText>It did not work.</m:MessageText><m:ResponseCode>{code}</m:ResponseCode><m:DescriptiveLinkKey>0</m:DescriptiveLinkKey>{hint}"


def _free_busy(kind: str, code: str, view: str = "") -> str:
    said = "<m:ResponseCode>NoError</m:ResponseCode>" if code == "NoError" else _about(code)
    return f'<m:FreeBusyResponse><m:ResponseMessage ResponseClass="{kind}">{said}</m:ResponseMessage>{view}</m:FreeBusyResponse>'


def _fault(trouble: Trouble) -> str:
    """As the documentation shows it: https://learn.microsoft.com/exchange/client-developer/exchange-web-services/ews-throttling-in-exchange."""
    value = f'<t:MessageXml><t:Value Name="BackOffMilliseconds">{trouble.rest}</t:Value></t:MessageXml>' if trouble.rest else ""
    detail = f'<e:ResponseCode xmlns:e="{ERRORS}">{trouble.code}</e:ResponseCode><e:Message xmlns:e="{ERRORS}">Not now.</e:Message>{value}'
    return f"<s:Fault><faultcode>a:{escape(trouble.code)}</faultcode><faultstring>Not now.</faultstring><detail>{detail}</detail></s:Fault>"


@contextlib.contextmanager
def running(
    auth: tuple[str, ...] = ("basic",), credentials: str = "", tls: tuple[Path, Path] | None = None
) -> Iterator[Exchange]:
    """A server of one's own. `credentials` is the file of those who may log in by NTLM, `tls` its certificate and key."""
    before = os.environ.get("NTLM_USER_FILE")
    if credentials:
        os.environ["NTLM_USER_FILE"] = credentials
    server = Exchange(auth)
    if tls is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*tls)
        server.socket, server.scheme = context.wrap_socket(server.socket, server_side=True), "https"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()
        if credentials:
            os.environ.pop("NTLM_USER_FILE", None)
            if before is not None:
                os.environ["NTLM_USER_FILE"] = before


def settings(server: Exchange, **more: Any) -> dict[str, Any]:
    """What a connector needs to know of that server."""
    return {"username": USER, "password": lambda: PASSWORD, "endpoint": server.url, "auth": "basic", "timeout": 5, **more}


def mailbox_at(server: Exchange, **more: Any) -> EwsMailbox:
    mailbox = open_mailbox("ews", settings(server, **more))
    assert isinstance(mailbox, EwsMailbox)
    return mailbox


def mutilator(seed: int) -> Callable[[bytes], bytes]:
    """Takes elements out of answers, empties or doubles them, drops attributes, puts huge numbers in."""
    fate = random.Random(seed)

    def mutilated(answer: bytes) -> bytes:
        text = answer.decode()
        for _ in range(fate.randrange(1, 4)):
            elements = list(re.finditer(r"<(t|m):(\w+)[^<>]*?(?:/>|>[^<]*</\1:\2>)", text))
            if not elements:
                break
            found = fate.choice(elements)
            whole, name = found.group(), found.group(2)
            bare, huge = re.sub(r' \w+="[^"]*"', "", whole), f"<t:{name}>99999999999999999999</t:{name}>"
            instead = fate.choice(["", whole * 2, f"<t:{name}/>", huge, bare])
            text = text[: found.start()] + instead + text[found.end() :]
        return text.encode()

    return mutilated

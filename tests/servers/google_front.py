"""Google for tests: the `emulate` package behind a loopback front that checks every request and reply, and adds what emulate lacks.

Behind it lie the mail store, labels, threads, drafts, history and search of emulate. Added here after Google's documents: getProfile,
batch, a history that was forgotten (404), the tree of parts as the API gives it (emulate knows ten headers and drops the rest), the
Message-ID that is replaced when a mail is sent, and calendars (google_diary.py). A test can make it answer otherwise, or not at all.
"""

from __future__ import annotations

import base64
import contextlib
import email
import http.client
import http.server
import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.message import Message as Parsed
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from servers import google_discovery
from servers.emulate import Emulate, emulate
from servers.google_diary import Diaries, RefusedError, refusal

IDLE = 2.0  # seconds after which a kept connection is not used again: Node ends it after five
Reply = tuple[int, dict[str, str], bytes]


@dataclass(frozen=True)
class Asked:
    """A request, or a call inside a batch."""

    verb: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    content: bytes
    inner: bool = False

    def one(self, name: str, otherwise: str = "") -> str:
        return self.query.get(name, [otherwise])[0]

    @property
    def token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    def json(self) -> Any:
        return json.loads(self.content) if self.content else None


# What a test may have done with a request: None lets it pass, a reply answers it; "drop", "reset", "hang" and "half" do it and then
# lose the answer in that way; "lost 503" and its like do it and then answer with that status.
Meddling = Callable[[Asked], "Reply | str | None"]


@dataclass
class Front:
    """What a test sees of it."""

    url: str
    behind: Emulate
    diaries: Diaries
    seen: list[Asked] = field(default_factory=list)
    meddle: list[Meddling] = field(default_factory=list)
    deviations: list[str] = field(default_factory=list)
    forgotten: dict[str, int] = field(default_factory=dict)  # token -> the history from before this is gone
    keeps_ids: bool = False  # whether a mail that is sent keeps its Message-ID
    people: dict[str, str] = field(default_factory=dict)  # token -> address
    passed_on: dict[str, int] = field(default_factory=dict)  # token -> requests so far

    def account(self) -> tuple[str, str]:
        """An address and its token, with an empty mailbox and calendar."""
        address, token = next(self.behind.accounts)
        self.people[token] = address
        return address, token

    def forget(self, token: str) -> None:
        """Keep no history from before this moment."""
        self.forgotten[token] = int(_profile(self, token)["historyId"])

    def tidied(self) -> list[str]:
        """Forget what a test had it do; returns what was not as Google describes it."""
        self.meddle.clear()
        self.forgotten.clear()
        self.keeps_ids = False
        deviations, self.deviations = self.deviations, []
        return deviations

    def requests(self, *words: str) -> list[Asked]:
        """The requests whose verb and path have all these words, batches counted by what is in them."""
        return [a for a in self.seen if all(word in f"{a.verb} {a.path}" for word in words)]

    def ask(self, token: str, verb: str, path: str, body: object = None, **query: Any) -> Any:
        """Another program of the same user, which goes to emulate itself and is not watched."""
        where = f"{path}?{urlencode(query, doseq=True)}" if query else path
        status, _, content = _onward(self, token, verb, where, b"" if body is None else json.dumps(body).encode())
        assert status < 300, content
        return json.loads(content) if content else None


def error(status: int, reason: str, message: str = "no", **headers: str) -> Reply:
    """A refusal as Google words it (…/gmail/api/guides/handle-errors)."""
    return refusal(status, reason, message, {k.replace("_", "-"): v for k, v in headers.items()})


@contextlib.contextmanager
def google(accounts: int = 1000, more_tokens: int = 0) -> Iterator[Front]:
    """A private Google, as servers.emulate has it."""
    google_discovery.gmail()
    with (
        emulate(accounts, more_tokens) as behind,
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as listener,
    ):
        front = Front(f"http://127.0.0.1:{listener.server_port}", behind, Diaries())
        listener.front = front  # type: ignore[attr-defined]  # the handler's way to it
        threading.Thread(target=listener.serve_forever, daemon=True).start()
        try:
            yield front
        finally:
            listener.shutdown()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def answer(self) -> None:
        front: Front = self.server.front  # type: ignore[attr-defined]  # as above
        content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        where = urlsplit(self.path)
        asked = Asked(self.command, where.path, parse_qs(where.query), dict(self.headers.items()), content)
        front.seen.append(asked)
        told = _meddled(front, asked)
        reply = told if isinstance(told, tuple) else _handled(front, asked)
        if isinstance(told, str):
            if not told.startswith("lost "):
                self._break(told)
                return
            reply = error(int(told.removeprefix("lost ")), "backendError")
        self._say(*reply)

    def _say(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _break(self, how: str) -> None:
        if how == "hang":
            time.sleep(2.0)
        elif how == "half":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")
        elif how == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815  # the library's names

    def log_message(self, *_: object) -> None:
        """Nothing: a token must not be printed."""


def _meddled(front: Front, asked: Asked) -> Reply | str | None:
    return next((said for rule in list(front.meddle) if (said := rule(asked)) is not None), None)


def _handled(front: Front, asked: Asked) -> Reply:
    if asked.token not in front.people:
        return error(401, "authError", "Invalid Credentials")
    if asked.path == google_discovery.gmail().batch_path:
        return _batch(front, asked)
    about = google_discovery.calendar() if asked.path.startswith("/calendar/") else google_discovery.gmail()
    method = about.method(asked.verb, asked.path)
    if method is None:
        front.deviations.append(f"{asked.verb} {asked.path} is no method")
        return error(404, "notFound")
    front.deviations += about.wrong_request(method, asked.query, asked.json())
    try:
        said = _does(front, asked, method.id, method.named)
    except RefusedError as refused:
        return refused.reply
    if said is None:
        return 204, {}, b""
    front.deviations += about.wrong_reply(method, said)
    if "fields" in asked.query:
        said = _partial(said, asked.one("fields").split(","))
    return 200, {"Content-Type": "application/json; charset=UTF-8"}, json.dumps(said).encode()


def _does(front: Front, asked: Asked, method: str, named: Mapping[str, str]) -> Any:
    """What the method is to do, as Google documents it."""
    if method.startswith("calendar."):
        return front.diaries.does(front.people[asked.token], method, named, asked.query, asked.json(), asked.headers)
    if named.get("userId") not in {"me", front.people[asked.token]}:
        raise RefusedError(403, "delegationDenied")
    short = method.removeprefix("gmail.users.")
    if short == "getProfile":
        return _profile(front, asked.token)
    if short == "history.list" and int(asked.one("startHistoryId")) < front.forgotten.get(asked.token, 0):
        raise RefusedError(404, "notFound", "Requested entity was not found.")
    if short == "messages.get" and asked.one("format", "full") in {"full", "metadata"}:
        return _message(front, asked)
    if short == "messages.attachments.get":
        return _attachment(front, asked, named)
    if short == "messages.list" and asked.one("q").startswith("rfc822msgid:"):
        return _by_message_id(front, asked)
    if short == "messages.send" and not front.keeps_ids:
        asked = _with_new_id(asked)
    return _passed_on(front, asked)


def _passed_on(front: Front, asked: Asked, **query: str) -> Any:
    """As emulate answers. It knows no `newer_than`, and every mail in a test is new."""
    said = {name: values for name, values in asked.query.items() if name != "fields"} | {k: [v] for k, v in query.items()}
    if "q" in said:
        said["q"] = [said["q"][0].replace("{in:sent in:drafts} newer_than:30d", "in:sent")]
    status, _, content = _onward(front, asked.token, asked.verb, f"{asked.path}?{urlencode(said, doseq=True)}", asked.content)
    if status >= 300:
        reason = json.loads(content)["error"]["errors"][0]
        raise RefusedError(status, reason["reason"], reason["message"])
    return json.loads(content) if content else None


def _profile(front: Front, token: str) -> Mapping[str, Any]:
    messages = front.ask(token, "GET", "/gmail/v1/users/me/messages", maxResults=1)
    threads = front.ask(token, "GET", "/gmail/v1/users/me/threads", maxResults=1)
    watched = front.ask(token, "POST", "/gmail/v1/users/me/watch", {"topicName": "t"})  # the only one who tells it
    return {
        "emailAddress": front.people[token],
        "messagesTotal": messages["resultSizeEstimate"],
        "threadsTotal": threads["resultSizeEstimate"],
        "historyId": watched["historyId"],
    }


def _by_message_id(front: Front, asked: Asked) -> Mapping[str, Any]:
    """Emulate cuts the operator off one letter too late and so finds nothing; it is asked for all, which tests have few of."""
    wanted = "<" + asked.one("q").partition(":")[2] + ">"
    where = "/gmail/v1/users/me/messages"
    every = front.ask(asked.token, "GET", where, includeSpamTrash=asked.one("includeSpamTrash", "false"), maxResults=500)
    found = []
    for one in every["messages"]:
        headers = front.ask(asked.token, "GET", f"{where}/{one['id']}", format="metadata")["payload"]["headers"]
        found += [one] if {"name": "Message-ID", "value": wanted} in headers else []
    return {"messages": found[:1], "resultSizeEstimate": len(found)} if found else {"resultSizeEstimate": 0}


def _message(front: Front, asked: Asked) -> Mapping[str, Any]:
    """The message with its parts, made of the mail as it was delivered."""
    said = _passed_on(front, asked, format="raw")
    parsed = email.message_from_bytes(base64.urlsafe_b64decode(said.pop("raw") + "=="))
    wanted = {name.lower() for name in asked.query.get("metadataHeaders", [])}
    payload = part_of(parsed, "")
    if asked.one("format") == "metadata":
        payload = {**payload, "body": {"size": 0}}
        payload.pop("parts", None)
        if wanted:
            payload["headers"] = [h for h in payload["headers"] if h["name"].lower() in wanted]
    return {**said, "payload": payload}


def _attachment(front: Front, asked: Asked, named: Mapping[str, str]) -> Mapping[str, Any]:
    """The bytes of a part that was left out of its message, by the id that `part_of` gave it."""
    found = front.ask(asked.token, "GET", f"/gmail/v1/users/me/messages/{named['messageId']}", format="raw")
    part: Any = email.message_from_bytes(base64.urlsafe_b64decode(found["raw"] + "=="))
    for number in filter(None, named["id"].removeprefix("ANGjdJ").split(".")):
        part = part.get_payload()[int(number)] if part.is_multipart() else part
    content = part.get_payload(decode=True)
    return {"size": len(content), "data": base64.urlsafe_b64encode(content).decode()}


def part_of(parsed: Parsed, number: str) -> dict[str, Any]:
    """A part as MessagePart: the words decoded and in UTF-8, attachments left out with an id to fetch them by."""
    fields = [{"name": name, "value": re.sub(r"\r?\n[ \t]+", " ", str(value))} for name, value in parsed.items()]
    part: dict[str, Any] = {"partId": number, "mimeType": parsed.get_content_type(), "filename": parsed.get_filename() or ""}
    part |= {"headers": fields, "body": {"size": 0}}
    if parsed.is_multipart():
        inner = [p for p in parsed.get_payload() if isinstance(p, Parsed)]
        part["parts"] = [part_of(p, f"{number}.{n}".lstrip(".")) for n, p in enumerate(inner)]
        return part
    content = parsed.get_payload(decode=True)
    content = content if isinstance(content, bytes) else b""
    if part["filename"] or parsed.get_content_maintype() != "text":
        part["body"] = {"size": len(content), "attachmentId": f"ANGjdJ{number or 0}"}
        return part
    with contextlib.suppress(LookupError, UnicodeError):
        content = content.decode(parsed.get_content_charset("utf-8")).encode()
    part["body"] = {"size": len(content), "data": base64.urlsafe_b64encode(content).decode()}
    return part


def _with_new_id(asked: Asked) -> Asked:
    """Gmail gives a mail that is sent by the API a Message-ID of its own (connectors/google/gmail_search.py says who saw it)."""
    body = asked.json()
    raw = base64.urlsafe_b64decode(body["raw"] + "==")
    own = f"<CA{abs(hash(raw)):x}@mail.gmail.com>".encode()
    body["raw"] = base64.urlsafe_b64encode(re.sub(rb"(?im)^message-id:.*$", b"Message-ID: " + own, raw, count=1)).decode()
    return Asked(asked.verb, asked.path, asked.query, asked.headers, json.dumps(body).encode())


def _partial(said: Any, fields: list[str]) -> Any:
    """What a partial response holds: names, and paths of names with slashes."""
    found: dict[str, Any] = {}
    for one in fields:
        name, slash, rest = one.partition("/")
        if isinstance(said, dict) and name in said:
            found[name] = _partial(said[name], [rest]) if slash else said[name]
    return found


def _batch(front: Front, asked: Asked) -> Reply:
    """Each call by itself; the answers in reverse order, for Google promises none (…/gmail/api/guides/batch)."""
    boundary = asked.headers["Content-Type"].partition("boundary=")[2]
    pieces = asked.content.split(f"--{boundary}".encode())[1:-1]
    if len(pieces) > 100:
        return error(400, "badRequest", "too many calls in a batch")
    said = [_call(front, asked, piece) for piece in pieces]
    body = b"".join(b"--batch_x\r\n" + one + b"\r\n" for one in reversed(said)) + b"--batch_x--"
    return 200, {"Content-Type": "multipart/mixed; boundary=batch_x"}, body


def _call(front: Front, asked: Asked, piece: bytes) -> bytes:
    head, _, call = piece.strip().partition(b"\r\n\r\n")
    number = re.search(rb"(?i)content-id: *<(.+)>", head)
    verb, target, _ = call.splitlines()[0].decode().split(" ")
    where = urlsplit(target)
    inner = Asked(verb, where.path, parse_qs(where.query), asked.headers, b"", inner=True)
    front.seen.append(inner)
    told = _meddled(front, inner)
    status, headers, content = told if isinstance(told, tuple) else _handled(front, inner)
    fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    named = number.group(1).decode() if number else ""
    return (
        f"Content-Type: application/http\r\nContent-ID: <response-{named}>\r\n\r\nHTTP/1.1 {status} X\r\n{fields}\r\n".encode()
        + content
    )


_local = threading.local()


def _onward(front: Front, token: str, verb: str, path: str, content: bytes) -> Reply:
    """To emulate, over one connection for each thread, with another of the user's tokens before it has had enough of one."""
    number = front.passed_on[token] = front.passed_on.get(token, 0) + 1
    used = f"{token}.{number // 4900}" if number >= 4900 else token
    headers = {"Authorization": f"Bearer {used}", "Content-Type": "application/json"}
    kept: dict[int, http.client.HTTPConnection] = _local.__dict__.setdefault("kept", {})
    where = front.behind
    if time.monotonic() - _local.__dict__.get("last", 0.0) > IDLE:
        kept.clear()
    _local.__dict__["last"] = time.monotonic()
    connection = kept.get(where.port) or kept.setdefault(where.port, http.client.HTTPConnection(where.host, where.port))
    try:
        connection.request(verb, path, content, headers)
        reply = connection.getresponse()
        return reply.status, dict(reply.getheaders()), reply.read()
    except (OSError, http.client.HTTPException):
        kept.pop(where.port).close()
        raise

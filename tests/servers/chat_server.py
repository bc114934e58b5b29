"""A loopback server of chat completions, which answers as told and holds every request to OpenAI's published description.

The models below are the part of `CreateChatCompletionRequest` and `CreateChatCompletionResponse` that a plain question needs: a request
with anything else, or anything wrong in it, is refused with status 400, as the real ones do, and noted in `deviations`.
"""

from __future__ import annotations

import contextlib
import http.server
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Raw: TypeAlias = tuple[int, dict[str, str], bytes]  # status, headers, body
SLOW = 0.05  # seconds between two bytes that drip


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class SystemMessage(Strict):
    role: Literal["system"]
    content: Annotated[str, Field(min_length=1)]


class UserMessage(Strict):
    role: Literal["user"]
    content: Annotated[str, Field(min_length=1)]


class JsonSchema(Strict):
    name: Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]{1,64}$")]
    description: str | None = None
    schema_: Annotated[dict[str, Any], Field(alias="schema")]
    strict: bool | None = None


class ResponseFormat(Strict):
    type: Literal["json_schema"]
    json_schema: JsonSchema


class ChatRequest(Strict):
    """`CreateChatCompletionRequest`."""

    model: Annotated[str, Field(min_length=1)]
    messages: Annotated[list[Annotated[SystemMessage | UserMessage, Field(discriminator="role")]], Field(min_length=1)]
    response_format: ResponseFormat | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    stream: bool | None = None


@dataclass
class ChatServer:
    """What it was asked, and how it answers: what the model says to a request's material, or a response as it is, or a way to misbehave."""

    url: str = ""
    says: Callable[[dict[str, Any]], str] | str | Raw = "{}"
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    deviations: list[str] = field(default_factory=list)
    misbehaves: str = ""  # hang | drip head | drip body | endless

    @property
    def material(self) -> list[dict[str, Any]]:
        """What each question was about."""
        return [json.loads(request["messages"][-1]["content"]) for request in self.asked]


def completion(content: str | None) -> bytes:
    """Return the body of a response (`CreateChatCompletionResponse`)."""
    message = {"role": "assistant", "content": content, "refusal": None}
    choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    document = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
    return json.dumps(document).encode()


@contextlib.contextmanager
def chat(
    says: Callable[[dict[str, Any]], str] | str | Raw = "{}", *, misbehaves: str = "", tls: tuple[Path, Path] | None = None
) -> Iterator[ChatServer]:
    """Serve on loopback; `tls` are the files of a certificate and its key."""
    server = ChatServer(says=says, misbehaves=misbehaves)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            server.headers.append(dict(self.headers))
            _answer(self, server, _response(server, self.path, body))

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listener:
        listener.daemon_threads = True
        server.url = f"http://127.0.0.1:{listener.server_port}/v1"
        if tls is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            listener.socket = context.wrap_socket(listener.socket, server_side=True)
            server.url = f"https://localhost:{listener.server_port}/v1"
        threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield server
        finally:
            server.misbehaves = ""
            listener.shutdown()


def _answer(handler: http.server.BaseHTTPRequestHandler, server: ChatServer, response: Raw) -> None:
    status, headers, content = response
    handler.close_connection = bool(server.misbehaves)
    with contextlib.suppress(OSError):  # who asked may have gone
        if server.misbehaves:
            _misbehave(handler.wfile, server.misbehaves)
            return
        handler.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers, "Content-Length": str(len(content))}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)


def _response(server: ChatServer, path: str, body: bytes) -> Raw:
    try:
        ChatRequest.model_validate_json(body)
    except ValidationError as error:
        server.deviations.append(str(error))
        return 400, {}, b'{"error": {"message": "invalid request", "type": "invalid_request_error"}}'
    if path != "/v1/chat/completions":
        return 404, {}, b"{}"
    request = json.loads(body)
    server.asked.append(request)
    if isinstance(server.says, tuple):
        return server.says
    content = server.says if isinstance(server.says, str) else server.says(json.loads(request["messages"][-1]["content"]))
    return 200, {}, completion(content)


def _misbehave(wire: Any, how: str) -> None:
    """Send what no client should wait for, for a few seconds at most."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
    if how == "hang":
        time.sleep(3)
    elif how == "drip head":
        _drip(wire, head * 20)
    elif how == "drip body":
        wire.write(head + b"Content-Length: 100000\r\n\r\n")
        _drip(wire, b" " * 100)
    elif how == "endless":
        wire.write(head + b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(1000):
            wire.write(b"4000\r\n" + b" " * 0x4000 + b"\r\n")


def _drip(wire: Any, what: bytes) -> None:
    for n in range(min(len(what), 80)):
        wire.write(what[n : n + 1])
        wire.flush()
        time.sleep(SLOW)

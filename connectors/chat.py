"""A language model behind an address that speaks OpenAI's chat completions, as Ollama, llama.cpp and company gateways do.

Only the host of that address is asked: no redirect is followed and no proxy of the environment is used. One request is sent for one
question, and it ends at the time limit whatever the server does: an answer that drips, never ends, streams, or is no chat completion is
a ConnectorError. What stands in an answer is a claim of the model's; the caller checks it.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connectors.errors import ConnectorError
from connectors.net.http import Access, Api, Response
from connectors.net.json_values import objects
from connectors.net.tls import is_loopback, server_text

if TYPE_CHECKING:
    from connectors.net.http import BackOff

LARGEST_RESPONSE = 256 * 1024  # bytes
LARGEST_ANSWER = 16 * 1024  # characters of what the model says
_PIECE = 64  # bytes after which the time limit is looked at: a server may send them one by one
_MOST_ABANDONED = 2  # requests that a server keeps open although nobody waits any more


@dataclass(frozen=True, slots=True)
class ChatModel:
    """One model at one address. `key` looks up the key of a gateway, "" where there is none. `time_limit` is in seconds."""

    url: str
    name: str
    key: Callable[[], str] = field(default=lambda: "")
    time_limit: float = 20.0
    ca_file: str | None = None
    access: Access = field(init=False)
    _abandoned: list[threading.Thread] = field(default_factory=list, init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "access", Access(_Key(self.key)))

    @property
    def host(self) -> str:
        """The host that is asked, with its port where one is named."""
        return urlsplit(self.url).netloc

    @property
    def is_on_this_machine(self) -> bool:
        """Whether what is asked stays on this machine."""
        return is_loopback(urlsplit(self.url).hostname or "")

    @property
    def back_off(self) -> BackOff:
        """For how long the server asked to be left alone."""
        return self.access.back_off

    def ask(
        self,
        instructions: str,
        material: str,
        schema_name: str,
        schema: Mapping[str, Any],
        most_tokens: int,
        *,
        time_limit: float | None = None,
    ) -> str:
        """Return what the model says to some material, at most LARGEST_ANSWER characters. Raises ConnectorError.

        The answer should be JSON by the schema and have at most so many tokens; that is the model's affair. `time_limit` (seconds)
        shortens the model's own.
        """
        limit = min(self.time_limit, time_limit or self.time_limit)
        api = _ChatApi(self.access, self.url, limit, self.ca_file)
        body = {
            "model": self.name,
            "messages": [{"role": "system", "content": instructions}, {"role": "user", "content": material}],
            "response_format": {"type": "json_schema", "json_schema": {"name": schema_name, "strict": True, "schema": schema}},
            "temperature": 0,
            "max_tokens": most_tokens,
            "stream": False,
        }
        return _content(self.host, self._within(limit, lambda: api.request("POST", "chat/completions", body=body, writes=True)))

    def _within(self, limit: float, request: Callable[[], Response]) -> Response:
        """Return the response if it comes within `limit` seconds. A request that takes longer is left to a thread of its own."""
        self._abandoned[:] = [thread for thread in self._abandoned if thread.is_alive()]
        if len(self._abandoned) >= _MOST_ABANDONED:
            raise ConnectorError(f"{self.host} still has not finished its earlier answers")
        done: list[Response | BaseException] = []

        def run() -> None:
            try:
                done.append(request())
            except BaseException as error:  # noqa: BLE001  # handed to the thread that waits
                done.append(error)

        thread = threading.Thread(target=run, name="language model", daemon=True)
        thread.start()
        thread.join(limit)
        if not done:
            self._abandoned.append(thread)
            raise ConnectorError(f"{self.host} gave no answer within {max(1, round(limit))} seconds")
        if isinstance(done[0], BaseException):
            raise done[0]
        return done[0]


class _ChatApi(Api):
    """The address, asked without the environment's proxies."""

    name = "the language model"
    body_cap = LARGEST_RESPONSE
    trusts_environment = False

    def __init__(self, access: Access, root: str, timeout: float, ca_file: str | None) -> None:
        super().__init__(access, root, timeout)
        self.verify = _readable(ca_file) if ca_file else True
        self._ends = time.monotonic() + timeout

    def _pieces(self, response: Any) -> Iterator[bytes]:
        """Yield the body in small pieces until the time is over, so that no server holds a request open for ever."""
        for piece in response.iter_content(_PIECE):
            if time.monotonic() > self._ends:
                raise ConnectorError(f"{self.name} did not finish its answer in time")
            yield piece

    def _failed(self, answer: Response, *, writes: bool) -> ConnectorError:
        host = urlsplit(self.root).netloc
        if answer.status in {401, 403}:
            return ConnectorError(f"{host} refused the key for the language model", permanent=True)
        if answer.status == 404:
            return ConnectorError(f"{host} knows no such model, or no chat completions at this address", permanent=True)
        if 300 <= answer.status < 400:
            return ConnectorError(f"{host} wants to lead to another address, which Kept does not follow", permanent=True)
        return super()._failed(answer, writes=writes)


def _readable(ca_file: str) -> str:
    """Return a file of certificates if it is one. Raises ConnectorError."""
    try:
        ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        why = error.strerror or "it holds no certificates"
        raise ConnectorError(f"the certificate file {ca_file} cannot be used: {server_text(why)}", permanent=True) from None
    return ca_file


class _Key:
    """The key of a gateway as a grant: looked up when a request is sent."""

    user = "the language model"

    def __init__(self, look_up: Callable[[], str]) -> None:
        self._look_up = look_up

    def token(self) -> str:
        return self._look_up()

    def reject(self, token: str) -> None:
        """Nothing: there is no other key."""


def _content(host: str, response: Response) -> str:
    """Return what the first choice says; "" where the model refuses to say anything. Raises ConnectorError for anything else."""
    try:
        document = response.json()
    except (ValueError, RecursionError):
        document = None
    choices: Sequence[Mapping[str, Any]] = objects(document.get("choices")) if isinstance(document, dict) else ()
    message = choices[0].get("message") if choices else None
    if not isinstance(message, dict):
        raise ConnectorError(f"{host} answered with something that is no chat completion", permanent=True)
    content = message.get("content")
    return content[:LARGEST_ANSWER] if isinstance(content, str) else ""

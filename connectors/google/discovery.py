"""Google's own client library, used for what it does well: requests built and checked from its bundled discovery documents.

Nothing is fetched to build a request. Sending is Kept's own business (`OneAttempt`), because httplib2, which the library would use,
sends a request again when the connection drops (httplib2.RETRIES = 2), and a mail could go out twice.

Measured with 2.202.0 on Python 3.11: beside google-auth, which renews the tokens anyway, the library and Gmail's collections take
0.07 s and 8 MB, a collection 7 ms, a request 0.09 ms; a first sync computes 1,680 messages a second (1,610 with addresses written by
hand). So the library is imported at the first request and collections are kept; `kept status` imports none of it.
"""

from __future__ import annotations

import functools
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from connectors.net.http import Response

Send = Callable[[str, str, bytes | None, Mapping[str, str]], Response]
"""Send one request: method, address, body, header fields. Raises ConnectorError where no answer came."""


NO_ANSWER = Response(0, {}, b"")


class OneAttempt:
    """The `http` object of one request: a single attempt, whatever happens to it. `answer` is what came back."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.answer = NO_ANSWER

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None,
        redirections: int = 0,  # noqa: ARG002  # part of httplib2's signature; nothing is redirected
        connection_type: object = None,  # noqa: ARG002  # the same
    ) -> tuple[Any, bytes]:
        """As httplib2.Http.request: the response, of which the library needs the status alone, and the content."""
        import httplib2  # noqa: PLC0415  # only where Google is really asked

        content = body.encode() if isinstance(body, str) else body
        fields = {name: value for name, value in (headers or {}).items() if name.lower() != "content-length"}
        self.answer = self._send(
            method, uri, content, {**fields, "user-agent": "Kept (gzip)"}
        )  # Google compresses for "gzip" alone
        return httplib2.Response({"status": str(self.answer.status)}), self.answer.content


@functools.lru_cache(maxsize=32)
def collection(document: str, root: str, path: str) -> Any:
    """Return a collection of an API, whose methods build requests: ("gmail.v1", "https://gmail.googleapis.com", "users.messages").

    A method raises TypeError for a parameter that the discovery document does not have.
    """
    resource = _service(document, root)
    for name in path.split("."):
        resource = getattr(resource, name)()
    return resource


@functools.lru_cache(maxsize=8)
def _service(document: str, root: str) -> Any:
    from googleapiclient import discovery, discovery_cache  # noqa: PLC0415  # only where Google is really asked

    logging.getLogger("googleapiclient").setLevel(logging.ERROR)  # its warnings quote what the server sent
    description = json.loads(discovery_cache.get_static_doc(*document.split(".")))
    # Both options are given so that no environment variable of Google's (mTLS endpoint, universe domain) leads elsewhere.
    options = {"api_endpoint": f"{root}/{description['servicePath']}", "universe_domain": "googleapis.com"}
    return discovery.build_from_document(description, http=OneAttempt(_unbound), client_options=options)


def _unbound(*_request: object) -> Response:
    raise NotImplementedError("a request is sent by GoogleApi.execute, never by itself")

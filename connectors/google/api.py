"""Google's APIs over HTTPS: what a call costs, what a refusal means, and many reading calls in one request.

Gmail counts units for each user and minute (developers.google.com/workspace/gmail/api/reference/quota). Since 1 May 2026 a new Cloud
project has 6,000 of them and reading a message costs 20; one that was used in the half-year before keeps 15,000, at 5 a message. Kept
cannot see which it has and spends at most 60 % of the smaller. Calendar counts requests, 600 for each user and minute
(developers.google.com/workspace/calendar/api/guides/quota): the same pace at one unit a request is far below.
"""

from __future__ import annotations

import contextlib
import copy
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from connectors.errors import ConnectorError
from connectors.google.auth import SCOPE_PURPOSES
from connectors.google.discovery import NO_ANSWER, OneAttempt, collection
from connectors.net.http import Access, Api, Response
from connectors.net.json_values import objects, text
from connectors.net.tls import server_text

ROOTS: Mapping[str, str] = {"gmail.v1": "https://gmail.googleapis.com", "calendar.v3": "https://www.googleapis.com"}
UNITS_PER_SECOND = 60.0  # 60 % of 6,000 a minute; what Access.pace of a Google user should be
UNITS: Mapping[str, int] = {  # by method; every other one costs 1
    "gmail.users.history.list": 2,
    "gmail.users.messages.list": 5,
    "gmail.users.messages.get": 20,
    "gmail.users.messages.attachments.get": 20,
    "gmail.users.drafts.create": 10,
    "gmail.users.drafts.get": 5,
    "gmail.users.drafts.delete": 10,
    "gmail.users.messages.send": 100,
}
BATCH = 25  # calls in one request; Google takes 100 and advises against more than 50 (…/gmail/api/guides/batch)
_MISSING_SCOPE = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficient_scope"})
# …/gmail/api/guides/handle-errors and …/calendar/api/guides/errors: these come as 403 as well as 429.
_RATE_LIMITS = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "concurrentLimitExceeded"})
_QUOTAS = {"quotaExceeded": 600.0, "dailyLimitExceeded": 3600.0, "dailyLimitExceededUnreg": 3600.0}
_MINUTE = 60.0  # to wait without a hint: rates are counted by the minute, those of _QUOTAS by hours or the day
_RETRY_AFTER = re.compile(r"retry after (\d{4}-\d\d-\d\dT[\d:.]{5,20}Z)", re.IGNORECASE)
_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})\b[^\r\n]*\r?\n")
_BOUNDARY = re.compile(r"boundary\s*=\s*(?:\"([^\"]+)\"|([^\s;]+))", re.IGNORECASE)
_CALL_NUMBER = re.compile(rb"(?im)^content-id:\s*<?response-<?kept-(\d{1,4})\b")


class Reply(NamedTuple):
    """An answer, and the JSON in it; None where it holds none."""

    answer: Response
    body: Any


class GoneError(ConnectorError):
    """What the request builds on no longer exists: a history or a token that Google has dropped."""


class GoogleApi(Api):
    """One API of Google's ("gmail.v1", "calendar.v3") for one user. `purpose` is a value of auth.SCOPE_PURPOSES.

    `endpoint` replaces Google's own address. Requests are those of googleapiclient, built by the methods of a `collection`.
    """

    name = "Google"

    def __init__(self, access: Access, document: str, purpose: str, endpoint: str | None = None, timeout: float = 60.0) -> None:
        super().__init__(access, endpoint or ROOTS[document], timeout)
        self._document, self._purpose = document, purpose

    def collection(self, path: str) -> Any:
        """Return a collection by its path, as "users.messages"; its methods build requests."""
        return collection(self._document, self.root, path)

    def read(self, request: Any, *, allow: tuple[int, ...] = ()) -> tuple[int, Mapping[str, Any]]:
        """Return the status and the object that Google answers a reading request with. Raises ConnectorError."""
        reply = self.execute(request, allow=allow)
        if reply.answer.status < 300 and isinstance(reply.body, dict):
            return reply.answer.status, reply.body
        return reply.answer.status, json_object(reply.answer)

    def pages(self, lists: Any, request: Any, *, gone: tuple[int, ...] = ()) -> Iterator[Mapping[str, Any]]:
        """Yield a list page by page; `lists` is the collection that built the request.

        Raises ConnectorError; GoneError for a status of `gone`.
        """
        tokens: set[str] = set()
        while request is not None:
            status, page = self.read(request, allow=gone)
            if status in gone:
                raise GoneError("Google no longer keeps the changes since Kept last looked")
            yield page
            token = text(page.get("nextPageToken"))
            if token in tokens:
                raise ConnectorError("Google sent the same page twice; Kept will try again later")
            tokens.add(token)
            request = lists.list_next(request, page) if token else None

    def execute(self, request: Any, *, writes: bool = False, allow: tuple[int, ...] = ()) -> Reply:
        """Send a request. A status from 300 on raises ConnectorError, apart from those in `allow`.

        A reading request is sent once more where the token was refused; one that writes never is (see Api.request).
        """
        reply = self._attempt(request, writes=writes)
        if reply.answer.status == 401 and not writes:
            reply = self._attempt(request, writes=writes)
        if reply.answer.status < 300 or reply.answer.status in allow:
            return reply
        raise self._failed(reply.answer, writes=writes)

    def batch(self, requests: Sequence[Any]) -> list[Response]:
        """Send reading requests, BATCH at most, as one; an answer for each, in order, of status 0 where there is none.

        By hand: googleapiclient's BatchHttpRequest takes 20 ms for 25 messages of 8 kB (this 3.7 ms, of which 2.3 are the library
        building the requests), and where one answer is missing or malformed it raises KeyError and loses the others.
        """
        calls = "".join(
            f"--kept\r\nContent-Type: application/http\r\nContent-ID: <kept-{number}>\r\n\r\n"
            f"{request.method} {_path(request.uri)} HTTP/1.1\r\nAccept: application/json\r\n\r\n"
            for number, request in enumerate(requests)
        )
        answer = self.request(
            "POST",
            "batch",  # batchPath of Gmail's discovery document
            content=f"{calls}--kept--\r\n".encode(),
            headers={"Content-Type": "multipart/mixed; boundary=kept"},
            units=sum(UNITS.get(request.methodId, 1) for request in requests),
        )
        answers = _batch_answers(answer)
        return [answers.get(number, NO_ANSWER) for number in range(len(requests))]

    def failed(self, answer: Response) -> ConnectorError:
        """Return what the failure of one call in a batch means; where it means "slower", the back-off window opens."""
        return self._failed(answer, writes=False)

    def _attempt(self, request: Any, *, writes: bool) -> Reply:
        """Send a request exactly once. Raises ConnectorError where no answer came."""
        units = UNITS.get(request.methodId, 1)
        http = OneAttempt(
            lambda method, uri, content, headers: self._once(method, uri, None, None, content, headers, writes, units)
        )
        attempt = copy.copy(request)  # the library changes a request while it sends it
        attempt.headers = dict(request.headers)
        body: Any = None
        try:
            body = attempt.execute(http=http, num_retries=0)
        except ConnectorError:
            raise
        except Exception:  # HttpError, and whatever the library stumbles over in a hostile answer
            if http.answer is NO_ANSWER:
                raise
        return Reply(http.answer, body)

    def back_off_seconds(self, answer: Response) -> float | None:
        """Return the seconds to wait as Api does, and for a 403 whose reason is a rate or a quota."""
        given = reasons(answer)
        exhausted = max((_QUOTAS[reason] for reason in given & _QUOTAS.keys()), default=0.0)
        if answer.status not in {429, 503} and not (answer.status == 403 and (exhausted or given & _RATE_LIMITS)):
            return None
        usual = exhausted or _MINUTE
        return (
            answer.retry_after() or _stated_wait(answer) or (super().back_off_seconds(answer) if answer.status == 503 else usual)
        )

    def _refusal(self, answer: Response) -> ConnectorError:
        given, who = reasons(answer), self.access.user
        if answer.status == 403 and given & _MISSING_SCOPE:
            return ConnectorError(self._missing(answer), permanent=True)
        if given & {"accessNotConfigured", "SERVICE_DISABLED"}:
            return ConnectorError(
                "this API is not enabled for your app at Google; enable it in the Google Cloud console under APIs & Services",
                permanent=True,
            )
        if "domainPolicy" in given:
            return ConnectorError(f"the administrator of {who} at Google does not allow apps such as Kept", permanent=True)
        if answer.status == 404:
            return ConnectorError(f"Google could not find this, or {who} has no access to it", permanent=True)
        reason = server_text(text(_error(answer).get("message"))) or "no reason given"
        return ConnectorError(f"Google refused the request (status {answer.status}): {reason}", permanent=True)

    def _missing(self, answer: Response) -> str:
        """Name the permission that is missing. RFC 6750, 3: the header lists the scopes that would do; one of Kept's says it best."""
        header = next((v for k, v in answer.headers.items() if k.lower() == "www-authenticate"), "")
        purposes = [SCOPE_PURPOSES[s] for s in re.findall(r"https://[\w./-]+", header) if s in SCOPE_PURPOSES]
        purpose = self._purpose if not purposes or self._purpose in purposes else purposes[0]
        who = self.access.user
        if self.access.application:
            return f"Kept has no permission to {purpose} for {who}; ask your administrator to allow it at Google"
        return f"Kept has no permission to {purpose}; run kept auth {who}"


def json_object(answer: Response) -> Mapping[str, Any]:
    """Return the object that an answer holds. ConnectorError where it holds none: it is broken, or not Google's."""
    with contextlib.suppress(ValueError, RecursionError):
        value = answer.json()
        if isinstance(value, dict):
            return value
    raise ConnectorError("Google sent an answer that Kept could not read; Kept will try again later")


def reasons(answer: Response) -> frozenset[str]:
    """Return every reason that a refusal gives, in the older form (errors) and the newer one (details: google.rpc.ErrorInfo)."""
    error = _error(answer)
    given = {text(detail.get("reason")) for detail in (*objects(error.get("errors")), *objects(error.get("details")))}
    return frozenset(given - {""})


def compact_json(value: object) -> str:
    """Return a cursor as text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _error(answer: Response) -> Mapping[str, Any]:
    with contextlib.suppress(ConnectorError):
        error = json_object(answer).get("error")
        if isinstance(error, dict):
            return error
    return {}


def _stated_wait(answer: Response) -> float | None:
    """Return the seconds that Gmail states in words: "User-rate limit exceeded. Retry after 2026-03-02T09:14:00.000Z"."""
    stated = _RETRY_AFTER.search(text(_error(answer).get("message")))
    date = next((v for k, v in answer.headers.items() if k.lower() == "date"), "")
    with contextlib.suppress(ValueError, TypeError):
        if stated:
            now = parsedate_to_datetime(date)
            now = now if now.tzinfo else now.replace(tzinfo=UTC)
            return max(1.0, (datetime.fromisoformat(stated.group(1)) - now).total_seconds())
    return None


def _path(uri: str) -> str:
    """Return what a request line holds of an address."""
    parts = urlsplit(uri)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _batch_answers(answer: Response) -> dict[int, Response]:
    """Return a batch's answers by the number of their call; they may come in any order."""
    media_type = next((v for k, v in answer.headers.items() if k.lower() == "content-type"), "")
    boundary = _BOUNDARY.search(media_type)
    if not boundary:
        raise ConnectorError("Google sent an answer that Kept could not read; Kept will try again later")
    delimiter = b"--" + (boundary.group(1) or boundary.group(2)).encode("ascii", "replace")
    answers: dict[int, Response] = {}
    for part in (b"\r\n" + answer.content).split(b"\r\n" + delimiter)[1:]:
        number, status = _CALL_NUMBER.search(part[:2000]), _STATUS_LINE.search(part[:4000])
        if number and status:
            head, _, body = part[status.end() :].replace(b"\r\n\r\n", b"\n\n", 1).partition(b"\n\n")
            answers[int(number.group(1))] = Response(int(status.group(1)), _headers(head), body)
    return answers


def _headers(head: bytes) -> Mapping[str, str]:
    lines = (line.partition(":") for line in head.decode("latin-1").splitlines())
    return {name.strip(): value.strip() for name, colon, value in lines if colon}

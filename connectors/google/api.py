"""Google's APIs over HTTPS: what a call costs, what a refusal means, and many reading calls in one request.

Gmail counts units for each user and minute (developers.google.com/workspace/gmail/api/reference/quota). Since 1 May 2026 a new Cloud
project has 6,000 of them and reading a message costs 20; one that was used in the half-year before keeps 15,000, at 5 a message. Kept
cannot see which it has and spends at most 60 % of the smaller. Calendar counts requests, 600 for each user and minute
(developers.google.com/workspace/calendar/api/guides/quota): the same pace at one unit a request is far below.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import urlencode

from connectors.errors import ConnectorError
from connectors.google.auth import MEANINGS
from connectors.net.http import Access, Api, Response
from connectors.net.json_values import objects, text
from connectors.net.tls import server_text

GMAIL, CALENDAR = "https://gmail.googleapis.com", "https://www.googleapis.com"
UNITS_A_SECOND = 60.0  # 60 % of 6,000 a minute; what Access.rate_limit of a Google user should be
UNITS: Mapping[str, int] = {
    "getProfile": 1,
    "labels.list": 1,
    "labels.get": 1,
    "history.list": 2,
    "messages.list": 5,
    "messages.get": 20,
    "messages.attachments.get": 20,
    "drafts.create": 10,
    "messages.send": 100,
}
BATCH = 25  # calls in one request; Google takes 100 and advises against more than 50 (…/gmail/api/guides/batch)
PERMISSIONS = frozenset({"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficient_scope"})
# …/gmail/api/guides/handle-errors and …/calendar/api/guides/errors: these come as 403 as well as 429.
_SLOWER = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED", "concurrentLimitExceeded"})
_ENOUGH = {"quotaExceeded": 600.0, "dailyLimitExceeded": 3600.0, "dailyLimitExceededUnreg": 3600.0}
_MINUTE = 60.0  # to rest without a hint: quotas are counted by the minute, those of _ENOUGH by hours or the day
_UNTIL = re.compile(r"retry after (\d{4}-\d\d-\d\dT[\d:.]{5,20}Z)", re.IGNORECASE)
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? (\d{3})\b[^\r\n]*\r?\n")
_BOUNDARY = re.compile(r"boundary\s*=\s*(?:\"([^\"]+)\"|([^\s;]+))", re.IGNORECASE)
_NUMBER = re.compile(rb"(?im)^content-id:\s*<?response-<?kept-(\d{1,4})\b")


class Part(NamedTuple):
    """The answer to one call of a batch. `status` 0: the server's answer left it out."""

    status: int
    answer: Response


class GoneError(ConnectorError):
    """What the request builds on is no longer there: a history or a token that Google does not honour any more."""


class GoogleApi(Api):
    """One user at Google. `purpose` is what the user is asked for where a permission is missing, as in google_auth.MEANINGS."""

    name = "Google"

    def __init__(self, access: Access, root: str, purpose: str, timeout: float = 60.0) -> None:
        super().__init__(access, root, timeout)
        self._purpose = purpose

    def get(self, path: str, units: int = 1, *, allow: tuple[int, ...] = (), **params: Any) -> tuple[int, Mapping[str, Any]]:
        """Read one thing: the status and the answer, {} where it is not an object. Raises ConnectorError."""
        answer = self.request("GET", path, params={k: v for k, v in params.items() if v is not None}, units=units, allow=allow)
        return answer.status, told(answer)

    def pages(self, path: str, units: int = 1, *, gone: tuple[int, ...] = (), **params: Any) -> Iterator[Mapping[str, Any]]:
        """A list, page by page. Raises ConnectorError; GoneError for a status of `gone`."""
        token: str | None = None
        seen: set[str] = set()
        while True:
            status, page = self.get(path, units, allow=gone, pageToken=token, **params)
            if status in gone:
                raise GoneError("Google no longer knows where the last look had ended")
            yield page
            token = text(page.get("nextPageToken")) or None
            if token is None:
                return
            if token in seen:
                raise ConnectorError("Google's list of pages does not end; it is tried again later")
            seen.add(token)

    def many(self, paths: Sequence[str], units: int, **params: Any) -> list[Part]:
        """The same reading call for many paths, BATCH at most, in one request; an answer for each, in order."""
        query = urlencode({k: v for k, v in params.items() if v is not None}, doseq=True)
        calls = (f"GET /{path}?{query} HTTP/1.1" if query else f"GET /{path} HTTP/1.1" for path in paths)
        parts = "".join(
            f"--kept\r\nContent-Type: application/http\r\nContent-ID: <kept-{n}>\r\n\r\n{call}\r\nAccept: application/json\r\n\r\n"
            for n, call in enumerate(calls)
        )
        answer = self.request(
            "POST",
            "batch",  # batchPath of Gmail's discovery document
            content=f"{parts}--kept--\r\n".encode(),
            headers={"Content-Type": "multipart/mixed; boundary=kept"},
            units=units * len(paths),
        )
        found = _parts(answer)
        return [found.get(n, Part(0, Response(0, {}, b""))) for n in range(len(paths))]

    def failed(self, part: Part) -> ConnectorError:
        """What the failure of one call in a batch means; where it means "slower", the window is closed."""
        return self._failed(part.answer, writes=False)

    def back_off_seconds(self, answer: Response) -> float | None:
        """As Api has it, and for a 403 whose reason is a quota."""
        why = reasons(answer)
        enough = max((_ENOUGH[one] for one in why & _ENOUGH.keys()), default=0.0)
        if answer.status not in {429, 503} and not (answer.status == 403 and (enough or why & _SLOWER)):
            return None
        usual = enough or _MINUTE
        return answer.retry_after() or _until(answer) or (super().back_off_seconds(answer) if answer.status == 503 else usual)

    def _refusal(self, answer: Response) -> ConnectorError:
        why, who = reasons(answer), self.access.user
        if answer.status == 403 and why & PERMISSIONS:
            return ConnectorError(self._missing(answer), permanent=True)
        if why & {"accessNotConfigured", "SERVICE_DISABLED"}:
            said = "Google says that its API is switched off for your app: enable it in the Google Cloud console, under APIs"
            return ConnectorError(said, permanent=True)
        if "domainPolicy" in why:
            return ConnectorError(f"the administrator of {who} does not allow apps such as Kept at Google", permanent=True)
        if answer.status == 404:
            return ConnectorError("Google finds nothing there, or does not show it to you", permanent=True)
        said = server_text(text(_error(answer).get("message"))) or "no reason given"
        return ConnectorError(f"Google refused this (status {answer.status}): {said}", permanent=True)

    def _missing(self, answer: Response) -> str:
        """RFC 6750, 3: the header names the scopes that would do; ours among them says it best."""
        named = next((v for k, v in answer.headers.items() if k.lower() == "www-authenticate"), "")
        meant = [MEANINGS[s] for s in re.findall(r"https://[\w./-]+", named) if s in MEANINGS]
        purpose = self._purpose if not meant or self._purpose in meant else meant[0]
        if self.access.application:
            return f"Kept was not given the permission to {purpose} for {self.access.user}; your administrator can allow it at Google"
        return f"Kept was not given the permission to {purpose}; run kept auth {self.access.user}"


def told(answer: Response) -> Mapping[str, Any]:
    """The object that an answer holds. ConnectorError where it holds none: it is not Google's, or broken."""
    with contextlib.suppress(ValueError, RecursionError):
        said = answer.json()
        if isinstance(said, dict):
            return said
    raise ConnectorError("Google gave an answer that makes no sense; it is tried again later")


def reasons(answer: Response) -> frozenset[str]:
    """Every reason that a refusal gives, in the older form (errors) and the newer one (details: google.rpc.ErrorInfo)."""
    error = _error(answer)
    found = {text(one.get("reason")) for one in (*objects(error.get("errors")), *objects(error.get("details")))}
    return frozenset(found - {""})


def _error(answer: Response) -> Mapping[str, Any]:
    with contextlib.suppress(ConnectorError):
        error = told(answer).get("error")
        if isinstance(error, dict):
            return error
    return {}


def _until(answer: Response) -> float | None:
    """Gmail says in words until when: "User-rate limit exceeded. Retry after 2026-03-02T09:14:00.000Z"."""
    found = _UNTIL.search(text(_error(answer).get("message")))
    sent = next((v for k, v in answer.headers.items() if k.lower() == "date"), "")
    with contextlib.suppress(ValueError, TypeError):
        if found:
            now = parsedate_to_datetime(sent)
            seconds = (datetime.fromisoformat(found.group(1)) - (now if now.tzinfo else now.replace(tzinfo=UTC))).total_seconds()
            return max(1.0, seconds)
    return None


def _parts(answer: Response) -> dict[int, Part]:
    """A batch's answers by the number of their call; they may come in any order."""
    kind = next((v for k, v in answer.headers.items() if k.lower() == "content-type"), "")
    found = _BOUNDARY.search(kind)
    if not found:
        raise ConnectorError("Google gave an answer that makes no sense; it is tried again later")
    delimiter = b"--" + (found.group(1) or found.group(2)).encode("ascii", "replace")
    parts: dict[int, Part] = {}
    for piece in (b"\r\n" + answer.content).split(b"\r\n" + delimiter)[1:]:
        number, status = _NUMBER.search(piece[:2000]), _STATUS.search(piece[:4000])
        if number and status:
            head, _, body = piece[status.end() :].replace(b"\r\n\r\n", b"\n\n", 1).partition(b"\n\n")
            parts[int(number.group(1))] = Part(int(status.group(1)), Response(int(status.group(1)), _headers(head), body))
    return parts


def _headers(head: bytes) -> Mapping[str, str]:
    lines = (line.partition(":") for line in head.decode("latin-1").splitlines())
    return {name.strip(): value.strip() for name, colon, value in lines if colon}


def as_json(value: object) -> str:
    """A cursor's text."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

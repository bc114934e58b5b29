"""Microsoft Graph over HTTPS: the user's paths, request preferences, and what a refusal means.

The limits are those of the Outlook service (learn.microsoft.com/graph/throttling-limits): for each app and mailbox 10,000 requests in
10 minutes and four at once (connectors.net.http.Access.slots); 429 and 503 come with Retry-After.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from connectors.errors import ConnectorError
from connectors.net.http import DEFAULT_BACK_OFF, Access, Api, Response
from connectors.net.json_values import text
from connectors.net.tls import server_text

GRAPH = "https://graph.microsoft.com/v1.0"
# Ids that stay when a message is moved (learn.microsoft.com/graph/outlook-immutable-id), bodies as plain text, times in UTC.
IMMUTABLE, PLAIN, IN_UTC = 'IdType="ImmutableId"', 'outlook.body-content-type="text"', 'outlook.timezone="UTC"'
# Statuses that refuse a delta link (learn.microsoft.com/graph/delta-query-overview: 410, and codes under other statuses). Whichever it
# is, everything is read again, and where more than the link is wrong that shows the error.
STALE = (400, 404, 410)
_LIMITED = frozenset({"ApplicationThrottled", "TooManyRequests", "ErrorServerBusy", "MailboxConcurrency", "activityLimitReached"})
_FORBIDDEN = frozenset({
    "ErrorAccessDenied", "Authorization_RequestDenied", "AccessDenied", "accessDenied", "ErrorSendAsDenied",
    "ErrorInsufficientPermissionsInAccessToken",
})  # fmt: skip


class GraphApi(Api):
    """The mailbox and calendar of the signed-in user, or with `mailbox` another one that is shared with that user."""

    name = "Microsoft 365"

    def __init__(self, access: Access, endpoint: str | None = None, mailbox: str | None = None, timeout: float = 60.0) -> None:
        super().__init__(access, endpoint or GRAPH, timeout)
        other = mailbox or (access.user if access.application else None)
        self._user_path = f"users/{quote(other, safe='@')}" if other else "me"
        self.mailbox = mailbox or access.user

    def get(
        self, path: str, *, allow: tuple[int, ...] = (), headers: Mapping[str, str] | None = None, **params: Any
    ) -> tuple[int, Mapping[str, Any]]:
        """GET a path of the user, or a whole URL from a page; return the status and the object. Raises ConnectorError."""
        query = {f"${k}" if k in _ODATA else k: v for k, v in params.items() if v is not None}
        answer = self.request("GET", self.path_of(path), params=query or None, headers=headers, allow=allow)
        return answer.status, json_object(answer)

    def pages(self, path: str, *, headers: Mapping[str, str] | None = None, **params: Any) -> Iterator[Mapping[str, Any]]:
        """Yield a list page by page (@odata.nextLink). Raises ConnectorError."""
        _, page = self.get(path, headers=headers, **params)
        seen: set[str] = set()
        while True:
            yield page
            link = text(page.get("@odata.nextLink"))
            if not link:
                return
            if link in seen:
                raise ConnectorError("the list of pages at Microsoft 365 does not end; it will be tried again later")
            seen.add(link)
            _, page = self.get(link, headers=headers)

    def post(self, path: str, body: Any, *, headers: Mapping[str, str] | None = None, writes: bool = True) -> Mapping[str, Any]:
        """POST JSON and return the object in the response. Raises ConnectorError."""
        return self._written_object(
            self.request("POST", self.path_of(path), body=body, headers=headers, writes=writes), writes=writes
        )

    def patch(self, path: str, body: Any, *, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        """PATCH JSON and return the object in the response. Raises ConnectorError."""
        return self._written_object(
            self.request("PATCH", self.path_of(path), body=body, headers=headers, writes=True), writes=True
        )

    def path_of(self, path: str) -> str:
        """Return a path of the user relative to the root; a whole URL stays as it is."""
        return path if path.startswith(("https://", "http://")) else f"{self._user_path}/{path}"

    def back_off_seconds(self, answer: Response) -> float | None:
        """Return the seconds to back off where the response limits requests, also by a code under another status."""
        if answer.status == 509 or error_code(answer) in _LIMITED:
            return answer.retry_after() or DEFAULT_BACK_OFF
        return super().back_off_seconds(answer)

    def _refusal(self, answer: Response) -> ConnectorError:
        why, reason = error_code(answer), server_text(_error(answer).get("message") or "no reason given")
        if why in _FORBIDDEN or answer.status == 403:
            action = (
                "ask your administrator to"
                if self.access.application
                else f"run kept auth {self.access.user}, or ask your administrator to"
            )
            return ConnectorError(
                f"Microsoft 365 does not let Kept do this for {self.mailbox}; {action} allow it ({why or reason})", permanent=True
            )
        if why in {"MailboxNotEnabledForRESTAPI", "MailboxNotSupportedForRESTAPI"}:
            return ConnectorError(
                f"the mailbox of {self.mailbox} is not in Microsoft 365; if it is on an Exchange Server, use type: ews",
                permanent=True,
            )
        if why in {"ErrorQuotaExceeded", "QuotaExceeded"} or answer.status == 507:
            return ConnectorError(f"the mailbox of {self.mailbox} is full; delete something there", permanent=True)
        if why in {"ResourceNotFound", "Request_ResourceNotFound", "ErrorInvalidUser"}:
            return ConnectorError(f"Microsoft 365 has no mailbox {self.mailbox}", permanent=True)
        if answer.status in {404, 410}:
            return ConnectorError(f"Microsoft 365 no longer has this ({why or answer.status})", permanent=True)
        return ConnectorError(f"Microsoft 365 refused this ({why or answer.status}): {reason}", permanent=True)

    def _written_object(self, answer: Response, *, writes: bool) -> Mapping[str, Any]:
        """Return the object in the response; of a write that succeeded an unreadable one does not matter."""
        try:
            return json_object(answer)
        except ConnectorError:
            if writes:
                return {}
            raise


_ODATA = frozenset({"select", "filter", "expand", "orderby", "top", "skip", "count", "search"})


def json_object(answer: Response) -> Mapping[str, Any]:
    """Return the object in a response. Raises ConnectorError where there is none: it is damaged or not Graph's."""
    with contextlib.suppress(ValueError, RecursionError):
        document = answer.json()
        if isinstance(document, dict):
            return document
    raise ConnectorError("Microsoft 365 sent a response that cannot be understood; it will be tried again later")


def error_code(answer: Response) -> str:
    """Return the code of a refusal, empty where there is none."""
    return text(_error(answer).get("code"))


def odata_string(value: str) -> str:
    """Return a string as OData writes it: quoted, its own quotes doubled."""
    return "'" + value.replace("'", "''") + "'"


def _error(answer: Response) -> Mapping[str, Any]:
    with contextlib.suppress(ConnectorError):
        error = json_object(answer).get("error")
        if isinstance(error, dict):
            return error
    return {}

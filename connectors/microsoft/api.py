"""Microsoft Graph over HTTPS: whose mailbox, which preferences, what a refusal means.

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
# Ids that stay when a mail is moved (learn.microsoft.com/graph/outlook-immutable-id), words without markup, times in UTC.
IMMUTABLE, PLAIN, IN_UTC = 'IdType="ImmutableId"', 'outlook.body-content-type="text"', 'outlook.timezone="UTC"'
# What a delta's link may be refused with (learn.microsoft.com/graph/delta-query-overview: 410, and codes under other statuses). Whatever
# it is, everything is read again, which says where it is more than the link.
STALE = (400, 404, 410)
_SLOWER = frozenset({"ApplicationThrottled", "TooManyRequests", "ErrorServerBusy", "MailboxConcurrency", "activityLimitReached"})
_FORBIDDEN = frozenset({
    "ErrorAccessDenied", "Authorization_RequestDenied", "AccessDenied", "accessDenied", "ErrorSendAsDenied",
    "ErrorInsufficientPermissionsInAccessToken",
})  # fmt: skip


class GraphApi(Api):
    """One user's mailbox and calendar: one's own, or with `mailbox` another's that is shared."""

    name = "Microsoft 365"

    def __init__(self, access: Access, endpoint: str | None = None, mailbox: str | None = None, timeout: float = 60.0) -> None:
        super().__init__(access, endpoint or GRAPH, timeout)
        other = mailbox or (access.user if access.application else None)
        self._user_path = f"users/{quote(other, safe='@')}" if other else "me"
        self.mailbox = mailbox or access.user

    def get(
        self, path: str, *, allow: tuple[int, ...] = (), headers: Mapping[str, str] | None = None, **params: Any
    ) -> tuple[int, Mapping[str, Any]]:
        """Read one thing of the user, or a whole address that came with a page. The status, and the object. ConnectorError."""
        query = {f"${k}" if k in _ODATA else k: v for k, v in params.items() if v is not None}
        answer = self.request("GET", self.place(path), params=query or None, headers=headers, allow=allow)
        return answer.status, told(answer)

    def pages(self, path: str, *, headers: Mapping[str, str] | None = None, **params: Any) -> Iterator[Mapping[str, Any]]:
        """A list, page by page (@odata.nextLink). Raises ConnectorError."""
        _, page = self.get(path, headers=headers, **params)
        seen: set[str] = set()
        while True:
            yield page
            following = text(page.get("@odata.nextLink"))
            if not following:
                return
            if following in seen:
                raise ConnectorError("the list of pages at Microsoft 365 does not end; it is tried again later")
            seen.add(following)
            _, page = self.get(following, headers=headers)

    def post(self, path: str, body: Any, *, headers: Mapping[str, str] | None = None, writes: bool = True) -> Mapping[str, Any]:
        """One POST of JSON. Raises ConnectorError."""
        return self._written(self.request("POST", self.place(path), body=body, headers=headers, writes=writes), writes=writes)

    def patch(self, path: str, body: Any, *, headers: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        """One PATCH of JSON. Raises ConnectorError."""
        return self._written(self.request("PATCH", self.place(path), body=body, headers=headers, writes=True), writes=True)

    def place(self, path: str) -> str:
        """A path of the user from the root; a whole address stays."""
        return path if path.startswith(("https://", "http://")) else f"{self._user_path}/{path}"

    def back_off_seconds(self, answer: Response) -> float | None:
        """As Api has it, and for the codes that mean it under another status."""
        if answer.status == 509 or code(answer) in _SLOWER:
            return answer.retry_after() or DEFAULT_BACK_OFF
        return super().back_off_seconds(answer)

    def _refusal(self, answer: Response) -> ConnectorError:
        why, said = code(answer), server_text(_error(answer).get("message") or "no reason given")
        if why in _FORBIDDEN or answer.status == 403:
            who = (
                "ask your administrator to"
                if self.access.application
                else f"run kept auth {self.access.user}, or ask your administrator to"
            )
            return ConnectorError(
                f"Microsoft 365 does not let Kept do this for {self.mailbox}; {who} allow it ({why or said})", permanent=True
            )
        if why in {"MailboxNotEnabledForRESTAPI", "MailboxNotSupportedForRESTAPI"}:
            return ConnectorError(
                f"the mailbox of {self.mailbox} is not in Microsoft 365; if it lies on an Exchange Server, use type: ews",
                permanent=True,
            )
        if why in {"ErrorQuotaExceeded", "QuotaExceeded"} or answer.status == 507:
            return ConnectorError(f"the mailbox of {self.mailbox} is full: delete something there", permanent=True)
        if why in {"ResourceNotFound", "Request_ResourceNotFound", "ErrorInvalidUser"}:
            return ConnectorError(f"Microsoft 365 knows no mailbox {self.mailbox}", permanent=True)
        if answer.status in {404, 410}:
            return ConnectorError(f"Microsoft 365 finds nothing there ({why or answer.status})", permanent=True)
        return ConnectorError(f"Microsoft 365 refused this ({why or answer.status}): {said}", permanent=True)

    def _written(self, answer: Response, *, writes: bool) -> Mapping[str, Any]:
        """What it said; of what was done, its words are not needed to know that."""
        try:
            return told(answer)
        except ConnectorError:
            if writes:
                return {}
            raise


_ODATA = frozenset({"select", "filter", "expand", "orderby", "top", "skip", "count", "search"})


def told(answer: Response) -> Mapping[str, Any]:
    """The object that an answer holds. ConnectorError where it holds none: it is not Graph's, or broken."""
    with contextlib.suppress(ValueError, RecursionError):
        said = answer.json()
        if isinstance(said, dict):
            return said
    raise ConnectorError("Microsoft 365 gave an answer that makes no sense; it is tried again later")


def code(answer: Response) -> str:
    """The code of a refusal, empty where there is none."""
    return text(_error(answer).get("code"))


def literal(value: str) -> str:
    """A string as OData writes it: its own quotes doubled."""
    return "'" + value.replace("'", "''") + "'"


def _error(answer: Response) -> Mapping[str, Any]:
    with contextlib.suppress(ConnectorError):
        error = told(answer).get("error")
        if isinstance(error, dict):
            return error
    return {}

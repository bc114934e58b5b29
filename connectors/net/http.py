"""HTTPS to a provider's API, within the limits that the provider sets.

A request is sent once. One that writes (a mail, a booking) has a connection of its own, and where no response came, or one that
does not say whether it was done, the error is `unknown`: the caller must look before trying again.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connectors.errors import ConnectorError
from connectors.net.certificates import distrusted
from connectors.net.grants import Grant
from connectors.net.tls import is_loopback, server_text

if TYPE_CHECKING:
    from requests import PreparedRequest, Session

MAX_CONCURRENT = 4  # requests of one user; Microsoft's limit for a mailbox, and no other provider's is lower
TIMEOUT = 60.0  # seconds without a byte
BODY_CAP = 64 * 1024 * 1024  # bytes of one response
DEFAULT_BACK_OFF, MAX_BACK_OFF = 30.0, 3600.0  # seconds: without a hint from the server, and the longest hint that is followed
_LIMITED = frozenset({429, 503})
_UNCLEAR = frozenset({408, 500, 502, 503, 504})  # to a request that writes: it may have been done


class BackOff:
    """The back-off of one user at one provider: while it lasts no request is sent, and a caller gets an error with the time left."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._until = 0.0
        self._lock = threading.Lock()

    def pause(self, seconds: float) -> float:
        """Stop requests for so many seconds and return the seconds left; a shorter hint never shortens a longer one."""
        with self._lock:
            self._until = max(self._until, self._monotonic() + min(max(seconds, 0.0), MAX_BACK_OFF))
        return self.remaining()

    def remaining(self) -> float:
        """Return the seconds until the next request may be sent, 0 where it may be now."""
        return max(0.0, self._until - self._monotonic())


class RateLimit:
    """A budget of units a second, so that the provider hardly ever has to limit requests."""

    def __init__(
        self,
        per_second: float,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.per_second, self._monotonic, self._sleep = per_second, monotonic, sleep
        self._free_at = 0.0
        self._lock = threading.Lock()

    def spend(self, units: float) -> None:
        """Wait until earlier units are paid off, then spend these."""
        with self._lock:
            now = self._monotonic()
            begin = max(now, self._free_at)
            self._free_at = begin + units / self.per_second
        if begin > now:
            self._sleep(begin - now)


@dataclass(slots=True)
class Usage:
    """What was used so far: requests, bytes of responses as received, and the provider's own units."""

    requests: int = 0
    received: int = 0
    units: float = 0.0


@dataclass(frozen=True, slots=True)
class Access:
    """One user's access to one provider, shared by mailbox, calendar and transport, because the provider counts them together.

    `application` means that a company's consent covers the user, who does not sign in.
    """

    grant: Grant
    application: bool = False
    back_off: BackOff = field(default_factory=BackOff)
    usage: Usage = field(default_factory=Usage)
    slots: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MAX_CONCURRENT))
    rate_limit: RateLimit | None = None

    @property
    def user(self) -> str:
        """The address of the user whose data it opens."""
        return self.grant.user


@dataclass(frozen=True, slots=True)
class Response:
    """A response of the server."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """Return the response's JSON, {} where it has no content. Raises ValueError."""
        return json.loads(self.content) if self.content.strip() else {}

    def retry_after(self) -> float | None:
        """Return the seconds of Retry-After (RFC 9110, 10.2.3): a number, or a date counted from the response's own Date."""
        hint = next((v for k, v in self.headers.items() if k.lower() == "retry-after"), "").strip()
        if hint.isdecimal():
            return float(hint)
        with contextlib.suppress(TypeError, ValueError, IndexError):
            at = parsedate_to_datetime(hint)
            sent = parsedate_to_datetime(next((v for k, v in self.headers.items() if k.lower() == "date"), ""))
            return max(0.0, (_aware(at) - _aware(sent)).total_seconds())
        return None


class Api:
    """One provider's API for one user. Subclasses know what its refusals mean (`_refusal`) and which of them limit requests."""

    name = "the server"  # as a person knows it
    body_cap = BODY_CAP  # bytes of one response
    trusts_environment = True  # whether proxies that the environment names are used
    verify: bool | str = True  # or a file of certificates to trust instead of the usual ones

    def __init__(self, access: Access, root: str, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(root)
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise ConnectorError(f"{root} would be reached without encryption; it must begin with https://", permanent=True)
        self.access, self.root, self._timeout = access, root.rstrip("/"), timeout
        self._open: Session | None = None

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        allow: tuple[int, ...] = (),
        writes: bool = False,
        units: float = 1.0,
    ) -> Response:
        """Send one request. `path` is relative to the root, or a whole URL on the same server (the next page of a list).

        `body` is sent as JSON, `content` as it is. Statuses from 300 on raise ConnectorError, apart from those in `allow`; no
        redirect is followed. After a refused token (401) a request that only reads is repeated once with a new one; one that
        writes is not: nothing was done, and the caller may try again.
        """
        answer = self._once(method, path, params, body, content, headers, writes, units)
        if answer.status == 401 and not writes:
            answer = self._once(method, path, params, body, content, headers, writes, units)
        if answer.status < 300 or answer.status in allow:
            return answer
        raise self._failed(answer, writes=writes)

    def connect(self) -> None:
        """Make sure that a request may be made now: no back-off is in force, and there is a token. Raises ConnectorError."""
        self._check_back_off()
        self.access.grant.token()

    def close(self) -> None:
        """End the session, if there is one."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def back_off_seconds(self, answer: Response) -> float | None:
        """Return the seconds to back off where the response limits requests, None where it means something else."""
        return (answer.retry_after() or DEFAULT_BACK_OFF) if answer.status in _LIMITED else None

    def _refusal(self, answer: Response) -> ConnectorError:
        """Return the error that tells a person what a refusal means."""
        return ConnectorError(f"{self.name} refused this (status {answer.status})", permanent=True)

    def _failed(self, answer: Response, *, writes: bool) -> ConnectorError:
        unclear = writes and answer.status in _UNCLEAR
        pause = self.back_off_seconds(answer)
        if pause is not None:
            left = timedelta(seconds=self.access.back_off.pause(pause))
            return ConnectorError(
                f"{self.name} is limiting requests; retrying in {_spoken(left)}", retry_after=left, unknown=unclear
            )
        if answer.status == 401:
            return ConnectorError(f"{self.name} refused to log {self.access.user} in; Kept will renew the login and try again")
        if answer.status == 408 or (answer.status >= 500 and answer.status != 507):  # no room left: RFC 4918, 11.5
            return ConnectorError(f"{self.name} reported an internal error (status {answer.status})", unknown=unclear)
        return self._refusal(answer)

    def _once(
        self,
        method: str,
        path: str,
        params: Mapping[str, Any] | None,
        body: Any,
        content: bytes | None,
        headers: Mapping[str, str] | None,
        writes: bool,
        units: float,
    ) -> Response:
        url = path if path.startswith(("http://", "https://")) else f"{self.root}/{path.lstrip('/')}"
        if urlsplit(url)[:2] != urlsplit(self.root)[:2]:
            raise ConnectorError(
                f"{self.name} named another server for the next page, which Kept does not follow", permanent=True
            )
        self._check_back_off()
        if self.access.rate_limit is not None:
            self.access.rate_limit.spend(units)
        token = self.access.grant.token()
        with self.access.slots, self._session(fresh=writes) as session:
            self._check_back_off()  # another thread may have been limited meanwhile
            answer = self._exchange(session, method, url, params, body, content, headers, token, writes=writes)
        usage = self.access.usage
        usage.requests, usage.units = usage.requests + 1, usage.units + units
        usage.received += len(answer.content)
        if answer.status == 401:
            self.access.grant.reject(token)
        return answer

    def _check_back_off(self) -> None:
        left = self.access.back_off.remaining()
        if left > 0:
            wait = timedelta(seconds=left)
            raise ConnectorError(f"{self.name} is limiting requests; retrying in {_spoken(wait)}", retry_after=wait)

    def _exchange(
        self,
        session: Session,
        method: str,
        url: str,
        params: Mapping[str, Any] | None,
        body: Any,
        content: bytes | None,
        headers: Mapping[str, str] | None,
        token: str,
        *,
        writes: bool,
    ) -> Response:
        from requests.exceptions import RequestException  # noqa: PLC0415  # only where a request is really sent

        try:
            with session.request(
                method, url, params=params, json=body, data=content, headers=dict(headers or {}), auth=_Bearer(token),
                timeout=self._timeout, allow_redirects=False, stream=True,
            ) as response:  # fmt: skip
                return Response(response.status_code, dict(response.headers), self._read(response, writes=writes))
        except (RequestException, OSError) as error:  # urllib3's own errors while reading derive from neither
            raise self._unreachable(error, writes=writes) from error

    def _read(self, response: Any, *, writes: bool) -> bytes:
        from requests.exceptions import RequestException  # noqa: PLC0415  # as above

        pieces, size = [], 0
        try:
            for piece in self._pieces(response):
                pieces.append(piece)
                size += len(piece)
                if size > self.body_cap:
                    raise ConnectorError(f"{self.name} sent a response larger than {_size(self.body_cap)}, which was not read")
        except RequestException:
            if writes and response.status_code < 400:
                return b""  # the status says that it was done; only the details are lost
            raise
        return b"".join(pieces)

    def _pieces(self, response: Any) -> Iterator[bytes]:
        """Yield the body of a response in pieces."""
        yield from response.iter_content(65536)

    @contextlib.contextmanager
    def _session(self, *, fresh: bool) -> Iterator[Session]:
        """Yield the open session, or a fresh one: over a connection that died meanwhile the outcome of a send would be unknown."""
        from requests import Session  # noqa: PLC0415  # as above

        if fresh:
            with Session() as session:
                yield self._set_up(session)
            return
        if self._open is None:
            self._open = self._set_up(Session())
        yield self._open

    def _set_up(self, session: Session) -> Session:
        session.trust_env, session.verify = self.trusts_environment, self.verify
        return session

    def _unreachable(self, error: Exception, *, writes: bool) -> ConnectorError:
        from requests import exceptions  # noqa: PLC0415  # as above

        host = urlsplit(self.root).hostname
        if untrusted := distrusted(host or self.root, error):
            proxy = f"the certificate of {host} cannot be trusted; is a proxy or virus scanner in between?"
            return ConnectorError(proxy, permanent=True) if untrusted.fault == "unknown" else untrusted
        never_left = (
            isinstance(error, exceptions.ConnectTimeout) or "NewConnectionError" in repr(error) or "NameResolution" in repr(error)
        )
        problem = "does not answer" if isinstance(error, exceptions.Timeout) else "cannot be reached"
        return ConnectorError(f"{host} {problem}: {server_text(type(error).__name__)}", unknown=writes and not never_left)


class _Bearer:
    """Sends the token (RFC 6750), if there is one. Given as `auth`, so that a .netrc file never replaces it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _size(cap: int) -> str:
    return f"{cap // 1024**2} MB" if cap >= 1024**2 else f"{cap // 1024} KB"


def _spoken(wait: timedelta) -> str:
    seconds = max(1, round(wait.total_seconds()))
    return f"{seconds} seconds" if seconds < 120 else f"{round(seconds / 60)} minutes"


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

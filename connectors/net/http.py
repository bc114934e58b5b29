"""HTTPS to a provider's API, with the manners that every one of them asks for.

access    one user's way into one provider: the grant, the back-off window, at most four requests at once, and what was spent.
          Shared by that user's mailbox, calendar and transport, because the provider counts them together.
back_off      the back-off window: after a 429, a 503 or a reason that means "slower", no request leaves before the hint has passed;
          whoever asks meanwhile gets a ConnectorError with what is left of it, and no connection is made.
rate     units a second that may be spent, so that the window is hardly ever needed.

A request is sent once. What writes (a mail, a booking) goes over a connection of its own, and where no answer came, or one that
does not say whether it was done, the error is `unknown`: whoever called looks before trying again.
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
from connectors.net.grants import Grant
from connectors.net.tls import is_loopback, server_text

if TYPE_CHECKING:
    from requests import PreparedRequest, Session

MAX_CONCURRENT = 4  # Microsoft's limit of concurrent requests for a mailbox; nobody else's is lower
TIMEOUT = 60.0  # seconds without a byte
BODY_CAP = 64 * 1024 * 1024  # bytes of one answer
DEFAULT_BACK_OFF, MAX_BACK_OFF = 30.0, 3600.0  # seconds: where no hint comes, and the most of one that is believed
_SLOWER = frozenset({429, 503})
_UNCLEAR = frozenset({408, 500, 502, 503, 504})  # to a request that writes: it may have been done


class BackOff:
    """The back-off window of one user at one provider."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._until = 0.0
        self._lock = threading.Lock()

    def pause(self, seconds: float) -> float:
        """Let no request out for so long; a shorter hint never shortens a longer one. Returns what is left."""
        with self._lock:
            self._until = max(self._until, self._monotonic() + min(max(seconds, 0.0), MAX_BACK_OFF))
        return self.remaining()

    def remaining(self) -> float:
        """Seconds until the next request may leave; 0 where it may now."""
        return max(0.0, self._until - self._monotonic())


class RateLimit:
    """A budget of units a second (a token bucket): `spend` waits until there is enough in it."""

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
        """Wait for earlier spending to be paid off, then spend."""
        with self._lock:
            now = self._monotonic()
            begin = max(now, self._free_at)
            self._free_at = begin + units / self.per_second
        if begin > now:
            self._sleep(begin - now)


@dataclass(slots=True)
class Usage:
    """What was used so far: requests, bytes of answers as they came over the wire, and the provider's own units."""

    requests: int = 0
    received: int = 0
    units: float = 0.0


@dataclass(frozen=True, slots=True)
class Access:
    """One user's way into one provider. `application` where a company's consent covers the user (no sign-in of theirs)."""

    grant: Grant
    application: bool = False
    back_off: BackOff = field(default_factory=BackOff)
    usage: Usage = field(default_factory=Usage)
    slots: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MAX_CONCURRENT))
    rate_limit: RateLimit | None = None

    @property
    def user(self) -> str:
        """The address it speaks for."""
        return self.grant.user


@dataclass(frozen=True, slots=True)
class Response:
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    def json(self) -> Any:
        """The answer's JSON; {} where it has no content. Raises ValueError."""
        return json.loads(self.content) if self.content.strip() else {}

    def retry_after(self, now: datetime | None = None) -> float | None:
        """The server's hint in seconds (RFC 9110, 10.2.3), as a number or as a date, which counts from the answer's own Date."""
        said = next((v for k, v in self.headers.items() if k.lower() == "retry-after"), "").strip()
        if said.isdecimal():
            return float(said)
        with contextlib.suppress(TypeError, ValueError, IndexError):
            at = parsedate_to_datetime(said)
            sent = now or parsedate_to_datetime(next((v for k, v in self.headers.items() if k.lower() == "date"), ""))
            return max(0.0, (_aware(at) - _aware(sent)).total_seconds())
        return None


class Api:
    """One provider's API for one user. Subclasses say what its refusals mean (`_refusal`) and which of them mean "slower"."""

    name = "the server"  # as a person knows it

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
        """One request. `path` is told from the root, or a whole address of the same server (a page that comes next).

        `body` is sent as JSON, `content` as it is. Statuses from 300 on raise ConnectorError, apart from those in `allow`: nothing is redirected. A
        token that is refused is renewed and a reading request repeated once; one that writes is not: 401 means that nothing was
        done, and the caller may come again.
        """
        answer = self._once(method, path, params, body, content, headers, writes, units)
        if answer.status == 401 and not writes:
            answer = self._once(method, path, params, body, content, headers, writes, units)
        if answer.status < 300 or answer.status in allow:
            return answer
        raise self._failed(answer, writes=writes)

    def close(self) -> None:
        """End the session. Harmless where there is none."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def back_off_seconds(self, answer: Response) -> float | None:
        """Seconds to rest where the answer means "slower", None where it means something else."""
        return (answer.retry_after() or DEFAULT_BACK_OFF) if answer.status in _SLOWER else None

    def _refusal(self, answer: Response) -> ConnectorError:
        """What a refusal means to a person."""
        return ConnectorError(f"{self.name} refused this (status {answer.status})", permanent=True)

    def _failed(self, answer: Response, *, writes: bool) -> ConnectorError:
        unclear = writes and answer.status in _UNCLEAR
        rest = self.back_off_seconds(answer)
        if rest is not None:
            left = timedelta(seconds=self.access.back_off.pause(rest))
            return ConnectorError(f"{self.name} asks to be left alone for {_spoken(left)}", retry_after=left, unknown=unclear)
        if answer.status == 401:
            return ConnectorError(f"{self.name} did not take the log-in of {self.access.user}; it is renewed and tried again")
        if answer.status == 408 or (answer.status >= 500 and answer.status != 507):  # no room left: RFC 4918, 11.5
            return ConnectorError(f"{self.name} has a problem of its own (status {answer.status})", unknown=unclear)
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
            raise ConnectorError(f"{self.name} points to another server for the next page; that is not followed", permanent=True)
        self._must_be_open()
        if self.access.rate_limit is not None:
            self.access.rate_limit.spend(units)
        token = self.access.grant.token()
        with self.access.slots, self._session(fresh=writes) as session:
            self._must_be_open()  # somebody else may have been asked to slow down meanwhile
            answer = self._exchange(session, method, url, params, body, content, headers, token, writes=writes)
        usage = self.access.usage
        usage.requests, usage.units = usage.requests + 1, usage.units + units
        usage.received += len(answer.content)
        if answer.status == 401:
            self.access.grant.reject(token)
        return answer

    def _must_be_open(self) -> None:
        left = self.access.back_off.remaining()
        if left > 0:
            wait = timedelta(seconds=left)
            raise ConnectorError(f"{self.name} asks to be left alone for {_spoken(wait)}", retry_after=wait)

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
        from requests.exceptions import RequestException  # noqa: PLC0415  # only where a provider is really asked

        try:
            with session.request(
                method, url, params=params, json=body, data=content, headers=dict(headers or {}), auth=_Bearer(token),
                timeout=self._timeout, allow_redirects=False, stream=True,
            ) as said:  # fmt: skip
                return Response(said.status_code, dict(said.headers), self._read(said, writes=writes))
        except (RequestException, OSError) as error:  # urllib3's own errors while reading derive from neither
            raise self._unreachable(error, writes=writes) from error

    def _read(self, said: Any, *, writes: bool) -> bytes:
        from requests.exceptions import RequestException  # noqa: PLC0415  # as above

        pieces, size = [], 0
        try:
            for piece in said.iter_content(65536):
                pieces.append(piece)
                size += len(piece)
                if size > BODY_CAP:
                    raise ConnectorError(f"{self.name} gave an answer larger than {BODY_CAP // 1024**2} MB; it was not read")
        except RequestException:
            if writes and said.status_code < 400:
                return b""  # it said that it was done; only the words about it are lost
            raise
        return b"".join(pieces)

    @contextlib.contextmanager
    def _session(self, *, fresh: bool) -> Iterator[Session]:
        """The open session, or one of its own: a kept connection that died meanwhile would leave a send unclear."""
        from requests import Session  # noqa: PLC0415  # as above

        if fresh:
            with Session() as session:
                yield session
            return
        if self._open is None:
            self._open = Session()
        yield self._open

    def _unreachable(self, error: Exception, *, writes: bool) -> ConnectorError:
        from requests import exceptions  # noqa: PLC0415  # as above

        host = urlsplit(self.root).hostname
        if isinstance(error, exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in repr(error):
            return ConnectorError(
                f"the certificate of {host} cannot be trusted; is something between you and it?", permanent=True
            )
        never_left = (
            isinstance(error, exceptions.ConnectTimeout) or "NewConnectionError" in repr(error) or "NameResolution" in repr(error)
        )
        said = "does not answer" if isinstance(error, exceptions.Timeout) else "cannot be reached"
        return ConnectorError(f"{host} {said}: {server_text(type(error).__name__)}", unknown=writes and not never_left)


class _Bearer:
    """The token as RFC 6750 says. As `auth`, so that a .netrc file never replaces it."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self._token}"
        return request


def _spoken(wait: timedelta) -> str:
    seconds = max(1, round(wait.total_seconds()))
    return f"{seconds} seconds" if seconds < 120 else f"{round(seconds / 60)} minutes"


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

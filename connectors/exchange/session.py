"""One user's session at one Exchange server: all use of exchangelib, one request at a time, none of them repeated.

exchangelib opens the HTTP session with its log-in (basic, NTLM), writes the SOAP envelope for a pinned version, and finds the server
where no host is given. Its retries are not used: measured, its fault tolerant policy posts a send again and takes a wrong password
for a busy server, and even FailFast asks again with another version. What a refusal means, and how long Kept backs off, is decided
here. Its services are not used either (soap.py says why). No type of exchangelib leaves this file and soap.py.
"""

from __future__ import annotations

import contextlib
import logging
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from connectors.errors import ConnectorError
from connectors.exchange import errors, soap
from connectors.exchange.errors import BUSY, Parties
from connectors.exchange.soap import AnswerFormatError, ResponseMessage
from connectors.net.certificates import distrusted
from connectors.net.http import BODY_CAP, DEFAULT_BACK_OFF, MAX_CONCURRENT, Access, BackOff, Response, Usage
from connectors.net.tls import MailServer, is_loopback, server_text

if TYPE_CHECKING:
    from requests import PreparedRequest
    from requests import Session as Http

VERSION = "Exchange2013"  # the oldest schema that has all that Kept asks for; every later server speaks it
_LIMITED = frozenset({429, 503})
_DISCOVERING = threading.Lock()


@dataclass(frozen=True, slots=True)
class ExchangeServer:
    """A server, the user who logs in, and whose mailbox is meant. Without host and endpoint the server is found by autodiscover."""

    username: str
    password: Callable[[], str] | None = None
    host: str | None = None
    endpoint: str | None = None
    auth: str | None = None
    access: Access | None = None
    mailbox: str | None = None
    ca_file: Path | None = None
    back_off: BackOff | None = None
    timeout: float = 60

    @property
    def user(self) -> str:
        """The user who logs in."""
        return self.access.user if self.access is not None else self.username

    @property
    def address(self) -> str | None:
        """The address of the mailbox that is meant, None where it is not known."""
        return next((name for name in (self.mailbox, self.username, self.user) if name and "@" in name), None)


class UnreadableAnswerError(ConnectorError):
    """The server's answer could not be read. Asking for less may give one that can."""


class Session:
    """Sends requests to one server. It opens at the first one, and may be closed and used again."""

    def __init__(self, server: ExchangeServer) -> None:
        access = server.access
        self.server = server
        self.back_off = server.back_off or (access.back_off if access else BackOff())
        self.usage = access.usage if access else Usage()
        self._slots = access.slots if access else threading.BoundedSemaphore(MAX_CONCURRENT)
        self._endpoint = ""
        self._scheme = server.auth
        self._open: Http | None = None

    @property
    def host(self) -> str:
        """The server as a person knows it."""
        address = self._endpoint or self.server.endpoint or ""
        return urlsplit(address).hostname or self.server.host or (self.server.address or "").rpartition("@")[2]

    @property
    def parties(self) -> Parties:
        """The names for errors."""
        return Parties(self.host, self.server.user, self.server.mailbox)

    def request(self, payload: str, *, writes: bool = False) -> tuple[ResponseMessage, ...]:
        """Return the response messages to one request, refusals among them. Raises ConnectorError where all of it was refused."""
        answer = self._post(self._envelope(payload), writes=writes)
        if answer.status == 401 and not writes and self.server.access is not None:
            answer = self._post(self._envelope(payload), writes=False)  # with a new token
        if answer.status not in {200, 500} or (answer.status == 500 and b"Fault" not in answer.content):
            raise self._failed(answer, writes=writes)
        try:
            messages = soap.response_messages(answer.content)
        except AnswerFormatError as error:
            raise UnreadableAnswerError(
                f"{self.host} sent an answer that Kept could not read: {error}", unknown=writes
            ) from error
        for message in messages:
            if message.code in BUSY:
                raise errors.limited(self.back_off.pause(message.back_off or DEFAULT_BACK_OFF), self.host)
            if soap.local_name(message.element) == "Fault":
                raise self.refusal(message, writes=writes)
        if not messages:
            raise UnreadableAnswerError(f"{self.host} sent an empty answer", unknown=writes)
        return messages

    def request_one(self, payload: str, *, writes: bool = False) -> ResponseMessage:
        """Return the response message to a request that has one. Raises ConnectorError where it is a refusal."""
        message = self.request(payload, writes=writes)[0]
        if not message.succeeded:
            raise self.refusal(message, writes=writes)
        return message

    def refusal(self, message: ResponseMessage, *, writes: bool = False) -> ConnectorError:
        """Return what a refused part of a request means."""
        return errors.refusal(message.code, message.text, self.parties, writes=writes)

    def connect(self) -> None:
        """Make sure that a request may be made now: there is an endpoint and a way to log in. Raises ConnectorError."""
        self._check_back_off()
        self._find_endpoint()
        self._request_auth()

    def close(self) -> None:
        """End the session, if there is one."""
        if self._open is not None:
            self._open.close()
            self._open = None

    # --- one request over HTTP ---

    def _post(self, body: bytes, *, writes: bool) -> Response:
        self._check_back_off()
        if self.server.access is not None and self.server.access.rate_limit is not None:
            self.server.access.rate_limit.spend(1)
        auth = self._request_auth()
        with self._slots, self._http(fresh=writes) as http:
            self._check_back_off()  # another thread may have been limited meanwhile
            answer = self._exchange(http, "POST", body, auth, writes=writes)
        if answer.status == 401 and isinstance(auth, _Bearer) and self.server.access is not None:
            self.server.access.grant.reject(auth.token)
        return answer

    def _exchange(self, http: Http, method: str, body: bytes | None, auth: Any, *, writes: bool) -> Response:
        from requests.exceptions import RequestException  # noqa: PLC0415  # heavy, and needed only where a server is asked

        self.usage.requests += 1
        try:
            with http.request(
                method, self._endpoint, data=body, auth=auth, timeout=self.server.timeout, allow_redirects=False, stream=True,
                headers={"X-AnchorMailbox": self.server.address or ""} if self.server.address else None,
            ) as response:  # fmt: skip
                answer = Response(response.status_code, dict(response.headers), self._read(response))
        except ConnectorError as error:
            raise ConnectorError(error.message, unknown=writes) from error
        except Exception as error:  # requests' own, urllib3's while reading, and those of a log-in's library
            if not isinstance(error, (RequestException, OSError)) and not _from_library(error):
                raise
            raise self._unreachable(error, writes=writes) from error
        self.usage.received += len(answer.content)
        return answer

    def _read(self, response: Any) -> bytes:
        pieces, size = [], 0
        for piece in response.iter_content(65536):
            pieces.append(piece)
            size += len(piece)
            if size > BODY_CAP:
                raise ConnectorError(f"{self.host} sent an answer larger than {BODY_CAP // 1024**2} MB, which was not read")
        return b"".join(pieces)

    def _failed(self, answer: Response, *, writes: bool) -> ConnectorError:
        if answer.status in _LIMITED:
            left = self.back_off.pause(answer.retry_after() or DEFAULT_BACK_OFF)
            return errors.limited(left, self.host, unknown=writes and answer.status == 503)
        if answer.status == 401 and self.server.access is not None:
            return ConnectorError(f"{self.host} refused to log {self.server.user} in; Kept will renew the login and try again")
        locked = b"account is currently locked out" in answer.content
        return errors.http_refusal(answer.status, self.parties, locked=locked, writes=writes)

    def _check_back_off(self) -> None:
        left = self.back_off.remaining()
        if left > 0:
            raise errors.limited(left, self.host)

    def _unreachable(self, error: Exception, *, writes: bool) -> ConnectorError:
        from requests import exceptions  # noqa: PLC0415  # as above

        description = repr(error)
        if untrusted := distrusted(self.host, error):
            return untrusted
        unsent = (
            isinstance(error, exceptions.ConnectTimeout) or "NewConnectionError" in description or "NameResolution" in description
        )
        problem = "does not answer" if isinstance(error, exceptions.Timeout) else "cannot be reached"
        return ConnectorError(f"{self.host} {problem}: {server_text(type(error).__name__)}", unknown=writes and not unsent)

    # --- opening ---

    def _envelope(self, payload: str) -> bytes:
        """Return a request in its SOAP envelope, by exchangelib. Without a TimeZoneContext every time is in UTC.

        https://learn.microsoft.com/exchange/client-developer/web-service-reference/timezonecontext
        """
        from exchangelib.services.common import EWSService  # noqa: PLC0415  # as above

        self._find_endpoint()
        envelope = EWSService(self._protocol(None)).wrap(soap.parsed(payload), api_version=VERSION)
        return bytes(envelope)

    def _find_endpoint(self) -> None:
        """Work out the endpoint, once. Raises ConnectorError, before anything is sent, where Kept must not use it."""
        if self._endpoint:
            return
        server = self.server
        endpoint = server.endpoint or (f"https://{server.host}/EWS/Exchange.asmx" if server.host else "")
        parts = urlsplit(endpoint or self._discovered())
        online = errors.exchange_online(parts.hostname or "")
        if online is not None:
            raise online
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise ConnectorError(f"{self.host} would be reached without encryption; it must begin with https://", permanent=True)
        self._endpoint = parts.geturl()

    def _discovered(self) -> str:
        if not self.server.address or self.server.password is None:
            raise ConnectorError("the Exchange server is not configured; set host", permanent=True)
        self._check_back_off()
        return discover(self.server.address, self.server.username, self.server.password())

    def _request_auth(self) -> Any:
        """Return what logs a request in: a valid token; None where the HTTP session itself has the password."""
        if self.server.access is not None:
            return _Bearer(self.server.access.grant.token())
        if self._scheme not in {None, "basic", "ntlm"}:
            raise ConnectorError(f"{self.server.username} has not signed in to {self.host} yet; run kept auth", permanent=True)
        if self.server.password is None:
            raise ConnectorError(f"the password of {self.server.username} for {self.host} is missing", permanent=True)
        if self._scheme is None:
            self._scheme = self._offered_scheme()
        return None

    def _offered_scheme(self) -> str:
        """Return the scheme to use: NTLM where the server offers it, which sends no password, else basic. Asked once, without log-in."""
        with self._slots, self._http(fresh=True, anonymous=True) as http:
            answer = self._exchange(http, "GET", None, _NoAuth(), writes=False)
        offers = next((v for k, v in answer.headers.items() if k.lower() == "www-authenticate"), "").lower()
        if answer.status in _LIMITED:
            raise self._failed(answer, writes=False)
        if "ntlm" in offers or "negotiate" in offers:
            return "ntlm"
        if "basic" in offers or answer.status < 400:
            return "basic"
        if answer.status != 401:
            raise self._failed(answer, writes=False)
        raise ConnectorError(f"{self.host} accepts neither basic nor NTLM authentication; set auth: oauth", permanent=True)

    @contextlib.contextmanager
    def _http(self, *, fresh: bool, anonymous: bool = False) -> Iterator[Http]:
        """Yield the open session, or a fresh one: over a connection that died meanwhile the outcome of a send would be unknown."""
        if fresh:
            with self._new(anonymous=anonymous) as http:
                yield http
            return
        if self._open is None:
            self._open = self._new()
        yield self._open

    def _new(self, *, anonymous: bool = False) -> Http:
        """Return a session of exchangelib's with the log-in in it, over an adapter of this account alone: exchangelib's is global."""
        from requests.auth import HTTPBasicAuth  # noqa: PLC0415  # as above

        password = None if anonymous or self.server.access is not None else self.server.password
        http: Http = self._protocol(password).create_session()
        if password is not None and self._scheme == "basic":
            http.auth = HTTPBasicAuth(self.server.username.encode(), password().encode())  # UTF-8, as RFC 7617 says
        http.mount(self._endpoint, _adapter(self.host, self.server.ca_file, self.server.timeout))
        http.headers["User-Agent"] = "Kept"
        return http

    def _protocol(self, password: Callable[[], str] | None) -> Any:
        """Return the server as exchangelib sees it: pinned version, one attempt, one connection, in none of the library's caches."""
        from exchangelib import BASIC, NTLM, Build, Configuration, Credentials, FailFast, Version  # noqa: PLC0415  # as above
        from exchangelib.protocol import BaseProtocol  # noqa: PLC0415  # as above
        from exchangelib.transport import NOAUTH  # noqa: PLC0415  # as above

        auth = NOAUTH if password is None else {"basic": BASIC, "ntlm": NTLM}[self._scheme or "basic"]
        return BaseProtocol(
            config=Configuration(
                service_endpoint=self._endpoint,
                credentials=Credentials(self.server.username, password()) if password is not None else None,
                auth_type=auth,
                version=Version(Build(15, 0), api_version=VERSION),
                retry_policy=FailFast(),
                max_connections=1,
            )
        )


def discover(address: str, username: str, password: str) -> str:
    """Return the endpoint for that address, by exchangelib's autodiscover. Raises ConnectorError.

    exchangelib saves what it found as a pickle in the folder for temporary files, where anybody could put one for Kept to open: it
    gets a folder of its own for as long as it takes.
    """
    from exchangelib import Credentials  # noqa: PLC0415  # heavy, and needed only for autodiscover
    from exchangelib.autodiscover import cache, discovery  # noqa: PLC0415  # the same
    from exchangelib.protocol import close_connections  # noqa: PLC0415  # the same

    domain = address.rpartition("@")[2]
    logging.getLogger("exchangelib").setLevel(logging.WARNING)  # its debugging shows every header, the password's among them
    with _DISCOVERING, tempfile.TemporaryDirectory() as folder:
        cache.AUTODISCOVER_PERSISTENT_STORAGE = Path(folder) / "found"
        autodiscovery = discovery.Autodiscovery(address, Credentials(username, password))
        try:
            answer, _ = autodiscovery.discover()
        except Exception as error:  # exchangelib's, the resolver's or requests' own
            visited = [urlsplit(str(url)).hostname or "" for url in vars(autodiscovery).get("_urls_visited", ())]
            raise next(filter(None, map(errors.exchange_online, visited)), _not_found(domain, error)) from error
        finally:
            cache.autodiscover_cache.clear()
            close_connections()
    if not answer.ews_url:
        raise ConnectorError(f"the Exchange server of {domain} offers no EWS; ask your IT department", permanent=True)
    return str(answer.ews_url)


def _not_found(domain: str, error: Exception) -> ConnectorError:
    return ConnectorError(
        f"no Exchange server was found for {domain} ({type(error).__name__}); set host to the name of your server"
    )


def _adapter(host: str, ca_file: Path | None, timeout: float) -> Any:
    """Return a TLS adapter that trusts the company's own authority besides the system's, for this account alone."""
    from requests.adapters import HTTPAdapter  # noqa: PLC0415  # heavy, and needed only where a server is asked

    context = MailServer(host, 443, "implicit", None, None, None, ca_file, timeout).ssl_context()

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **{**kwargs, "ssl_context": context})

        def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
            return super().proxy_manager_for(*args, **{**kwargs, "ssl_context": context})

    return Adapter(pool_connections=1, pool_maxsize=MAX_CONCURRENT, max_retries=0)


def _from_library(error: Exception) -> bool:
    """Return whether the error comes from below requests: a broken stream, or a malformed NTLM exchange."""
    return type(error).__module__.split(".")[0] in {"urllib3", "spnego", "requests_ntlm", "http"} or isinstance(
        error, (PermissionError, KeyError, ValueError, AttributeError)
    )


class _Bearer:
    """Sends the token (RFC 6750). Given as `auth`, so that a .netrc file never replaces it."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class _NoAuth:
    """Sends no log-in, not even one of a .netrc file."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return request

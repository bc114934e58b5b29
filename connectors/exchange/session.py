"""A way to one Exchange server for one user: exchangelib behind a wall, one request at a time, none of them repeated.

exchangelib opens the HTTP session with its log-in (basic, NTLM), writes the SOAP envelope for a pinned version, finds the server
where it is not named, and knows Windows' time zones. Its retries are not used: measured, its fault tolerant policy posts a send
again and takes a wrong password for a busy server, and even FailFast asks again with another version. What a refusal means, and
how long the server is left alone, is decided here. No type of exchangelib leaves this file and ews_soap.py.
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
from connectors.exchange.errors import BUSY, Names
from connectors.exchange.soap import Garbled, Said
from connectors.net.http import BODY_CAP, DEFAULT_BACK_OFF, MAX_CONCURRENT, Access, BackOff, Response, Usage
from connectors.net.tls import MailServer as Wire
from connectors.net.tls import is_loopback, server_text

if TYPE_CHECKING:
    from requests import PreparedRequest
    from requests import Session as Http

VERSION = "Exchange2013"  # the oldest schema that has all we ask for; every later server speaks it
_SLOWER = frozenset({429, 503})
_DISCOVERING = threading.Lock()


@dataclass(frozen=True, slots=True)
class Place:
    """A server, who logs in, whose mailbox is meant. Without host and endpoint the server is found from the address."""

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
    def who(self) -> str:
        """Who logs in."""
        return self.access.user if self.access is not None else self.username

    @property
    def address(self) -> str | None:
        """The address of the mailbox that is meant, where it is known."""
        return next((name for name in (self.mailbox, self.username, self.who) if name and "@" in name), None)


class GarbledError(ConnectorError):
    """The server's answer made no sense. Asking for less may give one that does."""


class Session:
    """Asks one server. It opens at the first question, and may be closed and used again."""

    def __init__(self, place: Place) -> None:
        access = place.access
        self.place = place
        self.back_off = place.back_off or (access.back_off if access else BackOff())
        self.usage = access.usage if access else Usage()
        self._slots = access.slots if access else threading.BoundedSemaphore(MAX_CONCURRENT)
        self._endpoint = ""
        self._scheme = place.auth
        self._open: Http | None = None

    @property
    def host(self) -> str:
        """The server as a person knows it."""
        address = self._endpoint or self.place.endpoint or ""
        return urlsplit(address).hostname or self.place.host or (self.place.address or "").rpartition("@")[2]

    @property
    def names(self) -> Names:
        """Who speaks with which server about whose mailbox, for errors."""
        return Names(self.host, self.place.who, self.place.mailbox)

    def ask(self, payload: str, *, writes: bool = False) -> tuple[Said, ...]:
        """One request; its response messages, refusals among them. Raises ConnectorError where it was refused as a whole."""
        answer = self._post(self._envelope(payload), writes=writes)
        if answer.status == 401 and not writes and self.place.access is not None:
            answer = self._post(self._envelope(payload), writes=False)  # with a new token
        if answer.status not in {200, 500} or (answer.status == 500 and b"Fault" not in answer.content):
            raise self._failed(answer, writes=writes)
        try:
            said = soap.messages(answer.content)
        except Garbled as error:
            raise GarbledError(f"{self.host} gave an answer that makes no sense: {error}", unknown=writes) from error
        for one in said:
            if one.code in BUSY:
                raise errors.rest(self.back_off.pause(one.rest or DEFAULT_BACK_OFF), self.host)
            if soap.named(one.element) == "Fault":
                raise errors.refusal(one.code, one.text, self.names, writes=writes)
        if not said:
            raise GarbledError(f"{self.host} gave an empty answer", unknown=writes)
        return said

    def one(self, payload: str, *, writes: bool = False) -> Said:
        """One request with one response message. Raises ConnectorError where it is a refusal."""
        said = self.ask(payload, writes=writes)[0]
        if not said.fine:
            raise self.refusal(said, writes=writes)
        return said

    def refusal(self, said: Said, *, writes: bool = False) -> ConnectorError:
        """What a refused part of a request means."""
        return errors.refusal(said.code, said.text, self.names, writes=writes)

    def close(self) -> None:
        """End the session."""
        if self._open is not None:
            self._open.close()
            self._open = None

    # --- one request over HTTP ---

    def _post(self, body: bytes, *, writes: bool) -> Response:
        self._must_be_open()
        if self.place.access is not None and self.place.access.rate_limit is not None:
            self.place.access.rate_limit.spend(1)
        auth = self._login()
        with self._slots, self._http(fresh=writes) as http:
            self._must_be_open()  # somebody else may have been asked to slow down meanwhile
            answer = self._exchange(http, "POST", body, auth, writes=writes)
        if answer.status == 401 and isinstance(auth, _Bearer) and self.place.access is not None:
            self.place.access.grant.reject(auth.token)
        return answer

    def _exchange(self, http: Http, method: str, body: bytes | None, auth: Any, *, writes: bool) -> Response:
        from requests.exceptions import RequestException  # noqa: PLC0415  # heavy, and needed only where a server is asked

        self.usage.requests += 1
        try:
            with http.request(
                method, self._endpoint, data=body, auth=auth, timeout=self.place.timeout, allow_redirects=False, stream=True,
                headers={"X-AnchorMailbox": self.place.address or ""} if self.place.address else None,
            ) as said:  # fmt: skip
                answer = Response(said.status_code, dict(said.headers), self._read(said))
        except ConnectorError as error:
            raise ConnectorError(error.message, unknown=writes) from error
        except Exception as error:  # requests', urllib3's own while reading, and whatever a log-in's library meets
            if not isinstance(error, (RequestException, OSError)) and not _of_a_library(error):
                raise
            raise self._unreachable(error, writes=writes) from error
        self.usage.received += len(answer.content)
        return answer

    def _read(self, said: Any) -> bytes:
        pieces, size = [], 0
        for piece in said.iter_content(65536):
            pieces.append(piece)
            size += len(piece)
            if size > BODY_CAP:
                raise ConnectorError(f"{self.host} gave an answer larger than {BODY_CAP // 1024**2} MB; it was not read")
        return b"".join(pieces)

    def _failed(self, answer: Response, *, writes: bool) -> ConnectorError:
        if answer.status in _SLOWER:
            left = self.back_off.pause(answer.retry_after() or DEFAULT_BACK_OFF)
            return errors.rest(left, self.host, unknown=writes and answer.status == 503)
        if answer.status == 401 and self.place.access is not None:
            return ConnectorError(f"{self.host} did not take the log-in of {self.place.who}; it is renewed and tried again")
        locked = b"account is currently locked out" in answer.content
        return errors.status(answer.status, self.names, locked=locked, writes=writes)

    def _must_be_open(self) -> None:
        left = self.back_off.remaining()
        if left > 0:
            raise errors.rest(left, self.host)

    def _unreachable(self, error: Exception, *, writes: bool) -> ConnectorError:
        from requests import exceptions  # noqa: PLC0415  # as above

        kinds = repr(error)
        if isinstance(error, exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in kinds:
            hint = "check the host's name, or name your company's certificate file as ca_file"
            return ConnectorError(f"the certificate of {self.host} cannot be trusted; {hint}", permanent=True)
        unsent = isinstance(error, exceptions.ConnectTimeout) or "NewConnectionError" in kinds or "NameResolution" in kinds
        said = "does not answer" if isinstance(error, exceptions.Timeout) else "cannot be reached"
        return ConnectorError(f"{self.host} {said}: {server_text(type(error).__name__)}", unknown=writes and not unsent)

    # --- opening ---

    def _envelope(self, payload: str) -> bytes:
        """SOAP around a request, by exchangelib. Without a TimeZoneContext every time is in UTC.

        https://learn.microsoft.com/exchange/client-developer/web-service-reference/timezonecontext
        """
        from exchangelib.services.common import EWSService  # noqa: PLC0415  # as above

        self._find()
        envelope = EWSService(self._protocol(None)).wrap(soap.parsed(payload), api_version=VERSION)
        return bytes(envelope)

    def _find(self) -> None:
        """Work out the endpoint, once; one that must not be asked is refused before anything leaves."""
        if self._endpoint:
            return
        place = self.place
        found = place.endpoint or (f"https://{place.host}/EWS/Exchange.asmx" if place.host else "")
        parts = urlsplit(found or self._discovered())
        online = errors.online(parts.hostname or "")
        if online is not None:
            raise online
        if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
            raise ConnectorError(f"{self.host} would be reached without encryption; it must begin with https://", permanent=True)
        self._endpoint = parts.geturl()

    def _discovered(self) -> str:
        if not self.place.address or self.place.password is None:
            raise ConnectorError("where the Exchange server is must be told; set host", permanent=True)
        self._must_be_open()
        return discover(self.place.address, self.place.username, self.place.password())

    def _login(self) -> Any:
        """What logs a request in: a token that holds now; None where the session itself knows the password."""
        if self.place.access is not None:
            return _Bearer(self.place.access.grant.token())
        if self._scheme not in {None, "basic", "ntlm"}:
            raise ConnectorError(f"{self.place.username} has not signed in for {self.host} yet; run kept auth", permanent=True)
        if self.place.password is None:
            raise ConnectorError(f"the password of {self.place.username} for {self.host} is missing", permanent=True)
        if self._scheme is None:
            self._scheme = self._offered()
        return None

    def _offered(self) -> str:
        """NTLM where the server offers it, because then no password leaves; else basic. Asked once, without credentials."""
        with self._slots, self._http(fresh=True, anonymous=True) as http:
            answer = self._exchange(http, "GET", None, _Nobody(), writes=False)
        offers = next((v for k, v in answer.headers.items() if k.lower() == "www-authenticate"), "").lower()
        if answer.status in _SLOWER:
            raise self._failed(answer, writes=False)
        if "ntlm" in offers or "negotiate" in offers:
            return "ntlm"
        if "basic" in offers or answer.status < 400:
            return "basic"
        if answer.status != 401:
            raise self._failed(answer, writes=False)
        raise ConnectorError(f"{self.host} takes neither basic nor NTLM log-in; set auth: oauth", permanent=True)

    @contextlib.contextmanager
    def _http(self, *, fresh: bool, anonymous: bool = False) -> Iterator[Http]:
        """The open session, or one of its own: a kept connection that died meanwhile would leave a send unclear."""
        if fresh:
            with self._new(anonymous=anonymous) as http:
                yield http
            return
        if self._open is None:
            self._open = self._new()
        yield self._open

    def _new(self, *, anonymous: bool = False) -> Http:
        """A session of exchangelib's with the log-in in it, over an adapter of this account's own: exchangelib's is global."""
        from requests.auth import HTTPBasicAuth  # noqa: PLC0415  # as above

        password = None if anonymous or self.place.access is not None else self.place.password
        http: Http = self._protocol(password).create_session()
        if password is not None and self._scheme == "basic":
            http.auth = HTTPBasicAuth(self.place.username.encode(), password().encode())  # UTF-8, as RFC 7617 says
        http.mount(self._endpoint, _adapter(self.host, self.place.ca_file, self.place.timeout))
        http.headers["User-Agent"] = "Kept"
        return http

    def _protocol(self, password: Callable[[], str] | None) -> Any:
        """The server as exchangelib knows it: pinned version, no second attempt, one connection, kept in no cache of the library."""
        from exchangelib import BASIC, NTLM, Build, Configuration, Credentials, FailFast, Version  # noqa: PLC0415  # as above
        from exchangelib.protocol import BaseProtocol  # noqa: PLC0415  # as above
        from exchangelib.transport import NOAUTH  # noqa: PLC0415  # as above

        auth = NOAUTH if password is None else {"basic": BASIC, "ntlm": NTLM}[self._scheme or "basic"]
        return BaseProtocol(
            config=Configuration(
                service_endpoint=self._endpoint,
                credentials=Credentials(self.place.username, password()) if password is not None else None,
                auth_type=auth,
                version=Version(Build(15, 0), api_version=VERSION),
                retry_policy=FailFast(),
                max_connections=1,
            )
        )


def discover(address: str, username: str, password: str) -> str:
    """The endpoint for that address, by exchangelib's autodiscover. Raises ConnectorError.

    exchangelib keeps what it found as a pickle in the folder for temporary files, where anybody could lay one for us to open: it
    gets a folder of its own for as long as it takes.
    """
    from exchangelib import Credentials  # noqa: PLC0415  # heavy, and needed only where a server is really looked for
    from exchangelib.autodiscover import cache, discovery  # noqa: PLC0415  # the same
    from exchangelib.protocol import close_connections  # noqa: PLC0415  # the same

    domain = address.rpartition("@")[2]
    logging.getLogger("exchangelib").setLevel(logging.WARNING)  # its debugging shows every header, the password's among them
    with _DISCOVERING, tempfile.TemporaryDirectory() as folder:
        cache.AUTODISCOVER_PERSISTENT_STORAGE = Path(folder) / "found"
        finder = discovery.Autodiscovery(address, Credentials(username, password))
        try:
            answer, _ = finder.discover()
        except Exception as error:  # exchangelib's, the resolver's, requests': whatever the way there meets
            visited = [urlsplit(str(url)).hostname or "" for url in vars(finder).get("_urls_visited", ())]
            raise next(filter(None, map(errors.online, visited)), _not_found(domain, error)) from error
        finally:
            cache.autodiscover_cache.clear()
            close_connections()
    if not answer.ews_url:
        raise ConnectorError(f"{domain} has an Exchange server without EWS; ask your IT", permanent=True)
    return str(answer.ews_url)


def _not_found(domain: str, error: Exception) -> ConnectorError:
    return ConnectorError(f"no Exchange server was found for {domain} ({type(error).__name__}); set host to its name")


def _adapter(host: str, ca_file: Path | None, timeout: float) -> Any:
    """TLS that trusts the company's own authority besides the system's, for this account alone."""
    from requests.adapters import HTTPAdapter  # noqa: PLC0415  # heavy, and needed only where a server is asked

    context = Wire(host, 443, "implicit", None, None, None, ca_file, timeout).ssl_context()

    class Adapter(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **{**kwargs, "ssl_context": context})

        def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
            return super().proxy_manager_for(*args, **{**kwargs, "ssl_context": context})

    return Adapter(pool_connections=1, pool_maxsize=MAX_CONCURRENT, max_retries=0)


def _of_a_library(error: Exception) -> bool:
    """Whether it comes from below requests: a broken stream, or an NTLM exchange that makes no sense."""
    return type(error).__module__.split(".")[0] in {"urllib3", "spnego", "requests_ntlm", "http"} or isinstance(
        error, (PermissionError, KeyError, ValueError, AttributeError)
    )


class _Bearer:
    """The token as RFC 6750 says. As `auth`, so that a .netrc file never replaces it."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class _Nobody:
    """No log-in at all, not even one of a .netrc file."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        return request

"""One WebDAV server (RFC 4918): requests sent once, multistatus responses as values, errors for a person.

A redirect is followed by the same request, as discovery needs (RFC 6764, 5): the library's session would drop the body, and send a
booking on as an empty one. It stays at the same host and on https: the server has the password, and nobody else gets it.

Of the `caldav` package only `DAVClient.request` is used: authentication as the server asks for it, verified certificates, timeouts.
Its higher layers (Principal, Calendar, search, save_event) retry and fall back by themselves, and a booking that is sent twice may
invite a client twice; they also hide the status, ETag and sync token that a conditional PUT and an incremental poll need.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit
from xml.etree.ElementTree import Element

from connectors.errors import ConnectorError
from connectors.net.certificates import distrusted
from connectors.net.refusals import LoginRefusedError, WrongTlsError
from connectors.net.tls import is_loopback, is_without_tls

NAMESPACES = {"d": "DAV:", "c": "urn:ietf:params:xml:ns:caldav", "s": "http://calendarserver.org/ns/"}
_XMLNS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
MULTISTATUS = 207
_REDIRECTS = frozenset({301, 302, 307, 308})
_SEE_OTHER = 303  # an answer to a question only: it says that a write was done
MAX_REDIRECTS = 5


class LogInError(LoginRefusedError):
    """The server does not accept the user name or the password. Each further attempt may lock the account."""


@dataclass(frozen=True, slots=True)
class Resource:
    """One response in a multistatus: its address, its status, and its properties by their names in Clark notation."""

    href: str
    status: int
    properties: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return the text of a property such as `d:getetag`, or of the href in it; empty where there is none."""
        value = self.properties.get(clark(name))
        if value is None:
            return ""
        href = value.find("{DAV:}href")
        return ((value if href is None else href).text or "").strip()

    def link(self, name: str, base: str) -> str:
        """Return the href in a property as a URL, relative to `base`; empty where there is none."""
        href = self.text(name)
        return resolve(base, href) if href else ""

    def links(self, name: str) -> tuple[str, ...]:
        """Return all hrefs in a property."""
        value = self.properties.get(clark(name))
        return tuple(href.text or "" for href in value.iterfind("{DAV:}href")) if value is not None else ()

    def has(self, name: str, child: str) -> bool:
        """Return whether a property contains an element such as `c:calendar`."""
        value = self.properties.get(clark(name))
        return value is not None and value.find(clark(child)) is not None


@dataclass(frozen=True, slots=True)
class Response:
    """A response of the server: its XML parsed, the resources of a multistatus, and the URL that answered after redirects."""

    status: int
    headers: Mapping[str, str]
    body: str = ""
    tree: Any = None
    resources: tuple[Resource, ...] = ()
    url: str = ""

    @property
    def sync_token(self) -> str:
        """The token that a sync-collection report ends with (RFC 6578, 6.4)."""
        element = self.tree.find("{DAV:}sync-token") if self.tree is not None else None
        return (element.text or "").strip() if element is not None else ""


class Dav:
    """A session with one server. The first request opens it, and so does the first after `close`."""

    def __init__(self, url: str, username: str, password: Callable[[], str], ca_file: Path | None, timeout: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ConnectorError(f"{url} is not the address of a calendar server; it should begin with https://", permanent=True)
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ConnectorError(f"{parts.hostname} would be reached without encryption; use https://", permanent=True)
        self.url = url
        self._username, self._password, self._ca_file, self._timeout = username, password, ca_file, timeout
        self._client: Any = None

    @property
    def host(self) -> str:
        """The server's name."""
        return urlsplit(self.url).hostname or self.url

    def request(self, method: str, url: str, body: str = "", *, allow: tuple[int, ...] = (), **headers: str) -> Response:
        """Send one request, once, and again only where the server redirects it. Statuses from 400 on raise ConnectorError, apart
        from those in `allow`.

        Headers are named as keywords: `if_match='"1"'`, `depth="1"`.
        """
        url = resolve(self.url, url)
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._once(method, url, body, allow, {n.replace("_", "-").title(): v for n, v in headers.items()})
            target = _target(method, answer)
            if target is None:
                return answer
            url = self._onward(url, target)
        raise ConnectorError(f"{self.host} redirects in a circle, so nothing can be read there now; retrying later")

    def _once(self, method: str, url: str, body: str, allow: tuple[int, ...], headers: Mapping[str, str]) -> Response:
        from caldav.lib.error import DAVError  # noqa: PLC0415  # only where a request is really sent

        if not _is_same_service(self.url, url):
            raise ConnectorError(f"{self.host} names an address elsewhere ({urlsplit(url).hostname}); nothing is sent there")
        try:
            answer = self._session().request(url, method, body, headers)
        except DAVError as error:
            if error.status is None:
                raise ConnectorError(f"{self.host} did not answer as a calendar server does") from error
            return self._checked(method, Response(int(error.status), {}), allow, getattr(error, "retry_after_seconds", None))
        except OSError as error:  # the base of what requests raises for connections, certificates and timeouts
            raise self._unreachable(method, error) from error
        except Exception as error:  # a response that the parser rejects
            raise ConnectorError(
                f"{self.host} sent a response that cannot be read ({type(error).__name__})", unknown=_writes(method)
            ) from error
        resources = _resources(answer.tree) if answer.status == MULTISTATUS and answer.tree is not None else ()
        return self._checked(
            method, Response(answer.status, answer.headers, answer.raw, answer.tree, resources, url), allow, None
        )

    def _onward(self, url: str, location: str) -> str:
        """Return where a redirect leads. Raises ConnectorError where that is another host (RFC 6764, 8: it might be anybody's)."""
        target = urlsplit(urljoin(url, location))
        if target.scheme not in {"http", "https"} or not _is_same_host(url, target.geturl()):
            raise ConnectorError(
                f"{self.host} sends Kept on to {target.hostname or location[:100]}, where it does not go by itself: if that is your "
                f"calendar server, put its address into the configuration",
                permanent=True,
            )
        return resolve(url, location)

    def close(self) -> None:
        """End the session."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _session(self) -> Any:
        if self._client is None:
            from caldav import DAVClient  # noqa: PLC0415  # as above

            self._client = DAVClient(
                url=self.url,
                username=self._username,
                password=self._password(),
                timeout=self._timeout,
                ssl_verify_cert=str(self._ca_file) if self._ca_file else True,
                enable_rfc6764=False,  # use the configured server, not one that DNS names
            )
            self._client.session.get_redirect_target = lambda _response: None  # `request` follows redirects itself
        return self._client

    def _checked(self, method: str, answer: Response, allow: tuple[int, ...], retry_after: float | None) -> Response:
        status = answer.status
        if status < 400 or status in allow:
            return answer
        if status == 401:
            self.close()  # so that the password is read again
            raise LogInError(f"{self.host} does not accept the user name {self._username} or its password", permanent=True)
        if status in {429, 503}:
            wait = timedelta(seconds=retry_after) if retry_after is not None else None
            raise ConnectorError(f"{self.host} is limiting requests; retrying later", retry_after=wait)
        if status == 507:
            raise ConnectorError(f"{self.host} has no space left for this account; delete something there", permanent=True)
        if status >= 500:
            raise ConnectorError(f"{self.host} reported an internal error (status {status})", unknown=_writes(method))
        problem = {403: "does not allow this", 404: "has no such address", 410: "no longer has this address"}.get(
            status, "refused this"
        )
        raise ConnectorError(f"{self.host} {problem} (status {status})", permanent=True)

    def _unreachable(self, method: str, error: OSError) -> ConnectorError:
        from caldav.lib.http_sync import requests  # noqa: PLC0415  # as above

        errors = requests.exceptions
        if untrusted := distrusted(self.host, error):
            return untrusted
        if is_without_tls(error) and not _writes(method):  # TLS that breaks later looks the same, and a booking may have arrived
            return WrongTlsError(f"{self.host} does not use TLS there; check the port in its address")
        never_left = isinstance(error, errors.ConnectTimeout) or "NewConnectionError" in repr(error)
        if isinstance(error, errors.Timeout):
            return ConnectorError(f"{self.host} does not answer", unknown=_writes(method) and not never_left)
        return ConnectorError(f"{self.host} cannot be reached", unknown=_writes(method) and not never_left)


def resolve(base: str, href: str) -> str:
    """Return an href as a URL, relative to `base`: what is named there is reached in the same way as the base itself.

    A server behind a proxy may write its own inner address, or http for https. Only another host of the same service may be meant
    (iCloud keeps calendars on hosts of their own); then it is reached by https.
    """
    url = urlsplit(urljoin(base, href))
    own = urlsplit(base)
    falls = own.scheme == "https" and url.scheme != "https"
    if falls or not _is_same_service(base, url.geturl()):
        return url._replace(scheme=own.scheme, netloc=own.netloc).geturl()
    return url.geturl()


def _is_same_host(url: str, other: str) -> bool:
    return (urlsplit(url).hostname or "").lower() == (urlsplit(other).hostname or "").lower()


def _is_same_service(url: str, other: str) -> bool:
    """Return whether the other URL is at the same host, or by https at one beside it, below the same domain."""
    if _is_same_host(url, other):
        return True
    domains = [(urlsplit(u).hostname or "").lower().partition(".")[2] for u in (url, other)]
    return urlsplit(other).scheme == "https" and domains[0] == domains[1] and "." in domains[0] and not _is_address(url)


def _is_address(url: str) -> bool:
    """Return whether the host is an IPv4 or IPv6 address: those have no domain."""
    host = urlsplit(url).hostname or ""
    return ":" in host or host.replace(".", "").isdigit()


def _target(method: str, answer: Response) -> str | None:
    """Return where a response sends the same request, None where it does not."""
    followed = answer.status in _REDIRECTS or (answer.status == _SEE_OTHER and not _writes(method))
    return (answer.headers.get("Location") or None) if followed else None


def fetched(answer: Response) -> Resource:
    """Return what a GET of a calendar's resource answered, in the form in which a report names it."""
    texts = {"d:getetag": answer.headers.get("ETag", ""), "c:calendar-data": answer.body}
    return Resource(urlsplit(answer.url).path, answer.status, {clark(name): _property(text) for name, text in texts.items()})


def _property(text: str) -> Element:
    made = Element("property")
    made.text = text
    return made


def clark(name: str) -> str:
    """Return `d:href` in Clark notation: `{DAV:}href`."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def element(name: str, content: str) -> str:
    """Return a request's body: one element around `content`, whose prefixes are those of NAMESPACES."""
    return f'<?xml version="1.0" encoding="utf-8"?><{name} {_XMLNS}>{content}</{name}>'


def path_of(href: str) -> str:
    """Return the decoded path of an href, by which resources are compared: servers escape differently (RFC 4918, 8.3)."""
    return unquote(urlsplit(href).path)


def same_path(path: str, other: str) -> bool:
    """Return whether two decoded paths name the same collection, with or without a final slash."""
    return path.rstrip("/") == other.rstrip("/")


def _writes(method: str) -> bool:
    return method in {"PUT", "DELETE"}


def _resources(tree: Any) -> tuple[Resource, ...]:
    return tuple(_resource(response) for response in tree.iter("{DAV:}response"))


def _resource(response: Any) -> Resource:
    properties: dict[str, Any] = {}
    for part in response.iterfind("{DAV:}propstat"):
        if _status(part.findtext("{DAV:}status")) < 300:
            properties |= {value.tag: value for value in part.iterfind("{DAV:}prop/*")}
    return Resource(response.findtext("{DAV:}href", "").strip(), _status(response.findtext("{DAV:}status")), properties)


def _status(line: str | None) -> int:
    """Return the number in `HTTP/1.1 404 Not Found`; 200 for a response without a status of its own."""
    words = (line or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdecimal() else 200

"""One WebDAV server: requests with the errors a person understands, and multistatus answers as values (RFC 4918).

`caldav.DAVClient` carries them (log-in as the server asks for it, certificates verified, time limits); its own higher layers
are left out because they retry and fall back by themselves, and what is sent twice here would be booked twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from connectors.errors import ConnectorError
from connectors.net.tls import is_loopback

NAMESPACES = {"d": "DAV:", "c": "urn:ietf:params:xml:ns:caldav", "s": "http://calendarserver.org/ns/"}
_XMLNS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
MULTISTATUS = 207


@dataclass(frozen=True, slots=True)
class Resource:
    """One answer in a multistatus: where, whether it is there, and its properties by their clark names."""

    href: str
    status: int
    properties: Mapping[str, Any] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of a property such as `d:getetag`, or of the href in it; empty where it has none."""
        found = self.properties.get(clark(name))
        if found is None:
            return ""
        href = found.find("{DAV:}href")
        return ((found if href is None else href).text or "").strip()

    def link(self, name: str, base: str) -> str:
        """The href in a property as an address, told from `base`; empty where it has none."""
        href = self.text(name)
        return urljoin(base, href) if href else ""

    def links(self, name: str) -> tuple[str, ...]:
        """All hrefs in a property."""
        found = self.properties.get(clark(name))
        return tuple(href.text or "" for href in found.iterfind("{DAV:}href")) if found is not None else ()

    def has(self, name: str, child: str) -> bool:
        """Whether a property contains an element such as `c:calendar`."""
        found = self.properties.get(clark(name))
        return found is not None and found.find(clark(child)) is not None


@dataclass(frozen=True, slots=True)
class Response:
    """What a server said."""

    status: int
    headers: Mapping[str, str]
    body: str = ""
    tree: Any = None
    resources: tuple[Resource, ...] = ()

    @property
    def sync_token(self) -> str:
        """The token that a sync-collection report ends with (RFC 6578, 6.4)."""
        found = self.tree.find("{DAV:}sync-token") if self.tree is not None else None
        return (found.text or "").strip() if found is not None else ""


class Dav:
    """A session with one server. Opens lazily; `close` may be called twice, and the next request opens it again."""

    def __init__(self, url: str, username: str, password: Callable[[], str], ca_file: Path | None, timeout: float) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ConnectorError(f"{url} is no address of a calendar server: it should begin with https://", permanent=True)
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise ConnectorError(f"{parts.hostname} is asked for without encryption: use https://", permanent=True)
        self.url = url
        self._username, self._password, self._ca_file, self._timeout = username, password, ca_file, timeout
        self._client: Any = None

    @property
    def host(self) -> str:
        """The server's name, as a person would say it."""
        return urlsplit(self.url).hostname or self.url

    def request(self, method: str, url: str, body: str = "", *, allow: tuple[int, ...] = (), **headers: str) -> Response:
        """One request, sent once. Statuses from 400 on raise ConnectorError, apart from those in `allow`.

        Headers are named as keywords: `if_match='"1"'`, `depth="1"`.
        """
        from caldav.lib.error import DAVError  # noqa: PLC0415  # only where a calendar server is really asked

        sent = {name.replace("_", "-").title(): value for name, value in headers.items()}
        try:
            answer = self._session().request(urljoin(self.url, url), method, body, sent)
        except DAVError as error:
            if error.status is None:
                raise ConnectorError(f"{self.host} did not answer as a calendar server does") from error
            return self._checked(method, Response(int(error.status), {}), allow, getattr(error, "retry_after_seconds", None))
        except OSError as error:  # what the HTTP library raises for connections, certificates and time limits derives from it
            raise self._unreachable(method, error) from error
        except Exception as error:  # a reply that no parser takes
            raise ConnectorError(
                f"{self.host} gave an answer that cannot be read ({type(error).__name__})", unknown=_writes(method)
            ) from error
        resources = _resources(answer.tree) if answer.status == MULTISTATUS and answer.tree is not None else ()
        return self._checked(method, Response(answer.status, answer.headers, answer.raw, answer.tree, resources), allow, None)

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
                enable_rfc6764=False,  # the server is the one that was configured, not one that DNS names
            )
        return self._client

    def _checked(self, method: str, answer: Response, allow: tuple[int, ...], retry_after: float | None) -> Response:
        status = answer.status
        if status < 400 or status in allow:
            return answer
        if status == 401:
            self.close()  # the password is asked for again
            raise ConnectorError(f"{self.host} does not accept the user name or password", permanent=True)
        if status in {429, 503}:
            wait = timedelta(seconds=retry_after) if retry_after is not None else None
            raise ConnectorError(f"{self.host} is busy and asks to be left alone for a while", retry_after=wait)
        if status == 507:
            raise ConnectorError(f"{self.host} has no room left for this account: delete something there", permanent=True)
        if status >= 500:
            raise ConnectorError(f"{self.host} has a problem of its own (status {status})", unknown=_writes(method))
        said = {403: "does not allow this", 404: "knows no such address", 410: "knows no such address any more"}
        raise ConnectorError(f"{self.host} {said.get(status, 'refuses this')} (status {status})", permanent=True)

    def _unreachable(self, method: str, error: OSError) -> ConnectorError:
        from caldav.lib.http_sync import requests  # noqa: PLC0415  # as above

        errors = requests.exceptions
        if isinstance(error, errors.SSLError):
            return ConnectorError(
                f"the certificate of {self.host} cannot be trusted: check the address, or name the server's own in ca_file",
                permanent=True,
            )
        never_left = isinstance(error, errors.ConnectTimeout) or "NewConnectionError" in repr(error)
        if isinstance(error, errors.Timeout):
            return ConnectorError(f"{self.host} does not answer", unknown=_writes(method) and not never_left)
        return ConnectorError(f"{self.host} cannot be reached", unknown=_writes(method) and not never_left)


def clark(name: str) -> str:
    """`d:href` as `{DAV:}href`."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def element(name: str, content: str) -> str:
    """A request's body: one element around `content`, whose prefixes are those of NAMESPACES."""
    return f'<?xml version="1.0" encoding="utf-8"?><{name} {_XMLNS}>{content}</{name}>'


def path_of(href: str) -> str:
    """The path of an href, decoded, by which resources are compared: servers escape as they like (RFC 4918, 8.3)."""
    return unquote(urlsplit(href).path)


def same_path(path: str, other: str) -> bool:
    """Whether two decoded paths name the same collection, with or without the slash at its end."""
    return path.rstrip("/") == other.rstrip("/")


def _writes(method: str) -> bool:
    return method in {"PUT", "DELETE"}


def _resources(tree: Any) -> tuple[Resource, ...]:
    return tuple(_resource(response) for response in tree.iter("{DAV:}response"))


def _resource(response: Any) -> Resource:
    found: dict[str, Any] = {}
    for part in response.iterfind("{DAV:}propstat"):
        if _status(part.findtext("{DAV:}status")) < 300:
            found |= {value.tag: value for value in part.iterfind("{DAV:}prop/*")}
    return Resource(response.findtext("{DAV:}href", "").strip(), _status(response.findtext("{DAV:}status")), found)


def _status(line: str | None) -> int:
    """`HTTP/1.1 404 Not Found` as 404; an answer without a status of its own is there."""
    words = (line or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdecimal() else 200

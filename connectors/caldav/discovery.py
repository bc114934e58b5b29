"""Finding the calendar: from the address that a person configures to the collection of events (RFC 6764, 6; RFC 4791, 6.2)."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from connectors.caldav.dav import MULTISTATUS, Dav, LogInError, Resource, clark, element, path_of, resolve, same_path
from connectors.errors import ConnectorError

if TYPE_CHECKING:
    from requests import PreparedRequest

_ABOUT = (
    "<d:current-user-principal/><d:resourcetype/><d:displayname/><c:supported-calendar-component-set/>"
    "<d:current-user-privilege-set/>"
)
# Each of them lets an event be added (RFC 3744, 3.9 and 3.10).
_WRITING = frozenset({clark("d:all"), clark("d:write"), clark("d:bind"), clark("d:write-content")})
_OF_USER = "<c:calendar-home-set/><c:schedule-outbox-URL/><c:schedule-inbox-URL/><c:calendar-user-address-set/>"


@dataclass(frozen=True, slots=True)
class CalendarCollection:
    """A calendar's URL and name, the outbox for free/busy requests (empty: none) with the address they come from, and whether the user
    may only read it.
    """

    url: str
    name: str
    outbox: str = ""
    address: str = ""
    read_only: bool = False


def discover(dav: Dav, wanted: str | None) -> CalendarCollection:
    """Return the calendar with that display name or address; without one the server's default, or the first for events.

    Raises ConnectorError, permanent where there is no such calendar.
    """
    base, start, principal, user = _user(dav)
    outbox, address = _sender(user, principal)
    if start and _holds_events(start) and wanted is None:
        return CalendarCollection(
            _folder(base), start.text("d:displayname") or path_of(base), outbox, address, _is_read_only(start)
        )
    there = _calendars(dav, base, principal, user)
    listed = [resource for _, resource in there]
    chosen = _default(dav, user, principal, listed) if wanted is None else _named(dav, wanted, listed)
    home = next(home for home, resource in there if resource is chosen)
    return CalendarCollection(_folder(resolve(home, chosen.href)), _name(chosen), outbox, address, _is_read_only(chosen))


def calendars(dav: Dav) -> tuple[CalendarCollection, ...]:
    """Return every calendar for events that the user has, the one first that `discover` takes without a name. Raises ConnectorError.

    Where the configured address is itself a calendar, that is the only one.
    """
    base, start, principal, user = _user(dav)
    if start and _holds_events(start):
        return (CalendarCollection(_folder(base), start.text("d:displayname") or path_of(base), read_only=_is_read_only(start)),)
    there = _calendars(dav, base, principal, user)
    first = _default(dav, user, principal, [resource for _, resource in there])
    ordered = sorted(there, key=lambda pair: pair[1] is not first)
    return tuple(CalendarCollection(_folder(resolve(h, c.href)), _name(c), read_only=_is_read_only(c)) for h, c in ordered)


def is_offered(url: str, ca_file: Path | None, timeout: float) -> bool:
    """Return whether a calendar server seems to be at the address (RFC 6764, 5): it wants a log-in, or answers a PROPFIND. Nobody logs in."""
    import requests  # noqa: PLC0415  # the caldav package refuses to ask without a user

    body = element("d:propfind", f"<d:prop>{_ABOUT}</d:prop>")
    headers = {"Depth": "0", "Content-Type": "application/xml; charset=utf-8"}
    trusted = str(ca_file) if ca_file else True
    for place in dict.fromkeys((urljoin(url, "/.well-known/caldav"), url)):
        try:
            answer = requests.request(
                "PROPFIND", place, data=body, headers=headers, timeout=timeout, verify=trusted, auth=_nobody, stream=True
            )
        except (requests.RequestException, ValueError):
            continue
        with contextlib.closing(answer):
            if answer.status_code in {401, MULTISTATUS}:
                return True
    return False


def _nobody(request: PreparedRequest) -> PreparedRequest:
    """Log nobody in: without this, requests would look for a password in ~/.netrc."""
    return request


def _user(dav: Dav) -> tuple[str, Resource | None, str, Resource | None]:
    """Return the address that says who the user is with what it says, the URL of their principal, and what that says."""
    base, start = _start(dav)
    principal = start.link("d:current-user-principal", base) if start else ""
    return base, start, principal, about(dav, principal, _OF_USER) if principal else None


def _calendars(dav: Dav, base: str, principal: str, user: Resource | None) -> list[tuple[str, Resource]]:
    """Return each calendar for events with the home it is in. Raises ConnectorError where there is none."""
    homes = [resolve(principal, href) for href in user.links("c:calendar-home-set") if href] if user else []
    there = [(home, c) for home in homes or [base] for c in _members(dav, home, alone=len(homes) < 2) if _holds_events(c)]
    if not there:
        raise ConnectorError(f"{dav.host} has no calendar for this account", permanent=True)
    return there


def about(dav: Dav, url: str, properties: str, allow: tuple[int, ...] = ()) -> Resource | None:
    """Return the properties of one resource; None where the server refuses with a status in `allow`."""
    return _answered(dav, url, properties, allow)[1]


def children(dav: Dav, url: str, properties: str) -> tuple[Resource, ...]:
    """Return the properties of a collection and of each of its members."""
    return dav.request("PROPFIND", url, element("d:propfind", f"<d:prop>{properties}</d:prop>"), depth="1").resources


def _answered(dav: Dav, url: str, properties: str, allow: tuple[int, ...]) -> tuple[str, Resource | None]:
    """Return the URL that answered after redirects, and the properties of the resource there."""
    answer = dav.request("PROPFIND", url, element("d:propfind", f"<d:prop>{properties}</d:prop>"), allow=allow, depth="0")
    return answer.url or url, next(iter(answer.resources), None)


def _members(dav: Dav, home: str, *, alone: bool) -> tuple[Resource, ...]:
    """Return what is in one of the user's homes; one of several may be out of reach (RFC 4791, 6.2.1)."""
    try:
        return children(dav, home, _ABOUT)
    except ConnectorError as error:
        if alone or not error.permanent:
            raise
        return ()


def _start(dav: Dav) -> tuple[str, Resource | None]:
    """Return the address that says who the user is, and what it says: the configured, the well-known or the root (RFC 6764, 6).

    One that refuses may only be the wrong one of them, so the last refusal counts where none answers. A password that the configured
    address rejects is not tried elsewhere.
    """
    refusal: ConnectorError | None = None
    first: tuple[str, Resource] | None = None
    for url in dict.fromkeys((dav.url, urljoin(dav.url, "/.well-known/caldav"), urljoin(dav.url, "/"))):
        try:
            base, start = _answered(dav, url, _ABOUT, allow=(404, 405))
        except ConnectorError as error:
            if not error.permanent or (isinstance(error, LogInError) and url == dav.url):
                raise
            refusal = error
            continue
        if start is not None and (start.text("d:current-user-principal") or _holds_events(start)):
            return base, start
        if start is not None and first is None:
            first = base, start
    if first is None and refusal is not None:
        raise refusal
    return first or (dav.url, None)


def _sender(user: Resource | None, principal: str) -> tuple[str, str]:
    if user is None:
        return "", ""
    addresses = [link.strip() for link in user.links("c:calendar-user-address-set")]
    mails = [address[len("mailto:") :] for address in addresses if address.lower().startswith("mailto:")]
    return user.link("c:schedule-outbox-URL", principal), mails[0] if mails else ""


def _default(dav: Dav, user: Resource | None, principal: str, calendars: Sequence[Resource]) -> Resource:
    """Return where the server puts new events (RFC 6638, 9.2), else the first of the calendars."""
    inbox = user.link("c:schedule-inbox-URL", principal) if user else ""
    properties = about(dav, inbox, "<c:schedule-default-calendar-URL/>", allow=(403, 404)) if inbox else None
    default = path_of(properties.text("c:schedule-default-calendar-URL")) if properties else ""
    return next((c for c in calendars if default and same_path(path_of(c.href), default)), calendars[0])


def _named(dav: Dav, wanted: str, calendars: Sequence[Resource]) -> Resource:
    path = path_of(urljoin(dav.url, wanted))
    for calendar in calendars:
        if _name(calendar).lower() == wanted.lower() or same_path(path_of(calendar.href), path):
            return calendar
    names = ", ".join(f"“{_name(calendar)}”" for calendar in calendars)
    raise ConnectorError(f"{dav.host} has no calendar “{wanted}”; it has {names}", permanent=True)


def _holds_events(resource: Resource) -> bool:
    """Return whether it is a calendar for events (RFC 4791, 5.2.3); one without a list of components accepts them all."""
    components = resource.properties.get(clark("c:supported-calendar-component-set"))
    named = {part.get("name", "").upper() for part in components} if components is not None else set()
    return resource.has("d:resourcetype", "c:calendar") and (not named or "VEVENT" in named)


def _is_read_only(resource: Resource) -> bool:
    """Return whether the server says what the user may do, and no writing is among it (RFC 3744, 5.4)."""
    granted = resource.properties.get(clark("d:current-user-privilege-set"))
    if granted is None:
        return False
    return not {right.tag for privilege in granted.iterfind(clark("d:privilege")) for right in privilege} & _WRITING


def _name(resource: Resource) -> str:
    return resource.text("d:displayname") or path_of(resource.href)


def _folder(url: str) -> str:
    return url if url.endswith("/") else f"{url}/"

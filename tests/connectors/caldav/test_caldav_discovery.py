"""How a calendar is found behind redirects, proxies and refusals (RFC 6764): Radicale behind a go-between that plays the others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from contracts.caldav_contract import new_calendar, opened
from contracts.calendar_contract import INVITE
from servers import processes
from servers.caldav_servers import Meddler, Meddling, meddler

from connectors.caldav.calendar import CaldavCalendar
from connectors.caldav.dav import element, resolve
from connectors.errors import ConnectorError

pytestmark = pytest.mark.server


@pytest.fixture
def between(radicale: processes.Dav) -> Iterator[Meddler]:
    with meddler(radicale) as go_between:
        yield go_between


@pytest.fixture
def path(radicale: processes.Dav) -> str:
    return new_calendar(radicale, "/alice/")


def at(path: str, status: int, **headers: str) -> Meddling:
    """Answers whatever is asked of a path with that status."""
    return lambda _, asked: (status, headers, "") if asked == path else None


def found(radicale: processes.Dav, between: Meddler, path: str, address: str = "") -> CaldavCalendar:
    return opened(radicale, path, url=between.url + address, timeout=2.0)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("absolute", [True, False])
def test_a_redirect_is_followed_by_the_same_request(
    radicale: processes.Dav, between: Meddler, path: str, status: int, absolute: bool
) -> None:
    """Whatever is put to the old address is asked at the new one: with its body, its headers and the log-in."""
    there = between.url if absolute else "/"
    between.meddle.append(at("/old/", status, Location=there))
    assert found(radicale, between, path, "old/").find("x") is None


@pytest.mark.parametrize("refusal", [401, 403, 404, 405])
def test_a_well_known_address_that_refuses_is_only_one_place_to_ask(
    radicale: processes.Dav, between: Meddler, path: str, refusal: int
) -> None:
    between.meddle += [at("/mail/", 404), at("/.well-known/caldav", refusal, **{"WWW-Authenticate": 'Basic realm="x"'})]
    assert found(radicale, between, path, "mail/").find("x") is None


def test_a_front_page_that_lives_elsewhere_does_not_hide_the_well_known_address(
    radicale: processes.Dav, between: Meddler, path: str
) -> None:
    between.meddle += [
        at("/", 301, Location="https://www.dav.example/"),
        at("/.well-known/caldav", 301, Location="/alice/"),
    ]
    assert found(radicale, between, path).find("x") is None


def test_a_redirect_to_another_host_is_said_and_not_followed(radicale: processes.Dav, between: Meddler, path: str) -> None:
    between.meddle += [at("/.well-known/caldav", 301, Location="https://cal.example/dav/"), at("/", 404)]
    with pytest.raises(ConnectorError, match=r"on to cal\.example.*configuration") as caught:
        found(radicale, between, path).find("x")
    assert caught.value.permanent


def test_redirects_in_a_circle_end_soon_in_a_sentence(radicale: processes.Dav, between: Meddler, path: str) -> None:
    between.meddle += [at("/a/", 302, Location="/b/"), at("/b/", 302, Location="/a/")]
    with pytest.raises(ConnectorError, match="in a circle") as caught:
        found(radicale, between, path, "a/").find("x")
    assert (caught.value.permanent, len(between.seen) < 12) == (False, True)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_booking_that_is_redirected_arrives_whole_and_once(
    radicale: processes.Dav, between: Meddler, path: str, status: int
) -> None:
    calendar = found(radicale, between, path)
    calendar.find("x")
    writes: list[str] = []

    def once(method: str, asked: str) -> tuple[int, dict[str, str], str] | None:
        if method != "PUT":
            return None
        writes.append(asked)
        return (status, {"Location": asked + "?again"}, "") if len(writes) == 1 else None

    between.meddle.append(once)
    calendar.put(INVITE)
    booked = calendar.find(INVITE.uid)
    assert booked is not None
    assert (booked.summary, len(writes)) == (INVITE.summary, 2)


def test_a_booking_that_is_answered_with_see_other_is_not_written_again(
    radicale: processes.Dav, between: Meddler, path: str
) -> None:
    """RFC 9110, 15.4.4: the redirect leads to a page about what was done; whether the event is there is looked up."""
    calendar = found(radicale, between, path)
    calendar.find("x")
    between.meddle.append(lambda method, _: (303, {"Location": "/done"}, "") if method == "PUT" else None)
    with pytest.raises(ConnectorError, match="may not be booked"):
        calendar.put(INVITE)
    assert [method for method, _ in between.seen].count("PUT") == 1


def test_the_wrong_password_is_tried_at_one_address_only(between: Meddler) -> None:
    calendar = CaldavCalendar(between.url, "alice", lambda: "wrong")
    with pytest.raises(ConnectorError, match="user name alice or its password"):
        calendar.check()
    assert {asked for _, asked in between.seen} == {"/"}


def test_addresses_that_a_proxy_did_not_rewrite_are_reached_where_the_server_is(
    radicale: processes.Dav, between: Meddler, path: str
) -> None:
    """A principal and two homes under the inner name of the server; one of the homes is out of reach."""
    inner = "http://backend.internal:8080"
    principal = f"<d:current-user-principal><d:href>{inner}/alice/</d:href></d:current-user-principal>"
    homes = f"<c:calendar-home-set><d:href>{inner}/closed/</d:href><d:href>{inner}/alice/</d:href></c:calendar-home-set>"

    def answer(content: str) -> tuple[int, dict[str, str], str]:
        ok = f"<d:propstat><d:prop>{content}</d:prop><d:status>HTTP/1.1 200 OK</d:status></d:propstat>"
        body = element("d:multistatus", f"<d:response><d:href>/</d:href>{ok}</d:response>")
        return 207, {"Content-Type": "application/xml"}, body

    asked: list[str] = []

    def proxied(_: str, path: str) -> tuple[int, dict[str, str], str] | None:
        asked.append(path)
        if path == "/alice/" and asked.count("/alice/") == 1:
            return answer(homes)
        return {"/": answer(principal), "/closed/": (403, {}, "")}.get(path)

    between.meddle.append(proxied)
    assert found(radicale, between, path).find("x") is None


@pytest.mark.parametrize(
    ("base", "href", "reached"),
    [
        ("https://dav.example/a/", "b/", "https://dav.example/a/b/"),
        ("https://dav.example/a/", "http://dav.example/b/", "https://dav.example/b/"),
        ("https://dav.example/a/", "http://10.0.0.7:8080/b/", "https://dav.example/b/"),
        ("https://dav.example:8443/a/", "https://inner/b/", "https://dav.example:8443/b/"),
        ("http://localhost/a/", "https://localhost/b/", "https://localhost/b/"),
        ("https://caldav.icloud.com/", "https://p34-caldav.icloud.com:443/1/", "https://p34-caldav.icloud.com:443/1/"),
        ("https://caldav.icloud.com/", "https://p34.elsewhere.com/1/", "https://caldav.icloud.com/1/"),
        ("https://dav.example/", "https://evil.example/1/", "https://dav.example/1/"),
        ("https://127.0.0.1/", "https://10.0.0.1/1/", "https://127.0.0.1/1/"),
    ],
)
def test_what_a_server_names_is_reached_at_the_same_host_and_never_in_the_clear(base: str, href: str, reached: str) -> None:
    assert resolve(base, href) == reached


def test_where_the_server_chose_the_calendar_a_check_names_the_others(radicale: processes.Dav, path: str) -> None:
    new_calendar(radicale, "/alice/")
    chosen_by_the_server = opened(radicale, None, timeout=5.0).check()
    assert any("it also has" in line and "`calendar:`" in line for line in chosen_by_the_server)
    assert not any("it also has" in line for line in opened(radicale, path, timeout=5.0).check())

"""HTTPS to a provider: one request for one intent, no request in a back-off window, other users undisturbed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from servers.fixed_grant import FixedGrant
from servers.web_server import Clock, Server, serving

from connectors.errors import ConnectorError
from connectors.net.http import DEFAULT_BACK_OFF, MAX_BACK_OFF, Access, Api, BackOff, RateLimit, Response

DANA, LEE = "dana@northwind.example", "lee@northwind.example"


OK = (200, {"Content-Type": "application/json"}, b'{"ok": true}')


def api(server: Server, access: Access | None = None, timeout: float = 5) -> Api:
    return Api(access or Access(FixedGrant(DANA, "first", "second")), server.url, timeout)


def failure(what: Callable[[], object]) -> ConnectorError:
    with pytest.raises(ConnectorError) as caught:
        what()
    assert "\n" not in caught.value.message
    return caught.value


def test_a_request_carries_the_token_and_no_netrc_replaces_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login other password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with serving(OK) as server:
        assert api(server).request("GET", "me", params={"a": "b c"}).json() == {"ok": True}
        assert server.asked[0][:3] == ("GET", "/me?a=b+c", "Bearer first")


def test_a_token_that_is_refused_is_renewed_and_a_question_asked_once_more() -> None:
    with serving((401, {}, b""), OK) as server:
        assert api(server).request("GET", "me").status == 200
        assert [asked[2] for asked in server.asked] == ["Bearer first", "Bearer second"]


def test_a_send_whose_token_is_refused_is_not_repeated_by_itself() -> None:
    with serving((401, {}, b""), OK) as server:
        found = api(server)
        error = failure(lambda: found.request("POST", "send", body={}, writes=True))
        assert (error.permanent, error.unknown, len(server.asked)) == (False, False, 1)
        found.request("POST", "send", body={}, writes=True)
        assert server.asked[1][2] == "Bearer second"


def test_a_consent_that_is_gone_ends_after_two_tokens() -> None:
    with serving((401, {}, b"")) as server:
        found = api(server)
        assert failure(lambda: found.request("GET", "me")).permanent
        assert len(server.asked) == 2


@pytest.mark.parametrize(
    "trouble", ["drop", "reset", "hang", (500, {}, b""), (502, {}, b""), (503, {}, b""), (504, {}, b""), (408, {}, b"")]
)
def test_a_send_without_a_clear_answer_is_unknown_and_left_once(trouble: Any) -> None:
    with serving(trouble) as server:
        error = failure(lambda: api(server, timeout=0.3).request("POST", "send", content=b"mail", writes=True))
        assert (error.unknown, error.permanent) == (True, False)
        assert [asked[0] for asked in server.asked] == ["POST"]


def test_a_send_that_was_said_to_be_done_is_done_even_if_the_words_break_off() -> None:
    with serving("half") as server:
        assert api(server, timeout=0.5).request("POST", "send", body={}, writes=True).status == 200
        assert len(server.asked) == 1


def test_a_send_to_a_server_that_is_not_there_has_surely_not_been_made() -> None:
    with serving(OK) as server:
        gone = server.url
    error = failure(lambda: Api(Access(FixedGrant(DANA, "t")), gone).request("POST", "send", body={}, writes=True))
    assert (error.unknown, error.permanent) == (False, False)


def test_a_refusal_is_permanent_and_not_unknown() -> None:
    with serving((400, {}, b"")) as server:
        error = failure(lambda: api(server).request("POST", "send", body={}, writes=True))
        assert (error.permanent, error.unknown) == (True, False)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("hint", [5, 30, 120, 300])
def test_no_request_leaves_inside_a_back_off_window(status: int, hint: int) -> None:
    clock = Clock()
    access = Access(FixedGrant(DANA, "t"), back_off=BackOff(clock))
    with serving((status, {"Retry-After": str(hint)}, b""), OK) as server:
        found = api(server, access)
        error = failure(lambda: found.request("GET", "me"))
        assert error.retry_after is not None
        assert round(error.retry_after.total_seconds()) == hint
        for passed in (1, hint / 2, hint / 2 - 1.5):
            clock.now += passed
            again = failure(lambda: found.request("GET", "me"))
            assert again.retry_after is not None
            assert again.retry_after.total_seconds() <= hint
        assert len(server.asked) == 1
        clock.now += 1
        assert found.request("GET", "me").status == 200
        assert len(server.asked) == 2


def test_everything_of_one_user_waits_together_and_another_user_does_not() -> None:
    clock = Clock()
    dana, lee = (Access(FixedGrant(who, "t"), back_off=BackOff(clock)) for who in (DANA, LEE))
    with serving((429, {"Retry-After": "60"}, b""), OK) as server:
        failure(lambda: api(server, dana).request("GET", "mail"))
        error = failure(lambda: api(server, dana).request("POST", "send", body={}, writes=True))
        assert (error.unknown, error.retry_after is not None) == (False, True)
        assert api(server, lee).request("GET", "mail").status == 200
        assert [asked[1] for asked in server.asked] == ["/mail", "/mail"]


def test_a_shorter_hint_never_shortens_a_longer_one_and_no_hint_is_believed_for_a_day() -> None:
    clock = Clock()
    back_off = BackOff(clock)
    back_off.pause(300)
    back_off.pause(5)
    assert back_off.remaining() == 300
    back_off.pause(1e9)
    assert back_off.remaining() == MAX_BACK_OFF


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "17"}, 17),
        ({"retry-after": "17"}, 17),
        ({"Retry-After": "Mon, 02 Mar 2026 09:02:00 GMT", "Date": "Mon, 02 Mar 2026 09:00:30 GMT"}, 90),
        ({"Retry-After": "Mon, 02 Mar 2026 09:00:00 GMT", "Date": "Mon, 02 Mar 2026 09:00:30 GMT"}, 0),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_a_hint_is_a_number_of_seconds_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert Response(429, headers, b"").retry_after() == seconds


def test_without_a_hint_a_usual_rest_is_taken() -> None:
    clock = Clock()
    access = Access(FixedGrant(DANA, "t"), back_off=BackOff(clock))
    with serving((429, {}, b"")) as server:
        error = failure(lambda: api(server, access).request("GET", "me"))
    assert error.retry_after is not None
    assert error.retry_after.total_seconds() == DEFAULT_BACK_OFF


def test_spending_keeps_to_the_pace() -> None:
    clock = Clock()
    rate_limit = RateLimit(100, clock, clock.sleep)
    for _ in range(5):
        rate_limit.spend(50)
    assert clock.now - 1000 == pytest.approx(2.0)
    clock.now += 10
    rate_limit.spend(50)
    assert len(clock.slept) == 4


def test_at_most_four_requests_of_a_user_are_under_way_at_once() -> None:
    access = Access(FixedGrant(DANA, "t"))
    with serving(OK) as server:
        server.slow = 0.1
        threads = [threading.Thread(target=lambda: api(server, access).request("GET", "me")) for _ in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(server.asked), server.most) == (10, 4)


def test_nothing_goes_in_the_clear_but_to_this_machine_itself() -> None:
    assert failure(lambda: Api(Access(FixedGrant(DANA, "t")), "http://graph.example/v1.0")).permanent


def test_a_page_on_another_server_is_not_followed() -> None:
    with serving(OK) as server:
        error = failure(lambda: api(server).request("GET", "https://evil.example/next"))
        assert (error.permanent, server.asked) == (True, [])


def test_a_redirect_is_not_followed() -> None:
    with serving((302, {"Location": "https://evil.example/"}, b"")) as server:
        assert failure(lambda: api(server).request("GET", "me")).permanent
        assert len(server.asked) == 1


def test_what_was_spent_is_counted() -> None:
    access = Access(FixedGrant(DANA, "t"))
    with serving(OK) as server:
        api(server, access).request("GET", "me", units=5)
        api(server, access).request("GET", "me", units=2)
    assert (access.usage.requests, access.usage.received, access.usage.units) == (2, 24, 7)


def test_an_answer_that_is_no_json_is_a_value_error() -> None:
    assert Response(200, {}, b"").json() == {}
    with pytest.raises(json.JSONDecodeError):
        Response(200, {}, b"<html>").json()


def test_the_moment_of_a_hint_is_a_date_in_utc() -> None:
    headers = {"Retry-After": "Mon, 02 Mar 2026 09:02:00 GMT", "Date": "Mon, 02 Mar 2026 09:01:00 -0000"}
    assert Response(429, headers, b"").retry_after() == 60

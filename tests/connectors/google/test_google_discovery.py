"""What the checks of the tests' Google catch: one that never fails would check nothing."""

from __future__ import annotations

from typing import Any

import pytest
from servers import google_discovery, processes

SEND = ("POST", "/gmail/v1/users/me/messages/send")
LIST = ("GET", "/gmail/v1/users/me/messages")
EVENTS = ("GET", "/calendar/v3/calendars/primary/events")


@pytest.fixture
def gmail() -> google_discovery.Description:
    try:
        return google_discovery.gmail()
    except processes.Missing as missing:
        pytest.skip(str(missing))


@pytest.mark.parametrize("path", ["/gmail/v1/users/me/mail", "/gmail/v2/users/me/messages", "/gmail/v1/users/me/messages/1/2"])
def test_a_path_that_google_does_not_have_is_no_method(gmail: google_discovery.Description, path: str) -> None:
    assert gmail.method("GET", path) is None


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ({"q": ["x"], "maxResults": ["5"], "labelIds": ["A", "B"], "fields": ["messages/id"]}, []),
        ({"query": ["x"]}, ["gmail.users.messages.list has no parameter query"]),
        ({"q": ["x", "y"]}, ["gmail.users.messages.list: q may be given once"]),
        ({"maxResults": ["many"]}, ["gmail.users.messages.list: maxResults is 'many', no number"]),
        ({"includeSpamTrash": ["True"]}, ["gmail.users.messages.list: includeSpamTrash is 'True', no boolean"]),
    ],
)
def test_a_parameter_that_google_would_not_take_is_told(
    gmail: google_discovery.Description, query: dict[str, list[str]], wrong: list[str]
) -> None:
    method = gmail.method(*LIST)
    assert method is not None
    assert list(gmail.wrong_request(method, query, None)) == wrong


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ({"raw": "eA", "threadId": "t"}, []),
        ({"raw": 5}, ["gmail.users.messages.send.raw is 5, no string"]),
        ({"row": "x"}, ["gmail.users.messages.send has no row"]),
        ([], ["gmail.users.messages.send is no object"]),
    ],
)
def test_a_body_that_google_would_not_take_is_told(gmail: google_discovery.Description, body: Any, wrong: list[str]) -> None:
    method = gmail.method(*SEND)
    assert method is not None
    assert list(gmail.wrong_request(method, {}, body)) == wrong


@pytest.mark.parametrize(
    ("reply", "wrong"),
    [
        ({"items": [{"id": "x", "start": {"date": "2026-03-10"}, "sequence": 1}]}, []),
        ({"items": [{"start": {"day": "x"}}]}, ["the reply to calendar.events.list.items[0].start has no day"]),
        ({"items": [{"sequence": True}]}, ["the reply to calendar.events.list.items[0].sequence is True, no integer"]),
        ({"items": {}}, ["the reply to calendar.events.list.items is no list"]),
    ],
)
@pytest.mark.usefixtures("gmail")
def test_a_reply_that_google_would_not_give_is_told(reply: Any, wrong: list[str]) -> None:
    calendar = google_discovery.calendar()
    method = calendar.method(*EVENTS)
    assert method is not None
    assert list(calendar.wrong_reply(method, reply)) == wrong

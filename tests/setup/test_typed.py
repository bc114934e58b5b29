"""Addresses, servers, times and choices as people type them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from daemon.config.provider_lookup import Location
from daemon.config.working_hours import WorkingHoursSettings, week
from daemon.setup import typed
from daemon.setup.refused import Refused


def days(start: str, end: str, of: str = "mon-fri") -> dict[str, Any]:
    return {"days": of, "start": start, "end": end}


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("9 to 5:30", days("09:00", "17:30")),
        ("9-5", days("09:00", "17:00")),
        ("8.30", days("08:30", "17:30")),
        ("from 8 until 4", days("08:00", "16:00")),
        ("8:30 – 17.00", days("08:30", "17:00")),
        ("8 bis 17 Uhr", days("08:00", "17:00")),
        ("0800-1630", days("08:00", "16:30")),
        ("Mo-Fr 8-17", days("08:00", "17:00")),
        ("Monday to Thursday 9am to 5.30pm", days("09:00", "17:30", "mon-thu")),
        ("9 to 5:30 mon-sat", days("09:00", "17:30", "mon-sat")),
        ("tue, thu 10-14", days("10:00", "14:00", "tue,thu")),
        ("8-12, 1-5", {"hours": {"mon-fri": ["08:00-12:00", "13:00-17:00"]}}),
        ("mon-thu 9-5, fri 9-1", {"hours": {"mon-thu": ["09:00-17:00"], "fri": ["09:00-13:00"]}}),
    ],
)
def test_working_hours_are_read_as_people_write_them(words: str, hours: dict[str, Any]) -> None:
    assert typed.hours(words) == hours


@pytest.mark.parametrize("words", ["9 to 5:30", "8-12, 1-5", "mon-thu 9-5, fri 9-1", "tue, thu 10-14"])
def test_working_hours_in_words_are_read_again_as_the_same(words: str) -> None:
    read = typed.hours(words)
    assert typed.hours(typed.hours_in_words(read)) == read
    assert week(WorkingHoursSettings.model_validate(read))


@pytest.mark.parametrize("words", ["foo", "25-30", "mon-fri", "17-9", "9-5 or so", ""])
def test_what_are_no_working_hours_is_refused_with_what_is_accepted(words: str) -> None:
    with pytest.raises(Refused, match="mon-fri 9:00-17:30"):
        typed.hours(words)


@pytest.mark.parametrize(
    ("words", "clock"), [("8.30", "08:30"), ("7", "07:00"), ("7:30 pm", "19:30"), ("17h", "17:00"), ("0730", "07:30")]
)
def test_a_time_of_day_is_read_as_people_write_it(words: str, clock: str) -> None:
    assert typed.clock(words) == clock


@pytest.mark.parametrize("words", ["25", "half eight", "8.75", ""])
def test_what_is_no_time_of_day_is_refused(words: str) -> None:
    with pytest.raises(Refused, match="write it as 7:30"):
        typed.clock(words)


@pytest.mark.parametrize(
    ("words", "server"),
    [
        ("foo.com", ("foo.com", None)),
        ("Mail.Foo.com:1143", ("mail.foo.com", 1143)),
        ("imaps://mail.foo.com:993/", ("mail.foo.com", 993)),
        ("[::1]:143", ("::1", 143)),
        ("127.0.0.1:99", ("127.0.0.1", 99)),
    ],
)
def test_a_server_may_be_named_with_its_port(words: str, server: tuple[str, int | None]) -> None:
    assert tuple(typed.server(words)) == server


@pytest.mark.parametrize("words", ["a b", "foo.com:port", "foo.com:99999", "", "foo.com:²"])
def test_what_is_no_server_is_refused(words: str) -> None:
    with pytest.raises(Refused, match="name of a server"):
        typed.server(words)


@pytest.mark.parametrize(
    ("words", "kind", "host"),
    [
        ("outlook", "microsoft", None),
        ("Office 365", "microsoft", None),
        ("GMail", "google", None),
        ("gmail.com", "google", None),
        ("icloud", "imap", "imap.mail.me.com"),
        ("web.de", "imap", "imap.web.de"),
        ("exchange", "exchange", None),
        ("foo.com", "imap", "imap.foo.com"),
        ("mail.foo.com:143", "imap", "mail.foo.com:143"),
    ],
)
def test_a_provider_is_known_by_what_people_call_it(words: str, kind: str, host: str | None) -> None:
    chosen = typed.provider(words, lambda _address: Location("imap", "imap.foo.com"))
    assert (chosen.kind, chosen.location and chosen.location.host) == (kind, host)


def test_a_word_that_is_no_provider_is_refused() -> None:
    with pytest.raises(Refused, match="neither a provider"):
        typed.provider("foo", lambda _address: None)


NAMES = ["Acme", "Birch", "Pat Jones"]


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("all", [0, 1, 2]),
        ("none", []),
        ("1-2", [0, 1]),
        ("1, 3", [0, 2]),
        ("1 3", [0, 2]),
        ("all but 2", [0, 2]),
        ("all except birch, pat", [0]),
        ("birch", [1]),
        ("acme and pat", [0, 2]),
    ],
)
def test_some_of_a_list_are_chosen_by_numbers_or_names(words: str, places: list[int]) -> None:
    assert typed.numbers(words, NAMES) == places


@pytest.mark.parametrize("words", ["4", "0-2", "3-1", "x", "a", ""])
def test_what_is_not_in_the_list_is_refused(words: str) -> None:
    with pytest.raises(Refused):
        typed.numbers(words, NAMES)


@pytest.mark.parametrize("words", ["foo.com", "a@b", "a@b@c.d", "", "two words@foo.com"])
def test_what_is_no_email_address_is_refused(words: str) -> None:
    with pytest.raises(Refused, match="write it as"):
        typed.email(words)


def test_an_email_address_may_come_in_brackets() -> None:
    assert typed.email("<Dana@Northwind.example>") == "dana@northwind.example"


def test_a_folder_that_is_no_maildir_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="not a Maildir"):
        typed.maildir(str(tmp_path))
    with pytest.raises(Refused, match="no folder"):
        typed.maildir(str(tmp_path / "missing"))


def test_a_file_without_a_certificate_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("nothing")
    with pytest.raises(Refused, match="There is no certificate in"):
        typed.certificates(str(tmp_path / "x.pem"))
    with pytest.raises(Refused, match="No such file"):
        typed.certificates(str(tmp_path / "missing.pem"))

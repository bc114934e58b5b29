"""Clients that are typed: several in a line become several, names are looked up, and one that cannot be costs none of the others."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.mail import Address, Message
from daemon.setup import dialogue
from daemon.setup.answers import Answers
from daemon.setup.more_clients import ask_more

DANA = "dana@northwind.example"
AT = datetime(2026, 3, 2, tzinfo=UTC)
FROM_ACME = Message("<1@acme.example>", AT, AT, Address("kim@acme.example", "Kim"), to=(Address(DANA),))


def named(monkeypatch: pytest.MonkeyPatch, *lines: str, begun: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    """The (name, identity) of the clients that these lines add to those whose domains there are already."""
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    clients = [{"name": domain, "domains": [domain]} for domain in begun]
    answers = Answers(Path("config.yaml"), {"addresses": [DANA]}, clients=[*clients])
    ask_more(answers, [FROM_ACME], len(begun))
    return [(client["name"], (client.get("domains") or client["addresses"])[0]) for client in answers.clients[len(begun) :]]


def test_two_domains_in_one_line_are_two_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    assert named(monkeypatch, "acme.com, birch.de", "", "Birch GmbH", "") == [("Acme", "acme.com"), ("Birch GmbH", "birch.de")]


def test_a_name_with_a_comma_stays_whole_when_the_user_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "Smith, Jones and Partners Ltd"
    assert named(monkeypatch, name, "1", "sj.example", "") == [(name, "sj.example")]
    assert named(monkeypatch, "Smith and Jones", "2", "s.example", "j.example", "") == [
        ("Smith", "s.example"),
        ("Jones", "j.example"),
    ]


def test_who_is_named_by_name_is_found_in_past_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    assert named(monkeypatch, "Acme Ltd", "", "") == [("Acme Ltd", "acme.example")]


def test_what_is_no_client_costs_none_of_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    assert named(monkeypatch, "gmail.com; northwind.example; birch.de", "", "") == [("Birch", "birch.de")]


def test_a_second_client_pasted_where_a_name_is_asked_for_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert named(monkeypatch, "acme.com", "birch.de", "n", "", "", "") == [("Acme", "acme.com"), ("Birch", "birch.de")]


def test_back_takes_the_latest_client_off_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    assert named(monkeypatch, "acme.com", "", "birch.de", "", "back", "") == [("Acme", "acme.com")]
    with pytest.raises(dialogue.Back):
        named(monkeypatch, "back", begun=("acme.com",))

"""What people type as clients in one line is told apart, and no name is cut that has a comma or an “and” of its own."""

from __future__ import annotations

import pytest

from daemon.setup import several

ACME, BIRCH = ("acme.com", ""), ("birch.de", "")


def read(line: str) -> list[tuple[str, str]] | None:
    """The (identity, name) of each client of a line; None where the user has to be asked."""
    runs = several.runs(line)
    if any(run.several is None for run in runs):
        return None
    return [
        (entry.identity, entry.name)
        for run in runs
        for words in (run.pieces if run.several else (run.whole,))
        for entry in several.entries(words)
    ]


@pytest.mark.parametrize("line", ["acme.com, birch.de", "acme.com and birch.de", "acme.com birch.de", "acme.com; birch.de", "acme.com\nbirch.de", "acme.com & birch.de,", "https://www.acme.com/contact, mailto:birch.de", "acme.com und birch.de"])  # fmt: skip
def test_domains_are_told_apart_whatever_stands_between_them(line: str) -> None:
    assert read(line) == [ACME, BIRCH]


@pytest.mark.parametrize(
    ("line", "clients"),
    [
        ("Acme Ltd <kim@acme.com>, Birch GmbH (birch.de)", [("kim@acme.com", "Acme Ltd"), ("birch.de", "Birch GmbH")]),
        ("acme.com = Acme Ltd; birch.de", [("acme.com", "Acme Ltd"), BIRCH]),
        ("kim@gmail.com (Kim Lane) and birch.de", [("kim@gmail.com", "Kim Lane"), BIRCH]),
        ("Acme, Inc. acme.com", [("acme.com", "Acme, Inc.")]),
        ("o'neill@gmail.com,jo.b@gmx.de", [("o'neill@gmail.com", ""), ("jo.b@gmx.de", "")]),
    ],
)
def test_a_name_beside_a_domain_is_that_clients(line: str, clients: list[tuple[str, str]]) -> None:
    assert read(line) == clients


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Acme Ltd and Birch GmbH", ["Acme Ltd", "Birch GmbH"]),
        ("Acme Ltd, Birch GmbH, and Calder Inc", ["Acme Ltd", "Birch GmbH", "Calder Inc"]),
        ("Smith; Jones", ["Smith", "Jones"]),
        ("Acme, Inc.", ["Acme, Inc."]),
        ("B&Q", ["B&Q"]),
        ("St. Gallen Bank", ["St. Gallen Bank"]),
    ],
)
def test_names_are_cut_only_where_nothing_else_can_be_meant(line: str, names: list[str]) -> None:
    assert read(line) == [("", name) for name in names]


@pytest.mark.parametrize(
    "line",
    [
        "Smith, Jones and Partners Ltd",
        "Calder & Sons",
        "Müller und Söhne",
        "Acme, Birch",
        "Sears, Roebuck and Co. sears.com",
        "acme.com, Smith and Jones",
    ],
)
def test_where_a_name_may_be_one_or_several_the_user_is_asked(line: str) -> None:
    assert read(line) is None

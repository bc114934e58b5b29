"""Names as people write themselves, whatever a program or a directory made of them."""

from __future__ import annotations

import pytest

from connectors.formats.display_names import display_name
from connectors.mail import Address


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("Kim Lee", "Kim Lee"),
        ("'Kim Lee'", "Kim Lee"),
        ('"Kim Lee"', "Kim Lee"),
        ("“Kim Lee”", "Kim Lee"),
        ("Lee, Kim", "Kim Lee"),
        ("Lee, Kim J.", "Kim J. Lee"),
        ("van der Berg, Kim", "Kim van der Berg"),
        ("'Lee, Kim' via Sales", "Kim Lee"),
        ("Kim Lee via Sales", "Kim Lee"),
        ("Kim Lee über Vertrieb", "Kim Lee"),
        ("Kim Lee (Ardent Ltd)", "Kim Lee"),
        ("Kim Lee [EXT]", "Kim Lee"),
        ("Lee, Kim (Purchasing)", "Kim Lee"),
        ("Kim Lee | Ardent", "Kim Lee"),
        ("Kim Lee - Ardent Ltd", "Kim Lee"),
        ("Dr. Kim Lee", "Kim Lee"),
        ("Prof. Dr. Kim Lee", "Kim Lee"),
        ("Frau Lee", "Frau Lee"),
        ("Mr. Lee", "Mr. Lee"),
        ("Kim Lee, PhD", "Kim Lee"),
        ("Kim Lee, MBA, CPA", "Kim Lee"),
        ("KIM LEE", "Kim Lee"),
        ("LEE, KIM", "Kim Lee"),
        ("Kim Lee, Ardent", "Kim Lee"),
        ("Kim Lee, Purchasing", "Kim Lee"),
        ("García López, Kim", "Kim García López"),
        ("KIM O'NEIL-LEE", "Kim O'Neil-Lee"),
        ("Kim LEE", "Kim LEE"),
        ("Kim DUPONT", "Kim Dupont"),
        ("DUPONT Kim", "Kim Dupont"),
        ("kim lee", "Kim Lee"),
        ("Kim", "Kim"),
        ("kim", "kim"),
        ("Ardent, Inc.", "Ardent, Inc."),
        ("IBM", "IBM"),
        ("Zoë Müller-Lüdenscheidt", "Zoë Müller-Lüdenscheidt"),
        ("김 리", "김 리"),
        ("Jean-Luc", "Jean-Luc"),
    ],
)
def test_a_name_is_what_one_would_say(name: str, called: str) -> None:
    assert display_name(Address("kim.l@ardent.example", name)) == called


@pytest.mark.parametrize(
    "name",
    ["", " ", "kim.l", "kim.l@ardent.example", "<kim.l@ardent.example>", "'kim.l@ardent.example'", "=?utf-8?Q?K=", "�im", "+44 20 7946 0018", "12345", "--", "\x00\x1b"],
)  # fmt: skip
def test_an_address_or_junk_is_no_name(name: str) -> None:
    assert display_name(Address("kim.l@ardent.example", name)) == ""


def test_a_hostile_name_is_cut_and_cleaned_in_linear_time() -> None:
    for filler in ("(" * 60_000, "a, " * 30_000, "via " * 30_000, "Dr. " * 30_000, "- " * 50_000, "A" * 60_000):
        name = display_name(Address("kim@ardent.example", filler))
        assert len(name) <= 80
        assert name.isprintable()

"""What people are called, by the names that they display."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mail import Address
from daemon.glossary.display_names import display_name


@pytest.mark.parametrize(
    ("displayed", "called"),
    [
        ("Kim Lee", "Kim Lee"),
        ('"Kim Lee"', "Kim Lee"),
        ("‘Kim Lee’", "Kim Lee"),
        ("Kim\u200b  Lee\u202e", "Kim Lee"),
        ("Mu\u0308ller Bau", "Müller Bau"),
        ("李 雷", "李 雷"),
        ("Ana María Pérez", "Ana María Pérez"),
    ],
)
def test_a_name_is_shown_as_it_is_without_what_stands_around_it(displayed: str, called: str) -> None:
    assert display_name(Address("x@acme.example", displayed)) == called


@pytest.mark.parametrize(
    ("displayed", "called"),
    [
        ("Lee, Kim", "Kim Lee"),
        ("Okafor; Tom", "Tom Okafor"),
        ("van der Berg, Jan", "Jan van der Berg"),
        ("LEE Kim", "Kim Lee"),
        ("LINDQVIST Elsa Maria", "Elsa Maria Lindqvist"),
        ("O'NEIL, SEAN", "Sean O'Neil"),
        ("John Smith, PhD", "John Smith"),
        ("Smith, John, MBA", "John Smith"),
        ("JP Morgan", "JP Morgan"),
        ("Jan van der Berg", "Jan van der Berg"),
    ],
)
def test_the_family_name_comes_last(displayed: str, called: str) -> None:
    assert display_name(Address("x@acme.example", displayed)) == called


@pytest.mark.parametrize(
    "displayed",
    [
        "'Kim Lee' via Sales",
        "Kim Lee (via Google Docs)",
        "Kim Lee über Vertrieb",
        "Kim Lee (External)",
        "Lee, Kim (UK London)",
        "[EXTERNAL] Kim Lee",
        "Kim Lee | Acme",
        "Kim Lee - Acme Ltd",
        "Kim Lee @ Acme",
        "Kim Lee from Acme",
    ],
)
def test_what_a_group_or_a_company_adds_is_no_part_of_a_name(displayed: str) -> None:
    assert display_name(Address("x@acme.example", displayed)) == "Kim Lee"


@pytest.mark.parametrize(
    ("displayed", "called"),
    [
        ("Mr. Tom Okafor", "Tom Okafor"),
        ("Dr. Karl-Heinz Müller", "Karl-Heinz Müller"),
        ("Müller, Dr. Karl-Heinz", "Karl-Heinz Müller"),
        ("Prof. Dr.-Ing. Eva Braun", "Eva Braun"),
        ("Mme Claire Dubois", "Claire Dubois"),
        ("Herr Weiß", "Herr Weiß"),
        ("M. Dupont", "M. Dupont"),
        ("Frank Meier", "Frank Meier"),
        ("Ingrid Holm", "Ingrid Holm"),
    ],
)
def test_a_title_goes_unless_a_single_name_is_left(displayed: str, called: str) -> None:
    assert display_name(Address("x@acme.example", displayed)) == called


@pytest.mark.parametrize(
    ("displayed", "called"),
    [
        ("KIM LEE", "Kim Lee"),
        ("kim lee", "Kim Lee"),
        ("Marie DUPONT", "Marie Dupont"),
        ("ANNE-MARIE O'BRIEN", "Anne-Marie O'Brien"),
        ("JAN VAN DER BERG", "Jan van der Berg"),
        ("IBM", "IBM"),
        ("ACME GMBH", "ACME GMBH"),
        ("Ian MacDonald", "Ian MacDonald"),
    ],
)
def test_a_name_in_one_case_is_written_as_names_are(displayed: str, called: str) -> None:
    assert display_name(Address("x@acme.example", displayed)) == called


@pytest.mark.parametrize(
    ("email", "displayed"),
    [
        ("kim@acme.example", ""),
        ("kim@acme.example", "kim@acme.example"),
        ("kim@acme.example", "<kim@acme.example>"),
        ("jsmith@acme.example", "jsmith"),
        ("info@acme.example", "Info"),
        ("info@acme.example", "acme"),
        ("kim@acme.example", "=?utf-8?q?no charset"),
        ("kim@acme.example", "+44 7700 900714"),
        ("kim@acme.example", "00d5f1a2"),
        ("kim@acme.example", "'' ()"),
        ("kim@acme.example", "https://acme.example"),
    ],
)
def test_what_is_no_name_is_none(email: str, displayed: str) -> None:
    assert display_name(Address(email, displayed)) == ""


def test_a_first_name_that_is_the_address_as_well_is_a_name() -> None:
    assert display_name(Address("tom@acme.example", "Tom")) == "Tom"


@given(st.text(max_size=400))
def test_no_name_breaks_it(displayed: str) -> None:
    assert len(display_name(Address("kim@acme.example", displayed))) <= 80

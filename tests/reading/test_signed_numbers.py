"""The number at which a writer says to be reached: in the signature or in words, and nothing else that has digits."""

from __future__ import annotations

import pytest

from daemon.reading.phone_numbers import signed_number


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("Regards\nKim\nTel. +44 20 7946 0018", "DE", "+442079460018"),
        ("Kim Lane | T +44 (0)20 7946 0018 | F +44 20 7946 0019", "GB", "+442079460018"),
        ("Fax: +44 20 7946 0019\nPhone: +44 20 7946 0018", "GB", "+442079460018"),
        ("Viele Grüße\nUrs\nMobil: 0151 23456789", "DE", "+4915123456789"),
        ("Telefax +49 89 99998123\nTelefon +49 89 99998124", "DE", "+498999998124"),
        ("Please call me on 020 7946 0455.\n\nOlivia", "GB", "+442079460455"),
        ("Kim\n020 7946 0018", "GB", "+442079460018"),
    ],
)
def test_it_is_read_as_people_write_it(text: str, region: str, number: str) -> None:
    assert signed_number(text, region) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Kim\nFax: 020 7946 0018",
        "our order 020 7946 0018 came on 02.03.2026",
        "Registered in England No. 07946001\nVAT GB 123 4567 89",
        "IBAN DE02 1203 0000 0000 2020 51",
        "https://acme.example/02079460018",
        "call me at 14:30, room 20794",
    ],
)
def test_what_is_no_telephones_number_is_none(text: str) -> None:
    assert signed_number(text, "GB") is None

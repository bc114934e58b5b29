"""Where somebody works, as people type it."""

from __future__ import annotations

import pytest

from daemon.setup import places
from daemon.setup.refused import Refused


@pytest.mark.parametrize(
    ("typed", "zone"),
    [
        ("London", "Europe/London"),
        ("UK", "Europe/London"),
        ("U.K.", "Europe/London"),
        ("england", "Europe/London"),
        ("germany", "Europe/Berlin"),
        ("Deutschland", "Europe/Berlin"),
        ("Bayern", "Europe/Berlin"),
        ("zürich", "Europe/Zurich"),
        ("Zurich", "Europe/Zurich"),
        ("Österreich", "Europe/Vienna"),
        ("new york", "America/New_York"),
        ("New_York", "America/New_York"),
        ("europe/paris", "Europe/Paris"),
        ("Hong Kong", "Asia/Hong_Kong"),
        ("ie", "Europe/Dublin"),
        ("Spain", "Europe/Madrid"),
        ("utc", "UTC"),
    ],
)
def test_a_city_a_country_or_a_zone_is_a_time_zone(typed: str, zone: str) -> None:
    assert places.zone(typed) == zone


@pytest.mark.parametrize(
    ("typed", "suggestion"),
    [
        ("Europe/Lonndon", "Europe/London"),
        ("Berln", "Europe/Berlin"),
        ("Germny", "Europe/Berlin"),
        ("GMT", "Europe/London"),
        ("EST", "America/New_York"),
        ("asdfgh", ""),
    ],
)
def test_what_is_no_time_zone_is_refused_with_what_was_probably_meant(typed: str, suggestion: str) -> None:
    with pytest.raises(Refused) as refused:
        places.zone(typed)
    assert refused.value.suggestion == suggestion


def test_a_country_with_several_time_zones_asks_for_a_city() -> None:
    with pytest.raises(Refused, match=r"several time zones in the United States: .*New York, Chicago, Denver"):
        places.zone("USA")


@pytest.mark.parametrize(
    ("typed", "holidays"),
    [
        ("UK", "GB-ENG"),
        ("Scotland", "GB-SCT"),
        ("germany", "DE"),
        ("Bavaria", "DE-BY"),
        ("de-by", "DE-BY"),
        ("Zürich", "CH-ZH"),
        ("USA", "US"),
        ("London", "GB-ENG"),
        ("none", []),
    ],
)
def test_a_country_or_region_has_its_public_holidays(typed: str, holidays: object) -> None:
    assert places.holidays(typed) == holidays


def test_a_misspelt_country_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused) as refused:
        places.holidays("Germny")
    assert refused.value.suggestion == "Germany"


def test_every_suggestion_of_a_country_can_be_typed() -> None:
    codes = {places.home_of(zone) for zone in ("Europe/London", "Europe/Berlin", "America/New_York", "Asia/Tokyo")}
    assert {places.holidays(code) for code in codes} == codes


def test_a_country_and_a_region_have_names_for_people() -> None:
    assert [places.named(code) for code in ("DE-BY", "GB-ENG", "US")] == [
        "Bayern, Germany",
        "England, United Kingdom",
        "the United States",
    ]


def test_a_zone_without_a_place_is_taken_by_its_own_name() -> None:
    assert places.zone("Etc/UTC") == "Etc/UTC"

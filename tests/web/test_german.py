"""The texts of the dashboard in German: each has a translation that fits, and the browser's language chooses."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from web_pages import Visitor
from web_texts import extracted, texts, translated

from daemon.operations.client_rows import client_id
from daemon.web.texts import texts_in

pytest_plugins = ("web_fixtures",)

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 4, 8, 30, tzinfo=UTC)
_PLACES = re.compile(r"%\(\w+\)[ds]|%s|%%")


def test_every_text_has_a_translation_and_none_is_left_over() -> None:
    present, german = set(texts(extracted())), set(texts(translated("de")))
    assert sorted(present - german) == []
    assert sorted(german - present) == []


def test_a_translation_has_the_places_of_its_text() -> None:
    for message in translated("de"):
        if message.id:
            originals = [message.id] if isinstance(message.id, str) else list(message.id)
            strings = [message.string] if isinstance(message.string, str) else list(message.string or ())
            assert len(strings) == len(originals), message.id
            assert all(strings), message.id
            assert {tuple(sorted(_PLACES.findall(s))) for s in strings} == {tuple(sorted(_PLACES.findall(o))) for o in originals}


def test_a_plural_has_its_forms() -> None:
    german = texts_in("de")
    forms = [german.ngettext("%(num)d client", "%(num)d clients", n) % {"num": n} for n in (0, 1, 2)]
    assert forms == ["0 Kunden", "1 Kunde", "2 Kunden"]


@pytest.mark.parametrize(
    ("asked", "language", "heading"),
    [
        ("de-DE,de;q=0.9,en;q=0.5", "de", "Zustand"),
        ("de-AT", "de", "Zustand"),
        ("en-GB,de;q=0.1", "en", "Health"),
        ("fr", "en", "Health"),
        ("", "en", "Health"),
    ],
)
def test_the_browser_chooses_the_language(dana: Visitor, asked: str, language: str, heading: str) -> None:
    text = dana.get("/health", Accept_Language=asked).text
    assert f'<html lang="{language}">' in text
    assert f"<h1>{heading}</h1>" in text


@pytest.mark.parametrize(
    ("day", "english", "german"),
    [
        (4, "today 10:05", "heute 10:05"),
        (5, "tomorrow 10:05", "morgen 10:05"),
        (3, "yesterday 10:05", "gestern 10:05"),
        (9, "Mon 9 Mar 10:05", "Mo., 9. März 10:05"),
    ],
)
def test_moments_are_said_as_people_say_them(day: int, english: str, german: str) -> None:
    at = datetime(2026, 3, day, 10, 5, tzinfo=BERLIN)
    assert texts_in("en").moment(at, BERLIN, NOW) == english
    assert texts_in("de").moment(at, BERLIN, NOW) == german


def test_a_date_of_another_year_has_its_year() -> None:
    at = datetime(2025, 12, 24, 10, tzinfo=BERLIN)
    assert "2025" in texts_in("de").day(at, BERLIN, NOW)
    assert texts_in("de").long_date(at, BERLIN) == "Mittwoch, 24. Dezember 2025"
    assert texts_in("en").long_date(at, BERLIN) == "Wednesday, 24 December 2025"


def test_a_number_has_the_comma_of_its_language() -> None:
    assert (texts_in("en").decimal(5), texts_in("de").decimal(5)) == ("5.0", "5,0")


def test_the_last_day_of_a_period_is_no_addressee(dana: Visitor) -> None:
    assert '<label for="to">Bis</label>' in dana.get("/replay", Accept_Language="de").text


def test_what_cannot_be_done_is_said_in_german(dana: Visitor) -> None:
    acme = f"/clients/{client_id('Acme Ltd')}/charter"
    form = {"reply": "bald", "from": "2026-03-05", "do": "preview"}
    page = dana.post(acme, seen=acme, headers={"Accept-Language": "de"}, **form)
    assert "„bald“ ist keine Zeit" in page.text
    form = {"from": "2026-02-01", "to": "2026-02-10", "digest_at": "07:30", "interruptions": "5", "reply": "bald"}
    page = dana.post("/replay", seen="/replay", headers={"Accept-Language": "de"}, **form)
    assert "„bald“ ist keine Zeit" in page.text
    page = dana.post("/corrections/abcdef", seen="/corrections", headers={"Accept-Language": "de"}, verb="undo")
    assert "Es gibt nichts rückgängig zu machen" in page.text

"""The client report in German: whole, in German forms, and with every text in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import invented
import pytest
from invented import NOW, OFFICE, owed

from connectors.mail import Address
from daemon.analysis.service_summary import ServiceSummary, summarize
from daemon.glossary.assessments import Assessment
from daemon.glossary.obligations import Kind
from daemon.letters.client_report import page
from daemon.letters.client_report.words import ENGLISH, GERMAN

CLIENT = OFFICE.clients[0]
ENGLISH_WORDS = re.compile(
    r"\b(?:the|and|of|within|late|done|due|were|your|we|working|not|asked|open|nothing|more)\b", re.IGNORECASE
)


def summary() -> ServiceSummary:
    quick = [
        owed(CLIENT.name, "kim", f"Frage {d}", f"02-{d} 09:00", f"02-{d} 11:00", asks=(f"Frage {d}",)) for d in range(10, 17)
    ]
    answered = [replace(o, closed=o.created + timedelta(hours=n)) for n, o in enumerate(quick, 1)]
    late = owed(CLIENT.name, "kim", "Das Angebot kommt am Montag", "02-20 09:00", "03-02 17:30", Kind.PROMISE)
    waits = replace(
        owed(CLIENT.name, "kim", "Wo bleibt es?", "03-02 09:00", "03-02 11:00", asks=("Wo bleibt es?",)),
        lapses=NOW + timedelta(9),
    )
    assessment = Assessment(
        invented.DANA.address, CLIENT.name, NOW, (*answered, replace(late, lapses=NOW + timedelta(9)), waits), ()
    )
    return summarize(invented.DANA, CLIENT, assessment, NOW, NOW - timedelta(days=40))


def test_a_german_report_has_no_english_word() -> None:
    letter, pictures = page.report(invented.DANA, summary(), GERMAN)
    shown = letter.text.replace(CLIENT.name, "") + "".join(p.alt for p in pictures)
    assert ENGLISH_WORDS.findall(shown) == []
    assert '<html lang="de">' in letter.html


def test_both_languages_give_the_same_figures() -> None:
    texts = [page.report(invented.DANA, summary(), words)[0].text for words in (ENGLISH, GERMAN)]
    found = [re.findall(r"(\d+) (?:of|von) (\d+)", text) for text in texts]
    assert found[0] == found[1]
    assert found[0]


def test_the_mail_that_brings_it_is_german_too() -> None:
    subject, text = page.accompanying_mail(invented.DANA, summary(), Address("a.vogt@acme.example", "Anja Vogt"), GERMAN)
    assert subject.startswith("Unser Service für Sie seit dem ")
    assert text.startswith("Guten Tag Anja Vogt,\n\nim Anhang ")
    assert ENGLISH_WORDS.findall(text) == []


@pytest.mark.parametrize(("english", "german"), list(GERMAN.texts.items()))
def test_a_text_has_the_same_fields_in_both_languages(english: str, german: str) -> None:
    assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", german))


@pytest.mark.parametrize(
    ("span", "within", "german"),
    [
        ("1 working day", True, "einem Arbeitstag"),
        ("3 working days", True, "3 Arbeitstagen"),
        ("3 working days", False, "3 Arbeitstage"),
        ("1 working hour", True, "einer Arbeitsstunde"),
        ("1 working hour", False, "1 Arbeitsstunde"),
        ("25 min", True, "25 min"),
    ],
)
def test_a_length_of_time_has_its_german_form(span: str, within: bool, german: str) -> None:
    assert GERMAN.length(span, within=within) == german


def test_a_date_is_written_out_in_german() -> None:
    at = datetime.fromisoformat("2026-03-02T17:30:00+00:00")
    assert GERMAN.long_date(at, ZoneInfo("UTC")) == "2. März 2026"
    assert (GERMAN.every("every 3 months"), GERMAN.every("every month")) == ("alle 3 Monate", "jeden Monat")

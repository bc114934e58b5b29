"""How a client was served in a period: what they still wait for counts, whatever the user hides and whenever it began."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import invented
import pytest
from invented import NOW, OFFICE, owed

from daemon.analysis.service_summary import ServiceSummary, summarize
from daemon.glossary.assessments import Assessment
from daemon.glossary.obligations import Kind, Obligation
from daemon.letters.client_report import page as report

CLIENT = OFFICE.clients[0]


def kept(day: int) -> Obligation:
    o = owed(CLIENT.name, "kim", f"question {day}", f"02-{day} 09:00", f"02-{day} 11:00", asks=(f"question {day}",))
    return replace(o, closed=o.created + timedelta(hours=1))


def waiting(created: str, due: str, **more: object) -> Obligation:
    o = owed(CLIENT.name, "kim", "Where is the quote?", created, due, confidence=0.95)
    return replace(o, lapses=NOW + timedelta(days=3), **more)  # type: ignore[arg-type]


def summary(*obligations: Obligation) -> ServiceSummary:
    assessment = Assessment(invented.DANA.address, CLIENT.name, NOW, obligations, ())
    return summarize(invented.DANA, CLIENT, assessment, NOW, NOW - timedelta(days=30))


def test_what_the_user_hides_for_a_time_is_late_for_the_client_all_the_same() -> None:
    found = summary(kept(20), waiting("03-02 09:00", "03-02 11:00", snoozed_until=NOW + timedelta(days=1)))
    assert (found.met.met, found.met.of, len(found.overdue)) == (1, 2, 1)


def test_what_has_been_late_since_before_the_period_is_named() -> None:
    found = summary(kept(20), waiting("01-20 09:00", "03-02 11:00"))
    assert (found.met.met, found.met.of, len(found.overdue)) == (1, 2, 1)


def test_what_was_settled_before_the_period_is_not_counted() -> None:
    assert summary(kept(20), replace(kept(10), created=NOW - timedelta(days=40))).met.of == 1


def test_the_mail_says_what_the_report_names() -> None:
    late = [replace(o, closed=o.created + timedelta(hours=5)) for o in (kept(day) for day in range(10, 25))]
    _, text = report.accompanying_mail(invented.DANA, summary(*late), None)
    assert "15 things went wrong; the report names the latest of them." in text
    _, text = report.accompanying_mail(invented.DANA, summary(*late[:2]), None)
    assert "2 things went wrong; the report names each of them." in text


def test_a_standard_of_which_nothing_fell_due_says_so() -> None:
    letter, _ = report.report(
        invented.DANA, summary(owed(CLIENT.name, "kim", "I'll send it", "03-03 10:00", "03-05 10:00", Kind.PROMISE))
    )
    text = " ".join(letter.text.split())
    assert "Your emails are answered within 2 working hours: nothing has been due" in text
    assert "We do what we promise, on time: the first is not due yet" in text


@pytest.mark.parametrize(("days_ago", "counted"), [(2, 2), (30, 1)])
def test_a_report_begins_at_a_review_only_if_that_is_weeks_ago(days_ago: int, counted: int) -> None:
    review = owed(CLIENT.name, "kim", None, "01-05 09:00", "02-27 17:00", Kind.REVIEW, summary="Review")
    held = replace(review, closed=NOW - timedelta(days=days_ago))
    long_ago = replace(kept(10), created=NOW - timedelta(days=45))
    assessment = Assessment(invented.DANA.address, CLIENT.name, NOW, (held, kept(20), long_ago), ())
    found = summarize(invented.DANA, CLIENT, assessment, NOW)
    assert sum(result.met.of for result in found.results if result.kind is Kind.REPLY) == counted

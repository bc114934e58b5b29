"""Why something is due when it is, in a sentence: by the standard that was agreed, or by somebody's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from daemon.core import hours
from daemon.glossary.charter import Allowance, Charter, Interval, Unit, WorkingHours
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType
from daemon.glossary.parties import Account, Client
from daemon.operations.due_reasons import due_reason

DANA, SINCE = "dana@northwind.example", "3 Feb"
BEGAN, CREATED = datetime(2026, 2, 3, tzinfo=UTC), datetime(2026, 3, 2, 10, tzinfo=UTC)
FOUR_HOURS, MONTH = Allowance(240, Unit.BUSINESS_MINUTES), Allowance(1, Unit.MONTHS)
DAY = (Interval(time(9), time(17)),)
ACCOUNT = Account(DANA, "Dana Reyes", frozenset({DANA}), WorkingHours("UTC", (*[DAY] * 5, (), ())))
CLIENT = Client("Acme Ltd", charter=Charter({"reply": FOUR_HOURS, "contact": MONTH}))
DATED = replace(CLIENT, amendments=(Charter({"reply": FOUR_HOURS, "contact": MONTH}, start=BEGAN),))
AGREED = hours.add(ACCOUNT.hours, CREATED, FOUR_HOURS)
LATER = AGREED + timedelta(days=2)


def owed(kind: Kind, due: datetime | None, quote: str | None = "Can you answer by Wednesday?") -> Obligation:
    source = Evidence(SourceType.MESSAGE, "<1@acme.example>", CREATED, quote)
    return Obligation("k", kind, DANA, "Acme Ltd", "kim@acme.example", "Reply to Kim", quote, source, CREATED, due)


def said(o: Obligation, client: Client | None = DATED, *, ours: bool = False) -> str:
    reason = due_reason(o, ACCOUNT, client, ours=ours)
    return reason.text(SINCE) if reason else ""


def test_an_answer_is_due_by_what_was_agreed_and_since_when() -> None:
    assert said(owed(Kind.REPLY, AGREED)) == "Due by what is agreed: reply 4 working hours (charter since 3 Feb)."


def test_a_standard_without_a_dated_charter_names_no_day() -> None:
    assert (
        said(owed(Kind.REPLY, AGREED), CLIENT) == "Due by what is agreed: reply 4 working hours (the standard for this client)."
    )


def test_an_answer_at_another_time_is_due_by_their_words() -> None:
    assert said(owed(Kind.REPLY, LATER)) == "Due by their words: “Can you answer by Wednesday?”"


def test_a_promise_is_due_by_the_words_of_whoever_made_it() -> None:
    assert said(owed(Kind.PROMISE, LATER), ours=True).startswith("Due by your words:")
    assert said(owed(Kind.WAITING_FOR, LATER)).startswith("Due by their words:")
    assert said(owed(Kind.CALLBACK, LATER), ours=True).startswith("Due by your words:")


def test_a_rhythm_is_due_by_its_standard_whatever_the_moment() -> None:
    assert "contact" in said(owed(Kind.TOUCH_BASE, LATER, quote=None))


def test_where_nothing_tells_nothing_is_said() -> None:
    assert said(owed(Kind.REPLY, None)) == ""
    assert said(owed(Kind.REPLY, LATER, quote=None)) == ""
    assert said(owed(Kind.REPLY, AGREED), None) == ""

"""Stories of charters in versions and of recurring standards: deliverables, meetings, contact, feedback, escalation."""

from __future__ import annotations

import pytest
from story import Story, tell

from daemon.core.model import RecoveryStage


@pytest.mark.parametrize(("at", "due"), [("Mon 09:00", "11:00"), ("+7d Mon 09:00", "13:00")])
def test_what_was_asked_is_judged_by_the_charter_of_its_time(at: str, due: str) -> None:
    story = tell(
        f"""
        charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
        charter   acme from 2026-03-09: reply 4h
        {at} kim@acme > Can you send the quote?
        +7d Fri 09:00 now
        """
    )
    assert f"{story.only.due:%H:%M}" == due


def test_an_invoice_by_the_fifth_is_met_by_the_mail_with_its_attachment(story: Story) -> None:
    """
    charter     acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 5 by 12:00 attachment invoice*
    start 2026-03-02
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Thu 09:00 dana > Here is the invoice. [to kim@acme] [attach: Invoice-0301.pdf]
    +7d Mon 09:00 now
    """
    assert [s for s in story.states if s.startswith("deliverable")] == ["deliverable kept"]


def test_an_invoice_that_comes_after_the_fifth_is_late(story: Story) -> None:
    """
    charter     acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    deliverable acme: Invoice every month on 5 by 12:00 attachment invoice*
    Mon 10:00 dana > Hello Kim, good to meet you. [to kim@acme]
    Fri 09:00 dana > Here is the invoice. [to kim@acme] [attach: Invoice-0301.pdf]
    +7d Mon 09:00 now
    """
    assert story.infractions == ["deliverable late"]


def test_a_daily_report_is_not_owed_on_a_holiday(story: Story) -> None:
    """
    charter     acme: reply 1 day, mon-fri 09:00-17:00 Europe/London
    deliverable acme: Daily report every day by 16:00 subject daily report
    holidays    2026-03-03
    Mon 10:00 dana > All went well. [to kim@acme] [new thread: Daily report]
    Wed 15:00 dana > All went well again. [to kim@acme] [new thread: Daily report 2]
    Wed 17:00 now
    """
    assert [s for s in story.states if s.startswith("deliverable")] == ["deliverable kept", "deliverable kept"]


def test_three_infractions_bring_a_recovery_meeting(story: Story) -> None:
    """
    charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
    recovery  acme: infractions 3, within 3 months, trust 2
    Mon 09:00 kim@acme > Can you send the quote?
    Mon 14:00 dana > Here it is. [attach: quote.pdf]
    Tue 09:00 kim@acme > Which colour is it? [new thread: Colour]
    Tue 14:00 dana > It is blue.
    Wed 09:00 kim@acme > When will the van come? [new thread: Van]
    Wed 14:00 dana > It comes on 12 March at noon.
    Thu 09:00 now
    """
    assert story.recovery is not None
    assert (story.recovery.stage, len(story.recovery.because)) == (RecoveryStage.PROPOSED, 3)
    assert "meeting open" in story.states

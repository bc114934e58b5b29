"""What calendars and calendar messages come to in a turn: on a real Maildir, a real calendar folder and a real database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import invented
import pytest
from office import DANA, KIM, Office, only
from week import at

from connectors.calendar import Attendee, Busy, Event
from daemon.accounts.letters import make_renderer
from daemon.accounts.planning import slot_finder
from daemon.core.evidence import is_booked
from daemon.cycle import turn
from daemon.glossary.assessments import Coverage
from daemon.glossary.obligations import Kind


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def calendar_mail(office: Office, moment: datetime, sender: str, method: str, *lines: str, uid: str = "visit") -> None:
    """Lay a mail with a calendar message in it into INBOX."""
    event = "\r\n".join(("BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{moment:%Y%m%dT%H%M%SZ}", *lines, "END:VEVENT"))
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nMETHOD:{method}\r\n{event}\r\nEND:VCALENDAR\r\n"
    head = f"From: {sender}\r\nTo: {DANA}\r\nDate: {format_datetime(moment)}\r\nSubject: Site visit\r\nMessage-ID: <{method}.{moment:%d%H}@acme.example>\r\n"
    body = f"--b\r\nContent-Type: text/plain\r\n\r\nSite visit\r\n--b\r\nContent-Type: text/calendar; method={method}\r\n\r\n{text}\r\n--b--\r\n"
    mail = f"{head}MIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n{body}"
    (office.folder / "Maildir" / "cur" / f"{method}.{moment:%d%H}:2,S").write_bytes(mail.encode())


def visit(office: Office, now: datetime) -> Event:
    """The visit as a letter of that moment would show it."""
    with office.app() as app:
        app.begin(now)
        runtime = only(app)
        turn(runtime, now)
        (event,) = make_renderer(runtime, runtime.ledger.assessments(now), now).events
        return event


def test_a_clients_answer_by_mail_stands_in_the_calendar_that_letters_show(office: Office) -> None:
    office.event("visit", at(3, 10), "Site visit")
    assert [a.answer for a in visit(office, at(0, 9)).attendees] == ["needs-action"]
    calendar_mail(office, at(0, 10), KIM, "REPLY", f"ORGANIZER:mailto:{DANA}", f"ATTENDEE;PARTSTAT=DECLINED:mailto:{KIM}")
    assert [a.answer for a in visit(office, at(0, 11)).attendees] == ["declined"]


def test_a_strangers_answer_changes_nothing(office: Office) -> None:
    office.event("visit", at(3, 10), "Site visit")
    calendar_mail(office, at(0, 10), "x@evil.example", "REPLY", f"ATTENDEE;PARTSTAT=DECLINED:mailto:{KIM}")
    calendar_mail(office, at(0, 11), "lee@acme.example", "CANCEL", f"ORGANIZER:mailto:{DANA}", "SEQUENCE:9")
    event = visit(office, at(0, 12))
    assert ([a.answer for a in event.attendees], event.status) == (["needs-action"], "confirmed")


def test_a_meeting_that_its_organizer_moves_by_mail_is_shown_at_its_new_time(office: Office) -> None:
    office.event("visit", at(3, 10), "Site visit")
    file = office.folder / "calendar" / "visit.ics"
    file.write_text(
        file.read_text()
        .replace(f"mailto:{DANA}", "mailto:x")
        .replace(f"mailto:{KIM}", f"mailto:{DANA}")
        .replace("mailto:x", f"mailto:{KIM}")
    )
    calendar_mail(office, at(0, 10), KIM, "REQUEST", f"ORGANIZER:mailto:{KIM}", f"ATTENDEE:mailto:{DANA}", "SEQUENCE:1",
                  "DTSTART:20260306T140000Z", "DTEND:20260306T150000Z", "SUMMARY:Site visit")  # fmt: skip
    assert (visit(office, at(0, 11)).start, visit(office, at(0, 11)).end) == (at(4, 14), at(4, 15))


def slots(*events: Event, warnings: tuple[str, ...] = (), error: str | None = None) -> tuple[Busy, ...] | None:
    """Three hours that are found on Tuesday morning, between nine and twelve."""
    read = Coverage(DANA, "calendar", at(0, 7), warnings=warnings, error=error, is_calendar=True)
    find = slot_finder(invented.DANA, (read,), events)
    return find(invented.OFFICE.clients[0], at(1, 9), at(1, 12), timedelta(hours=1), 3)


def test_an_event_that_could_not_be_read_takes_its_time_and_no_more() -> None:
    broken = Event("unreadable-1", at(1, 9), at(1, 11), private=True)
    assert slots(broken, warnings=("fair.ics: its RRULE is not valid",)) == (Busy(at(1, 11), at(1, 12)),)
    assert slots(error="the server did not answer") is None


def test_a_meeting_that_the_user_declined_takes_no_time() -> None:
    meeting = Event("fair", at(1, 9), at(1, 11), attendees=(Attendee(DANA, answer="declined"), Attendee(KIM, answer="accepted")))
    assert len(slots(meeting) or ()) == 3


def test_a_calendar_that_is_suddenly_empty_is_an_error_and_offers_no_time(office: Office) -> None:
    for number in range(6):
        office.event(f"e{number}", at(3, 10 + number), "Site visit")
    visits = list((office.folder / "calendar").glob("*.ics"))
    office.live(at(0, 9))
    for file in visits:
        file.unlink()
    with office.app() as app:
        app.begin(at(0, 10))
        runtime = only(app)
        turn(runtime, at(0, 10))
        (read,) = [c for c in runtime.store.coverage(DANA) if c.is_calendar]
        assert "suddenly empty" in (read.error or "")


@pytest.mark.parametrize(("sender", "declined"), [(KIM, True), ("mallory@acme.example", False)])
def test_a_review_that_the_client_declines_by_mail_does_not_count_as_booked(office: Office, sender: str, declined: bool) -> None:
    """METHOD:REPLY (RFC 6047), as comes where the invitation went by mail; from anybody but the attendee it changes nothing."""
    office.business(datetime(2025, 12, 8, 10, tzinfo=UTC))
    start = datetime(2026, 3, 9, 10, tzinfo=UTC)
    office.event("kept-review", start, "Service review")
    reply = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:kept-review\r\nDTSTAMP:20260303T080000Z\r\n"
        f"DTSTART:20260309T100000Z\r\nORGANIZER:mailto:{DANA}\r\nATTENDEE;PARTSTAT=DECLINED:mailto:{sender}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    head = f"From: {sender}\r\nTo: {DANA}\r\nDate: Tue, 03 Mar 2026 08:00:00 +0000\r\nSubject: Declined\r\nMessage-ID: <r1@acme.example>\r\n"
    mail = f"{head}MIME-Version: 1.0\r\nContent-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n{reply}"
    (office.folder / "Maildir" / "cur" / "1772524800.99.reply:2,S").write_bytes(mail.encode())
    (result,) = office.live(datetime(2026, 3, 3, 9, tzinfo=UTC))
    (review,) = [o for a in result.assessments for o in a.obligations if o.kind is Kind.REVIEW]
    assert is_booked(review, datetime(2026, 3, 3, 9, tzinfo=UTC)) is not declined

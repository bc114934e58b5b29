"""The cycle on a real Maildir, a real calendar folder and a real database."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from office import DANA, KIM, Office, every, only
from servers import processes
from week import MONDAY, at

from daemon import cycle
from daemon.errors import CannotDo
from daemon.glossary.decisions import Verb
from daemon.letters import tokens
from daemon.operations.corrections import in_force
from daemon.operations.decisions import decide, say_person
from daemon.operations.owed import obligations_at
from daemon.operations.plans import coming


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_question_is_reminded_of_before_its_time_is_over_with_a_draft_in_its_thread(office: Office) -> None:
    asked = office.mail(at(0, 10), KIM, DANA, "Hi Dana,\n\nCan you send me the revised quote?\n\nKim")
    office.live(*every(10, at(0, 10), at(0, 11, 30)))
    reminders = [m for m in office.sent() if "digest" not in m.subject.lower() and not m.subject.startswith("Kept,")]
    assert len(reminders) == 1
    assert reminders[0].date == at(0, 11)
    assert "Can you send me the revised quote?" in reminders[0].text
    (draft,) = office.drafts()
    assert draft.in_reply_to == (asked,)
    assert [a.email for a in draft.to] == [KIM]


def test_what_was_answered_is_not_reminded_of(office: Office) -> None:
    asked = office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?")
    office.mail(
        at(0, 10, 20),
        DANA,
        KIM,
        "Here is the revised quote: 40 pallets at 112 pounds each, valid until June.",
        subject="Re: Quote",
        answers=asked,
    )
    office.live(*every(30, at(0, 10, 30), at(0, 17)))
    assert [m for m in office.sent() if "revised quote" in m.text] == []


def test_what_was_answered_since_the_mail_was_last_read_is_in_no_digest(office: Office) -> None:
    asked = office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?")
    with office.app() as app:
        (runtime,) = app.runtimes.values()
        app.begin(at(0, 12))
        for moment in (at(0, 12), at(1, 7, 29)):
            cycle.turn(runtime, moment)
        text = "Here is the revised quote: 40 pallets at 112 pounds each."
        office.mail(at(1, 7, 29), DANA, KIM, text, subject="Re: Quote", answers=asked)
        cycle.turn(runtime, at(1, 7, 30), read=False)
    (digest,) = [m for m in office.sent() if m.date >= at(1, 7)]
    assert "revised quote" not in digest.text


def test_one_digest_comes_each_working_morning_and_none_at_the_weekend(office: Office) -> None:
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?")
    office.live(*every(60, at(0, 5), at(8, 20)))
    digests = [m for m in office.sent() if m.subject.startswith("Kept, ")]
    assert [m.date.date().isoformat() for m in digests] == [f"2026-03-{d:02}" for d in (2, 3, 4, 5, 6, 9, 10)]
    assert {m.date.hour for m in digests} == {8}


def test_turning_twice_equals_turning_once(office: Office) -> None:
    office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?")
    office.live(at(0, 11), at(0, 11))
    once = [m.message_id for m in office.sent()]
    office.live(at(0, 11), at(0, 11, 1))
    assert [m.message_id for m in office.sent()] == once
    assert once


def test_a_review_is_announced_in_a_digest_and_booked_a_working_day_later(office: Office) -> None:
    office.business(datetime(2025, 12, 8, 10, tzinfo=UTC))
    office.live(*every(30, at(0, 7), at(0, 18)))
    assert office.booked() == []
    digest = next(m for m in office.sent() if m.subject.startswith("Kept, "))
    assert "PLANNED" in digest.text
    office.live(*every(30, at(1, 7), at(2, 18)))
    assert len(office.booked()) == 1
    invitations = [m for m in office.sent() if [a.email for a in m.to] == [KIM]]
    assert len(invitations) == 1
    assert invitations[0].subject.startswith("Invitation:")


def test_nothing_is_announced_into_a_calendar_that_may_only_be_read(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.local.ics_folder.IcsCalendar.read_only", True)
    office.business(datetime(2025, 12, 8, 10, tzinfo=UTC))
    office.live(*every(60, at(0, 7), at(0, 10)))
    digest = next(m for m in office.sent() if m.subject.startswith("Kept, "))
    assert "PLANNED" not in digest.text


def test_a_vetoed_review_is_never_booked(office: Office) -> None:
    office.business(datetime(2025, 12, 8, 10, tzinfo=UTC))
    office.live(*every(30, at(0, 7), at(0, 12)))
    with office.app() as app:
        (planned,) = [a for a in coming(app, at(0, 12)) if a.reaches_client]
        decide(app, Verb.VETO, planned.id, at(0, 12))
    office.live(*every(30, at(0, 12, 30), at(4, 18)))
    assert office.booked() == []


def test_two_reviews_that_are_due_at_once_are_booked_at_different_times(office: Office) -> None:
    for sender, name in ((KIM, "kim"), ("jo@birch.example", "jo")):
        office.business(datetime(2025, 9, 8, 10, tzinfo=UTC), sender, name)
        office.mail(datetime(2026, 2, 20, 10, tzinfo=UTC), sender, DANA, "Thanks for everything.", name=f"{name}2")
    office.live(*every(30, at(0, 7), at(2, 18)))
    starts = [re.search(r"DTSTART;TZID.*", (office.folder / "calendar" / name).read_text()) for name in office.booked()]
    assert len(starts) == 2
    assert len({found.group() for found in starts if found}) == 2


def test_nothing_is_booked_that_no_digest_could_announce(office: Office) -> None:
    office.business(datetime(2025, 12, 8, 10, tzinfo=UTC))
    (office.folder / "outbox").write_text("in the way of every mail")
    office.live(*every(30, at(0, 7), at(0, 18)), *every(30, at(1, 7), at(1, 18)))
    assert office.booked() == []
    (office.folder / "outbox").unlink()
    office.live(*every(30, at(2, 7), at(2, 18)))
    assert office.booked() == []
    office.live(*every(30, at(3, 7), at(3, 18)))
    assert len(office.booked()) == 1


def test_the_users_word_comes_back_by_mail_and_counts_once(office: Office) -> None:
    asked = at(0, 10)
    office.mail(asked, KIM, DANA, "Can you send me the revised quote?")
    office.live(at(0, 11))
    with office.app() as app:
        (owed,) = [o for o in obligations_at(app, at(0, 11)) if o.kind == "reply"]
        links = tokens.menu(only(app).config.secret, app.office.accounts[0], owed, at(0, 11), "test")
    subject = unquote(links["Mark as done"].partition("subject=")[2].partition("&")[0])
    office.mail(at(0, 11, 5), DANA, DANA, "", subject=subject, name="done")
    office.live(at(0, 11, 10))
    with office.app() as app:
        assert [o for o in obligations_at(app, at(0, 11, 11)) if o.kind == "reply"] == []
        decide(app, Verb.UNDO, owed.id, at(0, 11, 12))
    office.mail(at(0, 11, 15), DANA, DANA, "", subject=subject, name="again")
    office.live(at(0, 11, 20))
    with office.app() as app:
        assert [o.id for o in obligations_at(app, at(0, 11, 21)) if o.kind == "reply"] == [owed.id]


def test_a_misreading_said_by_mail_teaches_with_the_confidence_it_was_read_with(office: Office) -> None:
    office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?")
    office.live(at(0, 11))
    with office.app() as app:
        (owed,) = [o for o in obligations_at(app, at(0, 11)) if o.kind == "reply"]
        links = tokens.menu(only(app).config.secret, app.office.accounts[0], owed, at(0, 11), "test")
    subject = unquote(links["Misread"].partition("subject=")[2].partition("&")[0])
    office.mail(at(0, 11, 5), DANA, DANA, "", subject=subject)
    office.live(at(0, 11, 10))
    with office.app() as app:
        (decision,) = app.store.decisions(DANA)
    assert (decision.kind, decision.confidence) == (owed.kind, owed.confidence)


def test_a_person_wrote_this_said_by_mail_brings_the_question_to_light_and_can_be_undone(office: Office) -> None:
    office.mail(at(0, 10), "newsletter@acme.example", DANA, "Which week suits you?", subject="Lift", name="lift")
    office.live(at(0, 11))
    with office.app() as app:
        assert [o for o in obligations_at(app, at(0, 11)) if o.kind == "reply"] == []
        (held,) = [p.held for a in app.assessments(at(0, 11)) for p in a.balance if p.held]
        links = tokens.menu(only(app).config.secret, app.office.accounts[0], held, at(0, 11), "test")
    subject = unquote(links["A person wrote this"].partition("subject=")[2].partition("&")[0])
    office.mail(at(0, 11, 5), DANA, DANA, "", subject=subject, name="person")
    office.live(at(0, 11, 10))
    with office.app() as app:
        assert [o.source.reference for o in obligations_at(app, at(0, 11, 11)) if o.kind == "reply"] == ["<lift@acme.example>"]
        (correction,) = in_force(app, at(0, 11, 11))
        assert "newsletter@acme.example: Lift" in correction.text(ZoneInfo("UTC"))
        assert correction.document(UTC)["scope"] == "sender"
        decide(app, Verb.UNDO, correction.id, at(0, 11, 12))
        assert [o for o in obligations_at(app, at(0, 11, 13)) if o.kind == "reply"] == []
        assert say_person(app, held.id, at(0, 11, 14)).text().startswith("A person wrote it: Acme Ltd")
        assert len([o for o in obligations_at(app, at(0, 11, 15)) if o.kind == "reply"]) == 1
        with pytest.raises(CannotDo, match="kept filtered"):
            say_person(app, "0000000000", at(0, 11, 16))


def test_the_digest_names_what_was_filtered_out_since_the_last_working_day(office: Office) -> None:
    office.mail(at(0, 10), "newsletter@acme.example", DANA, "Spring is here.", subject="Spring news")
    office.live(*every(30, at(0, 7), at(0, 12)), *every(30, at(1, 7), at(1, 12)), *every(30, at(2, 7), at(2, 12)))
    letters = [m.text for m in office.sent() if "FILTERED OUT" in m.text]
    assert len(letters) == 1
    assert "newsletter@acme.example" in letters[0]
    assert "Spring news" in letters[0]
    assert "A person wrote this" in letters[0]


def test_an_enquiry_by_the_own_web_form_is_the_clients(office: Office) -> None:
    text = "Name: Kim Lee\r\nE-mail: kim@acme.example\r\n\r\nMessage:\r\nCould you send me a quote for 20 lockers?"
    office.mail(at(0, 10), "noreply@northwind.example", DANA, text, subject="Message from your website", name="form")
    office.live(at(0, 11))
    with office.app() as app:
        (owed,) = [o for o in obligations_at(app, at(0, 11)) if o.kind == "reply"]
        assert (owed.client, owed.contact) == ("Acme Ltd", KIM)
        (stored,) = [read.message for read in app.store.messages(DANA, "Acme Ltd")]
        assert stored.sender == ("kim@acme.example", "Kim Lee")
        assert stored.relay is not None
        assert stored.relay.address.email == "noreply@northwind.example"


def test_somebody_elses_mail_with_a_true_token_does_nothing(office: Office) -> None:
    office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?")
    office.live(at(0, 11))
    with office.app() as app:
        (owed,) = [o for o in obligations_at(app, at(0, 11)) if o.kind == "reply"]
        links = tokens.menu(only(app).config.secret, app.office.accounts[0], owed, at(0, 11), "test")
    subject = unquote(links["Not owed"].partition("subject=")[2].partition("&")[0])
    office.mail(at(0, 11, 5), "eve@elsewhere.example", DANA, "", subject=subject)
    office.live(at(0, 11, 10))
    with office.app() as app:
        assert [o.id for o in obligations_at(app, at(0, 11, 11)) if o.kind == "reply"] == [owed.id]


def test_a_token_in_a_mail_that_waits_in_the_outbox_does_nothing_until_it_is_sent(office: Office) -> None:
    office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?")
    office.live(at(0, 11))
    with office.app() as app:
        (owed,) = [o for o in obligations_at(app, at(0, 11)) if o.kind == "reply"]

        links = tokens.menu(only(app).config.secret, app.office.accounts[0], owed, at(0, 11), "test")
    from urllib.parse import unquote

    subject = unquote(links["Not owed"].partition("subject=")[2].partition("&")[0])
    office.mail(at(0, 11, 5), DANA, DANA, "", subject=subject, name="click")
    maildir = office.folder / "Maildir"
    for part in ("cur", "new", "tmp"):
        (maildir / ".Outbox" / part).mkdir(parents=True)
    (click,) = (maildir / ".Sent" / "cur").glob("*click*")
    waiting = click.rename(maildir / ".Outbox" / "cur" / click.name)
    office.live(at(0, 11, 10))
    with office.app() as app:
        assert [o.id for o in obligations_at(app, at(0, 11, 11)) if o.kind == "reply"] == [owed.id]
    waiting.rename(click)
    office.live(at(0, 11, 20))
    with office.app() as app:
        assert [o for o in obligations_at(app, at(0, 11, 21)) if o.kind == "reply"] == []


def test_two_mails_of_one_message_id_are_each_answered_in_their_own_thread(office: Office) -> None:
    first = office.mail(at(0, 10), KIM, DANA, "Can you send me the first invoice?", subject="Delivery 1", name="same")
    office.mail(at(0, 15), KIM, DANA, "Can you send me the second invoice?", subject="Delivery 2", name="same")
    office.mail(at(0, 16), DANA, KIM, "Here is the first invoice.", subject="Re: Delivery 1", answers=first)
    office.live(at(0, 16, 30))
    with office.app() as app:
        (owed,) = [o for o in obligations_at(app, at(0, 16, 31)) if o.kind == "reply"]
    assert (owed.subject, owed.reply_to, owed.source.shown) == ("Delivery 2", first, first)


@pytest.mark.server
def test_the_whole_turn_works_on_postgresql_too(office: Office, postgres: processes.Postgres) -> None:
    office.config.write_text(f"{office.config.read_text()}database: {postgres.database('cycle')}\n")
    office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?")
    office.live(*every(30, at(0, 7), at(0, 11)))
    once = [m.message_id for m in office.sent()]
    assert len(once) == 2
    office.live(at(0, 11), at(0, 11, 1))
    assert [m.message_id for m in office.sent()] == once


def test_a_mailbox_that_cannot_be_read_never_stops_the_digest_and_is_named_in_it(office: Office) -> None:
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?")
    office.live(at(0, 7))
    (office.folder / "Maildir" / "cur").rename(office.folder / "Maildir" / "gone")
    (office.folder / "Maildir" / "new").rename(office.folder / "Maildir" / "gone-too")
    office.live(at(0, 8))
    digest = office.sent()[-1]
    assert "Maildir" in digest.text
    with office.app() as app:
        assert any(c.error for c in app.store.coverage(DANA))


def test_a_mail_whose_writers_clock_runs_ahead_is_spoken_of_once_its_time_has_come(office: Office) -> None:
    office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?")
    office.live(*every(30, at(0, 9), at(0, 11)))
    assert [m.date for m in office.sent() if "revised quote" in m.text] == [at(0, 11)]


def test_a_long_first_reading_goes_on_turn_by_turn_and_holds_up_nobody(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(3):
        office.mail(MONDAY + timedelta(minutes=n), KIM, DANA, "Can you send me the quote?", name=f"m{n}")
    monkeypatch.setattr("connectors.local.maildir.BATCH", 1)
    passing = itertools.count(0, 100)
    monkeypatch.setattr("daemon.intake.poll.time.monotonic", lambda: next(passing))
    with office.app() as kept:
        found: list[tuple[bool, bool]] = []
        while not found or found[-1][0]:
            more = cycle.turn(only(kept), at(0, 1), time_limit=30).unfinished
            mail = next(c for c in kept.store.coverage(DANA) if not c.is_calendar)
            found.append((more, mail.seen_until is not None))
        assert found == [(True, False), (True, False), (False, True)]
        assert len(kept.store.message_ids(DANA)) == 3

"""What the manager and whoever covers read: what happened and what was done, and of mails no word where none belongs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import invented
from invented import at, owed

from connectors.calendar import Attendee, Event
from daemon.analysis.courtship import courtship
from daemon.glossary.assessments import Assessment, Recovery, RecoveryStage
from daemon.glossary.obligations import Evidence, Kind, SourceType
from daemon.glossary.parties import Stage
from daemon.letters import Letter, handover, manager

NOW = at("03-09 09:00")
SECRET = "Please keep the takeover of Zenith quiet"
LATE = owed("Acme Ltd", "kim", SECRET, "03-03 11:00", "03-03 13:00", closed=at("03-04 11:00"), subject="Zenith takeover")
OPEN = owed(
    "Birch & Co", "sam", SECRET, "03-05 10:00", "03-05 12:00", subject="Zenith takeover", asks=(SECRET, "Any news of Zenith?")
)
MISSED = replace(owed("Cobalt Foods", "ana", SECRET, "02-18 10:00", "02-18 12:00"), lapses=at("03-04 12:00"))
CLIENTS = {c.name: c for c in invented.OFFICE.clients}
DANA = replace(invented.DANA, manager="lee@northwind.example")


LATELY = at("03-06 10:00")


def assessed(contact: datetime = LATELY) -> list[Assessment]:
    return [Assessment(DANA.address, o.client, NOW, (o,), (), last_contact=contact) for o in (LATE, OPEN, MISSED)]


def flat(letter: Letter) -> str:
    return " ".join(letter.text.split())


def sheet(assessments: list[Assessment], to_manager: bool = True) -> Letter:
    return manager.touch_base_sheet(DANA, assessments, CLIENTS, at("03-02 00:00"), at("03-09 00:00"), NOW, to_manager=to_manager)


def test_the_sheet_names_every_infraction_of_the_week_with_what_was_done() -> None:
    letter = sheet(assessed())
    said = flat(letter)
    assert letter.subject == "Kept: Touch-base: 2 late or missed, 1 overdue, 0 without contact"
    assert "Acme Ltd: 6 working hours late Kim: an answer, due Tue 3 Mar 13:00 done Wed 4 Mar 11:00" in said
    assert "Cobalt Foods: not done Ana: an answer, due Wed 18 Feb 12:00 no sign that it was done" in said


def test_neither_a_review_that_is_booked_nor_a_plan_of_ours_is_overdue() -> None:
    booked = Evidence(SourceType.EVENT, "review", at("03-11 10:00"), "Review")
    review = owed("Acme Ltd", "kim", None, "01-05 10:00", "03-05 12:00", Kind.REVIEW, evidence=(booked,), lapses=None)
    plan = owed("Acme Ltd", "kim", None, "03-03 10:00", "03-05 12:00", Kind.NEXT_STEP)
    found = Assessment(DANA.address, "Acme Ltd", NOW, (review, plan), (), last_contact=LATELY)
    assert "0 overdue" in sheet([found]).subject
    assert "1 overdue" in sheet([replace(found, obligations=(replace(review, evidence=()), plan))]).subject


def test_an_infraction_of_another_week_is_not_told_again() -> None:
    later = manager.touch_base_sheet(
        DANA, assessed(), CLIENTS, at("03-09 00:00"), at("03-16 00:00"), at("03-16 09:00"), to_manager=True
    )
    assert "0 late or missed" in later.subject


def test_every_client_whom_nobody_touched_is_named() -> None:
    letter = sheet(assessed(contact=at("02-20 10:00")))
    said = flat(letter)
    assert "3 without contact" in letter.subject
    assert "Acme Ltd: last contact Fri 20 Feb nothing known to be overdue" in said


def test_a_client_of_a_charter_without_touch_base_is_not_called_untouched() -> None:
    quiet = replace(invented.CHARTER, standards={**invented.CHARTER.standards, "touch_base": None})
    clients = {name: replace(c, charter=quiet) for name, c in CLIENTS.items()}
    found = assessed(contact=at("02-20 10:00"))
    letter = manager.touch_base_sheet(DANA, found, clients, at("03-02 00:00"), at("03-09 00:00"), NOW, to_manager=True)
    assert "0 without contact" in letter.subject
    assert "2 late or missed" in letter.subject


def test_no_word_of_any_mail_reaches_the_manager() -> None:
    letters = [sheet(assessed()), manager.escalation(DANA, [OPEN], NOW, to_manager=True)]
    for letter in letters:
        for words in ("Zenith", "takeover", "quiet"):
            assert words not in letter.subject + letter.text + letter.html


def test_the_users_own_copy_names_what_each_item_is_about() -> None:
    said = flat(sheet([replace(found, obligations=(LATE, OPEN)) for found in assessed()[:1]], to_manager=False))
    assert "Kim: an answer on “Zenith takeover”, due Tue 3 Mar 13:00" in said
    assert "Sam: an answer on “Zenith takeover” since Thu 5 Mar 10:00" in said
    bare = replace(OPEN, subject="")
    escalated = flat(manager.escalation(DANA, [OPEN, bare], NOW, to_manager=False))
    assert "Sam: an answer on “Zenith takeover” since" in escalated
    assert f"Sam: an answer on “{SECRET}” since" in escalated, "without a subject by its words"


def test_what_escalates_says_how_late_it_is_and_that_they_asked_again() -> None:
    said = flat(manager.escalation(DANA, [OPEN], NOW, to_manager=True))
    assert "1 item owed to clients of Dana Reyes is overdue beyond the agreed limit" in said
    assert "Birch & Co: 2 working days late Sam: an answer since Thu 5 Mar 10:00, asked 2 times" in said


def test_the_user_is_told_to_tell_the_manager_where_kept_may_not() -> None:
    said = flat(manager.escalation(DANA, [OPEN], NOW, to_manager=False))
    assert "better that your manager hears it from you" in said
    assert "Kept has not told anyone else" in said


def test_a_recovery_stands_on_the_sheet_with_how_far_trust_is_back() -> None:
    recovery = Recovery("r", "Acme Ltd", at("03-04 11:00"), (LATE,), grave=True, stage=RecoveryStage.FOLLOWED, kept=4, needed=10)
    found = [Assessment(DANA.address, "Acme Ltd", NOW, (LATE,), (), last_contact=NOW, recovery=recovery)]
    assert "Acme Ltd: 4 kept in a row so far, 10 needed new standards agreed and in force" in flat(sheet(found))


def test_a_week_without_anything_says_so() -> None:
    said = flat(sheet([Assessment(DANA.address, "Acme Ltd", NOW, (), (), last_contact=NOW)]))
    assert "LATE OR MISSED" not in said
    assert "No client went without contact for longer than agreed." in said


# --- hand-overs ---


def test_what_a_client_just_won_expects_is_handed_over_with_what_is_still_open() -> None:
    answers = [
        owed("Acme Ltd", "kim", f"Question {n}?", f"02-{n:02} 10:00", f"02-{n:02} 12:00", closed=at(f"02-{n:02} 10:40"))
        for n in (2, 3, 4, 5, 6)
    ]
    promise = owed("Acme Ltd", "kim", "I'll send you two samples free of charge", "02-06 10:00", "03-20 12:00", Kind.PROMISE)
    client = replace(CLIENTS["Acme Ltd"], stage=Stage.ONBOARDING, won=at("03-02 00:00"))
    courted = courtship(client, [*answers, promise], DANA.hours, NOW)
    assert courted is not None
    said = flat(handover.handover(DANA, client, courted, client.charter, NOW))
    assert "What Acme Ltd now expects" in said
    assert "Half of 5 questions answered within: 40 min" in said
    assert "“I'll send you two samples free of charge”: due Fri 20 Mar 12:00" in said


def cover(to_colleague: bool = True, quotes: handover.Quotes = lambda _client: True) -> str:
    later = owed("Acme Ltd", "kim", "Can you send the drawings?", "03-06 10:00", "03-11 12:00")
    far = owed("Birch & Co", "sam", "And the samples by May?", "03-06 10:00", "05-11 12:00")
    found = [Assessment(DANA.address, o.client, NOW, (o,), ()) for o in (later, far)]
    visit = Event(
        "e1",
        at("03-11 10:00"),
        at("03-11 11:00"),
        "Visit line 2",
        organizer=DANA.address,
        attendees=(Attendee("kim@acme.example"),),
    )
    own = replace(visit, uid="e2", attendees=(), summary="Dentist")
    letter = handover.cover_list(
        DANA,
        found,
        [visit, own],
        invented.whose,
        at("03-10 00:00"),
        at("03-14 00:00"),
        NOW,
        to_colleague=to_colleague,
        quotes=quotes,
    )
    return flat(letter)


def test_who_covers_reads_what_is_owed_before_the_user_is_back_and_what_later() -> None:
    said = cover()
    assert (
        said.index("OWED BEFORE THEY ARE BACK")
        < said.index("Can you send the drawings?")
        < said.index("OWED LATER")
        < said.index("And the samples")
    )


def test_who_covers_reads_the_meetings_with_clients_and_none_of_the_users_own() -> None:
    said = cover()
    assert "Visit line 2" in said
    assert "Dentist" not in said


def test_who_covers_and_may_read_no_words_reads_what_is_owed_to_whom_and_until_when() -> None:
    said = cover(quotes=lambda client: client != "Acme Ltd")
    assert "Can you send the drawings?" not in said
    assert "Acme Ltd (Kim): by Wed 11 Mar 12:00 an answer since Fri 6 Mar 10:00" in said
    assert "And the samples by May?" in said, "of the other client they may"
    assert "Visit line 2" not in said
    assert "For the emails themselves ask Dana" in said


def test_the_users_own_list_speaks_to_them() -> None:
    assert "Pass this on to whoever is covering for you." in cover(to_colleague=False)


def test_a_client_who_is_being_won_back_is_to_be_handled_with_care() -> None:
    recovery = Recovery("r", "Acme Ltd", at("03-04 11:00"), (), grave=True, stage=RecoveryStage.HELD)
    found = [Assessment(DANA.address, "Acme Ltd", NOW, (), (), recovery=recovery)]
    letter = handover.cover_list(DANA, found, [], invented.whose, NOW, NOW + timedelta(days=4), NOW, to_colleague=True)
    assert "nothing may be late here" in flat(letter)


def test_what_the_digest_calls_overdue_and_somebody_may_doubt_is_counted_for_the_user_alone() -> None:
    doubted = replace(owed("Acme Ltd", "kim", "Is it ready?", "03-05 10:00", "03-05 12:00"), confidence=0.7)
    alone = Assessment(DANA.address, "Acme Ltd", NOW, (doubted,), ())
    assert "1 more in your digest is left out here, as the reading could be doubted." in flat(sheet([alone], to_manager=False))
    assert "Nothing is known to be overdue." not in flat(sheet([alone], to_manager=False))
    assert "left out" not in flat(sheet([alone], to_manager=True))

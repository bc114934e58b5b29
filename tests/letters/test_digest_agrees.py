"""Lines of the digest that speak of the same client agree: on silence, on what is planned, and on what is owed to whom is met today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import invented
from digest_letter import write
from invented import NOW, at, owed

from connectors.calendar import Attendee, Event
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.assessments import Alarm, AlarmKind, Assessment, Recovery, RecoveryStage
from daemon.glossary.obligations import Band, Evidence, Kind, Obligation, SourceType, Strength

ACME = "Acme Ltd"
MEETING = Event("m", at("03-04 10:00"), at("03-04 11:00"), "Line two", attendees=(Attendee("kim@acme.example"),))
SILENCE = "no word from them for 16 working days; usually one nearly every working day"


def says(*obligations: Obligation, events: Sequence[Event] = (), planned: Sequence[Action] = (), **more: Any) -> str:
    assessment = Assessment(invented.DANA.address, ACME, NOW, obligations, (), **more)
    letter = write((assessment,), planned=planned, events=events, now=NOW, links=lambda _: {}, lines=50, is_first=True)
    return " ".join(letter.text.split())


def planned(kind: ActionKind) -> Action:
    start = at("03-10 10:00")
    return Action(
        "a",
        kind,
        invented.DANA.address,
        at("03-05 09:00"),
        ACME,
        start=start,
        end=start + timedelta(hours=1),
        attendees=("kim@acme.example",),
    )


def silent() -> Alarm:
    shown = Evidence(SourceType.MESSAGE, "<last@acme.example>", at("02-10 09:00"), "We are busy until spring.")
    return Alarm("silent:x", AlarmKind.SILENT, ACME, at("02-10 09:00"), SILENCE, (shown,))


def test_a_silence_is_theirs_and_shows_their_last_words_with_their_day() -> None:
    said = says(alarms=(silent(),), last_contact=at("03-03 15:00"))
    assert f"{SILENCE} Tue 10 Feb: “We are busy until spring.” · your side last wrote yesterday" in said


def test_words_that_show_a_change_have_their_own_day() -> None:
    shown = Evidence(SourceType.MESSAGE, "<x@acme.example>", at("03-03 09:00"), "Fine.")
    alarm = Alarm(
        "shorter:x",
        AlarmKind.SHORTER,
        ACME,
        at("02-03 09:00"),
        "their emails now have about 5 words; they used to have 60",
        (shown,),
    )
    assert "since Tue 3 Feb · yesterday: “Fine.”" in says(alarms=(alarm,), last_contact=at("03-03 15:00"))


def test_who_is_met_today_is_not_said_to_be_silent() -> None:
    assert "no word from them" not in says(events=(MEETING,), alarms=(silent(),))


def test_a_planned_meeting_is_something_planned() -> None:
    nothing = owed(ACME, "kim", None, "02-20 15:00", "02-24 15:00", Kind.NEXT_STEP, summary="Nothing has been planned")
    assert "NOTHING PLANNED" in says(nothing)
    assert "NOTHING PLANNED" not in says(nothing, planned=(planned(ActionKind.REVIEW),))


def test_a_recovery_whose_invitation_is_planned_asks_for_no_call_to_arrange_it() -> None:
    late = owed(ACME, "kim", "Where is it?", "02-20 09:00", "02-20 11:00")
    recovery = Recovery("r", ACME, at("03-03 09:00"), (late,), grave=False, stage=RecoveryStage.PROPOSED)
    assert "Call to arrange a meeting" in says(recovery=recovery)
    said = says(recovery=recovery, planned=(planned(ActionKind.RECOVERY),))
    assert "Call to arrange a meeting" not in said
    assert "An invitation to a meeting is planned." in said


def test_trust_that_grows_is_told_with_what_is_overdue() -> None:
    late = owed(ACME, "kim", "Where is it?", "03-03 09:00", "03-03 11:00")
    recovery = Recovery("r", ACME, at("03-03 09:00"), (late,), grave=False, stage=RecoveryStage.HELD, kept=2, needed=5)
    assert "2 kept in a row so far, 5 needed; 1 overdue now" in says(late, recovery=recovery)


def test_what_is_hidden_is_still_owed_to_whom_is_met_today() -> None:
    hidden = owed(ACME, "kim", "Where is it?", "03-03 09:00", "03-03 11:00", snoozed_until=at("03-05 09:00"))
    assert "still owed: “Where is it?” (hidden until tomorrow 09:00)" in says(hidden, events=(MEETING,))


def test_what_is_asked_about_is_not_said_to_be_owed() -> None:
    doubtful = owed(ACME, "kim", "I might send it", "03-03 09:00", "03-06 11:00", Kind.PROMISE, band=Band.ASKED)
    weak = Evidence(SourceType.MESSAGE, "<s@x>", at("03-03 12:00"), "the list", Strength.WEAK)
    done = owed(ACME, "kim", "I'll send the list", "03-02 09:00", "03-05 11:00", Kind.PROMISE, evidence=(weak,))
    for o in (doubtful, done):
        said = says(o, events=(MEETING,))
        assert "perhaps owed: " in said
        assert "still owed" not in said


def test_where_nothing_is_known_no_more_is_claimed() -> None:
    assert "nothing is known to be owed to them" in says(events=(MEETING,))


def test_a_promise_that_was_put_off_says_when() -> None:
    moved = Evidence(SourceType.MESSAGE, "<m@x>", at("03-02 12:00"), "I'll need until Tuesday")
    o = owed(ACME, "kim", "You'll have it on Monday", "02-27 09:00", "03-03 17:30", Kind.PROMISE, evidence=(moved,))
    assert "“You'll have it on Monday” put off until Tue 3 Mar" in says(replace(o, asks=()))


def test_a_question_that_was_asked_again_has_the_day_of_its_words() -> None:
    asks = ("Where is the quote?", "Any news of the quote, Dana?")
    again = Evidence(SourceType.MESSAGE, "<2@x>", at("03-03 11:25"), asks[1])
    o = owed(ACME, "kim", asks[0], "03-02 10:00", "03-02 12:00", asks=asks, evidence=(again,))
    assert "“Where is the quote?” and, yesterday, “Any news of the quote, Dana?”" in says(o)

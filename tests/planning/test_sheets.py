"""What goes to others than the user: told by a digest first, with a veto until it happens; to the user where the account does not allow it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import invented
import pytest
from invented import at, owed
from plan_helpers import ADDRESS, AccountLife, after_digest, kinds, only

from daemon.core.absence import Absence
from daemon.glossary.actions import ESCALATED, Action, ActionKind, Mention
from daemon.glossary.assessments import Assessment, Coverage, Recovery, RecoveryStage
from daemon.glossary.charter import Allowance, Charter, Redress, Unit
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Band, Evidence, Kind, Obligation, SourceType
from daemon.glossary.parties import Client, Stage
from daemon.planning import plan
from daemon.planning.simulated_past import SimulatedPast

LEE, ROBIN = "lee@northwind.example", "robin@northwind.example"
TOLD = replace(invented.DANA, manager=LEE, tells_manager=True)
UNTOLD = replace(invented.DANA, manager=LEE)
OFF = tuple(
    replace(c, charter=replace(invented.CHARTER, standards={**invented.CHARTER.standards, "touch_base": None}))
    for c in invented.OFFICE.clients
)
QUIET = replace(invented.OFFICE, clients=OFF)  # an office without the weekly sheet


def late(escalates: str | None = "03-04 13:00", **more: Any) -> Obligation:
    when = at(escalates) if escalates else None
    return owed("Acme Ltd", "kim", "Can you send it?", "03-02 11:00", "03-02 13:00", **({"escalates": when} | more))


def done(life: AccountLife, kind: ActionKind, start: str, end: str) -> list[tuple[str, tuple[str, ...]]]:
    lived = life.live(at(start), at(end), timedelta(minutes=30))
    return [(f"{moment:%a %d %H:%M}", action.attendees) for moment, action in lived if action.kind is kind]


def digest_of(life: AccountLife, moment: str) -> tuple[Action, ...]:
    actions = life.plan(at(moment))
    (digest,) = only(actions, ActionKind.DIGEST)
    return plan.announced_by(digest, actions)


# --- escalation ---


def test_the_manager_hears_of_it_after_the_user_was_told() -> None:
    life = AccountLife([late()], account=TOLD, office=QUIET)
    assert [a.key for a in digest_of(life, "03-04 07:30")] == [f"escalate:{late().key}"]
    assert done(life, ActionKind.ESCALATE, "03-04 07:30", "03-07 00:00") == [("Thu 05 09:00", (LEE,))]


def test_without_permission_the_user_is_told_to_tell_them() -> None:
    life = AccountLife([late()], account=UNTOLD, office=QUIET)
    assert digest_of(life, "03-04 07:30") == ()
    assert done(life, ActionKind.ESCALATE, "03-04 07:30", "03-07 00:00") == [("Wed 04 13:00", ())]


def test_it_happens_once() -> None:
    life = AccountLife([late()], account=TOLD, office=QUIET)
    assert len(done(life, ActionKind.ESCALATE, "03-04 07:30", "03-20 00:00")) == 1


def test_what_is_settled_in_the_grace_period_stays_in_the_house() -> None:
    life = AccountLife([late()], account=TOLD, office=QUIET)
    life.turn(at("03-04 07:30"))
    life.obligations = [late(closed=at("03-04 15:00"))]
    assert done(life, ActionKind.ESCALATE, "03-04 08:00", "03-09 00:00") == []


def test_a_veto_stops_it_until_it_happens() -> None:
    life = AccountLife([late()], account=TOLD, office=QUIET)
    life.turn(at("03-04 07:30"))
    life.decisions = [Decision(f"escalate:{late().key}", Verb.VETO, at("03-04 16:00"), ADDRESS)]
    assert done(life, ActionKind.ESCALATE, "03-04 16:30", "03-09 00:00") == []


def test_what_is_not_beyond_the_limit_yet_is_not_told() -> None:
    life = AccountLife([late("03-10 13:00")], account=TOLD, office=QUIET)
    assert digest_of(life, "03-04 07:30") == ()


@pytest.mark.parametrize(
    "more", [{"escalates": None}, {"band": Band.ASKED}, {"counts": False}, {"snoozed_until": at("03-20 09:00")}]
)
def test_only_what_is_sure_and_counts_goes_to_the_manager(more: dict[str, Any]) -> None:
    life = AccountLife([late(**more)], account=TOLD, office=QUIET)
    assert done(life, ActionKind.ESCALATE, "03-04 07:30", "03-09 00:00") == []


def test_nothing_is_told_past_a_gap_in_what_was_read() -> None:
    unread = [Coverage(ADDRESS, "mail imap.northwind.example", at("03-03 09:00"), "wrong password", at("03-03 09:00"))]
    life = AccountLife([late()], account=TOLD, office=QUIET, coverage=unread)
    assert done(life, ActionKind.ESCALATE, "03-04 07:30", "03-09 00:00") == []


def test_several_go_in_one_mail_and_each_can_be_stopped() -> None:
    other = owed("Birch & Co", "sam", "Which colour?", "03-02 10:00", "03-02 12:00", escalates=at("03-04 12:00"))
    life = AccountLife([late(), other], account=TOLD, office=QUIET)
    assert len(digest_of(life, "03-04 07:30")) == 2
    life.turn(at("03-04 07:30"))
    (mail,) = only(life.turn(at("03-05 09:00")), ActionKind.ESCALATE)
    assert {o.client for o in mail.obligations} == {"Acme Ltd", "Birch & Co"}
    assert plan.mentions_of(mail) == tuple(Mention(o.key, ESCALATED) for o in mail.obligations)


def test_another_accounts_client_is_not_ours_to_tell_of() -> None:
    theirs = tuple(replace(c, owner=LEE) for c in OFF)
    life = AccountLife([late()], account=TOLD, office=replace(QUIET, clients=theirs))
    assert done(life, ActionKind.ESCALATE, "03-04 07:30", "03-09 00:00") == []


def test_telling_the_user_of_it_is_part_of_the_days_budget() -> None:
    spent = SimulatedPast(interruptions=[at("03-04 09:00")] * 5)
    life = AccountLife([late()], account=UNTOLD, office=QUIET, past=spent)
    assert only(life.turn(at("03-04 13:00")), ActionKind.ESCALATE) == []


# --- the weekly sheet ---


def test_the_sheet_goes_to_the_manager_on_monday_told_on_friday() -> None:
    life = AccountLife([late("05-01 09:00")], account=TOLD)
    assert done(life, ActionKind.TOUCH_BASE, "03-05 07:30", "03-14 00:00") == [("Mon 09 09:00", (LEE,))]
    assert list(life.past.announcements) == [
        (f"touch_base:{ADDRESS}:2026-03-09", None),
        (f"touch_base:{ADDRESS}:2026-03-16", None),
    ]


def test_without_permission_the_sheet_goes_to_the_user() -> None:
    life = AccountLife([late("05-01 09:00")], account=UNTOLD)
    assert done(life, ActionKind.TOUCH_BASE, "03-05 07:30", "03-14 00:00") == [("Mon 09 09:00", ())]


def test_the_first_week_has_no_sheet_about_a_time_before() -> None:
    assert done(AccountLife([late()], account=UNTOLD), ActionKind.TOUCH_BASE, "03-02 07:00", "03-06 00:00") == []


def test_the_sheet_is_about_the_week_before() -> None:
    life = AccountLife([late("05-01 09:00")], account=UNTOLD)
    life.turn(at("03-06 07:30"))
    (sheet,) = only(life.turn(at("03-09 09:00")), ActionKind.TOUCH_BASE)
    assert (sheet.start, sheet.end) == (at("03-02 00:00"), at("03-09 00:00"))


def test_without_a_manager_there_is_no_sheet() -> None:
    assert done(AccountLife([late()]), ActionKind.TOUCH_BASE, "03-05 07:30", "03-14 00:00") == []


def test_a_week_that_begins_with_a_holiday_has_its_sheet_on_tuesday() -> None:
    life = AccountLife([late("05-30 09:00")], account=UNTOLD)
    start = datetime(2026, 4, 2, 7, tzinfo=UTC)
    lived = life.live(start, start + timedelta(days=6), timedelta(minutes=30))
    assert [f"{moment:%a %d}" for moment, a in lived if a.kind is ActionKind.TOUCH_BASE] == ["Tue 07"]


def test_a_vetoed_sheet_stays_in_the_house() -> None:
    life = AccountLife([late("05-01 09:00")], account=TOLD)
    life.turn(at("03-06 07:30"))
    life.decisions = [Decision(f"touch_base:{ADDRESS}:2026-03-09", Verb.VETO, at("03-06 12:00"), ADDRESS)]
    assert done(life, ActionKind.TOUCH_BASE, "03-06 12:00", "03-13 00:00") == []


# --- the hand-over ---


def won(stage: Stage = Stage.ONBOARDING, day: str = "03-03 10:00") -> AccountLife:
    client = replace(invented.OFFICE.clients[0], stage=stage, won=at(day))
    promised = owed("Acme Ltd", "kim", "I'll send the drawings", "02-20 10:00", "03-10 12:00", Kind.PROMISE)
    return AccountLife([promised], office=replace(invented.OFFICE, clients=(client, *invented.OFFICE.clients[1:])))


def test_a_client_just_won_is_handed_over_once() -> None:
    assert done(won(), ActionKind.HAND_OVER, "03-03 10:00", "03-20 00:00") == [("Tue 03 10:00", ())]


def test_a_client_won_at_night_is_handed_over_in_the_morning() -> None:
    assert done(won(day="03-03 22:00"), ActionKind.HAND_OVER, "03-03 22:00", "03-05 00:00") == [("Wed 04 09:00", ())]


def test_a_prospect_is_not_handed_over() -> None:
    assert done(won(Stage.PROSPECT), ActionKind.HAND_OVER, "03-03 10:00", "03-20 00:00") == []


def test_who_was_won_long_ago_is_not_handed_over() -> None:
    assert done(won(day="02-01 10:00"), ActionKind.HAND_OVER, "03-03 10:00", "03-20 00:00") == []


# --- absence ---

SPAN = Absence(date(2026, 3, 9), date(2026, 3, 13), "Vacation")
OFF_DAYS = frozenset(date(2026, 3, 9) + timedelta(days=n) for n in range(5))


def away(**more: Any) -> AccountLife:
    return AccountLife([late("05-01 09:00")], office=QUIET, away=OFF_DAYS, absences=(SPAN,), **more)


def test_who_covers_gets_the_list_on_the_last_afternoon_told_that_morning() -> None:
    life = away(account=replace(invented.DANA, cover=ROBIN))
    assert [a.attendees for a in digest_of(life, "03-06 07:30")] == [(ROBIN,)]
    assert done(life, ActionKind.COVER, "03-06 07:30", "03-10 00:00") == [("Fri 06 15:30", (ROBIN,))]


def test_a_list_that_could_not_be_told_of_goes_to_the_user() -> None:
    life = away(account=replace(invented.DANA, cover=ROBIN), past=after_digest("03-06"))
    assert done(life, ActionKind.COVER, "03-06 16:00", "03-10 00:00") == [("Fri 06 16:00", ())]


def test_without_a_colleague_the_user_gets_the_list_to_hand_on() -> None:
    assert done(away(), ActionKind.COVER, "03-06 07:30", "03-10 00:00") == [("Fri 06 15:30", ())]


def test_a_single_day_off_needs_no_list() -> None:
    one = replace(away(), absences=(replace(SPAN, last=SPAN.first),))
    assert done(one, ActionKind.COVER, "03-06 07:30", "03-10 00:00") == []


def test_while_the_user_is_away_nothing_is_said() -> None:
    life = away()
    lived = life.live(at("03-09 00:00"), at("03-14 00:00"), timedelta(minutes=30))
    assert kinds([action for _, action in lived]) in ([], ["cover"])


def test_back_at_work_the_digest_comes_again() -> None:
    lived = away().live(at("03-14 00:00"), at("03-17 00:00"), timedelta(minutes=30))
    assert [f"{m:%a %H:%M} {a.kind.value}" for m, a in lived if a.kind is ActionKind.DIGEST] == ["Mon 07:30 digest"]


# --- recovery meetings ---


def broken(book: bool, stage: RecoveryStage = RecoveryStage.PROPOSED) -> AccountLife:
    source = Evidence(SourceType.CHARTER, "recovery", at("03-02 09:00"))
    meeting = owed("Birch & Co", "sam", None, "03-02 09:00", "03-09 09:00", Kind.MEETING, source=source)
    recovery = Recovery(meeting.key, "Birch & Co", at("03-02 09:00"), (), grave=False, stage=stage, contact=meeting.contact)
    charter = Charter({"reply": Allowance(120, Unit.BUSINESS_MINUTES)}, redress=Redress(book=book))
    clients = (Client("Birch & Co", frozenset({"birch.example"}), charter=charter),)
    found = Assessment(invented.DANA.address, "Birch & Co", at("03-02 09:00"), (meeting,), (), recovery=recovery)
    return AccountLife([meeting], office=replace(invented.OFFICE, clients=clients), assessments={"Birch & Co": found})


def test_a_recovery_meeting_is_booked_where_the_user_allows_it_after_it_was_told() -> None:
    life = broken(book=True)
    assert [a.summary for a in digest_of(life, "03-03 07:30")] == ["Invite Sam to a recovery meeting with Birch & Co"]
    assert done(life, ActionKind.RECOVERY, "03-03 07:30", "03-20 00:00") == [("Wed 04 09:00", ("sam@birch.example",))]


def test_without_permission_a_recovery_meeting_is_only_proposed() -> None:
    assert done(broken(book=False), ActionKind.RECOVERY, "03-03 07:30", "03-20 00:00") == []


def test_a_recovery_meeting_that_people_booked_is_not_booked_again() -> None:
    assert done(broken(book=True, stage=RecoveryStage.BOOKED), ActionKind.RECOVERY, "03-03 07:30", "03-20 00:00") == []

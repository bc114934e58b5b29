"""Draft replies: laid ready once, removed or replaced while nobody touched them, and a gap that left is pointed out."""

from __future__ import annotations

from dataclasses import replace

from invented import at
from plan_helpers import ASK, AccountLife, after_digest, kinds, only, promise, reply

from daemon.glossary.actions import ActionKind, SavedDraft
from daemon.glossary.obligations import Ask, Evidence, SourceType
from daemon.planning.plan_inputs import Policy


def test_an_answer_is_laid_ready_once_with_the_first_reminder() -> None:
    life = AccountLife([reply()])
    life.turn(at("03-03 07:30"))
    done = life.live(at("03-03 11:00"), at("03-03 17:30"))
    assert [(f"{moment:%H:%M}", action.key) for moment, action in done if action.kind is ActionKind.DRAFT] == [
        ("12:00", f"draft:{life.obligations[0].key}")
    ]


def test_a_draft_is_not_lost_where_a_turn_was_cut_after_its_reminder() -> None:
    life = AccountLife([reply()], past=after_digest("03-03"))
    actions = life.plan(at("03-03 12:10"))
    assert kinds(actions) == ["remind", "draft"]
    life.past.record(actions[0], actions, at("03-03 12:10"), escalates_to_user=True)
    assert kinds(life.turn(at("03-03 12:11"))) == ["draft"]
    assert life.turn(at("03-03 12:12")) == []


def test_a_draft_is_removed_once_when_its_reply_is_settled_and_not_weeks_later() -> None:
    life = AccountLife([reply()], past=after_digest("03-03"))
    assert kinds(life.turn(at("03-03 12:10"))) == ["remind", "draft"]
    assert life.turn(at("03-03 12:20")) == []
    life.obligations = [reply(closed=at("03-03 12:25"))]
    assert kinds(life.turn(at("03-03 12:30"))) == ["remove_draft"]
    assert life.turn(at("03-03 12:40")) == []


def test_a_draft_about_other_questions_by_now_is_replaced_once_nobody_touched_it() -> None:
    life = AccountLife([reply()], past=after_digest("03-03"))
    life.turn(at("03-03 12:10"))
    life.obligations = [reply(open_asks=(Ask(ASK), Ask("And which finish would you choose?")))]
    assert kinds(life.turn(at("03-03 12:20"))) == ["remove_draft"]
    assert kinds(life.turn(at("03-03 12:30"))) == ["draft"]
    assert life.turn(at("03-03 12:40")) == []


def test_a_draft_that_the_user_wrote_in_gets_no_other_beside_it() -> None:
    life = AccountLife([reply()], past=after_digest("03-03"))
    life.turn(at("03-03 12:10"))
    life.obligations = [reply(open_asks=(Ask(ASK), Ask("And which finish would you choose?")))]
    life.turn(at("03-03 12:20"))
    key = life.obligations[0].key
    life.past.saved_drafts[key] = replace(life.past.saved_drafts[key], removed=False)
    assert life.live(at("03-03 12:30"), at("03-03 17:00")) == []


def test_what_was_settled_without_a_draft_or_long_ago_has_none_removed() -> None:
    life = AccountLife([reply(closed=at("03-03 12:25"))], past=after_digest("03-03"))
    assert life.turn(at("03-03 12:30")) == []
    life.past.saved_drafts[life.obligations[0].key] = SavedDraft("draft:d", "<d@x>", "", "")
    assert only(life.turn(at("03-20 12:30")), ActionKind.REMOVE_DRAFT) == []


def test_a_reply_that_left_with_a_gap_is_pointed_out_once_beside_what_is_due() -> None:
    life = AccountLife([reply()], past=after_digest("03-03"))
    life.turn(at("03-03 12:10"))
    sent = Evidence(SourceType.MESSAGE, "<gap@northwind.example>", at("03-03 12:15"), "[your answer]")
    life.obligations = [reply(empty=sent)]
    (reminder,) = life.turn(at("03-03 12:20"))
    assert reminder.stages == ("gap",)
    assert life.live(at("03-03 12:30"), at("03-03 17:00")) == []


def test_a_promise_has_no_draft_and_drafts_can_be_switched_off() -> None:
    assert only(AccountLife([promise("03-03 12:00")]).turn(at("03-03 11:30")), ActionKind.DRAFT) == []
    assert only(AccountLife([reply()], policy=Policy(drafts=False)).turn(at("03-03 12:10")), ActionKind.DRAFT) == []

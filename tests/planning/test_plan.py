"""What is done when: once each, in working hours, announced first where it reaches a client."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import invented
import pytest
from invented import at, owed
from plan_helpers import ADDRESS, ASK, AccountLife, after_digest, invited, kinds, only, promise, reply, review

from connectors.calendar import Busy
from daemon.core import hours
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.assessments import Coverage
from daemon.glossary.charter import Interval, WorkingHours
from daemon.glossary.decisions import Decision, Verb
from daemon.glossary.obligations import Evidence, Kind, SourceType
from daemon.planning import plan
from daemon.planning.plan_inputs import mention_of

# the digest


def test_a_digest_comes_each_working_morning_and_only_then() -> None:
    done = AccountLife().live(at("03-02 00:00"), at("03-09 00:00"))
    assert [f"{moment:%a %H:%M}" for moment, _ in done] == ["Mon 07:30", "Tue 07:30", "Wed 07:30", "Thu 07:30", "Fri 07:30"]


def test_a_holiday_has_no_digest() -> None:
    assert AccountLife().turn(datetime(2026, 4, 3, 8, tzinfo=UTC)) == []


def test_a_machine_that_slept_sends_the_digest_when_it_wakes() -> None:
    (digest,) = AccountLife().turn(at("03-04 14:10"))
    assert digest.key == f"digest:{ADDRESS}:2026-03-04"


def test_after_the_days_work_the_digest_is_not_sent_any_more() -> None:
    assert AccountLife().turn(at("03-04 17:30")) == []
    assert kinds(AccountLife().turn(at("03-04 17:29"))) == ["digest"]


def test_a_clock_that_steps_back_makes_no_second_digest() -> None:
    life = AccountLife()
    assert kinds(life.turn(at("03-04 09:00"))) == ["digest"]
    assert life.turn(at("03-04 07:31")) == []


def test_a_digest_that_was_stopped_is_not_sent() -> None:
    life = AccountLife(decisions=[Decision(f"digest:{ADDRESS}:2026-03-04", Verb.VETO, at("03-03 18:00"), ADDRESS)])
    assert life.turn(at("03-04 08:00")) == []


def test_what_the_digest_calls_overdue_is_not_said_again_by_a_reminder() -> None:
    life = AccountLife([promise("03-03 17:30")])
    life.past.mentions[mention_of(life.obligations[0], "due_soon")] = at("03-03 15:00")
    assert kinds(life.turn(at("03-04 07:30"))) == ["digest"]
    assert life.live(at("03-04 08:00"), at("03-04 17:00")) == []


def test_a_digest_sent_late_and_a_reminder_do_not_say_the_same_at_once() -> None:
    assert kinds(AccountLife([promise("03-04 12:00")]).turn(at("03-04 14:10"))) == ["digest"]


# reminders


def reminders(life: AccountLife) -> list[str]:
    done = life.live(at("03-03 09:00"), at("03-03 17:30"), timedelta(minutes=1))
    return [f"{moment:%H:%M}" for moment, action in done if action.kind is ActionKind.REMIND]


def test_what_would_be_said_in_quiet_hours_is_said_before_them() -> None:
    usual = AccountLife([reply()])
    usual.turn(at("03-03 07:30"))
    (soon, *_) = reminders(usual)
    quiet = Interval(time(int(soon[:2])), time(int(soon[:2]) + 1))
    life = AccountLife([reply()], replace(invented.DANA, quiet=(quiet,)))
    life.turn(at("03-03 07:30"))
    (before, *_) = reminders(life)
    assert before < f"{quiet.start:%H:%M}" <= soon


def test_a_reminder_comes_before_the_breach_and_the_next_digest_says_that_it_happened() -> None:
    life = AccountLife([reply()])
    life.turn(at("03-03 07:30"))
    done = life.live(at("03-03 11:00"), at("03-04 17:30"), timedelta(minutes=1))
    said = [(f"{moment:%d %H:%M}", action.kind, action.stages) for moment, action in done if action.kind is not ActionKind.DRAFT]
    assert said == [("03 12:00", ActionKind.REMIND, ("due_soon",)), ("04 07:30", ActionKind.DIGEST, ("overdue",))]


def test_what_nobody_was_warned_of_is_said_once_its_time_has_passed() -> None:
    life = AccountLife([reply()], past=after_digest("03-03"))
    assert kinds(life.turn(at("03-03 14:00"))) == ["remind", "draft"]


def test_a_settled_obligation_is_not_spoken_of() -> None:
    life = AccountLife([replace(reply(), closed=at("03-03 11:30"))])
    life.turn(at("03-03 07:30"))
    assert life.live(at("03-03 11:00"), at("03-03 17:30")) == []


def test_what_does_not_count_raises_no_reminder() -> None:
    assert kinds(AccountLife([reply(counts=False)]).turn(at("03-03 14:00"))) == ["digest"]


def test_what_the_client_owes_raises_no_reminder() -> None:
    waiting = owed("Acme Ltd", "kim", "I'll send the PO", "03-02 11:00", "03-03 12:00", Kind.WAITING_FOR)
    assert kinds(AccountLife([waiting]).turn(at("03-03 14:00"))) == ["digest"]


def test_nothing_is_said_at_night() -> None:
    due_at_night = owed("Acme Ltd", "kim", ASK, "03-03 19:00", "03-04 02:00")
    by_the_clock = replace(due_at_night, remind_at=at("03-04 01:00"), created=at("03-03 12:00"))
    done = AccountLife([by_the_clock]).live(at("03-03 00:00"), at("03-04 23:00"))
    assert all(hours.is_open(invented.HOURS, moment) for moment, action in done if action.kind is not ActionKind.DIGEST)


def test_a_reminder_for_the_night_is_brought_forward_into_the_day() -> None:
    due_at_night = replace(owed("Acme Ltd", "kim", ASK, "03-03 12:00", "03-03 21:00"), remind_at=at("03-03 20:00"))
    life = AccountLife([due_at_night])
    life.turn(at("03-03 07:30"))
    (moment, reminder), *_ = life.live(at("03-03 12:00"), at("03-03 18:00"))
    assert (moment, reminder.stages) == (at("03-03 17:00"), ("due_soon",))


def test_what_becomes_due_soon_a_little_later_goes_with_the_same_mail() -> None:
    second = owed("Birch & Co", "sam", "Which colour?", "03-03 11:20", "03-03 13:20")
    much_later = owed("Delta Marine", "piet", "Which size?", "03-03 11:00", "03-03 17:00")
    life = AccountLife([reply(), second, much_later])
    life.turn(at("03-03 07:30"))
    (reminder,) = only(life.turn(at("03-03 12:00")), ActionKind.REMIND)
    assert [o.client for o in reminder.obligations] == ["Acme Ltd", "Birch & Co"]
    assert life.turn(at("03-03 12:20")) == []


def test_a_chaser_is_news() -> None:
    life = AccountLife([reply()])
    life.turn(at("03-03 07:30"))
    assert "remind" in kinds(life.turn(at("03-03 12:10")))
    assert life.turn(at("03-03 12:20")) == []
    life.obligations = [reply(asks=(ASK, "Any news?"))]
    assert kinds(life.turn(at("03-03 12:30"))) == ["remind"]
    assert life.turn(at("03-03 12:40")) == []


def test_a_promise_that_the_client_asks_for_is_said_again_before_it_is_due() -> None:
    life = AccountLife([promise("03-03 17:00")])
    life.live(at("03-03 07:00"), at("03-03 16:00"))
    asked = Evidence(SourceType.MESSAGE, "<voicemail>", at("03-03 16:10"), "You said you'd ring this afternoon")
    life.obligations = [replace(o, chased=(asked,), evidence=(*o.evidence, asked)) for o in life.obligations]
    assert kinds(life.turn(at("03-03 16:30"))) == ["remind"]
    assert life.turn(at("03-03 16:40")) == []


def test_the_end_of_a_snooze_is_news() -> None:
    life = AccountLife([promise("03-03 12:00")])
    life.turn(at("03-03 12:30"))
    life.obligations = [replace(life.obligations[0], snoozed_until=at("03-05 10:00"))]
    done = life.live(at("03-03 13:00"), at("03-05 12:00"))
    told = [f"{moment:%a %H:%M} {action.kind.value}" for moment, action in done]
    assert told == ["Wed 07:30 digest", "Thu 07:30 digest", "Thu 10:00 remind"]


def test_a_snooze_that_ends_overnight_is_told_by_the_digest() -> None:
    life = AccountLife([promise("03-03 12:00")])
    life.turn(at("03-03 12:30"))
    life.obligations = [replace(life.obligations[0], snoozed_until=at("03-05 00:00"))]
    done = life.live(at("03-05 00:00"), at("03-05 12:00"))
    assert [(action.kind.value, action.obligations) for _, action in done] == [("digest", tuple(life.obligations))]


def test_five_mails_a_day_are_enough() -> None:
    many = [owed("Acme Ltd", "kim", f"Question {n}?", f"03-03 {n:02}:00", f"03-03 {n + 2}:00") for n in (9, 10, 11, 12, 13, 14)]
    life = AccountLife(many)
    life.turn(at("03-03 07:30"))
    done = life.live(at("03-03 09:00"), at("03-03 17:30"), timedelta(minutes=5))
    assert len([action for _, action in done if action.kind is ActionKind.REMIND]) == 5


def test_no_breach_is_claimed_past_a_gap() -> None:
    unread = [Coverage(ADDRESS, "mail imap.northwind.example", at("03-03 12:30"), "wrong password", at("03-03 12:30"))]
    life = AccountLife([reply()], coverage=unread, past=after_digest("03-03"))
    assert kinds(life.turn(at("03-03 12:20"))) == ["remind", "draft"]
    life.past = replace(life.past, actions=life.past.actions | after_digest("03-04").actions)
    assert life.live(at("03-04 08:00"), at("03-04 17:30")) == []
    life.coverage = None
    assert kinds(life.turn(at("03-04 17:00"))) == ["remind"]


def test_a_dead_calendar_does_not_silence_what_the_mail_shows() -> None:
    calendar = Coverage(ADDRESS, "calendar dav.northwind.example", None, "unreachable", is_calendar=True)
    life = AccountLife([reply()], coverage=[*invented.everything_read(at("03-03 12:21"))[:1], calendar])
    assert "remind" in kinds(life.turn(at("03-03 12:20")))


def test_a_single_reminder_can_be_stopped_beforehand() -> None:
    life = AccountLife([reply(), owed("Birch & Co", "sam", "Which colour?", "03-03 11:00", "03-03 13:00")])
    coming = [a for a in life.upcoming(at("03-03 11:10")) if a.kind is ActionKind.REMIND and a.client == "Acme Ltd"]
    life.decisions = [Decision(coming[0].key, Verb.VETO, at("03-03 11:15"), ADDRESS)]
    (reminder,) = only(life.turn(at("03-03 12:10")), ActionKind.REMIND)
    assert [o.client for o in reminder.obligations] == ["Birch & Co"]


# reviews


def test_a_review_is_announced_one_morning_and_booked_the_next() -> None:
    life = AccountLife([review()])
    assert invited(life, "03-02 07:00", "03-20 00:00") == [("Tue 03 09:00", "Fri 06 09:00")]
    assert list(life.past.announcements) == [("review:Birch & Co:2026-03-20", at("03-06 09:00"))]


def test_the_announced_time_stays_though_an_earlier_one_became_free() -> None:
    life = AccountLife([review()], busy=[Busy(at("03-06 09:00"), at("03-06 12:00"))])
    life.turn(at("03-02 07:30"))
    life.busy = ()
    assert invited(life, "03-02 08:00", "03-20 00:00") == [("Tue 03 09:00", "Fri 06 12:00")]


def test_a_time_that_was_taken_meanwhile_is_announced_anew() -> None:
    life = AccountLife([review()])
    life.turn(at("03-02 07:30"))
    life.busy = [Busy(at("03-06 09:00"), at("03-06 17:30"))]
    assert invited(life, "03-02 08:00", "03-20 00:00") == [("Wed 04 09:00", "Mon 09 09:00")]


def test_a_calendar_that_cannot_be_read_offers_no_time() -> None:
    life = AccountLife([review()], busy=None)
    assert invited(life, "03-02 07:00", "03-06 00:00") == []
    assert only(life.upcoming(at("03-03 08:00")), ActionKind.REVIEW) == []


def test_a_calendar_that_died_after_the_announcement_holds_the_invite_back() -> None:
    life = AccountLife([review()])
    life.turn(at("03-02 07:30"))
    life.busy = None
    assert invited(life, "03-02 08:00", "03-03 15:00") == []
    life.busy = ()
    assert invited(life, "03-03 15:00", "03-04 00:00") == [("Tue 03 15:00", "Fri 06 09:00")]


def test_a_vetoed_review_is_never_booked() -> None:
    life = AccountLife([review()])
    life.turn(at("03-02 07:30"))
    life.decisions = [Decision("review:Birch & Co:2026-03-20", Verb.VETO, at("03-02 12:00"), ADDRESS)]
    assert invited(life, "03-02 12:00", "03-20 00:00") == []


def test_a_veto_holds_and_can_be_taken_back() -> None:
    life = AccountLife([review()])
    life.turn(at("03-02 07:30"))
    target = "review:Birch & Co:2026-03-20"
    life.decisions = [Decision(target, Verb.VETO, at("03-02 12:00"), ADDRESS)]
    assert invited(life, "03-02 12:00", "03-03 12:00") == []
    life.decisions.append(Decision(target, Verb.UNDO, at("03-03 12:00"), ADDRESS))
    assert invited(life, "03-03 12:00", "03-04 00:00") == [("Tue 03 12:00", "Fri 06 09:00")]


def test_a_review_that_people_booked_themselves_is_left_to_them() -> None:
    theirs = Evidence(SourceType.EVENT, "uid-of-theirs", at("03-12 10:00"))
    assert invited(AccountLife([review(evidence=(theirs,))]), "03-02 07:00", "03-12 10:00") == []


@pytest.mark.parametrize("contact", [None, "+442079460018"])
def test_a_review_without_a_person_to_invite_is_not_planned(contact: str | None) -> None:
    assert invited(AccountLife([replace(review(), contact=contact)]), "03-02 07:00", "03-20 00:00") == []


def test_another_accounts_client_is_left_to_its_owner() -> None:
    owned = tuple(replace(c, owner="lee@northwind.example") for c in invented.OFFICE.clients)
    assert invited(AccountLife([review()], office=replace(invented.OFFICE, clients=owned)), "03-02 07:00", "03-20 00:00") == []


def test_a_review_is_not_booked_months_ahead() -> None:
    assert only(AccountLife([review("05-20 09:00")]).upcoming(at("03-02 08:00")), ActionKind.REVIEW) == []


def test_a_late_review_is_still_offered() -> None:
    assert invited(AccountLife([review("03-03 09:00")]), "03-02 07:00", "03-20 00:00") == [("Tue 03 09:00", "Fri 06 09:00")]


def test_nothing_reaches_a_client_unannounced_after_a_long_sleep() -> None:
    life = AccountLife([review()])
    life.turn(at("03-02 07:30"))
    assert invited(life, "03-09 07:30", "03-11 00:00") == [("Tue 10 09:00", "Fri 13 09:00")]


# what comes next


def test_upcoming_tells_the_next_digest_reminder_and_invite_in_order() -> None:
    life = AccountLife([reply("03-03 11:00", "03-03 13:00"), review()], past=after_digest("03-03"))
    coming = [(action.kind.value, f"{action.at:%a %H:%M}") for action in life.upcoming(at("03-03 11:05"))]
    assert coming == [("remind", "Tue 12:00"), ("digest", "Wed 07:30"), ("review", "Thu 09:00")]


def test_upcoming_on_a_friday_evening_names_mondays_digest() -> None:
    (digest,) = AccountLife().upcoming(at("03-06 18:00"))
    assert digest.at == at("03-09 07:30")


def test_what_upcoming_says_is_what_happens() -> None:
    life = AccountLife([reply("03-03 16:50", "03-04 10:20"), promise("03-04 15:00"), review()])
    now = at("03-03 17:00")
    life.past = after_digest("03-03")
    coming = life.upcoming(now)
    mentioned = {mention: action.at for action in coming for mention in plan.mentions_of(action)}
    done = {action.key: action.at for action in coming if action.kind is not ActionKind.REMIND}
    life.live(now, at("03-06 00:00"))
    happened = [(life.past.mentions[m], moment) for m, moment in mentioned.items() if m in life.past.mentions]
    happened += [(life.past.actions[key], moment) for key, moment in done.items() if key in life.past.actions]
    assert len(happened) > 3
    for real, moment in happened:
        assert timedelta() <= real - moment <= timedelta(minutes=10) or moment - real <= plan.BATCHED


# a quarter


@pytest.mark.parametrize("zone", ["Europe/London", "America/New_York"])
def test_a_quarter_of_turns_says_everything_once_and_nothing_at_night(zone: str) -> None:
    working = WorkingHours(zone, invented.HOURS.week, invented.HOURS.holidays)
    account = replace(invented.DANA, hours=working)
    local = ZoneInfo(zone)
    start, end = datetime(2026, 2, 16, tzinfo=UTC), datetime(2026, 5, 11, tzinfo=UTC)
    asked = [start + timedelta(hours=19 * n) for n in range(100)]
    obligations = []
    for n, came in enumerate(asked):
        due = hours.add(working, came, hours.parse_allowance("1 day" if n % 3 else "4h"))
        o = owed(invented.NAMES[n % 8], "kim", f"Question {n}?", "02-16 09:00", None)
        o = replace(o, created=came, due=due, closed=due + timedelta(hours=30 * (n % 4 - 2)))
        lapses = hours.working_days_after(working, due, 10)
        obligations.append(replace(o, remind_at=hours.remind_at(working, came, due), lapses=lapses))
    life = AccountLife(account=account)
    done: list[tuple[datetime, Action]] = []
    now = start
    while now < end:
        life.obligations = [o for o in obligations if o.created <= now]
        done += [(now, action) for action in life.turn(now)]
        now += timedelta(minutes=20)
        if now == datetime(2026, 3, 10, 15, tzinfo=UTC):
            now += timedelta(hours=20)  # a suspend
        if now == datetime(2026, 3, 24, 14, tzinfo=UTC):
            done += [(now - timedelta(hours=2), action) for action in life.turn(now - timedelta(hours=2))]  # the clock steps back
    digests = [moment.astimezone(local).date() for moment, action in done if action.kind is ActionKind.DIGEST]
    every_day = [date(2026, 2, 16) + timedelta(days=n) for n in range(84)]
    assert digests == [d for d in every_day if hours.is_working_day(working, d)]
    keys = [action.key for _, action in done]
    mentioned = [mention for _, action in done for mention in plan.mentions_of(action)]
    assert (len(keys), len(mentioned)) == (len(set(keys)), len(set(mentioned)))
    silent = (ActionKind.DIGEST, ActionKind.REMOVE_DRAFT)  # a removal says nothing to anybody
    spoken = [moment for moment, action in done if action.kind not in silent]
    assert len(spoken) > 60
    assert all(hours.is_open(working, moment) for moment in spoken)
    usual = [m.astimezone(local).time() for m, a in done if a.kind is ActionKind.DIGEST and a.key[-10:] != "2026-03-11"]
    assert all(time(7, 30) <= moment <= time(7, 50) for moment in usual)

"""A clock that was moved is found by the machine's own count of seconds, and what was stored in a wrong future blocks nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from office import DANA, KIM, Office, only
from week import at

from daemon.commands.sync import read_sources
from daemon.core import hours
from daemon.cycle import turn
from daemon.errors import CannotDo
from daemon.glossary.decisions import Decision, Verb
from daemon.operations.owed import obligations_at
from daemon.service.clock_guard import ClockGuard

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
YEAR_2030 = datetime(2030, 1, 7, 9, tzinfo=UTC)


def guard(folder: Path, boot: str = "one") -> ClockGuard:
    return ClockGuard(folder, lambda: boot)


@pytest.mark.parametrize("step", [timedelta(hours=-3), timedelta(days=3), timedelta(days=730), timedelta(minutes=6)])
def test_a_step_either_way_is_doubted_until_two_turns_agree_on_the_new_time(tmp_path: Path, step: timedelta) -> None:
    clock = guard(tmp_path)
    assert clock.check(NOW, 1000)
    assert not clock.check(NOW + step, 1000)
    assert "went " in (clock.problem or "")
    assert not clock.check(NOW + step + timedelta(seconds=1), 1001), "a second turn in a burst is no agreement"
    assert clock.check(NOW + step + timedelta(seconds=30), 1030)
    assert (clock.problem, clock.trusted) == (None, 2)


def test_a_clock_that_is_wrong_for_one_turn_is_believed_again_at_once(tmp_path: Path) -> None:
    clock = guard(tmp_path)
    assert clock.check(NOW, 1000)
    assert not clock.check(NOW + timedelta(days=3), 1030)
    assert clock.check(NOW + timedelta(minutes=1), 1060)
    assert clock.trusted == 1, "nothing was done meanwhile"


def test_a_clock_that_steps_at_every_turn_is_never_believed(tmp_path: Path) -> None:
    clock = guard(tmp_path)
    assert clock.check(NOW, 1000)
    assert not any(clock.check(NOW + n * HOUR, 1000 + 30 * n) for n in range(1, 20))


def test_a_suspend_is_no_step(tmp_path: Path) -> None:
    clock = guard(tmp_path)
    assert clock.check(NOW, 1000)
    assert clock.check(NOW + 16 * HOUR, 1000 + 16 * 3600)


@pytest.mark.parametrize("drift", [500e-6, -500e-6, 11.6e-6])
def test_a_clock_that_is_slewed_or_smeared_is_followed(tmp_path: Path, drift: float) -> None:
    clock = guard(tmp_path)
    assert all(clock.check(NOW + timedelta(seconds=n * 30 * (1 + drift)), 1000 + n * 30) for n in range(20_000))


def test_small_steps_do_not_add_up_unseen(tmp_path: Path) -> None:
    clock = guard(tmp_path)
    assert not all(clock.check(NOW + n * timedelta(minutes=4, seconds=30), 1000 + n * 30) for n in range(4))


def test_a_step_while_kept_was_not_running_is_found_at_its_start(tmp_path: Path) -> None:
    assert guard(tmp_path).check(NOW, 1000)
    assert not guard(tmp_path).check(NOW - 3 * HOUR, 1600)
    assert guard(tmp_path).check(NOW + timedelta(minutes=10), 1600), "the clock that was right is right at once"


def test_after_a_start_of_the_machine_two_turns_must_agree(tmp_path: Path) -> None:
    assert guard(tmp_path, "one").check(NOW, 1000)
    clock = guard(tmp_path, "two")
    assert not clock.check(NOW - timedelta(days=700), 20)
    assert not clock.check(NOW + HOUR, 50), "a time server was reached"
    assert clock.check(NOW + HOUR + timedelta(seconds=30), 80)


def test_a_time_before_this_program_existed_is_never_believed(tmp_path: Path) -> None:
    clock = guard(tmp_path)
    assert not any(clock.check(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=30 * n), 30.0 * n) for n in range(10))
    assert clock.problem is not None
    assert "1 Jan 1970" in clock.problem
    assert not clock.check(NOW, 330)
    assert clock.check(NOW + timedelta(seconds=30), 360)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"boot": "one"}', '{"boot": "one", "wall": "x", "since_boot": null}', "\x00"])
def test_a_damaged_record_is_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "clock.json").write_text(text)
    assert guard(tmp_path).check(NOW, 1000)


def test_a_turn_in_doubt_reads_drops_books_and_sends_nothing(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.mail(at(0, 6), KIM, DANA, "Can you send me the revised quote?")
    with office.app() as app:
        app.begin(at(0, 7))
        turn(only(app), datetime(2028, 3, 2, 9, tzinfo=UTC), steady=False)
        assert not app.store.message_ids(DANA)
        assert app.store.expired_on(DANA) is None
    assert office.sent() == []


# what was stored in a wrong future


def test_after_a_first_start_in_2030_everything_is_reminded_of_once_the_time_is_right(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.mail(at(-1, 10), KIM, DANA, "Could you tell me the price of the second line?", name="old")
    office.live(YEAR_2030, YEAR_2030 + HOUR)
    office.live(at(0, 9, 30))
    office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?", name="new")
    office.live(at(0, 10, 30), at(0, 11), at(0, 11, 30))
    reminders = [m for m in office.sent() if "revised quote" in m.text and m.date < YEAR_2030]
    assert [m.date for m in reminders] == [at(0, 11)]
    with office.app() as app:
        assert app.store.texts(DANA, ("<old@acme.example>",)), "texts that were dropped in 2030 are read again"
        assert all(c.seen_until and c.seen_until <= at(0, 12) for c in app.store.coverage(DANA))


def test_a_turn_three_days_ahead_costs_no_later_digest_and_no_later_reminder(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?")
    office.live(at(0, 10, 5))
    office.live(at(3, 10, 5))
    office.live(*(at(day, hour, 10) for day in (0, 1, 2, 3, 4) for hour in (8, 11, 15) if day or hour > 10))
    kept = [m for m in office.sent() if m.subject.startswith("Kept, ")]
    days = [m.date.date().isoformat() for m in kept]
    assert sorted(days) == sorted([*("2026-03-02", "2026-03-03", "2026-03-04", "2026-03-05", "2026-03-06"), "2026-03-05"])
    said = [m.date for m in office.sent() if "revised quote" in m.text and m not in kept]
    assert any(date.date() == at(0, 0).date() for date in said), "what became due on Monday is said on Monday"


def test_a_decision_taken_in_a_wrong_future_counts_at_once(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?")
    office.live(at(0, 10, 5))
    with office.app() as app:
        (owed,) = [o for o in obligations_at(app, at(0, 10, 6)) if o.kind == "reply"]
        app.store.add_decision(DANA, Decision(owed.key, Verb.DONE, YEAR_2030, DANA))
    office.live(at(0, 10, 30))
    with office.app() as app:
        assert [o for o in obligations_at(app, at(0, 10, 31)) if o.kind == "reply"] == []


def test_a_parcel_that_waits_until_a_wrong_future_is_tried_now(tmp_path: Path) -> None:
    office = Office(tmp_path)
    (office.folder / "outbox").write_text("in the way of every mail")
    office.live(at(0, 10), at(0, 13))
    (office.folder / "outbox").unlink()
    office.live(at(0, 9))
    assert [m.subject for m in office.sent()]


def test_a_clock_that_is_behind_the_mail_puts_nothing_right(tmp_path: Path) -> None:
    office = Office(tmp_path)
    for n in range(4):
        office.mail(at(-10 - n, 10), KIM, DANA, f"Could you tell me the price of item {n}?")
    office.live(at(-20, 9))
    office.live(at(0, 9))
    with office.app() as app:
        app.begin(at(-300, 9))
        started = app.store.meta("started")
    assert started is not None
    assert datetime.fromisoformat(started) == at(-20, 0)


def test_a_turn_in_1970_changes_nothing_for_the_turns_after_it(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?")
    office.live(at(0, 9), datetime(1970, 1, 1, 9, tzinfo=UTC), *(at(0, 11) + n * HOUR / 2 for n in range(4)))
    mails = [f.read_text() for f in (office.folder / "outbox").glob("*.eml")]
    said = [m for m in mails if "revised quote" in m and "Subject: Kept, " not in m]
    assert len(said) == 1
    assert "Date: Mon, 02 Mar 2026 11:00:00" in said[0]


def test_hours_do_not_ask_the_machine_for_its_time_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time  # for this test alone

    office = Office(tmp_path)
    with office.app() as app:
        working = only(app).account.hours
        seen = set()
        for zone in ("UTC", "Pacific/Auckland", "America/New_York"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            seen.add(hours.local_date(working, NOW))
    monkeypatch.undo()
    time.tzset()
    assert seen == {NOW.date()}


def test_mail_that_was_read_with_the_clock_years_ahead_is_not_lost_as_too_old(tmp_path: Path) -> None:
    """`kept sync` alone never drops old texts, so that nothing else has the mail read again."""
    office = Office(tmp_path)
    office.mail(at(0, 7), KIM, DANA, "Can you call me today?", name="first", subject="Call")
    with office.app() as app:
        read_sources(app, at(0, 9))
    office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?", name="lost")
    with office.app() as app:
        read_sources(app, YEAR_2030)
        read_sources(app, at(0, 11))
        assert [o.quote for o in obligations_at(app, at(0, 11)) if o.quote and "revised quote" in o.quote]


def test_mail_that_was_dated_back_by_a_clock_that_was_behind_gets_its_own_date_once_that_has_come(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?")
    with office.app() as app:
        read_sources(app, at(-270, 9))
        read_sources(app, at(0, 11))
        assert [(o.created, o.due) for o in obligations_at(app, at(0, 11)) if o.kind == "reply"] == [(at(0, 10), at(0, 12))]
        read_sources(app, at(0, 11, 1))
        assert app.store.meta("mail ahead") is None, "it is read again once"


def test_kept_sync_reads_nothing_by_a_clock_of_1970(tmp_path: Path) -> None:
    office = Office(tmp_path)
    office.mail(at(0, 10), KIM, DANA, "Can you send me the revised quote?")
    with office.app() as app:
        with pytest.raises(CannotDo, match="1 Jan 1970, which cannot be right"):
            read_sources(app, datetime(1970, 1, 1, tzinfo=UTC))
        read_sources(app, at(0, 11))
        assert [o.created for o in obligations_at(app, at(0, 11)) if o.kind == "reply"] == [at(0, 10)]

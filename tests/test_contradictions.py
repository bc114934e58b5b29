"""No letter says what another line of the same morning denies: over the stories, the sample office, and mornings made up at random."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import invented
import pytest
from contradictions import Morning, contradictions, mornings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import NOW, OFFICE, owed
from paths import ROOT
from story import Story, judge, office, tell

from connectors.calendar import Attendee, Event
from daemon import sample
from daemon.analysis import observations
from daemon.app import App
from daemon.commands.sync import read_sources
from daemon.core.infractions import infractions
from daemon.glossary.assessments import Alarm, AlarmKind, Assessment, Recovery, RecoveryStage
from daemon.glossary.obligations import Band, Evidence, Kind, Obligation, SourceType, Strength

LATER = (0, 1, 12)  # days after a story's end
CLIENT = "Acme Ltd"
MEETING = Event("line", NOW + timedelta(hours=3), NOW + timedelta(hours=4), "Line two", attendees=(Attendee("kim@acme.example"),))


# --- stories ---


def told() -> Iterator[str]:
    """The stories of the standards."""
    for path in sorted((ROOT / "tests/standards").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and any(a.arg == "story" for a in node.args.args):
                text = ast.get_docstring(node)
                if text and "now" in text:
                    yield inspect.cleandoc(text)


def of_story(story: Story) -> Morning:
    firm = office(story.told)
    texts = {m.message_id: f"{m.subject}\n{m.text}" for m in story.told.messages}
    return Morning(firm, firm.accounts[0], story.assessments, story.told.events, texts, story.now)


def test_no_story_ends_in_a_contradiction(*, everything: bool) -> None:
    stories = list(told())
    assert len(stories) > 300
    for text in stories if everything else stories[::5]:
        story = tell(text)
        for days in LATER:
            assert contradictions(of_story(judge(story.told, story.now + timedelta(days=days)))) == [], text


# --- the sample ---


def test_no_morning_of_the_sample_contradicts_itself(tmp_path: Path, *, everything: bool) -> None:
    sample.write_office(tmp_path)
    with App.open(tmp_path / "config.yaml", {}) as app:
        read_sources(app, sample.NOW)
        app.view_as_of(sample.NOW)
        for runtime in app.runtimes.values():
            account, store = runtime.account, runtime.store
            mails = [m.message for m in store.messages(account.address)]
            texts = {m.message_id: f"{m.subject}\n{m.text}" for m in mails}
            days = list(mornings(datetime(2026, 2, 2, 7, 30, tzinfo=UTC), sample.NOW + timedelta(days=14), account))
            for now in days if everything else days[::3]:
                assessed = runtime.ledger.assessments(now)
                events = tuple(store.events(account.address))
                assert contradictions(Morning(app.office, account, assessed, events, texts, now)) == [], now


# --- mornings made up ---


KINDS = (Kind.REPLY, Kind.PROMISE, Kind.CALLBACK, Kind.DELIVERABLE, Kind.WAITING_FOR)


@st.composite
def things(draw: st.DrawFn, number: int) -> Obligation:
    """Something owed within the last months: done in time, early or late, open, missed, hidden, doubtful or waived."""
    created = NOW - timedelta(days=draw(st.integers(0, 110)), hours=draw(st.integers(0, 7)), minutes=number)
    due = created + timedelta(hours=draw(st.sampled_from((2, 24, 24, 72, 72))))
    took = draw(st.sampled_from((0.2, 0.2, 0.9, 0.9, 0.9, 0.9, 0.9, 1.5, None)))
    closed = created + (due - created) * took if took is not None else None
    kind = draw(st.sampled_from(KINDS))
    words = f"words number {number}"
    weak = Evidence(SourceType.MESSAGE, f"<{number}@sign.example>", due, "a sign", Strength.WEAK)
    o = owed(CLIENT, "kim", words, f"{created:%m-%d %H:%M}", None, kind) if created.year == 2026 else None
    o = o or owed(CLIENT, "kim", words, "01-02 10:00", None, kind)
    return replace(
        o,
        key=f"<{number}@mail.example>#{number}",
        created=created,
        source=replace(o.source, at=created),
        due=due,
        lapses=due + timedelta(days=14),
        closed=closed if closed is None or closed <= NOW else None,
        snoozed_until=NOW + timedelta(days=1) if draw(st.integers(0, 9)) == 0 else None,
        waived=closed is not None and draw(st.integers(0, 9)) == 0,
        band=draw(st.sampled_from((Band.TRACKED,) * 8 + (Band.ASKED, Band.IGNORED))),
        counts=draw(st.integers(0, 9)) > 0,
        evidence=(weak,) if draw(st.integers(0, 9)) == 0 else (),
        confidence=0.95,
        asks=(words,) if kind in (Kind.REPLY, Kind.CALLBACK) else (),
    )


@st.composite
def waits(draw: st.DrawFn, number: int) -> Obligation:
    """Something that is open, of the last days or from before a report's period, and perhaps hidden until tomorrow."""
    one = draw(things(number))
    due = NOW - timedelta(days=draw(st.integers(0, 9)), hours=1)
    created = due - timedelta(days=draw(st.sampled_from((1, 40))))
    return replace(
        one, created=created, due=due, lapses=due + timedelta(days=14), closed=None, waived=False, evidence=(),
        source=replace(one.source, at=created), snoozed_until=NOW + timedelta(days=1) if draw(st.booleans()) else None,
    )  # fmt: skip


@st.composite
def made_up(draw: st.DrawFn) -> Morning:
    """A morning with one client, with whom little or much went wrong."""
    obligations = tuple(draw(things(n)) for n in range(draw(st.integers(0, 25))))
    if draw(st.booleans()):  # without what went wrong praise is near
        obligations = tuple(o for o in obligations if o.closed is not None and o.due is not None and o.closed <= o.due)
        obligations += tuple(draw(waits(100 + n)) for n in range(draw(st.integers(0, 1))))
    late, is_won_back = infractions(obligations, NOW), draw(st.booleans())
    won_back = Recovery(
        "r", CLIENT, NOW - timedelta(days=5), tuple(i.obligation for i in late), grave=False, stage=RecoveryStage.HELD, needed=5
    )
    alarm = Alarm("left:x", AlarmKind.LEFT, CLIENT, NOW - timedelta(days=2), "Kim seems to have left")
    assessment = Assessment(
        invented.DANA.address, CLIENT, NOW, obligations, (), last_contact=NOW - timedelta(days=1),
        alarms=(alarm,) if draw(st.integers(0, 5)) == 0 else (),
        recovery=won_back if len(late) > 0 and is_won_back else None,
        complained=NOW - timedelta(days=3) if draw(st.integers(0, 5)) == 0 else None,
    )  # fmt: skip
    return Morning(OFFICE, invented.DANA, (assessment,), (MEETING,), {}, NOW)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(morning=made_up())
def test_no_morning_contradicts_itself(morning: Morning) -> None:
    assert contradictions(morning) == []


def test_praise_for_a_client_who_waits_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    early = [
        owed(CLIENT, "kim", f"I'll send part {n}", f"02-{n + 2:02} 09:00", f"02-{n + 4:02} 17:00", Kind.PROMISE) for n in range(8)
    ]
    done = [replace(o, closed=o.created + timedelta(hours=2)) for o in early]
    waits = owed(CLIENT, "kim", "Where is it?", "03-02 10:00", "03-02 12:00")
    morning = Morning(OFFICE, invented.DANA, (Assessment(invented.DANA.address, CLIENT, NOW, (*done, waits), ()),), (), {}, NOW)
    assert contradictions(morning) == []
    monkeypatch.setattr(observations, "is_troubled", lambda _a, _now: False)
    assert len(contradictions(morning)) > 1

"""What holds in every story, whatever happens in it: the balance sums, order does not matter, clients do not influence each other."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from story import Story, judge, office, read, tell
from telling.told import DANA, Told

from daemon.assess import assess
from daemon.core.people import Directory
from daemon.core.timeline import timeline
from daemon.glossary.assessments import Assessment
from daemon.glossary.obligations import Kind, State, Strength, state

BREACHED = (State.OVERDUE, State.MISSED, State.KEPT_LATE)
CLIENT_SAYS = (
    "Can you send the revised quote for the pumps?", "When will the pallets arrive?", "Any news?", "Just following up on this.", "Thanks, perfect.",
    "Never mind, sorted.", "Please call me.", "FYI, our board meets on the 20th.", "I'll send you the purchase order by Friday.",
    "No need to send it any more.", "Could we meet on Thursday at 10?", "I am out of the office until 12 March. [auto-submitted]",
    "Can you pay this today? [dmarc fail]", "Here is the purchase order. [attach: po.pdf]", "Lee, can you help? [to lee] [cc dana]",
    "Good to speak to you today.", "What does the second line cost? [copy]",
)  # fmt: skip
WE_SAY = (
    "The second line costs 400 a month.", "I'm on it, you'll have it by Wednesday.", "Will get back to you.", "Attached is the revised quote for the pumps. [attach: quote.pdf]",
    "I'll call you on Thursday at 14:00.", "Sorry, I'll need until Friday for those.", "Thanks.", "I am out of the office. [auto-submitted]", "Which version do you mean?",
    "I'll send you the drawings by Tuesday.", "Good to speak to you just now.", "The pallets left this morning.",
)  # fmt: skip
THREADS = ("Pumps", "Pallets", "Contract")
HEAD = """charter acme: reply 2h, callback 4h, mon-fri 09:00-17:00 Europe/London
charter beta: reply 1 day
client acme: phone +442079460018"""


@st.composite
def lines(draw: st.DrawFn, clients: Sequence[str] = ("acme", "beta")) -> list[str]:
    """Some weeks of mail, calls, meetings and decisions with two clients."""
    found, day = [], 0
    for _ in range(draw(st.integers(1, 14))):
        day += draw(st.integers(0, 4))
        date = (datetime(2026, 3, 2) + timedelta(days=day)).date()  # noqa: DTZ001  # only its date is used
        clock = f"{draw(st.integers(7, 19)):02d}:{draw(st.integers(0, 59)):02d}"
        client, thread = draw(st.sampled_from(clients)), draw(st.sampled_from(THREADS))
        who = draw(
            st.sampled_from(("client", "dana", "lee", "meeting", "phone") if client == "acme" else ("client", "dana", "meeting"))
        )
        if who == "client":
            found.append(f"{date} {clock} kim@{client} > {draw(st.sampled_from(CLIENT_SAYS))} [thread: {thread}]")
        elif who in {"dana", "lee"}:
            found.append(f"{date} {clock} {who} > {draw(st.sampled_from(WE_SAY))} [thread: {thread}] [to kim@{client}]")
        elif who == "meeting":
            option = draw(st.sampled_from(("", " [cancelled]", " [declined]", " [kept]")))
            found.append(
                f"{date} {clock}-23:00 meeting with kim@{client}: {draw(st.sampled_from(('Call Kim', 'Pumps', 'Visit')))}{option}"
            )
        else:
            found.append(f"{date} {clock} {draw(st.sampled_from(('missed call from', 'call made to')))} +44 20 7946 0018")
        day += clock > "18:00"
    return found


def written(happened: Sequence[str], now: str = "2026-04-30 12:00") -> Story:
    """The story of these lines, which may come in any order."""
    return tell("\n".join((HEAD, *sorted(happened), f"{now} now")))


many = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@many
@given(lines())
def test_every_message_of_a_client_lies_in_exactly_one_bucket(happened: list[str]) -> None:
    story = written(happened)
    wrote = {m.message_id for m in story.told.messages if m.sender.email.startswith("kim@")}
    placed = [p.message_id for a in story.assessments for p in a.balance]
    assert sorted(placed) == sorted(wrote)
    assert sum(story.balance.values()) == len(wrote)
    assert all(p.rule for a in story.assessments for p in a.balance)


def placed(story: Story) -> Counter[tuple[str, str]]:
    """How many messages of each client lie on each day."""
    return Counter((a.client, f"{p.at:%Y-%m-%d}") for a in story.assessments for p in a.balance)


def wrote(story: Story) -> Counter[tuple[str, str]]:
    """How many messages each client wrote on each day, counted by the mails alone."""
    names = {"acme": "Acme", "beta": "Beta"}
    theirs = {m.message_id: m for m in story.told.messages if m.sender.email.startswith("kim@")}  # copies are one
    sides = ((names[m.sender.email.split("@")[1].split(".")[0]], m.date.astimezone(UTC)) for m in theirs.values())
    return Counter((name, f"{day:%Y-%m-%d}") for name, day in sides)


@many
@given(lines())
def test_the_balance_sums_for_every_client_and_day(happened: list[str]) -> None:
    story = written(happened)
    assert placed(story) == wrote(story)


@many
@given(lines(), st.integers(0, 10**6))
def test_without_any_one_message_the_sum_fails(happened: list[str], which: int) -> None:
    story = written(happened)
    theirs = [m for m in story.told.messages if m.sender.email.startswith("kim@")]
    assume(theirs)
    lost = theirs[which % len(theirs)].message_id
    fewer = judge(replace(story.told, messages=[m for m in story.told.messages if m.message_id != lost]), story.now)
    missing = wrote(story) - placed(fewer)
    assert sum(missing.values()) == 1
    assert placed(fewer) != wrote(story)


@many
@given(lines(), st.integers(0, 10**6))
def test_the_order_of_arrival_changes_nothing(happened: list[str], seed: int) -> None:
    story = written(happened)
    assert story.shuffled(seed).assessments == story.assessments


@many
@given(lines())
def test_two_clients_never_influence_each_other(happened: list[str]) -> None:
    both = written(happened)
    for name, mine in (("acme", "@acme"), ("beta", "@beta")):
        alone = written([line for line in happened if mine in line or ("+44" in line and name == "acme")])
        assert _of(alone, name) == _of(both, name)


@many
@given(lines(), st.integers(0, 40), st.integers(9, 16), st.sampled_from(THREADS))
def test_adding_a_human_answer_never_creates_a_breach(happened: list[str], day: int, hour: int, thread: str) -> None:
    date = (datetime(2026, 3, 2) + timedelta(days=day)).date()  # noqa: DTZ001  # only its date is used
    answer = f"{date} {hour:02d}:30 dana > The second line costs 400 a month. [thread: {thread}] [to kim@acme]"
    before, after = written(happened), written([*happened, answer])
    assert _breached(after) <= _breached(before)


@many
@given(lines(), st.integers(0, 50))
def test_as_of_a_moment_nothing_later_is_known(happened: list[str], day: int) -> None:
    story = written(happened)
    moment = story.told.begin + timedelta(days=day, hours=12)
    told = story.told
    earlier = replace(told, messages=[m for m in told.messages if m.date <= moment], events=told.events)
    assert judge(earlier, moment).assessments == judge(told, moment).assessments


@many
@given(lines())
def test_keys_are_unique_and_evidence_is_known_and_no_younger_than_now(happened: list[str]) -> None:
    story = written(happened)
    keys = [o.key for o in story.obligations]
    assert len(keys) == len(set(keys)) == len({o.id for o in story.obligations})
    known = {m.message_id for m in story.told.messages} | {e.uid for e in story.told.events}
    for o in story.obligations:
        assert {e.reference for e in o.evidence} <= known
        assert all(e.at <= story.now for e in o.evidence)
        assert o.source == o.evidence[0]
        assert o.closed is None or o.created <= o.closed <= story.now


@many
@given(lines())
def test_what_the_client_promised_is_never_the_users_debt(happened: list[str]) -> None:
    story = written(happened)
    for o in story.obligations:
        sent = "@northwind.example" in o.source.reference
        assert o.kind is not Kind.WAITING_FOR or not sent
        assert o.kind is not Kind.PROMISE or sent


def test_the_stories_of_these_checks_have_something_in_them() -> None:
    """Checks on stories without obligations would pass for ever."""
    happened = [f"2026-03-{n + 2:02d} 09:00 kim@acme > {says} [thread: {n}]" for n, says in enumerate(CLIENT_SAYS)]
    assert {o.kind for o in written(happened).obligations} == {Kind.REPLY, Kind.CALLBACK, Kind.WAITING_FOR}


def test_time_grows_with_the_messages_and_not_with_their_square() -> None:
    small, large = _cost(300), _cost(1200)
    assert large < 12 * small


def _of(story: Story, name: str) -> Assessment:
    return next(a for a in story.assessments if a.client == name.capitalize())


def _breached(story: Story) -> set[str]:
    """The messages whose obligations were not fulfilled in time: that asked, or in which something was promised, again or first."""
    late = {o.key: o for o in story.obligations if state(o, story.now) in BREACHED}
    asked = {p.message_id for a in story.assessments for p in a.balance if p.obligation in late}
    said = {e.reference for o in late.values() for e in o.evidence if e.at != o.closed and e.strength is Strength.STRONG}
    return asked | said


def long_story(count: int) -> Told:
    """A client with so many messages, a question and its answer in turn, now and then left open."""
    chance = random.Random(count)
    rows, moment = [], datetime(2025, 3, 3, 9)  # noqa: DTZ001  # the story's zone is added where it is told
    for n in range(count):
        moment += timedelta(minutes=chance.randint(5, 400))
        who, says = ("kim@acme", CLIENT_SAYS) if n % 2 == 0 else ("dana", WE_SAY)
        thread = f"Matter {n // 6}"
        to = " [to kim@acme]" if n % 2 else ""
        rows.append(f"{moment:%Y-%m-%d %H:%M} {who} > {chance.choice(says)} [thread: {thread}]{to}")
    return tell("\n".join((HEAD, *rows, "2026-12-31 12:00 now"))).told


def _cost(count: int) -> float:
    told = long_story(count)
    firm = office(told)
    directory, (dana,) = Directory(firm), firm.accounts
    facts = [(m, read(told, dana, m)) for m in told.messages]
    assert told.now is not None
    best = float("inf")
    for _ in range(3):
        began = time.process_time()
        story = timeline(dana, firm.clients[0], facts, told.events, directory, told.now)
        assess(story, (), told.now)
        best = min(best, time.process_time() - began)
    assert dana.address == DANA
    return best

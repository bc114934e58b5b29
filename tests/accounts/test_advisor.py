"""The language model as all accounts share it: how long it is asked, and left alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from servers.chat_server import chat
from servers.web_server import Clock
from store_facts import DANA
from week import at

from connectors.chat import ChatModel
from connectors.errors import ConnectorError
from daemon.accounts.advisor import FIRST_REST, LONGEST_REST, Advisor, Sitting, silent_since
from daemon.advice.material import Question
from daemon.store import Store

pytest_plugins = ("store_places",)
QUESTION = Question("Answer.", "{}", "opinions", {}, 10)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def advisor(clock: Clock) -> Iterator[Advisor]:
    with chat("{}") as server:
        yield Advisor(ChatModel(server.url, "m", time_limit=20), frozenset({"reading"}), 3, clock)


def sitting(advisor: Advisor, state: Store) -> Sitting:
    return advisor.sitting(state, DANA, at(0), at(0))


def test_after_one_account_has_asked_the_others_have_twice_as_long_without_it(
    advisor: Advisor, clock: Clock, state: Store
) -> None:
    asking = sitting(advisor, state)
    clock.now += 5
    asking.end()
    clock.now += 9
    assert advisor.rests()
    clock.now += 2
    assert not advisor.rests()


def test_quick_answers_hold_up_nobody(advisor: Advisor, clock: Clock, state: Store) -> None:
    asking = sitting(advisor, state)
    clock.now += 1
    asking.end()
    assert not advisor.rests()


def test_nothing_is_begun_in_the_second_half_of_the_time(advisor: Advisor, clock: Clock, state: Store) -> None:
    asking = sitting(advisor, state)
    assert asking.ask(QUESTION) == "{}"
    clock.now += 11
    assert asking.ask(QUESTION) is None
    assert asking.more


def test_nothing_is_asked_beyond_the_budget(advisor: Advisor, state: Store) -> None:
    asking = sitting(advisor, state)
    assert [asking.ask(QUESTION) for _ in range(4)] == ["{}", "{}", "{}", None]
    assert not asking.more


def test_each_failure_doubles_the_rest_up_to_an_hour(advisor: Advisor, clock: Clock, state: Store) -> None:
    rests = []
    for _ in range(7):
        advisor.failed(state, ConnectorError("no answer"), at(0))
        begun = clock.now
        while advisor.rests():
            clock.now += 60
        rests.append(clock.now - begun)
    assert rests[:3] == [FIRST_REST, 2 * FIRST_REST, 4 * FIRST_REST]
    assert rests[-1] == LONGEST_REST


def test_its_silence_lasts_from_the_first_failure_to_the_next_answer(advisor: Advisor, state: Store) -> None:
    advisor.failed(state, ConnectorError("no answer"), at(0))
    advisor.failed(state, ConnectorError("no answer"), at(1))
    assert (silent_since(state), advisor.trouble) == (at(0), "no answer")
    advisor.answered(state)
    assert (silent_since(state), advisor.trouble) == (None, "")

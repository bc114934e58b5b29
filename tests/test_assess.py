"""The error boundaries of an assessment: a part that raises for one client leaves its other parts and the other clients whole."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from story import Story, tell

from daemon.analysis import slipping_away
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.history import History
from daemon.glossary.assessments import Assessment
from daemon.glossary.obligations import Kind, Obligation
from daemon.standards import reply

OFFICE = """
charter   acme: reply 2h, mon-fri 09:00-17:00 Europe/London
charter   birch: reply 2h
charter   cobalt: reply 2h
business  acme
Mon 09:00 kim@acme > Can you send the revised quote?
Mon 09:10 dana > I'll send you the drawings by Wednesday. [to kim@acme] [new thread: Drawings]
Mon 09:20 ben@birch > Can you send the plan?
Mon 09:30 cara@cobalt > What does the second line cost?
Mon 12:00 now
"""


def by_client(story: Story) -> dict[str, Assessment]:
    """The assessment of each client."""
    return {assessment.client: assessment for assessment in story.assessments}


def raises_for(client: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that raises, with words of a mail in the exception, where it is called for that client."""

    def wrapped(of: Any, *rest: Any, **named: Any) -> Any:
        timeline = of.timeline if isinstance(of, AssessmentInputs) else of
        if timeline.client.name == client:
            raise KeyError("Can you send the revised quote?")
        return function(of, *rest, **named)

    return wrapped


def test_a_standard_that_raises_for_one_client_of_three_changes_nothing_for_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = by_client(tell(OFFICE))
    monkeypatch.setattr(reply, "owed", raises_for("Acme", reply.owed))
    broken = by_client(tell(OFFICE))
    assert (broken["Birch"], broken["Cobalt"]) == (whole["Birch"], whole["Cobalt"])
    assert [o for o in whole["Acme"].obligations if o.kind is not Kind.REPLY] == list(broken["Acme"].obligations)
    assert broken["Acme"].balance == whole["Acme"].balance
    assert broken["Acme"].failures == ("reply: KeyError",)
    assert whole["Acme"].failures == ()


def test_a_standard_that_raises_halfway_owes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    owed = reply.owed

    def halfway(inputs: AssessmentInputs, history: History) -> Iterator[Obligation]:
        yield from owed(inputs, history)
        raise ZeroDivisionError

    monkeypatch.setattr(reply, "owed", halfway)
    acme = by_client(tell(OFFICE))["Acme"]
    assert Kind.REPLY not in {o.kind for o in acme.obligations}
    assert acme.failures == ("reply: ZeroDivisionError",)


@pytest.mark.parametrize(
    ("module", "name", "part", "left_out"),
    [
        ("daemon.assess", "balance", "balance", {"balance": ()}),
        ("daemon.core.recovery", "follow", "recovery", {}),
        ("daemon.core.recovery", "owed", "recovery meeting", {}),
        (slipping_away.__name__, "alarms", "alarms", {}),
    ],
)
def test_every_other_part_has_a_wall_of_its_own(
    module: str, name: str, part: str, left_out: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = by_client(tell(OFFICE))
    target = f"{module}.{name}"
    monkeypatch.setattr(target, raises_for("Acme", pytest.importorskip(module).__dict__[name]))
    broken = by_client(tell(OFFICE))
    assert broken == whole | {"Acme": replace(whole["Acme"], failures=(f"{part}: KeyError",), **left_out)}

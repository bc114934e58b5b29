"""The standards: each can be switched off, and what they owe can be explained."""

from __future__ import annotations

import pytest
from story import Story, tell

from daemon import standards
from daemon.glossary.obligations import Kind

EVERYTHING = """
charter   acme: reply 2h{reply}, callback 4h{callback}, next step 2 days{next}, review 3 months{review}{promise}, mon-fri 09:00-17:00 Europe/London
client    acme: phone +442079460018
charter   beta: next step 2 days
business  acme
business  beta
2026-01-05 09:00 kim@acme > What does the second line cost?
2026-01-06 09:00 missed call from +44 20 7946 0018
2026-01-07 09:00 dana > I'll send you the drawings by Friday. [to kim@acme] [new thread: Drawings]
2026-01-07 10:00 kim@acme > I'll send you the purchase order by Friday. [thread: Drawings]
2026-01-07 10:00 kim@beta > What does the second line cost?
2026-01-07 11:00 dana > It costs 400 a month. [to kim@beta]
2026-04-02 09:00 now
"""


def everything(**off: str) -> Story:
    """A client to whom a thing of every standard is owed; name a standard to switch it off."""
    extras = {name: off.get(name, "") for name in ("reply", "callback", "next", "review", "promise")}
    return tell(EVERYTHING.format(**extras))


def test_each_standard_owes_its_kind() -> None:
    assert {o.kind for o in everything().obligations} == {
        Kind.REPLY, Kind.CALLBACK, Kind.PROMISE, Kind.WAITING_FOR, Kind.NEXT_STEP, Kind.REVIEW,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("reply", {Kind.REPLY}),
        ("callback", {Kind.CALLBACK}),
        ("promise", {Kind.PROMISE, Kind.WAITING_FOR}),
        ("review", {Kind.REVIEW}),
    ],
)
def test_a_charter_can_switch_a_standard_off(name: str, kinds: set[Kind]) -> None:
    spoken = {o.kind for o in everything(**{name: f", {name} off"}).obligations if o.client == "Acme"}
    assert not spoken & kinds
    assert spoken


def test_every_line_of_the_digest_names_its_client() -> None:
    lines = everything().at("2026-01-12 09:00").says
    assert len(lines) >= 4
    assert all(line.partition(": ")[2].startswith(("Acme", "Beta")) for line in lines)


def test_every_obligation_rests_on_evidence_and_says_what_to_do() -> None:
    for o in everything().obligations:
        assert o.evidence[0] == o.source
        assert o.summary
        assert o.quote or o.kind in (Kind.NEXT_STEP, Kind.REVIEW)


def test_names_in_the_charter_are_unique() -> None:
    names = [s.NAME for s in standards.ALL]
    assert len(names) == len(set(names))

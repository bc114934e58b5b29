"""The campaign of injected faults, at a size that takes a moment: what it would find at its full size, it can find."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from paths import ROOT

sys.path.insert(0, str(ROOT / "bench"))

from faults import injected_life, injection, injector  # found through the line above

from daemon.standards import reply


@pytest.fixture
def template(tmp_path: Path) -> Path:
    folder = tmp_path / "template"
    folder.mkdir()
    injected_life.write_office(folder)
    return folder


def test_a_standard_that_raises_for_one_client_costs_the_others_nothing(template: Path) -> None:
    control = injected_life.live(template, template.parent / "control")
    assert list(injection._unwell(control)) == []
    fault = injector.Injection(reply.owed, ZeroDivisionError, "birch", ("acme", "cobalt"))  # type: ignore[arg-type]
    outcome = injected_life.live(template, template.parent / "life", fault)
    assert fault.raised > 0
    assert list(injection.broken(control, outcome, ("Acme Ltd", "Cobalt Foods"))) == []
    assert outcome.first_day["Birch GmbH"] != control.first_day["Birch GmbH"]


def test_the_campaign_finds_the_functions_of_every_package() -> None:
    found = [name for name, _ in injector.functions(*injection.PACKAGES)]
    assert len(found) > 1000
    assert {name.split(".")[1] for name in found if name.startswith("daemon.")} >= {"standards", "letters", "intake", "planning"}

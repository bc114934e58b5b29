"""A small share of each reliability campaign, as `./dev faults` runs it, so that none rots between two full runs; and what counts as broken."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.append(str(ROOT / "bench"))

from faults.life_facts import Facts, differences  # noqa: E402  # found through the line above
from faults.run import CAMPAIGNS, NOT_RUN  # noqa: E402  # the same

SHARE = "0.02"
PATIENCE = 600.0  # seconds until a campaign that should take one minute counts as stuck


@pytest.mark.slow
@pytest.mark.parametrize("name", CAMPAIGNS)
def test_a_small_share_of_the_campaign_finds_no_broken_promise(name: str) -> None:
    command = [sys.executable, str(ROOT / "bench" / "faults" / "run.py"), name, "--share", SHARE]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=ROOT)
    if f"{name}: {NOT_RUN}" in ran.stdout:
        pytest.skip(ran.stdout.strip())
    assert f"{name}: held" in ran.stdout, f"{ran.stdout[-4000:]}\n{ran.stderr[-4000:]}"
    assert ran.returncode == 0


def test_what_an_uninterrupted_life_said_and_a_killed_one_did_not_is_swallowed() -> None:
    calm = Facts(Counter(), said={("reply:1", "due_soon")}, single={"digest:1"})
    assert differences(calm, Facts(Counter()))["swallowed"] == ["digest:1", "reply:1 due_soon"]


def test_what_the_user_was_told_may_not_have_been_sent_is_not_swallowed() -> None:
    calm = Facts(Counter(), said={("reply:1", "due_soon")}, single={"digest:1"})
    told = Facts(Counter(), excused={"reply:1", "digest:1"})
    assert differences(calm, told)["swallowed"] == []


@pytest.mark.parametrize(
    ("one", "kind"),
    [(Facts(Counter(), drafts={"kept-1"}), "drafts that differ"), (Facts(Counter(), events={"kept-1"}), "events that differ")],
)
def test_a_draft_or_an_event_that_only_one_of_two_lives_has_is_a_difference(one: Facts, kind: str) -> None:
    assert differences(one, Facts(Counter()))[kind] == ["kept-1"]
    assert differences(Facts(Counter()), one)[kind] == ["kept-1"]

"""Figures on the shared corpora, as floors: a change that makes the reader worse fails here.

The linear models were trained on the labels and the sentences too, so the figures here only show that the reader still does what
it was trained to do. Figures on unseen mail are printed by `tools/train.py` and kept in weights.json;
`test_reading_labelled.py` scores mail that was never used for training.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from paths import SHARED

import daemon.reading

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not (SHARED / "data").is_dir(), reason=f"the labelled corpora are not at {SHARED}"),
]


@pytest.fixture(scope="module")
def scorer() -> Any:
    spec = importlib.util.spec_from_file_location("score_infer", SHARED / "tools" / "score_infer.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def asked(pool: str, labels: str | None = None) -> argparse.Namespace:
    """The scorer's arguments."""
    data = SHARED / "data"
    return argparse.Namespace(
        kept=f"{sys.executable} -m daemon.reading", show=0, pool=str(data / pool), labels=str(data / labels) if labels else None
    )


def test_new_text_is_cut_exactly_and_plain_mail_left_whole(scorer: Any) -> None:
    result = scorer.score_quotes(asked("quoted_mail.jsonl"))
    assert result["exact_quoted"] >= 0.95 * result["quoted"]
    assert result["damaged"] <= 0.02 * (result["n"] - result["quoted"])


def test_no_machines_mail_is_taken_for_a_persons(scorer: Any) -> None:
    result = scorer.score_machine(asked("machine_mail"))
    assert (result["as_person"], result["nagging"]) == (0, 0)


def test_due_phrases_are_resolved(scorer: Any) -> None:
    result = scorer.score_dates(asked("due_phrases.jsonl"))
    assert result["right"] >= 0.95 * result["n"]


def test_mail_that_nothing_learnt_from_is_read_no_worse_than_before(scorer: Any) -> None:
    result = scorer.score_labels(asked("sales/public_mails.jsonl", "sales/public_labels.jsonl"))
    assert result["promises"]["f1"] >= 0.74
    assert result["requests"]["f1"] >= 0.76
    assert result["reply_expected"]["f1"] >= 0.85
    assert result["due"].get("wrong_day", 0) <= 1


def test_at_most_one_due_time_of_labelled_mail_is_wrong_by_a_day(scorer: Any) -> None:
    result = scorer.score_labels(asked("labels/mails.jsonl", "labels/labels.jsonl"))
    assert result["due"].get("wrong_day", 0) <= 1


def test_the_figures_of_what_the_weights_did_not_see_are_in_their_file() -> None:
    document = json.loads((Path(daemon.reading.__file__).parent / "models" / "weights.json").read_text(encoding="utf-8"))
    assert any(line.startswith("en promise hands: P ") for line in document["unseen"])

"""What is shown beside a question, on the judged questions of tests/labels: nearly all of it fits, and over half of what fits is shown."""

from __future__ import annotations

import sys

import pytest
from paths import ROOT

sys.path.insert(0, str(ROOT / "bench"))
import earlier_answers as bench  # found through the line above


@pytest.mark.parametrize("half", ["tune", "held"])
def test_what_is_shown_fits(half: str) -> None:
    total = bench.Tally()
    for box in bench.boxes(half):
        total += bench.measure(box, {}) or bench.Tally()
    assert total.questions > 30
    assert (total.right >= 0.9 * total.shown, total.right >= 0.5 * total.fitting) == (True, True), str(total)


def test_what_looks_alike_and_does_not_fit_is_not_shown() -> None:
    """Orders, invoices, another client's price, a deferral, words of a signature."""
    for box in (*bench.boxes("tune"), *bench.boxes("held")):
        assert bench.wrongly_shown(box, {}) in ((), None)

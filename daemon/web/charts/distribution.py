"""A distribution as a table whose bars are drawn: readable as text, by a screen reader, and at any width."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from daemon.web.charts.bars import Tone, share_bar
from daemon.web.charts.svg import element


@dataclass(frozen=True, slots=True)
class Step:
    """One row: what it counts, its share of all (0 to 1), and that in words."""

    label: str
    share: float
    words: str
    tone: Tone = "plain"


def distribution(steps: Sequence[Step], caption: str) -> Markup:
    """Draw a row for each step. The longest bar is as wide as its place, because the shape matters."""
    largest = max((step.share for step in steps), default=0.0) or 1.0
    rows = [_row(step, step.share / largest) for step in steps]
    return element("table", [element("caption", caption), element("tbody", rows)], class_="distribution")


def _row(step: Step, length: float) -> Markup:
    cells = [
        element("th", step.label, scope="row"),
        element("td", share_bar(length, f"{step.label}: {step.words}", step.tone), class_="drawn"),
        element("td", step.words, class_="figure"),
    ]
    return element("tr", cells)

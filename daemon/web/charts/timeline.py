"""A strip of time: one lane for each kind of thing that happened, a mark for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from daemon.web.charts.bars import Tone
from daemon.web.charts.svg import element, picture, rect

_WIDTH, _HEIGHT, _MARK = 1000.0, 14.0, 5.0


@dataclass(frozen=True, slots=True)
class Lane:
    """One kind of thing: its name, the moments at which it happened, and how it is said in words."""

    name: str
    moments: tuple[datetime, ...]
    label: str
    tone: Tone = "plain"


def timeline(lanes: Sequence[Lane], start: datetime, end: datetime, caption: str, ends: tuple[str, str]) -> Markup:
    """Draw the lanes from `start` to `end`, whose names in words are `ends`. What lies outside is left out."""
    rows = [
        element("tr", [element("th", lane.name, scope="row"), element("td", _strip(lane, start, end), class_="drawn")])
        for lane in lanes
    ]
    scale = element(
        "tr", [element("td", ""), element("td", [element("span", ends[0]), element("span", ends[1])], class_="scale")]
    )
    return element("table", [element("caption", caption), element("tbody", [*rows, scale])], class_="timeline")


def _strip(lane: Lane, start: datetime, end: datetime) -> Markup:
    span = max(1.0, (end - start).total_seconds())
    places = {round((at - start).total_seconds() / span * _WIDTH) for at in lane.moments if start <= at <= end}
    marks = [rect(x - _MARK / 2, 1, _MARK, _HEIGHT - 2, lane.tone) for x in sorted(places)]
    shapes = [rect(0, _HEIGHT / 2, _WIDTH, 0.5, "track"), *marks]
    return picture(lane.label, shapes, size=(_WIDTH, _HEIGHT), kind="marks", width="100%", height="14", stretch=True)

"""Columns: numbers over time, small (a sparkline) or with their parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from daemon.web.charts.bars import Tone
from daemon.web.charts.svg import element, picture, rect

_STEP, _GAP = 4.0, 1.0  # units between the beginnings of two columns, and between two of them
_SMALL, _LARGE, _LINE = 20.0, 60.0, 0.8  # units high


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its parts from the bottom up, and what it says when one points at it."""

    parts: tuple[tuple[Tone, float], ...]
    label: str


def sparkline(values: Sequence[float], label: str) -> Markup:
    """Draw numbers over time as small columns, the oldest first, in one shape. Of nothing a base line is left."""
    most, width = max(values, default=0.0) or 1.0, max(1, len(values)) * _STEP
    drawn = "".join(_small(value / most) for value in values)
    shapes = [rect(0, _SMALL - 1, width, 1, "track"), element("path", d=f"M0 {_SMALL:g}{drawn}z", class_="plain")]
    return picture(label, shapes, size=(width, _SMALL), kind="sparkline", stretch=True)


def _small(share: float) -> str:
    """Return the way up, along and down again of one small column, and on to the next; along the base line where there is none."""
    if share <= 0:
        return f"h{_STEP:g}"
    return f"V{_SMALL - max(2, round(share * _SMALL)):g}h{_STEP - _GAP:g}V{_SMALL:g}h{_GAP:g}"


def columns(rows: Sequence[Column], label: str, line: float | None = None, whole: float | None = None) -> Markup:
    """Draw stacked columns as wide as their place. `line` is a level to compare with, in the units of the parts."""
    most = whole or max((sum(size for _, size in row.parts) for row in rows), default=0.0) or 1.0
    width, scale = max(1, len(rows)) * _STEP, _LARGE / most
    shapes = [rect(0, _LARGE - 0.5, width, 0.5, "track")]
    for place, row in enumerate(rows):
        shapes.append(element("g", [element("title", row.label), *_stack(row, place * _STEP + _GAP / 2, scale)]))
    if line is not None:
        level = _LARGE - line * scale
        shapes.append(rect(0, level - _LINE / 2, width, _LINE, "level"))
    return picture(label, shapes, size=(width, _LARGE), kind="columns", width="100%", height="96", stretch=True)


def _stack(row: Column, left: float, scale: float) -> list[Markup]:
    """Draw the parts of a column; an empty one has a stub, so that one can point at it."""
    shapes, top = [], _LARGE
    for tone, size in row.parts:
        top -= size * scale
        shapes.append(rect(left, top, _STEP - _GAP, size * scale, tone))
    return shapes if any(size for _, size in row.parts) else [rect(left, _LARGE - 1, _STEP - _GAP, 1, "track")]

"""Bars: a share of a whole, and what a whole consists of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

from markupsafe import Markup

from daemon.web.charts.svg import element, picture, rect

Tone: TypeAlias = Literal["good", "plain", "late", "open", "near"]

_WIDTH, _HEIGHT, _BETWEEN = 100.0, 8.0, 3.0


def share_bar(share: float, label: str, tone: Tone = "plain") -> Markup:
    """Draw a share (0 to 1) as a bar on a track as wide as its place; `label` says it in words."""
    return share_bars([(share, tone)], label)


def share_bars(shares: Sequence[tuple[float, Tone]], label: str) -> Markup:
    """Draw shares one below the other, to be compared."""
    tops = [place * (_HEIGHT + _BETWEEN) for place in range(len(shares))]
    tracks = "".join(f"M0 {top:g}h{_WIDTH:g}v{_HEIGHT:g}H0z" for top in tops)
    drawn = [
        rect(0, top, min(1.0, max(0.0, share)) * _WIDTH, _HEIGHT, tone) for top, (share, tone) in zip(tops, shares, strict=True)
    ]
    shapes = [element("path", d=tracks, class_="track"), *drawn]
    height = len(shares) * (_HEIGHT + _BETWEEN) - _BETWEEN
    return picture(label, shapes, size=(_WIDTH, height), kind="bar", height=f"{height:g}", stretch=True)


def stacked_bar(parts: Sequence[tuple[Tone, float]], label: str, whole: float | None = None) -> Markup:
    """Draw parts side by side; together they are as wide as their share of `whole` (default: their sum)."""
    total = (sum(size for _, size in parts) if whole is None else whole) or 1.0
    shapes, left = [rect(0, 0, _WIDTH, _HEIGHT, "track")], 0.0
    for tone, size in parts:
        width = size / total * _WIDTH
        if width > 0:
            shapes.append(rect(left, 0, width, _HEIGHT, tone))
        left += width
    return picture(label, shapes, size=(_WIDTH, _HEIGHT), kind="bar", height="8", stretch=True)

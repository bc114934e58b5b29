"""Pictures where a curve is needed: PNG on a background of its own, so that it reads the same on light and dark screens.

The same figures always give the same bytes. Each picture has its description (`…_alt`). No curve is drawn through a few points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO
from math import log
from typing import TYPE_CHECKING

from daemon.glossary.charter import Allowance
from daemon.letters import phrases
from daemon.letters.client_report.words import ENGLISH, Words

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

SIZE, SCALE = (1200, 500), 2
PAPER, INK, GREY, LINE = "#f4f3f0", "#23241f", "#6c6d65", "#deddd6"
GREEN, RED = "#356056", "#a5361a"
FEWEST = 5  # points below which no curve is drawn
_LEFT, _TOP, _RIGHT, _BOTTOM = 110, 80, 1160, 430


def response_curve(
    title: str,
    minutes: Sequence[float],
    waiting: Sequence[bool],
    target: float | None,
    day: float,
    words: Words = ENGLISH,
) -> bytes:
    """Draw the share of questions answered within a time; open ones count as not answered. All times are business minutes."""
    image, draw = _paper(title)
    longest = max([5 * day, *minutes])
    for label, at in (("15 min", 15.0), ("1 h", 60.0), ("4 h", 240.0), ("1 day", day), ("1 week", 5 * day)):
        x = _across(at, longest)
        _vertical(draw, x, LINE)
        _words(draw, (x, _BOTTOM + 12), words(label), GREY, 24, "ma")
    for share in (0.0, 0.5, 0.95, 1.0):
        y = _up(share)
        draw.line(_scaled((_LEFT, y, _RIGHT, y)), fill=LINE, width=SCALE)
        if share < 1.0:  # the figure would stand on that of 95 %
            _words(draw, (_LEFT - 14, y), words.share(share), GREY, 24, "rm")
    if target is not None:
        x = _across(target, longest)
        _vertical(draw, x, RED)
        _words(draw, (x + 8, _TOP - 4), words("agreed"), RED, 24, "lb")
    points = _curve(minutes, waiting)
    if len(points) >= FEWEST:
        draw.line(
            _scaled([p for m, share in _stairs(points, longest) for p in (_across(m, longest), _up(share))]),
            fill=GREEN,
            width=4 * SCALE,
        )
    for m, share in points:
        _dot(draw, _across(m, longest), _up(share), GREEN, 6)
    return _png(image)


def response_curve_alt(
    title: str,
    minutes: Sequence[float],
    waiting: Sequence[bool],
    agreed: Allowance | None,
    day: float,
    words: Words = ENGLISH,
) -> str:
    """Return what the curve shows, in words."""
    if not minutes:
        return words("{title}: no questions yet.", title=title)
    points = _curve(minutes, waiting)
    marks = [("one hour", 60.0), ("a working day", day), ("a week", 5 * day)]
    reached = [(name, max((share for m, share in points if m <= at), default=0.0)) for name, at in marks]
    reached = reached[: next((n for n, (_, share) in enumerate(reached, 1) if share >= 1), len(reached))]
    shares = words.listed([words("{share} within {span}", share=words.share(s), span=words(name)) for name, s in reached])
    target = words(" Agreed: {span}.", span=words.length(phrases.allowance(agreed))) if agreed else ""
    told = "{title}: of {count} questions, {shares} were answered.{agreed}"
    return words(told, title=title, count=len(minutes), shares=shares, agreed=target)


def rhythm(title: str, days: Sequence[date], until: date) -> bytes:
    """Draw the days on which a client was in touch over the last year, and the silence since."""
    image, draw = _paper(title)
    first = date(until.year - 1, until.month, 1)
    total, y = max(1, (until - first).days), (_TOP + _BOTTOM) / 2

    def across(day: date) -> float:
        return _LEFT + (_RIGHT - _LEFT) * (day - first).days / total

    draw.line(_scaled((_LEFT, y, _RIGHT, y)), fill=LINE, width=2 * SCALE)
    for month in _months(first, until):
        _words(draw, (across(month), _BOTTOM + 12), phrases.MONTHS[month.month - 1], GREY, 22, "la")
    shown = sorted(d for d in set(days) if first <= d <= until)
    if shown:
        draw.rectangle(_scaled((across(shown[-1]), y - 6, across(until), y + 6)), fill=RED)
    for day in shown:
        x = across(day)
        draw.line(_scaled((x, y - 60, x, y + 60)), fill=GREEN, width=3 * SCALE)
    return _png(image)


def _months(first: date, until: date) -> Iterator[date]:
    """Yield the first day of each month from `first` on, for a year at most."""
    for n in range(13):
        month = date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1)
        if month <= until:
            yield month


def rhythm_alt(title: str, days: Sequence[date], until: date) -> str:
    """Return what the picture shows, in words."""
    shown = sorted({d for d in days if d <= until})
    if not shown:
        return f"{title}: no contact in the last year."
    last = f"{shown[-1].day} {phrases.MONTHS[shown[-1].month - 1]}, {phrases.count((until - shown[-1]).days, 'day')} ago"
    return f"{title}: in touch on {phrases.count(len(shown), 'day')}, most recently on {last}."


def _curve(minutes: Sequence[float], waiting: Sequence[bool]) -> list[tuple[float, float]]:
    """Return the share of all questions that was answered by then, as points (minutes, share).

    It is a plain count and no estimate, so that a client can count along with the figures on the page.
    """
    answered = sorted(m for m, waits in zip(minutes, waiting, strict=True) if not waits)
    return [(m, n / len(minutes)) for n, m in enumerate(answered, 1)]


def _stairs(points: Sequence[tuple[float, float]], longest: float) -> list[tuple[float, float]]:
    steps, before = [(0.0, 0.0)], 0.0
    for m, share in points:
        steps += [(m, before), (m, share)]
        before = share
    return [*steps, (longest, before)]


def _across(minutes: float, longest: float) -> float:
    """Return the x of a time on a nearly logarithmic axis, on which both hours and weeks can be seen."""
    return _LEFT + (_RIGHT - _LEFT) * log(1 + minutes / 15) / log(1 + longest / 15)


def _up(share: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * share


def _paper(title: str) -> tuple[Image, ImageDraw]:
    from PIL import Image, ImageDraw  # noqa: PLC0415  # drawing is rare, so starting must not pay for it

    image = Image.new("RGB", (SIZE[0] * SCALE, SIZE[1] * SCALE), PAPER)
    draw = ImageDraw.Draw(image)
    _words(draw, (_LEFT, 24), title, INK, 30, "la")
    return image, draw


def _words(draw: ImageDraw, at: tuple[float, float], text: str, colour: str, size: int, anchor: str) -> None:
    from PIL import ImageFont  # noqa: PLC0415  # the same

    draw.text((at[0] * SCALE, at[1] * SCALE), text, fill=colour, font=ImageFont.load_default(size * SCALE), anchor=anchor)


def _vertical(draw: ImageDraw, x: float, colour: str) -> None:
    draw.line(_scaled((x, _TOP, x, _BOTTOM)), fill=colour, width=2 * SCALE)


def _dot(draw: ImageDraw, x: float, y: float, colour: str, size: float) -> None:
    draw.ellipse(_scaled((x - size, y - size, x + size, y + size)), fill=colour)


def _scaled(numbers: Sequence[float]) -> list[float]:
    return [n * SCALE for n in numbers]


def _png(image: Image) -> bytes:
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return out.getvalue()

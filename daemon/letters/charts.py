"""Pictures that a mail can show: tables with bars, and the same in characters for the plain text. Pure values.

Mail clients drop scripts, SVG and embedded images, so a bar is a coloured cell as wide as its share. Every figure stands there in
words as well, and `alt` says in one sentence what the whole shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from daemon.letters import phrases

Tone: TypeAlias = Literal["good", "plain", "late", "open"]

WIDTH, LABEL = 28, 22  # characters of a bar, and of its label, in plain text
_MARKS: dict[Tone, str] = {"good": "#", "plain": "=", "late": "!", "open": "."}
_HOUR = 60.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: how it is called, how long it is (0 to 1), its figure in words."""

    label: str
    share: float
    value: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars below each other."""

    title: str
    bars: tuple[Bar, ...]
    alt: str


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a stacked bar: its share of the widest bar."""

    tone: Tone
    share: float
    count: int


@dataclass(frozen=True, slots=True)
class StackedBar:
    """One bar of several segments."""

    label: str
    segments: tuple[Segment, ...]
    value: str


@dataclass(frozen=True, slots=True)
class StackedBarChart:
    """Stacked bars below each other; `legend` says what each tone stands for."""

    title: str
    stacks: tuple[StackedBar, ...]
    legend: tuple[tuple[Tone, str], ...]
    alt: str


def distribution(title: str, minutes: Sequence[float], target: float | None, day: float, waiting: int = 0) -> BarChart:
    """How many answers took how long, in steps that people think in; beyond the target they are late. `day` is a working day.

    `waiting` ones have no answer yet: they count among all and stand in a row of their own.
    """
    steps = [("within 1 hour", _HOUR), ("within 2 hours", 2 * _HOUR), ("within 4 hours", 4 * _HOUR), ("within a day", day)]
    steps += [("within 2 days", 2 * day), ("within a week", 5 * day), ("longer", float("inf"))]
    bars, low, total = [], -1.0, len(minutes) + waiting
    for label, high in steps:
        count = sum(low < m <= high for m in minutes)
        late = target is not None and low >= target - 1
        bars.append(Bar(label, count / max(1, total), _of(count, total), "late" if late else "good" if target else "plain"))
        low = high
    most = max(bars, key=lambda b: b.share)
    when = "took longer than a week" if most is bars[-1] else f"came {most.label}"
    still = f" {waiting} without an answer yet." if waiting else ""
    alt = f"{title}: most answers, {most.value}, {when}.{still}" if minutes else f"{title}: nothing yet.{still}"
    if waiting:
        bars.append(Bar("no answer yet", waiting / total, _of(waiting, total), "open"))
    return BarChart(title, tuple(bars), alt)


def _of(count: int, total: int) -> str:
    return f"{count} ({count / total:.0%})" if total else "0"


def comparison(title: str, rows: Sequence[tuple[str, float, str]]) -> BarChart:
    """Figures side by side: (label, figure, in words), the longest bar for the largest figure."""
    largest = max((value for _, value, _ in rows), default=0.0) or 1.0
    bars = tuple(Bar(label, value / largest, said) for label, value, said in rows)
    alt = f"{title}: {', '.join(f'{b.label} {b.value}' for b in bars[:3])}." if bars else f"{title}: nothing yet."
    return BarChart(title, bars, alt)


def shares(title: str, rows: Sequence[tuple[str, float, str]], enough: float) -> BarChart:
    """Shares of a whole: (label, share, in words); those that are enough stand out."""
    bars = tuple(Bar(label, share, said, "good" if share >= enough else "plain") for label, share, said in rows)
    best = next((b for b in bars if b.share >= enough), None)
    alt = (
        f"{title}: {best.label} is the first that was kept {enough:.0%} of the time."
        if best
        else f"{title}: none was kept {enough:.0%} of the time."
    )
    return BarChart(title, bars, alt)


def weeks(title: str, rows: Sequence[tuple[date, int, int, int]]) -> StackedBarChart:
    """What fell due in each week: (its Monday, in time, late or not done, open)."""
    widest = max((sum(row[1:]) for row in rows), default=0) or 1
    tones: tuple[Tone, ...] = ("good", "late", "open")
    stacks = []
    for monday, *counts in rows:
        segments = tuple(Segment(tone, n / widest, n) for tone, n in zip(tones, counts, strict=True) if n)
        label = f"{monday.day} {phrases.MONTHS[monday.month - 1]}"
        stacks.append(StackedBar(label, segments, f"{counts[0]} of {sum(counts)}" if sum(counts) else "nothing due"))
    met, total = sum(r[1] for r in rows), sum(sum(r[1:]) for r in rows)
    legend: tuple[tuple[Tone, str], ...] = (("good", "in time"), ("late", "late or not done"), ("open", "open"))
    return StackedBarChart(
        title, tuple(stacks), legend, f"{title}: in {phrases.count(len(rows), 'week')} {met} of {total} in time."
    )


def balance(title: str, rows: Sequence[tuple[str, int, int, int, int]]) -> StackedBarChart:
    """Where each client's mails lie: (client, answered, open, needs no answer, held back)."""
    widest = max((sum(row[1:]) for row in rows), default=0) or 1
    tones: tuple[Tone, ...] = ("good", "late", "plain", "open")
    names = ("answered", "open", "no answer needed", "held back")
    stacks = []
    for label, *counts in rows:
        segments = tuple(Segment(tone, n / widest, n) for tone, n in zip(tones, counts, strict=True) if n)
        said = " + ".join(f"{n} {name}" for name, n in zip(names, counts, strict=True) if n)
        stacks.append(StackedBar(label, segments, f"{sum(counts)} = {said}"))
    total, open_ = sum(sum(row[1:]) for row in rows), sum(row[2] for row in rows)
    alt = f"{title}: {phrases.count(total, 'mail')} of {phrases.count(len(rows), 'client')}, {open_} open."
    return StackedBarChart(title, tuple(stacks), tuple(zip(tones, names, strict=True)), alt)


# --- in characters ---


def as_text(chart: BarChart | StackedBarChart) -> str:
    """The picture for plain text."""
    if isinstance(chart, BarChart):
        lines = [_line(b.label, _MARKS[b.tone] * _length(b.share), b.value) for b in chart.bars]
    else:
        lines = [_line(s.label, "".join(_MARKS[p.tone] * _length(p.share) for p in s.segments), s.value) for s in chart.stacks]
        used = {p.tone for s in chart.stacks for p in s.segments}
        lines.append("(" + ", ".join(f"{_MARKS[tone]} {name}" for tone, name in chart.legend if tone in used) + ")")
    return "\n".join([chart.title, *lines])


def _line(label: str, bar: str, value: str) -> str:
    name = label if len(label) <= LABEL else label[: LABEL - 1] + "…"
    return f"  {name:<{LABEL}} {bar or '-'} {value}"


def _length(share: float) -> int:
    return max(1, round(min(1.0, share) * WIDTH)) if share > 0 else 0

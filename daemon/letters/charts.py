"""Bar charts that a mail can show: tables with coloured cells, and the same in characters for the plain text. Pure values.

Mail clients drop scripts, SVG and embedded images, so a bar is a coloured cell as wide as its share. Every figure is also given in
words, and `alt` says in one sentence what the whole chart shows.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from daemon.glossary.assessments import Bucket
from daemon.letters import phrases
from daemon.letters.client_report.words import ENGLISH, Words

Tone: TypeAlias = Literal["good", "plain", "late", "open"]

BESIDE = 16  # characters of a figure that stand beside its bar on a narrow screen
WIDTH, NARROW, LABEL = 28, 12, 22  # characters of a bar, of one with long figures, and of its label, in plain text
COLUMNS = 78  # of plain text
_MARKS: dict[Tone, str] = {"good": "#", "plain": "=", "late": "!", "open": "."}
_HOUR = 60.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its length (0 to 1), its figure in words."""

    label: str
    share: float
    value: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars, one below the other."""

    title: str
    bars: tuple[Bar, ...]
    alt: str

    @property
    def beside(self) -> bool:
        """Whether the figures are short enough to stand beside their bars, else below them."""
        return _fit_beside(self.bars)


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a stacked bar: its share of the widest bar, and how many it stands for."""

    tone: Tone
    share: float
    count: int


@dataclass(frozen=True, slots=True)
class StackedBar:
    """One bar that consists of several segments."""

    label: str
    segments: tuple[Segment, ...]
    value: str


@dataclass(frozen=True, slots=True)
class StackedBarChart:
    """Stacked bars, one below the other; `legend` says what each tone stands for."""

    title: str
    stacks: tuple[StackedBar, ...]
    legend: tuple[tuple[Tone, str], ...]
    alt: str

    @property
    def beside(self) -> bool:
        """Whether the figures are short enough to stand beside their bars, else below them."""
        return _fit_beside(self.stacks)


def _fit_beside(rows: Sequence[Bar] | Sequence[StackedBar]) -> bool:
    return all(len(row.value) <= BESIDE for row in rows)


def distribution(
    title: str, minutes: Sequence[float], target: float | None, day: float, waiting: int = 0, words: Words = ENGLISH
) -> BarChart:
    """Show how many answers took how long, in the steps that people think in.

    `minutes`, `target` and `day` (one working day) are business minutes; beyond the target a bar is late. `waiting` questions
    have no answer yet: they count towards the total and have a bar of their own.
    """
    total = len(minutes) + waiting
    bars = list(_steps(minutes, target, day, total, words))
    most = max(bars, key=lambda b: b.share)
    when = words("took longer than a week") if most is bars[-1] else words("came {label}", label=most.label)
    while bars and not bars[-1].share:
        bars.pop()
    still = words(" {count} without an answer yet.", count=waiting) if waiting else ""
    alt = words("{title}: nothing yet.{still}", title=title, still=still)
    if minutes:
        alt = words("{title}: most answers, {value}, {when}.{still}", title=title, value=most.value, when=when, still=still)
    if waiting:
        bars.append(Bar(words("no answer yet"), waiting / total, _of(waiting, total, words), "open"))
    return BarChart(title, tuple(bars), alt)


def _steps(minutes: Sequence[float], target: float | None, day: float, total: int, words: Words) -> Iterator[Bar]:
    steps = [("within 1 hour", _HOUR), ("within 2 hours", 2 * _HOUR), ("within 4 hours", 4 * _HOUR), ("within a day", day)]
    steps += [("within 2 days", 2 * day), ("within a week", 5 * day), ("longer", float("inf"))]
    low = -1.0
    for label, high in steps:
        count = sum(low < m <= high for m in minutes)
        late = target is not None and low >= target - 1
        tone: Tone = "late" if late else "good" if target else "plain"
        yield Bar(words(label), count / max(1, total), _of(count, total, words), tone)
        low = high


def _of(count: int, total: int, words: Words) -> str:
    return f"{count} ({words.share(count / total)})" if total else "0"


def comparison(title: str, rows: Sequence[tuple[str, float, str]]) -> BarChart:
    """Show figures side by side; a row is (label, figure, the figure in words). The largest figure has the longest bar."""
    largest = max((value for _, value, _ in rows), default=0.0) or 1.0
    bars = tuple(Bar(label, value / largest, words) for label, value, words in rows)
    alt = f"{title}: {', '.join(f'{b.label} {b.value}' for b in bars[:3])}." if bars else f"{title}: nothing yet."
    return BarChart(title, bars, alt)


def shares(title: str, rows: Sequence[tuple[str, float, str]], enough: float) -> BarChart:
    """Show shares of a whole; a row is (label, share, the share in words). Shares of at least `enough` stand out."""
    bars = tuple(Bar(label, share, words, "good" if share >= enough else "plain") for label, share, words in rows)
    best = next((b for b in bars if b.share >= enough), None)
    alt = (
        f"{title}: {best.label} is the shortest that was kept {enough:.0%} of the time."
        if best
        else f"{title}: none was kept {enough:.0%} of the time."
    )
    return BarChart(title, bars, alt)


def weeks(title: str, rows: Sequence[tuple[date, int, int, int]], words: Words = ENGLISH) -> StackedBarChart:
    """Show what fell due each week; a row is (its Monday, on time, late or not done, open)."""
    widest = max((sum(row[1:]) for row in rows), default=0) or 1
    legend: tuple[tuple[Tone, str], ...] = (
        ("good", words("on time")),
        ("late", words("late or not done")),
        ("open", words("open")),
    )
    stacks = []
    for monday, *counts in rows:
        label = words.short_date(monday.day, monday.month)
        value = words("{met} of {of}", met=counts[0], of=sum(counts)) if sum(counts) else words("nothing due")
        stacks.append(StackedBar(label, _segments(legend, counts, widest), value))
    met, total = sum(row[1] for row in rows), sum(sum(row[1:]) for row in rows)
    span = words.length(phrases.count(len(rows), "week"), within=True)
    alt = words("{title}: {met} of {total} on time over {weeks}.", title=title, met=met, total=total, weeks=span)
    return StackedBarChart(title, tuple(stacks), legend, alt)


CHARTED = (Bucket.ANSWERED, Bucket.OPEN, Bucket.NO_ANSWER, Bucket.UNREAD, Bucket.HELD_BACK)
"""The order of the buckets in the chart of the balance."""


def balance(title: str, rows: Sequence[tuple[str, int, int, int, int, int]]) -> StackedBarChart:
    """Show what became of each client's mail; a row is a client and a number for each of CHARTED."""
    widest = max((sum(row[1:]) for row in rows), default=0) or 1
    tones: tuple[Tone, ...] = ("good", "late", "plain", "open", "open")
    names = tuple((tone, phrases.BUCKETS[bucket]) for tone, bucket in zip(tones, CHARTED, strict=True))
    used = [any(row[n + 1] for row in rows) for n in range(len(names))]
    legend = tuple(name for name, is_used in zip(names, used, strict=True) if is_used)
    stacks = []
    for label, *every in rows:
        counts = [n for n, is_used in zip(every, used, strict=True) if is_used]
        sum_in_words = " + ".join(f"{n} {name}" for (_, name), n in zip(legend, counts, strict=True) if n)
        stacks.append(StackedBar(label, _segments(legend, counts, widest), f"{sum(counts)} = {sum_in_words}"))
    total, still_open = sum(sum(row[1:]) for row in rows), sum(row[2] for row in rows)
    alt = f"{title}: {phrases.count(total, 'email')} from {phrases.count(len(rows), 'client')}, {still_open} open."
    return StackedBarChart(title, tuple(stacks), legend, alt)


def _segments(legend: Sequence[tuple[Tone, str]], counts: Sequence[int], widest: int) -> tuple[Segment, ...]:
    return tuple(Segment(tone, n / widest, n) for (tone, _), n in zip(legend, counts, strict=True) if n)


# --- in plain text ---


def as_text(chart: BarChart | StackedBarChart) -> str:
    """Draw the chart in characters, for plain text."""
    width = WIDTH if chart.beside else NARROW
    if isinstance(chart, BarChart):
        drawn = [_line(b.label, _MARKS[b.tone] * _length(b.share, width), b.value) for b in chart.bars]
    else:
        drawn = [
            _line(s.label, "".join(_MARKS[p.tone] * _length(p.share, width) for p in s.segments), s.value) for s in chart.stacks
        ]
    lines = [part for line in drawn for part in line]
    if isinstance(chart, StackedBarChart):
        used = {p.tone for s in chart.stacks for p in s.segments}
        lines.append("(" + ", ".join(f"{_MARKS[tone]} {name}" for tone, name in chart.legend if tone in used) + ")")
    return "\n".join([chart.title, *lines])


def _line(label: str, bar: str, value: str) -> list[str]:
    """Return a bar with its label and figure; what does not fit beside the bar stands below it."""
    name = label if len(label) <= LABEL else label[: LABEL - 1] + "…"
    line = " ".join(part for part in (f"  {name:<{LABEL}}", bar, value) if part)
    return textwrap.wrap(line, COLUMNS, subsequent_indent=" " * (LABEL + 3), break_on_hyphens=False)


def _length(share: float, width: int) -> int:
    return max(1, round(min(1.0, share) * width)) if share > 0 else 0

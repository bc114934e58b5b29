"""Pictures of figures as SVG markup: pure functions of numbers and words, without scripts, styles and fonts of their own.

A picture is coloured by the classes of `static/kept.css`, so that it follows light and dark. Words stand beside it as HTML where they
must stay readable on a phone; a bar stretches with its place, its text does not. Everything that is drawn is said in words as well.
May import nothing of Kept.
"""

from daemon.web.charts.bars import Tone, share_bar, share_bars, stacked_bar
from daemon.web.charts.columns import Column, columns, sparkline
from daemon.web.charts.distribution import Step, distribution
from daemon.web.charts.timeline import Lane, timeline

__all__ = [
    "Column",
    "Lane",
    "Step",
    "Tone",
    "columns",
    "distribution",
    "share_bar",
    "share_bars",
    "sparkline",
    "stacked_bar",
    "timeline",
]

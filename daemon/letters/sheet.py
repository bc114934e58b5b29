"""The sheet: a page of parts with rows, charts and pictures, used by the manager's mails, hand-overs, the report and the look-back."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from daemon.letters import Letter, templating
from daemon.letters.charts import BarChart, StackedBarChart, as_text
from daemon.letters.client_report.words import ENGLISH, Words


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a part: the client or subject, its status, the words, and where that can be seen."""

    head: str
    status: str = ""
    words: str = ""
    source: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page. `lead` explains it in a sentence; `empty` is shown where there are no rows and no charts."""

    title: str
    rows: Sequence[Row] = ()
    lead: str = ""
    bars: Sequence[BarChart] = ()
    stacks: Sequence[StackedBarChart] = ()
    empty: str = ""
    more: int = 0  # rows that are left out


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture: its file name, what it shows in words, and its PNG."""

    name: str
    alt: str
    png: bytes
    repeats: bool = False  # a chart beside it says the same: the words then stand in for the picture alone

    @property
    def data_uri(self) -> str:
        """Return the picture as a data URI (RFC 2397), so that nothing is fetched."""
        return f"data:image/png;base64,{base64.b64encode(self.png).decode()}"


def sheet(
    subject: str,
    headline: str,
    parts: Sequence[Part],
    *,
    lead: Sequence[str] = (),
    foot: Sequence[str] = (),
    pictures: Sequence[Picture] = (),
    words: Words = ENGLISH,
) -> Letter:
    """Return the page as a mail and a document to print, in the language of `words`.

    Pictures are part of the page itself, so that it is complete in one file.
    """
    shown = [p for p in parts if p.rows or p.bars or p.stacks or p.empty]
    values = {
        "headline": headline,
        "lead": lead,
        "parts": shown,
        "foot": foot,
        "pictures": pictures,
        "as_text": as_text,
        "words": words,
    }
    return Letter(subject, templating.text("sheet", **values), templating.html("sheet", **values))

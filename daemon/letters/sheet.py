"""The sheet: a page of parts with rows and pictures, on which the manager's mails, hand-overs, the report and the look-back are laid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from daemon.letters import Letter, page

if TYPE_CHECKING:
    from daemon.letters.charts import Chart, StackChart


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a part: whom or what it is about, how it stands, the words, where that is seen."""

    head: str
    status: str = ""
    words: str = ""
    source: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the page. `lead` explains it in a sentence; `empty` is said where there is no row and no picture."""

    title: str
    rows: Sequence[Row] = ()
    lead: str = ""
    bars: Sequence[Chart] = ()
    stacks: Sequence[StackChart] = ()
    empty: str = ""
    more: int = 0  # rows that were cut


def sheet(
    subject: str,
    headline: str,
    parts: Sequence[Part],
    *,
    lead: Sequence[str] = (),
    foot: Sequence[str] = (),
    pictures: Mapping[str, str] | None = None,
) -> Letter:
    """The page as a mail and as a document to print. `pictures` maps the name of an attached picture to its words."""
    from daemon.letters.charts import text  # noqa: PLC0415

    shown = [p for p in parts if p.rows or p.bars or p.stacks or p.empty]
    values = {"headline": headline, "lead": lead, "parts": shown, "foot": foot, "pictures": pictures or {}, "as_text": text}
    return Letter(subject, page.text("sheet", **values), page.html("sheet", **values))

"""The pictures of the pages: right in proportion, said in words, and harmless whatever the words are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import etree
from markupsafe import Markup

from daemon.web.charts import Column, Lane, Step, columns, distribution, share_bar, sparkline, stacked_bar, timeline

HOSTILE = "\"><script>alert(1)</script>&' onload=x"
START = datetime(2026, 3, 2, tzinfo=UTC)


def parsed(markup: Markup) -> Any:
    return etree.fromstring(str(markup))


def drawn(markup: Markup, tone: str) -> list[Any]:
    """The shapes of one colour; parsing proves that the markup is well-formed."""
    return [e for e in parsed(markup).iter() if e.get("class") == tone]


def widths(markup: Markup, tone: str) -> list[float]:
    return [float(e.get("width", "0")) for e in drawn(markup, tone)]


def test_a_share_is_as_long_as_its_part_of_the_track() -> None:
    assert widths(share_bar(0.25, "a quarter", "good"), "good") == [25.0]


@pytest.mark.parametrize(("share", "width"), [(-1, 0.0), (2, 100.0), (0, 0.0)])
def test_a_share_never_leaves_its_track(share: float, width: float) -> None:
    assert widths(share_bar(share, "x"), "plain") == [width]


def test_the_parts_of_a_stacked_bar_lie_side_by_side() -> None:
    parts = [
        (e.get("x"), e.get("width"))
        for tone in ("good", "late")
        for e in drawn(stacked_bar([("good", 3), ("late", 1)], "x"), tone)
    ]
    assert parts == [(None, "75"), ("75", "25")]


def test_a_stacked_bar_of_nothing_is_an_empty_track() -> None:
    assert [e.get("class") for e in parsed(stacked_bar([("good", 0)], "nothing")).iter("rect")] == ["track"]


def test_a_sparkline_has_a_column_for_each_week_that_had_any() -> None:
    (shape,) = drawn(sparkline([0, 2, 4], "three weeks"), "plain")
    assert shape.get("d") == "M0 20h4V10h3V20h1V0h3V20h1z"


def test_a_sparkline_of_nothing_is_a_base_line() -> None:
    assert len(list(parsed(sparkline([], "nothing")).iter("rect"))) == 1


def test_columns_stand_on_the_base_line_and_say_what_they_are() -> None:
    picture = parsed(columns([Column((("good", 2), ("late", 1)), "3 due"), Column((), "none due")], "weeks", line=3))
    tops = [
        (float(e.get("y", "0")), float(e.get("height", ""))) for e in picture.iter("rect") if e.get("class") in ("good", "late")
    ]
    assert tops == [(20.0, 40.0), (0.0, 20.0)]
    assert [t.text for t in picture.iter("title")] == ["weeks", "3 due", "none due"]
    assert [e.get("y") for e in picture.iter("rect") if e.get("class") == "level"] == ["-0.4"]


def test_a_distribution_reads_as_a_table() -> None:
    table = parsed(distribution([Step("within a day", 0.5, "5 (50%)"), Step("longer", 0.25, "2")], "Answers"))
    assert next("".join(row.itertext()) for row in table.iter("tr")).count("within a day") == 2
    assert [e.get("width") for e in table.iter("rect") if e.get("class") == "plain"] == ["100", "50"]


def test_a_strip_shows_what_happened_within_its_time() -> None:
    lane = Lane("Their mails", (START - timedelta(days=1), START + timedelta(days=5), START + timedelta(days=5)), "one mail")
    strip = timeline([lane], START, START + timedelta(days=10), "Contact", ("2 March", "12 March"))
    assert [e.get("x") for e in drawn(strip, "plain")] == ["497.5"]


@pytest.mark.parametrize(
    "picture",
    [
        share_bar(0.5, HOSTILE),
        stacked_bar([("good", 1)], HOSTILE),
        sparkline([1], HOSTILE),
        columns([Column((("good", 1),), HOSTILE)], HOSTILE),
        distribution([Step(HOSTILE, 1, HOSTILE)], HOSTILE),
        timeline([Lane(HOSTILE, (START,), HOSTILE)], START, START + timedelta(days=1), HOSTILE, (HOSTILE, HOSTILE)),
    ],
    ids=["share", "stacked", "sparkline", "columns", "distribution", "timeline"],
)
def test_hostile_words_stay_words(picture: Markup) -> None:
    elements = list(parsed(picture).iter())
    assert "script" not in {e.tag for e in elements}
    assert not [name for e in elements for name in e.attrib if name.startswith("on") or name == "style"]
    assert HOSTILE in "".join(parsed(picture).itertext())


def test_every_picture_has_a_text_alternative() -> None:
    for picture in (share_bar(1, "all of it"), sparkline([1], "all of it"), columns([], "all of it")):
        svg = parsed(picture)
        assert (svg.get("role"), next(svg.iter("title")).text) == ("img", "all of it")

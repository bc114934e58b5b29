"""Pictures in mails: tables with bars, the same in characters, and PNG where a curve is needed; each with its words."""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from daemon.glossary.charter import Allowance, Unit
from daemon.letters import charts, pictures, sheet
from daemon.letters.sheet import Part

DAY = 510.0  # business minutes
MINUTES = [20, 45, 90, 200, 400, 900, 2000, 9000]


def test_every_answer_lies_in_one_step_of_the_distribution() -> None:
    chart = charts.distribution("Answers", MINUTES, 120, DAY)
    assert [int(b.value.split()[0]) for b in chart.bars] == [2, 1, 1, 1, 1, 1, 1]
    assert sum(b.share for b in chart.bars) == pytest.approx(1.0)


def test_what_is_beyond_the_target_is_late_in_the_distribution() -> None:
    tones = {b.label: b.tone for b in charts.distribution("Answers", MINUTES, 120, DAY).bars}
    assert (tones["within 2 hours"], tones["within 4 hours"], tones["longer"]) == ("good", "late", "late")


@given(st.lists(st.floats(0, 20000), max_size=50))
def test_the_distribution_counts_all(minutes: list[float]) -> None:
    assert sum(int(b.value.split()[0]) for b in charts.distribution("Answers", minutes, None, DAY).bars) == len(minutes)


def test_the_weeks_show_what_was_met_late_and_open() -> None:
    chart = charts.weeks("Weeks", [(date(2026, 3, 2), 3, 1, 0), (date(2026, 3, 9), 0, 0, 2), (date(2026, 3, 16), 0, 0, 0)])
    assert [s.value for s in chart.stacks] == ["3 of 4", "0 of 2", "nothing due"]
    assert [[(p.tone, p.count) for p in s.segments] for s in chart.stacks] == [[("good", 3), ("late", 1)], [("open", 2)], []]


def test_the_balance_names_its_parts() -> None:
    chart = charts.balance("Mails", [("Acme", 5, 1, 3, 0, 0)])
    assert chart.stacks[0].value == "9 = 5 answered + 1 open + 3 no answer needed"


def test_the_longest_bar_is_the_largest_figure() -> None:
    chart = charts.comparison("Times", [("Acme", 30.0, "30 min"), ("Birch", 120.0, "2 hours")])
    assert [b.share for b in chart.bars] == [0.25, 1.0]


@pytest.mark.parametrize(
    "chart",
    [
        charts.distribution("Answers", [], None, DAY),
        charts.comparison("Times", []),
        charts.weeks("Weeks", []),
        charts.balance("Mails", []),
        charts.shares("Within", [], 0.95),
    ],
    ids=lambda c: c.title,
)
def test_nothing_at_all_is_said_and_not_drawn_wrong(chart: charts.BarChart | charts.StackedBarChart) -> None:
    assert chart.alt
    assert charts.as_text(chart).startswith(chart.title)


def test_a_narrow_screen_of_characters_holds_every_line() -> None:
    chart = charts.comparison("Times", [("A client with a very long name indeed & Sons", 1.0, "2 working days")])
    assert all(len(line) <= 78 for line in charts.as_text(chart).splitlines())


def page(*parts: Part) -> str:
    return sheet.sheet("Subject", "Headline", parts).html


def test_a_mail_shows_bars_as_cells_and_says_them_to_those_who_do_not_see_them() -> None:
    html = page(Part("Answers", bars=[charts.distribution("Answers", MINUTES, 120, DAY)]))
    (chart,) = re.findall(r"<table[^>]*aria-label=[^>]*>", html)
    assert 'role="img"' in chart
    assert 'aria-label="Answers: most answers, 2 (25%), came within 1 hour."' in chart
    assert html.replace("&nbsp;", " ").count("2 (25%)") >= 2
    assert "<svg" not in html
    assert "<script" not in html


def test_names_in_pictures_are_escaped() -> None:
    html = page(Part("Mails", stacks=[charts.balance("Mails", [("<b>Acme</b> & Sons", 1, 0, 0, 0, 0)])]))
    assert "<b>Acme" not in html
    assert "&lt;b&gt;Acme&lt;/b&gt; &amp; Sons" in html


def test_widths_of_a_row_never_exceed_the_whole() -> None:
    html = page(Part("Mails", stacks=[charts.balance("Mails", [("Acme", 1, 200, 1, 0, 1), ("Birch", 1, 1, 1, 0, 1)])]))
    for row in re.findall(r"<tr>(?:<td[^>]*width=\"\d+%\"[^>]*>&nbsp;</td>|<td[^>]*width=\"\d+%\"[^>]*>\xa0</td>)+", html):
        assert sum(int(w) for w in re.findall(r'width="(\d+)%"', row)) <= 103


# --- PNG ---

WAITING = [False] * 7 + [True]


def opened(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png))


def test_the_same_figures_give_the_same_picture() -> None:
    one, two = (pictures.response_curve("Answers", MINUTES, WAITING, 120, DAY) for _ in range(2))
    assert one == two
    assert opened(one).size == (2400, 1000)


def test_a_handful_of_points_makes_no_curve() -> None:
    few = pictures.response_curve("Answers", MINUTES[:3], WAITING[:3], None, DAY)
    more = pictures.response_curve("Answers", MINUTES, WAITING, None, DAY)
    assert green(few) < green(more) / 5


def green(png: bytes) -> int:
    image = opened(png).convert("RGB")
    return sum(n for n, colour in image.getcolors(1 << 24) or [] if colour == (0x35, 0x60, 0x56))


def test_what_is_open_keeps_the_curve_from_reaching_all() -> None:
    alt = pictures.response_curve_alt("Answers", MINUTES, WAITING, Allowance(120, Unit.BUSINESS_MINUTES), DAY)
    assert (
        alt
        == "Answers: of 8 questions, 25% within one hour, 62% within a working day and 88% within a week were answered. Agreed: 2 working hours."
    )


def test_nothing_asked_is_said_in_words() -> None:
    assert pictures.response_curve_alt("Answers", [], [], None, DAY) == "Answers: no questions yet."
    assert opened(pictures.response_curve("Answers", [], [], None, DAY)).size == (2400, 1000)


def test_the_rhythm_shows_each_day_of_contact_and_the_silence_since() -> None:
    days = [date(2026, 1, 5) + timedelta(days=7 * n) for n in range(8)]
    png = pictures.rhythm("Acme", days, date(2026, 3, 20))
    red = sum(n for n, colour in opened(png).convert("RGB").getcolors(1 << 24) or [] if colour == (0xA5, 0x36, 0x1A))
    assert red > 1000
    assert (
        pictures.rhythm_alt("Acme", days, date(2026, 3, 20)) == "Acme: in touch on 8 days, most recently on 23 Feb, 25 days ago."
    )


def test_a_rhythm_without_contact_is_said() -> None:
    assert "no contact" in pictures.rhythm_alt("Acme", [], date(2026, 3, 20))
    assert opened(pictures.rhythm("Acme", [], date(2026, 3, 20))).size == (2400, 1000)

"""Every file of the hostile corpus goes through the reader: a ValueError at worst, and never for long."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cost import measured
from paths import SHARED

from connectors.calendar import Window
from connectors.formats import ics

CORPUS = SHARED / "data/hostile/ics"

# What a sync reads (90 days back, 180 ahead), and years ago, where most of the corpus lies.
WINDOWS = [
    Window(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 9, 28, tzinfo=UTC)),
    Window(datetime(2005, 1, 1, tzinfo=UTC), datetime(2005, 9, 28, tzinfo=UTC)),
]


def limit(text: str) -> float:
    """What reading may cost, in units of tests/cost.py. Honest calendars cost 0.6 for a thousand characters."""
    return 20 + 2 * len(text) / 1000


def files() -> list[Path]:
    found = sorted(p for p in CORPUS.rglob("*") if p.is_file())
    if not found:
        pytest.skip("the hostile corpus is not beside this repository (../shared/data/hostile/ics)")
    return found


def is_readable(text: str, window: Window) -> bool:
    try:
        ics.read(text, window, "Europe/London")
    except ValueError as error:
        assert len(str(error)) < 150, "a reason is a line for a person"  # noqa: PT017  # any other exception fails the test by itself
        return False
    return True


@pytest.mark.parametrize("window", WINDOWS, ids=["now", "2005"])
def test_every_hostile_calendar_is_read_or_refused_in_time(window: Window) -> None:
    costs: list[tuple[float, str]] = []  # of each file in parts of its limit
    readable = 0
    for file in files():
        text = file.read_bytes().decode("utf-8-sig", "replace")
        reading = measured(lambda text=text: is_readable(text, window), limit(text))  # type: ignore[misc]
        readable += reading.result
        costs.append((reading.units / limit(text), file.name))
    print(f"{len(costs)} files, {readable} readable, dearest {max(costs)[0]:.2f} of its limit ({max(costs)[1]})")  # noqa: T201  # a figure to quote
    assert readable > len(costs) / 2
    assert max(costs)[0] < 1

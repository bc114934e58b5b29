"""What work costs in processor time, counted in units that a slow or busy machine stretches as much as the work itself.

A unit is a fixed piece of ordinary work with text, about 10 ms on a machine of 2024. Waiting costs nothing.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

T = TypeVar("T")
_ATTEMPTS = 6
_TEXT = "Could you send me the revised quote by Friday? I'll call you on Tuesday at 3pm.\n" * 1500


@dataclass(frozen=True, slots=True)
class Measured(Generic[T]):
    """The result of some work, and its cost in units."""

    result: T
    units: float


def measured(work: Callable[[], T], limit: float) -> Measured[T]:
    """Do the work and measure it, again where it cost more than `limit` units: a busy machine may only make it seem dearer."""
    least = float("inf")
    for _ in range(_ATTEMPTS):
        began = time.process_time()
        result = work()
        least = min(least, (time.process_time() - began) / unit())
        if least < limit:
            break
        unit.cache_clear()  # the machine may not be as quick any more as it was when this was measured
    return Measured(result, least)


@cache
def unit() -> float:
    """Return the processor seconds of a unit: the quickest of some attempts."""
    return min(_reference() for _ in range(_ATTEMPTS))


def _reference() -> float:
    began = time.process_time()
    words = Counter(re.findall(r"[\w']+", _TEXT))
    lines = [line.partition("?") for line in _TEXT.splitlines()]
    assert len(words) == 15
    assert len(lines) == 1500
    return time.process_time() - began

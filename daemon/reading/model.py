"""Two small linear models of English sentences, promise and request: features in, a probability out, in plain Python.

The weights are a data file beside this module, made by `tools/train.py` from named data. Their sum is stretched and shifted
there so that a probability means what it says: of sentences said with 0.9, nine in ten hold.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

WEIGHTS = Path(__file__).with_name("weights.json")


def chance(head: str, seen: Iterable[str]) -> float:
    """The probability that a sentence with these features is what `head` (promise, request) looks for."""
    return squashed(_sum(head, seen))


def telling(head: str, seen: Iterable[str], most: int = 4) -> list[tuple[str, float]]:
    """The features that said most, for or against: what `kept explain` shows."""
    weights = _weights()[head]
    found = sorted(((f, weights[f]) for f in seen if f in weights and f != "bias"), key=lambda pair: -abs(pair[1]))
    return found[:most]


def squashed(total: float) -> float:
    """The logistic function, kept from overflowing."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def _sum(head: str, seen: Iterable[str]) -> float:
    get = _weights()[head].get
    return sum([get(f, 0.0) for f in seen])


@lru_cache(maxsize=1)
def _weights() -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = json.loads(WEIGHTS.read_text(encoding="utf-8"))["weights"]
    return found

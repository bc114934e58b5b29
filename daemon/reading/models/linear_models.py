"""Two small linear models of each language's sentences, promise and request: features in, a probability out, in plain Python.

The weights are a data file beside this module, trained by `tools/train.py`. Training also stretches and shifts their sum so that
a probability means what it says: of the sentences given 0.9, nine in ten are what the model says they are.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

_WEIGHTS = Path(__file__).with_name("weights.json")
_THOUSAND = 1000  # weights have three decimals
_BITS = 32  # of the weight, or of the sum of weights, for a request; above them is that for a promise
_HALF = 1 << _BITS - 1
_MAX_SUM = 30.0  # beyond it the probability is 0 or 1 anyway, and `exp` might overflow


class Chances(NamedTuple):
    """How likely it is (0 to 1) that a sentence promises something, and that it asks for something."""

    promise: float
    request: float


def chances(language: str, features: Iterable[str]) -> Chances:
    """Return how likely it is that these features belong to a sentence that promises, and to one that asks.

    Their weights are added up exactly: features come in no order, and what is as likely as not must not depend on one.
    """
    promise, request = _apart(sum(filter(None, map(_weights()[language].get, features))))
    return Chances(logistic(promise), logistic(request))


def strongest(language: str, model: str, features: Iterable[str], count: int = 4) -> list[tuple[str, float]]:
    """Return the features that weighed most, for or against, with their weights: what `kept explain` shows."""
    weights, place = _weights()[language], Chances._fields.index(model)
    pairs = [(f, _apart(weights[f])[place]) for f in features if f in weights and f != "bias"]
    return sorted((pair for pair in pairs if pair[1]), key=lambda pair: (-abs(pair[1]), pair[0]))[:count]


def logistic(total: float) -> float:
    """Return the logistic function of a sum."""
    return 1 / (1 + math.exp(-total if -_MAX_SUM < total < _MAX_SUM else -math.copysign(_MAX_SUM, total)))


@cache
def _weights() -> Mapping[str, Mapping[str, int]]:
    """Return by language each feature's weights for a promise and for a request, in thousandths, as one number.

    One number takes a third of the memory of two in a pair, and a sentence's fifty are added up in a third of the time.
    """
    stored: dict[str, dict[str, dict[str, float]]] = json.loads(_WEIGHTS.read_text(encoding="utf-8"))["weights"]
    return {
        language: {
            f: (round(promise.get(f, 0.0) * _THOUSAND) << _BITS) + round(request.get(f, 0.0) * _THOUSAND)
            for f in promise.keys() | request.keys()
        }
        for language, models in stored.items()
        for promise, request in [(models["promise"], models["request"])]
    }


def _apart(both: int) -> tuple[float, float]:
    """Return the sums, or the weights, that stand in one number for a promise and for a request."""
    request = (both + _HALF & 2 * _HALF - 1) - _HALF
    return (both - request >> _BITS) / _THOUSAND, request / _THOUSAND

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

_WEIGHTS = Path(__file__).with_name("weights.json")
_MAX_SUM = 30.0  # beyond it the probability is 0 or 1 anyway, and `exp` might overflow


def probability(language: str, model: str, features: Iterable[str]) -> float:
    """Return the probability (0 to 1) that these features belong to a sentence that a "promise" or "request" model looks for."""
    weight = _weights()[language][model].get
    return logistic(sum([weight(f, 0.0) for f in features]))


def strongest(language: str, model: str, features: Iterable[str], count: int = 4) -> list[tuple[str, float]]:
    """Return the features that weighed most, for or against, with their weights: what `kept explain` shows."""
    weights = _weights()[language][model]
    pairs = ((f, weights[f]) for f in features if f in weights and f != "bias")
    return sorted(pairs, key=lambda pair: -abs(pair[1]))[:count]


def logistic(total: float) -> float:
    """Return the logistic function of a sum."""
    return 1 / (1 + math.exp(-max(-_MAX_SUM, min(_MAX_SUM, total))))


@cache
def _weights() -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    """Return the weights by language, model and feature."""
    weights: dict[str, dict[str, dict[str, float]]] = json.loads(_WEIGHTS.read_text(encoding="utf-8"))["weights"]
    return weights

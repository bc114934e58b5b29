"""The encoder: a small neural network that reads an English mail in one pass, and says how likely its acts and a reply are.

It has a say beside the linear models where the extra `reader` is installed, which brings onnxruntime; without it nothing here is
loaded. Its log odds are joined with theirs by numbers that training found on mail that neither had seen. These numbers and the
vocabulary stand in the file of its weights, which is made by `tools/train_encoder.py`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from daemon.reading.models.linear_models import logistic
from daemon.reading.models.windows import Window, windows
from daemon.reading.models.wordpiece import WordPieces

LANGUAGE = "en"  # the one that it reads
MODELS = ("promise", "request")  # what it says of each sentence, in this order
REPLY = "reply"
SHARE = "ENCODER"  # its name among the features that counted
FILE = Path(__file__).with_name("encoder.onnx")
_MAX_ODDS = 20.0  # beyond it a probability says no more


class Opinion(NamedTuple):
    """What the encoder says of a mail: the log odds by model of each sentence, and of the whole; None where it says nothing."""

    sentences: tuple[Mapping[str, float] | None, ...]
    whole: Mapping[str, float] | None


class _Loaded(NamedTuple):
    session: Any
    pieces: WordPieces
    shares: dict[str, tuple[float, float]]  # what the others' log odds and its own are multiplied by


@cache
def is_installed() -> bool:
    """Return whether the encoder can have a say here."""
    try:
        import onnxruntime  # noqa: F401, PLC0415  # an extra; importing it takes a tenth of a second that others need not spend
    except ImportError:
        return False
    return True


def opinion(sentences: Sequence[str], language: str, check: Callable[[], None] = lambda: None) -> Opinion:
    """Return what the encoder says of a mail's sentences, nothing where it is not installed or does not read the language.

    `check` is called before each of its passes.
    """
    if language != LANGUAGE or not sentences or not is_installed():
        return Opinion(tuple(None for _ in sentences), None)
    loaded = _loaded()
    pieces = loaded.pieces
    said: list[list[Sequence[float]]] = [[] for _ in sentences]
    replies = []
    for window in windows([pieces.numbers(s) for s in sentences], pieces.begin, pieces.end):
        check()
        odds, reply = _run(loaded.session, window)
        replies.append(reply)
        for number, sentence in enumerate(odds, window.first):
            said[number].append(sentence)
    return Opinion(tuple(_mean(s) if s else None for s in said), {REPLY: max(replies)})


def joined(model: str, chance: float, said: Mapping[str, float]) -> float:
    """Return the probability (0 to 1) of a model from that of the linear model, or of the rules, and the encoder's log odds."""
    others, own = _loaded().shares[model]
    return logistic(others * log_odds(chance) + own * said[model])


def share(model: str, chance: float, said: Mapping[str, float]) -> float:
    """Return by how much the encoder moves the log odds of the linear model's probability."""
    return log_odds(joined(model, chance, said)) - log_odds(chance)


def log_odds(chance: float) -> float:
    """Return the log odds of a probability."""
    if not 0 < chance < 1:
        return _MAX_ODDS if chance else -_MAX_ODDS
    return max(-_MAX_ODDS, min(_MAX_ODDS, math.log(chance / (1 - chance))))


def _mean(said: Sequence[Sequence[float]]) -> dict[str, float]:
    return {model: sum(odds) / len(said) for model, odds in zip(MODELS, zip(*said, strict=True), strict=True)}


def _run(session: Any, window: Window) -> tuple[list[list[float]], float]:
    """Return the log odds of each sentence of a window, and those of a reply."""
    import numpy as np  # noqa: PLC0415  # onnxruntime brings it

    means: Any = np.zeros((1, len(window.spans), len(window.pieces)), dtype=np.float32)
    for number, (start, end) in enumerate(window.spans):
        means[0, number, start:end] = 1 / max(1, end - start)
    sentences, reply = session.run(None, {"pieces": np.array([window.pieces], dtype=np.int64), "means": means})
    return sentences[0].tolist(), float(reply[0])


@cache
def _loaded() -> _Loaded:
    """Return the encoder, loaded once, where it is installed."""
    import onnxruntime  # noqa: PLC0415  # see is_installed

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # which would keep the memory of the longest mail
    session = onnxruntime.InferenceSession(str(FILE), options, providers=["CPUExecutionProvider"])
    told = session.get_modelmeta().custom_metadata_map
    shares = {model: (others, own) for model, (others, own) in json.loads(told["shares"]).items()}
    return _Loaded(session, WordPieces(told["vocabulary"].split("\n")), shares)

"""The encoder: a small neural network that reads an English mail in one pass, and says how likely its acts and a reply are.

It has a say beside the linear models where the extra `reader` is installed, which brings onnxruntime; without it nothing here is
loaded. Its log odds are joined with theirs by numbers that training found on mail that neither had seen. These numbers and the
vocabulary stand in the file of its weights, which is made by `tools/train_encoder.py`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    """What the encoder says of a mail: the log odds by model of each sentence, of its clauses, and of the whole; None for nothing."""

    sentences: tuple[Mapping[str, float] | None, ...]
    clauses: tuple[tuple[Mapping[str, float] | None, ...], ...]
    whole: Mapping[str, float] | None


class _Loaded(NamedTuple):
    session: Any
    pieces: WordPieces
    shares: dict[str, tuple[float, float, float]]  # what the others' log odds and its own are multiplied by, and what is added


@cache
def is_installed() -> bool:
    """Return whether the encoder can have a say here."""
    try:
        import onnxruntime  # noqa: F401, PLC0415  # an extra; importing it takes a tenth of a second that others need not spend
    except ImportError:
        return False
    return True


def opinion(
    sentences: Sequence[str],
    language: str,
    check: Callable[[], None] = lambda: None,
    clauses: Sequence[Sequence[tuple[int, int]]] | None = None,
) -> Opinion:
    """Return what the encoder says of a mail's sentences, nothing where it is not installed or does not read the language.

    `clauses` are the spans of each sentence's clauses within it, none where it has only one. `check` is called before each of its
    passes.
    """
    clauses = clauses if clauses is not None else [()] * len(sentences)
    if language != LANGUAGE or not sentences or not is_installed():
        return Opinion(tuple(None for _ in sentences), tuple(tuple(None for _ in spans) for spans in clauses), None)
    loaded = _loaded()
    said: list[list[Sequence[float]]] = [[] for _ in sentences]
    said_of_clauses: list[list[list[Sequence[float]]]] = [[[] for _ in spans] for spans in clauses]
    replies = []
    for window in windows([loaded.pieces.numbers(s) for s in sentences], loaded.pieces.begin, loaded.pieces.end):
        check()
        shown = range(window.first, window.first + len(window.spans))
        within = list(_clauses_within(window, sentences, clauses, loaded.pieces))
        odds, reply = _run(loaded.session, window.pieces, [*window.spans, *(span for _, _, span in within)])
        replies.append(reply)
        for number, sentence in zip(shown, odds, strict=False):
            said[number].append(sentence)
        for (number, place, _), clause_odds in zip(within, odds[len(shown) :], strict=True):
            said_of_clauses[number][place].append(clause_odds)
    return Opinion(
        tuple(map(_mean, said)), tuple(tuple(map(_mean, several)) for several in said_of_clauses), {REPLY: max(replies)}
    )


def _clauses_within(
    window: Window, sentences: Sequence[str], clauses: Sequence[Sequence[tuple[int, int]]], pieces: WordPieces
) -> Iterator[tuple[int, int, tuple[int, int]]]:
    """Yield the clauses of the sentences that a window shows: the sentence's number, the clause's among its own, and its span."""
    for number, shown in enumerate(window.spans, window.first):
        for place, clause in enumerate(clauses[number]):
            yield number, place, _span(shown, sentences[number], clause, pieces)


def _span(sentence: tuple[int, int], text: str, clause: tuple[int, int], pieces: WordPieces) -> tuple[int, int]:
    """Return where a clause stands in a row of word pieces, given where its sentence does; a sentence may have been cut short."""
    start, end = (min(sentence[0] + len(pieces.numbers(text[:offset])), sentence[1]) for offset in clause)
    return min(start, sentence[1] - 1), end


def joined(model: str, chance: float, said: Mapping[str, float]) -> float:
    """Return the probability (0 to 1) of a model from that of the linear model, or of the rules, and the encoder's log odds."""
    others, own, added = _loaded().shares[model]
    return logistic(others * log_odds(chance) + own * said[model] + added)


def share(model: str, chance: float, said: Mapping[str, float]) -> float:
    """Return by how much the encoder moves the log odds of the linear model's probability."""
    return log_odds(joined(model, chance, said)) - log_odds(chance)


def log_odds(chance: float) -> float:
    """Return the log odds of a probability."""
    if not 0 < chance < 1:
        return _MAX_ODDS if chance else -_MAX_ODDS
    return max(-_MAX_ODDS, min(_MAX_ODDS, math.log(chance / (1 - chance))))


def _mean(said: Sequence[Sequence[float]]) -> dict[str, float] | None:
    """Return the mean of what several windows say, None where none shows it."""
    if not said:
        return None
    return {model: sum(odds) / len(said) for model, odds in zip(MODELS, zip(*said, strict=True), strict=True)}


def _run(session: Any, pieces: Sequence[int], spans: Sequence[tuple[int, int]]) -> tuple[list[list[float]], float]:
    """Return the log odds of each span of a window, and those of a reply."""
    import numpy as np  # noqa: PLC0415  # onnxruntime brings it

    means: Any = np.zeros((1, len(spans), len(pieces)), dtype=np.float32)
    for number, (start, end) in enumerate(spans):
        means[0, number, start:end] = 1 / max(1, end - start)
    sentences, reply = session.run(None, {"pieces": np.array([pieces], dtype=np.int64), "means": means})
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
    shares = {model: (others, own, added) for model, (others, own, added) in json.loads(told["shares"]).items()}
    return _Loaded(session, WordPieces(told["vocabulary"].split("\n")), shares)

# noqa: INP001  # beside a script
"""How the encoder, the linear models and both together do on sources that none has seen, and how their word is joined.

Their log odds are averaged once the encoder's are stretched and shifted to be right on mail that it has not seen (Platt's method),
and the average is once more: two that agree are surer together than each alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from reader_sources import MEASURED_ONLY, MODELS, Document
from train import LIFT, SURE, Row, calibration, figures, fit, rows_of, total, unseen_sums

from daemon.reading.models.linear_models import logistic

REPLY = "reply"
Said = tuple[list[list[float] | None], float | None]  # the encoder's log odds of each sentence by model, and of a reply


class Joining(NamedTuple):
    """How the encoder's log odds are stretched and shifted where it speaks alone, and what is taken of each where both speak."""

    alone: tuple[float, float]
    both: tuple[float, float, float]  # of the linear log odds, of the encoder's, and a constant


class Odds(NamedTuple):
    """The log odds of one sentence, or of a mail's reply, and its label; None where a model says nothing."""

    source: str
    linear: float | None
    encoder: float | None
    label: bool


def linear_odds(found: Sequence[Document], without: str) -> dict[str, list[list[float]]]:
    """Return, for each document that is measured, the log odds of each sentence by linear models that learnt from other sources."""
    learnt = [d for d in found if d.source != without and d.source not in MEASURED_ONLY]
    weighers = []
    for model in MODELS:
        rows = rows_of(model, learnt)
        weighers.append((fit(rows, model), *calibration(rows, unseen_sums(rows, model), LIFT["en", model])))
    return {
        d.key: [[stretch * total(weights, e.features) + shift for weights, stretch, shift in weighers] for e in d.examples]
        for d in found
        if d.source == without or d.source in MEASURED_ONLY
    }


def odds_of(
    documents: Iterable[Document], linear: Mapping[str, list[list[float]]], said: Mapping[str, Said]
) -> dict[str, list[Odds]]:
    """Return the log odds of what is labelled in these documents, by model."""
    result: dict[str, list[Odds]] = {model: [] for model in (*MODELS, REPLY)}
    for d in documents:
        sentences, reply = said[d.key]
        for example, weighed, told in zip(d.examples, linear[d.key], sentences, strict=True):
            for number, model in enumerate(MODELS):
                label = example.labels[model]
                if label is not None:
                    result[model].append(Odds(d.source, weighed[number], told[number] if told else None, label))
        if d.reply is not None and reply is not None:
            result[REPLY].append(Odds(d.source, None, reply, d.reply))
    return result


def joinings(unseen: Mapping[str, Sequence[Odds]]) -> dict[str, Joining]:
    """Return how the models' words are joined, from mail that none of them had seen."""
    result = {}
    for model, odds in unseen.items():
        both = [o for o in odds if o.encoder is not None]
        stretch, shift = _right(model, both, [o.encoder for o in both if o.encoder is not None])
        if model == REPLY:
            result[model] = Joining((stretch, shift), (0.0, stretch, shift))
            continue
        means = [((o.linear or 0.0) + stretch * (o.encoder or 0.0) + shift) / 2 for o in both]
        wider, more = _right(model, both, means)
        result[model] = Joining((stretch, shift), (wider / 2, wider * stretch / 2, wider * shift / 2 + more))
    return result


def _right(model: str, odds: Sequence[Odds], values: Sequence[float]) -> tuple[float, float]:
    """Return how to stretch and shift values so that they are log odds."""
    rows = [Row(o.source, "", frozenset(), o.label) for o in odds]
    return calibration(rows, values, LIFT.get(("en", model), 0.0))


def table(unseen: Mapping[str, Sequence[Odds]], joined: Mapping[str, Joining]) -> Iterator[str]:
    """Yield the figures of each source by the linear models alone, the encoder alone, and both."""
    for model, odds in unseen.items():
        stretch, shift = joined[model].alone
        for source in dict.fromkeys(o.source for o in odds):
            chosen = [o for o in odds if o.source == source]
            ways = {
                "linear": [o.linear for o in chosen],
                "encoder": [None if o.encoder is None else stretch * o.encoder + shift for o in chosen],
                "both": [_both(o, joined[model].both) for o in chosen],
            }
            for way, values in ways.items():
                if model != REPLY or way == "encoder":
                    yield f"{model} {source}, {way}: {_figures(values, chosen)}"


def _both(odds: Odds, share: tuple[float, float, float]) -> float | None:
    if odds.encoder is None:
        return odds.linear
    return share[0] * (odds.linear or 0.0) + share[1] * odds.encoder + share[2]


def _figures(values: Sequence[float | None], odds: Sequence[Odds]) -> str:
    """Return the figures at one half, and from SURE; what a model says nothing of counts as no."""
    chances = [0.0 if value is None else logistic(value) for value in values]
    half, sure = (figures((c >= floor, o.label) for c, o in zip(chances, odds, strict=True)) for floor in (0.5, SURE))
    return f"{half}; from {SURE}: {sure}"

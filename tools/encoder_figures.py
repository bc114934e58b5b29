# noqa: INP001  # beside a script
"""How the encoder, the linear models and both together do on sources that none has seen, and how their word is joined.

An encoder is too sure of itself, so its log odds are multiplied by what makes them right on mail that it has not seen; they are
averaged with the linear models', and the average is multiplied again: two that agree are surer together than each alone. Then half of
what would make F1 best there is added; only half, as how often mail promises and asks is another thing for each source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from reader_sources import MEASURED_ONLY, MODELS, Document
from sklearn.linear_model import LogisticRegression
from train import LIFT, SURE, calibration, figures, fit, lift_of, rows_of, total, unseen_sums

from daemon.reading.models.linear_models import logistic

REPLY = "reply"
RULES_SHARE = 0.5  # of the log odds of the rules' confidence that a reply is expected, which are no model's
LIFT_SHARE = 0.5  # how far sums go to the best F1 of the source that was left out
Said = tuple[list[list[float] | None], float | None]  # the encoder's log odds of each sentence by model, and of a reply


class Joining(NamedTuple):
    """What the encoder's log odds are multiplied by where it speaks alone; what the others' and its are where both speak, and what is added."""

    alone: float
    both: tuple[float, float, float]


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
        heard = [o for o in odds if o.encoder is not None]
        alone = _stretch([o.encoder or 0.0 for o in heard], heard)
        if model == REPLY:
            result[model] = Joining(alone, (RULES_SHARE, alone, 0.0))
            continue
        wider = _stretch([((o.linear or 0.0) + alone * (o.encoder or 0.0)) / 2 for o in heard], heard)
        shares = (wider / 2, wider * alone / 2)
        added = LIFT_SHARE * lift_of([(shares[0] * (o.linear or 0.0) + shares[1] * (o.encoder or 0.0), o.label) for o in heard])
        result[model] = Joining(alone, (*shares, added))
    return result


def _stretch(values: Sequence[float], odds: Sequence[Odds]) -> float:
    """Return what values must be multiplied by to be log odds."""
    regression = LogisticRegression(C=1e6, fit_intercept=False)
    regression.fit(np.array([[value] for value in values]), np.array([o.label for o in odds]))
    return float(regression.coef_[0][0])


def table(unseen: Mapping[str, Sequence[Odds]], joined: Mapping[str, Joining]) -> Iterator[str]:
    """Yield the figures of each source by the linear models alone, the encoder alone, and both."""
    for model, odds in unseen.items():
        for source in dict.fromkeys(o.source for o in odds):
            chosen = [o for o in odds if o.source == source]
            ways = {
                "linear": [o.linear for o in chosen],
                "encoder": [None if o.encoder is None else joined[model].alone * o.encoder for o in chosen],
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

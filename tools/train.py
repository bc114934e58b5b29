# noqa: INP001  # a script
"""Train the weights of `daemon/reading/models/linear_models.py`, and measure every model on sources that it has not seen.

    ./dev train [SHARED] [--archives MAILS] [--unlabelled MAILS] [--out daemon/reading/models/weights.json]

Two logistic regressions for each language: whether a sentence promises something, and whether it asks for something. Learns
from tools/training and, where SHARED (default ../shared/data) exists, from its labels, quoted mail and sentences; measures also on
its sales mail and, given MAILS (as `tools/public_mail.py` writes them), on mail of public archives, from which nothing learns.

Prints one line for each model and source: the figures on that source by weights that learnt from all others ("leave one source
out"), and, given --unlabelled (as `tools/unlabelled_mail.py` writes them), those of what is only measured by the final weights, for
which the English models also learn what an encoder said of mail without labels. A rule that was written after its author had read a source counts as trained on it; `RULES_READ` names those sources. Then
trains on everything and writes the weights of features that occur in several mails.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(ROOT))

from distillation import JudgedFeatures, Lesson, chances, frequent, judged, stretched, with_chances  # noqa: E402  # the path is set above
from reader_sources import GERMAN_SOURCES, MEASURED_ONLY, MODELS, Document, documents  # noqa: E402  # the path is set above

from daemon.reading.models.linear_models import logistic  # noqa: E402

RULES_READ = frozenset(("mails", "labels", "quoted", "sentences", "asks"))  # their mails were read by who wrote the rules
WHOLE_MAILS = frozenset(("mails", "labels", "quoted", "hands", "hands 2")) | (
    GERMAN_SOURCES - {"pairs de", "pairs de 2"}
)  # what the reader meets: they set the probabilities
STRENGTH = {"promise": 0.7, "request": 0.7}  # the inverse of how strongly weights are drawn to zero (C)
MAX_ITERATIONS = 1000  # of the dual problem, which gives the weights of the primal one to .001 in a fourth of the time
MIN_DOCUMENTS = 3  # a feature must occur in so many, so that the file holds nothing of a single mail
SLIGHT = {("asks", "request"): 0.3, ("pairs de", "promise"): 0.3, ("pairs de 2", "promise"): 0.3}
# How much a source's examples count that were labelled by another rule, or, as the German sentences, are far from whole mails.
SURE = 0.9
# How far probabilities go from what is right on average to the best F1. A missed question costs more than a false one.
DISTILLED_LIFT = {"promise": 0.2, "request": 0.4}  # the same for what was learnt from mail without labels
LIFT = {("en", "promise"): 0.0, ("en", "request"): 0.5, ("de", "promise"): 1.0, ("de", "request"): 0.5}


@dataclass(frozen=True, slots=True)
class Row:
    """What a model learns from or is measured on: the source, the document, the features, and the label."""

    source: str
    document: str
    features: frozenset[str]
    label: bool


def rows_of(model: str, chosen: Iterable[Document]) -> list[Row]:
    """Return the labelled sentences of documents as rows of a sentence model."""
    return [
        Row(d.source, d.name, example.features, bool(label))
        for d in chosen
        for example in d.examples
        if (label := example.labels[model]) is not None
    ]


def fit(
    rows: Sequence[Row], model: str, found: Sequence[JudgedFeatures] = (), likely: np.ndarray | None = None
) -> dict[str, float]:
    """Return the weights of the features that occur in at least MIN_DOCUMENTS documents.

    Each source also has a weight of its own, which takes up how often its sentences are what is looked for; the mean of those of
    whole mails goes to "bias". `found` are sentences without labels, and `likely` their chances.
    """
    places = _places(_vocabulary(rows) | (frequent(found) if found else set()))
    sources = sorted({row.source for row in rows})
    own = csr_matrix(np.array([[float(row.source == source) for source in (*sources, None)] for row in rows]))
    lesson = Lesson(
        hstack([_matrix([row.features for row in rows], places), own]).tocsr(),
        [row.label for row in rows],
        [SLIGHT.get((row.source, model), 1.0) for row in rows],
        places,
    )
    if likely is not None:
        lesson = with_chances(lesson, _matrix([row.features for row in found], places), likely)
    regression = LogisticRegression(C=STRENGTH[model], solver="liblinear", dual=True, max_iter=MAX_ITERATIONS, random_state=0)
    regression.fit(lesson.matrix, np.array(lesson.labels), sample_weight=np.array(lesson.counts))
    learnt = regression.coef_[0]
    by_source = dict(zip((*sources, None), learnt[len(places) :], strict=True))
    result = {feature: float(learnt[place]) for feature, place in places.items()}
    shift = float(np.mean([w for source, w in by_source.items() if source in WHOLE_MAILS]))
    result["bias"] = result.get("bias", 0.0) + float(regression.intercept_[0]) + shift
    return result


def _vocabulary(rows: Sequence[Row]) -> set[str]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for feature in row.features:
            if len(found[feature]) < MIN_DOCUMENTS:
                found[feature].add(row.document)
    return {feature for feature, names in found.items() if len(names) >= MIN_DOCUMENTS}


def _places(features: Iterable[str]) -> dict[str, int]:
    return {feature: place for place, feature in enumerate(sorted(features))}


def _matrix(rows: Sequence[frozenset[str]], places: Mapping[str, int]) -> csr_matrix:
    columns = [sorted(places[f] for f in row if f in places) for row in rows]
    ends = np.cumsum([0, *map(len, columns)])
    flat = [place for row in columns for place in row]
    return csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(rows), len(places)))


def total(weights: Mapping[str, float], features: Iterable[str]) -> float:
    """Return the sum that the reader would compute."""
    return sum(weights.get(feature, 0.0) for feature in features)


def unseen_sums(rows: Sequence[Row], model: str) -> list[float]:
    """Return the sum of each row by weights that learnt from other sources only."""
    sums = [0.0] * len(rows)
    for source in dict.fromkeys(row.source for row in rows):
        weights = fit([row for row in rows if row.source != source and row.source not in MEASURED_ONLY], model)
        for place, row in enumerate(rows):
            if row.source == source:
                sums[place] = total(weights, row.features)
    return sums


def calibration(rows: Sequence[Row], sums: Sequence[float], lift: float) -> tuple[float, float]:
    """Return how to stretch and shift sums so that probabilities are right on unseen whole mails (Platt's method)."""
    chosen = [(value, row.label) for row, value in zip(rows, sums, strict=True) if row.source in WHOLE_MAILS]
    regression = LogisticRegression(C=1e6).fit(
        np.array([[value] for value, _ in chosen]), np.array([label for _, label in chosen])
    )
    stretch, shift = float(regression.coef_[0][0]), float(regression.intercept_[0])
    return stretch, shift + lift * lift_of([(stretch * value + shift, label) for value, label in chosen])


def lift_of(chosen: Sequence[tuple[float, bool]]) -> float:
    """Return how much to add to sums so that their F1 is best where they are above zero."""
    steps = [step / 10 for step in range(31)]
    return max(steps, key=lambda step: f1(Counter((value + step >= 0, label) for value, label in chosen)))


def f1(tally: Mapping[tuple[bool, bool], int]) -> float:
    """Return F1 of how often each (predicted, true) pair occurs."""
    return 2 * tally[True, True] / max(1, 2 * tally[True, True] + tally[True, False] + tally[False, True])


def figures(pairs: Iterable[tuple[bool, bool]]) -> str:
    """Return precision, recall and F1 of (predicted, true) pairs."""
    tally = Counter(pairs)
    hit, extra, missed = tally[True, True], tally[True, False], tally[False, True]
    p, r = hit / max(1, hit + extra), hit / max(1, hit + missed)
    return f"P {p:.3f} R {r:.3f} F1 {2 * p * r / max(1e-9, p + r):.3f} of {hit + missed}"


def table(code: str, model: str, rows: Sequence[Row], chances: Sequence[float]) -> Iterator[str]:
    """Yield the figures for each source by weights that have not seen it."""
    for source in dict.fromkeys(row.source for row in rows):
        pairs = [(chance, row.label) for chance, row in zip(chances, rows, strict=True) if row.source == source]
        at_half, when_sure = (figures((chance >= floor, label) for chance, label in pairs) for floor in (0.5, SURE))
        read = " (rules had read it)" if source in RULES_READ else ""
        yield f"{code} {model} {source}{read}: {at_half}; from {SURE}: {when_sure}"


def train(code: str, model: str, rows: Sequence[Row], found: Sequence[JudgedFeatures]) -> tuple[dict[str, float], list[str]]:
    """Return a model's calibrated weights, and the table's lines."""
    sums = unseen_sums(rows, model)
    stretch, shift = calibration(rows, sums, LIFT[code, model])
    printed = list(table(code, model, rows, [logistic(stretch * value + shift) for value in sums]))
    labelled = [row for row in rows if row.source not in MEASURED_ONLY]
    weights = _calibrated(fit(labelled, model), stretch, shift)
    if found:
        weights = distilled(labelled, model, found, weights)
        measured = [row for row in rows if row.source in MEASURED_ONLY]
        chances = [logistic(total(weights, row.features)) for row in measured]
        printed += [f"{line}; with mail without labels" for line in table(code, model, measured, chances)]
    return {f: round(w, 3) for f, w in sorted(weights.items()) if abs(w) >= 0.02}, printed


def distilled(rows: Sequence[Row], model: str, found: Sequence[JudgedFeatures], weights: Mapping[str, float]) -> dict[str, float]:
    """Return a model's weights that also learnt what an encoder and the weights so far say of sentences without labels."""
    likely = chances(model, found, weights)
    learnt = fit(rows, model, found, likely)
    stretch, shift = stretched(np.array([total(learnt, row.features) for row in found]), likely)
    return _calibrated(learnt, stretch, shift + DISTILLED_LIFT[model])


def _calibrated(weights: Mapping[str, float], stretch: float, shift: float) -> dict[str, float]:
    result = {f: w * stretch for f, w in weights.items()}
    result["bias"] += shift
    return result


def train_language(
    code: str, chosen: Sequence[Document], found: Sequence[JudgedFeatures]
) -> tuple[dict[str, dict[str, float]], list[str]]:
    """Return the weights of a language's models, and the table's lines."""
    weights: dict[str, dict[str, float]] = {}
    printed: list[str] = []
    for model in MODELS:
        weights[model], lines = train(code, model, rows_of(model, chosen), found)
        printed += lines
    return weights, printed


def main() -> None:
    """Print the figures of unseen sources, train on everything, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", nargs="?", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--archives", type=Path, help="mails of public archives, as tools/public_mail.py writes them")
    parser.add_argument("--unlabelled", type=Path, help="mails without labels, as tools/unlabelled_mail.py writes them")
    parser.add_argument("--out", type=Path, default=ROOT / "daemon" / "reading" / "models" / "weights.json")
    args = parser.parse_args()
    found = documents(args.shared, args.archives, args.unlabelled)
    print(dict(Counter(d.source for d in found)))  # noqa: T201  # a command's result
    weights: dict[str, dict[str, dict[str, float]]] = {}
    printed: list[str] = []
    for code in ("en", "de"):
        chosen = [d for d in found if (d.source in GERMAN_SOURCES) == (code == "de")]
        weights[code], made = train_language(code, chosen, judged(args.unlabelled) if args.unlabelled and code == "en" else ())
        printed += made
    print("\n".join(printed))  # noqa: T201  # a command's result
    document = {"made_by": "tools/train.py", "unseen": printed, "weights": weights}
    args.out.write_text(json.dumps(document, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{sum(len(m) for models in weights.values() for m in models.values())} weights written to {args.out}")  # noqa: T201


if __name__ == "__main__":
    main()

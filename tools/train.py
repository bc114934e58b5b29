# noqa: INP001  # a script
"""Train the weights of `daemon/reading/linear_models.py`: two logistic regressions with AdaGrad, in plain Python, reproducibly.

    python tools/train.py [SHARED] [--out daemon/reading/weights.json] [--without NAME ...]

Trains on tools/training (sentences.txt and mails.jsonl, written for this; quoted.jsonl, labels of the shared quoted mails as
offsets in them) and, where SHARED (default ../shared/data) exists, on its labels, quoted mail and sentences. First prints the
figures on sentences that the weights did not see, source by source (five folds over mails), and how often a stated confidence is
right. Then trains on everything and writes the weights of features that occur in several mails or sentences.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from daemon.reading import new_text  # noqa: E402  # the repository is put on the path first
from daemon.reading.cuts.signature import with_signature  # noqa: E402
from daemon.reading.languages.english import ENGLISH  # noqa: E402
from daemon.reading.linear_models import logistic  # noqa: E402
from daemon.reading.sentence_matches import MAX_SENTENCES, match_sentences  # noqa: E402
from daemon.reading.sentences import Sentence, split_sentences  # noqa: E402

TRAINING = Path(__file__).parent / "training"
MODELS = ("promise", "request")
FOLDS, EPOCHS, RATE = 5, 12, 0.2
REGULARISATION = {"promise": 4.0, "request": 5.0}  # how strongly weights are drawn to zero: the inverse of the usual C
BIAS = {"promise": 0.0, "request": 0.45}  # added to a sum, because a missed question costs more than a false one
MIN_GROUPS = 3  # mails or sentences a feature must occur in, so that the file holds nothing of a single mail
WEIGHT = {("asks", "request"): 0.3}  # of a source's examples that count less, because they were labelled by another rule
MAILS = ("mails", "labels", "quoted")  # the sources that are whole mails
Labels = Mapping[str, Sequence[str]]  # the quoted promises and requests of a mail, by model


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence: its source, its mail, its features, and for each model its label, None where it was not labelled."""

    source: str
    group: str
    features: frozenset[str]
    labels: Mapping[str, bool | None]


def examples(shared: Path) -> list[Example]:
    """Return every example there is to train on."""
    result = [*_sentences(), *_mails("mails", _training_mails(TRAINING / "mails.jsonl"))]
    if shared.is_dir():
        result += _mails("labels", _labelled_mails(shared / "labels"))
        result += _mails("quoted", _quoted_mails(shared / "quoted_mail.jsonl"))
        result += _quoted_sentences(shared / "quoted_mail.jsonl")
        result += _asks(shared / "ask_sentences.tsv")
    return result


def _sentences() -> Iterator[Example]:
    for number, line in enumerate((TRAINING / "sentences.txt").read_text(encoding="utf-8").splitlines()):
        if line and not line.startswith("#"):
            mark, text = line.split("\t")
            labels = {"promise": mark in "PB", "request": mark in "RB"}
            yield from (Example("sentences", f"s{number}", features, labels) for _, features in _sentence_features(text))


def _asks(path: Path) -> Iterator[Example]:
    """Yield the sentences labelled as asking or not; asks.txt labels some of them as promises or none."""
    marks = (line.split("\t") for line in (TRAINING / "asks.txt").read_text().splitlines() if not line.startswith("#"))
    promises = {int(number): mark == "P" for number, mark in marks}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
        label, _, text = line.partition("\t")
        for _, features in list(_sentence_features(text))[:1]:
            yield Example("asks", f"a{number}", features, {"promise": promises.get(number), "request": label == "Yes"})


def _mails(source: str, rows: Iterable[tuple[str, str, Labels]]) -> Iterator[Example]:
    """Yield the sentences of mails given as (name, text, labels)."""
    for name, mail, quotes in rows:
        text = mail.replace("\r\n", "\n")
        spans = {model: [span for quote in quotes[model] for span in _spans(text, quote)] for model in MODELS}
        for sentence, features in _sentence_features(text):
            labels = {model: any(_covers(sentence, span) for span in spans[model]) for model in MODELS}
            yield Example(source, name, features, labels)


def _spans(text: str, quote: str) -> Iterator[tuple[int, int]]:
    """Yield where a quote stands; its white space may differ."""
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    yield from (match.span() for match in re.finditer(pattern, text))


def _covers(sentence: Sentence, span: tuple[int, int]) -> bool:
    """Tell whether a sentence is what was labelled, or a good part of it, or contains it."""
    common = min(sentence.end, span[1]) - max(sentence.start, span[0])
    return common >= 0.4 * (span[1] - span[0]) or (common >= 25 and common >= 0.8 * (sentence.end - sentence.start))


def _sentence_features(text: str) -> Iterator[tuple[Sentence, frozenset[str]]]:
    """Yield each sentence of a text with its features, as the reader would see them."""
    sentences = tuple(split_sentences(text, with_signature(text, new_text.quoted_spans(text))))[:MAX_SENTENCES]
    for matched in match_sentences(sentences, ENGLISH):
        yield matched.sentence, frozenset(matched.features(ENGLISH))


def _training_mails(path: Path) -> Iterator[tuple[str, str, Labels]]:
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines() if path.exists() else ()):
        yield row["mail"]["id"], row["mail"]["text"], _quotes(row["labels"])


def _labelled_mails(folder: Path) -> Iterator[tuple[str, str, Labels]]:
    gold = {row["id"]: row for row in map(json.loads, (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines())}
    for mail in map(json.loads, (folder / "mails.jsonl").read_text(encoding="utf-8").splitlines()):
        if mail["id"] in gold:
            yield mail["id"], mail["text"], _quotes(gold[mail["id"]])


def _quoted_mails(path: Path) -> Iterator[tuple[str, str, Labels]]:
    mails = [json.loads(line)["new"].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    labels = TRAINING / "quoted.jsonl"
    for row in map(json.loads, labels.read_text(encoding="utf-8").splitlines() if labels.exists() else ()):
        text = mails[row["mail"]][: row["until"]]  # of a long mail only the beginning is labelled
        yield f"q{row['mail']}", text, {model: [text[start:end] for start, end in row[model]] for model in MODELS}


def _quoted_sentences(path: Path) -> Iterator[Example]:
    """Yield single sentences from the quoted parts, labelled as promises or none."""
    mails = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    for line in (TRAINING / "quoted_sentences.txt").read_text().splitlines():
        if not line.startswith("#"):
            number, start, end, mark = line.split("\t")
            text = re.sub(r"\n[> ]+", "\n", mails[int(number)][int(start) : int(end)])
            for _, features in list(_sentence_features(text))[:1]:
                yield Example("asks", f"t{number}.{start}", features, {"promise": mark == "P", "request": None})


def _quotes(labels: Mapping[str, Any]) -> Labels:
    return {"promise": [p["quote"] for p in labels["promises"]], "request": [r["quote"] for r in labels["requests"]]}


def fit(examples: Sequence[Example], model: str) -> dict[str, float]:
    """Return the weights of the features that occur in at least MIN_GROUPS groups.

    Each source also has a weight of its own, a feature that begins with "SOURCE ", which is not written.
    """
    rows = _rows(examples, model)
    weights: dict[str, float] = defaultdict(float)
    squares: dict[str, float] = defaultdict(lambda: 1e-8)
    order, rng = list(range(len(rows))), random.Random(0)  # noqa: S311  # reproducible on purpose
    counts = Counter(f for features, _, _ in rows for f in features)
    shrinkage = {f: REGULARISATION[model] / count for f, count in counts.items()}
    for _ in range(EPOCHS):
        rng.shuffle(order)
        for index in order:
            features, label, weight = rows[index]
            error = (logistic(sum([weights[f] for f in features])) - label) * weight
            for f in features:
                gradient = error + shrinkage[f] * weights[f]
                squares[f] += gradient * gradient
                weights[f] -= RATE * gradient / math.sqrt(squares[f])
    return dict(weights)


def _rows(examples: Sequence[Example], model: str) -> list[tuple[list[str], float, float]]:
    """Return each example's features that occur often enough, its label as 0 or 1, and how much it counts."""
    groups: dict[str, set[str]] = defaultdict(set)
    for example in examples:
        for feature in example.features:
            if len(groups[feature]) < MIN_GROUPS:
                groups[feature].add(example.group)
    return [
        (
            [
                *sorted(f for f in e.features if len(groups[f]) >= MIN_GROUPS),
                *([] if e.source == "asks" else [f"SOURCE {e.source}"]),
            ],
            float(bool(e.labels[model])),
            WEIGHT.get((e.source, model), 1.0),
        )
        for e in examples
    ]


def total(weights: Mapping[str, float], example: Example) -> float:
    """Return the sum that the reader would compute; there the source is unknown."""
    return sum(weights.get(f, 0.0) for f in example.features)


def held_out(examples: Sequence[Example], model: str) -> list[tuple[Example, float]]:
    """Return each example with its sum by weights that have not seen its mail."""
    groups = sorted({e.group for e in examples})
    random.Random(1).shuffle(groups)  # noqa: S311  # reproducible on purpose
    fold_of = {group: n % FOLDS for n, group in enumerate(groups)}
    sums: list[tuple[Example, float]] = []
    for fold in range(FOLDS):
        weights = fit([e for e in examples if fold_of[e.group] != fold], model)
        sums += [(e, total(weights, e)) for e in examples if fold_of[e.group] == fold]
    return sums


def calibrated(sums: Sequence[tuple[Example, float]], model: str) -> tuple[float, float, float]:
    """Return how to stretch and shift sums so that probabilities are right (Platt), and a shift for a mail's only sentence.

    Whole mails decide, because they are what the reader meets; single sentences tell only about mails of one sentence.
    """
    rows = [
        (s, "ALONE" in e.features, float(bool(e.labels[model]))) for e, s in sums if e.source in MAILS or "ALONE" in e.features
    ]
    stretch, shift, alone = 1.0, 0.0, 0.0
    among_others, by_itself = sum(not a for _, a, _ in rows), sum(a for _, a, _ in rows)
    for _ in range(600):
        errors = [(logistic(stretch * s + shift + alone * a) - y, s, a) for s, a, y in rows]
        shift -= 2.0 * sum(error for error, _, a in errors if not a) / among_others
        alone -= 2.0 * sum(error for error, _, a in errors if a) / by_itself
        stretch -= 0.05 * sum(error * s for error, s, a in errors if not a) / among_others
    return stretch, shift + BIAS[model], alone


def figures(pairs: Iterable[tuple[bool, bool]]) -> str:
    """Return precision, recall and F1 of (predicted, true) pairs."""
    tally = Counter(pairs)
    hit, extra, missed = tally[True, True], tally[True, False], tally[False, True]
    p, r = hit / max(1, hit + extra), hit / max(1, hit + missed)
    return f"P {p:.3f} R {r:.3f} F1 {2 * p * r / max(1e-9, p + r):.3f} of {hit + missed}"


def report(sums: Sequence[tuple[Example, float]], model: str, stretch: float, shift: float, alone: float) -> Iterator[str]:
    """Yield the figures by source, then by stated confidence."""
    chances = [(e, logistic(stretch * s + shift + alone * ("ALONE" in e.features))) for e, s in sums]
    for source in dict.fromkeys(e.source for e, _ in chances):
        rows = [(c, bool(e.labels[model])) for e, c in chances if e.source == source]
        yield f"{model} {source}: {figures((c >= 0.5, y) for c, y in rows)}; from 0.9: {figures((c >= 0.9, y) for c, y in rows)}"
    for low, high in ((0.35, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        band = [bool(e.labels[model]) for e, c in chances if low <= c < high and e.source in MAILS]
        if band:
            yield f"{model}, said with {low:.2f} to {min(high, 1):.2f}: {sum(band)} of {len(band)} hold"


def train(examples: Sequence[Example], model: str) -> tuple[dict[str, float], list[str]]:
    """Return the calibrated weights of a model, and the figures on mail that they have not seen."""
    labelled = [e for e in examples if e.labels[model] is not None]
    sums = held_out(labelled, model)
    stretch, shift, alone = calibrated(sums, model)
    weights = {f: w * stretch for f, w in fit(labelled, model).items() if not f.startswith("SOURCE ")}
    weights["bias"] = weights.get("bias", 0.0) + shift
    weights["ALONE"] = weights.get("ALONE", 0.0) + alone
    rounded = {f: round(w, 3) for f, w in sorted(weights.items()) if abs(w) >= 0.03}
    return rounded, list(report(sums, model, stretch, shift, alone))


def main() -> None:
    """Print the figures of held-out mail, train on everything, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", nargs="?", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "daemon" / "reading" / "weights.json")
    parser.add_argument("--without", nargs="*", default=[], metavar="SOURCE", help="leave out a source that is to be scored")
    args = parser.parse_args()
    chosen = [e for e in examples(args.shared) if e.source not in args.without]
    print(dict(Counter(e.source for e in chosen)))  # noqa: T201  # a command's result
    weights: dict[str, dict[str, float]] = {}
    lines: list[str] = []
    for model in MODELS:
        weights[model], figures_of_model = train(chosen, model)
        lines += figures_of_model
    print("\n".join(lines))  # noqa: T201  # a command's result
    document = {"made_by": "tools/train.py", "not_seen": lines, "weights": weights}
    args.out.write_text(json.dumps(document, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{sum(map(len, weights.values()))} weights written to {args.out}")  # noqa: T201  # a command's result


if __name__ == "__main__":
    main()

# noqa: INP001  # a script
"""Trains the weights of `daemon/reading/model.py`: logistic regression with AdaGrad, in plain Python, the same result every time.

    python tools/train.py SENTENCES.tsv [--out daemon/reading/weights.json]

SENTENCES.tsv has lines "Yes<TAB>sentence" or "No<TAB>sentence": does the sentence ask for or propose something. Prints the
cross-validated figures first (five folds), then trains on all and writes only features that occur in several sentences.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from daemon.reading.model import features  # noqa: E402  # the repository is put on the path first

FOLDS, EPOCHS, RATE, SHRINK = 5, 6, 0.3, 1.0
SEEN_IN = 3  # sentences a feature must occur in while validating
SHIPPED_IN = 4  # and to be shipped: nothing of a single mail may stand in the file
BIAS = 0.4  # the threshold at which F1 was best on the folds, folded into the bias

Example = tuple[frozenset[str], bool]


def examples(path: Path) -> list[Example]:
    """The labelled sentences as features."""
    rows = (line.rstrip("\n").split("\t", 1) for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
    return [(frozenset(features(r[1], alone=True)), r[0] == "Yes") for r in rows if len(r) == 2]


def fit(known: Sequence[Example], seen_in: int) -> dict[str, float]:
    """Weights of the features that occur in at least `seen_in` examples."""
    counts = Counter(f for found, _ in known for f in found)
    rows = [(sorted(f for f in found if counts[f] >= seen_in), float(label)) for found, label in known]
    weights: dict[str, float] = defaultdict(float)
    squares: dict[str, float] = defaultdict(lambda: 1e-8)
    order, rng, shrink = list(range(len(rows))), random.Random(0), 3 * SHRINK / len(rows)  # noqa: S311  # reproducible on purpose
    for _ in range(EPOCHS):
        rng.shuffle(order)
        for place in order:
            found, label = rows[place]
            miss = chance(sum(weights[f] for f in found)) - label
            for f in found:
                slope = miss + shrink * weights[f]
                squares[f] += slope * slope
                weights[f] -= RATE * slope / math.sqrt(squares[f])
    return dict(weights)


def chance(total: float) -> float:
    """The logistic function, kept from overflowing."""
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def figures(pairs: Iterable[tuple[bool, bool]]) -> str:
    """Precision, recall and F1 of (said, true)."""
    tally = Counter(pairs)
    hit, extra, missed = tally[True, True], tally[True, False], tally[False, True]
    p, r = hit / max(1, hit + extra), hit / max(1, hit + missed)
    return f"P {p:.3f} R {r:.3f} F1 {2 * p * r / max(1e-9, p + r):.3f}"


def validate(known: Sequence[Example]) -> str:
    """The figures on sentences that the weights have not seen, over all folds."""
    order = list(range(len(known)))
    random.Random(1).shuffle(order)  # noqa: S311  # reproducible on purpose
    pairs: list[tuple[bool, bool]] = []
    for fold in range(FOLDS):
        aside = set(order[fold::FOLDS])
        weights = fit([known[i] for i in order if i not in aside], SEEN_IN)
        pairs += [(sum(weights.get(f, 0.0) for f in known[i][0]) + BIAS > 0, known[i][1]) for i in aside]
    return figures(pairs)


def main() -> None:
    """Validate, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sentences", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "daemon" / "reading" / "weights.json")
    args = parser.parse_args()
    known = examples(args.sentences)
    found = validate(known)
    print(f"{len(known)} sentences, {FOLDS}-fold: {found}")  # noqa: T201  # a command's result
    weights = fit(known, SHIPPED_IN)
    weights["bias"] = weights.get("bias", 0.0) + BIAS
    kept = {f: round(w, 3) for f, w in sorted(weights.items()) if abs(w) >= 0.05}
    document = {"made_by": "tools/train.py", "from": args.sentences.name, "cross_validated": found, "weights": kept}
    args.out.write_text(json.dumps(document, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(kept)} weights written to {args.out}")  # noqa: T201  # a command's result


if __name__ == "__main__":
    main()

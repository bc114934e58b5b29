# noqa: INP001  # a script
"""Trains the weights of `daemon/reading/model.py`: two logistic regressions with AdaGrad, in plain Python, the same result every time.

    python tools/train.py [SHARED] [--out daemon/reading/weights.json] [--without NAME ...]

Learns from what lies beside it in tools/training (sentences.txt, mails.jsonl: written for this; quoted.jsonl: labels of the shared
quoted mails, as places in them) and, where SHARED (default ../shared/data) is there, from its labels, quoted mail and sentences.
Prints the figures of sentences that the weights did not see first, source by source (five folds over mails), and how well a
stated confidence holds; then trains on all and writes only features that occur in several mails or sentences.
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

from daemon.reading import acts, text  # noqa: E402  # the repository is put on the path first
from daemon.reading.english import ENGLISH  # noqa: E402
from daemon.reading.language import spoken  # noqa: E402
from daemon.reading.model import squashed  # noqa: E402
from daemon.reading.reader import with_signature  # noqa: E402
from daemon.reading.sentences import Sentence, sentences  # noqa: E402

TRAINING = Path(__file__).parent / "training"
HEADS = ("promise", "request")
FOLDS, EPOCHS, RATE = 5, 12, 0.2
SHRINK = {"promise": 4.0, "request": 5.0}  # how strongly weights are drawn to nothing: the inverse of the usual C
LEAN = {"promise": 0.0, "request": 0.45}  # added to a sum: a missed question costs more than one asked about in vain
SEEN_IN = 3  # mails or sentences a feature must occur in: nothing of a single mail may stand in the file
WEIGHT = {("asks", "request"): 0.3}  # of a source's examples where they count less: labelled by another rule


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence: where it comes from, what the models see, what is true of it by head; None where nobody said."""

    source: str
    group: str
    seen: frozenset[str]
    truth: Mapping[str, bool | None]


def examples(shared: Path) -> list[Example]:
    """Everything that is there to learn from."""
    found = [*_sentences(), *_mails("mails", _pairs(TRAINING / "mails.jsonl"))]
    if shared.is_dir():
        found += _mails("labels", _labels(shared / "labels"))
        found += _mails("quoted", _quoted(shared / "quoted_mail.jsonl"))
        found += _quoted_sentences(shared / "quoted_mail.jsonl")
        found += _asks(shared / "ask_sentences.tsv")
    return found


def _sentences() -> Iterator[Example]:
    for number, line in enumerate((TRAINING / "sentences.txt").read_text(encoding="utf-8").splitlines()):
        if line and not line.startswith("#"):
            mark, words = line.split("\t")
            truth = {"promise": mark in "PB", "request": mark in "RB"}
            yield from (Example("sentences", f"s{number}", seen, truth) for _, seen in _heard(words))


def _asks(path: Path) -> Iterator[Example]:
    """The sentences labelled as asking or not; some of them are labelled here as promises or none."""
    marks = (line.split("\t") for line in (TRAINING / "asks.txt").read_text().splitlines() if not line.startswith("#"))
    promises = {int(number): mark == "P" for number, mark in marks}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").split("\n"), 1):
        label, _, words = line.partition("\t")
        for _, seen in list(_heard(words))[:1]:
            yield Example("asks", f"a{number}", seen, {"promise": promises.get(number), "request": label == "Yes"})


def _mails(source: str, rows: Iterable[tuple[str, str, Mapping[str, Sequence[str]]]]) -> Iterator[Example]:
    for name, words, quotes in rows:
        whole = words.replace("\r\n", "\n")
        places = {head: [place for quote in quotes[head] for place in _places(whole, quote)] for head in HEADS}
        for sentence, seen in _heard(whole):
            yield Example(source, name, seen, {head: any(_covers(sentence, place) for place in places[head]) for head in HEADS})


def _places(whole: str, quote: str) -> Iterator[tuple[int, int]]:
    """Where a quote stands; its white space may be folded."""
    pattern = r"\s+".join(re.escape(word) for word in quote.split())
    yield from (found.span() for found in re.finditer(pattern, whole))


def _covers(sentence: Sentence, place: tuple[int, int]) -> bool:
    """Whether a sentence is what was labelled, or a good part of it, or holds it."""
    common = min(sentence.end, place[1]) - max(sentence.start, place[0])
    return common >= 0.4 * (place[1] - place[0]) or (common >= 25 and common >= 0.8 * (sentence.end - sentence.start))


def _heard(words: str) -> Iterator[tuple[Sentence, frozenset[str]]]:
    """Each sentence of a text with its features, as the reader would see them."""
    whole = words
    found = tuple(sentences(whole, with_signature(whole, text.cuts(whole))))[: acts.MOST_SENTENCES]
    for heard in acts.heard(found, tuple(spoken(s.text) for s in found), ENGLISH):
        yield heard.sentence, frozenset(heard.features(ENGLISH))


def _pairs(path: Path) -> Iterator[tuple[str, str, Mapping[str, Sequence[str]]]]:
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines() if path.exists() else ()):
        yield row["mail"]["id"], row["mail"]["text"], _quotes(row["labels"])


def _labels(folder: Path) -> Iterator[tuple[str, str, Mapping[str, Sequence[str]]]]:
    gold = {row["id"]: row for row in map(json.loads, (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines())}
    for mail in map(json.loads, (folder / "mails.jsonl").read_text(encoding="utf-8").splitlines()):
        if mail["id"] in gold:
            yield mail["id"], mail["text"], _quotes(gold[mail["id"]])


def _quoted(path: Path) -> Iterator[tuple[str, str, Mapping[str, Sequence[str]]]]:
    mails = [json.loads(line)["new"].strip() for line in path.read_text(encoding="utf-8").splitlines()]
    places = TRAINING / "quoted.jsonl"
    for row in map(json.loads, places.read_text(encoding="utf-8").splitlines() if places.exists() else ()):
        words = mails[row["mail"]][: row["until"]]  # a long mail is labelled only so far
        yield f"q{row['mail']}", words, {head: [words[start:end] for start, end in row[head]] for head in HEADS}


def _quoted_sentences(path: Path) -> Iterator[Example]:
    """Single sentences out of the quoted parts, labelled as promises or none."""
    mails = [json.loads(line)["text"] for line in path.read_text(encoding="utf-8").splitlines()]
    for line in (TRAINING / "quoted_sentences.txt").read_text().splitlines():
        if not line.startswith("#"):
            number, start, end, mark = line.split("\t")
            words = re.sub(r"\n[> ]+", "\n", mails[int(number)][int(start) : int(end)])
            for _, seen in list(_heard(words))[:1]:
                yield Example("asks", f"t{number}.{start}", seen, {"promise": mark == "P", "request": None})


def _quotes(labels: Mapping[str, Any]) -> Mapping[str, Sequence[str]]:
    return {"promise": [p["quote"] for p in labels["promises"]], "request": [r["quote"] for r in labels["requests"]]}


def fit(known: Sequence[Example], head: str) -> dict[str, float]:
    """Weights of the features that occur in at least SEEN_IN groups. Each source has a weight of its own, which is not shipped."""
    groups: dict[str, set[str]] = defaultdict(set)
    for example in known:
        for feature in example.seen:
            if len(groups[feature]) < SEEN_IN:
                groups[feature].add(example.group)
    rows = [
        (
            [*sorted(f for f in e.seen if len(groups[f]) >= SEEN_IN), *([] if e.source == "asks" else [f"SOURCE {e.source}"])],
            float(bool(e.truth[head])),
            WEIGHT.get((e.source, head), 1.0),
        )
        for e in known
    ]
    weights: dict[str, float] = defaultdict(float)
    squares: dict[str, float] = defaultdict(lambda: 1e-8)
    order, rng = list(range(len(rows))), random.Random(0)  # noqa: S311  # reproducible on purpose
    shrink = {f: SHRINK[head] / count for f, count in Counter(f for found, _, _ in rows for f in found).items()}
    for _ in range(EPOCHS):
        rng.shuffle(order)
        for place in order:
            found, label, weight = rows[place]
            miss = (squashed(sum([weights[f] for f in found])) - label) * weight
            for f in found:
                slope = miss + shrink[f] * weights[f]
                squares[f] += slope * slope
                weights[f] -= RATE * slope / math.sqrt(squares[f])
    return dict(weights)


def total(weights: Mapping[str, float], example: Example) -> float:
    """The sum that the reader would make, where a source is unknown."""
    return sum(weights.get(f, 0.0) for f in example.seen)


def held_out(known: Sequence[Example], head: str) -> list[tuple[Example, float]]:
    """Each example with the sum by weights that have not seen its mail."""
    groups = sorted({e.group for e in known})
    random.Random(1).shuffle(groups)  # noqa: S311  # reproducible on purpose
    fold = {group: n % FOLDS for n, group in enumerate(groups)}
    found = []
    for aside in range(FOLDS):
        weights = fit([e for e in known if fold[e.group] != aside], head)
        found += [(e, total(weights, e)) for e in known if fold[e.group] == aside]
    return found


def calibrated(sums: Sequence[tuple[Example, float]], head: str) -> tuple[float, float, float]:
    """How to stretch and shift sums so that the probabilities hold (Platt), and how to shift those of a sentence that is all a mail says.

    By the mails, which are what the reader meets; single sentences tell only of mails of one sentence.
    """
    rows = [(s, "ALONE" in e.seen, float(bool(e.truth[head]))) for e, s in sums if e.source in MAILS or "ALONE" in e.seen]
    stretch, shift, alone = 1.0, 0.0, 0.0
    among, by_itself = sum(not a for _, a, _ in rows), sum(a for _, a, _ in rows)
    for _ in range(600):
        slopes = [(squashed(stretch * s + shift + alone * a) - y, s, a) for s, a, y in rows]
        shift -= 2.0 * sum(m for m, _, a in slopes if not a) / among
        alone -= 2.0 * sum(m for m, _, a in slopes if a) / by_itself
        stretch -= 0.05 * sum(m * s for m, s, a in slopes if not a) / among
    return stretch, shift + LEAN[head], alone


MAILS = ("mails", "labels", "quoted")


def figures(pairs: Iterable[tuple[bool, bool]]) -> str:
    """Precision, recall and F1 of (said, true)."""
    tally = Counter(pairs)
    hit, extra, missed = tally[True, True], tally[True, False], tally[False, True]
    p, r = hit / max(1, hit + extra), hit / max(1, hit + missed)
    return f"P {p:.3f} R {r:.3f} F1 {2 * p * r / max(1e-9, p + r):.3f} of {hit + missed}"


def report(sums: Sequence[tuple[Example, float]], head: str, stretch: float, shift: float, alone: float) -> Iterator[str]:
    """By source, then by stated confidence."""
    chances = [(e, squashed(stretch * s + shift + alone * ("ALONE" in e.seen))) for e, s in sums]
    for source in dict.fromkeys(e.source for e, _ in chances):
        rows = [(c, bool(e.truth[head])) for e, c in chances if e.source == source]
        yield f"{head} {source}: {figures((c >= 0.5, y) for c, y in rows)}; from 0.9: {figures((c >= 0.9, y) for c, y in rows)}"
    for low, high in ((0.35, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)):
        band = [bool(e.truth[head]) for e, c in chances if low <= c < high and e.source in MAILS]
        if band:
            yield f"{head}, said with {low:.2f} to {min(high, 1):.2f}: {sum(band)} of {len(band)} hold"


def main() -> None:
    """Validate, train, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", nargs="?", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--out", type=Path, default=ROOT / "daemon" / "reading" / "weights.json")
    parser.add_argument("--without", nargs="*", default=[], metavar="SOURCE", help="leave out what is to be scored")
    args = parser.parse_args()
    known = [e for e in examples(args.shared) if e.source not in args.without]
    print(dict(Counter(e.source for e in known)))  # noqa: T201  # a command's result
    weights: dict[str, dict[str, float]] = {}
    lines: list[str] = []
    for head in HEADS:
        mine = [e for e in known if e.truth[head] is not None]
        sums = held_out(mine, head)
        stretch, shift, alone = calibrated(sums, head)
        lines += report(sums, head, stretch, shift, alone)
        found = {f: w * stretch for f, w in fit(mine, head).items() if not f.startswith("SOURCE ")}
        found["bias"] = found.get("bias", 0.0) + shift
        found["ALONE"] = found.get("ALONE", 0.0) + alone
        weights[head] = {f: round(w, 3) for f, w in sorted(found.items()) if abs(w) >= 0.03}
    print("\n".join(lines))  # noqa: T201  # a command's result
    document = {"made_by": "tools/train.py", "not_seen": lines, "weights": weights}
    args.out.write_text(json.dumps(document, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{sum(map(len, weights.values()))} weights written to {args.out}")  # noqa: T201  # a command's result


if __name__ == "__main__":
    main()

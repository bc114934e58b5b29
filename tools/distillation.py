# noqa: INP001  # beside a script
"""What an encoder said of mail without labels, from which the linear models learn in turn ("distillation").

The linear models know words only from the few thousand sentences that are labelled; the encoder, a transformer of six layers that was
trained on the same sentences and once shipped with Kept, judged a hundred thousand more. tools/training/judged.jsonl holds what it
said, as places: the mail by its hash, where a sentence or clause starts and ends, and the chances in percent that it promises and that
it asks. What is not listed does neither. What the encoder said counts as a label by halves: as likely as it says.
"""

from __future__ import annotations

import json
import math
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from unlabelled_mail import HASH_DIGITS, text_hash  # noqa: E402  # the path is set above

from daemon.reading import new_text  # noqa: E402
from daemon.reading.cuts.signature import with_signature  # noqa: E402
from daemon.reading.languages.detection import detect  # noqa: E402
from daemon.reading.languages.english import ENGLISH  # noqa: E402
from daemon.reading.models.linear_models import logistic  # noqa: E402
from daemon.reading.sentence_matches import match_clauses, match_sentences  # noqa: E402
from daemon.reading.sentences import split_sentences  # noqa: E402

JUDGED = Path(__file__).parent / "training" / "judged.jsonl"
MAX_SENTENCES = 25  # of a mail, so that long ones do not outweigh the others
MIN_DOCUMENTS = 8  # a feature that only they have must occur in so many of these mails, so that it tells of none
FAINT = 0.01  # of how much a sentence counts, that is left out
MODELS = ("promise", "request")  # the order in which a place holds their chances
LEAST = 0.4  # percent that stand for a chance that was rounded to none, and for what is not listed
# What the log odds of the linear models and the encoder's are multiplied by, and what is added, as they were joined when it shipped.
SHARES = {"promise": (0.57, 0.40, 0.75), "request": (0.56, 0.42, 0.0)}
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class JudgedFeatures:
    """The features of a sentence or a clause of the mail with this number, and the log odds that the encoder gave it by model."""

    mail: int
    features: frozenset[str]
    odds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a regression learns from: a row for each sentence, its label, and how much it counts."""

    matrix: csr_matrix
    labels: Sequence[bool]
    counts: Sequence[float]
    places: Mapping[str, int]


def judged(mails: Path) -> list[JudgedFeatures]:
    """Return what the encoder said of the English mails among these (JSON Lines, as `tools/unlabelled_mail.py` writes them)."""
    texts = (json.loads(line)["text"] for line in mails.open(encoding="utf-8"))
    return [JudgedFeatures(number, f, odds) for number, text in enumerate(texts) for f, odds in _judged_mail(text)]


def _judged_mail(text: str) -> Iterator[tuple[frozenset[str], Mapping[str, float]]]:
    """Yield features and log odds of a mail's sentences and clauses, without those that are cut otherwise than when they were judged."""
    said = _judgements().get(text_hash(text)[:HASH_DIGITS], {})
    text = text.replace("\r\n", "\n")
    cuts = with_signature(text, new_text.quoted_spans(text))
    if detect(new_text.without(text, cuts)) is not ENGLISH:
        return
    for sentence in match_sentences(tuple(split_sentences(text, cuts))[:MAX_SENTENCES], ENGLISH):
        for matched in (sentence, *match_clauses(sentence, ENGLISH)):
            place = (matched.sentence.start, matched.sentence.end)
            if place in said or not any(start < place[1] and place[0] < end for start, end in said):
                yield frozenset(map(sys.intern, matched.features(ENGLISH))), said.get(place, _odds(0, 0))


@cache
def _judgements() -> Mapping[str, Mapping[Place, Mapping[str, float]]]:
    """Return by mail and place the log odds that the encoder gave."""
    rows = map(json.loads, JUDGED.open(encoding="utf-8"))
    return {row["mail"]: {(start, end): _odds(*percent) for start, end, *percent in row["said"]} for row in rows}


@cache
def _odds(*percent: int) -> Mapping[str, float]:
    within = (min(max(p, LEAST), 100 - LEAST) for p in percent)
    return {model: math.log(p / (100 - p)) for model, p in zip(MODELS, within, strict=True)}


def chances(model: str, found: Sequence[JudgedFeatures], weights: Mapping[str, float]) -> np.ndarray:
    """Return how likely each sentence is what a model looks for: by the encoder and the model's own weights so far, joined."""
    own, encoders, added = SHARES[model]
    sums = (sum(weights.get(f, 0.0) for f in row.features) for row in found)
    result: np.ndarray = np.fromiter(
        (logistic(own * total + encoders * row.odds[model] + added) for total, row in zip(sums, found, strict=True)), dtype=float
    )
    return result


def frequent(found: Sequence[JudgedFeatures]) -> set[str]:
    """Return the features that occur in at least MIN_DOCUMENTS mails."""
    mails = {(feature, row.mail) for row in found for feature in row.features}
    return {feature for feature, count in Counter(feature for feature, _ in mails).items() if count >= MIN_DOCUMENTS}


def with_chances(lesson: Lesson, found: csr_matrix, likely: np.ndarray) -> Lesson:
    """Return a lesson with the judged sentences added, each as one that is and one that is not what is looked for, by its chance."""
    zeros = csr_matrix((found.shape[0], lesson.matrix.shape[1] - found.shape[1] - 1))
    own = hstack([found, zeros, csr_matrix(np.ones((found.shape[0], 1)))]).tocsr()
    yes, no = likely > FAINT, likely < 1 - FAINT
    return Lesson(
        vstack([lesson.matrix, own[yes], own[no]]).tocsr(),
        [*lesson.labels, *[True] * int(yes.sum()), *[False] * int(no.sum())],
        [*lesson.counts, *likely[yes], *(1 - likely[no])],
        lesson.places,
    )


def stretched(sums: np.ndarray, likely: np.ndarray) -> tuple[float, float]:
    """Return how to stretch and shift sums so that their probabilities are, over all sentences, these."""
    labels: np.ndarray = np.repeat([True, False], len(sums))
    counts = np.concatenate([likely, 1 - likely])
    regression = LogisticRegression(C=1e6).fit(np.tile(sums, 2)[:, None], labels, sample_weight=counts)
    return float(regression.coef_[0][0]), float(regression.intercept_[0])

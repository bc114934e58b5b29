# noqa: INP001  # beside a script
"""What the encoder says of mail without labels, from which the plain models learn in turn ("distillation").

The plain models know words only from the few thousand sentences that are labelled; the encoder judges a hundred thousand more. What
it says counts as a label by halves: as likely as it says. Needs onnxruntime and the encoder's weights (`tools/train_encoder.py`).
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from daemon.reading import new_text  # noqa: E402  # the repository is put on the path first
from daemon.reading.cuts.signature import with_signature  # noqa: E402
from daemon.reading.languages.detection import detect  # noqa: E402
from daemon.reading.languages.english import ENGLISH  # noqa: E402
from daemon.reading.models import encoder  # noqa: E402
from daemon.reading.models.linear_models import logistic  # noqa: E402
from daemon.reading.sentence_matches import MatchedSentence, match_clauses, match_sentences  # noqa: E402
from daemon.reading.sentences import split_sentences  # noqa: E402

MAX_SENTENCES = 25  # of a mail, so that long ones do not outweigh the others
MIN_DOCUMENTS = 8  # a feature that only they have must occur in so many of these mails, so that it tells of none
PROCESSES = 2
FAINT = 0.01  # of how much a sentence counts, that is left out


@dataclass(frozen=True, slots=True)
class JudgedFeatures:
    """The features of a sentence or a clause of the mail with this number, and the log odds that the encoder gives it by model."""

    mail: int
    features: frozenset[str]
    odds: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a plain model learns from: a matrix of features with how much each row counts and its label, and the features' columns."""

    matrix: csr_matrix
    labels: Sequence[bool]
    counts: Sequence[float]
    places: Mapping[str, int]


def judged(mails: Path) -> list[JudgedFeatures]:
    """Return what the encoder says of the English mails among these (JSON Lines, as `tools/unlabelled_mail.py` writes them)."""
    if not encoder.is_installed():
        raise SystemExit("Learning from mail without labels needs onnxruntime: pip install -e '.[reader]'")
    texts = [json.loads(line)["text"].replace("\r\n", "\n") for line in mails.open(encoding="utf-8")]
    with ProcessPoolExecutor(PROCESSES) as pool:
        found = pool.map(_judged_mail, texts, chunksize=50)
        return [JudgedFeatures(number, f, odds) for number, rows in enumerate(found) for f, odds in rows]


def _judged_mail(text: str) -> list[tuple[frozenset[str], Mapping[str, float]]]:
    cuts = with_signature(text, new_text.quoted_spans(text))
    if detect(new_text.without(text, cuts)) is not ENGLISH:
        return []
    sentences = match_sentences(tuple(split_sentences(text, cuts))[:MAX_SENTENCES], ENGLISH)
    clauses = [match_clauses(sentence, ENGLISH) for sentence in sentences]
    spans = [
        [(c.sentence.start - s.sentence.start, c.sentence.end - s.sentence.start) for c in several]
        for s, several in zip(sentences, clauses, strict=True)
    ]
    said = encoder.opinion([s.sentence.text for s in sentences], ENGLISH.code, clauses=spans)
    return [
        *_with_odds(sentences, said.sentences),
        *(pair for several, odds in zip(clauses, said.clauses, strict=True) for pair in _with_odds(several, odds)),
    ]


def _with_odds(
    matched: Iterable[MatchedSentence], said: Iterable[Mapping[str, float] | None]
) -> Iterator[tuple[frozenset[str], Mapping[str, float]]]:
    for sentence, odds in zip(matched, said, strict=True):
        if odds is not None:
            yield frozenset(map(sys.intern, sentence.features(ENGLISH))), odds


def chances(model: str, found: Sequence[JudgedFeatures], weights: Mapping[str, float]) -> np.ndarray:
    """Return how likely each sentence is what a model looks for: by the encoder and the model's own weights so far, joined."""
    own = (logistic(sum(weights.get(f, 0.0) for f in row.features)) for row in found)
    result: np.ndarray = np.fromiter(
        (encoder.joined(model, chance, row.odds) for chance, row in zip(own, found, strict=True)), dtype=float
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

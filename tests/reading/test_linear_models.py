"""The linear models: what they say depends on a sentence's features and on nothing else."""

from __future__ import annotations

import random

from daemon.reading.languages.english import ENGLISH
from daemon.reading.languages.rules import fold
from daemon.reading.models.features import features
from daemon.reading.models.linear_models import chances, strongest

# As likely a promise as a request, to the last digit: which of them it is must not change from one run to the next.
TIED = "Bill get it here by 8 tonight and my night guy has it apart before midnight."


def shuffled(sentence: str) -> list[list[str]]:
    found = sorted(features(fold(sentence), ENGLISH.time_words.hints, (), ()))
    return [random.Random(seed).sample(found, len(found)) for seed in range(20)]


def test_the_order_of_the_features_changes_no_digit_of_a_chance() -> None:
    assert len({chances("en", found) for found in shuffled(TIED)}) == 1


def test_the_order_of_the_features_changes_nothing_of_what_weighed_most() -> None:
    assert len({tuple(strongest("en", "promise", found)) for found in shuffled(TIED)}) == 1

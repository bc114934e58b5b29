"""The grammar of times: each pattern is short, fires on its example and leaves the one beside it alone."""

from __future__ import annotations

import pytest

from daemon.reading.languages.detection import LANGUAGES
from daemon.reading.times import tokens
from daemon.reading.times.grammar import CLASSES, RULES, Rule, compiled, needed

LONGEST = 200  # characters of a pattern


def fires(rule: Rule, text: str) -> bool:
    for language in LANGUAGES:
        found = tokens.tokens_of(text.lower(), language.time_words)
        classes = "".join(CLASSES[token.kind] for token in found)
        possible = not any(need.isdisjoint(classes) for need in needed(rule.pattern))
        if possible and compiled(rule.pattern).search(classes):
            return True
    return False


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.fires)
def test_a_rule_fires_on_its_example(rule: Rule) -> None:
    assert fires(rule, rule.fires)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.fires_not)
def test_a_rule_leaves_the_example_beside_it_alone(rule: Rule) -> None:
    assert not fires(rule, rule.fires_not)


def test_no_pattern_is_longer_than_can_be_read() -> None:
    patterns = [rule.pattern for rule in RULES] + list(tokens._SHAPES)
    for language in LANGUAGES:
        words = language.time_words
        patterns += [pattern.pattern for pattern in (*words.no_end, *words.no_end_after, *words.never, *words.past)]
    assert [pattern for pattern in patterns if len(pattern) > LONGEST] == []


def test_every_word_of_every_language_is_of_a_class_that_the_grammar_knows() -> None:
    kinds = {
        kind
        for language in LANGUAGES
        for listed in language.time_words.phrases.values()
        for _, meaning in listed
        for kind, _ in meaning
    }
    assert kinds <= CLASSES.keys()

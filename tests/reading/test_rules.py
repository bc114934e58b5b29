"""Every rule of every language, and of what a client owes, is short, is found in its example, and is not found in what only looks like it."""

from __future__ import annotations

from dataclasses import fields

import pytest

from daemon.core.tracking.client_promises import DEEDS
from daemon.reading.languages.english import ENGLISH
from daemon.reading.languages.german import GERMAN
from daemon.reading.languages.language import Language
from daemon.reading.languages.rules import Rule, RuleTable, fold

MAX_PATTERN = 200  # characters


def _rules(language: Language) -> list[tuple[str, Rule]]:
    tables = [(f.name, getattr(language, f.name)) for f in fields(language)]
    return [(f"{name}: {rule.name}", rule) for name, table in tables if isinstance(table, RuleTable) for rule in table.rules]


RULES = [
    *(pytest.param(rule, id=f"{language.code} {name}") for language in (ENGLISH, GERMAN) for name, rule in _rules(language)),
    *(pytest.param(rule, id=f"deeds: {rule.name}") for rule in DEEDS.rules),
]


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_short(rule: Rule) -> None:
    assert 0 < len(rule.written) <= MAX_PATTERN


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_found_in_its_example(rule: Rule) -> None:
    example = fold(rule.example)
    assert rule.pattern.search(example.line)
    assert not rule.needs or not rule.needs.isdisjoint(example.words), "the words it needs are in it"


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_is_not_found_in_what_only_looks_like_it(rule: Rule) -> None:
    assert rule.look_alike
    assert not rule.pattern.search(fold(rule.look_alike).line)

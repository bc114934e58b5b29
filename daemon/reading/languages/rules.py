"""Tables of rules: patterns that recognise what a sentence does, and the fast lookup of the first one that matches.

The first rule of a table that matches a sentence decides. Patterns are searched in the folded sentence: lower case, on one line.
`needs` lists words of which the sentence must contain at least one before the pattern is tried. Most sentences contain none of
them, which is what makes reading fast.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

_WORD_LIST = re.compile(r"<[a-z]+>")
_COMMA = re.compile(r"[,\n]")
_WORD = re.compile(r"[^\W\d_]+|\?")

I_WILL = "I WILL"  # added to the words of a sentence that says "I will" or "we'll", because many rules need exactly that
_WILL_WORDS = frozenset(("will", "shall", "ll", "ill"))
_SAYS_I_WILL = re.compile(r"\b(?:i|we)(?:'ll| ll| will| shall)\b|\bill\b")
# Some mail programs wrote a question mark where a no-break space stood: "Good luck.? See you there".
_LOST_SPACE = re.compile(r"([.!,:;])\s?\?+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern, the sort of act it indicates, the name under which `kept explain` shows it, and what it finds and does not."""

    name: str
    pattern: re.Pattern[str]
    sort: str = ""
    needs: frozenset[str] = frozenset()
    written: str = ""  # the pattern as it stands in its table
    example: str = ""  # a sentence in which it is found
    look_alike: str = ""  # one in which it is not


class FoldedSentence(NamedTuple):
    """A sentence as the rules see it: lower case on one line with straight apostrophes, and the set of its words."""

    line: str
    words: frozenset[str]


def fold(text: str) -> FoldedSentence:
    """Return the sentence in lower case on one line, with its set of words."""
    line = " ".join(text.split()).replace("’", "'").replace("‘", "'")
    line = _LOST_SPACE.sub(r"\1", line) if "?" in line else line
    line = line.lower()
    words = frozenset(_WORD.findall(line))
    if not words.isdisjoint(_WILL_WORDS) and _SAYS_I_WILL.search(line):
        words |= {I_WILL}
    return FoldedSentence(line, words)


@dataclass(frozen=True, slots=True)
class RuleTable:
    """Rules in order of precedence; for each needed word the positions of its rules, and the positions of rules without one."""

    rules: tuple[Rule, ...]
    by_word: Mapping[str, tuple[int, ...]]
    always: tuple[int, ...]


def rule_tables(text: str, **words: str) -> dict[str, RuleTable]:
    """Return tables by the names that stand in square brackets above their rules.

    A rule is a line of "name ; sort ; needed words ; pattern ; example ; look-alike". Lines of one name are alternatives. The
    look-alike is a sentence in which the pattern is not found. `<name>` in a pattern stands for one of the `words` of that name,
    which are separated by commas or line breaks.
    """
    lists = {f"<{name}>": _one_of(given) for name, given in words.items()}
    tables = (part.partition("]\n") for part in text.strip().removeprefix("[").split("\n["))
    return {name: _rule_table(rows, lists) for name, _, rows in tables}


def _rule_table(text: str, lists: Mapping[str, str]) -> RuleTable:
    rows = [line.split(" ; ") for line in text.splitlines()]
    return _table(
        tuple(
            Rule(
                name.strip(),
                re.compile(_WORD_LIST.sub(lambda name: lists[name.group()], pattern)),
                sort.strip(),
                frozenset((needs,) if needs == I_WILL else needs.split()),
                pattern,
                *examples,
            )
            for name, sort, needs, pattern, *examples in rows
        )
    )


def _one_of(words: str) -> str:
    """Return the pattern of one of these words, which are separated by commas or line breaks."""
    return "(?:" + "|".join(word.strip() for word in _COMMA.split(words) if word.strip()) + ")"


def _table(rules: tuple[Rule, ...]) -> RuleTable:
    by_word: dict[str, tuple[int, ...]] = {}
    for position, rule in enumerate(rules):
        for word in rule.needs:
            by_word[word] = (*by_word.get(word, ()), position)
    return RuleTable(rules, by_word, tuple(position for position, rule in enumerate(rules) if not rule.needs))


def first_match(table: RuleTable, sentence: FoldedSentence) -> Rule | None:
    """Return the first rule of the table that matches the sentence, or None."""
    found = table.by_word.keys() & sentence.words
    if not found and not table.always:
        return None
    for position in sorted({*table.always, *chain.from_iterable(map(table.by_word.__getitem__, found))}):
        rule = table.rules[position]
        if rule.pattern.search(sentence.line):
            return rule
    return None


def without_matches(table: RuleTable, sentence: FoldedSentence) -> str:
    """Return the folded sentence's line with blanks, as many, in place of the spans that rules of the table match."""
    if first_match(table, sentence) is None:
        return sentence.line
    line = sentence.line
    for rule in table.rules:
        if not rule.needs or not rule.needs.isdisjoint(sentence.words):
            line = rule.pattern.sub(_blanks, line)
    return line


def _blanks(match: re.Match[str]) -> str:
    return " " * len(match.group())


@dataclass(frozen=True, slots=True)
class RuleIndex:
    """Several tables searched at once: their rules in order, each with its table's number, and where those of a word stand."""

    tables: int
    rules: tuple[tuple[int, Rule], ...]
    by_word: Mapping[str, tuple[int, ...]]
    always: tuple[int, ...]

    def first_matches(self, lines: Sequence[str], words: frozenset[str]) -> list[Rule | None]:
        """Return for each table the first rule that matches its line; `words` are those of the whole sentence."""
        found: list[Rule | None] = [None] * self.tables
        named = map(self.by_word.__getitem__, self.by_word.keys() & words)
        for place in sorted({*self.always, *chain.from_iterable(named)}):
            table, rule = self.rules[place]
            if found[table] is None and rule.pattern.search(lines[table]):
                found[table] = rule
        return found


def rule_index(tables: Sequence[RuleTable]) -> RuleIndex:
    """Return an index of these tables, in their order."""
    rules = tuple((number, rule) for number, table in enumerate(tables) for rule in table.rules)
    joined = _table(tuple(rule for _, rule in rules))
    return RuleIndex(len(tables), rules, joined.by_word, joined.always)

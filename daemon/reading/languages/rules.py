"""Tables of rules: patterns that recognise what a sentence does, and the fast lookup of the first one that matches.

The first rule of a table that matches a sentence decides. Patterns are searched in the folded sentence: lower case, on one line.
`needs` lists words of which the sentence must contain at least one before the pattern is tried. Most sentences contain none of
them, which is what makes reading fast.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

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


@dataclass(frozen=True, slots=True)
class FoldedSentence:
    """A sentence as the rules see it: lower case on one line with straight apostrophes, and the set of its words."""

    line: str
    words: frozenset[str] = field(compare=False)


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
    by_word = table.by_word
    positions = {position for word in sentence.words if word in by_word for position in by_word[word]}
    return _first_at(table, positions, sentence.line) if positions or table.always else None


def _first_at(table: RuleTable, positions: Iterable[int], line: str) -> Rule | None:
    """Return the first matching rule among those at these positions and those that need no word."""
    rules = table.rules
    for position in sorted({*positions, *table.always}):
        if rules[position].pattern.search(line):
            return rules[position]
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
    """Several tables searched at once: for each needed word the (table, position) pairs of its rules."""

    tables: tuple[RuleTable, ...]
    by_word: Mapping[str, tuple[tuple[int, int], ...]]

    def first_matches(self, lines: Sequence[str], words: Iterable[str]) -> list[Rule | None]:
        """Return for each table the first rule that matches its line; `words` are those of the whole sentence."""
        by_word = self.by_word
        positions: list[set[int]] = [set() for _ in self.tables]
        for word in words:
            if word in by_word:
                for number, position in by_word[word]:
                    positions[number].add(position)
        return [
            _first_at(table, candidates, line) if candidates or table.always else None
            for table, candidates, line in zip(self.tables, positions, lines, strict=True)
        ]


def rule_index(tables: Sequence[RuleTable]) -> RuleIndex:
    """Return an index of these tables, in their order."""
    by_word: dict[str, tuple[tuple[int, int], ...]] = {}
    for number, table in enumerate(tables):
        for word, positions in table.by_word.items():
            by_word[word] = (*by_word.get(word, ()), *((number, position) for position in positions))
    return RuleIndex(tuple(tables), by_word)

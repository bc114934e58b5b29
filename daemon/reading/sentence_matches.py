"""Match each sentence of the new text against its language's rules; speech acts and the models' features follow from that."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import NamedTuple

from daemon.reading.clauses import split_clauses
from daemon.reading.languages.language import Language
from daemon.reading.languages.rules import (
    FoldedSentence,
    Rule,
    RuleIndex,
    RuleTable,
    fold,
    rule_index,
    without_matches,
)
from daemon.reading.models.features import features
from daemon.reading.sentences import Sentence
from daemon.reading.values import ActKind

MAX_SENTENCES = 120  # a longer mail is a document; what stands further down is nobody's own word
LONG_MAIL = 40  # sentences; a longer mail is an article, whose questions count only if they address the reader
_MAX_SENTENCE = 700  # characters; a longer sentence is a table or a contract, not somebody speaking
_MIN_STATEMENT = 12  # characters; a shorter sentence is a name or a greeting
_CITED = re.compile(r"\"[^\"]{8,}(?:\"|$)")
_GREETING = re.compile(r"\W*(?:hi|hello|hey|dear|hallo|liebe[rs]?)\b[^,]{0,30},\s*")
_CLOSERS = " \"')]"  # what may stand after a question mark
_GOES_ON = re.compile(r"[,.;:–-] (?:(?:and|but|so|then) )?(?:(?:i|we)(?:'ll| will| shall)|will)\b")
_OFFER = "an offer without a time"  # the courtesy that would be a promise if it named one
_OTHER_KINDS = (
    ActKind.WITHDRAWAL,
    ActKind.RELEASE,
    ActKind.POSTPONEMENT,
    ActKind.DELIVERY,
    ActKind.DONE,
    ActKind.THANKS,
    ActKind.COMPLAINT,
)


class MatchedSentence(NamedTuple):
    """A sentence with the rules that match it: what may be a promise or a request, and what else the sentence does."""

    sentence: Sentence
    folded: FoldedSentence
    position: tuple[str, ...]  # where in the mail it stands: FIRST, LAST, ALONE, LONG MAIL
    commits_nobody: bool  # whether it only tells what others will do, of waiting and the like
    promise: Rule | None
    request: Rule | None
    others: tuple[tuple[ActKind, Rule], ...]
    courtesy: Rule | None
    rule_features: tuple[str, ...]

    def named_times(self, language: Language) -> Sentence:
        """Return the sentence on one line, with the times blotted out that it gives up: "can't make Tuesday"."""
        line = " ".join(self.sentence.text.split())
        kept = without_matches(language.given_up_times, self.folded)
        if kept == self.folded.line or len(kept) != len(line):
            return self.sentence._replace(text=line)
        return self.sentence._replace(
            text="".join(c if k == f else "·" for c, k, f in zip(line, kept, self.folded.line, strict=True))
        )

    def features(self, language: Language) -> set[str]:
        """Return the sentence's features for the linear models."""
        return features(self.folded, language.time_words.hints, self.position, self.rule_features)


def match_sentences(
    sentences: Sequence[Sentence],
    language: Language,
    writer: re.Pattern[str] | None = None,
    check: Callable[[], None] = lambda: None,
) -> tuple[MatchedSentence, ...]:
    """Return each sentence with the rules that match it; sentences too long to be somebody's own words are left out.

    `writer` finds where the person for whom a mail speaks is named in it ("Dana will call you"): that reads like "I". `check` is
    called for each sentence.
    """
    statements = sum(len(s.text) > _MIN_STATEMENT for s in sentences)
    matched: list[MatchedSentence] = []
    for number, sentence in enumerate(sentences):
        if len(sentence.text) <= _MAX_SENTENCE:
            check()
            matched.append(_match(sentence, _position(number, len(sentences), statements), language, writer))
    return tuple(matched)


def match_clauses(
    matched: MatchedSentence, language: Language, writer: re.Pattern[str] | None = None
) -> tuple[MatchedSentence, ...]:
    """Return the clauses of a sentence with the rules that match each; none where it has only one."""
    clauses = split_clauses(matched.sentence, language.clause_words)
    return tuple(_match(clause, matched.position, language, writer) for clause in clauses)


def _position(number: int, count: int, statements: int) -> tuple[str, ...]:
    """Return the features that say where in the mail a sentence stands."""
    flags = (
        ("FIRST", number == 0),
        ("LAST", number >= count - 2),
        ("ALONE", statements <= 1),
        ("LONG MAIL", count > LONG_MAIL),
    )
    return tuple(flag for flag, holds in flags if holds)


def _match(sentence: Sentence, position: tuple[str, ...], language: Language, writer: re.Pattern[str] | None) -> MatchedSentence:
    folded = fold(writer.sub("I", sentence.text) if writer else sentence.text)
    asking = folded if "ALONE" in position else _without_citations(folded)
    greeted = _GREETING.match(folded.line)
    ungreeted = folded.line[greeted.end() :] if greeted else folded.line  # what commits nobody tells it by how a clause begins
    lines = [folded.line, asking.line, ungreeted, *[folded.line] * (len(_OTHER_KINDS) + 1)]
    promise, request, nobodys, courtesy, *rest = _index(language).first_matches(lines, folded.words)
    does = tuple((kind, rule) for kind, rule in zip(_OTHER_KINDS, rest, strict=True) if rule is not None)
    rule_features = [f"{kind.value}:{rule.name}" for kind, rule in does]
    if courtesy:
        rule_features.append(f"C:{courtesy.name}")
    rule_features += [*_features_of("P", promise), *_features_of("R", request), *_features_of("N", nobodys)]
    return MatchedSentence(
        sentence,
        folded,
        position,
        (courtesy is not None and courtesy.name == _OFFER) or _commits_nobody(folded, promise, nobodys, language),
        promise,
        request,
        does,
        courtesy,
        tuple(rule_features),
    )


def _commits_nobody(folded: FoldedSentence, promise: Rule | None, nobodys: Rule | None, language: Language) -> bool:
    """Tell whether a sentence only asks, or only tells what others will do and the like; a condition is no sentence.

    What goes on with the writer's own deed commits them: "They are awaiting the part, and I will tell you".
    """
    if promise is None and folded.line.rstrip(_CLOSERS).endswith("?"):
        return True
    if nobodys is None or language.clause_words.depends.match(folded.line):
        return False
    told = nobodys.pattern.search(folded.line)
    if told is None:
        return True
    before = promise is not None and promise.pattern.search(folded.line, 0, told.start()) is not None
    return not before and _GOES_ON.search(folded.line, told.end()) is None


def _features_of(mark: str, rule: Rule | None) -> tuple[str, ...]:
    """Return the features of the rule of a promise (P), of a request (R), or of what commits nobody (N)."""
    return (f"{mark}:{rule.name}", f"{mark} FIRED") if rule else ()


@cache
def _index(language: Language) -> RuleIndex:
    """Return the index of every table that each sentence is matched against, in the order of `_match`."""
    tables: tuple[RuleTable, ...] = (
        language.promises,
        language.requests,
        language.no_commitments,
        language.courtesies,
        language.withdrawals,
        language.releases,
        language.postponements,
        language.deliveries,
        language.completions,
        language.thanks,
        language.complaints,
    )
    return rule_index(tables)


def _without_citations(folded: FoldedSentence) -> FoldedSentence:
    """Return the sentence without what it cites in quotation marks: a question that is only cited asks nobody."""
    return FoldedSentence(_CITED.sub(" ", folded.line), folded.words) if '"' in folded.line else folded

"""Match each sentence of the new text against its language's rules; speech acts and the models' features follow from that."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from daemon.reading.languages.language import Language
from daemon.reading.languages.rules import (
    FoldedSentence,
    Rule,
    RuleIndex,
    RuleTable,
    first_match,
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
_CLOSERS = " \"')]"  # what may stand after a question mark
_FINAL_QUESTION = re.compile(
    r"(?<=\w)[,;.–-] ?(?:but |and |so |if not )?(?:can|could|would|will|do|does|did|is|are|shall|should|what|when|where|how|which|who|ok|okay|right|any|please)\b[^,;]*\?\W*$"
)
_OTHER_KINDS = (
    ActKind.WITHDRAWAL,
    ActKind.RELEASE,
    ActKind.POSTPONEMENT,
    ActKind.DELIVERY,
    ActKind.DONE,
    ActKind.THANKS,
    ActKind.COMPLAINT,
)


@dataclass(frozen=True, slots=True)
class MatchedSentence:
    """A sentence with the rules that match it: what may be a promise or a request, and what else the sentence does."""

    sentence: Sentence
    folded: FoldedSentence
    own: str  # the folded line with blanks where it speaks of other people's plans and the like
    position: tuple[str, ...]  # where in the mail it stands: FIRST, LAST, ALONE, LONG MAIL
    commits_nobody: bool  # whether it only asks, or only tells what others will do, of waiting and the like
    promise: Rule | None
    request: Rule | None
    implied: Rule | None  # a request that the words imply
    awaits: Rule | None  # looks forward to an answer, which asks for one after an offer
    offers: bool
    others: tuple[tuple[ActKind, Rule], ...]
    courtesy: bool
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
    own = FoldedSentence(without_matches(language.no_commitments, folded), folded.words)
    lines = (_before_final_question(own), asking.line, asking.line, *(folded.line for _ in range(len(_OTHER_KINDS) + 3)))
    promise, request, implied, awaits, offer, courtesy, *rest = _index(language).first_matches(lines, folded.words)
    others = tuple((kind, rule) for kind, rule in zip(_OTHER_KINDS, rest, strict=True) if rule is not None)
    rule_features = [f"{kind.value}:{rule.name}" for kind, rule in others]
    if courtesy:
        rule_features.append(f"C:{courtesy.name}")
    rule_features += _features_of("P", promise, first_match(language.not_promises, own), courtesy)
    rule_features += _features_of("R", request, first_match(language.not_requests, asking), courtesy)
    return MatchedSentence(
        sentence,
        folded,
        own.line,
        position,
        promise is None and (own.line != folded.line or folded.line.rstrip(_CLOSERS).endswith("?")),
        promise,
        request,
        implied,
        awaits,
        offer is not None,
        others,
        courtesy is not None,
        tuple(rule_features),
    )


def _features_of(mark: str, rule: Rule | None, denial: Rule | None, courtesy: Rule | None) -> Iterator[str]:
    """Yield the features of a promise's (P) or request's (R) rule; a denial or a courtesy speaks against it."""
    if rule:
        yield from (f"{mark}:{rule.name}", f"{mark} FIRED")
    if denial:
        yield f"N{mark}:{denial.name}"
    elif rule and not courtesy:
        yield from (f"{mark} UNDENIED", f"{mark}!{rule.name}")


@cache
def _index(language: Language) -> RuleIndex:
    """Return the index of every table that each sentence is matched against, in the order of `_match`."""
    tables: tuple[RuleTable, ...] = (
        language.promises,
        language.requests,
        language.implied_requests,
        language.awaited_answers,
        language.offers,
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


def _before_final_question(folded: FoldedSentence) -> str:
    """Return what stands before the question that ends a sentence: "I'll send it today, is that ok?" promises something."""
    question = _FINAL_QUESTION.search(folded.line) if "?" in folded.words else None
    return folded.line[: question.start()] if question and question.start() > _MIN_STATEMENT else folded.line

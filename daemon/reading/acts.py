"""Speech acts: what each sentence of the new text does, by the rules of its language."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from daemon.reading import due
from daemon.reading.language import Language, Rule
from daemon.reading.sentences import Sentence
from daemon.reading.types import Act, ActKind, Due, Utterance

_LONGEST = 600  # characters of a sentence beyond which it is a table or a contract, not somebody speaking


def acts(sentences: Iterable[Sentence], utterance: Utterance, language: Language) -> tuple[Act, ...]:
    """The acts of all sentences, in order."""
    return tuple(act for sentence in sentences if len(sentence.text) <= _LONGEST for act in _sentence(sentence, utterance, language))


def _sentence(sentence: Sentence, utterance: Utterance, language: Language) -> Iterator[Act]:
    words = re.sub(r"\s+", " ", sentence.text)
    writer, reader = ("user", "client") if utterance.direction == "sent" else ("client", "user")

    def act(kind: ActKind, rule: str, confidence: float, sort: str | None = None, when: Due | None = None, *, by: str = writer, conditional: bool = False) -> Act:
        return Act(kind, sentence.text, sentence.start, sentence.end, sort, by, when, conditional, confidence, rule)

    for kind, pattern in (
        (ActKind.WITHDRAWAL, language.withdrawals),
        (ActKind.RELEASE, language.releases),
        (ActKind.POSTPONEMENT, language.postponements),
        (ActKind.DELIVERY, language.deliveries),
        (ActKind.DONE, language.done),
        (ActKind.THANKS, language.thanks),
    ):
        if pattern.search(words):
            when = _when(sentence, utterance, language) if kind is ActKind.POSTPONEMENT else None
            yield act(kind, kind.value, 0.8, when=when)
    if language.courtesies.search(words):
        return
    promise = _promise(words, language)
    if promise is not None:
        rule, sort = promise
        conditional = language.conditions.search(words) is not None
        sure = rule.confidence - (0.1 if conditional else 0)
        yield act(ActKind.PROMISE, rule.name, round(sure, 2), sort, _when(sentence, utterance, language), conditional=conditional)
    asked = _request(words, language, promised=promise is not None)
    if asked is not None:
        yield act(ActKind.REQUEST, asked.name, asked.confidence, asked.sort, _when(sentence, utterance, language), by=writer)
    del reader


def _promise(words: str, language: Language) -> tuple[Rule, str] | None:
    if words.rstrip(" \"'”)").endswith("?") and not re.search(r"[.!]\s", words):
        return None
    rule = _first(language.promises, words)
    if rule is None or language.no_promise.search(words) or language.offers.search(words):
        return None
    sort = _first(language.promise_sorts, words)
    return rule, rule.sort if rule.sort in {"meet", "send"} else (sort.sort if sort else rule.sort)


def _request(words: str, language: Language, *, promised: bool) -> Rule | None:
    if language.no_request.search(words):
        return None
    rule = _first(language.requests, words)
    if rule is None or (promised and rule.name in {"needs something", "orders", "wants to be told", "says please"}):
        return None
    return rule


def _first(rules: Iterable[Rule], words: str) -> Rule | None:
    return next((rule for rule in rules if rule.pattern.search(words)), None)


def _when(sentence: Sentence, utterance: Utterance, language: Language) -> Due | None:
    """The sentence's due time. Two that differ by more than a day are a choice, and no promise of either."""
    found = [d for _, _, d in due.find(sentence.text, utterance.date, utterance.frame, language.words)]
    found = [d for d in found if d.due >= utterance.date - due.DAY]
    if not found:
        return None
    if len(found) > 1 and max(d.due for d in found) - min(d.due for d in found) > due.DAY:
        return found[0]._replace(confidence=0.6)
    return found[0]

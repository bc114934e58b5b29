"""Speech acts: what each sentence of the new text does, by the rules of its language and, in English, the linear model."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from daemon.reading import due, model
from daemon.reading.days import DAY
from daemon.reading.language import Language, Rule, Spoken, first
from daemon.reading.sentences import Sentence
from daemon.reading.types import Act, ActKind, Due, Utterance

_LONGEST = 700  # characters of a sentence beyond which it is a table or a contract, not somebody speaking
_ASKS_BY_WEIGHT = 0.5
_WEAK = 0.76  # a rule this unsure is dropped where the model is sure of the contrary
_SURELY_NOT = 0.06
_VERY_WEAK = 0.72  # a rule this unsure needs the model not to be against it
_HARDLY = 0.2
_STRONG = 0.8  # a rule this sure is overruled only where the model is sure of the contrary
_LOST = re.compile(r"[.!,:;]\s?\?|^\W*\?|\?{3,}|\w\?\s+[a-z]")
_LOST_MARKS = 3  # question marks that stand for lost characters, beyond which a mail's others are doubted
MOST_SENTENCES = 250  # beyond which a mail is a document: nobody's word stands there
_LONG = 40  # sentences beyond which a mail is an article: its questions are its own unless they ask the reader
_LISTED = 7  # questions beyond which they are a list (of an interview, of a survey)
_BEGINS_AS_QUESTION = re.compile(
    r"^\W*(?:who|what|when|where|why|how|which|can|could|would|will|do|does|did|are|is|have|has)\b[^?]*\?\W*$", re.IGNORECASE
)
_CITED = re.compile(r"\"[^\"]{8,}(?:\"|$)")
_TO_READER = re.compile(r"\b(?:you(?:r|rs)?|we|i|me|us)\b", re.IGNORECASE)


def acts(sentences: Sequence[Sentence], heard: Sequence[Spoken], utterance: Utterance, language: Language) -> tuple[Act, ...]:
    """The acts of all sentences, in order."""
    alone = sum(len(s.text) > 12 for s in sentences) <= 1
    found = tuple(
        act
        for s, said in zip(sentences, heard, strict=True)
        if len(s.text) <= _LONGEST
        for act in _sentence(s, said, utterance, language, alone=alone)
    )
    return _without_doubtful_questions(found, sentences)


def _without_doubtful_questions(found: tuple[Act, ...], sentences: Sequence[Sentence]) -> tuple[Act, ...]:
    """Where question marks stand for lost characters, or a dozen questions are listed, only those count that ask the reader."""
    lost = sum(len(_LOST.findall(s.text)) for s in sentences if "?" in s.text) >= _LOST_MARKS
    questions = sum(a.sort == "question" for a in found)
    if not lost and questions <= _LISTED and len(sentences) < _LONG:
        return found
    return tuple(a for a in found if a.sort != "question" or (_BEGINS_AS_QUESTION if lost else _TO_READER).search(a.quote))


def _sentence(sentence: Sentence, said: Spoken, utterance: Utterance, language: Language, *, alone: bool) -> Iterator[Act]:
    writer = "user" if utterance.direction == "sent" else "client"

    def act(
        kind: ActKind,
        rule: str,
        confidence: float,
        sort: str | None = None,
        when: Due | None = None,
        *,
        conditional: bool = False,
    ) -> Act:
        return Act(kind, sentence.text, sentence.start, sentence.end, sort, writer, when, conditional, round(confidence, 2), rule)

    for kind, table in (
        (ActKind.WITHDRAWAL, language.withdrawals),
        (ActKind.RELEASE, language.releases),
        (ActKind.POSTPONEMENT, language.postponements),
        (ActKind.DELIVERY, language.deliveries),
        (ActKind.DONE, language.done),
        (ActKind.THANKS, language.thanks),
    ):
        rule = first(table, said)
        if rule:
            yield act(kind, rule.name, 0.8, when=_when(sentence, utterance, language) if kind is ActKind.POSTPONEMENT else None)
    if first(language.courtesies, said):
        return
    promise = _promise(said, language)
    if promise is not None:
        rule, sort = promise
        conditional = first(language.conditions, said) is not None
        sure = rule.confidence - (0.05 if conditional else 0)
        yield act(
            ActKind.PROMISE,
            rule.name,
            sure,
            sort,
            _when(sentence, utterance, language, _begin(rule, said)),
            conditional=conditional,
        )
    # What is promised asks nothing by its words' weight alone.
    asked = _request(sentence, said, language, alone=alone and promise is None)
    if asked is not None and not (promise is not None and asked.confidence <= _WEAK):
        yield act(ActKind.REQUEST, asked.name, asked.confidence, asked.sort, _when(sentence, utterance, language))


def _promise(said: Spoken, language: Language) -> tuple[Rule, str] | None:
    rule = first(language.promises, said)
    if rule is None or first(language.no_promise, said):
        return None
    sort = first(language.promise_sorts, said)
    return rule, rule.sort if rule.sort == "meet" or sort is None else sort.sort


def _request(sentence: Sentence, said: Spoken, language: Language, *, alone: bool) -> Rule | None:
    if '"' in said.line and not alone:
        said = Spoken(_CITED.sub(" ", said.line), said.words)
    if first(language.no_request, said):
        return None
    rule = first(language.requests, said)
    if not language.weighed or not (alone or (rule and rule.confidence <= _WEAK)):
        return rule
    weight = model.asks(" ".join(sentence.text.split()), alone=alone)
    if alone and rule is None and weight >= _ASKS_BY_WEIGHT:
        return Rule(f"the words' weight ({weight:.2f})", _NEVER, "question" if "?" in said.words else "request", weight)
    if rule is None or (rule.confidence > _WEAK and not alone):
        return rule
    floor = _HARDLY if rule.confidence <= _VERY_WEAK or (alone and rule.confidence < _STRONG) else _SURELY_NOT
    return None if weight < floor and rule.sort != "question" else rule


_NEVER = re.compile(r"(?!)")


def _begin(rule: Rule, said: Spoken) -> int:
    """Where in the sentence the promise begins."""
    found = rule.pattern.search(said.line)
    return found.start() if found else 0


_CONDITION_FIRST = re.compile(r"\W*(?:if|once|when|whenever|unless|should|as soon as|after|wenn|falls|sobald|sofern|nachdem)\b")
_ALTERNATIVE = re.compile(r"\b(?:or|and|to|through|oder|und|bis)\b|[-–]")


def _when(sentence: Sentence, utterance: Utterance, language: Language, begins: int = 0) -> Due | None:
    """The due time of what begins at `begins`: one said after it before one said ahead, and none that belongs to a condition ahead.

    "Monday or Tuesday" lasts until Tuesday; of two unrelated times neither is sure.
    """
    line = " ".join(sentence.text.split())
    found = [f for f in due.find(line, utterance.date, utterance.frame, language.words) if f[2].due >= utterance.date - DAY]
    after = [f for f in found if f[0] >= begins]
    found = after if after or _CONDITION_FIRST.match(line.lower()) else found
    if not found:
        return None
    first_one, last = found[0], found[-1]
    if len(found) == 1 or first_one[2].due == last[2].due:
        return first_one[2]
    if len(found) == 2 and _ALTERNATIVE.fullmatch(line[first_one[1] : last[0]].strip()):
        return last[2]._replace(earliest=first_one[2].earliest, quote=line[first_one[0] : last[1]])
    return first_one[2]._replace(confidence=0.6)

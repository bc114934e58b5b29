"""Speech acts: what each sentence of the new text does, by two linear models of its language and by rules.

The models weigh every sentence; the rules that match are among their features, and tell of which sort an act is. A few rules have
the last word: what only speaks of others' plans commits nobody, and a courtesy asks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from daemon.reading.act_due_times import due_beside, due_within, with_plain_offsets
from daemon.reading.deadlines import with_deadlines
from daemon.reading.languages.language import Language
from daemon.reading.languages.rules import FoldedSentence, Rule, first_match
from daemon.reading.models import linear_models
from daemon.reading.models.linear_models import Chances
from daemon.reading.sentence_matches import LONG_MAIL, MatchedSentence, match_clauses
from daemon.reading.sentences import Sentence
from daemon.reading.values import Act, ActKind, Due, ReaderInput

_MIN_CONFIDENCE = 0.35  # a promise or request below it is not reported at all
_MAX_CONFIDENCE = 0.99
_QUESTIONS = ("asks a question", "asks in one word")
_QUESTION = 0.55  # confidence of a plain question, whatever its words weigh
_WISHES, _WISHED = "wishes, lacks or wonders", 0.72  # what asks without saying so, and its confidence
_PLAINLY = 0.85  # from here on the words weigh more than that a wish is a courtesy
_COUNTS = 0.5  # of a clause that is an act of its own
_OTHER_CONFIDENCE = 0.8  # of thanks, deliveries and the like, which rules alone recognise
_LOST_CHARACTERS = re.compile(r"[.!,:;]\s?\?|^\W*\?|\?{3,}|\w\?\s+[a-z]")
_MANY_LOST = 3  # question marks that stand for lost characters; from here on the mail's others are doubted
_MAX_QUESTIONS = 7  # more are a list (an interview, a survey)
_BEGINS_AS_QUESTION = re.compile(
    r"^\W*(?:who|what|when|where|why|how|which|can|could|would|will|do|does|did|are|is|have|has)\b[^?]*\?\W*$", re.IGNORECASE
)
_TO_READER = re.compile(r"\b(?:you(?:r|rs)?|we|i|me|us)\b", re.IGNORECASE)
_WISH = "a closing wish"
_MAY_ASK = frozenset(("an offer of help", _WISH))  # courtesies beside which something may be asked
_ASKS_YOU = re.compile(r"\b(?:can|could|would|will|do|did|have|are) you\b[^.!]*\?")
# What a plain promise is held for at least, whatever its other words weigh.
_PLAIN = {"will do": 0.85, "I will get back": 0.85}
_MAX_TIME_ALONE = 7  # words of a sentence that only names a time
_AFTER_THE_CONDITION = re.compile(r"(?:with)?in\b|innerhalb\b|binnen\b", re.IGNORECASE)
BY_WORDS_ALONE = "the words' weight"  # shown by `kept explain` as the rule of an act that no rule matched


# From which words alone count, by language, where no rule matches; where few rules are, as in German, any do.
_SURPRISE = {"en": Chances(promise=0.5, request=0.6)}


class JudgedSentence(NamedTuple):
    """A sentence or a clause, and how likely it does what."""

    matched: MatchedSentence
    chances: Chances


def find_acts(
    judged: Sequence[JudgedSentence],
    message: ReaderInput,
    language: Language,
    check: Callable[[], None] = lambda: None,
) -> tuple[Act, ...]:
    """Return the acts of all sentences, in the order of the text. `check` is called for each sentence."""
    acts: list[Act] = []
    sentences = [sentence.matched for sentence in judged]
    for number, (sentence, chance) in enumerate(judged):
        check()
        for act in _acts(sentence, chance, message, language):
            if act.kind is ActKind.PROMISE and act.rule == BY_WORDS_ALONE and _is_time_of_last(acts, sentence):
                continue
            if act.kind is ActKind.PROMISE:
                acts.append(due_beside(act, sentences[:number], message, language))
            elif act.kind is ActKind.POSTPONEMENT and act.due is None:
                acts.append(_with_following_time(act, sentences[number + 1 :], message, language))
            else:
                acts.append(act)
    certain = _without_doubtful_questions(tuple(acts), [s.sentence for s in sentences])
    return tuple(with_plain_offsets(act) for act in with_deadlines(certain, sentences, message, language))


def _is_time_of_last(acts: Sequence[Act], sentence: MatchedSentence) -> bool:
    """Tell whether a sentence only names the time to which the act before it postpones."""
    return bool(acts) and acts[-1].kind is ActKind.POSTPONEMENT and len(sentence.folded.line.split()) <= _MAX_TIME_ALONE


def _with_following_time(act: Act, after: Sequence[MatchedSentence], message: ReaderInput, language: Language) -> Act:
    """Return a postponement with the time that the next sentence names and hardly says more: "I can't send it today. Monday, then."."""
    if not after or len(after[0].folded.line.split()) > _MAX_TIME_ALONE:
        return act
    return replace(act, due=due_within(after[0].named_times(language), message, language))


def _acts(matched: MatchedSentence, chance: Chances, message: ReaderInput, language: Language) -> Iterator[Act]:
    """Yield the acts of one sentence: what rules alone recognise, then its promise and its request."""
    for kind, rule in matched.others:
        due = due_within(matched.named_times(language), message, language) if kind is ActKind.POSTPONEMENT else None
        yield _act(matched, message, kind, rule, _OTHER_CONFIDENCE, due=due)
    if chance.promise >= _MIN_CONFIDENCE:
        yield _promise(matched, matched.promise or _model_rule(matched.folded), message, language, chance.promise)
    if chance.request >= _MIN_CONFIDENCE:
        rule = matched.request or _model_rule(matched.folded)
        yield _act(matched, message, ActKind.REQUEST, rule, chance.request, sort=rule.sort)


def _act(
    matched: MatchedSentence,
    message: ReaderInput,
    kind: ActKind,
    rule: Rule,
    confidence: float,
    *,
    sort: str | None = None,
    due: Due | None = None,
    conditional: bool = False,
) -> Act:
    start, end, text = matched.sentence
    writer = "user" if message.direction == "sent" else "client"
    confidence = min(_MAX_CONFIDENCE, round(confidence, 2))
    return Act(kind, text, start, end, sort, writer, due, conditional, confidence, rule.name)


def _promise(matched: MatchedSentence, rule: Rule, message: ReaderInput, language: Language, confidence: float) -> Act:
    """Return the promise of a sentence. A span counted from a condition ("once signed, within two days") is no due time."""
    sort = first_match(language.promise_sorts, matched.folded)
    condition = first_match(language.conditions, matched.folded)
    due = due_within(matched.named_times(language), message, language, _start_of(rule, matched.folded.line))
    if condition is not None and due is not None and _AFTER_THE_CONDITION.match(due.quote):
        after = matched.folded.line[_start_of(condition, matched.folded.line) :]
        due = None if due.quote.lower() in after else due
    named = "meet" if rule.sort == "meet" else sort.sort if sort else (rule.sort if matched.promise else "do")
    return _act(matched, message, ActKind.PROMISE, rule, confidence, sort=named, due=due, conditional=condition is not None)


def _start_of(rule: Rule, line: str) -> int:
    """Return the offset in the folded sentence's line at which a promise or a condition begins."""
    found = rule.pattern.search(line)
    return found.start() if found else 0


def _model_rule(folded: FoldedSentence) -> Rule:
    """Return what stands for the rule of an act that the model alone recognised."""
    return Rule(BY_WORDS_ALONE, re.compile(r"(?!)"), "question" if "?" in folded.words else "request")


def judged_mail(
    sentences: Sequence[MatchedSentence],
    language: Language,
    writer: re.Pattern[str] | None = None,
) -> tuple[JudgedSentence, ...]:
    """Return the sentences of a mail with what each does; in place of one that does two things, its clauses."""
    judged: list[JudgedSentence] = []
    for sentence in sentences:
        divided = [_judged(clause, language) for clause in match_clauses(sentence, language, writer)]
        judged += divided if _are_apart(divided, language) else [_by_clauses(_judged(sentence, language), divided)]
    return tuple(judged)


def _by_clauses(whole: JudgedSentence, clauses: Sequence[JudgedSentence]) -> JudgedSentence:
    """Return a sentence that does one thing; where one of its clauses commits nobody, another must promise."""
    if not any(clause.matched.commits_nobody for clause in clauses):
        return whole
    return whole._replace(chances=whole.chances._replace(promise=max(clause.chances.promise for clause in clauses)))


def _are_apart(clauses: Sequence[JudgedSentence], language: Language) -> bool:
    """Tell whether clauses are to be read each for itself, as each does something of its own.

    Two promises are one, unless each has a time or a condition of its own. A promise on a condition does not fall due when something
    else in its sentence happens.
    """
    promises = [clause.matched.folded for clause in clauses if clause.chances.promise >= _COUNTS]
    requests = sum(clause.chances.request >= _COUNTS for clause in clauses)
    if requests:
        return len(promises) + requests > 1
    hints = language.time_words.hints
    conditional = [first_match(language.conditions, p) is not None for p in promises]
    own = [on or not hints.isdisjoint(p.words) for on, p in zip(conditional, promises, strict=True)]
    return sum(own) > 1 or conditional == [True]


def _judged(matched: MatchedSentence, language: Language) -> JudgedSentence:
    """Return how likely it is that a sentence or a clause promises something, and that it asks for something."""
    promise, request = linear_models.chances(language.code, matched.features(language))
    least = _SURPRISE.get(language.code, Chances(0.0, 0.0))
    promise = _unless_faint(matched.promise, promise, least.promise)
    request = _unless_faint(matched.request, request, least.request)
    if matched.commits_nobody or (matched.promise is None and promise < request):
        promise = 0.0
    elif matched.promise is not None:
        promise = max(promise, _PLAIN.get(matched.promise.name, 0.0))
    return JudgedSentence(matched, Chances(promise, _request(matched, request)))


def _unless_faint(rule: Rule | None, chance: float, least: float) -> float:
    """Return the chance of an act, none where no rule matches and the words say too little."""
    return 0.0 if rule is None and chance < least else chance


def _request(matched: MatchedSentence, chance: float) -> float:
    """Return the chance that a sentence asks for something, given that of the models."""
    if matched.request is not None and matched.request.name == _WISHES and matched.courtesy is None:
        return max(chance, _WISHED)
    if _asks_nobody(matched, chance):
        return 0.0
    plain = matched.request is not None and matched.request.name in _QUESTIONS and matched.folded.line.endswith("?")
    return max(chance, _QUESTION) if plain and "LONG MAIL" not in matched.position else chance


def _asks_nobody(matched: MatchedSentence, chance: float) -> bool:
    """Tell whether a sentence is a mere courtesy; a wish or an offer of help may ask something besides."""
    if matched.courtesy is None:
        return False
    if matched.courtesy.name not in _MAY_ASK or matched.request is None:
        return True
    wished = matched.courtesy.name == _WISH and chance >= _PLAINLY
    return not wished and not _ASKS_YOU.search(matched.folded.line)


def _without_doubtful_questions(acts: tuple[Act, ...], sentences: Sequence[Sentence]) -> tuple[Act, ...]:
    """Return the acts without questions that probably are none.

    Where question marks stand for lost characters, only what begins as a question is one. In a long list of questions or a long
    mail only those count that address the reader.
    """
    lost = sum(len(_LOST_CHARACTERS.findall(s.text)) for s in sentences if "?" in s.text) >= _MANY_LOST
    questions = sum(a.sort == "question" for a in acts)
    if not lost and questions <= _MAX_QUESTIONS and len(sentences) < LONG_MAIL:
        return acts
    genuine = _BEGINS_AS_QUESTION if lost else _TO_READER
    return tuple(a for a in acts if a.sort != "question" or genuine.search(a.quote))

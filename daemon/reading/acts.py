"""Speech acts: what each sentence of the new text does, by the rules of its language and, in English, two linear models.

The rules find what may be a promise or a request and of what sort it is; in English the models weigh it, with the rules that
fired among what they see. A language without a model is believed by its rules alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from daemon.reading import due, model
from daemon.reading.days import DAY
from daemon.reading.features import features
from daemon.reading.language import Index, Language, Rule, Spoken, Table, first, index
from daemon.reading.sentences import Sentence
from daemon.reading.types import Act, ActKind, Due, Utterance

_LONGEST = 700  # characters of a sentence beyond which it is a table or a contract, not somebody speaking
POSSIBLE = 0.35  # confidence below which nothing is said at all
_SUREST = 0.99
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


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence with the rules that fit it: what may be a promise or a request, what speaks against it, what else it does."""

    sentence: Sentence
    said: Spoken
    place: tuple[str, ...]
    promise: Rule | None
    request: Rule | None
    others: tuple[tuple[ActKind, Rule], ...]
    courtesy: bool
    fired: tuple[str, ...]

    def features(self, language: Language) -> set[str]:
        """What the models see of it."""
        return features(self.said, language.words.hints, self.place, self.fired)


def heard(sentences: Sequence[Sentence], spoken: Sequence[Spoken], language: Language) -> tuple[Heard, ...]:
    """Each sentence that may be somebody speaking, with the rules that fit it."""
    many = sum(len(s.text) > _SAYS_SOMETHING for s in sentences)
    pairs = zip(sentences, spoken, strict=True)
    return tuple(
        _hear(s, said, _place(n, len(sentences), many), language) for n, (s, said) in enumerate(pairs) if len(s.text) <= _LONGEST
    )


_SAYS_SOMETHING = 12  # characters; a name or a greeting is shorter


def _place(number: int, count: int, many: int) -> tuple[str, ...]:
    """Where in the mail a sentence stands."""
    flags = (("FIRST", number == 0), ("LAST", number >= count - 2), ("ALONE", many <= 1), ("LONG MAIL", count > _LONG))
    return tuple(flag for flag, holds in flags if holds)


def _hear(sentence: Sentence, said: Spoken, place: tuple[str, ...], language: Language) -> Heard:
    asked = said
    if '"' in said.line and "ALONE" not in place:  # what is cited asks nobody
        asked = Spoken(_CITED.sub(" ", said.line), said.words)
    lines = (_before_question(said).line, asked.line, *(said.line for _ in range(len(_KINDS) + 1)))
    promise, request, courtesy, *rest = _index(language).firsts(lines, said.words)
    others = tuple((kind, rule) for kind, rule in zip(_KINDS, rest, strict=True) if rule is not None)
    fired = [f"{kind.value}:{rule.name}" for kind, rule in others]
    denials = (("P", promise, "NP", language.no_promise, said), ("R", request, "NR", language.no_request, asked))
    fired += [f"C:{courtesy.name}"] if courtesy else []
    for mark, rule, denied, table, line in denials:
        if rule is not None:
            against = first(table, line)
            fired += [f"{mark}:{rule.name}", f"{mark} FIRED", *([f"{denied}:{against.name}"] if against else [])]
            fired += [] if against or courtesy else [f"{mark} UNDENIED", f"{mark}!{rule.name}"]
    return Heard(sentence, said, place, promise, request, others, courtesy is not None, tuple(fired))


_KINDS = (
    ActKind.WITHDRAWAL,
    ActKind.RELEASE,
    ActKind.POSTPONEMENT,
    ActKind.DELIVERY,
    ActKind.DONE,
    ActKind.THANKS,
    ActKind.COMPLAINT,
)


def _tables(language: Language) -> tuple[Table, ...]:
    """Every table that each sentence is looked up in: promises, requests, courtesies, and those of `_KINDS`."""
    return (
        language.promises,
        language.requests,
        language.courtesies,
        language.withdrawals,
        language.releases,
        language.postponements,
        language.deliveries,
        language.done,
        language.thanks,
        language.complaints,
    )


_INDICES: dict[str, Index] = {}


def _index(language: Language) -> Index:
    if language.code not in _INDICES:
        _INDICES[language.code] = index(_tables(language))
    return _INDICES[language.code]


_QUESTION_LAST = re.compile(
    r"(?<=\w)[,;.–-] ?(?:but |and |so |if not )?(?:can|could|would|will|do|does|did|is|are|shall|should|what|when|where|how|which|who|ok|okay|right|any|please)\b[^,;]*\?\W*$"
)


def _before_question(said: Spoken) -> Spoken:
    """What is said before the question that ends a sentence: "I'll send it today, is that ok?" promises something."""
    found = _QUESTION_LAST.search(said.line) if "?" in said.words else None
    return Spoken(said.line[: found.start()], said.words) if found and found.start() > _SAYS_SOMETHING else said


def acts(told: Sequence[Heard], utterance: Utterance, language: Language) -> tuple[Act, ...]:
    """The acts of all sentences, in order."""
    found = tuple(
        act if act.kind is not ActKind.PROMISE else _dated_beside(act, told[:n], utterance, language)
        for n, h in enumerate(told)
        for act in _acts(h, utterance, language)
    )
    return _without_doubtful_questions(found, [h.sentence for h in told])


_FROM_THEN_ON = re.compile(r"(?:with)?in\b|innerhalb\b|binnen\b", re.IGNORECASE)
_NEAR = 3  # sentences before a promise that may name its time
_AFTER_IT = re.compile(
    r"\bafter (?:the|our|that|this|my) ?(?:meeting|call|conversation|visit|lunch)?\b|\b(?:afterwards|then)\W*$|\bdanach\b",
    re.IGNORECASE,
)


def _dated_beside(act: Act, before: Sequence[Heard], utterance: Utterance, language: Language) -> Act:
    """A promise whose time the sentences before it name: a meeting or call at that hour, an hour of that day, what follows it."""
    told = act.due
    hour_only = (
        told is not None and told.grain == "minute" and told.due.date() == utterance.date.astimezone(told.due.tzinfo).date()
    )
    follows = act.sort in {"meet", "call"} or _AFTER_IT.search(act.quote) is not None
    if act.conditional or not (follows if told is None else hour_only):
        return act
    for h in reversed(before if hour_only else before[-_NEAR:]):
        line = " ".join(h.sentence.text.split())
        found = [d for _, _, d in due.find(line, utterance.date, utterance.frame, language.words) if d.due >= utterance.date]
        for moment in sorted(found, key=lambda d: _GRAINS.index(d.grain)):
            if told is not None and moment.grain == "minute" and moment.due.timetz() == told.due.timetz():
                return replace(act, due=told._replace(earliest=moment.due, due=moment.due, latest=moment.due, confidence=0.6))
            dated = moment.due.date() != utterance.date.astimezone(moment.due.tzinfo).date()
            if told is None and dated and (moment.grain == "minute" or act.sort not in {"meet", "call"}):
                return replace(act, due=moment._replace(confidence=0.6))
    return act


_GRAINS = ("minute", "hour", "part of day", "day", "week", "month", "year")


def _acts(h: Heard, utterance: Utterance, language: Language) -> Iterator[Act]:
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
        start, end, text = h.sentence
        return Act(kind, text, start, end, sort, writer, when, conditional, min(_SUREST, round(confidence, 2)), rule)

    for kind, rule in h.others:
        yield act(kind, rule.name, 0.8, when=_when(h, utterance, language) if kind is ActKind.POSTPONEMENT else None)
    promise, request = _believed(h, language)
    if h.promise is not None and promise >= POSSIBLE:
        rule = h.promise
        sort = first(language.promise_sorts, h.said)
        conditional = first(language.conditions, h.said) is not None
        when = _when(h, utterance, language, _begin(rule, h.said))
        if conditional and when is not None and _FROM_THEN_ON.match(when.quote):
            when = None  # so long after the condition is met, not after the mail
        yield act(
            ActKind.PROMISE,
            rule.name,
            promise,
            rule.sort if rule.sort == "meet" or sort is None else sort.sort,
            when,
            conditional=conditional,
        )
    if request >= POSSIBLE:
        asked = h.request or Rule("the words' weight", _NEVER, "question" if "?" in h.said.words else "request")
        yield act(ActKind.REQUEST, asked.name, request, asked.sort)


def _believed(h: Heard, language: Language) -> tuple[float, float]:
    """How sure it is that the sentence promises, and that it asks."""
    if language.weighed:
        may_promise = h.promise is not None and _VETOES.isdisjoint(h.fired)
        may_ask = (not h.courtesy or _asks_outright(h)) and (
            h.request is not None or "?" in h.said.words or ("ALONE" in h.place and h.promise is None)
        )
        seen = h.features(language) if may_promise or may_ask else ()
        return model.chance("promise", seen) if may_promise else 0.0, model.chance("request", seen) if may_ask else 0.0
    promise = h.promise.confidence if h.promise and "P UNDENIED" in h.fired else 0.0
    request = h.request.confidence if h.request and "R UNDENIED" in h.fired else 0.0
    return promise, 0.0 if promise and request <= _WEAK else request


def _asks_outright(h: Heard) -> bool:
    """A question to the reader is one, whatever courtesy stands behind it."""
    return (
        h.request is not None
        and h.request.name in {"asks to do something", "asks a question"}
        and _YOU_DO.search(h.said.line) is not None
    )


_YOU_DO = re.compile(r"\b(?:can|could|would|will|do|did|have|are) you\b[^.!]*\?")
_VETOES = frozenset(("NP:a manner of speaking", "NP:policy"))
_WEAK = 0.76  # a request by a rule this unsure is none where the same words promise something


def _without_doubtful_questions(found: tuple[Act, ...], sentences: Sequence[Sentence]) -> tuple[Act, ...]:
    """Where question marks stand for lost characters, or a dozen questions are listed, only those count that ask the reader."""
    lost = sum(len(_LOST.findall(s.text)) for s in sentences if "?" in s.text) >= _LOST_MARKS
    questions = sum(a.sort == "question" for a in found)
    if not lost and questions <= _LISTED and len(sentences) < _LONG:
        return found
    return tuple(a for a in found if a.sort != "question" or (_BEGINS_AS_QUESTION if lost else _TO_READER).search(a.quote))


_NEVER = re.compile(r"(?!)")


def _begin(rule: Rule, said: Spoken) -> int:
    """Where in the sentence the promise begins."""
    found = rule.pattern.search(said.line)
    return found.start() if found else 0


_CONDITION_FIRST = re.compile(r"\W*(?:if|once|when|whenever|unless|should|as soon as|after|wenn|falls|sobald|sofern|nachdem)\b")
_NAMED_END = re.compile(r"(?:by|before|until|till|no later than|latest|bis|spätestens|vor)\b", re.IGNORECASE)
_ALTERNATIVE = re.compile(r"\b(?:or|and|to|through|oder|und|bis)\b|[-–]")


def _when(h: Heard, utterance: Utterance, language: Language, begins: int = 0) -> Due | None:
    """The due time of what begins at `begins`: one said after it before one said ahead, and none that belongs to a condition ahead.

    "Monday or Tuesday" lasts until Tuesday; of two unrelated times neither is sure.
    """
    line = " ".join(h.sentence.text.split())
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
    named = [f for f in found if _NAMED_END.match(f[2].quote)]
    if len(named) == 1:  # "the morning session by 9pm"
        return named[0][2]
    return first_one[2]._replace(confidence=0.6)

"""What a message is worth as an answer: it answers something, is only a status, gives not even a date, or only closes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from daemon.reading.languages.language import Language
from daemon.reading.languages.rules import first_match
from daemon.reading.sentence_matches import MatchedSentence
from daemon.reading.speech_acts import BY_WORDS_ALONE
from daemon.reading.values import Act, ActKind

_MAX_THANKS = 12  # words; a longer sentence of thanks says something else, too
_ANSWERING = frozenset((ActKind.DELIVERY, ActKind.REQUEST, ActKind.WITHDRAWAL, ActKind.RELEASE))
_SAYS_ANYTHING = re.compile(r"[^\W_]")
_NAME_ALONE = re.compile(r"\W*[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}\W*$|\W*\w+(?: \w+)?[,:–-]+\W*$")


class AnswerValue(NamedTuple):
    """What a message is worth as an answer; the fields are those of Reading."""

    acknowledgement: bool
    tag: bool
    closing: bool
    substance: bool


def answer_value(sentences: Sequence[MatchedSentence], acts: Sequence[Act], language: Language) -> AnswerValue:
    """Return what the message is worth as an answer.

    A promise to be somewhere is an answer, one to come back later a status. What no rule takes for a promise tells something, too:
    "the pallets arrive on Thursday".
    """
    kinds: dict[int, set[ActKind]] = {}
    for act in acts:
        if act.kind is not ActKind.PROMISE or act.rule != BY_WORDS_ALONE:
            kinds.setdefault(act.start, set()).add(act.kind)
    values = set[str]()
    for matched in sentences:
        values.add(_value(matched, kinds.get(matched.sentence.start, set()), language))
        if "substance" in values:  # beside which no status counts
            break
    promises = [a for a in acts if a.kind is ActKind.PROMISE]
    meets = any(a.sort == "meet" for a in promises)
    substance, status = "substance" in values, "status" in values
    acknowledgement = status and not substance and not meets
    return AnswerValue(
        acknowledgement=acknowledgement,
        tag=acknowledgement and not any(a.due for a in promises),
        closing=not substance and not status and any(a.kind is ActKind.THANKS for a in acts),
        substance=substance or meets,
    )


def _value(matched: MatchedSentence, kinds: set[ActKind], language: Language) -> str:
    """Return what one sentence contributes: "substance", "status" or "" for nothing."""
    folded = matched.folded
    if not _SAYS_ANYTHING.search(matched.sentence.text):
        return ""
    if matched.courtesy is not None or first_match(language.greetings, folded) or _NAME_ALONE.match(matched.sentence.text):
        return ""
    if kinds & _ANSWERING:
        return "substance"
    if ActKind.PROMISE in kinds or first_match(language.tags, folded) or first_match(language.acknowledgements, folded):
        return "status"
    length = len(folded.line.split())
    only_thanks = ActKind.THANKS in kinds and ActKind.DONE not in kinds and length <= _MAX_THANKS
    says_something = length > 1 or folded.line.strip(" .!").isdigit()
    return "substance" if says_something and not only_thanks else ""

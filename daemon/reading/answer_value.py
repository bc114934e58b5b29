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
_CERTAIN = 0.8  # confidence of the promise that decides what the words before it are worth
_MAX_ENQUIRY = 12  # words that say that somebody was asked; more say something else, too
_ENQUIRED = re.compile(
    r"\b(?:i|we)(?:['’]ve| have)?(?: (?:just|already|also|now))? (?:asked|chased|contacted|e-?mailed|messaged|called|checked with|spoken (?:to|with)|"
    r"(?:passed|forwarded|handed|raised|put) (?:it|this|that|them|your \w+))\b|"
    r"\bhab(?:e|en)?\b.{0,60}\b(?:gefragt|angefragt|nachgefragt|weitergegeben|weitergeleitet|kontaktiert|angeschrieben)\b",
    re.IGNORECASE,
)
_TELLS_MORE = re.compile(r"[,:;\d]\s*\w")
# "Thank you, it is on the press list for Monday" tells something; "thank you, it was a pleasure" does not.
_GOES_ON = re.compile(
    r"\b(?:thanks|thank you|danke|dank)\b[^,;:.!]{0,20}[,;:–-]+ ?(?:it(?:'s| is| will)|they(?:'re| are| will)|(?:we|i)(?:'ve| have)|(?:das|es|sie|er) (?:ist|sind|wird|werden|steht|geht|gehen)|(?:wir haben|ich habe))\b"
    r"(?!.{0,30}\b(?:appreciated?|lovely|great|good|pleasure|nice|kind|helpful|useful|super|toll|schön|nett|lieb|hilfreich)\b).{8,}"
)
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
    "the pallets arrive on Thursday"; not what is only said under a condition.
    """
    kinds: dict[int, set[ActKind]] = {}
    for act in acts:
        if act.kind is not ActKind.PROMISE or act.rule != BY_WORDS_ALONE or (act.conditional and act.confidence >= _CERTAIN):
            kinds.setdefault(act.start, set()).add(act.kind)
    promises = [a for a in acts if a.kind is ActKind.PROMISE]
    values = set[str]()
    for matched in sentences:
        values.add(_value(matched, kinds.get(matched.sentence.start, set()), promises, language))
        if "substance" in values:  # beside which no status counts
            break
    meets = any(a.sort == "meet" for a in promises)
    substance, status = "substance" in values, "status" in values
    acknowledgement = status and not substance and not meets
    return AnswerValue(
        acknowledgement=acknowledgement,
        tag=acknowledgement and not any(a.due for a in promises),
        closing=not substance and not status and any(a.kind is ActKind.THANKS for a in acts),
        substance=substance or meets,
    )


def _only_enquired(matched: MatchedSentence, kinds: set[ActKind], promises: Sequence[Act]) -> bool:
    """Tell whether words say that somebody was asked, before the promise of an answer: "I've asked Tom and will let you know"."""
    sentence = matched.sentence
    promised = next((a.start for a in promises if a.start > sentence.start and a.confidence >= _CERTAIN), None)
    if kinds & _ANSWERING or promised is None:
        return False
    before = sentence.text[: promised - sentence.start]
    return len(before.split()) <= _MAX_ENQUIRY and _ENQUIRED.search(before) is not None and not _TELLS_MORE.search(before)


def _value(matched: MatchedSentence, kinds: set[ActKind], promises: Sequence[Act], language: Language) -> str:
    """Return what one sentence contributes: "substance", "status" or "" for nothing."""
    folded = matched.folded
    if not _SAYS_ANYTHING.search(matched.sentence.text):
        return ""
    if matched.courtesy is not None or first_match(language.greetings, folded) or _NAME_ALONE.match(matched.sentence.text):
        return ""
    if kinds & _ANSWERING:
        return "substance"
    if _only_enquired(matched, kinds, promises):
        return "status"
    if ActKind.PROMISE in kinds or first_match(language.tags, folded) or first_match(language.acknowledgements, folded):
        return "status"
    length = len(folded.line.split())
    only_thanks = (
        ActKind.THANKS in kinds and ActKind.DONE not in kinds and length <= _MAX_THANKS and not _GOES_ON.search(folded.line)
    )
    says_something = length > 1 or folded.line.strip(" .!").isdigit()
    return "substance" if says_something and not only_thanks else ""

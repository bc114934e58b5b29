"""Whether the writer of a message waits for an answer from the user, with what confidence, and by which rule.

A linear model weighs the whole mail: how likely its sentences ask or promise, how the likeliest one is worded, and to how many the
mail goes. Whom it speaks to is not a matter of weight: what is asked of somebody else by name, withdrawn, or sent to the user on
copy only expects nothing of the user.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from typing import NamedTuple

from daemon.reading import addressees, linear_models, person_signs, subjects
from daemon.reading.languages.language import Language
from daemon.reading.languages.rules import first_match, fold
from daemon.reading.sentence_matches import MatchedSentence
from daemon.reading.speech_acts import Chances
from daemon.reading.values import Act, ActKind, ReaderInput

_MIN_CONFIDENCE = 0.5  # of a request that counts, and of a reply that is expected
_STEPS = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9)  # chances, as steps
_LENGTHS = (1, 2, 4, 8, 16)  # sentences of a mail, as steps
_PERHAPS = 0.1  # chance of the likeliest request from which its words count

_MAY_BE_INSTRUCTIONS = frozenset(
    ("says go ahead", "says please", "orders", "needs something", "asks for it to be done")
)  # names of rules
# "Please send the delivery note": what the reader is to hand over or sign is owed to whoever asks, whatever nouns follow.
_HAND_OVER = re.compile(
    r"\W*(?:[^\W\d_]+, )?(?:(?:so|and|but|also|then) )?(?:please|pls|kindly)\s+(?:re-?send|send|e-?mail|mail|quote|provide|supply|give|issue|sign|correct|forward \S+(?: \S+){0,4} to (?:me|us))\b",
    re.IGNORECASE,
)
_NEXT_SENTENCE = 60  # characters after a request in which it may be called a favour
_FAVOUR = re.compile(
    r"\b(?:be so kind|if you(?:'d| would)(?: not)? mind|would(?: very much| really| greatly)? appreciate (?:it|this|that|your help)|be (?:much |very |most )?(?:grateful|obliged|appreciated)|favou?r|"
    r"so freundlich|nett, wenn|dankbar|verbunden)\b",
    re.IGNORECASE,
)


class ExpectedReply(NamedTuple):
    """Whether a reply is expected, the confidence (0 to 1) that one is, and the rule that decided."""

    expected: bool
    confidence: float
    rule: str


def expected_reply(
    message: ReaderInput,
    acts: Sequence[Act],
    sentences: Sequence[MatchedSentence],
    judged: Sequence[Chances],
    language: Language,
) -> ExpectedReply:
    """Return whether the writer waits for an answer from the user."""
    wanted = [a for a in acts if a.kind is ActKind.REQUEST and a.confidence >= _MIN_CONFIDENCE]
    requests = [a for a in wanted if not addressees.asked_of_others(message, a)]
    if reason := _not_of_user(message, acts, wanted, requests):
        return ExpectedReply(expected=False, confidence=0.3, rule=reason)
    if not language.has_model:
        confidence = max((a.confidence for a in requests), default=0.1)
    else:
        features = reply_features(message, sentences, judged, language)
        confidence = round(linear_models.probability(language.code, "reply", features), 2)
    best = max(requests, key=lambda a: (not _is_instruction(a, message.text, language), a.confidence), default=None)
    if best is not None and _is_instruction(best, message.text, language):
        return ExpectedReply(expected=False, confidence=0.35, rule="it asks for something to be done, not for an answer")
    if confidence < _MIN_CONFIDENCE:
        rule = "what it asks for hardly wants an answer" if requests else "nothing is asked"
        return ExpectedReply(expected=False, confidence=confidence, rule=rule)
    return ExpectedReply(expected=True, confidence=confidence, rule=best.rule if best else "the whole mail asks")


def _not_of_user(message: ReaderInput, acts: Sequence[Act], wanted: Sequence[Act], requests: Sequence[Act]) -> str:
    """Return why nothing is expected of the user, whatever the mail asks; "" where something may be."""
    if wanted and not requests:
        return "it asks somebody else by name"
    if any(a.kind is ActKind.WITHDRAWAL for a in acts):
        return "what was asked is withdrawn"
    if reason := addressees.bypasses(message, message.text):
        return reason
    named = _names_user(message, requests)
    if addressees.addresses_somebody_else(message, message.text) and not named:
        return "it is addressed to somebody else by name"
    return "it is sent to many" if addressees.is_broadcast(message) and not named else ""


def reply_features(
    message: ReaderInput, sentences: Sequence[MatchedSentence], judged: Sequence[Chances], language: Language
) -> set[str]:
    """Return the features of a mail for the model that tells whether it expects a reply."""
    asked = sorted((chance.request for chance in judged), reverse=True)
    promised = max((chance.promise for chance in judged), default=0.0)
    result = {
        "bias",
        f"ASKS {_step(asked, 0)}",
        f"ASKS TWICE {_step(asked, 1)}",
        f"ASKS OFTEN {min(3, sum(chance >= _MIN_CONFIDENCE for chance in asked))}",
        f"PROMISES {bisect(_STEPS, promised)}",
        f"SENTENCES {bisect(_LENGTHS, len(sentences))}",
        f"RECIPIENTS {min(4, len(message.to) + len(message.cc))}",
    }
    flags = (
        ("ANSWERS", subjects.is_reply(message.subject)),
        ("COPIED", bool(message.cc)),
        ("TO MANY", bool(sentences) and first_match(language.broadcasts, sentences[0].folded) is not None),
    )
    result.update(flag for flag, holds in flags if holds)
    if asked and asked[0] >= _PERHAPS:
        best = max(range(len(judged)), key=lambda n: judged[n].request)
        result.update("TOP " + feature for feature in sentences[best].features(language))
        result.update(_place(best, len(sentences)))
    return result


def _step(chances: Sequence[float], place: int) -> int:
    """Return in which step of chances the one at a place lies; 0 where there is none."""
    return bisect(_STEPS, chances[place]) if place < len(chances) else 0


def _place(number: int, count: int) -> set[str]:
    """Return where in the mail the likeliest request stands."""
    return {f"FROM THE END {min(3, count - 1 - number)}"}


def _is_instruction(act: Act, text: str, language: Language) -> bool:
    """Tell whether something is to be done rather than answered: "please register online", but not "please let me know".

    What is asked as a favour is asked of the reader alone, who is to say at least that it will be done.
    """
    quote = fold(act.quote)
    if (
        act.sort != "request"
        or _FAVOUR.search(text, act.start, act.end + _NEXT_SENTENCE)
        or first_match(language.implied_requests, quote)
    ):
        return False
    if _HAND_OVER.match(act.quote):
        return False
    rule = first_match(language.instructions, quote)
    return rule is not None and (act.rule in _MAY_BE_INSTRUCTIONS or rule.sort == "case")


def _names_user(message: ReaderInput, requests: Sequence[Act]) -> bool:
    """Tell whether a received mail greets the user by name, or calls them so in what it asks."""
    if message.direction != "received":
        return False
    return person_signs.greets(message, message.text) or any(addressees.calls_user(message, a.quote) for a in requests)

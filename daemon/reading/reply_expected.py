"""Whether the writer of a message waits for an answer from the user, with what confidence, and by which rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from daemon.reading import addressees, person_signs
from daemon.reading.languages.language import Language
from daemon.reading.languages.rules import first_match, fold
from daemon.reading.sentence_matches import MatchedSentence
from daemon.reading.values import Act, ActKind, ReaderInput

_MIN_CONFIDENCE = 0.5  # of a request that counts
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


_NOTHING_ASKED = ExpectedReply(expected=False, confidence=0.1, rule="nothing is asked")


def expected_reply(
    message: ReaderInput,
    acts: Sequence[Act],
    sentences: Sequence[MatchedSentence],
    language: Language,
) -> ExpectedReply:
    """Return whether the writer waits for an answer from the user."""
    wanted = [a for a in acts if a.kind is ActKind.REQUEST and a.confidence >= _MIN_CONFIDENCE]
    requests = [a for a in wanted if not addressees.asked_of_others(message, a)]
    if wanted and not requests:
        return ExpectedReply(expected=False, confidence=0.3, rule="it asks somebody else by name")
    if not requests:
        return _NOTHING_ASKED
    return _refusal(message, acts, requests, sentences, language) or _wanted(requests, message, language)


def _refusal(
    message: ReaderInput, acts: Sequence[Act], requests: Sequence[Act], sentences: Sequence[MatchedSentence], language: Language
) -> ExpectedReply | None:
    """Return why the user need not answer whatever is asked: it is withdrawn, or others are meant. None where nothing says so."""
    if any(a.kind is ActKind.WITHDRAWAL for a in acts):
        return ExpectedReply(expected=False, confidence=0.2, rule="what was asked is withdrawn")
    bypassed = addressees.bypasses(message, message.text)
    if bypassed:
        return ExpectedReply(expected=False, confidence=0.3, rule=bypassed)
    if addressees.addresses_somebody_else(message, message.text) and not _names_user(message, requests):
        return ExpectedReply(expected=False, confidence=0.3, rule="it is addressed to somebody else by name")
    if _is_broadcast(message, sentences, language) and not _names_user(message, requests):
        return ExpectedReply(expected=False, confidence=0.3, rule="it is sent to many")
    return None


def _wanted(requests: Sequence[Act], message: ReaderInput, language: Language) -> ExpectedReply:
    """Return whether what is asked wants an answer."""
    best = max(requests, key=lambda a: (not _is_instruction(a, message.text, language), a.confidence))
    if _is_instruction(best, message.text, language):
        return ExpectedReply(expected=False, confidence=0.35, rule="it asks for something to be done, not for an answer")
    return ExpectedReply(expected=True, confidence=best.confidence, rule=best.rule)


def _is_instruction(act: Act, text: str, language: Language) -> bool:
    """Tell whether something is to be done rather than answered: "please register online", but not "please let me know".

    What is asked as a favour is asked of the reader alone, who is to say at least that it will be done.
    """
    if act.sort != "request" or _FAVOUR.search(text, act.start, act.end + _NEXT_SENTENCE):
        return False
    if _HAND_OVER.match(act.quote):
        return False
    rule = first_match(language.instructions, fold(act.quote))
    return rule is not None and (act.rule in _MAY_BE_INSTRUCTIONS or rule.sort == "case")


def _names_user(message: ReaderInput, requests: Sequence[Act]) -> bool:
    """Tell whether a received mail greets the user by name, or calls them so in what it asks."""
    if message.direction != "received":
        return False
    return person_signs.greets(message, message.text) or any(addressees.calls_user(message, a.quote) for a in requests)


def _is_broadcast(message: ReaderInput, sentences: Sequence[MatchedSentence], language: Language) -> bool:
    """Tell whether the mail goes to a list or to many recipients, or its first words address everybody."""
    if addressees.is_broadcast(message):
        return True
    if not sentences or addressees.came_by_letter_box(message) or _is_to_user_alone(message):
        return False
    return first_match(language.broadcasts, sentences[0].folded) is not None


def _is_to_user_alone(message: ReaderInput) -> bool:
    """Tell whether a person signs a mail to the user alone, who is then meant by "Hi all" as well."""
    alone = len(message.to) == 1 and not message.cc and message.to[0] in message.user
    return alone and person_signs.signed(message, message.text)

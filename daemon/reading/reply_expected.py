"""Whether the writer of a message waits for an answer from the user, with what confidence, and by which rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from daemon.reading.languages.language import Language
from daemon.reading.languages.rules import first_match, fold
from daemon.reading.sentence_matches import MatchedSentence
from daemon.reading.values import Act, ActKind, ReaderInput

_MIN_CONFIDENCE = 0.5  # of a request that counts
_MAX_RECIPIENTS = 5  # a mail to more is a broadcast
_MAY_BE_INSTRUCTIONS = frozenset(
    ("says go ahead", "says please", "orders", "needs something", "asks for it to be done")
)  # names of rules
_IMPLIED = "implies a request"  # so begin the names of rules for what the writer waits for without saying so
_LIST_ADDRESS = re.compile(
    r"(?:^|[.@_-])(?:all|list|lists|team|everyone|everybody|staff|employees|members|undisclosed|group|groups)(?:[.@_-]|$)|@(?:yahoo|e|google)groups?\.",
    re.IGNORECASE,
)
_GREETING_BY_NAME = re.compile(r"\s*(?:(?:hi|hello|hey|dear)\s+)?([A-Z][a-z]+)\s*[,–-]")
_NO_NAMES = frozenset(("hi", "hello", "hey", "thanks", "morning", "all", "both", "team"))


class ExpectedReply(NamedTuple):
    """Whether a reply is expected, the confidence (0 to 1) that one is, and the rule that decided."""

    expected: bool
    confidence: float
    rule: str


def expected_reply(
    message: ReaderInput, acts: Sequence[Act], sentences: Sequence[MatchedSentence], language: Language
) -> ExpectedReply:
    """Return whether the writer waits for an answer from the user."""
    requests = [a for a in acts if a.kind is ActKind.REQUEST and a.confidence >= _MIN_CONFIDENCE]
    if not requests:
        return ExpectedReply(expected=False, confidence=0.1, rule="nothing is asked")
    if any(a.kind is ActKind.WITHDRAWAL for a in acts):
        return ExpectedReply(expected=False, confidence=0.2, rule="what was asked is withdrawn")
    if message.direction == "received" and message.user and message.to and set(message.user).isdisjoint(message.to):
        return ExpectedReply(expected=False, confidence=0.3, rule="the user is only on copy")
    if _addresses_somebody_else(message):
        return ExpectedReply(expected=False, confidence=0.3, rule="it is addressed to somebody else by name")
    if _is_broadcast(message, sentences, language):
        return ExpectedReply(expected=False, confidence=0.3, rule="it is sent to many")
    best = max(requests, key=lambda a: (not _is_instruction(a, language), a.confidence))
    if _is_instruction(best, language):
        return ExpectedReply(expected=False, confidence=0.35, rule="it asks for something to be done, not for an answer")
    return ExpectedReply(expected=True, confidence=best.confidence, rule=best.rule)


def _is_instruction(act: Act, language: Language) -> bool:
    """Tell whether something is to be done rather than answered: "please register online", but not "please let me know"."""
    if act.sort != "request" or act.rule.startswith(_IMPLIED):
        return False
    rule = first_match(language.instructions, fold(act.quote))
    return rule is not None and (act.rule in _MAY_BE_INSTRUCTIONS or rule.sort == "case")


def _is_broadcast(message: ReaderInput, sentences: Sequence[MatchedSentence], language: Language) -> bool:
    """Tell whether the mail goes to a list or to many recipients, or its first words address everybody."""
    if len(message.to) + len(message.cc) > _MAX_RECIPIENTS or any(_LIST_ADDRESS.search(a) for a in message.to[:3]):
        return True
    if message.direction == "received" and message.to == (message.sender,):  # everybody else is on blind copy
        return True
    return bool(sentences) and first_match(language.broadcasts, sentences[0].folded) is not None


def _addresses_somebody_else(message: ReaderInput) -> bool:
    """Tell whether a mail to several begins with a name that is not the user's: "Lee, could you …"."""
    if message.direction != "received" or len(message.to) + len(message.cc) < 2 or not message.addressee_names:
        return False
    greeting = _GREETING_BY_NAME.match(message.text)
    if greeting is None or greeting.group(1).lower() in _NO_NAMES:
        return False
    return greeting.group(1).lower() not in {word.lower() for name in message.addressee_names for word in name.split()}

"""Conditions of promises ("once the unit is here"): which words name one, and what shows that it is met."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC

from daemon.core import messages, topics
from daemon.core.evidence import message_evidence
from daemon.glossary.obligations import Evidence, Strength
from daemon.glossary.timelines import Entry
from daemon.reading import Act, ActKind
from daemon.reading.sentences import split_sentences

_CONDITION = re.compile(
    r"\b(?:once|as soon as|when|after|if|sobald|wenn|falls|sofern|nachdem)\b(?! (?:possible|i|ich|we can|möglich)\b)([^,;.!?]+)",
    re.IGNORECASE,
)
_MAIN_CLAUSE = re.compile(r" (?:i|we)(?:['’]ll| will| can)\b", re.IGNORECASE)  # after a condition without a comma
_HAS_HAPPENED = re.compile(
    r"\b(?:(?:has|have|had)\b.{0,20}\b(?:arrived|come|\w{3,}ed|said|given|paid|gone)|['’](?:s|ve) (?:just |now |already )?(?:arrived|come|been|confirmed|signed|approved|agreed)|"
    r"(?:is|are|was|were) (?:\w+ )?(?:here|in|back|ready|done|through|confirmed|signed|approved|finished|complete|cleared|released)|"
    r"arrived|came (?:in|back|through)|(?:i|we|they|he|she|legal|(?-i:[A-Z]\w+)) (?:confirmed|signed|approved|agreed|received)|"
    r"angekommen|eingetroffen|eingegangen|angeliefert|(?:ist|sind) (?:\w+ )?(?:da|hier|fertig)|liegt (?:\w+ )?vor|bestätigt|zugesagt|zugestimmt|unterschrieben|unterzeichnet|freigegeben|genehmigt)\b",
    re.IGNORECASE,
)
_HAS_NOT = re.compile(
    r"\b(?:not|\w+n['’]t|yet|once|as soon as|when|if|until|will|should|shall|noch|nicht|kein\w*|sobald|wenn|falls|sofern|bis|wird|werden|soll\w*)\b|\?\s*$",
    re.IGNORECASE,
)


def condition_of(quote: str) -> str:
    """Return the condition that words name for a promise: "legal has signed" of "once legal has signed"; "" where they name none."""
    found = _CONDITION.search(quote)
    return _MAIN_CLAUSE.split(found[1])[0].strip() if found else ""


def met_by(entry: Entry, topic: frozenset[str], quote: str, *, by_us: bool) -> Evidence | None:
    """Return what in a message shows that the condition of a promise is met; `topic` are the words of the message.

    What is only announced ("it leaves today" for "once the unit is here") is weak, for the moment that it names. Of our own mail
    (`by_us`) only a report counts that it has happened: what we do ourselves is not what we wait for.
    """
    waited = frozenset[str]().union(*(topics.words(clause) for clause in _CONDITION.findall(quote)))
    happened = next((words for words in _reports(entry) if topics.shared(topics.words(words), waited)), None)
    if happened is not None:
        return message_evidence(entry, happened)
    if by_us:
        return None
    deeds = entry.reading.of(ActKind.DELIVERY, ActKind.DONE, ActKind.PROMISE)
    deed = next((act for act in deeds if topics.shared(topics.words(act.quote), waited)), None)
    if deed is not None:
        return _announced(entry, deed) if deed.kind is ActKind.PROMISE else message_evidence(entry, deed.quote)
    handed = topic if messages.documents(entry.message) else frozenset[str]()
    return message_evidence(entry) if topics.shared(handed, waited) else None


def _announced(entry: Entry, act: Act) -> Evidence:
    words = message_evidence(entry, act.quote, Strength.WEAK)
    return replace(words, at=max(words.at, act.due.due.astimezone(UTC))) if act.due is not None else words


def _reports(entry: Entry) -> list[str]:
    """Return the sentences of a message which say that something has happened."""
    told = (s.text for s in split_sentences(entry.reading.new_text, ()))
    return [" ".join(text.split()) for text in told if _HAS_HAPPENED.search(text) and not _HAS_NOT.search(text)]

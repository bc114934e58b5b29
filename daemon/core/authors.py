"""Whether a person wrote a client's mail: what headers and words alone could not tell, the user's own mail and word can.

A mail that answers one of the user's was written by a person, though a list carried it, unless its header says that a machine answered
(RFC 3834). "A person wrote this" holds for one sender and one kind of automated mail, from two weeks before it was said. Both only
ever bring mail to light; nothing here can hide any.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from daemon.core.assessment_inputs import decisions_in_force
from daemon.glossary.assessments import HeldBack
from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.obligations import short_id
from daemon.glossary.timelines import Entry, Side, Timeline

BEFORE = timedelta(days=14)  # what came so long before the user's word is covered by it
_SETTLED = frozenset({"bounce", "missed_call", "voicemail"})  # kinds in which nobody can have spoken to the user
LONGEST = 1000  # characters of a mail that are shown before the user says who wrote it
FORGED = "forged"  # the reason for mail that failed authentication
_BY_LIST, _BY_ADDRESS = "newsletter", "notification"


def with_authors(timeline: Timeline, decisions: Iterable[Decision], now: datetime) -> Timeline:
    """Return the timeline with the mail of persons read as such."""
    if not any(_is_doubtful(entry) for entry in timeline.entries):
        return timeline
    said = {d.target_id: d for d in decisions_in_force(decisions, now).values() if d.verb is Verb.PERSON}
    own = {e.message.message_id for e in timeline.entries if e.side is Side.USER}
    return replace(timeline, entries=tuple(_judged(timeline, e, own, said) if _is_doubtful(e) else e for e in timeline.entries))


def held_back(timeline: Timeline, entry: Entry, why: str) -> HeldBack:
    """Return what the user reads about a mail that was held back. The key is None where the user's word would not help."""
    message = entry.message
    liftable = message.authentic and _is_doubtful(entry)
    reason = (entry.reading.automated or "") if message.authentic else FORGED
    key = _key(timeline, entry) if liftable else None
    words = entry.reading.new_text[:LONGEST]
    return HeldBack(key, timeline.client.name, message.sender, message.subject, why, reason, words)


def by_person(held: HeldBack, now: datetime, by: str) -> Decision:
    """Return the user's word that a person wrote such mail. Raises ValueError where it would not help."""
    if held.key is None:
        raise ValueError("nobody can have written it")
    why = f"{held.sender.email}: {held.subject}"[:300]
    return Decision(held.key, Verb.PERSON, now, by, why=why, scope=Scope.SENDER, client=held.client)


def _key(timeline: Timeline, entry: Entry) -> str:
    """Return the key of one sender and one kind of automated mail."""
    kind, account = entry.reading.automated, timeline.account.address
    return f"person:{timeline.client.key}:{entry.message.sender.email}:{kind}:{account}"


def _is_doubtful(entry: Entry) -> bool:
    return entry.side is Side.CLIENT and entry.reading.automated is not None and entry.reading.automated not in _SETTLED


def _judged(timeline: Timeline, entry: Entry, own: set[str], said: dict[str, Decision]) -> Entry:
    decision = said.get(short_id(_key(timeline, entry)))
    if decision is not None and entry.at >= decision.at - BEFORE:
        return replace(entry, reading=entry.reading.as_persons("you said that a person wrote it"))
    if _answers(entry, own):
        return replace(entry, reading=entry.reading.as_persons("it answers a mail of yours"))
    return entry


def _answers(entry: Entry, own: set[str]) -> bool:
    """Whether a mail that lists or addresses made suspect answers one of the user's; of an address's notices, one that asks."""
    message, reading = entry.message, entry.reading
    if message.headers.get("auto-submitted", "no").lower().partition(";")[0].strip() != "no":
        return False
    if own.isdisjoint((*message.in_reply_to, *message.references)):
        return False
    asks = reading.as_persons("").reply_expected
    return reading.automated == _BY_LIST or (reading.automated == _BY_ADDRESS and asks)

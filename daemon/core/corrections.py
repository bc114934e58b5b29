"""Corrections: the user's "not owed" and "misread", how far each reaches, and the rules that may follow from them.

A correction reaches one item, or its kind in one thread. When the same words of one client were corrected three times, a rule for
that client, kind and wording is proposed; it applies only once the user accepts it. There is no wider scope, so no correction can
hide a client ("a person wrote this", core.authors, only brings mail to light). What somebody writes for the first time is never filtered out by a rule. Each is a decision and can be undone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from daemon.core.assessment_inputs import decisions_in_force
from daemon.glossary.decisions import Decision, Scope, Verb
from daemon.glossary.obligations import Kind, Obligation, SourceType, short_id

CORRECTING = frozenset({Verb.WAIVE, Verb.WRONG})
_SHOWN = CORRECTING | {Verb.PERSON}  # what the user can look up and undo
ENOUGH = 3  # of the same corrections make a proposal
_TIMES = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|mon|tue|wed|thu|fri|sat|sun|january|february|march|april|may|june|july|august|"
    r"september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|today|tomorrow|tonight|morning|afternoon|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|heute|morgen)s?\b"
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule that the user's corrections suggest: these words of this client never make an obligation of this kind."""

    client: str
    kind: Kind
    wording: str
    count: int

    @property
    def target(self) -> str:
        """The key under which it is accepted, and undone."""
        return f"rule:{self.client}:{self.kind.value}:{self.wording}"

    @property
    def id(self) -> str:
        """What people type."""
        return short_id(self.target)


def wording(words: str) -> str:
    """Return a name for what was written, the same whatever its numbers, days and punctuation; a hash, so it reveals no word."""
    plain = _TIMES.sub(" ", words.lower())
    normalised = " ".join(re.sub(r"[^\w]+|\d+", " ", plain).split())
    return hashlib.sha256(normalised.encode()).hexdigest()[:16]


def about(decision: Decision, obligation: Obligation, scope: Scope = Scope.ITEM) -> Decision:
    """The decision with what it is about, so that it can be counted, and reach further than one item where that was asked for."""
    o = obligation
    return replace(
        decision,
        kind=o.kind,
        confidence=o.confidence,
        scope=scope,
        client=o.client,
        thread=o.thread if scope is Scope.THREAD else None,
        wording=wording(o.quote) if o.quote else None,
    )


def take(proposal: Proposal, now: datetime, by: str, words: str) -> Decision:
    """Return the proposal as the user's decision; `words` are an example of what it is about."""
    return Decision(
        proposal.target,
        Verb.WRONG,
        now,
        by,
        why=words,
        kind=proposal.kind,
        scope=Scope.WORDING,
        client=proposal.client,
        wording=proposal.wording,
    )


def in_force(decisions: Iterable[Decision], now: datetime) -> tuple[Decision, ...]:
    """Return every correction in force, of any scope, oldest first."""
    corrections = (d for d in decisions_in_force(decisions, now).values() if d.verb in _SHOWN)
    return tuple(sorted(corrections, key=lambda d: (d.at, d.target)))


def applied(
    decisions: Sequence[Decision], obligations: Iterable[Obligation], firsts: Collection[str], now: datetime
) -> tuple[Decision, ...]:
    """Return what the wider corrections decide about obligations that have no decision of their own.

    `firsts` are the Message-IDs of the first message of each person.
    """
    in_effect = decisions_in_force(decisions, now)
    wide = [d for d in in_effect.values() if d.verb in CORRECTING and d.scope is not Scope.ITEM]
    if not wide:
        return ()
    fresh = (o for o in obligations if not o.waived and o.key not in in_effect)
    return tuple(
        Decision(o.key, rule.verb, max(rule.at, o.created), rule.by, why=rule.why)
        for o in fresh
        if (rule := _rule(wide, o, firsts)) is not None
    )


def _rule(wide: Iterable[Decision], o: Obligation, firsts: Collection[str]) -> Decision | None:
    return next((d for d in wide if d.client == o.client and d.kind is o.kind and reaches(d, o, firsts)), None)


def reaches(rule: Decision, o: Obligation, firsts: Collection[str] = ()) -> bool:
    """Whether a correction covers an obligation of its client and kind; not what was settled before it."""
    if (rule.client, rule.kind) != (o.client, o.kind) or (o.closed is not None and o.closed <= rule.at and not o.waived):
        return False
    if rule.scope is Scope.THREAD:
        return rule.thread is not None and rule.thread == o.thread
    if rule.scope is Scope.WORDING:
        unknown = o.source.type is SourceType.MESSAGE and o.source.reference in firsts
        return o.quote is not None and wording(o.quote) == rule.wording and not unknown
    return o.key == rule.target


def proposals(decisions: Sequence[Decision], now: datetime) -> tuple[Proposal, ...]:
    """Return the rules that enough corrections of the same words suggest and that were not accepted yet."""
    corrected: dict[tuple[str, Kind, str], set[str]] = {}
    in_effect = in_force(decisions, now)
    for d in in_effect:
        if d.verb is Verb.WRONG and d.scope is not Scope.WORDING and d.client and d.kind and d.wording:
            corrected.setdefault((d.client, d.kind, d.wording), set()).add(d.target)
    taken = {(d.client, d.kind, d.wording) for d in in_effect if d.scope is Scope.WORDING}
    suggested = (
        Proposal(client, kind, words, len(targets))
        for (client, kind, words), targets in corrected.items()
        if len(targets) >= ENOUGH
    )
    return tuple(
        sorted((p for p in suggested if (p.client, p.kind, p.wording) not in taken), key=lambda p: (p.client, p.kind, p.wording))
    )


def with_examples(suggested: Iterable[Proposal], obligations: Iterable[Obligation]) -> tuple[tuple[Proposal, str], ...]:
    """Return each proposal with an example of the words, empty where none is stored any more."""
    quotes = [(o.client, o.kind, o.quote) for o in obligations if o.quote]
    return tuple(
        (p, next((q for client, kind, q in quotes if (client, kind) == (p.client, p.kind) and wording(q) == p.wording), ""))
        for p in suggested
    )

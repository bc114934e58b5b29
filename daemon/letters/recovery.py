"""Recovery in words: what went wrong with a client, how far the way back has come, and what the call is for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from daemon.glossary.assessments import Recovery, RecoveryStage
from daemon.glossary.obligations import Kind, State, state
from daemon.letters import phrases

KIND_NOUNS: Mapping[Kind, str] = {
    Kind.REPLY: "an answer",
    Kind.CALLBACK: "a call",
    Kind.PROMISE: "something promised",
    Kind.DELIVERABLE: "a delivery",
    Kind.MEETING: "a meeting",
    Kind.REVIEW: "a review",
    Kind.FEEDBACK: "the question how the first delivery went",
    Kind.TOUCH_BASE: "a word from us",
    Kind.NEXT_STEP: "a next step",
    Kind.WAITING_FOR: "something of theirs",
}
STAGE_PHRASES: Mapping[RecoveryStage, str] = {
    RecoveryStage.PROPOSED: "a recovery meeting is to be arranged",
    RecoveryStage.BOOKED: "a recovery meeting is booked",
    RecoveryStage.HELD: "the recovery meeting was held, what was agreed is not written down yet",
    RecoveryStage.FOLLOWED: "new standards are agreed and followed",
    RecoveryStage.RESTORED: "trust is back",
}
OBJECTIVES: Mapping[RecoveryStage, str] = {
    RecoveryStage.PROPOSED: "Call them to meet: hear how it was for them, take responsibility, ask how to make amends, agree on standards and a way forward.",
    RecoveryStage.BOOKED: "The meeting is booked. Bring the facts: how it was for them, what you take responsibility for, amends, standards, a way forward.",
    RecoveryStage.HELD: "You met. Write down what was agreed (kept charter new), so that it is followed from now on.",
    RecoveryStage.FOLLOWED: "What was agreed is followed: nothing may be late until trust is back.",
    RecoveryStage.RESTORED: "Trust is back.",
}
_ENDS = {State.KEPT_LATE: "late", State.MISSED: "not done"}


def causes(r: Recovery, now: datetime) -> str:
    """What brought it on, counted: 2 answers late, 1 call not done."""
    counted = Counter((o.kind, _ENDS.get(state(o, now), "late")) for o in r.because)
    return phrases.listed([f"{number} {_counted_noun(kind, number)} {how}" for (kind, how), number in counted.items()])


def trust_progress(r: Recovery) -> str:
    """How far trust is back."""
    return f"{r.kept} of {r.needed} kept in a row" if r.stage in (RecoveryStage.HELD, RecoveryStage.FOLLOWED) else ""


_COUNTED_NOUNS: Mapping[Kind, tuple[str, str]] = {
    Kind.REPLY: ("answer", "answers"),
    Kind.CALLBACK: ("call", "calls"),
    Kind.PROMISE: ("promise", "promises"),
    Kind.DELIVERABLE: ("delivery", "deliveries"),
    Kind.MEETING: ("meeting", "meetings"),
    Kind.REVIEW: ("review", "reviews"),
}


def _counted_noun(kind: Kind, number: int) -> str:
    return _COUNTED_NOUNS.get(kind, ("thing", "things"))[number != 1]

"""Recovery in words: what went wrong with a client, how far the way back has come, and the objective of the call."""

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
    Kind.PROMISE: "a promise",
    Kind.DELIVERABLE: "a delivery",
    Kind.MEETING: "a meeting",
    Kind.REVIEW: "a review",
    Kind.FEEDBACK: "a question about the first delivery",
    Kind.TOUCH_BASE: "regular contact",
    Kind.NEXT_STEP: "a next step",
    Kind.WAITING_FOR: "something they promised",
}
"""What is owed, as a noun in a sentence."""

STAGE_PHRASES: Mapping[RecoveryStage, str] = {
    RecoveryStage.PROPOSED: "recovery meeting to be arranged",
    RecoveryStage.BOOKED: "recovery meeting booked",
    RecoveryStage.HELD: "recovery meeting held; what was agreed is not written down yet",
    RecoveryStage.FOLLOWED: "new standards agreed and in force",
    RecoveryStage.RESTORED: "trust restored",
}
OBJECTIVES: Mapping[RecoveryStage, str] = {
    RecoveryStage.PROPOSED: "Call to arrange a meeting: hear how it was for them, take responsibility, ask how to make amends, "
    "agree on standards and a way forward.",
    RecoveryStage.BOOKED: "The meeting is booked. Prepare the facts: how it was for them, what you take responsibility for, how to "
    "make amends, new standards, a way forward.",
    RecoveryStage.HELD: "You have met. Write down what was agreed (kept charter new), so that it is tracked from now on.",
    RecoveryStage.FOLLOWED: "The new standards are in force: nothing may be late until trust is restored.",
    RecoveryStage.RESTORED: "Trust is restored.",
}
INVITED = (
    "An invitation to a meeting is planned. Prepare the facts: how it was for them, what you take responsibility for, how to make "
    "amends, new standards, a way forward."
)
"""The objective where the invitation to the meeting is announced on the same page."""

_NOUNS: Mapping[Kind, tuple[str, str, str]] = {
    Kind.REPLY: ("answer", "answers", "not sent"),
    Kind.CALLBACK: ("call", "calls", "not made"),
    Kind.PROMISE: ("promise", "promises", "not kept"),
    Kind.DELIVERABLE: ("delivery", "deliveries", "not made"),
    Kind.MEETING: ("meeting", "meetings", "not held"),
    Kind.REVIEW: ("review", "reviews", "not held"),
}
"""One, many, and what is said of one that never came."""


def causes(r: Recovery, now: datetime) -> str:
    """Return what brought the recovery on, counted: 2 late answers and 1 call not made."""
    counted = Counter((o.kind, state(o, now) is State.MISSED) for o in r.because)
    return phrases.listed([_cause(kind, number, missed=missed) for (kind, missed), number in counted.items()])


def _cause(kind: Kind, number: int, *, missed: bool) -> str:
    one, many, outcome = _NOUNS.get(kind, ("item", "items", "not done"))
    noun = one if number == 1 else many
    return f"{number} {noun} {outcome}" if missed else f"{number} late {noun}"


def trust_progress(r: Recovery, overdue: int) -> str:
    """Return how far trust is restored, with what is overdue now; nothing before the recovery meeting or after trust is back."""
    if r.stage not in (RecoveryStage.HELD, RecoveryStage.FOLLOWED):
        return ""
    late = f"; {overdue} overdue now" if overdue else ""
    return f"{r.kept} kept in a row so far, {r.needed} needed{late}"

"""Feedback: after the first delivery the client is asked how it went.

The first delivery is the user's first mail that hands something over or says that something was done, or the client's that it came,
once the company is a client: since the day it was won or, if it is still being taken on, since its first mail. Asking the client
for an opinion settles it, and so does an opinion they give unasked; a meeting after the delivery may settle it. A client of long
standing is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from daemon.core import hours, messages
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.evidence import message_evidence
from daemon.core.history import History
from daemon.core.tracking import arrivals
from daemon.glossary.charter import Allowance, Unit
from daemon.glossary.obligations import Kind, Obligation, Strength
from daemon.glossary.parties import Stage
from daemon.glossary.timelines import Entry, Side
from daemon.reading import ActKind

NAME = "feedback"
DEFAULT: Allowance | None = Allowance(5, Unit.WORKING_DAYS)
_ASKS = re.compile(
    r"\b(?:feedback|how (?:did|was|is|are|were|has|have)\b[^.!?]{0,60}\b(?:go|going|work\w*|find\w*|getting on|been|delivery|it|they)\b|"
    r"(?:are you|everyone|everybody|team|all) (?:happy|satisfied|pleased)|(?:you|is your|are your|is the|are the)\b[^.!?]{0,30}\b(?:happy|satisfied|pleased) with|what do you think|any (?:comments|complaints|problems|issues)|"
    r"zufrieden|rückmeldung|wie (?:war|ist|läuft|gefällt|lief))\b",
    re.IGNORECASE | re.DOTALL,
)


def owed(inputs: AssessmentInputs, history: History) -> Iterator[Obligation]:
    """Yield the one obligation that follows from the first delivery."""
    story = inputs.timeline
    began = story.client.won
    if story.client.stage in (Stage.PROSPECT, Stage.LOST) or (began is None and story.client.stage is not Stage.ONBOARDING):
        return
    first = next((e for e in story.entries if (began is None or e.at >= began) and _delivers(e)), None)
    allowance = inputs.allowance(NAME, DEFAULT, first.at) if first else None
    if first is None or allowance is None:
        return
    closed = next((message_evidence(e) for e in story.entries if e.at >= first.at and _is_feedback(e)), None)
    met = tuple(replace(m, strength=Strength.WEAK) for m in history.meetings if m.at > first.at)
    yield inputs.obligation(
        inputs.key(Kind.FEEDBACK, first.message.message_id),
        Kind.FEEDBACK,
        message_evidence(first),
        hours.add(inputs.hours, first.at, allowance),
        f"Ask {story.client.name} how the first delivery went",
        contact=_contact(inputs, first),
        closed=closed,
        evidence=met[:1],
        subject="" if first.hidden else first.message.subject,
        reply_to=first.message.shown_id,
    )


def _contact(inputs: AssessmentInputs, first: Entry) -> str | None:
    """Return who got the first delivery."""
    if first.side is Side.CLIENT:
        return first.message.sender.email
    return next((a.email for a in first.message.to if a.email not in inputs.timeline.account.addresses), None)


def _delivers(entry: Entry) -> bool:
    """Whether we hand something over, or they say that it came: not a quote or an answer, but goods, a document, finished work."""
    if messages.from_client(entry):
        return arrivals.acknowledges_goods(entry)
    if not messages.from_our_side(entry):
        return False
    done = any(not _SOCIAL.search(act.quote) for act in entry.reading.of(ActKind.DELIVERY, ActKind.DONE))
    return done and messages.delivers(entry) is not Strength.WEAK


def _is_feedback(entry: Entry) -> bool:
    """Whether we ask how it went, or they say so."""
    if messages.from_our_side(entry):
        return _ASKS.search(entry.reading.new_text) is not None
    return messages.from_client(entry) and (messages.complains(entry) or _praises(entry))


def _praises(entry: Entry) -> bool:
    """Whether they say that it is good; somebody who is happy with Thursday means a time."""
    sentences = re.split(r"(?<=[.!?])\s|\n", entry.reading.new_text)
    return any(_PRAISE.search(s) and not _AGREES.search(s) for s in sentences)


_SOCIAL = re.compile(
    r"\b(?:meet(?:ing)?|met|see(?:ing)? you|saw you|talk(?:ed|ing)?|speak(?:ing)?|spoken?|chat(?:ting)?|visit|confirmed|treffen|getroffen|kennen\w*|gesprochen|gespräch|telefoniert|bestätigt)\b",
    re.IGNORECASE,
)
_PRAISE = re.compile(
    r"\b(?:(?:very |really |so )?(?:happy|pleased|delighted|impressed) with|works? (?:well|great|perfectly|a treat)|great (?:job|work)|love (?:it|them)|spot on|excellent|beautiful|flawless|tadellos|hervorragend|sehr zufrieden)\b",
    re.IGNORECASE,
)
_AGREES = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|tomorrow|noon|o'clock|\d{1,2} ?[ap]m|\d{1,2}[:.]\d\d|that works|happy with (?:that|this|either))\b",
    re.IGNORECASE,
)

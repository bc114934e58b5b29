"""The balance: every message of the client is in exactly one bucket, with the rule that put it there and the words it relied on.

What a machine sent and what failed authentication is filtered out, and what could not be read is unread, and is shown as such:
nothing of a known client disappears.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from daemon.core import authors, messages, sharing
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.history import History
from daemon.core.tracking import follow_ups
from daemon.glossary.assessments import Bucket, Placement, Unread
from daemon.glossary.decisions import Verb
from daemon.glossary.obligations import Evidence, Strength
from daemon.glossary.timelines import Entry, Side
from daemon.reading import ActKind


class _Asked(NamedTuple):
    """What a message asks, or asks for again: the key of what is owed for it, its words, and what became of it."""

    key: str
    quote: str | None
    closed: Evidence | None
    withdrawn: bool


def balance(inputs: AssessmentInputs, history: History) -> tuple[Placement, ...]:
    """Return one placement for each message from the client's side that the account answers, in order of time."""
    asked = _chasing(inputs, history)
    for request in history.requests:
        for entry, quote in request.asks:
            before = asked.get(entry.message.message_id)
            if before is None or before.closed is not None:  # what is still open speaks before what is answered
                asked[entry.message.message_id] = _Asked(request.key, quote, request.closed, request.withdrawn)
    replies = {e.conversation: e for e in inputs.timeline.entries if messages.from_our_side(e)}  # the latest in each conversation
    return tuple(
        _placed(inputs, entry, asked, replies)
        for entry in inputs.timeline.entries
        if entry.side is Side.CLIENT and sharing.answers(entry, inputs.timeline, inputs.now)
    )


def _chasing(inputs: AssessmentInputs, history: History) -> dict[str, _Asked]:
    """Return what the messages that only ask for something again ask for, by Message-ID: what we promised, and it stands by them."""
    entries = {e.message.message_id: e for e in inputs.timeline.entries if messages.from_client(e)}
    return {
        said.reference: _Asked(promise.key, said.quote, promise.closed, promise.released)
        for promise in history.promises
        for said in promise.mentions
        if not promise.by_client and said.strength is Strength.STRONG
        if (entry := entries.get(said.reference)) is not None and (follow_ups.chases(entry) or messages.complains(entry))
    }


def _placed(inputs: AssessmentInputs, entry: Entry, asked: Mapping[str, _Asked], replies: Mapping[str, Entry]) -> Placement:
    """Return where a message is placed, without its words where only a colleague may read them."""
    placement = _place(inputs, entry, asked, replies)
    if not entry.hidden:
        return placement
    held, unread = placement.held, placement.unread
    return replace(
        placement,
        quote=None,
        held=replace(held, subject="", words="") if held else None,
        unread=replace(unread, subject="") if unread else None,
    )


def _place(inputs: AssessmentInputs, entry: Entry, asked: Mapping[str, _Asked], replies: Mapping[str, Entry]) -> Placement:
    what = asked.get(entry.message.message_id)
    if what is not None:
        return _of_asked(inputs, entry, what)
    if entry.message.unread and messages.by_person(entry):
        return _unread(inputs, entry, replies.get(entry.conversation))
    bucket, rule, quote = _without(inputs, entry)
    held = authors.held_back(inputs.timeline, entry, rule) if bucket is Bucket.HELD_BACK else None
    return Placement(entry.message.message_id, entry.at, bucket, rule, quote, held=held)


def _of_asked(inputs: AssessmentInputs, entry: Entry, what: _Asked) -> Placement:
    decision = inputs.decision(what.key)
    if decision is not None and decision.verb in (Verb.WAIVE, Verb.WRONG):
        bucket, rule = Bucket.NO_ANSWER, "you marked it as not owed"
    elif what.closed is not None and what.withdrawn:
        bucket, rule = Bucket.NO_ANSWER, "the client withdrew it"
    elif what.closed is not None:
        bucket, rule = Bucket.ANSWERED, f"settled by the {what.closed.type.value} {what.closed.reference}"
    elif decision is not None and decision.verb is Verb.DONE:
        bucket, rule = Bucket.ANSWERED, "you marked it as done"
    else:
        bucket, rule = Bucket.OPEN, "not answered yet"
    return Placement(entry.message.message_id, entry.at, bucket, rule, what.quote, what.key)


def _unread(inputs: AssessmentInputs, entry: Entry, reply: Entry | None) -> Placement:
    """Place a message whose words could not be read: nothing is claimed about them, but that our side wrote in the thread later."""
    message = entry.message
    if reply is not None and reply.at > entry.at:
        return Placement(
            message.message_id, entry.at, Bucket.ANSWERED, f"your side wrote in the thread: {reply.message.message_id}"
        )
    unread = Unread(inputs.timeline.client.name, message.sender, message.subject, message.unread)
    return Placement(message.message_id, entry.at, Bucket.UNREAD, f"could not be read: {message.unread}", unread=unread)


def _without(inputs: AssessmentInputs, entry: Entry) -> tuple[Bucket, str, str | None]:
    reading = entry.reading
    words = messages.gist(entry)
    if not entry.message.authentic:
        return (
            Bucket.HELD_BACK,
            "it failed authentication (DMARC), so somebody else may have written it",
            entry.message.subject or None,
        )
    if reading.automated is not None:
        return Bucket.HELD_BACK, f"{reading.automated.replace('_', ' ')}: {reading.automated_rule}", entry.message.subject or None
    if messages.requests(entry) and messages.on_copy(entry, inputs.timeline.account):
        return Bucket.NO_ANSWER, "you are only on copy; others were asked", messages.requests(entry)[0].quote
    for kind, rule in ((ActKind.WITHDRAWAL, "withdraws something"), (ActKind.RELEASE, "says that no more is needed")):
        if reading.of(kind):
            return Bucket.NO_ANSWER, rule, reading.of(kind)[0].quote
    if reading.closing:
        return Bucket.NO_ANSWER, "thanks or a closing", words
    return Bucket.NO_ANSWER, reading.reply_rule or "asks nothing", words

"""Commitments: what somebody said they would do, and what became of it (DOMAIN, infers 3 and 4).

One walk over mail, meetings and the notes of meetings, for both sides at once: what the user promised is a promise or a
callback, what the client promised is waited for. Said again it is one commitment; moved in time it has a new due time;
moved too late it has ended late, and what was said instead is a new one.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from connectors.calendar import Event
from daemon import reading
from daemon.core import hours, meetings, memory, messages, promises, topics
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.evidence import event_evidence, message_evidence
from daemon.core.promises import TrackedPromise
from daemon.core.requests import ClientRequest
from daemon.glossary.obligations import Evidence, Kind, SourceType, Strength
from daemon.glossary.timelines import Entry, Side
from daemon.reading import Act, ActKind

FORGOTTEN = timedelta(days=60)  # after so long nothing that happens is taken for the keeping of a commitment
_NEAR = timedelta(hours=1)  # how far beside its named time a meeting may begin and still be the one that was promised


def track_promises(inputs: AssessmentInputs, requests: Sequence[ClientRequest]) -> tuple[TrackedPromise, ...]:
    """All commitments of a case, in the order in which they were made."""
    names, story, events, asked = inputs.names, inputs.timeline, list(_events(inputs)), tuple(requests)
    people = memory.total(story, "people", _theirs, operator.or_)
    walks, context = memory.of(story).walks, (names, people, inputs.hours, story.account, story.client)
    name = memory.walk_name(story, "commitments")
    past = walks.pop(name, None)  # it comes back when it has come to the end
    items = memory.rest(past, context, story.entries, events) if past and _went_on(inputs, past, asked) else None
    if past is None or items is None:
        past = memory.Walked(_Tracker(inputs, asked, {}, people, names), context)
        items = memory.in_order(story.entries, events)
    walker: _Tracker = past.walker
    walker.inputs, walker.requests, walker.by_conversation = inputs, asked, _by_conversation(asked)
    for _, _, _, thing, notes in items:
        if isinstance(thing, Entry):
            walker.read(thing)
        elif notes:
            walker.note(thing)
        else:
            walker.meet(thing)
    memory.advance(past, story.entries, events, items)
    past.said = inputs.decisions_on(x.key for x in walker.all)
    walks[name] = past
    return tuple(walker.all)


def _went_on(inputs: AssessmentInputs, past: memory.Walked, asked: tuple[ClientRequest, ...]) -> bool:
    """Whether what was asked up to then is still the same, and the user has said nothing of what was found before.

    A chaser makes something asked that was told before it.
    """
    if inputs.decisions_on(x.key for x in past.walker.all) != past.said:
        return False
    before: tuple[ClientRequest, ...] = past.walker.requests
    same = len(asked) >= len(before) and all(a is b for a, b in zip(before, asked, strict=False))
    return same and all(x.first.at > past.last for x in asked[len(before) :])


def _theirs(entries: tuple[Entry, ...]) -> frozenset[str]:
    """The client's people, as far as they have written."""
    return frozenset(e.message.sender.email for e in entries if e.side is Side.CLIENT)


def _by_conversation(requests: Iterable[ClientRequest]) -> dict[str, list[ClientRequest]]:
    found: dict[str, list[ClientRequest]] = {}
    for request in requests:
        found.setdefault(request.first.conversation, []).append(request)
    return found


def _events(inputs: AssessmentInputs) -> Iterator[memory.Item]:
    for event in inputs.timeline.events:
        if event.start <= inputs.now and meetings.takes_place(event, inputs.timeline) and not meetings.is_kepts(event):
            yield event.start.astimezone(UTC), 0, f"{event.uid} {event.occurrence}", event, False
            yield event.start.astimezone(UTC), 2, f"{event.uid} {event.occurrence}", event, True


@dataclass(slots=True)
class _Tracker:
    inputs: AssessmentInputs
    requests: tuple[ClientRequest, ...]
    by_conversation: dict[str, list[ClientRequest]]
    people: frozenset[str]  # the client's, as far as they have written
    names: frozenset[str]
    all: list[TrackedPromise] = field(default_factory=list)
    open: list[TrackedPromise] = field(default_factory=list)

    def read(self, entry: Entry) -> None:
        """Take one message: what it keeps, what it moves, what it promises."""
        if entry.reading.call is not None:
            self._phone(entry)
            return
        if not (messages.from_client(entry) or messages.from_our_side(entry)):
            return
        self.open = [c for c in self.open if entry.at - c.last_sign < FORGOTTEN]
        self._release(entry)
        weighed = promises.weigh(entry, self.names)
        for promise in [c for c in self.open if c.source.at < entry.at]:
            same = promise.conversation == entry.conversation
            if same:
                promise.last_sign = max(promise.last_sign, entry.at)
            if promise.by_client == (entry.side is Side.CLIENT):
                self._weigh(promise, promises.keeps(promise, weighed), weighed.found)
            elif same:
                promise.hears(weighed)
                strength = promises.confirmed(promise, weighed)
                promise.confirmed = strength is Strength.STRONG
                self._weigh(promise, strength, weighed.found)
        if entry.side is not Side.COLLEAGUE or self._settles(entry):
            self._promises(entry)

    def meet(self, event: Event) -> None:
        """Take a meeting that began: it is the call or visit that was promised, and perhaps what was promised was handed over in it."""
        found = event_evidence(event)
        topic = topics.event_words(event) - self.names
        for promise in [c for c in self.open if c.source.at < found.at]:
            if promise.sort in {"call", "meet"}:
                self._weigh(promise, self._held(promise, event), found)
            elif topic & promise.topic and not meetings.has_no_guests(event, self.inputs.timeline.client):
                self._weigh(promise, Strength.WEAK, found)

    def note(self, event: Event) -> None:
        """Take the notes of a meeting that the user called: commitments written down there are the user's."""
        account = self.inputs.timeline.account
        if not event.description.strip() or event.organizer not in (None, *account.addresses):
            return
        contact = next((a.email for a in event.attendees if a.email not in account.addresses), None)
        for act in _notes(event.description, event.start, account.address, hours.frame(self.inputs.hours)):
            source = Evidence(SourceType.EVENT, event.uid, event.start.astimezone(UTC), act.quote)
            self._add(
                Kind.PROMISE,
                act,
                _PromiseSource(
                    source, contact, f"event:{event.uid}", event.summary, None, topics.words(event.summary) - self.names
                ),
            )

    # keeping

    def _phone(self, entry: Entry) -> None:
        """A phone system's notice of a call keeps the promise of one; a missed call from the client shows that they did call."""
        call = entry.reading.call
        if call is None or not entry.message.authentic:
            return
        for promise in [c for c in self.open if c.sort == "call" and c.source.at < entry.at]:
            if call.kind in {"made", "received"} or promise.by_client:
                self._weigh(promise, Strength.STRONG, message_evidence(entry, entry.message.subject))

    def _held(self, promise: TrackedPromise, event: Event) -> Strength | None:
        """Whether a meeting is the call or visit that was promised: at its time, or later; before, only where its title says so.

        An event without guests is an intention: at the promised time it counts, at any other it asks.
        """
        titled = meetings.is_call(event) if promise.sort == "call" else True
        alone = meetings.has_no_guests(event, self.inputs.timeline.client)
        start = event.start.astimezone(UTC)
        if promise.due is not None and titled and alone:
            return Strength.STRONG if self._at_its_time(start, promise.due) else Strength.WEAK
        if alone:
            return Strength.WEAK if titled else None
        if promise.due is None:
            return Strength.STRONG if titled else Strength.WEAK
        if self._at_its_time(start, promise.due) or start >= promise.due:
            return Strength.STRONG
        return Strength.WEAK if titled and promise.sort == "call" else None

    def _at_its_time(self, start: datetime, due: datetime) -> bool:
        """On the named day, or about the named hour."""
        same_day = hours.local_date(self.inputs.hours, start) == hours.local_date(self.inputs.hours, due)
        return same_day or abs(start - due) <= _NEAR

    def _weigh(self, promise: TrackedPromise, strength: Strength | None, found: Evidence) -> None:
        if strength is Strength.STRONG:
            self._close(promise, found)
        elif strength is Strength.WEAK:
            promise.notes.append(Evidence(found.type, found.reference, found.at, found.quote, Strength.WEAK))
            promise.last_sign = max(promise.last_sign, found.at)

    def _close(self, promise: TrackedPromise, found: Evidence) -> None:
        promise.closed = found
        self.open.remove(promise)

    def _release(self, entry: Entry) -> None:
        """Whoever was promised something says that it is not needed; whoever promised it cannot."""
        words = entry.reading.of(ActKind.RELEASE, ActKind.WITHDRAWAL)
        if not words:
            return
        theirs = [c for c in self.open if c.source.at < entry.at and c.by_client != (entry.side is Side.CLIENT)]
        same = [c for c in theirs if c.conversation == entry.conversation]
        topic = topics.message_words(entry) - self.names
        for promise in same or [c for c in theirs if len(topic & c.topic) >= 2]:
            promise.released = True
            self._close(promise, message_evidence(entry, words[0].quote))

    # promising

    def _promises(self, entry: Entry) -> None:
        mine = entry.side is not Side.CLIENT
        said_so = [a for a in entry.reading.of(ActKind.PROMISE) if a.confidence >= messages.POSSIBLE]
        moved = [
            a for a in entry.reading.of(ActKind.POSTPONEMENT) if a.due is not None and all(p.start != a.start for p in said_so)
        ]
        context = self._context(entry)
        for act in promises.apart([*said_so, *moved], self.names):
            if act.due is None and mine and self._still_owed(entry, act):
                continue
            kind = Kind.WAITING_FOR if not mine else Kind.CALLBACK if act.sort == "call" else Kind.PROMISE
            contact = entry.message.sender.email if not mine else self._addressee(entry)
            message = entry.message
            said = _PromiseSource(
                message_evidence(entry, act.quote), contact, entry.conversation, message.subject, message.message_id, context
            )
            self._add(kind, act, said)

    def _add(self, kind: Kind, act: Act, said: _PromiseSource) -> None:
        topic = topics.words(act.quote) - self.names
        due = act.due.due.astimezone(UTC) if act.due else None
        before = self._same(kind, act, topic, said)
        if before is not None and not self._moved(before, due, said.source):
            return
        moved = before if act.kind is ActKind.POSTPONEMENT else None  # what the words move says what they are about
        promise = TrackedPromise(
            kind=moved.kind if moved else kind,
            key=self.inputs.key(kind, said.source.reference, act.quote),
            source=said.source,
            sort=moved.sort if moved else act.sort or "do",
            contact=said.contact,
            conversation=said.conversation,
            subject=said.subject,
            due=None if act.conditional else due,
            then=due,
            conditional=act.conditional,
            confidence=act.confidence,
            topic=topic | moved.topic if moved else topic,
            context=said.context,
            last_sign=said.source.at,
            message_id=said.message_id,
        )
        self.all.append(promise)
        self.open.append(promise)

    def _moved(self, before: TrackedPromise, due: datetime | None, source: Evidence) -> bool:
        """Take a commitment said again. True where the old one has ended late and the new words stand for themselves."""
        before.last_sign = max(before.last_sign, source.at)
        if due is not None and due != before.due:
            if before.due is not None and before.due < source.at:
                self._close(before, source)
                return True
            before.due = due
        before.notes.append(source)
        return False

    def _same(self, kind: Kind, act: Act, topic: frozenset[str], said: _PromiseSource) -> TrackedPromise | None:
        """The open commitment that these words say again, the latest first; none that the user settled before."""
        at = said.source.at
        for c in reversed(self.open):
            held = c.by_client == (kind is Kind.WAITING_FOR) and c.source.at < at and not self.inputs.settled(c.key, at)
            if held and _is_said_again(c, act, topic or said.context, here=c.conversation == said.conversation):
                return c
        return None

    def _context(self, entry: Entry) -> frozenset[str]:
        """The words of what is asked in the conversation and of its subject: what "you'll have it by Wednesday" is about."""
        asked = [x for x in self.by_conversation.get(entry.conversation, ()) if x.first.at < entry.at]
        quotes = [x.quote for x in asked if x.closed is None or x.closed.at >= entry.at]
        return frozenset().union(*(topics.words(q) for q in (*quotes, entry.message.subject))) - self.names

    def _settles(self, entry: Entry) -> bool:
        """Whether the message ended what the user owed: what a colleague promised in it, the user answers for."""
        return any(x.closed is not None and x.closed.reference == entry.message.message_id for x in self.requests)

    def _still_owed(self, entry: Entry, act: Act) -> bool:
        """Whether what the client wants is still open after this message: then words without a time promise nothing new."""
        calls = [x for x in self.requests if x.kind is Kind.CALLBACK] if act.sort == "call" else []
        return any(x.stands_at(entry.at) for x in (*self.by_conversation.get(entry.conversation, ()), *calls))

    def _addressee(self, entry: Entry) -> str | None:
        """Whom of the client's people we spoke to."""
        own = self.inputs.timeline.account.addresses
        people = [a.email for a in (*entry.message.to, *entry.message.cc) if a.email not in own]
        return next((p for p in people if p in self.people), people[0] if people else None)


class _PromiseSource(NamedTuple):
    """Where words of commitment stand."""

    source: Evidence
    contact: str | None
    conversation: str
    subject: str
    message_id: str | None
    context: frozenset[str]


def _is_said_again(c: TrackedPromise, act: Act, topic: frozenset[str], *, here: bool) -> bool:
    """Whether the words are about what was promised before: in the same conversation (`here`) little needs to be common."""
    before = c.topic or c.context
    shared = len(topic & before)
    if act.kind is ActKind.POSTPONEMENT:
        return here or shared >= 2
    if (c.sort == "call") != (act.sort == "call"):
        return False
    enough = 2 * shared >= min(len(topic), len(before))
    return (enough or shared >= 2) if here else (shared >= 2 and enough)


@lru_cache(maxsize=1024)
def _notes(text: str, at: datetime, writer: str, frame: reading.TimeContext) -> tuple[Act, ...]:
    """The commitments in the notes of a meeting; times are meant from the meeting's day."""
    found = reading.read(reading.ReaderInput("sent", writer, (), (), at, "", text, user=(writer,), time_context=frame))
    return tuple(a for a in found.of(ActKind.PROMISE) if a.confidence >= messages.POSSIBLE)

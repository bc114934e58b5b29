"""Tracking of promises: what somebody said they would do, and what became of it.

Mail, meetings and the notes of meetings are taken in order of time, for both sides at once: what the user promised is a promise or
a callback, what the client promised is waited for. A promise repeated is one promise. Moved in time it has a new due time; moved
after its due time it has ended late, and the new words are a promise of their own. A call that both booked anew is put off till then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from connectors.calendar import Event
from daemon.core import hours, meetings, messages, proposals, sharing, topics
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.evidence import event_evidence, message_evidence
from daemon.core.story_cache import Happening, Progress, in_order
from daemon.core.tracking import arrivals, client_promises, promised_meetings, promises
from daemon.core.tracking.promise_sources import PromiseSource, happenings, promises_in_notes
from daemon.core.tracking.promises import TrackedPromise
from daemon.core.tracking.requests import ClientRequest
from daemon.glossary.obligations import Evidence, Kind, SourceType, Strength
from daemon.glossary.timelines import Entry, Side
from daemon.reading import Act, ActKind

FORGOTTEN = timedelta(days=60)  # after so long nothing that happens is taken for the keeping of a commitment


def track_promises(
    inputs: AssessmentInputs, names: frozenset[str], requests: tuple[ClientRequest, ...], cached: Progress | None = None
) -> tuple[tuple[TrackedPromise, ...], Progress]:
    """Return all promises of a timeline in the order in which they were made, and the progress to go on from next time.

    `names` are the words that stand in every mail between the two.
    """
    timeline, events = inputs.timeline, list(happenings(inputs))
    people = frozenset(e.message.sender.email for e in timeline.entries if e.side is Side.CLIENT)
    context = (names, people, inputs.hours, timeline.account, timeline.client)
    news = cached.news(context, timeline.entries, events) if cached and _can_go_on(inputs, cached, requests) else None
    if cached is None or news is None:
        cached, news = Progress(_Tracker(inputs, requests, {}, people, names), context), in_order(timeline.entries, events)
    tracker: _Tracker = cached.tracker
    tracker.inputs, tracker.requests, tracker.by_conversation = inputs, requests, _by_conversation(requests)
    for happening in news:
        tracker.take(happening)
    cached.advance(timeline.entries, events, news)
    cached.decisions = inputs.decisions_on(promise.key for promise in tracker.all)
    return tuple(tracker.all), cached


def _can_go_on(inputs: AssessmentInputs, cached: Progress, requests: tuple[ClientRequest, ...]) -> bool:
    """Whether the requests of that time are still the same, and so are the user's decisions on the promises.

    A follow-up makes a request of a message that was taken before it.
    """
    if inputs.decisions_on(promise.key for promise in cached.tracker.all) != cached.decisions:
        return False
    before: tuple[ClientRequest, ...] = cached.tracker.requests
    same = len(requests) >= len(before) and all(a is b for a, b in zip(before, requests, strict=False))
    return same and all(request.first.at > cached.last for request in requests[len(before) :])


def _by_conversation(requests: Iterable[ClientRequest]) -> dict[str, list[ClientRequest]]:
    """Return the requests by the name of their conversation."""
    grouped: dict[str, list[ClientRequest]] = {}
    for request in requests:
        grouped.setdefault(request.first.conversation, []).append(request)
    return grouped


@dataclass(slots=True)
class _Tracker:
    inputs: AssessmentInputs
    requests: tuple[ClientRequest, ...]
    by_conversation: dict[str, list[ClientRequest]]
    people: frozenset[str]  # the client's, as far as they have written
    names: frozenset[str]
    all: list[TrackedPromise] = field(default_factory=list)
    open: list[TrackedPromise] = field(default_factory=list)

    def take(self, happening: Happening) -> None:
        """Take the next thing that happened."""
        if isinstance(happening.subject, Entry):
            self.read(happening.subject)
        elif happening.aspect == "notes":
            self.note(happening.subject)
        elif happening.aspect == "booked":
            self.book(happening.subject)
        else:
            self.meet(happening.subject)

    def read(self, entry: Entry) -> None:
        """Take one message: what it keeps, what it moves to another time, what it promises."""
        if entry.reading.call is not None:
            self._phone(entry)
            return
        if messages.perhaps_from_us(entry):
            self._perhaps_kept(entry)
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
                self._say(promise, weighed, same=same)
                continue
            self._hear(promise, weighed, same=same)
        answerable = self._answerable(entry)
        if answerable is not None:
            self._promises(entry, answerable)

    def _say(self, promise: TrackedPromise, weighed: promises.WeighedMessage, *, same: bool) -> None:
        """Take what the same side says after a promise. That its condition is met does not keep it."""
        is_met = same and promise.conditional and promise.due is None and promise.take_deed(weighed)
        strength = promises.keeps(promise, weighed, self.open)
        if strength is Strength.STRONG or not is_met:
            self._weigh(promise, strength, weighed.evidence)
        promise.answered |= same

    def _hear(self, promise: TrackedPromise, weighed: promises.WeighedMessage, *, same: bool) -> None:
        """Take what the other side says after a promise; `same` says that it does so in its conversation."""
        promise.take_question(weighed, same_conversation=same)
        if same:
            promise.take_answer(weighed)
            strength = promises.confirmed(promise, weighed)
            promise.confirmed = strength is Strength.STRONG
            moved_on = Strength.WEAK if promise.has_moved_on(weighed) else None
            self._weigh(promise, strength or moved_on, weighed.evidence)
        elif promises.has_come(promise, weighed, self.all):
            promise.confirmed = True
            self._close(promise, weighed.evidence)

    def book(self, event: Event) -> None:
        """Take an event that was made: it may be the invitation that was promised, or another time for the call that was."""
        if event.created is None:
            return
        evidence = event_evidence(event, at=event.created.astimezone(UTC))
        for promise in [c for c in self.open if c.source.at < evidence.at and not c.by_client]:
            if promised_meetings.is_invitation(promise, event, self.inputs.timeline.client):
                self._close(promise, evidence)
            elif promised_meetings.takes_its_place(promise, event, self.inputs.timeline.client, self.names):
                promise.put_off(event.start.astimezone(UTC), evidence)

    def meet(self, event: Event) -> None:
        """Take a meeting that began: it may be the call or visit that was promised, or what was promised may be handed over in it."""
        evidence, client = event_evidence(event), self.inputs.timeline.client
        for promise in [c for c in self.open if c.source.at < evidence.at]:
            self._weigh(promise, promised_meetings.held(promise, event, client, self.inputs.hours, self.names), evidence)

    def note(self, event: Event) -> None:
        """Take the notes of a meeting that the user called: promises written there are the user's."""
        account = self.inputs.timeline.account
        if not event.description.strip() or event.organizer not in (None, *account.addresses):
            return
        contact = next((a.email for a in event.attendees if a.email not in account.addresses), None)
        for act in promises_in_notes(event.description, event.start, account.address, hours.frame(self.inputs.hours)):
            source = Evidence(SourceType.EVENT, event.uid, event.start.astimezone(UTC), act.quote)
            self._add(
                Kind.PROMISE,
                act,
                PromiseSource(
                    source,
                    contact,
                    f"event:{event.uid}",
                    event.summary,
                    None,
                    topics.words(event.summary) - self.names,
                    account.address,
                ),
            )

    # keeping

    def _perhaps_kept(self, entry: Entry) -> None:
        """Take a mail of the user's that may never have left: it may keep a promise, and makes none."""
        weighed = promises.weigh(entry, self.names)
        for promise in [c for c in self.open if c.source.at < entry.at and not c.by_client]:
            if promises.keeps(promise, weighed, self.open) is not None:
                self._weigh(promise, Strength.WEAK, weighed.evidence)

    def _phone(self, entry: Entry) -> None:
        """A notice of a call made keeps the promise of one; a missed call shows that the client did call, or chases ours."""
        call = entry.reading.call
        if call is None or not entry.message.authentic:
            return
        for promise in [c for c in self.open if c.sort == "call" and c.source.at < entry.at]:
            if call.kind in {"made", "received"} or promise.by_client:
                self._weigh(promise, Strength.STRONG, message_evidence(entry, entry.message.subject))
            elif self._is_asked_for(promise, entry.at):
                promise.chased = True
                promise.last_sign = max(promise.last_sign, entry.at)
                promise.ask_for(message_evidence(entry, call.transcript or entry.message.subject))

    def _is_asked_for(self, promise: TrackedPromise, at: datetime) -> bool:
        """Whether a call from the client at a moment asks for the call that we promised: for any time, or by the end of that day.

        The two are then one duty (standards.callback). A promise that is doubtful, settled or given up as missed is no such duty.
        """
        if promise.conditional or promise.confidence < messages.SURE or self.inputs.settled(promise.key, at):
            return False
        if promise.due is None:
            return True
        lapsed = self.inputs.lapses(promise.due, promise.last_sign) <= at
        return not lapsed and hours.local_date(self.inputs.hours, promise.due) <= hours.local_date(self.inputs.hours, at)

    def _weigh(self, promise: TrackedPromise, strength: Strength | None, evidence: Evidence) -> None:
        if strength is Strength.STRONG:
            self._close(promise, evidence)
        elif strength is Strength.WEAK:
            promise.mentions.append(replace(evidence, strength=Strength.WEAK))
            promise.last_sign = max(promise.last_sign, evidence.at)

    def _close(self, promise: TrackedPromise, evidence: Evidence) -> None:
        promise.closed = evidence
        self.open.remove(promise)

    def _release(self, entry: Entry) -> None:
        """Whoever was promised something says that it is not needed; whoever promised it cannot."""
        self._supersede(entry)
        if not (words := entry.reading.of(ActKind.RELEASE, ActKind.WITHDRAWAL)):
            return
        from_other_side = [c for c in self.open if c.source.at < entry.at and c.by_client != (entry.side is Side.CLIENT)]
        same = [c for c in from_other_side if c.conversation == entry.conversation]
        topic = topics.message_words(entry) - self.names
        for promise in same or [c for c in from_other_side if len(topic & c.topic) >= 2]:
            promise.released = True
            self._close(promise, message_evidence(entry, words[0].quote))

    def _supersede(self, entry: Entry) -> None:
        """A client who names another day for the promised call waits for that one; a missed call rests until the day they name or accept."""
        calls = [c for c in self.open if c.is_call and not c.by_client and c.conversation == entry.conversation]
        calls = [c for c in calls if c.source.at < entry.at] if entry.side is Side.CLIENT else []
        wish = next((a for a in messages.requests(entry) if a.sort == "call_me" and promises.names_day(a.quote)), None)
        agreed = wish.due.due if wish and wish.due else proposals.accepted(entry, self.inputs.timeline) if calls else None
        for promise in calls:
            if wish is not None and (promise.due is None or promise.due > entry.at):
                promise.released = True
                self._close(promise, message_evidence(entry, wish.quote))
            elif agreed is not None and promise.due is not None and max(promise.due, entry.at) < agreed:
                promise.put_off(agreed.astimezone(UTC), message_evidence(entry))

    # promising

    def _promises(self, entry: Entry, answerable: str) -> None:
        by_us = entry.side is not Side.CLIENT
        said = (a for a in messages.promises(entry) if a.confidence >= messages.POSSIBLE)
        stated = [a for a in said if not arrivals.is_on_its_way(a, entry)]
        put_off = [a for a in entry.reading.of(ActKind.POSTPONEMENT) if a.due is not None]
        asking = {a.start for a in messages.requests(entry)}
        moved = [a for a in put_off if all(p.start != a.start for p in stated)]
        context, moving = self._context(entry), {a.start for a in entry.reading.of(ActKind.POSTPONEMENT)}
        answers = by_us and next(self._settled(entry), None) is not None
        for read in promises.distinct([*stated, *moved], self.names):
            act = promises.vouched(read) if answers else read
            if act.due is None and by_us and self._still_owed(entry, act):
                continue
            kind = Kind.WAITING_FOR if not by_us else Kind.CALLBACK if act.sort == "call" else Kind.PROMISE
            origin = self._source(entry, act, context, answerable)
            if act.kind is ActKind.POSTPONEMENT and promises.asks_or_grants(act, asked=act.start in asking):
                self._put_off(act, origin, by_client=False)
            elif (
                by_us
                or act.kind is ActKind.POSTPONEMENT
                or client_promises.owes_user(act, entry, sharing.addressed(entry, self.inputs.timeline))
            ):
                self._add(kind, act, origin, moves=act.start in moving or promises.apologises(act))

    def _source(self, entry: Entry, act: Act, context: frozenset[str], answerable: str) -> PromiseSource:
        message = entry.message
        contact = message.sender.email if entry.side is Side.CLIENT else self._addressee(entry)
        evidence = message_evidence(entry, act.quote)
        return PromiseSource(evidence, contact, entry.conversation, message.subject, message.shown_id, context, answerable)

    def _put_off(self, act: Act, origin: PromiseSource, *, by_client: bool) -> None:
        """Move what one side promised to the time that either asks for or grants; nothing is promised by that."""
        topic = promises.matter(act, self.names)
        before = self._meant(act, topic, origin, by_client=by_client)
        if before is not None and act.due is not None and (before.due is None or before.due >= origin.source.at):
            self._moved(before, act.due.due.astimezone(UTC), origin.source)

    def _add(self, kind: Kind, act: Act, origin: PromiseSource, *, moves: bool = False) -> None:
        topic = promises.matter(act, self.names)
        due = promises.due_of(act, origin.source.at)
        before = self._same(kind, act, topic, origin)
        if before is None and (moves or act.kind is ActKind.POSTPONEMENT) and due is not None:
            before = self._meant(act, topic, origin, by_client=kind is Kind.WAITING_FOR)
        if before is not None and not self._moved(before, due, origin.source):
            return
        moved = before if act.kind is ActKind.POSTPONEMENT or not topic else None  # what is moved says what it is about
        promise = TrackedPromise(
            kind=moved.kind if moved else kind,
            key=self.inputs.key(kind, origin.source.reference, act.quote, origin.answerable),
            answerable=origin.answerable,
            source=origin.source,
            sort=moved.sort if moved else act.sort or "do",
            contact=origin.contact,
            conversation=origin.conversation,
            subject=origin.subject,
            due=None if act.conditional else due,
            due_if_met=due,
            conditional=act.conditional,
            confidence=act.confidence,
            topic=topic | moved.topic if moved else topic,
            context=origin.context,
            last_sign=origin.source.at,
            message_id=origin.message_id,
        )
        self.all.append(promise)
        self.open.append(promise)
        self._just_invited(promise)

    def _just_invited(self, promise: TrackedPromise) -> None:
        """Take the invitation that was made a moment before the mail that promises it."""
        at, timeline = promise.source.at, self.inputs.timeline
        made = (e for e in timeline.events if promised_meetings.was_just_made(e, at) and meetings.takes_place(e, timeline))
        event = next((e for e in made if promised_meetings.is_invitation(promise, e, timeline.client)), None)
        if event is not None and not promise.by_client:
            self._close(promise, event_evidence(event, at=at))

    def _moved(self, before: TrackedPromise, due: datetime | None, source: Evidence) -> bool:
        """Take a promise that was repeated. True where the old one has ended late, and the new words make a promise of their own."""
        before.last_sign = max(before.last_sign, source.at)
        if due is not None and due != before.due:
            if before.due is not None and before.due < source.at:
                self._close(before, source)
                return True
            before.due = due
        before.renew(source)
        return False

    def _same(self, kind: Kind, act: Act, topic: frozenset[str], origin: PromiseSource) -> TrackedPromise | None:
        """Return the latest open promise that these words repeat; not one that the user settled before.

        Elsewhere, after its due time and without an apology, the same words promise something else: the next delivery.
        """
        at, moves = origin.source.at, act.kind is ActKind.POSTPONEMENT or promises.apologises(act)
        for c in reversed(self.open):
            matches = c.by_client == (kind is Kind.WAITING_FOR) and c.source.at < at and not self.inputs.settled(c.key, at)
            same = c.conversation == origin.conversation
            over = not (same or moves) and c.due is not None and c.due < at
            if matches and not over and promises.is_said_again(c, act, topic, origin.context, same_conversation=same):
                return c
        return None

    def _meant(self, act: Act, topic: frozenset[str], origin: PromiseSource, *, by_client: bool) -> TrackedPromise | None:
        """Return the open promise that words about another time are meant for: by their topic, else the conversation's of that sort, or its only one."""
        at = origin.source.at
        mine = [c for c in self.open if c.by_client == by_client and c.source.at < at and not self.inputs.settled(c.key, at)]
        shared = [c for c in mine if len(topic & c.topic) >= (1 if c.conversation == origin.conversation else 2)]
        if shared:
            return max(shared, key=lambda c: (len(topic & c.topic), c.source.at))
        here = [c for c in mine if c.conversation == origin.conversation]
        like = [c for c in here if (c.sort == "call") == promises.is_call(act)]
        return like[-1] if like else here[0] if len(here) == 1 else None

    def _context(self, entry: Entry) -> frozenset[str]:
        """Return the words of the subject and of what is asked in the conversation: what "you'll have it by Wednesday" is about."""
        asked = [x for x in self.by_conversation.get(entry.conversation, ()) if x.first.at < entry.at]
        quotes = [x.quote for x in asked if x.closed is None or x.closed.at >= entry.at]
        return frozenset().union(*(topics.words(q) for q in (*quotes, entry.message.subject))) - self.names

    def _answerable(self, entry: Entry) -> str | None:
        """Return the account that answers for what a message promises: whose user wrote it, or to whom the client wrote.

        What any other colleague promises in a message that ended what an account owed, that account answers for; else nobody does.
        """
        timeline = self.inputs.timeline
        if entry.side is Side.CLIENT:
            return sharing.addressed(entry, timeline).address
        if entry.side is Side.USER:
            return timeline.account.address
        author = sharing.author(entry, timeline)
        return author.address if author else next((x.answerable for x in self._settled(entry)), None)

    def _settled(self, entry: Entry) -> Iterator[ClientRequest]:
        """Yield the requests that a message ended."""
        return (x for x in self.requests if x.closed is not None and x.closed.reference == entry.message.message_id)

    def _still_owed(self, entry: Entry, act: Act) -> bool:
        """Whether the client's request is still open after this message: then words without a time promise nothing new."""
        calls = [x for x in self.requests if x.kind is Kind.CALLBACK] if act.sort == "call" else []
        return any(x.stands_at(entry.at) for x in (*self.by_conversation.get(entry.conversation, ()), *calls))

    def _addressee(self, entry: Entry) -> str | None:
        """Return the person at the client who was written to."""
        own = self.inputs.timeline.account.addresses
        people = [a.email for a in (*entry.message.to, *entry.message.cc) if a.email not in own]
        return next((p for p in people if p in self.people), people[0] if people else None)

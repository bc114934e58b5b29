"""Exchanges: what the client asked of us, and what became of it (DOMAIN, infers 1, 2 and 5).

One walk over mail and meetings in their order. A conversation has at most one open question: the oldest unanswered asking
message began it, chasers join it, an answer with substance closes it, wherever it came from: the same thread, a new one, a
colleague, a meeting about it. A wish to be called, a missed call and a voicemail are closed by a call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from connectors.calendar import Event
from daemon.core import hours, meetings, memory, messages, requests, topics
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.evidence import event_evidence, message_evidence
from daemon.core.requests import ClientRequest
from daemon.glossary.charter import Allowance
from daemon.glossary.obligations import Evidence, Kind, Strength
from daemon.glossary.timelines import Entry, Side
from daemon.reading import ActKind

NEAR = timedelta(days=30)  # an answer in another thread is looked for so long after the last sign


Allowances: TypeAlias = Callable[[Kind, datetime], Allowance | None]
"""How long a reply or a callback may take by the charter in force at a moment."""


def track_requests(inputs: AssessmentInputs, allowances: Allowances) -> tuple[ClientRequest, ...]:
    """All exchanges of a case in the order in which they began."""
    names, story, events = inputs.names, inputs.timeline, list(_events(inputs))
    walks, context = memory.of(story).walks, (names, inputs.hours, story.account, story.client)
    name = memory.walk_name(story, "exchanges")
    past = walks.pop(name, None)  # it comes back when it has come to the end
    items = memory.rest(past, context, story.entries, events) if past and _unsettled(inputs, past) else None
    if past is None or items is None:
        past = memory.Walked(_Tracker(inputs, allowances, names), context)
        items = memory.in_order(story.entries, events)
    walker: _Tracker = past.walker
    walker.inputs, walker.allowances = inputs, allowances
    for _, _, _, thing, booked in items:
        if isinstance(thing, Entry):
            walker.read(thing)
        elif booked:
            walker.book(thing)
        else:
            walker.meet(thing)
    memory.advance(past, story.entries, events, items)
    past.said = inputs.decisions_on(x.key for x in walker.all)
    walks[name] = past
    return tuple(walker.all)


def _unsettled(inputs: AssessmentInputs, past: memory.Walked) -> bool:
    """Whether the user has said nothing since of what was found before."""
    return inputs.decisions_on(x.key for x in past.walker.all) == past.said


def _events(inputs: AssessmentInputs) -> Iterator[memory.Item]:
    """What became of each meeting: when it was booked and when it began."""
    for event in inputs.timeline.events:
        if meetings.takes_place(event, inputs.timeline) and not meetings.is_kepts(event):
            name = f"{event.uid} {event.occurrence}"
            if event.created is not None:
                yield event.created.astimezone(UTC), 0, name, event, True
            if event.start <= inputs.now:
                yield event.start.astimezone(UTC), 0, name, event, False


@dataclass(slots=True)
class _Tracker:
    inputs: AssessmentInputs
    allowances: Allowances
    names: frozenset[str]
    all: list[ClientRequest] = field(default_factory=list)
    open: list[ClientRequest] = field(default_factory=list)
    by_conversation: dict[str, ClientRequest] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)  # conversations in which the client has spoken
    told: dict[str, list[Entry]] = field(default_factory=dict)  # what they said there since our last word, without asking

    def read(self, entry: Entry) -> None:
        """Take one message."""
        call = entry.reading.call
        if messages.from_client(entry):
            self._client(entry)
        elif call is not None and entry.side is not Side.USER and entry.message.authentic:
            if call.kind in {"missed_call", "voicemail"}:
                self._notice(entry)
            else:
                self._close(self._callbacks(entry.at), message_evidence(entry, entry.message.subject))
                self._note(self._replies(entry.at), message_evidence(entry, entry.message.subject, Strength.WEAK))
        elif messages.from_our_side(entry):
            self._ours(entry)

    def meet(self, event: Event) -> None:
        """Take a meeting that began: it returns calls, and answers what it was about. One without guests only asks."""
        client = self.inputs.timeline.client
        alone, people = meetings.has_no_guests(event, client), {a.email for a in meetings.guests(event, client)}
        found, doubt = event_evidence(event), event_evidence(event, Strength.WEAK)
        topic = topics.event_words(event) - self.names
        if alone:
            called = self._callbacks(found.at) if meetings.is_call(event) else []
            self._note([*called, *(x for x in self._replies(found.at) if topic & x.topic)], doubt)
            return
        self._close(self._callbacks(found.at), found)
        for request in self._replies(found.at):
            if topic & request.topic:
                self._close([request], found)
            elif request.contact in people:
                self._note([request], doubt)

    def book(self, event: Event) -> None:
        """Take a booking: it answers whoever in it had proposed a time."""
        if event.created is None:
            return
        people = {a.email for a in meetings.guests(event, self.inputs.timeline.client)}
        found = event_evidence(event, at=event.created.astimezone(UTC))
        for request in self._replies(found.at):
            if request.contact in people and all(messages.wants_meeting(entry) for entry, _ in request.asks):
                self._close([request], found)

    # what the client said

    def _client(self, entry: Entry) -> None:
        self.heard.add(entry.conversation)
        if entry.reading.of(ActKind.WITHDRAWAL):
            self._withdraw(entry)
        if messages.says_called(entry):
            self._close(self._callbacks(entry.at), message_evidence(entry))
        if messages.asks(entry, self.inputs.timeline):
            self._ask(entry)
        elif requests.chases(entry):
            self._chase(entry)
        elif requests.tells(entry) and not messages.on_copy(entry, self.inputs.timeline.account):
            self.told.setdefault(entry.conversation, []).append(entry)

    def _chase(self, entry: Entry) -> None:
        """A follow-up joins what is open; where nothing is, it shows that what they told before waited for an answer."""
        words = messages.gist(entry) or ""
        open_request = self._open_request_for(entry)
        before = self.told.pop(entry.conversation, [])
        if open_request is not None:
            _join(open_request, entry, words)
        elif before:
            self._begin(Kind.REPLY, before[0], messages.gist(before[0]) or before[0].message.subject)
            _join(self.all[-1], entry, words)

    def _withdraw(self, entry: Entry) -> None:
        same = [x for x in self.open if x.first.conversation == entry.conversation and x.first.at < entry.at]
        topic = topics.message_words(entry) - self.names
        others = [x for x in self._replies(entry.at) if len(topic & x.topic) >= 2]
        words = message_evidence(entry, entry.reading.of(ActKind.WITHDRAWAL)[0].quote)
        for request in same or others:
            request.withdrawn = True
            self._close([request], words)

    def _ask(self, entry: Entry) -> None:
        wanted = messages.requests(entry)
        calls = [a for a in wanted if a.sort == "call_me"]
        open_request = self._open_request_for(entry)
        if (
            open_request is None
            and not calls
            and entry.conversation in self.told
            and not topics.words(entry.reading.new_text) - self.names
        ):
            self._chase(entry)
            return
        best = max(calls or wanted, key=lambda a: a.confidence, default=None)
        quote = best.quote if best else requests.question(entry)
        if open_request is not None:
            _join(open_request, entry, quote)
        if open_request is None or (calls and open_request.kind is Kind.REPLY):
            self._begin(Kind.CALLBACK if calls else Kind.REPLY, entry, quote, mixed=len(calls) < len(wanted))

    def _open_request_for(self, entry: Entry) -> ClientRequest | None:
        """The open exchange that a further message joins: none that the user settled before, or that was given up as missed."""
        found = self.by_conversation.get(entry.conversation)
        if found is None or self.inputs.settled(found.key, entry.at):
            return None
        lapsed = found.due is not None and self.inputs.lapses(found.due, found.last_sign) <= entry.at
        return None if lapsed else found

    def _notice(self, entry: Entry) -> None:
        """A missed call or a voicemail: the same caller's calls are one until the call is returned."""
        call = entry.reading.call
        number = call.number if call else None
        quote = (call.transcript if call else None) or entry.message.subject or "Missed call"
        for request in self.open:
            same = request.is_notice and (request.number == number or None in (request.number, number))
            if same and not self.inputs.settled(request.key, entry.at):
                _join(request, entry, quote)
                return
        self._begin(Kind.CALLBACK, entry, quote, number=number)

    def _begin(self, kind: Kind, entry: Entry, quote: str, *, number: str | None = None, mixed: bool = False) -> None:
        allowance = self.allowances(kind, entry.at)
        request = ClientRequest(
            kind=kind,
            key=self.inputs.key(kind, entry.message.message_id),
            first=entry,
            quote=quote,
            due=hours.add(self.inputs.hours, entry.at, allowance) if allowance else None,
            topic=(topics.words(quote) if number or entry.side is not Side.CLIENT else topics.message_words(entry)) - self.names,
            last_sign=entry.at,
            asks=[(entry, quote)],
            number=number,
            mixed=mixed,
        )
        self.all.append(request)
        self.open.append(request)
        if not request.is_notice and (kind is Kind.REPLY or self._open_request_for(entry) is None):
            self.by_conversation[entry.conversation] = request

    # what we said

    def _ours(self, entry: Entry) -> None:
        answer = requests.answer(entry, self.names)
        if answer.says or answer.dated:
            self.told.pop(entry.conversation, None)
        for request in [x for x in self.open if x.first.at < entry.at]:
            same = request.first.conversation == entry.conversation
            if not same and entry.at - request.last_sign > NEAR:
                continue
            strength = requests.settles(request, answer, same=same, elsewhere=entry.conversation in self.heard)
            if strength is Strength.STRONG:
                self._close([request], answer.found)
            elif strength is Strength.WEAK:
                self._note([request], replace(answer.found, strength=Strength.WEAK))
            elif same:
                request.last_sign = max(request.last_sign, entry.at)
                request.empty = answer.found if entry.reading.tag else request.empty

    # closing

    def _callbacks(self, by: datetime) -> list[ClientRequest]:
        return [x for x in self.open if x.kind is Kind.CALLBACK and x.first.at < by]

    def _replies(self, by: datetime) -> list[ClientRequest]:
        return [x for x in self.open if x.kind is Kind.REPLY and x.first.at < by]

    def _close(self, requests: Iterable[ClientRequest], by: Evidence) -> None:
        for request in requests:
            request.closed = by
            self.open.remove(request)
            if self.by_conversation.get(request.first.conversation) is request:
                del self.by_conversation[request.first.conversation]

    def _note(self, requests: Iterable[ClientRequest], by: Evidence) -> None:
        for request in requests:
            request.weak.append(by)
            request.last_sign = max(request.last_sign, by.at)


def _join(request: ClientRequest, entry: Entry, quote: str) -> None:
    request.asks.append((entry, quote))
    request.last_sign = max(request.last_sign, entry.at)

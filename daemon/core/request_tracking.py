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
from daemon.core import evidence as proof
from daemon.core import hours, memory, requests
from daemon.core.assessment_inputs import Case
from daemon.core.requests import Exchange
from daemon.glossary.charter import Allowance
from daemon.glossary.obligations import Evidence, Kind, Strength
from daemon.glossary.timelines import Entry, Side
from daemon.reading import ActKind

NEAR = timedelta(days=30)  # an answer in another thread is looked for so long after the last sign


Allowances: TypeAlias = Callable[[Kind, datetime], Allowance | None]
"""How long a reply or a callback may take by the charter in force at a moment."""


def walk(case: Case, allowances: Allowances) -> tuple[Exchange, ...]:
    """All exchanges of a case in the order in which they began."""
    names, story, events = case.names, case.timeline, list(_events(case))
    walks, context = memory.of(story).walks, (names, case.hours, story.account, story.client)
    name = memory.walk_name(story, "exchanges")
    past = walks.pop(name, None)  # it comes back when it has come to the end
    items = memory.rest(past, context, story.entries, events) if past and _unsettled(case, past) else None
    if past is None or items is None:
        past = memory.Walked(_Walk(case, allowances, names), context)
        items = memory.in_order(story.entries, events)
    walker: _Walk = past.walker
    walker.case, walker.allowances = case, allowances
    for _, _, _, thing, booked in items:
        if isinstance(thing, Entry):
            walker.read(thing)
        elif booked:
            walker.book(thing)
        else:
            walker.meet(thing)
    memory.advance(past, story.entries, events, items)
    past.said = case.words_on(x.key for x in walker.all)
    walks[name] = past
    return tuple(walker.all)


def _unsettled(case: Case, past: memory.Walked) -> bool:
    """Whether the user has said nothing since of what was found before."""
    return case.words_on(x.key for x in past.walker.all) == past.said


def _events(case: Case) -> Iterator[memory.Item]:
    """What became of each meeting: when it was booked and when it began."""
    for event in case.timeline.events:
        if proof.stands(event, case.timeline) and not proof.is_ours(event):
            name = f"{event.uid} {event.occurrence}"
            if event.created is not None:
                yield event.created.astimezone(UTC), 0, name, event, True
            if event.start <= case.now:
                yield event.start.astimezone(UTC), 0, name, event, False


@dataclass(slots=True)
class _Walk:
    case: Case
    allowances: Allowances
    names: frozenset[str]
    all: list[Exchange] = field(default_factory=list)
    open: list[Exchange] = field(default_factory=list)
    by_conversation: dict[str, Exchange] = field(default_factory=dict)
    heard: set[str] = field(default_factory=set)  # conversations in which the client has spoken
    told: dict[str, list[Entry]] = field(default_factory=dict)  # what they said there since our last word, without asking

    def read(self, entry: Entry) -> None:
        """Take one message."""
        call = entry.reading.call
        if proof.from_client(entry):
            self._client(entry)
        elif call is not None and entry.side is not Side.USER and entry.message.authentic:
            if call.kind in {"missed_call", "voicemail"}:
                self._notice(entry)
            else:
                self._close(self._callbacks(entry.at), proof.of_message(entry, entry.message.subject))
                self._note(self._replies(entry.at), proof.of_message(entry, entry.message.subject, Strength.WEAK))
        elif proof.from_us(entry):
            self._ours(entry)

    def meet(self, event: Event) -> None:
        """Take a meeting that began: it returns calls, and answers what it was about. One without guests only asks."""
        client = self.case.timeline.client
        alone, people = proof.is_alone(event, client), {a.email for a in proof.guests(event, client)}
        found, doubt = proof.of_event(event), proof.of_event(event, Strength.WEAK)
        matter = proof.event_matter(event) - self.names
        if alone:
            called = self._callbacks(found.at) if proof.is_call(event) else []
            self._note([*called, *(x for x in self._replies(found.at) if matter & x.matter)], doubt)
            return
        self._close(self._callbacks(found.at), found)
        for exchange in self._replies(found.at):
            if matter & exchange.matter:
                self._close([exchange], found)
            elif exchange.contact in people:
                self._note([exchange], doubt)

    def book(self, event: Event) -> None:
        """Take a booking: it answers whoever in it had proposed a time."""
        if event.created is None:
            return
        people = {a.email for a in proof.guests(event, self.case.timeline.client)}
        found = proof.of_event(event, at=event.created.astimezone(UTC))
        for exchange in self._replies(found.at):
            if exchange.contact in people and all(proof.wants_meeting(entry) for entry, _ in exchange.asks):
                self._close([exchange], found)

    # what the client said

    def _client(self, entry: Entry) -> None:
        self.heard.add(entry.conversation)
        if entry.reading.of(ActKind.WITHDRAWAL):
            self._withdraw(entry)
        if proof.says_called(entry):
            self._close(self._callbacks(entry.at), proof.of_message(entry))
        if proof.asks(entry, self.case.timeline):
            self._ask(entry)
        elif requests.chases(entry):
            self._chase(entry)
        elif requests.tells(entry) and not proof.on_copy(entry, self.case.timeline.account):
            self.told.setdefault(entry.conversation, []).append(entry)

    def _chase(self, entry: Entry) -> None:
        """A follow-up joins what is open; where nothing is, it shows that what they told before waited for an answer."""
        words = proof.gist(entry) or ""
        standing = self._standing(entry)
        before = self.told.pop(entry.conversation, [])
        if standing is not None:
            _join(standing, entry, words)
        elif before:
            self._begin(Kind.REPLY, before[0], proof.gist(before[0]) or before[0].message.subject)
            _join(self.all[-1], entry, words)

    def _withdraw(self, entry: Entry) -> None:
        same = [x for x in self.open if x.first.conversation == entry.conversation and x.first.at < entry.at]
        matter = proof.matter(entry) - self.names
        others = [x for x in self._replies(entry.at) if len(matter & x.matter) >= 2]
        words = proof.of_message(entry, entry.reading.of(ActKind.WITHDRAWAL)[0].quote)
        for exchange in same or others:
            exchange.withdrawn = True
            self._close([exchange], words)

    def _ask(self, entry: Entry) -> None:
        wanted = proof.requests(entry)
        calls = [a for a in wanted if a.sort == "call_me"]
        standing = self._standing(entry)
        if (
            standing is None
            and not calls
            and entry.conversation in self.told
            and not proof.words(entry.reading.new_text) - self.names
        ):
            self._chase(entry)
            return
        best = max(calls or wanted, key=lambda a: a.confidence, default=None)
        quote = best.quote if best else requests.question(entry)
        if standing is not None:
            _join(standing, entry, quote)
        if standing is None or (calls and standing.kind is Kind.REPLY):
            self._begin(Kind.CALLBACK if calls else Kind.REPLY, entry, quote, mixed=len(calls) < len(wanted))

    def _standing(self, entry: Entry) -> Exchange | None:
        """The open exchange that a further message joins: none that the user settled before, or that was given up as missed."""
        found = self.by_conversation.get(entry.conversation)
        if found is None or self.case.settled(found.key, entry.at):
            return None
        lapsed = found.due is not None and self.case.lapses(found.due, found.sign) <= entry.at
        return None if lapsed else found

    def _notice(self, entry: Entry) -> None:
        """A missed call or a voicemail: the same caller's calls are one until the call is returned."""
        call = entry.reading.call
        number = call.number if call else None
        quote = (call.transcript if call else None) or entry.message.subject or "Missed call"
        for exchange in self.open:
            same = exchange.is_notice and (exchange.number == number or None in (exchange.number, number))
            if same and not self.case.settled(exchange.key, entry.at):
                _join(exchange, entry, quote)
                return
        self._begin(Kind.CALLBACK, entry, quote, number=number)

    def _begin(self, kind: Kind, entry: Entry, quote: str, *, number: str | None = None, mixed: bool = False) -> None:
        allowance = self.allowances(kind, entry.at)
        exchange = Exchange(
            kind=kind,
            key=self.case.key(kind, entry.message.message_id),
            first=entry,
            quote=quote,
            due=hours.add(self.case.hours, entry.at, allowance) if allowance else None,
            matter=(proof.words(quote) if number or entry.side is not Side.CLIENT else proof.matter(entry)) - self.names,
            sign=entry.at,
            asks=[(entry, quote)],
            number=number,
            mixed=mixed,
        )
        self.all.append(exchange)
        self.open.append(exchange)
        if not exchange.is_notice and (kind is Kind.REPLY or self._standing(entry) is None):
            self.by_conversation[entry.conversation] = exchange

    # what we said

    def _ours(self, entry: Entry) -> None:
        answer = requests.answer(entry, self.names)
        if answer.says or answer.dated:
            self.told.pop(entry.conversation, None)
        for exchange in [x for x in self.open if x.first.at < entry.at]:
            same = exchange.first.conversation == entry.conversation
            if not same and entry.at - exchange.sign > NEAR:
                continue
            strength = requests.settles(exchange, answer, same=same, elsewhere=entry.conversation in self.heard)
            if strength is Strength.STRONG:
                self._close([exchange], answer.found)
            elif strength is Strength.WEAK:
                self._note([exchange], replace(answer.found, strength=Strength.WEAK))
            elif same:
                exchange.sign = max(exchange.sign, entry.at)
                exchange.empty = answer.found if entry.reading.tag else exchange.empty

    # closing

    def _callbacks(self, by: datetime) -> list[Exchange]:
        return [x for x in self.open if x.kind is Kind.CALLBACK and x.first.at < by]

    def _replies(self, by: datetime) -> list[Exchange]:
        return [x for x in self.open if x.kind is Kind.REPLY and x.first.at < by]

    def _close(self, exchanges: Iterable[Exchange], by: Evidence) -> None:
        for exchange in exchanges:
            exchange.closed = by
            self.open.remove(exchange)
            if self.by_conversation.get(exchange.first.conversation) is exchange:
                del self.by_conversation[exchange.first.conversation]

    def _note(self, exchanges: Iterable[Exchange], by: Evidence) -> None:
        for exchange in exchanges:
            exchange.weak.append(by)
            exchange.sign = max(exchange.sign, by.at)


def _join(exchange: Exchange, entry: Entry, quote: str) -> None:
    exchange.asks.append((entry, quote))
    exchange.sign = max(exchange.sign, entry.at)

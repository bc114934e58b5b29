"""Tracking of requests: what the client asked, and what became of it.

Mail and meetings are taken in order of time. A conversation has at most one open question: the oldest unanswered message that asks
began it, follow-ups join it, and an answer with substance closes it wherever it comes from: the same thread, a new one, a
colleague, a meeting about it; of several questions it closes those that it speaks of. A wish to be called, a missed call and a voicemail are closed by a call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from connectors.calendar import Event
from daemon.core import meetings, messages, sharing, topics
from daemon.core.assessment_inputs import AssessmentInputs
from daemon.core.evidence import event_evidence, message_evidence
from daemon.core.people import same_number
from daemon.core.story_cache import Happening, Progress, in_order
from daemon.core.tracking import follow_ups, promised_meetings, questions, reply_due, requests
from daemon.core.tracking.questions import Question
from daemon.core.tracking.reply_due import Allowances
from daemon.core.tracking.requests import Answer, ClientRequest
from daemon.glossary.obligations import Evidence, Kind, Strength
from daemon.glossary.timelines import Entry, Side
from daemon.reading import ActKind

NEAR = timedelta(days=30)  # an answer in another thread is looked for so long after the last sign
CHASED = timedelta(days=2)  # within which a voicemail and a mail that asks for a call are one wish

_OF_THEIR_OWN = ("question", "request")  # the sorts that are asked for themselves beside a wish to be called
_OWN_MATTER = 4  # words of one


def track_requests(
    inputs: AssessmentInputs, names: frozenset[str], allowances: Allowances, cached: Progress | None = None
) -> tuple[tuple[ClientRequest, ...], Progress]:
    """Return all requests of a timeline in the order in which they began, and the progress to go on from next time.

    `names` are the words that stand in every mail between the two.
    """
    timeline, events = inputs.timeline, list(_events(inputs))
    context = (names, inputs.hours, timeline.account, timeline.client)
    same_decisions = cached is not None and inputs.decisions_on(x.key for x in cached.tracker.all) == cached.decisions
    news = cached.news(context, timeline.entries, events) if cached and same_decisions else None
    if cached is None or news is None:
        cached, news = Progress(_Tracker(inputs, allowances, names), context), in_order(timeline.entries, events)
    tracker: _Tracker = cached.tracker
    tracker.inputs, tracker.allowances = inputs, allowances
    for happening in news:
        tracker.take(happening)
    cached.advance(timeline.entries, events, news)
    cached.decisions = inputs.decisions_on(request.key for request in tracker.all)
    return tuple(tracker.all), cached


def _events(inputs: AssessmentInputs) -> Iterator[Happening]:
    """Yield when each meeting was booked and when it began."""
    for event in inputs.timeline.events:
        if meetings.takes_place(event, inputs.timeline) and not meetings.is_kepts(event, inputs.timeline):
            name = f"{event.uid} {event.occurrence}"
            if event.created is not None:
                yield Happening(event.created.astimezone(UTC), 0, name, event, "booked")
            if event.start <= inputs.now:
                yield Happening(event.start.astimezone(UTC), 0, name, event, "began")


@dataclass(slots=True)
class _Tracker:
    inputs: AssessmentInputs
    allowances: Allowances
    names: frozenset[str]
    all: list[ClientRequest] = field(default_factory=list)
    open: list[ClientRequest] = field(default_factory=list)
    by_conversation: dict[str, ClientRequest] = field(default_factory=dict)
    spoken_in: set[str] = field(default_factory=set)  # conversations in which the client has spoken
    unanswered: dict[str, list[Entry]] = field(default_factory=dict)  # what they said there since our last word, without asking

    def take(self, happening: Happening) -> None:
        """Take the next thing that happened."""
        if isinstance(happening.subject, Entry):
            self.read(happening.subject)
        elif happening.aspect == "booked":
            self.book(happening.subject)
        else:
            self.meet(happening.subject)

    def read(self, entry: Entry) -> None:
        """Take one message."""
        call = entry.reading.call
        if messages.from_client(entry):
            self._from_client(entry)
        elif call is not None and entry.side is not Side.USER and entry.message.authentic:
            if call.kind in {"missed_call", "voicemail"}:
                self._phone_notice(entry)
            else:
                self._close(self._callbacks(entry.at), message_evidence(entry, entry.message.subject))
                self._note(self._replies(entry.at), message_evidence(entry, entry.message.subject, Strength.WEAK))
        elif messages.from_our_side(entry):
            self._from_us(entry)
        elif messages.perhaps_from_us(entry):
            self._perhaps_from_us(entry)
        if entry.message.itip is not None:
            self._calendar_message(entry)

    def meet(self, event: Event) -> None:
        """Take a meeting that began: it returns calls, and answers what it was about. One without guests is weak evidence only."""
        client = self.inputs.timeline.client
        alone, people = meetings.has_no_guests(event, client), {a.email for a in meetings.guests(event, client)}
        evidence, weak_evidence = event_evidence(event), event_evidence(event, Strength.WEAK)
        topic = topics.event_words(event) - self.names
        if alone:
            called = self._callbacks(evidence.at) if meetings.is_call(event) else []
            self._note([*called, *(x for x in self._replies(evidence.at) if topic & x.topic)], weak_evidence)
            return
        self._close(self._callbacks(evidence.at), evidence)
        for request in self._replies(evidence.at):
            if topic & request.topic:
                self._close([request], evidence)
            elif request.contact in people:
                self._note([request], weak_evidence)

    def book(self, event: Event) -> None:
        """Take a booking: it answers whoever in it had proposed a time, or invited to it by mail; a call that is wanted waits for it."""
        if event.created is None:
            return
        client, evidence = self.inputs.timeline.client, event_evidence(event, at=event.created.astimezone(UTC))
        people = {a.email for a in meetings.guests(event, client)}
        for request in self._callbacks(evidence.at):
            if promised_meetings.is_agreed_call(request.contact, request.due, event, client):
                request.put_off(event.start.astimezone(UTC), evidence)
        for request in self._replies(evidence.at):
            proposed = request.contact in people and all(messages.wants_meeting(entry) for entry, _ in request.asks)
            if proposed or event.uid in request.invited:
                self._close([request], evidence)

    def _calendar_message(self, entry: Entry) -> None:
        """Take an invitation, which asks; the user's answer to it, which settles it; or the client's cancellation, which withdraws it."""
        if meetings.invites(entry, self.inputs.timeline):
            uids = meetings.named_by_mail(entry, "request", "counter")
            same = [x for x in self.open if x.first.conversation == entry.conversation or x.invited & uids]
            if not any(entry is asking for x in same for asking, _ in x.asks):
                if same:
                    self._join(same[0], entry, entry.message.subject)
                else:
                    self._add_with_due_time(Kind.REPLY, entry, entry.message.subject)
        elif entry.message.authentic and sharing.author(entry, self.inputs.timeline) is not None:
            uids = meetings.named_by_mail(entry, "reply", "request", "declinecounter", "cancel")
            self._close([x for x in self.open if x.invited & uids], message_evidence(entry, entry.message.subject))
        elif entry.side is Side.CLIENT and entry.message.authentic:
            uids = meetings.named_by_mail(entry, "cancel")
            theirs = [x for x in self.open if x.invited & uids and x.contact == entry.message.sender.email]
            self._take_back(theirs, message_evidence(entry, entry.message.subject))

    # what the client said

    def _from_client(self, entry: Entry) -> None:
        self.spoken_in.add(entry.conversation)
        if entry.reading.of(ActKind.WITHDRAWAL) or (entry.reading.of(ActKind.RELEASE) and not messages.requests(entry)):
            self._withdraw(entry)
        if messages.says_called(entry):
            self._close(self._callbacks(entry.at), message_evidence(entry))
        if messages.asks(entry, sharing.addressed(entry, self.inputs.timeline)):
            self._write_instead(entry)
            self._ask(entry)
        elif follow_ups.chases(entry):
            self._chase(entry)
        elif requests.informs(entry) and not messages.on_copy(entry, sharing.addressed(entry, self.inputs.timeline)):
            self.unanswered.setdefault(entry.conversation, []).append(entry)
        if messages.goes_on(entry):
            self._go_on(entry)

    def _go_on(self, entry: Entry) -> None:
        """Take a message that asks nothing more after the due time, and after a mail of ours without an answer: a sign that it came."""
        overdue = (x for x in self._replies(entry.at) if x.empty is not None and x.due is not None and x.due < entry.at)
        here = [x for x in overdue if x.speaks_in(entry.conversation) and len(x.asks) == 1]
        self._note(here, message_evidence(entry, strength=Strength.WEAK))

    def _chase(self, entry: Entry) -> None:
        """A follow-up joins the open request; where there is none, what the client wrote before it was waiting for an answer."""
        words = follow_ups.with_reason(entry, messages.gist(entry) or "")
        open_request = self._open_request_for(entry)
        before = self.unanswered.pop(entry.conversation, [])
        if open_request is not None:
            self._join(open_request, entry, words)
        elif before:
            self._add_with_due_time(Kind.REPLY, before[0], messages.gist(before[0]) or before[0].message.subject)
            self._join(self.all[-1], entry, words)

    def _withdraw(self, entry: Entry) -> None:
        same = [x for x in self.open if x.first.conversation == entry.conversation and x.first.at < entry.at]
        topic = topics.message_words(entry) - self.names
        others = [x for x in self._replies(entry.at) if len(topic & x.topic) >= 2]
        words = message_evidence(entry, entry.reading.of(ActKind.WITHDRAWAL, ActKind.RELEASE)[0].quote)
        self._take_back(same or others, words)

    def _write_instead(self, entry: Entry) -> None:
        """Take the mail of a caller who reached nobody and writes what it was about: it stands in the place of the call."""
        if messages.tried_to_call(entry) and all(a.sort != "call_me" for a in messages.requests(entry)):
            calls = [x for x in self._callbacks(entry.at) if x.is_phone_notice and entry.at - x.last_sign <= CHASED]
            self._take_back(calls, message_evidence(entry))

    def _ask(self, entry: Entry) -> None:
        wanted = messages.requests(entry)
        calls = [a for a in wanted if a.sort == "call_me"]
        open_request = self._open_request_for(entry) or (self._call_chased(entry) if len(calls) == len(wanted) > 0 else None)
        if (
            open_request is None
            and not calls
            and entry.conversation in self.unanswered
            and not topics.words(entry.reading.new_text) - self.names
        ):
            self._chase(entry)
            return
        best = max(calls or wanted, key=requests.tells_most, default=None)
        quote = best.quote if best else requests.asking_words(entry)
        if open_request is not None:
            asked = questions.questions_of(entry, self.names)
            open_request.pending += questions.further(open_request.pending, asked, chases=follow_ups.chases(entry))
            self._join(open_request, entry, follow_ups.with_reason(entry, quote))
        others = [a for a in wanted if a.sort in _OF_THEIR_OWN and len(a.quote.split()) >= _OWN_MATTER] if calls else []
        if open_request is None and others:
            self._add_with_due_time(Kind.REPLY, entry, max(others, key=requests.tells_most).quote)
        if open_request is None or (calls and open_request.kind is Kind.REPLY):
            mixed = len(calls) < len(wanted) and not others
            self._add_with_due_time(Kind.CALLBACK if calls else Kind.REPLY, entry, quote, mixed=mixed)

    def _open_request_for(self, entry: Entry) -> ClientRequest | None:
        """Return the open request that a further message joins; not one that the user settled before, or that was given up as missed."""
        request = self.by_conversation.get(entry.conversation) or self._repeated(entry)
        if request is None or self.inputs.settled(request.key, entry.at):
            return None
        lapsed = request.due is not None and self.inputs.lapses(request.due, request.last_sign) <= entry.at
        return None if lapsed else request

    def _call_chased(self, entry: Entry) -> ClientRequest | None:
        """Return the call that a message asks for again: one wanted within the last days, by mail or by phone, is wanted once."""
        wanted = (x for x in reversed(self._callbacks(entry.at)) if entry.at - x.last_sign <= CHASED)
        either = (x for x in wanted if x.is_phone_notice != (entry.side is not Side.CLIENT))
        return next((x for x in either if not self.inputs.settled(x.key, entry.at)), None)

    def _repeated(self, entry: Entry) -> ClientRequest | None:
        """Return the question that its asker sends again in a conversation of its own: under the same subject, with no word beside it."""
        own = topics.words(entry.reading.new_text) - self.names
        again = (x for x in reversed(self._replies(entry.at)) if requests.repeats(entry, own, x))
        return next(again, None)

    def _phone_notice(self, entry: Entry) -> None:
        """A missed call or a voicemail: further calls of the same caller join it until the call is returned."""
        call = entry.reading.call
        number = call.number if call else None
        quote = (call.transcript if call else None) or entry.message.subject or "Missed call"
        for request in self.open:
            same = request.is_phone_notice and (number is None or request.number is None or same_number(request.number, number))
            if same and not self.inputs.settled(request.key, entry.at):
                self._join(request, entry, quote)
                return
        asked_by_mail = self._call_chased(entry)
        if asked_by_mail is not None:
            self._join(asked_by_mail, entry, quote)
            return
        self._add_with_due_time(Kind.CALLBACK, entry, quote, number=number)

    def _add_with_due_time(
        self, kind: Kind, entry: Entry, quote: str, *, number: str | None = None, mixed: bool = False
    ) -> ClientRequest:
        """Return a new request, due at the time that its words name, else at the end of what the charter allows from the moment of `entry`."""
        answerable = sharing.addressed(entry, self.inputs.timeline).address
        request = ClientRequest(
            kind=kind,
            key=self.inputs.key(kind, entry.message.message_id, account=answerable),
            answerable=answerable,
            first=entry,
            quote=quote,
            due=reply_due.due(self.inputs.hours, self.allowances, kind, entry),
            topic=(topics.words(quote) if number or entry.side is not Side.CLIENT else topics.message_words(entry)) - self.names,
            last_sign=entry.at,
            asks=[(entry, quote)],
            number=number,
            mixed=mixed,
            pending=questions.questions_of(entry, self.names) if kind is Kind.REPLY else (),
        )
        self.all.append(request)
        self.open.append(request)
        if not request.is_phone_notice and (kind is Kind.REPLY or self._open_request_for(entry) is None):
            self.by_conversation[entry.conversation] = request
        return request

    def _join(self, request: ClientRequest, entry: Entry, quote: str) -> None:
        """Add a further ask to a request. A time that it names moves the due time, unless that has passed: a breach stays one."""
        request.asks.append((entry, quote))
        self.by_conversation.setdefault(entry.conversation, request)
        request.last_sign = entry.at
        if request.due is not None and request.due > entry.at:
            request.due = requests.due_by_words(entry, request.kind, request.due)

    # what we said

    def _from_us(self, entry: Entry) -> None:
        answer = requests.weigh_answer(entry, self.names)
        if answer.has_substance or answer.dated_commitments:
            self.unanswered.pop(entry.conversation, None)
        for request, strength in self._weighed(answer):
            if strength is not None:
                self._settle(request, answer, strength)
            elif request.speaks_in(entry.conversation):
                request.last_sign = max(request.last_sign, entry.at)
                request.empty = answer.evidence if entry.reading.tag or answer.has_gap else request.empty

    def _settle(self, request: ClientRequest, answer: Answer, strength: Strength) -> None:
        """Take an answer to a request: it closes it, leaves some of its questions open, or may be meant for it."""
        same = request.speaks_in(answer.entry.conversation)
        left = questions.left_open(request.pending, answer.entry, self.names) if same and strength is Strength.STRONG else ()
        if left:
            self._answer_in_part(request, left, answer.evidence)
        elif strength is Strength.STRONG:
            self._close([request], answer.evidence)
        else:
            self._note([request], replace(answer.evidence, strength=Strength.WEAK))

    def _answer_in_part(self, request: ClientRequest, left: tuple[Question, ...], by: Evidence) -> None:
        """Take an answer that leaves some questions open. Those of later messages alone go on as a request of their own."""
        first = left[0].entry
        if first is request.first:
            request.leave(left)
            request.parts.append(by)
            if request.due is not None and request.due > by.at:  # a breach stays one
                request.due = reply_due.due_of_rest(self.inputs.hours, self.allowances, request, left)
        else:
            later = [ask for ask in request.asks if ask[0].at >= first.at]
            request.asks = [ask for ask in request.asks if ask[0].at < first.at]
            self._close([request], by)
            request = self._add_with_due_time(Kind.REPLY, first, left[0].quote)
            request.asks = later
            request.leave(left)
        request.last_sign = max(request.last_sign, by.at)

    def _perhaps_from_us(self, entry: Entry) -> None:
        """Note a mail of the user's that may never have left: it may be the answer, and closes nothing."""
        answer = requests.weigh_answer(entry, self.names)
        self._note(
            [request for request, strength in self._weighed(answer) if strength is not None],
            replace(answer.evidence, strength=Strength.WEAK),
        )

    def _weighed(self, answer: Answer) -> list[tuple[ClientRequest, Strength | None]]:
        """Return each open request that an answer may be about, and how far it settles it."""
        entry, weighed = answer.entry, []
        asked = [x for x in self.open if x.first.at < entry.at]
        for request in asked:
            same = request.speaks_in(entry.conversation)
            if not same and entry.at - request.last_sign > NEAR:
                continue
            strength = requests.settles(request, answer, same=same, elsewhere=entry.conversation in self.spoken_in)
            if strength is Strength.STRONG and not same and requests.is_about_another(answer, request, asked):
                strength = Strength.WEAK
            weighed.append((request, strength))
        return weighed

    # closing

    def _callbacks(self, by: datetime) -> list[ClientRequest]:
        return [x for x in self.open if x.kind is Kind.CALLBACK and x.first.at < by]

    def _replies(self, by: datetime) -> list[ClientRequest]:
        return [x for x in self.open if x.kind is Kind.REPLY and x.first.at < by]

    def _close(self, requests: Iterable[ClientRequest], by: Evidence) -> None:
        for request in requests:
            request.closed = by
            self.open.remove(request)
            for entry, _ in request.asks:
                if self.by_conversation.get(entry.conversation) is request:
                    del self.by_conversation[entry.conversation]

    def _take_back(self, requests: Iterable[ClientRequest], by: Evidence) -> None:
        for request in requests:
            request.withdrawn = True
            self._close([request], by)

    def _note(self, requests: Iterable[ClientRequest], by: Evidence) -> None:
        for request in requests:
            request.weak.append(by)
            request.last_sign = max(request.last_sign, by.at)

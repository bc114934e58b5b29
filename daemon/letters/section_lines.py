"""The lines of a digest that show no obligation: meetings, plans, alarms, recoveries, rules, what was filtered out or not read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from connectors.calendar import Event
from daemon.core import hours
from daemon.core.evidence import is_doubtful
from daemon.core.infractions import is_overdue
from daemon.glossary.actions import MEETINGS, Action, ActionKind
from daemon.glossary.assessments import Alarm, AlarmKind, Assessment, HeldBack, Placement, Recovery, RecoveryStage
from daemon.glossary.obligations import Band, Kind, Obligation
from daemon.glossary.parties import Account
from daemon.letters import Item, phrases
from daemon.letters.digest_facts import ClientOf, DigestFacts
from daemon.letters.lines import Line, LineFormatter
from daemon.letters.observations import sentence
from daemon.letters.recovery import INVITED, KIND_NOUNS, OBJECTIVES, causes, trust_progress
from daemon.planning.invitation_answers import Outcome

MAX_OBSERVATIONS = 3  # a week
ALARMING = 40  # working days for which the digest repeats, once a week, that a client is slipping away


def slipping(facts: DigestFacts) -> Iterator[Line]:
    """Yield the clients who seem to be slipping away, the latest news first."""
    morning, today = facts.morning, {line.client for line in meetings_today(facts)}
    alarms = [
        (alarm, a)
        for a in facts.assessments
        for alarm in a.alarms
        if morning.is_news(alarm.since) or (morning.begins_week and morning.is_recent(alarm.since, ALARMING))
        if alarm.kind is not AlarmKind.SILENT or phrases.cut(a.client, 60) not in today  # who is met today is not out of touch
    ]
    for alarm, a in sorted(alarms, key=lambda pair: (pair[0].since, pair[0].key), reverse=True):  # the latest news first
        yield Line(phrases.cut(a.client, 60), phrases.cut(alarm.says, 140), source=" · ".join(_shown_by(alarm, a, facts)))


def _shown_by(alarm: Alarm, a: Assessment, facts: DigestFacts) -> Iterator[str]:
    """Yield since when, and what shows it, each with its own day; of a silence also when the user's side wrote last."""
    told = {o.quote for o in facts.placed.values()}

    def day(at: datetime) -> str:
        return phrases.day(at, facts.formatter.zone, facts.formatter.now)

    shown = [e for e in alarm.evidence[:2] if e.quote and e.quote not in told]
    if day(alarm.since) not in map(day, (e.at for e in shown)):
        yield f"since {day(alarm.since)}"
    yield from (f"{day(e.at)}: {phrases.quoted(e.quote or '', 60)}" for e in shown)
    if alarm.kind is AlarmKind.SILENT and a.last_contact is not None and day(a.last_contact) != day(alarm.since):
        yield f"your side last wrote {day(a.last_contact)}"


def recoveries(facts: DigestFacts) -> Iterator[Line]:
    """Yield for each recovery what happened, what to do next, and how far it has come."""
    for a in facts.assessments:
        r = a.recovery
        if r is not None and _moves(r, facts):
            meeting = next((o for o in facts.owed if o.key == r.key), None)
            source = f"{causes(r, facts.formatter.now)}, since {phrases.day(r.since, facts.formatter.zone, facts.formatter.now)}"
            planned = any(p.kind is ActionKind.RECOVERY and p.client == a.client for p in facts.planned)
            yield Line(
                phrases.cut(a.client, 60),
                INVITED if planned and r.stage is RecoveryStage.PROPOSED else OBJECTIVES[r.stage],
                who=facts.called(r.contact, a),
                status=trust_progress(r, overdue=sum(is_overdue(o, facts.formatter.now) for o in a.obligations)),
                source=source,
                id=meeting.id if meeting else "",
                links=facts.formatter.links(meeting) if meeting else {},
            )


def _moves(r: Recovery, facts: DigestFacts) -> bool:
    """Whether a recovery is worth a line this morning: it begins, its meeting was held or is due, or the week begins."""
    morning = facts.morning
    due = next((o.due for o in facts.owed if o.key == r.key), None)
    moments = (r.since, r.held.at if r.held else None, r.agreed, due)
    return morning.begins_week or any(at is not None and morning.is_news(at) for at in moments)


def observations(facts: DigestFacts) -> Iterator[Line]:
    """Yield the observations of the week."""
    for observation in facts.observations[:MAX_OBSERVATIONS]:
        words = sentence(observation, facts.formatter.account.hours)
        yield Line(phrases.cut(observation.client or "All clients", 60), words)


def rules(facts: DigestFacts) -> Iterator[Line]:
    """Yield what was corrected three times, for the user to make it a rule or not."""
    for p, example in facts.proposals:
        words = phrases.quoted(example, 80) if example else "the same words"
        question = f"You have said {phrases.count(p.count, 'time')} that {words} {NOT_OWED.get(p.kind, 'is not owed')}. Leave it out from now on?"
        yield Line(phrases.cut(p.client, 60), question, source=f"kept corrections --accept {p.id}")


def unread(facts: DigestFacts) -> Iterator[Line]:
    """Yield the messages that could not be read, each in the first digest after it came, the newest first."""
    formatter = facts.formatter
    since = _same_time_last_working_day(formatter)
    unread = [
        (p.at, p.unread) for a in facts.assessments for p in a.balance if p.unread is not None and since < p.at <= formatter.now
    ]
    for at, one in sorted(unread, key=lambda pair: pair[0], reverse=True):
        reason = phrases.WHY_UNREAD.get(one.reason, phrases.cut(one.reason, 60))
        subject = phrases.quoted(one.subject, 80) if one.subject.strip() else "(no subject)"
        source = f"{formatter.moment(at)}; {reason}: open it in your mail program"
        yield Line(phrases.cut(one.client, 60), subject, who=phrases.person(one.sender.email, one.sender.name), source=source)


def _same_time_last_working_day(formatter: LineFormatter) -> datetime:
    """Return when the digest before this one was written: it comes at the same time each working day."""
    working = formatter.account.hours
    day = hours.nth_working_day(working, hours.local_date(working, formatter.now), -1)
    return datetime.combine(day, formatter.now.astimezone(formatter.zone).time(), formatter.zone)


def held_back(facts: DigestFacts) -> Iterator[Line]:
    """Yield the mail that was filtered out of late: from whom, its subject, why."""
    formatter = facts.formatter
    for placement, held in recently_held(facts):
        yield Line(
            phrases.cut(held.client, 60),
            phrases.quoted(held.subject or "no subject", 80),
            who=phrases.cut(held.sender.name or held.sender.email, 60),
            source=f"{formatter.moment(placement.at)}, {phrases.cut(held.why, 120)}",
            id=held.id if held.key else "",
            links=formatter.links(held),
        )


def recently_held(facts: DigestFacts) -> list[tuple[Placement, HeldBack]]:
    """Return the mail that was filtered out since the last working day began, the newest first."""
    formatter = facts.formatter
    today = hours.local_date(formatter.account.hours, formatter.now)
    last = hours.nth_working_day(formatter.account.hours, today, -1)
    since = facts.midnight((last - today).days)
    filtered = [
        (p, p.held) for a in facts.assessments for p in a.balance if p.held is not None and since <= p.at <= formatter.now
    ]
    return sorted(filtered, key=lambda pair: (pair[0].at, pair[0].message_id), reverse=True)


NOT_OWED: Mapping[Kind, str] = {
    Kind.REPLY: "needs no answer",
    Kind.CALLBACK: "does not ask for a call",
    Kind.PROMISE: "is not a promise",
    Kind.WAITING_FOR: "is not a promise of theirs",
}


def meetings_today(facts: DigestFacts) -> Iterator[Line]:
    """Yield the meetings with clients of this day, in order, with what each client is still owed."""
    start, end = facts.midnight(0), facts.midnight(1)
    for event in sorted(facts.events, key=lambda e: (e.start, e.uid)):
        if start <= event.start < end and not (event.all_day or event.private or event.status == "cancelled"):
            for client in clients_at(event, facts.formatter.account, facts.client_of):
                yield _meeting(event, client, facts)


def clients_at(event: Event, account: Account, client_of: ClientOf) -> tuple[str, ...]:
    """Return the clients who have somebody at the meeting; none where the user declined it."""
    if any(a.email in account.addresses and a.answer == "declined" for a in event.attendees):
        return ()
    people = [a.email for a in event.attendees] + ([event.organizer] if event.organizer else [])
    return tuple(dict.fromkeys(client for email in people if (client := client_of(email))))


def _meeting(event: Event, client: str, facts: DigestFacts) -> Line:
    times = f"{phrases.time_of_day(event.start, facts.formatter.zone)}–{phrases.time_of_day(event.end, facts.formatter.zone)}"
    kinds = (Kind.WAITING_FOR, Kind.NEXT_STEP, Kind.REVIEW)
    open_ = [
        o for o in facts.open_with(client) if o.kind not in kinds and o.snoozed_until != event.start
    ]  # nor what it makes up for
    sure = [o for o in open_ if o.band is Band.TRACKED and not is_doubtful(o)]
    doubtful = [o for o in open_ if o not in sure]
    parts = [f"{title}: {_still_owed(owed, facts)}" for title, owed in (("still owed", sure), ("perhaps owed", doubtful)) if owed]
    source = "; ".join(parts) or "nothing is known to be owed to them"
    words = phrases.cut(event.summary or "Meeting", 80)
    unanswered = ", not answered yet" if _awaits_answer(event, client, facts) else ""
    return Line(phrases.cut(client, 60), f"{words}{unanswered}", status=times, source=source)


def _awaits_answer(event: Event, client: str, facts: DigestFacts) -> bool:
    """Whether nobody of a client has answered the user's invitation."""
    if event.organizer not in facts.formatter.account.addresses:
        return False
    answers = {a.answer for a in event.attendees if facts.client_of(a.email) == client}
    return answers == {"needs-action"}


def _still_owed(owed: Sequence[Obligation], facts: DigestFacts) -> str:
    """Return what is owed in its words; where these have a line of their own, only what it is and by when."""
    more = f" and {len(owed) - 3} more" if len(owed) > 3 else ""
    return "; ".join(_in_short(o, facts) for o in owed[:3]) + more


def _in_short(o: Obligation, facts: DigestFacts) -> str:
    if o.key in facts.placed:
        noun = "what you promised" if o.kind is Kind.PROMISE else KIND_NOUNS[o.kind]
        return f"{noun} ({facts.formatter.status(o)})"
    hidden = (
        f" (hidden until {facts.formatter.moment(o.snoozed_until)})"
        if o.snoozed_until and o.snoozed_until > facts.formatter.now
        else ""
    )
    return (phrases.quoted(o.quote, 70) if o.quote else phrases.cut(o.summary, 70)) + hidden


def unsettled(facts: DigestFacts) -> Iterator[Line]:
    """Yield each send and booking whose fate is not known, or that was given up, with what to do about it."""
    formatter = facts.formatter
    for one in facts.unsettled:
        yield Line(
            phrases.cut(one.client or "You", 60),
            phrases.cut(one.what, 160),
            status=f"since {formatter.moment(one.since)}",
            source=phrases.cut(one.next, 300).rstrip("."),
            id=one.id,
            links=formatter.links(one),
        )


def answered(facts: DigestFacts) -> Iterator[Line]:
    """Yield what became of the meetings that Kept booked, with the next step."""
    formatter = facts.formatter
    for answer in facts.answers:
        event, o = answer.event, answer.obligation
        when = phrases.span(event.start, event.end, formatter.zone, formatter.now)
        was = f" (was {formatter.moment(answer.booked)})" if answer.booked and answer.booked != event.start else ""
        outcome, following = _OUTCOMES[answer.outcome]
        yield Line(
            phrases.cut(o.client, 60),
            f"{phrases.cut(event.summary, 60)}, {when}{was}",
            who=facts.called(answer.guest),
            status=outcome,
            source=following,
            id=o.id,
            late=answer.outcome is Outcome.DECLINED,
            item=Item(o.id, o.client, answer.guest, due=event.start, key=o.key),
        )


_OUTCOMES: Mapping[Outcome, tuple[str, str]] = {
    Outcome.ACCEPTED: ("accepted", "it takes place; kept report shows what to talk about"),
    Outcome.DECLINED: ("declined", "call them and agree on another time; Kept sees it in your calendar"),
    Outcome.TENTATIVE: ("not sure yet", "ask them which time suits them"),
    Outcome.MOVED: ("moved", "they have not yet accepted the new time"),
}


def planned(facts: DigestFacts) -> Iterator[Line]:
    """Yield what will reach others than the user, and when."""
    formatter, by_client = facts.formatter, {a.client: a for a in facts.assessments}
    for action in sorted(facts.planned, key=lambda a: (a.at, a.key)):
        if action.reaches_others:
            who = phrases.listed([facts.called(a, by_client.get(action.client or "")) for a in action.attendees])
            when = f"{_PLANNED[action.kind]} {formatter.moment(action.at)}"
            yield Line(
                phrases.cut(action.client or "", 60),
                _what(action, formatter),
                who=who,
                source=when,
                id=action.id,
                links=formatter.links(action),
                text=facts.text_of(action) if facts.everything else "",
                item=Item(action.id, action.client or "", action.attendees[0]),
            )


_PLANNED: dict[ActionKind, str] = {
    ActionKind.REVIEW: "goes out",
    ActionKind.RECOVERY: "goes out",
    ActionKind.ESCALATE: "your manager will be told",
    ActionKind.TOUCH_BASE: "the touch-base sheet goes out",
    ActionKind.COVER: "the cover list goes out",
}


def _what(action: Action, formatter: LineFormatter) -> str:
    if action.kind in MEETINGS and action.start is not None and action.end is not None:
        name = "Recovery meeting" if action.kind is ActionKind.RECOVERY else "Review"
        return f"{name}, {phrases.span(action.start, action.end, formatter.zone, formatter.now)}"
    if action.kind is ActionKind.ESCALATE:
        return "; ".join(phrases.cut(o.summary, 100) for o in action.obligations)
    return phrases.cut(action.summary, 120)

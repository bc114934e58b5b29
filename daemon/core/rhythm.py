"""Rhythm: the signs that a client is slipping away (DOMAIN, infers 6): each is one alarm, with what shows it, gone after contact.

silent    silence longer than their own habit explains (core.habit); an absence note or a meeting counts as having heard of them
slower    their answers to us take noticeably longer than theirs used to, in business time
shorter   their mails say noticeably less than theirs used to
declined  two meetings in a row that their side declined, until one takes place or is accepted
left      somebody says that a contact leaves or has left, or our mail to a contact bounces

New and one-off contacts have no habit and raise no alarm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from connectors.calendar import Event
from daemon.core import evidence as proof
from daemon.core import habit, hours
from daemon.core.course import meetings
from daemon.core.model import Alarm, AlarmKind, Client, Entry, Evidence, Side, Stage, Strength, Timeline
from daemon.core.people import ADDRESS

SLOWER, SLOW = 2.0, 240.0  # times as long, and at least so many business minutes more
SHORTER, SHORT = 2.0, 15.0  # times as few words, and at least so many fewer
DECLINES = 2
GONE = timedelta(days=10)  # who says "my last day is Friday" still writes that week
OTHERS = 2  # mails of other people there after which a departure is no alarm any more
FRESH = timedelta(days=120)  # how long a departure or a declined meeting is news

_LEFT = re.compile(
    r"\b(?:(?:is|am|'m|are|was) (?:no longer|not longer) (?:with|at|working (?:for|at|with)|employed|part of)|no longer works? (?:for|at|with|here)|"
    r"(?:has|have|had|'s|'ve) (?:now )?left (?:the (?:company|business|firm|organi[sz]ation|team)|us\b|our (?:company|team))|"
    r"(?:i am|i'm|i will be|i'll be) leaving (?:the (?:company|business|firm)|us\b|[A-Z]\w+ (?:at|on|in|this|next))|"
    r"(?:my|his|her|their) last (?:working )?day (?:is|was|will be|here|at|with)|"
    r"ist nicht mehr (?:bei uns|für uns|im unternehmen|in unserem)|nicht mehr (?:bei uns|für uns|im unternehmen) (?:tätig|beschäftigt)|"
    r"hat (?:das unternehmen|uns|die firma) verlassen|verlasse (?:das unternehmen|die firma)|(?:mein|sein|ihr) letzter (?:arbeits)?tag)",
    re.IGNORECASE,
)


def alarms(timeline: Timeline, now: datetime) -> tuple[Alarm, ...]:
    """Every sign at `now`; what arrives later must not be in the timeline."""
    if timeline.client.stage is Stage.LOST:
        return ()
    theirs = [e for e in timeline.entries if proof.from_client(e)]
    found = (
        *_silent(timeline, theirs, now),
        *_slower(timeline),
        *_shorter(timeline.client, theirs),
        *_declined(timeline, now),
        *_left(timeline, theirs, now),
    )
    return tuple(sorted(found, key=lambda a: (a.since, a.key)))


def _alarm(client: Client, kind: AlarmKind, at: datetime, event: str, says: str, *shown: Evidence) -> Alarm:
    return Alarm(f"{kind.value}:{client.name}:{event}", kind, client.name, at, says, shown)


# --- silence ---


def _silent(timeline: Timeline, theirs: Sequence[Entry], now: datetime) -> Iterator[Alarm]:
    if len(theirs) <= habit.GAPS:
        return
    working = timeline.account.hours
    extra = timeline.client.hours.holidays if timeline.client.hours else frozenset()
    met = meetings(timeline, now)
    days = sorted({hours.local_date(working, at) for at in (*(e.at for e in theirs), *(m.at for m in met))})
    back = [e.reading.away_until for e in timeline.entries if e.side is Side.CLIENT and e.reading.away_until is not None]
    calendar = habit.working_days(working, extra)
    found = habit.silence(days, max([days[-1], *back]), hours.local_date(working, now), calendar)
    if found is not None:
        last = max((proof.of_message(theirs[-1]), *met[-1:]), key=lambda e: e.at)
        usual = "every working day" if found.usual < 2 else f"every {round(found.usual)} working days"
        says = f"silent for {found.days} working days; usually they are in touch {usual}"
        yield _alarm(timeline.client, AlarmKind.SILENT, last.at, last.reference, says, last)


# --- their answers ---


def _slower(timeline: Timeline) -> Iterator[Alarm]:
    answers = list(_answers(timeline))
    place = habit.grown([minutes for _, minutes in answers], SLOWER, SLOW)
    if place is not None:
        first = answers[place][0]
        says = f"their answers take more than {SLOWER:.0f} times as long as before"
        yield _alarm(
            timeline.client, AlarmKind.SLOWER, first.at, first.message.message_id, says, proof.of_message(answers[-1][0])
        )


def _answers(timeline: Timeline) -> Iterator[tuple[Entry, float]]:
    """Each answer of theirs to a mail of ours in the same conversation, and how long it took in business minutes."""
    waiting: dict[str, datetime] = {}
    for e in timeline.entries:
        if proof.from_us(e):
            waiting.setdefault(e.conversation, e.at)
        elif proof.from_client(e) and e.conversation in waiting:
            took = hours.between(timeline.account.hours, waiting.pop(e.conversation), e.at)
            yield e, took.total_seconds() / 60


def _shorter(client: Client, theirs: Sequence[Entry]) -> Iterator[Alarm]:
    """Lengths fall where their inverses grow by the same factor; the difference is counted in words."""
    lengths = [len(e.reading.new_text.split()) for e in theirs]
    place = habit.grown([-float(n) for n in lengths], 1 / SHORTER, SHORT)
    if place is not None:
        first = theirs[place]
        says = "their mails say less than half of what they used to"
        yield _alarm(client, AlarmKind.SHORTER, first.at, first.message.message_id, says, proof.of_message(theirs[-1]))


# --- meetings ---


def _declined(timeline: Timeline, now: datetime) -> Iterator[Alarm]:
    """Meetings in order of their time: those after the last that took place or was accepted."""
    with_them = [e for e in timeline.events if proof.guests(e, timeline.client) and not e.all_day and e.start > now - FRESH]
    refused: list[Event] = []
    for event in sorted(with_them, key=lambda e: (e.start, e.uid)):
        if _refused(event, timeline.client):
            refused.append(event)
        elif event.start <= now or any(a.answer == "accepted" for a in proof.guests(event, timeline.client)):
            refused = [] if proof.stands(event, timeline) else refused
    if len(refused) >= DECLINES:
        last = refused[-1]
        says = f"{len(refused)} meetings in a row declined by them"
        shown = tuple(proof.of_event(e, Strength.WEAK) for e in refused[-3:])
        yield _alarm(timeline.client, AlarmKind.DECLINED, min(now, refused[0].start.astimezone(UTC)), f"{last.uid}", says, *shown)


def _refused(event: Event, client: Client) -> bool:
    answers = [a.answer for a in proof.guests(event, client)]
    return bool(answers) and all(a == "declined" for a in answers)


# --- departures ---


def _left(timeline: Timeline, theirs: Sequence[Entry], now: datetime) -> Iterator[Alarm]:
    told: set[str] = set()
    for e in reversed(timeline.entries):
        if e.at < now - FRESH:
            break
        found = _departure(e, timeline.client)
        if found is not None and found[0] not in told and not _heard_since(e, found[0], theirs):
            told.add(found[0])
            says = "a contact seems to have left" if e.reading.automated != "bounce" else f"a mail to {found[0]} came back"
            yield _alarm(timeline.client, AlarmKind.LEFT, e.at, e.message.message_id, says, proof.of_message(e, found[1]))


def _departure(e: Entry, client: Client) -> tuple[str, str] | None:
    """Who seems to be gone: whom a mail could not be delivered to, or else the writer; and the words."""
    if e.reading.automated == "bounce":
        theirs = (
            a.lower()
            for a in ADDRESS.findall(e.reading.new_text)
            if a.lower() in client.addresses or _domain(a) in client.domains
        )
        return next(((address, e.message.subject) for address in theirs), None)
    if e.side is not Side.CLIENT or not e.message.authentic:
        return None
    said = _LEFT.search(e.reading.new_text)
    if said is None:
        return None
    start, end = e.reading.new_text.rfind("\n", 0, said.start()) + 1, e.reading.new_text.find("\n", said.end())
    return e.message.sender.email, e.reading.new_text[start : end if end >= 0 else None].strip()[:200]


def _domain(address: str) -> str:
    return address.lower().rpartition("@")[2]


def _heard_since(e: Entry, writer: str, theirs: Sequence[Entry]) -> bool:
    """Whether the same person wrote long after it (after a mail came back: at all), or other people there took over."""
    later = [x for x in theirs if x.at > e.at and not _LEFT.search(x.reading.new_text)]
    wait = timedelta() if e.reading.automated == "bounce" else GONE
    same = any(x.message.sender.email == writer and x.at > e.at + wait for x in later)
    return same or sum(x.message.sender.email != writer for x in later) >= OTHERS

"""The sections of the digest, in reading order. A new section is one entry of `SECTIONS` and, where it takes obligations, one rule.

An obligation stands in one section (`section_of`) and in no other. A line too many is counted, never dropped in silence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeAlias

from connectors.calendar import Event
from daemon.analysis.observations import Observation
from daemon.core import hours
from daemon.core.corrections import Proposal
from daemon.glossary.actions import Action, ActionKind
from daemon.glossary.assessments import Assessment, Coverage
from daemon.glossary.obligations import Band, Kind, Obligation
from daemon.glossary.parties import Account
from daemon.letters import phrases
from daemon.letters.lines import Eye, Line, weak
from daemon.letters.observations import say
from daemon.letters.recovery import OBJECTIVES, because, trust
from daemon.planning.invites import is_recovery
from daemon.planning.plan_inputs import booked, read_since

MOST, FEW, LEAST = 12, 6, 2  # lines of a section, of a compact one, and of one that comes when the mail is full
FULL = 32  # lines of the whole mail: half a minute has no room for more, and there are mail clients that cut at 102 KB
AHEAD = timedelta(days=7)
THOUGHTS = 3  # of a week

OVERDUE, TODAY, ASKS, DOUBTED = "Overdue", "Due today", "Was this done?", "Did I read this right?"
COMING, WAITING, NEXT_STEPS, BEFORE = "Due this week", "You wait for", "Nothing planned", "Open since before you started"

Whose: TypeAlias = Callable[[str], str | None]
"""An address's client (core.people.Directory.match)."""


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a section may speak of. `owed` is all that is open and not snoozed, most pressing first."""

    eye: Eye
    assessments: tuple[Assessment, ...]
    coverage: tuple[Coverage, ...]
    planned: tuple[Action, ...]
    events: tuple[Event, ...]
    whose: Whose
    owed: tuple[Obligation, ...]
    thoughts: tuple[Observation, ...] = ()  # once a week
    proposals: tuple[tuple[Proposal, str], ...] = ()  # rules that corrections suggest, with an example of the words

    def midnight(self, days: int) -> datetime:
        """The start of the user's day so many days from today."""
        today = hours.local_date(self.eye.account.hours, self.eye.now)
        return datetime.combine(today + timedelta(days=days), time(), self.eye.zone)


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the mail: how the status of an obligation's line reads there, or which other lines it has.

    `compact` lines stand closer; `status` of None leaves the usual one.
    """

    title: str
    compact: bool = False
    status: Callable[[Obligation, Facts], str | None] = lambda _o, _facts: None
    lines: Callable[[Facts], Iterator[Line]] = lambda _facts: iter(())


@dataclass(frozen=True, slots=True)
class Shown:
    """A section with its lines, as the templates show it; `more` lines were cut."""

    title: str
    compact: bool
    total: int
    lines: Sequence[Line]
    more: int


def shown(facts: Facts) -> Iterator[Shown]:
    """The sections that have something to say."""
    places = [(o, section_of(o, facts)) for o in facts.owed]
    left = FULL
    for section in SECTIONS:
        here = [o for o, title in places if title == section.title]
        most = min(FEW if section.compact else MOST, max(left, LEAST))
        lines = [*(facts.eye.line(o, section.status(o, facts)) for o in here[:most]), *section.lines(facts)]
        if lines:
            total = max(len(here), len(lines))
            left -= min(len(lines), most)
            yield Shown(section.title, section.compact, total, lines[:most], max(0, total - most))


def section_of(o: Obligation, facts: Facts) -> str | None:
    """The title of the one section that an obligation stands in; None where the digest does not speak of it (yet)."""
    eye, kinds = facts.eye, {Kind.WAITING_FOR: WAITING, Kind.NEXT_STEP: NEXT_STEPS}
    if any(a.recovery is not None and a.recovery.key == o.key for a in facts.assessments):
        return None  # it has a section of its own
    if o.kind is Kind.REVIEW and (booked(o, eye.now) or any(o.key == p.key for a in facts.planned for p in a.obligations)):
        return None  # it stands in the calendar, or among what is planned
    if not o.counts:
        return BEFORE
    if o.band is Band.ASKED:
        return DOUBTED
    if o.kind in kinds:
        return kinds[o.kind]
    if o.kind is not Kind.REVIEW and weak(o) is not None:
        return ASKS
    return _by_due(o, facts)


def _by_due(o: Obligation, facts: Facts) -> str | None:
    """No breach is claimed past a gap: what fell due after a mailbox was last read is due, not overdue."""
    if o.due is not None and facts.eye.is_late(o) and read_since(facts.coverage, o.due):
        return OVERDUE
    if o.due is not None and o.due < facts.midnight(1):
        return TODAY
    return COMING if o.due is None or o.due < facts.eye.now + AHEAD else None


def _unsure(o: Obligation, facts: Facts) -> str | None:
    return f"due {facts.eye.moment(o.due)}, mail not read since" if o.due and facts.eye.is_late(o) else None


def _when_due(o: Obligation, facts: Facts) -> str:
    return f"due {facts.eye.moment(o.due)}" if o.due else "no fixed date"


def _expected(o: Obligation, facts: Facts) -> str:
    if o.due is None:
        return "no fixed date"
    return f"was expected {facts.eye.moment(o.due)}" if facts.eye.is_late(o) else f"expected {facts.eye.moment(o.due)}"


_GUESSES: dict[Kind, str] = {
    Kind.REPLY: "do they wait for an answer?",
    Kind.CALLBACK: "is a call owed?",
    Kind.PROMISE: "a promise of yours?",
    Kind.WAITING_FOR: "a promise of theirs?",
}


def _guess(o: Obligation, facts: Facts) -> str:
    by = f", by {facts.eye.moment(o.due)}" if o.due else ""
    return _GUESSES.get(o.kind, "is it so?").replace("?", f"{by}?")


def _unsaid(_o: Obligation, _facts: Facts) -> str:
    return ""


def _slipping(facts: Facts) -> Iterator[Line]:
    zone, now = facts.eye.zone, facts.eye.now
    alarms = [(alarm, a) for a in facts.assessments for alarm in a.alarms]
    for alarm, a in sorted(alarms, key=lambda pair: (pair[0].since, pair[0].key), reverse=True):  # the latest news first
        last = f"last contact {phrases.day(a.last_contact, zone, now)}" if a.last_contact else ""
        seen = "; ".join(phrases.quoted(e.quote, 60) for e in alarm.evidence[:2] if e.quote)
        source = " · ".join(part for part in (f"since {phrases.day(alarm.since, zone, now)}", last, seen) if part)
        yield Line(phrases.cut(a.client, 60), "", phrases.cut(alarm.says, 140), "", source, "", {})


def _recoveries(facts: Facts) -> Iterator[Line]:
    """What happened, what is to be done next, and how far trust is back."""
    for a in facts.assessments:
        r = a.recovery
        if r is not None:
            meeting = next((o for o in facts.owed if o.key == r.key), None)
            source = f"{because(r, facts.eye.now)}, since {phrases.day(r.since, facts.eye.zone, facts.eye.now)}"
            links = facts.eye.links(meeting) if meeting else {}
            yield Line(
                phrases.cut(a.client, 60),
                phrases.person(r.contact),
                OBJECTIVES[r.stage],
                trust(r),
                source,
                meeting.id if meeting else "",
                links,
            )


def _thoughts(facts: Facts) -> Iterator[Line]:
    for thought in facts.thoughts[:THOUGHTS]:
        yield Line(phrases.cut(thought.client or "All clients", 60), "", say(thought, facts.eye.account.hours), "", "", "", {})


def _rules(facts: Facts) -> Iterator[Line]:
    """What was corrected three times, to be made a rule or not."""
    for p, said in facts.proposals:
        what = p.kind.value.replace("_", " ")
        ask = f"{phrases.count(p.count, 'time')} you said that {phrases.quoted(said, 80) if said else 'the same words'} is no {what}. Never ask again?"
        yield Line(phrases.cut(p.client, 60), "", ask, "", f"kept corrections --accept {p.id}", "", {})


def _meetings(facts: Facts) -> Iterator[Line]:
    start, end = facts.midnight(0), facts.midnight(1)
    for event in sorted(facts.events, key=lambda e: (e.start, e.uid)):
        if start <= event.start < end and not (event.all_day or event.private or event.status == "cancelled"):
            for client in clients_at(event, facts.eye.account, facts.whose):
                yield _meeting(event, client, facts)


def clients_at(event: Event, account: Account, whose: Whose) -> tuple[str, ...]:
    """The clients with somebody at the meeting, unless the user declined it."""
    if any(a.email in account.addresses and a.answer == "declined" for a in event.attendees):
        return ()
    people = [a.email for a in event.attendees] + ([event.organizer] if event.organizer else [])
    return tuple(dict.fromkeys(client for email in people if (client := whose(email))))


def _meeting(event: Event, client: str, facts: Facts) -> Line:
    owed = [o for o in facts.owed if o.client == client and o.kind not in (Kind.WAITING_FOR, Kind.NEXT_STEP, Kind.REVIEW)]
    still = "; ".join(phrases.quoted(o.quote, 70) if o.quote else phrases.cut(o.summary, 70) for o in owed[:3])
    more = f" and {len(owed) - 3} more" if len(owed) > 3 else ""
    times = f"{phrases.clock(event.start, facts.eye.zone)}–{phrases.clock(event.end, facts.eye.zone)}"
    source = f"still owed: {still}{more}" if owed else "nothing owed to them"
    return Line(phrases.cut(client, 60), "", phrases.cut(event.summary or "Meeting", 80), times, source, "", {})


def _planned(facts: Facts) -> Iterator[Line]:
    eye = facts.eye
    for action in sorted(facts.planned, key=lambda a: (a.at, a.key)):
        if action.reaches_others:
            who = phrases.listed([phrases.person(a) for a in action.attendees])
            when = f"{_PLANNED[action.kind]} {eye.moment(action.at)} unless you stop it"
            yield Line(phrases.cut(action.client or "", 60), who, _what(action, eye), "", when, action.id, eye.links(action))


_PLANNED: dict[ActionKind, str] = {
    ActionKind.INVITE: "the invitation goes out",
    ActionKind.ESCALATE: "your manager hears of it",
    ActionKind.TOUCH_BASE: "the sheet goes out",
    ActionKind.COVER: "the list goes out",
}


def _what(action: Action, eye: Eye) -> str:
    if action.kind is ActionKind.INVITE and action.start is not None and action.end is not None:
        name = "Recovery meeting" if is_recovery(action) else "Review"
        return f"{name}, {phrases.span(action.start, action.end, eye.zone, eye.now)}"
    if action.kind is ActionKind.ESCALATE:
        return "; ".join(phrases.cut(o.summary, 100) for o in action.obligations)
    return phrases.cut(action.summary, 120)


SECTIONS: tuple[Section, ...] = (
    Section(OVERDUE),
    Section(TODAY, status=_unsure),
    Section("Planned on your behalf", compact=True, lines=_planned),
    Section(ASKS, status=_when_due),
    Section(DOUBTED, compact=True, status=_guess),
    Section("Meetings today", compact=True, lines=_meetings),
    Section(COMING, compact=True),
    Section(WAITING, compact=True, status=_expected),
    Section("Trust to win back", compact=True, lines=_recoveries),
    Section("Slipping away?", compact=True, lines=_slipping),
    Section(NEXT_STEPS, compact=True, status=_unsaid),
    Section("A rule?", compact=True, lines=_rules),
    Section("Worth a thought", compact=True, lines=_thoughts),
    Section(BEFORE, compact=True),
)

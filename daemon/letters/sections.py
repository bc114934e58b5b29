"""The sections of the digest, in reading order. A new section is one entry of `SECTIONS`, and one rule of `section_of` where it shows obligations.

An obligation appears in one section (`section_of`) and in no other, and only where it is worth saying this morning
(`planning.worth_saying`). The mail has room for so many lines; whatever is not said is counted, never dropped silently.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import TypeAlias

from connectors.calendar import Event
from daemon.analysis.observations import Observation
from daemon.core import hours
from daemon.core.corrections import Proposal
from daemon.glossary.actions import MEETINGS, Action, ActionKind
from daemon.glossary.assessments import Assessment, Coverage, Recovery
from daemon.glossary.obligations import Kind, Obligation
from daemon.glossary.parties import Account
from daemon.letters import phrases
from daemon.letters.lines import Line, LineFormatter, weak_evidence
from daemon.letters.observations import sentence
from daemon.letters.recovery import KIND_NOUNS, OBJECTIVES, causes, trust_progress
from daemon.planning.plan_inputs import is_booked, mail_read_until
from daemon.planning.worth_saying import Morning, speaks

KEPT_FOR_TODAY = 3  # lines that what is overdue leaves to what is due today
MAX_OBSERVATIONS = 3  # a week

OVERDUE, TODAY, MAYBE_DONE, UNSURE = "Overdue", "Due today", "Was this done?", "Did I read this right?"
STILL_OPEN = "Still open?"
THIS_WEEK, AWAITED, NEXT_STEPS, BEFORE_START = (
    "Due this week",
    "You are waiting for",
    "Nothing planned",
    "Already open when you started",
)

ClientOf: TypeAlias = Callable[[str], str | None]
"""Gives the client that an address belongs to (`core.people.Directory.match`)."""


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """Everything that a section may show. `owed` is all that is open and not snoozed, most pressing first."""

    formatter: LineFormatter
    assessments: Sequence[Assessment]
    coverage: Sequence[Coverage]
    planned: Sequence[Action]
    events: Sequence[Event]
    client_of: ClientOf
    owed: Sequence[Obligation]
    observations: Sequence[Observation] = ()  # once a week
    proposals: Sequence[tuple[Proposal, str]] = ()  # rules that the corrections suggest, each with an example of the words
    questions: Sequence[Obligation] = ()  # what this digest asks the user about
    lines: int = 10  # the most lines of the mail
    placed: Mapping[str, Obligation] = field(default_factory=dict)  # what has a line of its own, by key

    @property
    def morning(self) -> Morning:
        """The morning that the digest is for."""
        return Morning(self.formatter.account.hours, self.formatter.now)

    def called(self, contact: str | None) -> str:
        """Return what to call a contact of one of the clients."""
        owed = (o for a in self.assessments for o in a.obligations)
        name = next((o.contact_name for o in owed if o.contact == contact and o.contact_name), "")
        return phrases.person(contact, name)

    def midnight(self, days: int) -> datetime:
        """Return the start of the user's day so many days from today."""
        today = hours.local_date(self.formatter.account.hours, self.formatter.now)
        return datetime.combine(today + timedelta(days=days), time(), self.formatter.zone)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the digest: the status that its obligations show, or what other lines it has.

    `compact` lines take less room. `status` returns None to leave the usual status. A `whole` section is shown whole, a `weekly` one on
    the first working day of a week alone, and `at_least` so many lines of it however full the mail is. `all_with` is the command that
    lists the lines that do not fit.
    """

    title: str
    compact: bool = False
    whole: bool = False
    weekly: bool = False
    at_least: int = 0
    status: Callable[[Obligation, DigestFacts], str | None] = lambda _o, _facts: None
    lines: Callable[[DigestFacts], Iterator[Line]] = lambda _facts: iter(())
    all_with: str = "kept due"


@dataclass(frozen=True, slots=True)
class FilledSection:
    """A section with its lines, as the templates show it; `more` lines did not fit."""

    title: str
    compact: bool
    total: int
    lines: Sequence[Line]
    more: int
    all_with: str


def filled_sections(facts: DigestFacts) -> tuple[tuple[FilledSection, ...], int]:
    """Return the sections that have lines, within the limit of the mail, and how much else is open that they neither show nor count."""
    by_title = _by_title(facts)
    placed = {o.key: o for obligations in by_title.values() for o in obligations}
    facts, room, filled, left_out = replace(facts, placed=placed), facts.lines, list[FilledSection](), _resting(facts, placed)
    for section in SECTIONS:
        obligations = by_title.get(section.title, [])
        others = list(section.lines(facts)) if facts.morning.begins_week or not section.weekly else []
        total = len(obligations) + len(others)
        kept_free = min(len(by_title.get(TODAY, ())), KEPT_FOR_TODAY) if section.title == OVERDUE else 0
        most = total if section.whole else min(total, max(room - kept_free, section.at_least, 0))
        lines = [*(facts.formatter.line(o, section.status(o, facts)) for o in obligations[:most]), *others][:most]
        room -= len(lines)
        if lines:
            filled.append(FilledSection(section.title, section.compact, total, lines, total - len(lines), section.all_with))
        else:
            left_out += total
    return tuple(filled), left_out


def _by_title(facts: DigestFacts) -> Mapping[str, list[Obligation]]:
    """Return the obligations of each section. The same words of one client stand once, where they press most."""
    by_title: dict[str, list[Obligation]] = {}
    said: set[tuple[str, str]] = set()
    for o in facts.owed:
        title, words = section_of(o, facts), (o.client, " ".join((o.quote or o.key).split()).casefold())
        if title is not None and words not in said:
            said.add(words)
            by_title.setdefault(title, []).append(o)
    return by_title


def _resting(facts: DigestFacts, placed: Collection[str]) -> int:
    """Return how much is open that has no line this morning, here or among what is planned and won back."""
    return sum(o.key not in placed and not _is_elsewhere(o, facts) for o in facts.owed)


def _is_elsewhere(o: Obligation, facts: DigestFacts) -> bool:
    """Whether an obligation is shown by something else: its recovery, the calendar, or what is planned on the user's behalf."""
    if any(a.recovery is not None and a.recovery.key == o.key for a in facts.assessments):
        return True
    booked = is_booked(o, facts.formatter.now) or any(o.key == p.key for a in facts.planned for p in a.obligations)
    return o.kind is Kind.REVIEW and booked


def section_of(o: Obligation, facts: DigestFacts) -> str | None:
    """Return the title of the one section that shows an obligation; None where the digest does not show it (today)."""
    kinds = {Kind.WAITING_FOR: AWAITED, Kind.NEXT_STEP: NEXT_STEPS}
    if _is_elsewhere(o, facts):
        return None
    if any(o.key == asked.key for asked in facts.questions):
        return UNSURE if o.due is not None else STILL_OPEN
    if not speaks(o, facts.morning):
        return None
    if not o.counts:
        return BEFORE_START
    if o.kind in kinds:
        return kinds[o.kind]
    if o.kind is not Kind.REVIEW and weak_evidence(o) is not None:
        return MAYBE_DONE
    return _by_due(o, facts)


def _by_due(o: Obligation, facts: DigestFacts) -> str | None:
    """Return the section by due time. What fell due after a mailbox was last read counts as due, not as overdue."""
    if o.due is not None and facts.formatter.is_late(o) and mail_read_until(facts.coverage, o.due):
        return OVERDUE
    if o.due is not None and o.due < facts.midnight(1):
        return TODAY
    return THIS_WEEK


def _due_or_unread(o: Obligation, facts: DigestFacts) -> str | None:
    return f"due {facts.formatter.moment(o.due)}, mail not read since then" if o.due and facts.formatter.is_late(o) else None


def _when_due(o: Obligation, facts: DigestFacts) -> str:
    return f"due {facts.formatter.moment(o.due)}" if o.due else "no fixed date"


def _expected(o: Obligation, facts: DigestFacts) -> str:
    if o.due is None:
        return "no fixed date"
    return (
        f"was expected by {facts.formatter.moment(o.due)}"
        if facts.formatter.is_late(o)
        else f"expected by {facts.formatter.moment(o.due)}"
    )


_QUESTIONS: Mapping[Kind, tuple[str, str]] = {
    Kind.REPLY: ("are they waiting for an answer", "by"),
    Kind.CALLBACK: ("do you owe them a call", "by"),
    Kind.PROMISE: ("did you promise this", "by"),
    Kind.WAITING_FOR: ("did they promise this", "by"),
}


def _question(o: Obligation, facts: DigestFacts) -> str:
    """Ask about what was read without certainty, with its due time where there is one."""
    question, preposition = _QUESTIONS.get(o.kind, ("is this right", "by"))
    due = f" {preposition} {facts.formatter.moment(o.due)}" if o.due else ""
    return f"{question}{due}?"


def _still_open(o: Obligation, _facts: DigestFacts) -> str:
    """Ask about what has no date and was not heard of for long."""
    return "they named no date: are you still waiting?" if o.kind is Kind.WAITING_FOR else "you named no date: is it still open?"


def _no_status(_o: Obligation, _facts: DigestFacts) -> str:
    return ""


def _slipping(facts: DigestFacts) -> Iterator[Line]:
    zone, now = facts.formatter.zone, facts.formatter.now
    morning, told = facts.morning, {o.quote for o in facts.placed.values()}
    alarms = [(alarm, a) for a in facts.assessments for alarm in a.alarms if morning.begins_week or morning.is_news(alarm.since)]
    for alarm, a in sorted(alarms, key=lambda pair: (pair[0].since, pair[0].key), reverse=True):  # the latest news first
        last = f"last contact {phrases.day(a.last_contact, zone, now)}" if a.last_contact else ""
        seen = "; ".join(phrases.quoted(e.quote, 60) for e in alarm.evidence[:2] if e.quote and e.quote not in told)
        source = " · ".join(part for part in (f"since {phrases.day(alarm.since, zone, now)}", last, seen) if part)
        yield Line(phrases.cut(a.client, 60), phrases.cut(alarm.says, 140), source=source)


def _recoveries(facts: DigestFacts) -> Iterator[Line]:
    """Yield for each recovery what happened, what to do next, and how far it has come."""
    for a in facts.assessments:
        r = a.recovery
        if r is not None and _moves(r, facts):
            meeting = next((o for o in facts.owed if o.key == r.key), None)
            source = f"{causes(r, facts.formatter.now)}, since {phrases.day(r.since, facts.formatter.zone, facts.formatter.now)}"
            yield Line(
                phrases.cut(a.client, 60),
                OBJECTIVES[r.stage],
                who=facts.called(r.contact),
                status=trust_progress(r),
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


def _observations(facts: DigestFacts) -> Iterator[Line]:
    for observation in facts.observations[:MAX_OBSERVATIONS]:
        words = sentence(observation, facts.formatter.account.hours)
        yield Line(phrases.cut(observation.client or "All clients", 60), words)


def _rules(facts: DigestFacts) -> Iterator[Line]:
    """Yield what was corrected three times, for the user to make it a rule or not."""
    for p, example in facts.proposals:
        words = phrases.quoted(example, 80) if example else "the same words"
        question = f"You have said {phrases.count(p.count, 'time')} that {words} {NOT_OWED.get(p.kind, 'is not owed')}. Leave it out from now on?"
        yield Line(phrases.cut(p.client, 60), question, source=f"kept corrections --accept {p.id}")


def _unread(facts: DigestFacts) -> Iterator[Line]:
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


def _held_back(facts: DigestFacts) -> Iterator[Line]:
    """Yield the mail that was filtered out since the last working day began, the newest first: from whom, its subject, why."""
    formatter = facts.formatter
    today = hours.local_date(formatter.account.hours, formatter.now)
    last = hours.nth_working_day(formatter.account.hours, today, -1)
    since = facts.midnight((last - today).days)
    filtered = [
        (p, p.held) for a in facts.assessments for p in a.balance if p.held is not None and since <= p.at <= formatter.now
    ]
    for placement, held in sorted(filtered, key=lambda pair: (pair[0].at, pair[0].message_id), reverse=True):
        yield Line(
            phrases.cut(held.client, 60),
            phrases.quoted(held.subject or "no subject", 80),
            who=phrases.cut(held.sender.name or held.sender.email, 60),
            source=f"{formatter.moment(placement.at)}, {phrases.cut(held.why, 120)}",
            id=held.id if held.key else "",
            links=formatter.links(held),
        )


NOT_OWED: Mapping[Kind, str] = {
    Kind.REPLY: "needs no answer",
    Kind.CALLBACK: "does not ask for a call",
    Kind.PROMISE: "is not a promise",
    Kind.WAITING_FOR: "is not a promise of theirs",
}


def _meetings(facts: DigestFacts) -> Iterator[Line]:
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
    owed = [o for o in facts.owed if o.client == client and o.kind not in (Kind.WAITING_FOR, Kind.NEXT_STEP, Kind.REVIEW)]
    words = "; ".join(_still_owed(o, facts) for o in owed[:3])
    more = f" and {len(owed) - 3} more" if len(owed) > 3 else ""
    times = f"{phrases.time_of_day(event.start, facts.formatter.zone)}–{phrases.time_of_day(event.end, facts.formatter.zone)}"
    source = f"still owed: {words}{more}" if owed else "nothing is owed to them"
    return Line(phrases.cut(client, 60), phrases.cut(event.summary or "Meeting", 80), status=times, source=source)


def _still_owed(o: Obligation, facts: DigestFacts) -> str:
    """Return what is owed in its words; where these have a line of their own, only what it is and by when."""
    if o.key in facts.placed:
        return f"{KIND_NOUNS[o.kind]} ({facts.formatter.status(o)})"
    return phrases.quoted(o.quote, 70) if o.quote else phrases.cut(o.summary, 70)


def _planned(facts: DigestFacts) -> Iterator[Line]:
    formatter = facts.formatter
    for action in sorted(facts.planned, key=lambda a: (a.at, a.key)):
        if action.reaches_others:
            who = phrases.listed([facts.called(a) for a in action.attendees])
            when = f"{_PLANNED[action.kind]} {formatter.moment(action.at)} unless you stop it"
            yield Line(
                phrases.cut(action.client or "", 60),
                _what(action, formatter),
                who=who,
                source=when,
                id=action.id,
                links=formatter.links(action),
            )


_PLANNED: dict[ActionKind, str] = {
    ActionKind.REVIEW: "the invitation goes out",
    ActionKind.RECOVERY: "the invitation goes out",
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


SECTIONS: tuple[Section, ...] = (
    Section(OVERDUE),
    Section(TODAY, status=_due_or_unread),
    Section("Planned on your behalf", compact=True, whole=True, lines=_planned),
    Section(MAYBE_DONE, status=_when_due),
    Section(UNSURE, compact=True, status=_question),
    Section(STILL_OPEN, compact=True, status=_still_open),
    Section("Meetings today", compact=True, lines=_meetings),
    Section("Could not be read", compact=True, lines=_unread),
    Section(THIS_WEEK, compact=True),
    Section(AWAITED, compact=True, status=_expected),
    Section("Winning back trust", compact=True, lines=_recoveries),
    Section("Slipping away?", compact=True, lines=_slipping),
    Section(NEXT_STEPS, compact=True, status=_no_status),
    Section("Make this a rule?", compact=True, weekly=True, lines=_rules),
    Section("Filtered out", compact=True, at_least=3, lines=_held_back, all_with="kept filtered"),
    Section("Worth a thought", compact=True, lines=_observations),
    Section(BEFORE_START, compact=True),
)

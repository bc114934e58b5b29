"""The sections of the digest, in reading order. A new section is one entry of `SECTIONS`, and one rule of `section_of` where it shows obligations.

An obligation appears in one section (`section_of`) and in no other, and only where it is worth saying this morning
(`planning.worth_saying`). The mail has room for so many lines: what can still be saved today comes first, and whatever is not said is
counted, never dropped silently. What was read without certainty, or has no date, comes after what is sure, so that it takes no room
from a promise that falls due.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import TypeAlias

from daemon.core import hours
from daemon.core.evidence import is_booked, perhaps_held, weak_evidence
from daemon.glossary.actions import MEETINGS
from daemon.glossary.faults import Faults
from daemon.glossary.obligations import Band, Kind, Obligation, Strength
from daemon.letters import due_words, phrases, section_lines
from daemon.letters.digest_facts import DigestFacts
from daemon.letters.lines import Line
from daemon.planning.plan_inputs import mail_read_until
from daemon.planning.worth_saying import AHEAD, is_unconfirmed, speaks

OVERDUE, TODAY, MAYBE_DONE, UNSURE = "Overdue", "Due today", "Was this done?", "Did I read this right?"
STILL_OPEN = "Still open?"
MEETINGS_TODAY = "meetings"  # what other programs call the section
THIS_WEEK, LATER, AWAITED, NEXT_STEPS, BEFORE_START, RESTING = (
    "Coming up",
    "New and due later",
    "You are waiting for",
    "Nothing planned",
    "From before you started",
    "Others",
)
SOON = timedelta(hours=4)  # what is due today within this time comes before what is late already
WIDTH = 60  # characters of somebody's words: what one glance takes in
_QUESTION = ("question", "questions")
MOST_NAMES = 3  # of clients whose lines are only counted
_CAN_WAIT = ("less urgent", "less urgent")


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the digest: the status that its obligations show, or what other lines it has.

    `name` is what other programs call it, `counted` what its lines are called where they are only counted (one, many).
    `compact` lines take less room. `status` returns None to leave the usual status. A `whole` section is shown whole and takes
    the room of one line, and `at_least` so many lines of any other however much stands before it. A `weekly` one is shown on the first
    working day of a week alone. Where its lines are only counted, a `named` one tells whose they are. What one that `announces` does not say may not happen, so that it is never left out.
    """

    name: str
    title: str
    counted: tuple[str, str]
    compact: bool = True
    whole: bool = False
    announces: bool = False
    weekly: bool = False
    named: bool = False
    at_least: int = 0
    status: Callable[[Obligation, DigestFacts], str | None] = lambda _o, _facts: None
    lines: Callable[[DigestFacts], Iterator[Line]] = lambda _facts: iter(())

    def reserves(self, total: int) -> int:
        """Return how many of its lines the sections before it leave room for."""
        return min(total, 1 if self.whole else self.at_least)


@dataclass(frozen=True, slots=True)
class FilledSection:
    """A section with its lines, as the templates show it; `remark` stands beside its title."""

    name: str
    title: str
    compact: bool
    lines: Sequence[Line]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Contents:
    """What a digest shows: its sections, the obligations of each by title, and what is only counted ("2 more overdue")."""

    sections: Sequence[FilledSection]
    by_title: Mapping[str, Sequence[Obligation]]
    counted: Sequence[str]


def contents(facts: DigestFacts, faults: Faults) -> Contents:
    """Return the sections that have lines, within the limit of the mail, and how much else is open that they do not show.

    A section or a line that raises an unforeseen error is left out and noted.
    """
    by_title, repeated = _by_title(facts, faults)
    facts = replace(facts, placed={o.key: o for o in (*(o for placed in by_title.values() for o in placed), *repeated)})
    resting = _resting(facts)
    if facts.everything:
        by_title[RESTING], resting = [*resting], []
    parts = [
        (section, by_title.get(section.title, ()), _other_lines(section, facts, faults)) for section in _order(facts, by_title)
    ]
    filled, hidden = _filled(parts, facts, faults)
    hidden.setdefault(_CAN_WAIT, []).extend("" for _ in resting)
    return Contents(filled, by_title, [_counted(called, clients) for called, clients in hidden.items() if clients])


def _counted(called: tuple[str, str], clients: Sequence[str]) -> str:
    """Return how many lines there was no room for, with whose they are where that is told: 2 overdue (Acme Ltd and Birch GmbH)."""
    names = list(dict.fromkeys(phrases.cut(client, 30) for client in clients if client))
    shown = [*names[:MOST_NAMES], *[f"{len(names) - MOST_NAMES} more"] * (len(names) > MOST_NAMES)]
    return f"{len(clients)} {called[len(clients) != 1]}{f' ({phrases.listed(shown)})' if names else ''}"


_Part: TypeAlias = tuple[Section, Sequence[Obligation], Sequence[Line]]


_Hidden: TypeAlias = dict[tuple[str, str], list[str]]


def _filled(parts: Sequence[_Part], facts: DigestFacts, faults: Faults) -> tuple[list[FilledSection], _Hidden]:
    """Return the sections that have lines, and the lines of each for which there is no room, by what they are called.

    Of those the clients are given, "" where a section does not name them.
    """
    room, filled, hidden, met = facts.lines, list[FilledSection](), _Hidden(), set[str]()
    today = [line for section, _, others in parts if section.name == MEETINGS_TODAY for line in others]
    meetings = {client: [line for line in today if line.client == client] for client in {line.client for line in today}}
    reserved = sum(section.reserves(len(obligations) + len(others)) for section, obligations, others in parts)
    for section, obligations, further in parts:
        others = [line for line in further if section.name != MEETINGS_TODAY or line.client not in met]
        total = len(obligations) + len(others)
        reserved -= section.reserves(total)
        most = _most(section, total, max(room - reserved, section.reserves(total)), facts)
        lines = [*faults.each(obligations[:most], partial(_line, section, facts), unshown), *others][:most]
        if section.title in (OVERDUE, TODAY):
            lines = list(_with_meetings(lines, meetings, met))
        room -= min(len(lines), 1) if section.whole else len(lines)
        clients = [o.client for o in obligations[most:]] + [line.client for line in others[max(0, most - len(obligations)) :]]
        hidden.setdefault(section.counted, []).extend(client if section.named else "" for client in clients)
        if lines:
            remark = _remark(section, obligations, facts)
            filled.append(FilledSection(section.name, section.title, section.compact, lines, remark))
    return filled, hidden


def _with_meetings(lines: Iterable[Line], meetings: Mapping[str, Sequence[Line]], met: set[str]) -> Iterator[Line]:
    """Yield lines, the first of each client with when the user meets them today; those clients are added to `met`."""
    for line in lines:
        today = meetings.get(line.client, ()) if line.client not in met else ()
        if not today:
            yield line
            continue
        met.add(line.client)
        told = "Today " + "; ".join(f"{meeting.status}: {meeting.words}" for meeting in today)
        yield replace(line, note=f"{line.note}. {told}" if line.note else told)


def _order(facts: DigestFacts, by_title: Mapping[str, Sequence[Obligation]]) -> Sequence[Section]:
    """Return the sections in order: what is late comes first, unless something is due within the next hours."""
    today = by_title.get(TODAY, ())
    soon = any(o.due is not None and o.due <= facts.formatter.now + SOON for o in today)
    return SECTIONS if soon else (SECTIONS[1], SECTIONS[0], *SECTIONS[2:])


def _most(section: Section, total: int, room: int, facts: DigestFacts) -> int:
    """Return how many lines a section may have."""
    if section.whole or facts.everything:
        return total
    if section.title == BEFORE_START and not facts.morning.begins_week:
        return 0
    return min(total, max(room, 0))


def _remark(section: Section, obligations: Sequence[Obligation], facts: DigestFacts) -> str:
    return f"{late} overdue" if section.title == BEFORE_START and (late := sum(map(facts.formatter.is_late, obligations))) else ""


def _line(section: Section, facts: DigestFacts, o: Obligation) -> Line:
    return facts.formatter.line(o, section.status(o, facts), WIDTH)


def unshown(o: Obligation) -> str:
    """Return what is noted of an obligation whose line cannot be written."""
    return f"{o.client}: one line could not be written; kept due lists it"


def _other_lines(section: Section, facts: DigestFacts, faults: Faults) -> Sequence[Line]:
    """Return the lines of a section that are no obligations."""
    if section.weekly and not facts.morning.begins_week:
        return []
    if section.announces:
        return list(section.lines(facts))
    return faults.contain(f"The section “{section.title}” could not be written", lambda: list(section.lines(facts)), [])


def _by_title(facts: DigestFacts, faults: Faults) -> tuple[dict[str, list[Obligation]], list[Obligation]]:
    """Return the obligations of each section, and those whose words stand in the line of a promise.

    The same words of one client stand once, where they press most; those by which they chase an overdue promise stand in its line.
    """
    by_title: dict[str, list[Obligation]] = {}
    repeated: list[Obligation] = []
    said, chasing = set[tuple[str, str]](), set[tuple[str, str]]()
    for o in facts.owed:
        title = faults.contain(unshown(o), partial(section_of, o, facts), None)
        if title is None:
            continue
        words = _words(o, o.quote)
        if o.asks and words in chasing:
            repeated.append(o)
        if words in said or words in chasing:
            continue
        said.add(words)
        if title == OVERDUE and not o.asks:
            chasing |= {_words(o, e.quote) for e in o.evidence if e.strength is Strength.STRONG}
        by_title.setdefault(title, []).append(o)
    for title in (OVERDUE, BEFORE_START):
        by_title.get(title, []).sort(key=partial(_hope, facts))
    return by_title, repeated


def _words(o: Obligation, quote: str | None) -> tuple[str, str]:
    """Return words of an obligation with its client, so that they can be compared; its key where it has none."""
    return o.client, " ".join((quote or o.key).split()).casefold()


def _hope(facts: DigestFacts, o: Obligation) -> tuple[bool, bool, float]:
    """Return what orders what is late: first what can still be saved (they asked again, or it fell due since yesterday), then by age.

    The oldest comes first, so that what has no room in the letter is never what has waited longest.
    """
    again = len(phrases.different(o.asks)) > 1 or bool(o.chased)
    pressing = again or (o.due is not None and facts.morning.is_news(o.due))
    return not pressing, o.due is None, (o.due or o.created).timestamp()


def _resting(facts: DigestFacts) -> Sequence[Obligation]:
    """Return what is open and has no line this morning, here or among what is planned and won back."""
    return [o for o in facts.owed if o.key not in facts.placed and not _is_elsewhere(o, facts)]


def _is_elsewhere(o: Obligation, facts: DigestFacts) -> bool:
    """Whether an obligation is shown by something else: its recovery, the calendar, an answer, or what is planned on the user's behalf."""
    if any(answer.obligation.key == o.key for answer in facts.answers):
        return True
    if any(a.recovery is not None and a.recovery.key == o.key for a in facts.assessments):
        return True
    if (
        o.kind is Kind.NEXT_STEP
    ):  # what is planned on the user's behalf is a next step, and whoever is to be won back needs that one
        planned = any(a.client == o.client and a.kind in MEETINGS for a in facts.planned)
        return planned or any(a.client == o.client and (a.recovery is not None or a.alarms) for a in facts.assessments)
    booked = is_booked(o, facts.formatter.now) or any(o.key == p.key for a in facts.planned for p in a.obligations)
    return o.kind is Kind.REVIEW and booked


def section_of(o: Obligation, facts: DigestFacts) -> str | None:
    """Return the title of the one section that shows an obligation; None where the digest does not show it (today)."""
    kinds = {Kind.WAITING_FOR: AWAITED, Kind.NEXT_STEP: NEXT_STEPS}
    if _is_elsewhere(o, facts):
        return None
    if is_unconfirmed(o, facts.morning):
        return MAYBE_DONE
    if any(o.key == asked.key for asked in facts.questions):
        return UNSURE if o.due is not None else STILL_OPEN
    if facts.is_older(o) and o.kind not in kinds:  # what they owe, or nobody has planned, is no debt of the user's from before
        owed_by_user = o.band is Band.TRACKED and o.kind is not Kind.REVIEW
        return BEFORE_START if owed_by_user or speaks(o, facts.morning) else None
    if not speaks(o, facts.morning):
        return None
    if o.kind in kinds:
        return kinds[o.kind]
    if weak_evidence(o) is not None or (o.presumed is Strength.WEAK and facts.formatter.is_late(o)):
        return MAYBE_DONE
    return _by_due(o, facts)


def _by_due(o: Obligation, facts: DigestFacts) -> str | None:
    """Return the section by due time. What fell due after a mailbox was last read counts as due, not as overdue.

    So does what was asked before the start and falls due today.
    """
    late = o.due is not None and facts.formatter.is_late(o) and (o.counts or o.due < facts.midnight(0))
    if late and o.due is not None and mail_read_until(facts.coverage, o.due):
        return OVERDUE
    if o.due is not None and o.due < facts.midnight(1):
        return TODAY
    return THIS_WEEK if o.due is None or o.due < facts.midnight(AHEAD.days) else LATER


def _due_or_unread(o: Obligation, facts: DigestFacts) -> str | None:
    return f"due {facts.formatter.moment(o.due)}, mail not read since then" if o.due and facts.formatter.is_late(o) else None


def _when_due(o: Obligation, facts: DigestFacts) -> str:
    if (meeting := perhaps_held(o, facts.formatter.now)) is not None:
        return f"{facts.formatter.moment(meeting.at)}, which nobody accepted: did it take place?"
    if o.presumed is not None:
        return facts.formatter.status(o)
    return f"due {facts.formatter.moment(o.due)}" if o.due else "no fixed date"


def _expected(o: Obligation, facts: DigestFacts) -> str:
    if o.due is None:
        return "no fixed date"
    if not facts.formatter.is_late(o):
        return f"expected by {facts.formatter.deadline(o.due)}"
    opens = hours.frame(facts.formatter.account.hours).day_start
    at_night = o.due.astimezone(facts.formatter.zone).time() < opens  # where the client is, the day before was not over
    return f"was expected {facts.formatter.deadline(o.due - timedelta(days=1) if at_night else o.due)}"


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
    condition = due_words.waits_for(o)
    if condition:
        return f"waiting for {phrases.quoted(condition, 60)}: has that happened?"
    return "they named no date: are you still waiting?" if o.kind is Kind.WAITING_FOR else "you named no date: is it still open?"


def _no_status(_o: Obligation, _facts: DigestFacts) -> str:
    return ""


SECTIONS: tuple[Section, ...] = (
    Section("due_today", TODAY, ("due today", "due today"), compact=False, named=True, at_least=5, status=_due_or_unread),
    Section("overdue", OVERDUE, ("overdue", "overdue"), compact=False, named=True, at_least=2),
    Section("unsettled", "Perhaps not sent", ("perhaps not sent", "perhaps not sent"), whole=True, lines=section_lines.unsettled),
    Section(
        "answers",
        "Answers to your invitations",
        ("answer to an invitation", "answers to invitations"),
        whole=True,
        lines=section_lines.answered,
    ),
    Section(
        "planned",
        "Planned on your behalf",
        ("planned on your behalf", "planned on your behalf"),
        whole=True,
        announces=True,
        lines=section_lines.planned,
    ),
    Section("before_start", BEFORE_START, ("from before you started", "from before you started")),
    Section("maybe_done", MAYBE_DONE, _QUESTION, status=_when_due),
    Section(
        MEETINGS_TODAY, "Meetings today", ("meeting today", "meetings today"), named=True, lines=section_lines.meetings_today
    ),
    Section(
        "unread",
        "Could not be read",
        ("that could not be read", "that could not be read"),
        at_least=1,
        lines=section_lines.unread,
    ),
    Section("this_week", THIS_WEEK, ("coming up", "coming up"), named=True),
    Section("later", LATER, ("new and due later", "new and due later")),
    Section("waiting_for", AWAITED, ("awaited", "awaited"), status=_expected),
    Section("questions", UNSURE, _QUESTION, status=_question),
    Section("questions", STILL_OPEN, _QUESTION, status=_still_open),
    Section("recovery", "Winning back trust", ("to win back", "to win back"), lines=section_lines.recoveries),
    Section(
        "slipping",
        "Slipping away?",
        ("client slipping away", "clients slipping away"),
        at_least=1,
        lines=section_lines.slipping,
    ),
    Section("next_steps", NEXT_STEPS, ("with nothing planned", "with nothing planned"), status=_no_status),
    Section("rules", "Make this a rule?", ("rule to confirm", "rules to confirm"), weekly=True, lines=section_lines.rules),
    Section("held_back", "Filtered out", ("filtered out", "filtered out"), lines=section_lines.held_back),
    Section(
        "observations", "Worth a thought", ("thing worth a thought", "things worth a thought"), lines=section_lines.observations
    ),
    Section("resting", RESTING, _CAN_WAIT),
)

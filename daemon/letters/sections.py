"""The sections of the digest, in reading order. A new section is one entry of `SECTIONS`, and one rule of `section_of` where it shows obligations.

An obligation appears in one section (`section_of`) and in no other, and only where it is worth saying this morning
(`planning.worth_saying`). The mail has room for so many lines; whatever is not said is counted, never dropped silently. What was
read without certainty, or has no date, is asked after what is sure, so that it takes no room from a promise that falls due.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from daemon.glossary.actions import MEETINGS
from daemon.glossary.faults import Faults
from daemon.glossary.obligations import Kind, Obligation
from daemon.letters import section_lines
from daemon.letters.digest_facts import DigestFacts
from daemon.letters.lines import Line, weak_evidence
from daemon.planning.plan_inputs import is_booked, mail_read_until
from daemon.planning.worth_saying import AHEAD, speaks

OVERDUE, TODAY, MAYBE_DONE, UNSURE = "Overdue", "Due today", "Was this done?", "Did I read this right?"
STILL_OPEN = "Still open?"
THIS_WEEK, LATER, AWAITED, NEXT_STEPS, BEFORE_START = (
    "Due this week",
    "New and due later",
    "You are waiting for",
    "Nothing planned",
    "Already open when you started",
)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the digest: the status that its obligations show, or what other lines it has.

    `compact` lines take less room. `status` returns None to leave the usual status. A `whole` section is shown whole, a `weekly` one on
    the first working day of a week alone, and `at_least` so many lines of it however much stands before it. `all_with` is the command
    that lists the lines that do not fit. What one that `announces` does not say may not happen, so that it is never left out.
    """

    title: str
    compact: bool = False
    whole: bool = False
    announces: bool = False
    weekly: bool = False
    at_least: int = 0
    status: Callable[[Obligation, DigestFacts], str | None] = lambda _o, _facts: None
    lines: Callable[[DigestFacts], Iterator[Line]] = lambda _facts: iter(())
    all_with: str = "kept due"

    def reserves(self, total: int) -> int:
        """Return how many of its lines the sections before it leave room for."""
        return total if self.whole else min(total, self.at_least)


@dataclass(frozen=True, slots=True)
class FilledSection:
    """A section with its lines, as the templates show it; `more` lines did not fit."""

    title: str
    compact: bool
    total: int
    lines: Sequence[Line]
    more: int
    all_with: str


def filled_sections(facts: DigestFacts, faults: Faults) -> tuple[tuple[FilledSection, ...], int]:
    """Return the sections that have lines, within the limit of the mail, and how much else is open that they neither show nor count.

    A section or a line that raises an unforeseen error is left out and noted.
    """
    by_title = _by_title(facts, faults)
    placed = {o.key: o for obligations in by_title.values() for o in obligations}
    facts, room, filled, left_out = replace(facts, placed=placed), facts.lines, list[FilledSection](), _resting(facts, placed)
    contents = [(section, by_title.get(section.title, []), _other_lines(section, facts, faults)) for section in SECTIONS]
    reserved = sum(section.reserves(len(obligations) + len(others)) for section, obligations, others in contents)
    for section, obligations, others in contents:
        total = len(obligations) + len(others)
        reserved -= section.reserves(total)
        most = min(total, max(room - reserved, section.reserves(total)))
        lines = [*faults.each(obligations[:most], partial(_line, section, facts), unshown), *others][:most]
        room -= len(lines)
        if lines:
            filled.append(FilledSection(section.title, section.compact, total, lines, total - len(lines), section.all_with))
        else:
            left_out += len(obligations)
    return tuple(filled), left_out


def _line(section: Section, facts: DigestFacts, o: Obligation) -> Line:
    return facts.formatter.line(o, section.status(o, facts))


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


def _by_title(facts: DigestFacts, faults: Faults) -> Mapping[str, list[Obligation]]:
    """Return the obligations of each section. The same words of one client stand once, where they press most."""
    by_title: dict[str, list[Obligation]] = {}
    said: set[tuple[str, str]] = set()
    for o in facts.owed:
        title = faults.contain(unshown(o), partial(section_of, o, facts), None)
        words = (o.client, " ".join((o.quote or o.key).split()).casefold())
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
    if o.kind is Kind.NEXT_STEP:  # what is planned on the user's behalf is a next step
        return any(a.client == o.client and a.kind in MEETINGS for a in facts.planned)
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
    return THIS_WEEK if o.due is None or o.due < facts.midnight(AHEAD.days) else LATER


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


SECTIONS: tuple[Section, ...] = (
    Section(OVERDUE),
    Section(TODAY, at_least=3, status=_due_or_unread),
    Section("Perhaps not sent", compact=True, whole=True, lines=section_lines.unsettled),
    Section("Planned on your behalf", compact=True, whole=True, announces=True, lines=section_lines.planned),
    Section(MAYBE_DONE, status=_when_due),
    Section("Meetings today", compact=True, lines=section_lines.meetings_today),
    Section("Could not be read", compact=True, at_least=2, lines=section_lines.unread),
    Section(THIS_WEEK, compact=True),
    Section(LATER, compact=True),
    Section(AWAITED, compact=True, status=_expected),
    Section(UNSURE, compact=True, status=_question),
    Section(STILL_OPEN, compact=True, status=_still_open),
    Section("Winning back trust", compact=True, lines=section_lines.recoveries),
    Section("Slipping away?", compact=True, at_least=1, lines=section_lines.slipping),
    Section(NEXT_STEPS, compact=True, status=_no_status),
    Section("Make this a rule?", compact=True, weekly=True, lines=section_lines.rules),
    Section("Filtered out", compact=True, at_least=2, lines=section_lines.held_back, all_with="kept filtered"),
    Section("Worth a thought", compact=True, lines=section_lines.observations),
    Section(BEFORE_START, compact=True),
)

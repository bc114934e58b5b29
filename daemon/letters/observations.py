"""What is worth a thought, in words: one line each, told once a week."""

from __future__ import annotations

from daemon.analysis.observations import Observation, ObservationKind
from daemon.glossary.charter import WorkingHours
from daemon.letters import phrases


def sentence(observation: Observation, working: WorkingHours) -> str:
    """The observation as a sentence without the client's name."""
    return _SENTENCES[observation.kind](observation, working)


def _uneven(t: Observation, working: WorkingHours) -> str:
    usual, slow = (phrases.duration(n, working) for n in t.figures)
    return f"Half of their {t.count} mails are answered within {usual}, yet one in ten waits longer than {slow}: they cannot know which it will be."


def _behind(t: Observation, _working: WorkingHours) -> str:
    now, before = t.figures
    return f"{now:.0%} of what was owed was done in time in the last month, {before:.0%} in the three months before."


def _courtship(t: Observation, working: WorkingHours) -> str:
    then, today = t.figures
    now = phrases.duration(today if today >= 0 else None, working)
    return f"While they were courted half of their mails were answered within {phrases.duration(then, working)}; in the last month it takes {now}."


def _habit(_t: Observation, _working: WorkingHours) -> str:
    return "Nearly everything comes early here. They will expect it from now on: promise that time, or let some things come when they were promised."


def _special(t: Observation, _working: WorkingHours) -> str:
    return f"All has been in time for long ({phrases.count(t.count, 'promise')} kept), and nothing special happened: a small extra would be noticed now."


def _prospects_first(t: Observation, working: WorkingHours) -> str:
    others, prospects = (phrases.duration(n, working) for n in t.figures)
    return f"Established clients wait {others} for an answer, prospects {prospects} (half of them each)."


_SENTENCES = {
    ObservationKind.UNEVEN: _uneven,
    ObservationKind.BEHIND: _behind,
    ObservationKind.COURTSHIP: _courtship,
    ObservationKind.HABIT: _habit,
    ObservationKind.SPECIAL: _special,
    ObservationKind.PROSPECTS_FIRST: _prospects_first,
}

"""What the figures of a client say beyond single obligations, in words: one sentence each, shown once a week."""

from __future__ import annotations

from daemon.analysis.observations import Observation, ObservationKind
from daemon.glossary.charter import WorkingHours
from daemon.letters import phrases


def sentence(observation: Observation, working: WorkingHours) -> str:
    """Return the observation as a sentence without the client's name."""
    return _SENTENCES[observation.kind](observation, working)


def _uneven(o: Observation, working: WorkingHours) -> str:
    usual, slow = (phrases.duration(n, working) for n in o.figures)
    return (
        f"Half of their {o.count} emails of the last three months were answered within {usual}, but one in ten waited longer than {slow}: "
        "they cannot know what to expect."
    )


def _behind(o: Observation, _working: WorkingHours) -> str:
    now, before = o.figures
    return (
        f"{now:.0%} of what was owed was done on time in the last month, compared with {before:.0%} in the three months before."
    )


def _courtship(o: Observation, working: WorkingHours) -> str:
    then, today = o.figures
    now = f"it took {phrases.duration(today, working)}" if today >= 0 else "fewer than half have been answered"
    return f"While they were a prospect, half of their emails were answered within {phrases.duration(then, working)}; in the last month {now}."


def _habit(_o: Observation, _working: WorkingHours) -> str:
    return (
        "Nearly everything that you promise them comes early, so they will come to expect it: promise that earlier time, or deliver "
        "some things when they were promised."
    )


def _special(o: Observation, _working: WorkingHours) -> str:
    return f"All {o.count} things that fell due in the last three months were on time, and nothing special happened: a small extra would be noticed now."


def _prospects_first(o: Observation, working: WorkingHours) -> str:
    established, prospects = (phrases.duration(n, working) for n in o.figures)
    return f"In the last three months half of your clients' emails were answered within {established}, half of your prospects' within {prospects}."


_SENTENCES = {
    ObservationKind.UNEVEN: _uneven,
    ObservationKind.BEHIND: _behind,
    ObservationKind.COURTSHIP: _courtship,
    ObservationKind.HABIT: _habit,
    ObservationKind.SPECIAL: _special,
    ObservationKind.PROSPECTS_FIRST: _prospects_first,
}

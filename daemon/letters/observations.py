"""What the figures of a client say beyond single obligations, in words: one sentence each, shown once a week."""

from __future__ import annotations

from daemon.analysis.observations import Sort, Thought
from daemon.glossary.charter import WorkingHours
from daemon.letters import phrases


def sentence(thought: Thought, working: WorkingHours) -> str:
    """Return the observation as a sentence without the client's name."""
    return _SENTENCES[thought.sort](thought, working)


def _uneven(t: Thought, working: WorkingHours) -> str:
    usual, slow = (phrases.duration(n, working) for n in t.figures)
    return (
        f"Half of their {t.count} emails are answered within {usual}, but one in ten waits longer than {slow}: "
        "they cannot know what to expect."
    )


def _behind(t: Thought, _working: WorkingHours) -> str:
    now, before = t.figures
    return (
        f"{now:.0%} of what was owed was done on time in the last month, compared with {before:.0%} in the three months before."
    )


def _courtship(t: Thought, working: WorkingHours) -> str:
    then, today = t.figures
    now = f"it took {phrases.duration(today, working)}" if today >= 0 else "fewer than half have been answered"
    return f"While they were a prospect, half of their emails were answered within {phrases.duration(then, working)}; in the last month {now}."


def _habit(_t: Thought, _working: WorkingHours) -> str:
    return (
        "Nearly everything is early here, so they will come to expect it: promise that earlier time, or deliver some things when "
        "they were promised."
    )


def _special(t: Thought, _working: WorkingHours) -> str:
    kept = phrases.count(t.count, "promise")
    return f"Everything has been on time for a long while ({kept} kept), and nothing special happened: a small extra would be noticed now."


def _prospects_first(t: Thought, working: WorkingHours) -> str:
    established, prospects = (phrases.duration(n, working) for n in t.figures)
    return (
        f"Half of your established clients' emails are answered within {established}, half of your prospects' within {prospects}."
    )


_SENTENCES = {
    Sort.UNEVEN: _uneven,
    Sort.BEHIND: _behind,
    Sort.COURTSHIP: _courtship,
    Sort.HABIT: _habit,
    Sort.SPECIAL: _special,
    Sort.PROSPECTS_FIRST: _prospects_first,
}

"""What happened with a client, in order: mails, calls, meetings, and what became of everything that was asked or promised in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from connectors.calendar import Event
from connectors.mail import Address
from daemon.core import meetings
from daemon.glossary.assessments import Assessment, HeldBack
from daemon.glossary.obligations import Band, Obligation, SourceType
from daemon.glossary.timelines import Entry, Side, Timeline

_CALLS = frozenset({"missed_call", "voicemail"})


class Happening(StrEnum):
    """What may happen."""

    THEIR_MAIL = "their mail"
    OUR_MAIL = "our mail"
    CALL = "call"  # missed, or a voicemail
    FILTERED = "filtered out"  # a mail in their name that a machine sent, or that somebody else may have written
    MEETING = "meeting"
    OFF = "meeting that did not take place"
    OWED = "owed"  # by the charter, not by anybody's words


@dataclass(frozen=True, slots=True)
class Chapter:
    """One thing that happened: when, who acted, its title and words, and what came out of it that is owed.

    `hidden` says that it lies in a colleague's mailbox and the user may not read its words, which are left out; `held` says why it
    was filtered out.
    """

    at: datetime
    what: Happening
    who: Address | None
    title: str
    words: str
    owed: tuple[Obligation, ...] = ()
    hidden: bool = False
    held: HeldBack | None = None


def story(timeline: Timeline, assessment: Assessment | None, now: datetime) -> tuple[Chapter, ...]:
    """Return the chapters, the latest first. What lies ahead is left out, and automatic mail that nobody at the client's sent."""
    obligations = assessment.obligations if assessment else ()
    held = {p.message_id: p.held for p in (assessment.balance if assessment else ()) if p.held is not None}
    by_source = _by_source(obligations)
    chapters = [
        *(_mail(e, by_source, held.get(e.message.message_id)) for e in timeline.entries if _is_told(e, held)),
        *(_meeting(e, timeline, by_source) for e in timeline.events if e.start <= now),
        *_by_charter(obligations, now),
    ]
    return tuple(sorted(chapters, key=lambda c: (c.at, c.title), reverse=True))


def _by_source(obligations: Iterable[Obligation]) -> Mapping[tuple[SourceType, str], tuple[Obligation, ...]]:
    found: dict[tuple[SourceType, str], list[Obligation]] = {}
    for o in obligations:
        if o.band is not Band.IGNORED:
            found.setdefault((o.source.type, o.source.reference), []).append(o)
    return {source: tuple(of) for source, of in found.items()}


def _is_told(entry: Entry, held: Mapping[str, HeldBack]) -> bool:
    automated = entry.reading.automated
    return automated is None or automated in _CALLS or entry.message.message_id in held


def _mail(entry: Entry, by_source: Mapping[tuple[SourceType, str], tuple[Obligation, ...]], held: HeldBack | None) -> Chapter:
    m = entry.message
    if entry.reading.automated in _CALLS and m.authentic:
        what = Happening.CALL
    elif held is not None:
        what = Happening.FILTERED
    else:
        what = Happening.OUR_MAIL if entry.side in (Side.USER, Side.COLLEAGUE) else Happening.THEIR_MAIL
    title, words = ("", "") if entry.hidden else (m.subject, entry.reading.new_text)
    owed = by_source.get((SourceType.MESSAGE, m.message_id), ())
    return Chapter(entry.at, what, m.sender, title, words, owed, entry.hidden, held)


def _meeting(event: Event, timeline: Timeline, by_source: Mapping[tuple[SourceType, str], tuple[Obligation, ...]]) -> Chapter:
    took_place = meetings.takes_place(event, timeline) and not meetings.is_unconfirmed(event, timeline)
    owed = by_source.get((SourceType.EVENT, event.uid), ())
    return Chapter(event.start, Happening.MEETING if took_place else Happening.OFF, None, event.summary, "", owed)


def _by_charter(obligations: Iterable[Obligation], now: datetime) -> Iterator[Chapter]:
    """Yield what fell due by the charter alone: a delivery, a review. What is planned for later has not happened."""
    for o in obligations:
        if o.source.type is SourceType.CHARTER and o.band is Band.TRACKED and o.due is not None and o.due <= now:
            yield Chapter(o.due, Happening.OWED, None, o.summary, "", (o,))

"""What an obligation's own words say of its due time: an hour at which somebody waits, a window to do it in, a condition, another time."""

from __future__ import annotations

import re
from datetime import datetime, time
from zoneinfo import ZoneInfo

from daemon.core import hours
from daemon.core.tracking.conditions import condition_of
from daemon.glossary.charter import WorkingHours
from daemon.glossary.obligations import Evidence, Kind, Obligation, SourceType, Strength
from daemon.reading import Due
from daemon.reading.act_due_times import names_an_end
from daemon.reading.named_times import due_named

_AT = re.compile(r"\b(?:at|um|gegen)\b|@", re.IGNORECASE)
_OF_ONE_DAY = ("minute", "part of day")


def is_appointment(o: Obligation, working: WorkingHours) -> bool:
    """Whether the words name the hour at which somebody waits ("I'll ring you on Thursday at 10"), not the latest one."""
    named = _named(o, working)
    if named is None or named.grain != "minute" or named.earliest != named.due or names_an_end(named.quote):
        return False
    return o.kind is Kind.CALLBACK or _AT.search(named.quote) is not None


def not_before(o: Obligation, working: WorkingHours) -> datetime | None:
    """Return from when on it is meant to be done, by its words: "on Tuesday afternoon", of a call "on Tuesday"; None if at any time."""
    named = _named(o, working)
    if named is None or names_an_end(named.quote):
        return None
    if named.grain in _OF_ONE_DAY and named.earliest < named.due:
        return named.earliest
    zone = ZoneInfo(working.zone)
    is_on_day = named.grain == "day" and o.kind is Kind.CALLBACK
    return datetime.combine(hours.local_date(working, named.due), time(), zone) if is_on_day else None


def waits_for(o: Obligation) -> str:
    """Return the condition on which a promise without a date rests, in its words; "" where it names none."""
    is_promised = o.kind in (Kind.PROMISE, Kind.CALLBACK) and not o.asks and o.due is None
    return condition_of(o.quote or "") if is_promised else ""


def presumed(o: Obligation, *, is_late: bool) -> str:
    """Return how something stands whose due time nobody named: whether what it waits for has happened, and what follows from that."""
    if is_late:
        return "perhaps late"
    return "perhaps met" if o.presumed is Strength.WEAK else "condition met"


def put_off(o: Obligation, working: WorkingHours) -> Evidence | None:
    """Return the later words that named the due time which a promise has now; None where its own words, or none, do."""
    if o.asks or o.due is None or _named(o, working) is not None:
        return None
    later = (e for e in o.evidence if e.type is SourceType.MESSAGE and e.strength is Strength.STRONG and e.at > o.source.at)
    return next((e for e in later if e.quote and due_named(e.quote, e.at, o.due, hours.frame(working)) is not None), None)


def _named(o: Obligation, working: WorkingHours) -> Due | None:
    return due_named(o.quote or "", o.source.at, o.due, hours.frame(working)) if o.due is not None else None

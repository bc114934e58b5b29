"""What is so at the end of a life of the office: which promises were broken, and what differs from an uninterrupted life."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from daemon.glossary.obligations import short_id
from faults.killed_life import KilledLife
from faults.office_on_servers import Office, text_of
from faults.office_story import DANA, Story

WHAT = (
    "inbound mail lost",
    "said twice",
    "drafted twice",
    "booked twice",
    "fate untold for a working day",
    "booked without being announced",
    "the daemon failed",
    "left over",
)


@dataclass(slots=True)
class Facts:
    """The end of one life. `said` are the obligations' stages that reached the user."""

    kills: Counter[str]
    broken: dict[str, list[str]] = field(default_factory=lambda: {kind: [] for kind in WHAT})
    said: set[tuple[str, str]] = field(default_factory=set)
    single: set[str] = field(default_factory=set)  # the keys of parcels that are never cut differently
    excused: set[str] = field(default_factory=set)  # keys and obligations of parcels whose fate the user was told is not known
    drafts: set[str] = field(default_factory=set)
    events: set[str] = field(default_factory=set)
    decisions: set[tuple[str, str]] = field(default_factory=set)
    sent: int = 0
    told: Counter[str] = field(default_factory=Counter)  # how the user was told of each parcel whose fate was not known


def facts_of(office: Office, life: KilledLife, story: Story, kills: Counter[str]) -> Facts:
    """Return the facts of a life that has ended."""
    facts = Facts(kills)
    broken = facts.broken
    broken["the daemon failed"] += life.complaints
    stored = {str(i).strip("<>") for (i,) in office.rows("select message_id from messages")}
    broken["inbound mail lost"] += sorted({m.message_id.strip("<>") for m in story.mails} - stored)
    _letters(office, facts)
    drafts, events = Counter(office.drafts()), Counter(office.events())
    broken["drafted twice"] += _repeated(drafts)
    broken["booked twice"] += _repeated(events)
    facts.drafts, facts.events = set(drafts), set(events)
    facts.decisions = {(str(t), str(v)) for t, v in office.rows("select target, verb from decisions")}
    facts.sent = len(office.sent) + drafts.total() + events.total()
    _doubts(office, life, facts)
    _announced(office, facts)
    unfinished = office.rows("select key, delivery, error from parcels where delivery in ('waiting', 'sending', 'refused')")
    broken["left over"] += [" ".join(str(word) for word in row) for row in unfinished]
    return facts


def differences(calm: Facts, killed: Facts) -> dict[str, list[str]]:
    """Return what an uninterrupted life has and a killed one has not, or the other way round, by kind."""
    swallowed = [f"{o} {stage}" for o, stage in calm.said if (o, stage) not in killed.said and o not in killed.excused]
    swallowed += [key for key in calm.single if key not in killed.single and key not in killed.excused]
    return {
        "swallowed": sorted(swallowed),
        "drafts that differ": sorted(calm.drafts ^ killed.drafts),
        "events that differ": sorted(calm.events ^ killed.events),
        "decisions that differ": [str(d) for d in sorted(calm.decisions ^ killed.decisions)],
    }


def _letters(office: Office, facts: Facts) -> None:
    """Count what was said by the mails that the server took."""
    taken = Counter(str(mail["Message-ID"]) for _, mail in office.sent)
    twice = [f"{count} times {reference}" for reference, count in taken.items() if count > 1]
    parcels = {str(reference): str(key) for key, reference in office.rows("select key, reference from parcels")}
    said: Counter[tuple[str, str, str]] = Counter()  # with the news: another question or call, the end of a snooze
    mentions = office.rows("select parcel, obligation, stage, asks, snoozed_until from mentions")
    for reference in taken:
        key = parcels.get(reference, f"no parcel for {reference}")
        said.update((str(o), str(stage), f"{asks} {snoozed}") for parcel, o, stage, asks, snoozed in mentions if parcel == key)
        if not key.startswith(("reminder:", "escalation:")):
            facts.single.add(key)
    twice += [f"{count} times {o} {stage}" for (o, stage, _), count in said.items() if count > 1]
    facts.broken["said twice"] += twice
    facts.said = {(o, stage) for o, stage, _ in said}


def _doubts(office: Office, life: KilledLife, facts: Facts) -> None:
    """Check that each parcel whose fate was not known was settled within a working day, or the user told of it by then.

    The digest tells of it; where not one digest got through in that time, because it was killed as well, the status has to.
    """
    for key, doubt in life.doubts.items():
        end = _next_working_day(doubt.since)
        digests = [text_of(m) for at, m in office.sent if doubt.since <= at <= end and str(m["Subject"]).startswith("Kept, ")]
        in_digest = any(short_id(key) in text for text in digests)
        in_status = not digests and doubt.in_status is not None
        facts.told["by a digest" if in_digest else "by the status alone" if in_status else "not, as it was settled soon"] += 1
        if in_digest or in_status:
            facts.excused.add(key)
            facts.excused |= {str(o) for (o,) in office.rows("select obligation from mentions where parcel = ?", key)}
        elif doubt.until is None or doubt.until > end:
            facts.told["not, as it was settled soon"] -= 1
            facts.broken["fate untold for a working day"].append(f"{key} since {doubt.since:%a %d %H:%M}")


def _next_working_day(at: datetime) -> datetime:
    later = at + timedelta(days=1)
    while later.weekday() > 4:
        later += timedelta(days=1)
    return later


def _announced(office: Office, facts: Facts) -> None:
    """Check that each meeting in the calendar stood in a digest that reached the user before."""
    taken = {str(mail["Message-ID"]) for _, mail in office.sent if DANA in str(mail["To"])}
    meetings = office.rows("select key, reference from parcels where kind in ('review', 'recovery')")
    for key, uid in meetings:
        digests = office.rows(
            "select p.reference from announcements a join parcels p on p.key = a.digest where a.action = ?", key
        )
        if str(uid) in facts.events and not any(str(reference) in taken for (reference,) in digests):
            facts.broken["booked without being announced"].append(str(key))


def _repeated(counted: Counter[str]) -> list[str]:
    return [f"{count} times {what}" for what, count in counted.items() if count > 1]

"""Meetings: who from the client is in an event, whether it takes place, and what calendar messages by mail change in it.

A calendar's server may not follow what arrives by mail (iMIP, RFC 6047), so it is followed here. Only the attendee who sent it can
answer, and only the organizer move or cancel (RFC 5546, 2.1); what comes from anybody else, failed authentication or is older than
what is known changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain

from connectors.calendar import Attendee, Event
from connectors.mail import ItipChange
from daemon.core import topics
from daemon.core.people import is_theirs
from daemon.glossary.parties import Account, Client
from daemon.glossary.timelines import Entry, Side, Timeline

_WITHIN = timedelta(days=60)  # of what was said, a meeting may be the one that it belongs to
_MEETING = re.compile(
    r"\b(?:meetings?|meet(?: you| up)?|call|visit|lunch|dinner|breakfast|appointment|demo|workshop|see you|site walk|"
    r"termin|treffen|besuch|besprechung|mittagessen|réunion|rendez-vous|visite|déjeuner|reunión|visita|cita|riunione|incontro|"
    r"vergadering|afspraak|bezoek|reunião|spotkani[ea]|wizyt[aęy]|møtet?|mødet?|mötet?|besøk|besök)\b",
    re.IGNORECASE,
)
_CALL_TITLE = re.compile(
    r"\b(?:(?:video|phone|conference)?[- ]?calls?|phone|ring|tel\.|telefon(?:at|ieren|termin|konferenz|gespräch)?|anruf(?:en)?|anrufen|rückruf|tel[ck]o|catch[- ]?up|teams|zoom|webex)(?!\w)",
    re.IGNORECASE,
)
_TOOK_PLACE = re.compile(
    r"\b(?:(?:thanks|thank you)\b.{0,30}\b(?:your time|(?:the|our|a|your) (?:\w+ ){0,2}(?:review|meeting|call|talk|chat|conversation))|"
    r"(?:good|great|nice|lovely|pleasure|enjoyed) (?:to )?(?:meet|see|speak|talk|catch)\w*|as (?:we )?(?:discussed|agreed) (?:at|in|today|yesterday|on)|"
    r"(?:minutes|notes|summary) (?:of|from) (?:our|the|today|yesterday)|(?:at|in|during|after) (?:our|the|today'?s|yesterday'?s) (?:review|meeting)|"
    r"(?:danke?|vielen dank)\b.{0,40}\b(?:gespräch|termin|treffen|zeit)|wie (?:heute|gestern|eben|im (?:gespräch|termin)) (?:besprochen|vereinbart)|"
    r"protokoll (?:zu|von|unser)\w*|(?:in|bei|nach) unser\w* (?:gespräch|termin|treffen|rückblick))",
    re.IGNORECASE,
)
_SOON = timedelta(days=7)  # after a meeting, within which a mail about it would come
_DAY = timedelta(days=1)
_HALF_DAY = timedelta(hours=14)  # how far the midnights of one date lie apart from UTC's


def is_call(event: Event) -> bool:
    """Whether an event's title says that it is a call."""
    return _CALL_TITLE.search(event.summary) is not None


def guests(event: Event, client: Client) -> tuple[Attendee, ...]:
    """Return the client's people in an event, the organiser as one who accepted."""
    invited = tuple(a for a in event.attendees if is_theirs(client, a.email))
    host = event.organizer is not None and is_theirs(client, event.organizer) and all(a.email != event.organizer for a in invited)
    return (*invited, Attendee(event.organizer or "", answer="accepted")) if host else invited


def takes_place(event: Event, timeline: Timeline) -> bool:
    """Whether a meeting was neither cancelled nor declined, by the user or by everybody invited at the client.

    An all-day event without guests is a note in the calendar, not a meeting.
    """
    if event.status == "cancelled":
        return False
    invited = guests(event, timeline.client)
    if declined_by(event, timeline.account) or (event.all_day and not invited):
        return False
    return not invited or any(a.answer != "declined" for a in invited)


def is_unconfirmed(event: Event, timeline: Timeline) -> bool:
    """Whether nothing shows that a meeting took place which only Kept had called: nobody there accepted, and no mail speaks of it."""
    if not is_kepts(event, timeline) or any(a.answer == "accepted" for a in guests(event, timeline.client)):
        return False
    soon = (e for e in timeline.entries if event.start < e.at <= event.end + _SOON and e.side is not Side.OTHER)
    return not any(_TOOK_PLACE.search(e.reading.new_text) for e in soon)


def declined_by(event: Event, account: Account) -> bool:
    """Whether the user declined a meeting, which then does not take their time."""
    return any(a.answer == "declined" for a in event.attendees if a.email in account.addresses)


def has_no_guests(event: Event, client: Client) -> bool:
    """Whether the event only names the client in its title: the user's intention, until somebody says more."""
    return not guests(event, client)


def meeting_of(said: datetime, quote: str, words: frozenset[str], timeline: Timeline) -> Event | None:
    """Return the meeting that something said belongs to: the first one after it, if there is one within two months.

    That is a meeting with somebody at the client whose title or notes name what it is about (`words`), or any meeting with them
    where the words themselves speak of one. A cancelled one counts: what belonged to it went with it.
    """
    speaks_of_one = _MEETING.search(quote) is not None
    ahead = (
        e
        for e in timeline.events
        if said < e.start <= said + _WITHIN and guests(e, timeline.client) and not is_kepts(e, timeline)
    )
    return next((e for e in ahead if speaks_of_one or topics.event_words(e) & words), None)


def is_kepts(event: Event, timeline: Timeline) -> bool:
    """Whether Kept booked it: its own invites are nobody's answer. One that somebody else organises never is, whatever its UID."""
    accounts = timeline.sharing.accounts if timeline.sharing else (timeline.account,)
    return any(is_booked_for(event, account) for account in accounts)


def is_booked_for(event: Event, account: Account) -> bool:
    """Whether Kept booked it in an account's calendar."""
    return event.uid.startswith("kept-") and event.organizer in {None, *account.addresses}


# what calendar messages by mail change


def followed(events: Iterable[Event], entries: Iterable[Entry], account: Account) -> tuple[Event, ...]:
    """Return the events as the calendar messages among the entries leave them, in order; entries come in order of time."""
    by_uid: dict[str, list[Event]] = {}
    for event in events:
        by_uid.setdefault(event.uid, []).append(event)
    proposed: dict[str, ItipChange] = {}
    answered: dict[tuple[str, str, str], tuple[int, datetime]] = {}
    for entry, method, change in _changes(entries):
        sender, known = entry.message.sender.email, by_uid.get(change.uid)
        if method in {"reply", "counter"}:
            if known is None and sender in account.addresses and change.uid in proposed:
                known = [_accepted(proposed[change.uid], entry)]
                by_uid[change.uid] = known
            _answer(known or [], change, sender, answered, counters=method == "counter")
        elif known is None and method == "request" and sender == change.organizer:
            proposed[change.uid] = change
        else:
            _follow_organizer(known or [], method, change, sender)
    return tuple(sorted(chain.from_iterable(by_uid.values()), key=lambda e: (e.start, e.uid, e.occurrence)))


def merged(events: Iterable[Event], mailed: Iterable[Event]) -> tuple[Event, ...]:
    """Return a calendar's events with those in their place that calendar messages by mail changed, and those that they added."""
    changed = {(event.uid, event.occurrence): event for event in mailed}
    merged_events = [changed.pop((event.uid, event.occurrence), event) for event in events]
    return (*merged_events, *changed.values())


def invites(entry: Entry, timeline: Timeline) -> bool:
    """Whether the client invites the user to a meeting that is not in the calendar, or proposes another time for one that is."""
    itip = entry.message.itip
    calendar = {event.uid for event in timeline.events if event.created is None or event.created <= entry.at}
    if itip is None or entry.side is not Side.CLIENT or not entry.message.authentic:
        return False
    if itip.method == "counter":
        return any(change.uid in calendar for change in itip.changes)
    return itip.method == "request" and any(
        change.uid not in calendar
        and change.organizer == entry.message.sender.email
        and any(email in timeline.account.addresses and answer == "needs-action" for email, answer in change.answers)
        for change in itip.changes
    )


def named_by_mail(entry: Entry, *methods: str) -> frozenset[str]:
    """Return the uids that a message's calendar message names, if it is of one of these methods."""
    itip = entry.message.itip
    return frozenset(c.uid for c in itip.changes) if itip is not None and itip.method in methods else frozenset()


def _changes(entries: Iterable[Entry]) -> Iterator[tuple[Entry, str, ItipChange]]:
    for entry in entries:
        if entry.message.itip is not None and entry.message.authentic:
            for change in entry.message.itip.changes:
                yield entry, entry.message.itip.method, change


def _answer(
    known: list[Event],
    change: ItipChange,
    sender: str,
    answered: dict[tuple[str, str, str], tuple[int, datetime]],
    *,
    counters: bool,
) -> None:
    """Take an attendee's answer; who proposes another time without one has not promised to come."""
    given = dict(change.answers).get(sender)
    if given is None:
        return
    answer = "tentative" if counters and given in {"needs-action", "accepted"} else given
    version = (change.sequence, change.stamp or datetime.min.replace(tzinfo=UTC))
    for place in _places(known, change):
        event = known[place]
        before = answered.get((event.uid, event.occurrence, sender))
        if change.sequence >= event.sequence and (before is None or version >= before):
            answered[event.uid, event.occurrence, sender] = version
            attendees = tuple(a._replace(answer=answer) if a.email == sender else a for a in event.attendees)
            known[place] = replace(event, attendees=attendees)


def _follow_organizer(known: list[Event], method: str, change: ItipChange, sender: str) -> None:
    """Take an update or a cancellation by the organizer of the event as it is known."""
    for place in _places(known, change):
        event = known[place]
        if sender != event.organizer or not _is_newer(change, event):
            continue
        if method == "cancel":
            known[place] = replace(event, status="cancelled", sequence=change.sequence, modified=change.stamp or event.modified)
        elif method == "request" and change.start is not None and change.end is not None:
            known[place] = _moved(event, change, change.start, change.end)


def _moved(event: Event, change: ItipChange, start: datetime, end: datetime) -> Event:
    """Return the event at its new time and place; a time that was accepted is not the new one (RFC 5546, 2.1.4)."""
    if change.all_day:  # dates are the calendar's, whose midnight the mail does not know
        midnight = event.start - _nearest_midnight(event.start) if event.all_day else timedelta()
        start, end = start + midnight, end + midnight
    attendees = event.attendees
    if (start, end) != (event.start, event.end):
        answers = dict(change.answers)
        attendees = tuple(a._replace(answer=answers.get(a.email, "needs-action")) for a in attendees)
    return replace(
        event,
        start=start,
        end=end,
        all_day=change.all_day,
        summary=event.summary if event.private else change.summary,
        location=event.location if event.private else change.location,
        attendees=attendees,
        status="confirmed" if event.status == "cancelled" else event.status,
        sequence=change.sequence,
        modified=change.stamp or event.modified,
    )


def _places(known: Sequence[Event], change: ItipChange) -> list[int]:
    """Return where among the known occurrences those are that a change means; one of the whole series means all of them."""
    if not change.occurrence:
        return list(range(len(known)))
    at = datetime.fromisoformat(change.occurrence)
    return [
        place
        for place, event in enumerate(known)
        if event.occurrence and _means(change, at, datetime.fromisoformat(event.occurrence), whole_day=event.all_day)
    ]


def _means(change: ItipChange, at: datetime, occurrence: datetime, *, whole_day: bool) -> bool:
    return abs(occurrence - at) <= (_HALF_DAY if whole_day else timedelta()) or (change.onwards and occurrence > at)


def _is_newer(change: ItipChange, event: Event) -> bool:
    """Whether a change is of a later version than the event: by its SEQUENCE, else by its DTSTAMP (RFC 5546, 2.1.5)."""
    if change.sequence != event.sequence:
        return change.sequence > event.sequence
    known = event.modified or event.created
    return known is None or change.stamp is None or change.stamp > known


def _accepted(change: ItipChange, entry: Entry) -> Event:
    """Return the meeting that the user answered by mail and that stands in no calendar that is read."""
    start = change.start or entry.at
    people = dict(change.answers)
    return Event(
        change.uid,
        start,
        change.end or start,
        change.summary,
        location=change.location,
        organizer=change.organizer,
        attendees=tuple(Attendee(email, answer=answer) for email, answer in people.items()),
        all_day=change.all_day,
        sequence=change.sequence,
        created=entry.at,
    )


def _nearest_midnight(moment: datetime) -> datetime:
    later = moment.astimezone(UTC) + _DAY / 2
    return later.replace(hour=0, minute=0, second=0, microsecond=0)

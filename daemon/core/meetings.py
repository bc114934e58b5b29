"""Meetings: who from the client is in an event, and whether it takes place."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from connectors.calendar import Attendee, Event
from daemon.core import topics
from daemon.core.people import is_theirs
from daemon.glossary.parties import Account, Client
from daemon.glossary.timelines import Timeline

_WITHIN = timedelta(days=60)  # of what was said, a meeting may be the one that it belongs to
_MEETING = re.compile(
    r"\b(?:meetings?|meet(?: you| up)?|call|visit|lunch|dinner|breakfast|appointment|demo|workshop|see you|site walk|"
    r"termin|treffen|besuch|besprechung|mittagessen|réunion|rendez-vous|visite|déjeuner|reunión|visita|cita|riunione|incontro|"
    r"vergadering|afspraak|bezoek|reunião|spotkani[ea]|wizyt[aęy]|møtet?|mødet?|mötet?|besøk|besök)\b",
    re.IGNORECASE,
)
_CALL_TITLE = re.compile(r"\b(?:call|phone|ring|telefonat|anruf|telco|catch[- ]?up|teams|zoom)\b", re.IGNORECASE)


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
    ahead = (e for e in timeline.events if said < e.start <= said + _WITHIN and guests(e, timeline.client) and not is_kepts(e))
    return next((e for e in ahead if speaks_of_one or topics.event_words(e) & words), None)


def is_kepts(event: Event) -> bool:
    """Whether Kept booked it: its own invites are nobody's answer."""
    return event.uid.startswith("kept-")

"""Meetings: who from the client is in an event, and whether it takes place."""

from __future__ import annotations

import re

from connectors.calendar import Attendee, Event
from daemon.core.people import is_theirs
from daemon.glossary.parties import Account, Client
from daemon.glossary.timelines import Timeline

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


def is_kepts(event: Event) -> bool:
    """Whether Kept booked it: its own invites are nobody's answer."""
    return event.uid.startswith("kept-")

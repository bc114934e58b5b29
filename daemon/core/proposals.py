"""The times that a client proposes in an open request: those of their last mail in the conversation that speaks of one.

A later mail replaces what an earlier one proposed; one that only takes a time back leaves none. An hour without a day belongs to the
day that the two spoke of before, or to the meeting that is to be moved.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.mail import Address
from daemon.core import hours, meetings, messages
from daemon.core.tracking.requests import ClientRequest
from daemon.glossary.timelines import Entry, Side, Timeline
from daemon.reading import ProposedTime, ReaderInput, TimeContext, proposed_times

if TYPE_CHECKING:
    from daemon.reading.proposals import Proposals

_SPOKEN_WITHIN = timedelta(days=14)  # in which an earlier mail names the day of an hour
_MAILS = 4  # earlier mails of a conversation that are looked at
_MEETING_WITHIN = timedelta(days=30)  # a meeting ahead that an hour without a day may be about


def last_proposed(request: ClientRequest, timeline: Timeline) -> tuple[ProposedTime, ...]:
    """Return the times that the client proposes and that nobody on our side has answered; none where the request is settled."""
    if request.closed is not None or request.is_phone_notice:
        return ()
    conversations = {entry.conversation for entry, _ in request.asks}
    since = [e for e in timeline.entries if e.conversation in conversations and e.at >= request.first.at]
    for entry in reversed([e for e in since if messages.from_client(e)]):
        said = _said(entry, timeline, _day_spoken_of(entry, timeline))
        if said.times or said.refuses:
            return said.times
    return ()


def accepted(entry: Entry, timeline: Timeline) -> datetime | None:
    """Return the one time that our last mail in a conversation proposed and a client's mail accepts; None where it is not plain."""
    if not messages.consents(entry):
        return None
    ours = (e for e in reversed(timeline.entries) if e.conversation == entry.conversation and e.at < entry.at)
    last = next((e for e in ours if messages.from_our_side(e)), None)
    times = _said(last, timeline).times if last is not None else ()
    return times[0].start if len(times) == 1 and times[0].end is None else None


def _said(entry: Entry, timeline: Timeline, talked_of: date | None = None) -> Proposals:
    """Return what times one message proposes, by the clock of whoever wrote it."""
    account, client, message = timeline.account, timeline.client, entry.message
    by_client = entry.side is Side.CLIENT
    context = hours.frame(client.hours if by_client and client.hours else account.hours)
    written = entry.at if message.misdated else message.date
    home = written.astimezone(ZoneInfo(context.time_zone))
    if by_client and client.hours is None and written.utcoffset() and written.utcoffset() != home.utcoffset():
        context = replace(context, time_zone="")  # they write from elsewhere
    theirs = client.hours.zone if client.hours else account.hours.zone
    reader = account.hours.zone if by_client else theirs
    return _read(entry.reading.new_text, message.sender, written.isoformat(), context, reader, talked_of)


@lru_cache(maxsize=512)  # what stands open is asked for at every turn, and at every day of a replay
def _read(text: str, sender: Address, written: str, context: TimeContext, reader_zone: str, talked_of: date | None) -> Proposals:
    """Return what times a text proposes; `written` with its offset as text, as equal moments are not the same time of day everywhere."""
    message = ReaderInput(
        direction="received",
        sender=sender.email,
        to=(),
        cc=(),
        date=datetime.fromisoformat(written),
        subject="",
        text=text,
        time_context=context,
        sender_name=sender.name,
    )
    return proposed_times(message, reader_zone, talked_of)


def _day_spoken_of(entry: Entry, timeline: Timeline) -> date | None:
    """Return the day that the two spoke of last before a message, in the account's zone, if it is still to come."""
    zone = ZoneInfo(timeline.account.hours.zone)
    today = entry.at.astimezone(zone).date()
    earlier = [
        e
        for e in timeline.entries
        if e.conversation == entry.conversation and entry.at - _SPOKEN_WITHIN <= e.at < entry.at and messages.by_person(e)
    ]
    named = (p.start.astimezone(zone).date() for e in reversed(earlier[-_MAILS:]) for p in reversed(_said(e, timeline).times))
    return next((day for day in named if day >= today), None) or _day_of_meeting(entry, timeline, zone)


def _day_of_meeting(entry: Entry, timeline: Timeline, zone: ZoneInfo) -> date | None:
    """Return the day of the only meeting ahead with whoever wrote a message; None where there is none, or more than one."""
    days = {
        e.start.astimezone(zone).date()
        for e in timeline.events
        if entry.at < e.start <= entry.at + _MEETING_WITHIN
        and any(guest.email == entry.message.sender.email for guest in meetings.guests(e, timeline.client))
        and meetings.takes_place(e, timeline)
    }
    return days.pop() if len(days) == 1 else None

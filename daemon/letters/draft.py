"""The draft: the skeleton of an answer in the right thread. It quotes what was asked and leaves the answer to the user.

What the user must fill in or decide stands in square brackets. No answer is invented; the time offered for one is theirs to keep.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.calendar import Busy
from daemon.core import hours
from daemon.glossary.obligations import Obligation
from daemon.glossary.parties import Account, Client
from daemon.letters import phrases

OFFERED = 3
FEWEST_WORDS = 5  # a shorter further ask ("Any news?") is a chaser: there is nothing in it to answer by itself
_REPLY_PREFIX = re.compile(r"^\s*((re|aw|antw|sv|vs|fwd?|wg)\s*(\[\d+\])?:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DraftReply:
    """The draft of a reply: where it belongs and what it says so far."""

    to: str
    subject: str
    text: str
    in_reply_to: str | None


def draft(
    account: Account, client: Client, obligation: Obligation, slots: Sequence[Busy], now: datetime, pointers: Sequence[str] = ()
) -> DraftReply:
    """An answer to all that is asked in the obligation's conversation: the answer, a time for a call, or a time for the answer.

    `pointers` are entries of the user's own library that may answer.
    """
    o = obligation
    first, *further = o.asks or ((o.quote,) if o.quote else ("",))
    asks = [first, *(ask for ask in further if len(ask.split()) >= FEWEST_WORDS)]
    late = o.due is not None and o.due < now
    parts = [
        f"Hello {_first_name(o.contact)},",
        *["I am sorry to have kept you waiting."] * late,
        *(f"> {phrases.cut(ask, 300)}\n[your answer]" for ask in asks if ask),
        *(f"{pointer} [keep or delete]" for pointer in pointers),
        f"[If it needs longer:] You will have it by {_answer_by(account, client, now)}. [keep, change or delete]",
        *[
            f"Should a call be quicker, I am free {times}. [keep or delete]"
            for times in [_times(account, client, slots)]
            if times
        ],
        f"Kind regards\n{phrases.cut(account.name, 80)}",
    ]
    subject = phrases.cut(_REPLY_PREFIX.sub("", o.subject), 150)
    return DraftReply(o.contact or "", f"Re: {subject}".strip(), "\n\n".join(parts) + "\n", o.reply_to)


def _first_name(address: str | None) -> str:
    name = phrases.person(address)
    return "[name]" if "@" in name or not name else name.split()[0]


def _answer_by(account: Account, client: Client, now: datetime) -> str:
    """The end of the next working day, as the client's clock shows it."""
    end = hours.day_end(account.hours, hours.nth_working_day(account.hours, hours.local_date(account.hours, now), 1))
    zone = ZoneInfo(client.hours.zone if client.hours else account.hours.zone)
    return f"{phrases.date_of(end, zone)} {phrases.time_of_day(end, zone)}" + (
        " your time" if zone.key != account.hours.zone else ""
    )


def _times(account: Account, client: Client, slots: Sequence[Busy]) -> str:
    """Times in the client's zone where it is known to be another; dates, since nobody knows when the draft will be sent."""
    zone = client.hours.zone if client.hours else account.hours.zone
    starts = [slot.start for slot in slots[:OFFERED]]
    found = phrases.listed(
        [f"{phrases.date_of(at, ZoneInfo(zone))} {phrases.time_of_day(at, ZoneInfo(zone))}" for at in starts], "or"
    )
    return f"{found} your time" if found and zone != account.hours.zone else found

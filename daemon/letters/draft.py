"""The draft: the skeleton of an answer in the right thread. It quotes what was asked and leaves the answer to the user.

Whatever the user must fill in stands in square brackets. Nothing is promised, and no answer is invented.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.calendar import Busy
from daemon.core.model import Account, Client, Obligation
from daemon.letters import words

OFFERED = 3
FEWEST_WORDS = 5  # a shorter further ask ("Any news?") is a chaser: there is nothing in it to answer by itself
_PREFIX = re.compile(r"^\s*((re|aw|antw|sv|vs|fwd?|wg)\s*(\[\d+\])?:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Answer:
    """The draft of a reply: where it belongs and what it says so far."""

    to: str
    subject: str
    text: str
    in_reply_to: str | None


def draft(account: Account, client: Client, obligation: Obligation, slots: Sequence[Busy], now: datetime) -> Answer:
    """An answer to all that is asked in the obligation's conversation, with times the user is free for a call."""
    o = obligation
    first, *further = o.asks or ((o.quote,) if o.quote else ("",))
    asks = [first, *(ask for ask in further if len(ask.split()) >= FEWEST_WORDS)]
    late = o.due is not None and o.due < now
    parts = [
        f"Hello {_first_name(o.contact)},",
        *["I am sorry to have kept you waiting."] * late,
        *(f"> {words.cut(ask, 300)}\n[your answer]" for ask in asks if ask),
        "[If it needs longer: say by when they will have it.]",
        *[
            f"Should a call be quicker, I am free {times}. [keep or delete]"
            for times in [_times(account, client, slots)]
            if times
        ],
        f"Kind regards\n{words.cut(account.name, 80)}",
    ]
    subject = words.cut(_PREFIX.sub("", o.subject), 150)
    return Answer(o.contact or "", f"Re: {subject}".strip(), "\n\n".join(parts) + "\n", o.reply_to)


def _first_name(address: str | None) -> str:
    name = words.person(address)
    return "[name]" if "@" in name or not name else name.split()[0]


def _times(account: Account, client: Client, slots: Sequence[Busy]) -> str:
    """Times in the client's zone where it is known to be another; dates, since nobody knows when the draft will be sent."""
    zone = client.hours.zone if client.hours else account.hours.zone
    starts = [slot.start for slot in slots[:OFFERED]]
    found = words.listed([f"{words.date_of(at, ZoneInfo(zone))} {words.clock(at, ZoneInfo(zone))}" for at in starts], "or")
    return f"{found} your time" if found and zone != account.hours.zone else found
